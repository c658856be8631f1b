"""Reports written anew: figures of a vendor's report changed, with what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.plan import Agency
from benchmarks.integrity.reports import habit
from benchmarks.integrity.world import World
from benchmarks.integrity.writing import MADE_OF

PLACE = ["vendor", "channel", "campaign_name", "period_start", "period_end", "is_total"]


def agency(world: World, vendor: str) -> Agency:
    return next(one for one in world.plan.agencies if one.id == vendor)


def reporting(world: World, rng: Rng, *metrics: str, campaigns: bool = False) -> str | None:
    """A vendor whose report of the period tells all of these metrics (campaign by campaign); None where none does."""
    known = of_period(world, world.frames.get("vendor_claims", pd.DataFrame()))
    if campaigns:
        known = known[known["campaign_name"] != ""] if len(known) else known
    told = known.groupby("vendor")["metric"].agg(set) if len(known) else {}
    able = [vendor for vendor, names in dict(told).items() if set(metrics) <= names]
    return str(rng.choice(sorted(able))) if able else None


def of_period(world: World, claims: pd.DataFrame) -> pd.DataFrame:
    """Rows of reports that lie within the examined month."""
    if not len(claims):
        return claims
    start, end = pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end)
    return claims[(claims["period_start"] >= start) & (claims["period_end"] <= end)]


def rewritten(
    world: World, vendor: str, change: Callable[[pd.Series], float | None], *, ratios: bool = True
) -> pd.DataFrame:
    """vendor_claims with new values where `change` gives one for a row of the vendor's report of the period, written by its
    hand; ratios then follow from their new parts."""
    claims = world.frames["vendor_claims"].copy()
    hand = habit(world.plan, agency(world, vendor)).hand
    own = of_period(world, claims[claims["vendor"] == vendor])
    touched: set[object] = set()
    for at, row in own.iterrows():
        value = change(row)
        if value is not None and value != row["value"]:
            text, said = hand.written(row["metric"], value)
            claims.loc[at, ["written", "value"]] = [text, said]
            touched.add(tuple(row[PLACE]))
    if ratios:
        for _, rows in claims.loc[own.index].groupby(PLACE, dropna=False):
            if tuple(rows.iloc[0][PLACE]) in touched:
                _follow(claims, rows, hand)
    return claims


def _follow(claims: pd.DataFrame, rows: pd.DataFrame, hand: object) -> None:
    values = dict(zip(rows["metric"], rows["value"], strict=True))
    for at, row in rows.iterrows():
        parts = [values.get(name) for name in MADE_OF.get(row["metric"], ())]
        if len(parts) == 2 and parts[0] is not None and parts[1]:
            text, said = hand.written(row["metric"], parts[0] / parts[1])  # type: ignore[attr-defined]
            claims.loc[at, ["written", "value"]] = [text, said]


def total(world: World, claims: pd.DataFrame, vendor: str, metric: str) -> float:
    """What the vendor's report of the whole period says of a metric, all campaigns together."""
    own = of_period(world, claims[(claims["vendor"] == vendor) & (claims["metric"] == metric)])
    whole = own[own["period_end"] - own["period_start"] > pd.Timedelta(days=20)]
    lines = whole[whole["campaign_name"] != ""]
    return float((lines if len(lines) else whole)["value"].sum())


def without(claims: pd.DataFrame, index: Iterable[object]) -> pd.DataFrame:
    return claims.drop(index=list(index)).reset_index(drop=True)
