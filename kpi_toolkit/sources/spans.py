"""Periods as vendors write them: in a cell of their own, in a column's header, or in the title above a table."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kpi_toolkit import periods
from kpi_toolkit.sources import cells

if TYPE_CHECKING:
    import duckdb

Span = tuple[date, date]
_NAMES = "|".join(cells.MONTHS)
# Before that `10/5` is no month of the ROC calendar but a day without its year.
_EARLIEST = date(2000, 1, 1)
_LONGEST = 40
_PARTED = re.compile(
    r"\s*(?:~|〜|–|—|至|到|\bto\b|\.\.|\s-\s)\s*|(?<=[0-9日])-(?=[0-9]{1,4}[/.月年])|(?<=[0-9])-(?=[0-9]{1,2}月)"
)
_WEEKDAY = re.compile(
    r"\s*\((?:週|周|星期)?[一二三四五六日]\)|\s*\((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\)", re.IGNORECASE
)
_WEEK = re.compile(
    r"(?:(20[0-9]{2})\s*年?\s*-?\s*)?(?:第\s*([0-9]{1,2})\s*[週周]|w(?:eek)?\s*([0-9]{1,2}))", re.IGNORECASE
)
_QUARTER = re.compile(r"(?:(20[0-9]{2})\s*年?\s*-?\s*)?(?:Q([1-4])|第([1-4一二三四])季)", re.IGNORECASE)
_MONTH = re.compile(r"([0-9]{1,2})\s*月份?")
_DAY = re.compile(r"([0-9]{1,2})\s*[/月]\s*([0-9]{1,2})\s*日?")
_NAMED = re.compile(rf"({_NAMES})[a-z]*\.?", re.IGNORECASE)
_THIS = re.compile(r"本月|當月|本期|本週|本周|當期|this (month|week|period)", re.IGNORECASE)
_LAST = re.compile(r"上月|上個月|前月|上期|上週|上周|前期|(last|previous|prior) (month|week|period)", re.IGNORECASE)
# The day a report was made says nothing of the period that it covers.
_MADE_ON = re.compile(
    r"製表|列印|印製|製作|報告日|產出|提報|generated|created|printed|issued|prepared on", re.IGNORECASE
)
_YEAR = r"(20[0-9]{2}|1[0-9]{2})"
_IN_WORDS = rf"({_NAMES})[a-z]*\.?,? (20[0-9]{{2}})"
_FULL = rf"{_YEAR}\s*[年/.-]\s*([0-9]{{1,2}})\s*[月/.-]\s*([0-9]{{1,2}})\s*日?"
_TO = r"\s*(?:~|〜|–|—|-|至|到|\bto\b)\s*"


@dataclass(frozen=True)
class Reckoning:
    """How the periods of one table are told: `stated` is that of the title above it, `year` and `month` what short
    forms (`10月`, `10/5`) are completed by. `days` and `months` are the cells that are dates and months in full."""

    stated: Span | None = None
    year: int | None = None
    month: int | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    months: Mapping[str, date] = field(default_factory=dict)

    def span(self, words: str, *, of_months: bool = False) -> Span | None:
        """The days that a cell covers; None where it isn't a period. `of_months`: the first of a month is that month."""
        first, *rest = _pieces(words) or [""]
        start = self._whole(first, of_months)
        if not rest or start is None:
            return start if not rest else None
        end = self._whole(rest[0], of_months, after=start[0]) if len(rest) == 1 else None
        return (start[0], end[1]) if end is not None and start[0] <= end[1] else None

    def _whole(self, piece: str, of_months: bool, after: date | None = None) -> Span | None:
        if piece in self.days:
            day = self.days[piece]
            return month_of(day) if of_months and day.day == 1 else (day, day)
        if piece in self.months:
            return month_of(self.months[piece])
        return self._relative(piece) or self._numbered(piece) or self._short(piece, after)

    def _relative(self, piece: str) -> Span | None:
        if self.stated is None:
            return None
        if _THIS.fullmatch(piece):
            return self.stated
        if not _LAST.fullmatch(piece):
            return None
        whole = self.stated == month_of(self.stated[0])
        before = periods.Period(*self.stated, "month" if whole else "range").previous()
        return before.start, before.end

    def _numbered(self, piece: str) -> Span | None:
        """Weeks and quarters."""
        if (found := _WEEK.fullmatch(piece)) and (year := int(found[1] or self.year or 0)):
            number = int(found[2] or found[3])
            if 1 <= number <= periods.weeks_in(year):
                one = periods.week(year, number)
                return one.start, one.end
        if (found := _QUARTER.fullmatch(piece)) and (year := int(found[1] or self.year or 0)):
            number = "1234一二三四".index(found[2] or found[3]) % 4
            return date(year, number * 3 + 1, 1), month_of(date(year, number * 3 + 3, 1))[1]
        return None

    def _short(self, piece: str, after: date | None) -> Span | None:
        """Months and days without their year."""
        year = after.year if after else self.year
        if year is None:
            return None
        if found := _MONTH.fullmatch(piece) or _NAMED.fullmatch(piece):
            number = int(found[1]) if found[1].isdigit() else cells.MONTHS.index(found[1].lower()) + 1
            day = self._day(year, number, 1, after)
            return month_of(day) if day else None
        if found := _DAY.fullmatch(piece):
            day = self._day(year, int(found[1]), int(found[2]), after)
            return (day, day) if day else None
        return None

    def _day(self, year: int, month: int, day: int, after: date | None) -> date | None:
        """A report of January that shows December means the last one; a range that ends before it starts ends next year."""
        if after is not None:
            year += month < after.month
        elif self.month is not None and month > self.month:
            year -= 1
        try:
            return date(year, month, day)
        except ValueError:
            return None


