"""Metrics that the vendor used to report, and left out when they turned worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.written import RATIOS
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.reports import ADDED, MONEY, cells
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.scopes import exported_as
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.periods import Period

# So many months back, of which the metric stood in at least so many reports.
_MONTHS: Final = 3
_USUALLY: Final = 2
# By so much it turned worse than in the months when it was told.
_WORSE: Final = 0.15
# Counts are worth a word from here on.
_LEAST: Final = 8
_FEW = Text(
    zh="{vendor}：要有前 3 個月裡至少 2 個月的報告",
    en="{vendor}: reports of at least 2 of the 3 months before",
)
_MONTHLY = Text(zh="需要一整個月的期間", en="a calendar month as the period")


@dataclass(frozen=True, kw_only=True)
class _Gone:
    """A metric that is no longer told: what it was in the months when it was, and is now."""

    metric: str
    before: float
    now: float

    @property
    def worse(self) -> float:
        """By what share it turned worse; below 0 where it turned better."""
        change = self.now / self.before - 1
        return -change if METRICS[self.metric].direction == "up" else change


def _lacks(case: Case) -> Text | None:
    return None if case.period.grain == "month" else _MONTHLY


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    months = case.period.back(_MONTHS + 1)
    for vendor in case.client.vendors:
        told = {month: {cell.metric for cell in cells(case, vendor, period=month)} for month in months}
        if not told[case.period]:
            continue
        if sum(bool(told[month]) for month in months[:-1]) < _USUALLY:
            few.append(Few(vendor=vendor.id, needed=_FEW.fill(vendor=vendor.name.text())))
            continue
        gone = [one for one in _gone(case, vendor, told) if one.worse >= _WORSE]
        if gone:
            observations.append(_observed(vendor, gone))
    return Answer(observations=observations, few=few)


def _gone(case: Case, vendor: Vendor, told: Mapping[Period, set[str]]) -> list[_Gone]:
    """The metrics that most of the months before told and this one doesn't, where the exports know them."""
    before = [month for month in told if month != case.period]
    metrics = sorted({metric for month in before for metric in told[month]} - told[case.period])
    found = []
    for metric in metrics:
        months = [month for month in before if metric in told[month]]
        if len(months) < _USUALLY or metric not in METRICS or METRICS[metric].direction == "neither":
            continue
        # Ratios are of sums over the months; plain sums are a month's average.
        past = _figure(case, vendor, metric, months)
        now = _figure(case, vendor, metric, [case.period])
        if past and now is not None:
            found.append(_Gone(metric=metric, before=past, now=now))
    return found


def _figure(case: Case, vendor: Vendor, metric: str, months: Sequence[Period]) -> float | None:
    """The metric by the exports, over all the vendor's platforms; None where a part isn't known or is too small to say."""
    made = RATIOS.get(metric)
    parts = (metric,) if made is None else (made.over[0], made.under[0])
    if not all(exported_as(part) in ADDED for part in parts):
        return None
    sums = [_sum(case, vendor, part, months) for part in parts]
    counts = [one for part, one in zip(parts, sums, strict=True) if part not in MONEY]
    if any(one is None or one < (_LEAST if len(months) > 1 else 1) for one in counts):
        return None
    if made is None:
        return sums[0]
    above, below = sums
    return above / below * float(made.scale) if above is not None and below else None


def _sum(case: Case, vendor: Vendor, metric: str, months: Sequence[Period]) -> float | None:
    """A month's average over the vendor's campaigns."""
    metric = exported_as(metric)
    table = case.measured_over(months, ADDED, ("vendor", "channel", "campaign"))
    own = table[(table["vendor"] == vendor.id) & (table["metric"] == metric)]
    told = own[own["status"] != "no data"]
    if metric in MONEY:
        told = told[told["currency"] == case.client.currency]
    refused = own[(own["status"] == "no data") & ~own["reason"].isin(["no values", "no rows"])]
    each = told.groupby("period_start")["value"].sum()
    if len(refused) or len(each) < len(months):
        return None
    return float(each.mean())


