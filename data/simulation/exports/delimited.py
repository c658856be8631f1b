"""CSV as the programs write it: delimiters, line ends and encodings."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float
Row = Sequence[Cell]


def text(rows: Iterable[Row], *, delimiter: str = ",", line_end: str = "\n") -> str:
    """Rows as delimited text; only cells that need quotes have them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def utf8(rows: Iterable[Row]) -> bytes:
    """Google Ads ``.csv``, GA4, LINE: no BOM, comma, LF."""
    return text(rows).encode()


def utf8_bom(rows: Iterable[Row]) -> bytes:
    """Meta Ads Manager, SHOPLINE: with BOM, comma, LF."""
    return text(rows).encode("utf-8-sig")


def utf16_tab(rows: Iterable[Row]) -> bytes:
    """Google Ads' "Excel .csv": UTF-16LE with BOM, tab, LF."""
    return b"\xff\xfe" + text(rows, delimiter="\t").encode("utf-16-le")


def cp950(rows: Iterable[Row]) -> bytes:
    """What a Taiwanese Excel saves as CSV: Big5 as Windows knows it, CRLF."""
    return text(rows, line_end="\r\n").encode("cp950")
