"""Results as sentences. They say what is seen, never who is to blame, and say so when there is too little to say."""

from __future__ import annotations

from collections.abc import Iterable

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Earlier, Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.present import formats, names

NEEDED = Text(zh="這一段還缺資料：{exports}。放進 data 資料夾後就會出現。", en="Data are missing for this section: {exports}. Put them into the data folder and it will appear.")  # fmt: skip
MOVED = Text(zh="比{when}{way} {size}", en="{way} {size} vs {when}")
SAME = Text(zh="和{when}差不多", en="about the same as {when}")
MORE, LESS = Text(zh="多", en="up"), Text(zh="少", en="down")
HIGHER, LOWER = Text(zh="高", en="up"), Text(zh="低", en="down")
POINTS = Text(zh="{size} 個百分點", en="{size} points")


def needed(tables: Iterable[str], lang: Lang) -> str:
    """What is missing for a section, and how it will appear."""
    return phrases.said(NEEDED, lang, exports=names.exports(tables, lang))


def compared(figure: Figure, earlier: Earlier, lang: Lang) -> str:
    """The change since `earlier` in words: up 12% vs last month, about the same as last month; shares move by points.

    Empty where there is none.
    """
    if earlier.change is None:
        return ""
    when = phrases.THAN_LAST_YEAR if earlier is figure.last_year else phrases.THAN_LAST_MONTH
    if earlier.still:
        return SAME.fill(when=when).say(lang)
    up, down = (HIGHER, LOWER) if figure.rated else (MORE, LESS)
    way = up if earlier.change > 0 else down
    return MOVED.fill(when=when, way=way, size=_size(figure, earlier, lang)).say(lang)


def _size(figure: Figure, earlier: Earlier, lang: Lang) -> str:
    difference = figure.difference(earlier)
    if difference is None:
        return formats.percent(abs(earlier.change or 0), lang)
    return POINTS.fill(size=formats.points(difference, lang, signed=False)).say(lang)
