"""Days with spend that the vendor's reports leave out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.reports import Cell, cells, decimal, merged, platforms_of
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.periods import Period

# The days left out come to so much of the period's spend, at least.
_REAL: Final = Decimal("0.025")
# A report may be made so many days before the period ends; one by weeks may leave a week to the next report.
_EARLY: Final = 2
_WEEK: Final = 7
# A report of nearly a month that begins in another one is by the vendor's own months.
_OWN_MONTH: Final = 26
_SHOWN: Final = 31
_NONE: Final = Decimal(0)
_NO_DAYS = Text(
    zh="{vendor}：需要逐日的平台匯出，才看得出報告漏了哪幾天",
    en="{vendor}: exports by day are needed to see which days a report leaves out",
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor, touching=True)
        covered = merged(cell.span for cell in report)
        if not report or (len(covered) == 1 and _is_whole(covered[0], case.period)):
            continue
        spent = _spent(case, vendor, report)
        if not spent:
            few.append(Few(vendor=vendor.id, needed=_NO_DAYS.fill(vendor=vendor.name.text())))
            continue
        left = [day for day in _left_out(case.period, report, covered) if spent.get(day, _NONE) > 0]
        amount = sum((spent[day] for day in left), _NONE)
        if amount > _REAL * sum(spent.values(), _NONE):
            observations.append(
                _observed(case, vendor, {day: spent[day] for day in left}, amount / sum(spent.values()))
            )
    return Answer(observations=observations, few=few)


def _is_whole(span: Period, period: Period) -> bool:
    return span.start <= period.start and span.end >= period.end


def _spent(case: Case, vendor: Vendor, report: Sequence[Cell]) -> dict[date, Decimal]:
    """What was spent on each day of the period on the platforms that the report is of, as far as exports tell days."""
    platforms, found = platforms_of(report), dict[date, Decimal]()
    table = case.measured_over([case.period], ["spend"], ("vendor", "channel", "day"))
    told = table[(table["vendor"] == vendor.id) & (table["status"] != "no data") & (table["currency"] == case.client.currency)]  # fmt: skip
    for day, channel, spend in zip(told["period_start"].dt.date, told["channel"], told["value"], strict=True):
        if spend > 0 and ("" in platforms or channel in platforms):
            found[day] = found.get(day, _NONE) + decimal(spend)
    # Platforms that tell the period in whole are taken to have spent like the others.
    wholes = case.measured_over([case.period], ["spend"], ("vendor", "channel"))
    own = wholes[(wholes["vendor"] == vendor.id) & (wholes["status"] != "no data") & (wholes["currency"] == case.client.currency)]  # fmt: skip
    whole = sum((decimal(value) for channel, value in zip(own["channel"], own["value"], strict=True) if "" in platforms or channel in platforms), _NONE)  # fmt: skip
    by_day = sum(found.values(), _NONE)
    return {day: spend * max(whole / by_day, Decimal(1)) for day, spend in found.items()} if by_day else {}


def _left_out(period: Period, report: Sequence[Cell], covered: Sequence[Period]) -> list[date]:
    """The days that no report of the period tells of, but for those at its ends that an honest report may not know yet, or has
    told in the one before."""
    days = [day for day in period.each_day() if not any(day in span for span in covered)]
    if any(span.start < period.start and span.days >= _OWN_MONTH for span in covered):
        return []
    by_week = 4 <= max(cell.span.days for cell in report) <= _WEEK
    at_end, at_start = (_WEEK - 1, _WEEK - 1) if by_week else (_EARLY, 0)
    last, first = max(span.end for span in covered), min(span.start for span in covered)
    if (period.end - last).days <= at_end:
        days = [day for day in days if day <= last]
    if (first - period.start).days <= at_start:
        days = [day for day in days if day >= first]
    return days


def _observed(case: Case, vendor: Vendor, left: dict[date, Decimal], share: Decimal) -> Observation:
    amount, spans = round(sum(left.values(), _NONE), 2), merged(Period(day, day) for day in left)
    return Observation(
        vendor=vendor.id,
        amount=amount,
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "count": len(left),
            "days": _spans(spans),
            "amount": f"{amount:,.0f}",
            "share": f"{share:.0%}",
        },
        evidence=[{"day": day, "spend": float(spend)} for day, spend in sorted(left.items())[:_SHOWN]],
    )


def _sample(spans: Sequence[tuple[int, int]]) -> Case:
    """A vendor that spends 1,000 a day, and reports of these days of October."""
    ads = [{"date_day": day, "campaign_name": "BC_品牌", "spend": 1000.0} for day in OCTOBER.each_day()]
    start = OCTOBER.start - timedelta(days=1)
    claims = [
        {"period_start": start + timedelta(first), "period_end": start + timedelta(last), "metric": "spend", "value": 1000 * (last - first + 1)}
        for first, last in spans
    ]  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": claims})


def _fires() -> Case:
    """Reports by week, without the second one."""
    return _sample([(1, 4), (12, 18), (19, 25), (26, 31)])


def _quiet() -> Case:
    """Reports by week; the days after the last Sunday are told in the next one."""
    return _sample([(1, 4), (5, 11), (12, 18), (19, 25)])


def _few() -> Case:
    whole = {"grain": "period", "period_start": OCTOBER.start, "period_end": OCTOBER.end, "campaign_name": "BC_品牌", "spend": 31000.0}  # fmt: skip
    claim = {"period_start": OCTOBER.start, "period_end": OCTOBER.start + timedelta(days=19), "metric": "spend", "value": 20000}  # fmt: skip
    return case_of({"ads_daily": [whole], "vendor_claims": [claim]})


def _spans(spans: Sequence[Period]) -> Text:
    """Stretches of days, five of them at most."""
    told = [f"{one.start:%m/%d}" + (f"–{one.end:%m/%d}" if one.days > 1 else "") for one in spans[:5]]
    more = " …" if len(spans) > 5 else ""
    return finished("、".join(told) + more, ", ".join(told) + more)


DETECTOR = Detector(
    id="omitted_days",
    title=Text(zh="報告沒有涵蓋有花費的日子", en="Days with spend that no report covers"),
    system="S25",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份廠商報告和逐日的平台匯出", en="one report, and the platform's export by day"),
    reference="Completeness of two ledgers by day: kpi_toolkit.checks.reports",
    says=Text(
        zh="{name} {period}的報告少了 {count} 天（{days}），這幾天花了 {amount}，占這段期間花費的 {share}。",
        en="The reports of {name} for {period} leave out {count} {count:day|days} ({days}), on which {amount} was spent, {share} of the period's.",
    ),
    innocent=Text(
        zh="可能是有一份報告還沒寄到或沒放進資料夾、報告不是從 1 日算到月底，或那幾天另外報告。",
        en="A report may not have arrived or not been put into the folder, reports may not go by calendar months, or those days may be told elsewhere.",
    ),
    question=Text(
        zh="您好，{days} 平台上有 {amount} 的花費，報告裡沒有這幾天。方便補上這段期間的花費和成效嗎？",
        en="Could you add the figures of {days}? The platform shows {amount} of spend on those days that the report doesn't tell of.",
    ),
    action=Text(
        zh="先確認每份報告都放進資料夾了，再請對方以後涵蓋整個月。",
        en="Make sure that every report is in the folder, then ask for reports that cover the whole month.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)
