"""The shape of a source: how one export format is recognised and which of its columns mean what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.table import Column, Kind, Table


@dataclass(frozen=True, kw_only=True)
class TotalRows:
    """How an export marks its totals rows, which are dropped and compared with the sum of the rows.

    `label` is a regular expression on the first cell (RE2, case-insensitive, whole cell). `blank` names canonical
    columns of which every one that the file has is empty on a totals row. `compared` is the expression for those
    labels whose figures must equal the sum of the rows; others may cover more (removed campaigns), or less. `covering`
    is the expression for those that may cover more but never less.
    """

    label: str = ""
    blank: tuple[str, ...] = ()
    compared: str = ".*"
    covering: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One export format.

    `headers` maps a canonical column to its spellings in the file, best first; names starting with `_` are read for
    the computation only (`kinds` gives their kind, text unless told) and not kept. `needs` must be found, `a|b` means
    either. `known` are further headers of this format that aren't imported; they help to recognise it. `signature` are
    headers that no other source has. `preamble` is a regular expression on the lines above the header. `computed`
    gives SQL over the columns read, for columns that the file lacks or that must be worked out. `scales` divides what
    is read (micros: 1e6). `rules` are sentences about an order that hold in this format, as SQL; breaches are warned of.
    `lines` says that a row is a line of an order. `blocks` is a regular expression on the first cell of a data row that
    means a second table begins there: such a file is refused, and one with another header among its rows, too. `personal` says that cells may hold personal data, which
    no message may show. `refused` are headers of other reports of the same system that must not be taken for this
    one, each with the sentence that says so, and what to do where that isn't to export this one. `foreign` are headers that only other tables have: with one of them a file
    isn't this. `only_with` names the column of the file without which
    a computed column stays empty. `told_by_title` says that the title of `preamble` counts as the need `_title`. Working columns named after a hashed one (`_customer_key_phone`) are read as it is.
    """

    id: str
    title: Text
    table: str
    headers: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    known: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    preamble: str = ""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    computed: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    totals: TotalRows = TotalRows()
    skipped: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Text] = field(default_factory=dict)
    date_order: str = ""
    blocks: str = ""
    refused: Mapping[str, Text | tuple[Text, Text]] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    only_with: Mapping[str, str] = field(default_factory=dict)
    told_by_title: bool = False
    lines: bool = False
    personal: bool = False

    def __post_init__(self) -> None:
        known = {*self.columns, *(name for name in self.headers if name.startswith("_"))}
        strangers = {*self.headers, *self.computed, *self.constants} - known
        unmet = {name for need in self.needs for name in need.split("|")} - {*self.headers}
        if strangers or unmet:
            raise ValueError(
                f"source {self.id}: not in {self.table}: {sorted(strangers)}; needed but unread: {sorted(unmet)}"
            )

    @property
    def tables(self) -> tuple[Table, ...]:
        """The canonical tables that the source fills."""
        return (TABLES["orders"], TABLES["order_lines"]) if self.lines else (TABLES[self.table],)

    @property
    def columns(self) -> dict[str, Column]:
        """The canonical columns it may fill, by name."""
        return {column.name: column for table in self.tables for column in table.columns}

    def names_a_person(self, name: str) -> bool:
        """Whether cells of `name` are the stuff of a hashed column."""
        return any(column.hashed and name.removeprefix("_").startswith(key) for key, column in self.columns.items())

    def kind(self, name: str) -> Kind:
        """How the cells of `name` are to be read."""
        return self.kinds.get(name, "text") if name.startswith("_") else self.columns[name].kind
