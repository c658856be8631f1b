"""The checks on fees: what they find in invoices made for it, with the amount at stake, and what they leave in peace."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest

from kpi_toolkit.agreement.served import served
from kpi_toolkit.analysis.cutoffs import cut_off, raised
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, fee_above_contract, media_markup, tax_charged_twice, uncovered_item
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.periods import Period, parse_period
from kpi_toolkit.tables.dataset import from_frames

SPENDS = (52000, 61000, 48000, 75000, 66000, 58000)


def checked(name: str, case: Case) -> Checked:
    return examined(case, [DETECTORS[name]])[0]


def amounts(name: str, case: Case) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(name, case).findings]


@pytest.mark.parametrize(
    ("factor", "media", "expected"),
    [
        (1.08, {"markup": 0}, [58000 * 0.08]),
        (1.08, {}, [58000 * 0.08]),  # the contract doesn't say: what was added is asked for all the same
        (1.05, {"markup": 0}, []),  # the tax
        (1.1, {"markup": 0.1}, []),  # as agreed
        (1.2, {"markup": 0.1}, [58000 * (1.2 - 1.1)]),  # more than agreed
        (1.0, {"markup": 0}, []),
        (0.95, {"markup": 0}, []),  # less than was spent is nobody's loss
    ],
)
def test_media_above_the_platforms(factor: float, media: dict[str, float], expected: list[float]) -> None:
    found = amounts("media_markup", media_markup._sample(factor, SPENDS, **media))
    assert found == [pytest.approx(amount, rel=0.02) for amount in expected]


def later(case: Case, days: int) -> Case:
    """The same with every invoice dated so many days later."""
    frames = {name: case.dataset.frame(name) for name in case.dataset.relations}
    frames["invoices_fees"]["doc_date"] += timedelta(days=days)
    return replace(case, dataset=from_frames(frames))


def test_media_billed_a_month_later_are_held_against_the_month_they_are_for() -> None:
    # October's spend is billed in November; in October stands the invoice for September's.
    assert amounts("media_markup", later(media_markup._sample(1.0, markup=0), 5)) == []
    assert amounts("media_markup", later(media_markup._sample(1.08, markup=0), 5)) == [pytest.approx(66000 * 0.08, rel=0.02)]  # fmt: skip


def test_invoices_cut_off_on_other_days_raise_no_finding() -> None:
    chance = random.Random(20261031)
    alarms = 0
    for _ in range(60):
        sample = media_markup._sample(1.05, markup=0)
        frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
        books = frames["invoices_fees"]
        # What one month's invoice has too much, the next one's has too little.
        carried = [0.0, *(chance.gauss(0, 0.03) * 60000 for _ in books.index[1:]), 0.0]
        books["amount"] += [after - before for before, after in pairwise(carried)]
        alarms += bool(amounts("media_markup", replace(sample, dataset=from_frames(frames))))
    assert alarms == 0


def test_media_in_another_currency_are_left_out() -> None:
    sample = media_markup._sample(1.08, markup=0)
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    frames["ads_daily"]["currency"] = "USD"
    assert checked("media_markup", replace(sample, dataset=from_frames(frames))).verdict == "too few"


def test_spend_that_two_exports_tell_is_counted_once() -> None:
    sample = media_markup._sample(1.08, markup=0)
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    ads = frames["ads_daily"].assign(shape="campaign_name")
    by_ad = ads.assign(ad_name="A", shape="campaign_name+ad_name")
    told_twice = from_frames(frames | {"ads_daily": pd.concat([ads, by_ad], ignore_index=True)})
    assert amounts("media_markup", replace(sample, dataset=told_twice)) == amounts("media_markup", sample)


def test_a_week_is_no_month_to_hold_invoices_against() -> None:
    week = replace(media_markup._sample(1.08), period=parse_period("2026-W44"))
    assert checked("media_markup", week).verdict == "not applicable"


def test_uncovered_lines_are_added_up_by_vendor_and_named() -> None:
    result = checked("uncovered_item", uncovered_item._fires())
    (found,) = result.findings
    assert (found.observation.amount, found.observation.vendor) == (Decimal(6000) + Decimal(1500), "beichen")
    assert "平台使用費、急件處理費" in found.says.say("zh-TW")
    assert "2 lines invoiced by Beichen Digital" in found.says.say("en")
    assert [row["note"] for row in found.observation.evidence] == ["平台使用費", "急件處理費"]


def test_a_contract_without_fees_says_what_it_lacks() -> None:
    result = checked("uncovered_item", uncovered_item._few())
    assert [need.say("en") for need in result.needs] == [
        "fees in the contract of Beichen Digital (client.yaml), to tell which lines were agreed"
    ]


def test_without_any_contract_the_check_is_not_applicable() -> None:
    sample = uncovered_item._fires()
    vendors = tuple(vendor.model_copy(update={"contracts": ()}) for vendor in sample.client.vendors)
    bare = replace(sample, client=sample.client.model_copy(update={"vendors": vendors}))
    assert checked("uncovered_item", bare).verdict == "not applicable"


RETAINER = ("10月代操服務費", "retainer")
COMMISSION = ("10月廣告抽成", "commission")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(*RETAINER, 31500)], []),  # 30,000 and the tax
        ([(*RETAINER, 37800), (*COMMISSION, 6510)], [37800 - 31500]),
        ([("代操服務費", "retainer", 37800), ("抽成", "commission", 6510)], [37800 - 31500]),  # no month named
        ([(*RETAINER, 31550)], []),  # less than a hundred above
        ([(*RETAINER, 31500), (*COMMISSION, 6510)], []),  # a tenth of 62,000, and the tax
        ([(*RETAINER, 31500), (*COMMISSION, 6700)], []),  # the platforms settle spend later
        ([(*RETAINER, 31500), (*COMMISSION, 9765)], [9765 - 6510]),  # 15 instead of 10 %
        ([("10月代操服務費", "retainer", 31500 + 6510)], []),  # both on one line
        ([("8-10月代操服務費", "retainer", 3 * 31500)], []),  # a quarter at once; nobody knows of another
        ([("代操服務費", "retainer", 3 * 31500)], []),
        ([("9月代操服務費", "retainer", 31500), (*RETAINER, 31500)], []),  # two months, one of them late
        ([("10月代操(Meta)", "retainer", 20000), ("10月代操(Google)", "retainer", 20000), (*COMMISSION, 6510)], [40000 - 31500]),
        ([(*RETAINER, 30000 * 1.05 * 1.05)], []),  # exactly the tax more is another check's
        ([("廣告費代墊", "media_passthrough", 900000)], []),  # and media are, too
    ],
)  # fmt: skip
def test_fees_against_the_contract(lines: list[tuple[str, str, float]], expected: list[float]) -> None:
    sample = fee_above_contract._sample(*lines)
    assert amounts("fee_above_contract", sample) == [pytest.approx(amount, rel=0.002) for amount in expected]


def test_what_came_back_is_taken_off() -> None:
    sample = fee_above_contract._sample((*RETAINER, 37800), ("10月代操服務費 折讓", "refund", -6300))
    assert amounts("fee_above_contract", sample) == []


def test_fees_booked_without_saying_whether_tax_is_in_them_are_given_the_benefit_of_the_doubt() -> None:
    def booked(amount: float) -> Case:
        sample = fee_above_contract._sample((*RETAINER, amount), (*COMMISSION, 6510))
        frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
        frames["invoices_fees"] = frames["invoices_fees"].assign(tax_included=None).astype({"tax_included": "boolean"})
        return replace(sample, dataset=from_frames(frames))

    assert amounts("fee_above_contract", booked(31500)) == []
    assert amounts("fee_above_contract", booked(32100)) == []  # 2 % above, if it is with tax
    assert amounts("fee_above_contract", booked(37800)) == [pytest.approx(6300, rel=0.01)]


def test_a_commission_without_its_base_says_what_it_lacks() -> None:
    sample = fee_above_contract._sample((*COMMISSION, 99999))
    result = checked("fee_above_contract", replace(sample, dataset=from_frames({"invoices_fees": sample.dataset.frame("invoices_fees")})))  # fmt: skip
    assert (result.verdict, len(result.needs)) == ("too few", 1)
    assert "what the platforms took" in result.needs[0].say("en")


def test_google_by_ad_group_leaves_out_what_a_commission_is_of() -> None:
    sample = fee_above_contract._sample((*RETAINER, 31500), (*COMMISSION, 20000))
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    frames["ads_daily"] = frames["ads_daily"].assign(ad_group_name="A", shape="campaign_name+ad_group_name")
    assert amounts("fee_above_contract", sample) != []
    assert checked("fee_above_contract", replace(sample, dataset=from_frames(frames))).findings == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("10月代操服務費", "retainer", 31500)], []),
        ([("10月代操服務費", "retainer", 33075)], [1575]),
        ([("10月代操服務費", "retainer", 33000)], []),  # a raise, not a tax
        ([("10月代操服務費", "retainer", 31500), ("營業稅5%", "other", 1575)], [1575]),
        ([("10月代操服務費", "retainer", 31500), ("平台費", "other", 1575)], []),
    ],
)
def test_tax_on_tax(lines: list[tuple[str, str, float]], expected: list[float]) -> None:
    sample = tax_charged_twice._sample(*lines)
    assert amounts("tax_charged_twice", sample) == [pytest.approx(amount, abs=1) for amount in expected]
    if expected:
        assert amounts("fee_above_contract", sample) == []


def test_a_line_for_the_tax_of_lines_without_it_needs_no_clause() -> None:
    contract: dict[str, object] = {"fees": [{"kind": "retainer", "amount": 30000}]}
    books = [("代操服務費", "retainer", 30000.0), ("營業稅", "other", 1500.0)]
    assert amounts("uncovered_item", uncovered_item._sample(books, contract)) == []
    assert amounts("uncovered_item", uncovered_item._sample([books[0], ("營業稅", "other", 3000.0)], contract)) == [
        3000
    ]


def books_of(*entries: tuple[str, str, str, float]) -> Case:
    """Invoices by day, number, words and amount."""
    rows = [
        {"doc_date": date.fromisoformat(day), "vendor_name": "北辰數位", "doc_no": number, "note": note, "amount": amount, "kind": "retainer", "source_row": at}
        for at, (day, number, note, amount) in enumerate(entries, start=2)
    ]  # fmt: skip
    return case_of({"invoices_fees": rows})


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("2026-09-05", "A1", "9月月費", 100), ("2026-10-05", "A2", "10月月費", 100)], []),
        ([("2026-10-05", "A1", "10月月費", 100), ("2026-10-09", "A2", "10月月費", 100)], [100]),  # two numbers, one month
        ([("2026-10-05", "A1", "月費", 100), ("2026-10-09", "A2", "月費", 100)], []),  # nobody says of which months
        ([("2026-10-05", "A1", "10月月費", 100), ("2026-10-05", "A1", "10月抽成", 100)], []),  # two lines of one invoice
        ([("2026-10-05", "A1", "10月月費", 100), ("2026-10-05", "A1", "10月月費", 100)], [100]),
        ([("2026-10-05", "A1", "10月月費", 100), ("2026-10-07", "A2", "10月月費", 100), ("2026-10-08", "A1", "作廢", -100)], []),
    ],
)  # fmt: skip
def test_invoices_that_are_there_twice(entries: list[tuple[str, str, str, float]], expected: list[float]) -> None:
    assert amounts("duplicate_invoice", books_of(*entries)) == expected


def test_a_fee_in_instalments_is_no_copy() -> None:
    case = books_of(("2026-10-05", "A1", "10月月費", 100), ("2026-10-20", "A2", "10月月費", 100))
    agreed = {"contracts": [{"fees": [{"kind": "retainer", "amount": 200}]}]}
    client = case_of({}, vendors=(agreed,)).client
    assert amounts("duplicate_invoice", replace(case, client=client)) == []


@pytest.mark.parametrize(
    ("spends", "factor", "expected"),
    [
        ((50000, 50000), 1.2, [50000 * 0.15]),  # two months tell as well, where the mark-up is agreed
        ((50000, 50000), 1.05, []),
        ((50000, 65000), 1.08, []),  # cut off on another day, it may be anything between
        ((50000,), 1.12, []),
        ((50000,), 1.6, [50000 * 0.55]),  # the tax may be in it
    ],
)
def test_media_of_the_first_months(spends: tuple[float, ...], factor: float, expected: list[float]) -> None:
    found = amounts("media_markup", media_markup._sample(factor, spends, markup=0))
    assert found == [pytest.approx(amount, rel=0.3) for amount in expected]


def test_the_day_on_which_invoices_are_cut_off_is_found() -> None:
    chance = random.Random(3)
    months = OCTOBER.back(4)
    daily = {day: chance.uniform(500, 3000) for one in OCTOBER.back(6) for day in one.each_day()}
    shifted = {one: 1.1 * sum(daily[day - timedelta(9)] for day in one.each_day()) for one in months}
    found = cut_off(shifted, daily)
    assert found is not None
    assert found.days == 9
    assert found.factor == pytest.approx(1.1)
    assert cut_off({one: chance.uniform(30000, 60000) for one in months}, daily) is None
    assert cut_off({OCTOBER: 1000.0}, daily) is None


@pytest.mark.parametrize(
    ("note", "months"),
    [
        ("9月份代操費", ["2026-09"]), ("2026/09 服務費", ["2026-09"]), ("115年9月", ["2026-09"]), ("7-9月", ["2026-07", "2026-08", "2026-09"]),
        ("Q3 retainer", ["2026-07", "2026-08", "2026-09"]), ("第三季", ["2026-07", "2026-08", "2026-09"]), ("十月服務費", ["2026-10"]),
        ("September retainer", ["2026-09"]), ("12月代操", ["2026-12"]), ("marketing fee", []), ("素材製作3個月", []), ("", []), ("10/31", []),
    ],
)  # fmt: skip
def test_the_months_that_a_line_names(note: str, months: list[str]) -> None:
    assert [str(one) for one in served(note, date(2026, 10, 5))] == months


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ((1, 1, 1, 1.12, 1.12, 1.12), True),
        ((1, 1, 1, 1, 1.08, 1.08), True),
        ((1, 1, 1, 1, 1, 1), False),
        ((1, 1, 1, 1, 1, 1.08), False),  # a month is no habit
        ((1, 1.12, 0.9, 1.1, 0.93, 1.07), False),
        ((1, 1, 1.02, 1.1, 1.05, 1.09), False),
    ],
)
def test_a_new_factor_that_the_last_months_share(factors: tuple[float, ...], expected: bool) -> None:
    chance, months = random.Random(3), OCTOBER.back(len(factors))
    daily = {day: chance.uniform(800, 2400) for day in Period(months[0].start - timedelta(40), OCTOBER.end).each_day()}
    cut = timedelta(6)
    spent = {one: sum(daily[day - cut] for day in one.each_day()) for one in months}
    found = raised({one: spent[one] * factor for one, factor in zip(months, factors, strict=True)}, daily, 1.0)
    assert (found is not None and found.days == 6 and found.factor == pytest.approx(factors[-1])) == expected


def test_media_marked_up_since_a_few_months_are_told_with_the_months_own_surplus() -> None:
    case = media_markup.DETECTOR.quiet()
    books, ads = case.dataset.frame("invoices_fees"), case.dataset.frame("ads_daily")
    late = pd.to_datetime(books["doc_date"]) >= "2026-08-01"
    before = amounts("media_markup", replace(case, dataset=from_frames({"invoices_fees": books, "ads_daily": ads})))
    books.loc[late, "amount"] = (books.loc[late, "amount"] * 1.12).round()
    raised_by = amounts("media_markup", replace(case, dataset=from_frames({"invoices_fees": books, "ads_daily": ads})))
    assert before == []
    assert raised_by == [pytest.approx(58000 * 1.1 * 1.05 * 0.12, rel=0.02)]
