"""A client's tables as SQL over snapshots: of every row the newest import, with what the agreement adds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.conversion import counts_sql, definition_sql
from kpi_toolkit.agreement.vendor import billed_sql, reported_sql, vendor_sql
from kpi_toolkit.i18n import Text
from kpi_toolkit.store.catalog import Snapshot
from kpi_toolkit.store.channels import channel_sql
from kpi_toolkit.store.renaming import without_old_names
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.files import sql_path
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import DUCKDB_TYPE, Table

if TYPE_CHECKING:
    import duckdb

Notes = dict[str, tuple[Text, ...]]
# An id names a thing better than its name does, where all the files in question have it.
_IDS = {
    "account_name": "account_id",
    "campaign_name": "campaign_id",
    "ad_group_name": "ad_group_id",
    "ad_name": "ad_id",
}

# The platform whose campaigns a lead's campaign is among.
_PLATFORM = (
    "(CASE WHEN referral = 'google' THEN 'google_ads' WHEN referral IN ('facebook', 'instagram', 'messenger') THEN 'meta_ads' "
    "WHEN referral = 'line' THEN 'line_ads' WHEN referral = 'tiktok' THEN 'tiktok_ads' ELSE referral END)"
)


def relation(
    table: Table, snapshots: Sequence[Snapshot], client: Client, connection: duckdb.DuckDBPyConnection
) -> tuple[str, Notes]:
    """SQL that can stand in FROM: every column of `table` and its derived ones, each row from the newest import of it;
    and, by file, what is to be known of how that was settled.

    Overlapping imports are settled once, into a temporary table; the others stay where they lie.
    """
    doubled = overlapping(table, snapshots)
    single = [one for one in snapshots if one not in doubled]
    parts: list[str] = []
    notes: Notes = {}
    if single:
        parts.append(f"SELECT {_plain(table, present_columns(connection, table, single))} FROM {scan(table, single)}")
    for number, alike in enumerate(_alike(doubled)):
        name = f"settled_{table.id}_{number}"
        notes |= _settle(table, alike, connection, name)
        parts.append(f"SELECT {_plain(table, present_columns(connection, table, alike))} FROM {name}")
    return f"(SELECT *{_derived(table, client)} FROM ({' UNION ALL '.join(parts)}))", notes


def scan(table: Table, snapshots: Sequence[Snapshot]) -> str:
    """The kept rows of these snapshots, with `filename` and `file_row_number`."""
    files = ", ".join(sql_path(one.tables[table.id]) for one in snapshots)
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


def _alike(snapshots: Sequence[Snapshot]) -> list[list[Snapshot]]:
    """By source and shape: what names a row in one export is not what names it in another."""
    groups: dict[tuple[str | None, str], list[Snapshot]] = {}
    for one in snapshots:
        groups.setdefault((one.report.source, one.report.shape), []).append(one)
    return list(groups.values())


def row_key(table: Table, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection) -> list[str]:
    """SQL for what names a row in all of these snapshots; columns that only some of them have can't."""
    everywhere = set.intersection(*(present_columns(connection, table, [one]) for one in snapshots))
    if table.id == "orders":
        # Two shops of one platform may both have a #1001, but hardly on the same day.
        return ["source", "order_id", "ordered_at::DATE"]
    if table.id == "order_lines":
        return ["source", "order_id", "ordered_on"]
    if table.id == "content":
        return ["source", "post_id"]
    if table.id == "leads":
        return ["source", "lead_id"]
    if table.id == "claimed_orders":
        # Two vendors may claim one order, and a list that doesn't say whose it is can't take another's place.
        somewhere = present_columns(connection, table, snapshots)
        return ["source", *(name for name in ("vendor_name", "platform") if name in somewhere), "order_id"]
    if table.id == "invoices_fees":
        return ["source", *(name for name in ("vendor_name",) if name in everywhere), _document(everywhere)]
    ids = _whole_ids(table, snapshots, connection, everywhere)
    named = [ids.get(name, name) for name in ("account_name", "property", *table.dimensions)]
    dates = ["date_day", "period_start", "period_end"]
    return ["source", *dates, "shape", *(name for name in named if name in everywhere)]


