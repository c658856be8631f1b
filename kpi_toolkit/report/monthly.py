"""The monthly report of one client: the page, the sheet, the executed notebook and the manifest, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit import paths
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.i18n import Lang
from kpi_toolkit.periods import Period
from kpi_toolkit.report import manifest
from kpi_toolkit.report.page import monthly_title, spoken
from kpi_toolkit.report.place import whole
from kpi_toolkit.report.runner import run

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = "monthly_report.ipynb"
HTML, XLSX, IPYNB = "monthly.html", "monthly.xlsx", "monthly.ipynb"
OURS = frozenset({HTML, XLSX, IPYNB, "monthly.pdf", manifest.NAME})


def write_report(
    workspace: Workspace, client_id: str, period: Period, *, lang: Lang | None = None, out: Path | None = None
) -> Path:
    """Write the client's report of `period` and return its folder (`out`, or its place in the workspace).

    An earlier report is replaced when the new one is whole. Raises UsageError for what doesn't exist or
    is no month, ReportError when a cell fails; then nothing is left behind and an earlier report stays as it was.
    """
    chosen = spoken(lang or workspace.language)
    client = workspace.client(client_id)
    title = monthly_title(client, period, chosen)
    target = (out or workspace.reports_dir(period, client_id)).absolute()
    with whole(target, sign=manifest.NAME, ours=OURS) as folder:
        parameters = {
            "workspace": _relative(workspace.root, folder), "client_id": client_id, "period": str(period), "lang": chosen,
        }  # fmt: skip
        executed = run(paths.notebooks() / NOTEBOOK, parameters, folder=folder)
        _write(folder, executed, chosen, title)
        manifest.write_manifest(folder, executed, parameters, "monthly")
    return target


def _write(folder: Path, executed: NotebookNode, lang: Lang, title: str) -> None:
    import nbformat

    from kpi_toolkit.report.render import render
    from kpi_toolkit.report.workbook import tables, write_workbook

    nbformat.write(executed, folder / IPYNB)
    (folder / HTML).write_text(render(executed, lang=lang, title=title), encoding="utf-8")
    write_workbook(list(tables(executed)), folder / XLSX, title=title)


def _relative(root: Path, folder: Path) -> str:
    # The executed notebook finds its workspace again wherever both are moved, and names nobody's home folder.
    try:
        return Path(os.path.relpath(root.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return root.resolve().as_posix()
