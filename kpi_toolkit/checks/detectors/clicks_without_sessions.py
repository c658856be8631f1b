"""Clicks on ads that the site's own analytics doesn't see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from kpi_toolkit.analysis.evidence import Tally, chance_of_fewer
from kpi_toolkit.analysis.traffic import Flags, rate, spread_by_week, tally
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.visits import Stream, Visits, money, named, visits
from kpi_toolkit.i18n import Text

# What a consent banner, a slower page or another browser may leave of the visits for each click, seen alone; and where
# the other channels show how much of that there was.
_KEPT_ALONE: Final = 0.72
_KEPT_BESIDE: Final = 0.78
# Apps that open pages in their own browser lose many visits, but not more than these, with other channels seen well or without.
_LOW_BESIDE: Final = 0.35
_LOW_ALONE: Final = 0.2
_SEEN_WELL: Final = 0.6
_LEAST_CLICKS: Final = 300
# A day with fewer visits than this share of what its clicks should bring is a day on which nothing was counted.
_DARK: Final = 0.03
_DARK_LEAST: Final = 15.0
_MOST_DARK: Final = 0.35
# Of the missing visits, those that must have come in untagged, at least and at most; and how far those must have grown.
_MOVED: Final = (0.7, 1.4)
_GROWN: Final = 1.2
_FEWER: Final = 0.85
_NEEDED = Text(
    zh="{name}（{platform}）：這段期間要有 {least} 次以上的點擊，並且網站分析分得出這個管道每天的工作階段（GA4 匯出要有「工作階段來源/媒介」和日期）",
    en="{name} ({platform}): {least} clicks or more in the period, and sessions of this channel by day (in GA4's export: Session source / medium, and the date)",
)
_DARK_DAYS = Text(
    zh="{name}（{platform}）：有 {days} 天網站分析幾乎沒有記到這個管道，看起來是追蹤中斷或改了標記，先把追蹤修好再比",
    en="{name} ({platform}): on {days} days web analytics saw next to nothing of this channel; that looks like tracking that broke or tags that changed, to be mended first",
)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A stream's visits for clicks, now and before, without dark days, and the share that was to be expected."""

    now: Tally
    before: Tally
    expected: float
    p: float


def _check(case: Case) -> Answer:
    seen = visits(case)
    observations, few = [], []
    for stream in seen.streams:
        dark = _dark(seen, stream)
        running = stream.running & ~dark
        now = tally(stream.sessions, stream.coming, seen.now & running)
        if (seen.now & stream.running).any() and (seen.now & dark).sum() > _MOST_DARK * (seen.now & stream.running).sum():  # fmt: skip
            few.append(Few(vendor=stream.vendor, needed=_DARK_DAYS.fill(**named(case, stream), days=int((seen.now & dark).sum()))))  # fmt: skip
        elif now.exposure < _LEAST_CLICKS or not stream.channels:
            few.append(Few(vendor=stream.vendor, needed=_NEEDED.fill(**named(case, stream), least=_LEAST_CLICKS)))
        else:
            observations.append(_observed(case, seen, stream, _look(seen, stream, running), running))
    return Answer(observations=observations, few=[*few, *seen.lacking()])


def _dark(seen: Visits, stream: Stream) -> Flags:
    """Days on which clicks brought no visits worth speaking of though such days bring many."""
    usual = rate(tally(stream.sessions, stream.coming, seen.before & stream.running))
    none = np.zeros(len(seen.days), dtype=bool)
    if not usual > 0:
        expected = stream.coming * _LOW_ALONE
        return stream.running & (expected >= _DARK_LEAST) & (stream.sessions <= 0) if stream.channels else none
    expected = stream.coming * usual
    return stream.running & (expected >= _DARK_LEAST) & (stream.sessions < _DARK * expected)


def _look(seen: Visits, stream: Stream, running: Flags) -> _Look:
    now, before = (tally(stream.sessions, stream.coming, days & running) for days in (seen.now, seen.before))
    spread = spread_by_week(stream.sessions, stream.coming, seen.before & running, seen.now & running)
    others_now, others_before = seen.others(stream, seen.now), seen.others(stream, seen.before)
    fell = 1.0
    if before.exposure >= _LEAST_CLICKS and _moved(seen, stream, now, before):
        return _Look(now=now, before=before, expected=rate(before), p=1.0)
    if before.exposure >= _LEAST_CLICKS:
        fell = chance_of_fewer(now, before, spread, below=_kept(others_now, others_before))
    seen_well = others_now.exposure >= _LEAST_CLICKS and rate(others_now) >= _SEEN_WELL
    level = _LOW_BESIDE if seen_well else _LOW_ALONE
    low = chance_of_fewer(now, Tally(count=level * now.exposure, exposure=now.exposure), spread)
    if fell <= low:
        expected = rate(before) * min(1.0, rate(others_now) / rate(others_before) if _both(others_now, others_before) else 1.0)  # fmt: skip
    else:
        expected = rate(others_now) if seen_well else _SEEN_WELL
    return _Look(now=now, before=before, expected=expected, p=min(1.0, 2 * min(fell, low)))


def _both(one: Tally, other: Tally) -> bool:
    return min(one.exposure, other.exposure) >= _LEAST_CLICKS and min(one.count, other.count) > 0


def _kept(now: Tally, before: Tally) -> float:
    """The share of its visits for each click that a channel may lose honestly: what the others lost goes for it, too."""
    if not _both(now, before):
        return _KEPT_ALONE
    return _KEPT_BESIDE * min(1.0, max(rate(now) / rate(before), 0.3))


