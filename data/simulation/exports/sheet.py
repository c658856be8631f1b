"""XLSX with nothing in it that differs from one run to the next."""

import io
from collections.abc import Iterable
from datetime import datetime

import xlsxwriter

from .delimited import Row

# The workbook would otherwise carry the time of writing.
CREATED = datetime(2026, 11, 2, 10, 0, 0)


def xlsx(name: str, rows: Iterable[Row]) -> bytes:
    """One sheet; numbers stay numbers, text stays text (ids and dates too), an empty string stays an empty cell."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"author": "sample", "created": CREATED})
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return out.getvalue()
