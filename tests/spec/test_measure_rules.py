"""What measure() and compare() do where figures can't simply be added: whole periods, shapes, definitions, beginnings."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.metrics import compare, measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables.dataset import Dataset, from_frames

OCTOBER = parse_period("2026-10")
OLD, NEW = "google_ads|beichen|2025-09-01|purchase|every|30|1", "google_ads|beichen|2026-10-01|lead|every|30|1"


def ads(*rows: dict[str, Any]) -> Dataset:
    """A client with these rows of ad platforms; `days` of a row without a date is what it covers."""
    whole = []
    for row in rows:
        first, last = row.pop("days", (row.get("date_day"),) * 2)
        grain = "day" if "date_day" in row else "period"
        whole.append(
            {"source": "meta_ads", "grain": grain, "period_start": first, "period_end": last, "date_day": None} | row
        )
    return from_frames({"ads_daily": pd.DataFrame(whole)}, assumptions={"gross_margin": 0.5})


def told(found: pd.DataFrame) -> list[tuple[float | None, str]]:
    """Values and reasons, in order."""
    return [(None if math.isnan(v) else v, r) for v, r in zip(found["value"], found["reason"], strict=True)]


def spend(dataset: Dataset, period: str, *by: str) -> list[tuple[float | None, str]]:
    return told(measure(dataset, [parse_period(period)], by=by, metrics=["spend"]))


# Rows over a whole period.


def month(amount: float, **more: Any) -> dict[str, Any]:
    return {"days": ("2026-10-01", "2026-10-31"), "spend": amount} | more


def test_a_whole_month_answers_for_the_month_and_for_what_holds_it() -> None:
    dataset = ads(month(310))
    assert spend(dataset, "2026-10") == [(310, "")]
    assert spend(dataset, "2026-09-15..2026-11-15") == [(310, "")]
    assert spend(dataset, "2026-11") == [(None, "no rows")]


@pytest.mark.parametrize("period", ["2026-10-01..2026-10-30", "2026-10-31", "2026-W44", "2026-10-15..2026-11-30"])
def test_a_whole_month_is_never_cut(period: str) -> None:
    assert spend(ads(month(310)), period) == [(None, "no per-day column: 2026-10-01..2026-10-31")]


def test_no_bucket_of_the_month_is_answered_but_each_says_why() -> None:
    assert set(spend(ads(month(310)), "2026-10", "day")) == {(None, "no per-day column: 2026-10-01..2026-10-31")}
    assert len(spend(ads(month(310)), "2026-10", "week")) == 5


def test_a_platform_that_tells_by_day_is_not_hurt_by_one_that_does_not() -> None:
    dataset = ads(month(310), {"date_day": "2026-10-05", "spend": 7, "source": "google_ads"})
    assert spend(dataset, "2026-10") == [(317, "")]
    assert spend(dataset, "2026-10-05") == [(None, "no per-day column: 2026-10-01..2026-10-31")]
    by_source = measure(dataset, [parse_period("2026-10-05")], by=["source"], metrics=["spend"])
    assert dict(zip(by_source["source"], told(by_source), strict=True)) == {
        "google_ads": (7, ""), "meta_ads": (None, "no per-day column: 2026-10-01..2026-10-31"),
    }  # fmt: skip


def test_days_and_a_whole_period_of_one_account_are_not_added() -> None:
    dataset = ads(month(310), {"date_day": "2026-10-05", "spend": 300})
    assert spend(dataset, "2026-10") == [(310, "")]
    assert spend(dataset, "2026-10-05") == [(300, "")]
    assert spend(dataset, "2026-10-05..2026-10-06") == [(None, "no per-day column: 2026-10-01..2026-10-31")]


def september_and_later_days() -> Dataset:
    """A whole September, and an export by day of its last days and all of October."""
    days = [*(f"2026-09-{day}" for day in (28, 29, 30)), *(f"2026-10-{day:02d}" for day in range(1, 32))]
    whole = {"days": ("2026-09-01", "2026-09-30"), "spend": 30_000}
    return ads(whole, *({"date_day": day, "spend": 1000, "account_id": "a"} for day in days))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-09", (30_000, "")),
        ("2026-10", (31_000, "")),
        ("2026-W40", (7000, "")),  # 28 September to 4 October
        ("2026-W39", (None, "no per-day column: 2026-09-01..2026-09-30")),
        ("2026-09-01..2026-10-31", (61_000, "")),
    ],
)
def test_a_few_days_do_not_hide_a_whole_month(period: str, expected: tuple[float | None, str]) -> None:
    assert spend(september_and_later_days(), period) == [expected]


def test_days_left_out_for_a_whole_month_are_said() -> None:
    found = measure(september_and_later_days(), [parse_period("2026-09"), OCTOBER], metrics=["spend"])
    assert list(found["caveat"]) == ["whole periods instead of days: meta_ads", ""]


def test_days_that_tell_all_of_a_whole_period_stand_for_it() -> None:
    days = [{"date_day": f"2026-10-{day:02d}", "spend": 9} for day in range(1, 32)]
    found = measure(ads(month(310), *days), [OCTOBER], metrics=["spend"])
    assert list(found["value"]) == [31 * 9] and list(found["caveat"]) == [""]


def test_two_accounts_may_be_told_differently() -> None:
    dataset = ads(month(310, account_id="a"), {"date_day": "2026-10-05", "spend": 30, "account_id": "b"})
    assert spend(dataset, "2026-10") == [(340, "")]


def test_a_period_beside_days_is_used_where_no_day_is_told() -> None:
    dataset = ads({"days": ("2026-10-01", "2026-10-15"), "spend": 150}, {"date_day": "2026-10-16", "spend": 10})
    assert spend(dataset, "2026-10") == [(160, "")]


def test_of_overlapping_periods_the_longest_is_used() -> None:
    dataset = ads({"days": ("2026-10-01", "2026-10-15"), "spend": 150}, month(310))
    assert spend(dataset, "2026-10") == [(310, "")]
    assert spend(dataset, "2026-10-01..2026-10-15") == [(150, "")]


def test_periods_that_only_partly_overlap_are_refused() -> None:
    dataset = ads(
        {"days": ("2026-10-01", "2026-10-20"), "spend": 200}, {"days": ("2026-10-15", "2026-10-31"), "spend": 170}
    )
    assert spend(dataset, "2026-10") == [(None, "no per-day column: 2026-10-15..2026-10-31")]


def test_figures_that_a_cut_row_does_not_have_are_not_refused() -> None:
    dataset = ads(month(310), {"date_day": "2026-10-05", "source": "google_ads", "clicks": 7})
    assert told(measure(dataset, [parse_period("2026-10-05")], metrics=["clicks"])) == [(7, "")]


# Files of different shape tell the same facts twice.


def shaped() -> Dataset:
    day: dict[str, Any] = {"date_day": "2026-10-05"}
    return ads(
        day | {"shape": "campaign_name", "campaign_name": "a", "spend": 60},
        day | {"shape": "campaign_name", "campaign_name": "b", "spend": 40},
        day | {"shape": "campaign_name+device", "campaign_name": "a", "device": "mobile", "spend": 35},
        day | {"shape": "campaign_name+device", "campaign_name": "a", "device": "desktop", "spend": 20},
        day | {"shape": "campaign_name+ad_name+device", "campaign_name": "a", "device": "mobile", "spend": 1},
        day | {"shape": "", "spend": 101},
        {"date_day": "2026-10-06", "shape": "campaign_name", "campaign_name": "a", "spend": 7},
        day | {"shape": "campaign_name", "campaign_name": "a", "spend": 5, "source": "google_ads"},
    )


def test_the_coarsest_shape_stands_for_the_whole() -> None:
    assert spend(shaped(), "2026-10-05") == [(101 + 5, "")]
    assert spend(shaped(), "2026-10") == [(101 + 7 + 5, "")]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("campaign", {"a": 60 + 7 + 5, "b": 40}),
        ("device", {"mobile": 35, "desktop": 20, "": 7 + 5}),
        ("ad", {"": 1 + 7 + 5}),
        ("source", {"meta_ads": 101 + 7, "google_ads": 5}),
    ],
)
def test_a_group_is_told_by_the_coarsest_shape_that_has_it(by: str, expected: dict[str, float]) -> None:
    found = measure(shaped(), [OCTOBER], by=[by], metrics=["spend"])
    assert dict(zip(found[by], found["value"], strict=True)) == expected


@pytest.mark.parametrize("accounts", [(None, "a"), ("a", None)])
def test_an_account_that_only_one_file_says_is_not_counted_twice(accounts: tuple[str | None, str | None]) -> None:
    day: dict[str, Any] = {"date_day": "2026-10-05", "source": "google_ads"}
    dataset = ads(
        day | {"shape": "campaign_name", "campaign_name": "x", "spend": 200, "account_id": accounts[0]},
        day | {"shape": "campaign_name+device", "campaign_name": "x", "device": "mobile", "spend": 200,
               "account_id": accounts[1]},
    )  # fmt: skip
    assert spend(dataset, "2026-10") == spend(dataset, "2026-10", "device") == [(200, "")]


def test_two_accounts_of_different_shape_are_added() -> None:
    day: dict[str, Any] = {"date_day": "2026-10-05"}
    dataset = ads(
        day | {"shape": "campaign_name", "campaign_name": "x", "spend": 200, "account_id": "a"},
        day | {"shape": "device", "device": "mobile", "spend": 30, "account_id": "b"},
    )
    assert spend(dataset, "2026-10") == [(230, "")]


def monthly_devices(**more: Any) -> Dataset:
    """Campaigns by day, and devices only over both September days: the same facts, told twice."""
    whole = {"days": ("2026-09-05", "2026-09-06"), "shape": "campaign_name+device", "campaign_name": "a"} | more
    daily: dict[str, Any] = {"shape": "campaign_name", "campaign_name": "a"}
    return ads(
        daily | {"date_day": "2026-09-05", "spend": 60},
        daily | {"date_day": "2026-09-06", "spend": 40},
        daily | {"date_day": "2026-10-06", "spend": 9},
        whole | {"device": "mobile", "spend": 75},
        whole | {"device": "desktop", "spend": 24},
    )


@pytest.mark.parametrize("account", [None, "a"])
def test_a_grouping_that_only_whole_months_know_is_told_by_them(account: str | None) -> None:
    dataset = monthly_devices(account_id=account)
    both = [parse_period("2026-09"), OCTOBER]
    assert told(measure(dataset, both, metrics=["spend"])) == [(100, ""), (9, "")]
    assert told(measure(dataset, both, by=["campaign"], metrics=["spend"])) == [(100, ""), (9, "")]
    found = measure(dataset, both, by=["device"], metrics=["spend"])
    assert list(zip(found["device"], found["value"], strict=True)) == [("desktop", 24), ("mobile", 75), ("", 9)]


def test_a_day_of_a_grouping_that_only_whole_months_know_is_refused() -> None:
    found = measure(monthly_devices(), [parse_period("2026-09-05")], by=["device"], metrics=["spend"])
    cut = (None, "no per-day column: 2026-09-05..2026-09-06")
    assert dict(zip(found["device"], told(found), strict=True)) == {"": (60, ""), "desktop": cut, "mobile": cut}


# Beside the period before and the year before.


def beside(dataset: Dataset, metric: str, period: str = "2026-10") -> dict[Any, Any]:
    (row,) = compare(dataset, parse_period(period), metrics=[metric]).to_dict("records")
    return row


def three(**columns: list[Any]) -> Dataset:
    """A row in October 2025, September 2026 and October 2026, and one long before."""
    days = ["2025-01-01", "2025-10-07", "2026-09-08", "2026-10-29"]
    return ads(*({"date_day": day} | {name: cells[n] for name, cells in columns.items()} for n, day in enumerate(days)))


def test_changes_are_ratios_less_one() -> None:
    row = beside(three(spend=[1, 80, 200, 150]), "spend")
    assert (row["value"], row["value_previous"], row["value_last_year"]) == (150, 200, 80)
    assert math.isclose(row["change_previous"], 150 / 200 - 1)
    assert math.isclose(row["change_last_year"], 150 / 80 - 1)
    assert row["comparison"] == ""


def test_weeks_are_compared_with_the_week_before_and_the_same_week_a_year_ago() -> None:
    days = {"2026-10-26": 30, "2026-10-25": 20, "2025-10-27": 10, "2025-01-01": 1}
    row = beside(ads(*({"date_day": day, "spend": amount} for day, amount in days.items())), "spend", "2026-W44")
    assert (row["value"], row["value_previous"], row["value_last_year"]) == (30, 20, 10)


def test_nothing_to_compare_with_is_said() -> None:
    row = beside(ads({"date_day": "2026-08-01", "spend": 1}, {"date_day": "2026-10-01", "spend": 5}), "spend")
    assert math.isnan(row["change_previous"]) and row["comparison_previous"] == row["comparison"] == "no rows"


def test_growth_from_nothing_is_no_ratio() -> None:
    row = beside(three(spend=[1, 5, 0, 150]), "spend")
    assert math.isnan(row["change_previous"]) and row["comparison"] == "it was 0"
    assert math.isclose(row["change_last_year"], 150 / 5 - 1)


def test_data_that_begin_inside_the_earlier_period_are_no_comparison() -> None:
    dataset = ads({"date_day": "2026-09-12", "spend": 5}, {"date_day": "2026-10-30", "spend": 9})
    row = beside(dataset, "spend")
    assert row["value_previous"] == 5 and math.isnan(row["change_previous"])
    assert row["comparison_previous"] == "partly covered: data begin 2026-09-12"
    assert row["comparison"] == "partly covered: data begin 2026-09-12; last year: no rows"


def every_day(source: str, first: str, last: str, **more: Any) -> list[dict[str, Any]]:
    days = pd.date_range(first, last).strftime("%Y-%m-%d")
    return [{"date_day": day, "source": source, "spend": 10} | more for day in days]


def test_a_platform_that_was_not_there_before_is_named() -> None:
    dataset = ads(
        *every_day("google_ads", "2026-08-01", "2026-10-31"), *every_day("meta_ads", "2026-10-01", "2026-10-31")
    )
    row = beside(dataset, "spend")
    assert (row["value"], row["value_previous"]) == (620, 300)
    assert row["change_previous"] == pytest.approx(620 / 300 - 1)
    assert row["comparison_previous"] == "without meta_ads then"
    by_source = compare(dataset, OCTOBER, by=["source"], metrics=["spend"])
    assert dict(zip(by_source["source"], by_source["comparison_previous"], strict=True)) == {
        "google_ads": "", "meta_ads": "no rows",
    }  # fmt: skip


def test_a_shop_that_was_not_there_before_is_named() -> None:
    days = ["2026-08-20", "2026-09-20", "2026-10-20", "2026-10-31"]
    orders = pd.DataFrame({
        "order_id": list("1234"), "ordered_at": days, "status": "valid", "total": 10.0,
        "source": ["shopify"] * 3 + ["shopee"],
    })  # fmt: skip
    assert beside(from_frames({"orders": orders}), "revenue")["comparison_previous"] == "without shopee then"


def test_a_platform_that_paused_for_days_is_no_gap() -> None:
    dataset = ads(
        *every_day("google_ads", "2026-08-01", "2026-10-31"),
        *every_day("meta_ads", "2026-08-01", "2026-10-10"), *every_day("meta_ads", "2026-10-26", "2026-10-26"),
    )  # fmt: skip
    assert beside(dataset, "spend", "2026-W44")["comparison_previous"] == ""
    assert beside(dataset, "spend")["comparison_previous"] == ""


@pytest.mark.parametrize(("last", "reason"), [
    ("2026-10-15", "partly covered: data end 2026-10-15"), ("2026-10-28", "partly covered: data end 2026-10-28"),
    ("2026-10-29", ""), ("2026-11-04", ""),
])  # fmt: skip
def test_data_that_end_inside_the_period_are_no_comparison(last: str, reason: str) -> None:
    row = beside(ads(*every_day("google_ads", "2026-08-01", last)), "spend")
    assert row["comparison_previous"] == reason and math.isnan(row["change_previous"]) == bool(reason)


def test_a_definition_that_changed_between_the_periods_is_no_comparison() -> None:
    dataset = three(conversions=[1, 10, 10, 40], definition=[OLD, OLD, OLD, NEW], counts=["purchase"] * 3 + ["lead"])
    row = beside(dataset, "conversions")
    assert (row["value"], row["value_previous"]) == (40, 10)
    assert math.isnan(row["change_previous"]) and math.isnan(row["change_last_year"])
    assert row["comparison"] == "definition changed on 2026-10-01"


def test_a_definition_that_changed_inside_the_period_gives_no_value() -> None:
    first = {"date_day": "2026-10-01", "conversions": 5, "definition": OLD}
    row = beside(ads(first, {"date_day": "2026-10-20", "conversions": 9, "definition": NEW}), "conversions")
    assert row["reason"] == f"several definitions: {OLD}, {NEW}"


def test_a_second_version_is_another_definition_even_with_the_same_rule() -> None:
    again = OLD.replace("2025-09-01", "2026-10-15")
    first = {"date_day": "2026-10-01", "conversions": 5, "definition": OLD}
    row = beside(ads(first, {"date_day": "2026-10-20", "conversions": 9, "definition": again}), "conversions")
    assert row["reason"] == f"several definitions: {OLD}, {again}"


def test_the_same_rule_agreed_with_another_vendor_is_comparable() -> None:
    other = OLD.replace("beichen", "nanfang").replace("2025-09-01", "2026-10-01")
    row = beside(three(conversions=[1, 10, 10, 40], definition=[OLD, OLD, OLD, other]), "conversions")
    assert row["comparison"] == "" and math.isclose(row["change_previous"], 3)


@pytest.mark.parametrize(
    ("column", "cells", "reason"),
    [
        ("source", ["google_ads", "meta_ads"], "different platforms: google_ads, meta_ads"),
        ("counts", ["purchase", "lead"], "different result types: purchase, lead"),
        ("attribution", ["7d", None], "different attribution settings: 7d, unknown"),
    ],
)
def test_claims_of_another_kind_are_no_comparison(column: str, cells: list[Any], reason: str) -> None:
    row = beside(three(conversions=[1, 4, 4, 8], **{column: [cells[0]] * 3 + [cells[1]]}), "conversions")
    assert math.isnan(row["change_previous"]) and row["comparison"] == reason


def test_another_currency_is_no_comparison() -> None:
    row = beside(three(spend=[1, 4, 4, 8], currency=["TWD", "TWD", "TWD", "USD"]), "spend")
    assert row["currency"] == "USD" and row["comparison"] == "different currencies: TWD, USD"


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_currency_is_the_clients_own(empty: str | None) -> None:
    row = beside(three(spend=[1, 4, 4, 8], currency=["TWD", "TWD", "TWD", empty]), "spend")
    assert row["currency"] == "TWD" and row["change_previous"] == 1


def test_days_are_compared_with_their_own_predecessors() -> None:
    dataset = ads(*({"date_day": f"2026-10-{day:02d}", "spend": day} for day in range(1, 32)))
    found = compare(dataset, OCTOBER, by=["day"], metrics=["spend"])
    assert list(found["value"]) == list(range(1, 32))
    assert list(found["value_previous"][1:]) == list(range(1, 31))


def test_groups_are_compared_with_themselves() -> None:
    names = {"source": ["google_ads", "google_ads", "google_ads", "line_ads"], "campaign_name": ["a"] * 3 + ["new"]}
    found = compare(three(spend=[1, 2, 3, 4], **names), OCTOBER, by=["campaign"], metrics=["spend"])
    assert list(found["campaign"]) == ["new"] and list(found["comparison"]) == ["no rows"]
