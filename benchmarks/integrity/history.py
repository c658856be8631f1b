"""What a later import changed of earlier days, as the store tells it: honest restating of conversions and of orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import between, happens
from benchmarks.integrity.plan import Plan

Frames = Mapping[str, pd.DataFrame]


def restated(plan: Plan, frames: Frames) -> tuple[dict[str, Any], ...]:
    """Rows like those of store.history.restated: conversions of the month before came in late, invalid clicks were taken
    back, orders were cancelled."""
    rng = plan.rng("restated")
    month = plan.months[-2] if len(plan.months) > 1 else plan.months[-1]
    ads = frames["ads_daily"]
    ads = ads[(ads["period_start"] >= pd.Timestamp(month.start)) & (ads["period_end"] <= pd.Timestamp(month.end))]
    rows: list[dict[str, Any]] = []
    for source, own in ads.groupby("source"):
        own = own[own["shape"] == own["shape"].iloc[0]]
        up, spent = between(rng, plan.ranges.restated), between(rng, (0.0, 0.006))
        rows.append(_row("ads_daily", source, month.start, "conversions", own["conversions"].sum(), up, len(own), rng))
        rows.append(
            _row(
                "ads_daily", source, month.start, "conversions_value", own["conversions_value"].sum(), up, len(own), rng
            )
        )
        if happens(rng, 0.4):
            rows.append(_row("ads_daily", source, month.start, "spend", own["spend"].sum(), -spent, len(own), rng))
            rows.append(_row("ads_daily", source, month.start, "clicks", own["clicks"].sum(), -spent, len(own), rng))
    if "orders" in frames:
        rows += _orders(frames["orders"], month, rng)
    return tuple(row for row in rows if row["difference"])


def _orders(orders: pd.DataFrame, month: Any, rng: np.random.Generator) -> list[dict[str, Any]]:
    own = orders[orders["ordered_at"].dt.date.map(lambda day: day in month)]
    lost = own.loc[own["status"] == "cancelled", "total"]
    late = lost[rng.random(len(lost)) < 0.3].sum()
    refunds = own["refunded"][rng.random(len(own)) < 0.4].sum()
    return [
        _changed("orders", "shopline", month.start, "cancelled", lost.sum() - late, lost.sum(), 3),
        _changed(
            "orders", "shopline", month.start, "refunded", own["refunded"].sum() - refunds, own["refunded"].sum(), 4
        ),
    ]


def _row(
    table: str, source: str, month: Any, column: str, after: float, share: float, rows: int, rng: np.random.Generator
) -> dict[str, Any]:
    """`after` is what stands there now, `share` by how much it went up."""
    return _changed(
        table, source, month, column, round(after / (1 + share)), after, max(int(rows * rng.uniform(0.05, 0.5)), 1)
    )


def _changed(
    table: str, source: str, month: Any, column: str, before: float, after: float, rows: int
) -> dict[str, Any]:
    return {
        "table": table, "source": source, "month": month, "column": column, "before": float(before), "after": float(after),
        "difference": round(float(after - before), 6), "rows": rows, "file_before": f"{source}-1.csv", "file_after": f"{source}-2.csv",
    }  # fmt: skip
