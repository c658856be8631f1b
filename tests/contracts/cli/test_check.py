"""`check`: findings with their words and evidence, and the coverage beside them, for people and for programs."""

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
BOOKS = (
    "日期,廠商,摘要,發票號碼,金額(含稅)\n"
    "2026-09-05,=北辰\x1b[31m數位,代操服務費,AB12345678,31500\n"
    "2026-10-05,=北辰\x1b[31m數位,代操服務費,AB12345678,31500\n"
    "2026-10-06,南方影像,製作費,CD12345678,8000\n"
)
# The vendor of client.yaml is 北辰; its campaign spent 200.
REPORT = '北辰 10月成效報告\n期間,平台,廣告活動,花費,曝光\n2026-10,Google Ads,\x1b[31mBC_red[bold],{spend},"1,000"\n'


@pytest.fixture
def check(folder: Path, tmp_path: Path, run: Run) -> Callable[..., Ran]:
    """`check` of October in a folder whose books hold one invoice twice."""
    own = shutil.copytree(folder, tmp_path / "own", ignore=shutil.ignore_patterns(".kpi"))
    (own / "clients" / "acme" / "data" / "books.csv").write_text(BOOKS, encoding="utf-8")
    return lambda *more: run("check", "--client", "acme", "--period", "2026-10", *more, cwd=own)


def test_check_gives_findings_and_coverage_as_json(check: Run) -> None:
    done = check("--format", "json", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["client"], said["period"]) == ("acme", "2026-10")
    coverage = said["coverage"]
    assert coverage["possible"] == coverage["ran"] + len(coverage["not_run"])
    (found,) = (one for one in said["findings"] if one["detector"] == "duplicate_invoice")
    assert set(found) == {"detector", "system", "verdict", "vendor", "amount", "currency", "title", "says", "innocent", "question", "action", "evidence"}  # fmt: skip
    assert (found["system"], found["verdict"], found["amount"], found["currency"]) == ("S31", "look", 31500, "TWD")
    assert found["says"].startswith("Invoice AB12345678 of")
    assert [(row["doc_date"], row["amount"]) for row in found["evidence"]] == [("2026-09-05", 31500), ("2026-10-05", 31500)]  # fmt: skip


def test_check_for_people_in_their_language_and_harmless_to_the_terminal(check: Run) -> None:
    chinese, english = check("--lang", "zh-TW").stdout, check().stdout
    assert "同一張發票入帳不只一次" in chinese
    assert "可以這樣問: 您好，想請您幫忙核對：發票 AB12345678" in chinese
    assert "One invoice booked more than once" in english
    assert "Harmless causes:" in english
    assert "31,500" in chinese
    assert "\x1b" not in chinese + english


def test_check_as_csv_has_a_row_a_finding_and_no_formula(check: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(check("--format", "csv").stdout)))
    assert [(row["detector"], row["amount"]) for row in rows] == [("duplicate_invoice", "31500.0")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_what_was_not_checked_is_told_beside_the_rest(folder: Path, run: Run) -> None:
    done = run("check", "--client", "acme", "--period", "2026-10", "--lang", "en", cwd=folder)
    assert done.returncode == 0
    assert "Not checked (which does not mean all is well)" in done.stdout
    assert "One invoice booked more than once: data missing (needs data of: Invoices and fees)" in done.stdout


def test_check_of_a_strange_client_or_period_is_one_line(
    folder: Path, run: Run, one_line_error: Callable[[Ran, int], str]
) -> None:
    assert "acme" in one_line_error(run("check", "--client", "acne", "--period", "2026-10", cwd=folder), 2)
    assert "2026-13" in one_line_error(run("check", "--client", "acme", "--period", "2026-13", cwd=folder), 2)


@pytest.mark.parametrize(("spend", "expected"), [("200", []), ("210", []), ("1,260", [1060])])
def test_a_vendors_report_is_held_against_the_export(
    folder: Path, tmp_path: Path, run: Run, spend: str, expected: list[float]
) -> None:
    own = shutil.copytree(folder, tmp_path / "own", ignore=shutil.ignore_patterns(".kpi"))
    quoted = f'"{spend}"'
    (own / "clients" / "acme" / "data" / "report.csv").write_text(REPORT.format(spend=quoted), encoding="utf-8")
    done = run("check", "--client", "acme", "--period", "2026-10", "--format", "json", cwd=own)
    assert done.returncode == 0, done.stderr
    found = [one for one in json.loads(done.stdout)["findings"] if one["detector"] == "claim_differs"]
    assert [(one["vendor"], one["amount"]) for one in found] == [("beichen", amount) for amount in expected]
    assert not any(control in done.stdout for control in ("\x1b", "\x07"))


def test_the_checks_are_listed_with_what_they_need_and_where_they_come_from(run: Run) -> None:
    done = run("checks", "--format", "json", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    listed = {one["detector"]: one for one in json.loads(done.stdout)}
    assert {"claim_differs", "media_markup", "uncovered_item", "duplicate_invoice"} <= set(listed)
    assert listed["claim_differs"]["needs"] == ["Figures of the vendor's report", "Ad platform performance"]
    assert all(one[name] for one in listed.values() for name in ("system", "title", "needs", "least", "reference"))
    rows = list(csv.DictReader(io.StringIO(run("checks", "--format", "csv", "--lang", "zh-TW").stdout)))
    assert [row["detector"] for row in rows] == list(listed)
    assert "同一張發票入帳不只一次" in run("checks", "--lang", "zh-TW").stdout
