"""Blocks as a notebook's outputs: what JupyterLab and Voila show, and what page and sheet are made of afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_toolkit.i18n import Lang
from kpi_toolkit.present import page, renderer
from kpi_toolkit.present.blocks import Block, Cell, Chart, Charts, Details, Inquiry, Table

TABLE_MIME = "application/vnd.kpi.table+json"
BASIS_MIME = "application/vnd.kpi.basis+json"
# Between two dollar signs, JupyterLab sees mathematics: not between NT$100 and NT$200.
_NO_MATH = '<div class="mathjax_ignore tex2jax_ignore">'
_OUTPUTS = ".jp-OutputArea .jp-RenderedHTMLCommon.jp-RenderedHTML"
OURS = "kpi"  # the metadata that tells our outputs from any other


@dataclass(frozen=True)
class Output:
    """One output of a cell: data and metadata by media type."""

    data: dict[str, Any]
    metadata: dict[str, Any]


def outputs(blocks: Iterable[Block], lang: Lang) -> Iterator[Output]:
    """An output a block, and one a chart."""
    for block in blocks:
        if isinstance(block, Charts):
            yield from (_chart(chart) for chart in block.items)
        else:
            yield markup(page.html(block, lang), _tables(block, lang))


def markup(html: str, more: dict[str, Any] | None = None) -> Output:
    """An output of our own HTML, which escaped every value."""
    return Output({"text/html": f"{_NO_MATH}{html}</div>", **(more or {})}, {OURS: {"part": "html"}})


def html_of(data: dict[str, Any]) -> str:
    """The HTML that `markup` was given."""
    return str(data["text/html"]).removeprefix(_NO_MATH).removesuffix("</div>")


def style(sheet: str) -> Output:
    """The page's style sheet for a notebook, where it reaches nothing but outputs, and outweighs JupyterLab's."""
    nested = sheet.replace(":root", "&").replace("@page {", "@media not all {")
    return Output({"text/html": f"<style>{_OUTPUTS} {{\n{nested}\n}}</style>"}, {OURS: {"part": "style"}})


def _chart(chart: Chart) -> Output:
    data, metadata = renderer.bundle(chart.spec(), chart.says)
    ours = {"part": "chart", "id": chart.id, "title": chart.title, "says": chart.says, "note": chart.note}
    return Output(data, {**metadata, OURS: ours})


def _tables(block: Block, lang: Lang) -> dict[str, Any]:
    tables = [block] if isinstance(block, Table) else []
    tables += [one for one in block.blocks if isinstance(one, Table)] if isinstance(block, Details) else []
    tables += [block.rows] if isinstance(block, Inquiry) else []
    return {TABLE_MIME: {"tables": [sheet(table, lang) for table in tables]}} if tables else {}


def sheet(table: Table, lang: Lang) -> dict[str, Any]:
    """A table as plain values for a spreadsheet: numbers as numbers, dates in ISO form, no value as words or null."""
    columns = [{"title": column.title, "kind": column.kind, "currency": column.currency} for column in table.columns]
    rows = [[_plain(table.cell(at, n), lang) for n in range(len(columns))] for at in range(len(table.rows))]
    return {
        "id": table.id,
        "title": table.title,
        "note": table.note,
        "columns": columns,
        "rows": rows,
    }


def _plain(cell: Cell, lang: Lang) -> dict[str, Any]:
    value = cell.value
    if cell.term is not None:
        value = cell.term.label
    elif value is None or value != value:
        return {"kind": "text", "value": cell.why or None}
    elif cell.kind == "points":
        # In a spreadsheet's percent format, a difference of shares would read as a relative change.
        return {"kind": "text", "value": page.printed(cell, lang)}
    elif isinstance(value, date):
        value = value.isoformat()
    return {"kind": cell.kind, "currency": cell.currency, "value": value}
