"""Campaigns with spend in the exports that a report by campaign leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.reports import (  # fmt: skip
    UNMATCHED,
    Cell,
    Claimed,
    Exported,
    Key,
    Standing,
    by_campaign,
    cells,
    exported,
    is_pmax,
    longest,
    matched,
    standings,
)
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.tables.platforms import platform_name

# Left out campaigns that spent a smaller share of the whole are no matter.
_REAL: Final = Decimal("0.05")
# A campaign that was paused may be left out for that, as long as it spent no more than this share.
_PAUSED: Final = Decimal("0.1")
# A table of the largest campaigns only has at least so many; what it leaves out counts where it did so much worse.
_TOP: Final = 3
_WORSE: Final = Decimal("1.2")
# A total that covers so much of what the rows leave out tells of it.
_COVERED: Final = Decimal("0.7")
_SHOWN: Final = 20
_NONE: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """A report's campaign rows beside the exports of the same days: campaigns listed in it, and left out of it."""

    export: Exported
    listed: Sequence[Key]
    left: Sequence[Key]

    def spend(self, keys: Sequence[Key]) -> Decimal:
        return self.export.total("spend", keys)

    @property
    def share(self) -> Decimal:
        whole = self.spend(self.listed) + self.spend(self.left)
        return self.spend(self.left) / whole if whole else _NONE

    @property
    def is_top(self) -> bool:
        """Whether the report lists the largest alone."""
        least = min((self.export.of(key, "spend") for key in self.listed), default=_NONE)
        return len(self.listed) >= _TOP and all(self.export.of(key, "spend") <= least for key in self.left)

    @property
    def is_worse(self) -> bool:
        """Whether a conversion cost far more in what was left out; where none are known, a click."""
        for metric in ("conversions", "clicks"):
            listed, left = self.export.total(metric, self.listed), self.export.total(metric, self.left)
            if listed and self.export.knows(metric, [*self.listed, *self.left]):
                return self.spend(self.left) * listed > _WORSE * left * self.spend(self.listed)
        return False


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        claimed = by_campaign(report)
        if not claimed:
            continue
        rows = _rows(case, vendor, report, claimed)
        if not rows.listed:
            few.append(Few(vendor=vendor.id, needed=UNMATCHED.fill(vendor=vendor.name.text())))
        elif rows.share >= _REAL and not _is_honest_top(report, rows) and not _told_otherwise(report, claimed, rows):
            observations.append(_observed(case, vendor, rows))
    return Answer(observations=observations, few=few)


def _is_honest_top(report: Sequence[Cell], rows: _Rows) -> bool:
    """Whether it is a table of the largest campaigns, which claims to be no more than that, and the others did as well."""
    totalled = any(cell.whole and cell.metric in {"spend", "impressions", "clicks"} for cell in report)
    return rows.is_top and not rows.is_worse and not totalled


def _rows(case: Case, vendor: Vendor, report: Sequence[Cell], claimed: Claimed) -> _Rows:
    export = exported(case, vendor, [cell.span for cell in report if not cell.whole])
    same = matched(claimed, export)
    listed = sorted({key for keys in same.values() for key in keys})
    platforms = {platform for platform, _ in listed}
    known, lists_pmax = standings(case), any(is_pmax(name) for _, name in [*claimed, *listed])
    missing = [key for key in export.keys(platforms) if key[1] and key not in listed and export.of(key, "spend") > 0]
    left = [key for key in missing if not _is_innocent(known.get(key, Standing()), lists_pmax)]
    whole = export.total("spend", [*listed, *left])
    paused = [key for key in left if known.get(key, Standing()).paused]
    if export.total("spend", paused) < _PAUSED * whole:
        left = [key for key in left if key not in paused]
    return _Rows(export=export, listed=listed, left=left)


def _is_innocent(standing: Standing, lists_pmax: bool) -> bool:
    """Removed campaigns vanish from reports by themselves; so does Performance Max from those by ad group."""
    return standing.gone or (standing.pmax and not lists_pmax)


def _told_otherwise(report: Sequence[Cell], claimed: Claimed, rows: _Rows) -> bool:
    """Whether a total of the report holds what the rows leave out, or rows under other names do."""
    for metric in ("spend", "impressions", "clicks"):
        left = rows.export.total(metric, rows.left)
        wholes = [cell for cell in longest(report) if cell.whole and cell.metric == metric]
        if not left or not wholes:
            continue
        summed = sum((told.get(metric, _NONE) for told in claimed.values()), _NONE)
        over_all = sum(
            (cell.value for cell in wholes if not cell.platform and cell.span.days == _longest(wholes)), _NONE
        )
        parted: dict[object, Decimal] = {}
        for cell in wholes:
            if cell.platform:
                parted[cell.platform, cell.span] = max(cell.value, parted.get((cell.platform, cell.span), _NONE))
        return max(over_all, sum(parted.values(), _NONE)) - summed > _COVERED * left
    stray = sum((told.get("spend", _NONE) for key, told in claimed.items() if key not in matched(claimed, rows.export)), _NONE)  # fmt: skip
    return stray > _COVERED * rows.spend(rows.left)


