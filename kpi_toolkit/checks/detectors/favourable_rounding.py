"""Rounding in the vendor's report that goes the vendor's way more often than chance lets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.written import RATIOS
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.reports import ADDED, Book, Cell, Key, by_campaign, cells, matched, platforms_of
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished, same
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.tables.platforms import platform_name

_LEAST: Final = 12
# So many of the rounded cells go the vendor's way, and so many are further off than rounding to the nearest ever is, at least.
_FAVOURABLE: Final = 0.8
_BEYOND: Final = 0.2
# Of each kind of metric (more is better, less is better) so many show whether all is cut off, or all rounded up.
_KIND: Final = 3
_KINDLY: Final = 0.7
_EXACT: Final = Decimal("0.002")
_SHOWN: Final = 20
_GOOD: Final[Mapping[str, Literal["up", "down"]]] = {
    **dict.fromkeys(("impressions", "clicks", "conversions", "conversions_value", "leads"), "up"),
    **{name: made.good for name, made in RATIOS.items()},
}
_WHOLE = Text(zh="整份報告", en="The whole report")
_FEW = Text(
    zh="{vendor}：要有至少 {least} 個取過整、平台匯出又查得到精確值的數字；現在有 {count} 個",
    en="{vendor}: at least {least} rounded cells whose exact figure the exports give; there {count:is|are} {count}",
)


@dataclass(frozen=True, kw_only=True)
class _Rounded:
    """A cell that was rounded, its exact figure, and the worth of its last digit that isn't 0."""

    cell: Cell
    exact: Decimal
    step: Decimal

    @property
    def up(self) -> bool:
        return self.cell.value > self.exact

    @property
    def good(self) -> Literal["up", "down", "neither"]:
        return _GOOD.get(self.cell.metric, "neither")

    @property
    def kind(self) -> bool:
        """Whether it was rounded the vendor's way."""
        return self.up == (self.good == "up")

    @property
    def beyond(self) -> bool:
        """Whether it isn't the nearest figure with so many digits."""
        return abs(self.cell.value - self.exact) > self.step * Decimal("0.55")


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        rounded = list(_rounded(case, vendor, report))
        telling = [one for one in rounded if one.good != "neither"]
        if report and len(telling) < _LEAST:
            few.append(Few(vendor=vendor.id, needed=_FEW.fill(vendor=vendor.name.text(), least=_LEAST, count=len(telling))))  # fmt: skip
        elif report:
            observations.append(
                _observed(vendor, telling, _p(telling, [one for one in rounded if one.good == "neither"]))
            )
    return Answer(observations=observations, few=few)


def _rounded(case: Case, vendor: Vendor, report: Sequence[Cell]) -> Iterator[_Rounded]:
    """The cells that were rounded and whose exact figure is known: of campaigns, and of accounts that have several."""
    book = Book(case, vendor)
    rows = by_campaign(report)
    same = matched(rows, book.over(cell.span for cell in report))
    places: dict[object, list[Cell]] = {}
    for cell in report:
        places.setdefault(cell.place, []).append(cell)
    for own in places.values():
        first = own[0]
        keys = same.get((first.platform, first.campaign), ())
        if first.whole:
            keys = tuple(book.over([first.span]).keys({first.platform} if first.platform else platforms_of(report)))
            keys = keys if len(keys) > 1 and len(rows) != 1 else ()
        if keys and first.span.days > 1:
            yield from _of_place(book, own, keys)


