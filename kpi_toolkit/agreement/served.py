"""Which months an invoice's line says it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from kpi_toolkit.periods import Period, month

_NUMERALS: Final = {
    "十二": "12",
    "十一": "11",
    "十": "10",
    **{word: str(at) for at, word in enumerate("一二三四五六七八九", start=1)},
}
_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER: Final = "(1[0-2]|0?[1-9])"
_YEAR: Final = re.compile(rf"(20\d\d|1[01]\d)\s*[年/.\-]\s*{_NUMBER}(?!\d)")
_RANGE: Final = re.compile(rf"(?<!\d){_NUMBER}\s*月?\s*[-~～–—至到]\s*{_NUMBER}\s*月")
_MONTH: Final = re.compile(rf"(?<!\d){_NUMBER}\s*月")
_QUARTER: Final = re.compile(r"q([1-4])(?!\d)|第\s*([1-4])\s*季")
_NAMED: Final = re.compile(rf"(?<![a-z])({'|'.join(_ENGLISH)})(?:[a-z]*)(?![a-z])")
_WORDS: Final = re.compile(rf"({'|'.join(_NUMERALS)})(?=\s*[月季])")


def served(note: str, booked: date) -> tuple[Period, ...]:
    """The months that `note` names (`9月份代操費`, `2026/09`, `115年9月`, `7-9月`, `Q3`, `September`), in order; () for none.

    A month without a year is the one nearest to the day it was `booked`: work is billed afterwards, or shortly before.
    """
    text = _WORDS.sub(lambda found: _NUMERALS[found[0]], note.lower())
    return tuple(sorted(set(_told(text, booked))))


def _told(text: str, booked: date) -> Iterator[Period]:
    if found := [*_YEAR.finditer(text)]:
        yield from (month(_year(int(one[1])), int(one[2])) for one in found)
        return
    spans = [(int(one[1]), int(one[2])) for one in _RANGE.finditer(text)]
    spans += [(3 * int(one[1] or one[2]) - 2, 3 * int(one[1] or one[2])) for one in _QUARTER.finditer(text)]
    if spans:
        for first, last in spans:
            end = _nearest(last, booked)
            yield from end.back((last - first) % 12 + 1)
        return
    yield from (_nearest(int(one[1]), booked) for one in _MONTH.finditer(text))
    yield from (
        _nearest(_ENGLISH.index(one[1]) + 1, booked) for one in _NAMED.finditer(text) if one[0] in _full(one[1])
    )


def _full(short: str) -> tuple[str, ...]:
    """How a month is written: `sep`, `sept`, `september`, but not `marketing` or `mayor`."""
    import calendar

    name = calendar.month_name[_ENGLISH.index(short) + 1].lower()
    return (short, name, name[:4])


def _year(written: int) -> int:
    """Of the Republic of China's years, too."""
    return written if written > 1911 else written + 1911


def _nearest(number: int, booked: date) -> Period:
    """The month of that number from nine months before the day to two after it."""
    behind = (booked.month - number) % 12
    months = booked.year * 12 + booked.month - 1 - (behind if behind <= 9 else behind - 12)
    return month(months // 12, months % 12 + 1)
