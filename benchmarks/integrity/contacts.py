"""The client's own ledger of leads: who left a number, whether it can be reached, and who is there twice."""

from __future__ import annotations

from datetime import datetime, time

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.chance import between, happens
from benchmarks.integrity.plan import Plan
from benchmarks.integrity.shop import HOURS

_REFERRAL = {"google_ads": "google", "meta_ads": "facebook", "line_ads": "line", "tiktok_ads": "tiktok"}


def leads(plan: Plan, world: Facts) -> pd.DataFrame:
    """leads of the days of the data. Some lists don't say the campaign, the e-mail or the device."""
    rng = plan.rng("leads")
    inside = np.array([plan.first <= one <= plan.last for one in world.days])
    counts = (np.vstack([world.bought, world.organic[None, :]]) * inside).astype(int)
    campaign, day = (index.ravel().repeat(counts.ravel()) for index in np.indices(counts.shape))
    count = len(day)
    days = pd.to_datetime(np.array([datetime.combine(one, time()) for one in world.days]))
    seconds = rng.choice(24, count, p=HOURS / HOURS.sum()) * 3600 + rng.integers(0, 3600, count)
    frame = pd.DataFrame({"received_at": days[day] + pd.to_timedelta(seconds, unit="s")})
    names = np.array([*(one.name for one in plan.campaigns), None], dtype=object)
    referral = np.array([*(_REFERRAL[one.platform] for one in plan.campaigns), "organic"], dtype=object)
    frame["campaign_name"], frame["referral"] = names[campaign], referral[campaign]
    frame["campaign_name"] = frame["campaign_name"].where(rng.random(count) > 0.03, None)
    frame["form_name"] = "線上諮詢"
    frame = _people(plan, rng, frame).sort_values("received_at", kind="stable").reset_index(drop=True)
    frame["status"] = _states(plan, rng, frame)
    frame["lead_id"] = [f"l{plan.seed}-{number}" for number in range(len(frame))]
    frame["is_test"] = False
    if happens(rng, 0.1):
        frame["status"] = None
    return frame.assign(source="leads", currency="TWD").astype({"is_test": "boolean"})


def _people(plan: Plan, rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Each with a phone, mostly an e-mail, and a device; some are there twice, some share one, a few mistype."""
    count, ranges = len(frame), plan.ranges
    person = np.arange(count)
    again = rng.random(count) < between(rng, ranges.duplicates)
    person[again] = np.maximum(person[again] - rng.integers(1, 40, int(again.sum())), 0)
    shared = rng.random(count) < between(rng, ranges.shared_device)
    device = np.where(shared, np.maximum(person - rng.integers(1, 15, count), 0), person)
    frame["phone_key"] = [f"p{plan.seed}-{one}" for one in person]
    wrong, missing = rng.random(count) < between(rng, ranges.impossible), rng.random(count) < 0.01
    frame["phone_state"] = np.where(wrong, "impossible", np.where(missing, "missing", "valid"))
    landline = rng.random(count) < 0.06
    frame["phone_kind"] = np.where(frame["phone_state"] == "valid", np.where(landline, "landline", "mobile"), None)
    frame.loc[frame["phone_state"] == "missing", "phone_key"] = None
    told = rng.random(count) < between(rng, (0.0, 0.95))
    frame["email_key"] = np.where(told, [f"e{plan.seed}-{one}" for one in person], None)
    frame["email_state"] = np.where(told, np.where(rng.random(count) < 0.01, "impossible", "valid"), "missing")
    frame["email_domain_kind"] = np.where(told, np.where(rng.random(count) < 0.85, "freemail", "other"), None)
    frame["name_key"] = [f"n{one % 900}" for one in person]
    frame["device_key"] = [f"d{plan.seed}-{one}" for one in device] if "devices" in plan.has else None
    return frame


def _states(plan: Plan, rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    """How far each was followed up: the last days' are mostly new."""
    count = len(frame)
    unreachable, invalid, won = (
        between(rng, plan.ranges.unreachable),
        between(rng, (0.005, 0.03)),
        between(rng, (0.03, 0.2)),
    )
    rest = 1 - unreachable - invalid - won
    states = ("unreachable", "invalid", "won", "qualified", "contacted", "lost")
    chosen = rng.choice(states, count, p=(unreachable, invalid, won, rest * 0.35, rest * 0.3, rest * 0.35)).astype(
        object
    )
    told = frame["received_at"].dt.date
    drift = dict(zip(days := sorted(set(told)), plan.drifting("leads", days, plan.ranges.drift), strict=True))
    silent = np.clip(unreachable * (told.map(drift).to_numpy() - 1), 0, 0.3)
    chosen[rng.random(count) < silent] = "unreachable"
    age = (pd.Timestamp(plan.last) - frame["received_at"]).dt.days.to_numpy()
    chosen[rng.random(count) < 0.8 * np.exp(-np.maximum(age, 0) / 5)] = "new"
    return chosen
