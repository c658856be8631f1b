"""Anomalies of daily series: what is found, what is left in peace, and what the companions say of the cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_toolkit.analysis.anomalies import Anomaly, Kind, Watched, anomalies
from kpi_toolkit.analysis.likely_causes import AnomalyCause, ranked_causes
from kpi_toolkit.analysis.seasons import SEASONS, seasons_of
from kpi_toolkit.checks.anomaly_causes import ANOMALY_CAUSES, KINDS, SEASON_NAMES

LUNAR_NEW_YEARS = [pd.Timestamp(2024, 2, 10), pd.Timestamp(2025, 1, 29), pd.Timestamp(2026, 2, 17)]


def counts(chance: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Counts whose variance is `dispersion` times their mean."""
    return chance.poisson(chance.gamma(mean / (dispersion - 1), dispersion - 1)).astype(float)


def plain(seed: int = 1, days: int = 120, a_day: float = 100, dispersion: float = 2, first: str = "2026-05-22") -> pd.Series:  # fmt: skip
    """A shop's daily counts with a rhythm of weekdays, over days of few seasons."""
    chance, index = np.random.default_rng(seed), pd.date_range(first, periods=days)
    weekdays = np.array([1.1, 1.0, 0.95, 1.0, 1.1, 0.8, 0.9])
    return pd.Series(counts(chance, a_day * weekdays[index.day_of_week], dispersion), index=index)


def honest(chance: np.random.Generator) -> pd.Series:
    """A month to a year of counts or money, small or large, that grow or shrink, wander, keep weekdays and have seasons."""
    days = int(chance.choice([35, 62, 92, 150, 240, 400]))
    index = pd.date_range(pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=int(chance.integers(0, 700))), periods=days)
    growth = chance.uniform(-0.15, 0.4) / max(1, days / 120)
    mean = np.exp(chance.uniform(np.log(4), np.log(3000)) + np.log1p(growth) * np.arange(days) / 30)
    mean *= np.exp(chance.normal(0, chance.uniform(0.02, 0.35), 7))[index.day_of_week] * wandering(chance, days)
    mean *= seasons(chance, index)
    if chance.random() < 0.4:
        values = mean * np.exp(chance.normal(0, chance.uniform(0.03, 0.3), days)) * chance.uniform(1, 50)
    else:
        values = counts(chance, mean, chance.choice([1.05, 2, 3, 5]))
    if chance.random() < 0.3:
        values[chance.random(days) < 0.06] = np.nan
    return pd.Series(values, index=index)


def wandering(chance: np.random.Generator, days: int) -> np.ndarray:
    echo, size, height = chance.uniform(0, 0.7), chance.uniform(0.02, 0.22), np.zeros(days)
    for day in range(1, days):
        height[day] = echo * height[day - 1] + chance.normal(0, size * np.sqrt(1 - echo**2))
    return np.exp(height)


def seasons(chance: np.random.Generator, index: pd.DatetimeIndex) -> np.ndarray:
    """Peaks on 11/11 and 12/12, more sales before Lunar New Year and fewer during it."""
    times = np.ones(len(index))
    for year in (2024, 2025, 2026):
        for month, day, peak in ((11, 11, chance.uniform(1.3, 6)), (12, 12, chance.uniform(1.1, 2.5))):
            away = (index - pd.Timestamp(year, month, day)).days.to_numpy()
            times *= 1 + (peak - 1) * np.exp(-0.5 * (away / chance.uniform(0.6, 2)) ** 2)
    for new_year in LUNAR_NEW_YEARS:
        away = (index - new_year).days.to_numpy()
        times *= np.where((away >= -14) & (away < -2), chance.uniform(1, 1.6), 1)
        times *= np.where((away >= -2) & (away < 5), chance.uniform(0.3, 0.9), 1)
    return times


def changed(series: pd.Series, first: int, last: int | None, times: float) -> pd.Series:
    whole = series.copy()
    whole.iloc[first:last] = np.round(whole.iloc[first:last] * times)
    return whole


