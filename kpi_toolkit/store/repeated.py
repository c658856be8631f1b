"""Rows of one file that tell the same day of the same thing several times: they are added, and a note says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi_toolkit.i18n import Text
from kpi_toolkit.store import relations
from kpi_toolkit.store.catalog import Snapshot
from kpi_toolkit.tables import TABLES

if TYPE_CHECKING:
    import duckdb

# In larger files the looking would cost more than the reading does.
_ROWS = 200_000
# Rows of one thing that differ in these are told apart wherever it matters.
_TOLD_APART = ("conversion_type", "attribution", "objective")
_NOTE = Text(
    zh="有 {keys} 組資料（同一天、同一個項目）分成好幾列、數字不同，已相加。如果報表另外按素材、時段等欄位細分就沒錯，否則會重複計算",
    en="{keys} {keys:item stands|items stand} on one day in several rows with other figures, which are added: right where the export is split by something else (creatives, hours …), else counted twice",
)


def notes(snapshot: Snapshot) -> tuple[Text, ...]:
    """How many items of the file stand on one day in several rows; nothing where none does, or the file is large."""
    names = [name for name in snapshot.tables if TABLES[name].dimensions]
    if not names or snapshot.report.rows_kept > _ROWS:
        return ()
    import duckdb

    with duckdb.connect() as connection:
        keys = sum(_repeated(name, snapshot, connection) for name in names)
    return (_NOTE.fill(keys=keys),) if keys else ()


def _repeated(name: str, snapshot: Snapshot, connection: duckdb.DuckDBPyConnection) -> int:
    table = TABLES[name]
    columns = relations.present_columns(connection, table, [snapshot])
    key = [*relations.row_key(table, [snapshot], connection), *(one for one in _TOLD_APART if one in columns)]
    found = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {relations.scan(table, [snapshot])} GROUP BY {', '.join(key)} HAVING count(*) > 1)"
    ).fetchone()
    return int(found[0]) if found else 0
