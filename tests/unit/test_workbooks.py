"""Sheets of a workbook: those of one header are one table, and what has no column in it is told by its row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.sources.reading import inspect, read

TOP = ["Day", "Campaign", "Cost (TWD)", "Impr."]
MORE = "{} more cells than the header, and the text beyond the last column was not read: {}"


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def days(month: int, count: int) -> list[list[Any]]:
    return [[f"2026-{month}-{day:02}", "A", 10, 100] for day in range(1, count + 1)]


def warned(path: Path) -> list[str]:
    report = inspect(path)
    assert report.error is None, report.error.say("en")
    return [text.say("en") for text in report.warnings]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ([], [], []),
        ([], [""], []),
        (["a note"], [], [MORE.format("1 row has", "row 2")]),
        ([], ["a note"], [MORE.format("1 row has", "row 7")]),
        ([], ["", 5], [MORE.format("1 row has", "row 7")]),
        (["a note"], ["another"], [MORE.format("2 rows have", "rows 2, 7")]),
    ],
    ids=["nothing", "an empty cell", "in the first", "in the second", "a figure, further away", "in both"],
)
def test_what_stands_beyond_the_columns_of_stacked_sheets_is_told(
    tmp_path: Path, first: list[Any], second: list[Any], told: list[str]
) -> None:
    one, two = days(10, 5), days(11, 3)
    one[0] += first
    two[0] += second
    path = workbook(tmp_path / "a.xlsx", October=[TOP, *one], November=[TOP, *two])
    assert warned(path) == told
    assert inspect(path).totals == {"spend": 8 * 10, "impressions": 8 * 100}


def test_sheets_that_begin_in_other_columns_meet_by_their_names(tmp_path: Path) -> None:
    shifted = [["", TOP[0], TOP[1], "", *TOP[2:]], *(["x", day, name, "", *rest] for day, name, *rest in days(11, 2))]
    path = workbook(tmp_path / "a.xlsx", October=[TOP, *days(10, 5)], November=shifted)
    assert warned(path) == [MORE.format("2 rows have", "rows 7, 8")]
    frame = pd.read_parquet(read(path, tmp_path, salt="s").tables["ads_daily"])
    assert [str(day)[5:10] for day in frame["date_day"]][-3:] == ["10-05", "11-01", "11-02"]
    assert (frame["spend"].tolist(), set(frame["campaign_name"])) == ([10] * 7, {"A"})


def test_sheets_in_different_currencies_are_not_one_table(tmp_path: Path) -> None:
    dollars = [[*TOP[:2], "Cost (USD)", "Impr."], *days(11, 3)]
    path = workbook(tmp_path / "a.xlsx", October=[TOP, *days(10, 5)], November=dollars)
    assert warned(path) == ["sheets that were not read: November"]
    assert (inspect(path).currency, inspect(path).totals["spend"]) == ("TWD", 5 * 10)
