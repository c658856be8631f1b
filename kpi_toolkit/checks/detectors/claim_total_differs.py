"""Totals in the vendor's report that are more than its own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.reports import ADDED, Book, Cell, cells, platforms_of, without_pmax
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.sources.vendor_report import REPORTED
from kpi_toolkit.tables.platforms import platform_name

# A total so much above its rows is more than a slip.
_MORE: Final = Decimal("0.02")
# What a total of the account may hold beyond the listed campaigns is known from the export, so far as settling lets it be.
_SETTLED: Final[Mapping[str, Decimal]] = {
    "conversions": Decimal("1.18"),
    "conversions_value": Decimal("1.18"),
    "leads": Decimal("1.18"),
}
_USUAL: Final = Decimal("1.05")
# With tax in the total, and not in the rows.
_TAX: Final = Decimal("1.05")
_SHOWN: Final = 20
_NONE: Final = Decimal(0)
_WHOLE = Text(zh="整份報告", en="The whole report")
_FEW = Text(
    zh="{vendor}的報告要同時有合計和各列，才能核算",
    en="a report of {vendor} with a total and the rows that it adds up",
)


@dataclass(frozen=True, kw_only=True)
class _Total:
    """A total, what its rows come to, and the money at stake in the difference."""

    cell: Cell
    rows: Decimal
    amount: Decimal


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        pairs = list(_pairs(report))
        if report and not pairs:
            few.append(Few(vendor=vendor.id, needed=_FEW.fill(vendor=vendor.name.text())))
        book = Book(case, vendor)
        for metric in sorted({total.metric for total, _ in pairs}):
            off = [
                one
                for total, rows in pairs
                if total.metric == metric and (one := _off(case, book, report, total, rows))
            ]
            if off:
                observations.append(_observed(case, vendor, max(off, key=lambda one: (one.amount, one.cell.span.days))))
    return Answer(observations=observations, few=few)


def _pairs(report: Sequence[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each total of figures that add up, with the rows of the same days: campaigns, else platforms."""
    for total in report:
        if not total.is_total or not REPORTED[total.metric].additive:
            continue
        rows = [one for one in report if not one.is_total and (one.metric, one.span) == (total.metric, total.span) and total.platform in ("", one.platform)]  # fmt: skip
        campaigns = [one for one in rows if one.campaign]
        accounts = [one for one in rows if not one.campaign and one.platform and not total.platform]
        if campaigns or accounts:
            yield total, campaigns or accounts


def _off(case: Case, book: Book, report: Sequence[Cell], total: Cell, rows: Sequence[Cell]) -> _Total | None:
    """The total, where it is more than its rows and no campaign that they leave out explains it."""
    summed = sum((one.value for one in rows), _NONE)
    slack = (_rounded_to(total) + sum((_rounded_to(one) for one in rows), _NONE)) / 2
    over = total.value - summed
    if over <= slack + _MORE * summed or not summed:
        return None
    if total.metric == "spend" and total.tax is None and abs(total.value - summed * _TAX) <= slack * _TAX:
        return None
    export = book.over([total.span])
    keys = export.keys({total.platform} if total.platform else platforms_of(report))
    metric = "conversions" if total.metric == "leads" else total.metric
    known = metric in ADDED and keys and export.knows(metric, keys)
    if not known or without_pmax(case) & {key[0] for key in keys}:
        # Without an export of all campaigns nobody can tell what the rows leave out.
        return None
    found = export.total(metric, keys)
    held = (
        found * _SETTLED.get(total.metric, _USUAL) * (_TAX if total.metric == "spend" and total.tax is not False else 1)
    )
    # Rows that leave out campaigns come to less than the export, as the total then doesn't.
    if total.value - slack <= max(held, _NONE) and found > summed * (1 + _MORE):
        return None
    beyond = total.value - max(summed, min(found, total.value))
    price = Decimal(1) if total.metric == "spend" else export.total("spend", keys) / found if found else _NONE
    return _Total(cell=total, rows=summed, amount=round(beyond * price, 2))


