"""Runs of a few days whose sum is strange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.seasonality import Floats, Usual

# A single day, a weekend, a week …; what lasts longer than two weeks is a level.
LENGTHS: Final = (1, 2, 3, 5, 7, 10, 14)
# What honest causes move a few days by, and the least that is worth telling.
_HONEST: Final = 1.1
_LEAST_TIMES: Final = 1.6
# And it has to be as much as that part of a usual day.
_LEAST_DAYS: Final = 0.6
# Looks at a month: runs overlap, so there are fewer than days times lengths.
_LOOKS: Final = 60
_TINY: Final = 1e-300


@dataclass(frozen=True, kw_only=True)
class Run:
    """Days `first` to `last` (positions, both included), what they have and should have, and the chance of it in a month."""

    first: int
    last: int
    expected: float
    observed: float
    p: float


def strange_runs(values: Floats, usual: Usual, level: float) -> list[Run]:
    """The runs of up to two weeks that no honest month has, at `level`; they don't overlap, and neighbours are one."""
    expected = np.where(np.isfinite(values), usual.expected, np.nan)
    found: list[Run] = []
    taken = np.zeros(len(values), bool)
    for run in sorted(_candidates(values, expected, usual, level), key=lambda one: (one.p, one.last - one.first)):
        if not taken[run.first : run.last + 1].any():
            taken[run.first : run.last + 1] = True
            found.append(run)
    return _joined(sorted(found, key=lambda one: one.first), values, expected)


def _candidates(values: Floats, expected: Floats, usual: Usual, level: float) -> Iterator[Run]:
    typical = float(np.nanmedian(usual.level))
    for length in LENGTHS:
        if length > len(values):
            return
        seen, due, varies = (_sums(one, length) for one in (values, expected, np.where(np.isfinite(values), usual.variance, np.nan)))  # fmt: skip
        p = chance(seen, due, varies * _together(usual.echo, length), usual.tails) * _LOOKS
        far = (np.abs(seen - due) >= _LEAST_DAYS * typical) & ((seen >= _LEAST_TIMES * due) | (seen * _LEAST_TIMES <= due))  # fmt: skip
        for first in np.nonzero(far & (p <= level) & _full(values, length))[0]:
            yield Run(first=int(first), last=int(first) + length - 1, expected=float(due[first]), observed=float(seen[first]), p=float(p[first]))  # fmt: skip


def chance(seen: Floats, due: Floats, variance: Floats, tails: float) -> Floats:
    """The chance of sums so far from what is due, either way, if honest causes moved it by a tenth."""
    from scipy.special import gammainc, gammaincc, ndtr, ndtri

    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(due > 0, variance / due, 1.0)  # as it were, one thing of a count
        more = gammaincc(np.maximum(due * _HONEST / step, _TINY), np.maximum(seen / step - 0.5, 0))
        fewer = gammainc(np.maximum(due / _HONEST / step, _TINY), np.maximum(seen / step + 0.5, 0))
    p = np.clip(np.nan_to_num(2 * np.fmin(more, fewer), nan=1.0), _TINY, 1.0)
    # A normal variable as strange as that, its tails as long as the series'.
    return p if tails <= 1 else np.asarray(2 * ndtr(ndtri(p / 2) / tails))


def _sums(values: Floats, length: int) -> Floats:
    """The sum of `length` days from each on, of those that are known."""
    whole = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    return whole[length:] - whole[:-length]


def _full(values: Floats, length: int) -> NDArray[np.bool_]:
    """Whether the first and last day of each run are known, and two thirds of them."""
    known = np.isfinite(values)
    enough = _sums(known.astype(float), length) * 3 >= 2 * length
    return np.asarray(enough & known[: len(known) - length + 1] & known[length - 1 :])


def _together(echo: float, length: int) -> float:
    """How many times more a sum of days varies that go with each other, than one of days that don't."""
    apart = np.arange(1, length)
    return float(1 + 2 * ((1 - apart / length) * echo**apart).sum())


def _joined(runs: Sequence[Run], values: Floats, expected: Floats) -> list[Run]:
    """The runs, those that follow on each other in the same direction as one."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and run.first <= last.last + 2 and (run.observed > run.expected) == (last.observed > last.expected):
            span = slice(last.first, run.last + 1)
            found[-1] = Run(first=last.first, last=run.last, expected=float(np.nansum(expected[span])), observed=float(np.nansum(values[span])), p=min(last.p, run.p))  # fmt: skip
        else:
            found.append(run)
    return found
