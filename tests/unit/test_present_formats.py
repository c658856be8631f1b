"""Numbers as people read them, and names that vendors chose."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_toolkit.present import formats, labels


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "NT$0", "NT$0"),
        (8.4, "NT$8.4", "NT$8.4"),
        (1_234_567, "NT$1,234,567", "NT$1,234,567"),
        (-1_200, "−NT$1,200", "−NT$1,200"),
    ],
)
def test_money_is_written_with_its_sign(value: float, zh: str, en: str) -> None:
    assert formats.money(value, "TWD", "zh-TW") == zh
    assert formats.money(value, "TWD", "en") == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (9_999, "NT$9,999", "NT$9,999"),
        (12_345, "NT$1.2\u00a0萬", "NT$12.3K"),
        (1_286_000, "NT$128.6\u00a0萬", "NT$1.29M"),
        (12_345_678, "NT$1,235\u00a0萬", "NT$12.3M"),
        (152_345_678, "NT$1.52\u00a0億", "NT$152.3M"),
    ],
)
def test_large_amounts_are_rounded_to_what_one_remembers(value: float, zh: str, en: str) -> None:
    assert formats.money(value, "TWD", "zh-TW", compact=True) == zh
    assert formats.money(value, "TWD", "en", compact=True) == en


def test_other_currencies_keep_their_cents() -> None:
    assert formats.money(1234.5, "USD", "en") == "US$1,234.50"
    assert formats.money(5, "XAU", "en") == "XAU 5.00"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.123, "+12.3%"), (-0.31, "−31%"), (0.0004, "±0%"), (-0.0004, "±0%"), (12.5, "> +900%"), (0.2, "+20%")],
)
def test_changes_carry_their_sign(value: float, said: str) -> None:
    assert formats.change(value, "zh-TW") == said


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_no_value_is_a_dash_and_never_zero(value: float | None) -> None:
    assert formats.number(value, "money", "zh-TW") == "–"


@pytest.mark.parametrize(
    ("unit", "value", "zh", "en"),
    [
        ("money", 3200, "NT$3,200", "NT$3,200"),
        ("count", 12.5, "12.5", "12.5"),
        ("ratio", 0.0213, "2.1%", "2.1%"),
        ("ratio", 0.0042, "0.42%", "0.42%"),
        ("times", 4.523, "4.52\u00a0倍", "4.52×"),
        ("hours", 3.25, "3.2\u00a0小時", "3.2\u00a0h"),
    ],
)
def test_every_unit_has_its_form(unit: str, value: float, zh: str, en: str) -> None:
    kind = formats.kind_of(unit)
    assert formats.number(value, kind, "zh-TW") == zh
    assert formats.number(value, kind, "en") == en


def test_dates_are_written_out() -> None:
    assert formats.day(date(2026, 10, 3), "zh-TW") == "2026年10月3日"
    assert formats.day(date(2026, 10, 3), "en") == "Oct 3, 2026"


def test_names_lose_what_would_turn_or_break_the_line() -> None:
    assert labels.plain("a\u202eb\x00c\nd  e") == "ab c d e"
    assert labels.plain("<b>{{7*7}}</b>") == "<b>{{7*7}}</b>"


def test_short_names_count_chinese_twice_and_tell_of_the_cut() -> None:
    assert labels.short("麥田小舖", 8) == "麥田小舖"
    assert labels.short("麥田小舖烘焙", 8) == "麥田小…"
    assert labels.columns(labels.short("很長" * 200, 40)) <= 40


def test_an_emoji_is_not_left_half() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert not labels.short(f"{'a' * 35}{family}", 38).rstrip("…").endswith("\u200d")


@pytest.mark.parametrize(("value", "said"), [(-0.004, "−0.4\u00a0pt"), (0.0014, "+0.14\u00a0pt"), (-2.04, "−204\u00a0pt"), (0.0, "±0\u00a0pt"), (0.000001, "±0\u00a0pt")])  # fmt: skip
def test_points_are_rounded_to_what_can_be_read(value: float, said: str) -> None:
    assert formats.number(value, "points", "en") == said
