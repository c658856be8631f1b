"""Campaigns that meet customers who were coming anyway: how the credit moved of those with a word in their name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from kpi_toolkit.analysis.claimed import BY, HISTORY, METRICS, Claim, claims_of, days_told, groups, total, weeks_before
from kpi_toolkit.analysis.credit import Credit, credit
from kpi_toolkit.analysis.evidence import Spread
from kpi_toolkit.analysis.ledger import ledgers_of
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Few, Observation
from kpi_toolkit.checks.power import too_few
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text

_NO_LEDGER = Text(
    zh="{vendor}：要有同期間和前 4 週的訂單或名單（或網站分析的購買）可以對照",
    en="{vendor}: orders or leads (or the purchases of web analytics) of the same days and of 4 weeks before",
)


def credit_checked(case: Case, names: re.Pattern[str], conversions: Text) -> Answer:
    """The credit of every vendor's campaigns that `names` finds; `conversions` is what theirs are called."""
    observations: list[Observation] = []
    few: list[Few] = []
    claims = claims_of(case.measured(METRICS, BY, days_before=HISTORY), case.client.currency)
    for vendor, own in groups(claims, lambda one: one.vendor).items():
        if any(one.day in case.period and one.spend > 0 and names.search(one.campaign) for one in own):
            found = _looked_at(case, vendor, own, names, conversions)
            few += [found] if isinstance(found, Few) else []
            observations += [found] if isinstance(found, Observation) else []
    return Answer(observations=observations, few=few)


def _looked_at(
    case: Case, vendor: str, claims: Sequence[Claim], names: re.Pattern[str], conversions: Text
) -> Observation | Few:
    site = case.measured(["sessions", "site_purchase_rate"], ["day"], days_before=HISTORY)
    ledgers = ledgers_of(case.dataset, site, "lead" if case.client.goal == "leads" else "purchase")
    if not ledgers:
        return Few(vendor=vendor, needed=_NO_LEDGER.fill(vendor=case.vendor_name(vendor)))
    found = credit(claims, names, ledgers[0], case.period)
    if found is None:
        own = [one for one in claims if one.day in case.period and names.search(one.campaign)]
        a_month = total(own, "conversions") / case.period.days * 365 / 12
        needed = too_few(case.vendor_name(vendor), conversions, a_month, Spread(factor=2.0, freedom=8.0))
        return Few(vendor=vendor, needed=needed)
    return _observed(case, vendor, found, claims, names)


def _observed(case: Case, vendor: str, found: Credit, claims: Sequence[Claim], names: re.Pattern[str]) -> Observation:
    return Observation(
        vendor=vendor,
        p=found.p,
        amount=Decimal(str(round(found.extra, 2))),
        currency=case.client.currency,
        values={
            "name": case.vendor_name(vendor),
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


def sample(campaign: str, times: float, orders: float = 1.0, weeks: int = 8) -> Case:
    """A tenth of the spend on `campaign`, and in October `times` as much, of the same total; and `orders` times the orders."""
    first = OCTOBER.start - timedelta(weeks=weeks)
    ads: list[dict[str, object]] = []
    ledger: list[dict[str, object]] = []
    for day in (first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)):
        factor, sold = (times, orders) if day in OCTOBER else (1.0, 1.0)
        shares = {campaign: 0.1 * factor, "BC_新客": 1 - 0.1 * factor}
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
