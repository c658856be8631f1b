"""Figures more regular than chance: what is found in them, and the honest look-alikes that stay in peace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import pytest

from kpi_toolkit.analysis.digits import chance_of_digits, last_digits
from kpi_toolkit.analysis.regularity import chance_of_so_even, constant_share, evenness, repeated, rounded
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of

IDS = ("constant_ratio", "too_even", "repeated_block", "written_digits")
DAYS = list(OCTOBER.each_day())
Figures = Mapping[str, np.ndarray]


def chance(seed: int, *, mean: float = 300.0, ctr: float = 0.02, spread: float = 3.0) -> dict[str, np.ndarray]:
    """A month as chance has it: over-dispersed clicks out of impressions, conversions out of clicks, a fixed price a click."""
    rng = np.random.default_rng(seed)
    shown = rng.gamma(9, mean / ctr / 9, len(DAYS)).round()
    clicks = rng.poisson(rng.gamma(shown * ctr / (spread - 1), spread - 1)).astype(float)
    return {"impressions": shown, "clicks": np.minimum(clicks, shown), "conversions": rng.binomial(clicks.astype(int), 0.04).astype(float), "spend": clicks * 8}  # fmt: skip


def export(figures: Figures, campaign: str = "BC", **more: object) -> list[dict[str, object]]:
    return [
        {"source": "meta_ads", "campaign_name": campaign, "date_day": day} | {name: float(values[at]) for name, values in figures.items()} | more
        for at, day in enumerate(DAYS)
    ]  # fmt: skip


def report(figures: Figures, campaign: str = "BC", *, days: int = 1, **more: object) -> list[dict[str, object]]:
    """The same as a vendor's report of days, or of spans of `days`."""
    rows: list[dict[str, object]] = []
    for at in range(0, len(DAYS) - days + 1, days):
        start, end = DAYS[at], DAYS[at] + timedelta(days=days - 1)
        span: dict[str, object] = {"grain": "day" if days == 1 else "period", "date_day": start if days == 1 else None, "period_start": start, "period_end": end}  # fmt: skip
        rows += [{"platform": "meta_ads", "campaign_name": campaign, "metric": name, "value": float(values[at : at + days].sum())} | span | more for name, values in figures.items()]  # fmt: skip
    return rows


def checked(case: Case, detector: str) -> Checked:
    return examined(case, [DETECTORS[detector]])[0]


def look(case: Case) -> set[str]:
    return {one.detector.id for one in examined(case, [DETECTORS[name] for name in IDS]) if one.verdict == "look"}


@pytest.mark.parametrize("seed", range(12))
def test_months_as_chance_has_them_stay_clear(seed: int) -> None:
    honest = chance(seed, mean=(20, 150, 900)[seed % 3], spread=1.3 + seed / 4)
    ads = export(honest) + export(chance(seed + 100, mean=60), "BC_2")
    assert look(case_of({"ads_daily": ads, "vendor_claims": report(honest)})) == set()


def with_constant_ctr(figures: dict[str, np.ndarray], days: int = 31) -> dict[str, np.ndarray]:
    clicks = figures["clicks"].copy()
    clicks[:days] = (figures["impressions"][:days] * 0.0213).round()
    return figures | {"clicks": clicks}


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        (with_constant_ctr(chance(1)), True),
        (with_constant_ctr(chance(2), days=14), True),  # the rest of the month as it came
        (with_constant_ctr(chance(3), days=2), False),
        (chance(4), False),
        # A fixed price for a thousand impressions, and every click a conversion of the same worth: that is how they are bought.
        ({**chance(5), "spend": chance(5)["impressions"] * 0.12, "conversions": chance(5)["clicks"]}, False),
        ({name: np.round(values, -2) for name, values in chance(6).items()}, False),  # rounded to the hundred
        ({"impressions": np.zeros(31), "clicks": np.zeros(31)}, False),
    ],
)
def test_constant_ratio(figures: Figures, found: bool) -> None:
    for tables in (
        {"ads_daily": export(figures)},
        {"ads_daily": export(chance(50), "BC_2"), "vendor_claims": report(figures)},
    ):
        result = checked(case_of(tables), "constant_ratio")
        assert (result.verdict == "look") == found


def test_at_stake_is_what_the_campaign_cost_and_who_says_it_is_named() -> None:
    figures = with_constant_ctr(chance(1))
    case = case_of({"ads_daily": export(chance(50), "BC_2"), "vendor_claims": report(figures)})
    (finding,) = checked(case, "constant_ratio").findings
    assert finding.observation.vendor == "beichen"
    assert float(finding.observation.amount or 0) == pytest.approx(figures["spend"].sum(), rel=0.02)
    assert "廠商報告" in finding.says.say("zh-TW")


