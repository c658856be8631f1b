"""Figures of the vendor's report that differ from the platform's export."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.reconciliation import Amounts, Circumstances, Entry, Reconciled, reconciled
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.causes import CAUSES
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.metrics import METRICS, measure
from kpi_toolkit.periods import Period, month
from kpi_toolkit.tables.dataset import from_frames

# Metrics that add up, and the share of the platform's figure that a report may be off without a cause: exports are
# made on other days, and platforms settle clicks and conversions for weeks.
_ALLOWED: Final[Mapping[str, Decimal]] = {
    "spend": Decimal("0.02"), "impressions": Decimal("0.05"), "clicks": Decimal("0.05"),
    "conversions": Decimal("0.1"), "conversions_value": Decimal("0.1"),
}  # fmt: skip
_LEAST: Final[Mapping[str, int]] = {"conversions": 10}
# Hours between Taipei and the zones that accounts are often left in: UTC, and the US Pacific with and without summer time.
_HOURS: Final = (8, 15, 16)
# Of a figure in full thousands so many digits count.
_COUNTING: Final = 3
_SHOWN: Final = 20
_NONE: Final = Decimal(0)
_REPORTED: Final = "SELECT * FROM {rows} WHERE vendor = ? AND NOT is_total AND campaign_name <> '' AND period_start >= ? AND period_end <= ? ORDER BY ALL"
_NO_DAYS = Text(
    zh="{vendor} 的報告期間裡沒有平台匯出的花費可以對照",
    en="exports of the platforms for the days that the report of {vendor} covers",
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        claims = _claims(case, vendor)
        results = [one for span, rows in _by_span(claims) for one in _held_against(case, vendor, span, rows)]
        if claims and not results:
            few.append(Few(vendor=vendor.id, needed=_NO_DAYS.fill(vendor=vendor.name.text())))
        observations += [_observed(case, vendor, metric, result) for metric, result in results if _off(metric, result)]
    return Answer(observations=observations, few=few)


def _claims(case: Case, vendor: Vendor) -> list[Row]:
    """The vendor's figures that lie within the period, campaign by campaign, totals left out."""
    rows = case.asked(_REPORTED, "vendor_claims", vendor.id, case.period.start, case.period.end)
    return [row for row in rows if row["metric"] in _ALLOWED]


def _by_span(rows: Sequence[Row]) -> Iterator[tuple[Period, list[Row]]]:
    """The rows by the days they cover, in the order of days."""
    for start, end in sorted({(row["period_start"], row["period_end"]) for row in rows}):
        yield Period(start, end), [row for row in rows if (row["period_start"], row["period_end"]) == (start, end)]


def _held_against(case: Case, vendor: Vendor, span: Period, rows: Sequence[Row]) -> Iterator[tuple[str, Reconciled]]:
    day = timedelta(days=1)
    borders = [Period(one, one) for one in (span.start - day, span.start, span.end, span.end + day)]
    metrics = sorted({row["metric"] for row in rows})
    exported = _exported(case, vendor, metrics, [span, *borders])
    for metric in metrics:
        own = [row for row in rows if row["metric"] == metric]
        platforms = {row["platform"] or "" for row in own}
        whole, before, first, last, after = (_found(exported, metric, one, platforms) for one in (span, *borders))
        if whole:
            entries = [Entry(item=row["campaign_name"], amount=_decimal(row["value"]), step=_step(row["written"])) for row in own]  # fmt: skip
            tax = Decimal(repr(TAX_RATE)) if metric == "spend" else None
            known = Circumstances(tax_rate=tax, versions={"time_zone": _shifted(before, first, last, after, whole)})
            yield metric, reconciled(entries, whole, known)


def _exported(case: Case, vendor: Vendor, metrics: Sequence[str], periods: Sequence[Period]) -> list[dict[Hashable, Any]]:  # fmt: skip
    """What the exports say of the vendor's campaigns in these periods, where they say it."""
    table = measure(case.dataset, periods, by=["vendor", "channel", "campaign"], metrics=metrics)
    return table[(table["vendor"] == vendor.id) & (table["status"] != "no data")].to_dict("records")


def _found(exported: Sequence[Mapping[Hashable, Any]], metric: str, span: Period, platforms: set[str]) -> dict[str, Decimal]:  # fmt: skip
    """A metric by campaign over `span`, of the platforms that the report names."""
    amounts: dict[str, Decimal] = {}
    for row in exported:
        asked = (row["metric"], row["period_start"].date(), row["period_end"].date()) == (metric, span.start, span.end)
        if asked and ("" in platforms or row["channel"] in platforms):
            amounts[row["campaign"]] = amounts.get(row["campaign"], _NONE) + _decimal(row["value"])
    return amounts


def _shifted(
    before: Amounts, first: Amounts, last: Amounts, after: Amounts, whole: Amounts
) -> list[dict[str, Decimal]]:
    """The same days as an account in another time zone has them: parts of the days at the borders move in or out."""
    moved = []
    for hours in _HOURS:
        part = Decimal(hours) / 24
        for gained, lost in ((after, first), (before, last)):
            moved.append({item: amount + part * (gained.get(item, _NONE) - lost.get(item, _NONE)) for item, amount in whole.items()})  # fmt: skip
    return moved


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def _step(written: str) -> Decimal:
    """The step of the last digit that was written: `12.5萬` is told to the thousand, `45,210` to the one, `120,000`, of
    which three digits count, to the thousand."""
    found = re.search(r"([0-9][0-9,]*)(?:\.([0-9]+))?\s*([萬億]?)", written)
    if found is None:
        return _NONE
    whole, decimals, unit = found[1].replace(",", ""), found[2] or "", found[3]
    scale = Decimal({"": 1, "萬": 10**4, "億": 10**8}[unit])
    if decimals:
        return scale / 10 ** len(decimals)
    zeros = len(whole) - len(whole.rstrip("0"))
    return scale * 10 ** max(min(zeros, len(whole) - _COUNTING), 0)


