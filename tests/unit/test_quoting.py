"""Quoting for SQL: one function, which every room above the tables uses, and which DuckDB reads back as it was."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_toolkit.tables.quoting import literal


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_is_read_back_as_the_text_that_it_was(words: str) -> None:
    assert duckdb.execute(f"SELECT {literal(words)}").fetchone() == (words,)


@pytest.mark.parametrize("room", ["tables", "agreement", "store", "metrics"])
def test_no_room_quotes_in_a_way_of_its_own(root: Path, room: str) -> None:
    doubling = """.replace("'", "''")"""
    own = [
        file.name for file in sorted((root / "kpi_toolkit" / room).glob("*.py")) if doubling in file.read_text("utf-8")
    ]
    assert own == (["quoting.py"] if room == "tables" else [])
