"""What a set of client-months may be like: every range that the generator draws from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Lowest and highest.
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """The ranges of one set. Shares and rates are 0 to 1, money is TWD, spreads are standard deviations of logarithms.

    Sets share no range and no seed: `salt` keeps their random numbers apart.
    """

    name: str
    salt: int
    months: tuple[date, date]  # first days of the first and the last month that may be examined
    history: tuple[tuple[int, float], ...]  # months of data, the examined one included, and how likely
    media: Range  # media a month, of all vendors (log-uniform)
    vendors: tuple[float, float, float]  # how likely 1, 2, 3 are
    platforms: tuple[float, float, float, float]  # … 1 to 4
    campaigns: Range
    leads: float  # share of clients that buy leads
    aov: Range
    lead_cost: Range
    roas: Range  # orders that ads really brought, in money ÷ spend
    organic: Range  # orders that came by themselves, as a share of all
    dispersion: Range  # variance ÷ mean of daily counts
    weekly: Range  # what weeks share
    growth: Range  # month to month
    mix: Range  # how far budgets move among campaigns from month to month
    drift: Range  # how far rates do that nobody touched: visits, views, who can be reached
    budget_step: Range  # a change of budget in the middle of history, as a factor
    price_step: Range
    landing_step: Range  # a change of the landing page moves the conversion rate by this factor
    steps: float  # how likely each of these is
    singles: Range  # how high 雙11 is, as a factor of demand
    new_year: Range
    moon: Range
    promotion: Range
    tracking_loss: Range
    overlap: Range  # orders of others that a platform credits to itself, as a share of its own
    views: Range  # of a platform's conversions, those after a view alone (the median; some campaigns have more)
    lag_days: Range
    reach_rate: Range  # sessions ÷ clicks
    engagement: Range
    bots: Range  # of clicks
    cancelled: Range
    refunded: Range
    pending: Range  # cash on delivery, not yet picked up: share of the last days' orders
    repeat: Range  # of orders, those by customers who were there before
    new_customer_slip: Range  # existing customers that a list honestly takes for new
    list_overlap: Range  # orders that two honest lists share
    spend_settled: Range  # how far a report's spend may be from the settled one
    conversions_settled: Range
    duplicates: Range  # of leads
    impossible: Range
    unreachable: Range
    shared_device: Range
    restated: Range
    time_zone: float  # how likely an account is in UTC or the US Pacific
    complete: float  # how likely each further table is there
    reserved: float  # … a campaign is bought at a fixed price for a thousand impressions
    instant_forms: float  # … a lead campaign's form is on the platform, so that clicks never reach the site
    engagement_posts: Range
