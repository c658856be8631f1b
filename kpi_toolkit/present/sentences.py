"""Results as sentences. They say what is seen, never who is to blame, and say so when there is too little to say."""

from __future__ import annotations

from collections.abc import Iterable

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.present import formats, names

NEEDED = Text(zh="這一段還缺資料：{exports}。放進 data 資料夾後就會出現。", en="Data are missing for this section: {exports}. Put them into the data folder and it will appear.")  # fmt: skip
MORE = Text(zh="多 {share}", en="up {share}")
LESS = Text(zh="少 {share}", en="down {share}")
SAME = Text(zh="差不多", en="about the same")
_STILL = 0.01  # a change within one per cent is called none


def needed(tables: Iterable[str], lang: Lang) -> str:
    """What is missing for a section, and how it will appear."""
    return NEEDED.fill(exports=names.exports(tables, lang)).say(lang)


def moved(change: float, lang: Lang) -> str:
    """A change in words: up 12%, about the same."""
    if abs(change) < _STILL:
        return SAME.say(lang)
    return (MORE if change > 0 else LESS).fill(share=formats.percent(abs(change), lang)).say(lang)
