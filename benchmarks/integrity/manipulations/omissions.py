"""S25: what a report leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity import reports
from benchmarks.integrity.chance import Rng, thinned
from benchmarks.integrity.exports import measures
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.reports import habit
from benchmarks.integrity.rewriting import agency, of_period, reporting, rewritten, without
from benchmarks.integrity.world import World

_CAMPAIGN, _DAYS, _METRICS = by_strength(0.05, 0.14, 0.3), by_strength(3, 6, 11), by_strength(1, 2, 3)
_WORSE = by_strength(0.85, 0.7, 0.5)
_RESULTS = ("cpa", "cpl", "claimed_roas", "cvr", "conversions", "leads", "conversions_value")


def _campaign(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A campaign that isn't listed, nor counted in the total; whose spend is nearest to the share that is wanted."""
    vendor = reporting(world, rng, "spend", campaigns=True)
    if vendor is None:
        return None
    claims = world.frames["vendor_claims"]
    own = of_period(world, claims[(claims["vendor"] == vendor)])
    spends = own[(own["metric"] == "spend") & (own["campaign_name"] != "")].set_index("campaign_name")["value"]
    listed = {one.name for one in world.plan.campaigns if not one.hidden and not one.removed}
    able = spends[spends.index.isin(listed) & (spends > 0)] / spends.sum()
    if len(spends) < 2 or not len(able):
        return None
    name = (able - _CAMPAIGN[strength]).abs().idxmin()
    if not _CAMPAIGN[strength] * 0.5 <= able[name] <= 0.85:
        return None
    gone = own[own["campaign_name"] == name]
    lost = gone.groupby("metric")["value"].sum()
    rest = without(claims, gone.index)
    smaller = rewritten(world.with_tables(vendor_claims=rest), vendor, lambda row: _less(row, lost))
    return Manipulated(
        world=world.with_tables(vendor_claims=smaller), vendors=frozenset([vendor]), amounts=(float(spends[name]),)
    )


def _less(row: pd.Series, lost: pd.Series) -> float | None:
    """Totals without the campaign; days and weeks stay as they are."""
    additive = row["metric"] in {"spend", "impressions", "clicks", "conversions", "leads", "conversions_value"}
    total = row["is_total"] and additive and row["metric"] in lost
    return max(row["value"] - lost[row["metric"]], 0.0) if total else None


def _days(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """The month's last days are not in the report, which says so only in its dates."""
    vendor = reporting(world, rng, "spend", "clicks")
    if vendor is None:
        return None
    count, plan = int(_DAYS[strength]), world.plan
    end = plan.period.end - timedelta(count)
    days = np.array([day in plan.period for day in world.facts.days])
    kept = np.array([plan.period.start <= day <= end for day in world.facts.days])
    own = [at for at, one in enumerate(plan.campaigns) if one.vendor == vendor]
    spends = [measures(plan, world.facts, at)["spend"] for at in own]
    left = float(sum(row[days & ~kept].sum() for row in spends))
    if left <= 0 or sum(row[kept].sum() for row in spends) <= 0:
        return None
    claims = world.frames["vendor_claims"]
    mine = of_period(world, claims[claims["vendor"] == vendor])
    style = habit(plan, agency(world, vendor))
    shorter = pd.DataFrame(reports.cut_report(plan, world.facts, agency(world, vendor), style, end))
    for name in ("date_day", "period_start", "period_end"):
        shorter[name] = pd.to_datetime(shorter[name])
    rest = claims.drop(index=mine.index)
    whole = pd.concat([rest, shorter.assign(source="vendor_report", currency="TWD")], ignore_index=True)
    whole = whole.astype({"is_total": "boolean", "tax_included": "boolean"})
    return Manipulated(world=world.with_tables(vendor_claims=whole), vendors=frozenset([vendor]), amounts=(left,))


def _metric(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """Results got worse, and the figures that would show it are no longer in the report."""
    claims = world.frames.get("vendor_claims")
    if claims is None:
        return None
    told = (
        claims[claims["period_end"] < pd.Timestamp(world.plan.period.start)]
        .groupby(["vendor", "metric"])["period_start"]
        .nunique()
    )
    able = [
        vendor for vendor in sorted(set(claims["vendor"])) if any(told.get((vendor, name), 0) >= 2 for name in _RESULTS)
    ]
    if not able:
        return None
    vendor = str(rng.choice(able))
    days = np.array([day in world.plan.period for day in world.facts.days])
    own = np.array([one.vendor == vendor for one in world.plan.campaigns])
    touched = own[:, None] & days[None, :]
    factor = _WORSE[strength]
    facts = world.facts
    reported, viewed = (np.where(touched, thinned(rng, row, factor), row) for row in (facts.reported, facts.viewed))
    value = np.where(touched, facts.value * factor, facts.value)
    worse = world.advertised(replace(facts, reported=reported, viewed=viewed, value=value))
    names = [name for name in _RESULTS if told.get((vendor, name), 0) >= 2][: int(_METRICS[strength])]
    after = worse.frames["vendor_claims"]
    gone = of_period(world, after[(after["vendor"] == vendor) & after["metric"].isin(names)])
    return Manipulated(world=worse.with_tables(vendor_claims=without(after, gone.index)), vendors=frozenset([vendor]))


_REPORTS = frozenset({"vendor_claims"})
MANIPULATIONS = (
    Manipulation(
        id="omitted_campaign", title="a campaign left out of the report", system="S25", detectors=("omitted_campaign",), wants=frozenset({"reports"}),
        tables=_REPORTS, apply=_campaign,
    ),
    Manipulation(
        id="chosen_days", title="the last days left out of the report", system="S25", detectors=("omitted_days",), wants=frozenset({"reports"}),
        tables=_REPORTS, apply=_days,
    ),
    Manipulation(
        id="vanished_metric", title="figures that are no longer told", system="S25", detectors=("vanished_metric",),
        wants=frozenset({"reports", "history"}), tables=_REPORTS | {"ads_daily", "invoices_fees"}, apply=_metric,
    ),
)  # fmt: skip
