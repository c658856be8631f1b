"""Orders out of order lines: an order's money stands on its first line or is repeated on each; it is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.staging import Plan, hashed_key, select
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.files import PARQUET, sql_path, sql_target

if TYPE_CHECKING:
    import duckdb

# Where these differ between the lines of one order, nobody can say which figure is right.
_SETTLED = ("total", "refunded")
_NO_STATUS = "'valid'"
_INCOMPLETE, _NUMBERLESS = "incomplete order", "row without order number"


def stage(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Read the lines into the temporary table `lines` (with `source_row`), each with its order's number."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT *, 0::BIGINT AS source_row FROM ({select(plan)})")
    # A table keeps the file's order in its rowid; numbering in the SELECT would leave all of the reading to one core.
    connection.execute(f"UPDATE lines SET source_row = rowid + {plan.raw.first_row}")
    if _has_numberless(connection):
        _carry_numbers_down(plan, connection)


def stage_joined(plan: Plan, relation: str, connection: duckdb.DuckDBPyConnection) -> None:
    """The same for lines that were read already, in `relation`: a view where nothing of them has to be changed."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW lines AS SELECT * FROM {relation}")
    if _has_numberless(connection):
        _as_table(connection)
        _carry_numbers_down(plan, connection)


def _has_numberless(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute("SELECT 1 FROM lines WHERE dropped IS NULL AND order_id IS NULL LIMIT 1").fetchone()
    return found is not None


def _as_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `lines` a table that can be changed."""
    kind = connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'lines'").fetchone()
    if kind is not None:
        connection.execute("CREATE TEMP TABLE settled AS SELECT * FROM lines ORDER BY source_row")
        connection.execute("DROP VIEW lines")
        connection.execute("ALTER TABLE settled RENAME TO lines")


def _carry_numbers_down(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """A line without a number and without order money continues the order above it; with money it belongs nowhere."""
    alone = "order_id IS NULL" + (" AND total IS NOT NULL" if "total" in plan.kept else "")
    above = "last_value(order_id IGNORE NULLS) OVER (ORDER BY source_row ROWS UNBOUNDED PRECEDING)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lines AS SELECT * REPLACE (CASE WHEN {alone} THEN NULL ELSE {above} END AS order_id) FROM lines ORDER BY source_row"
    )
    connection.execute(f"UPDATE lines SET dropped = '{_NUMBERLESS}' WHERE dropped IS NULL AND order_id IS NULL")


def write_orders(plan: Plan, connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the orders of `lines` to the Parquet file `target`; afterwards they can be queried as `orders`.

    Raises ReadError when lines of one order contradict each other.
    """
    orders = _first_lines(plan) if _told_once(plan, connection) else _grouped(plan, connection)
    connection.execute(f"COPY ({orders}) TO {sql_target(target)} ({PARQUET})")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW orders AS SELECT * FROM read_parquet({sql_path(target)})")


def _told_once(plan: Plan, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether of each order one line alone bears the total, and all else that is said of the order."""
    columns = _order_columns(plan.kept)
    # A cost or a status made of all lines stands on none of them.
    summed_up = "line_cancelled" in plan.kept or ("cost" in columns and "cost" not in plan.kept)
    if summed_up or not {"total", "ordered_at"} <= set(plan.kept):
        return False
    bearing = "FILTER (total IS NOT NULL)"
    told = [name for name in columns if name in plan.kept and name not in {"order_id", "total", "source"}]
    # Most columns are empty on the other lines, and those are few.
    counts = connection.execute(
        f"SELECT {', '.join(map(_count, told))} FROM lines WHERE dropped IS NULL AND total IS NULL"
    ).fetchone()
    repeated = {name for name, count in zip(told, counts or (), strict=True) if count}
    if repeated & set(_SETTLED):
        return False
    wanted = [
        f"count(DISTINCT hash(order_id)) {bearing} = count(total)",
        "count(DISTINCT hash(order_id, ordered_at)) = count(total)",
        *(f"{_count(name)} {bearing} = count(total)" for name in {*repeated, "ordered_at", "status"} & set(told)),
    ]
    found = connection.execute(f"SELECT {' AND '.join(wanted)} FROM lines WHERE dropped IS NULL").fetchone()
    return bool(found and found[0])


def _count(name: str) -> str:
    return f'count("{name}")'


def _first_lines(plan: Plan) -> str:
    made = {"customer_key": hashed_key(plan)} | ({} if "status" in plan.kept else {"status": _NO_STATUS})
    chosen = ", ".join(f'{made.get(name, name)} AS "{name}"' for name in _order_columns(plan.kept))
    return f"SELECT {chosen} FROM lines WHERE dropped IS NULL AND total IS NOT NULL"


def _grouped(plan: Plan, connection: duckdb.DuckDBPyConnection) -> str:
    """SQL for the orders out of all their lines; lines of orders that lack what an order needs are dropped."""
    key = _key(plan, connection)
    _refuse_contradictions(plan, connection, key)
    chosen = ", ".join(f'{sql} AS "{name}"' for name, sql in _order_columns(plan.kept).items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT {chosen} FROM lines WHERE dropped IS NULL GROUP BY {key}"
    )
    incomplete = f"SELECT ({key}) FROM grouped WHERE total IS NULL OR ordered_at IS NULL OR status IS NULL"
    if connection.execute(f"{incomplete} LIMIT 1").fetchone() is not None:
        _as_table(connection)
        connection.execute(
            f"UPDATE lines SET dropped = '{_INCOMPLETE}' WHERE dropped IS NULL AND ({key}) IN ({incomplete})"
        )
        connection.execute(f"DELETE FROM grouped WHERE ({key}) IN ({incomplete})")
    hashed = f"REPLACE ({hashed_key(plan)} AS customer_key)" if "customer_key" in plan.kept else ""
    return f"SELECT * {hashed} FROM grouped ORDER BY source_row"


def _key(plan: Plan, connection: duckdb.DuckDBPyConnection) -> str:
    """What tells orders apart: the number, and the day as well where a till begins at 1 each morning."""
    if "ordered_at" not in plan.kept:
        return "order_id"
    found = connection.execute(
        "SELECT 1 FROM lines WHERE dropped IS NULL GROUP BY order_id HAVING count(DISTINCT ordered_at::DATE) > 1 LIMIT 1"
    ).fetchone()
    undated = "SELECT 1 FROM lines WHERE dropped IS NULL AND ordered_at IS NULL LIMIT 1"
    # A line without a date belongs to the order above it.
    return "order_id, ordered_at::DATE" if found and not connection.execute(undated).fetchone() else "order_id"


def _order_columns(kept: Sequence[str]) -> dict[str, str]:
    """SQL for each column of the order, over its lines."""
    columns = {
        name: f'arg_min("{name}", source_row)' for name in kept if name in TABLES["orders"] and name != "order_id"
    }
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
        rest = columns.get("status", _NO_STATUS)
        columns["status"] = f"CASE WHEN bool_and(coalesce(line_cancelled, false)) THEN 'cancelled' ELSE {rest} END"
    columns.setdefault("status", _NO_STATUS)
    return {name: columns[name] for name in TABLES["orders"].names if name in columns}


def _refuse_contradictions(plan: Plan, connection: duckdb.DuckDBPyConnection, key: str) -> None:
    settled = [name for name in _SETTLED if name in plan.kept]
    if not settled:
        return
    differs = " OR ".join(f'min("{name}") <> max("{name}")' for name in settled)
    found = connection.execute(
        f"SELECT min(source_row) FROM lines WHERE dropped IS NULL GROUP BY {key} HAVING {differs} ORDER BY 1 LIMIT 20"
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
