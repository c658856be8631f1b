"""The detectors that are held against each other: each gives a score a row, from that row and earlier ones alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

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


def stl_forecast(series: Series) -> Floats:
    """statsmodels' robust STL of up to four weeks, made anew each day: how many MADs of its remainders a row is from the
    trend and the day's course that it goes on with."""
    from statsmodels.tsa.seasonal import STL

    found = np.zeros(len(series.values))
    for at in range(3 * DAY, len(found), DAY):
        window, ahead = series.values[max(0, at - 4 * WEEK) : at], series.values[at : at + DAY]
        fit = STL(window, period=DAY, robust=True).fit()
        usual = fit.trend[-1] + fit.seasonal[-DAY:][: len(ahead)]
        found[at : at + DAY] = np.abs(ahead - usual) / (1.4826 * np.median(np.abs(fit.resid)) or 1e-6)
    return found


def novelty(series: Series) -> Floats:
    """This project's, as it is (kpi_toolkit.analysis.seasonality)."""
    from kpi_toolkit.analysis import seasonality

    hours = series.times.astype("datetime64[h]").astype(np.int64) % DAY
    return seasonality.novelty(series.values, hours)


DETECTORS: Mapping[str, Callable[[Series], Floats]] = {
    "this project": novelty,
    "windowed Gaussian (NAB's own)": windowed_gaussian,
    "rolling median ± MAD": rolling_median,
    "STL (statsmodels)": stl_forecast,
    "matrix profile (stumpy)": matrix_profile,
}
