"""Figures of the vendor's report that differ from the platform's export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.reconciliation import Reconciled
from kpi_toolkit.checks.allowances import ALLOWED, Held, held
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.causes import CAUSES
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.reports import cells, foreign
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.scopes import scopes
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.tables.platforms import PLATFORMS, platform_name

_SHOWN: Final = 20
_NONE: Final = Decimal(0)
_NO_DAYS = Text(
    zh="{vendor}的報告期間裡，沒有平台匯出可以對照",
    en="exports of the platforms for the days and campaigns that the report of {vendor} covers",
)
_REST = Text(zh="（帳戶其他）", en="(rest of the account)")
_FOREIGN = Text(zh="{vendor}：{currency} 計價的數字沒有對照", en="{vendor}: figures in {currency} were not compared")
_WHOLE = Text(zh="整份報告的合計", en="the report's total")
_LEFT_OUT = Text(
    zh="{vendor}：平台匯出算不出來、沒有對照的有 {items}",
    en="{vendor}: not compared, since the exports give no figure: {items}",
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        told = scopes(case, vendor, report)
        few += [Few(vendor=vendor.id, needed=one) for one in _unsaid(case, vendor, bool(report and not told.scopes), told.left_out)]  # fmt: skip
        for metric in ALLOWED:
            differing = [one for scope in told.scopes if scope.metric == metric and (one := held(case, vendor, scope))]
            if differing:
                observations.append(_observed(case, vendor, max(differing, key=lambda one: (one.amount, one.scope.campaigns))))  # fmt: skip
    return Answer(observations=observations, few=few)


def _unsaid(case: Case, vendor: Vendor, nothing: bool, left_out: Sequence[tuple[str, str]]) -> Iterator[Text]:
    name = vendor.name.text()
    if nothing:
        yield _NO_DAYS.fill(vendor=name)
    for currency in foreign(case, vendor):
        yield _FOREIGN.fill(vendor=name, currency=currency)
    if left_out and not nothing:
        pairs = [(platform_name(item) if item else _WHOLE, METRICS[metric].short) for item, metric in left_out[:_SHOWN]]
        listed = [f"{item.say('en')}: {metric.say('en')}" for item, metric in pairs]
        spoken = [f"{item.say('zh-TW')}：{metric.say('zh-TW')}" for item, metric in pairs]
        yield _LEFT_OUT.fill(vendor=name, items=finished("、".join(spoken), ", ".join(listed)))


def _observed(case: Case, vendor: Vendor, told: Held) -> Observation:
    result, metric = told.result, told.scope.metric
    return Observation(
        vendor=vendor.id,
        amount=round(told.amount, 2),
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "metric": METRICS[metric].short,
            "stated": f"{result.stated:,.0f}",
            "found": f"{result.found:,.0f}",
            "left": f"{told.left:+,.0f}",
            "parts": _parts(result),
        },
        evidence=[
            {"campaign": PLATFORMS.get(one.item) or one.item or _REST, "reported": float(one.stated), "exported": float(one.found), "without_a_cause": float(one.unexplained)}
            for one in sorted(result.items, key=lambda one: (-abs(one.whole), one.item))[:_SHOWN]
        ],
    )  # fmt: skip


def _parts(result: Reconciled) -> Text:
    """The parts of the difference that come to a whole one at least, each with its cause."""
    listed = [(CAUSES[cause], f"{part:+,.0f}") for cause, part in result.parts.items() if abs(part) >= Decimal("0.5")]
    return finished(
        "、".join(f"{name.zh} {amount}" for name, amount in listed),
        ", ".join(f"{name.en} {amount}" for name, amount in listed),
    )


SPENDS: Final = {"BC_品牌": 1000.0, "BC_搜尋": 400.0, "BC_再行銷": 250.0}


def _ads(spends: Mapping[str, float], days: Sequence[float] = (1.0,) * 31, **said: object) -> list[dict[str, object]]:
    """Campaigns that spend so much a day in October, each day times its weight."""
    return [
        {"date_day": day, "campaign_name": name, "spend": spend * weight, **said}
        for day, weight in zip(OCTOBER.each_day(), days, strict=True)
        for name, spend in spends.items()
    ]


def _claims(claimed: Mapping[str, float], metric: str = "spend") -> list[dict[str, object]]:
    return [
        {"campaign_name": name, "period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": metric, "value": amount, "written": f"{amount:,.0f}"}
        for name, amount in claimed.items()
    ]  # fmt: skip


def _sample(claimed: Mapping[str, float], days: Sequence[float] = (1.0,) * 31) -> Case:
    """Campaigns that spend 1,000, 400 and 250 a day in October, and what the vendor's report says they spent."""
    return case_of({"ads_daily": _ads(SPENDS, days), "vendor_claims": _claims(claimed)})


def _fires() -> Case:
    return _sample({"BC_品牌": 31000, "BC_搜尋": 12400, "BC_再行銷": 12750})


def _quiet() -> Case:
    """With tax, rounded to the hundred, and one campaign left out, which another check asks for."""
    return _sample({"BC_品牌": 32600, "BC_搜尋": 13000})


def _few() -> Case:
    return case_of(
        {"vendor_claims": _claims({"BC_品牌": 31000}), "ads_daily": _ads(SPENDS, source="meta_ads", vendor="other")}
    )


DETECTOR = Detector(
    id="claim_differs",
    title=Text(zh="廠商報告的數字和平台不同", en="Figures of the vendor's report differ from the platform's"),
    system="S22",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份逐活動的廠商報告和同期間的平台匯出", en="one report by campaign, and the platform's export of the same days"),
    reference="Parts of a difference by cause: kpi_toolkit.analysis.reconciliation",
    says=Text(
        zh="{period}，{name}的報告寫{metric} {stated}，平台匯出是 {found}。差額可以拆成：{parts}；其中 {left} 需要說明。",
        en="For {period}, the report of {name} says {stated} ({metric}); the platform's export says {found}. The difference is made of: {parts}. "
        "{left} of it remains to be told.",
    ),
    innocent=Text(
        zh="可能是報告算的是所有點擊、平台匯出只算連結點擊，匯出日期不同、幣別或時區設定不同、有帳戶沒匯出，或報告抄錯一格。",
        en="The report may count all clicks where the export counts those on links, the two may have been made on different days, in another currency or time zone, an account may be missing from the exports, or "
        "a cell may have been copied wrongly.",
    ),
    question=Text(
        zh="您好，想和您核對 {period}的{metric}：報告是 {stated}，我們從平台匯出是 {found}。請問報告是哪一天、用哪個時區和幣別匯出的？",
        en="We would like to match {metric} of {period}: your report says {stated}, and our export from the platform {found}. On which day, and in which "
        "time zone and currency, was the report made?",
    ),
    action=Text(
        zh="先拿下面差最多的廣告活動和平台後台的畫面對一次，再把問題傳給對方。",
        en="Compare the campaign that differs most with the platform's own screen first, then send the question.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
