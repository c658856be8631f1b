"""Vendors' reports laid out anew: whatever table they send becomes long rows, one figure each, that a Source can read.

Three layouts are known by their headers: `long` (a metric and a value a row), `wide` (a column a metric) and `across`
(metrics down the rows; periods or platforms, and perhaps a total, across the columns). A file may hold several tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from kpi_toolkit.sources import claim_words as words
from kpi_toolkit.sources import encoding as enc
from kpi_toolkit.sources import header
from kpi_toolkit.sources.claim_words import Figure, Named
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.spans import Dates, Reckoning, Span, is_relative, lacks_year, reckoning

# Title lines and blocks are looked for among this many rows; a vendor's report is no warehouse.
MOST_ROWS = 200_000
Row = tuple[int, list[str]]
Form = Literal["long", "wide", "across"]


@dataclass(frozen=True)
class Sheet:
    """A file's rows, or those of one sheet of a workbook, with their numbers; `titles` are what is known above them."""

    rows: Sequence[Row]
    titles: tuple[str, ...] = ()
    name: str = ""


@dataclass
class Block:
    """One table of a sheet: its header, the rows below, and what its columns are.

    `metrics` and `spans` are by column; `platforms`, too. `total` are the columns of totals, `left` those left out.
    """

    form: Form
    number: int
    header: list[str]
    roles: dict[str, int]
    told: Reckoning
    titles: tuple[str, ...] = ()
    metrics: dict[int, Named] = field(default_factory=dict)
    spans: dict[int, Span | None] = field(default_factory=dict)
    platforms: dict[int, str] = field(default_factory=dict)
    total: set[int] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    unknown: dict[int, str] = field(default_factory=dict)
    yearless: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)

    @property
    def understood(self) -> float:
        """The share of the header's cells that mean something here."""
        filled = sum(bool(cell.strip()) for cell in self.header)
        return 1 - len(self.unknown) / max(filled, 1)

    def add(self, number: int, row: list[str]) -> None:
        """Take a row; figures beyond the header's last column mean that a comma has shifted them."""
        self.rows.append((number, row))
        if any(sign.isdigit() for cell in row[len(self.header) :] for sign in cell):
            self.shifted.append(number)

    def cell(self, row: list[str], name: str) -> str:
        """The row's cell in that role, without the spaces around it."""
        at = self.roles.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""


def sheets(path: Path, raw: RawTable) -> list[Sheet]:
    """The file's rows as they stand, titles and all: of a workbook those of every sheet."""
    if enc.kind(path) == "excel":
        from kpi_toolkit.sources import workbook

        found = workbook.sheets(path)
        return [Sheet(list(enumerate(rows, start=1)), (name,), name) for name, rows in found]
    text = path.read_text(encoding=enc.proved(path).codec)
    for separator in "\t,;":
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = list(islice(enumerate(lines, start=1), MOST_ROWS))
        # As the table was opened, so its rows are parted here.
        if any(tuple(row) == raw.header for _, row in rows[: header.SEARCHED_ROWS]):
            return [Sheet(rows)]
    return []


def possible_spans(sheet: Sheet) -> set[str]:
    """All cells that may be periods."""
    return {cell.strip() for _, row in sheet.rows for cell in row if 0 < len(cell.strip()) <= 40}


def blocks(sheet: Sheet, dates: Dates) -> list[Block]:
    """The tables of a sheet, in order; rows that belong to none are titles of the next one."""
    found: list[Block] = []
    base, own = list(sheet.titles), list[str]()
    told = reckoning(base, dates)
    for at, (number, row) in enumerate(sheet.rows):
        filled = [cell.strip() for cell in row if cell.strip()]
        if not filled:
            continue
        below = [cells for _, cells in sheet.rows[at + 1 : at + 13]]
        block = _headed(number, row, below, told)
        if block is not None:
            block.titles = (*base, *own)
            base, own = base if found else [*base, *own], []
            found.append(block)
        elif not found or (len(filled) == 1 and not _may_be_row(found[-1], row)):
            own.append(" ".join(filled))
        else:
            found[-1].add(number, row)
            continue
        # What stands right above a table says more of it than the file's own title.
        told = reckoning([*own, *base], dates)
    return found


def _may_be_row(block: Block, row: list[str]) -> bool:
    """Whether a row of one cell may be of the table: a section's name among metrics down the rows."""
    at = block.roles.get("_metric")
    return block.form == "across" and at is not None and bool(row[at].strip())


def _headed(number: int, row: list[str], below: Sequence[list[str]], told: Reckoning) -> Block | None:
    """The table that this row heads, if any."""
    roles: dict[str, int] = {}
    for at, cell in enumerate(row):
        if cell.strip() and (role := words.role(cell)) is not None:
            roles.setdefault(role, at)
    if "_metric" in roles and "_value" in roles:
        block = Block("long", number, row, roles, told)
        block.left = [cell.strip() for cell in _others(row, roles) if words.COMPARED.fullmatch(header.key(cell))]
        return block
    metrics = {at: name for at, cell in enumerate(row) if cell.strip() and (name := words.named(cell)) is not None}
    metrics = {at: name for at, name in metrics.items() if at not in roles.values()}
    if len({name.metric for name in metrics.values()}) >= 2 or (metrics and {"vendor_name", "_period"} <= {*roles}):
        return _wide(Block("wide", number, row, roles, told, metrics=metrics)) if not _has_figures(row) else None
    return _across(Block("across", number, row, roles, told), below, told)


