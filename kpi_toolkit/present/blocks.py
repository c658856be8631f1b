"""What a section says, piece by piece, in one language: the same pieces make the page, the notebook and the sheet.

Words in a block are plain text; whatever a vendor wrote is only ever text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from kpi_toolkit.present.formats import Kind

if TYPE_CHECKING:
    import altair as alt

Tone = Literal["", "better", "worse"]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word that needs explaining where it stands: `id` is the metric's."""

    id: str
    label: str
    plain: str


@dataclass(frozen=True, kw_only=True)
class Lead:
    """The sentence to remember. `terms` are the ids of the metrics it speaks of."""

    text: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    text: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Points:
    """A list of sentences; `ordered` where they are to be worked through."""

    items: tuple[str, ...]
    ordered: bool = False
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What can't be shown, and what would make it so."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """Small print under a figure or a table."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A comparison on a card: `vs last month  −3.1%`."""

    label: str
    value: str
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One figure, large, with what to hold it against."""

    term: Term
    value: str
    facts: tuple[Fact, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Cards side by side."""

    items: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A table's column; the first column of a table names its rows. One that `joins` is printed small within the
    column before it, and has a column of its own in a spreadsheet. The `main` one holds the figure that the others are
    held against.
    """

    title: str
    kind: Kind = "text"
    currency: str = ""
    term: Term | None = None
    joins: bool = False
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value that differs in kind from its column's, or that needs more said: why it is missing, or what it means."""

    value: str | float | date | None
    kind: Kind | None = None
    currency: str = ""
    why: str = ""
    tone: Tone = ""
    term: Term | None = None


Value = str | float | int | date | None | Cell


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of real values: numbers stay numbers until they are printed. `id` names its sheet."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        odd = [len(row) for row in self.rows if len(row) != len(self.columns)]
        if odd:
            raise ValueError(f"table {self.id}: rows of {odd} cells under {len(self.columns)} columns")

    def cell(self, row: int, column: int) -> Cell:
        """The cell with its column's kind and currency filled in."""
        value, head = self.rows[row][column], self.columns[column]
        cell = value if isinstance(value, Cell) else Cell(value=value)
        return Cell(
            value=cell.value, kind=cell.kind or head.kind, currency=cell.currency or head.currency, why=cell.why,
            tone=cell.tone, term=cell.term,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """A chart: `says` tells in words what it shows, for those who can't see it."""

    id: str
    title: str
    says: str
    drawing: alt.Chart | alt.LayerChart
    note: str = ""
    terms: tuple[str, ...] = ()

    def spec(self) -> dict[str, Any]:
        """The chart as Vega-Lite."""
        return self.drawing.to_dict()


@dataclass(frozen=True, kw_only=True)
class Charts:
    """Charts side by side where there is room, one below the other on a phone."""

    items: tuple[Chart, ...]


@dataclass(frozen=True, kw_only=True)
class Details:
    """More, for those who want it: folded on a screen, open in print. It holds no charts."""

    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A labelled sentence: `Harmless causes: …`."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """Something to look at: what is seen, the remarks on it (harmless causes, what to do), the question to hand on, and the
    rows behind it, folded. `by` is whom it is about, `stake` the amount at stake, both empty where there is none."""

    title: str
    by: str
    stake: str
    says: str
    remarks: tuple[Remark, ...]
    question: Remark
    rows: Table


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A glossary's entry; `full` is the term's full name, where that is another than its label."""

    term: Term
    full: str
    formula: str
    why: str
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entries:
    """The glossary."""

    items: tuple[Entry, ...]


Block = Lead | Paragraph | Heading | Points | Missing | Note | Cards | Table | Charts | Details | Inquiry | Entries


def each(blocks: Iterable[Block]) -> Iterator[Block | Chart]:
    """Every block, those within others included."""
    for block in blocks:
        yield block
        if isinstance(block, Details):
            yield from each(block.blocks)
        elif isinstance(block, Inquiry):
            yield block.rows
        elif isinstance(block, Charts):
            yield from block.items


def terms(blocks: Iterable[Block]) -> list[str]:
    """The ids of all terms that the blocks use, in the order of their first use."""
    found: dict[str, None] = {}
    for block in each(blocks):
        found |= dict.fromkeys(getattr(block, "terms", ()))
        found |= dict.fromkeys(term.id for term in _terms(block))
    return list(found)


def _terms(block: Block | Chart) -> Iterator[Term]:
    if isinstance(block, Cards):
        yield from (card.term for card in block.items)
    elif isinstance(block, Table):
        yield from (column.term for column in block.columns if column.term)
        yield from (value.term for row in block.rows for value in row if isinstance(value, Cell) and value.term)