def is_relative(words: str) -> bool:
    """Whether the words mean this or the last period."""
    return _THIS.fullmatch(words.strip()) is not None or _LAST.fullmatch(words.strip()) is not None


def lacks_year(words: str) -> bool:
    """Whether the cell is a period but for its year."""
    pieces = _pieces(words)
    return bool(pieces) and all(form.fullmatch(pieces[0]) is None for form in (_THIS, _LAST)) and any(
        form.fullmatch(pieces[0]) for form in (_MONTH, _DAY, _WEEK, _QUARTER)
    )  # fmt: skip


def month_of(day: date) -> Span:
    """The month that the day lies in."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Dates:
    """The cells of a sheet that are dates in full, and those that are months."""

    days: Mapping[str, date]
    months: Mapping[str, date]


def dates_among(words: Iterable[str], connection: duckdb.DuckDBPyConnection, order: str = "") -> Dates:
    """Which of these cells, or ends of ranges in them, are dates or months; `order` (mdy, dmy) decides `03/04/2026`."""
    pieces = sorted({piece for cell in words for piece in _pieces(cell) if len(piece) <= _LONGEST})
    read = f"SELECT cell, {cells.day('cell', order)}, {cells.month('cell')} FROM (SELECT unnest(?::VARCHAR[]) AS cell)"
    found = connection.execute(read, [pieces]).fetchall() if pieces else []
    return Dates(
        {cell: day for cell, day, _ in found if day and day >= _EARLIEST},
        {cell: month for cell, day, month in found if month and not day and month >= _EARLIEST},
    )


def reckoning(lines: Sequence[str], dates: Dates) -> Reckoning:
    """How periods are told below these title lines, of which the first that states one holds."""
    stated = next((span for line in lines if (span := stated_in(line)) is not None), None)
    if stated is not None:
        return Reckoning(stated, stated[1].year, stated[1].month, dates.days, dates.months)
    said = (re.search(r"(?<![0-9])(20[0-9]{2})(?![0-9])", line) for line in lines if not _MADE_ON.search(line))
    year = next((int(found[1]) for found in said if found), None)
    return Reckoning(None, year, None, dates.days, dates.months)


def stated_in(line: str) -> Span | None:
    """The period that a title line states: two dates, a month or two, an ISO week; never the day it was made on."""
    plain = unicodedata.normalize("NFKC", line)
    if _MADE_ON.search(plain):
        return None
    try:
        return _two_dates(plain) or _months_in(plain) or _week_in(plain)
    except ValueError:
        return None


def _two_dates(line: str) -> Span | None:
    if found := re.search(rf"(?<![0-9]){_FULL}{_TO}{_FULL}", line):
        start, end = _date(*found.group(1, 2, 3)), _date(*found.group(4, 5, 6))
    elif found := re.search(rf"(?<![0-9]){_FULL}{_TO}(?:([0-9]{{1,2}})\s*[月/.-]\s*)?([0-9]{{1,2}})(?![0-9])", line):
        start = _date(*found.group(1, 2, 3))
        end = date(start.year, int(found[4] or start.month), int(found[5]))
    else:
        return None
    return (start, end) if start <= end else None


def _months_in(line: str) -> Span | None:
    two = rf"(?<![0-9]){_YEAR}\s*[年/.-]\s*([0-9]{{1,2}})\s*月?{_TO}(?:{_YEAR}\s*[年/.-]\s*)?([0-9]{{1,2}})\s*月"
    if found := re.search(two, line):
        start, end = _date(found[1], found[2], "1"), month_of(_date(found[3] or found[1], found[4], "1"))[1]
        return (start, end) if start <= end else None
    one = rf"(?<![0-9]){_YEAR}\s*(?:年\s*([0-9]{{1,2}})\s*月(?!\s*[0-9]{{1,2}}\s*日)|[/.-]\s*([0-9]{{1,2}})(?![0-9]|\s*[/.-]\s*[0-9]))"
    if found := re.search(one, line):
        return month_of(_date(found[1], found[2] or found[3], "1"))
    if found := re.search(_IN_WORDS, line, re.IGNORECASE):
        return month_of(date(int(found[2]), cells.MONTHS.index(found[1].lower()) + 1, 1))
    return None


def _week_in(line: str) -> Span | None:
    found = re.search(r"(20[0-9]{2})\s*年?\s*-?\s*(?:第\s*([0-9]{1,2})\s*[週周]|W([0-9]{1,2}))", line)
    if not found:
        return None
    one = periods.week(int(found[1]), int(found[2] or found[3]))
    return one.start, one.end


def _date(year: str, month: str, day: str) -> date:
    # Three digits are a year of the ROC.
    return date(int(year) + (1911 if len(year) == 3 else 0), int(month), int(day))


def _pieces(words: str) -> list[str]:
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", words)).strip()
    return [piece.strip() for piece in _PARTED.split(plain) if piece and piece.strip()]
