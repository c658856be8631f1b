"""A file as a table of text cells: header found, rows ready to be queried, nothing interpreted yet.

Large UTF-8 files are scanned by DuckDB where they lie; all others go through Python's csv reader or calamine into a
Parquet file of text columns in the scratch folder. Both ways give the same columns `c0 … cN` in the file's row order.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import encoding as enc
from kpi_toolkit.sources import header
from kpi_toolkit.tables.files import sql_path

# Below this size Python's reader costs less than a second look; above it DuckDB scans the file in place.
SCANNED_FROM_BYTES = 4 << 20
_ROWS_A_BATCH = 50_000
_LONGEST_CELL = 1 << 20
_FIGURE = re.compile(r"[0-9]")
AGAIN = Text(zh="請重新下載或重新匯出", en="download or export it again")


@dataclass(frozen=True)
class Scan:
    """A large text file, in UTF-8, that can be scanned where it lies, below its first `skipped` lines."""

    path: Path
    separator: str
    skipped: int


@dataclass(frozen=True)
class RawTable:
    """A table of text cells.

    `relation` is SQL that can stand in FROM and yields `c0 … cN` (VARCHAR) in the file's order; `first_row` is the number
    of the first data row in the file, counted from 1. `header` are the header cells as written, `preamble` the lines
    above them. `label` names the encoding. `scan` is there for large files; a `numbered` relation has the rows' numbers
    in the file as `source_row`. `shifted` are the numbers of rows with figures beyond the last column: commas that nobody
    quoted have shifted their cells; where there are any, the relation's column `shifted` isn't empty in these rows. `longer` are the
    numbers of rows with text there.
    """

    path: Path
    label: str
    header: tuple[str, ...]
    preamble: tuple[str, ...]
    relation: str
    first_row: int
    recognised: bool
    warnings: tuple[Text, ...] = ()
    scan: Scan | None = None
    numbered: bool = False
    shifted: tuple[int, ...] = ()
    longer: tuple[int, ...] = ()

    @property
    def cells(self) -> list[str]:
        """The names of the columns."""
        return _named(len(self.header))

    @property
    def by_row(self) -> str:
        """SQL for the rows with their numbers in the file as `row`."""
        row = "source_row" if self.numbered else f"row_number() OVER () + {self.first_row - 1}"
        return f"(SELECT *, {row} AS row FROM {self.relation})"

    @property
    def keys(self) -> list[str]:
        """The header cells as compared; of doubled ones all but the first carry a suffix."""
        seen: dict[str, int] = {}
        named = []
        for cell in self.header:
            plain = header.key(cell)
            seen[plain] = seen.get(plain, 0) + 1
            named.append(plain if seen[plain] == 1 else f"{plain} #{seen[plain]}")
        return named


def open_raw(path: Path, known: Collection[str], scratch: Path) -> RawTable:
    """The table in the file at `path`. `known` are header keys that some source knows; `scratch` is an empty folder.

    Raises ReadError for what is no table: empty, binary, cut off, of mixed encodings, without a header.
    """
    if enc.kind(path) == "excel":
        return _open_excel(path, known, scratch)
    guess = enc.quick_guess(path)
    if guess.codec in {"utf-8", "utf-8-sig"} and path.stat().st_size >= SCANNED_FROM_BYTES:
        scanned = _open_scanned(path, path, known, guess)
        if scanned is not None:
            return scanned
    sure = enc.proved(path)
    if path.stat().st_size >= SCANNED_FROM_BYTES:
        plain = enc.to_utf8(path, sure, scratch / "plain.csv")
        scanned = _open_scanned(path, plain, known, sure)
        if scanned is not None:
            return scanned
    return _open_csv(path, known, scratch, sure)


def _delimiter(text: str, known: Collection[str]) -> str:
    """TAB before comma before semicolon, by the first line that holds known headers or else by the fullest one."""
    lines = _lines(text)
    for separator in "\t,;":
        if header.find_row([next(csv.reader([line], delimiter=separator), []) for line in lines], known) is not None:
            return separator
    return max(
        "\t,;", key=lambda separator: (max((line.count(separator) for line in lines), default=0), separator == ",")
    )


def _lines(text: str) -> list[str]:
    """The first lines, broken where csv readers break them: U+2028 and its like are text in a title."""
    return re.split(r"\r\n|\r|\n", text)[: header.SEARCHED_ROWS]


def _head(path: Path, codec: str) -> str:
    with path.open("r", encoding=codec, errors="replace", newline="") as file:
        return file.read(enc.HEAD)


# --- large files: scanned by DuckDB ------------------------------------------------------------------------------


def _open_scanned(path: Path, plain: Path, known: Collection[str], encoding: enc.Encoding) -> RawTable | None:
    """The file as DuckDB scans it, or None when it isn't even enough for that (ragged, quotes across lines …)."""
    import duckdb

    codec = "utf-8-sig" if plain is path else "utf-8"
    text = _head(plain, codec)
    separator = _delimiter(text, known)
    lines = _lines(text)
    rows = [next(csv.reader([line], delimiter=separator), []) for line in lines]
    at = header.find_row(rows, known)
    if at is None or any(line.count('"') % 2 for line in lines[: at + 1]):
        return None
    names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(rows[at])))
    relation = (
        f"read_csv({sql_path(plain)}, auto_detect=false, delim='{separator}', quote='\"', escape='\"', header=false, skip={at + 1}, "
        f"columns={{{names}}}, strict_mode=true, max_line_size={_LONGEST_CELL})"
    )
    try:
        # Every column is read once: that proves the encoding and that no row is ragged.
        with duckdb.connect() as connection:
            connection.execute(f"SELECT count(*) FROM (SELECT * FROM {relation} LIMIT 1000)").fetchone()
    except duckdb.Error:
        return None
    scan = Scan(plain, separator, at + 1) if "\n" in text and _ends_whole(plain, separator, len(rows[at])) else None
    return RawTable(path, encoding.label, tuple(rows[at]), _preamble(rows[:at]), relation, at + 2, True, scan=scan)


