"""Excel workbooks as rows of text cells, as they would have stood in a CSV."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text

_EXACT = 2**53


def sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Name and rows of every sheet that holds anything. Raises ReadError for a broken or empty workbook."""
    import python_calamine as calamine

    try:
        with calamine.load_workbook(str(path)) as book:
            found = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except Exception as fault:  # calamine raises several kinds, zip's and XML's among them
        raise ReadError(
            Text(zh="Excel 檔案損壞、有密碼或不完整", en="the Excel file is broken, locked by a password or cut off"),
            where=path.name,
            todo=Text(zh="請重新下載，或另存成 CSV UTF-8", en="download it again, or save it as CSV UTF-8"),
        ) from fault
    filled = [(name, [[_text(cell) for cell in row] for row in rows]) for name, rows in found if rows]
    if not filled:
        raise ReadError(
            Text(zh="Excel 檔案裡沒有資料", en="the Excel file holds no data"),
            where=path.name,
            todo=Text(zh="請確認匯出的期間", en="check the period of the export"),
        )
    return filled


LABELS = ("xlsx", "xls")


def label(path: Path) -> str:
    """`xlsx` or `xls`, by the first bytes."""
    with path.open("rb") as file:
        return LABELS[0] if file.read(2) == b"PK" else LABELS[1]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return _figure(cell)
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == dt.time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return str(cell)


def _figure(number: float) -> str:
    # A whole number beyond 2^53 has lost digits already: it is written so that an id column sees the loss.
    if number.is_integer():
        return str(int(number)) if abs(number) < _EXACT else f"{number:.5E}"
    return repr(number) if abs(number) >= 1e-4 else f"{number:.12f}".rstrip("0")
