"""How strange counts are: against statsmodels' quasi-Poisson, against simulation, and at the edges."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_toolkit.analysis.evidence import (
    Spread,
    Tally,
    chance_of_count,
    chance_of_evenness,
    chance_of_fewer,
    chance_of_more,
    power,
    spread_of,
    weeks_needed,
)

POISSON = Spread()


def weeks(counts: list[float], exposure: float = 1.0) -> list[Tally]:
    return [Tally(count=count, exposure=exposure) for count in counts]


def drawn(rng: np.random.Generator, mean: float, factor: float, size: int) -> np.ndarray:
    return rng.negative_binomial(mean / (factor - 1), 1 / factor, size=size)


def test_the_spread_is_statsmodels_pearson_estimate_drawn_towards_two() -> None:
    import statsmodels.api as sm

    counts, exposures = np.array([12, 31, 8, 44, 20, 27, 15, 9]), np.array([90, 110, 80, 120, 95, 105, 100, 70])
    fit = sm.GLM(counts, np.ones(8), family=sm.families.Poisson(), exposure=exposures).fit(scale="X2")
    own = spread_of([Tally(count=float(c), exposure=float(e)) for c, e in zip(counts, exposures, strict=True)])
    assert own.freedom == 7 + 4
    assert own.factor == pytest.approx((fit.pearson_chi2 + 4 * 2.0) / 11)


def test_without_counts_the_spread_is_a_small_shops() -> None:
    assert spread_of([]) == Spread(factor=2.0, freedom=4.0)
    assert spread_of(weeks([0, 0, 0])).factor >= 1


@pytest.mark.parametrize("factor", [1.5, 3.0, 6.0])
def test_honest_months_are_as_rarely_strange_as_the_level_says(factor: float) -> None:
    rng = np.random.default_rng(20261101)
    found = []
    for mean in rng.uniform(6, 400, size=2500):
        counts = drawn(rng, float(mean), factor, 16)
        now, before = (
            Tally(count=float(counts[12:].sum()), exposure=4),
            Tally(count=float(counts[:12].sum()), exposure=12),
        )
        found.append(chance_of_more(now, before, spread_of(weeks(list(map(float, counts[:12]))))))
    assert np.mean(np.array(found) <= 0.05) < 0.075
    assert np.mean(np.array(found) <= 0.001) < 0.004


def test_a_doubling_is_seen_in_large_counts_and_the_stated_power_holds() -> None:
    rng, spread = np.random.default_rng(7), Spread(factor=2.0)
    counts = drawn(rng, 200.0, 2.0, 3000)
    seen = np.mean([chance_of_count(float(one), 100.0, spread) <= 0.001 for one in counts])
    assert seen == pytest.approx(power(100, 2, spread, 0.001), abs=0.02)
    assert power(20, 2, spread, 0.001) < 0.5 < power(100, 2, spread, 0.001)


def test_no_more_than_an_honest_cause_could_make_is_not_strange() -> None:
    now, before = Tally(count=1300, exposure=100), Tally(count=1000, exposure=100)
    assert chance_of_more(now, before, POISSON) < 1e-6
    assert chance_of_more(now, before, POISSON, beyond=1.5) == 1.0
    assert chance_of_count(1300, 1000, POISSON, beyond=1.5) > 0.99
    assert chance_of_fewer(before, now, POISSON) < 1e-6
    assert chance_of_fewer(before, now, POISSON, below=0.7) == 1.0


@pytest.mark.parametrize(
    ("now", "before"),
    [(Tally(count=0, exposure=0), Tally(count=5, exposure=1)), (Tally(count=5, exposure=1), Tally(count=0, exposure=0)), (Tally(count=0, exposure=3), Tally(count=0, exposure=9))],
)  # fmt: skip
def test_nothing_is_said_without_counts_or_exposure(now: Tally, before: Tally) -> None:
    assert chance_of_more(now, before, POISSON) == 1.0
    assert chance_of_fewer(now, before, POISSON) == 1.0


def test_a_rise_from_nothing_is_judged_by_the_exposure_before() -> None:
    now, none = Tally(count=30, exposure=10), Tally(count=0, exposure=100)
    assert chance_of_more(now, none, Spread(factor=2.0, freedom=30)) < 1e-6
    assert chance_of_count(5, 0, POISSON) == 0.0
    assert chance_of_count(0, 0, POISSON) > 0.4


def test_chance_alone_is_not_too_even_and_made_up_figures_are() -> None:
    rng = np.random.default_rng(3)
    exposures = rng.uniform(1000, 3000, size=31)
    honest = [chance_of_evenness([Tally(count=float(c), exposure=float(e)) for c, e in zip(rng.poisson(exposures * 0.02), exposures, strict=True)]) for _ in range(400)]  # fmt: skip
    assert np.mean(np.array(honest) < 0.01) < 0.03
    assert chance_of_evenness([Tally(count=round(e * 0.02), exposure=float(e)) for e in exposures]) < 1e-9
    assert chance_of_evenness(weeks([100.0] * 7)) == 1.0
    assert chance_of_evenness(weeks([1.0] * 31)) == 1.0


def test_the_weeks_needed_are_the_first_that_suffice() -> None:
    spread = Spread(factor=2.0)
    found = weeks_needed(5, 2, spread, 0.001)
    assert found is not None
    assert power(5 * found, 2, spread, 0.001) >= 0.8 > power(5 * (found - 1), 2, spread, 0.001)
    assert weeks_needed(0.05, 1.5, spread, 0.001) is None


TALLIES = st.builds(Tally, count=st.floats(0, 1e6), exposure=st.floats(0, 1e6))
SPREADS = st.builds(Spread, factor=st.floats(1, 50), freedom=st.sampled_from([1.0, 4.0, 30.0, inf]))


@given(TALLIES, TALLIES, SPREADS, st.floats(1, 4))
def test_a_chance_is_a_probability_and_falls_with_the_count(now: Tally, before: Tally, spread: Spread, beyond: float) -> None:  # fmt: skip
    chance = chance_of_more(now, before, spread, beyond=beyond)
    more = chance_of_more(Tally(count=now.count * 1.5 + 1, exposure=now.exposure), before, spread, beyond=beyond)
    assert 0 <= chance <= 1
    assert more <= chance + 1e-12


@given(TALLIES, TALLIES, SPREADS)
def test_the_units_of_exposure_do_not_matter(now: Tally, before: Tally, spread: Spread) -> None:
    scaled = [Tally(count=one.count, exposure=one.exposure * 1024) for one in (now, before)]
    assert chance_of_more(*scaled, spread) == pytest.approx(chance_of_more(now, before, spread), rel=1e-6, abs=1e-12)
