"""Help: every command in both languages, and nothing heavy for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMANDS = ("init", "read", "metrics", "check", "checks", "report", "lab", "app")
# pydantic isn't among them: typer takes it itself to read options.
HEAVY = {"altair", "duckdb", "jsonschema", "nbformat", "numpy", "pandas", "pandera", "papermill", "pyarrow", "yaml"}  # fmt: skip
Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


def test_help_lists_the_commands_in_both_languages(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} .*[\u4e00-\u9fff]|^  {command} .*JupyterLab", done.stdout, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, run: Run) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"^  Example: kpi-toolkit {command}\b", done.stdout, re.M)
    assert re.search("[\u4e00-\u9fff]", done.stdout)
    undescribed = [line for line in done.stdout.splitlines() if re.fullmatch(r"  --[\w-]+(?: \S+)?\s*", line)]
    assert undescribed == [], "every option says what it does"


def test_without_a_command_the_help_is_shown_as_wrong_use(run: Run) -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == run("--help").stdout


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["--version"], []], ids=str)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from kpi_toolkit.__main__ import main\n"
        f"sys.argv = ['kpi-toolkit', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_helps_cost_is_printed(record_property: pytest.RecordProperty, run: Run) -> None:
    """A figure, not a limit: the machine decides how fast it is."""
    before = os.times()
    run("--help")
    spent = sum(os.times()[2:4]) - sum(before[2:4])
    record_property("cpu_seconds_of_help", spent)
    sys.stdout.write(f"kpi-toolkit --help: {spent:.2f} s of CPU time\n")
    assert spent > 0


def test_without_a_command_the_help_is_shown_and_the_code_is_2(run: Run) -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


def test_every_command_stands_in_both_readmes(root: Path, run: Run) -> None:
    shown = run("--help").stdout.partition("Commands:")[2].splitlines()
    told = {line.split()[0] for line in shown if line.startswith("  ") and line[2:3].isalpha()}
    assert told == set(COMMANDS)
    for name in ("README.md", "README.zh-TW.md"):
        words = (root / name).read_text(encoding="utf-8")
        assert [command for command in COMMANDS if f"kpi-toolkit {command}" not in words] == []
