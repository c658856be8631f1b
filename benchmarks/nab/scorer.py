"""NAB's own scoring rules, for the scores of any detector.

After A. Lavin and S. Ahmad, Evaluating Real-Time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark, ICMLA 2015,
and nab/sweeper.py, nab/optimizer.py and nab/runner.py of github.com/numenta/NAB (v1.1), which decide where the paper is
silent: in each window the best (earliest) detection counts, every detection outside costs, the more the farther behind the
last window; rows of the probationary period count for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Window = tuple[np.datetime64, np.datetime64]

PROBATION = 0.15
_LONGEST = 5000


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a detection, a false alarm and a missed window weigh."""

    tp: float = 1.0
    fp: float
    fn: float


PROFILES: Mapping[str, Profile] = {
    "standard": Profile(fp=0.11, fn=1.0),
    "reward_low_FP_rate": Profile(fp=0.22, fn=1.0),
    "reward_low_FN_rate": Profile(fp=0.11, fn=2.0),
}


@dataclass(frozen=True, kw_only=True)
class Series:
    """A labelled series: `windows` are pairs of times, both of them rows of the series."""

    name: str
    times: NDArray[np.datetime64]
    values: Floats
    windows: Sequence[Window] = ()


def probation(rows: int) -> float:
    """How many rows at the beginning do not count."""
    return min(float(np.floor(PROBATION * rows)), PROBATION * _LONGEST)


def worth(position: Floats) -> Floats:
    """What a detection is worth (1 … -1) by its place: -1 is the left edge of a window, 0 the right one, more is behind it."""
    return np.where(position > 3, -1.0, 2 / (1 + np.exp(5 * position)) - 1)


@dataclass(frozen=True)
class _Rows:
    """A series' rows that count: the window they lie in (-1: none), and what a detection there weighs."""

    window: NDArray[np.int64]
    weight: Floats


def _weighed(series: Series, profile: Profile) -> _Rows:
    rows = np.arange(len(series.times))
    window, weight = np.full(len(rows), -1), np.full(len(rows), -profile.fp)
    for number, (first, last) in enumerate(series.windows):
        (left,), (right,) = np.nonzero(series.times == first)[0], np.nonzero(series.times == last)[0]
        width = float(right - left + 1)
        within, behind = (rows >= left) & (rows <= right), rows > right
        window[within] = number
        weight[within] = profile.tp * worth(-(right - rows[within] + 1) / width) / worth(np.array(-1.0))
        weight[behind] = profile.fp * worth((rows[behind] - right) / (width - 1))
    return _Rows(window, weight)


def score(series: Series, found: NDArray[np.bool_], profile: Profile) -> float:
    """The raw score of a series, given the rows on which a detector found an anomaly."""
    rows = _weighed(series, profile)
    counted = np.arange(len(found)) >= probation(len(found))
    total = float(rows.weight[found & counted & (rows.window < 0)].sum())
    for number in np.unique(rows.window[counted & (rows.window >= 0)]):
        hit = rows.weight[found & counted & (rows.window == number)]
        total += float(max(hit.max(), -profile.fn)) if len(hit) else -profile.fn
    return total


@dataclass(frozen=True, kw_only=True)
class Best:
    """The threshold (a score as high as that is a detection) with the best raw score over all series, and that score."""

    threshold: float
    raw: float


def optimised(corpus: Sequence[Series], scores: Sequence[Floats], profile: Profile) -> Best:
    """NAB's choice of the threshold: one for the whole corpus, the one that gives the best score."""
    values, weights, windows = [], [], []
    for number, (series, one) in enumerate(zip(corpus, scores, strict=True)):
        rows, counted = _weighed(series, profile), np.arange(len(one)) >= probation(len(one))
        values.append(np.asarray(one, float)[counted])
        weights.append(rows.weight[counted])
        windows.append(np.where(rows.window < 0, -1, rows.window + 1000 * number)[counted])
    return _swept(np.concatenate(values), np.concatenate(weights), np.concatenate(windows), profile)


def _swept(values: Floats, weights: Floats, windows: NDArray[np.int64], profile: Profile) -> Best:
    """From the highest score down: what each row adds, to the false alarms or to the best detection of its window."""
    order = np.argsort(-values, kind="stable")
    values, weights, windows = values[order], weights[order], windows[order]
    gain = np.where(windows < 0, weights, 0.0)
    names = np.unique(windows[windows >= 0])
    for name in names:
        rows = np.nonzero(windows == name)[0]
        best = np.maximum.accumulate(np.concatenate([[-profile.fn], weights[rows]]))
        gain[rows] = np.diff(best)
    totals = np.cumsum(gain) - profile.fn * len(names)
    ends = np.nonzero(np.append(values[1:] != values[:-1], True))[0]
    nothing = -profile.fn * len(names)
    best_end = ends[np.argmax(totals[ends])]
    if nothing >= totals[best_end]:
        return Best(threshold=np.inf, raw=nothing)
    return Best(threshold=float(values[best_end]), raw=float(totals[best_end]))


def normalised(raw: float, corpus: Sequence[Series], profile: Profile) -> float:
    """0 for a detector that finds nothing, 100 for one that finds every window at once and nothing else."""
    windows = sum(len(series.windows) for series in corpus)
    nothing = -profile.fn * windows
    return 100 * (raw - nothing) / (profile.tp * windows - nothing)
