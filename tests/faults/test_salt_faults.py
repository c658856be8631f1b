"""The salt under misfortune: programs killed while they write it, several at once, drives that know no links."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import Workspace, open_workspace

# What exFAT and some network drives answer.
NO_LINKS = """
import errno, os
def refused(*_, **__): raise OSError(errno.EPERM, "Operation not permitted")
os.link = refused
"""
KILLED = """
import os, pathlib, signal
def killed(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
{name} = killed
"""
ASKS = """
import sys
from pathlib import Path
from kpi_toolkit.agreement.workspace import open_workspace
print("ready", flush=True)
sys.stdin.readline()
print(open_workspace(Path(sys.argv[1])).salt())
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "workspace.yaml").write_text("", encoding="utf-8")
    return open_workspace(tmp_path)


def asking(workspace: Workspace, before: str = "") -> subprocess.Popen[str]:
    """A program that asks for the salt as soon as it is given a line."""
    return subprocess.Popen(
        [sys.executable, "-c", before + ASKS, str(workspace.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def answers(programs: list[subprocess.Popen[str]]) -> list[str]:
    """What each of them gets when all ask at once."""
    for one in programs:
        assert one.stdout and one.stdout.readline() == "ready\n"
    for one in programs:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    return [one.communicate(timeout=60)[0].strip() for one in programs]


@pytest.mark.parametrize("before", ["", NO_LINKS], ids=["links", "no links"])
def test_programs_that_ask_at_once_get_one_salt(workspace: Workspace, before: str) -> None:
    found = answers([asking(workspace, before) for _ in range(4)])
    assert set(found) == {workspace.salt()} and len(found[0]) == 64
    assert [file.name for file in (workspace.root / ".kpi").glob(".*")] == []


@pytest.mark.parametrize("name", ["os.fsync", "pathlib.Path.replace"])
def test_what_a_killed_program_left_is_neither_used_nor_kept(workspace: Workspace, name: str) -> None:
    program = asking(workspace, KILLED.format(name=name))
    assert answers([program]) == [""] and program.returncode == -signal.SIGKILL
    left = list((workspace.root / ".kpi").glob(".salt-*"))
    assert left and not (workspace.root / ".kpi/salt").exists()
    assert len(workspace.salt()) == 64
    assert list((workspace.root / ".kpi").glob(".salt-*")) == []


def test_what_was_left_beside_a_whole_salt_goes_too(workspace: Workspace) -> None:
    salt = workspace.salt()
    (workspace.root / ".kpi/.salt-abcd1234").write_text(salt, encoding="ascii")
    (workspace.root / ".kpi/.gitignore").write_text("*\n", encoding="ascii")
    assert workspace.salt() == salt
    assert [file.name for file in (workspace.root / ".kpi").glob(".*")] == [".gitignore"]
