"""Re-sent history: what two imports of the same days say differently. Both are kept; here they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from kpi_toolkit.store import relations
from kpi_toolkit.store.catalog import Snapshot
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.table import Table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# What is compared, and the day that a row's month is taken from.
_COMPARED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ads_daily": ("period_start", ("spend", "impressions", "clicks", "conversions", "conversions_value")),
    "sessions": ("period_start", ("sessions", "purchases", "purchase_revenue", "key_events")),
    "orders": ("ordered_at", ("total", "refunded", "cancelled")),
    "invoices_fees": ("doc_date", ("amount",)),
}
# Money that is in the total and no longer counts: an order that is cancelled after the month's report.
_DERIVED = {"cancelled": ("status", "CASE WHEN status = 'cancelled' THEN total ELSE 0 END")}
COLUMNS = ("table", "source", "month", "column", "before", "after", "difference", "rows", "file_before", "file_after")


def restated(snapshots: Sequence[Snapshot]) -> pd.DataFrame:
    """The figures that a later import changed, by month: sums over the rows that both imports tell.

    Columns: table, source, month (first day), column, before, after, difference (after - before, in the column's
    unit), rows (how many differ; a row that only one of them has counts), file_before, file_after. Empty when no
    import contradicts an earlier one. Only days that both imports cover are compared. `cancelled` is the total of the
    cancelled orders.
    """
    import duckdb
    import pandas as pd

    found: list[tuple[object, ...]] = []
    with duckdb.connect() as connection:
        for name in _COMPARED:
            of_table = [one for one in snapshots if name in one.tables]
            for earlier, later in combinations(of_table, 2):
                if earlier.report.sha256 != later.report.sha256 and relations.overlapping(
                    TABLES[name], [earlier, later]
                ):
                    found += _differences(TABLES[name], earlier, later, connection)
    return pd.DataFrame(found, columns=list(COLUMNS))


def _differences(
    table: Table, earlier: Snapshot, later: Snapshot, connection: duckdb.DuckDBPyConnection
) -> list[tuple[object, ...]]:
    day, compared = _COMPARED[table.id]
    shared = relations.present_columns(connection, table, [earlier]) & relations.present_columns(
        connection, table, [later]
    )
    columns = [name for name in compared if _DERIVED.get(name, (name,))[0] in shared]
    if not columns:
        return []
    key = relations.row_key(table, [earlier, later], connection)
    left, right = (_summed(table, one, day, key, columns) for one in (earlier, later))
    names = ", ".join(f"key_{number}" for number in range(len(key)))
    both = f"({left}) AS a FULL JOIN ({right}) AS b USING (day, {names})"
    return [row for column in columns for row in _changed(table, earlier, later, column, both, connection)]


def _summed(table: Table, one: Snapshot, day: str, key: Sequence[str], columns: Sequence[str]) -> str:
    keys = ", ".join(f"coalesce(({sql})::VARCHAR, '') AS key_{number}" for number, sql in enumerate(key))
    cells = {name: _DERIVED[name][1] if name in _DERIVED else f'"{name}"' for name in columns}
    sums = ", ".join(f'sum({sql}) AS "{name}"' for name, sql in cells.items())
    return f"SELECT {day}::DATE AS day, {keys}, {sums} FROM {relations.scan(table, [one])} GROUP BY ALL"


def _changed(
    table: Table, earlier: Snapshot, later: Snapshot, column: str, both: str, connection: duckdb.DuckDBPyConnection
) -> list[tuple[object, ...]]:
    before, after = (f'coalesce({side}."{column}", 0)' for side in "ab")
    starts = [one.report.period_start for one in (earlier, later)]
    ends = [one.report.period_end for one in (earlier, later)]
    rows = connection.execute(
        f"SELECT date_trunc('month', day)::DATE, round(sum({before}), 6), round(sum({after}), 6), round(sum({after}) - sum({before}), 6), "
        f"count(*) FILTER (abs({after} - {before}) > 0.005) AS changed FROM {both} "
        f"WHERE day BETWEEN DATE '{max(starts)}' AND DATE '{min(ends)}' GROUP BY 1 HAVING changed > 0 ORDER BY 1"  # type: ignore[type-var]
    ).fetchall()
    source = earlier.report.source
    return [
        (table.id, source, month, column, old, new, change, changed, earlier.report.file, later.report.file)
        for month, old, new, change, changed in rows
    ]