def unseasonal(watched: Watched) -> list[Anomaly]:
    return [one for one in watched.found if not one.season]


def recall(change: Callable[[pd.Series], pd.Series], kinds: set[str], day: int, near: int = 3) -> float:
    """In how many of 40 shops (100 a day, variance twice the mean) the change is found, within `near` days of its first day."""
    found = 0
    for seed in range(40):
        whole = change(plain(seed, dispersion=2))
        right = [one for one in anomalies(whole).found if one.kind in kinds and abs((one.start - whole.index[day].date()).days) <= near]  # fmt: skip
        found += bool(right)
    return found / 40


def test_honest_months_raise_next_to_nothing_without_a_season() -> None:
    chance, months, told = np.random.default_rng(20261117), 0.0, 0
    for _ in range(150):
        watched = anomalies(series := honest(chance))
        months += len(series) / 30 if watched.status == "ok" else 0
        told += len({(one.start.year, one.start.month) for one in unseasonal(watched)})
    assert months > 600
    assert told / months <= 0.01, f"{told} of {months:.0f} series-months"


@pytest.mark.parametrize(
    ("times", "last", "kinds", "least"),
    [
        (1.5, None, {"level up"}, 0.85),
        (2, None, {"level up"}, 0.95),
        (3, None, {"level up"}, 0.95),
        (0.6, None, {"level down"}, 0.95),
        (1.6, 101, {"spike"}, 0.2),
        (2, 101, {"spike"}, 0.6),
        (3, 101, {"spike"}, 0.95),
        (2, 103, {"spike"}, 0.95),
        (0.4, 103, {"drop"}, 0.95),
        (0, 101, {"outage"}, 0.95),
        (0, 104, {"outage"}, 0.95),
    ],
)
def test_what_happened_is_found(times: float, last: int | None, kinds: set[str], least: float) -> None:
    assert recall(lambda one: changed(one, 100, last, times), kinds, 100) >= least


def test_a_shop_without_anything_has_nothing_found() -> None:
    assert sum(bool(unseasonal(anomalies(plain(seed)))) for seed in range(100)) <= 2


def test_an_outage_says_what_was_due_and_what_came() -> None:
    whole = changed(plain(3), 100, 104, 0)
    (found,) = anomalies(whole).found
    assert (found.kind, found.start, found.end) == ("outage", whole.index[100].date(), whole.index[103].date())
    assert (found.observed, found.times) == (0, 0)
    assert found.expected == pytest.approx(plain(3).iloc[100:104].sum(), rel=0.15)
    assert found.p < 1e-6


def test_a_level_says_what_its_days_would_have_had_before() -> None:
    (found,) = anomalies(changed(plain(4), 80, None, 2)).found
    assert (found.kind, found.end) == ("level up", date(2026, 9, 18))
    assert abs((found.start - date(2026, 8, 10)).days) <= 2
    assert found.times == pytest.approx(2, rel=0.15)


def test_a_level_of_ten_days_is_a_spike_told_once() -> None:
    (found,) = anomalies(changed(plain(5), 70, 80, 3)).found
    assert found.kind == "spike"
    assert abs((found.end - found.start).days - 9) <= 2


def test_growth_is_no_level() -> None:
    for seed in range(20):
        grown = plain(seed) * np.exp(np.log(1.35) * np.arange(120) / 30)
        assert unseasonal(anomalies(grown)) == []


def test_what_lies_in_a_season_says_so() -> None:
    peak = plain(6, days=100, first="2026-08-20")
    peak.loc["2026-11-10":"2026-11-11"] *= 4
    (found,) = anomalies(peak).found
    assert (found.kind, found.season) == ("spike", "double_eleven")
    assert ranked_causes(found, "orders", {})[0].cause == "season"


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2026-11-11", "double_eleven"), ("2026-02-17", "lunar_new_year"), ("2025-01-28", "lunar_new_year"), ("2026-09-25", "mid_autumn"),
        ("2025-10-06", "mid_autumn"), ("2026-06-19", "dragon_boat"), ("2026-05-10", "mothers_day"), ("2026-11-27", "black_friday"),
        ("2026-12-31", "new_year"), ("2026-10-10", "holiday"), ("2026-07-15", ""), ("2026-03-25", ""),
    ],
)  # fmt: skip
def test_seasons_of_taiwan(day: str, season: str) -> None:
    assert seasons_of([date.fromisoformat(day)]) == [season]


