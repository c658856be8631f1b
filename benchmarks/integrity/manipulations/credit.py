"""S26: credit for customers who came by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import Rng, counted
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.touching import Part, one_of, parts, valued, where
from benchmarks.integrity.world import World

_SHARE, _WINDOW, _MOVED = by_strength(0.4, 0.6, 0.8), by_strength(1.15, 1.4, 2.0), by_strength(0.15, 0.3, 0.55)
_WIDE = {"meta_ads": "點擊後 28 天或瀏覽後 7 天", "tiktok_ads": "28-day click or 7-day view"}


def _views(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """More and more conversions of people who only saw an ad, until they make up this share."""
    part = one_of(world, rng, lambda one: one.views > 0 and one.rate > 0)
    if part is None:
        return None
    facts, share = world.facts, _SHARE[strength]
    clicked = np.maximum(facts.reported - facts.viewed, 0)
    wanted = counted(rng, clicked * share / (1 - share), 1.3)
    viewed = where(part, np.maximum(wanted, facts.viewed), facts.viewed)
    changed = valued(world, replace(facts, viewed=viewed, reported=where(part, clicked + viewed, facts.reported)))
    more = part.sum(changed.reported) - part.sum(facts.reported)
    if part.sum(facts.reported) < 10 or more <= 0:
        return None
    return Manipulated(
        world=world.advertised(changed), vendors=frozenset([part.vendor]), amounts=_behind(world, part, changed)
    )


def _behind(world: World, part: Part, changed: object) -> tuple[float, ...]:
    """The money behind the surplus: its value; the spend for its part of all; what as many had cost before."""
    before, after = part.sum(world.facts.reported), part.sum(changed.reported)  # type: ignore[attr-defined]
    spend, value = part.sum(world.facts.spend), part.sum(changed.value) - part.sum(world.facts.value)  # type: ignore[attr-defined]
    return (value, spend * (1 - before / after), spend * (after / before - 1), spend)


def _window(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A wider attribution window in the middle of the month, and the conversions that it adds."""
    part = one_of(world, rng, lambda one: bool(one.attribution) and one.rate > 0)
    if part is None or part.sum(world.facts.reported) < 10:
        return None
    since = world.plan.period.start + timedelta(int(rng.integers(0, 12)))
    late, factor, facts = part.since(since, world.facts.days), _WINDOW[strength], world.facts  # type: ignore[arg-type]
    more = counted(rng, facts.reported * (factor - 1), 1.2)
    changed = valued(world, replace(facts, reported=where(late, facts.reported + more, facts.reported)))
    after = world.advertised(changed)
    ads = after.frames["ads_daily"].copy()
    own = (
        (ads["vendor"] == part.vendor) & (ads["source"] == part.platform) & (ads["period_start"] >= pd.Timestamp(since))
    )
    ads.loc[own & ads["attribution"].notna(), "attribution"] = _WIDE[part.platform]
    if not own.any():
        return None
    amounts = _behind(world, late, changed)
    return Manipulated(world=after.with_tables(ads_daily=ads), vendors=frozenset([part.vendor]), amounts=amounts)


def _moved(world: World, strength: Strength, kind: str) -> Manipulated | None:
    """This part of the other campaigns' spend goes to those of one kind, with what it brings there."""
    for whole in parts(world):
        kinds = np.array([one.kind for one in world.plan.campaigns])
        to = replace(whole, campaigns=whole.campaigns * (kinds == kind))
        rest = replace(whole, campaigns=whole.campaigns * (kinds != kind))
        facts, share = world.facts, _MOVED[strength]
        there, moved = to.sum(facts.spend), rest.sum(facts.spend) * share
        if there <= 0 or moved < 0.05 * whole.sum(facts.spend):
            continue
        grown = 1 + moved / there
        figures = {
            name: np.where(to.mask, row * grown, np.where(rest.mask, row * (1 - share), row))
            for name, row in (("spend", facts.spend), ("impressions", facts.impressions), ("clicks", facts.clicks), ("reported", facts.reported), ("viewed", facts.viewed), ("value", facts.value))
        }  # fmt: skip
        counts = {name: np.round(row, 2 if name == "spend" else 0) for name, row in figures.items()}
        after = world.advertised(replace(facts, **counts))
        return Manipulated(world=after, vendors=frozenset([whole.vendor]), amounts=(moved, there + moved))
    return None


def _brand(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    return _moved(world, strength, "brand")


def _retargeting(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    return _moved(world, strength, "retargeting")


_ADS = frozenset({"ads_daily", "vendor_claims", "invoices_fees"})
MANIPULATIONS = (
    Manipulation(
        id="views_pushed", title="conversions after a view pushed up", system="S26", detectors=("view_through_share", "attribution_changed"),
        wants=frozenset({"views", "orders", "history"}), tables=_ADS, apply=_views,
    ),
    Manipulation(
        id="wider_window", title="a wider attribution window", system="S26", detectors=("attribution_changed", "definition_switch", "view_through_share"),
        wants=frozenset({"orders", "history"}), tables=_ADS, apply=_window,
    ),
    Manipulation(
        id="brand_shift", title="spend moved to the brand's own name", system="S26", detectors=("brand_share",), wants=frozenset({"history"}),
        tables=_ADS, apply=_brand,
    ),
    Manipulation(
        id="retargeting_shift", title="spend moved to those who were there already", system="S26", detectors=("retargeting_share",),
        wants=frozenset({"history"}), tables=_ADS, apply=_retargeting,
    ),
)  # fmt: skip
