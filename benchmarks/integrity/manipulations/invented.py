"""S28: days that nobody counted, in a vendor's own export of a platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.integrity.chance import Floats, Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.touching import Part, one_of
from benchmarks.integrity.world import World

_JITTER = by_strength(0.02, 0.005, 0.0)
_TIMES, _ROUND, _EVEN = by_strength(2, 3, 4), by_strength(0.35, 0.65, 0.95), by_strength(0.3, 0.1, 0.02)
# Campaigns with so many clicks in the month are worth inventing.
_LEAST = 300
Change = Callable[[World, Part, Strength, Rng], dict[str, Floats]]


def _made_up(world: World, strength: Strength, rng: Rng, change: Change) -> Manipulated | None:
    part = one_of(world, rng, lambda one: not one.hidden and not one.removed)
    if part is None or part.sum(world.facts.clicks) < _LEAST or part.platform in world.plan.tz_part:
        return None
    days = world.facts.days
    own = world.frames["ads_daily"]
    now = own[(own["source"] == part.platform) & (own["vendor"] == part.vendor) & (own["grain"] == "day")]
    if not len(now) or sum(day in world.plan.period for day in days) < 28:
        return None
    figures = change(world, part, strength, rng)
    after = world.advertised(replace(world.facts, **figures))
    return Manipulated(world=after, vendors=frozenset([part.vendor]), amounts=(part.sum(after.facts.spend),))


def _constant(world: World, part: Part, strength: Strength, rng: Rng) -> dict[str, Floats]:
    """Clicks are always the same part of impressions, conversions of clicks."""
    facts = world.facts
    ctr = (facts.clicks * part.mask).sum(axis=1) / np.maximum((facts.impressions * part.mask).sum(axis=1), 1)
    rate = (facts.reported * part.mask).sum(axis=1) / np.maximum((facts.clicks * part.mask).sum(axis=1), 1)
    noise = np.exp(rng.normal(0, _JITTER[strength] or 1e-9, facts.clicks.shape))
    clicks = np.where(part.mask, np.round(facts.impressions * ctr[:, None] * noise), facts.clicks)
    reported = np.where(part.mask, np.round(clicks * rate[:, None]), facts.reported)
    return {"clicks": clicks, "reported": reported, "viewed": np.minimum(facts.viewed, reported)}


def _repeated(world: World, part: Part, strength: Strength, _rng: Rng) -> dict[str, Floats]:
    """A week of the month is copied to the weeks after it."""
    columns = np.flatnonzero(part.days)
    found = {}
    for name in ("spend", "impressions", "clicks", "reported", "viewed", "value"):
        table = getattr(world.facts, name).copy()
        for again in range(1, int(_TIMES[strength])):
            to, of = columns[7 * again : 7 * (again + 1)], columns[:7]
            copied = np.ix_(part.campaigns.astype(bool), to)
            table[copied] = table[np.ix_(part.campaigns.astype(bool), of[: len(to)])]
        found[name] = table
    return found


def _by_hand(world: World, part: Part, strength: Strength, rng: Rng) -> dict[str, Floats]:
    """Counts that end on 0 and 5 more often than counts do."""
    facts, found = world.facts, {}
    for name in ("spend", "impressions", "clicks"):
        table = getattr(facts, name)
        step = np.where(table >= 1000, 50.0, 5.0) if name == "impressions" else 5.0
        liked = part.mask & (rng.random(table.shape) < _ROUND[strength]) & (table >= 10)
        found[name] = np.where(liked, np.round(table / step) * step, np.where(part.mask, np.round(table), table))
    return found


def _smooth(world: World, part: Part, strength: Strength, rng: Rng) -> dict[str, Floats]:
    """Days that stray less from one another than chance lets them."""
    facts, found = world.facts, {}
    alive = part.mask & (facts.impressions > 0)
    for name in ("impressions", "clicks", "reported"):
        table = getattr(facts, name)
        days = np.maximum(alive.sum(axis=1), 1)[:, None]
        mean = (table * alive).sum(axis=1)[:, None] / days
        even = np.round(mean + rng.normal(0, 1, table.shape) * np.sqrt(mean * _EVEN[strength]))
        found[name] = np.where(alive, np.maximum(even, 0), table)
    spend = (facts.spend * alive).sum(axis=1)[:, None] / np.maximum((facts.clicks * alive).sum(axis=1), 1)[:, None]
    found["spend"] = np.where(alive, np.round(found["clicks"] * spend), facts.spend)
    return found | {"viewed": np.minimum(facts.viewed, found["reported"])}


def _applied(change: Change) -> Callable[[World, Strength, Rng], Manipulated | None]:
    return lambda world, strength, rng: _made_up(world, strength, rng, change)


_ADS = frozenset({"ads_daily", "vendor_claims", "invoices_fees"})
MANIPULATIONS = tuple(
    Manipulation(
        id=name, title=title, system="S28", detectors=detectors, wants=frozenset(), tables=_ADS, apply=_applied(change)
    )
    for name, title, detectors, change in (
        (
            "constant_ratios",
            "clicks that are always one part of impressions",
            ("constant_ratio", "too_even"),
            _constant,
        ),
        ("repeated_weeks", "a week copied to the next", ("repeated_block",), _repeated),
        ("round_digits", "last digits that people like", ("written_digits",), _by_hand),
        ("smooth_days", "days more alike than chance allows", ("too_even", "constant_ratio"), _smooth),
    )
)
