"""What a report was made from and what it is made of: enough to make it again and to see whether it was changed."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi_toolkit import __version__
from kpi_toolkit.present.outputs import BASIS_MIME
from kpi_toolkit.sources.reading import sha256

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = "manifest.json"
_PARTS = ("altair", "duckdb", "nbconvert", "pandas", "papermill", "vl-convert-python", "xlsxwriter")


def basis(executed: NotebookNode) -> dict[str, Any]:
    """What the notebook says that it rests on: client, period, language, input files."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if BASIS_MIME in output.get("data", {}):
                return dict(output["data"][BASIS_MIME])
    return {}


def versions() -> dict[str, str]:
    """The toolkit's version and those of the parts that a report's figures and looks depend on."""
    return {"kpi-toolkit": __version__, "python": platform.python_version(), **{part: version(part) for part in _PARTS}}


def write_manifest(folder: Path, executed: NotebookNode, parameters: Mapping[str, object], kind: str) -> None:
    """Write `manifest.json` into `folder`, over the files that lie there."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != NAME)
    content = {
        "kind": kind,
        **{key: value for key, value in basis(executed).items() if key != "inputs"},
        "parameters": dict(parameters),
        "versions": versions(),
        "inputs": basis(executed).get("inputs", []),
        "outputs": {file.name: sha256(file) for file in files},
    }
    (folder / NAME).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
