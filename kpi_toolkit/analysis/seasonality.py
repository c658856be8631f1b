"""What a series does of itself: its level, the rhythm of its cycle (weekdays, hours of the day), and how far it strays.

Everything is medians, so that what is to be found does not bend what it is held against; and everything is a ratio, so that
the unit does not matter. Values may be NaN (not known); they are left out, which is not the same as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

# The standard deviation of a normal variable, in its median absolute deviations.
_SIGMA: Final = 1.4826
# Below a twentieth of what is usual all is alike: nearly nothing.
_NOTHING: Final = 0.05
_CYCLES: Final = 7
# The level is the median of so many weeks around a day, which an outage of some days does not move.
_WEEKS: Final = 4
# Budgets kept to the dollar stray, too, by something like a tenth.
LEAST_VARIATION: Final = 0.1
# A weekday with less of the level than this is one on which the shop is closed.
_CLOSED: Final = 0.1


def by_day(series: pd.Series[float]) -> tuple[list[date], Floats]:
    """All days from the first to the last of a series indexed by days or times, and the sum of each day; NaN where nothing is
    known, that is where rows are missing, NaN or infinite. The order of rows doesn't matter."""
    import pandas as pd

    index = pd.DatetimeIndex(pd.to_datetime(pd.Index(series.index))).normalize()
    values = pd.Series(np.asarray(series, float), index=index).replace([np.inf, -np.inf], np.nan)
    daily = values.groupby(level=0).sum(min_count=1)
    daily = daily.asfreq("D") if len(daily) else daily
    return [stamp.date() for stamp in pd.DatetimeIndex(daily.index)], np.asarray(daily, float)


def level(values: Floats, window: int, *, trailing: bool = False, least: int | None = None) -> Floats:
    """The median of `window` values around each (or before it, itself left out, if `trailing`); NaN for fewer than `least`
    known ones (default: a third of the window)."""
    rolled = _series(values).rolling(window, min_periods=least or -(-window // 3), center=not trailing).median()
    return (rolled.shift(1) if trailing else rolled).to_numpy()


def rhythm(ratios: Floats, places: NDArray[np.int64], *, turns: int | None = None, least: int = 3) -> Floats:
    """How much of the level each value's place in the cycle usually has (1: all of it).

    `places` numbers the place in the cycle (weekday 0 to 6, hour 0 to 23). The median of `turns` turns before, itself left
    out; of all turns for None. 1 where fewer than `least` are known.
    """
    groups = _series(ratios).groupby(places)
    if turns is None:
        usual = groups.transform("median").where(groups.transform("count") >= least)
    else:
        usual = groups.transform(lambda one: one.rolling(turns, min_periods=least).median().shift(1))
    return usual.fillna(1.0).to_numpy()


def spread(residuals: Floats, window: int | None = None, *, least: int = 14) -> Floats | float:
    """The robust standard deviation of residuals around 0: of the `window` ones before each, or of all for None."""
    far = np.abs(residuals)
    if window is None:
        return _SIGMA * float(np.nanmedian(far)) if np.isfinite(far).any() else np.nan
    return _SIGMA * level(far, window, trailing=True, least=least)


def novelty(values: Floats, places: NDArray[np.int64]) -> Floats:
    """How strange each value is (0 and more, in robust standard deviations), judged by the values before it alone.

    For a feed that is watched as it comes in. Expected is the level of the last 7 cycles times the rhythm of the place,
    strange is what strays farther than the residuals of those cycles; what goes on for long is told once a cycle, at its
    strangest. 0 while there is too little to say.
    """
    cycle = int(places.max()) + 1 if len(places) else 1
    ratios = _ratio(values, level(values, _CYCLES * cycle, trailing=True, least=-(-cycle // 2)))
    residuals = np.log(np.maximum(_ratio(ratios, rhythm(ratios, places, turns=_CYCLES)), _NOTHING))
    strayed = spread(residuals, _CYCLES * cycle, least=2 * cycle)
    strange = np.nan_to_num(np.abs(_ratio(residuals, strayed)), posinf=0.0, neginf=0.0)
    before = _series(strange).rolling(cycle, min_periods=1).max().shift(1).fillna(0).to_numpy()
    return np.where(strange > before, strange, 0.0)


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What a daily series usually is: `expected` of each day (`level` times the weekday's `factor`), how much it varies
    (`noise`: variance ÷ expected^1.5, between that of counts and that of money), how far a day goes with the one before
    (`echo`, a correlation of 0 to 0.8), and how many times longer its tails are than a gamma variable's (`tails`, 1 or more).
    """

    level: Floats
    factor: Floats
    noise: float
    echo: float
    tails: float

    @property
    def expected(self) -> Floats:
        """The expectation of each day."""
        return self.level * self.factor

    @property
    def variance(self) -> Floats:
        """The variance of each day; never less than LEAST_VARIATION's."""
        expected = self.expected
        return np.maximum(self.noise * expected**1.5, (LEAST_VARIATION * expected) ** 2)


def usual(values: Floats, weekdays: NDArray[np.int64], steps: Floats) -> Usual:
    """What the daily `values` usually are; `steps` is what their level is known to have been multiplied with by then."""
    calm = values / steps
    # First against the mean of the week, which is not 0 where a shop is open on weekends alone.
    factor = rhythm(_ratio(calm, _series(calm).rolling(7, min_periods=4, center=True).mean().to_numpy()), weekdays)
    for _ in range(2):
        height = _filled(level(_ratio(calm, np.where(factor > _CLOSED, factor, np.nan)), _WEEKS * 7 + 1, least=5))
        factor = rhythm(_ratio(calm, height), weekdays)
    height = height * steps
    expected = height * factor
    with np.errstate(divide="ignore", invalid="ignore"):
        pearson = np.where(factor > _CLOSED, (values - expected) / expected**0.75, np.nan)
    strayed = float(spread(pearson))
    strange = _ratio(pearson, strayed)
    return Usual(
        level=height,
        factor=factor,
        noise=strayed**2,
        echo=_echo(np.where(np.abs(strange) < 3, strange, np.nan)),
        tails=_tails(strange),
    )


def _echo(strange: Floats) -> float:
    """The correlation of a day with the one before, drawn towards 0 by what a short series can't tell."""
    pairs = strange[1:] * strange[:-1]
    known = np.isfinite(pairs)
    if not known.any():
        return 0.0
    return float(np.clip(pairs[known].mean() / max(np.nanmean(strange**2), 1e-9), 0, 0.8))


def _tails(strange: Floats) -> float:
    far = np.abs(strange[np.isfinite(strange)])
    # Of the days that are farthest off, a sixth may be what is looked for.
    return max(1.0, float(np.quantile(far, 0.85)) / 1.44) if len(far) else 1.0


def _filled(values: Floats) -> Floats:
    """The same, a line drawn through what is not known."""
    known = np.nonzero(np.isfinite(values))[0]
    return np.interp(np.arange(len(values)), known, values[known]) if len(known) else values


def _ratio(values: Floats, usual: Floats | float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = values / usual
    return np.where(np.isfinite(found), found, np.nan)


def _series(values: Floats) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(np.asarray(values, float))
