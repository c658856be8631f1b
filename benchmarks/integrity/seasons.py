"""Taiwan's year: what 雙11, Lunar New Year, Mid-Autumn, weekdays and promotions do to demand and to the price of a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from benchmarks.integrity.chance import Floats

NEW_YEARS = (date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6))  # fmt: skip
MOONS = (date(2021, 9, 21), date(2022, 9, 10), date(2023, 9, 29), date(2024, 9, 17), date(2025, 10, 6), date(2026, 9, 25))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Year:
    """How a business feels the year; factors of demand, weekdays from Monday on. Promotions: first day, days, factor."""

    weekdays: tuple[float, ...]
    singles: float
    new_year: float
    before_new_year: float
    moon: float
    promotions: Sequence[tuple[date, int, float]] = ()

    def demand(self, days: Sequence[date]) -> Floats:
        """Demand on each day; 1 is a plain one."""
        return np.array([self._on(day) for day in days])

    def _on(self, day: date) -> float:
        found = self.weekdays[day.weekday()] * self._singles(day) * self._lunar(day) * self._moon(day)
        for start, length, height in self.promotions:
            if 0 <= (day - start).days < length:
                found *= height
        return found

    def _singles(self, day: date) -> float:
        """It climbs from the first of November to the eleventh, and leaves the shop empty for some days."""
        if day.month == 11 and day.day <= 11:
            return 1 + (self.singles - 1) * (1.0 if day.day >= 10 else 0.25 + 0.04 * day.day)
        if day.month == 12 and day.day in (11, 12):
            return 1 + (self.singles - 1) * 0.4
        return 0.85 if day.month == 11 and day.day <= 16 else 1.0

    def _lunar(self, day: date) -> float:
        after = min(((day - one).days for one in NEW_YEARS), key=abs)
        if -2 <= after <= 4:
            return self.new_year
        return self.before_new_year if -20 <= after < -4 else 1.0

    def _moon(self, day: date) -> float:
        after = min(((day - one).days for one in MOONS), key=abs)
        return self.moon if -18 <= after <= -3 else 0.75 if -2 <= after <= 1 and self.moon > 1.2 else 1.0


def auction(days: Sequence[date]) -> Floats:
    """How much dearer a click is on each day: every shop bids before 雙11 and before New Year."""
    return np.array([_auction(day) for day in days])


def _auction(day: date) -> float:
    if day.month == 11 and day.day <= 11:
        return 1.3
    if day.month == 12:
        return 1.1
    after = min(((day - one).days for one in NEW_YEARS), key=abs)
    return 1.12 if -20 <= after < -4 else 0.9 if -2 <= after <= 4 else 1.0


def each_day(first: date, last: date) -> list[date]:
    """From the first to the last, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]
