"""The shape of a manipulation: what it does to an honest client-month, and what a check should then find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.world import World

Strength = Literal["weak", "medium", "strong"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)


@dataclass(frozen=True, kw_only=True)
class Manipulated:
    """A client-month after it. `vendors` are those whose figures it touched ('' where nobody can say whose); `amounts` are the
    readings of the money at stake, any of which is right (empty where there is no saying)."""

    world: World
    vendors: frozenset[str]
    amounts: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Manipulation:
    """What a vendor could do to the tables.

    `detectors` are those of which one at least should find it, `system` the question it belongs to, `wants` what the
    client has to have (plan.drawn), `tables` those that may change ('restated' among them). `apply` gives None where
    this client's data don't allow it.
    """

    id: str
    title: str
    system: str
    detectors: tuple[str, ...]
    wants: frozenset[str]
    tables: frozenset[str]
    apply: Callable[[World, Strength, Rng], Manipulated | None]


def by_strength(weak: float, medium: float, strong: float) -> Mapping[Strength, float]:
    return {"weak": weak, "medium": medium, "strong": strong}
