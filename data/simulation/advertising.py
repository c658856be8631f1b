"""What an advertising platform delivers: a unit that is bought, and its days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from .seasons import FIRST, LAST, auction, span
from .streams import around


@dataclass(frozen=True, kw_only=True)
class AdUnit:
    """The smallest thing an export has rows of: a campaign (Google, LINE) or an ad (Meta, TikTok)."""

    platform: str
    campaign: str
    id: str
    campaign_id: str = ""
    type: str = ""  # platform's own word: "Search", "Performance Max", "GAIN_FRIENDS" …
    ad_group: str = ""
    ad: str = ""
    indicator: str = ""  # what the platform counts as a result
    budget: float  # TWD a plain day
    cpc: float
    ctr: float
    season: float = 0.5  # how far spending follows demand: 0 not at all, 1 in step
    first: date = FIRST
    last: date = LAST
    cvr: float = 0.0  # what a click really brings: orders, leads, conversations
    echo: float = 0.0  # share of other channels' orders that the platform claims as well
    newcomers: float = 0.5  # share of buyers who never bought before
    share: float = 0.5  # search impression share


@dataclass
class AdDay:
    """One unit's one day, as the platform reports it."""

    day: date
    unit: AdUnit
    impressions: int
    clicks: int
    spend: float
    conversions: float = 0.0
    value: float = 0.0
    carts: int = 0
    checkouts: int = 0
    reach: int = field(default=0)


def deliver(
    units: Iterable[AdUnit], demand: Callable[[date], float], rng: np.random.Generator, *, cents: bool = True
) -> list[AdDay]:
    """Every day on which a unit ran, unit by unit.

    ``demand`` 0 pauses everything but brand search, which people type in anyway. ``cents`` False rounds spend to whole TWD.
    """
    days = []
    for unit in units:
        for day in span(unit.first, unit.last):
            level = demand(day)
            if level or "品牌" in unit.campaign:
                days.append(_one_day(unit, day, max(level, 0.08), rng, cents))
    return days


def _one_day(unit: AdUnit, day: date, level: float, rng: np.random.Generator, cents: bool) -> AdDay:
    price = around(rng, unit.cpc * auction(day), 0.07)
    expected = around(rng, unit.budget, 0.08) * level**unit.season / price
    clicks = int(rng.poisson(expected))
    impressions = clicks + int(rng.poisson(expected / around(rng, unit.ctr, 0.06)))
    spend = round(clicks * price, 2 if cents else 0)
    reach = int(impressions / (1.18 + 0.25 * float(rng.random())))
    return AdDay(day=day, unit=unit, impressions=impressions, clicks=clicks, spend=spend, reach=reach)


def between(days: Iterable[AdDay], first: date, last: date) -> list[AdDay]:
    """The days an export of this range holds, in the order given."""
    return [row for row in days if first <= row.day <= last]


def spend_by_month(days: Iterable[AdDay]) -> dict[tuple[int, int], float]:
    """What the platform charged, by (year, month), in TWD before tax."""
    totals: dict[tuple[int, int], float] = {}
    for row in days:
        key = (row.day.year, row.day.month)
        totals[key] = round(totals.get(key, 0.0) + row.spend, 2)
    return totals
