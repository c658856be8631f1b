"""Clicks or visits of paid channels from places that the client doesn't sell to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from kpi_toolkit.analysis.evidence import Spread, chance_of_count
from kpi_toolkit.analysis.traffic import UNPAID, home
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.visits import Stream, Visits, listed, money, named, of_stream, split_by, visits
from kpi_toolkit.i18n import Text, same

if TYPE_CHECKING:
    import pandas as pd

# Travellers, VPNs and people abroad: no more than this, and than what the site's own visitors show.
_ALLOWED: Final = 0.15
# Where it has been more for months, or where nothing shows what is usual.
_ALLOWED_LONG: Final = 0.25
_TIMES: Final = 1.5
_ABOVE: Final = 0.05
_LEAST: Final = 200
_SPREAD: Final = Spread(factor=4.0, freedom=20)
_SHOWN: Final = 3
_LISTED: Final = 20
_NEEDED = Text(
    zh="要有分國家的造訪或點擊：GA4 匯出時加上「國家/地區」和「工作階段來源/媒介」，或請廠商給分國家的廣告報表（每個管道 {least} 次以上）",
    en="visits or clicks by country: add Country and Session source / medium to GA4's export, or ask the vendor for the ads by country ({least} or more a channel)",
)
Countries = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class _Look:
    """Counts by country, those from outside of Taiwan as a share, and what share may be and is usual."""

    counts: Countries
    share: float
    allowed: float
    usual: float
    p: float


def _check(case: Case) -> Answer:
    seen, observations = visits(case), []
    tables = split_by(case, "country")
    unpaid = _share(_by_country(tables[0][tables[0]["channel"].isin(UNPAID)]))
    for stream in seen.streams:
        looks = [
            look
            for table, site in zip(tables, (unpaid, None), strict=True)
            if (look := _look(case, stream, table, site))
        ]
        if looks:
            observations.append(_observed(case, seen, stream, looks))
    few = [] if observations else [Few(needed=_NEEDED.fill(least=_LEAST))]
    return Answer(observations=observations, few=few)


def _look(case: Case, stream: Stream, table: pd.DataFrame, unpaid: float | None) -> _Look | None:
    """The stream by country in one table, beside the `unpaid` visits' share; None where the table doesn't tell countries."""
    now, before = of_stream(case, stream, table)
    counts = _by_country(now)
    if sum(counts.values()) < _LEAST:
        return None
    past = _share(_by_country(before))
    share = _share(counts) or 0.0
    allowed = _allowed(past, unpaid)
    total = sum(counts.values())
    p = chance_of_count(share * total, allowed * total, _SPREAD)
    usual = min((one for one in (past, unpaid) if one is not None), default=0.03)
    return _Look(counts=counts, share=share, allowed=allowed, usual=usual, p=p)


def _by_country(rows: pd.DataFrame) -> dict[str, float]:
    sums = rows.groupby("country")["value"].sum()
    return {str(name): float(count) for name, count in sums.items() if home(str(name)) is not None}


def _share(counts: Countries) -> float | None:
    """The share from outside of Taiwan; None of too few."""
    total = sum(counts.values())
    return sum(count for name, count in counts.items() if not home(name)) / total if total >= _LEAST else None


def _allowed(past: float | None, unpaid: float | None) -> float:
    """The share that may be: a client that sells abroad has visitors from there without ads, too."""
    if unpaid is None:
        return _ALLOWED_LONG if past is None else max(_ALLOWED, past * _TIMES + _ABOVE)
    floor = _ALLOWED_LONG if past is not None and past > _ALLOWED - _ABOVE else _ALLOWED
    return max(floor, unpaid * _TIMES + _ABOVE)


def _observed(case: Case, seen: Visits, stream: Stream, looks: Sequence[_Look]) -> Observation:
    """At stake is the spend on what came from abroad beyond the usual share, spread alike over all that came."""
    worst = min(looks, key=lambda look: look.p)
    amount, currency = money(case, seen.spend(case, stream), worst.share - worst.usual)
    abroad = sorted((pair for pair in worst.counts.items() if not home(pair[0])), key=lambda pair: (-pair[1], pair[0]))
    return Observation(
        vendor=stream.vendor,
        p=min(1.0, worst.p * len(looks)),
        amount=amount,
        currency=currency,
        values=named(case, stream)
        | {
            "count": f"{sum(worst.counts.values()):,.0f}",
            "share": f"{worst.share:.0%}",
            "usual": f"{worst.usual:.0%}",
            "places": listed([same(name) for name, _ in abroad[:_SHOWN]] or [same("—")]),
        },
        evidence=[{"country": name, "count": count} for name, count in sorted(worst.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_LISTED]],
    )  # fmt: skip


def _sample(abroad: float, *, organic: float = 0.02, country: bool = True) -> Case:
    """A paid channel of which `abroad` come from elsewhere now, and an organic one of which `organic` do."""
    rng = np.random.default_rng(6)
    ads, site = [], []
    for back in range(60, -1, -1):
        day = OCTOBER.end - timedelta(days=back)
        for channel, share in (("google_ads", abroad if day in OCTOBER else organic), ("organic_search", organic)):
            many = int(rng.poisson(120))
            far = int(rng.binomial(many, share))
            for name, count in (("台灣", many - far), ("印度", far)):
                row: dict[str, object] = {"channel": channel, "date_day": day, "sessions": count}
                site.append(row | ({"country": name} if country else {"campaign_name": name}))
        ads.append({"source": "google_ads", "campaign_name": "BC", "date_day": day, "clicks": 150.0, "spend": 1400.0})
    return case_of({"ads_daily": ads, "sessions": site})


def _fires() -> Case:
    return _sample(0.4)


def _quiet() -> Case:
    """A client that sells abroad: its own visitors come from there, too."""
    return _sample(0.4, organic=0.35)


def _few() -> Case:
    return _sample(0.4, country=False)


DETECTOR = Detector(
    id="foreign_traffic",
    title=Text(zh="付費流量來自不賣的地方", en="Paid traffic from places that aren't sold to"),
    system="S29",
    needs=("ads_daily",),
    least=Text(zh="每個管道 200 次分國家的造訪或點擊", en="200 visits or clicks by country a channel"),
    reference="K. Murphy and B. Myors, Testing the hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999",
    says=Text(
        zh="{period}，{name}從 {platform} 帶來的 {count} 次造訪或點擊裡，有 {share} 來自台灣以外（最多的是{places}）；照以往或網站自己的訪客，該有 {usual} 左右。",
        en="Of {count} visits or clicks that {name} brought from {platform} in {period}, {share} came from outside of Taiwan (most from {places}); going by before or by the site's own "
        "visitors about {usual} were to be expected.",
    ),
    innocent=Text(
        zh="可能是刻意投放海外、廣告的地區設定包含「對該地區感興趣的人」、訪客用 VPN（翻牆連線），或平台判斷地區的方式不同。",
        en="Ads abroad may be intended, the location setting may include people interested in the region, visitors may use VPNs, or platforms may tell places in other ways.",
    ),
    question=Text(
        zh="您好，{period}從 {platform} 來的流量有 {share} 來自台灣以外（{places}）。請問廣告的地區設定是什麼？方便截圖給我們看嗎？",
        en="{share} of the traffic from {platform} in {period} came from outside of Taiwan ({places}). What is the location setting of the campaigns? Could you send us a screenshot?",
    ),
    action=Text(
        zh="請廠商把投放對象改成「人在該地區」的人，並排除{places}；下個月看比例有沒有降下來。",
        en="Have the location set to people who are in the region, exclude {places}, and see next month whether the share went down.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
