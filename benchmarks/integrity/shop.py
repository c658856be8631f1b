"""The shop's own ledger: orders, those cancelled and paid back, and the customers who came again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.chance import around, between, chosen, happens
from benchmarks.integrity.plan import Plan

# When people order, by hour of the day.
HOURS = np.array([2.2, 1.2, 0.7, 0.4, 0.4, 0.6, 1.3, 2.5, 3.8, 4.8, 5.4, 5.6, 6.2, 5.7, 5.2, 5.2, 5.1, 5.0, 5.0, 5.6, 6.8, 8.0, 7.6, 4.7])  # fmt: skip
_COD = "7-11 取貨付款"
_PAID = ("信用卡", "LINE Pay", "ATM 轉帳", "街口支付")


def orders(plan: Plan, world: Facts) -> pd.DataFrame:
    """orders of the days of the data; which campaign brought each is told in `campaign`, which no shop knows."""
    rng = plan.rng("shop")
    day, campaign = _placed(plan, world)
    count = len(day)
    days = np.array([datetime.combine(one, time()) for one in world.days])
    seconds = rng.choice(24, count, p=HOURS / HOURS.sum()) * 3600 + rng.integers(0, 3600, count)
    stamp = pd.to_datetime(days[day]) + pd.to_timedelta(seconds, unit="s")
    price = np.array([plan.factor("price", one) for one in world.days])[day]
    total = np.round(plan.aov * price * around(rng, 0.55, count))
    keys, new = _customers(plan, rng, count)
    cod = rng.random(count) < between(rng, (0.0, 0.45))
    frame = pd.DataFrame(
        {"ordered_at": stamp, "total": total, "customer_key": keys, "new_customer": new, "campaign": campaign}
    )
    frame["payment_method"] = np.where(cod, _COD, rng.choice(_PAID, count))
    frame = frame.sort_values("ordered_at", kind="stable").reset_index(drop=True)
    frame["order_id"] = [f"#{plan.seed % 90 + 10}{number:06d}" for number in range(1, count + 1)]
    frame["status"], frame["refunded"] = _states(plan, rng, frame)
    frame["shipping"] = np.where(frame["total"] > 1000, 0.0, 80.0)
    frame["coupon"] = np.where(rng.random(count) < 0.12, chosen(rng, ("WELCOME100", "VIP", "DEAL88")), None)
    frame["referral"] = None
    frame["sales_channel"] = chosen(rng, ("官網", "EC", None))
    if happens(rng, 0.3):
        frame["customer_key"] = None
    if happens(rng, 0.4):
        frame["new_customer"] = pd.NA
    return frame.assign(source="shopline", currency="TWD").astype({"new_customer": "boolean"})


def _placed(plan: Plan, world: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Of each order within the data: the number of its day, and that of its campaign (-1: nobody's)."""
    inside = np.array([plan.first <= one <= plan.last for one in world.days])
    counts = np.vstack([world.bought, world.organic[None, :]]) * inside
    counts = counts.astype(int)
    campaign, day = np.indices(counts.shape)
    flat = counts.ravel()
    named = np.repeat(campaign.ravel(), flat)
    return np.repeat(day.ravel(), flat), np.where(named == len(world.bought), -1, named)


def _customers(plan: Plan, rng: np.random.Generator, count: int) -> tuple[list[str], np.ndarray]:
    """Keys of customers, and who is new; the first orders of the data already have returning ones."""
    again = rng.random(count) < between(rng, plan.ranges.repeat)
    known = max(int(count * 0.3), 5)
    old = rng.integers(0, known, count)
    keys = [f"c{plan.seed}-o{old[at]}" if again[at] else f"c{plan.seed}-{at}" for at in range(count)]
    return keys, ~again


def _states(plan: Plan, rng: np.random.Generator, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """valid, pending (cash on delivery of the last days), cancelled, refunded; and money that went back in part."""
    count, ranges = len(frame), plan.ranges
    cancelled, refunded = between(rng, ranges.cancelled), between(rng, ranges.refunded)
    chance = rng.random(count)
    status = np.where(
        chance < cancelled, "cancelled", np.where(chance < cancelled + refunded, "refunded", "valid")
    ).astype(object)
    fresh = (pd.Timestamp(plan.last) + timedelta(days=1) - frame["ordered_at"]).dt.days.to_numpy() < 9
    waiting = fresh & (frame["payment_method"] == _COD).to_numpy() & (status == "valid")
    status[waiting & (rng.random(count) < between(rng, ranges.pending))] = "pending"
    total = frame["total"].to_numpy()
    partly = (status == "valid") & (rng.random(count) < 0.01)
    return status, np.where(status == "refunded", total, np.where(partly, np.round(total * 0.3), 0.0))
