"""The days of the campaigns: what was spent, shown, clicked and bought, and what the platforms make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from benchmarks.integrity.campaigns import Campaign
from benchmarks.integrity.chance import Floats, around, between, counted, happens, thinned, wandering
from benchmarks.integrity.plan import Plan
from benchmarks.integrity.seasons import auction, each_day

# So many days before the data begin, and after they end, are known too: for accounts in other time zones and invoices that
# are cut off earlier.
BEFORE, AFTER = 12, 2


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Figures by campaign (rows) and day (columns). `bought` are orders or leads that a click really brought; `reported`
    are the platform's conversions, `viewed` those of them after a view, `value` their money; `sessions` what the site saw."""

    days: Sequence[date]
    spend: Floats
    impressions: Floats
    clicks: Floats
    bought: Floats
    reported: Floats
    viewed: Floats
    value: Floats
    sessions: Floats
    organic: Floats  # orders a day that no ad brought
    demand: Floats


def facts(plan: Plan) -> Facts:
    """The days of all campaigns."""
    days = each_day(plan.first - timedelta(BEFORE), plan.last + timedelta(AFTER))
    rng = plan.rng("advertising")
    demand = plan.year.demand(days) * wandering(rng, len(days), plan.weekly)
    prices, levels = auction(days), _levels(plan, days)
    rows = [_campaign(plan, one, days, demand, prices, levels) for one in plan.campaigns]
    spend, impressions, clicks, bought, sessions = (np.array([row[at] for row in rows]) for at in range(5))
    organic = _organic(plan, days, demand, bought)
    reported, viewed = _reported(plan, days, bought, organic, spend)
    value = reported * plan.aov * np.array([plan.factor("price", day) for day in days])
    value = value * around(rng, 0.5, value.shape) ** (1 / np.sqrt(np.maximum(reported, 1)))
    return Facts(
        days=days, spend=spend, impressions=impressions, clicks=clicks, bought=bought, reported=reported, viewed=viewed,
        value=np.round(value, 0 if plan.goal == "orders" else 2), sessions=sessions, organic=organic, demand=demand,
    )  # fmt: skip


def _levels(plan: Plan, days: Sequence[date]) -> Floats:
    """What is planned to be spent on each day: the month's level and any change of budget."""
    months = [one.start for one in plan.months]
    at = [max(sum(day >= start for start in months) - 1, 0) for day in days]
    return np.array([plan.growth[n] * plan.factor("budget", day) for n, day in zip(at, days, strict=True)])


def _campaign(
    plan: Plan, one: Campaign, days: Sequence[date], demand: Floats, prices: Floats, levels: Floats
) -> tuple[Floats, ...]:
    rng = plan.rng(f"campaign {one.id} {one.name}")
    own = [
        other for other in plan.campaigns if other.runs(plan.period.start) or other.runs(plan.period.end)
    ] or plan.campaigns
    budget = plan.media / 30 * one.weight / sum(other.weight for other in own)
    runs = np.array([one.runs(day) for day in days], dtype=float)
    noise = wandering(rng, len(days), plan.weekly)
    elastic = np.full(len(days), 1.0) if one.capped else np.clip(demand, 0.3, 3.5) ** between(rng, (0.4, 0.9)) * noise
    planned = budget * levels * elastic * runs * plan.drifting(f"mix {one.name}", days, plan.ranges.mix)
    wander = wandering(rng, len(days), plan.weekly * 0.6)
    click = one.click * prices * wander
    rate_of_clicks = one.ctr * wandering(rng, len(days), plan.weekly * 0.6)
    shown = counted(rng, planned / click / rate_of_clicks, plan.dispersion * 4)
    clicks = np.minimum(counted(rng, shown * rate_of_clicks, plan.dispersion), shown)
    spend = (
        planned * around(rng, 0.015, len(days)) * (shown > 0)
        if one.capped
        else clicks * click * around(rng, 0.04, len(days))
    )
    if one.reserved:
        spend = shown * round(one.click * one.ctr * 1000) / 1000
    landing = np.array([plan.factor("landing", day) for day in days])
    rate = one.rate * np.clip(demand, 0.3, 4) ** 0.6 * landing * wandering(rng, len(days), plan.weekly)
    robots = plan.bots * around(rng, 0.4, len(days))
    bought = counted(rng, clicks * (1 - robots) * rate, min(plan.dispersion, 3.0)) if one.rate else np.zeros(len(days))
    reached = one.reached * around(rng, 0.05, len(days)) * wandering(rng, len(days), 0.04)
    reached = reached * plan.drifting(f"visits {one.platform}", days, plan.ranges.drift)
    sessions = thinned(rng, clicks, (1 - robots * 0.7) * reached)
    return np.round(spend, 2 if happens(rng, 0.5) else 0), shown, clicks, np.minimum(bought, clicks), sessions


def _organic(plan: Plan, days: Sequence[date], demand: Floats, bought: Floats) -> Floats:
    """Orders (or leads) that came by themselves; steadier than those that ads bring."""
    rng = plan.rng("organic")
    usual = bought.sum() / max(len(days), 1) * plan.organic / (1 - plan.organic)
    return counted(rng, usual * np.clip(demand, 0.2, 4) * wandering(rng, len(days), plan.weekly), plan.dispersion)


def _reported(
    plan: Plan, days: Sequence[date], bought: Floats, organic: Floats, spend: Floats
) -> tuple[Floats, Floats]:
    """What platforms report: what they saw of their own, a part of others' orders, and those who only saw an ad. The last
    days' are not all in yet where they are told by the day of the click."""
    rng = plan.rng("attribution")
    everything = bought.sum(axis=0) + organic
    reported, viewed = np.zeros_like(bought), np.zeros_like(bought)
    part = bought.sum(axis=1) / max(bought.sum(), 1)
    # Nobody is credited for an ad that has not run for days.
    near = np.array([np.convolve(row > 0, np.ones(4))[: len(days)] > 0 for row in spend])
    age = np.array([(plan.last - day).days for day in days])
    for at, one in enumerate(plan.campaigns):
        if not one.rate:
            continue
        seen = thinned(rng, bought[at], 1 - plan.tracking_loss)
        brand = 2.0 if one.kind in {"brand", "retargeting"} else 1.0
        credit = min(plan.overlap * brand * part[at], 0.6) * near[at]
        others = thinned(rng, np.maximum(everything - bought[at], 0), credit)
        views = plan.drifting(f"views {one.platform}", days, plan.ranges.drift)
        share = min(between(rng, plan.ranges.views) * one.views, 0.6)
        after_view = np.minimum(
            counted(rng, (seen + others) * share / (1 - share) * views, 1.3), np.maximum(everything, 0)
        )
        whole = 1 - 0.6 * np.exp(-np.maximum(age, 0) / plan.lag) if one.platform in {"google_ads", "line_ads"} else 1.0
        viewed[at] = thinned(rng, after_view, whole)
        reported[at] = thinned(rng, seen + others, whole) + viewed[at]
    return reported, viewed
