"""Taiwan's year from 2025-09 to 2026-10: public holidays, shopping seasons, and what they do to demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FIRST = date(2025, 9, 1)
LAST = date(2026, 10, 31)
NEW_YEAR = date(2026, 2, 17)
MOON_2025 = date(2025, 10, 6)
MOON_2026 = date(2026, 9, 25)


def span(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def months(first: date = FIRST, last: date = LAST) -> list[tuple[date, date]]:
    """The calendar months between two dates, as (first day, last day), cut at both ends."""
    starts = [first] + [day for day in span(first + timedelta(1), last) if day.day == 1]
    return [(start, min(last, month_end(start))) for start in starts]


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


# Days off as the Directorate-General of Personnel Administration announced them, make-up days off included.
HOLIDAYS = frozenset(
    [
        *(date(2025, 9, 28), date(2025, 9, 29), MOON_2025, date(2025, 10, 10), date(2025, 10, 24), date(2025, 10, 25)),
        *(date(2025, 12, 25), date(2026, 1, 1)),
        *span(date(2026, 2, 14), date(2026, 2, 22)),
        *(date(2026, 2, 27), date(2026, 2, 28), *span(date(2026, 4, 3), date(2026, 4, 6)), date(2026, 5, 1)),
        *(date(2026, 6, 19), MOON_2026, date(2026, 9, 28), date(2026, 10, 9), date(2026, 10, 10)),
        *(date(2026, 10, 25), date(2026, 10, 26)),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Peak:
    """A season that lifts demand: it climbs from ``start``, stays at ``height`` (1.0 = +100 %) and falls to ``end``."""

    name: str
    start: date
    top: date
    fall: date
    end: date
    height: float

    def lift(self, day: date) -> float:
        """The share added to normal demand on a day."""
        if not self.start <= day <= self.end:
            return 0.0
        if day < self.top:
            return self.height * (day - self.start).days / (self.top - self.start).days
        if day <= self.fall:
            return self.height
        return self.height * (self.end - day).days / max(1, (self.end - self.fall).days)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A business's demand over the year; 1.0 is a plain weekday."""

    weekdays: Sequence[float]  # Monday first
    holiday: float
    peaks: Sequence[Peak] = ()
    closed: Sequence[date] = ()
    yearly_growth: float = 0.0

    def __call__(self, day: date) -> float:
        """Demand on a day; 0 while the business is closed."""
        if day in self.closed:
            return 0.0
        base = self.holiday if day in HOLIDAYS else self.weekdays[day.weekday()]
        lifts = sum(peak.lift(day) for peak in self.peaks)
        return max(0.05, base * (1 + lifts) * (1 + self.yearly_growth * (day - FIRST).days / 365))


def auction(day: date) -> float:
    """How much dearer a click is than on a plain day: every shop bids around 雙11 and before New Year."""
    if date(2025, 11, 1) <= day <= date(2025, 11, 11):
        return 1.35
    if day.month == 12:
        return 1.10
    if date(2026, 1, 25) <= day <= date(2026, 2, 12):
        return 1.12
    return 0.94 if day in HOLIDAYS else 1.0