def _others(row: list[str], roles: Mapping[str, int]) -> Iterator[str]:
    return (cell for at, cell in enumerate(row) if cell.strip() and at not in roles.values())


def _has_figures(row: list[str]) -> bool:
    return any(cell.strip().replace(",", "").replace(".", "").lstrip("$").rstrip("%").isdigit() for cell in row)


def _wide(block: Block) -> Block:
    for at, cell in enumerate(block.header):
        if not cell.strip() or at in block.metrics or at in block.roles.values():
            continue
        if words.COMPARED.fullmatch(header.key(cell)):
            block.left.append(cell.strip())
        else:
            block.unknown[at] = cell.strip()
    return block


def _across(block: Block, below: Sequence[list[str]], told: Reckoning) -> Block | None:
    """Metrics down the rows: the header tells periods or platforms, and the rows below begin with metrics' names."""
    label = block.roles.get("_metric")
    named = [{at for at, cell in enumerate(row) if words.named(cell)} for row in below]
    if label is None:
        label = next((at for at in range(len(block.header)) if sum(at in row for row in named) >= 2), None)
    elif not any(label in row for row in named) and len(below) < 1:
        return None
    if label is None or (words.named(block.header[label]) and block.header[label].strip()):
        return None
    block.roles["_metric"] = label
    _columns_across(block, told, label)
    periods = [at for at in block.spans if at not in block.total]
    if not (
        periods
        or len(block.platforms) + bool(block.total) >= 2
        or (block.yearless and label in set().union(*named, set()))
    ):
        return None
    return block


def _columns_across(block: Block, told: Reckoning, label: int) -> None:
    cells = {at: cell.strip() for at, cell in enumerate(block.header) if at > label and cell.strip()}
    taken = {at for role, at in block.roles.items() if role in {"campaign_name", "platform", "vendor_name"}}
    # `Oct-26` typed into a workbook is the first of October.
    dates = [span for cell in cells.values() if (span := told.span(cell)) is not None and span[0] == span[1]]
    of_months = bool(dates) and all(span[0].day == 1 for span in dates)
    for at, cell in cells.items():
        span = told.span(cell, of_months=of_months) if _like_a_period(cell) else None
        if at in taken:
            continue
        if span is not None:
            block.spans[at] = span
        elif words.TOTAL.fullmatch(cell):
            block.total.add(at)
            block.spans[at] = None
        elif (platform := words.platform(cell)) is not None:
            block.platforms[at] = platform
        elif lacks_year(cell) or is_relative(cell):
            block.yearless.append(cell)
        else:
            block.left.append(cell)


def _like_a_period(cell: str) -> bool:
    """Not a bare figure: 45931 is a day in Excel, but no header."""
    return not cell.isdigit() or (len(cell) == 6 and cell.startswith("20"))


@dataclass(frozen=True)
class Claim:
    """One figure as the report tells it, before it is settled: in which row and column, of what, and how it is written.

    A total that `is_beside` its parts adds up its own row. `scope` tells tables apart.
    """

    row: int
    column: str
    name: Named
    text: str
    vendor: str
    platform: str
    campaign: str
    span: Span | None
    is_total: bool
    is_subtotal: bool
    is_beside: bool
    currency: str
    scope: int
    figure: Figure | None = None


@dataclass
class Gathered:
    """What was found in all tables of a file: claims, the title lines of each table, and what is to be told of the rest."""

    claims: list[Claim] = field(default_factory=list)
    scopes: list[tuple[str, ...]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)
    undated: list[tuple[int, str]] = field(default_factory=list)
    yearless: list[str] = field(default_factory=list)
    averages: list[int] = field(default_factory=list)
    periodless: bool = False


def gather(block: Block, into: Gathered) -> None:
    """Add the claims of one table."""
    reading = _Reading(block, block.told, into, len(into.scopes), vendor_of(block.titles))
    into.scopes.append(block.titles)
    into.left += block.left
    into.shifted += block.shifted
    into.yearless += block.yearless
    for number, row in block.rows:
        reading.row(number, row)


def vendor_of(titles: Sequence[str]) -> str:
    """The vendor that the lines above a table name: after `代理商：`, or else the title itself."""
    for line in titles:
        if found := words.VENDOR_LINE.search(line):
            return next(group for group in found.groups() if group).strip()
    return next((line for line in titles if words.TITLE.search(line)), next(iter(titles), ""))


