"""The Numenta Anomaly Benchmark: its scoring rules against its own published scores, and our detector against others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.nab.__main__ import markdown, table
from benchmarks.nab.corpus import corpus
from benchmarks.nab.detectors import DAY, DETECTORS, novelty, windowed_gaussian
from benchmarks.nab.scorer import PROFILES, Series, normalised, optimised, probation, score, worth

# results/windowedGaussian/windowedGaussian_<profile>_scores.csv of github.com/numenta/NAB, at its threshold of 1.0.
PUBLISHED = {
    "exchange-2_cpc_results.csv": (-1.0, -1.0, -2.0),
    "exchange-2_cpm_results.csv": (-2.0, -2.0, -4.0),
    "exchange-3_cpc_results.csv": (2.50266326119, 2.39266475507, 2.50266326119),
    "exchange-3_cpm_results.csv": (0.862098587352, 0.862098587352, 0.862098587352),
    "exchange-4_cpc_results.csv": (0.292288463428, -0.147680769569, -0.707711536572),
    "exchange-4_cpm_results.csv": (1.27471036268, 0.944710362685, 0.274710362685),
}
OTHERS = ("windowed Gaussian (NAB's own)", "rolling median ± MAD", "STL (statsmodels)")


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[Series]:
    return corpus(shared_data / "nab")


def hours(count: int, *windows: tuple[int, int]) -> Series:
    times = np.datetime64("2026-10-01T00", "us") + np.arange(count) * np.timedelta64(1, "h")
    return Series(name="made", times=times, values=np.ones(count), windows=[(times[a], times[b]) for a, b in windows])


def at(count: int, *rows: int) -> np.ndarray:
    return np.isin(np.arange(count), rows)


def test_the_published_scores_of_nabs_own_detector_are_found_again(real: list[Series]) -> None:
    assert [len(one.windows) for one in real] == [1, 2, 3, 1, 3, 4]
    for one in real:
        found = windowed_gaussian(one) >= 1.0
        scores = [score(one, found, profile) for profile in PROFILES.values()]
        assert scores == pytest.approx(PUBLISHED[one.name.split("/")[1]], abs=1e-9), one.name


def test_ours_is_better_than_all_others_in_every_profile(real: list[Series]) -> None:
    found = table(real, {name: DETECTORS[name] for name in ("this project", *OTHERS)})
    for profile in PROFILES:
        ours = found["this project"][profile]
        assert all(ours > found[other][profile] + 5 for other in OTHERS), markdown(found)
    assert found["this project"]["standard"] == pytest.approx(78.4, abs=0.1)


def test_a_score_takes_nothing_from_later_rows(real: list[Series]) -> None:
    whole = real[3]
    scores, cut = novelty(whole), 1000
    changed = whole.values.copy()
    changed[cut:] = changed[cut:][::-1] * 7
    early = novelty(Series(name="", times=whole.times, values=changed))
    assert (early[:cut] == scores[:cut]).all()
    assert (early[cut:] != scores[cut:]).any()


def test_a_detection_is_worth_most_at_the_left_edge_and_costs_behind_the_right_one() -> None:
    assert worth(np.array([-1.0, -0.5, 0.0, 1.0, 3.1])) == pytest.approx([0.98661, 0.84828, 0, -0.98661, -1], abs=1e-5)


def test_the_first_rows_do_not_count() -> None:
    assert (probation(1000), probation(1009), probation(10_000)) == (150, 151, 750)
    one = hours(100, (40, 49))
    assert score(one, at(100, 14, 40), PROFILES["standard"]) == pytest.approx(1.0)
    assert score(one, at(100, 15, 40), PROFILES["standard"]) == pytest.approx(1.0 - 0.11)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), -1.0),
        ((40,), 1.0),
        ((40, 44, 49), 1.0),  # the earliest alone counts
        ((44,), (2 / (1 + np.exp(-3)) - 1) / 0.986614),
        ((20, 40), 1.0 - 0.11),
        ((20, 21), -1.0 - 0.22),
        ((58,), -1.0 - 0.11 * 0.986614),  # one window's width behind it
    ],
)
def test_a_window_is_scored_as_by_hand(rows: tuple[int, ...], expected: float) -> None:
    assert score(hours(100, (40, 49)), at(100, *rows), PROFILES["standard"]) == pytest.approx(expected, abs=1e-5)


def test_one_threshold_is_chosen_for_all_series_and_the_null_detector_has_0_the_perfect_one_100() -> None:
    some, standard = [hours(100, (40, 49)), hours(100, (70, 79), (90, 95))], PROFILES["standard"]
    perfect = [at(100, 40) * 1.0, at(100, 70, 90) * 1.0]
    assert normalised(optimised(some, perfect, standard).raw, some, standard) == pytest.approx(100)
    nothing = [np.full(100, 0.5)] * 2
    assert normalised(optimised(some, nothing, standard).raw, some, standard) == 0
    best = optimised(some, [at(100, 40) * 0.9 + at(100, 60) * 0.5, at(100, 70) * 0.6], standard)
    assert (best.threshold, best.raw) == (0.6, pytest.approx(1.0))


def test_what_goes_on_is_told_once_a_day() -> None:
    chance = np.random.default_rng(20261101)
    one = hours(40 * DAY)
    values = np.exp(chance.normal(0, 0.1, len(one.times)))
    values[30 * DAY : 30 * DAY + 6] *= [30, 9, 4, 2, 2, 2]
    told = novelty(Series(name="", times=one.times, values=values))[30 * DAY : 31 * DAY]
    assert told[0] > 15
    assert (told[1:] == 0).all()
