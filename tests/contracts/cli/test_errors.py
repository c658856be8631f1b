"""Wrong use and faults: one line, an exit code, nothing on stdout, in the reader's language; pipes and interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]
OneLine = Callable[[Ran, int], str]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["metrics"], "Missing option"),
        (["metrics", "--client", "acme", "--period", "2026-13"], "no such period: '2026-13' -> write 2026-10"),
        (["metrics", "--client", "acmee", "--period", "2026-10"], "unknown client: 'acmee' -> did you mean: acme"),
        (["metrics", "--client", "../acme", "--period", "2026-10"], "ids are a-z, 0-9 and -"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--metric", "spnd"], "unknown metric: 'spnd' -> did you mean: spend"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--by", "chanel"], "unknown grouping: 'chanel' -> did you mean: channel"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--format", "xml"], "'xml' is not one of"),
        (["read", "--client", "nobody"], "unknown client: 'nobody'"),
        (["read", "--lnag", "en"], "No such option"),
        (["report", "--period", "october"], "no such period: 'october'"),
        (["report", "--period", "2026-10", "--client", "nobody"], "unknown client: 'nobody'"),
        (["report", "--period", "2026-10", "--kind", "yearly"], "'yearly' is not"),
        (["lab", "--port", "99999"], "Invalid value for '--port'"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_one_line(
    folder: Path, arguments: list[str], told: str, run: Run, one_line_error: OneLine
) -> None:
    assert told in one_line_error(run(*arguments, cwd=folder), 2)


@pytest.mark.parametrize("command", [["read"], ["metrics", "--client", "a", "--period", "2026-10"], ["report", "--period", "2026-10"], ["lab"]], ids=str)  # fmt: skip
def test_without_a_workspace_it_says_how_to_make_one(
    tmp_path: Path, command: list[str], run: Run, one_line_error: OneLine
) -> None:
    assert "kpi-toolkit init DIR" in one_line_error(run(*command, cwd=tmp_path), 2)


def test_errors_speak_the_language_asked_for_or_the_workspaces(
    folder: Path, tmp_path: Path, run: Run, one_line_error: OneLine
) -> None:
    wrong = ["metrics", "--client", "nobody", "--period", "2026-10"]
    assert one_line_error(run(*wrong, "--workspace", folder), 2).startswith("error: ")
    assert one_line_error(run(*wrong, "--workspace", folder, "--lang", "zh-TW"), 2).startswith("錯誤：")
    assert one_line_error(run(*wrong, cwd=tmp_path), 2).startswith("錯誤：")


def test_a_faulty_agreement_is_told_whole_in_one_line(tmp_path: Path, run: Run, one_line_error: OneLine) -> None:
    (tmp_path / "clients/acme").mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en", encoding="utf-8")
    text = "name: A\ngoal: orders\nvendrs: []\ntargets: [{metric: spend, value: x}]\n"
    (tmp_path / "clients/acme/client.yaml").write_text(text, encoding="utf-8")
    told = one_line_error(run("metrics", "--client", "acme", "--period", "2026-10", cwd=tmp_path), 1)
    assert "clients/acme/client.yaml: 2 faults to mend" in told
    assert "did you mean: vendors" in told
    assert "targets[1].value (line 4)" in told


def test_targets_and_sources_that_nobody_knows_are_faults(
    folder: Path, run: Run, one_line_error: OneLine, agreement: str
) -> None:
    other = folder / "clients/other"
    other.mkdir()
    text = agreement.replace("metric: spend", "metric: spnd").replace("google_ads", "google_adz")
    (other / "client.yaml").write_text(text, encoding="utf-8")
    try:
        told = one_line_error(run("metrics", "--client", "other", "--period", "2026-10", cwd=folder), 1)
    finally:
        (other / "client.yaml").unlink()
        other.rmdir()
    assert "unknown metric 'spnd'; did you mean: spend" in told
    assert "unknown source 'google_adz'; did you mean: google_ads" in told


def test_an_unforeseen_error_is_one_line_and_quotes_no_data(
    folder: Path, tmp_path: Path, run: Run, one_line_error: OneLine
) -> None:
    stub = tmp_path / "sitecustomize.py"
    stub.write_text(
        "import kpi_toolkit.sources.reading as r\n"
        "def inspect(*a, **k): raise RuntimeError('0912-345-678 of Ms Wang')\n"
        "r.inspect = inspect\n",
        encoding="utf-8",
    )
    file = folder / "clients/acme/data/十月/Campaign report.csv"
    told = one_line_error(run("read", file, "--lang", "en", cwd=tmp_path, PYTHONPATH=str(tmp_path)), 1)
    assert "unforeseen RuntimeError (sitecustomize.py, line 2) -> run with --debug" in told
    assert "Wang" not in told
    debugged = run("read", file, "--debug", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert debugged.returncode == 1
    assert "Traceback" in debugged.stderr


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    command = [sys.executable, "-m", "kpi_toolkit", "metrics", "--client", "acme", "--period", "2026-10", "--by", "day", "--format", "json"]  # fmt: skip
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import kpi_toolkit.sources.reading as r, time\n"
        "def inspect(*a, **k):\n    print('reading', flush=True); time.sleep(60)\n"
        "r.inspect = inspect\n",
        encoding="utf-8",
    )
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    command = [sys.executable, "-m", "kpi_toolkit", "read", str(tmp_path / "a.csv")]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"reading\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().strip() == b""
    assert process.returncode == 130
