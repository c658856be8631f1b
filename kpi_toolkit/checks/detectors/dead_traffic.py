"""Visits of paid channels that do nothing on the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_fewer
from kpi_toolkit.analysis.traffic import rate, spread_by_week, tally
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.visits import Stream, Visits, money, named, visits
from kpi_toolkit.i18n import Text, same

# What a broader audience or another landing page may leave of a channel's engagement rate.
_KEPT: Final = 0.7
# No honest channel is as low as this where the site's other visits are as high as that.
_DEAD: Final = 0.15
_ALIVE: Final = 0.4
_LEAST: Final = 200
# How far a part of a channel may be from its rate by its own doings: it has no history here.
_PART_SPREAD: Final = Spread(factor=3.0, freedom=30)
_PARTS: Final = (("campaign", "廣告活動", "campaign"), ("source_medium", "來源", "source"))
_NEEDED = Text(
    zh="{name}（{platform}）：要有 {least} 次以上、帶「互動工作階段」的造訪（GA4 匯出時加上「互動工作階段」和「工作階段來源/媒介」）",
    en="{name} ({platform}): {least} visits or more that come with engaged sessions (in GA4's export: Engaged sessions, and Session source / medium)",
)
_WHOLE = Text(zh="整個管道", en="the channel as a whole")


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A channel, or a part of it: engaged visits out of all, what was to be expected, and its share of the channel's visits."""

    now: Tally
    expected: float
    p: float
    share: float = 1.0
    what: Text = _WHOLE


def _check(case: Case) -> Answer:
    seen = visits(case)
    observations, few = [], []
    for stream in seen.streams:
        now = tally(stream.site["engaged"], stream.sessions, seen.now)
        if now.exposure < _LEAST or not np.isfinite(stream.site["engaged"][seen.now]).any():
            few.append(Few(vendor=stream.vendor, needed=_NEEDED.fill(**named(case, stream), least=_LEAST)))
        else:
            looks = [_channel(seen, stream, now), *_parts(case, seen, stream)]
            observations.append(_observed(case, seen, stream, looks))
    return Answer(observations=observations, few=[*few, *seen.lacking()])


def _channel(seen: Visits, stream: Stream, now: Tally) -> _Look:
    """The channel beside its own past and beside the rest of the site."""
    engaged, sessions = stream.site["engaged"], stream.sessions
    before = tally(engaged, sessions, seen.before)
    rest_now, rest_before = (seen.rest(stream, "engaged", "sessions", days) for days in (seen.now, seen.before))
    spread = spread_by_week(engaged, sessions, seen.before, seen.now)
    common = min(1.0, rate(rest_now) / rate(rest_before)) if min(rest_now.exposure, rest_before.exposure) >= _LEAST and rest_before.count > 0 else 1.0  # fmt: skip
    fell = 1.0
    if before.exposure >= _LEAST and rate(before) >= 2 * _DEAD:
        fell = chance_of_fewer(now, before, spread, below=max(_KEPT * common, 0.01))
    low = _low(now, rest_now, spread)
    expected = rate(before) * common if fell <= low else rate(rest_now)
    return _Look(now=now, expected=expected, p=min(1.0, 2 * min(fell, low)))


def _low(now: Tally, rest: Tally, spread: Spread) -> float:
    """The chance of a rate so low if it is as low as any honest one, where the rest of the site is alive."""
    if rest.exposure < _LEAST or rate(rest) < _ALIVE:
        return 1.0
    return chance_of_fewer(now, Tally(count=_DEAD * now.exposure, exposure=now.exposure), spread)


def _parts(case: Case, seen: Visits, stream: Stream) -> Iterator[_Look]:
    """Campaigns and sources of the channel that are dead while the rest of the site is alive."""
    rest = seen.rest(stream, "engaged", "sessions", seen.now)
    for by, zh, en in _PARTS:
        frame = case.measured(("engagement_rate",), ("channel", by))
        own = frame[frame["channel"].isin(stream.channels) & (frame["denominator"] >= _LEAST) & frame["numerator"].notna() & (frame[by] != "")]  # fmt: skip
        whole = float(np.nansum(stream.sessions[seen.now]))
        looks = [(str(row[by]), Tally(count=float(row["numerator"]), exposure=float(row["denominator"]))) for _, row in own.iterrows()]  # fmt: skip
        for name, now in looks if len(looks) > 1 and whole > 0 else []:
            what = Text(zh=f"{zh}「{{part}}」", en=f"{en} {{part}}").fill(part=same(name))
            p = min(1.0, _low(now, rest, _PART_SPREAD) * len(looks))
            yield _Look(now=now, expected=rate(rest), p=p, share=min(now.exposure / whole, 1.0), what=what)


