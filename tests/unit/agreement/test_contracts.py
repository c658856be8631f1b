"""Contracts: which version holds, which clause covers a line of an invoice, what is missing, and what holds of any."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.contract import Contract, gross, net
from kpi_toolkit.agreement.fee import FEES, Fee
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.periods import month, parse_period
from kpi_toolkit.tables.invoices_fees import KINDS

SIGNED: dict[str, Any] = {
    "fees": [
        {"kind": "retainer", "amount": 30000, "clause": "第三條"},
        {"kind": "commission", "base": "media_spend", "share": 0.15},
        {"kind": "production", "amount": 8000, "text": "*短影片*"},
        {"kind": "other", "amount": 60000, "once": "2026-10-20", "text": "官網改版?期"},
    ],
    "media": {"billed_by": "vendor", "markup": 0},
    "items": [
        {"text": "*素材*", "kind": "production", "limit": 20000, "clause": "附件一"},
        {"text": "*素材*授權*", "kind": "tool"},
        {"text": "[急件]*", "kind": "production"},
    ],
}


def signed(**changes: Any) -> Contract:
    return Contract.model_validate({**SIGNED, **changes})


def test_the_version_that_holds_on_a_day() -> None:
    client = Client.model_validate(
        {
            "id": "acme", "name": "A", "goal": "orders",
            "vendors": [
                {"id": "b", "name": "B", "contracts": [{"since": "2026-03", "until": "2026-05"}, {"until": "2026-02", "tax": "included"}]},
                {"id": "c", "name": "C", "contracts": [{}]},
            ],
        }
    )  # fmt: skip
    spring, winter = client.vendors[0].contracts
    days = {date(2000, 1, 1): winter, date(2026, 2, 28): winter, date(2026, 3, 1): spring, date(2026, 5, 31): spring, date(2026, 6, 1): None}  # fmt: skip
    assert {day: client.contract("b", day) for day in days} == days
    assert client.contract("c", date(2026, 6, 1)) == Contract()
    assert client.contract("nobody", date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("kind", "note", "clause"),
    [
        ("retainer", "十月代操費", "第三條"),
        ("commission", "服務費 15%", "fees[2]"),
        ("media_passthrough", "Google 廣告代墊", "media"),
        ("production", "短影片剪輯 3 支", "fees[3]"),
        ("production", "圖片設計", None),  # production was agreed for short films alone
        ("other", "短影片剪輯", "fees[3]"),  # the contract's words say what nobody could classify
        ("other", "官網改版一期", "fees[4]"),
        ("other", "官網改版第一期", None),
        ("other", "雜支", None),
        ("tool", "報表軟體", None),
        ("kol", "網紅 A", None),
        ("production", "素材拍攝", "附件一"),
        ("tool", "素材庫授權", "附件一"),  # the first item that fits
        ("retainer", "素材拍攝", "附件一"),
        ("other", "[急件]加班", "items[3]"),
        ("other", "急件加班", None),
        ("refund", "退還九月代墊", None),
    ],
)
def test_the_clause_that_covers_a_line(kind: str, note: str, clause: str | None) -> None:
    assert signed().clause_for(kind, note) == clause


@pytest.mark.parametrize(
    ("media", "clause", "billed"),
    [
        (None, None, None),
        ({"billed_by": "platform"}, None, 0),  # the vendor has no media to bill
        ({"billed_by": "vendor"}, "media", None),  # no mark-up was said: not the same as none
        ({"billed_by": "vendor", "markup": 0}, "media", 1000),
        ({"billed_by": "vendor", "markup": 0.1, "clause": "第五條"}, "第五條", 1000 * 1.1),
        ({"markup": 0.1}, "media", None),
    ],
)
def test_media_are_covered_where_the_vendor_bills_them(media: Any, clause: str | None, billed: float | None) -> None:
    contract = signed(media=media)
    assert contract.clause_for("media_passthrough", "代墊") == clause
    assert (contract.media and contract.media.billed(1000)) == (None if billed is None else pytest.approx(billed))


def test_an_item_says_what_a_line_is() -> None:
    item = signed().item_for("素材庫授權")
    assert item is not None and (item.kind, item.limit) == ("production", 20000)
    assert signed().item_for("十月代操費") is None


@pytest.mark.parametrize(
    ("written", "unsaid"),
    [
        ({}, ("fees", "tax", "media", "items")),
        ({"fees": [], "tax": "included", "items": []}, ("media",)),  # an empty list says that there is nothing
        ({"media": {"budget": 1000}}, ("fees", "tax", "media.billed_by", "media.markup", "items")),
        ({"media": {"billed_by": "platform"}}, ("fees", "tax", "items")),
        ({**SIGNED, "tax": "excluded"}, ()),
    ],
)
def test_a_contract_tells_what_it_does_not_say(written: dict[str, Any], unsaid: tuple[str, ...]) -> None:
    assert Contract.model_validate(written).unsaid == unsaid


def test_fees_have_the_kinds_of_invoices() -> None:
    assert set(KINDS) - set(FEES) == {"media_passthrough", "refund"}
    assert set(FEES) < set(KINDS)


def test_a_week_is_no_month() -> None:
    with pytest.raises(ValueError, match="not a month: 2026-W44"):
        signed().expected_fees(parse_period("2026-W44"), {})


# --- what holds of any contract -------------------------------------------------------------------------------------

AMOUNTS = st.floats(0, 1e9)
RATES = st.floats(0, 1)
TIERS = st.lists(st.integers(1, 10**6), unique=True, max_size=4).flatmap(
    lambda starts: st.lists(RATES, min_size=len(starts) + 1, max_size=len(starts) + 1).map(
        lambda rates: [{"from": start, "share": rate} for start, rate in zip([0, *sorted(starts)], rates, strict=True)]
    )
)


@given(amount=AMOUNTS, rate=RATES, included=st.booleans())
def test_tax_taken_off_and_put_on_is_the_amount(amount: float, rate: float, included: bool) -> None:
    assert net(gross(amount, False, rate), True, rate) == pytest.approx(amount)
    assert gross(net(amount, True, rate), False, rate) == pytest.approx(amount)
    assert gross(amount, included, rate) >= net(amount, included, rate)


def commission(tiers: list[dict[str, float]], tiering: str, **more: Any) -> Fee:
    return Fee.model_validate({"kind": "commission", "base": "media_spend", "tiers": tiers, "tiering": tiering, **more})


@given(tiers=TIERS, spend=AMOUNTS, more=AMOUNTS, part=st.floats(0.01, 1))
def test_marginal_fees_never_fall_when_spend_rises(
    tiers: list[dict[str, float]], spend: float, more: float, part: float
) -> None:
    fee = commission(tiers, "marginal")
    less, then = (fee.amount_in({"media_spend": one}, part) for one in (spend, spend + more))
    assert less is not None and then is not None
    assert 0 <= less <= then + 1e-9 * max(1, then)
    highest = max(tier["share"] for tier in tiers)
    assert then - less <= highest * more + 1e-6 * max(1, then), "no more than the highest rate on what was added"


@given(tiers=TIERS, spend=AMOUNTS, share=RATES, part=st.floats(0.01, 1))
def test_tiers_of_one_rate_are_that_rate(
    tiers: list[dict[str, float]], spend: float, share: float, part: float
) -> None:
    flat = [{**tier, "share": share} for tier in tiers]
    for tiering in ("whole", "marginal"):
        assert commission(flat, tiering).amount_in({"media_spend": spend}, part) == pytest.approx(spend * share)


@settings(deadline=None)
@given(tiers=TIERS, tiering=st.sampled_from(["whole", "marginal"]), spend=st.floats(0, 1e7), last=st.integers(1, 29))
def test_a_contract_renewed_unchanged_in_mid_month_costs_the_same(
    tiers: list[dict[str, float]], tiering: str, spend: float, last: int
) -> None:
    fees = [
        {"kind": "retainer", "amount": 30000},
        {"kind": "commission", "base": "media_spend", "tiers": tiers, "tiering": tiering, "minimum": 500, "maximum": 90000},
    ]  # fmt: skip
    november = month(2026, 11)
    halves = [{"until": date(2026, 11, last)}, {"since": date(2026, 11, last + 1)}]
    vendor = Vendor.model_validate({"id": "v", "name": "V", "contracts": [{**half, "fees": fees} for half in halves]})
    paid = [0.0, 0.0]
    for contract, days in zip(vendor.contracts, (last, 30 - last), strict=True):
        for at, due in enumerate(contract.expected_fees(november, {"media_spend": spend * days / 30})):
            assert (due.held, due.days, due.prorated) == (days, 30, True)
            paid[at] += due.amount or 0.0
    whole = Contract.model_validate({"fees": fees}).expected_fees(november, {"media_spend": spend})
    near_a_border = tiering == "whole" and any(abs(spend - tier["from"]) < 1e-6 * spend for tier in tiers)
    assert near_a_border or paid == pytest.approx([due.amount for due in whole])
