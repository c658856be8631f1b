"""What a contract's fees come to in a month, as an owner would add them up by hand: the expected amount is the sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_toolkit.agreement.contract import Contract, Due, gross, net
from kpi_toolkit.agreement.document import read_document
from kpi_toolkit.agreement.fee import Facts
from kpi_toolkit.agreement.model import agreed
from kpi_toolkit.periods import parse_period

RETAINER_AND_COMMISSION = """
fees:
  - {kind: retainer, amount: 30000, clause: 第三條}
  - {kind: commission, base: media_spend, share: 0.15, minimum: 10000, maximum: 80000}
"""
TIERS = """
fees:
  - {kind: commission, base: media_spend, tiering: TIERING, tiers: [{from: 0, share: 0.15}, {from: 300000, share: 0.12}, {from: 500000, share: 0.1}]}
"""
PER_ORDER = """
fees:
  - {kind: commission, base: orders, tiering: marginal, tiers: [{from: 0, each: 20}, {from: 100, each: 15}]}
"""


@pytest.fixture
def due(tmp_path: Path):
    """What the contract written in YAML comes to in a month."""

    def of(text: str, facts: Facts, month: str = "2026-11") -> tuple[Due, ...]:
        file = tmp_path / "contract.yaml"
        file.write_text(text, encoding="utf-8")
        return agreed(Contract, read_document(file)).expected_fees(parse_period(month), facts)

    return of


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        (200000, 30000 + 200000 * 0.15),
        (66666, 30000 + 10000),  # 9,999.9 is under the minimum
        (66668, 30000 + 66668 * 0.15),
        (0, 30000 + 10000),
        (-500, 30000 + 10000),  # a month of credits: no fee below the minimum
        (533333, 30000 + 533333 * 0.15),
        (600000, 30000 + 80000),
    ],
)
def test_a_retainer_and_a_commission(due, spend: float, expected: float) -> None:
    found = due(RETAINER_AND_COMMISSION, {"media_spend": spend})
    assert [one.clause for one in found] == ["第三條", "fees[2]"]
    assert sum(one.amount for one in found) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spend", "whole", "marginal"),
    [
        (-500, 0, 0),  # more refunds than sales
        (0, 0, 0),
        (299999, 299999 * 0.15, 299999 * 0.15),
        (300000, 300000 * 0.12, 300000 * 0.15),
        (300001, 300001 * 0.12, 300000 * 0.15 + 1 * 0.12),
        (499999, 499999 * 0.12, 300000 * 0.15 + 199999 * 0.12),
        (500000, 500000 * 0.1, 300000 * 0.15 + 200000 * 0.12),
        (900000, 900000 * 0.1, 300000 * 0.15 + 200000 * 0.12 + 400000 * 0.1),
    ],
)
def test_tiers_at_their_borders(due, spend: float, whole: float, marginal: float) -> None:
    for tiering, expected in (("whole", whole), ("marginal", marginal)):
        (found,) = due(TIERS.replace("TIERING", tiering), {"media_spend": spend})
        assert found.amount == pytest.approx(expected), tiering


@pytest.mark.parametrize(("orders", "expected"), [(0, 0), (100, 100 * 20), (101, 100 * 20 + 15), (250, 100 * 20 + 150 * 15)])  # fmt: skip
def test_a_commission_for_each_order(due, orders: int, expected: float) -> None:
    (found,) = due(PER_ORDER, {"orders": orders})
    assert found.amount == pytest.approx(expected)


@pytest.mark.parametrize(
    ("held", "days", "part"),
    [
        ("", 30, 30 / 30),
        ("since: 2026-11-01\nuntil: 2026-11-30", 30, 30 / 30),
        ("since: 2026-11-16", 15, 15 / 30),
        ("until: 2026-11-10", 10, 10 / 30),
        ("since: 2026-11-30", 1, 1 / 30),
        ("since: 2026-11-11\nuntil: 2026-11-20", 10, 10 / 30),
        ("since: 2026-12-01", 0, 0),
        ("until: 2026-10", 0, 0),
    ],
)
def test_part_of_a_month_counts_by_its_days(due, held: str, days: int, part: float) -> None:
    text = f"{held}\nitems: [{{text: '*', kind: tool, limit: 3000}}]{RETAINER_AND_COMMISSION}"
    found = due(text, {"media_spend": 50000})
    assert {(one.held, one.days, one.prorated) for one in found} == ({(days, 30, days < 30)} if days else set())
    # 50,000 were spent in these days; the minimum and the maximum are a month's
    expected = [30000 * part, min(max(50000 * 0.15, 10000 * part), 80000 * part), 3000 * part] if days else []
    assert [one.amount for one in found] == pytest.approx(expected)


def test_tiers_of_part_of_a_month_begin_at_that_part_of_their_borders(due) -> None:
    text = f"since: 2026-11-16{TIERS.replace('TIERING', 'marginal')}"
    (found,) = due(text, {"media_spend": 200000})
    assert found.amount == pytest.approx(150000 * 0.15 + 50000 * 0.12)


@pytest.mark.parametrize(("month", "amounts"), [("2026-10", []), ("2026-11", [60000]), ("2026-12", [])])
def test_what_is_due_once_is_due_whole_in_its_month(due, month: str, amounts: list[float]) -> None:
    text = "since: 2026-11-16\nfees: [{kind: other, amount: 60000, once: 2026-11-20, text: 官網改版}]"
    found = due(text, {}, month)
    assert [(one.amount, one.prorated) for one in found] == [(amount, False) for amount in amounts]


def test_a_limit_is_the_most_and_not_what_is_due(due) -> None:
    text = "fees: [{kind: tool, limit: 3000}, {kind: kol, amount: 5000}]\nitems: [{text: a, kind: kol}, {text: b, kind: production, limit: 20000}]"
    found = [(one.clause, one.kind, one.amount, one.exact) for one in due(text, {})]
    assert found == [
        ("fees[1]", "tool", 3000, False), ("fees[2]", "kol", 5000, True), ("items[2]", "production", 20000, False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tax", "net_amount", "gross_amount"),
    [
        ("tax: excluded", 30000, 30000 * 1.05),
        ("tax: included", 30000 / 1.05, 30000),
        ("tax: excluded\ntax_rate: 0", 30000, 30000),
        ("tax: included\ntax_rate: 0.1", 30000 / 1.1, 30000),
        ("", None, None),  # the contract doesn't say: neither is known
    ],
)
def test_tax_both_ways(due, tax: str, net_amount: float | None, gross_amount: float | None) -> None:
    (found,) = due(f"{tax}\nfees: [{{kind: retainer, amount: 30000}}]", {})
    assert found.amount == 30000
    assert (found.net, found.gross) == ((None, None) if net_amount is None else pytest.approx((net_amount, gross_amount)))  # fmt: skip


def test_tax_of_an_amount() -> None:
    assert (net(10500, True), gross(10500, True)) == (10500 / 1.05, 10500)
    assert (net(10000, False), gross(10000, False)) == (10000, 10000 * 1.05)


@pytest.mark.parametrize("facts", [{}, {"orders": 5}, {"media_spend": float("nan")}], ids=["none", "others", "NaN"])
def test_without_its_base_a_commission_is_not_known(due, facts: Facts) -> None:
    retainer, commission = due(f"tax: included{RETAINER_AND_COMMISSION}", facts)
    assert (retainer.amount, retainer.lacks) == (30000, None)
    assert (commission.amount, commission.net, commission.gross) == (None, None, None)
    assert commission.lacks == "media_spend"


def test_without_fees_nothing_is_due(due) -> None:
    assert due("tax: included\n", {"media_spend": 1000}) == ()
