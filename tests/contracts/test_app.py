"""The live page's server: what it refuses before it starts, what it is set to, and what it says when a part fails."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi_toolkit import paths
from kpi_toolkit.agreement.workspace import Workspace, open_workspace
from kpi_toolkit.app import server, words
from kpi_toolkit.app.live import LivePage, newest_month, notebook
from kpi_toolkit.errors import KpiError, UsageError
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present import renderer
from kpi_toolkit.sources.load_report import LoadReport

GOOGLE = (
    "Campaign report\nOctober 1, 2026 - October 2, 2026\n"
    "Day,Campaign,Campaign status,Currency code,Clicks,Impr.,CTR,Avg. CPC,Cost,Conversions,Conv. value\n"
    "2026-10-01,BC_red,Enabled,TWD,10,1000,1.00%,10,100,1,500\n"
    "2026-10-02,BC_red,Enabled,TWD,20,1000,2.00%,10,200,3,700\n"
)
AGREED = 'name: {zh: "甲 <b> 公司", en: "Acme <b> Ltd"}\ngoal: orders\n'

Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a client that has data and, before it in the alphabet, one that has none."""
    root = tmp_path / "ws"
    (root / "clients/acme/data").mkdir(parents=True)
    (root / "clients/aaa").mkdir()
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    for client in ("acme", "aaa"):
        (root / f"clients/{client}/client.yaml").write_text(AGREED, encoding="utf-8")
    (root / "clients/acme/data/Campaign report.csv").write_text(GOOGLE, encoding="utf-8")
    return root


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "kpi_toolkit", "app", "--workspace", str(folder), "--no-browser", *more]


def page(workspace: Workspace, period: str = "2026-10") -> LivePage:
    return LivePage(workspace=workspace, client=workspace.client("acme"), period=parse_period(period), lang="en")


# --- refused before anything starts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (["--client", "acmee"], 2, "unknown client: 'acmee' -> did you mean: acme"),
        (["--client", "../acme"], 2, "ids are a-z, 0-9 and -"),
        (["--client", "aaa"], 1, "aaa: no data that can be used yet -> `kpi-toolkit read --client aaa`"),
        (["--period", "october"], 2, "no such period: 'october'"),
        (["--period", "2026-W40"], 2, "a monthly report needs a month"),
        (["--ip", "0.0.0.0"], 2, "--ip: there is no sign-in yet, so the page is for this machine alone"),
        (["--ip", "192.168.1.5"], 2, "--ip: there is no sign-in yet"),
        (["--ip", "example.com"], 2, "--ip: there is no sign-in yet"),
        (["--port", "0"], 2, "Invalid value for '--port'"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_told_in_one_line(folder: Path, more: list[str], code: int, told: str) -> None:
    refused(subprocess.run(command(folder, *more), capture_output=True, text=True, encoding="utf-8"), code, told)


def test_a_port_in_use_is_told(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(command(folder, "--port", port), capture_output=True, text=True, encoding="utf-8")
    refused(done, 2, f"--port {port}: the port can't be had")


def test_a_workspace_without_clients_is_told(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    done = subprocess.run(command(tmp_path), capture_output=True, text=True, encoding="utf-8")
    refused(done, 2, "this workspace has no clients yet")


def refused(done: Ran, code: int, told: str) -> None:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert told in line


# --- what is shown --------------------------------------------------------------------------------------------------


def report(end: date | None, **more: object) -> LoadReport:
    return LoadReport(file="x.csv", period_end=end, **more)  # type: ignore[arg-type]


def test_the_newest_month_is_that_of_the_last_day_read() -> None:
    reports = [report(date(2026, 10, 31)), report(None), report(date(2026, 11, 2)), report(date(2026, 9, 30))]
    assert str(newest_month(reports, "acme")) == "2026-11"
    unread = report(date(2026, 12, 1), error=words.FAILED)
    assert str(newest_month([*reports, unread], "acme")) == "2026-11", "a file that can't be read has no say"
    with pytest.raises(KpiError, match="no data that can be used yet"):
        newest_month([unread], "acme")


def test_the_notebook_has_its_parameters_and_no_words_for_analysts(folder: Path) -> None:
    made = notebook(page(open_workspace(folder)))
    assert {cell.cell_type for cell in made.cells} == {"code"}
    (injected,) = [cell for cell in made.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    given: dict[str, str] = {}
    exec(injected.source, given)  # what papermill wrote, as a kernel reads it
    expected = {"workspace": str(folder.resolve()), "client_id": "acme", "period": "2026-10", "lang": "en"}
    assert given.items() >= expected.items()
    assert made.metadata["title"] == "Acme <b> Ltd · Monthly marketing report · October 2026"
    with pytest.raises(UsageError, match="needs a month"):
        page(open_workspace(folder), "2026-W40")


def test_the_server_takes_no_settings_from_elsewhere_and_allows_none(folder: Path) -> None:
    set_to = server.settings(page(open_workspace(folder)), folder / "page.ipynb", port=None, browser=False)
    assert (set_to.Voila.ip, set_to.Voila.config_file_paths) == ("127.0.0.1", [])
    assert set_to.Voila.tornado_settings["allow_remote_access"] is False
    assert set_to.VoilaConfiguration.strip_sources is True
    assert set_to.VoilaConfiguration.show_tracebacks is False
    assert {set_to.VoilaConfiguration[f"allow_{what}_override"] for what in ("template", "theme")} == {"NO"}
    assert re.search(r"https?:", server.POLICY) is None


def test_the_template_names_no_other_machine() -> None:
    for file in (paths.templates() / "voila").rglob("*.*"):
        assert re.search(r"https?:|//\w+\.\w", file.read_text(encoding="utf-8")) is None, file


@pytest.mark.parametrize("scripts", ["lab/static", "voila/templates/base/static"])
def test_the_media_type_of_charts_is_known_to(scripts: str) -> None:
    """The scripts of JupyterLab and of Voila: the day they don't name it, charts are blank."""
    kind = re.compile(re.escape(renderer.MIME).replace(r"\.", r"\\?\."))
    files = list(Path(sys.prefix, "share/jupyter", scripts).glob("*.js"))
    assert any(kind.search(file.read_text(encoding="utf-8", errors="replace")) for file in files)


# --- while it runs --------------------------------------------------------------------------------------------------


@pytest.fixture
def running(folder: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    errors = tmp_path / "errors.txt"
    with errors.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            command(folder), stdout=subprocess.PIPE, stderr=sink, text=True, encoding="utf-8", cwd=tmp_path
        )
    try:
        yield process, errors
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_part_that_fails_is_told_kindly_and_in_one_line(
    folder: Path, running: tuple[subprocess.Popen[str], Path]
) -> None:
    process, errors = running
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("Acme <b> Ltd · Monthly marketing report · October 2026: http://127.0.0.1:"), (
        line + errors.read_text(encoding="utf-8")
    )
    assert errors.read_text(encoding="utf-8") == "other clients with --client: aaa\n"
    (folder / "clients/acme/client.yaml").write_text("name: 王小明 0912345678\ngaol: orders\n", encoding="utf-8")

    address = re.search(r"http\S+/", line)
    assert address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address[0], timeout=60) as answer:
        body = answer.read().decode("utf-8")
    assert '<html lang="en">' in body and "Acme &lt;b&gt; Ltd" in body
    assert words.FAILED.en.replace("'", "&#39;") in body
    assert "Traceback" not in body and "0912345678" not in body and "open_monthly" not in body

    process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    told = errors.read_text(encoding="utf-8").splitlines()[1:]
    assert told == ["a cell of the page failed: AgreementError -> run with --debug for details"]
