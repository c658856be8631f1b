"""Periods: what may be written for one, and what a wrong one is told."""

from __future__ import annotations

import pytest

from kpi_toolkit.errors import UsageError
from kpi_toolkit.periods import parse_period


def test_a_period_that_is_the_wrong_way_round_is_told_how_it_should_be() -> None:
    with pytest.raises(UsageError) as found:
        parse_period("2026-10-15..2026-10-01")
    told = "2026-10-15..2026-10-01: the period ends before it starts -> turn it around: 2026-10-01..2026-10-15"
    assert found.value.message("en") == told
    assert found.value.message("zh-TW").endswith(" → 請對調：2026-10-01..2026-10-15")


@pytest.mark.parametrize("words", ["2026-10..2026-01", "2026-13", "2026-W54", "2026-02-29", "october", ""])
def test_what_is_no_period_is_told_the_spellings(words: str) -> None:
    with pytest.raises(UsageError) as found:
        parse_period(words)
    assert repr(words) in found.value.message("en")
    assert "2026-10-01..2026-10-15" in found.value.message("zh-TW")
