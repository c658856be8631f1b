"""Days on which clicks jump and nothing follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_count, chance_of_fewer
from kpi_toolkit.analysis.traffic import Flags, Floats, spread_by_week, tally, usual
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import BEFORE
from kpi_toolkit.checks.visits import Stream, Visits, money, named, visits
from kpi_toolkit.i18n import Text, finished

_JUMP: Final = 2.2
_LEAST_SURPLUS: Final = 60.0
# A day of broad reach may bring half as many visits (or conversions) for each click, or engage half as many, not fewer.
_FOLLOWED: Final = 0.5
_LEAST_EXPECTED: Final = 15.0
# Where orders rose like this, people came.
_ORDERS_ROSE: Final = 1.6
_LEAST_DAYS: Final = 14
# Platforms filter out a few in a hundred; more than this was aimed at.
_INVALID: Final = 0.15
_INVALID_SPREAD: Final = Spread(factor=4.0, freedom=20)
_LEAST_CLICKS: Final = 300
_NEEDED = Text(
    zh="{name}（{platform}）：要有 {least} 天以上逐日的點擊，並且有逐日的工作階段，或每天夠多的轉換，才知道點擊暴增那天有沒有帶來人",
    en="{name} ({platform}): clicks of {least} days or more, and sessions by day or enough conversions a day, to know whether a jump in clicks brought anybody",
)
_JUMPED = Text(
    zh="有 {days} 天點擊暴增（{when}），比平常多了 {surplus} 次，但到站、互動或轉換沒有跟著增加",
    en="clicks jumped on {days} {days:day|days} ({when}), {surplus} more than usual, and visits, engagement or conversions did not follow",
)
_FILTERED = Text(
    zh="平台自己就把 {clicks} 次點擊裡的 {share} 判定為無效",
    en="the platform itself took {share} of {clicks} clicks for invalid",
)
_NOTHING = Text(zh="沒有點擊暴增的日子", en="there were no days with a jump in clicks")


@dataclass(frozen=True, kw_only=True)
class _Look:
    """Strange days or clicks: how likely, the share of the period's spend behind them, and what is to be said."""

    p: float
    what: Text
    spent: float = 0.0
    days: Flags | None = None


def _check(case: Case) -> Answer:
    seen = visits(case)
    orders = _orders(case, seen)
    observations, few = [], []
    for stream in seen.streams:
        looks = [*_jumps(seen, stream, orders), *_filtered(case, stream)]
        if looks:
            observations.append(_observed(case, seen, stream, looks))
        else:
            few.append(Few(vendor=stream.vendor, needed=_NEEDED.fill(**named(case, stream), least=_LEAST_DAYS)))
    return Answer(observations=observations, few=[*few, *seen.lacking()])


def _orders(case: Case, seen: Visits) -> Floats:
    """The shop's orders by day, NaN where there are none told."""
    frame = case.measured(("orders",), ("day",), days_before=BEFORE)
    at = {one.date(): value for one, value in zip(frame["period_start"], frame["value"], strict=True)}
    return np.array([at.get(day, np.nan) for day in seen.days], dtype=float)


def _jumps(seen: Visits, stream: Stream, orders: Floats) -> Iterator[_Look]:
    """Jumps in clicks on the period's days, and whether what should follow them did."""
    # Visits and engaged visits tell most; conversions only where no visits are known.
    site = [one for one in (stream.sessions, stream.site["engaged"]) if _telling(seen, stream, one)]
    followers = site or [one for one in (stream.ads["conversions"],) if _telling(seen, stream, one)]
    if (stream.clicks > 0).sum() < _LEAST_DAYS or not followers:
        return
    expected = usual(stream.clicks, seen.weekdays)
    jumped = seen.now & (stream.clicks >= _JUMP * expected) & (stream.clicks - expected >= _LEAST_SURPLUS) & ~_bought(seen, orders)  # fmt: skip
    strange = [day for day in np.flatnonzero(jumped).tolist() if _least(seen, stream, followers, _only(jumped, day)) < 1]  # fmt: skip
    days = np.isin(np.arange(len(seen.days)), strange)
    if not days.any():
        yield _Look(p=1.0, what=_NOTHING)
        return
    surplus = np.where(days, stream.clicks - expected, 0.0)
    spent = float(np.nansum(np.where(days, stream.ads["spend"] * surplus / np.maximum(stream.clicks, 1), 0.0)))
    when = _days(f"{seen.days[day]:%m/%d}" for day in strange[:5])
    what = _JUMPED.fill(days=len(strange), when=when, surplus=f"{surplus.sum():,.0f}")
    yield _Look(p=_least(seen, stream, followers, days), what=what, spent=spent, days=days)


def _days(named: Iterable[str]) -> Text:
    told = [*named]
    return finished("、".join(told), ", ".join(told))


def _only(days: Flags, at: int) -> Flags:
    return days & (np.arange(len(days)) == at)


def _telling(seen: Visits, stream: Stream, follower: Floats) -> bool:
    """Whether a figure is known on most days, and large enough for a jump to show in it."""
    known = np.isfinite(follower) & (stream.clicks > 0)
    enough = known[seen.now].sum() >= _LEAST_DAYS / 2 and known.sum() >= _LEAST_DAYS
    return bool(enough and np.nanmedian(follower[known]) * _JUMP >= _LEAST_EXPECTED)


def _bought(seen: Visits, orders: Floats) -> Flags:
    """Days, or days beside them, on which the shop had far more orders than usual."""
    if not np.isfinite(orders).any():
        return np.zeros(len(orders), dtype=bool)
    rose = np.nan_to_num(orders) >= _ORDERS_ROSE * np.maximum(np.nan_to_num(usual(orders, seen.weekdays)), 3.0)
    return rose | np.roll(rose, 1) | np.roll(rose, -1)


