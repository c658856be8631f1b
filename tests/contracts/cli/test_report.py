"""`report`: client by client; what fails is told, and the others are written."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


def test_report_goes_on_after_a_failure_and_ends_with_1(folder: Path, tmp_path: Path, run: Run, agreement: str) -> None:

    root = tmp_path / "ws"
    shutil.copytree(folder, root)
    (root / "clients/broken").mkdir()
    (root / "clients/broken/client.yaml").write_text("goal: orders\n", encoding="utf-8")
    (root / "clients/fresh/data").mkdir(parents=True)
    (root / "clients/fresh/client.yaml").write_text(agreement, encoding="utf-8")
    done = run("report", "--period", "2026-10", cwd=root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    told = done.stderr.splitlines()
    assert any(line.startswith("error: broken: ") and "name" in line for line in told)
    assert any("fresh: no data yet" in line for line in told)
    assert "1 done, 1 failed" in done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["✓ acme"]
    written = {file.name for file in (root / "reports/2026-10/acme").iterdir()}
    assert written >= {"monthly.html", "monthly.xlsx", "monthly.ipynb", "manifest.json"}
    assert not (root / "reports/2026-10/broken").exists()


@pytest.fixture
def space(folder: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, to do harm to."""
    return shutil.copytree(folder, tmp_path / "ws")


def test_a_file_that_cannot_be_read_is_named_everywhere_and_the_code_is_1(space: Path, run: Run) -> None:
    (space / "clients/acme/data/holiday.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = run("report", "--period", "2026-10", cwd=space)
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["✓ acme"], "what can be written is written"
    told = done.stderr.splitlines()
    assert told[0].startswith("error: acme: holiday.csv: ")
    assert told[1:] == ["1 done, 0 failed", "1 file could not be read and is not in the figures"]
    report = space / "reports/2026-10/acme"
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in manifest["inputs"]] == ["十月/Campaign report.csv"]
    (unread,) = manifest["unread"]
    assert unread["file"] == "holiday.csv" and unread["error"]
    assert "holiday.csv" in (report / "monthly.html").read_text(encoding="utf-8")


def test_a_client_without_any_file_is_an_error_that_says_what_to_do(space: Path, run: Run) -> None:
    shutil.rmtree(space / "clients/acme/data")
    (space / "clients/acme/data").mkdir()
    done = run("report", "--period", "2026-10", "--client", "acme", cwd=space)
    assert (done.returncode, done.stdout) == (1, "")
    told = done.stderr.splitlines()
    assert told[0].startswith("error: acme: ") and "clients/acme/data: this client has no files yet" in told[0]
    assert "-> put the exports into this folder" in told[0]
    assert not (space / "reports").exists()


def test_a_report_that_cannot_be_written_is_told_without_anybodys_data(space: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import kpi_toolkit.report.workbook as w\n"
        "def tables(*a, **k): raise ValueError('0912-345-678 of Ms Wang')\n"
        "w.tables = tables\n",
        encoding="utf-8",
    )
    done = run("report", "--period", "2026-10", cwd=space, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "error: acme: unforeseen ValueError (sitecustomize.py, line 2) -> run with --debug for details",
        "0 done, 1 failed",
    ]


def test_a_month_without_data_is_a_report_that_says_so(space: Path, run: Run) -> None:
    done = run("report", "--period", "2024-02", "--client", "acme", cwd=space)
    assert (done.returncode, done.stderr) == (0, "1 done, 0 failed\n")
    assert "no data" in (space / "reports/2024-02/acme/monthly.html").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("period", ["2026-W44", "2026-10-03", "2026-10-01..2026-10-15", "October"])
def test_what_is_no_month_is_refused_at_once(
    folder: Path, tmp_path: Path, run: Run, one_line_error: Callable[[Ran, int], str], period: str
) -> None:
    root = shutil.copytree(folder, tmp_path / "ws")
    shutil.copytree(root / "clients/acme", root / "clients/Not An Id")
    line = one_line_error(run("report", "--period", period, cwd=root), 2)
    assert period in line and "write 2026-10" in line
    assert not (root / ".kpi").exists() and not (root / "reports").exists()


def test_a_linked_folder_is_neither_entered_nor_passed_over_in_silence(
    space: Path, tmp_path: Path, run: Run, agreement: str
) -> None:
    elsewhere = tmp_path / "secret place"
    shutil.copytree(space / "clients/acme/data", elsewhere)
    (space / "clients/acme/data/past years").symlink_to(elsewhere)
    (space / "clients/other/data").mkdir(parents=True)
    (space / "clients/other/client.yaml").write_text(agreement, encoding="utf-8")
    (space / "clients/other/data/all").symlink_to(elsewhere)
    done = run("report", "--period", "2026-10", cwd=space)
    assert done.returncode == 1
    assert "error: acme: past years: a link to a folder, whose files are not read -> put the folder itself there" in done.stderr  # fmt: skip
    assert "error: other: all: a link to a folder" in done.stderr, "no client is taken for one without data"
    html = (space / "reports/2026-10/acme/monthly.html").read_text(encoding="utf-8")
    assert "past years: a link to a folder" in html
    read = run("read", "--client", "acme", "--format", "json", cwd=space)
    (told,) = [one for one in json.loads(read.stdout) if one["file"] == "past years"]
    assert (
        read.returncode == 1 and told["error"].startswith("past years: a link to a folder") and told["rows_read"] == 0
    )
    assert "secret place" not in done.stderr + html + read.stdout
    named = run("read", space / "clients/acme/data", "--format", "json", cwd=tmp_path)
    assert sum("error" in one for one in json.loads(named.stdout)) == 1
