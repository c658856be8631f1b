"""What an anomaly may come from, ranked by what the series beside it did on the same days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from kpi_toolkit.analysis.anomalies import Anomaly
from kpi_toolkit.analysis.seasonality import Floats, by_day, usual

if TYPE_CHECKING:
    import pandas as pd

Measure = Literal["spend", "impressions", "clicks", "sessions", "leads", "conversions", "orders", "revenue"]
AnomalyCause = Literal["season", "tracking", "budget", "price", "promotion", "site_down", "offer", "junk_traffic"]

# How far around an anomaly its companions are looked at, and how much of a level that lasts.
_AROUND: Final = 56
_LASTING: Final = 14
_LEAST_BEFORE: Final = 14
# What a series says that is not there: neither yes nor no.
_UNKNOWN: Final = 0.4
_LEAST_WEIGHT: Final = 0.3
_NOTHING, _HUGE = np.log(0.05), np.log(20.0)
# Days that shops make peaks of; the others may also be quiet.
_PEAKS: Final = frozenset({"double_eleven", "double_twelve", "black_friday", "double_nine", "mid_year", "five_twenty", "christmas"})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Likely:
    """A cause, and how well it fits (0 to 1): 1 is what all series beside say."""

    cause: AnomalyCause
    weight: float


@dataclass(frozen=True, kw_only=True)
class _Pattern:
    """On which measures a cause is seen, which way, which others move along, and which stay."""

    on: frozenset[Measure]
    ways: frozenset[int]
    along: frozenset[Measure] = field(default_factory=frozenset)
    still: frozenset[Measure] = field(default_factory=frozenset)


def _pattern(on: Sequence[Measure], ways: Sequence[int], along: Sequence[Measure] = (), still: Sequence[Measure] = ()) -> _Pattern:  # fmt: skip
    return _Pattern(on=frozenset(on), ways=frozenset(ways), along=frozenset(along), still=frozenset(still))


_UP, _DOWN = 1, -1
_PATTERNS: Final[Mapping[AnomalyCause, _Pattern]] = {
    "tracking": _pattern(("sessions", "leads", "conversions"), (_UP, _DOWN), (), ("spend", "clicks", "orders", "revenue")),
    "budget": _pattern(("spend", "impressions", "clicks", "sessions", "leads", "conversions"), (_UP, _DOWN), ("spend", "impressions", "clicks")),
    "price": _pattern(("spend",), (_UP, _DOWN), (), ("impressions", "clicks", "sessions")),
    "promotion": _pattern(("sessions", "leads", "conversions", "orders", "revenue"), (_UP,), ("orders", "revenue"), ("spend",)),
    "site_down": _pattern(("sessions", "leads", "conversions", "orders", "revenue"), (_DOWN,), ("sessions", "orders", "revenue"), ("spend", "clicks")),
    "offer": _pattern(("conversions", "orders", "revenue"), (_DOWN,), ("orders", "revenue"), ("spend", "clicks", "sessions")),
    "junk_traffic": _pattern(("impressions", "clicks", "sessions", "leads"), (_UP,), ("clicks",), ("orders", "revenue", "conversions")),
}  # fmt: skip


def ranked_causes(anomaly: Anomaly, of: Measure, companions: Mapping[Measure, pd.Series[float]]) -> list[Likely]:
    """The causes that fit an anomaly of the series `of`, the likeliest first; none where the data can't tell.

    `companions` are daily series of other measures of the same client or vendor, indexed by day as in anomalies(). A cause is
    weighed by what each series that it would move, or leave alone, did on these days beside what was usual for it before;
    with no such series it is not weighed. The season is weighed by the calendar.
    """
    moved = _log(anomaly.times)
    others = {name: change for name, series in companions.items() if name != of and (change := _change(series, anomaly)) is not None}  # fmt: skip
    found = [Likely(cause=cause, weight=weight) for cause, one in _PATTERNS.items() if (weight := _weight(one, of, moved, others)) >= _LEAST_WEIGHT]  # fmt: skip
    if anomaly.season:
        fits = moved > 0 or anomaly.season not in _PEAKS
        found.append(Likely(cause="season", weight=0.9 if fits and anomaly.season != "holiday" else 0.5))
    return sorted(found, key=lambda one: (-one.weight, one.cause))


def _weight(pattern: _Pattern, of: Measure, moved: float, others: Mapping[Measure, float]) -> float:
    """The geometric mean of how well each series fits; 0 where the pattern is none of this, or no series tells of it."""
    told = (pattern.along | pattern.still) & set(others)
    if of not in pattern.on or int(np.sign(moved)) not in pattern.ways or not told:
        return 0.0
    fits = [_fit(others.get(name), moved, name in pattern.along) for name in sorted((pattern.along | pattern.still) - {of})]  # fmt: skip
    return float(np.exp(np.mean(np.log(fits))))


def _fit(change: float | None, moved: float, along: bool) -> float:
    if change is None:
        return _UNKNOWN
    share = change / moved
    return 0.05 + 0.95 * float(np.clip(share, 0, 1) if along else 1 - np.clip(abs(share), 0, 1))


def _change(series: pd.Series[float], anomaly: Anomaly) -> float | None:
    """The logarithm of what the series had in the anomaly's days beside what was usual for it; None where that's unknown."""
    lasts = anomaly.kind in ("level up", "level down")
    last = min(anomaly.end, anomaly.start + timedelta(days=_LASTING - 1)) if lasts else anomaly.end
    days, values = by_day(series)
    near = [n for n, day in enumerate(days) if anomaly.start - timedelta(days=_AROUND) <= day <= last]
    return _held_against_before(values[near], [days[n] for n in near], anomaly.start)


def _held_against_before(values: Floats, days: Sequence[date], start: date) -> float | None:  # fmt: skip
    within = np.array([day >= start for day in days], bool)
    told = within & np.isfinite(values)
    if np.isfinite(values[~within]).sum() < _LEAST_BEFORE or not told.any():
        return None
    before = np.where(within, np.nan, values)
    expected = usual(before, np.array([day.weekday() for day in days]), np.ones(len(days))).expected
    due = float(expected[told].sum())
    return _log(float(values[told].sum()) / due) if due > 0 else None


def _log(times: float) -> float:
    return float(np.clip(np.log(times), _NOTHING, _HUGE)) if times > 0 else float(_NOTHING)
