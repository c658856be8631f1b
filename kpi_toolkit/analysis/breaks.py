"""Days on which something is no longer counted that was counted before, while what brings it about goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from kpi_toolkit.analysis.evidence import Spread, Tally, spread_of
from kpi_toolkit.periods import Period

# A day or two without anything happens; and what comes late (conversions are credited for days) isn't in yet.
LEAST_DAYS: Final = 3
LATE: Final = 3
# Next to nothing, of what was to be expected; and the least that must have been.
_NOTHING: Final = 0.05
_DARK: Final = 0.1
LEAST_EXPECTED: Final = 15.0
# The rate may have been a little lower in these days than usual.
_HONEST: Final = 0.9
_LEAST_SPREAD: Final = 1.5
# What one weekday is taken to have before it is seen, in things counted.
_PRIOR: Final = 5.0
# It was counted before: so many days, so many things.
_DAYS_BEFORE, _THINGS_BEFORE = 5, 10.0


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`count` things of an `item` (a campaign) on a day, out of an `exposure` (clicks; a day)."""

    day: date
    item: str
    count: float
    exposure: float


@dataclass(frozen=True, kw_only=True)
class Break:
    """From `first` to `last` `seen` things were counted, where `expected` were to be; `p` is the chance of it in the period."""

    first: date
    last: date
    seen: float
    expected: float
    p: float


def worst_break(rows: Sequence[Counted], period: Period, without: Collection[date] = ()) -> Break | None:
    """The least probable run of days of the period on which next to nothing was counted; None where no run is one. Days
    `without` business are in no run.

    What was to be expected are the items' own rates on all other days times their exposure, by weekday. Days without exposure
    don't count. The end of what is known is left out, since things come late.
    """
    book = _Book(rows)
    found = [one for days in book.dark_runs(period, without) if (one := book.judged(days, period)) is not None]
    return min(found, key=lambda one: (one.p, one.first), default=None)


def expected_in(rows: Sequence[Counted], period: Period, days: int) -> float:
    """How much is to be expected in so many days of the period, if all goes on as it did."""
    book = _Book(rows)
    within = [day for day in book.days if day in period]
    return sum(book.due(within, frozenset()).values()) / len(within) * days if within else 0.0


@dataclass(frozen=True)
class _Book:
    rows: Sequence[Counted]

    @cached_property
    def days(self) -> list[date]:
        """All days with any exposure, in order."""
        return sorted({one.day for one in self.rows if one.exposure > 0})

    @cached_property
    def by_day(self) -> Mapping[date, Sequence[Counted]]:
        found: dict[date, list[Counted]] = {}
        for one in sorted(self.rows, key=lambda row: (row.day, row.item)):
            found.setdefault(one.day, []).append(one)
        return found

    def seen(self, days: Iterable[date]) -> float:
        return float(sum(one.count for day in days for one in self.by_day.get(day, ())))

    def due(self, days: Iterable[date], without: frozenset[date]) -> dict[date, float]:
        """What each of the days was to have, going by all days but those left out."""
        rates, weekdays = self._rates(without), self._weekdays(without)
        return {day: sum(rates.get(one.item, 0.0) * one.exposure for one in self.by_day.get(day, ())) * weekdays[day.weekday()] for day in days}  # fmt: skip

    def _rates(self, without: frozenset[date]) -> dict[str, float]:
        sums: dict[str, list[float]] = {}
        for one in self.rows:
            if one.day not in without:
                both = sums.setdefault(one.item, [0.0, 0.0])
                both[0] += one.count
                both[1] += one.exposure
        return {item: count / exposure for item, (count, exposure) in sums.items() if exposure > 0}

    def _weekdays(self, without: frozenset[date]) -> list[float]:
        """How much of the items' rates each weekday has, drawn towards all of it."""
        rates, seen, due = self._rates(without), [_PRIOR] * 7, [_PRIOR] * 7
        for one in self.rows:
            if one.day not in without:
                seen[one.day.weekday()] += one.count
                due[one.day.weekday()] += rates.get(one.item, 0.0) * one.exposure
        return [count / expected for count, expected in zip(seen, due, strict=True)]

    def dark_runs(self, period: Period, without: Collection[date]) -> list[list[date]]:
        """Runs of days in the period with next to nothing, of those that follow on each other with exposure."""
        due, runs = self.due(self.days, frozenset()), list[list[date]]()
        ended = {*self.days[-LATE:], *without}
        open_run = False
        for day in self.days:
            dark = day in period and self.seen([day]) <= _DARK * due[day] and day not in ended
            if dark:
                runs = runs if open_run else [*runs, []]
                runs[-1].append(day)
            open_run = dark
        return [run for run in runs if len(run) >= LEAST_DAYS]

    def judged(self, days: Sequence[date], period: Period) -> Break | None:
        """The run as a break, if it was counted before, enough was to be expected, and next to nothing came."""
        without = frozenset(days)
        before = [day for day in self.days if day < days[0]]
        if len(before) < _DAYS_BEFORE or self.seen(before) < _THINGS_BEFORE:
            return None
        seen, expected = self.seen(days), sum(self.due(days, without).values())
        if expected < LEAST_EXPECTED or seen > _NOTHING * expected:
            return None
        looks = max(period.days / len(days), 1.0)
        p = min(_chance(seen, expected, self._spread(without)) * looks, 1.0)
        return Break(first=days[0], last=days[-1], seen=seen, expected=expected, p=p)

    def _spread(self, without: frozenset[date]) -> Spread:
        """How far weeks stray from what they were to have."""
        weeks: dict[tuple[int, int], list[date]] = {}
        for day in self.days:
            if day not in without:
                weeks.setdefault(day.isocalendar()[:2], []).append(day)
        due = self.due([day for day in self.days if day not in without], without)
        return spread_of([Tally(count=self.seen(own), exposure=sum(due[day] for day in own)) for own in weeks.values()])


def _chance(seen: float, expected: float, spread: Spread) -> float:
    """The chance of so few, of counts whose variance is `spread` times their mean (negative binomial)."""
    from scipy.stats import nbinom

    factor = max(spread.factor, _LEAST_SPREAD)
    return float(nbinom.cdf(round(seen), expected * _HONEST / (factor - 1), 1 / factor))
