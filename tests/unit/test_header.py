"""Header cells: one key for many spellings; the row that they stand in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_toolkit.sources import header

KNOWN = {header.key(cell) for cell in ("Campaign", "Cost", "Impr.", "日期", "花費金額")}


@pytest.mark.parametrize(
    ("cell", "plain", "currency"),
    [
        ("花費金額 (TWD)", "花費金額", "TWD"), ("花費金額（TWD）", "花費金額", "TWD"), ("Amount spent (usd)", "amount spent", "USD"), ("Cost (USD) ", "cost", "USD"),
        ("CPM（每千次廣告曝光成本） (TWD)", "cpm(每千次廣告曝光成本)", "TWD"), ("CTR（全部）", "ctr(全部)", None), ("CTR（連結點閱率）", "ctr(連結點閱率)", None), ("Clicks (all)", "clicks (all)", None),
        ("Clicks (Destination)", "clicks (destination)", None), ("Search lost IS (budget)", "search lost is (budget)", None), ("Campaign (ABC)", "campaign (abc)", None), ("\ufeffDay", "day", None),
        ("  Ad   set\u3000name ", "ad set name", None), ("ＣＯＳＴ", "cost", None), ("金額(含稅)", "金額(含稅)", None), ("", "", None),
    ],
)  # fmt: skip
def test_a_header_cell_has_one_key_and_gives_its_currency(cell: str, plain: str, currency: str | None) -> None:
    assert header.key(cell) == plain
    assert header.split_currency(cell)[1] == currency


@given(st.text(max_size=40))
def test_a_key_is_its_own_key_unless_a_second_currency_stands_in_it(cell: str) -> None:
    first = header.key(cell)
    assert header.key(first) == first or header.split_currency(first)[1] is not None or first != unicodedata.normalize("NFKC", first)  # fmt: skip
    assert first == first.strip()
    assert "  " not in first


@given(st.text("ABCdef 日期花費", min_size=1, max_size=12), st.sampled_from([" ", "  ", "\u3000", "\u00a0", "\ufeff"]))
def test_width_case_and_spaces_make_no_difference(cell: str, around: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalpha() else letter for letter in cell)
    assert header.key(f"{around}{cell.upper()}{around}") == header.key(cell) == header.key(wide)


@given(
    st.lists(st.lists(st.sampled_from(["", "A", "2026-11-01", "Campaign"]), min_size=1, max_size=5), max_size=25),
    st.integers(2, 5),
)
def test_the_header_is_the_first_row_with_two_known_names(rows: list[list[str]], names: int) -> None:
    top = ["Campaign", "Cost", "Impr.", "日期", "花費金額 (TWD)"][:names]
    found = header.find_row([*rows, top, ["1", "2", "3"]], KNOWN)
    assert found == len(rows)


def test_one_known_name_twice_is_no_header() -> None:
    assert header.find_row([["Campaign", "Campaign"], ["Cost", "x"]], KNOWN) is None


def test_a_header_too_far_down_is_not_found() -> None:
    rows = [["note"]] * header.SEARCHED_ROWS
    assert header.find_row([*rows, ["Campaign", "Cost"]], KNOWN) is None
    assert header.find_row([*rows[1:], ["Campaign", "Cost"]], KNOWN) == header.SEARCHED_ROWS - 1


def test_the_fullest_row_stands_in_where_no_name_is_known() -> None:
    assert header.widest_row([["title"], ["a", "b", "c"], ["1", "2", "3"]]) == 1
    assert header.widest_row([]) == 0