def _off(metric: str, result: Reconciled) -> bool:
    """Whether more is without a cause than may be; conversions that came in later are no matter."""
    left = _left(result)
    if metric.startswith("conversions"):
        return left > max(result.found * _ALLOWED[metric], Decimal(_LEAST.get(metric, 0)))
    return abs(left) > result.found * _ALLOWED[metric]


def _left(result: Reconciled) -> Decimal:
    """What has no cause that is in order: left out campaigns are asked for elsewhere."""
    return result.unexplained + result.parts.get("markup", _NONE) + result.parts.get("duplication", _NONE)


def _observed(case: Case, vendor: Vendor, metric: str, result: Reconciled) -> Observation:
    money = METRICS[metric].unit == "money"
    return Observation(
        vendor=vendor.id,
        amount=abs(_left(result)) if money else None,
        currency=case.client.currency if money else "",
        values={
            "name": vendor.name.text(),
            "metric": METRICS[metric].short,
            "stated": f"{result.stated:,.0f}",
            "found": f"{result.found:,.0f}",
            "left": f"{_left(result):+,.0f}",
            "parts": _parts(result),
        },
        evidence=[
            {"campaign": one.item, "reported": float(one.stated), "exported": float(one.found), "without a cause": float(one.unexplained)}
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


def _sample(claimed: Mapping[str, float], days: Sequence[float] = (1.0,) * 31) -> Case:
    """Campaigns that spend 1,000, 400 and 250 a day in October, and what the vendor's report says they spent."""
    import pandas as pd

    spends = {"BC_品牌": 1000.0, "BC_搜尋": 400.0, "BC_再行銷": 250.0}
    october = month(2026, 10)
    ads = [
        {"source": "google_ads", "date_day": day, "campaign_name": name, "spend": spend * weight, "vendor": "beichen"}
        for day, weight in zip(october.each_day(), days, strict=True)
        for name, spend in spends.items()
    ]  # fmt: skip
    claims = [
        {"source": "vendor_report", "vendor_name": "北辰數位", "campaign_name": name, "grain": "period", "period_start": october.start, "period_end": october.end, "metric": "spend", "value": amount, "written": f"{amount:,.0f}", "is_total": False, "vendor": "beichen"}
        for name, amount in claimed.items()
    ]  # fmt: skip
    vendor = {"id": "beichen", "name": {"zh": "北辰數位", "en": "Beichen Digital"}}
    client = Client.model_validate({"id": "sample", "name": "範例", "goal": "orders", "vendors": [vendor]})
    frames = {"ads_daily": pd.DataFrame(ads), "vendor_claims": pd.DataFrame(claims)}
    return Case(client=client, dataset=from_frames(frames), period=october)


def _fires() -> Case:
    return _sample({"BC_品牌": 31000, "BC_搜尋": 12400, "BC_再行銷": 12750})


def _quiet() -> Case:
    """With tax, rounded to the hundred, and one campaign left out, which another check asks for."""
    return _sample({"BC_品牌": 32600, "BC_搜尋": 13000})


def _few() -> Case:
    sample = _fires()
    sample.dataset.connection.execute("DELETE FROM ads_daily WHERE date_day > DATE '2000-01-01'")
    return sample


DETECTOR = Detector(
    id="claim_differs",
    title=Text(zh="廠商報告的數字和平台不同", en="Figures of the vendor's report differ from the platform's"),
    system="S22",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份逐活動的廠商報告和同期間的平台匯出", en="one report by campaign, and the platform's export of the same days"),
    reference="Parts of a difference by cause: kpi_toolkit.analysis.reconciliation",
    says=Text(
        zh="{name}的報告寫{metric} {stated}，平台匯出是 {found}。差異可以拆成：{parts}。還有 {left} 需要說明。",
        en="The report of {name} says {stated} ({metric}); the platform's export says {found}. The difference is made of: {parts}. "
        "{left} of it remains to be told.",
    ),
    innocent=Text(
        zh="可能是匯出日期不同、幣別或時區設定不同、有帳戶沒匯出，或報告抄錯一格。",
        en="The two may have been made on different days, in another currency or time zone, an account may be missing from the exports, or "
        "a cell may have been copied wrongly.",
    ),
    question=Text(
        zh="想和您核對{metric}：報告是 {stated}，我們從平台匯出是 {found}。請問報告是哪一天、用哪個時區和幣別匯出的？",
        en="We would like to match {metric}: your report says {stated}, and our export from the platform {found}. On which day, and in which "
        "time zone and currency, was the report made?",
    ),
    action=Text(
        zh="先把證據裡差最多的活動和平台後台畫面對一次，再把問題傳給對方。",
        en="Compare the campaign that differs most with the platform's own screen first, then send the question.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
