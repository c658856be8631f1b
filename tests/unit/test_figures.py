"""Verdicts on a figure: better or worse, met or not, or nothing that could be said."""

from __future__ import annotations

import pytest

from kpi_toolkit.analysis.figures import Earlier, Figure


def figure(metric: str, value: float | None = 100, status: str = "ok", **more: object) -> Figure:
    return Figure(metric=metric, value=value, status=status, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "change", "status", "verdict"),
    [
        ("revenue", 0.2, "ok", "better"),
        ("revenue", -0.2, "ok", "worse"),
        ("cpa", 0.2, "ok", "worse"),
        ("cpa", -0.2, "ok", "better"),
        ("spend", 0.2, "ok", ""),  # more spend is neither good nor bad
        ("revenue", 0.009, "ok", ""),  # less than one per cent
        ("revenue", 0.01, "ok", "better"),
        ("cpa", 0.2, "too few", ""),
        ("revenue", None, "ok", ""),
    ],
)
def test_a_change_is_judged_by_the_metrics_direction(
    metric: str, change: float | None, status: str, verdict: str
) -> None:
    assert figure(metric, status=status).verdict(Earlier(value=80, change=change)) == verdict


@pytest.mark.parametrize(
    ("metric", "target", "met"),
    [("revenue", 100, True), ("revenue", 101, False), ("cpa", 100, True), ("cpa", 99, False), ("spend", 100, None), ("revenue", None, None)],
)  # fmt: skip
def test_a_target_is_met_by_the_metrics_direction(metric: str, target: float | None, met: bool | None) -> None:
    assert figure(metric, target=target).met is met


def test_a_target_in_another_currency_is_not_judged_by() -> None:
    foreign = figure("revenue", currency="USD", target=90, target_currency="TWD")
    assert foreign.foreign and foreign.met is None and foreign.reached is None


def test_last_year_weighs_more_than_last_month() -> None:
    month, year = Earlier(value=90, change=0.1), Earlier(value=110, change=-0.1)
    assert figure("revenue", previous=month, last_year=year).judged is year
    assert figure("revenue", previous=month).judged is month
