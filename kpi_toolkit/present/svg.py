"""A chart's spec as SVG to stand in a page: no script, no address, no name that another chart uses."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2000/svg"
# The Vega-Lite that JupyterLab and Voila carry: the page shows what the notebook shows.
VERSION = "5.21"
_ELEMENTS = frozenset({"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "defs", "clipPath", "title"})
_ATTRIBUTES = frozenset(
    """aria-hidden aria-label aria-roledescription class clip-path d dx dy cx cy r display fill fill-opacity font-family font-size
    font-style font-weight height id opacity pointer-events role rx ry stroke stroke-dasharray stroke-dashoffset stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform version viewBox width x x1 x2 y
    y1 y2 style""".split()
)
_POINTER = re.compile(r"url\(#([\w-]+)\)")


def drawn(spec: dict[str, Any], *, prefix: str, says: str) -> str:
    """The SVG of a Vega-Lite `spec`: as wide as its place, with `says` for those who can't see it.

    `prefix` sets its ids apart from other charts' on the page. Raises ValueError when the drawing holds anything but
    shapes and text.
    """
    import vl_convert

    drawing = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    return inline(drawing, prefix=prefix, says=says)


def inline(drawing: str, *, prefix: str, says: str) -> str:
    """`drawing` as an element of a page; see `drawn`."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(drawing)
    # Vega counts on through all drawings of a process: the same chart has to give the same text.
    named = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    ids = {old: f"{prefix}-{at}" for at, old in enumerate(named)}
    for element in root.iter():
        _tame(element, ids)
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    root.attrib |= {"role": "img", "aria-label": says}
    return ElementTree.tostring(root, encoding="unicode")


def _tame(element: ElementTree.Element, ids: dict[str, str]) -> None:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    strangers = sorted(set(element.attrib) - _ATTRIBUTES)
    if name not in _ELEMENTS or strangers:
        raise ValueError(
            f"a chart's drawing holds <{name}> with {strangers or 'nothing'}, which is not drawn by charts"
        )
    # What Vega says for each mark would be read out one by one, and says less than the chart's own description.
    for spoken in ("aria-label", "aria-roledescription", "role", "aria-hidden", "class"):
        element.attrib.pop(spoken, None)
    if "id" in element.attrib:
        element.attrib["id"] = ids[element.attrib["id"]]
    if "clip-path" in element.attrib:
        pointed = _POINTER.fullmatch(element.attrib["clip-path"])
        element.attrib["clip-path"] = f"url(#{ids[pointed[1]]})" if pointed else "none"
