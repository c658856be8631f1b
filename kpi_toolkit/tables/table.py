"""The shape of a canonical table: what each column means, its unit, its allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpi_toolkit.i18n import Text

Kind = Literal["text", "id", "date", "time", "count", "quantity", "money", "ratio", "flag"]

# How each kind is stored. Money and counts are doubles: platforms export fractional conversions and cents.
DUCKDB_TYPE: dict[Kind, str] = {
    "text": "VARCHAR", "id": "VARCHAR", "date": "DATE", "time": "TIMESTAMP", "count": "DOUBLE",
    "quantity": "DOUBLE", "money": "DOUBLE", "ratio": "DOUBLE", "flag": "BOOLEAN",
}  # fmt: skip
NUMERIC: frozenset[Kind] = frozenset({"count", "quantity", "money", "ratio"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its meaning and unit stand here and nowhere else.

    `minimum` and `maximum` are in the column's own unit; `allowed` lists the values of a choice. `additive` says
    whether sums over rows make sense (reach and ranks don't add up). `hashed` cells name a person: only a salted hash
    of them is kept.
    """

    name: str
    kind: Kind
    meaning: Text
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    additive: bool = True
    hashed: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return self.kind in NUMERIC


@dataclass(frozen=True, kw_only=True)
class Table:
    """A canonical table.

    `key` are the columns that name a row: a later import of the same key replaces the earlier one. `dimensions` are
    the columns whose presence decides the grain of a file; two files of different grain are never added.
    `day` is the date or time column that periods are cut by.
    """

    id: str
    title: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    day: str = ""
    dimensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        doubled = {name for name in names if names.count(name) > 1}
        strangers = ({*self.key, *self.dimensions} | ({self.day} - {""})) - set(names)
        if doubled or strangers:
            raise ValueError(f"table {self.id}: declared twice {sorted(doubled)}, not declared {sorted(strangers)}")

    def __getitem__(self, name: str) -> Column:
        """The column of that name. Raises KeyError naming the table."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id} has no column {name!r}")

    @property
    def names(self) -> list[str]:
        """All column names, in order."""
        return [column.name for column in self.columns]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def provenance() -> tuple[Column, ...]:
    """Where a row came from: the columns that every table starts with."""
    return (
        Column(name="source", kind="id", required=True, meaning=Text(zh="資料來源（匯出格式）", en="Where the row came from (export format)")),
        Column(name="source_row", kind="count", meaning=Text(zh="在原始檔中的列號", en="Row number in the raw file")),
        Column(name="currency", kind="id", meaning=Text(zh="幣別（ISO 4217）", en="Currency (ISO 4217)")),
    )  # fmt: skip
