"""How strange a share is: so many of a number of things, held against the most that honest causes bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

# From so many things on a habit can be told.
_KNOWN: Final = 30

Thing = TypeVar("Thing")


@dataclass(frozen=True, kw_only=True)
class Part:
    """`count` things (not below 0) out of `of`."""

    count: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """count ÷ of; 0 where there is nothing."""
        return self.count / self.of if self.of else 0.0


def part_of(things: Iterable[Thing], holds: Callable[[Thing], bool | None]) -> Part:
    """Of how many of the things it `holds`; those of which that isn't known (None) don't count."""
    told = [answer for answer in map(holds, things) if answer is not None]
    return Part(count=sum(told), of=len(told))


def chance_of_part(part: Part, most: float, *, clumped: float = 1.0) -> float:
    """The probability of such a share, or a greater one, if each thing is so with the probability `most` (0 to 1).

    Things that come `clumped`, so many at a time, tell only as much as the clumps do.
    """
    from scipy.special import betainc

    if part.count <= 0 or part.of <= 0:
        return 1.0
    count, rest = part.count / clumped, (part.of - part.count) / clumped
    return float(betainc(count, rest + 1, most))


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What honest causes bring about: the share that is `usual` and the `most`, where nothing else is known; and within
    `narrow` and `wide`, so many `times` what was seen before."""

    usual: float
    most: float
    narrow: float
    wide: float
    times: float

    def most_after(self, before: Part, others: Part) -> float:
        """The most to be expected, given what was seen of the same source `before`, and of `others` at the same time."""
        known = self.most if before.of < _KNOWN else min(max(self.times * before.share, self.narrow), self.wide)
        # What all sources share comes from the form, not from one of them.
        return min(max(known, self.times * others.share if others.of >= _KNOWN else 0.0), 0.99)

    def usual_after(self, before: Part) -> float:
        """The share that is usual, given what was seen before."""
        return min(before.share, self.most) if before.of >= _KNOWN else self.usual