def _ends_whole(path: Path, separator: str, width: int) -> bool:
    """Whether the last row has all its cells, or at least its line break."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_CELL))
        tail = file.read().decode("utf-8", errors="replace")
    return tail.endswith("\n") or len(next(csv.reader([tail.rpartition("\n")[2]], delimiter=separator), [])) == width


# --- other text files: Python's csv reader -----------------------------------------------------------------------


def open_csv(path: Path, known: Collection[str], scratch: Path) -> RawTable:
    """The slow and careful way for a text file of any size: ragged rows, quotes across lines, cut-off ends."""
    return _open_csv(path, known, scratch, enc.proved(path))


def _open_csv(path: Path, known: Collection[str], scratch: Path, encoding: enc.Encoding) -> RawTable:
    separator = _delimiter(_head(path, encoding.codec), known)
    with path.open("r", encoding=encoding.codec, newline="") as file:
        records = csv.reader(file, delimiter=separator, strict=False)
        opening = _guarded(path, records, header.SEARCHED_ROWS)
        at = header.find_row(opening, known)
        recognised, at = at is not None, header.widest_row(opening) if at is None else at
        top, longer = opening[at], _Longer()
        rows = _checked(path, chain(opening[at + 1 :], records), len(top), at + 2, _tail(path, encoding), longer)
        relation = _as_parquet(rows, [*_named(len(top)), "shifted"], scratch / "cells.parquet")
    return RawTable(
        path, encoding.label, tuple(top), _preamble(opening[:at]), relation, at + 2, recognised, shifted=tuple(longer.shifted), longer=tuple(longer.text)
    )  # fmt: skip


def _guarded(path: Path, records: Iterator[list[str]], count: int) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(islice(records, count))
    except csv.Error as found:
        raise _broken(path, max(getattr(records, "line_num", 1), 1)) from found


def _broken(path: Path, row: int) -> ReadError:
    what = Text(
        zh="第 {row} 列附近的引號沒有關上，或儲存格異常地長：檔案可能不完整",
        en="near row {row} a quote is never closed, or a cell is absurdly long: the file may be cut off",
    )
    return ReadError(what.fill(row=row), where=path.name, todo=AGAIN)


def _tail(path: Path, encoding: enc.Encoding) -> str:
    """The file's last few characters."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16))
        tail = file.read()
    codec = {"utf-16": "utf-16-be" if encoding.label.startswith("utf-16-be") else "utf-16-le"}.get(encoding.codec)
    return tail.decode(codec or encoding.codec.removesuffix("-sig"), errors="ignore")


