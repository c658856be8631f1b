"""Figures more regular than chance makes them: ratios that don't move, counts that don't vary, days that come back.

Counts of independent events vary at least as much as Poisson's law (a share of them: the binomial) says, and people's doings
vary more (P. McCullagh and J. Nelder, Generalized Linear Models, 2nd ed., 1989, 4.5). The probabilities here are minimum-effect
ones: they hold of all counts that vary at least by a fraction of that, so that smoothing, capping and rounding stay innocent.

Counts are arrays of one figure by day (or week); NaN is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# The least share of chance's variance that honest counts keep; a ratio of two counts has noise of its own on top.
RATIO_KEPT: Final = 0.25
COUNT_KEPT: Final = 0.4
# Large counts vary by a share of themselves: by this much more of chance's variance for each count expected, up to all of it.
_KEPT_BY_COUNT: Final = 1e-4
# The same of standard deviations, for counts that agree to the last digit.
_SPREAD_KEPT: Final = 0.5
_LEAST_CELLS: Final = 8
_LEAST_EXPECTED: Final = 3.0
# A ratio near 1 is one thing told twice (every click is a conversion).
_LARGEST_RATE: Final = 0.5
# Of numbers in full tens so many are rounded ones.
_ROUNDED: Final = 0.9
_LEAST_TOLD: Final = 10.0


def rounded(counts: Floats) -> bool:
    """Whether the counts were told in tens or thousands: then nothing is to be seen in how little they vary."""
    large = counts[np.isfinite(counts) & (counts >= 100)]
    return bool(len(large) >= 3 and np.mean(large % 10 == 0) >= _ROUNDED)


def constant_share(counts: Floats, bases: Floats) -> tuple[float, NDArray[np.bool_]]:
    """How likely it is that `counts` follow their `bases` (clicks their impressions) so closely, and the cells that do.

    The smaller of two probabilities, doubled: that so many cells fit one ratio to the last digit, and that all of them vary so
    little around it. 1 where there is too little to say (8 cells with 3 or more expected), or where figures are rounded.
    """
    known = np.isfinite(counts) & np.isfinite(bases) & (bases > 0) & (counts >= 0) & (counts <= bases)
    none = np.zeros(len(counts), dtype=bool)
    # One pair that comes back fits itself: that is another question.
    pairs = np.unique(np.column_stack([counts[known], bases[known]]), axis=0)
    if len(pairs) < _LEAST_CELLS or rounded(pairs[:, 0]):
        return 1.0, none
    rate = pairs[:, 0].sum() / pairs[:, 1].sum()
    if rate > _LARGEST_RATE or np.median(pairs[:, 1]) * rate < _LEAST_EXPECTED:
        return 1.0, none
    exact, at = _exact_fit(pairs[:, 0], pairs[:, 1])
    even = _little_scatter(pairs[:, 0], pairs[:, 1], rate)
    fitting = known & (np.abs(counts - at * bases) <= 0.5 + 1e-9) if exact <= even else known
    return min(2 * min(exact, even), 1.0), fitting


def _exact_fit(counts: Floats, bases: Floats) -> tuple[float, float]:
    """The chance of so many cells at one ratio to within half a count, and that ratio."""
    from scipy.stats import binom

    low, high = (counts - 0.5) / bases, (counts + 0.5) / bases
    covering = ((low[None, :] <= low[:, None] + 1e-15) & (low[:, None] < high[None, :])).sum(axis=1)
    best = int(covering.argmax())
    fits = (low <= low[best] + 1e-15) & (low[best] < high)
    ratio = float((low[fits].max() + high[fits].min()) / 2)
    each = float(np.mean(_coincidence(ratio * bases * (1 - ratio), width=1.0)))
    return min(1.0, len(counts) * float(binom.sf(covering[best] - 2, len(counts) - 1, each))), ratio


def _coincidence(variances: Floats, *, width: float) -> Floats:
    """At most how likely a count of this variance falls on one number: the normal density's peak, spread less."""
    return np.minimum(1.0, width / (np.sqrt(2 * np.pi * np.maximum(variances, 1e-9)) * _SPREAD_KEPT))


def _little_scatter(counts: Floats, bases: Floats, rate: float) -> float:
    from scipy.stats import chi2

    expected = rate * bases
    kept = expected >= _LEAST_EXPECTED
    if kept.sum() < _LEAST_CELLS:
        return 1.0
    pearson = ((counts - expected) ** 2 / (expected * (1 - rate)))[kept].sum()
    return float(chi2.cdf(pearson / _kept(RATIO_KEPT, float(np.median(expected[kept]))), kept.sum() - 1))


