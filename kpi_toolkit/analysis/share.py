"""How a part's share of the whole moved between the weeks before and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_more, spread_of

# Four weeks are a month, whose share is a reference of its own where it was surely higher: the last season's, another mix.
_MONTH: Final = 4
_SURELY: Final = 2.0
# As in analysis.evidence: what is taken for the spread before any is seen, and how much that weighs.
_PRIOR: Final = 2.0
_PRIOR_FREEDOM: Final = 4.0
# What shops are like is known well enough that few weeks don't make anything possible.
_KNOWN: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """`part` out of `whole`, in any one unit; what is part of something else than it is counted in (claims of orders) may be more."""

    part: float
    whole: float

    @property
    def share(self) -> float:
        """Part ÷ whole; 0 of nothing."""
        return self.part / self.whole if self.whole > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A share `before` and `now`; `p` is the chance of a share this high if it is no more than `limit`."""

    before: float
    now: float
    limit: float
    p: float


def added(parts: Sequence[Part]) -> Part:
    """The parts and the wholes, added up."""
    return Part(part=sum(one.part for one in parts), whole=sum(one.whole for one in parts))


def moved(now: Part, weeks: Sequence[Part], *, beyond: float, rise: float, within: bool = True) -> Moved:
    """How far the share is above what it was in the weeks before (the latest first): `beyond` times that, and `rise` above it,
    are taken for chance and for honest causes.

    What it was is the share of all the weeks, or of a month among them in which it was surely higher. `within` says that the
    part lies in the whole, so that there is no chance in the whole itself.
    """
    spread, before = _spread(weeks, within), _reference(weeks, within)
    higher = max(before.share + rise, before.share * beyond)
    # A multiple is as much more uncertain as it is larger; a rise is added to whatever was seen.
    slope = beyond if before.share * beyond >= before.share + rise else 1.0
    chance = _chance_within if within else _chance_of_rate
    p = 1.0 if now.share <= higher else chance(now, before, higher, slope, spread)
    return Moved(before=before.share, now=now.share, limit=higher, p=p)


def surely_above(now: Part, share: float, *, deviations: float = 3.3, factor: float = _PRIOR) -> bool:
    """Whether the share is above `share` even at the lower end of what its number lets it be (Wilson's interval, the variance
    `factor` times the binomial's)."""
    if now.whole <= 0:
        return False
    n = now.whole / factor
    square = deviations**2 / n
    middle = now.share + square / 2
    half = deviations * sqrt(max(now.share * (1 - now.share), 0.0) / n + square / (4 * n))
    return (middle - half) / (1 + square) > share


def _reference(weeks: Sequence[Part], within: bool) -> Part:
    whole = added(weeks)
    months = [added(weeks[at : at + _MONTH]) for at in range(0, len(weeks) - _MONTH + 1, _MONTH)]
    sure = [one for one in months if one.whole > 0 and one.share - _SURELY * _error(one, within) > whole.share]
    return max([whole, *sure], key=lambda one: one.share)


def _error(one: Part, within: bool) -> float:
    """The standard error of a share, by chance alone; none seen is not none possible."""
    share = (one.part + 1) / (one.whole + 2)
    return sqrt(share * (max(1 - share, 0.0) if within else 1.0) / max(one.whole, 1.0))


def _chance_within(now: Part, before: Part, limit: float, slope: float, spread: Spread) -> float:
    """By the score of a share against a limit that is itself uncertain."""
    from scipy.stats import t

    if limit >= 1 or before.whole <= 0:
        return 1.0
    error = sqrt(spread.factor * (limit * (1 - limit) / now.whole + (slope * _error(before, True)) ** 2))
    return float(t.sf((now.share - limit - 0.5 / now.whole) / error, spread.freedom))


def _chance_of_rate(now: Part, before: Part, limit: float, slope: float, spread: Spread) -> float:
    seen = limit / slope
    usual = Tally(count=max(seen * before.whole, 0.5), exposure=before.whole)
    return chance_of_more(Tally(count=now.part, exposure=now.whole), usual, spread, beyond=slope)


def _spread(weeks: Sequence[Part], within: bool) -> Spread:
    """How much more than chance the share varies from week to week."""
    poisson = spread_of([Tally(count=one.part, exposure=one.whole) for one in weeks])
    share = added(weeks).share
    if not within or not 0 < share < 1:
        return Spread(factor=max(poisson.factor, 1.0), freedom=max(poisson.freedom, _KNOWN))
    known = [one for one in weeks if one.whole > 0]
    pearson = sum((one.part - one.whole * share) ** 2 / (one.whole * share * (1 - share)) for one in known)
    factor = (pearson + _PRIOR * _PRIOR_FREEDOM) / (max(len(known) - 1, 0) + _PRIOR_FREEDOM)
    return Spread(factor=max(factor, 1.0), freedom=max(poisson.freedom, _KNOWN))
