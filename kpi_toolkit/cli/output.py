"""What the commands print: tables for people, JSON and CSV for programs. Data never steer the terminal or a sheet."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi_toolkit.i18n import Lang

if TYPE_CHECKING:
    from rich.table import Table

Row = Mapping[str, object]

# Terminals obey control characters of both sets, and marks that turn the reading direction around deceive the eye.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_WIDE = 160


def plain(words: object) -> str:
    """Text without anything that a terminal would obey."""
    return _CONTROL.sub(" ", str(words))


def note(words: str) -> None:
    """One line for the person at the terminal, on stderr."""
    sys.stderr.write(plain(words) + "\n")


def tell(words: str) -> None:
    """One line of the result, on stdout."""
    _out(plain(words) + "\n")


def print_json(value: object) -> None:
    """`value` as JSON on stdout, in UTF-8 whatever the terminal's encoding; NaN becomes null, dates ISO text."""
    words = json.dumps(_jsonable(value), ensure_ascii=False, allow_nan=False, indent=1)
    _out(_CONTROL.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", words) + "\n")


def print_csv(rows: Sequence[Row], columns: Sequence[str]) -> None:
    """`rows` as CSV on stdout; a text that a spreadsheet would run as a formula gets a ' before it."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    _out(sheet.getvalue())


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """`rows` of texts as a table on stdout; the columns numbered in `right` are aligned to the right."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    console.print(_table(headers, rows, right))


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for at, header in enumerate(headers):
        table.add_column(Text(header), justify="right" if at in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


def error_line(words: str, lang: Lang) -> None:
    """An error as one line on stderr."""
    note(({"zh-TW": "錯誤：", "en": "error: "}[lang]) + words)


def _out(words: str) -> None:
    # Lone surrogates stand for bytes of file names that aren't UTF-8.
    raw = words.encode("utf-8", errors="backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.flush()


def _cell(value: object) -> object:
    value = _jsonable(value)
    if not isinstance(value, str):
        return "" if value is None else value
    words = plain(value)
    return f"'{words}" if _FORMULA.match(words) else words


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return _scalar(value)


def _scalar(value: object) -> object:
    """numpy's and pandas' scalars as Python's: their missing values are None, dates without a time ISO days."""
    if hasattr(value, "item"):
        value = value.item()
    # NaN and NaT differ from themselves; pandas' NA won't even be compared.
    if value is None or type(value).__name__ == "NAType" or value != value:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat().removesuffix("T00:00:00")
    return value if isinstance(value, (bool, int)) else str(value)