def _kept(least: float, expected: float) -> float:
    """The share of chance's variance that honest counts of this size keep at least."""
    return min(max(least, expected * _KEPT_BY_COUNT), 1.0)


def evenness(counts: Floats, places: NDArray[np.int64], lengths: Floats) -> tuple[float, int]:
    """Pearson's statistic of counts around the level of their place in the week, beside the least variance that honest counts
    keep, and its degrees of freedom.

    `places` are weekdays (or 0 throughout), `lengths` the days that each count covers. (0, 0) where there is too little to say.
    """
    known = np.isfinite(counts) & (lengths > 0)
    if not known.any() or counts[known].sum() < _LEAST_EXPECTED * known.sum() or rounded(counts[known]):
        return 0.0, 0
    pearson, freedom = 0.0, 0
    for place in np.unique(places[known]):
        here = known & (places == place)
        expected = counts[here].sum() / lengths[here].sum() * lengths[here]
        if here.sum() >= 2 and expected.min() > 0:
            pearson += float(
                ((counts[here] - expected) ** 2 / expected / _kept(COUNT_KEPT, float(expected.mean()))).sum()
            )
            freedom += int(here.sum()) - 1
    return (pearson, freedom) if freedom >= _LEAST_CELLS else (0.0, 0)


def chance_of_so_even(pearson: float, freedom: int) -> float:
    """The probability of so small a statistic if counts vary at least by a fraction of what chance brings; 1 for none."""
    from scipy.stats import chi2

    return float(chi2.cdf(pearson, freedom)) if freedom else 1.0


def repeated(
    one: Mapping[str, Floats], other: Mapping[str, Floats], lags: Sequence[int] | None, *, since: int = 0
) -> tuple[float, NDArray[np.bool_]]:
    """How likely it is that cells of `one` come back in `other`, figure for figure, and those that do (cells of `one`).

    The best run: cells in a row that equal those `lags` cells before (None: every lag above 0) in all figures that both
    know; only cells from `since` on are looked at. A figure below 10 says nothing, nor does one that comes back by itself.
    """
    names = [name for name in one if name in other]
    size = len(next(iter(one.values()))) if names else 0
    best, where = 0.0, np.zeros(size, dtype=bool)
    weights = {name: _usual(one[name]) for name in names}
    tried = 0
    for lag in range(1, size) if lags is None else lags:
        same, logs = _matches(one, other, weights, lag)
        same[:since] = False
        tried += int((~np.isnan(logs))[since:].sum())
        total, run = _best_run(np.where(same, np.nan_to_num(logs), 0.0), same)
        if total < best:
            best, where = total, run
    return min(1.0, float(np.exp(best)) * max(tried, 1)), where


def _usual(counts: Floats) -> float:
    """How often two cells agree anyway: what is capped or constant comes back by itself."""
    known = counts[np.isfinite(counts) & (counts >= _LEAST_TOLD)]
    if len(known) < 2:
        return 1.0
    _, times = np.unique(known, return_counts=True)
    return float((times * (times - 1)).sum() / (len(known) * (len(known) - 1)))


def _matches(one: Mapping[str, Floats], other: Mapping[str, Floats], weights: Mapping[str, float], lag: int) -> tuple[NDArray[np.bool_], Floats]:  # fmt: skip
    """Which cells equal those `lag` before, and the logarithm of how likely that is for each."""
    size = len(next(iter(one.values())))
    same, logs = np.ones(size, dtype=bool), np.zeros(size)
    for name, usual in weights.items():
        now, then = one[name], np.full(size, np.nan)
        then[lag:] = other[name][: size - lag]
        both = np.isfinite(now) & np.isfinite(then)
        same &= ~both | (now == then)
        telling = both & (now >= _LEAST_TOLD)
        # Two counts of one mean differ with twice its variance.
        logs[telling] += np.log(np.maximum(_coincidence(2 * now[telling], width=1.0), usual))
        same &= both | (np.isnan(now) & np.isnan(then))
    logs[logs == 0] = np.nan
    return same & np.isfinite(logs), logs


def _best_run(logs: Floats, same: NDArray[np.bool_]) -> tuple[float, NDArray[np.bool_]]:
    """The run of matching cells that is least likely."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(int), [0]])))
    best, where = 0.0, np.zeros(len(same), dtype=bool)
    for start, end in edges.reshape(-1, 2):
        if (total := float(logs[start:end].sum())) < best:
            best, where = total, np.zeros(len(same), dtype=bool)
            where[start:end] = True
    return best, where
