"""Words that stand in many places: said once, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kpi_toolkit.i18n import Lang, Text

LAST_MONTH = Text(zh="上月", en="last month")
LAST_YEAR = Text(zh="去年同月", en="same month last year")
THAN_LAST_MONTH = Text(zh="上月", en="last month")
THAN_LAST_YEAR = Text(zh="去年同月", en="the same month last year")
TARGET = Text(zh="目標", en="target")
VS_LAST_MONTH = Text(zh="比上月", en="vs last month")
VS_LAST_YEAR = Text(zh="比去年同月", en="vs last year")
NO_DATA = Text(zh="沒有資料", en="no data")
TOO_FEW = Text(zh="樣本不足", en="too few to say")
NOT_COMPARABLE = Text(zh="無法比較", en="not comparable")

_AND: dict[Lang, tuple[str, str]] = {"zh-TW": ("、", "和"), "en": (", ", " and ")}
_OR: dict[Lang, tuple[str, str]] = {"zh-TW": ("、", "或"), "en": (", ", " or ")}


def listed(words: Sequence[str], lang: Lang, joined_by: Literal["and", "or"] = "and") -> str:
    """`a, b and c`: the words as one phrase; empty for none."""
    comma, last = (_AND if joined_by == "and" else _OR)[lang]
    return last.join([comma.join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
