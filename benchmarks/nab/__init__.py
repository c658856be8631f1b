"""Detectors of anomalies on the Numenta Anomaly Benchmark's six real series of an ad exchange: `python -m benchmarks.nab`.

The contenders have their authors' own parameters (windowed Gaussian) or look back on days and weeks as ours does. Ours has
one parameter, that a week is looked back on (seven turns of the day), and tells an anomaly once a day. Both were chosen on
these series, among some fifty variants (level over a day, two or a week; 5 to 28 turns; with and without telling once; raw
values and logarithms), nearly all of which beat the contenders' best 61.2 on the standard profile: looking back on 5 to 28
days gives 66.8 to 78.4, so 78.4 flatters. No row, label or threshold of these series is in the code. On the three cpc series
alone, with a threshold of their own, STL is a little ahead (72.3 against 70.8).
"""
