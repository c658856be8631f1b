"""An executed notebook as one HTML file that needs neither network nor script."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from kpi_toolkit import paths
from kpi_toolkit.i18n import Lang
from kpi_toolkit.present import renderer, svg
from kpi_toolkit.present.outputs import OURS, html_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

LANGUAGE_TAGS: dict[Lang, str] = {"zh-TW": "zh-Hant-TW", "en": "en"}


def render(executed: NotebookNode, *, lang: Lang, title: str) -> str:
    """The page: our own outputs as they are, charts as static SVG, anything else as plain text."""
    from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = TemplateExporter(
        template_name="kpi", extra_template_basedirs=[str(paths.templates() / "report")], file_extension=".html"
    )
    exporter.output_mimetype = "text/html"
    pieces = _grouped([piece for output in _shown(executed) if (piece := _piece(output))])
    page = {"pieces": pieces, "lang": LANGUAGE_TAGS[lang], "title": title}
    html, _ = exporter.from_notebook_node(executed, resources={"page": page})
    return html


def _shown(executed: NotebookNode) -> list[Any]:
    return [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]


def _piece(output: Any) -> dict[str, str] | None:
    data, ours = output.get("data", {}), output.get("metadata", {}).get(OURS, {})
    if ours.get("part") == "style":
        return None  # the page has its own
    if ours.get("part") == "html":
        return {"kind": "html", "html": html_of(data)}
    if ours.get("part") == "chart":
        return {"kind": "chart", "svg": _drawn(data[renderer.MIME], ours), **ours}
    words = output.get("text") or data.get("text/plain") or ""
    return {"kind": "text", "text": words} if str(words).strip() else None


def _grouped(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Charts that follow one another as one piece, to be set side by side."""
    grouped: list[dict[str, Any]] = []
    for kind, run in groupby(pieces, key=lambda piece: piece["kind"]):
        alike = list(run)
        grouped += [{"kind": "charts", "charts": alike}] if kind == "chart" else alike
    return grouped


def _drawn(spec: dict[str, Any], ours: dict[str, str]) -> str:
    # The page sets the title as text that can wrap; in the notebook it is part of the chart.
    untitled = {key: value for key, value in spec.items() if key != "title"}
    return svg.drawn(untitled, prefix=f"c-{ours['id']}", says=f"{ours['title']}. {ours['says']}")
