"""The checks of claims against the shop's own books: what they find, with the amount at stake, and what they leave in peace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from kpi_toolkit.checks import claimed
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import (
    DETECTORS,
    cancelled_orders_claimed,
    claims_beyond_orders,
    double_claims,
    existing_customers_as_new,
)
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.ledger import Ledger, Takings, ledger, newcomers, room, states
from kpi_toolkit.checks.sample import OCTOBER, VENDOR, case_of
from kpi_toolkit.periods import Period

Rows = list[dict[str, object]]
SECOND = {"id": "qingtian", "name": {"zh": "晴天社群", "en": "Qingtian Social"}}


def checked(name: str, case: Case) -> Checked:
    return examined(case, [DETECTORS[name]])[0]


def amounts(name: str, case: Case) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(name, case).findings]


def placed(a_day: int = 6, *, months: int = 1, lost: int = 0, total: float = 1000.0, status: str = "cancelled") -> Rows:
    """`a_day` orders each day up to October's end, the first `lost` of each day of that status."""
    days = [day for one in OCTOBER.back(months) for day in one.each_day()]
    return [
        {"order_id": f"{day:%y%m%d}{n}", "ordered_at": day, "status": status if n < lost else "valid", "total": total}
        for day in days
        for n in range(a_day)
    ]


def said(metric: str, value: float, period: Period = OCTOBER, **more: object) -> dict[str, object]:
    return {"metric": metric, "value": value, "period_start": period.start, "period_end": period.end, **more}


def listed(orders: Sequence[Mapping[str, object]], **more: object) -> Rows:
    return [
        {"order_id": one["order_id"], "claimed_on": one["ordered_at"], "amount": one["total"], **more} for one in orders
    ]


# --- the books ---------------------------------------------------------------------------------------------------


def test_takings_by_state() -> None:
    day = date(2026, 10, 5)
    rows = [
        {"order_id": "1", "ordered_at": day, "status": "valid", "total": 100.0, "refunded": 30.0},
        {"order_id": "2", "ordered_at": day, "status": "pending", "total": 200.0},
        {"order_id": "3", "ordered_at": day, "status": "cancelled", "total": 400.0},
        {"order_id": "4", "ordered_at": day, "status": "refunded", "total": 800.0},
        {"order_id": "5", "ordered_at": day, "status": "valid", "total": -50.0},  # a refund as a row of its own
        {"order_id": "6", "ordered_at": day, "status": "valid", "total": 9.0, "currency": "USD"},
    ]
    takings = ledger(case_of({"orders": rows})).over(OCTOBER)
    assert takings == Takings(
        placed=4, kept=2, placed_amount=1500, kept_amount=100 + 200 + 800, net_amount=100 - 30 + 200
    )
    assert takings.average == (70 + 200) / 2


def test_books_without_days_are_not_complete() -> None:
    days = {day: Takings(placed=6, kept=6) for day in OCTOBER.each_day()}
    assert Ledger(days).complete(OCTOBER)
    assert not Ledger({day: one for day, one in days.items() if not 10 <= day.day <= 14}).complete(OCTOBER)
    assert not Ledger({}).complete(OCTOBER)
    # A shop with an order every other day has days without any.
    assert Ledger({day: Takings(placed=1, kept=1) for day in days if day.day % 4 == 1}).complete(OCTOBER)