@dataclass
class _Reading:
    """Going down the rows of a table: what merged cells say holds for the rows below them."""

    block: Block
    told: Reckoning
    into: Gathered
    scope: int
    vendor: str
    above: dict[str, str] = field(default_factory=dict)
    section: str = ""

    def row(self, number: int, row: list[str]) -> None:
        """The claims of one row."""
        block = self.block
        columns = self._columns(row)
        texts = {at: row[at].strip() for at in columns if at < len(row) and row[at].strip()}
        labels = [text for role in ("_period", "period_start", "platform", "campaign_name") if (text := block.cell(row, role))]  # fmt: skip
        if any(words.AVERAGE.fullmatch(label) for label in labels):
            self.into.averages.append(number)
            return
        if not texts:
            self._section(block.cell(row, "_metric"))
            return
        is_total = any(words.TOTAL.fullmatch(label) for label in labels)
        self._tell_unknown(row)
        span, dated = self._span(row, is_total)
        if not dated:
            self.into.undated.append((number, self._period_cell(row)))
            return
        said = self._said(row, labels, is_total)
        for at, text in texts.items():
            name = columns[at]
            if name is None:
                self._tell(block.cell(row, "_metric"), text)
                continue
            self.into.claims.append(
                Claim(row=number, column=self._column(at, row), name=name, text=text, vendor=said["vendor_name"], campaign=said["campaign_name"], currency=block.cell(row, "currency"), scope=self.scope, is_subtotal=any(words.SUBTOTAL.fullmatch(label) for label in labels), is_beside=at in block.total, is_total=is_total or at in block.total,
                      span=block.spans[at] if block.spans.get(at) else span, platform=block.platforms.get(at, said["platform"]))
            )  # fmt: skip

    def _columns(self, row: list[str]) -> Mapping[int, Named | None]:
        """The columns of figures, with the metric of each in this row."""
        block = self.block
        if block.form == "wide":
            return block.metrics
        metric = words.named(block.cell(row, "_metric")) if block.cell(row, "_metric") else None
        if block.form == "long":
            return {block.roles["_value"]: metric} if block.cell(row, "_metric") else {}
        figures = {*block.spans, *block.platforms}
        return dict.fromkeys(sorted(figures), metric) if block.cell(row, "_metric") else {}

    def _column(self, at: int, row: list[str]) -> str:
        column = self.block.header[at].strip()
        return column if self.block.form == "wide" else f"{self.block.cell(row, '_metric')} / {column}"

    def _section(self, label: str) -> None:
        """`Facebook` alone above its metrics."""
        if self.block.form == "across" and label:
            self.section = words.platform(label) or ""

    def _tell_unknown(self, row: list[str]) -> None:
        for at, cell in self.block.unknown.items():
            if at < len(row):
                self._tell(cell, row[at])

    def _tell(self, cell: str, text: str) -> None:
        if any(sign.isdigit() for sign in text) and cell not in self.into.unknown:
            (self.into.left if words.COMPARED.fullmatch(header.key(cell)) else self.into.unknown).append(cell)

    def _period_cell(self, row: list[str]) -> str:
        return next((text for role in ("_period", "period_start") if (text := self.block.cell(row, role))), "")

    def _span(self, row: list[str], is_total: bool) -> tuple[Span | None, bool]:
        """The row's period, and whether it is clear; that of a total may follow from the rows it adds up."""
        block, told = self.block, self.told
        if {"period_start", "period_end"} <= {*block.roles}:
            ends = [told.span(self._carried(row, role)) for role in ("period_start", "period_end")]
            if ends[0] and ends[1] and ends[0][0] <= ends[1][1]:
                return (ends[0][0], ends[1][1]), True
            return None, is_total
        if "_period" not in block.roles:
            if block.form == "across" and block.spans.keys() - block.total:
                return None, True
            self.into.periodless = self.into.periodless or told.stated is None
            return told.stated, told.stated is not None
        own = block.cell(row, "_period")
        of_months = header.names_months(block.header[block.roles["_period"]])
        if is_total:
            bare = words.TOTAL_WORDS.sub("", own).strip()
            return told.span(bare, of_months=of_months) if bare else None, True
        text = self._carried(row, "_period")
        span = told.span(text, of_months=of_months)
        if span is None and lacks_year(text):
            self.into.yearless.append(text)
        return span, span is not None

    def _carried(self, row: list[str], role: str) -> str:
        """A cell that is merged over several rows stands in the first of them only."""
        if text := self.block.cell(row, role):
            self.above[role] = text
        return self.above.get(role, "")

    def _said(self, row: list[str], labels: Sequence[str], is_total: bool) -> dict[str, str]:
        block = self.block
        vendor = self._carried(row, "vendor_name") or self.vendor
        campaign, platform = block.cell(row, "campaign_name"), block.cell(row, "platform")
        if is_total:
            campaign = ""
            found = [name for label in labels if (name := words.platform(words.TOTAL_WORDS.sub("", label)))]
            platform = found[0] if found else ""
        elif block.form == "wide" and (campaign or "campaign_name" not in block.roles):
            platform = self._carried(row, "platform")
        return {"vendor_name": vendor, "campaign_name": campaign, "platform": words.platform_id(platform) if platform else self.section}  # fmt: skip
