"""What was paid, what reached the platforms, and what has no explanation yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import duplicate_invoice, uncovered_item
from kpi_toolkit.checks.examination import examined
from kpi_toolkit.checks.money import Paid, paid
from kpi_toolkit.checks.sample import case_of

DETECTORS = (uncovered_item.DETECTOR, duplicate_invoice.DETECTOR)
CONTRACT = {"tax": "excluded", "fees": [{"kind": "retainer", "amount": 20000}], "media": {"billed_by": "vendor", "markup": 0}}  # fmt: skip
SPENT = {"date_day": "2026-10-15", "campaign_name": "BC", "spend": 100_000}


def line(kind: str, amount: float, **more: object) -> Mapping[str, object]:
    return {"doc_date": "2026-10-31", "kind": kind, "amount": amount, "note": kind, "tax_included": None, **more}


def money(lines: Sequence[Mapping[str, object]], ads: Sequence[Mapping[str, object]] = (SPENT,)) -> tuple[Paid, ...]:
    tables = {name: rows for name, rows in (("invoices_fees", lines), ("ads_daily", ads)) if rows}
    case: Case = case_of(tables, vendors=[{"contracts": [CONTRACT]}])
    return paid(case, examined(case, DETECTORS))


def test_media_that_the_vendor_bills_is_not_paid_twice() -> None:
    (found,) = money([line("media_passthrough", 105_000, tax_included=True), line("retainer", 20_000)])
    assert (found.invoiced, found.direct, found.reached, found.whole) == (120_000, 0, 100_000, 120_000)
    assert found.working_media_ratio == pytest.approx(100 / 120)
    assert found.unexplained == 0


def test_what_the_platform_charges_itself_is_paid_beside_the_fees() -> None:
    (found,) = money([line("retainer", 25_000)])
    assert (found.direct, found.whole) == (100_000, 125_000)
    assert found.working_media_ratio == pytest.approx(0.8)


def test_a_contract_says_whether_tax_is_in_it_where_the_books_do_not() -> None:
    case = case_of({"invoices_fees": [line("retainer", 21_000)], "ads_daily": [SPENT]}, vendors=[{"contracts": [{**CONTRACT, "tax": "included"}]}])  # fmt: skip
    (found,) = paid(case, [])
    assert found.invoiced == 20_000


def test_what_findings_on_invoices_ask_about_is_not_explained_and_never_more_than_was_invoiced() -> None:
    (found,) = money([line("retainer", 21_000), line("other", 6_300, note="優化費")])
    assert found.unexplained == Decimal("6300")
    twice = [line("other", 6_300, note="優化費", doc_no="AB1")] * 2
    (found,) = money(twice)
    assert found.unexplained == 12_600


def test_money_that_came_back_is_taken_off() -> None:
    (found,) = money([line("retainer", 20_000), line("refund", -5_000)])
    assert found.invoiced == 15_000


def test_other_currencies_are_left_out_and_said() -> None:
    (found,) = money([line("retainer", 20_000, currency="TWD"), line("tool", 300, currency="USD")])
    assert (found.invoiced, found.foreign) == (20_000, True)
    (found,) = money([line("tool", 300, currency="USD")])
    assert (found.invoiced, found.whole, found.working_media_ratio) == (None, None, None)


def test_without_exports_or_invoices_nothing_is_claimed() -> None:
    (found,) = money([line("retainer", 20_000)], [])
    assert (found.reached, found.working_media_ratio) == (None, None)
    (found,) = money([])
    assert (found.invoiced, found.reached) == (None, 100_000)
    assert money([], [{**SPENT, "spend": 0}]) == ()
