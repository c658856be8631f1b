"""Papermill, made strict: nothing starts a kernel before every parameter is known to fit.

Papermill itself only logs an unknown parameter and runs on the notebook's defaults, writes other types than JSON's
unescaped into code, and puts parameters' names into code as they are.
"""

from __future__ import annotations

import ast
import json
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi_toolkit.errors import ReportError, UsageError, nearest
from kpi_toolkit.i18n import Text, same

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.exceptions import PapermillExecutionError

Json = str | int | float | bool | None | list[Any] | dict[str, Any]
TAG = "parameters"


def without_slow_schema_formats() -> None:
    """Keep jsonschema from compiling a grammar (2 to 3 s) for formats that no Jupyter schema uses.

    Call it before anything imports jsonschema; jsonschema does without the module.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def run(notebook: Path, parameters: Mapping[str, Json], *, folder: Path, engine: str | None = None) -> NotebookNode:
    """The executed notebook, with `parameters` in place of its own, run in `folder`.

    Raises UsageError for parameters that don't fit (all faults at once, before a kernel starts) and ReportError in one
    line for a cell that fails; what its trace says stands in the error's cause alone.
    """
    without_slow_schema_formats()
    given = checked(notebook, parameters)
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from papermill.exceptions import PapermillExecutionError

    # What goes wrong is told by the error, once.
    logging.getLogger("papermill").addHandler(logging.NullHandler())

    try:
        executed = papermill.execute_notebook(
            _literal(notebook), None, parameters=given, engine_name=engine, cwd=folder, progress_bar=False,
            request_save_on_cell_execute=False, autosave_cell_every=0, extra_arguments=["--log-level=CRITICAL"],
        )  # fmt: skip
    except PapermillExecutionError as error:
        raise failed(notebook, error) from error
    except (RuntimeError, NoSuchKernel) as error:  # the kernel died, or never came up
        words = Text(zh="Jupyter 核心中斷（{kind}）", en="the Jupyter kernel broke off ({kind})")
        todo = Text(zh="請再執行一次；記憶體可能不夠", en="run it again; memory may have run short")
        raise ReportError(words.fill(kind=type(error).__name__), where=notebook.name, todo=todo) from error
    return cleaned(executed)


def checked(notebook: Path, parameters: Mapping[str, Json]) -> dict[str, Json]:
    """`parameters` as plain JSON values, each declared by the notebook with the same type, and none missing."""
    declared = declarations(notebook)
    faults = [_unknown(name, declared) for name in parameters if name not in declared]
    faults += [_MISSING.fill(name=name) for name in declared if name not in parameters]
    faults += [
        _MISTYPED.fill(name=name, wanted=declared[name].__name__, given=type(value).__name__)
        for name, value in parameters.items()
        if name in declared and type(value) is not declared[name]
    ]
    if faults:
        raise UsageError(
            Text(zh="報表參數不對", en="the report's parameters don't fit"), where=notebook.name, faults=faults
        )
    return json.loads(json.dumps(dict(parameters), allow_nan=False))


def declarations(notebook: Path) -> dict[str, type]:
    """The parameters that a notebook declares in its one cell tagged `parameters`, with their types."""
    cells = json.loads(_text(notebook))["cells"]
    tagged = [cell for cell in cells if TAG in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        words = Text(
            zh="需要正好一個標記為 parameters 的儲存格，現有 {count} 個",
            en="needs exactly one cell tagged parameters, has {count}",
        )
        raise UsageError(words.fill(count=len(tagged)), where=notebook.name)
    source = tagged[0]["source"]
    return dict(_declared(line) for line in ast.parse(source if isinstance(source, str) else "".join(source)).body)


def _declared(line: ast.stmt) -> tuple[str, type]:
    target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
    try:
        if isinstance(line, (ast.Assign, ast.AnnAssign)) and isinstance(target, ast.Name) and line.value is not None:
            return target.id, type(ast.literal_eval(line.value))
    except ValueError:
        pass
    words = Text(zh="參數儲存格只能有「名稱 = 預設值」", en="a parameters cell holds only `name = default` lines")
    raise UsageError(words, where=f"line {line.lineno}")


def cleaned(executed: NotebookNode) -> NotebookNode:
    """The executed notebook without what only its watcher saw, and without this run's clock, paths and chances.

    Run again on the same data, it is the same file.
    """
    for at, cell in enumerate(executed.cells, start=1):
        cell.id = f"cell-{at}"
        cell.metadata = type(cell.metadata)({"tags": cell.metadata.get("tags", [])})
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    executed.metadata.pop("papermill", None)
    return executed


def failed(notebook: Path, fault: PapermillExecutionError) -> ReportError:
    """The error of a cell in one line: the toolkit's own in its words, an unforeseen one by its kind and place alone.

    What an unforeseen one says may quote somebody's data.
    """
    words = Text(zh="第 {count} 個程式儲存格失敗：{cause}", en="code cell {count} failed: {cause}")
    own = fault.ename in _OWN
    told = same(fault.evalue) if own else _UNFORESEEN.fill(kind=fault.ename, place=_place(fault.traceback))
    return ReportError(
        words.fill(count=fault.exec_count or "?", cause=told), where=notebook.name, todo=None if own else _DETAILS
    )


def _place(frames: Sequence[str]) -> Text:
    """The module and line of the toolkit's innermost frame in IPython's trace; empty where none stands in it."""
    from papermill.exceptions import strip_color

    found = [at for frame in frames[:-1] if (at := _FRAME.match(strip_color(frame)))]
    words = Text(zh="（{file} 第 {line} 行）", en=" ({file}, line {line})")
    return words.fill(file=found[-1][1], line=found[-1][2]) if found else same("")


_OWN = frozenset({"KpiError", "UsageError", "ReadError", "AgreementError", "ReportError"})
_FRAME = re.compile(r"File \S*kpi_toolkit[/\\](\S+\.py):(\d+), in ")
_UNFORESEEN = Text(zh="沒料到的錯誤 {kind}{place}", en="unforeseen {kind}{place}")
_DETAILS = Text(zh="加上 --debug 可看細節", en="run with --debug for details")
_MISSING = Text(zh="缺少 {name}", en="{name} is missing")
_MISTYPED = Text(zh="{name} 應為 {wanted}，不是 {given}", en="{name} should be {wanted}, not {given}")


def _unknown(name: str, declared: Mapping[str, type]) -> Text:
    words = Text(zh="沒有參數 {name}；可用：{known}", en="unknown parameter {name}; did you mean: {known}")
    return words.fill(name=repr(str(name)[:60]), known=", ".join(nearest(str(name), declared) or sorted(declared)))


def _text(notebook: Path) -> str:
    try:
        return notebook.read_text(encoding="utf-8")
    except OSError:
        raise ReportError(Text(zh="找不到筆記本", en="the notebook is missing"), where=str(notebook)) from None


def _literal(path: Path) -> str:
    # Papermill takes braces in a path for places to fill in.
    return str(path).replace("{", "{{").replace("}", "}}")
