"""Rows that repeat an earlier one in every cell of the file, and those that may do so."""

from __future__ import annotations

from pathlib import Path

from kpi_toolkit.sources import plain
from kpi_toolkit.sources.review import Staged
from kpi_toolkit.tables.files import PARQUET, sql_path, sql_target


def none(staged: Staged, rows: Path) -> bool:
    """Whether no row can be a repetition, told by the Parquet file `rows` of all that is kept (quicker than SQL)."""
    key = _key(staged)
    # An id tells as much as its name does, and a day as much as its period.
    fewer = [name for name in key if f"{name.removesuffix('_name')}_id" not in key and name not in _OF_A_DAY]
    return plain.all_differ(rows, fewer) or not suspected(staged)


_OF_A_DAY = frozenset({"period_start", "period_end"})


def suspected(staged: Staged) -> bool:
    """Whether two rows agree in all that is kept of them; they may still differ in other cells."""
    # Most tables have no two rows of one key; only when some have, all columns are looked at.
    return all(_alike(staged, names) for names in (_key(staged), staged.plan.kept) if names)


def _key(staged: Staged) -> list[str]:
    return [name for name in staged.plan.source.tables[0].key if name in staged.plan.kept]


def _alike(staged: Staged, names: list[str]) -> bool:
    chosen, told = ", ".join(f'"{name}"' for name in names), _told(staged)
    count, distinct = staged.one(f"SELECT count(*), count(DISTINCT hash({chosen})) FROM {{rows}} WHERE {told}")
    return count != distinct


def _told(staged: Staged) -> str:
    """Which kept rows may be repetitions."""
    table, kept = staged.plan.source.table, staged.plan.kept
    if table == "claimed_orders":
        # An order that stands twice in a list is claimed twice.
        return "false"
    if table == "leads":
        return "dropped IS NULL" if "lead_id" in staged.plan.columns else "false"
    if table == "invoices_fees":
        # Two equal payments on one day are two payments, unless they carry one invoice's number.
        return "dropped IS NULL AND " + ("doc_no IS NOT NULL" if "doc_no" in kept else "false")
    return "dropped IS NULL"


def _numbered(staged: Staged) -> str:
    """Whether a row of the file has a number of its own, where rows without one are what they are: two leads alike are one
    person's that was entered twice."""
    if staged.plan.source.table != "leads":
        return "true"
    return f"coalesce(trim({staged.plan.cell('lead_id')}), '') <> ''" if "lead_id" in staged.plan.columns else "false"


def set_aside(staged: Staged, rows: Path) -> None:
    """Mark, in the Parquet file `rows`, those that repeat an earlier one in every cell, also in those not imported."""
    if not suspected(staged):
        return
    raw = staged.plan.raw
    numbered = f"SELECT row_number() OVER () AS row, hash({', '.join(raw.cells)}) AS cells, {_numbered(staged)} AS numbered FROM {raw.relation}"
    repeated = f"SELECT row FROM (SELECT row, numbered, row_number() OVER (PARTITION BY cells ORDER BY row) AS nth FROM ({numbered})) WHERE nth > 1 AND numbered"
    if staged.connection.execute(f"SELECT 1 FROM ({repeated}) LIMIT 1").fetchone() is None:
        return
    marked = f"CASE WHEN {_told(staged)} AND row IN ({repeated}) THEN 'duplicate row' ELSE dropped END AS dropped"
    _rewritten(staged, rows, f"SELECT * EXCLUDE (row) REPLACE ({marked}) FROM ({_in_order(rows)}) ORDER BY row")


def tell_apart(staged: Staged, rows: Path) -> None:
    """Give each of several leads alike, in the Parquet file `rows`, an id of its own where the list has no numbers: the second
    one's is made of the first one's, so that it is the same in the next export."""
    if staged.plan.source.table != "leads":
        return
    alike = "SELECT 1 FROM {rows} WHERE dropped IS NULL GROUP BY lead_id HAVING count(*) > 1 LIMIT 1"
    if not staged.one(alike):
        return
    bare = f"SELECT row FROM (SELECT row_number() OVER () AS row, {_numbered(staged)} AS numbered FROM {staged.plan.raw.relation}) WHERE NOT numbered"
    counted = f"SELECT *, row IN ({bare}) AS bare, row_number() OVER (PARTITION BY lead_id, dropped ORDER BY row) AS nth FROM ({_in_order(rows)})"
    own = "CASE WHEN bare AND nth > 1 AND dropped IS NULL THEN left(sha256(lead_id || '|' || nth), length(lead_id)) ELSE lead_id END AS lead_id"
    _rewritten(staged, rows, f"SELECT * EXCLUDE (row, bare, nth) REPLACE ({own}) FROM ({counted}) ORDER BY row")


def _in_order(rows: Path) -> str:
    return f"SELECT *, row_number() OVER () AS row FROM read_parquet({sql_path(rows)})"


def _rewritten(staged: Staged, rows: Path, sql: str) -> None:
    whole = rows.with_name("rewritten.parquet")
    staged.connection.execute(f"COPY ({sql}) TO {sql_target(whole)} ({PARQUET})")
    whole.replace(rows)