def _of_place(book: Book, own: Sequence[Cell], keys: Sequence[Key]) -> Iterator[_Rounded]:
    """The rounded cells of one place; ratios only where the report's own figures beside them are the export's, too."""
    export = book.over([own[0].span])
    exact = {metric: export.total(metric, keys) for metric in ADDED if export.knows(metric, keys)}
    exact["leads"] = exact.get("conversions", Decimal(0))
    told = {cell.metric: cell for cell in own}
    near = {name for name, cell in told.items() if exact.get(name) and abs(cell.value - exact[name]) < _last(cell)}
    for cell in own:
        made = RATIOS.get(cell.metric)
        parts = [made.over[0], made.under[0]] if made else [cell.metric]
        if not all(exact.get(part) for part in parts) or any(part in told and part not in near for part in parts):
            continue
        value = exact[parts[0]] / exact[parts[1]] * made.scale if made else exact[cell.metric]
        step = _last(cell)
        if _EXACT * step < abs(cell.value - value) < step:
            yield _Rounded(cell=cell, exact=value, step=step)


def _last(cell: Cell) -> Decimal:
    """The worth of the cell's last digit that isn't 0: rounding to it, or finer, may have been meant."""
    if not cell.fine or not cell.value:
        return Decimal(0)
    digits = int((cell.value / cell.fine).to_integral_value())
    zeros = len(str(digits)) - len(str(digits).rstrip("0"))
    return cell.fine * 10**zeros


def _p(telling: Sequence[_Rounded], others: Sequence[_Rounded]) -> float:
    """The chance of so many cells rounded the vendor's way if either way is as likely; 1 where none of it is beyond what
    rounding to the nearest does, or all is cut off or rounded up alike."""
    from scipy.stats import binom

    kind = [one for one in telling if one.kind]
    beyond = [one for one in kind if one.beyond]
    several = len({one.cell.metric for one in beyond}) >= 2
    if len(kind) < _FAVOURABLE * len(telling) or len(beyond) < _BEYOND * len(telling) or not several:
        return 1.0
    if _is_habit(telling, others):
        return 1.0
    return float(binom.sf(len(kind) - 1, len(telling), 0.5))


def _is_habit(telling: Sequence[_Rounded], others: Sequence[_Rounded]) -> bool:
    """Whether everything is cut off, or rounded up, whomever that favours."""
    ups, downs = ([one for one in telling if one.good == way] for way in ("up", "down"))
    if len(ups) >= _KIND and len(downs) >= _KIND:
        return any(sum(one.kind for one in side) < _KINDLY * len(side) for side in (ups, downs))
    up = len(ups) >= len(downs)
    return len(others) >= _KIND and sum(one.up is up for one in others) >= _FAVOURABLE * len(others)


def _observed(vendor: Vendor, telling: Sequence[_Rounded], p: float) -> Observation:
    kind = sorted((one for one in telling if one.kind), key=lambda one: (-abs(one.cell.value / one.exact - 1), str(one.cell.place), one.cell.metric))  # fmt: skip
    names = [METRICS[name].short for name in dict.fromkeys(one.cell.metric for one in kind) if name in METRICS]
    return Observation(
        vendor=vendor.id,
        p=p,
        values={
            "name": vendor.name.text(),
            "count": len(telling),
            "kind": len(kind),
            "beyond": sum(one.beyond for one in kind),
            "metrics": finished("、".join(one.say("zh-TW") for one in names[:6]) or "—", ", ".join(one.say("en") for one in names[:6]) or "—"),
        },
        evidence=[
            {"campaign": one.cell.campaign or (platform_name(one.cell.platform) if one.cell.platform else _WHOLE), "metric": _short(one.cell.metric), "written": _figure(one.cell.metric, one.cell.value), "exact": _figure(one.cell.metric, one.exact)}
            for one in kind[:_SHOWN]
        ],
    )  # fmt: skip


def _short(metric: str) -> Text:
    return METRICS[metric].short if metric in METRICS else same(metric)


def _figure(metric: str, value: Decimal) -> str:
    """A figure as far as its rounding shows in it."""
    return (
        f"{value:.3%}" if metric in METRICS and METRICS[metric].unit == "ratio" else f"{value:,.2f}".removesuffix(".00")
    )


_EXACTLY: Final = {
    "BC_品牌": (38211.0, 402871, 3127, 88),
    "BC_搜尋": (24683.0, 118377, 2364, 61),
    "BC_再行銷": (17345.0, 96433, 1458, 73),
}


