"""The platforms' exports of a client's ads, in the grains that people download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.campaigns import Campaign
from benchmarks.integrity.chance import Floats, chosen
from benchmarks.integrity.plan import Plan

MEASURES = ("spend", "impressions", "clicks", "conversions", "view_conversions", "conversions_value")
_GRAINS = ("campaign", "both", "group", "period")


def shifted(figures: Floats, part: float) -> Floats:
    """Days as an account in another zone tells them: the last `part` of each Taipei day belongs to the day before there."""
    if not part:
        return figures
    late = np.concatenate([figures[..., 1:], figures[..., -1:]], axis=-1)
    return (1 - part) * figures + part * late


def measures(plan: Plan, world: Facts, at: int) -> dict[str, Floats]:
    """The campaign's figures day by day, as its platform tells them."""
    one = plan.campaigns[at]
    part = plan.tz_part.get(one.platform, 0.0)
    raw = (world.spend, world.impressions, world.clicks, world.reported, world.viewed, world.value)
    told = {name: shifted(table[at], part) for name, table in zip(MEASURES, raw, strict=True)}
    fractional = plan.fractional and one.platform == "google_ads"
    for name in ("impressions", "clicks", "conversions", "view_conversions"):
        told[name] = np.round(told[name], 2 if fractional and name == "conversions" else 0)
    told["spend"] = np.round(told["spend"], 2)
    told["conversions"] = np.maximum(told["conversions"], told["view_conversions"])
    if one.kind == "friends":
        told["followers_gained"] = np.floor(told["clicks"] * 0.35)
    return told


def ads(plan: Plan, world: Facts) -> pd.DataFrame:
    """ads_daily, without what the agreement adds."""
    rng = plan.rng("exports")
    inside = np.array([plan.first <= day <= plan.last for day in world.days])
    days = [day for day, known in zip(world.days, inside, strict=True) if known]
    parts: list[pd.DataFrame] = []
    for platform in dict.fromkeys(one.platform for one in plan.campaigns):
        own = [(at, one) for at, one in enumerate(plan.campaigns) if one.platform == platform]
        listed = {at: {name: row[inside] for name, row in measures(plan, world, at).items()} for at, _ in own}
        weights = (0.7, 0.15, 0.08, 0.07) if platform == "google_ads" else (0.75, 0.18, 0.0, 0.07)
        grain = chosen(rng, _GRAINS, weights)
        parts += list(_platform(rng, plan, own, listed, days, grain))
    frame = pd.concat(parts, ignore_index=True)
    if "views" not in plan.has:
        frame["view_conversions"] = np.nan
    return frame


def _platform(
    rng: np.random.Generator, plan: Plan, own: Sequence[tuple[int, Campaign]], listed: dict[int, dict[str, Floats]],
    days: Sequence[date], grain: str,
) -> Iterator[pd.DataFrame]:  # fmt: skip
    told = {at: one for at, one in own if not one.removed}
    if grain in {"campaign", "both"}:
        for at, one in told.items():
            yield _rows(plan, one, listed[at], days)
    if grain in {"group", "both"}:
        for at, one in told.items():
            if not one.hidden:
                yield from _by_group(rng, plan, one, listed[at], days)
    if grain == "period":
        for at, one in told.items():
            yield _by_month(plan, one, listed[at], days)
    if len(told) < len(own):
        yield from _by_account(plan, own, listed, days)


def _rows(plan: Plan, one: Campaign, figures: dict[str, Floats], days: Sequence[date]) -> pd.DataFrame:
    # A conversion may come in after a campaign was paused.
    alive = (figures["impressions"] > 0) | (figures["conversions"] > 0)
    frame = pd.DataFrame({name: row[alive] for name, row in figures.items()})
    day = pd.to_datetime(pd.Series(days, dtype="object"))[alive].to_numpy()
    return frame.assign(**_named(plan, one), grain="day", date_day=day, period_start=day, period_end=day, shape="campaign_name")  # fmt: skip


def _named(plan: Plan, one: Campaign) -> dict[str, object]:
    status = "active" if one.runs(plan.last) else "paused"
    return {
        "source": one.platform, "currency": "TWD", "account_id": one.account, "campaign_id": one.id, "campaign_name": one.name,
        "objective": one.objective, "conversion_type": one.conversion_type, "attribution": one.attribution or None, "status": status,
    }  # fmt: skip


def _by_group(
    rng: np.random.Generator, plan: Plan, one: Campaign, figures: dict[str, Floats], days: Sequence[date]
) -> Iterator[pd.DataFrame]:
    """The same once more by ad group; the last group has what is left, so that they add up."""
    parts = rng.dirichlet([4.0] * len(one.groups))
    left = dict(figures)
    for at, group in enumerate(one.groups):
        last = at == len(one.groups) - 1
        share = parts[at] / parts[at:].sum()
        own = dict(left) if last else {name: _part(rng, name, row, share) for name, row in left.items()}
        left = {name: left[name] - own[name] for name in left}
        own["conversions"] = np.maximum(own["conversions"], own["view_conversions"]) if last else own["conversions"]
        yield _rows(plan, one, own, days).assign(ad_group_name=group, shape="campaign_name+ad_group_name")


def _part(rng: np.random.Generator, name: str, row: Floats, share: float) -> Floats:
    if name in {"spend", "conversions_value"}:
        return np.round(row * share, 2)
    return rng.binomial(row.astype(np.int64), share).astype(float)


def _by_month(plan: Plan, one: Campaign, figures: dict[str, Floats], days: Sequence[date]) -> pd.DataFrame:
    """Whole months, as they are downloaded without a breakdown by day."""
    rows = []
    for month in plan.months:
        within = np.array([day in month for day in days])
        sums = {name: row[within].sum() for name, row in figures.items()}
        if sums["impressions"] > 0:
            rows.append(sums | {"period_start": pd.Timestamp(month.start), "period_end": pd.Timestamp(month.end)})
    columns = [*MEASURES, "period_start", "period_end"]
    return pd.DataFrame(rows, columns=columns).assign(**_named(plan, one), grain="period", date_day=pd.NaT, shape="campaign_name")  # fmt: skip


def _by_account(
    plan: Plan, own: Sequence[tuple[int, Campaign]], listed: dict[int, dict[str, Floats]], days: Sequence[date]
) -> Iterator[pd.DataFrame]:
    """The account's totals, which know removed campaigns too."""
    for account in dict.fromkeys(one.account for _, one in own):
        members = [(at, one) for at, one in own if one.account == account]
        sums = {name: np.sum([listed[at][name] for at, _ in members], axis=0) for name in MEASURES}
        rows = _rows(plan, members[0][1], sums, days)
        yield rows.assign(campaign_id=None, campaign_name=None, objective=None, shape="", attribution=None)