def test_what_has_become_of_each_order() -> None:
    end = OCTOBER.end
    rows = [
        {"order_id": "#A1", "ordered_at": end, "status": "valid", "total": 1.0, "customer_key": "x"},
        {
            "order_id": "A2",
            "ordered_at": end - timedelta(days=40),
            "status": "pending",
            "total": 1.0,
            "customer_key": "x",
        },
        {"order_id": "A3", "ordered_at": end - timedelta(days=9), "status": "pending", "total": 1.0},
        {"order_id": "A4", "ordered_at": end, "status": "valid", "total": 1.0, "coupon": "LATEST10"},
        {"order_id": "A5", "ordered_at": end, "status": "valid", "total": 1.0, "coupon": "TEST_1"},
        {"order_id": "A6", "ordered_at": end, "status": "refunded", "total": 1.0, "sales_channel": "員工購物"},
    ]
    known = states(case_of({"orders": rows}))
    assert {name: row["state"] for name, row in known.items()} == {
        "A1": "kept", "A2": "unpaid", "A3": "kept", "A4": "kept", "A5": "test", "A6": "test",
    }  # fmt: skip
    assert [known[name]["returning"] for name in ("A1", "A2", "A3")] == [True, False, None]


def test_the_most_that_can_be_new() -> None:
    day, before = OCTOBER.start, OCTOBER.start - timedelta(days=100)
    rows = [
        {"order_id": "1", "ordered_at": before, "status": "valid", "total": 1.0, "customer_key": "old"},
        {"order_id": "2", "ordered_at": day, "status": "valid", "total": 1.0, "customer_key": "old"},
        {"order_id": "3", "ordered_at": before, "status": "cancelled", "total": 1.0, "customer_key": "never"},
        {"order_id": "4", "ordered_at": day, "status": "valid", "total": 1.0, "customer_key": "never"},
        {"order_id": "5", "ordered_at": day, "status": "valid", "total": 1.0, "customer_key": "new"},
        {"order_id": "6", "ordered_at": day, "status": "valid", "total": 1.0, "customer_key": "new"},
        {"order_id": "7", "ordered_at": day, "status": "valid", "total": 1.0},  # a guest
    ]
    assert newcomers(case_of({"orders": rows}), OCTOBER) == len(["never", "new", "the guest"])


# --- the report --------------------------------------------------------------------------------------------------


WEEKS = [Period(OCTOBER.start + timedelta(days=7 * n), min(OCTOBER.start + timedelta(days=7 * n + 6), OCTOBER.end)) for n in range(5)]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([said("orders", 90)], {"": 90}),
        ([said("orders", 30, campaign_name="A"), said("orders", 20, campaign_name="B")], {"": 30 + 20}),
        # the report's own total goes before the sum of its lines, and is never added to them
        ([said("orders", 30, campaign_name="A"), said("orders", 20, campaign_name="B"), said("orders", 60, is_total=True)], {"": 60}),
        ([said("orders", 30, platform="google_ads"), said("orders", 20, platform="meta_ads")], {"": 50, "google_ads": 30, "meta_ads": 20}),
        ([said("orders", 10, week) for week in WEEKS], {"": 5 * 10}),
        # the month goes before its weeks
        ([said("orders", 55), *(said("orders", 10, week) for week in WEEKS)], {"": 55}),
        # a week is missing
        ([said("orders", 10, week) for week in (*WEEKS[:2], *WEEKS[3:])], {}),
        # November's is another report
        ([said("orders", 90, OCTOBER.following())], {}),
        ([said("orders", 90, vendor="somebody")], {}),
    ],
)  # fmt: skip
def test_what_a_report_claims(rows: Rows, expected: dict[str, float]) -> None:
    claims = claimed.told(case_of({"vendor_claims": rows}), "orders", VENDOR, OCTOBER)
    assert {one.platform: one.value for one in claims} == expected


def test_conversions_are_orders_only_where_somebody_says_so() -> None:
    rows = {"vendor_claims": [said("conversions", 90, platform="meta_ads")]}
    agreed: dict[str, Any] = {"conversions": [{"source": "meta_ads", "counts": "purchase", "counting": "every"}]}
    assert claimed.told(case_of(rows), "orders", VENDOR, OCTOBER) == ()
    assert {one.value for one in claimed.told(case_of(rows, **agreed), "orders", VENDOR, OCTOBER)} == {90}