@pytest.mark.parametrize(
    ("clicks", "found"),
    [
        (np.random.default_rng(1).integers(297, 304, 31), True),
        (np.full(31, 307.0), True),
        (np.full(31, 300.0), False),  # rounded to the hundred, for all one knows
        (np.random.default_rng(1).poisson(300, 31), False),
        (np.full(31, 1.0), False),  # too small to vary
        (np.full(31, 300.0) + 40 * np.random.default_rng(2).normal(size=31).round(), False),
    ],
)
def test_too_even(clicks: np.ndarray, found: bool) -> None:
    figures = chance(9) | {"clicks": clicks.astype(float)}
    assert (checked(case_of({"ads_daily": export(figures)}), "too_even").verdict == "look") == found


def test_a_budget_may_hold_spend_as_even_as_it_likes() -> None:
    assert look(case_of({"ads_daily": export(chance(10) | {"spend": np.full(31, 3000.0)})})) == set()


def copied(figures: dict[str, np.ndarray], days: int, to: int = 14) -> dict[str, np.ndarray]:
    found = {name: values.copy() for name, values in figures.items()}
    for values in found.values():
        values[to : to + days] = values[:days]
    return found


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        (copied(chance(11), 7), True),
        (copied(chance(12), 4), True),
        (chance(13), False),
        (copied(chance(14, mean=3), 2), False),  # small figures come back by themselves
        ({name: np.full(31, 50.0) for name in ("impressions", "clicks")}, False),  # what never moves says nothing by coming back
    ],
)  # fmt: skip
def test_repeated_block(figures: Figures, found: bool) -> None:
    assert (checked(case_of({"ads_daily": export(figures)}), "repeated_block").verdict == "look") == found


def test_the_same_days_in_two_campaigns_are_found_but_not_an_account_beside_its_only_campaign() -> None:
    figures = chance(15)
    twice = case_of({"ads_daily": export(figures, "BC_1") + export(figures, "BC_2")})
    assert checked(twice, "repeated_block").verdict == "look"
    beside = case_of({"ads_daily": export(chance(16), "BC_9"), "vendor_claims": report(figures, "BC_1") + report(figures, "")})  # fmt: skip
    assert checked(beside, "repeated_block").verdict == "clear"


@pytest.mark.parametrize(
    ("step", "share", "found"),
    [(1, 1.0, False), (5, 0.9, True), (5, 0.05, False), (10, 1.0, False), (1000, 1.0, False)],
)
def test_written_digits(step: int, share: float, found: bool) -> None:
    figures = chance(17, mean=900)
    chosen = np.random.default_rng(3).random(31) < share
    made = {name: np.where(chosen, np.round(values / step) * step, values) for name, values in figures.items()}
    assert (checked(case_of({"ads_daily": export(made)}), "written_digits").verdict == "look") == found


def test_weeks_are_too_few_alone_and_enough_with_history() -> None:
    weekly = case_of({"ads_daily": export(chance(18), "BC_2")[:3], "vendor_claims": report(with_constant_ctr(chance(19)), days=7)})  # fmt: skip
    assert checked(weekly, "constant_ratio").verdict == "too few"
    assert all(need.say("zh-TW") for need in checked(weekly, "constant_ratio").needs)


def test_totals_other_months_and_other_vendors_are_kept_apart() -> None:
    bad, good = with_constant_ctr(chance(20)), chance(21)
    total = case_of({"ads_daily": export(good), "vendor_claims": report(bad, "", is_total=True)})
    assert checked(total, "constant_ratio").verdict == "clear"
    both = case_of(
        {"ads_daily": export(good, vendor="other") + export(bad)}, vendors=({}, {"id": "other", "name": {"zh": "另一家", "en": "Another"}})
    )  # fmt: skip
    assert [one.observation.vendor for one in checked(both, "constant_ratio").findings] == ["beichen"]


def test_the_arithmetic_of_awkward_arrays() -> None:
    nothing = np.array([])
    unknown = np.full(31, np.nan)
    for counts, bases in (
        (nothing, nothing),
        (unknown, unknown),
        (np.zeros(31), np.zeros(31)),
        (np.ones(31), np.ones(31)),
    ):
        assert constant_share(counts, bases)[0] == 1.0
        assert chance_of_so_even(*evenness(counts, np.zeros(len(counts), dtype=np.int64), np.ones(len(counts)))) == 1.0
        assert repeated({"clicks": counts}, {"clicks": counts}, None)[0] == 1.0
    assert repeated({}, {}, None)[0] == 1.0
    assert not rounded(nothing)
    assert chance_of_digits(last_digits(nothing)) == 1.0


def test_probabilities_hold_under_chance() -> None:
    """Under the least variance that chance allows, hardly any is small: they are minimum-effect tests."""
    rng = np.random.default_rng(22)
    small: Sequence[float] = []
    for _ in range(300):
        shown = rng.gamma(20, 500, 31).round()
        clicks = rng.poisson(shown * 0.01).astype(float)
        even = chance_of_so_even(*evenness(clicks, np.arange(31) % 7, np.ones(31)))
        small = [*small, constant_share(clicks, shown)[0], even, chance_of_digits(rng.integers(0, 10, 90))]
    assert min(small) > 1e-3