def _longest(wholes: Sequence[Cell]) -> int:
    return max((cell.span.days for cell in wholes if not cell.platform), default=0)


def _observed(case: Case, vendor: Vendor, rows: _Rows) -> Observation:
    amount = round(rows.spend(rows.left), 2)
    left = sorted(rows.left, key=lambda key: (-rows.export.of(key, "spend"), key))
    return Observation(
        vendor=vendor.id,
        amount=amount,
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "listed": len(rows.listed),
            "count": len(left),
            "campaigns": finished(*(comma.join(name for _, name in left[:3]) for comma in ("、", ", "))),
            "amount": f"{amount:,.0f}",
            "share": f"{rows.share:.0%}",
        },
        evidence=[
            {"campaign": key[1], "platform": platform_name(key[0]), "spend": float(rows.export.of(key, "spend")), "conversions": float(rows.export.of(key, "conversions"))}
            for key in left[:_SHOWN]
        ],
    )  # fmt: skip


def _sample(daily: Mapping[str, tuple[float, str]], claimed: Sequence[str], total: float = 0.0, **said: str) -> Case:
    """Campaigns with their spend a day and status, those that the report lists, and its own total, if it has one."""
    ads = [
        {"date_day": day, "campaign_name": name, "spend": spend, "status": status, **said}
        for day in OCTOBER.each_day()
        for name, (spend, status) in daily.items()
    ]
    claim = {"platform": "google_ads", "period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": "spend"}
    claims = [claim | {"campaign_name": name, "value": daily[name][0] * 31} for name in claimed]
    claims += [claim | {"value": total, "is_total": True}] if total else []
    return case_of({"ads_daily": ads, "vendor_claims": claims})


_DAILY: Final = {"BC_品牌": (1000.0, "enabled"), "BC_搜尋": (400.0, "enabled"), "BC_興趣受眾": (350.0, "enabled")}


def _fires() -> Case:
    return _sample(_DAILY, ["BC_品牌", "BC_搜尋"])


def _quiet() -> Case:
    """Left out are Performance Max, a removed campaign, and one with hardly any spend."""
    more = {"PMax_全商品": (500.0, "enabled"), "BC_舊": (300.0, "已移除"), "BC_測試": (5.0, "enabled")}
    return _sample(_DAILY | more, [*_DAILY])


def _few() -> Case:
    return _sample(_DAILY, ["BC_品牌", "BC_搜尋"], vendor="other")


DETECTOR = Detector(
    id="omitted_campaign",
    title=Text(zh="有花費的廣告活動沒列進報告", en="Campaigns with spend that the report leaves out"),
    system="S25",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份逐活動的廠商報告和同期間的平台匯出", en="one report by campaign, and the platform's export of the same days"),
    reference="Completeness of two ledgers, matched by name and by figures: kpi_toolkit.checks.reports.matched",
    says=Text(
        zh="{name} {period}的報告列了 {listed} 個廣告活動，平台匯出裡另有 {count} 個（{campaigns}）沒列，共花了 {amount}，占全部的 {share}；報告的合計也沒有算進去。",
        en="The report of {name} for {period} lists {listed} {listed:campaign|campaigns}; the platform's export has {count} more ({campaigns}) that spent {amount}, {share} of "
        "the whole, and no total in the report holds {count:it|them}.",
    ),
    innocent=Text(
        zh="可能是報告只列主要的廣告活動、這些是由別人操作，或報告的篩選條件漏掉了。",
        en="The report may list main campaigns only, others may run these, or a filter may have left them out.",
    ),
    question=Text(
        zh="您好，{period}平台上的「{campaigns}」共花了 {amount}，報告裡沒有列。請問原因是什麼？可以補上花費和成效嗎？",
        en="In {period}, {amount} was spent on {campaigns}, which the report doesn't list. Why is that? Could you add what was spent and what it brought?",
    ),
    action=Text(
        zh="看成效時請把這 {amount} 一起算進去，並請對方以後列出所有有花費的廣告活動。",
        en="Count this {amount} in when you look at results, and ask for all campaigns with spend from now on.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
