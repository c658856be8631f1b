"""Periods: a month `2026-10`, an ISO week `2026-W44`, a day, or a range; the one place that knows every boundary."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kpi_toolkit.errors import UsageError
from kpi_toolkit.i18n import Lang, Text

Grain = Literal["day", "week", "month", "range"]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True, order=True)
class Period:
    """From `start` to `end`, both days included."""

    start: date
    end: date
    grain: Grain = "range"

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(
                Text(zh="期間的結束早於開始", en="the period ends before it starts"),
                where=str(self),
                todo=Text(zh="請對調：{start}..{end}", en="turn it around: {start}..{end}").fill(
                    start=self.end, end=self.start
                ),
            )

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        if self.grain == "month":
            return f"{self.start:%Y-%m}"
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{self.start}" if self.start == self.end else f"{self.start}..{self.end}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def previous(self) -> Period:
        """The period of the same kind right before this one."""
        if self.grain == "month":
            return month(*_shifted(self.start.year, self.start.month, -1))
        return Period(self.start - timedelta(days=self.days), self.start - timedelta(days=1), self.grain)

    def following(self) -> Period:
        """The period of the same kind right after this one."""
        if self.grain == "month":
            return month(*_shifted(self.start.year, self.start.month, 1))
        return Period(self.end + timedelta(days=1), self.end + timedelta(days=self.days), self.grain)

    def last_year(self) -> Period:
        """The same period a year ago: the same month, the same ISO week number, or the same dates.

        Week 53 answers with the last week of a year that has only 52; 29 February with the 28th.
        """
        if self.grain == "month":
            return month(self.start.year - 1, self.start.month)
        if self.grain == "week":
            year, number, _ = self.start.isocalendar()
            return week(year - 1, min(number, weeks_in(year - 1)))
        return Period(_a_year_before(self.start), _a_year_before(self.end), self.grain)

    def back(self, count: int) -> list[Period]:
        """This period and the `count - 1` before it, oldest first."""
        found = [self]
        for _ in range(count - 1):
            found.append(found[-1].previous())
        return found[::-1]

    def each_day(self) -> Iterator[date]:
        """Every day of the period, in order."""
        return (self.start + timedelta(days=n) for n in range(self.days))

    def label(self, lang: Lang) -> str:
        """How a person reads it: 2026 年 10 月, October 2026."""
        if self.grain == "month":
            zh, en = (
                f"{self.start.year} 年 {self.start.month} 月",
                f"{calendar.month_name[self.start.month]} {self.start.year}",
            )
        elif self.grain == "week":
            year, number, _ = self.start.isocalendar()
            zh, en = (
                f"{year} 年第 {number} 週（{_md(self.start)}–{_md(self.end)}）",
                f"week {number}, {year} ({self.start} – {self.end})",
            )
        else:
            zh = en = f"{self.start}" if self.start == self.end else f"{self.start} – {self.end}"
        return zh if lang == "zh-TW" else en


def month(year: int, number: int) -> Period:
    """The calendar month. Raises ValueError where there is no such month."""
    return Period(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]), "month")


def week(year: int, number: int) -> Period:
    """The ISO week, Monday to Sunday. Raises ValueError where the year has no such week."""
    monday = date.fromisocalendar(year, number, 1)
    return Period(monday, monday + timedelta(days=6), "week")


def weeks_in(year: int) -> int:
    """52 or 53: how many ISO weeks the year has."""
    return date(year, 12, 28).isocalendar().week


def parse_period(words: str) -> Period:
    """`2026-10`, `2026-W44`, `2026-10-03` or `2026-10-01..2026-10-15`.

    Raises UsageError with an example of each spelling.
    """
    text = words.strip()
    try:
        if found := _MONTH.fullmatch(text):
            return month(int(found[1]), int(found[2]))
        if found := _WEEK.fullmatch(text):
            return week(int(found[1]), int(found[2]))
        if found := _RANGE.fullmatch(text):
            start, end = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
            return Period(start, end, "day" if start == end else "range")
    except ValueError:
        pass
    raise UsageError(
        Text(zh="看不懂這個期間：{words}", en="no such period: {words}").fill(words=repr(words)),
        todo=Text(
            zh="請寫成 2026-10（月）、2026-W44（週）、2026-10-03（日）或 2026-10-01..2026-10-15（區間）",
            en="write 2026-10 (month), 2026-W44 (ISO week), 2026-10-03 (day) or 2026-10-01..2026-10-15 (range)",
        ),
    )


def bucket(day: date, grain: Grain) -> Period:
    """The day, ISO week or month that `day` lies in."""
    if grain == "month":
        return month(day.year, day.month)
    if grain == "week":
        year, number, _ = day.isocalendar()
        return week(year, number)
    return Period(day, day, "day")


def _shifted(year: int, number: int, by: int) -> tuple[int, int]:
    months = year * 12 + number - 1 + by
    return months // 12, months % 12 + 1


def _a_year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def _md(day: date) -> str:
    return f"{day.month}/{day.day}"
