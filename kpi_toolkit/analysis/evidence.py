"""How strange a count is: counts over exposures (clicks over impressions, orders over days), more spread out than chance alone.

Counts of people's doings vary more than Poisson's law lets them, so the spread is estimated from the client's own weeks or
days (Pearson's statistic: P. McCullagh and J. Nelder, Generalized Linear Models, 2nd ed., 1989, 4.5 and 6.2.3), and what is
seen is held against a change that honest causes can bring about (a minimum-effect test: K. Murphy and B. Myors, Testing the
hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999), not against no change at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt
from typing import Final

# What the spread of a small shop's counts is before any are seen (variance ÷ mean), and how many of them that is worth.
_PRIOR: Final = 2.0
_PRIOR_FREEDOM: Final = 4.0
_CONTINUITY: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Tally:
    """`count` things (not below 0, may be fractional) out of an `exposure` (in any one unit, above 0)."""

    count: float
    exposure: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Variance ÷ mean of counts (`factor`, 1 or more), and the degrees of freedom that it rests on."""

    factor: float = 1.0
    freedom: float = inf


def spread_of(tallies: Sequence[Tally]) -> Spread:
    """The spread of counts around one common rate, by Pearson's statistic, drawn towards what small shops have.

    Take weeks where rates wander from week to week: days would make the spread look smaller than it is.
    """
    rate, known = _rate(tallies), [one for one in tallies if one.exposure > 0]
    freedom = max(len(known) - 1, 0)
    pearson = _pearson(known, rate) if rate else 0.0
    factor = (pearson + _PRIOR * _PRIOR_FREEDOM) / (freedom + _PRIOR_FREEDOM)
    return Spread(factor=max(factor, 1.0), freedom=freedom + _PRIOR_FREEDOM)


def chance_of_more(now: Tally, before: Tally, spread: Spread, *, beyond: float = 1.0) -> float:
    """The probability of a rate this high now, or higher, if it is `beyond` times the one before.

    Both counts are uncertain: given their sum, the one now is a share of it. 1 where nothing can be said.
    """
    return _tail(now, before, spread, beyond)


def chance_of_fewer(now: Tally, before: Tally, spread: Spread, *, below: float = 1.0) -> float:
    """The probability of a rate this low now, or lower, if it is `below` times the one before; 1 where nothing can be said."""
    return _tail(before, now, spread, 1 / below) if below > 0 else 1.0


def chance_of_count(count: float, expected: float, spread: Spread, *, beyond: float = 1.0) -> float:
    """The probability of `count` or more where `expected × beyond` are to be expected, and that expectation is known."""
    return _beyond_chance(_root(max(count - _CONTINUITY, 0.0), expected * beyond), spread)


def chance_of_evenness(tallies: Sequence[Tally]) -> float:
    """The probability of counts that vary as little around their common rate, or less, if they vary by chance alone (Poisson):
    the lower tail of Pearson's statistic. Real counts vary more, so a small value is all the stranger.

    Each should be expected to be 5 or more; 1 for fewer than 8 of those.
    """
    from scipy.stats import chi2

    rate = _rate(tallies)
    known = [one for one in tallies if one.exposure > 0 and one.exposure * rate >= 5]
    if len(known) < 8:
        return 1.0
    return float(chi2.cdf(_pearson(known, _rate(known)), len(known) - 1))


def power(expected: float, times: float, spread: Spread, level: float) -> float:
    """How likely it is that `times` as many as `expected` are told from chance at `level` (0 to 1)."""
    from scipy.stats import nbinom, poisson

    mean = expected * times
    seen = _least_seen(expected, spread, level)
    if spread.factor <= 1:
        return float(poisson.sf(seen - 1, mean))
    # A negative binomial whose variance is the spread times its mean.
    return float(nbinom.sf(seen - 1, mean / (spread.factor - 1), 1 / spread.factor))


def weeks_needed(a_week: float, times: float, spread: Spread, level: float, *, aim: float = 0.8) -> int | None:
    """The weeks after which `times` as many as `a_week` are told from chance with the power `aim`; None if not in a year."""
    return next((weeks for weeks in range(1, 53) if power(a_week * weeks, times, spread, level) >= aim), None)


def _rate(tallies: Sequence[Tally]) -> float:
    exposure = sum(one.exposure for one in tallies)
    return sum(one.count for one in tallies) / exposure if exposure > 0 else 0.0


def _pearson(tallies: Sequence[Tally], rate: float) -> float:
    return sum((one.count - one.exposure * rate) ** 2 / (one.exposure * rate) for one in tallies) if rate > 0 else 0.0


def _tail(high: Tally, low: Tally, spread: Spread, times: float) -> float:
    """The chance of `high`'s rate being so far above `times` that of `low`: a share of their sum, by its deviance."""
    if min(high.exposure, low.exposure) <= 0 or high.count + low.count <= 0:
        return 1.0
    share = high.exposure * times / (high.exposure * times + low.exposure)
    total, count = high.count + low.count, max(high.count - _CONTINUITY, 0.0)
    if count <= share * total:
        return 1.0
    deviance = _times_log(count, share * total) + _times_log(total - count, (1 - share) * total)
    return _beyond_chance(sqrt(max(2 * deviance, 0.0)), spread)


def _times_log(seen: float, expected: float) -> float:
    return seen * log(seen / expected) if seen > 0 else 0.0


def _root(count: float, expected: float) -> float:
    """The signed root of Poisson's deviance."""
    if expected <= 0:
        return inf if count > 0 else 0.0
    distance = sqrt(max(2 * (_times_log(count, expected) - (count - expected)), 0.0))
    return distance if count > expected else -distance


def _beyond_chance(root: float, spread: Spread) -> float:
    from scipy.stats import norm, t

    scaled = root / sqrt(spread.factor)
    return float(norm.sf(scaled) if spread.freedom == inf else t.sf(scaled, spread.freedom))


def _least_seen(expected: float, spread: Spread, level: float) -> int:
    """The smallest count that is strange at `level` where `expected` are expected."""
    low, high = int(expected), int(expected * 4 + 60 * spread.factor + 60)
    while low < high:
        middle = (low + high) // 2
        if chance_of_count(middle, expected, spread) <= level:
            high = middle
        else:
            low = middle + 1
    return low
