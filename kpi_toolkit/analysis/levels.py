"""Where a daily series moves to another level and stays there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kpi_toolkit.analysis.seasonality import LEAST_VARIATION, Floats, Usual, spread

BEFORE, AFTER, LEAST_AFTER = 28, 14, 7
_LEAST_BEFORE: Final = 14
# What honest causes move a level by, and the least that is worth telling.
_HONEST: Final = 1.1
LEAST_TIMES: Final = 1.4
# From so many days on, a series shows how much it wanders.
_LONG: Final = 90
# Looks at a month: of the weeks before and behind one day and the next, nearly all are the same.
_LOOKS: Final = 6
_MOST: Final = 8
# A day counts for no more than so many times the level around it, and the medians move by so much of what the means do.
_TAMED: Final = 2.0
_MEDIANS: Final = 0.6
# Of the days behind a shift, so many lie on its side; a spike's don't.
_SIDE: Final = 0.7


@dataclass(frozen=True, kw_only=True)
class Shift:
    """From position `at` on the level is `times` what it was; `p` is the chance of it in a month in order."""

    at: int
    times: float
    p: float


def shifts(values: Floats, usual: Usual, level: float) -> list[Shift]:
    """The shifts that no honest month has, at `level`, in the order of days."""
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = np.where(usual.factor > 0.1, values / usual.factor, np.nan)
    found: list[Shift] = []
    while len(found) < _MOST and (one := _strongest(flat, usual, level, {shift.at for shift in found})):
        found.append(one)
        flat = np.concatenate([flat[: one.at], flat[one.at :] / one.times])
    return sorted(found, key=lambda one: one.at)


def _strongest(flat: Floats, usual: Usual, level: float, known: set[int]) -> Shift | None:
    """The most improbable shift that is one: a step, not a slope or a spike."""
    moved, varies = _changes(flat, usual)
    if not np.isfinite(moved).any():
        return None
    p = _chance(moved, varies)
    for at in np.argsort(p, kind="stable"):
        if not p[at] <= level:
            return None
        if abs(moved[at]) >= np.log(LEAST_TIMES) and at not in known and _steps(flat, int(at), moved[at]):
            return Shift(at=int(at), times=float(np.exp(moved[at])), p=float(p[at]))
    return None


def _chance(moved: Floats, varies: Floats) -> Floats:
    from scipy.stats import norm

    error = np.sqrt(varies)
    if np.isfinite(moved).sum() >= _LONG:
        error = np.fmax(error, float(spread(moved)))
    far = np.maximum(np.abs(moved) - np.log(_HONEST), 0) / error
    return np.nan_to_num(2 * norm.sf(far), nan=1.0) * _LOOKS


def _changes(flat: Floats, usual: Usual) -> tuple[Floats, Floats]:
    """The change of level (a logarithm) at each position, and its variance; NaN where too little is known on a side."""
    tamed = np.clip(flat, 0, _TAMED * np.maximum(usual.level, 0))
    before, seen_before = _means(tamed, -BEFORE)
    after, seen_after = _means(tamed, AFTER)
    enough = (seen_before >= _LEAST_BEFORE) & (seen_after >= LEAST_AFTER) & (before > 0)
    least = 0.02 * float(np.nanmedian(usual.level))
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.log(np.maximum(after, least) / np.maximum(before, least))
        varies = sum(np.maximum(usual.noise * np.maximum(mean, least) ** -0.5, LEAST_VARIATION**2) / seen for mean, seen in ((before, seen_before), (after, seen_after)))  # fmt: skip
    grows = (1 + usual.echo) / (1 - usual.echo) * usual.tails**2
    return np.where(enough, moved, np.nan), np.asarray(varies * grows)


def _means(values: Floats, reach: int) -> tuple[Floats, Floats]:
    """The mean of the known ones of `reach` days from each on (before each, if negative), and their number."""
    known = np.isfinite(values)
    sums, counts = (np.concatenate([[0.0], np.cumsum(one)]) for one in (np.nan_to_num(values), known))
    here = np.arange(len(values))
    there = np.clip(here + reach, 0, len(values))
    low, high = np.minimum(here, there), np.maximum(here, there)
    seen = counts[high] - counts[low]
    with np.errstate(divide="ignore", invalid="ignore"):
        return (sums[high] - sums[low]) / seen, seen


def _steps(flat: Floats, at: int, moved: float) -> bool:
    """Whether most days behind lie on the shift's side of the middle, and the step remains when a slope is allowed for."""
    before, after = (one[np.isfinite(one)] for one in (flat[max(0, at - BEFORE) : at], flat[at : at + AFTER]))
    typical, least = float(np.median(before)), 0.02 * float(np.median(before))
    if np.mean((after > typical * np.exp(moved / 2)) == (moved > 0)) < _SIDE:
        return False
    if np.log(max(float(np.median(after)), least) / max(typical, 1e-12)) * np.sign(moved) < _MEDIANS * abs(moved):
        return False
    return _step_beside_slope(flat[max(0, at - BEFORE) : at + AFTER], min(at, BEFORE)) * np.sign(moved) >= abs(moved) / 2  # fmt: skip


def _step_beside_slope(values: Floats, at: int) -> float:
    """The step at `at` of logarithms that also have a slope, by least squares."""
    place = np.arange(len(values))
    known = np.isfinite(values)
    heights = np.log(np.maximum(values[known], 0.1 * np.median(values[known]) + 1e-12))
    design = np.column_stack([np.ones(known.sum()), place[known], place[known] >= at])
    return float(np.linalg.lstsq(design, heights, rcond=None)[0][2])
