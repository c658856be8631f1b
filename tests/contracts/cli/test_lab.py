"""`lab`: JupyterLab on the workspace, without the network."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi_toolkit.cli import lab


def test_lab_brings_notebooks_once_and_keeps_an_analysts(root: Path, tmp_path: Path) -> None:
    brought = lab.bring_notebooks(tmp_path)
    assert brought
    brought[0].write_text("mine", encoding="utf-8")
    assert lab.bring_notebooks(tmp_path) == []
    assert brought[0].read_text(encoding="utf-8") == "mine"


def test_lab_asks_the_network_for_nothing() -> None:
    line = lab.command(Path("/ws"), browser=False, port=9000)
    assert "--LabApp.news_url=" in line
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in line
    assert "--LabApp.extension_manager=readonly" in line
    assert {"--no-browser", "--port=9000", "--ServerApp.root_dir=/ws"} <= set(line)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def jupyterlab(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "kpi_toolkit", "lab", "--no-browser", "--port", str(port), "--workspace", folder]
    command += ["--", "--allow-root"] if os.geteuid() == 0 else []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process
        process.kill()


def test_lab_starts_and_ends_with_its_signal(jupyterlab: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + 60
    answer = b""
    while not answer and time.monotonic() < deadline and jupyterlab.poll() is None:
        time.sleep(0.3)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5) as response:
                answer = response.read()
        except OSError:
            continue
    assert b"version" in answer
    assert any((folder / "notebooks").glob("*.ipynb"))
    jupyterlab.send_signal(signal.SIGTERM)
    jupyterlab.wait(timeout=30)