@pytest.mark.parametrize(("days", "lacking"), [(0, 28), (1, 27), (27, 1)])
def test_a_short_series_says_how_much_it_lacks(days: int, lacking: int) -> None:
    assert anomalies(plain(days=120).iloc[:days]) == Watched(status="too few", lacking=lacking)


def test_gaps_do_not_count_as_days() -> None:
    gaps = plain(days=40)
    gaps.iloc[5:20] = np.nan
    assert anomalies(gaps) == Watched(status="too few", lacking=3)


@pytest.mark.parametrize("a_day", [0, 0.3, 1])
def test_too_little_a_day_is_told_not_judged(a_day: float) -> None:
    series = plain(days=200, a_day=a_day) if a_day else plain(days=200) * 0
    assert anomalies(series) == Watched(status="too few", lacking=None)


def test_a_shop_that_is_open_on_weekends_alone_is_no_series_of_outages() -> None:
    for seed in range(20):
        weekend = plain(seed, a_day=300)
        weekend[weekend.index.day_of_week < 5] = 0
        assert anomalies(weekend) == Watched(status="ok")
    shut = weekend.copy()
    shut.iloc[100:107] = 0
    assert [one.kind for one in anomalies(shut).found] == ["outage"]


def test_the_same_budget_every_day_is_in_order_and_a_stop_is_not() -> None:
    budget = pd.Series(1500.0, index=pd.date_range("2026-05-22", periods=60))
    assert anomalies(budget).found == ()
    assert [one.kind for one in anomalies(changed(budget, 50, 53, 0)).found] == ["outage"]


def test_missing_days_are_not_known_and_zeros_are() -> None:
    whole = plain(7)
    missing = whole.drop(whole.index[100:104])
    assert anomalies(missing).found == ()
    assert [one.kind for one in anomalies(missing.reindex(whole.index).fillna(0)).found] == ["outage"]
    odd = whole.copy()
    odd.iloc[[50, 51]] = [np.inf, -np.inf]
    assert anomalies(odd).found == ()


def test_times_of_day_and_several_rows_a_day_are_days() -> None:
    whole = changed(plain(8), 100, 102, 3)
    halves = pd.concat([whole / 2, (whole / 2).set_axis(whole.index + pd.Timedelta(hours=15))])
    assert anomalies(halves) == anomalies(whole)
    assert anomalies(whole.set_axis([day.date() for day in whole.index])) == anomalies(whole)


def test_since_leaves_out_what_ended_before() -> None:
    whole = changed(changed(plain(9), 60, 62, 4), 100, 102, 4)
    both = anomalies(whole).found
    assert len(both) == 2
    assert anomalies(whole, since=both[1].end).found == both[1:]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.001, 1e6), st.randoms(use_true_random=False))
def test_neither_the_unit_nor_the_order_of_rows_matters(seed: int, unit: float, order: object) -> None:
    whole = changed(honest(np.random.default_rng(seed)), -12, -10, 3)
    before = whole.copy()
    places = list(range(len(whole)))
    order.shuffle(places)  # type: ignore[attr-defined]
    found, turned = anomalies(whole), anomalies((whole * unit).iloc[places])
    pd.testing.assert_series_equal(whole, before)
    assert found.status == turned.status
    assert [(one.kind, one.start, one.end) for one in found.found] == [(one.kind, one.start, one.end) for one in turned.found]  # fmt: skip
    assert [one.observed * unit for one in found.found] == pytest.approx([one.observed for one in turned.found])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1e7), st.just(0.0)), min_size=0, max_size=120))
