"""`init`: a workspace that can be opened, and nothing touched where something is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]
OneLine = Callable[[Ran, int], str]


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
def test_init_makes_a_workspace(tmp_path: Path, there: bool, run: Run) -> None:
    target = tmp_path / "ws"
    if there:
        target.mkdir()
    done = run("init", target)
    assert (done.returncode, done.stderr) == (0, "")
    assert (target / "workspace.yaml").is_file()
    assert sorted(path.name for path in (target / "clients").iterdir()) == ["my-company", "wheatfield-bakery"]
    assert any((target / "clients/wheatfield-bakery/data").rglob("*.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["ws"], "nothing is left beside it"
    assert sorted(path.name for path in target.iterdir()) == ["clients", "workspace.yaml"]


def test_init_touches_nothing_where_something_is(tmp_path: Path, run: Run, one_line_error: OneLine) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert "nothing was touched" in one_line_error(run("init", tmp_path, "--lang", "en"), 2)
    assert "nothing was touched" in one_line_error(run("init", tmp_path / "mine.txt", "--lang", "en"), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_init_writes_can_be_opened(tmp_path: Path, run: Run) -> None:
    from kpi_toolkit.agreement.workspace import open_workspace

    assert run("init", tmp_path / "ws").returncode == 0
    workspace = open_workspace(tmp_path / "ws")
    assert [workspace.client(one).id for one in workspace.client_ids()] == ["my-company", "wheatfield-bakery"]
