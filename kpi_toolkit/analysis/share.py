"""How a part's share of the whole moved between the weeks before and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_more, spread_of

# Four weeks are a month, whose share is a reference of its own: the last season's, or before the last change.
_MONTH: Final = 4
# None seen is not none possible.
_LEAST_SEEN: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Part:
    """`part` out of `whole`, in any one unit."""

    part: float
    whole: float

    @property
    def share(self) -> float:
        """0 to 1; 0 of nothing."""
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


def moved(now: Part, weeks: Sequence[Part], *, beyond: float, rise: float) -> Moved:
    """How far the share is above what it was in the weeks before (the latest first): `beyond` times that, and `rise` above it,
    are taken for chance and for honest causes.

    What it was is the share of all the weeks, or of the month among them in which it was largest.
    """
    before = max((added(part) for part in _months(weeks)), key=lambda one: one.share)
    higher = max(before.share + rise, before.share * beyond)
    # A rise is added to whatever was seen; a multiple is as uncertain as what was seen.
    seen = higher if higher > before.share * beyond else before.share
    usual = Tally(count=max(seen * before.whole, _LEAST_SEEN), exposure=before.whole)
    p = chance_of_more(
        Tally(count=now.part, exposure=now.whole), usual, spread(weeks), beyond=beyond if seen < higher else 1.0
    )
    return Moved(before=before.share, now=now.share, limit=higher, p=1.0 if now.share <= higher else p)


def spread(weeks: Sequence[Part]) -> Spread:
    """How much more than chance the share varies from week to week."""
    return spread_of([Tally(count=one.part, exposure=one.whole) for one in weeks])


def surely_above(now: Part, share: float, *, deviations: float = 3.3, factor: float = 2.0) -> bool:
    """Whether the share is above `share` even at the lower end of what its number lets it be (Wilson's interval, the variance
    `factor` times the binomial's)."""
    if now.whole <= 0:
        return False
    n = now.whole / factor
    square = deviations**2 / n
    middle = now.share + square / 2
    half = deviations * sqrt(now.share * (1 - now.share) / n + square / (4 * n))
    return (middle - half) / (1 + square) > share


def _months(weeks: Sequence[Part]) -> list[Sequence[Part]]:
    return [weeks, *(weeks[at : at + _MONTH] for at in range(0, len(weeks) - _MONTH + 1, _MONTH))]
