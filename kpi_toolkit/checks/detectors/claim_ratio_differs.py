"""Ratios in the vendor's report that don't follow from their own parts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.ratios import Ratio, ratios
from kpi_toolkit.checks.reports import cells
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.sources.vendor_report import REPORTED
from kpi_toolkit.tables.platforms import platform_name

# A ratio so much better than its parts is more than a slip of rounding …
_BETTER: Final = Decimal("0.05")
# … and so are several that are a little better, where hardly any is worse.
_LITTLE: Final = Decimal("0.02")
_SEVERAL: Final = 4
_WORSE: Final = 5
_SHOWN: Final = 20
_NONE: Final = Decimal(0)
_WHOLE = Text(zh="整份報告", en="The whole report")
_FEW = Text(
    zh="{vendor}的報告要同時有比率和算它的兩個數字（例如單次轉換成本，和花費、轉換）才能核算",
    en="a report of {vendor} with ratios beside their own parts (CPA beside spend and conversions)",
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        told = list(ratios(case, vendor, report))
        if report and not told:
            few.append(Few(vendor=vendor.id, needed=_FEW.fill(vendor=vendor.name.text())))
        if off := _off(told):
            observations.append(_observed(case, vendor, off, len(told)))
    return Answer(observations=observations, few=few)


def _off(told: Sequence[Ratio]) -> list[Ratio]:
    """The ratios that are better than their parts, where that is more than slips make."""
    better = [one for one in told if one.better > _LITTLE]
    worse = [one for one in told if one.better < -_LITTLE]
    much = [one for one in better if one.better > _BETTER]
    slips = len(worse) * _WORSE > len(better) * 2 and len(worse) >= 2
    return better if (much or len(better) >= _SEVERAL) and not slips else []


def _amount(off: Sequence[Ratio]) -> Decimal:
    """In each place the dearest of its ratios; campaigns or their totals, whichever is more, and not both."""
    places: dict[tuple[object, bool], Decimal] = {}
    for one in off:
        key = (one.cell.place, one.cell.whole)
        places[key] = max(places.get(key, _NONE), one.amount)
    return max(sum((amount for (_, whole), amount in places.items() if whole is side), _NONE) for side in (True, False))


def _observed(case: Case, vendor: Vendor, off: Sequence[Ratio], count: int) -> Observation:
    worst = sorted(off, key=lambda one: (-one.amount, -one.better, str(one.cell.place), one.cell.metric))
    names = dict.fromkeys(one.cell.metric for one in worst)
    amount, first = round(_amount(off), 2), worst[0]
    return Observation(
        vendor=vendor.id,
        amount=amount or None,
        currency=case.client.currency if amount else "",
        values={
            "name": vendor.name.text(),
            "metrics": finished("、".join(_short(one).say("zh-TW") for one in names), ", ".join(_short(one).say("en") for one in names)),
            "off": len(off),
            "count": count,
            "metric": _short(first.cell.metric),
            "stated": _written(first.cell.metric, first.cell.value),
            "implied": _written(first.cell.metric, (first.implied.low + first.implied.high) / 2),
            "share": f"{first.better:.0%}",
        },
        evidence=[
            {"campaign": one.cell.campaign or (platform_name(one.cell.platform) if one.cell.platform else _WHOLE), "metric": _short(one.cell.metric), "written": _written(one.cell.metric, one.cell.value), "lowest": _written(one.cell.metric, one.implied.low), "highest": _written(one.cell.metric, one.implied.high)}
            for one in worst[:_SHOWN]
        ],
    )  # fmt: skip


def _short(metric: str) -> Text:
    return METRICS[metric].short if metric in METRICS else finished(REPORTED[metric].words[1], metric)


def _written(metric: str, value: Decimal) -> str:
    return f"{value:.2%}" if REPORTED[metric].unit == "ratio" else f"{value:,.2f}"


def _sample(rows: Mapping[str, tuple[float, float, float, float, str, str]]) -> Case:
    """By campaign: spend, impressions, clicks, conversions, and CTR and CPA as written."""
    names = ("spend", "impressions", "clicks", "conversions")
    claims = []
    for campaign, told in rows.items():
        figures = [(name, value, f"{value:,.10g}") for name, value in zip(names, told[:4], strict=True)]
        figures += [("ctr", float(told[4].rstrip("%")) / 100, told[4]), ("cpa", float(told[5]), told[5])]
        claims += [
            {"campaign_name": campaign, "period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": name, "value": value, "written": written}
            for name, value, written in figures
        ]  # fmt: skip
    return case_of({"vendor_claims": claims})


def _fires() -> Case:
    """A campaign's cost of a conversion is told 150 where its own spend and conversions make it 200."""
    return _sample({"BC_品牌": (12000, 125000, 3125, 60, "2.5%", "150"), "BC_搜尋": (40000, 400000, 8000, 160, "2%", "250")})  # fmt: skip


def _quiet() -> Case:
    """Rounded ratios, one with tax in it, and one that is told worse than it is."""
    return _sample({"BC_品牌": (12004, 125311, 3125, 60, "2.5%", "200"), "BC_搜尋": (40000, 400000, 8000, 160, "2.0%", "262.5"), "BC_再行銷": (8000, 60000, 900, 41, "1%", "195")})  # fmt: skip


def _few() -> Case:
    claim = {
        "period_start": OCTOBER.start,
        "period_end": OCTOBER.end,
        "metric": "ctr",
        "value": 0.025,
        "written": "2.5%",
    }
    return case_of({"vendor_claims": [claim]})


DETECTOR = Detector(
    id="claim_ratio_differs",
    title=Text(zh="報告裡的比率和自己的數字算不起來", en="Ratios of the report that don't follow from its own figures"),
    system="S22",
    needs=("vendor_claims",),
    least=Text(zh="一個比率和它的分子、分母在同一列", en="one ratio beside its own parts"),
    reference="Interval arithmetic over the rounding of every cell: R. Moore, Interval Analysis (1966)",
    says=Text(
        zh="{name} {period}的報告有 {count} 個比率可以自己算一遍，其中 {off} 個（{metrics}）比用同一份報告算出來的好，超過四捨五入的範圍。"
        "例如{metric}寫 {stated}，算出來是 {implied}（好看 {share}）。",
        en="Of {count} ratios in the report of {name} for {period} that can be worked out, {off} ({metrics}) {off:is|are} better than {off:its|their} own parts make "
        "{off:it|them}, beyond rounding. {metric}, say, is told as {stated}, and the same report's figures make it {implied} ({share} better).",
    ),
    innocent=Text(
        zh="可能是把各列的比率直接平均、用了別的定義（例如所有點擊、所有轉換），或抄錯一格。",
        en="Rows' ratios may have been averaged, a part may follow another definition (clicks of all kinds, all conversions), or a cell may have been "
        "copied wrongly.",
    ),
    question=Text(
        zh="您好，想請教 {period}報告裡的{metric}是怎麼算的：報告寫 {stated}，我們用同一份報告的數字算是 {implied}。請問是用哪一欄除以哪一欄？",
        en="How is {metric} in your report for {period} worked out? It says {stated}, and its own figures make it {implied}. Which column is divided by which?",
    ),
    action=Text(
        zh="評估成效時先用報告裡的原始數字自己算，等對方說明定義再用他們的比率。",
        en="Work the ratios out from the report's plain figures until the vendor has told how it defines them.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "lowest": Shown(title=Text(zh="自己算，最低", en="Worked out, at least")),
        "highest": Shown(title=Text(zh="自己算，最高", en="Worked out, at most")),
    },
)  # fmt: skip
