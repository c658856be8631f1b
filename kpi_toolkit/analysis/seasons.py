"""Taiwan's seasons: the days around which shops sell, or rest, in another way than usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, get_args

Season = Literal[
    "", "lunar_new_year", "double_eleven", "double_twelve", "black_friday", "mid_autumn", "mothers_day", "fathers_day", "dragon_boat",
    "mid_year", "double_nine", "new_year", "christmas", "valentine", "womens_day", "five_twenty", "holiday",
]  # fmt: skip
SEASONS: Final[tuple[Season, ...]] = get_args(Season)

# First and last day, as (month, day), of what the calendar fixes; days before and after of what it moves.
_FIXED: Final[Mapping[Season, tuple[tuple[int, int], tuple[int, int]]]] = {
    "double_eleven": ((11, 1), (11, 13)), "double_twelve": ((12, 5), (12, 14)), "double_nine": ((9, 5), (9, 11)),
    "mid_year": ((6, 10), (6, 20)), "fathers_day": ((7, 30), (8, 9)), "christmas": ((12, 18), (12, 26)), "valentine": ((2, 7), (2, 15)),
    "womens_day": ((3, 3), (3, 9)), "five_twenty": ((5, 17), (5, 21)),
}  # fmt: skip
_MOVED: Final[Mapping[Season, tuple[int, int]]] = {
    "lunar_new_year": (14, 10), "mid_autumn": (16, 2), "dragon_boat": (5, 2), "mothers_day": (14, 2), "black_friday": (4, 4),
    "new_year": (3, 3), "holiday": (1, 1),
}  # fmt: skip
_NAMES: Final[Mapping[str, Season]] = {
    "Chinese New Year": "lunar_new_year", "Mid-Autumn Festival": "mid_autumn", "Dragon Boat Festival": "dragon_boat",
}  # fmt: skip


def seasons_of(days: Iterable[date]) -> list[Season]:
    """The season that each day lies in, '' for none; the weightier one where two overlap.

    The windows are wide, from the first offers to the goods that come back: a shop's own peak lies somewhere in them.
    """
    return [_of_year(day.year).get(day, "") for day in days]


@lru_cache(maxsize=64)
def _of_year(year: int) -> Mapping[date, Season]:
    found: dict[date, Season] = {}
    for season, first, last in sorted(_windows(year), key=lambda one: -SEASONS.index(one[0])):
        found |= {first + timedelta(days=n): season for n in range((last - first).days + 1)}
    return found


def _windows(year: int) -> Iterator[tuple[Season, date, date]]:
    for season, (first, last) in _FIXED.items():
        yield season, date(year, *first), date(year, *last)
    for day, season in _moving(year):
        before, after = _MOVED[season]
        yield season, day - timedelta(days=before), day + timedelta(days=after)


def _moving(year: int) -> Iterator[tuple[date, Season]]:
    """Days that the moon, the week or the government sets; New Year's of the next year reaches back into this one."""
    import holidays

    yield date(year, 1, 1), "new_year"
    yield date(year + 1, 1, 1), "new_year"
    yield _weekday(year, 5, 6, 2), "mothers_day"
    yield _weekday(year, 11, 3, 4) + timedelta(days=1), "black_friday"
    for day, name in holidays.country_holidays("TW", years=year, language="en_US").items():
        yield day, "holiday"
        if name in _NAMES:
            yield day, _NAMES[name]


def _weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The month's `number`-th Monday (0) … Sunday (6)."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
