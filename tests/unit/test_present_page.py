"""Blocks as HTML, as notebook outputs and as sheets: what a vendor wrote is only ever text."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from kpi_toolkit.i18n import LANGS, Lang
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present import charts, glossary, outputs, page, reasons, renderer, svg, theme
from kpi_toolkit.present.blocks import (
    Card,
    Cards,
    Cell,
    Chart,
    Charts,
    Column,
    Details,
    Fact,
    Heading,
    Lead,
    Missing,
    Note,
    Paragraph,
    Points,
    Table,
    Term,
    terms,
)  # fmt: skip

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">&{{7*7}}'


def hostile_blocks() -> list:
    term = Term(id="ctr", label=HOSTILE, plain=HOSTILE)
    table = Table(
        id="t", title=HOSTILE, note=HOSTILE, rows=((HOSTILE, HOSTILE, Cell(value=None, kind="change", why=HOSTILE)),),
        columns=(Column(title=HOSTILE), Column(title=HOSTILE, joins=True), Column(title=HOSTILE, kind="change", term=term)),
    )  # fmt: skip
    return [
        *(kind(text=HOSTILE) for kind in (Lead, Paragraph, Heading, Note, Missing)),
        Points(items=(HOSTILE,)),
        Cards(items=(Card(term=term, value=HOSTILE, facts=(Fact(label=HOSTILE, value=HOSTILE, tone="worse"),), note=HOSTILE),)),
        table,
        Details(summary=HOSTILE, blocks=(table,)),
    ]  # fmt: skip


class Tags(HTMLParser):
    """The names of all elements, and of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("block", hostile_blocks(), ids=lambda block: type(block).__name__)
def test_hostile_words_arrive_as_text(block: object) -> None:
    found = Tags()
    found.feed(str(page.html(block, "zh-TW")))  # type: ignore[arg-type]
    assert not found.elements & {"script", "img"}
    assert not [name for name in found.attributes if name.startswith("on")]
    assert "{{7*7}}" in page.html(block, "zh-TW")  # type: ignore[arg-type]


def test_a_table_keeps_its_numbers_for_the_sheet() -> None:
    table = Table(
        id="t", title="T", columns=(Column(title="A"), Column(title="B", kind="money", currency="TWD"), Column(title="C", kind="change", joins=True)),
        rows=(("x", 1234.5, 0.1), ("y", float("nan"), Cell(value=None, kind="change", why="redefined"))),
    )  # fmt: skip
    (output,) = outputs.outputs([table], "en")
    sheet = output.data[outputs.TABLE_MIME]["tables"][0]
    assert json.loads(json.dumps(sheet, allow_nan=False)) == sheet
    assert [[cell["value"] for cell in row] for row in sheet["rows"]] == [["x", 1234.5, 0.1], ["y", None, "redefined"]]
    assert output.data["text/html"].count("<td") == 2  # what joins has no column of its own on the page


def test_rows_must_fit_their_columns() -> None:
    with pytest.raises(ValueError, match="rows of"):
        Table(id="t", title="T", columns=(Column(title="A"),), rows=(("x", 1),))


