"""The detectors that are held against each other: each gives a score a row, from that row and earlier ones alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.nab.scorer import Floats, Series

# Hours in a day and in a week: the series are hourly.
DAY, WEEK = 24, 168


def windowed_gaussian(series: Series) -> Floats:
    """NAB's own baseline with its own parameters: 1 - the tail probability under the normal distribution of a window of
    6,400 rows, moved by 100 (nab/detectors/gaussian/windowedGaussian_detector.py)."""
    from scipy.stats import norm

    length, step = 6400, 100
    values, found = series.values, np.zeros(len(series.values))
    for at in range(1, len(values)):
        end = at if at <= length else length + (at - length) // step * step
        window = values[max(0, end - length) : end]
        found[at] = 1 - norm.sf(abs(values[at] - window.mean()) / (window.std() or 1e-6))
    return found


def rolling_median(series: Series) -> Floats:
    """How many MADs from the median of the week before."""
    found = np.zeros(len(series.values))
    for at in range(DAY, len(found)):
        window = series.values[max(0, at - WEEK) : at]
        middle = np.median(window)
        found[at] = abs(series.values[at] - middle) / (1.4826 * np.median(np.abs(window - middle)) or 1e-6)
    return found


def matrix_profile(series: Series) -> Floats:
    """stumpy's incremental matrix profile: how far the last day's course is from the nearest one of the past."""
    import stumpy

    length = 2 * DAY
    stream = stumpy.stumpi(series.values[:length].astype(float), m=DAY, egress=False)
    for value in series.values[length:]:
        stream.update(value)
    found = np.zeros(len(series.values))
    profile = np.asarray(stream.left_P_, float)
    found[DAY - 1 :] = np.where(np.isfinite(profile), profile, 0)
    found[:length] = 0
    return found


def stl_residual(series: Series) -> Floats:
    """statsmodels' robust STL of the four weeks up to the row: its remainder in MADs of the remainders before."""
    from statsmodels.tsa.seasonal import STL

    found = np.zeros(len(series.values))
    for at in range(3 * DAY, len(found)):
        window = series.values[max(0, at + 1 - 4 * WEEK) : at + 1]
        rest = STL(window, period=DAY, robust=False).fit().resid
        found[at] = abs(rest[-1]) / (1.4826 * np.median(np.abs(rest[:-1])) or 1e-6)
    return found
