"""S22: a report whose figures are not the platform's."""

from __future__ import annotations

from math import ceil, floor, log10

import pandas as pd

from benchmarks.integrity.chance import Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.rewriting import reporting, rewritten, total
from benchmarks.integrity.world import World

_SPEND, _CONVERSIONS = by_strength(1.06, 1.15, 1.35), by_strength(1.2, 1.4, 1.8)
_RATIO = by_strength(1.1, 1.25, 1.6)
# So many digits are left by the kind rounding.
_DIGITS = by_strength(3, 2, 1)
_BETTER_UP = {
    "conversions",
    "leads",
    "conversions_value",
    "claimed_roas",
    "ctr",
    "cvr",
    "clicks",
    "impressions",
    "orders",
    "revenue",
}
_BETTER_DOWN = {"cpa", "cpl", "cpc"}


def _spend(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    vendor = reporting(world, rng, "spend")
    if vendor is None:
        return None
    factor = _SPEND[strength]
    claims = rewritten(world, vendor, lambda row: row["value"] * factor if row["metric"] == "spend" else None)
    honest = total(world, world.frames["vendor_claims"], vendor, "spend")
    return Manipulated(
        world=world.with_tables(vendor_claims=claims), vendors=frozenset([vendor]), amounts=(honest * (factor - 1),)
    )


def _conversions(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    metric = "leads" if reporting(world, rng, "leads") else "conversions"
    vendor = reporting(world, rng, metric)
    if vendor is None or total(world, world.frames["vendor_claims"], vendor, metric) < 5:
        return None
    factor = _CONVERSIONS[strength]
    claims = rewritten(world, vendor, lambda row: _more(row, metric, factor))
    before = world.frames["vendor_claims"]
    spend, value = total(world, before, vendor, "spend"), total(world, before, vendor, "conversions_value")
    # The money behind the surplus: its value as claimed, or what its conversions would have cost.
    amounts = (value * (factor - 1), spend * (factor - 1), spend * (1 - 1 / factor))
    return Manipulated(world=world.with_tables(vendor_claims=claims), vendors=frozenset([vendor]), amounts=amounts)


def _more(row: pd.Series, metric: str, factor: float) -> float | None:
    if row["metric"] == metric:
        return float(ceil(row["value"] * factor))
    return row["value"] * factor if row["metric"] == "conversions_value" else None


def _ratios(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    able = [name for name in ("claimed_roas", "cpa", "cpl", "cpc", "ctr", "cvr") if reporting(world, rng, name)]
    if not able:
        return None
    metric = str(rng.choice(able))
    vendor = reporting(world, rng, metric)
    assert vendor is not None
    factor = _RATIO[strength] if metric in _BETTER_UP else 1 / _RATIO[strength]
    claims = rewritten(
        world, vendor, lambda row: row["value"] * factor if row["metric"] == metric else None, ratios=False
    )
    return Manipulated(world=world.with_tables(vendor_claims=claims), vendors=frozenset([vendor]))


def _rounding(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    vendor = reporting(world, rng, "spend", "clicks", campaigns=True)
    if vendor is None:
        return None
    claims = rewritten(world, vendor, lambda row: _kindly(row, int(_DIGITS[strength])), ratios=False)
    return Manipulated(world=world.with_tables(vendor_claims=claims), vendors=frozenset([vendor]))


def _kindly(row: pd.Series, digits: int) -> float | None:
    value = float(row["value"])
    if value <= 0 or row["metric"] not in _BETTER_UP | _BETTER_DOWN:
        return None
    step = 10.0 ** (floor(log10(value)) - digits + 1)
    whole = row["metric"] not in {"claimed_roas", "ctr", "cvr"}
    step = max(step, 1.0) if whole else step
    return (ceil(value / step - 1e-9) if row["metric"] in _BETTER_UP else floor(value / step + 1e-9)) * step


_REPORTS = frozenset({"vendor_claims"})
MANIPULATIONS = (
    Manipulation(
        id="inflated_spend", title="claimed spend above the platform's", system="S22", detectors=("claim_differs", "claim_total_differs"),
        wants=frozenset({"reports"}), tables=_REPORTS, apply=_spend,
    ),
    Manipulation(
        id="inflated_conversions", title="claimed conversions above the platform's", system="S22",
        detectors=("claim_differs", "claim_total_differs", "claims_beyond_orders"), wants=frozenset({"reports"}), tables=_REPORTS, apply=_conversions,
    ),
    Manipulation(
        id="ratios_apart", title="ratios that don't follow from their parts", system="S22", detectors=("claim_ratio_differs",),
        wants=frozenset({"reports"}), tables=_REPORTS, apply=_ratios,
    ),
    Manipulation(
        id="kind_rounding", title="rounding that always favours the vendor", system="S22",
        detectors=("favourable_rounding", "claim_ratio_differs", "claim_differs", "claim_total_differs"), wants=frozenset({"reports"}), tables=_REPORTS,
        apply=_rounding,
    ),
)  # fmt: skip
