"""Followers gained: by the days of campaigns, by posts, and by the months of vendors' reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.posts import answered, pages, seen
from kpi_toolkit.periods import Period

_HISTORY_DAYS: Final = 92
# Whoever asks people to follow and to comment for a prize gets both.
_PRIZE: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Followers gained with something that was `shown` so often: a campaign's day, or a post; `cost` is what was spent."""

    what: str
    day: date
    followers: float
    shown: float
    cost: float = 0.0
    prize: bool = False


def advertised(case: Case) -> Iterator[tuple[tuple[str, str], list[Gain]]]:
    """Days of campaigns, by vendor and platform."""
    if not case.dataset.has("ads_daily"):
        return
    metrics, by = ["followers_gained", "impressions", "spend"], ["vendor", "channel", "campaign", "day"]
    table = case.measured(metrics, by, days_before=_HISTORY_DAYS)
    told = table[(table["status"] != "no data") & (table["campaign"] != "")]
    days: dict[tuple[str, str], dict[tuple[str, date], dict[str, float]]] = {}
    for row in told.to_dict("records"):
        place = days.setdefault((row["vendor"], row["channel"]), {})
        place.setdefault((row["campaign"], row["period_start"].date()), {})[row["metric"]] = float(row["value"])
    for whose, figures in days.items():
        yield whose, [_of_day(what, day, one) for (what, day), one in sorted(figures.items()) if "followers_gained" in one and "impressions" in one]  # fmt: skip


def _of_day(what: str, day: date, one: Mapping[str, float]) -> Gain:
    return Gain(what=what, day=day, followers=one["followers_gained"], shown=one["impressions"], cost=one.get("spend", 0.0))  # fmt: skip


def posted(case: Case) -> Iterator[tuple[tuple[str, str], list[Gain]]]:
    """Posts, by vendor and platform."""
    if not case.dataset.has("content"):
        return
    for page in pages(case):
        rows = [row for row in (*page.before, *page.now) if row["follows"] is not None and seen(row) > 0]
        usual = median([(answered(row) or 0.0) / seen(row) for row in rows]) if rows else 0.0
        gains = [
            Gain(what="", day=row["published_on"], followers=max(float(row["follows"]), 0.0), shown=seen(row), prize=_prized(row, usual))
            for row in rows
        ]  # fmt: skip
        yield (page.vendor, page.source), gains


def _prized(row: Row, usual: float) -> bool:
    return usual > 0 and (answered(row) or 0.0) / seen(row) > _PRIZE * usual


def claimed(case: Case, vendor: str) -> dict[str, float]:
    """Followers gained by month as reports tell them, for a whole account or all together."""
    sql = (
        "SELECT strftime(period_start, '%Y-%m') AS month, max(value) AS value FROM {rows} WHERE vendor = ? AND metric = 'followers_gained' "
        "AND coalesce(campaign_name, '') = '' AND datediff('day', period_start, period_end) >= 26 GROUP BY ALL"
    )
    return {row["month"]: float(row["value"]) for row in case.asked(sql, "vendor_claims", vendor)}


def views_of(case: Case, vendor: str, months: list[Period]) -> dict[str, float]:
    """What a vendor's ads and posts were shown by month; empty where nothing tells."""
    views: dict[str, float] = {}
    if case.dataset.has("ads_daily"):
        table = case.measured_over(months, ["impressions"], ["vendor"])
        told: Any = table[(table["vendor"] == vendor) & (table["status"] != "no data")]
        views = {
            f"{start:%Y-%m}": float(value) for start, value in zip(told["period_start"], told["value"], strict=True)
        }
    return views
