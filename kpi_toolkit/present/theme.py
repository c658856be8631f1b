"""One look for charts and pages: colours, type, and the altair theme made of them.

Text colours keep at least 4.5:1 on white and marks at least 3:1 (WCAG AA). Blue against vermilion and grey stay apart
for every common kind of colour blindness, and no meaning hangs on colour alone.
"""

from __future__ import annotations

from typing import Any

INK = "#1b2733"
MUTED = "#55616d"
RULE = "#d9dfe5"
PAPER = "#ffffff"
ACCENT = "#0b5f8a"
ACCENT_SOFT = "#5f99be"
BEFORE = "#87807a"
ATTENTION = "#a8440a"
WASH = "#eef2f5"

# The second is the same typeface under the name that Linux distributions give it.
FONT_STACK = ("Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", "sans-serif")
FONTS = ", ".join(name if name == "sans-serif" else f'"{name}"' for name in FONT_STACK)

# A chart is drawn for a phone's width; wider pages set charts side by side instead of stretching them.
WIDTH = 340
TEXT_SIZE = 12


def config() -> dict[str, Any]:
    """The theme as Vega-Lite's `config`."""
    text = {"font": FONTS, "fontSize": TEXT_SIZE, "color": INK}
    return {
        "background": PAPER,
        "font": FONTS,
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "view": {"stroke": None},
        "text": text,
        "bar": {"color": ACCENT_SOFT},
        "line": {"color": ACCENT, "strokeWidth": 2},
        "axis": {
            "labelColor": MUTED, "labelFont": FONTS, "labelFontSize": 11, "title": None, "domain": False,
            "ticks": False, "grid": False, "labelPadding": 5,
        },
        "axisY": {"grid": True, "gridColor": RULE},
        "legend": {
            "title": None, "orient": "top", "labelColor": INK, "labelFont": FONTS, "labelFontSize": TEXT_SIZE,
            "symbolSize": 110, "padding": 0, "offset": 6,
        },
    }  # fmt: skip


def register() -> None:
    """Make `kpi` altair's theme, for the charts that an analyst draws; the toolkit's own carry it already."""
    import altair as alt

    @alt.theme.register("kpi", enable=True)
    def kpi() -> alt.theme.ThemeConfig:
        return {"config": config()}  # type: ignore[typeddict-item]
