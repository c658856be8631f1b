"""Orders out of order lines: an order's money stands on its first line or is repeated on each; it is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.staging import Plan, select
from kpi_toolkit.tables import TABLES

if TYPE_CHECKING:
    import duckdb

# Where these differ between the lines of one order, nobody can say which figure is right.
_SETTLED = ("total", "refunded")
_INCOMPLETE, _NUMBERLESS = "incomplete order", "row without order number"


def stage(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Read the lines into the temporary table `lines` (with `source_row`), each with its order's number."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT *, 0::BIGINT AS source_row FROM ({select(plan)})")
    # A table keeps the file's order in its rowid; numbering in the SELECT would leave all of the reading to one core.
    connection.execute(f"UPDATE lines SET source_row = rowid + {plan.raw.first_row}")
    if connection.execute("SELECT 1 FROM lines WHERE dropped IS NULL AND order_id IS NULL LIMIT 1").fetchone():
        _carry_numbers_down(plan, connection)


def _carry_numbers_down(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """A line without a number and without order money continues the order above it; with money it belongs nowhere."""
    alone = "order_id IS NULL" + (" AND total IS NOT NULL" if "total" in plan.kept else "")
    above = "last_value(order_id IGNORE NULLS) OVER (ORDER BY source_row ROWS UNBOUNDED PRECEDING)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lines AS SELECT * REPLACE (CASE WHEN {alone} THEN NULL ELSE {above} END AS order_id) FROM lines ORDER BY source_row"
    )
    connection.execute(f"UPDATE lines SET dropped = '{_NUMBERLESS}' WHERE dropped IS NULL AND order_id IS NULL")


def write_orders(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `orders` out of `lines`. Raises ReadError when lines of one order contradict each other."""
    _refuse_contradictions(plan, connection)
    chosen = ", ".join(f'{sql} AS "{name}"' for name, sql in _order_columns(plan.kept).items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE orders AS SELECT {chosen} FROM lines WHERE dropped IS NULL GROUP BY order_id"
    )
    incomplete = "SELECT order_id FROM orders WHERE total IS NULL OR ordered_at IS NULL OR status IS NULL"
    connection.execute(
        f"UPDATE lines SET dropped = '{_INCOMPLETE}' WHERE dropped IS NULL AND order_id IN ({incomplete})"
    )
    connection.execute(f"DELETE FROM orders WHERE order_id IN ({incomplete})")


def _order_columns(kept: Sequence[str]) -> dict[str, str]:
    """SQL for each column of the order, over its lines."""
    columns = {name: f'any_value("{name}")' for name in kept if name in TABLES["orders"] and name != "order_id"}
    columns |= {"order_id": "order_id", "source_row": "min(source_row)"}
    if "ordered_at" in kept:
        columns["ordered_at"] = "min(ordered_at)"
    cancelled = "line_cancelled" in kept
    if "total" not in kept and "line_total" in kept:
        columns["total"] = "sum(line_total)"
        if cancelled and "refunded" not in kept:
            columns["refunded"] = (
                "CASE WHEN bool_and(line_cancelled) THEN 0 ELSE coalesce(sum(line_total) FILTER (line_cancelled), 0) END"
            )
    if "cost" not in kept and "line_cost" in kept:
        columns["cost"] = "sum(line_cost)"
    if cancelled:
        rest = columns.get("status", "'valid'")
        columns["status"] = f"CASE WHEN bool_and(coalesce(line_cancelled, false)) THEN 'cancelled' ELSE {rest} END"
    columns.setdefault("status", "'valid'")
    return {name: columns[name] for name in TABLES["orders"].names if name in columns}


def _refuse_contradictions(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    settled = [name for name in _SETTLED if name in plan.kept]
    if not settled:
        return
    differs = " OR ".join(f'min("{name}") <> max("{name}")' for name in settled)
    found = connection.execute(
        f"SELECT min(source_row) FROM lines WHERE dropped IS NULL GROUP BY order_id HAVING {differs} ORDER BY 1 LIMIT 20"
    ).fetchall()
    if found:
        what = Text(
            zh="同一張訂單的各列金額互相矛盾（從第 {rows} 列開始的訂單）",
            en="the lines of one order contradict each other in the order's amount (orders starting at rows {rows})",
        )
        todo = Text(
            zh="請重新匯出；若檔案經過手動編輯，請用原始檔",
            en="export again; if the file was edited by hand, use the original",
        )
        raise ReadError(what.fill(rows=", ".join(str(row) for (row,) in found)), where=plan.raw.path.name, todo=todo)
