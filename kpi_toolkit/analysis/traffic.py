"""Visits and clicks: whose visits are whose, what a day usually brings, which hours and countries they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.evidence import Spread, Tally, spread_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Paid channels that web analytics doesn't tell by platform, and the platforms whose visits they may hold.
_SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "paid_search": ("google_ads", "pchome_ads"),
    "paid_shopping": ("google_ads",),
    "paid_video": ("google_ads",),
    "display": ("google_ads", "criteo", "pchome_ads", "line_ads"),
    "paid_social": ("meta_ads", "tiktok_ads", "line_ads"),
}
# Where visits land whose tag was lost on the way, and what says nothing.
UNTAGGED: Final = ("", "direct", "referral", "organic_social", "line_oa")
UNPAID: Final = (*UNTAGGED, "organic_search", "organic_video", "organic_shopping", "email", "sms", "affiliates")
NIGHT: Final = (1, 2, 3, 4, 5)
_HOME: Final = frozenset({"台灣", "臺灣", "taiwan", "tw", "twn", "taiwan, province of china", "中華民國", "中華民國（台灣）", "taiwan (roc)", "roc", "r.o.c."})  # fmt: skip
_UNTOLD: Final = frozenset({"", "(not set)", "not set", "unknown", "不明", "未知", "(other)", "--", "zz"})
_HOURS: Final = 24
# Two clocks are the same curve, but for the shift, up to this distance.
_SAME_CURVE: Final = 0.16
_BETTER: Final = 0.5
_WEEK: Final = 7
_LEAST_WEEKS: Final = 4


def parted(platforms: Sequence[str], channels: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Platforms and the channels of their visits, together where a channel may belong to several of them."""
    groups: list[tuple[set[str], set[str]]] = [({one}, {one} & {*channels}) for one in sorted(platforms)]
    for channel in sorted({*channels} & {*_SHARED}):
        owners = [group for group in groups if group[0] & {*_SHARED[channel]}]
        if owners:
            first, *rest = owners
            first[1].add(channel)
            for other in rest:
                first[0].update(other[0])
                first[1].update(other[1])
                groups.remove(other)
    return [(tuple(sorted(names)), tuple(sorted(of))) for names, of in groups]


def tally(counts: Floats, exposures: Floats, days: Flags) -> Tally:
    """Both summed over these days, where both are known."""
    known = days & np.isfinite(counts) & np.isfinite(exposures)
    return Tally(count=float(counts[known].sum()), exposure=float(exposures[known].sum()))


def rate(one: Tally) -> float:
    """Counts for each exposure; NaN without any."""
    return one.count / one.exposure if one.exposure > 0 else float("nan")


def spread_by_week(counts: Floats, exposures: Floats, before: Flags, now: Flags) -> Spread:
    """How far the weeks' rates scatter: those before, or where they are too few those of now."""
    weeks = [one for one in _weeks(counts, exposures, before) if one.exposure > 0]
    if len(weeks) < _LEAST_WEEKS:
        weeks = [one for one in _weeks(counts, exposures, now) if one.exposure > 0]
    return spread_of(weeks)


def _weeks(counts: Floats, exposures: Floats, days: Flags) -> list[Tally]:
    chosen = np.flatnonzero(days)
    parts = np.array_split(chosen, max(len(chosen) // _WEEK, 1)) if len(chosen) else []
    found = []
    for part in parts:
        mask = np.zeros(len(days), dtype=bool)
        mask[part] = True
        found.append(tally(counts, exposures, mask))
    return found


def usual(counts: Floats, weekdays: NDArray[np.int64]) -> Floats:
    """What each day usually brings: the median of the weeks around it (four either way), times its weekday's usual share."""
    import pandas as pd

    series = pd.Series(np.where(counts > 0, counts, np.nan))
    level = series.rolling(8 * _WEEK + 1, center=True, min_periods=5).median()
    shares = (series / level).groupby(weekdays)
    usual_share = shares.transform("median").where(shares.transform("count") >= 3).fillna(1.0)
    return (level * usual_share).to_numpy()


def home(country: str) -> bool | None:
    """Whether a country or region is Taiwan, however it is written; None where nothing is said."""
    name = country.strip().lower()
    return None if name in _UNTOLD else name in _HOME or name.startswith(("台灣", "臺灣"))


def hourly(counts: Mapping[str, float]) -> Floats:
    """Counts of the hours 0 to 23, by the hour as it is written (`9`, `09`, `09:00`, `2026100109`)."""
    found = np.zeros(_HOURS)
    for name, count in counts.items():
        digits = name.strip().split(":")[0]
        if digits.isdigit() and int(digits[-2:]) < _HOURS and np.isfinite(count):
            found[int(digits[-2:])] += count
    return found


def night_surplus(curve: Floats, reference: Floats) -> tuple[float, float, int]:
    """Shares of a day's visits between 1 and 6 a.m.: as seen, and as the reference has it, and the hours that its clock is off.

    A clock counts as off where turning it makes both curves the same; what merely has more at night isn't turned away.
    """
    seen, known = curve / curve.sum(), reference / reference.sum()
    far = [float(np.abs(seen - np.roll(known, shift)).sum() / 2) for shift in range(_HOURS)]
    best = int(np.argmin(far))
    shift = best if far[best] <= _SAME_CURVE and far[best] <= _BETTER * far[0] else 0
    hours = [(hour + shift) % _HOURS for hour in NIGHT]
    return float(seen[hours].sum()), float(np.roll(known, shift)[hours].sum()), shift