def test_sales_in_another_currency_are_no_claim() -> None:
    rows = {"vendor_claims": [said("revenue", 90000, currency="USD")]}
    assert claimed.told(case_of(rows), "sales", VENDOR, OCTOBER) == ()


# --- claims beyond the books -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"orders": 186}, []),
        ({"orders": 186, "revenue": 186000 * 1.05}, []),  # with tax
        ({"orders": 190}, []),  # a few at the month's borders
        ({"orders": 240}, [(240 - 168) * 1000.0]),
        ({"orders": 150, "revenue": 260000}, [260000 - 168000.0]),
        ({"orders": 240, "revenue": 260000}, [260000 - 168000.0]),  # money where it is told
        ({"spend": 50000}, []),
    ],
)
def test_claims_beyond_the_books(claims: dict[str, float], expected: list[float]) -> None:
    # 6 a day, of which 18 in all are cancelled
    case = claims_beyond_orders._sample(claims)
    lost = ledger(case).over(OCTOBER)
    assert (lost.placed, lost.kept) == (186, 168)
    assert amounts("claims_beyond_orders", case) == [pytest.approx(one) for one in expected]


def test_claims_by_the_day_of_the_click_may_be_of_the_next_days_orders() -> None:
    busy = [
        {"order_id": f"N{n}", "ordered_at": date(2026, 11, 1 + n % 5), "status": "valid", "total": 1000.0}
        for n in range(60)
    ]
    case = case_of({"orders": [*placed(), *busy], "vendor_claims": [said("orders", 200)]})
    assert checked("claims_beyond_orders", case).verdict == "clear"


def test_leads_beyond_the_list_cost_what_was_spent_on_them() -> None:
    came = [
        {"lead_id": str(n), "received_at": OCTOBER.start + timedelta(days=n % 31), "vendor": ""} for n in range(100)
    ]
    for claim, expected in ((115, []), (200, [(200 - 100) * 60000 / 200])):
        case = case_of(
            {"leads": came, "vendor_claims": [said("leads", claim), said("spend", 60000)]}, vendors=[{}, SECOND]
        )
        assert amounts("claims_beyond_orders", case) == expected
    theirs = [{**one, "vendor": "qingtian"} for one in came]
    case = case_of({"leads": theirs, "vendor_claims": [said("leads", 60)]}, vendors=[{}, SECOND])
    assert checked("claims_beyond_orders", case).verdict == "too few"  # of its own campaigns no lead came


def earlier(claims: Sequence[float]) -> Case:
    """A shop with 6 orders a day, and what the vendor's reports said of the months up to October."""
    months = OCTOBER.back(len(claims))
    return case_of({
        "orders": placed(months=len(claims)),
        "vendor_claims": [said("orders", value, one) for value, one in zip(claims, months, strict=True)],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ((40, 45, 38, 42, 44), "clear"),
        ((40, 45, 38, 42, 60), "clear"),
        ((40, 45, 38, 42, 130), "look"),
        ((42, 130), "clear"),
    ],
)
def test_a_share_of_the_books_that_jumped(claims: Sequence[float], verdict: str) -> None:
    assert checked("claims_beyond_orders", earlier(claims)).verdict == verdict


# --- orders that don't stand -------------------------------------------------------------------------------------


def test_a_list_with_lost_orders_is_told_order_by_order() -> None:
    result = checked("cancelled_orders_claimed", cancelled_orders_claimed._fires())
    (found,) = result.findings
    # those cancelled, and those paid back that an honest list has as well
    assert {row["outcome"].say("en") for row in found.observation.evidence} == {"cancelled", "paid back in full"}
    assert found.observation.amount == 1000 * len(found.observation.evidence)


