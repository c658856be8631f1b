"""What a series does of itself: its level, the rhythm of its cycle (weekdays, hours of the day), and how far it strays.

Everything is medians, so that what is to be found does not bend what it is held against; and everything is a ratio, so that
the unit does not matter. Values may be NaN (not known); they are left out, which is not the same as 0.
"""

from __future__ import annotations

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


def _ratio(values: Floats, usual: Floats | float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = values / usual
    return np.where(np.isfinite(found), found, np.nan)


def _series(values: Floats) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(np.asarray(values, float))