def test_any_series_gets_an_answer(values: list[float | None]) -> None:
    series = pd.Series([np.nan if one is None else one for one in values], index=pd.date_range("2026-05-22", periods=len(values)), dtype=float)  # fmt: skip
    watched = anomalies(series)
    for one in watched.found:
        assert one.start <= one.end
        assert 0 <= one.p <= 0.01
        assert one.expected >= 0 and one.observed >= 0
        assert (one.kind in ("spike", "level up")) == (one.observed > one.expected)


def companions(**times: float) -> dict[str, pd.Series]:
    """Series beside it, each multiplied on days 100 to 104."""
    sizes = {"spend": 20_000, "clicks": 800, "sessions": 650, "conversions": 60, "orders": 45, "revenue": 60_000}
    return {name: changed(plain(seed, a_day=size), 100, 105, times.get(name, 1)) for seed, (name, size) in enumerate(sizes.items())}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "times", "cause"),
    [
        ("conversions", {"conversions": 0}, "tracking"),
        ("sessions", {"sessions": 0, "conversions": 0}, "tracking"),
        ("conversions", {"conversions": 2.5}, "tracking"),
        ("clicks", {"clicks": 0, "spend": 0, "sessions": 0.3, "conversions": 0.2, "orders": 0.6}, "budget"),
        (
            "clicks",
            {"clicks": 2.5, "spend": 2.5, "sessions": 2.2, "conversions": 2, "orders": 1.8, "revenue": 1.8},
            "budget",
        ),
        ("orders", {"orders": 3, "revenue": 2.7, "conversions": 3, "sessions": 1.8}, "promotion"),
        ("orders", {"orders": 0, "revenue": 0, "conversions": 0, "sessions": 0}, "site_down"),
        ("orders", {"orders": 0.1, "revenue": 0.1, "conversions": 0.1}, "offer"),
        ("clicks", {"clicks": 4, "sessions": 2}, "junk_traffic"),
        ("spend", {"spend": 3}, "price"),
    ],
)
def test_the_companions_rank_the_causes(of: str, times: dict[str, float], cause: str) -> None:
    beside = companions(**times)
    found = next(one for one in anomalies(beside[of]).found if one.start == date(2026, 8, 30))
    ranked = ranked_causes(found, of, beside)  # type: ignore[arg-type]
    assert ranked[0].cause == cause, ranked
    assert all(0 < one.weight <= 1 for one in ranked)


def test_a_level_is_held_against_the_days_before_it() -> None:
    beside = {name: changed(plain(n, a_day=500), 90, None, 2) for n, name in enumerate(("clicks", "spend"))}
    (found,) = anomalies(beside["clicks"]).found
    assert ranked_causes(found, "clicks", beside)[0].cause == "budget"  # type: ignore[arg-type]


def test_without_companions_nothing_is_ranked() -> None:
    found = anomalies(changed(plain(2), 100, 104, 0)).found[0]
    assert ranked_causes(found, "conversions", {}) == []
    short = plain(3).iloc[95:]
    assert ranked_causes(found, "conversions", {"clicks": short, "spend": short.iloc[:0]}) == []


def test_every_cause_kind_and_season_has_a_name() -> None:
    assert set(ANOMALY_CAUSES) == set(get_args(AnomalyCause))
    assert set(KINDS) == set(get_args(Kind))
    assert {*SEASON_NAMES, ""} == set(SEASONS)


def test_a_year_takes_a_moment() -> None:
    from time import process_time

    series = plain(days=400)
    anomalies(series)
    started = process_time()
    for _ in range(5):
        anomalies(series)
    assert (process_time() - started) / 5 < 0.05


def test_the_day_before_the_last_can_be_told() -> None:
    whole = changed(plain(11), 117, None, 0)
    assert [(one.kind, one.end) for one in anomalies(whole).found] == [("outage", (whole.index[0] + timedelta(days=119)).date())]  # fmt: skip
