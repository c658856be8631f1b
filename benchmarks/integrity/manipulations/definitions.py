"""S27: what counts as a conversion is no longer what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import Rng, counted, happens
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.touching import one_of, valued, where
from benchmarks.integrity.world import World, agreed_upon

_SWITCH, _CHEAP = by_strength(1.6, 2.5, 5.0), by_strength(0.25, 0.5, 1.0)
# An add to the cart for each purchase, and what the platforms call it.
_ADDS = 6.0
_WORDS = {"google_ads": "加入購物車", "meta_ads": "actions:offsite_conversion.fb_pixel_add_to_cart", "line_ads": "add_to_cart", "tiktok_ads": "Add to cart"}  # fmt: skip


def _switch(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """From one day on more is counted under the same word; orders, sessions and spend stay as they are."""
    part = one_of(world, rng, lambda one: one.rate > 0)
    if part is None or part.sum(world.facts.reported) < 15:
        return None
    since = world.plan.period.start + timedelta(int(rng.integers(0, 10)) if happens(rng, 0.6) else 0)
    late, facts = part.since(since, world.facts.days), world.facts  # type: ignore[arg-type]
    more = counted(rng, facts.reported * (_SWITCH[strength] - 1), 1.3)
    changed = replace(facts, reported=where(late, facts.reported + more, facts.reported))
    changed = valued(world, changed) if happens(rng, 0.5) else changed
    before, after = part.sum(facts.reported), part.sum(changed.reported)
    spend = part.sum(facts.spend)
    amounts = (
        spend * (1 - before / after),
        spend * (after / before - 1),
        part.sum(changed.value) - part.sum(facts.value),
        late.sum(facts.spend),
    )
    return Manipulated(world=world.advertised(changed), vendors=frozenset([part.vendor]), amounts=amounts)


def _cheap(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Some campaigns count adds to the cart from this month on."""
    part = one_of(world, rng, lambda one: one.rate > 0)
    if part is None or part.sum(world.facts.reported) < 10:
        return None
    facts, names = world.facts, [one.name for one in world.plan.campaigns]
    # The largest campaigns first, until they make up the share that is wanted.
    sizes = (facts.reported * part.mask).sum(axis=1)
    order = np.argsort(-sizes)
    taken = order[: max(int(np.searchsorted(np.cumsum(sizes[order]), _CHEAP[strength] * sizes.sum() * 0.95)) + 1, 1)]
    cheap = replace(part, campaigns=np.array([float(at in taken) for at in range(len(names))]) * part.campaigns)
    changed = replace(facts, reported=where(cheap, counted(rng, facts.reported * _ADDS, 1.5), facts.reported))
    after = world.advertised(changed)
    ads = after.frames["ads_daily"].copy()
    now = ads["period_start"] >= pd.Timestamp(world.plan.period.start)
    own = now & (ads["source"] == part.platform) & ads["campaign_name"].isin([names[at] for at in taken])
    if not own.any():
        return None
    ads.loc[own, "conversion_type"] = _WORDS[part.platform]
    ads = agreed_upon(world.client, ads.drop(columns=["vendor", "counts", "definition", "channel"]))
    amounts = (cheap.sum(facts.spend), part.sum(facts.spend))
    return Manipulated(world=after.with_tables(ads_daily=ads), vendors=frozenset([part.vendor]), amounts=amounts)


_ADS = frozenset({"ads_daily", "vendor_claims", "invoices_fees"})
MANIPULATIONS = (
    Manipulation(
        id="definition_switched", title="more is counted as a conversion", system="S27", detectors=("definition_switch", "cheap_conversions"),
        wants=frozenset({"orders", "sessions", "history"}), tables=_ADS, apply=_switch,
    ),
    Manipulation(
        id="cheap_events", title="cheap events among the conversions", system="S27", detectors=("cheap_conversions", "definition_switch"),
        wants=frozenset({"orders", "history"}), tables=_ADS, apply=_cheap,
    ),
)  # fmt: skip
