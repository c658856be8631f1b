"""Charts: figures and words in, an altair chart out. Each is drawn for a phone's width.

Figures are written on the marks as people read them, so that a chart printed in grey still says what it says. Names
that vendors chose go in as data, never as part of an expression.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import Period
from kpi_toolkit.present import formats, theme
from kpi_toolkit.present.formats import Kind
from kpi_toolkit.present.labels import columns, short

if TYPE_CHECKING:
    import altair as alt

THIS_MONTH = Text(zh="本月", en="this month")
LAST_YEAR = Text(zh="去年同月", en="same month last year")
BESIDE = Text(zh="{value}（{note}）", en="{value} ({note})")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_ROW = 44  # height of a named bar: its name above, the bar below
_BAR = 14
_LETTER = 7  # about the width of a half-width column of bold text
_AXIS = 48  # about what the labels of a chart's height take of its width


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How a chart's figures are written."""

    kind: Kind
    lang: Lang
    currency: str = "TWD"

    def say(self, value: float | None, *, compact: bool = True) -> str:
        """`value` as a label."""
        return formats.number(value, self.kind, self.lang, currency=self.currency, compact=compact)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A named figure; `note` stands beside it, `strong` sets it off."""

    name: str
    value: float
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A figure against its target: `share` is the part of the target that was reached, `said` its name and both figures in words."""

    said: str
    share: float
    met: bool


def trend(title: str, series: Mapping[Period, float | None], scale: Scale) -> alt.LayerChart:
    """A bar a month, oldest first; the last month and the same month a year before it stand out with their figures."""
    import altair as alt

    months = list(series)
    rows = [_month_row(at, months, series, scale) for at in range(len(months))]
    top = max((row["value"] or 0 for row in rows), default=0)
    step = (theme.WIDTH - _AXIS) / max(len(rows), 1)
    places = {str(row["which"]): _place(rows, at, step) for at, row in enumerate(rows) if row["said"]}
    base = _data(rows).encode(x=alt.X("month:O", sort=None, axis=_month_axis(months, scale.lang)))
    colours = alt.Color(
        "which:N", legend=None, scale=_named({"now": theme.ACCENT, "before": theme.BEFORE, "": theme.ACCENT_SOFT})
    )
    bars = base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(_height("value", top, scale), colours)
    words = [layer for which, dx in places.items() for layer in _figure_over(base, which, dx)]
    return _finished(_layered(bars, *words), title, 190)


def _place(rows: list[dict[str, Any]], at: int, step: float) -> float:
    """Put a bar's figure over all bars that it reaches across (`over`), and tell how far left of its middle it starts."""
    wide = columns(rows[at]["said"]) * _LETTER / step
    start = min(max(at + 0.5 - wide / 2, 0), max(len(rows) - wide, 0))
    reached = rows[int(start) : math.ceil(start + wide)]
    rows[at]["over"] = max(row["value"] or 0 for row in reached)
    return (start - at - 0.5) * step


def _figure_over(base: alt.Chart, which: str, dx: float) -> list[alt.Chart]:
    """The figure over one bar, joined to it by a line where higher neighbours push it up."""
    chosen = base.transform_filter(f"datum.which == '{which}'")
    colour = theme.ACCENT if which == "now" else theme.MUTED
    line = chosen.mark_rule(color=colour, strokeWidth=1).encode(y="value:Q", y2="over:Q")
    text = chosen.encode(y="over:Q", text="said:N")
    place: dict[str, Any] = {"align": "left", "dx": round(dx, 1), "dy": -9, "fontWeight": 600}
    halo = text.mark_text(**place, stroke=theme.PAPER, strokeWidth=4, strokeJoin="round")
    return [line, halo, text.mark_text(**place, color=colour)]


def _month_row(
    at: int, months: Sequence[Period], series: Mapping[Period, float | None], scale: Scale
) -> dict[str, Any]:
    now, value = months[-1], _number(series[months[at]])
    which = "now" if months[at] == now else "before" if months[at] == now.last_year() else ""
    return {
        "month": str(months[at]),
        "value": value,
        "which": which,
        "said": scale.say(value) if which and value is not None else "",
    }


def _month_axis(months: Sequence[Period], lang: Lang) -> alt.Axis:
    import altair as alt

    words = []
    for at, month in enumerate(months):
        every_other = (len(months) - 1 - at) % 2 == 0 or len(months) < 8
        number = month.start.month
        words.append((f"{number}月" if lang == "zh-TW" else _MONTHS[number - 1]) if every_other else "")
    years = [str(month.start.year) if at == 0 or month.start.month == 1 else "" for at, month in enumerate(months)]
    lines = [[word, year] for word, year in zip(words, years, strict=True)]
    return alt.Axis(labelExpr=_by_index(lines), labelAngle=0, labelOverlap=False, labelLineHeight=14)


def daily(title: str, now: Mapping[int, float | None], before: Mapping[int, float | None], weekends: Sequence[int], scale: Scale) -> alt.LayerChart:  # fmt: skip
    """A line over the days of a month (1 to 31), last year's dashed behind it, weekends shaded."""
    import altair as alt

    names = {"now": THIS_MONTH.say(scale.lang), "before": LAST_YEAR.say(scale.lang)}
    both = [(names["before"], before), (names["now"], now)]
    rows = [{"day": day, "value": value, "which": which} for which, series in both for day, value in series.items()]
    top = max((value or 0 for _, series in both for value in series.values()), default=0)
    last = max(now, default=31)
    x = alt.X(
        "day:Q", scale=alt.Scale(domain=[1, last], nice=False), axis=alt.Axis(values=[1, 8, 15, 22, 29], format="d")
    )
    shade = _data([{"from": day - 0.5, "to": day + 0.5} for day in weekends]).mark_rect(color=theme.WASH, clip=True)
    bands = shade.encode(x=alt.X("from:Q"), x2="to:Q")
    colours = _named({names["now"]: theme.ACCENT, names["before"]: theme.BEFORE})
    dashes = alt.Scale(domain=[names["now"], names["before"]], range=[[1, 0], [4, 3]])
    lines = _data(rows).mark_line(interpolate="linear").encode(
        x, _height("value", top, scale), alt.Color("which:N", scale=colours), alt.StrokeDash("which:N", scale=dashes)
    )  # fmt: skip
    return _finished(_layered(bands, lines) if weekends else _layered(lines), title, 190)


