"""Notebooks are thin and readable as a page: no logic in them, no outputs, only the toolkit imported."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.If,
    ast.Try,
    ast.With,
    ast.Lambda,
)


def test_there_are_notebooks() -> None:
    assert "monthly_report.ipynb" in [file.name for file in NOTEBOOKS]


@pytest.fixture(params=NOTEBOOKS, ids=lambda file: file.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def lines(cell: nbformat.NotebookNode) -> list[str]:
    return [line for line in cell.source.splitlines() if line.strip()]


def test_is_short(notebook: nbformat.NotebookNode) -> None:
    cells = code_cells(notebook)
    assert len(cells) <= 12
    assert max(len(lines(cell)) for cell in cells) <= 6
    assert sum(len(lines(cell)) for cell in cells) <= 60


def test_holds_no_logic_and_imports_the_toolkit_alone(notebook: nbformat.NotebookNode) -> None:
    nodes = [node for cell in code_cells(notebook) for node in ast.walk(ast.parse(cell.source))]
    assert not [type(node).__name__ for node in nodes if isinstance(node, FORBIDDEN)]
    imported = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    imported += [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    assert imported and all(name.split(".")[0] == "kpi_toolkit" for name in imported)


def test_is_stripped_and_says_its_language(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))
    assert notebook.metadata.kernelspec.language == "python"


def test_begins_with_its_question_in_both_languages(notebook: nbformat.NotebookNode) -> None:
    first = notebook.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert "?" in first.source and "？" in first.source


def test_parameters_are_plain_lines(notebook: nbformat.NotebookNode) -> None:
    (cell,) = [cell for cell in code_cells(notebook) if "parameters" in cell.metadata.get("tags", [])]
    # Papermill's own reading stumbles over `|` and a second `=`, even in a comment.
    assert not [line for line in cell.source.splitlines() if "|" in line or line.count("=") != 1]
