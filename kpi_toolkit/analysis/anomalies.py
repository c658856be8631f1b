"""Level shifts, spikes, drops and outages in a daily series, its rhythm removed.

A day is held against the level of the weeks around it times its weekday's share of it; a run of days is strange when its
sum is improbable even if honest causes moved it by a tenth (a minimum-effect test on a gamma distribution that has the
series' own spread, echo and tails), all looks at all days of a month taken together. Of simulated months in order (small and large shops, growing, wandering,
over-dispersed, with gaps and seasons), one in two hundred tells of something outside a season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from kpi_toolkit.analysis.levels import Shift, shifts
from kpi_toolkit.analysis.runs import LENGTHS, Run, strange_runs
from kpi_toolkit.analysis.seasonality import Floats, Usual, by_day, usual
from kpi_toolkit.analysis.seasons import Season, seasons_of

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["spike", "drop", "outage", "level up", "level down"]
Status = Literal["ok", "too few"]

# Four weeks show each weekday four times.
LEAST_DAYS: Final = 28
# So many things in a week, or money that varies as they would: less, and nothing can be seen in days.
LEAST_A_WEEK: Final = 15
# The chance that a month of a series in order tells of anything.
FALSE_ALARMS: Final = 0.01
_NEARLY_NOTHING: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """What a series did from `start` to `end` (both included; a level shift lasts until the next, or the series' end).

    `expected` and `observed` are sums over those days that are known; `p` is the chance that a month in order shows the like,
    `season` the season that it lies in ('' for none).
    """

    kind: Kind
    start: date
    end: date
    expected: float
    observed: float
    p: float
    season: Season = ""

    @property
    def times(self) -> float:
        """Observed as a multiple of expected."""
        return self.observed / self.expected if self.expected else np.inf


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The anomalies of a series by day, or that there is too little to say; then `lacking` days would be enough (None: a day
    has too little in it, and more days won't help)."""

    status: Status
    found: Sequence[Anomaly] = ()
    lacking: int | None = 0


def anomalies(series: pd.Series[float], *, since: date | None = None, level: float = FALSE_ALARMS) -> Watched:
    """The anomalies of a daily series, those that end before `since` left out.

    `series` has days (or times) as its index, in any order, and amounts of any unit; amounts of one day are added. A day
    that is missing, NaN or infinite is not known, which is not 0. `level` is the chance that a month in order tells of
    anything. Those that lie in a season say so, and are the reader's to judge. The series is left as it is.
    """
    days, values = by_day(series)
    known = int(np.isfinite(values).sum())
    if known < LEAST_DAYS:
        return Watched(status="too few", lacking=LEAST_DAYS - known)
    weekdays = np.array([day.weekday() for day in days])
    plain = usual(values, weekdays, np.ones(len(values)))
    if not _enough(plain):
        return Watched(status="too few", lacking=None)
    calm = _calm(values, plain, level)
    moved = shifts(calm, usual(calm, weekdays, np.ones(len(values))), level)
    steps = np.ones(len(values))
    for one in moved:
        steps[one.at :] *= one.times
    settled = usual(values, weekdays, steps)
    ends = [*(one.at for one in moved[1:]), len(values)]
    found = [_of_run(run, days) for run in strange_runs(values, settled, level)]
    found += [_of_shift(one, end, values, settled, days) for one, end in zip(moved, ends, strict=False)]
    told = [replace(one, season=_season(one)) for one in found if since is None or one.end >= since]
    return Watched(status="ok", found=tuple(sorted(told, key=lambda one: (one.start, one.end))))


def _enough(series: Usual) -> bool:
    """Whether a week of the series is as sure as `LEAST_A_WEEK` things are that happen by themselves."""
    if not np.isfinite(series.expected).all() or not np.isfinite(series.noise):
        return False
    mean, variance = float(series.expected.mean()), float(series.variance.mean())
    return mean > 0 and 7 * mean**2 >= LEAST_A_WEEK * variance


def _calm(values: Floats, series: Usual, level: float) -> Floats:
    """The values, those of strange days that are over left out: they are no level. The last ones may yet become one."""
    calm = values.copy()
    for run in strange_runs(values, series, level):
        if run.last < len(values) - max(LENGTHS):
            calm[run.first : run.last + 1] = np.nan
    return calm


def _of_run(run: Run, days: Sequence[date]) -> Anomaly:
    kind = _brief(run.expected, run.observed)
    return Anomaly(
        kind=kind, start=days[run.first], end=days[run.last], expected=run.expected, observed=run.observed, p=run.p
    )


def _of_shift(shift: Shift, end: int, values: Floats, series: Usual, days: Sequence[date]) -> Anomaly:
    """What followed on a shift, beside what its days would have had on the level before."""
    span = slice(shift.at, end)
    known = np.isfinite(values[span])
    expected = float((series.level[span] / shift.times * series.factor[span])[known].sum())
    return Anomaly(
        kind="level up" if shift.times > 1 else "level down", start=days[shift.at], end=days[end - 1],
        expected=expected, observed=float(values[span][known].sum()), p=shift.p,
    )  # fmt: skip


def _brief(expected: float, observed: float) -> Kind:
    if observed > expected:
        return "spike"
    return "outage" if observed <= _NEARLY_NOTHING * expected else "drop"


def _season(one: Anomaly) -> Season:
    """The season that its first or middle day lies in. A level may be told some days off, and goes back after a season."""
    reached = (0, -2, 2, -7) if one.kind in ("level up", "level down") else (0, (one.end - one.start).days // 2)
    return next((season for season in seasons_of(one.start + timedelta(days=n) for n in reached) if season), "")
