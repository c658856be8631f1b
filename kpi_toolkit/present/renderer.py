"""The one altair renderer, `kpi`, for JupyterLab, Voila and the report.

JupyterLab and Voila register Vega-Lite up to version 5 and only types that end in `+json`, while altair 6 emits
version 6 under another name. The picture of one pixel keeps Voila from saving a PNG back into a model that has no room
for it (it stops as soon as there is one), and JupyterLab from storing a PNG in every notebook.
"""

from __future__ import annotations

from typing import Any

MIME = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
EMBED = {"embed_options": {"actions": False, "renderer": "svg"}}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def bundle(spec: dict[str, Any], says: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """The output of a chart: its data by media type, and their metadata. `says` stands in for the picture."""
    data = {MIME: {**spec, "$schema": SCHEMA}, "image/png": PIXEL, "text/plain": says or "chart"}
    return data, {MIME: EMBED}


def register() -> None:
    """Make `kpi` altair's renderer for everything displayed from here on."""
    import altair as alt

    alt.renderers.register("kpi", _render)
    alt.renderers.enable("kpi")


def _render(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return bundle(spec, str(spec.get("description", "")))