def _moved(seen: Visits, stream: Stream, now: Tally, before: Tally) -> bool:
    """Whether the missing visits came in without their tag: the channel's fell, and the untagged ones grew by just as many, far
    beyond what all other visits did."""
    then, days = seen.before & stream.running, seen.now & stream.running
    untagged, whole = seen.untagged["sessions"], seen.unpaid["sessions"]
    found, usual = (float(np.nanmean(untagged[which])) if which.any() else 0.0 for which in (days, then))
    others = [float(np.nanmean((whole - untagged)[which])) if which.any() else 0.0 for which in (days, then)]
    usual *= max(others[0] / others[1], 1.0) if min(others) > 0 else 1.0
    missing = (now.exposure * rate(before) - now.count) / max(int(days.sum()), 1)
    fell = now.count / max(int(days.sum()), 1) < _FEWER * before.count / max(int(then.sum()), 1)
    return bool(fell and _MOVED[0] * missing <= found - usual <= _MOVED[1] * missing and found >= _GROWN * usual)


def _observed(case: Case, seen: Visits, stream: Stream, look: _Look, running: Flags) -> Observation:
    """At stake is the spend on the clicks that lack their visit beyond the honest share."""
    now = rate(look.now)
    share = 1 - now / look.expected if look.expected > 0 else 0.0
    amount, currency = money(case, seen.spend(case, stream), share)
    missing = max(look.now.exposure * look.expected - look.now.count, 0.0)
    return Observation(
        vendor=stream.vendor,
        p=look.p,
        amount=amount,
        currency=currency,
        values=named(case, stream)
        | {"clicks": f"{look.now.exposure:,.0f}", "sessions": f"{look.now.count:,.0f}", "rate": f"{now:.0%}", "expected": f"{look.expected:.0%}", "missing": f"{missing:,.0f}"},
        evidence=[
            {"day": seen.days[at], "clicks": float(stream.coming[at]), "sessions": float(stream.sessions[at])}
            for at in np.flatnonzero(seen.now & running).tolist()
        ],
    )  # fmt: skip


def _sample(now: float, *, clicks: int = 200, rest: float = 1.0, history: bool = True) -> Case:
    """Two platforms whose clicks came to the site four times out of five; now for one of them `now` do, for the other one
    `rest` times as many as before."""
    rng = np.random.default_rng(2)
    ads, sessions = [], []
    for back in range(91 if history else 30, -1, -1):
        day = OCTOBER.end - timedelta(days=back)
        for source, share in (("meta_ads", now), ("google_ads", 0.85 * rest)):
            many = int(rng.poisson(rng.gamma(20, clicks / 20)))
            shown = share if day in OCTOBER else 0.8
            ads.append({"source": source, "campaign_name": "BC", "date_day": day, "clicks": many, "impressions": many * 60, "spend": many * 9.0})  # fmt: skip
            sessions.append({"channel": source, "date_day": day, "sessions": int(rng.binomial(many, shown))})
    return case_of({"ads_daily": ads, "sessions": sessions})


def _fires() -> Case:
    return _sample(0.4)


def _quiet() -> Case:
    """A consent banner: a fifth of all visits is no longer seen."""
    return _sample(0.64, rest=0.8)


def _few() -> Case:
    return _sample(0.4, clicks=4)


DETECTOR = Detector(
    id="clicks_without_sessions",
    title=Text(zh="廣告點擊沒有變成網站造訪", en="Ad clicks that don't become visits"),
    system="S29",
    needs=("ads_daily", "sessions"),
    least=Text(zh="300 次點擊，和同一管道逐日的工作階段；有三個月的歷史更準", en="300 clicks and the channel's sessions by day; three months of history make it sharper"),
    reference="K. Murphy and B. Myors, Testing the hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999",
    says=Text(
        zh="{period}，{name}在 {platform} 有 {clicks} 次點擊，網站分析只看到 {sessions} 次造訪（{rate}）；照以往和其他管道，該有 {expected} 左右，少了約 {missing} 次。",
        en="Of {clicks} clicks that {name} had on {platform} in {period}, web analytics saw {sessions} visits ({rate}); going by before and by other channels about "
        "{expected} were to be expected: some {missing} are missing.",
    ),
    innocent=Text(
        zh="可能是網站追蹤碼或網址上的追蹤參數（UTM）改了、加了 Cookie 同意視窗、網頁變慢、廣告在 App 裡的瀏覽器打開，或表單直接在平台上填。",
        en="The site's tracking or the tags in the ads' addresses (UTM) may have changed, a consent banner come in, the page become slow, clicks open in an app's own browser, or forms "
        "stand on the platform itself.",
    ),
    question=Text(
        zh="您好，{period}在 {platform} 有 {clicks} 次點擊，網站只記到 {sessions} 次造訪。請問廣告版位、到達網頁或網址追蹤參數（UTM）有調整嗎？方便給我們版位報表嗎？",
        en="{platform} counted {clicks} clicks in {period}, and our site saw {sessions} visits. Did placements, landing pages or UTM tags change? Could you send us the report by placement?",
    ),
    action=Text(
        zh="先自己點一次廣告，看 Google Analytics（GA4）的即時報表有沒有出現；有的話再問版位，並排除點擊多、到站少的版位。",
        en="Click an ad yourself and watch the realtime report of Google Analytics (GA4); if it shows, ask about placements and exclude those with many clicks and few visits.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
