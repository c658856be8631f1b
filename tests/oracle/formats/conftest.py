"""Small exports as files, and what they are read as."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect, read


@pytest.fixture
def table() -> Callable[..., Path]:
    """Writes a text file."""

    def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook() -> Callable[..., Path]:
    """Writes a workbook of one sheet; texts stay texts."""

    def write(path: Path, rows: list[list[Any]]) -> Path:
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell) if isinstance(cell, str) else sheet.write(number, column, cell)
        book.close()
        return path

    return write


@pytest.fixture
def whole() -> Callable[[Path], LoadReport]:
    """The report of a file that can be read."""

    def look(path: Path) -> LoadReport:
        report = inspect(path)
        assert report.error is None, report.error.say("en")
        return report

    return look


@pytest.fixture
def kept() -> Callable[[Path, Path, str], pd.DataFrame]:
    """The rows that are kept of a file in the canonical table of that name."""

    def rows(path: Path, folder: Path, name: str) -> pd.DataFrame:
        loaded = read(path, folder, salt="salt")
        assert loaded.report.error is None, loaded.report.error.say("en")
        frame = pd.read_parquet(loaded.tables[name])
        return frame[frame["dropped"].isna()] if "dropped" in frame else frame

    return rows


@pytest.fixture
def said() -> Callable[[LoadReport], str]:
    """The report's warnings in English."""
    return lambda report: " | ".join(text.say("en") for text in report.warnings)
