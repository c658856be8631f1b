"""What was agreed with each vendor, and what its invoices say when it keeps to that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.integrity.advertising import Facts
from benchmarks.integrity.exports import measures
from benchmarks.integrity.plan import Agency, Plan
from kpi_toolkit.agreement.client import Client
from kpi_toolkit.periods import Period

TAX = 0.05
# In each contract: what may be asked for beside the fees.
_ITEMS = [{"text": "*素材*", "kind": "production", "limit": 20_000, "clause": "附件一"}]


def agreement(plan: Plan) -> dict[str, Any]:
    """client.yaml of the client, as it would be read from YAML."""
    rng = plan.rng("agreement")
    counts = "purchase" if plan.goal == "orders" else "lead"
    platforms = dict.fromkeys(one.platform for one in plan.campaigns)
    conversions = [{"source": name, "counts": counts, "counting": "every", "click_window_days": 30} for name in platforms if rng.random() < 0.7]  # fmt: skip
    return {
        "id": f"client-{plan.seed}", "name": {"zh": f"客戶{plan.seed}", "en": f"Client {plan.seed}"}, "goal": plan.goal,
        "gross_margin": round(float(rng.uniform(0.25, 0.65)), 2), "lead_value": 3000.0 if plan.goal == "leads" else None,
        "vendors": [_vendor(plan, one, bool(rng.random() < 0.85)) for one in plan.agencies], "conversions": conversions,
    }  # fmt: skip


def _vendor(plan: Plan, one: Agency, signed: bool) -> dict[str, Any]:
    accounts = dict.fromkeys((own.platform, own.account) for own in plan.campaigns if own.vendor == one.id)
    named = [{"source": source, "campaign": f"{one.prefix}*"} for source, _ in accounts]
    rules = [{"source": source, "account": account} for source, account in accounts] if one.by_account else []
    vendor: dict[str, Any] = {"id": one.id, "name": {"zh": one.zh, "en": one.en}, "campaigns": [*rules, *named], "billed_as": [f"{one.zh}*"]}  # fmt: skip
    if signed or "books" in plan.has:
        vendor["contracts"] = [contract(one)]
    return vendor


def contract(one: Agency) -> dict[str, Any]:
    fees: list[dict[str, Any]] = []
    if one.pay in {"retainer", "both"}:
        fees.append({"kind": "retainer", "amount": one.retainer, "clause": "第三條"})
    if one.pay in {"share", "both"}:
        share = one.share if one.pay == "share" else 0.08
        fees.append(
            {"kind": "commission", "base": "media_spend", "share": share, "minimum": one.minimum, "clause": "第四條"}
        )
    if one.pay == "tiers":
        tiers = [{"from": 0, "share": one.share}, {"from": 200_000, "share": round(one.share * 0.8, 3)}]
        fees.append(
            {"kind": "commission", "base": "media_spend", "tiering": "marginal", "tiers": tiers, "clause": "第四條"}
        )
    media = {"billed_by": "vendor", "markup": one.markup} if one.bills_media else {"billed_by": "platform"}
    return {"tax": one.tax, "tax_rate": TAX, "fees": fees, "media": media | {"clause": "第五條"}, "items": _ITEMS}


def invoices(plan: Plan, world: Facts, client: Client) -> pd.DataFrame:
    """invoices_fees of the months of the data."""
    rng = plan.rng("books")
    rows = [row for one in plan.agencies for at, month in enumerate(plan.months) for row in _month(plan, world, client, one, month, at, rng)]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["doc_date"] = pd.to_datetime(frame["doc_date"])
    return frame.assign(source="bookkeeping", currency="TWD").astype({"tax_included": "boolean"})


def _month(
    plan: Plan, world: Facts, client: Client, one: Agency, month: Period, at: int, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    days = int(rng.integers(2, 9))
    dated = month.end + timedelta(days) if one.dated_next else month.end - timedelta(days % 4)
    media = _spent(plan, world, one, Period(month.start - timedelta(one.cut_off), month.end - timedelta(one.cut_off)))
    number = f"{chr(65 + plan.seed % 26)}{one.id[0].upper()}{10_000_000 + plan.seed * 97 % 8_000_000 + at * 31 + len(one.id)}"
    spend = _spent(plan, world, one, month)
    for due in fees(client, one, month, spend):
        yield _line(one, dated, number, due[0], _WORDS[due[0]].format(month=month.start.month), due[1])
    if one.bills_media and media > 0:
        yield _line(
            one, dated, number, "media_passthrough", f"{month.start.month}月廣告費代墊", media * (1 + one.markup)
        )
    if rng.random() < 0.15:
        yield _line(one, dated, number, "production", "廣告素材製作", float(rng.integers(3, 19)) * 1000)


_WORDS = {"retainer": "{month}月代操服務費", "commission": "{month}月廣告操作服務費（依花費比例）"}


def fees(client: Client, one: Agency, month: Period, spend: float) -> Iterator[tuple[str, float]]:
    """Kind and amount of each fee that the contract makes due, as the contract writes amounts."""
    agreed = client.contract(one.id, month.start)
    for due in agreed.expected_fees(month, {"media_spend": spend}) if agreed else ():
        if due.exact and due.amount:
            yield due.kind, due.amount


def _line(one: Agency, day: date, number: str, kind: str, note: str, amount: float) -> dict[str, Any]:
    """A line of an invoice. The contract's amounts are with or without tax; media cost is without; books may have either."""
    included = one.tax == "included"
    in_contract = kind != "media_passthrough" and included
    net = amount / (1 + TAX) if in_contract else amount
    booked_gross = included or (one.tax_told and one.retainer % 2000 < 1000)
    return {
        "doc_date": day, "vendor_name": f"{one.zh}股份有限公司", "note": note, "kind": kind, "doc_no": number,
        "amount": float(round(net * (1 + TAX) if booked_gross else net)), "tax_included": booked_gross if one.tax_told else None, "vendor": one.id,
    }  # fmt: skip


def _spent(plan: Plan, world: Facts, one: Agency, span: Period) -> float:
    within = np.array([day in span for day in world.days])
    own = [at for at, campaign in enumerate(plan.campaigns) if campaign.vendor == one.id]
    return float(sum(measures(plan, world, at)["spend"][within].sum() for at in own))
