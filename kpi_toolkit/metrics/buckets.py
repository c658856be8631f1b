"""The stretches of time that a measure fills, and which whole-period rows may stand in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kpi_toolkit.periods import Grain, Period, bucket


@dataclass(frozen=True)
class Bucket:
    """A stretch of time to measure: `number` in order, and the asked period that it is (a part) of."""

    number: int
    period: Period
    asked: int

    def reaching_back(self, days: int) -> Bucket:
        """The `days` days up to this bucket's end."""
        return replace(self, period=Period(self.period.end - timedelta(days=days - 1), self.period.end))


@dataclass(frozen=True)
class Span:
    """The days that rows without a date of their own cover, of one source and account.

    `lacking` is how many of the asked groupings the rows' file does not have.
    """

    source: str
    account: str
    start: date
    end: date
    lacking: int = 0

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"

    def overlap(self, period: Period) -> list[date]:
        """The days that it shares with `period`."""
        first, last = max(self.start, period.start), min(self.end, period.end)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def within(self, period: Period) -> bool:
        """Whether `period` holds all of its days."""
        return period.start <= self.start and self.end <= period.end

    def meets(self, other: Span) -> bool:
        """Whether the two share a day and may speak of the same account."""
        return self.alike(other.source, other.account) and self.start <= other.end and other.start <= self.end

    def alike(self, source: str, account: str) -> bool:
        """Whether it may speak of that account: an export that doesn't say its account may be any of the source's."""
        return self.source == source and (self.account == account or not self.account or not account)


@dataclass(frozen=True)
class Place:
    """A span's rows in a bucket: used whole, or (`uncut`) lying across its border without days to cut by.

    `instead`: some of its days are told one by one as well, and are left out for it.
    """

    bucket: int
    span: Span
    uncut: bool
    instead: bool = False


def buckets(periods: Sequence[Period], grain: Grain | None) -> list[Bucket]:
    """The asked periods, or their days, ISO weeks or months; a week that crosses a period's border is cut there."""
    found: list[tuple[Period, int]] = []
    for asked, period in enumerate(dict.fromkeys(periods)):
        found += [(part, asked) for part in ([period] if grain is None else _parts(period, grain))]
    return [Bucket(number, part, asked) for number, (part, asked) in enumerate(found)]


def _parts(period: Period, grain: Grain) -> list[Period]:
    whole = dict.fromkeys(bucket(day, grain) for day in period.each_day())
    return [part if part.start in period and part.end in period else _cut(part, period) for part in whole]


def _cut(part: Period, period: Period) -> Period:
    return Period(max(part.start, period.start), min(part.end, period.end))


# By source, account and number of asked groupings that the rows lack: the days that are told one by one.
ToldDays = Mapping[tuple[str, str, int], Collection[date]]


def places(spans: Sequence[Span], days: ToldDays, wanted: Sequence[Bucket]) -> list[Place]:
    """Where whole-period rows stand: where not every day that they share with a bucket is told one by one.

    Of spans that overlap in a bucket the longest is used, since they tell the same facts twice. A span that a bucket
    cuts makes that bucket unanswerable, unless days or shorter spans cover what it shares with the bucket.
    """
    return [place for one in wanted for place in _places_in(one, spans, days)]


def _places_in(one: Bucket, spans: Sequence[Span], days: ToldDays) -> list[Place]:
    near = [span for span in spans if span.overlap(one.period) and not _told_by_day(span, one.period, days)]
    used: list[Span] = []
    for span in sorted(near, key=lambda span: (span.lacking, span.start - span.end, span.start, span.account)):
        if span.within(one.period) and not any(map(span.meets, used)):
            used.append(span)
    open_ends = [span for span in near if span not in used and not _covered(span, one.period, used)]
    whole = [Place(one.number, span, False, bool(_told(span, one.period, days))) for span in used]
    return whole + [Place(one.number, span, True) for span in open_ends]


def _told_by_day(span: Span, period: Period, days: ToldDays) -> bool:
    return _told(span, period, days).issuperset(span.overlap(period))


def _told(span: Span, period: Period, days: ToldDays) -> set[date]:
    """The days of the span in that period that rows by day tell as well, by no fewer groupings."""
    alike = [
        told for (source, who, lacking), told in days.items() if span.alike(source, who) and lacking <= span.lacking
    ]
    return set(span.overlap(period)).intersection(set().union(*alike))


def _covered(span: Span, period: Period, used: Sequence[Span]) -> bool:
    told = {day for other in used if span.alike(other.source, other.account) for day in other.overlap(period)}
    return told.issuperset(span.overlap(period))
