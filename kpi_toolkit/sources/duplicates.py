"""Rows that repeat an earlier one in every cell of the file."""

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
    if staged.plan.source.table != "invoices_fees":
        return "dropped IS NULL"
    # Two equal payments on one day are two payments, unless they carry one invoice's number.
    return "dropped IS NULL AND " + ("doc_no IS NOT NULL" if "doc_no" in staged.plan.kept else "false")


def set_aside(staged: Staged, rows: Path) -> None:
    """Mark, in the Parquet file `rows`, those that repeat an earlier one in every cell, also in those not imported."""
    if not suspected(staged):
        return
    raw = staged.plan.raw
    numbered = f"SELECT row_number() OVER () AS row, hash({', '.join(raw.cells)}) AS cells FROM {raw.relation}"
    repeated = f"SELECT row FROM (SELECT row, row_number() OVER (PARTITION BY cells ORDER BY row) AS nth FROM ({numbered})) WHERE nth > 1"
    if staged.connection.execute(f"SELECT 1 FROM ({repeated}) LIMIT 1").fetchone() is None:
        return
    marked = rows.with_name("marked.parquet")
    staged.connection.execute(
        f"COPY (SELECT * EXCLUDE (row) REPLACE (CASE WHEN {_told(staged)} AND row IN ({repeated}) THEN 'duplicate row' ELSE dropped END AS dropped) "
        f"FROM (SELECT *, row_number() OVER () AS row FROM read_parquet({sql_path(rows)})) ORDER BY row) TO {sql_target(marked)} ({PARQUET})"
    )
    marked.replace(rows)
