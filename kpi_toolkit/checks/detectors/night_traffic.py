"""Clicks or visits of paid channels while people sleep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kpi_toolkit.analysis.evidence import Spread, chance_of_count
from kpi_toolkit.analysis.traffic import UNPAID, Floats, hourly, night_surplus
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.visits import Stream, Visits, money, named, of_stream, split_by, visits
from kpi_toolkit.i18n import Text

if TYPE_CHECKING:
    import pandas as pd

# Other hours of delivery may bring this many times the usual share at night, and this much on top.
_TIMES: Final = 1.6
_ABOVE: Final = 0.06
# Where nothing shows what is usual: 5 of 24 hours, had they as many as any others.
_EVEN: Final = 5 / 24
_LEAST: Final = 300
_SPREAD: Final = Spread(factor=4.0, freedom=20)
_NEEDED = Text(
    zh="要有分小時的造訪或點擊：GA4 匯出時加上「小時」和「工作階段來源/媒介」，或請廠商給分時段的廣告報表（每個管道 {least} 次以上）",
    en="visits or clicks by hour: add Hour and Session source / medium to GA4's export, or ask the vendor for the ads by hour of day ({least} or more a channel)",
)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A day's curve, its share at night, and what share is usual."""

    curve: Floats
    share: float
    usual: float
    p: float


def _check(case: Case) -> Answer:
    seen, observations = visits(case), []
    tables = split_by(case, "hour")
    site = _curve(tables[0][tables[0]["channel"].isin(UNPAID)])
    for stream in seen.streams:
        looks = [look for table in tables if (look := _look(case, stream, table, site))]
        if looks:
            observations.append(_observed(case, seen, stream, looks))
    few = [] if observations else [Few(needed=_NEEDED.fill(least=_LEAST))]
    return Answer(observations=observations, few=few)


def _look(case: Case, stream: Stream, table: pd.DataFrame, site: Floats) -> _Look | None:
    """The stream by hour in one table; None where that doesn't tell hours."""
    now, before = of_stream(case, stream, table)
    curve = _curve(now)
    if curve.sum() < _LEAST:
        return None
    return _beside(curve, [one for one in (_curve(before), site) if one.sum() >= _LEAST])


def _beside(curve: Floats, references: Sequence[Floats]) -> _Look:
    """The curve beside every one that shows what is usual: it must be strange beside each of them."""
    total, found = float(curve.sum()), [night_surplus(curve, one)[:2] for one in references]
    if not found:
        found = [(night_surplus(curve, curve)[0], (_EVEN - _ABOVE) / _TIMES)]
    share, usual = max(found, key=lambda pair: pair[1] - pair[0])
    p = max(chance_of_count(seen * total, (known * _TIMES + _ABOVE) * total, _SPREAD) for seen, known in found)
    return _Look(curve=curve, share=share, usual=usual, p=p)


def _curve(rows: pd.DataFrame) -> Floats:
    sums = rows.groupby("hour")["value"].sum()
    return hourly({str(name): float(count) for name, count in sums.items()})


def _observed(case: Case, seen: Visits, stream: Stream, looks: Sequence[_Look]) -> Observation:
    """At stake is the spend on what came at night beyond the usual share, spread alike over all that came."""
    worst = min(looks, key=lambda look: look.p)
    # What came on top at night makes the day's share smaller: of all, (seen - usual) / (1 - usual) came on top.
    surplus = (worst.share - worst.usual) / max(1 - worst.usual, 0.01)
    amount, currency = money(case, seen.spend(case, stream), surplus)
    return Observation(
        vendor=stream.vendor,
        p=min(1.0, worst.p * len(looks)),
        amount=amount,
        currency=currency,
        values=named(case, stream)
        | {"count": f"{worst.curve.sum():,.0f}", "share": f"{worst.share:.0%}", "usual": f"{worst.usual:.0%}"},
        evidence=[{"hour": hour, "count": float(count)} for hour, count in enumerate(worst.curve)],
    )


# Visits of a day by hour, from midnight on.
_DAY: Final = (30, 15, 9, 6, 5, 6, 12, 25, 40, 50, 55, 60, 65, 60, 58, 56, 55, 55, 60, 70, 85, 95, 85, 55)


def _sample(night: float, *, shift: int = 0, hours: bool = True) -> Case:
    """A paid channel with `night` of its visits on top between 1 and 6 a.m., its clock `shift` hours off; and an organic one."""
    rng = np.random.default_rng(8)
    usual = np.array(_DAY) / sum(_DAY)
    extra = np.array([0.2 if 1 <= hour < 6 else 0 for hour in range(24)])
    paid = np.roll((1 - night) * usual + night * extra, shift)
    ads, site = [], []
    for day in OCTOBER.each_day():
        for channel, curve in (("meta_ads", paid), ("organic_search", usual)):
            for hour, many in enumerate(rng.poisson(curve * 200)):
                row: dict[str, object] = {"channel": channel, "date_day": day, "sessions": int(many)}
                site.append(row | ({"hour": str(hour)} if hours else {"campaign_name": str(hour)}))
        ads.append({"source": "meta_ads", "campaign_name": "BC", "date_day": day, "clicks": 250.0, "spend": 2000.0})
    return case_of({"ads_daily": ads, "sessions": site})


def _fires() -> Case:
    return _sample(0.4)


def _quiet() -> Case:
    """An account in another time zone: the whole curve is turned by 8 hours."""
    return _sample(0.02, shift=-8)


def _few() -> Case:
    return _sample(0.4, hours=False)


DETECTOR = Detector(
    id="night_traffic",
    title=Text(zh="付費流量集中在深夜", en="Paid traffic at night"),
    system="S29",
    needs=("ads_daily",),
    least=Text(zh="每個管道 300 次分小時的造訪或點擊", en="300 visits or clicks by hour a channel"),
    reference="K. Murphy and B. Myors, Testing the hypothesis that treatments have negligible effects, Journal of Applied Psychology 84, 1999",
    says=Text(
        zh="{period}，{name}從 {platform} 帶來的 {count} 次造訪或點擊裡，有 {share} 在凌晨 1 點到 6 點之間；照以往或網站其他流量，該有 {usual} 左右（帳戶時區不同的話，已經先對齊）。",
        en="Of {count} visits or clicks that {name} brought from {platform} in {period}, {share} came between 1 and 6 a.m.; going by before or by the site's other traffic about {usual} were to be "
        "expected (with clocks in another time zone set right first).",
    ),
    innocent=Text(
        zh="可能是每日預算過了午夜重新計算、一開始就花得快，刻意投放夜貓族，或深夜的廣告比較便宜。",
        en="A budget that starts anew at midnight may be spent fast, night owls may be meant, or bids may be cheap at night.",
    ),
    question=Text(
        zh="您好，{period}從 {platform} 來的流量有 {share} 在凌晨 1 點到 6 點，平常約 {usual}。請問有設定投放時段嗎？方便給我們這些時段的版位明細嗎？",
        en="{share} of the traffic from {platform} in {period} (usually about {usual}) came between 1 and 6 a.m. Is there a schedule for the ads? Could you send us the placements of those hours?",
    ),
    action=Text(
        zh="請廠商先停掉凌晨的投放兩週，看訂單有沒有變少；沒有的話就不用再開。",
        en="Have the ads paused at night for two weeks and see whether orders fall; if they don't, leave them off.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
