"""S29: clicks that nobody made, or nobody who would buy. And a site that no longer counts (S34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity.campaigns import SOURCE_MEDIUM
from benchmarks.integrity.chance import Rng, thinned
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.touching import Part, one_of, valued, where
from benchmarks.integrity.world import World

_ROBOTS, _DEAD = by_strength(0.3, 0.5, 0.75), by_strength(0.3, 0.5, 0.8)
_FOREIGN, _NIGHT, _SPIKE = by_strength(0.12, 0.3, 0.6), by_strength(0.15, 0.35, 0.6), by_strength(3, 5, 10)
_COUNTS = ("sessions", "engaged_sessions", "key_events", "purchases", "purchase_revenue")
# Clicks of a month below which nobody would send robots.
_LEAST = 300


def _target(world: World, rng: Rng) -> tuple[Part, pd.Series] | None:
    """A vendor's campaigns on a platform that leads to the site, and which sessions are theirs in the month."""
    part = one_of(world, rng, lambda one: one.reached > 0)
    sessions = world.frames.get("sessions")
    if part is None or sessions is None or part.sum(world.facts.clicks) < _LEAST:
        return None
    now = sessions["date_day"].between(pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end))
    theirs = now & (sessions["source_medium"] == SOURCE_MEDIUM[part.platform])
    names = [one.name for one, own in zip(world.plan.campaigns, part.campaigns, strict=True) if own]
    theirs &= sessions["campaign_name"].isna() | sessions["campaign_name"].isin(names)
    return (part, theirs) if sessions.loc[theirs, "sessions"].sum() > 50 else None


def _share_of(world: World, part: Part) -> float:
    """Of the platform's sessions in the month, those of the vendor: two vendors may be on one platform."""
    whole = replace(part, campaigns=np.array([float(one.platform == part.platform) for one in world.plan.campaigns]))
    return part.sum(world.facts.sessions) / max(whole.sum(world.facts.sessions), 1.0)


