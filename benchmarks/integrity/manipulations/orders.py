"""S23 and S24: claims that the shop's own orders don't bear out."""

from __future__ import annotations

import pandas as pd

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.rewriting import reporting, rewritten, total
from benchmarks.integrity.world import World

_BEYOND, _CANCELLED = by_strength(1.15, 1.4, 2.0), by_strength(0.08, 0.2, 0.4)
_EXISTING, _DOUBLED = by_strength(0.15, 0.35, 0.7), by_strength(0.15, 0.35, 0.6)
_LISTS = frozenset({"orders", "commission_list"})


def _beyond(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Orders and revenue that are more than the shop had in all."""
    vendor = reporting(world, rng, "orders") or reporting(world, rng, "revenue")
    if vendor is None or world.ledger is None:
        return None
    kept = _of_month(world, world.ledger, "ordered_at")
    kept = kept[~kept["status"].isin(["cancelled", "refunded"])]
    if len(kept) < 5:
        return None
    factor = _BEYOND[strength]
    real = {"orders": float(len(kept)), "revenue": float(kept["total"].sum())}
    claims = rewritten(
        world, vendor, lambda row: round(real[row["metric"]] * factor) if row["metric"] in real else None
    )
    spend = total(world, world.frames["vendor_claims"], vendor, "spend")
    amounts = (real["revenue"] * (factor - 1), spend * (1 - 1 / factor))
    return Manipulated(world=world.with_tables(vendor_claims=claims), vendors=frozenset([vendor, ""]), amounts=amounts)


def _of_month(world: World, frame: pd.DataFrame, day: str) -> pd.DataFrame:
    start, end = pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end) + pd.Timedelta(days=1)
    return frame[(frame[day] >= start) & (frame[day] < end)]


def _list_of(world: World, least: int) -> tuple[str, pd.DataFrame] | None:
    """The vendor with the longest list of the month, where that is long enough."""
    own = _of_month(
        world, world.frames.get("claimed_orders", pd.DataFrame({"claimed_on": pd.to_datetime([])})), "claimed_on"
    )
    if not len(own):
        return None
    vendor = own["vendor"].value_counts().index[0]
    mine = own[own["vendor"] == vendor]
    return (str(vendor), mine) if len(mine) >= least else None


def _cancelled(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Cancelled and refunded orders are put on the list."""
    found = _list_of(world, 20)
    if found is None:
        return None
    vendor, mine = found
    pool = _of_month(world, world.frames["orders"], "ordered_at")
    pool = pool[pool["status"].isin(["cancelled", "refunded"]) & ~pool["order_id"].isin(mine["order_id"])]
    count = max(int(len(mine) * _CANCELLED[strength]), 3)
    if len(pool) < count * 0.8:
        return None
    rate = float((mine["commission"] / mine["amount"]).median())
    more = _listed(pool.sample(min(count, len(pool)), random_state=int(rng.integers(2**31))), mine, rate)
    both = pd.concat([world.frames["claimed_orders"], more], ignore_index=True).astype({"new_customer": "boolean"})
    before = world.frames["orders"]
    lost = before[before["order_id"].isin(mine["order_id"]) & before["status"].isin(["cancelled", "refunded"])][
        "total"
    ].sum()
    whole = float(more["amount"].sum() + lost)
    return Manipulated(
        world=world.with_tables(claimed_orders=both), vendors=frozenset([vendor]), amounts=(whole, whole * rate)
    )


def _listed(orders: pd.DataFrame, like: pd.DataFrame, rate: float) -> pd.DataFrame:
    same = {name: like[name].iloc[0] for name in ("source", "vendor_name", "vendor", "currency")}
    return pd.DataFrame({
        "order_id": orders["order_id"], "claimed_on": orders["ordered_at"].dt.normalize(), "amount": orders["total"],
        "commission": (orders["total"] * rate).round(), "new_customer": pd.array([pd.NA] * len(orders), dtype="boolean"),
    }).assign(**same)  # fmt: skip


def _existing(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Customers who were there before are called new."""
    found = _list_of(world, 20)
    orders = world.frames.get("orders")
    if found is None or orders is None or orders["new_customer"].isna().all():
        return None
    vendor, mine = found
    known = orders.set_index("order_id")["new_customer"]
    claims = world.frames["claimed_orders"].copy()
    own = claims["vendor"] == vendor
    claims.loc[own, "new_customer"] = claims.loc[own, "order_id"].map(known)
    old = mine[~mine["order_id"].map(known).fillna(True).astype(bool)]
    if len(old) < 10:
        return None
    picked = old.sample(max(int(len(old) * _EXISTING[strength]), 3), random_state=int(rng.integers(2**31)))
    claims.loc[picked.index, "new_customer"] = True
    # Those who are called new among all who were there before.
    amounts = (float(picked["amount"].sum()), float(picked["commission"].sum()))
    return Manipulated(world=world.with_tables(claimed_orders=claims), vendors=frozenset([vendor]), amounts=amounts)


def _doubled(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Another vendor's orders are on the list as well."""
    found = _list_of(world, 20)
    others = [one for one in world.plan.agencies if found is not None and one.id != found[0]]
    if found is None or not others:
        return None
    vendor, mine = found
    other = others[int(rng.integers(len(others)))]
    claims = world.frames["claimed_orders"]
    theirs = claims[claims["vendor"] == other.id]
    fresh = mine[~mine["order_id"].isin(theirs["order_id"])]
    copied = fresh.sample(max(int(len(mine) * _DOUBLED[strength]), 3), random_state=int(rng.integers(2**31)))
    copied = copied.assign(vendor=other.id, vendor_name=other.zh)
    both = pd.concat([claims, copied], ignore_index=True).astype({"new_customer": "boolean"})
    shared = set(mine["order_id"]) & {*theirs["order_id"], *copied["order_id"]}
    twice = mine[mine["order_id"].isin(shared)]
    amounts = (float(twice["amount"].sum()), float(twice["commission"].sum()), 2 * float(twice["commission"].sum()))
    return Manipulated(
        world=world.with_tables(claimed_orders=both), vendors=frozenset([vendor, other.id, ""]), amounts=amounts
    )


MANIPULATIONS = (
    Manipulation(
        id="orders_beyond", title="claimed orders above the ledger's", system="S23", detectors=("claims_beyond_orders", "double_claims"),
        wants=frozenset({"reports", "orders"}), tables=frozenset({"vendor_claims"}), apply=_beyond,
    ),
    Manipulation(
        id="cancelled_claimed", title="cancelled orders on the list", system="S23", detectors=("cancelled_orders_claimed",), wants=_LISTS,
        tables=frozenset({"claimed_orders"}), apply=_cancelled,
    ),
    Manipulation(
        id="existing_as_new", title="existing customers sold as new", system="S23", detectors=("existing_customers_as_new",), wants=_LISTS,
        tables=frozenset({"claimed_orders"}), apply=_existing,
    ),
    Manipulation(
        id="claimed_twice", title="one order on two vendors' lists", system="S24", detectors=("double_claims",), wants=_LISTS | {"vendors"},
        tables=frozenset({"claimed_orders"}), apply=_doubled,
    ),
)  # fmt: skip
