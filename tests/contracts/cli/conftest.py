"""A small workspace, and the command line run on it in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Two days of one hostile campaign and one plain; small, in the shape that Google Ads gives.
GOOGLE = (
    "Campaign report\n"
    "October 1, 2026 - October 2, 2026\n"
    "Day,Campaign,Campaign status,Currency code,Clicks,Impr.,CTR,Avg. CPC,Cost,Conversions,Conv. value\n"
    '2026-10-01,"=HYPERLINK(""http://evil"",""x"")",Enabled,TWD,10,1000,1.00%,10,100,1,500\n'
    "2026-10-02,\x1b[31mBC_red[bold],Enabled,TWD,20,1000,2.00%,10,200,3,700\n"
)
CLIENT = """
name: {zh: 甲公司, en: Acme}
goal: orders
vendors:
  - {id: beichen, name: 北辰, campaigns: [{source: google_ads, campaign: "*BC_*"}]}
targets: [{metric: spend, value: 1000}]
"""

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    """`kpi-toolkit` with these words, in the folder `cwd`; further names are its environment."""

    def command(*words: object, cwd: Path | None = None, **environment: str) -> Ran:
        line = [sys.executable, "-m", "kpi_toolkit", *map(str, words)]
        env = {**os.environ, **environment}
        return subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)

    return command


@pytest.fixture(scope="session")
def one_line_error() -> Callable[[Ran, int], str]:
    """The only line on stderr of a command that ended with `code` and printed nothing else."""

    def line(done: Ran, code: int) -> str:
        assert done.returncode == code, done.stdout + done.stderr
        lines = done.stderr.splitlines()
        assert len(lines) == 1, done.stderr
        assert done.stdout == ""
        return lines[0]

    return line


@pytest.fixture(scope="session")
def agreement() -> str:
    """The client's agreement, as YAML."""
    return CLIENT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one client and one file."""
    root = tmp_path_factory.mktemp("workspace")
    (root / "clients/acme/data/十月").mkdir(parents=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    (root / "clients/acme/client.yaml").write_text(CLIENT, encoding="utf-8")
    (root / "clients/acme/data/十月/Campaign report.csv").write_text(GOOGLE, encoding="utf-8")
    return root