def _least(seen: Visits, stream: Stream, followers: list[Floats], days: Flags) -> float:
    """The least likely of what followed, for as many looks as that took."""
    return min(1.0, len(followers) * min(_chance(seen, stream, one, days) for one in followers))


def _chance(seen: Visits, stream: Stream, follower: Floats, days: Flags) -> float:
    """How likely it is that so little followed the jump, if half of what usually follows did."""
    rest = (stream.clicks > 0) & np.isfinite(follower) & ~days
    if not np.isfinite(follower[days]).all() or not rest.any():
        return 1.0
    normal = np.nan_to_num(usual(follower, seen.weekdays))
    beside = days | np.roll(days, 1) | np.roll(days, -1)
    # In another time zone, part of what follows lies on the day before or after.
    surplus = float(np.nansum(np.where(beside, follower - normal, 0.0)))
    came = float(normal[days].sum()) + max(surplus, 0.0)
    before = tally(follower, stream.clicks, rest)
    spread = spread_by_week(follower, stream.clicks, rest, rest)
    return chance_of_fewer(Tally(count=came, exposure=float(stream.clicks[days].sum())), before, spread, below=_FOLLOWED)  # fmt: skip


def _filtered(case: Case, stream: Stream) -> Iterator[_Look]:
    """Clicks that the platform took for invalid itself; mostly it doesn't charge for them."""
    frame = case.measured(("invalid_click_rate",), ("vendor", "channel"))
    own = frame[frame["channel"].isin(stream.platforms) & frame["value"].notna() & ((frame["vendor"] == stream.vendor) | (stream.vendor == ""))]  # fmt: skip
    invalid, clicks = float(own["numerator"].sum()), float(own["denominator"].sum())
    if clicks >= _LEAST_CLICKS:
        what = _FILTERED.fill(clicks=f"{clicks:,.0f}", share=f"{invalid / clicks:.0%}")
        yield _Look(p=chance_of_count(invalid, clicks * _INVALID, _INVALID_SPREAD), what=what)


def _observed(case: Case, seen: Visits, stream: Stream, looks: list[_Look]) -> Observation:
    """At stake is what the surplus clicks of the strange days cost."""
    worst = min(looks, key=lambda look: look.p)
    spend = seen.spend(case, stream)
    amount, currency = money(case, spend, worst.spent / spend if spend else 0.0)
    days = seen.now if worst.days is None else worst.days
    return Observation(
        vendor=stream.vendor,
        p=min(1.0, worst.p * len(looks)),
        amount=amount,
        currency=currency,
        values=named(case, stream) | {"what": worst.what},
        evidence=[
            {"day": seen.days[at]}
            | {name: float(figures[at]) for name, figures in (("clicks", stream.clicks), ("spend", stream.ads["spend"]), ("sessions", stream.sessions)) if np.isfinite(figures[at])}
            for at in np.flatnonzero(days).tolist()
        ],
    )  # fmt: skip


def _sample(*, clicks: float, sessions: float, days: int = 60) -> Case:
    """A channel on whose three days clicks and sessions are so many times the usual."""
    rng = np.random.default_rng(9)
    ads, site = [], []
    for back in range(days - 1, -1, -1):
        day = OCTOBER.end - timedelta(days=back)
        up = day.day in (11, 12, 13) and day in OCTOBER
        many = int(rng.poisson(rng.gamma(30, 5)))
        came = int(rng.binomial(many, 0.8) * (sessions if up else 1))
        shown = int(many * (clicks if up else 1))
        ads.append(
            {"source": "meta_ads", "campaign_name": "BC", "date_day": day, "clicks": shown, "spend": shown * 8.0}
        )
        site.append({"channel": "meta_ads", "date_day": day, "sessions": came, "engaged_sessions": int(came * 0.5)})
    return case_of({"ads_daily": ads, "sessions": site})


def _fires() -> Case:
    return _sample(clicks=5, sessions=1)


def _quiet() -> Case:
    """Three days of a promotion: visits follow."""
    return _sample(clicks=5, sessions=4.2)


def _few() -> Case:
    return _sample(clicks=5, sessions=1, days=8)


DETECTOR = Detector(
    id="traffic_spike",
    title=Text(zh="點擊暴增卻沒有帶來什麼", en="A jump in clicks that nothing follows"),
    system="S29",
    needs=("ads_daily",),
    least=Text(zh="14 天逐日的點擊，和逐日的工作階段或轉換", en="clicks of 14 days, and sessions or conversions by day"),
    reference="K. Murphy and B. Myors, Testing the hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999",
    says=Text(zh="{period}，{name}在 {platform}：{what}。", en="{platform}, {name}, {period}: {what}."),
    innocent=Text(
        zh="可能是素材爆紅但客群不對、新版位試投一天、網站那天變慢或追蹤中斷，或有人、有程式亂點（平台通常會退費）。",
        en="An ad may have gone round among the wrong people, a placement been tried for a day, the site been slow or its tracking down; or robots clicked, for which platforms mostly refund.",
    ),
    question=Text(
        zh="您好，{period}在 {platform} 的廣告，{what}。請問當時調整了什麼？平台有認定無效點擊並退費嗎？",
        en="{platform}, {period}: {what}. What was changed then? Did the platform find invalid clicks, and refund them?",
    ),
    action=Text(
        zh="請廠商提供那幾天的版位和搜尋字詞明細，並向平台申請無效點擊調查；退費要回到你的帳上。",
        en="Ask for placements and search terms of those days and have the platform look into invalid clicks; a refund belongs in your account.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
