"""The job that every contender does, and the form its figures are compared in.

Raw files in, one immutable Parquet file out for each canonical table (typed; totals rows set aside and compared with the
sum of the rows; repeated rows counted; customers' e-mails and phones hashed with a salt; each file's sha256 taken), then
twelve metrics by month and eight by campaign.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from datetime import date

ADS, ORDERS = "Campaign report.csv", "orders_export.csv"
FIRST, MONTHS, DAYS = date(2024, 11, 1), 24, 730
LAST_MONTH = "2026-10"
# As long as a workspace's own.
SALT = "0123456789abcdef" * 4

BY_CAMPAIGN = ("spend", "impressions", "clicks", "ctr", "cpc", "conversions", "conversions_value", "claimed_roas")
BY_MONTH = (*BY_CAMPAIGN, "orders", "revenue", "aov", "ledger_roas")
_RATIOS = {
    "ctr": ("clicks", "impressions"), "cpc": ("spend", "clicks"), "claimed_roas": ("conversions_value", "spend"),
    "aov": ("revenue", "orders"), "ledger_roas": ("revenue", "spend"),
}  # fmt: skip

# For each metric its value by month or campaign; None where it can't be given.
Values = Mapping[str, float | None]
Figures = Mapping[str, Values]


def with_ratios(sums: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float | None]]:
    """Sums by metric and group, with the ratios that their metrics allow."""
    found: dict[str, dict[str, float | None]] = {name: dict(values) for name, values in sums.items()}
    for name, (over, under) in _RATIOS.items():
        if {over, under} <= set(sums):
            found[name] = {group: _divided(sums[over].get(group), below) for group, below in sums[under].items()}
    return found


def _divided(over: float | None, under: float) -> float | None:
    return over / under if over is not None and under else None


class Clock:
    """The moments that a contender passes: ready (everything imported), read (snapshots written), measured."""

    def __init__(self) -> None:
        self.marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Now is the moment `name`; the clock is the machine's, so that the parent process can compare."""
        self.marks[name] = time.monotonic()


def tell(clock: Clock, by_month: Figures, by_campaign: Figures, checks: Mapping[str, float]) -> None:
    """Write the contender's result where the trial reads it: one line of JSON on stdout."""
    print(json.dumps({"marks": clock.marks, "month": by_month, "campaign": by_campaign, "checks": checks}))


def differences(one: Mapping[str, Figures], other: Mapping[str, Figures]) -> list[str]:
    """Where two results disagree by more than the last digits of a sum of floats; empty when they tell the same."""
    found = []
    for table, names in (("month", BY_MONTH), ("campaign", BY_CAMPAIGN)):
        for name in names:
            left, right = one[table][name], other[table][name]
            groups = sorted({*left, *right})
            found += [f"{table} {name} {group}" for group in groups if not _same(left.get(group), right.get(group))]
    return found


def _same(left: float | None, right: float | None) -> bool:
    return left == right if left is None or right is None else math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