def _rounded_to(one: Cell) -> Decimal:
    """What a figure may be rounded to: its last digit that isn't 0, but for the first two, which are hardly chance."""
    whole = str(int(abs(one.value)))
    zeros = len(whole) - len(whole.rstrip("0"))
    return max(one.step, Decimal(10) ** min(zeros, max(len(whole) - 2, 0))) if one.value == int(one.value) else one.step


def _observed(case: Case, vendor: Vendor, one: _Total) -> Observation:
    short = METRICS[one.cell.metric].short
    return Observation(
        vendor=vendor.id,
        amount=one.amount,
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "metric": short,
            "stated": f"{one.cell.value:,.0f}",
            "rows": f"{one.rows:,.0f}",
            "over": f"{one.cell.value - one.rows:,.0f}",
        },
        evidence=[{"platform": platform_name(one.cell.platform) if one.cell.platform else _WHOLE, "metric": short, "reported": float(one.cell.value), "summed": float(one.rows)}],
    )  # fmt: skip


def _sample(rows: Mapping[str, float], total: float, daily: Mapping[str, float]) -> Case:
    ads = [{"date_day": day, "campaign_name": name, "spend": spend} for day in OCTOBER.each_day() for name, spend in daily.items()]  # fmt: skip
    claim = {"period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": "spend"}
    claims = [claim | {"campaign_name": name, "value": value} for name, value in rows.items()]
    return case_of({"ads_daily": ads, "vendor_claims": [*claims, claim | {"value": total, "is_total": True}]})


_DAILY: Final = {"BC_品牌": 1000.0, "BC_搜尋": 400.0}
_ROWS: Final = {name: spend * 31 for name, spend in _DAILY.items()}


def _fires() -> Case:
    return _sample(_ROWS, 49_400, _DAILY)


def _quiet() -> Case:
    """The total holds Performance Max, which the export has and the rows don't."""
    return _sample(_ROWS, 43_400 + 31 * 300, _DAILY | {"PMax_全商品": 300.0})


def _few() -> Case:
    claim = {"period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": "spend", "value": 43_400}
    ads = [{"date_day": OCTOBER.start, "campaign_name": "BC_品牌", "spend": 43_400.0}]
    return case_of({"vendor_claims": [claim], "ads_daily": ads})


DETECTOR = Detector(
    id="claim_total_differs",
    title=Text(zh="報告的合計比各列加總多", en="Totals of the report that are more than its rows"),
    system="S22",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份有合計和各列的廠商報告，和同期間的平台匯出", en="one report with a total and its rows, and the platform's export of the same days"),
    reference="Footing and cross-footing; what rows leave out is taken from the export",
    says=Text(
        zh="{name} {period}的報告裡，{metric}合計寫 {stated}，各列加起來是 {rows}，多了 {over}；平台匯出裡也沒有能補上這個差額的廣告活動。",
        en="In the report of {name} for {period} the total of {metric} is {stated}, and its rows add up to {rows}, {over} less; no campaign in the platform's export makes up "
        "for that.",
    ),
    innocent=Text(
        zh="可能是合計含了沒列出的帳戶或廣告活動、合計含稅而各列未稅，或試算表的加總範圍多選了幾列。",
        en="The total may hold accounts or campaigns that aren't listed, or tax that the rows don't, or the sheet may add up some rows too many.",
    ),
    question=Text(
        zh="您好，想核對 {period}的報告：{metric}合計是 {stated}，各列加起來是 {rows}。請問多出的 {over} 是哪些廣告活動或帳戶？",
        en="Could you help us match the report of {period}: {metric} is {stated} in total, and the rows add up to {rows}. Which campaigns or accounts are the other {over}?",
    ),
    action=Text(
        zh="在對方說明之前，先以各列（或平台匯出）的數字為準。",
        en="Go by the rows, or by the platform's export, until that is told.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={"summed": Shown(title=Text(zh="各列加總", en="Rows added up"), kind="count")},
)  # fmt: skip