def _observed(vendor: Vendor, gone: Sequence[_Gone]) -> Observation:
    worst = sorted(gone, key=lambda one: (-one.worse, one.metric))
    shorts = [METRICS[one.metric].short for one in worst]
    return Observation(
        vendor=vendor.id,
        values={
            "name": vendor.name.text(),
            "metrics": finished(
                "、".join(one.say("zh-TW") for one in shorts), ", ".join(one.say("en") for one in shorts)
            ),
            "count": len(worst),
            "metric": shorts[0],
            "before": _written(worst[0].metric, worst[0].before),
            "now": _written(worst[0].metric, worst[0].now),
            "share": f"{worst[0].worse:.0%}",
        },
        evidence=[
            {
                "metric": METRICS[one.metric].short,
                "before": _written(one.metric, one.before),
                "now": _written(one.metric, one.now),
            }
            for one in worst
        ],
    )


def _written(metric: str, value: float) -> str:
    return f"{value:.2%}" if METRICS[metric].unit == "ratio" else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def _sample(conversions: Sequence[int], told: Sequence[Sequence[str]]) -> Case:
    """Months up to October with 60,000 spent in each, their conversions, and the metrics that each month's report tells."""
    months = OCTOBER.back(len(conversions))
    ads = [
        {"date_day": month.start, "campaign_name": "BC_品牌", "spend": 60_000.0, "clicks": 4000, "impressions": 200_000, "conversions": count}
        for month, count in zip(months, conversions, strict=True)
    ]  # fmt: skip
    claims = [
        {
            "period_start": month.start,
            "period_end": month.end,
            "metric": metric,
            "value": 300 if metric == "cpa" else 60_000,
        }
        for month, metrics in zip(months, told, strict=True)
        for metric in metrics
    ]
    return case_of({"ads_daily": ads, "vendor_claims": claims})


_USUAL: Final = ("spend", "conversions", "cpa")


def _fires() -> Case:
    return _sample([200, 210, 205, 130], [_USUAL, _USUAL, _USUAL, ["spend"]])


def _quiet() -> Case:
    """A metric that is no longer told though it did well, and one that is still told though it did badly."""
    return _sample([200, 210, 205, 170], [(*_USUAL, "cpc"), (*_USUAL, "cpc"), (*_USUAL, "cpc"), _USUAL])


def _few() -> Case:
    return _sample([200, 130], [_USUAL, ["spend"]])


DETECTOR = Detector(
    id="vanished_metric",
    title=Text(zh="變差的指標從報告裡消失了", en="Metrics that vanished from the report when they turned worse"),
    system="S25",
    needs=("vendor_claims", "ads_daily"),
    lacks=_lacks,
    least=Text(zh="這個月和前 3 個月中 2 個月的報告", en="reports of this month and of 2 of the 3 before"),
    reference="Selective outcome reporting: A.-W. Chan et al., JAMA 291 (2004)",
    says=Text(
        zh="{name}之前的報告有{metrics}，{period}的沒有了；平台匯出顯示{metric}從 {before} 變成 {now}，變差 {share}。",
        en="Earlier reports of {name} told {metrics}; that of {period} doesn't. By the exports {metric} went from {before} to {now}, {share} worse.",
    ),
    innocent=Text(
        zh="可能是報告換了格式、雙方說好不再看這項指標，或追蹤設定正在調整。",
        en="The report's format may have changed, the metric may have been dropped by agreement, or tracking may be under repair.",
    ),
    question=Text(
        zh="您好，{period}的報告沒有{metrics}，方便補上嗎？我們從平台看到{metric}是 {now}，之前約 {before}，也想了解原因。",
        en="The report for {period} has no {metrics}: could you add what is missing? The platform shows {metric} at {now}, after about {before}; we would like to "
        "know why.",
    ),
    action=Text(
        zh="把固定要報告的指標寫進和廠商的約定，並先從平台匯出看這項指標。",
        en="Agree with the vendor on the metrics that every report tells, and look at this one in the exports meanwhile.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "before": Shown(title=Text(zh="之前", en="Before")),
        "now": Shown(title=Text(zh="這個月", en="Now")),
    },
)  # fmt: skip