def _whole_ids(
    table: Table, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection, everywhere: set[str]
) -> dict[str, str]:
    """The ids that may stand for their names: those that no named row lacks (Excel destroys long ones)."""
    wanted = {name: one for name, one in _IDS.items() if one in everywhere}
    if not wanted:
        return {}
    holes = ", ".join(
        f"bool_or({one} IS NULL{f' AND {name} IS NOT NULL' if name in everywhere else ''})"
        for name, one in wanted.items()
    )
    found = connection.execute(f"SELECT {holes} FROM {scan(table, snapshots)}").fetchone() or ()
    return {name: one for (name, one), hole in zip(wanted.items(), found, strict=True) if not hole}


def _document(everywhere: set[str]) -> str:
    """An invoice is its number, wherever its date went; an entry without one is its day and what it was for."""
    note = "coalesce(note, '')" if "note" in everywhere else "''"
    entry = f"doc_date::VARCHAR || '|' || {note}"
    return f"coalesce('#' || doc_no, {entry})" if "doc_no" in everywhere else entry


def _settle(table: Table, snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection, name: str) -> Notes:
    order = ", ".join(f"({literal(str(one.tables[table.id]))}, {one.order})" for one in snapshots)
    key = row_key(table, snapshots, connection)
    # Rows of one file with the same key are parts of one figure (dynamic creatives, order lines): all of them stay.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {_dated(table, snapshots)} AS rows "
        f"JOIN (VALUES {order}) AS imports(imported_file, import_order) ON rows.filename = imports.imported_file"
    )
    notes: Notes = {}
    if table.id == "ads_daily" and "campaign_name" in key:
        for file, note in without_old_names(name, key, snapshots, connection):
            notes[file] = (*notes.get(file, ()), note)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * EXCLUDE (import_order, imported_file) FROM {name} "
        f"QUALIFY import_order = max(import_order) OVER (PARTITION BY {', '.join(key)})"
    )
    return notes


def _dated(table: Table, snapshots: Sequence[Snapshot]) -> str:
    """The rows; lines of orders with the day of their order, since tills begin at number 1 every morning."""
    rows = scan(table, snapshots)
    if table.id != "order_lines":
        return rows
    orders = [one for one in snapshots if "orders" in one.tables]
    files = [(one.tables["order_lines"], one.tables["orders"]) for one in orders]
    pairs = ", ".join(f"({literal(str(lines))}, {literal(str(of))})" for lines, of in files)
    return (
        f"(SELECT lines.*, ordered_at::DATE AS ordered_on FROM {rows} AS lines "
        f"LEFT JOIN (VALUES {pairs}) AS files(lines_file, orders_file) ON lines.filename = lines_file "
        f"LEFT JOIN {scan(TABLES['orders'], orders)} AS of ON of.filename = orders_file AND of.order_id = lines.order_id)"
    )


def _plain(table: Table, columns: set[str]) -> str:
    """Every declared column, those that no file has as NULL."""
    # Row numbers stand in the snapshot, or follow from a row's place in it.
    rows = {"source_row": "source_row", "first_row": "file_row_number + first_row"}
    known = [sql for name, sql in rows.items() if name in columns]
    chosen = {column.name: f'"{column.name}"' if column.name in columns else "NULL" for column in table.columns}
    chosen |= {"source_row": f"coalesce({', '.join(known)})" if known else "NULL"}
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
    if table.id in {"vendor_claims", "claimed_orders"}:
        added = {"vendor": reported_sql(client.vendors), "channel": "coalesce(platform, '')"}
    if table.id == "leads":
        # A rule for all of a platform doesn't make its every message a lead of the vendor's.
        of_campaign = vendor_sql(client.vendors, source=_PLATFORM, account="''")
        added["vendor"] = f"(CASE WHEN coalesce(campaign_name, '') = '' THEN '' ELSE {of_campaign} END)"
    return "".join(f", {sql} AS {name}" for name, sql in added.items())


def for_tables(snapshots: Sequence[Snapshot]) -> dict[str, list[Snapshot]]:
    """The snapshots by the table that they fill, in the tables' order."""
    return {name: found for name in TABLES if (found := [one for one in snapshots if name in one.tables])}