def test_terms_are_collected_in_the_order_of_their_use() -> None:
    ctr, cpc = glossary.term("ctr", "en"), glossary.term("cpc", "en")
    table = Table(id="t", title="T", columns=(Column(title="A"), Column(title="B", term=cpc)), rows=())
    assert terms([Lead(text="x", terms=("spend",)), Cards(items=(Card(term=ctr, value="1"),)), table]) == [
        "spend",
        "ctr",
        "cpc",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_glossary_explains_every_metric(lang: Lang) -> None:
    found = glossary.entries(METRICS, lang)
    assert [entry.term.id for entry in found.items] == list(METRICS)
    assert all(entry.term.label and entry.term.plain and entry.formula and entry.why for entry in found.items)


def scale(lang: Lang = "zh-TW") -> charts.Scale:
    return charts.Scale(kind="money", lang=lang)


def drawings() -> dict:
    months = parse_period("2026-10").back(14)
    names = [HOSTILE, "很長" * 100, "\u202eשלום", "\U0001f9c1", "**md**"]
    return {
        "trend": charts.trend(HOSTILE, dict.fromkeys(months, 5000.0), scale()),
        "daily": charts.daily(HOSTILE, {1: 1.0, 2: None}, {1: 2.0}, [1], scale()),
        "bars": charts.bars(HOSTILE, [charts.Bar(name=name, value=9, note=name) for name in names], scale()),
        "funnel": charts.funnel(HOSTILE, [charts.Bar(name=name, value=9) for name in names], scale()),
        "bullets": charts.bullets(HOSTILE, [charts.Aim(said=name, share=0.8, met=False) for name in names]),
        "empty": charts.bars("-", [], scale()),
    }


@pytest.mark.parametrize("name", drawings())
def test_drawings_hold_shapes_and_text_alone(name: str) -> None:
    spec = drawings()[name].to_dict()
    drawn = svg.drawn(spec, prefix="c-x", says=HOSTILE)
    found = Tags()
    found.feed(drawn)
    assert not found.elements & {"script", "img", "image", "foreignobject", "a", "style"}
    assert not [attribute for attribute in found.attributes if attribute.startswith("on") or "href" in attribute]
    assert 'role="img"' in drawn and "width=" not in drawn.split(">")[0].replace("stroke-width", "")


def rows_of(spec: dict, field: str) -> list[dict]:
    found = [layer.get("data") or spec.get("data") or {} for layer in spec.get("layer", [spec])]
    datasets = [data.get("values") or spec["datasets"][data["name"]] for data in found if data]
    return next(rows for rows in datasets if rows and field in rows[0])


def test_a_months_figure_stands_over_every_bar_that_it_reaches_across() -> None:
    months = parse_period("2026-10").back(14)
    values = [100.0, 20.0, 90.0, *[10.0] * 9, 300.0, 30.0]  # low bars beside high ones, last year's and this month's
    spec = charts.trend("T", dict(zip(months, values, strict=True)), charts.Scale(kind="money", lang="zh-TW")).to_dict()
    rows = rows_of(spec, "which")
    assert [(row["which"], row["over"]) for row in rows if row["which"]] == [("before", 100.0), ("now", 300.0)]


@pytest.mark.parametrize("name", ["bars", "funnel"])
def test_a_bar_is_as_long_as_its_own_figure_leaves_room(name: str) -> None:
    stages = [charts.Bar(name="a", value=100), charts.Bar(name="b", value=1, note="a note longer than the figure")]
    spec = getattr(charts, name)("T", stages, charts.Scale(kind="count", lang="en")).to_dict()
    longest = rows_of(spec, "said")[0]["value"]
    (top,) = {layer["encoding"]["x"]["scale"]["domain"][1] for layer in spec["layer"] if "scale" in layer["encoding"]["x"]}  # fmt: skip
    assert longest / top > 0.85


def test_drawings_on_one_page_share_no_ids() -> None:
    spec = drawings()["daily"].to_dict()
    ids = [set(svg.drawn(spec, prefix=prefix, says="x").split('id="')[1:]) for prefix in ("one", "two")]
    assert ids[0] and not ids[0] & ids[1]


@pytest.mark.parametrize(
    "element", ["<script>1</script>", "<image href='x'/>", "<a><text>x</text></a>", "<g onclick='x'/>"]
)
def test_a_drawing_with_anything_else_is_refused(element: str) -> None:
    with pytest.raises(ValueError, match="not drawn by charts"):
        svg.inline(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">{element}</svg>', prefix="c", says="x"
        )


def test_the_renderer_speaks_what_jupyterlab_and_voila_know() -> None:
    drawing = drawings()["bars"]
    (output,) = outputs.outputs(
        [Charts(items=(Chart(id="b", title="B", says="what it shows", drawing=drawing),))], "en"
    )
    assert output.data[renderer.MIME]["$schema"].endswith("/v5.json")
    assert output.data["image/png"] and output.data["text/plain"] == "what it shows"
    assert output.metadata[renderer.MIME]["embed_options"]["actions"] is False


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str) -> float:
    return 1.05 / (luminance(colour) + 0.05)


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED, theme.ACCENT, theme.ATTENTION])
def test_text_colours_have_contrast(colour: str) -> None:
    assert contrast(colour) >= 4.5


@pytest.mark.parametrize("colour", [theme.ACCENT_SOFT, theme.BEFORE])
def test_marks_have_contrast(colour: str) -> None:
    assert contrast(colour) >= 3


CODES = [
    "no rows", "no values", "not additive", "denominator is 0", "it was 0", "it was negative",
    "several platforms: google_ads, meta_ads", "several result types: lead, message", "several currencies: TWD, USD",
    "several attribution settings: a, b", "several definitions: a|b, c|d", "definition changed on 2026-03-01",
    "partly covered: data begin 2025-09-01", "different platforms: google_ads, meta_ads", "no per-day column: 2026-10-01..2026-10-31",
    "no table: orders", "orders: no rows", "orders: not known by campaign", "not by week", "gross_margin is not in client.yaml",
    "gross_margin of client.yaml: 0.52", "without line_ads: not given", "without invoices_fees", "orders begin 2025-09-01",
    "incomplete: no spend in 3 rows",
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", CODES)
def test_reasons_are_told_in_words(code: str, lang: Lang) -> None:
    words = reasons.why(code, lang)
    assert reasons.UNKNOWN.say(lang) not in words
    assert words != code and "_ads" not in words and "|" not in words
    assert reasons.brief(code, lang)
    if lang == "zh-TW":
        assert any("\u4e00" <= character <= "\u9fff" for character in words)


def test_ticks_are_round_and_reach_the_top() -> None:
    assert charts.ticks(0) == [0, 1]
    assert charts.ticks(1_900_000) == [0, 500_000, 1_000_000, 1_500_000]
    assert charts.ticks(7) == [0, 2, 4, 6]


def test_amounts_are_no_mathematics_in_jupyterlab() -> None:
    (output,) = outputs.outputs([Lead(text="NT$100, NT$200")], "en")
    assert output.data["text/html"].startswith('<div class="mathjax_ignore')
    assert outputs.html_of(output.data) == page.html(Lead(text="NT$100, NT$200"), "en")


def test_the_style_of_a_notebook_reaches_outputs_alone() -> None:
    css = outputs.style(":root { --ink: #000; } @page { size: A4; } p { color: red; }").data["text/html"]
    assert css.startswith("<style>.jp-OutputArea ") and ":root" not in css and "@page" not in css
