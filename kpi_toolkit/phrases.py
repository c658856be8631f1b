"""Words that stand in many places: said once, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from string import Formatter
from typing import Literal

from kpi_toolkit.i18n import Lang, Text

LAST_MONTH = Text(zh="上月", en="last month")
LAST_YEAR = Text(zh="去年同月", en="same month last year")
THAN_LAST_MONTH = Text(zh="上月", en="last month")
THAN_LAST_YEAR = Text(zh="去年同月", en="the same month last year")
TARGET = Text(zh="目標", en="target")
# Heads of columns and cards, where there is no room for more.
VS_LAST_MONTH = Text(zh="比上月", en="vs last month")
VS_LAST_YEAR = Text(zh="比去年同月", en="vs a year ago")
NO_DATA = Text(zh="沒有資料", en="no data")
TOO_FEW = Text(zh="樣本不足", en="too few to say")

_AND: dict[Lang, tuple[str, str]] = {"zh-TW": ("、", "和"), "en": (", ", " and ")}
_OR: dict[Lang, tuple[str, str]] = {"zh-TW": ("、", "或"), "en": (", ", " or ")}


def listed(words: Sequence[str], lang: Lang, joined_by: Literal["and", "or"] = "and") -> str:
    """`a, b and c`: the words as one phrase; empty for none."""
    comma, last = (_AND if joined_by == "and" else _OR)[lang]
    pieces = chain.from_iterable((comma, word) for word in words[:-1])
    return _seamed([*list(pieces)[1:], last, words[-1]], lang) if len(words) > 1 else "".join(words)


def said(text: Text, lang: Lang, **values: object) -> str:
    """`text` with its placeholders filled, in Chinese with a space where Latin letters or figures meet a Han character.

    Only the seams are spaced: a value that somebody else wrote stays as it is.
    """
    if lang == "en":
        return text.fill(**values).say(lang)
    spoken = {key: value.say(lang) if isinstance(value, Text) else str(value) for key, value in (*text.values.items(), *values.items())}  # fmt: skip
    return _seamed([word for words, name, spec, _ in Formatter().parse(text.zh) for word in (words, format(spoken[name], spec or "") if name else "")], lang)  # fmt: skip


def sentences(told: Iterable[str], lang: Lang) -> str:
    """Sentences one after another: English parts them by a space, Chinese does not."""
    return (" " if lang == "en" else "").join(filter(None, told))


def _seamed(pieces: Iterable[str], lang: Lang) -> str:
    whole = ""
    for piece in filter(None, pieces):
        whole += (" " if lang == "zh-TW" and whole and _apart(whole[-1], piece[0]) else "") + piece
    return whole


def _apart(one: str, next_one: str) -> bool:
    return (_han(one) and _latin(next_one)) or (_latin(one) and _han(next_one))


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _latin(character: str) -> bool:
    return (character.isascii() and (character.isalnum() or character in "%+$")) or character in "\u2212±€£"
