"""Retargeting that takes more of the money and of the orders' credit, while the shop sells no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpi_toolkit.analysis.claimed import BY, HISTORY, METRICS, Claim, claims_of, days_told, groups, total, weeks_before
from kpi_toolkit.analysis.credit import Credit, credit
from kpi_toolkit.analysis.evidence import Spread
from kpi_toolkit.analysis.ledger import ledgers_of
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.power import too_few
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, same

# What campaigns for those who have been on the site are called.
_NAMES: Final = r"再行銷|重定向|重新行銷|重新鎖定|(?<![a-z])re-?target|re-?market|(?<![a-z])rmkt?(?![a-z])|(?<![a-z])rtg(?![a-z])|購物車|放棄結帳|(?<![a-z])carts?(?![a-z])|(?<![a-z])visitors?(?![a-z])|網站訪客|瀏覽過"
_OTHERS: Final = r"排除再行銷|加入購物車目標"
_CONVERSIONS = Text(zh="再行銷廣告的轉換", en="conversions of retargeting")
_NO_LEDGER = Text(
    zh="{vendor}：要有同期間和前 4 週的訂單或名單（或網站分析的購買）可以對照",
    en="{vendor}: orders or leads (or the purchases of web analytics) of the same days and of 4 weeks before",
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    claims = claims_of(case.measured(METRICS, BY, days_before=HISTORY), case.client.currency)
    names = _names()
    for vendor, own in groups(claims, lambda one: one.vendor).items():
        if any(one.day in case.period and one.spend > 0 and names.search(one.campaign) for one in own):
            found = _looked_at(case, vendor, own, names)
            few += [found] if isinstance(found, Few) else []
            observations += [found] if isinstance(found, Observation) else []
    return Answer(observations=observations, few=few)


def _names() -> re.Pattern[str]:
    return re.compile(f"^(?!.*(?:{_OTHERS})).*(?:{_NAMES})", re.IGNORECASE | re.DOTALL)


def _looked_at(case: Case, vendor: str, claims: Sequence[Claim], names: re.Pattern[str]) -> Observation | Few:
    site = case.measured(["sessions", "site_purchase_rate"], ["day"], days_before=HISTORY)
    ledgers = ledgers_of(case.dataset, site, "lead" if case.client.goal == "leads" else "purchase")
    if not ledgers:
        return Few(vendor=vendor, needed=_NO_LEDGER.fill(vendor=_name(case, vendor)))
    found = credit(claims, names, ledgers[0], case.period)
    if found is None:
        own = [one for one in claims if one.day in case.period and names.search(one.campaign)]
        a_month = total(own, "conversions") / case.period.days * 365 / 12
        needed = too_few(_name(case, vendor), _CONVERSIONS, a_month, Spread(factor=2.0, freedom=8.0))
        return Few(vendor=vendor, needed=needed)
    return _observed(case, vendor, found, claims, names)


def _name(case: Case, vendor: str) -> Text:
    found = case.client.vendor(vendor)
    return found.name.text() if found else same(vendor or "-")


def _observed(case: Case, vendor: str, found: Credit, claims: Sequence[Claim], names: re.Pattern[str]) -> Observation:
    return Observation(
        vendor=vendor,
        p=found.p,
        amount=Decimal(str(round(found.extra, 2))),
        currency=case.client.currency,
        values={
            "name": _name(case, vendor),
            "before": f"{found.before:.0%}",
            "now": f"{found.now:.0%}",
            "claims_before": f"{found.claims.before:.0%}",
            "claims_now": f"{found.claims.now:.0%}",
            "orders": f"{found.orders:.0%}",
            "extra": f"{found.extra:,.0f}",
        },
        evidence=_campaigns(case, claims, names),
    )


def _campaigns(case: Case, claims: Sequence[Claim], names: re.Pattern[str]) -> list[dict[str, object]]:
    """What each of the campaigns spent and won a day, before the period and in it."""
    before = [one for week in weeks_before(claims, case.period.start) for one in week]
    return [
        {"campaign": campaign}
        | _a_day([one for one in before if one.campaign == campaign], "_before")
        | _a_day([one for one in own if one.day in case.period], "")
        for campaign, own in groups(claims, lambda one: one.campaign).items()
        if names.search(campaign)
    ]


def _a_day(claims: Sequence[Claim], when: str) -> dict[str, object]:
    days = max(days_told(claims), 1)
    return {f"{name}_a_day{when}": round(total(claims, name) / days, 1) for name in ("spend", "conversions")}


def _sample(times: float, orders: float = 1.0, weeks: int = 8) -> Case:
    """A tenth of the spend on the campaign, and in October `times` as much, of the same total; and `orders` times the orders."""
    first = OCTOBER.start - timedelta(weeks=weeks)
    ads: list[dict[str, object]] = []
    ledger: list[dict[str, object]] = []
    for day in (first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)):
        factor, sold = (times, orders) if day in OCTOBER else (1.0, 1.0)
        shares = {"BC_再行銷": 0.1 * factor, "BC_新客": 1 - 0.1 * factor}
        ads += [_day(day, name, share, 12 if name != "BC_新客" else 4) for name, share in shares.items()]
        ledger += [
            {"order_id": f"{day}-{n}", "ordered_at": f"{day} 10:00", "status": "valid", "total": 900.0}
            for n in range(round(10 * sold))
        ]
    return case_of({"ads_daily": ads, "orders": ledger})


def _day(day: date, campaign: str, share: float, rate: float) -> dict[str, object]:
    figures = {
        "spend": 4000 * share,
        "impressions": 40000 * share,
        "clicks": 400 * share,
        "conversions": rate * share,
        "counts": "purchase",
    }
    return {"date_day": day, "campaign_name": campaign, **figures}


def _fires() -> Case:
    return _sample(4.0)


def _quiet() -> Case:
    """A season: more of it, and more orders."""
    return _sample(2.5, orders=1.8)


def _few() -> Case:
    return _sample(4.0, weeks=2)


DETECTOR = Detector(
    id="retargeting_share",
    title=Text(zh="再行銷占比大增，訂單卻沒有增加", en="More spend on retargeting, and no more orders"),
    system="S26",
    needs=("ads_daily",),
    least=Text(zh="逐日匯出和訂單（或名單），含前 4 週", en="the export by day and orders (or leads), with 4 weeks before the period"),
    reference="R. Lewis, J. Rao and D. Reiley, Here, there, and everywhere: correlated online behaviors can lead to overestimates of the effects of advertising, WWW 2011",
    says=Text(
        zh="{period}，{name}的花費有 {now} 用在再行銷廣告（給來過網站的人看的廣告），之前是 {before}。這類廣告認列的轉換從相當於訂單的 {claims_before} 變成 {claims_now}，"
        "店裡每天的訂單則是之前的 {orders}。這些人多半已經來過、快要下單；超過原本占比的花費約 {extra}。",
        en="In {period}, {now} of what {name} spent went to retargeting (ads for people who have been on the site), {before} before; what they claim of the shop's orders went from "
        "{claims_before} to {claims_now}, while the orders of a day were {orders} of what they had been. People who see it have mostly been there and were about to order; the spend beyond the former share "
        "is about {extra}.",
    ),
    innocent=Text(
        zh="可能是檔期前照約定加強提醒舊訪客、來過的人變多所以花得多，或開發新客的廣告剛好暫停。",
        en="Earlier visitors may have been reminded before a sale as agreed, the audience may have grown, or campaigns for new customers may just have paused.",
    ),
    question=Text(
        zh="您好，{period}的花費有 {now} 用在再行銷廣告，之前是 {before}。想請教調整的原因，以及怎麼確認這些訂單是廣告多帶來的？",
        en="Retargeting took {now} of the spend in {period} ({before} before). What was the reason, and how do we know that the ads brought these "
        "orders?",
    ),
    action=Text(
        zh="和對方談好再行銷的花費上限和頻率；可以先對一部分來過的人停投，看他們是不是照樣下單。",
        en="Agree on a limit and a frequency for retargeting; leave a part of the visitors out, and see whether they order all the same.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "spend_a_day_before": Shown(title=Text(zh="之前每天花費", en="Spend a day before"), kind="money"),
        "spend_a_day": Shown(title=Text(zh="每天花費", en="Spend a day"), kind="money"),
        "conversions_a_day_before": Shown(title=Text(zh="之前每天轉換", en="Conversions a day before"), kind="count"),
        "conversions_a_day": Shown(title=Text(zh="每天轉換", en="Conversions a day"), kind="count"),
    },
)  # fmt: skip
