"""What the shop itself counted day by day: orders or leads, and visits to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kpi_toolkit.analysis.shift import Ledger
from kpi_toolkit.metrics.quantities import COUNTED
from kpi_toolkit.tables.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

_ROWS: Final = {
    "orders": f"SELECT ordered_at::DATE AS day, count(*)::DOUBLE FROM {{rows}} WHERE {COUNTED} GROUP BY 1 ORDER BY 1",
    "leads": "SELECT received_at::DATE AS day, count(*)::DOUBLE FROM {rows} WHERE is_test IS NOT TRUE GROUP BY 1 ORDER BY 1",
}
# Which ledger knows a kind of conversion, and which of the site's own counts stands in for it.
_OF_KIND: Final = {"lead": "leads", "message": "leads", "call": "leads"}


def ledgers_of(dataset: Dataset, site: pd.DataFrame, kind: str) -> list[Ledger]:
    """The ledgers that conversions of `kind` must show in, best first: orders or leads by day, and for each visit where visits
    are known; else the site's purchases. `site` is measure()'s `sessions` and `site_purchase_rate` by day."""
    table = _OF_KIND.get(kind, "orders")
    visits = _by_day(site, "sessions", "value")
    counts = _counts(dataset, table)
    if not counts and table == "orders":
        counts = _by_day(site, "site_purchase_rate", "numerator")
    if not counts:
        return []
    return [Ledger(counts=counts), *([Ledger(counts=counts, visits=visits)] if visits else [])]


def _counts(dataset: Dataset, table: str) -> Mapping[date, float]:
    if not dataset.has(table):
        return {}
    sql = _ROWS[table].replace("{rows}", dataset.relations[table])
    return dict(dataset.connection.execute(sql).fetchall())


def _by_day(site: pd.DataFrame, metric: str, column: str) -> Mapping[date, float]:
    told = site[(site["metric"] == metric) & site[column].notna()]
    return {day.date(): float(value) for day, value in zip(told["period_start"], told[column], strict=True)}
