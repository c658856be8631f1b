"""Lists of orders that vendors are paid a commission for, order by order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import between
from benchmarks.integrity.plan import Plan


def claimed_orders(plan: Plan, orders: pd.DataFrame) -> pd.DataFrame:
    """claimed_orders of the last three months: of each vendor the orders that its links brought, made before some were
    cancelled or sent back; few are in the lists of two."""
    rng = plan.rng("lists")
    late = orders[orders["ordered_at"] >= pd.Timestamp(plan.months[max(len(plan.months) - 3, 0)].start)]
    found: list[pd.DataFrame] = []
    taken = np.zeros(len(late), dtype=bool)
    for one in plan.agencies:
        mine = [at for at, campaign in enumerate(plan.campaigns) if campaign.vendor == one.id]
        own = late["campaign"].isin(mine).to_numpy() & (rng.random(len(late)) < between(rng, (0.5, 0.95)))
        # Few of another's orders are its own as well: a part of its list, however long the other one is.
        both = between(rng, plan.ranges.list_overlap) * own.sum() / max(taken.sum(), 1)
        own |= taken & (rng.random(len(late)) < both)
        lost = late["status"].isin(["cancelled", "refunded"]).to_numpy()
        own &= ~lost | (rng.random(len(late)) < between(rng, (0.0, 0.3)))
        taken |= own
        found.append(_list(plan, rng, late[own], one.id, one.zh))
    return pd.concat(found, ignore_index=True)


def _list(plan: Plan, rng: np.random.Generator, own: pd.DataFrame, vendor: str, name: str) -> pd.DataFrame:
    share = float(rng.choice((0.05, 0.08, 0.1, 0.12)))
    new = own["new_customer"].astype("boolean")
    slip = rng.random(len(own)) < between(rng, plan.ranges.new_customer_slip)
    said = new.mask(slip & new.notna(), True) if rng.random() < 0.7 else pd.array([pd.NA] * len(own), dtype="boolean")
    return pd.DataFrame({
        "order_id": own["order_id"], "claimed_on": own["ordered_at"].dt.normalize(), "amount": own["total"], "commission": np.round(own["total"] * share),
        "new_customer": said,
    }).assign(source="claimed_orders", vendor_name=name, vendor=vendor, currency="TWD").astype({"new_customer": "boolean"})  # fmt: skip
