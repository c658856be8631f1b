"""`report`: client by client; what fails is told, and the others are written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

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
