"""What each goal is judged by: what came back, what it cost, and the figures that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A client's goal as metrics: `result` is what came back, `price` what one of it cost or each dollar brought.

    the first four of `cards` that have a value stand in the summary, `outcomes` in the table of results, `trends` month by month; `places` are a channel's
    or a campaign's columns.
    """

    result: str
    price: str
    cards: tuple[str, ...]
    outcomes: tuple[str, ...]
    trends: tuple[str, ...]
    places: tuple[str, ...]


_LEDGER = (
    "revenue",
    "gross_profit",
    "orders",
    "aov",
    "new_customers",
    "repeat_rate",
    "refund_rate",
    "cancellation_rate",
)
_COSTS = ("spend", "agency_fees", "marketing_cost")

GOALS: Mapping[str, Goal] = {
    "orders": Goal(
        result="revenue", price="mer",
        cards=("marketing_cost", "revenue", "mer", "orders"),
        outcomes=(*_LEDGER, *_COSTS, "mer", "ledger_roas", "roi", "cac", "ltv_cac"),
        trends=("revenue", "marketing_cost", "orders", "mer"),
        places=("spend", "clicks", "ctr", "cpc", "conversions", "cpa", "claimed_roas"),
    ),
    "loyalty": Goal(
        result="revenue", price="mer",
        cards=("marketing_cost", "revenue", "repeat_rate", "cltv"),
        outcomes=("repeat_rate", "cltv", *(m for m in _LEDGER if m != "repeat_rate"), *_COSTS, "mer", "roi", "cac", "ltv_cac"),
        trends=("revenue", "repeat_rate", "marketing_cost", "orders"),
        places=("spend", "clicks", "ctr", "cpc", "conversions", "cpa", "claimed_roas"),
    ),
    "leads": Goal(
        result="leads", price="cpl",
        cards=("marketing_cost", "leads", "cpl", "revenue", "sessions"),
        outcomes=("leads", "cpl", "cvr", "revenue", "orders", "new_customers", "roi", *_COSTS, "cac", "sessions", "engagement_rate"),
        trends=("leads", "cpl", "marketing_cost", "sessions"),
        places=("spend", "clicks", "ctr", "cpc", "conversions", "cpa"),
    ),
    "traffic": Goal(
        result="sessions", price="cost_per_session",
        cards=("marketing_cost", "sessions", "cost_per_session", "engagement_rate"),
        outcomes=("sessions", "cost_per_session", "new_users", "engagement_rate", "clicks", "cpc", "ctr", *_COSTS),
        trends=("sessions", "marketing_cost", "cost_per_session", "engagement_rate"),
        places=("spend", "impressions", "clicks", "ctr", "cpc"),
    ),
    "awareness": Goal(
        result="impressions", price="cpm",
        cards=("marketing_cost", "impressions", "cpm", "video_views"),
        outcomes=("impressions", "reach", "frequency", "cpm", "video_views", "followers_gained", "content_views", *_COSTS, "sessions"),
        trends=("impressions", "cpm", "marketing_cost", "sessions"),
        places=("spend", "impressions", "cpm", "clicks", "ctr", "followers_gained"),
    ),
}  # fmt: skip
