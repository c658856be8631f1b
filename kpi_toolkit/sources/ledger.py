"""Orders out of order lines: an order's money stands on its first line or is repeated on each; it is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import plain
from kpi_toolkit.sources.staging import Plan, select
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.files import PARQUET, sql_path, sql_target

if TYPE_CHECKING:
    import duckdb

# Where these differ between the lines of one order, nobody can say which figure is right.
_SETTLED = ("total", "refunded")
_NO_STATUS = "'valid'"
_INCOMPLETE, _NUMBERLESS = "incomplete order", "row without order number"


@dataclass(frozen=True)
class Lines:
    """Lines of orders: the temporary table or view `lines`, with `source_row`, each with its order's number.

    `file` is a Parquet file of just the kept ones, where there is one.
    """

    plan: Plan
    connection: duckdb.DuckDBPyConnection
    file: Path | None = None


def staged(plan: Plan, connection: duckdb.DuckDBPyConnection) -> Lines:
    """The lines that the plan reads."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT *, 0::BIGINT AS source_row FROM ({select(plan)})")
    # A table keeps the file's order in its rowid; numbering in the SELECT would leave all of the reading to one core.
    connection.execute(f"UPDATE lines SET source_row = rowid + {plan.raw.first_row}")
    if _has_numberless(connection):
        _carry_numbers_down(plan, connection)
    return Lines(plan, connection)


def joined(parts: plain.Parts, connection: duckdb.DuckDBPyConnection) -> Lines:
    """The lines of a file that is read in parts."""
    complete = parts.judge(connection)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW lines AS SELECT * FROM {parts.relation}")
    if _has_numberless(connection):
        _as_table(connection)
        _carry_numbers_down(parts.plan, connection)
        return Lines(parts.plan, connection)
    return Lines(parts.plan, connection, parts.rows if complete else None)


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


def write_orders(lines: Lines, target: Path) -> Lines:
    """Write the orders to the Parquet file `target`; then they can be queried as `orders`. Gives the lines they leave.

    Raises ReadError when lines of one order contradict each other.
    """
    plan, connection = lines.plan, lines.connection
    once = _told_once(lines)
    if once and lines.file is not None and "status" in plan.kept:
        plain.copied(lines.file, list(_order_columns(plan.kept)), target, having="total")
    else:
        orders = _first_lines(plan) if once else _grouped(plan, connection)
        connection.execute(f"COPY ({orders}) TO {sql_target(target)} ({PARQUET})")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW orders AS SELECT * FROM read_parquet({sql_path(target)})")
    # Orders that lack something have lost their lines, too.
    return lines if once else replace(lines, file=None)


def write_lines(lines: Lines, target: Path) -> None:
    """Write what the lines say of the goods to the Parquet file `target`."""
    names = [name for name in TABLES["order_lines"].names if name in {*lines.plan.kept, "source_row"}]
    if lines.file is not None:
        plain.copied(lines.file, names, target)
    else:
        kept = f"SELECT {', '.join(names)} FROM lines WHERE dropped IS NULL"
        lines.connection.execute(f"COPY ({kept}) TO {sql_target(target)} ({PARQUET})")


def _told_once(lines: Lines) -> bool:
    """Whether of each order one line alone bears the total, and all else that is said of the order."""
    kept, columns = lines.plan.kept, _order_columns(lines.plan.kept)
    # A cost or a status made of all lines stands on none of them.
    summed_up = "line_cancelled" in kept or ("cost" in columns and "cost" not in kept)
    if summed_up or not {"total", "ordered_at"} <= set(kept):
        return False
    told = [name for name in columns if name in kept and name not in {"order_id", "total", "source"}]
    # Most columns are empty on the other lines, and those are few.
    counts = lines.connection.execute(
        f"SELECT {', '.join(map(_count, told))} FROM lines WHERE dropped IS NULL AND total IS NULL"
    ).fetchone()
    repeated = {name for name, count in zip(told, counts or (), strict=True) if count}
    if repeated & set(_SETTLED):
        return False
    always = ["total", *sorted({*repeated, "ordered_at", "status"} & set(told))]
    asked = ", ".join(f"{_count(name)} FILTER (total IS NOT NULL)" for name in always)
    found = set(lines.connection.execute(f"SELECT {asked} FROM lines WHERE dropped IS NULL").fetchone() or ())
    found |= {_distinct(lines, ["order_id"], "total"), _distinct(lines, ["order_id", "ordered_at"])}
    return len(found) == 1


def _distinct(lines: Lines, names: Sequence[str], having: str = "") -> int:
    """How many different cells of these columns the kept lines have, among those with a value in `having`."""
    if lines.file is not None:
        return plain.distinct(lines.file, names, having)
    among = f"AND {having} IS NOT NULL" if having else ""
    found = lines.connection.execute(
        f"SELECT count(DISTINCT hash({', '.join(names)})) FROM lines WHERE dropped IS NULL {among}"
    ).fetchone()
    return int(found[0]) if found else 0


def _count(name: str) -> str:
    return f'count("{name}")'


def _first_lines(plan: Plan) -> str:
    made = {} if "status" in plan.kept else {"status": _NO_STATUS}
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
    return "SELECT * FROM grouped ORDER BY source_row"


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