@dataclass
class _Longer:
    """The numbers of rows that are longer than the header: `shifted` ones with figures there, and others with text."""

    shifted: list[int] = field(default_factory=list)
    text: list[int] = field(default_factory=list)

    def mark(self, number: int, beyond: list[str]) -> str:
        """Note what stands beyond the last column of the row `number`; not empty when the row is shifted."""
        if not any(cell.strip() for cell in beyond):
            return ""
        is_shifted = any(_FIGURE.search(cell) for cell in beyond)
        (self.shifted if is_shifted else self.text).append(number)
        return "shifted" if is_shifted else ""


def listed_rows(rows: Sequence[int]) -> str:
    """The first dozen of these row numbers."""
    return ", ".join(str(row) for row in rows[:12]) + (" …" if len(rows) > 12 else "")


def _checked(
    path: Path, rows: Iterator[list[str]], width: int, number: int, tail: str, longer: _Longer
) -> Iterator[list[str]]:
    """Rows padded to `width`, each with its mark of `longer` behind it.

    Raises ReadError for a quote never closed and for a last row that breaks off.
    """
    row: list[str] = []
    try:
        for row in rows:
            mark = longer.mark(number, row[width:]) if len(row) > width else ""
            yield [*row[:width], *[""] * (width - len(row)), mark]
            number += 1
    except csv.Error as found:
        raise _broken(path, number) from found
    # A quote that is never closed takes all further rows into its cell, and the file's last line break with them.
    unclosed = bool(row) and row[-1].endswith(("\n", "\r")) and not tail.rstrip("\r\n").endswith('"')
    if unclosed or any(cell.count("\n") > 200 for cell in row):
        raise _broken(path, number - 1)
    if not tail.endswith(("\n", "\r")) and len(row) < width and _looks_like_data(row):
        what = Text(
            zh="檔案不完整：最後一列（第 {row} 列）寫到一半就斷了",
            en="the file is cut off: its last row, {row}, breaks off half-way",
        )
        raise ReadError(what.fill(row=number - 1), where=path.name, todo=AGAIN)