def _observed(case: Case, seen: Visits, stream: Stream, looks: list[_Look]) -> Observation:
    """At stake is the spend on the visits that are dead beyond the honest share, whole visits spread over the spend alike."""
    worst = min(looks, key=lambda look: look.p)
    share = worst.share * (1 - rate(worst.now) / worst.expected) if worst.expected > 0 else 0.0
    amount, currency = money(case, seen.spend(case, stream), share)
    purchases = tally(stream.site["purchases"], stream.sessions, seen.now).count
    return Observation(
        vendor=stream.vendor,
        p=min(1.0, worst.p * min(len(looks), 3)),
        amount=amount,
        currency=currency,
        values=named(case, stream)
        | {"what": worst.what, "sessions": f"{worst.now.exposure:,.0f}", "rate": f"{rate(worst.now):.0%}", "expected": f"{worst.expected:.0%}", "purchases": f"{purchases:,.0f}"},
        evidence=[
            {"day": seen.days[at], "sessions": float(stream.sessions[at]), "engaged_sessions": float(stream.site["engaged"][at])}
            for at in np.flatnonzero(seen.now & np.isfinite(stream.sessions)).tolist()
        ],
    )  # fmt: skip


def _sample(engaged: float | None, *, sessions: int = 150) -> Case:
    """A paid channel whose visits were engaged in half of the cases, and now in `engaged`, beside a lively organic one."""
    rng = np.random.default_rng(4)
    ads, site = [], []
    for back in range(91, -1, -1):
        day = OCTOBER.end - timedelta(days=back)
        for channel, share in (("meta_ads", engaged if day in OCTOBER else 0.5), ("organic_search", 0.6)):
            many = int(rng.poisson(rng.gamma(20, sessions / 20)))
            row: dict[str, object] = {"channel": channel, "date_day": day, "sessions": many, "purchases": int(rng.binomial(many, 0.01))}  # fmt: skip
            site.append(row | ({} if share is None else {"engaged_sessions": int(rng.binomial(many, share))}))
        ads.append({"source": "meta_ads", "campaign_name": "BC", "date_day": day, "clicks": sessions * 1.25, "spend": sessions * 9.0})  # fmt: skip
    return case_of({"ads_daily": ads, "sessions": site})


def _fires() -> Case:
    sample = _sample(0.12)
    sample.dataset.connection.execute("UPDATE sessions SET purchases = 0 WHERE channel = 'meta_ads' AND date_day >= DATE '2026-10-01'")  # fmt: skip
    return sample


def _quiet() -> Case:
    """A broader audience: fewer stay than before."""
    return _sample(0.42)


def _few() -> Case:
    return _sample(0.1, sessions=3)


DETECTOR = Detector(
    id="dead_traffic",
    title=Text(zh="付費流量到站後幾乎沒有動作", en="Paid visits that do nothing on the site"),
    system="S29",
    needs=("ads_daily", "sessions"),
    least=Text(zh="200 次帶互動工作階段的付費造訪", en="200 paid visits that come with engaged sessions"),
    reference="K. Murphy and B. Myors, Testing the hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999",
    says=Text(
        zh="{period}，{name}從 {platform} 帶來的造訪（{what}）有 {sessions} 次，只有 {rate} 有互動（停留超過 10 秒、看第二頁或下單）；照以往或網站其他流量，該有 {expected} 左右。這個管道同期的購買是 {purchases} 筆。",
        en="Of {sessions} visits that {name} brought from {platform} in {period} ({what}), {rate} were engaged (stayed for 10 seconds, saw a second page or bought); going by before or by the site's other visits about {expected} were to be "
        "expected. The channel's purchases in that time: {purchases}.",
    ),
    innocent=Text(
        zh="可能是到達網頁很短、看完就走，換了較廣的受眾或版位，網頁載入慢，或網站分析（GA4）的設定改過。",
        en="The landing page may be short, the audience or placements broader than before, the page slow, or the settings of web analytics (GA4) changed.",
    ),
    question=Text(
        zh="您好，{period}從 {platform} 來的造訪（{what}）有 {sessions} 次，只有 {rate} 有互動，以往約 {expected}。請問有新增受眾、版位或合作網站嗎？方便給我們版位明細嗎？",
        en="Of {sessions} visits from {platform} ({what}) in {period}, only {rate} were engaged, where about {expected} were to be expected. Were audiences, placements or partner sites added? Could you send us the list of placements?",
    ),
    action=Text(
        zh="請廠商排除互動接近零的版位，下個月再看一次；自己也可以在 Google Analytics（GA4）按到達網頁看這些造訪。",
        en="Have placements without engagement excluded and look again next month; Google Analytics (GA4) shows these visits by landing page.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
