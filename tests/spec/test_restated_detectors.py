"""The check of figures that changed after they were reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, restated_history
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of

SEPTEMBER = OCTOBER.previous()


def checked(case: Case) -> Checked:
    return examined(case, [DETECTORS["restated_history"]])[0]


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ([("spend", 60000, 60000)], None),
        ([("spend", 60000, 61500)], None),  # settled later
        ([("spend", 60000, 58500)], None),  # credits for invalid clicks
        ([("spend", 60000, 66000)], 6000),
        ([("spend", 60000, 54000)], 6000),  # less spend makes the month's results look cheap
        ([("spend", 40, 60)], None),  # some dollars
        ([("conversions", 300, 345)], None),  # 15 % came in late
        ([("conversions", 4, 7)], None),  # few, and late
        ([("conversions", 300, 600)], 60000 * 300 / 600),  # half of the month's spend
        ([("conversions", 600, 200)], 60000 * 400 / 600),
        ([("spend", 60000, 66000), ("conversions", 300, 600)], 6000),
        (
            [("conversions_value", 300000, 900000)],
            None,
        ),  # what the count of conversions doesn't show is another check's
        ([("clicks", 9000, 9900)], 60000 * 900 / 9900),
    ],
)
def test_restated_months(changes: list[tuple[str, float, float]], amount: float | None) -> None:
    found = checked(restated_history._sample(*changes)).findings
    assert [float(one.observation.amount or 0) for one in found] == ([] if amount is None else [pytest.approx(amount)])
    assert all(one.observation.vendor == "beichen" for one in found)


def row(table: str, column: str, before: float, after: float, *, rows: int = 40, month: date = SEPTEMBER.start) -> dict[str, Any]:  # fmt: skip
    return {
        "table": table, "source": {"orders": "shopline", "sessions": "ga4"}.get(table, "google_ads"), "month": month, "column": column,
        "before": before, "after": after, "difference": after - before, "rows": rows, "file_before": "a.csv", "file_after": "b.csv",
    }  # fmt: skip


def case(*restated: dict[str, Any]) -> Case:
    days = list(SEPTEMBER.each_day())
    orders = [
        {"order_id": f"O{at}", "ordered_at": datetime.combine(day, datetime.min.time()), "status": "valid", "total": 1000}
        for at, day in enumerate(days)
    ]  # fmt: skip
    visits = [{"date_day": day, "sessions": 100} for day in days]
    ads = [{"date_day": day, "campaign_name": "BC_品牌", "spend": 2000.0} for day in days]
    return case_of({"ads_daily": ads, "orders": orders, "sessions": visits}, restated=restated)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (row("orders", "total", 30000, 33000), True),
        (row("orders", "total", 30000, 20000), True),  # orders vanished
        (row("orders", "total", 30000, 30800), False),
        (row("orders", "total", 29000, 30000, rows=1), False),  # exported before the last day was over
        (row("orders", "refunded", 0, 9000), False),
        (row("orders", "cancelled", 0, 9000), False),
        (row("sessions", "sessions", 3000, 3500), True),
        (row("sessions", "sessions", 3000, 3100), False),
        (row("ads_daily", "spend", 58000, 60000, rows=1), False),  # a last day, again
        (row("ads_daily", "spend", 50000, 60000, rows=1), True),
        (row("invoices_fees", "amount", 30000, 60000), False),  # invoices come in late
        (row("ads_daily", "spend", 50000, 60000, month=date(2026, 1, 1)), False),  # long ago
        (row("ads_daily", "spend", 50000, 60000, month=date(2026, 8, 1)), False),  # nothing of that month is there any more
    ],
)  # fmt: skip
def test_other_tables_and_last_days(changed: dict[str, Any], found: bool) -> None:
    assert bool(checked(case(changed)).findings) == found


def test_where_exports_were_not_compared_it_says_so() -> None:
    assert checked(replace(case(), restated=None)).verdict == "too few"
    assert checked(case()).verdict == "clear"


def test_of_three_exports_the_farthest_two_are_told_once() -> None:
    several = case(row("ads_daily", "spend", 60000, 62000), row("ads_daily", "spend", 60000, 70000), row("ads_daily", "spend", 62000, 70000))  # fmt: skip
    (found,) = checked(several).findings
    assert found.observation.amount == 10000
    assert "from 60,000 to 70,000 (+17%)" in found.says.say("en")
    assert "2026 年 9 月" in found.says.say("zh-TW")


def test_a_platform_of_two_vendors_is_nobodys_alone() -> None:
    ads = [
        {"date_day": SEPTEMBER.start + timedelta(at), "campaign_name": "A", "spend": 1000.0, "vendor": "beichen" if at % 2 else "other"}
        for at in range(30)
    ]  # fmt: skip
    shared = case_of({"ads_daily": ads}, vendors=({}, {"id": "other", "name": "Other"}), restated=[row("ads_daily", "spend", 50000, 60000)])  # fmt: skip
    assert [one.observation.vendor for one in checked(shared).findings] == [""]
