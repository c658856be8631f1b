"""The vendors' own reports: what each says of its campaigns, month by month, in its own habits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.chance import Floats, Rng, between, chosen, happens
from benchmarks.integrity.exports import measures
from benchmarks.integrity.plan import Agency, Plan
from benchmarks.integrity.writing import MADE_OF, Hand
from kpi_toolkit.periods import Period

_ADDITIVE = ("spend", "impressions", "clicks", "conversions", "conversions_value", "leads")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What a vendor's report looks like. `late` are the shares by which its spend and conversions miss the settled ones."""

    hand: Hand
    metrics: tuple[str, ...]
    ledger: tuple[str, ...]  # figures of the shop that it tells as well
    by_campaign: bool
    by_platform: bool
    weekly: bool
    daily: bool
    own_zone: bool  # made by Taipei's days although the account isn't
    whole_site: bool  # its orders and revenue are the site's, not those it brought
    months: int


def habit(plan: Plan, one: Agency) -> Habit:
    """The habits of one vendor: the same in every month."""
    rng = plan.rng(f"habit {one.id}")
    result = ("leads", "cpl") if plan.goal == "leads" and happens(rng, 0.5) else ("conversions", "cpa")
    ratios = [
        name for name in ("ctr", "cpc", "cvr") if happens(rng, 0.6) and not (name == "cvr" and result[0] == "leads")
    ]
    value = ["conversions_value", "claimed_roas"] if plan.goal == "orders" and happens(rng, 0.75) else []
    ledger = [name for name in ("orders", "revenue", "new_customers") if "orders" in plan.has and happens(rng, 0.4)]
    by_campaign = happens(rng, 0.75)
    return Habit(
        hand=Hand(
            money=chosen(rng, ("plain", "cents", "thousands", "wan"), (0.6, 0.15, 0.12, 0.13)),
            counts=chosen(rng, ("plain", "wan"), (0.85, 0.15)), percent=chosen(rng, (1, 2)), roas=chosen(rng, ("times", "percent"), (0.8, 0.2)),
        ),
        metrics=("spend", "impressions", "clicks", *ratios, result[0], *(result[1:] if happens(rng, 0.8) else ()), *value),
        ledger=tuple(ledger), by_campaign=by_campaign, by_platform=happens(rng, 0.6), weekly=happens(rng, 0.12),
        daily="daily_reports" in plan.has, own_zone=happens(rng, 0.5),
        whole_site=happens(rng, 0.5 if len(plan.agencies) == 1 else 0.1), months=chosen(rng, (1, 3, 99), (0.2, 0.3, 0.5)),
    )  # fmt: skip


