"""The report in a real browser: no network, no script, a phone's width and a screen's, and print."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.i18n import LANGS, Lang
from kpi_toolkit.periods import parse_period
from kpi_toolkit.report.monthly import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOSTILE = Path(__file__).parents[1] / "faults/hostile-workspace"
WIDTHS = (360, 1280)


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


@pytest.fixture(scope="module")
def html(lang: Lang, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace") / "ws"
    shutil.copytree(HOSTILE, folder, ignore=shutil.ignore_patterns(".kpi", "reports"))
    return write_report(open_workspace(folder), "hostile", parse_period("2026-10"), lang=lang) / "monthly.html"


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, chromium: Browser, html: Path) -> Iterator[Page]:
    """The page without a script and without a network, at both widths; it records what it asks for."""
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800}, java_script_enabled=False, offline=True
    )
    opened = context.new_page()
    opened.asked = []  # type: ignore[attr-defined]
    opened.on("request", lambda sent: opened.asked.append(sent.url))  # type: ignore[attr-defined]
    opened.goto(html.as_uri())
    yield opened
    context.close()


def test_asks_for_nothing_but_itself(page: Page, html: Path) -> None:
    assert page.asked == [html.as_uri()]  # type: ignore[attr-defined]


def test_never_scrolls_sideways(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen
    cut = (
        "[...document.querySelectorAll('.table, figure, .card')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert page.evaluate(cut) == 0


def test_charts_are_seen_whole(page: Page) -> None:
    figures = page.locator("figure.chart svg")
    assert figures.count() > 4
    width = page.viewport_size["width"]  # type: ignore[index]
    for at in range(figures.count()):
        box = figures.nth(at).bounding_box()
        assert box and box["width"] > 250 and box["height"] > 40
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert figures.nth(at).get_attribute("aria-label")


def test_letters_in_charts_are_large_enough_to_read(page: Page) -> None:
    sizes = """[...document.querySelectorAll('figure.chart svg')].map(svg =>
        svg.getBoundingClientRect().width / svg.viewBox.baseVal.width * 11)"""
    assert min(page.evaluate(sizes)) >= 10


def test_terms_explain_themselves_where_they_stand(page: Page) -> None:
    term = page.locator(".card details.term").first
    assert not term.locator(".plain").is_visible()
    term.locator("summary").click()
    assert term.locator(".plain").is_visible() and len(term.locator(".plain").inner_text()) > 10


def test_tables_become_cards_on_a_phone(page: Page) -> None:
    display = page.evaluate("getComputedStyle(document.querySelector('#t-outcomes td')).display")
    assert display == ("flex" if page.viewport_size["width"] == 360 else "table-cell")  # type: ignore[index]


def test_reads_in_its_language(page: Page, lang: Lang) -> None:
    assert page.locator("html").get_attribute("lang") == {"zh-TW": "zh-Hant-TW", "en": "en"}[lang]
    assert page.locator("h2").first.inner_text() == {"zh-TW": "一分鐘看懂", "en": "In a minute"}[lang]


def test_on_a_phone_the_months_figure_stands_beside_its_name(page: Page) -> None:
    name, figure = page.locator("#t-outcomes tbody tr").first.locator("th, td.main").all()
    one, other = name.bounding_box(), figure.bounding_box()
    assert one and other and abs(one["y"] - other["y"]) < 8 and other["x"] > one["x"]
    assert figure.locator(".value").evaluate("e => getComputedStyle(e).fontWeight") == "700"


def test_headings_go_down_one_step_at_a_time(page: Page) -> None:
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => Number(e.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_say_what_they_are_of(page: Page) -> None:
    faults = page.evaluate(
        """[...document.querySelectorAll('table')].filter(table =>
            table.getAttribute('role') !== 'table' || !table.caption?.textContent.trim()
            || [...table.tHead.rows[0].cells].some(head => head.scope !== 'col' || !head.textContent.trim())
            || [...table.tBodies[0].rows].some(row => row.cells[0].tagName !== 'TH' || row.cells[0].scope !== 'row')
            || [...table.tBodies[0].rows].some(row => [...row.cells].slice(1).some(cell => !cell.dataset.label))
        ).map(table => table.id)"""
    )
    assert page.locator("table").count() > 4 and faults == []


def test_charts_have_a_title_and_say_what_they_show(page: Page) -> None:
    faults = page.evaluate(
        """[...document.querySelectorAll('figure')].filter(figure => {
            const drawing = figure.querySelector('svg'), title = figure.querySelector('figcaption').innerText;
            return drawing.getAttribute('role') !== 'img' || !drawing.getAttribute('aria-label').startsWith(title + '. ');
        }).map(figure => figure.id)"""
    )
    assert faults == []


CONTRAST = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parts(getComputedStyle(at).backgroundColor);
            if (colour[3] !== 0) return colour;
        }
        return [255, 255, 255];
    };
    const faint = [];
    document.querySelectorAll('details').forEach(one => one.open = true);
    for (const element of document.querySelectorAll('body *')) {
        if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
        const style = getComputedStyle(element), drawn = element.closest('svg');
        const halo = drawn && style.stroke !== 'none';
        const pair = [light(parts(drawn ? style.fill : style.color)), light(behind(element))].sort((a, b) => b - a);
        if (!halo && (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) faint.push(element.outerHTML.slice(0, 80));
    }
    return faint;
}"""


def test_all_words_have_contrast(page: Page) -> None:
    assert page.evaluate(CONTRAST) == []


def test_nothing_runs_where_scripts_are_allowed(chromium: Browser, html: Path) -> None:
    context = chromium.new_context()
    opened, dialogs, faults = context.new_page(), [], []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.goto(html.as_uri())
    opened.wait_for_timeout(200)
    assert (dialogs, faults) == ([], [])
    assert opened.evaluate("document.scripts.length") == 0
    context.close()


def test_prints_on_a4_with_its_folded_parts_open(chromium: Browser, html: Path) -> None:
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(html.as_uri())
    pdf = opened.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert boxes and {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (596, 842), (595, 843)}
    assert 3 <= len(boxes) <= 20
    opened.emulate_media(media="print")
    assert opened.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    whole = "[...document.querySelectorAll('figure.chart, tr')].every(e => getComputedStyle(e).breakInside === 'avoid')"
    assert opened.evaluate(whole)
    assert opened.locator("details.more .table, details.more ul").last.bounding_box()["height"] > 0  # type: ignore[index]
    context.close()


def test_the_printed_glossary_fills_its_columns(chromium: Browser, html: Path) -> None:
    """In the order of reading: down the first column, then down the second, of about the same length."""
    opened = chromium.new_page(viewport={"width": 720, "height": 1000})
    opened.goto(html.as_uri())
    opened.emulate_media(media="print")
    entries = opened.evaluate(
        "[...document.querySelectorAll('.entry')].map(one => one.getBoundingClientRect()).map(box => [box.left, box.top])"
    )
    columns = [[top for left, top in entries if left == at] for at in sorted({left for left, _ in entries})]
    assert len(columns) == 2 and [top for column in columns for top in column] == [top for _, top in entries]
    assert all(column == sorted(column) for column in columns)
    assert abs(len(columns[0]) - len(columns[1])) <= 2
    opened.close()
