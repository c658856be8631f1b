"""Live charts in real servers and a real browser: the page of `app`, and the notebook in JupyterLab, without a network."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpi_toolkit.cli.lab import bring_notebooks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

CLIENT, PERIOD = "yongqiang-machinery", "2026-10"
PLAIN = "RX_搜尋_品牌字_永強"
HOSTILE = "RX_<img src=x onerror='window.hacked=1'></script><script>window.hacked=1</script>{{7*7}}"
NOWHERE = "http://127.0.0.1:9"  # where nobody listens; a browser asks for things of its own, besides what pages ask
PATIENCE = 90  # seconds until a condition counts as never fulfilled; far more than any takes
FAULT = '.jp-OutputArea [data-mime-type="application/vnd.jupyter.stderr"]'
MARKS = "svg path, svg rect, svg line"
DRAWN = f"""figures => figures.length > 0 && figures.every(
    figure => [...figure.querySelectorAll('{MARKS}')].filter(mark => mark.getBoundingClientRect().height > 1).length > 2)"""


class Outside(socketserver.ThreadingTCPServer):
    """A proxy that stands for the whole network: it lets nothing through and remembers what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refuse)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Refuse(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.asked.append(self.rfile.readline(4096).decode("latin-1").strip())  # type: ignore[attr-defined]
        self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def outside() -> Iterator[Outside]:
    with Outside() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples' workspace with one of its clients, one of whose campaigns has a name that is markup."""
    folder = tmp_path_factory.mktemp("live") / "ws"
    client = folder / "clients" / CLIENT
    shutil.copytree(root / "data/samples/clients" / CLIENT, client)
    shutil.copy(root / "data/samples/workspace.yaml", folder)
    exports = list((client / "data/google-ads").glob("*.csv"))
    for export in exports:
        export.write_bytes(export.read_bytes().replace(PLAIN.encode(), HOSTILE.encode()))
    assert any(HOSTILE in export.read_text(encoding="utf-8") for export in exports)
    return folder


@contextmanager
def server(*words: object, outside: Outside, log: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`kpi-toolkit` with these words, in a world without a network; it is interrupted in the end."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), outside.url)
    env = {**os.environ, **proxies, "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost", **environment}
    command = [sys.executable, "-m", "kpi_toolkit", *map(str, words)]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", env=env, cwd=log.parent
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        assert process.stdout
        process.stdout.close()


@pytest.fixture
def shown(outside: Outside, workspace: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the live page, and the file with what its server says on stderr."""
    log = tmp_path / "app.txt"
    with server("app", "--workspace", workspace, "--no-browser", outside=outside, log=log) as process:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line + log.read_text(encoding="utf-8")
        yield found[0], log


@contextmanager
def browsing(chromium: Browser, **view: Any) -> Iterator[tuple[BrowserContext, dict[str, list[str]]]]:
    """A browser that has only this machine; it writes down what was asked for, refused and complained of."""
    heard: dict[str, list[str]] = {"asked": [], "refused": [], "errors": [], "dialogs": []}
    context = chromium.new_context(proxy={"server": NOWHERE, "bypass": "127.0.0.1"}, **view)
    context.on("request", lambda sent: heard["asked"].append(sent.url))
    context.on("response", lambda got: heard["refused"].append(f"{got.status} {got.url}") if got.status > 399 else None)
    context.on("console", lambda said: heard["errors"].append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda fault: heard["errors"].append(str(fault.error)))
    context.on("dialog", lambda dialog: (heard["dialogs"].append(dialog.message), dialog.dismiss()))
    try:
        yield context, heard
    finally:
        context.close()


def foreign(urls: list[str]) -> list[str]:
    return [url for url in urls if not re.match(r"(https?://127\.0\.0\.1[:/]|data:|blob:)", url)]


def until(fulfilled: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.2)


def wait_for_charts(page: Page, figures: str) -> int:
    """How many charts there are, once every one of them has marks to be seen."""
    page.wait_for_function(f"({DRAWN})([...document.querySelectorAll({figures!r})])", timeout=PATIENCE * 1000)
    return page.locator(figures).count()


# --- app ------------------------------------------------------------------------------------------------------------


def test_the_live_page(chromium: Browser, shown: tuple[str, Path], outside: Outside, tmp_path: Path) -> None:
    """One visit, for a visit costs a kernel: complete, drawn, offline, safe, at a phone's width and a screen's."""
    address, log = shown
    with browsing(chromium, viewport={"width": 360, "height": 800}) as (context, heard):
        page = context.new_page()
        answer = page.goto(address, wait_until="commit", timeout=PATIENCE * 1000)
        loading = page.locator("#loading")
        assert "永強精機" in loading.inner_text()
        page.screenshot(path=tmp_path / "loading.png")
        loading.wait_for(state="detached", timeout=PATIENCE * 1000)

        assert wait_for_charts(page, "figure.chart") > 5
        page.screenshot(path=tmp_path / "360.png", full_page=True)
        fits_without_scrolling_sideways(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.screenshot(path=tmp_path / "1280.png", full_page=True)
        fits_without_scrolling_sideways(page)

        is_complete(page)
        shows_markup_as_text(page, heard)
        assert answer and "frame-ancestors 'none'" in (answer.header_value("content-security-policy") or "")
        runs_no_code_from_the_browser(page, tmp_path / "ran.txt")
        assert (heard["errors"], heard["refused"], foreign(heard["asked"])) == ([], [], [])
        assert len(heard["asked"]) > 10
    assert outside.asked == []
    assert log.read_text(encoding="utf-8") == "", "the terminal stays quiet"


def fits_without_scrolling_sideways(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen
    for box in page.locator("figure.chart svg.marks").evaluate_all("all => all.map(e => e.getBoundingClientRect())"):
        assert box["width"] > 250
        assert box["x"] >= 0 and box["x"] + box["width"] <= seen + 1


def is_complete(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "zh-Hant-TW"
    assert page.title() == "永強精機 · 行銷成效月報 · 2026 年 10 月"
    assert page.locator(".card").count() > 2 and page.locator("dl.glossary .entry").count() > 5
    linked = page.locator("nav.contents a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(linked) > 5
    for anchor in linked:
        assert page.locator(f"h2{anchor}").count() == 1
    body = page.locator("body").inner_text()
    assert "open_monthly" not in page.content() and "import " not in body, "no source code"
    assert page.locator("p.missing", has_text="這一段現在做不出來").count() == 0


def shows_markup_as_text(page: Page, heard: dict[str, list[str]]) -> None:
    assert page.get_by_text(HOSTILE, exact=True).count() > 0
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0
    assert heard["dialogs"] == []


def runs_no_code_from_the_browser(page: Page, trace: Path) -> None:
    """The page's own websocket, asked to run code: the kernel answers what is allowed and runs nothing."""
    kinds = page.evaluate(
        """code => new Promise((done, failed) => {
            const kernel = JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId;
            const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels?session_id=test`);
            const send = (kind, content) => socket.send(JSON.stringify({channel: 'shell', content, metadata: {},
                parent_header: {}, buffers: [], header: {msg_id: kind, msg_type: kind, username: '', session: 'test',
                date: new Date().toISOString(), version: '5.3'}}));
            const kinds = [];
            socket.onopen = () => {
                send('execute_request', {code, silent: false, store_history: false, user_expressions: {}});
                send('kernel_info_request', {});
            };
            socket.onerror = failed;
            socket.onmessage = got => {
                const header = JSON.parse(got.data);
                kinds.push(header.msg_type);
                if (header.msg_type === 'kernel_info_reply') { socket.close(); done(kinds); }
            };
        })""",
        f"open({str(trace)!r}, 'w').write('ran')",
    )
    assert "kernel_info_reply" in kinds
    assert "execute_reply" not in kinds
    assert not trace.exists()


def test_the_live_page_and_nothing_else(shown: tuple[str, Path]) -> None:
    address, log = shown
    for path in ("voila/files/page.ipynb", "voila/tree", "voila/render/page.ipynb", "voila/api/contents", "x.svg"):
        status, body = ask(address + path)
        assert (status, "Nothing is here" in body) == (404, True), path
    for path in ("", "api/kernels/00000000-0000-0000-0000-000000000000"):
        assert ask(address + path, Host="evil.example")[0] == 403, "no other name for this machine"
    assert log.read_text(encoding="utf-8") == ""


def ask(url: str, **headers: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8")


# --- lab ------------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def own_jupyter(tmp_path: Path) -> dict[str, str]:
    """Jupyter's folders, apart from the user's; the notebook is drawn whole, where it would draw what is in sight."""
    settings = tmp_path / "settings/@jupyterlab/notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', encoding="utf-8")
    return {
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
    }


def with_parameters(workspace: Path) -> Path:
    """The notebook as `lab` brings it, with the parameters that an analyst fills in."""
    bring_notebooks(workspace)
    notebook = workspace / "notebooks/monthly_report.ipynb"
    words = notebook.read_text(encoding="utf-8")
    filled = words.replace(r"client_id: str = \"\"", rf"client_id: str = \"{CLIENT}\"")
    filled = filled.replace(r"period: str = \"\"", rf"period: str = \"{PERIOD}\"")
    assert filled.count(CLIENT) == 1
    notebook.write_text(filled, encoding="utf-8")
    return notebook


def test_the_notebook_in_jupyterlab(
    chromium: Browser, outside: Outside, workspace: Path, own_jupyter: dict[str, str], tmp_path: Path
) -> None:
    notebook, port, log = with_parameters(workspace), free_port(), tmp_path / "lab.txt"
    words = [
        "lab",
        "--workspace",
        workspace,
        "--no-browser",
        "--port",
        port,
        "--",
        "--IdentityProvider.token=test",
        "--allow-root",
    ]
    address = f"http://127.0.0.1:{port}"
    with (
        server(*words, outside=outside, log=log, **own_jupyter) as process,
        browsing(chromium, viewport={"width": 1280, "height": 1000}) as (context, heard),
    ):
        until(lambda: process.poll() is not None or answers(f"{address}/api/status?token=test"), "JupyterLab answers")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        page = context.new_page()
        page.goto(f"{address}/lab/tree/notebooks/{notebook.name}?token=test", timeout=PATIENCE * 1000)
        run_all_cells(page)

        assert wait_for_charts(page, ".jp-RenderedVegaCommon5") == charts_of(notebook, page) > 5
        assert page.get_by_text("Jupyter news").count() == 0
        for at, part in enumerate((".cover", ".cards", "figure", ".jp-RenderedVegaCommon5", "table")):
            page.locator(part).first.scroll_into_view_if_needed() if page.locator(part).count() else None
            page.screenshot(path=tmp_path / f"lab{at}.png")
        has_no_faults(notebook)
        shows_markup_as_text(page, heard)
        assert foreign(heard["asked"]) == []
    assert outside.asked == []


def answers(url: str) -> bool:
    try:
        return ask(url)[0] == 200
    except OSError:
        return False


def run_all_cells(page: Page) -> None:
    """By the menu, and until the last cell has its number."""
    page.locator(".jp-Notebook .jp-CodeCell").last.wait_for(timeout=PATIENCE * 1000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE * 1000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        r"""fault => { const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
            return document.querySelector(fault) ||
                (prompts.length > 4 && prompts.every(prompt => /\[\d+\]/.test(prompt.textContent))); }""",
        arg=FAULT,
        timeout=PATIENCE * 1000,
    )
    assert page.locator(FAULT).all_inner_texts() == []


def charts_of(notebook: Path, page: Page) -> int:
    """How many charts the notebook holds, once it is saved."""
    page.keyboard.press("Control+s")
    until(lambda: "vegalite" in notebook.read_text(encoding="utf-8"), "the notebook is saved")
    return sum("application/vnd.vegalite.v5+json" in output.get("data", {}) for output in outputs(notebook))


def has_no_faults(notebook: Path) -> None:
    assert [output for output in outputs(notebook) if output["output_type"] in ("error", "stream")] == []


def outputs(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [output for cell in cells for output in cell.get("outputs", [])]
