"""A sum of a part: rows that were seen or clicked on and don't say what they cost."""

from __future__ import annotations

import re

from kpi_toolkit.i18n import Text

_CODE = re.compile(r"incomplete: no spend in (\d+) rows")
_WORDS = Text(
    zh="{rows} 列有曝光或點擊卻沒有花費，數字不完整",
    en="{rows} {rows:row has|rows have} impressions or clicks but no cost: the figure is incomplete",
)


def caveat(column: str, rows: float) -> str:
    """The caveat of a sum over `column`, which is empty in so many rows that should hold it."""
    return f"incomplete: no {column} in {rows:.0f} rows"


def words(code: str) -> Text | None:
    """That caveat for a reader; None for any other."""
    found = _CODE.fullmatch(code)
    return _WORDS.fill(rows=int(found[1])) if found else None
