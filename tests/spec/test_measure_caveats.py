"""What measure() says about a value that is given all the same."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.metrics import compare, incomplete, measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables.dataset import from_frames

OCTOBER = parse_period("2026-10")


def caveats(frames: dict[str, pd.DataFrame], metric: str, **more: Any) -> str:
    (row,) = measure(from_frames(frames, **more), [OCTOBER], metrics=[metric]).to_dict("records")
    assert row["status"] != "no data", row["reason"]
    return row["caveat"]


ORDERS = pd.DataFrame(
    {"order_id": ["1"], "ordered_at": ["2026-10-02"], "status": "valid", "total": 90.0, "customer_key": "a"}
)
SPENT = pd.DataFrame({"date_day": ["2026-10-02", "2026-10-03"], "source": ["google_ads", "line_ads"], "spend": 30.0})


def test_fees_that_nobody_handed_in_are_said() -> None:
    assert caveats({"ads_daily": SPENT, "orders": ORDERS}, "mer") == "without invoices_fees"


def test_an_agreed_margin_that_stands_for_costs_is_said() -> None:
    assert (
        caveats({"orders": ORDERS}, "gross_profit", assumptions={"gross_margin": 0.52})
        == "gross_margin of client.yaml: 0.52"
    )
    assert caveats({"orders": ORDERS.assign(cost=1.0)}, "gross_profit") == ""


def test_a_ledger_too_young_to_know_who_is_new_is_said() -> None:
    assert caveats({"orders": ORDERS}, "new_customers") == "orders begin 2026-10-02"


@pytest.mark.parametrize(("begin", "said"), [("2025-11-01", ""), ("2025-11-02", "orders begin 2025-11-02")])
def test_a_ledger_of_a_whole_year_is_old_enough(begin: str, said: str) -> None:
    old = pd.concat([ORDERS.assign(ordered_at=begin, order_id="0", customer_key="b"), ORDERS])
    assert caveats({"orders": old}, "new_customers") == said


def test_a_platform_left_out_is_said() -> None:
    frame = SPENT.assign(clicks=[5.0, None])
    assert caveats({"ads_daily": frame}, "cpc") == "without line_ads: not given"
    assert caveats({"ads_daily": frame}, "spend") == ""


def test_an_unknown_number_of_cases_is_not_enough() -> None:
    paid = SPENT.assign(conversions_value=900.0, source="google_ads")
    (row,) = measure(from_frames({"ads_daily": paid}), [OCTOBER], metrics=["claimed_roas"]).to_dict("records")
    assert math.isnan(row["n"]) and row["value"] == 30 and row["status"] == "too few"


def test_what_cannot_be_told_by_day_has_no_comparison_by_day() -> None:
    dataset = from_frames({"orders": ORDERS}, assumptions={"gross_margin": 0.5})
    found = compare(dataset, OCTOBER, by=["day"], metrics=["cltv"])
    assert set(found["reason"]) == {"not by day"} and found["value"].isna().all()


@pytest.mark.parametrize(
    ("taxed", "said"), [([True, False], "with and without VAT"), ([True, True], ""), ([True, None], "")]
)
def test_amounts_with_and_without_tax_in_one_sum_are_said(taxed: list[bool | None], said: str) -> None:
    lines = pd.DataFrame({
        "doc_date": ["2026-10-02", "2026-10-03"], "kind": "retainer", "amount": [105.0, 100.0], "doc_no": ["1", "2"],
        "tax_included": pd.Series(taxed, dtype="boolean"),
    })  # fmt: skip
    frames = {"invoices_fees": lines, "ads_daily": SPENT}
    assert [caveats(frames, metric) for metric in ("agency_fees", "marketing_cost")] == [said, said]
    passed = {"invoices_fees": lines.assign(kind="media_passthrough")}
    assert caveats(passed, "media_passthrough") == said
    assert caveats(frames | {"orders": ORDERS}, "mer") == said


# A cost that some rows lack, though they were seen or clicked on.

HOLES = pd.DataFrame({
    "date_day": ["2026-10-02", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05"], "campaign_name": ["A", "B", "A", "A", "A"],
    "source": "google_ads", "spend": [30.0, 20.0, None, None, None], "impressions": [500.0, 500.0, 500.0, 0.0, 0.0],
    "clicks": [10.0, 5.0, 10.0, 5.0, 0.0], "conversions": 1.0, "conversions_value": 300.0,
})  # fmt: skip


@pytest.mark.parametrize("metric", ["spend", "cpc", "cpm", "claimed_roas", "marketing_cost", "ledger_roas"])
def test_costs_that_rows_lack_are_said_with_all_that_is_made_of_them(metric: str) -> None:
    """Two rows were seen or clicked on; the last one was neither, so it may well have cost nothing."""
    said = caveats({"ads_daily": HOLES, "orders": ORDERS}, metric)
    assert "incomplete: no spend in 2 rows" in said.split("; ")


def test_what_is_not_made_of_costs_is_whole() -> None:
    assert caveats({"ads_daily": HOLES}, "clicks") == ""


def test_missing_costs_are_said_of_the_groups_that_lack_them() -> None:
    found = measure(from_frames({"ads_daily": HOLES}), [OCTOBER], by=["campaign"], metrics=["spend"])
    assert dict(zip(found["campaign"], found["caveat"], strict=True)) == {
        "A": "incomplete: no spend in 2 rows",
        "B": "",
    }


def test_a_platform_without_any_cost_is_left_out_and_not_incomplete() -> None:
    line = HOLES.assign(source="line_ads", spend=None)
    said = caveats({"ads_daily": pd.concat([HOLES.head(2), line])}, "spend")
    assert said == "without line_ads: not given"


def test_a_cost_of_nothing_is_a_cost() -> None:
    assert caveats({"ads_daily": HOLES.assign(spend=[30.0, 20.0, 0.0, 0.0, None])}, "spend") == ""


def test_missing_costs_are_told_in_both_languages() -> None:
    one, many = (incomplete.words(incomplete.caveat("spend", rows)) for rows in (1, 12))
    assert one and many
    assert one.say("en").startswith("1 row has impressions") and many.say("en").startswith("12 rows have impressions")
    assert many.say("zh-TW") == "12 列有曝光或點擊卻沒有花費，數字不完整"
    assert incomplete.words("without invoices_fees") is None
