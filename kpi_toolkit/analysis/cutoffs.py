"""Invoices that are cut off on another day than the month's last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from kpi_toolkit.periods import Period

_LEAST: Final = 3
# Invoices that follow the spend from one cut-off day to the next differ from it by one factor, but for rounding and settling.
_ALIKE: Final = 0.015
# Two months on one new factor are no chance where they agree on it as closely as this.
_SEVERAL: Final = 2
_EXACT: Final = 0.006


@dataclass(frozen=True, kw_only=True)
class CutOff:
    """Invoices cut off `days` before their months' ends: the `factor` between them and the `spent` of those days, by month."""

    days: int
    factor: float
    spent: Mapping[Period, float]


def cut_off(invoiced: Mapping[Period, float], daily: Mapping[date, float]) -> CutOff | None:
    """The cut-off day from which on all invoices are one factor of the spend, the likeliest where several are; None for fewer than
    three months, or where no day does that. `daily` has to reach back before the first of the days."""
    if len(invoiced) < _LEAST or not daily:
        return None
    found: list[tuple[float, int, dict[Period, float]]] = []
    for days in range(62):
        spent = {one: _between(daily, one, days) for one in invoiced}
        if min(spent.values()) <= 0 or min(one.start for one in invoiced) - timedelta(days) < min(daily):
            continue
        ratios = [invoiced[one] / spent[one] for one in invoiced]
        found.append((max(ratios) / min(ratios) - 1, days, spent))
    if not found or min(found)[0] > _ALIKE:
        return None
    _, days, spent = min(found)
    return CutOff(days=days, factor=median(invoiced[one] / spent[one] for one in invoiced), spent=spent)


def raised(invoiced: Mapping[Period, float], daily: Mapping[date, float], agreed: float) -> CutOff | None:
    """The last months, two or more, that are one other factor of the spend than the two or more before them, which are `agreed`
    times the spend of the same cut-off days; None where no day shows that."""
    months = sorted(invoiced)
    found: list[tuple[float, CutOff]] = []
    for days in range(62):
        spent = {one: _between(daily, one, days) for one in months}
        if len(months) < 2 * _SEVERAL or min(spent.values()) <= 0 or months[0].start - timedelta(days) < min(daily, default=date.max):  # fmt: skip
            continue
        ratios = [invoiced[one] / spent[one] for one in months]
        kept = next((at for at, ratio in enumerate(ratios) if abs(ratio / agreed - 1) > _ALIKE), len(ratios))
        since = ratios[kept:]
        if kept >= _SEVERAL and len(since) >= _SEVERAL and max(since) / min(since) - 1 <= _EXACT:
            found.append((max(since) / min(since), CutOff(days=days, factor=median(since), spent=spent)))
    return min(found, key=lambda one: one[0])[1] if found else None


def _between(daily: Mapping[date, float], one: Period, days: int) -> float:
    shifted = Period(one.start - timedelta(days), one.end - timedelta(days))
    return sum(daily.get(day, 0.0) for day in shifted.each_day())
