"""The report's tables as a spreadsheet: real numbers with formats, a sheet a table, nothing that a cell could start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi_toolkit.present.formats import SYMBOLS
from kpi_toolkit.present.labels import columns, plain
from kpi_toolkit.present.outputs import TABLE_MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FORMATS = {
    "count": "#,##0", "share": "0.0%", "times": "0.00", "hours": "#,##0.0", "seconds": "#,##0.0", "change": "+0.0%;-0.0%;0.0%", "date": "yyyy-mm-dd",
}  # fmt: skip
# Formulas and links arrive as the text that they are.
_HARMLESS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_LONGEST = 32_000  # Excel's limit is 32,767 characters a cell


def tables(executed: NotebookNode) -> Iterator[dict[str, Any]]:
    """The tables that the executed notebook shows, in order."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            yield from output.get("data", {}).get(TABLE_MIME, {}).get("tables", [])


def write_workbook(sheets: Sequence[dict[str, Any]], out: Path, *, title: str) -> None:
    """Write one sheet a table (as `present.outputs.sheet` gives it) to `out`."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), _HARMLESS) as book:
        # A fixed date: the same tables give the same file.
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        styles = _Styles(book)
        taken: set[str] = set()
        for table in sheets:
            _write(book.add_worksheet(_sheet_name(table["title"], taken)), table, styles)


class _Styles:
    """Each number format once a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, str], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.note = book.add_format({"font_color": "#55616d", "italic": True})

    def of(self, cell: dict[str, Any]) -> Format:
        key = (cell["kind"], cell.get("currency", ""))
        if key not in self.made:
            number = {"num_format": number_format(cell["kind"], key[1])} if cell["kind"] != "text" else {}
            self.made[key] = self.book.add_format(number)
        return self.made[key]


def number_format(kind: str, currency: str) -> str:
    """Excel's format for a kind of number; money shows its currency."""
    if kind != "money":
        return _FORMATS[kind]
    sign = SYMBOLS.get(currency, f"{currency} ").replace('"', "")
    return f'"{sign}"#,##0.##;-"{sign}"#,##0.##' if currency not in ("TWD", "JPY") else f'"{sign}"#,##0;-"{sign}"#,##0'


def _write(sheet: Worksheet, table: dict[str, Any], styles: _Styles) -> None:
    sheet.write_string(0, 0, _text(table["title"]), styles.title)
    for at, column in enumerate(table["columns"]):
        sheet.write_string(2, at, _text(column["title"]), styles.head)
        sheet.set_column(at, at, _width(table, at))
    for row, cells in enumerate(table["rows"], start=3):
        for at, cell in enumerate(cells):
            _write_cell(sheet, row, at, cell, styles.of(cell))
    sheet.freeze_panes(3, 1)
    if table["note"]:
        sheet.write_string(len(table["rows"]) + 4, 0, _text(table["note"]), styles.note)
    _paper(sheet, table)


def _paper(sheet: Worksheet, table: dict[str, Any]) -> None:
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    if len(table["columns"]) > 5:
        sheet.set_landscape()


def _write_cell(sheet: Worksheet, row: int, at: int, cell: dict[str, Any], style: Format) -> None:
    value = cell["value"]
    if value is None:
        sheet.write_blank(row, at, None, style)
    elif cell["kind"] == "date":
        sheet.write_datetime(row, at, date.fromisoformat(value), style)
    elif isinstance(value, str):
        sheet.write_string(row, at, _text(value), style)
    else:
        sheet.write_number(row, at, value, style)


def _width(table: dict[str, Any], at: int) -> int:
    words = [str(row[at]["value"] or "") for row in table["rows"] if row[at]["kind"] == "text"]
    return max(12, min(48, max([columns(table["columns"][at]["title"]) + 2, *(columns(word) + 2 for word in words)])))


def _text(words: str) -> str:
    return plain(words)[:_LONGEST]


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes: without its forbidden characters, 31 at most, none twice."""
    base = _FORBIDDEN.sub(" ", plain(title)).strip()[:31] or "table"
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base[:27]} {number}", number + 1
    taken.add(name.lower())
    return name
