"""The rhythm of things that come one by one: bursts in it, how even its gaps are, and what comes while people sleep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf
from statistics import fmean, pstdev
from typing import Final

_HOUR: Final = timedelta(hours=1)
# An hour in which so many times as many come as in one of a day's busier twelve hours.
_TIMES: Final = 8
_LEAST: Final = 8
# So many at one moment, with nothing around them, were taken in together: an import, not a rush.
_TOGETHER: Final = 3
_AROUND: Final = timedelta(minutes=30)


def one_by_one(times: Sequence[datetime]) -> list[int]:
    """The places of those times that aren't part of an import: of several at one moment with nothing near them."""
    alike = Counter(times)
    moments = sorted(alike)
    lonely = {
        moment
        for before, moment, after in zip([None, *moments], moments, [*moments[1:], None], strict=False)
        if (before is None or moment - before > _AROUND) and (after is None or after - moment > _AROUND)
    }
    return [at for at, one in enumerate(times) if alike[one] < _TOGETHER or one not in lonely]


def bursts(times: Sequence[datetime], days: int) -> list[list[int]]:
    """The hours in which far more came than over so many `days` usually do: each as the places in `times` (sorted), by time."""
    least = max(_LEAST, _TIMES * len(times) / (days * 12))
    found: list[list[int]] = []
    start, last = 0, -1
    for at, when in enumerate(times):
        while times[start] <= when - _HOUR:
            start += 1
        if at - start + 1 < least:
            continue
        if found and start <= last:
            found[-1] = [*range(found[-1][0], at + 1)]
        else:
            found.append([*range(start, at + 1)])
        last = at
    return found


def unevenness(times: Sequence[datetime]) -> float:
    """The deviation of the gaps between sorted times ÷ their mean: about 1 where people come by chance, 0 for a clock's; inf for
    fewer than 10 gaps, or where all came at once."""
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
    mean = fmean(gaps) if len(gaps) >= 10 else 0.0
    return pstdev(gaps) / mean if mean > 0 else inf


def clockwork(times: Sequence[datetime]) -> tuple[int, int]:
    """The gap, in whole seconds, that comes most often between sorted times, and how often: of half a minute or more."""
    gaps = (round((after - before).total_seconds()) for before, after in pairwise(times))
    common = Counter(gap for gap in gaps if gap >= 30).most_common(1)
    return common[0] if common else (0, 0)


def asleep(when: datetime) -> bool:
    """Whether it is between 1 and 6 in the morning."""
    return 1 <= when.hour < 6


def daily(times: Sequence[datetime], *, evenings: bool = False) -> bool:
    """Whether the hours fall as people's do in their own time zone: two fifths by day, from 9 to 17, and few in the night; with
    `evenings`, of those that aren't in the night, a quarter in the forenoon and some after work.

    An account in another zone moves a day's work into the night, and empties the day or the evening.
    """
    awake = [when.hour for when in times if not asleep(when)]
    by_day, evening = (sum(start <= hour < end for hour in awake) for start, end in ((9, 17), (18, 24)))
    if evenings:
        return len(awake) >= 10 and by_day >= 0.25 * len(awake) and evening >= 0.12 * len(awake)
    return by_day >= 0.4 * len(times) and len(times) - len(awake) <= 0.15 * len(times)
