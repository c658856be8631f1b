"""Web analytics' and video exports: their figures, and pages of several tables that are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]


def test_ga4_overview_pages_with_many_tables_are_refused(tmp_path: Path, table: Put) -> None:
    block = "# Start date: 20261101\n# End date: 20261130\nSession primary channel group (Default Channel Group),Sessions\nOrganic Search,10\n"
    error = inspect(table(tmp_path / "data-export.csv", f"# ----\n# Report CSV Export\n{block}\n{block}")).error
    assert error is not None
    assert "several tables" in error.say("en")


@pytest.mark.parametrize(
    "second",
    [
        "\nSession source / medium,Sessions\ngoogle / organic,10\n",
        "Session source / medium,Sessions\ngoogle / organic,10\n",
        "\nCountry,Active users\nTaiwan,9\n",
        "\nPage title and screen class,Some new metric\nHome,9\n",
        "\nPage title,Views,Active users,Event count\nHome,9,8,7\n",
        "\n國家/地區,活躍使用者\n台灣,9\n",
    ],
)
def test_ga4_second_tables_without_hash_lines_are_refused_too(tmp_path: Path, second: str, table: Put) -> None:
    first = "# Start date: 20261101\n# End date: 20261130\nSession primary channel group (Default Channel Group),Sessions\nOrganic Search,10\nDirect,5\n"
    error = inspect(table(tmp_path / "data-export.csv", first + second)).error
    assert error is not None
    row = 6 if second[0] != "\n" else 7
    assert f"several tables (an overview page's export, another begins at row {row})" in error.say("en")
    assert "-> export a single report" in error.say("en")


def test_ga4_dimensions_without_figures_are_no_second_table(tmp_path: Path, table: Put, whole: Look) -> None:
    rows = "Organic Search,google / organic,10\n(other),(data not available),(not set)\nDirect,(direct) / (none),--\n"
    text = f"# Start date: 20261101\n# End date: 20261130\nSession default channel group,Session source / medium,Sessions\n{rows}"
    assert whole(table(tmp_path / "a.csv", text)).totals == {"sessions": 10}


def test_ga4_nth_day_counts_from_the_start_date_and_rows_may_begin_with_a_hash(
    tmp_path: Path, table: Put, whole: Look, kept: Kept
) -> None:
    text = (
        "# Start date: 20261101\n# End date: 20261103\nNth day,Sessions,Key events\n0000,100,1\n0001,120,2\n0002,90,0\n"
    )
    report = whole(table(tmp_path / "a.csv", text))
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2026-11-01", "2026-11-03", "day")
    assert report.totals == {"sessions": 100 + 120 + 90, "key_events": 1 + 2 + 0}
    pages = "# Start date: 20261101\n# End date: 20261103\nLanding page,Sessions\n#1001,40\n(not set),2\n(other),3\n"
    path = table(tmp_path / "b.csv", pages)
    assert whole(path).totals == {"sessions": 40 + 2 + 3}
    assert kept(path, tmp_path, "sessions")["landing_page"].tolist() == ["#1001", "(not set)", "(other)"]


def test_youtube_zip_reads_the_table_and_names_the_rest(tmp_path: Path, whole: Look, kept: Kept, said: Said) -> None:
    path = tmp_path / "Content 2026-11-01_2026-12-01 demo.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "Chart data.csv",
            'Date,Content,Video title,Video publish time,Duration,Views\n2026-11-01,abc,開箱,"Nov 1, 2026",420,10\n',
        )
        archive.writestr("Table data.csv", "Content,Video title,Video publish time,Duration,Views,Watch time (hours)\nTotal,,,,30,1.5\nabc,開箱,\"Nov 1, 2026\",420,20,1\ndef,教學,\"Nov 2, 2026\",0:02:24,10,0.5\n")  # fmt: skip
        archive.writestr("Totals.csv", "Date,Views\n2026-11-01,10\n")
    report = whole(path)
    assert (report.source, report.rows_kept, report.dropped) == ("youtube_studio", 2, {"total row": 1})
    assert report.totals == {"views": 20 + 10, "watch_hours": 1 + 0.5}
    assert "not read: Chart data.csv, Totals.csv; if you need them, unpack the zip and import them one by one" in said(
        report
    )
    assert kept(path, tmp_path, "content")["duration_seconds"].tolist() == [420, 2 * 60 + 24]
