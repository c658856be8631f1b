"""Sentences in two languages: placeholders, and English words that follow a number."""

from __future__ import annotations

import pytest

from kpi_toolkit.i18n import Text

ROWS = Text(zh="{count} 列不完整", en="{count:,} {count:row is|rows are} incomplete")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 rows are incomplete"), (1, "1 row is incomplete"), (2, "2 rows are incomplete"), (1200, "1,200 rows are incomplete")],
)  # fmt: skip
def test_english_tells_one_from_many_and_chinese_does_not(count: int, said: str) -> None:
    assert ROWS.fill(count=count).say("en") == said
    assert ROWS.fill(count=count).say("zh-TW") == f"{count} 列不完整"


def test_a_bar_in_a_value_is_only_a_bar() -> None:
    assert Text(zh="{name} 列", en="{name} rows").fill(name="a|b {x}").say("en") == "a|b {x} rows"