def _nobody(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A part of the clicks never opens a page."""
    found = _target(world, rng)
    if found is None or _share_of(world, found[0]) < 0.6:
        return None
    part, theirs = found
    share = _ROBOTS[strength]
    sessions = world.frames["sessions"].copy()
    for name in [name for name in _COUNTS if name in sessions and name in {"sessions", "engaged_sessions"}]:
        sessions.loc[theirs, name] = thinned(rng, sessions.loc[theirs, name].to_numpy(), 1 - share)
    sessions["engaged_sessions"] = sessions[["engaged_sessions", "sessions"]].min(axis=1)
    return Manipulated(
        world=world.with_tables(sessions=sessions),
        vendors=frozenset([part.vendor]),
        amounts=_wasted(world, part, share),
    )


def _wasted(world: World, part: Part, share: float) -> tuple[float, ...]:
    """The spend on the clicks that were nobody's: of the vendor, or of the platform where two vendors share it."""
    whole = part.sum(world.facts.spend)
    return (whole * share, whole * share / max(_share_of(world, part), 0.3))


def _dead(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A part of the sessions leaves at once."""
    found = _target(world, rng)
    if found is None or _share_of(world, found[0]) < 0.6:
        return None
    part, theirs = found
    sessions = world.frames["sessions"].copy()
    kept = thinned(rng, sessions.loc[theirs, "engaged_sessions"].to_numpy(), 1 - _DEAD[strength])
    sessions.loc[theirs, "engaged_sessions"] = kept
    return Manipulated(
        world=world.with_tables(sessions=sessions),
        vendors=frozenset([part.vendor]),
        amounts=_wasted(world, part, _DEAD[strength]),
    )


def _moved(world: World, rng: Rng, share: float, column: str, places: tuple[str, ...]) -> Manipulated | None:
    """A part of the sessions now comes from these places, out of all others, and does nothing there."""
    found = _target(world, rng)
    if found is None or column not in world.frames["sessions"] or _share_of(world, found[0]) < 0.6:
        return None
    part, theirs = found
    sessions = world.frames["sessions"].copy()
    cut = theirs & sessions[column].notna()
    plain = theirs & sessions[column].isna()
    if not cut.any():
        return None
    taken = rng.binomial(sessions.loc[cut, "sessions"].astype(int), share).astype(float)
    fresh = sessions.loc[cut].assign(sessions=taken, engaged_sessions=np.floor(taken * 0.05), key_events=0.0)
    for name in {"purchases", "purchase_revenue"} & set(sessions):
        fresh[name] = 0.0
    fresh[column] = rng.choice(places, len(fresh))
    sessions.loc[cut, "sessions"] -= taken
    sessions.loc[cut, "engaged_sessions"] = thinned(rng, sessions.loc[cut, "engaged_sessions"].to_numpy(), 1 - share)
    # The plain file tells the same sessions, without saying from where.
    sessions.loc[plain, "engaged_sessions"] = thinned(
        rng, sessions.loc[plain, "engaged_sessions"].to_numpy(), 1 - share * 0.95
    )
    sessions["engaged_sessions"] = sessions[["engaged_sessions", "sessions"]].min(axis=1)
    both = pd.concat([sessions, fresh[fresh["sessions"] > 0]], ignore_index=True)
    keys = [name for name in both if name not in _COUNTS]
    both = both.groupby(keys, dropna=False, as_index=False, sort=False).sum(min_count=1)
    return Manipulated(
        world=world.with_tables(sessions=both), vendors=frozenset([part.vendor]), amounts=_wasted(world, part, share)
    )


def _abroad(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    return _moved(world, rng, _FOREIGN[strength], "country", tuple(rng.choice(["Vietnam", "India", "Bangladesh", "United States", "Brazil"], 2, replace=False)))  # fmt: skip


def _at_night(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    return _moved(world, rng, _NIGHT[strength], "hour", ("2", "3", "4"))


def _spike(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Some days have several times the clicks, paid for, and neither sessions nor orders more."""
    found = _target(world, rng)
    if found is None:
        return None
    part, _ = found
    day = world.plan.period.start + timedelta(int(rng.integers(3, 20)))
    length = int(rng.integers(2, 5))
    days = np.array([day <= one < day + timedelta(length) for one in world.facts.days], dtype=float)
    spiked, facts, factor = replace(part, days=part.days * days), world.facts, _SPIKE[strength]
    if spiked.sum(facts.clicks) < 20:
        return None
    changed = {name: where(spiked, np.round(getattr(facts, name) * factor, 2 if name == "spend" else 0), getattr(facts, name)) for name in ("spend", "impressions", "clicks")}  # fmt: skip
    after = world.advertised(replace(facts, **changed))
    amounts = (spiked.sum(facts.spend) * (factor - 1), spiked.sum(facts.spend) * factor)
    return Manipulated(world=after, vendors=frozenset([part.vendor]), amounts=amounts)


def _broken(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """The site's pixel is gone for the rest of the month: the platform sees few conversions or none, orders go on."""
    part = one_of(world, rng, lambda one: one.rate > 0)
    if part is None or part.sum(world.facts.reported) < 30:
        return None
    since = world.plan.period.start + timedelta(int(rng.integers(5, 18)))
    late, facts = part.since(since, world.facts.days), world.facts  # type: ignore[arg-type]
    left = {"weak": 0.5, "medium": 0.2, "strong": 0.0}[strength]
    reported = where(late, thinned(rng, facts.reported, left), facts.reported)
    changed = valued(world, replace(facts, reported=reported, viewed=np.minimum(facts.viewed, reported)))
    return Manipulated(
        world=world.advertised(changed), vendors=frozenset([part.vendor, ""]), amounts=(late.sum(facts.spend),)
    )


_SITE, _ADS = frozenset({"sessions"}), frozenset({"ads_daily", "vendor_claims", "invoices_fees"})
MANIPULATIONS = (
    Manipulation(id="no_sessions", title="clicks without sessions", system="S29", detectors=("clicks_without_sessions",), wants=_SITE, tables=_SITE, apply=_nobody),
    Manipulation(id="no_engagement", title="sessions that leave at once", system="S29", detectors=("dead_traffic",), wants=_SITE, tables=_SITE, apply=_dead),
    Manipulation(
        id="foreign_clicks", title="sessions from abroad", system="S29", detectors=("foreign_traffic", "dead_traffic"), wants=_SITE | {"countries"},
        tables=_SITE, apply=_abroad,
    ),
    Manipulation(
        id="night_clicks", title="sessions in the dead of night", system="S29", detectors=("night_traffic", "dead_traffic"), wants=_SITE | {"hours"},
        tables=_SITE, apply=_at_night,
    ),
    Manipulation(
        id="click_spike", title="days of many clicks that bring nothing", system="S29", detectors=("traffic_spike", "clicks_without_sessions"),
        wants=_SITE, tables=_ADS, apply=_spike,
    ),
    Manipulation(
        id="pixel_gone", title="conversions are no longer counted", system="S34", detectors=("tracking_break",), wants=frozenset({"orders", "sessions", "history"}),
        tables=_ADS, apply=_broken,
    ),
)  # fmt: skip
