"""S32: history that is no longer what was reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.world import World

_RESULTS, _SPEND = by_strength(1.25, 1.6, 2.5), by_strength(0.94, 0.85, 0.65)


def _changed(world: World, strength: Strength, rng: Rng, column: str, factor: float) -> Manipulated | None:
    """The month before the examined one now has figures that its report hadn't; conversions change together with their value."""
    if world.restated is None or len(world.plan.months) < 2:
        return None
    ads, month = world.frames["ads_daily"], world.plan.months[-2]
    ads = ads[(ads["period_start"] >= pd.Timestamp(month.start)) & (ads["period_end"] <= pd.Timestamp(month.end))]
    sums = ads[ads["shape"] == "campaign_name"].groupby("source")[["spend", "conversions", "conversions_value"]].sum()
    able = sums[(sums["spend"] > 1000) & (sums["conversions"] >= 20)]
    if not len(able):
        return None
    source = str(rng.choice(sorted(able.index)))
    own = able.loc[source]
    columns = ["spend"] if column == "spend" else ["conversions", "conversions_value"]
    rest = [
        row
        for row in world.restated
        if row["table"] != "ads_daily" or row["source"] != source or row["column"] not in columns
    ]
    fresh = [_row(source, month.start, name, float(own[name]), factor) for name in columns if own[name]]
    vendors = frozenset({one.vendor for one in world.plan.campaigns if one.platform == source} | {""})
    changed = replace(world, restated=(*rest, *fresh))
    return Manipulated(world=changed, vendors=vendors, amounts=_amounts(own, column, factor))


def _row(source: str, month: Any, column: str, now: float, factor: float) -> dict[str, Any]:
    before = round(now / factor, 2)
    return {
        "table": "ads_daily", "source": source, "month": month, "column": column, "before": before, "after": now,
        "difference": round(now - before, 6), "rows": 25, "file_before": f"{source}-1.csv", "file_after": f"{source}-2.csv",
    }  # fmt: skip


def _amounts(own: pd.Series, column: str, factor: float) -> tuple[float, ...]:
    if column == "spend":
        return (abs(float(own["spend"]) * (1 - 1 / factor)),)
    part = 1 - 1 / factor
    return (float(own["conversions_value"]) * part, float(own["spend"]) * part, float(own["spend"]) * (factor - 1))


def _results(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    return _changed(world, strength, rng, "conversions", _RESULTS[strength])


def _spend(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    return _changed(world, strength, rng, "spend", _SPEND[strength])


_WANTS, _TABLES = frozenset({"restated", "history"}), frozenset({"restated"})
MANIPULATIONS = (
    Manipulation(id="restated_results", title="last month's conversions rise after the report", system="S32", detectors=("restated_history",), wants=_WANTS, tables=_TABLES, apply=_results),
    Manipulation(id="restated_spend", title="last month's spend falls after the report", system="S32", detectors=("restated_history",), wants=_WANTS, tables=_TABLES, apply=_spend),
)  # fmt: skip