def claims(plan: Plan, world: Facts, orders: pd.DataFrame | None) -> pd.DataFrame:
    """vendor_claims: every vendor's reports, mostly of all months of the data."""
    rows: list[Row] = []
    for one in plan.agencies:
        style = habit(plan, one)
        rows += [
            row for month in plan.months[-style.months :] for row in _report(plan, world, orders, one, style, month)
        ]
    frame = pd.DataFrame(rows)
    for name in ("date_day", "period_start", "period_end"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.assign(source="vendor_report", currency="TWD", tax_included=pd.NA).astype({"is_total": "boolean", "tax_included": "boolean"})  # fmt: skip


def _report(
    plan: Plan, world: Facts, orders: pd.DataFrame | None, one: Agency, style: Habit, month: Period
) -> Iterator[Row]:
    rng = plan.rng(f"report {one.id} {month}")
    late = _late(plan, rng)
    figures = _figures(plan, world, one, style, late)
    whole = _within(world.days, month)
    ledger = _ledger(plan, orders, one, style, month, rng) if orders is not None else {}
    told = [name for name in style.metrics if name in _ADDITIVE]
    sums = {at: {name: float(row[name][whole].sum()) for name in told} for at, row in figures.items()}
    yield from _whole_span(plan, one, style, month, sums, ledger)
    spans = list(_spans(style, month)) if month == plan.period else []
    for span in spans:
        within = _within(world.days, span)
        part = {
            name: sum(float(row[name][within].sum()) for at, row in figures.items() if _counts(plan, at, name))
            for name in told
        }
        if part["impressions"] > 0:
            yield from _cells(one, style, span, "", "", part, total=False, daily=span.days == 1)


def _whole_span(
    plan: Plan,
    one: Agency,
    style: Habit,
    span: Period,
    sums: Mapping[int, Mapping[str, float]],
    ledger: Mapping[str, float],
) -> Iterator[Row]:
    """A line for each campaign that was shown, where the vendor tells them, and the total."""
    shown = {at: row for at, row in sums.items() if any(row.values())}
    if style.by_campaign:
        for at, row in shown.items():
            campaign = plan.campaigns[at]
            platform = campaign.platform if style.by_platform else ""
            yield from _cells(one, style, span, platform, campaign.name, row, total=False, friends=not campaign.rate)
    names = [name for name in style.metrics if name in _ADDITIVE]
    total = {name: sum(row[name] for at, row in shown.items() if _counts(plan, at, name)) for name in names}
    yield from _cells(one, style, span, "", "", {**total, **ledger}, total=style.by_campaign)


def cut_report(plan: Plan, world: Facts, one: Agency, style: Habit, end: date) -> list[Row]:
    """The report of the examined month that ends early, on `end`, as its dates say; without figures of the shop."""
    days = Period(plan.period.start, end)
    whole = _within(world.days, days)
    figures = _figures(plan, world, one, style, {})
    told = [name for name in style.metrics if name in _ADDITIVE]
    sums = {at: {name: float(row[name][whole].sum()) for name in told} for at, row in figures.items()}
    return list(_whole_span(plan, one, style, days, sums, {}))


def _counts(plan: Plan, at: int, metric: str) -> bool:
    """Friends who were gained are no conversions of the shop's."""
    return bool(plan.campaigns[at].rate) or metric not in {"conversions", "leads", "conversions_value"}


def _spans(style: Habit, month: Period) -> Iterator[Period]:
    if style.daily:
        yield from (Period(day, day) for day in month.each_day())
    elif style.weekly:
        start = month.start
        while start <= month.end:
            end = min(start + timedelta(6 - start.weekday()), month.end)
            yield Period(start, end)
            start = end + timedelta(1)


def _late(plan: Plan, rng: Rng) -> Mapping[str, float]:
    """Most reports are made of settled figures; others some days too early, or of figures that are taken back later."""
    if happens(rng, 0.55):
        return {}
    spend = between(rng, plan.ranges.spend_settled) * rng.beta(1, 3) * chosen(rng, (-1, 1))
    later = between(rng, plan.ranges.conversions_settled) * chosen(rng, (-1, -1, -1, 1))
    return {"spend": spend, "clicks": spend, "impressions": spend, "conversions": later, "leads": later, "conversions_value": later}  # fmt: skip


def _figures(
    plan: Plan, world: Facts, one: Agency, style: Habit, late: Mapping[str, float]
) -> dict[int, dict[str, Floats]]:
    found = {}
    for at, campaign in enumerate(plan.campaigns):
        if campaign.vendor == one.id:
            row = (
                _own_zone(plan, world, at)
                if style.own_zone and campaign.platform in plan.tz_part
                else measures(plan, world, at)
            )
            row = row | {"leads": row["conversions"]}
            found[at] = {name: _settled(name, row[name], late.get(name, 0.0), plan) for name in _ADDITIVE}
    return found


def _own_zone(plan: Plan, world: Facts, at: int) -> dict[str, Floats]:
    raw = (world.spend, world.impressions, world.clicks, world.reported, world.value)
    return {name: table[at] for name, table in zip(_ADDITIVE, raw, strict=False)}


def _settled(name: str, row: Floats, off: float, plan: Plan) -> Floats:
    if not off:
        return row
    return np.round(row * (1 + off), 2) if name in {"spend", "conversions_value"} else np.round(row * (1 + off))


def _within(days: Sequence[date], span: Period) -> np.ndarray:
    return np.array([day in span for day in days])


def _cells(
    one: Agency, style: Habit, span: Period, platform: str, campaign: str, figures: Mapping[str, float], *, total: bool,
    friends: bool = False, daily: bool = False,
) -> Iterator[Row]:  # fmt: skip
    wanted = (
        style.metrics if campaign or daily else (*style.metrics, *(name for name in style.ledger if name in figures))
    )
    for metric in wanted:
        if friends and metric in {"conversions", "leads", "cpa", "cpl", "cvr", "conversions_value", "claimed_roas"}:
            continue
        value = _value(metric, figures)
        if value is None:
            continue
        text, said = style.hand.written(metric, value)
        yield {
            "vendor_name": one.zh, "vendor": one.id, "platform": platform or None, "channel": platform, "campaign_name": campaign,
            "grain": "day" if daily else "period", "date_day": span.start if daily else None, "period_start": span.start,
            "period_end": span.end, "metric": metric, "value": said, "written": text, "is_total": total,
        }  # fmt: skip


def _value(metric: str, figures: Mapping[str, float]) -> float | None:
    """A ratio follows from its parts; None where there is nothing to divide by."""
    if metric not in MADE_OF:
        return figures.get(metric)
    above, below = (figures.get(name) for name in MADE_OF[metric])
    return above / below if above is not None and below else None


def _ledger(plan: Plan, orders: pd.DataFrame, one: Agency, style: Habit, month: Period, rng: Rng) -> dict[str, float]:
    """What the shop's ledger said when the report was made: before some of the orders were cancelled or sent back."""
    within = orders["ordered_at"].dt.date.map(lambda day: day in month)
    lost = orders["status"].isin(["cancelled", "refunded"])
    known = orders[within & (~lost | (rng.random(len(orders)) < between(rng, (0.0, 0.4))))]
    if not style.whole_site:
        mine = [at for at, campaign in enumerate(plan.campaigns) if campaign.vendor == one.id]
        known = known[known["campaign"].isin(mine)]
        known = known[rng.random(len(known)) < 1 - plan.tracking_loss * 0.5]
    new = known["new_customer"].fillna(False).sum() if known["new_customer"].notna().any() else len(known) * 0.6
    slip = 1 + between(rng, plan.ranges.new_customer_slip) * 0.5
    found = {
        "orders": float(len(known)),
        "revenue": float(known["total"].sum()),
        "new_customers": min(round(new * slip), len(known)),
    }
    return {name: found[name] for name in style.ledger}
