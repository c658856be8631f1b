"""The wheel, built from the checkout and installed in an empty environment elsewhere, does the whole job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

UV = [sys.executable, "-m", "uv"]


def run(command: list[str], folder: Path) -> str:
    """What `command` printed, run in `folder` with nothing of this environment about it."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "COLUMNS")}
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)], root)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment of its own in `venv`, holding the wheel and what its metadata ask for."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run([*UV, "venv", "--quiet", "--python", sys.executable, "venv"], folder)
    constraints = ["--constraints", str(root / "requirements.lock")]
    run([*UV, "pip", "install", "--quiet", "--python", "venv", *constraints, str(wheel)], folder)
    return folder


def test_carries_its_data_and_leaves_out_state(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("notebooks/monthly_report.ipynb", "templates/client.yaml", "data/samples/workspace.yaml"):
        assert f"kpi_toolkit/_data/{needed}" in names
    rooms = {name.split("/")[0] for name in names}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"kpi_toolkit"}
    assert [name for name in names if "/.kpi/" in name or "/samples/reports/" in name or "__pycache__" in name] == []
    assert [name for name in names if name.endswith(".png")] == []  # the README's picture


def test_finds_its_folders(elsewhere: Path) -> None:
    program = "from kpi_toolkit import paths; print(paths.notebooks(), paths.templates(), paths.samples(), sep='\\n')"
    folders = [Path(line) for line in run(["venv/bin/python", "-c", program], elsewhere).splitlines()]
    assert all(folder.is_relative_to(elsewhere / "venv") for folder in folders)
    assert [any(folder.iterdir()) for folder in folders] == [True, True, True]


def test_writes_a_report_in_a_new_workspace(elsewhere: Path) -> None:
    command = "venv/bin/kpi-toolkit"
    assert "report" in run([command, "--help"], elsewhere)
    run([command, "init", "ws"], elsewhere)
    run([command, "report", "--workspace", "ws", "--period", "2026-10"], elsewhere)
    reports = sorted((elsewhere / "ws/reports/2026-10").iterdir())
    assert reports
    for report in reports:
        assert {"monthly.html", "monthly.xlsx", "monthly.ipynb", "manifest.json"} <= {
            file.name for file in report.iterdir()
        }
        assert json.loads((report / "manifest.json").read_text(encoding="utf-8"))
