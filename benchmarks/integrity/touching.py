"""Which of a client's ad figures a manipulation touches: one vendor's campaigns on one platform, in the examined month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.campaigns import Campaign
from benchmarks.integrity.chance import Floats, Rng
from benchmarks.integrity.world import World


@dataclass(frozen=True, kw_only=True)
class Part:
    """Campaigns (rows) and days (columns) of the figures; `mask` is where they meet."""

    vendor: str
    platform: str
    campaigns: Floats
    days: Floats

    @property
    def mask(self) -> np.ndarray:
        return self.campaigns[:, None].astype(bool) & self.days[None, :].astype(bool)

    def sum(self, figures: Floats) -> float:
        return float(figures[self.mask].sum())

    def since(self, day: date, days: Floats) -> Part:
        """From that day on; `days` are the figures' own."""
        return replace(self, days=self.days * np.array([one >= day for one in days]))


def parts(world: World, able: Callable[[Campaign], bool] = lambda one: True) -> list[Part]:
    """Each vendor's campaigns on each platform in the examined month, those with clicks, the largest first."""
    days = np.array([day in world.plan.period for day in world.facts.days], dtype=float)
    pairs = dict.fromkeys((one.vendor, one.platform) for one in world.plan.campaigns if able(one))
    found = [
        Part(vendor=vendor, platform=platform, days=days, campaigns=np.array([
            float((one.vendor, one.platform) == (vendor, platform) and able(one)) for one in world.plan.campaigns
        ]))
        for vendor, platform in pairs
    ]  # fmt: skip
    alive = [one for one in found if one.sum(world.facts.clicks) > 0]
    return sorted(alive, key=lambda one: -one.sum(world.facts.spend))


def one_of(world: World, rng: Rng, able: Callable[[Campaign], bool] = lambda one: True) -> Part | None:
    """One of them, larger ones more likely."""
    found = parts(world, able)
    if not found:
        return None
    weights = np.array([one.sum(world.facts.spend) + 1 for one in found])
    return found[int(rng.choice(len(found), p=weights / weights.sum()))]


def where(part: Part, changed: Floats, otherwise: Floats) -> Floats:
    return np.where(part.mask, changed, otherwise)


def valued(world: World, facts: Facts) -> Facts:
    """The same with a conversion's value as before, where their number changed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(world.facts.reported > 0, world.facts.value / world.facts.reported, world.plan.aov)
    return replace(
        facts,
        value=np.round(np.where(facts.reported == world.facts.reported, world.facts.value, each * facts.reported)),
    )
