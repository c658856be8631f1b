"""What platforms claim day by day, as measure() settled it, laid out so that the same campaigns can be compared over time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kpi_toolkit.analysis.share import Part

if TYPE_CHECKING:
    import pandas as pd

Key = TypeVar("Key")

# What to ask measure() for; by all that conversions must be kept apart by.
METRICS: Final = ("conversions", "clicks", "spend")
BY: Final = ("vendor", "source", "campaign", "conversion_type", "attribution", "definition", "currency", "day")
BY_MONTH: Final = (*BY[:-1], "month")
MONTHS: Final = 4
# Days before the period that tell what is usual: seventeen weeks, so that a season is not taken for a habit.
HISTORY: Final = 119


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a campaign claims from `day` on for `days` days: `counts` is the kind of conversion, `attribution` the setting's words;
    figures that the platform doesn't give are 0."""

    vendor: str
    source: str
    campaign: str
    counts: str
    attribution: str
    definition: str
    day: date
    conversions: float
    clicks: float
    spend: float
    days: int = 1

    @property
    def last(self) -> date:
        """The last day that it speaks of."""
        return self.day + timedelta(days=self.days - 1)


def claims_of(measured: pd.DataFrame, currency: str) -> list[Claim]:
    """The claims of measure()'s METRICS by BY (or by month instead of day), of campaigns that are paid in `currency`, in order."""
    told = measured[(measured["status"] != "no data") & (measured["currency"] == currency)]
    if told.empty:
        return []
    keys = [
        "vendor",
        "source",
        "campaign",
        "conversion_type",
        "attribution",
        "definition",
        "period_start",
        "period_end",
    ]
    wide = told.pivot_table(index=keys, columns="metric", values="value", aggfunc="sum").reset_index().fillna(0.0)
    return sorted((_claim(row) for row in wide.to_dict("records")), key=lambda one: one.day)


def _claim(row: Mapping[Hashable, Any]) -> Claim:
    figures = {name: float(row.get(name, 0.0)) for name in METRICS}
    names = {name: str(row[name]) for name in ("vendor", "source", "campaign", "attribution", "definition")}
    day, days = row["period_start"].date(), (row["period_end"] - row["period_start"]).days + 1
    return Claim(**names, counts=str(row["conversion_type"]), day=day, days=days, **figures)  # type: ignore[arg-type]


def with_months(by_day: Sequence[Claim], by_month: Sequence[Claim]) -> list[Claim]:
    """The claims by day, and by month those of platforms whose files have no days."""
    told = {(one.vendor, one.source) for one in by_day}
    return [*by_day, *(one for one in by_month if (one.vendor, one.source) not in told)]


def days_told(claims: Iterable[Claim]) -> int:
    """How many days the claims speak of."""
    return sum({one.day: one.days for one in claims}.values())


def groups(claims: Iterable[Claim], key: Callable[[Claim], Key]) -> dict[Key, list[Claim]]:
    """The claims by `key`, in the order of their keys."""
    found: dict[Key, list[Claim]] = {}
    for one in claims:
        found.setdefault(key(one), []).append(one)
    return dict(sorted(found.items(), key=lambda pair: str(pair[0])))


def weeks_before(claims: Iterable[Claim], start: date) -> list[list[Claim]]:
    """The claims of each whole week before `start`, the latest week first; weeks without any are left out."""
    found: dict[int, list[Claim]] = {}
    for one in claims:
        if one.day < start:
            found.setdefault((start - one.day - timedelta(days=1)).days // 7, []).append(one)
    return [found[number] for number in sorted(found)]


def total(claims: Iterable[Claim], figure: str) -> float:
    """One figure (conversions, clicks or spend) of the claims, added up."""
    return float(sum(getattr(one, figure) for one in claims))


def part_of(claims: Sequence[Claim], chosen: Callable[[Claim], bool], figure: str = "conversions") -> Part:
    """How much of a figure the chosen claims have of all."""
    return Part(part=total((one for one in claims if chosen(one)), figure), whole=total(claims, figure))


def known_campaigns(claims: Iterable[Claim], start: date, *, days: int = 21) -> set[str]:
    """Campaigns that had run for `days` days, with conversions, before `start`."""
    begun: dict[str, date] = {}
    for one in claims:
        if one.conversions > 0 and one.day <= start - timedelta(days=days):
            begun.setdefault(one.campaign, one.day)
    return set(begun)
