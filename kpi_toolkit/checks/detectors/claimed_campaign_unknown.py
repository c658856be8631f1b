"""Campaigns in the vendor's report that no export has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.reports import (  # fmt: skip
    UNMATCHED,
    Claimed,
    Exported,
    Key,
    by_campaign,
    cells,
    exported,
    is_gone,
    is_pmax,
    known_campaigns,
    matched,
    plain,
    without_pmax,
)
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.tables.platforms import platform_name

# Of what the report tells in all, so small a part is not asked for.
_TINY: Final = Decimal("0.01")
# An account's total that knows about so much of it may hold removed campaigns.
_HELD: Final = Decimal("0.85")
_SHOWN: Final = 20
_NONE: Final = Decimal(0)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        report = cells(case, vendor)
        claimed = by_campaign(report)
        if not claimed:
            continue
        export = exported(case, vendor, [cell.span for cell in report if not cell.whole])
        same = matched(claimed, export)
        if not same:
            few.append(Few(vendor=vendor.id, needed=UNMATCHED.fill(vendor=vendor.name.text())))
            continue
        strange = {key: claimed[key] for key in _strange(case, claimed, same, export)}
        price = _price(export)
        amount = sum((_stake(told, price) for told in strange.values()), _NONE)
        if strange and amount > _TINY * sum((_stake(told, price) for told in claimed.values()), _NONE):
            observations.append(_observed(case, vendor, strange, round(amount, 2)))
    return Answer(observations=observations, few=few)


def _strange(case: Case, claimed: Claimed, same: Mapping[Key, Sequence[Key]], export: Exported) -> Iterator[Key]:
    """The campaigns that are told to have spent or brought something, on platforms whose exports have others, and that no export of
    any time has: but for those that an export may lack (removed, or Performance Max by ad group)."""
    known, blind, held = known_campaigns(case), without_pmax(case), _held(export)
    for key, told in sorted(claimed.items()):
        platform, name = key
        others = [own for keys in same.values() for own in keys if platform in ("", own[0])]
        elsewhere = any(plain(name) == own and platform in ("", source) for source, own in known)
        lacking = is_gone(name) or (is_pmax(name) and (platform in blind or (not platform and blind)))
        size = told.get("spend") or told.get("conversions")
        if key in same or not others or elsewhere or lacking or not size:
            continue
        metric = "spend" if told.get("spend") else "conversions"
        if held.get((platform, metric), _NONE) < size * _HELD:
            yield key
        else:
            held[platform, metric] -= size * _HELD


def _held(export: Exported) -> dict[tuple[str, str], Decimal]:
    """What the accounts' totals hold beyond their campaigns, by platform ('': all)."""
    found: dict[tuple[str, str], Decimal] = {}
    for (platform, name), told in export.figures.items():
        for metric, value in told.items() if not name else ():
            found[platform, metric] = found.get((platform, metric), _NONE) + value
            found["", metric] = found.get(("", metric), _NONE) + value
    return found


def _price(export: Exported) -> Decimal:
    """What a conversion cost by the exports; 0 where that isn't known."""
    conversions = export.total("conversions")
    return export.total("spend") / conversions if conversions else _NONE


def _stake(told: Mapping[str, Decimal], price: Decimal) -> Decimal:
    """The spend that a campaign is told to have had, else what its conversions would have cost."""
    return told.get("spend") or told.get("conversions", _NONE) * price


def _observed(case: Case, vendor: Vendor, strange: Claimed, amount: Decimal) -> Observation:
    names = sorted(strange, key=lambda key: (-strange[key].get("spend", _NONE), key))
    return Observation(
        vendor=vendor.id,
        amount=amount,
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "count": len(names),
            "campaigns": finished(*(comma.join(name for _, name in names[:3]) for comma in ("、", ", "))),
            "amount": f"{amount:,.0f}",
        },
        evidence=[
            {"campaign": key[1], "platform": platform_name(key[0]), "spend": float(strange[key].get("spend", 0)), "conversions": float(strange[key].get("conversions", 0))}
            for key in names[:_SHOWN]
        ],
    )  # fmt: skip


_DAILY: Final = {"BC_品牌": 1000.0, "BC_搜尋": 400.0}


def _sample(claimed: Mapping[str, float], daily: Mapping[str, float] = _DAILY) -> Case:
    ads = [{"date_day": day, "campaign_name": name, "spend": spend} for day in OCTOBER.each_day() for name, spend in daily.items()]  # fmt: skip
    claims = [
        {"platform": "google_ads", "campaign_name": name, "period_start": OCTOBER.start, "period_end": OCTOBER.end, "metric": "spend", "value": spend}
        for name, spend in claimed.items()
    ]  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": claims})


def _fires() -> Case:
    return _sample({"BC_品牌": 31000, "BC_搜尋": 12400, "BC_影音擴大": 9000})


def _quiet() -> Case:
    """One renamed, with the same spend, one written in another way, and one that was removed."""
    return _sample({"bc 品牌": 31000, "關鍵字": 12400, "舊活動（已移除）": 3000})


def _few() -> Case:
    return _sample({"BC_影音擴大": 9000}, {"其他": 10.0})


DETECTOR = Detector(
    id="claimed_campaign_unknown",
    title=Text(zh="報告裡有平台匯出找不到的廣告活動", en="Campaigns in the report that no export has"),
    system="S22",
    needs=("vendor_claims", "ads_daily"),
    least=Text(zh="一份逐活動的廠商報告和同期間的平台匯出", en="one report by campaign, and the platform's export of the same days"),
    reference="Completeness of two ledgers, matched by name and by figures: kpi_toolkit.checks.reports.matched",
    says=Text(
        zh="{name} {period}的報告裡有 {count} 個廣告活動（{campaigns}）在平台匯出裡找不到，同一平台的其他廣告活動都在；報告寫它們花了約 {amount}。",
        en="{count} {count:campaign|campaigns} in the report of {name} for {period} ({campaigns}) {count:is|are} in no export, though others of the same platform are; the "
        "report tells about {amount} of spend for {count:it|them}.",
    ),
    innocent=Text(
        zh="可能是廣告活動改過名、已從帳戶移除、在另一個沒有匯出的廣告帳戶，或報告用了自己的名稱。",
        en="They may have been renamed or removed, run in another ad account that wasn't exported, or go by names of the vendor's own.",
    ),
    question=Text(
        zh="您好，{period}報告裡的「{campaigns}」（花費約 {amount}）在我們匯出的帳戶裡找不到。請問是在哪一個廣告帳戶？方便給我們廣告活動編號，或開放檢視權限嗎？",
        en="We can't find {campaigns} of the report for {period} (spend about {amount}) in the accounts that we export. Which ad account is that in? Could you send the campaign ids, or give us access to view them?",
    ),
    action=Text(
        zh="匯出時把已移除的廣告活動和廠商用到的每個帳戶都選進來，再核對這 {amount}。",
        en="Export with removed campaigns included, and every ad account that the vendor uses, then look for this {amount} again.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
