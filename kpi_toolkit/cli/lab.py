"""JupyterLab on a workspace: its notebooks are copied in once, and it asks the network for nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kpi_toolkit import paths

# JupyterLab would otherwise fetch its news, look for newer versions and list extensions to install. The settings keep
# it from asking whether it may; a user's own settings still come before them.
_QUIET = (
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def bring_notebooks(root: Path) -> list[Path]:
    """Copy each notebook that `root`/notebooks doesn't hold yet; those that an analyst has changed stay. Gives the new."""
    folder = root / "notebooks"
    folder.mkdir(exist_ok=True)
    missing = [file for file in sorted(paths.notebooks().glob("*.ipynb")) if not (folder / file.name).exists()]
    return [Path(shutil.copyfile(file, folder / file.name)) for file in missing]


def command(root: Path, *, browser: bool = True, port: int | None = None, further: Sequence[str] = ()) -> list[str]:
    """The command line that starts JupyterLab on `root`; `further` are options of JupyterLab itself."""
    extra = ([] if browser else ["--no-browser"]) + ([f"--port={port}"] if port is not None else [])
    settings = f"--LabApp.app_settings_dir={paths.templates() / 'lab'}"
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *_QUIET, settings, *extra, *further]


def start(root: Path, *, browser: bool = True, port: int | None = None, further: Sequence[str] = ()) -> int:
    """Become JupyterLab, so that signals reach it; where a process can't become another, wait for it."""
    line = command(root.resolve(), browser=browser, port=port, further=further)
    if os.name == "posix":
        os.execv(line[0], line)
    return subprocess.call(line)
