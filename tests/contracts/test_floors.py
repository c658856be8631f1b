"""Data moves one way: import-linter's contracts hold, and importing the package does no work."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# A thing with no home means a missing concept.
HOMELESS = {"utils", "util", "helpers", "helper", "common", "config", "misc"}
HEAVY = {"altair", "duckdb", "jsonschema", "numpy", "pandas", "pandera", "papermill", "pyarrow", "pydantic", "voila"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_modules_import_from_their_own_floor_or_lower(root: Path) -> None:
    done = lint_imports(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tables/upwards.py", "from kpi_toolkit import report\n"),
        ("report/without_a_floor.py", "from kpi_toolkit import newroom\n"),
    ],
    ids=["an import upwards", "a room without a floor"],
)
def test_the_contract_can_break(root: Path, tmp_path: Path, module: str, source: str) -> None:
    shutil.copy(root / "pyproject.toml", tmp_path)
    for room in ("tables", "report", *(["newroom"] if "newroom" in source else [])):
        (tmp_path / "kpi_toolkit" / room).mkdir(parents=True)
        (tmp_path / "kpi_toolkit" / room / "__init__.py").touch()
    (tmp_path / "kpi_toolkit/__init__.py").touch()
    (tmp_path / "kpi_toolkit" / module).write_text(source, encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout


def test_every_module_is_named_after_what_it_is(root: Path) -> None:
    modules = list((root / "kpi_toolkit").rglob("*.py"))
    assert modules
    names = {part for file in modules for part in file.relative_to(root).with_suffix("").parts}
    assert names & HOMELESS == set()


def test_importing_the_package_does_no_work() -> None:
    program = "import json, sys, kpi_toolkit; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert "kpi_toolkit" in loaded
    assert loaded & HEAVY == set()