def test_orders_nobody_placed_and_amounts_above_them() -> None:
    orders = placed(4)
    ids = listed(orders[:60])
    strange = [{**one, "order_id": f"X{n}"} for n, one in enumerate(ids[:5])]
    assert amounts("cancelled_orders_claimed", case_of({"orders": orders, "claimed_orders": [*ids, *strange]})) == [
        5 * 1000.0
    ]
    dearer = [{**one, "amount": 1800.0} if n < 6 else one for n, one in enumerate(ids)]
    assert amounts("cancelled_orders_claimed", case_of({"orders": orders, "claimed_orders": dearer})) == [6 * 800.0]
    taxed = [{**one, "amount": 1050.0} for one in ids]
    assert amounts("cancelled_orders_claimed", case_of({"orders": orders, "claimed_orders": taxed})) == []


def test_numbers_of_another_shop_are_no_finding() -> None:
    orders = placed(4)
    foreign = [{**one, "order_id": f"SHOPEE{n}"} for n, one in enumerate(listed(orders[:60]))]
    assert (
        checked("cancelled_orders_claimed", case_of({"orders": orders, "claimed_orders": foreign})).verdict == "too few"
    )


def test_days_that_the_books_do_not_have_yet_are_left_out() -> None:
    orders = [one for one in placed(4) if one["ordered_at"] <= date(2026, 10, 20)]  # type: ignore[operator]
    late = listed(placed(4))
    assert checked("cancelled_orders_claimed", case_of({"orders": orders, "claimed_orders": late})).verdict == "clear"


@pytest.mark.parametrize(("claim", "expected"), [(186, [31 * 1000.0]), (155, []), (170, []), (187, [])])
def test_a_report_of_all_that_was_placed(claim: float, expected: list[float]) -> None:
    case = case_of({"orders": placed(6, lost=1), "vendor_claims": [said("orders", claim)]})
    assert amounts("cancelled_orders_claimed", case) == expected


# --- customers who were there before -----------------------------------------------------------------------------


def customers(mistaken: int, *, told_apart: bool = True) -> Case:
    """A list of 200 orders, 80 of them of customers who were there before, so many of whom are called new."""
    orders = [
        {
            "order_id": f"B{n}",
            "ordered_at": OCTOBER.start - timedelta(days=120),
            "status": "valid",
            "total": 500.0,
            "customer_key": f"c{n}",
        }
        for n in range(80)
    ]
    orders += [
        {
            "order_id": f"A{n}",
            "ordered_at": OCTOBER.start + timedelta(days=n % 31),
            "status": "valid",
            "total": 500.0,
            "customer_key": f"c{n}",
        }
        for n in range(200)
    ]
    new = [n >= 80 or n < mistaken for n in range(200)]
    rows = [
        {
            "order_id": f"A{n}",
            "claimed_on": OCTOBER.start,
            "amount": 500.0,
            "new_customer": one if told_apart else (True if one else None),
        }
        for n, one in enumerate(new)
    ]
    return case_of({"orders": orders, "claimed_orders": rows})  # fmt: skip


@pytest.mark.parametrize(
    ("mistaken", "told_apart", "expected"),
    [
        (0, True, []),
        (8, True, []),
        (30, True, [30 * 500.0]),
        (80, True, [80 * 500.0]),
        (8, False, []),
        (60, False, [60 * 500.0]),
    ],
)
def test_a_list_that_calls_old_customers_new(mistaken: int, told_apart: bool, expected: list[float]) -> None:
    assert amounts("existing_customers_as_new", customers(mistaken, told_apart=told_apart)) == expected


def test_more_new_customers_than_the_shop_has() -> None:
    # 155 of 310 orders are new customers', beside the few regulars of the first month
    case = existing_customers_as_new._sample(260.0, 280.0)
    assert newcomers(case, OCTOBER) == 155
    assert amounts("existing_customers_as_new", case) == [pytest.approx((260 - 155) / 260 * 60000)]


def test_all_new_customers_of_the_shop_are_the_shops_own_figure() -> None:
    assert checked("existing_customers_as_new", existing_customers_as_new._sample(155.0, 40.0)).verdict == "clear"


