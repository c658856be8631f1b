"""A client's canonical tables, ready to be asked: DuckDB relations by table name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.contract import validated
from kpi_toolkit.tables.table import DUCKDB_TYPE, Table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# What the agreement adds to every table: whose work a row is, and through which channel it came.
DERIVED = ("vendor", "channel")
# And to the ad platforms' rows: which kind of conversion is counted (purchase, lead …), under which agreed definition;
# and to tables with dimensions: which of them the row's file has, joined by "+".
DERIVED_OF: Mapping[str, tuple[str, ...]] = {
    "ads_daily": (*DERIVED, "counts", "definition", "shape"),
    "sessions": (*DERIVED, "shape"),
}


@dataclass(frozen=True)
class Dataset:
    """One client's tables.

    `relations` maps a table's name to SQL that can stand in FROM; it yields every column of the table and its derived
    ones (text, empty string where unknown). Tables without data are absent. `currency` is the client's own.
    `shapes` lists, by table and source, the different shapes (sets of dimensions) that the files have: rows of
    different shape tell the same facts twice and are never added. `assumptions` are named figures of the agreement
    that formulas use: `gross_margin` (share, 0 to 1), `lead_value` (money). `notes` say by file what is to be known
    about rows that several files tell.

    It holds memory and a folder of spilled rows until it is closed: use it in a `with`, or call `close()`.
    """

    connection: duckdb.DuckDBPyConnection
    relations: Mapping[str, str]
    currency: str = "TWD"
    timezone: str = "Asia/Taipei"
    shapes: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    def has(self, table: str) -> bool:
        """Whether the client has any rows of `table`."""
        return table in self.relations

    def close(self) -> None:
        """Let its tables go; nothing can be asked of it any more. Closing again does nothing."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frame(self, table: str, where: str = "true") -> pd.DataFrame:
        """Rows of `table` as pandas, with its derived columns; `where` is SQL over its columns."""
        return self.connection.sql(f"SELECT * FROM {self.relations[table]} WHERE {where}").df()


def derived(table: str) -> tuple[str, ...]:
    """The columns that the agreement adds to `table`."""
    return DERIVED_OF.get(table, DERIVED)


def from_frames(
    frames: Mapping[str, pd.DataFrame], *, currency: str = "TWD", assumptions: Mapping[str, float] | None = None
) -> Dataset:
    """A Dataset over tables in memory: for tests, notebooks and small own tables.

    A frame needs the required columns of its table; derived columns may be given (default: empty; the channel is the
    source). Raises pandera's SchemaErrors with every fault by row; the frames themselves are left as they are.
    """
    import duckdb

    connection = duckdb.connect()
    relations, shapes = {}, {}
    for name, frame in frames.items():
        connection.register(f"frame_{name}", _complete(frame, TABLES[name]))
        casts = ", ".join(f'"{c.name}"::{DUCKDB_TYPE[c.kind]} AS "{c.name}"' for c in TABLES[name].columns)
        extras = ", ".join(f'coalesce("{extra}"::VARCHAR, \'\') AS "{extra}"' for extra in derived(name))
        connection.execute(f'CREATE TABLE "{name}" AS SELECT {casts}, {extras} FROM frame_{name}')
        relations[name] = f'"{name}"'
        if "shape" in derived(name):
            shapes[name] = found_shapes(connection, relations[name])
    return Dataset(connection, relations, currency=currency, shapes=shapes, assumptions=assumptions or {})


def found_shapes(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, tuple[str, ...]]:
    """The shapes of each source in `relation`, which has the columns `source` and `shape`."""
    rows = connection.execute(
        f"SELECT source, list(DISTINCT shape ORDER BY shape) FROM {relation} GROUP BY source"
    ).fetchall()
    return {source: tuple(shapes) for source, shapes in rows}


def _complete(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    extras = {name: frame[name] for name in derived(table.id) if name in frame}
    whole = frame.drop(columns=list(extras))
    if "source" not in whole:
        whole = whole.assign(source="test")
    if "grain" in table and "grain" not in whole:
        whole = whole.assign(grain="day", period_start=whole["date_day"], period_end=whole["date_day"])
    checked = validated(whole, table)
    defaults = dict.fromkeys(derived(table.id), "") | {"channel": checked["source"]}
    return checked.assign(**(defaults | extras))