def bars(title: str, items: Sequence[Bar], scale: Scale) -> alt.LayerChart:
    """A bar a name, in the order given, the name above its bar and the figure behind it."""
    rows = [
        {
            "row": at,
            "value": item.value,
            "strong": item.strong,
            "name": short(item.name, 40),
            "said": _beside(item, scale),
        }
        for at, item in enumerate(items)
    ]

    return _finished(_layered(*_rows(rows)), title, _ROW * len(rows))


def funnel(title: str, stages: Sequence[Bar], scale: Scale) -> alt.LayerChart:
    """Stages from wide to narrow. Widths follow the square root: else nothing below the first stage could be seen."""

    rows = [
        {
            "row": at,
            "value": math.sqrt(stage.value),
            "strong": stage.strong,
            "name": stage.name,
            "said": _beside(stage, scale),
        }
        for at, stage in enumerate(stages)
    ]
    return _finished(_layered(*_rows(rows)), title, _ROW * len(rows))


def bullets(title: str, aims: Sequence[Aim]) -> alt.LayerChart:
    """How far each figure is on the way to its target, which stands at 100 %; those that miss it in another colour."""
    import altair as alt

    rows = [
        {"row": at, "value": min(aim.share, 1.5), "strong": aim.met, "name": aim.said, "said": ""}
        for at, aim in enumerate(aims)
    ]
    mark = _data(rows).mark_tick(color=theme.INK, thickness=2, size=_BAR + 8, yOffset=8)
    goal = mark.encode(x=alt.datum(1), y=alt.Y("row:O", axis=None))
    return _finished(_layered(*_rows(rows, theme.ATTENTION), goal), title, _ROW * len(rows))


def _rows(rows: list[dict[str, Any]], other: str = theme.ACCENT_SOFT) -> list[alt.Chart]:
    import altair as alt

    # Every bar leaves room for its own figure behind it.
    room = [theme.WIDTH - columns(row["said"]) * _LETTER - 14 for row in rows]
    reach = max((row["value"] * theme.WIDTH / left for row, left in zip(rows, room, strict=True)), default=0) or 1
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, reach], nice=False))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colours = alt.Scale(domain=[True, False], range=[theme.ACCENT, other])
    base = _data(rows).encode(y=y)
    shapes = base.mark_bar(height=_BAR, yOffset=8, cornerRadiusEnd=2).encode(
        x, alt.Color("strong:N", legend=None, scale=colours)
    )
    figures = base.mark_text(align="left", dx=6, dy=8, fontWeight=600).encode(x=x, text="said:N")
    names = base.mark_text(align="left", dy=-9).encode(x=alt.value(0), text="name:N")
    return [shapes, figures, names]


def _beside(item: Bar, scale: Scale) -> str:
    said = scale.say(item.value)
    return BESIDE.fill(value=said, note=item.note).say(scale.lang) if item.note else said


def _height(field: str, top: float, scale: Scale) -> alt.Y:
    import altair as alt

    steps = ticks(top)
    words = [_tick(step, scale) for step in steps]
    return alt.Y(
        f"{field}:Q",
        scale=alt.Scale(domain=[0, max(top * 1.12, steps[-1])], nice=False),
        axis=alt.Axis(values=steps, labelExpr=_by_index(words)),
    )


def _tick(step: float, scale: Scale) -> str:
    """A tick's label: the unit stands in the title, an axis is easier to read without."""
    if scale.kind == "share":
        return formats.percent(step, scale.lang).replace(".0%", "%")
    return formats.count(step, scale.lang, compact=True).replace(".0 ", " ")


def ticks(top: float) -> list[float]:
    """Three to six round figures from 0 to about `top`."""
    if not top > 0:
        return [0, 1]
    rough = top / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * by for by in (1, 2, 2.5, 5, 10) if size * by >= rough)
    return [round(step * at, 10) for at in range(int(top / step + 1e-9) + 1)]


def _by_index(words: Sequence[object]) -> str:
    """The label of each tick by its place: `datum.index` runs from 0 to 1."""
    return f"{json.dumps(list(words), ensure_ascii=True)}[round(datum.index * {max(len(words) - 1, 1)})]"


def _data(rows: list[dict[str, Any]]) -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.Data(values=rows))


def _named(colours: Mapping[str, str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(colours), range=list(colours.values()))


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _layered(*layers: alt.Chart) -> alt.LayerChart:
    import altair as alt

    chart = alt.layer(*layers)
    assert isinstance(chart, alt.LayerChart)  # only facets make it anything else
    return chart


def _finished(chart: alt.LayerChart, title: str, height: int) -> alt.LayerChart:
    import altair as alt

    head = alt.TitleParams(
        title, anchor="start", fontSize=14, fontWeight=600, color=theme.INK, font=theme.FONTS, offset=10
    )
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return chart.properties(title=head, width=theme.WIDTH, height=height, autosize=fit).configure(**theme.config())
