"""Money in several currencies is refused as a sum, and can be asked for currency by currency."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpi_toolkit.metrics import compare, measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables.dataset import Dataset, from_frames

OCTOBER = parse_period("2026-10")


def in_two_currencies() -> Dataset:
    """In October 300 TWD (a third of it not said to be TWD) and 10 USD, in September 200 TWD and 20 USD."""
    days = ["2026-10-01", "2026-10-31", "2026-10-31", "2026-09-01", "2026-09-01"]
    ads = pd.DataFrame({
        "date_day": days, "source": "google_ads", "spend": [200.0, 100.0, 10.0, 200.0, 20.0], "clicks": [40.0, 20.0, 5.0, 40.0, 5.0],
        "currency": ["TWD", None, "USD", "TWD", "USD"],
    })  # fmt: skip
    orders = pd.DataFrame(
        {"order_id": ["1", "2"], "ordered_at": "2026-10-03", "status": "valid", "total": [900.0, 40.0],
         "currency": ["TWD", "USD"]}
    )  # fmt: skip
    return from_frames({"ads_daily": ads, "orders": orders})


def by_currency(found: pd.DataFrame, metric: str, column: str = "value") -> dict[Any, Any]:
    rows = found[found["metric"] == metric]
    return dict(zip(rows["currency"], rows[column], strict=True))


def test_a_refused_sum_can_be_asked_for_by_currency() -> None:
    (whole,) = measure(in_two_currencies(), [OCTOBER], metrics=["spend"]).to_dict("records")
    assert whole["reason"] == "several currencies: TWD, USD"
    found = measure(in_two_currencies(), [OCTOBER], by=["currency"])
    assert list(found.columns).count("currency") == 1
    assert by_currency(found, "spend") == {"TWD": 200 + 100, "USD": 10}, "what says nothing is the client's own"
    assert by_currency(found, "cpc") == {"TWD": 300 / 60, "USD": 10 / 5}
    assert by_currency(found, "clicks") == {"TWD": 60, "USD": 5}, "a group like any other"
    assert by_currency(found, "ledger_roas") == {"TWD": 900 / 300, "USD": 40 / 10}
    assert list(found.loc[found["metric"] == "agency_fees", "reason"]) == ["no table: invoices_fees"]


def test_each_currency_is_compared_with_itself() -> None:
    found = compare(in_two_currencies(), OCTOBER, by=["currency"], metrics=["spend"])
    assert by_currency(found, "spend", "change_previous") == {"TWD": 300 / 200 - 1, "USD": 10 / 20 - 1}
