"""`metrics`: the long table as JSON, CSV and a table; data never steer the terminal or a sheet."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


@pytest.fixture
def metrics(run: Run) -> Run:
    """`metrics` of October in a folder."""
    return lambda folder, *more: run("metrics", "--client", "acme", "--period", "2026-10", *more, cwd=folder)


def test_metrics_give_the_long_table_as_json(folder: Path, metrics: Run) -> None:
    done = metrics(folder, "--metric", "spend,cpc", "--metric", "reach", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["metric"]: row for row in json.loads(done.stdout)}
    assert set(rows) == {"spend", "cpc", "reach"}
    spend = {"period_start": "2026-10-01", "period_end": "2026-10-31", "numerator": 300, "denominator": None, "value": 300, "status": "ok"}  # fmt: skip
    assert rows["spend"].items() >= spend.items()
    assert rows["cpc"].items() >= {"numerator": 300, "denominator": 30, "value": 10}.items()
    assert rows["reach"]["value"] is None
    assert rows["reach"]["status"] == "no data"
    assert list(rows["spend"])[:3] == ["metric", "period_start", "period_end"]
    assert "NaN" not in done.stdout


def test_metrics_by_groups_given_together_or_one_by_one(folder: Path, metrics: Run) -> None:
    together = metrics(folder, "--metric", "spend", "--by", "vendor,day", "--format", "json")
    one_by_one = metrics(folder, "--metric", "spend", "--by", "vendor", "--by", "day", "--format", "json")
    assert together.stdout == one_by_one.stdout
    rows = [(row["period_start"], row["vendor"], row["value"]) for row in json.loads(together.stdout)]
    assert sorted(rows) == [("2026-10-01", "", 100), ("2026-10-02", "beichen", 200)]


def test_metrics_beside_earlier_periods(folder: Path, metrics: Run) -> None:
    (row,) = json.loads(metrics(folder, "--metric", "spend", "--compare", "--format", "json").stdout)
    assert row.keys() >= {"value_previous", "change_previous", "value_last_year", "change_last_year", "comparison"}
    assert row["change_previous"] is None
    assert row["comparison"]


def test_rows_that_do_not_say_their_group_are_one_with_its_figure(folder: Path, metrics: Run) -> None:
    by_vendor = ("--metric", "spend,revenue", "--by", "vendor")
    lines = [line.split("  ") for line in metrics(folder, *by_vendor).stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert ["Ad spend", "(no vendor)", "2026-10-01 – 2026-10-31", "NT$100"] in [line[:4] for line in cells]
    assert [line[:2] for line in cells if line[:1] == ["Revenue"]] == [["Revenue", "2026-10-01 – 2026-10-31"]]
    assert "（未標示廠商）" in metrics(folder, *by_vendor, "--lang", "zh-TW").stdout


def test_csv_disarms_formulas_and_control_characters(folder: Path, metrics: Run) -> None:
    done = metrics(folder, "--metric", "spend", "--by", "campaign", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert sorted(row["campaign"] for row in rows) == [" [31mBC_red[bold]", '\'=HYPERLINK("http://evil","x")']
    assert {float(row["value"]) for row in rows} == {100.0, 200.0}


def test_a_hostile_name_never_reaches_the_terminal(folder: Path, metrics: Run) -> None:
    for form in ("table", "csv", "json"):
        done = metrics(folder, "--metric", "spend", "--by", "campaign", "--format", form)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "BC_red[bold]" in done.stdout, "markup stays text"
    names = [row["campaign"] for row in json.loads(done.stdout)]
    assert "\x1b[31mBC_red[bold]" in names, "JSON keeps the name as it is, escaped"


def test_tables_speak_the_readers_language(folder: Path, metrics: Run) -> None:
    assert "NT$300" in metrics(folder, "--metric", "spend").stdout
    assert "廣告花費" in metrics(folder, "--metric", "spend", "--lang", "zh-TW").stdout
    head = metrics(folder, "--metric", "spend", "--by", "vendor,currency", "--lang", "zh-TW").stdout.splitlines()[1]
    assert head.split() == ["指標", "廠商", "幣別", "期間", "數值", "筆數", "說明"]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_client_without_any_file_is_an_error_that_says_what_to_do(
    tmp_path: Path, metrics: Run, agreement: str, one_line_error: Callable[[Ran, int], str], form: str
) -> None:
    (tmp_path / "clients/acme").mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    (tmp_path / "clients/acme/client.yaml").write_text(agreement, encoding="utf-8")
    told = one_line_error(metrics(tmp_path, "--format", form), 1)
    assert "clients/acme/data: this client has no files yet -> put the exports into this folder" in told
    (tmp_path / "clients/acme/data").mkdir()
    told = one_line_error(metrics(tmp_path, "--format", form, "--lang", "zh-TW"), 1)
    assert "clients/acme/data: 這個客戶還沒有任何檔案 → 請把匯出的報表放進這個資料夾" in told


def test_a_file_that_cannot_be_read_is_named_and_the_code_is_1(folder: Path, tmp_path: Path, run: Run) -> None:
    shutil.copytree(folder, tmp_path / "ws")
    (tmp_path / "ws/clients/acme/data/holiday.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = run("metrics", "--client", "acme", "--period", "2026-10", "--metric", "spend", "--format", "json", cwd=tmp_path / "ws")  # fmt: skip
    assert done.returncode == 1
    (row,) = json.loads(done.stdout)
    assert row["value"] == 300, "the other file's figures are given"
    (told,) = done.stderr.splitlines()
    assert told.startswith("error: holiday.csv: ")
