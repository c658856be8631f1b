"""The strict runner: nothing starts before every parameter fits; a failing cell is one line."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from kpi_toolkit.errors import ReportError, UsageError
from kpi_toolkit.report import runner

PARAMETERS = 'client_id: str = ""  # the client\ncount: int = 1\nlang: str = "en"'


def write(folder: Path, *cells: str, parameters: str = PARAMETERS, tags: tuple[str, ...] = ("parameters",)) -> Path:
    made = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": list(tags)}),
        *(nbformat.v4.new_code_cell(cell) for cell in cells),
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    file = folder / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=kernel), file)
    return file


def good(**more: object) -> dict:
    return {"client_id": "c", "count": 2, "lang": "en", **more}


@pytest.mark.parametrize(
    ("parameters", "faults"),
    [
        (good(clientid="x"), ["unknown parameter 'clientid'; did you mean: client_id"]),
        ({"count": 2, "lang": "en"}, ["client_id is missing"]),
        (good(client_id=1), ["client_id should be str, not int"]),
        (good(count=True), ["count should be int, not bool"]),
        (good(client_id=Path('a"+str(6*7)+"b')), ["client_id should be str, not PosixPath"]),
        (good(**{"x = 1; import os; y": "1"}), ["unknown parameter 'x = 1; import os; y'"]),
        ({"cuont": 2}, ["unknown parameter 'cuont'", "client_id is missing", "count is missing", "lang is missing"]),
    ],
    ids=["unknown", "missing", "mistyped", "bool for int", "other type", "hostile name", "all at once"],
)
def test_parameters_that_do_not_fit_are_refused(tmp_path: Path, parameters: dict, faults: list[str]) -> None:
    file = write(tmp_path, "raise SystemExit")
    with pytest.raises(UsageError) as caught:
        runner.checked(file, parameters)
    assert all(fault in str(caught.value) for fault in faults)
    assert "\n" not in str(caught.value)


def test_a_refusal_starts_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import papermill

    monkeypatch.setattr(papermill, "execute_notebook", lambda *_, **__: pytest.fail("a kernel was asked for"))
    with pytest.raises(UsageError):
        runner.run(write(tmp_path), {"clientid": "c"}, folder=tmp_path)


@pytest.mark.parametrize(
    "parameters", ["import os", "a, b = 1, 2", "client_id: str", "print(1)", "x = open('/etc/passwd')"],
)  # fmt: skip
def test_a_parameters_cell_holds_defaults_alone(tmp_path: Path, parameters: str) -> None:
    with pytest.raises(UsageError, match="name = default"):
        runner.declarations(write(tmp_path, parameters=parameters))


def test_exactly_one_cell_is_tagged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has 0"):
        runner.declarations(write(tmp_path, tags=()))


def test_the_monthly_notebook_declares_its_parameters(root: Path) -> None:
    declared = runner.declarations(root / "notebooks/monthly_report.ipynb")
    assert declared == {"workspace": str, "client_id": str, "period": str, "lang": str}


def test_runs_with_exactly_what_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "with {braces} 空白"
    folder.mkdir()
    words = 'quo"te \\ back\nline \u2028 空 {client_id} {{7*7}}'
    file = write(folder, "import sys\nprint(client_id, file=sys.stderr)", "print(repr(client_id), count)")
    executed = runner.run(file, good(client_id=words), folder=folder)
    printed = [output.text for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    assert printed == [f"{words!r} 2\n"]  # what went to stderr isn't kept
    assert "papermill" not in executed.metadata
    assert str(tmp_path) not in json.dumps(executed)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("raise ValueError('File kpi_toolkit/a.py:1, in\\n王小明 0912345678')", "unforeseen ValueError -> run with --debug"),
        ("from kpi_toolkit.periods import parse_period\nparse_period(['王小明 0912345678'])", "unforeseen AttributeError (periods.py, line "),
        ("from kpi_toolkit.periods import parse_period\nparse_period('October')", "no such period: 'October' -> write 2026-10"),
    ],
    ids=["unforeseen", "unforeseen in the toolkit", "the toolkit's own"],
)  # fmt: skip
def test_a_failing_cell_is_one_line_that_quotes_no_data(tmp_path: Path, cell: str, told: str) -> None:
    file = write(tmp_path, "1 + 1", cell)
    with pytest.raises(ReportError) as caught:
        runner.run(file, good(), folder=tmp_path)
    assert str(caught.value).startswith(f"small.ipynb: code cell 4 failed: {told}")
    assert "\n" not in str(caught.value) and "Traceback" not in str(caught.value) and "王" not in str(caught.value)
    assert "Traceback" in str(caught.value.__cause__), "what --debug shows"
