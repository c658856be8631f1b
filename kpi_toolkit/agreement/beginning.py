"""A new workspace: the templates and a sample client, there whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kpi_toolkit import paths
from kpi_toolkit.agreement.workspace import CLIENT_FILE, WORKSPACE_FILE, Workspace, open_workspace
from kpi_toolkit.errors import UsageError
from kpi_toolkit.i18n import Text

OWN_CLIENT = "my-company"
SAMPLE_CLIENT = "wheatfield-bakery"


def begin(target: Path) -> Workspace:
    """Make a workspace in `target`, which is new or an empty folder, and open it.

    Raises UsageError, with nothing touched, when `target` holds anything; KpiError when the samples are missing.
    """
    _require_empty(target)
    whole = target.resolve()
    whole.parent.mkdir(parents=True, exist_ok=True)
    draft = whole.parent / f".{whole.name}.{os.getpid()}.new"
    draft.mkdir()
    try:
        _fill(draft)
        _move(draft, whole)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return open_workspace(target)


def _require_empty(target: Path) -> None:
    try:
        empty = not target.exists() or not any(target.iterdir())
    except NotADirectoryError:
        empty = False
    if not empty or target.is_symlink():
        raise UsageError(
            Text(zh="這個資料夾不是空的，什麼都沒動", en="this folder isn't empty; nothing was touched"),
            where=str(target),
            todo=Text(zh="換一個新的資料夾名稱", en="give the name of a new folder"),
        )


def _fill(draft: Path) -> None:
    templates, own, sample = paths.templates(), draft / "clients" / OWN_CLIENT, draft / "clients" / SAMPLE_CLIENT
    (own / "data").mkdir(parents=True)
    shutil.copyfile(templates / CLIENT_FILE, own / CLIENT_FILE)
    shutil.copyfile(templates / "mapping.yaml", own / "mapping.example.yaml")
    # The contents alone: an installed package may be read-only, and a workspace is for writing.
    shutil.copytree(paths.samples() / "clients" / SAMPLE_CLIENT, sample, copy_function=shutil.copyfile)
    shutil.copyfile(templates / WORKSPACE_FILE, draft / WORKSPACE_FILE)


def _move(draft: Path, whole: Path) -> None:
    if not whole.exists():
        draft.rename(whole)
        return
    # An empty folder may be where somebody's shell stands: fill it, and last with what makes it a workspace.
    for item in sorted(draft.iterdir(), key=lambda item: item.name == WORKSPACE_FILE):
        item.rename(whole / item.name)