def _sample(way: Literal["kind", "nearest", "floor"]) -> Case:
    """Three campaigns whose cost of a click and of a conversion, rates and counts are told to two digits."""
    ads, claims = [], []
    span = {"period_start": OCTOBER.start, "period_end": OCTOBER.end}
    for name, (spend, shown, clicks, conversions) in _EXACTLY.items():
        ads.append({"date_day": OCTOBER.start, "campaign_name": name, "spend": spend, "impressions": shown, "clicks": clicks, "conversions": conversions})  # fmt: skip
        told = {"impressions": shown, "clicks": clicks, "ctr": clicks / shown, "cvr": conversions / clicks, "cpc": spend / clicks, "cpa": spend / conversions}  # fmt: skip
        claims += [span | {"campaign_name": name, "metric": metric} | _two_digits(metric, value, way) for metric, value in told.items()]  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": claims})


def _two_digits(metric: str, value: float, way: Literal["kind", "nearest", "floor"]) -> dict[str, object]:
    from math import ceil, floor, log10

    step = 10.0 ** (floor(log10(value)) - 1)
    up = _GOOD[metric] == "up"
    whole = floor(value / step) if way == "floor" or (way == "kind" and not up) else ceil(value / step) if way == "kind" else round(value / step)  # fmt: skip
    said = round(whole * step, 8)
    return {"value": said, "written": f"{said:.2%}" if metric in {"ctr", "cvr"} else f"{said:,.10g}"}


def _fires() -> Case:
    return _sample("kind")


def _quiet() -> Case:
    """Everything is cut off after two digits, whomever that favours."""
    return _sample("floor")


def _few() -> Case:
    ads = [{"date_day": OCTOBER.start, "campaign_name": "BC_品牌", "spend": 38211.0, "clicks": 3127}]
    claim = {
        "period_start": OCTOBER.start,
        "period_end": OCTOBER.end,
        "campaign_name": "BC_品牌",
        "metric": "clicks",
        "value": 3200,
    }
    return case_of({"ads_daily": ads, "vendor_claims": [claim]})


DETECTOR = Detector(
    id="favourable_rounding",
    title=Text(zh="四捨五入總是往好看的方向", en="Rounding that always favours the vendor"),
    system="S22",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="12 個取過整的數字，和平台的精確值", en="12 rounded cells, and the platform's exact figures"),
    reference="Sign test: J. Arbuthnot, Philosophical Transactions 27 (1710); p by the binomial distribution",
    says=Text(
        zh="{name} {period}的報告有 {count} 個取過整的數字，其中 {kind} 個往好看的方向（{metrics}），{beyond} 個和平台數字的差距比四捨五入會有的還大。",
        en="Of {count} rounded figures in the report of {name} for {period}, {kind} went the way that looks better ({metrics}), {beyond} of them further from the platform's figure "
        "than rounding to the nearest ever is.",
    ),
    innocent=Text(
        zh="可能是試算表用了無條件進位或捨去、做報告時數字還沒定案，或為了好讀寫成整數。",
        en="The sheet may use functions that round up or cut off, figures may not have been settled, or round numbers may have been meant to read easily.",
    ),
    question=Text(
        zh="您好，{period}的報告有 {count} 個取過整的數字，其中 {kind} 個和平台比都偏好看。想請教取位的規則，也麻煩附上平台的原始數字，謝謝。",
        en="{kind} of {count} rounded figures in your report for {period} went the better way. Which rule rounds them, and could you add the platform's own figures?",
    ),
    action=Text(
        zh="請對方附上平台原始數字，或約定小數位數和四捨五入的方式。",
        en="Ask for the platform's own figures, or agree on digits and on rounding to the nearest.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "exact": Shown(title=Text(zh="平台數字", en="The platform's figure")),
    },
)  # fmt: skip
