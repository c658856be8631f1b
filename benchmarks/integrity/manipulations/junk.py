"""S30: leads that nobody can call."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.world import World

_DUPLICATES, _IMPOSSIBLE = by_strength(0.1, 0.25, 0.5), by_strength(0.06, 0.15, 0.35)
_BURST, _DEVICE, _SILENT = by_strength(0.1, 0.25, 0.5), by_strength(0.1, 0.25, 0.5), by_strength(0.45, 0.65, 0.9)
_LEAST = 25
# Changes the picked rows of the list, which holds all of the vendor's month.
Change = Callable[[pd.DataFrame, pd.Index, pd.Index, Rng], None]


def _spoilt(world: World, strength: Strength, rng: Rng, shares: object, change: Change) -> Manipulated | None:
    leads = world.frames.get("leads")
    if leads is None:
        return None
    start, end = pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end) + pd.Timedelta(days=1)
    now = leads[(leads["received_at"] >= start) & (leads["received_at"] < end) & (leads["vendor"] != "")]
    if not len(now) or (vendor := now["vendor"].value_counts().index[0]) is None:
        return None
    own = now[now["vendor"] == vendor].index
    count = round(len(own) * shares[strength])  # type: ignore[index]
    if len(own) < _LEAST or count < 3:
        return None
    picked = pd.Index(rng.choice(own, count, replace=False))
    changed = leads.copy()
    change(changed, own, picked, rng)
    days = np.array([day in world.plan.period for day in world.facts.days])
    mine = np.array([one.vendor == vendor for one in world.plan.campaigns])
    spend = float(world.facts.spend[np.ix_(mine, days)].sum())
    cost = spend / max(len(own), 1)
    amounts = (
        cost * count,
        3000.0 * count,
        spend / max(float(world.facts.reported[np.ix_(mine, days)].sum()), 1) * count,
    )
    return Manipulated(world=world.with_tables(leads=changed), vendors=frozenset([vendor]), amounts=amounts)


def _duplicate(leads: pd.DataFrame, own: pd.Index, picked: pd.Index, rng: Rng) -> None:
    kept = own.difference(picked)
    originals = rng.choice(kept if len(kept) else own, len(picked))
    for name in ("phone_key", "phone_state", "phone_kind", "email_key", "email_state", "email_domain_kind"):
        leads.loc[picked, name] = leads.loc[originals, name].to_numpy()


def _impossible(leads: pd.DataFrame, _own: pd.Index, picked: pd.Index, _rng: Rng) -> None:
    leads.loc[picked, "phone_state"] = "impossible"
    leads.loc[picked, "phone_kind"] = None


def _in_a_burst(leads: pd.DataFrame, own: pd.Index, picked: pd.Index, rng: Rng) -> None:
    """They all come in within one or two hours of a night."""
    day = pd.Timestamp(leads.loc[rng.choice(own), "received_at"]).normalize()
    seconds = rng.integers(2 * 3600, 3 * 3600 + 1800, len(picked))
    leads.loc[picked, "received_at"] = day + pd.to_timedelta(np.sort(seconds), unit="s")


def _from_one(leads: pd.DataFrame, _own: pd.Index, picked: pd.Index, rng: Rng) -> None:
    devices = [f"farm-{number}" for number in range(int(rng.integers(1, 3)))]
    leads.loc[picked, "device_key"] = rng.choice(devices, len(picked))


def _silent(leads: pd.DataFrame, _own: pd.Index, picked: pd.Index, _rng: Rng) -> None:
    leads.loc[picked, "status"] = "unreachable"


def _applied(shares: object, change: Change, needed: str = "") -> Callable[[World, Strength, Rng], Manipulated | None]:
    def apply(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
        leads = world.frames.get("leads")
        told = leads is not None and (not needed or leads[needed].notna().any())
        return _spoilt(world, strength, rng, shares, change) if told else None

    return apply


_LEADS = frozenset({"leads"})
MANIPULATIONS = tuple(
    Manipulation(id=name, title=title, system="S30", detectors=detectors, wants=wants, tables=_LEADS, apply=apply)
    for name, title, detectors, wants, apply in (
        ("leads_twice", "leads that are there twice", ("duplicate_leads",), _LEADS, _applied(_DUPLICATES, _duplicate)),
        (
            "no_such_phones",
            "phones that can't exist",
            ("impossible_contacts",),
            _LEADS,
            _applied(_IMPOSSIBLE, _impossible),
        ),
        ("night_burst", "many leads within an hour", ("lead_burst",), _LEADS, _applied(_BURST, _in_a_burst)),
        (
            "device_farm",
            "many leads from one device",
            ("one_device",),
            _LEADS | {"devices"},
            _applied(_DEVICE, _from_one, "device_key"),
        ),
        (
            "nobody_answers",
            "leads whom nobody reaches",
            ("unreachable_leads",),
            _LEADS,
            _applied(_SILENT, _silent, "status"),
        ),
    )
)
