"""What the site itself saw: sessions by source and medium, sometimes by campaign, country or hour as well."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.campaigns import SOURCE_MEDIUM
from benchmarks.integrity.chance import Floats, around, between, counted, happens, thinned, wandering
from benchmarks.integrity.plan import Plan
from benchmarks.integrity.shop import HOURS

# Those who come without an ad: what GA4 calls them, the channel, and their part.
_OTHERS = (
    ("google / organic", "organic_search", 0.45), ("(direct) / (none)", "direct", 0.3), ("line / oa", "line_oa", 0.1),
    ("facebook.com / referral", "organic_social", 0.1), ("edm / email", "email", 0.05),
)  # fmt: skip
_ABROAD = (("Hong Kong", 0.4), ("United States", 0.35), ("Japan", 0.25))


def sessions(plan: Plan, world: Facts) -> pd.DataFrame:
    """sessions of the days of the data. Where countries or hours are told, it is in a file of its own, beside the plain one
    or alone."""
    rng = plan.rng("visits")
    inside = np.array([plan.first <= day <= plan.last for day in world.days])
    by_campaign = happens(rng, 0.3)
    rows = list(_sources(plan, world, rng, by_campaign))
    days = pd.to_datetime(pd.Series(world.days, dtype="object")).to_numpy()[inside]
    parts = [
        _frame(plan, name, channel, campaign, figures[:, inside], days) for name, channel, campaign, figures in rows
    ]
    plain = pd.concat(parts, ignore_index=True)
    plain["shape"] = "source_medium+campaign_name" if by_campaign else "source_medium"
    found = [plain]
    if "countries" in plan.has:
        found.append(_by_country(plan, rng, plain))
    if "hours" in plan.has:
        found.append(_by_hour(plan, rng, plain))
    return pd.concat(found, ignore_index=True).assign(source="ga4", property="官網 - GA4")


def _sources(
    plan: Plan, world: Facts, rng: np.random.Generator, by_campaign: bool
) -> Iterator[tuple[str, str, str | None, Floats]]:
    """Each row's source, channel and campaign, and its sessions, engaged ones and purchases by day."""
    for platform, medium in SOURCE_MEDIUM.items():
        own = [at for at, one in enumerate(plan.campaigns) if one.platform == platform and one.reached]
        found = [_paid(plan, world, rng, at) for at in own]
        if by_campaign:
            yield from ((medium, platform, plan.campaigns[at].name, row) for at, row in zip(own, found, strict=True))
        elif found:
            yield medium, platform, None, np.sum(found, axis=0)
    paid = world.sessions.sum(axis=0).mean() if len(world.sessions) else 50.0
    usual = max(paid, 10.0) * between(rng, (0.5, 2.0))
    for name, channel, part in _OTHERS:
        mean = usual * part * np.clip(world.demand, 0.3, 3.5) * wandering(rng, len(world.days), plan.weekly)
        count = counted(rng, mean, plan.dispersion)
        bought = thinned(rng, world.organic, part * (1 - plan.tracking_loss))
        yield name, channel, None, np.array([count, thinned(rng, count, between(rng, (0.5, 0.75))), bought])


def _paid(plan: Plan, world: Facts, rng: np.random.Generator, at: int) -> Floats:
    one, count = plan.campaigns[at], world.sessions[at]
    engaged = thinned(rng, count, one.engaged * wandering(rng, len(count), 0.05) * around(rng, 0.03, len(count)))
    return np.array([count, engaged, thinned(rng, world.bought[at], 1 - plan.tracking_loss)])


def _frame(
    plan: Plan, name: str, channel: str, campaign: str | None, figures: Floats, days: np.ndarray
) -> pd.DataFrame:
    alive = figures[0] > 0
    count, engaged, bought = (row[alive] for row in figures)
    frame = pd.DataFrame({"sessions": count, "engaged_sessions": engaged, "key_events": bought})
    if plan.goal == "orders":
        frame["purchases"], frame["purchase_revenue"] = bought, np.round(bought * plan.aov)
    return frame.assign(
        source_medium=name, channel=channel, campaign_name=campaign, grain="day", date_day=days[alive], period_start=days[alive], period_end=days[alive],
    )  # fmt: skip


def _split(rng: np.random.Generator, frame: pd.DataFrame, shares: Floats) -> Iterator[pd.DataFrame]:
    """The rows cut by these shares (they add up to 1, a column a part, a row for all or for each), counts staying whole."""
    names = [name for name in ("sessions", "engaged_sessions", "key_events", "purchases") if name in frame]
    cut = {name: rng.multinomial(frame[name].astype(int), shares) for name in names}
    for part in range(shares.shape[-1]):
        yield frame.assign(**{name: cut[name][:, part].astype(float) for name in names})


def _by_country(plan: Plan, rng: np.random.Generator, plain: pd.DataFrame) -> pd.DataFrame:
    abroad = between(rng, (0.005, 0.06))
    shares = np.array([1 - abroad, *(abroad * part for _, part in _ABROAD)])
    names = ["Taiwan", *(name for name, _ in _ABROAD)]
    parts = [one.assign(country=name) for name, one in zip(names, _split(rng, plain, shares), strict=True)]
    return pd.concat(parts)[lambda one: one["sessions"] > 0].assign(shape=plain["shape"].iloc[0] + "+country")


def _by_hour(plan: Plan, rng: np.random.Generator, plain: pd.DataFrame) -> pd.DataFrame:
    """By hour, of the last two months: it is a long file."""
    late = plain[plain["date_day"] >= pd.Timestamp(plan.months[max(len(plan.months) - 2, 0)].start)]
    if late["campaign_name"].notna().any():
        late = late.groupby(["source_medium", "channel", "grain", "date_day", "period_start", "period_end"], as_index=False)[["sessions", "engaged_sessions", "key_events"]].sum()  # fmt: skip
    weights = HOURS * around(rng, 0.12, 24)
    parts = [one.assign(hour=str(hour)) for hour, one in enumerate(_split(rng, late, weights / weights.sum()))]
    return pd.concat(parts)[lambda one: one["sessions"] > 0].assign(shape="source_medium+hour")