def test_without_customers_in_the_books_nothing_is_said() -> None:
    case = case_of({"orders": placed(6, months=6), "vendor_claims": [said("new_customers", 500), said("orders", 500)]})
    assert checked("existing_customers_as_new", case).verdict == "too few"


# --- claimed twice -----------------------------------------------------------------------------------------------


def purchases(by_platform: Mapping[str, float], *, viewed: float | None = 0.0, a_day: int = 10) -> Case:
    ads = [
        {"source": source, "date_day": day, "campaign_name": "A", "spend": 100.0, "conversions": count / 31, "view_conversions": None if viewed is None else count / 31 * viewed, "counts": "purchase"}
        for source, count in by_platform.items()
        for day in OCTOBER.each_day()
    ]  # fmt: skip
    return case_of({"orders": placed(a_day), "ads_daily": ads})


@pytest.mark.parametrize(
    ("claims", "viewed", "verdict"),
    [
        ({"google_ads": 120, "meta_ads": 100}, 0.0, "clear"),
        ({"google_ads": 180, "meta_ads": 170}, 0.0, "clear"),  # a little more than the 310 there are
        ({"google_ads": 300, "meta_ads": 280}, 0.0, "look"),
        ({"google_ads": 300, "meta_ads": 280}, 0.45, "clear"),  # as many were seen and never clicked
        ({"google_ads": 300, "meta_ads": 280}, None, "clear"),  # or may have been
        ({"google_ads": 400, "meta_ads": 380}, None, "look"),
    ],
)
def test_claims_together(claims: Mapping[str, float], viewed: float | None, verdict: str) -> None:
    case = purchases(claims, viewed=viewed)
    result = checked("double_claims", case)
    assert result.verdict == verdict
    for one in result.findings:
        assert float(one.observation.amount or 0) == pytest.approx((sum(claims.values()) - 310) * 1000)
        assert "Google Ads of Beichen Digital" in one.says.say("en")


def test_lists_of_two_vendors_that_share_orders() -> None:
    orders = placed(10)
    rows = [*listed(orders[:100], commission=50.0), *listed(orders[70:170], vendor="qingtian", commission=40.0)]
    (found,) = checked(
        "double_claims", case_of({"orders": orders, "claimed_orders": rows}, vendors=[{}, SECOND])
    ).findings
    assert found.observation.amount == 30 * 1000
    assert "30 orders stand in both lists (the shorter has 100)" in found.says.say("en")
    assert found.observation.evidence[0]["first"].say("en") == "Beichen Digital"


def test_platforms_of_one_vendor_share_orders_unless_both_are_paid() -> None:
    orders = placed(10)
    for paid, verdict in ((0.0, "clear"), (40.0, "look")):
        rows = [*listed(orders[:100], platform="google_ads", commission=50.0), *listed(orders[50:150], platform="meta_ads", commission=paid)]  # fmt: skip
        assert checked("double_claims", case_of({"orders": orders, "claimed_orders": rows})).verdict in {
            verdict,
            "too few" if not paid else verdict,
        }


def test_a_report_of_the_whole_shop_is_no_claim() -> None:
    case = purchases({"google_ads": 100, "meta_ads": 90})
    frames = [said("orders", 310)]
    whole = case_of({"orders": placed(10), "ads_daily": case.rows("ads_daily"), "vendor_claims": frames})
    assert checked("double_claims", whole).verdict == "clear"


def test_there_is_room_for_a_few() -> None:
    assert room(0) == 2
    assert room(100) == 100 * 1.02 + 0.5 * 10 + 2


def test_the_samples_are_what_they_say() -> None:
    assert [
        len(checked(name, DETECTORS[name].fires()).findings)
        for name in ("claims_beyond_orders", "cancelled_orders_claimed", "existing_customers_as_new", "double_claims")
    ] == [1, 1, 1, 1]
    assert double_claims._quiet().dataset.has("claimed_orders")