def _looks_like_data(row: list[str]) -> bool:
    """Whether a short row is the beginning of a row of data rather than a signature line under the table."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > 2 or (bool(filled) and filled[0].lstrip("#'\"")[:1].isdigit())


# --- Excel -------------------------------------------------------------------------------------------------------


def _open_excel(path: Path, known: Collection[str], scratch: Path) -> RawTable:
    from kpi_toolkit.sources import workbook

    sheets = workbook.sheets(path)
    found = [(name, rows, at) for name, rows in sheets if (at := header.find_row(rows, known)) is not None]
    warnings: tuple[Text, ...] = ()
    if found:
        _, rows, at = max(found, key=lambda sheet: len(sheet[1]) - sheet[2])
        same = [other for other in found if _same_header(other[1][other[2]], rows[at])]
        ignored = [sheet for sheet, *_ in sheets if sheet not in {other[0] for other in same}]
        if ignored:
            text = Text(zh="沒有讀取的工作表：{names}", en="sheets that were not read: {names}")
            warnings = (text.fill(names=", ".join(ignored[:10])),)
    else:
        name, rows = max(sheets, key=lambda sheet: len(sheet[1]))
        at = header.widest_row(rows)
        same = [(name, rows, at)]
    top = rows[at][: max(_filled(rows[at]), default=0) + 1]
    longer: list[int] = []
    stacked = chain.from_iterable(_below(top, other, place) for _, other, place in same)
    relation = _as_parquet(_whole(stacked, at + 2, longer), _named(len(top)), scratch / "cells.parquet")
    return RawTable(
        path, workbook.label(path), tuple(top), _preamble(rows[:at]), relation, at + 2, bool(found), warnings, longer=tuple(longer)
    )  # fmt: skip


def _filled(row: list[str]) -> list[int]:
    return [number for number, cell in enumerate(row) if cell.strip()]


def _same_header(left: list[str], right: list[str]) -> bool:
    """Whether both name the same columns, in the same currency."""
    one, other = (header.named(row[at] for at in _filled(row)) for row in (left, right))
    return one == other


def _below(top: list[str], rows: list[list[str]], at: int) -> Iterator[tuple[list[str], bool]]:
    """The rows below a sheet's header at `at`, under the columns of `top`, and whether more stands in each.

    Sheets of one header may begin in different columns: cells go by their column's name, and where it has none by its
    place.
    """
    own, theirs, width = _filled(top), _filled(rows[at]), len(rows[at])
    nameless = {number: number for number in range(min(len(top), width)) if number not in {*own, *theirs}}
    source = nameless | dict(zip(own, theirs, strict=True))
    chosen = [source.get(number, width) for number in range(len(top))]
    beyond = sorted({*range(width)} - {*chosen})
    for row in rows[at + 1 :]:
        padded = [*row, ""]
        yield [padded[place] for place in chosen], any(row[place].strip() for place in beyond)


def _whole(rows: Iterator[tuple[list[str], bool]], number: int, longer: list[int]) -> Iterator[list[str]]:
    """The rows' cells; the numbers of those with more beside them go to `longer`. No comma has shifted anything here."""
    for at, (row, more) in enumerate(rows, start=number):
        if more:
            longer.append(at)
        yield row


# --- several files -----------------------------------------------------------------------------------------------


def joined(tables: Sequence[RawTable]) -> RawTable:
    """Tables of one header as one, in their order; its row numbers run on from the first one's."""
    first = tables[0]
    if len(tables) == 1:
        return first
    shifted: list[int] = []
    longer: list[int] = []
    parts, before = [], 0
    for table in tables:
        shifted += [row - table.first_row + first.first_row + before for row in table.shifted]
        longer += [row - table.first_row + first.first_row + before for row in table.longer]
        mark = "shifted" if table.shifted else "''"
        parts.append(f"SELECT {', '.join(table.cells)}, {mark} AS shifted FROM {table.relation}")
        before += _count(table)
    warnings = tuple(chain.from_iterable(table.warnings for table in tables))
    relation = f"({' UNION ALL '.join(parts)})"
    return replace(first, relation=relation, warnings=warnings, scan=None, shifted=tuple(shifted), longer=tuple(longer))


def _count(table: RawTable) -> int:
    import duckdb

    with duckdb.connect() as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM {table.relation}").fetchone() or (0,)
    return int(rows)


# --- for all -----------------------------------------------------------------------------------------------------


def _preamble(rows: list[list[str]]) -> tuple[str, ...]:
    lines = (" ".join(cell.strip() for cell in row if cell.strip()) for row in rows)
    return tuple(line for line in lines if line)


def _named(width: int) -> list[str]:
    return [f"c{number}" for number in range(width)]


def _as_parquet(rows: Iterator[list[str]], names: list[str], target: Path) -> str:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _ROWS_A_BATCH)):
            columns = [pa.array(cells, pa.string()) for cells in zip(*batch, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return f"read_parquet({sql_path(target)})"
