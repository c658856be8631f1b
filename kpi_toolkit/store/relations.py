"""A client's tables as SQL over snapshots: of every row the newest import, with what the agreement adds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.conversion import counts_sql, definition_sql
from kpi_toolkit.agreement.vendor import billed_sql, vendor_sql
from kpi_toolkit.store.catalog import Snapshot
from kpi_toolkit.store.channels import channel_sql
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.table import DUCKDB_TYPE, Table

if TYPE_CHECKING:
    import duckdb

# An id names a thing better than its name does, where all the files in question have it.
_IDS = {"campaign_name": "campaign_id", "ad_group_name": "ad_group_id", "ad_name": "ad_id"}
_ACCOUNT = {"ads_daily": "account_id", "sessions": "property"}


def relation(table: Table, snapshots: Sequence[Snapshot], client: Client, connection: duckdb.DuckDBPyConnection) -> str:
    """SQL that can stand in FROM: every column of `table` and its derived ones, each row from the newest import of it.

    Overlapping imports are settled once, into a temporary table; the others stay where they lie.
    """
    doubled = overlapping(table, snapshots)
    single = [one for one in snapshots if one not in doubled]
    parts = []
    if single:
        parts.append(f"SELECT {_plain(table, present_columns(connection, table, single))} FROM {scan(table, single)}")
    if doubled:
        _settle(table, doubled, connection)
        parts.append(f"SELECT {_plain(table, present_columns(connection, table, doubled))} FROM {_settled(table)}")
    return f"(SELECT *{_derived(table, client)} FROM ({' UNION ALL '.join(parts)}))"


def scan(table: Table, snapshots: Sequence[Snapshot]) -> str:
    """The kept rows of these snapshots, with `filename` and `file_row_number`."""
    files = ", ".join(_literal(str(one.tables[table.id])) for one in snapshots)
    read = f"read_parquet([{files}], union_by_name=true, filename=true, file_row_number=true)"
    return f"(SELECT * FROM {read} WHERE dropped IS NULL)" if table.id not in {"orders", "order_lines"} else read


def present_columns(connection: duckdb.DuckDBPyConnection, table: Table, snapshots: Sequence[Snapshot]) -> set[str]:
    """The columns that any of the snapshots has."""
    found = connection.execute(f"DESCRIBE SELECT * FROM {scan(table, snapshots)}").fetchall()
    return {str(row[0]) for row in found}


def overlapping(table: Table, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The snapshots that may tell the same rows as another: of one source, with periods that meet."""
    found = set()
    for left, right in combinations(snapshots, 2):
        if (
            left.report.source == right.report.source
            and left.report.shape == right.report.shape
            and _meet(table, left, right)
        ):
            found |= {left.id, right.id}
    return [one for one in snapshots if one.id in found]


def _meet(table: Table, left: Snapshot, right: Snapshot) -> bool:
    a, b = left.report, right.report
    # A post's figures run up to the day of the export, so two exports that list it tell the same thing.
    if table.id == "content" or None in (a.period_start, a.period_end, b.period_start, b.period_end):
        return True
    return a.period_start <= b.period_end and b.period_start <= a.period_end  # type: ignore[operator]


def row_key(table: Table, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection) -> list[str]:
    """SQL for what names a row in all of these snapshots; columns that only some of them have can't."""
    everywhere = set.intersection(*(present_columns(connection, table, [one]) for one in snapshots))
    if table.id in {"orders", "order_lines"}:
        return ["source", "order_id"]
    if table.id == "content":
        return ["source", "post_id"]
    if table.id == "invoices_fees":
        return ["source", "doc_date", *(name for name in ("vendor_name",) if name in everywhere), _document(everywhere)]
    dimensions = (_IDS.get(name, name) if _IDS.get(name) in everywhere else name for name in table.dimensions)
    named = [_ACCOUNT[table.id], *dimensions]
    return [
        "source",
        "date_day",
        "period_start",
        "period_end",
        "shape",
        *(name for name in named if name in everywhere),
    ]


def _document(everywhere: set[str]) -> str:
    described = " || '|' || ".join(
        f"coalesce({name}::VARCHAR, '')" for name in ("note", "amount") if name in everywhere
    )
    return f"coalesce(doc_no, {described})" if "doc_no" in everywhere else described


def _settle(table: Table, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection) -> None:
    order = ", ".join(f"({_literal(str(one.tables[table.id]))}, {one.order})" for one in snapshots)
    key = ", ".join(row_key(table, snapshots, connection))
    # Rows of one file with the same key are parts of one figure (dynamic creatives, order lines): all of them stay.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_settled(table)} AS SELECT * EXCLUDE (import_order, imported_file) FROM {scan(table, snapshots)} AS rows "
        f"JOIN (VALUES {order}) AS imports(imported_file, import_order) ON rows.filename = imports.imported_file "
        f"QUALIFY import_order = max(import_order) OVER (PARTITION BY {key})"
    )


def _settled(table: Table) -> str:
    return f"settled_{table.id}"


def _plain(table: Table, columns: set[str]) -> str:
    """Every declared column, those that no file has as NULL."""
    row = "file_row_number + first_row" if "first_row" in columns else "source_row"
    chosen = {column.name: f'"{column.name}"' if column.name in columns else "NULL" for column in table.columns}
    chosen |= {"source_row": row if row.split(" ")[0] in columns else "NULL"}
    listed = [f'{sql}::{DUCKDB_TYPE[table[name].kind]} AS "{name}"' for name, sql in chosen.items()]
    return ", ".join([*listed, *(["shape"] if table.dimensions else [])])


def _derived(table: Table, client: Client) -> str:
    """What the agreement adds, as further columns; later ones may use earlier ones."""
    added = {"vendor": "''", "channel": "''"}
    if table.id == "ads_daily":
        vendor = vendor_sql(client.vendors)
        counts = counts_sql(client.conversions, vendor=vendor, day="period_start")
        definition = definition_sql(client.conversions, vendor=vendor, day="period_start", counts=counts)
        added = {"vendor": vendor, "channel": "source", "counts": counts, "definition": definition}
    if table.id == "sessions":
        added["channel"] = channel_sql()
    if table.id == "invoices_fees":
        added["vendor"] = billed_sql(client.vendors)
    return "".join(f", {sql} AS {name}" for name, sql in added.items())


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def for_tables(snapshots: Sequence[Snapshot]) -> dict[str, list[Snapshot]]:
    """The snapshots by the table that they fill, in the tables' order."""
    return {name: found for name in TABLES if (found := [one for one in snapshots if name in one.tables])}
