"""A report is whole or not there: failing cells, months without data, folders of others, and what vendors may write."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
import python_calamine

from kpi_toolkit import paths
from kpi_toolkit.agreement.workspace import Workspace, open_workspace
from kpi_toolkit.errors import AgreementError, ReportError, UsageError
from kpi_toolkit.periods import parse_period
from kpi_toolkit.report import monthly
from kpi_toolkit.report.place import whole

HOSTILE = Path(__file__).parent / "hostile-workspace"
MONTH = parse_period("2026-10")
FILES = {"monthly.html", "monthly.xlsx", "monthly.ipynb", "manifest.json"}
SAID = (
    "<script>alert('campaign')</script>",
    "<img src=x onerror=alert('campaign')>",
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "{{ 7*7 }} {% raw %} **bold** [link](javascript:alert(1)) $\\alpha$",
    "</svg></style></script><!--",
)


def copied(folder: Path) -> Workspace:
    shutil.copytree(HOSTILE, folder / "ws", ignore=shutil.ignore_patterns(".kpi", "reports"))
    return open_workspace(folder / "ws")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile client's report, written once."""
    return monthly.write_report(copied(tmp_path_factory.mktemp("hostile")), "hostile", MONTH)


class Page(HTMLParser):
    """The elements, the attributes' names and addresses, and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "xlink:href")}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(report: Path) -> Page:
    return Page((report / "monthly.html").read_text(encoding="utf-8"))


def test_names_arrive_as_text_in_the_page(page: Page) -> None:
    words = " ".join(page.text.split())
    assert [name for name in SAID if name not in words] == []
    assert "49" not in re.findall(r"\{\{|\b49\b(?= \{% raw)", words)


def test_nothing_in_the_page_can_run_or_fetch(page: Page) -> None:
    assert not {"script", "img", "iframe", "object", "embed", "link", "base", "form"} & set(page.elements)
    assert [name for name in page.attributes if name.startswith("on")] == []
    assert [address for address in page.addresses if not address.startswith("#")] == []


def test_the_page_forbids_what_it_does_not_need(report: Path) -> None:
    html = (report / "monthly.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>") and '<html lang="zh-Hant-TW">' in html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy and policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policy[1]


def test_every_link_in_the_page_leads_somewhere(report: Path, page: Page) -> None:
    ids = re.findall(r'\bid="([^"]+)"', (report / "monthly.html").read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.addresses} <= set(ids)


def test_charts_are_drawn_in_the_page_and_live_in_the_notebook(report: Path, page: Page) -> None:
    notebook = nbformat.read(report / "monthly.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    live = [output for output in outputs if "application/vnd.vegalite.v5+json" in output.get("data", {})]
    assert len(live) == page.elements.count("svg") > 4
    assert all("image/svg+xml" not in output.data for output in live)


def test_formulas_are_harmless_in_the_sheet(report: Path) -> None:
    with zipfile.ZipFile(report / "monthly.xlsx") as book:
        parts = {name: book.read(name).decode("utf-8") for name in book.namelist() if name.endswith((".xml", ".rels"))}
    assert [name for name, xml in parts.items() if "<f>" in xml or "<hyperlink" in xml or ("evil.example" in xml and "sharedStrings" not in name)] == []  # fmt: skip
    sheets = python_calamine.CalamineWorkbook.from_path(report / "monthly.xlsx")
    cells = [cell for name in sheets.sheet_names for row in sheets.get_sheet_by_name(name).to_python() for cell in row]
    assert [name for name in SAID if name not in cells] == []
    assert sum(isinstance(cell, float) for cell in cells) > 50


def test_the_notebook_is_valid_and_names_no_folder_of_this_machine(
    report: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = (report / "monthly.ipynb").read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert str(tmp_path_factory.getbasetemp()) not in text and "stderr" not in text


def test_the_manifest_tells_inputs_and_outputs(report: Path) -> None:
    told = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert (told["client"], told["period"], told["lang"], told["kind"]) == ("hostile", "2026-10", "zh-TW", "monthly")
    inputs = {entry["file"]: entry["sha256"] for entry in told["inputs"]}
    for file in (HOSTILE / "clients/hostile/data").iterdir():
        (found,) = [sha for name, sha in inputs.items() if name.endswith(file.name)]
        assert found == hashlib.sha256(file.read_bytes()).hexdigest()
    assert set(told["outputs"]) == FILES - {"manifest.json"}
    for name, sha in told["outputs"].items():
        assert hashlib.sha256((report / name).read_bytes()).hexdigest() == sha
    assert told["versions"]["kpi-toolkit"] and told["parameters"]["client_id"] == "hostile"


def test_the_same_data_give_the_same_files(workspace: Workspace, report: Path) -> None:
    again = monthly.write_report(workspace, "hostile", MONTH)
    for name in FILES - {"manifest.json"}:
        assert (again / name).read_bytes() == (report / name).read_bytes(), name


def test_english_is_english(workspace: Workspace) -> None:
    folder = monthly.write_report(workspace, "hostile", MONTH, lang="en")
    html = (folder / "monthly.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in html and "In a minute" in html
    own = re.sub(r"<bdi.*?</bdi>|<svg.*?</svg>", "", html.split("</style>")[1], flags=re.S)
    assert not re.search("[\u4e00-\u9fff]", own)


def test_a_month_without_data_says_so(workspace: Workspace) -> None:
    folder = monthly.write_report(workspace, "hostile", parse_period("2024-02"))
    words = Page((folder / "monthly.html").read_text(encoding="utf-8")).text
    assert "2024 年 2 月沒有任何資料" in words and "NaN" not in words
    assert {file.name for file in folder.iterdir()} == FILES


def test_a_client_without_files_says_so(workspace: Workspace) -> None:
    shutil.rmtree(workspace.root / "clients/hostile/data")
    folder = monthly.write_report(workspace, "hostile", MONTH)
    words = Page((folder / "monthly.html").read_text(encoding="utf-8")).text
    assert "資料夾裡還沒有檔案" in words and "廣告平台的成效報表" in words


def failing(folder: Path, monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    """Put a cell that fails into a copy of the notebook, after the page was opened."""
    notebook = nbformat.read(paths.notebooks() / monthly.NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(cell))
    nbformat.write(notebook, folder / monthly.NOTEBOOK)
    monkeypatch.setattr(paths, "notebooks", lambda: folder)


@pytest.mark.parametrize(
    ("cell", "cause"),
    [
        ("raise ValueError('0912-345-678 of Ms Wang')", "unforeseen ValueError"),
        ("page.show('sumary')", "unknown part: 'sumary'"),
        ("import os; os._exit(3)", "kernel broke off"),
    ],
    ids=["exception", "own error", "dead kernel"],
)
def test_a_failing_cell_leaves_nothing_behind(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, cause: str
) -> None:
    failing(tmp_path, monkeypatch, cell)
    with pytest.raises(ReportError) as caught:
        monthly.write_report(workspace, "hostile", MONTH)
    assert cause in str(caught.value) and "\n" not in str(caught.value) and "Wang" not in str(caught.value)
    assert [file for file in (workspace.root / "reports").rglob("*") if file.is_file()] == []
    assert list((workspace.root / "reports/2026-10").iterdir()) == []


def test_an_earlier_report_survives_a_failure(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = workspace.reports_dir(MONTH, "hostile")
    target.mkdir(parents=True)
    for name in (*FILES, "notes.txt"):
        (target / name).write_text("earlier", encoding="utf-8")
    failing(tmp_path, monkeypatch, "1 / 0")
    with pytest.raises(ReportError, match="ZeroDivisionError"):
        monthly.write_report(workspace, "hostile", MONTH)
    assert {file.name: file.read_text(encoding="utf-8") for file in target.iterdir()} == dict.fromkeys(
        [*FILES, "notes.txt"], "earlier"
    )
    assert list(target.parent.iterdir()) == [target]


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in files.items():
        (folder / name).write_text(words, encoding="utf-8")


def test_a_new_report_takes_the_old_ones_place_and_keeps_what_is_not_its_own(tmp_path: Path) -> None:
    target = tmp_path / "report"
    write(target, manifest="old", stale="old", notes="mine")
    with whole(target, sign="manifest", ours=frozenset({"manifest", "stale"})) as draft:
        write(draft, manifest="new")
        assert (target / "manifest").read_text(encoding="utf-8") == "old"
    assert {file.name: file.read_text(encoding="utf-8") for file in target.iterdir()} == {
        "manifest": "new",
        "notes": "mine",
    }
    assert list(tmp_path.iterdir()) == [target]


_KILLED = """
import os, signal, sys
from pathlib import Path
from kpi_toolkit.report.place import whole

target, at = Path(sys.argv[1]), sys.argv[2]
rename = Path.rename

def renamed(self, to):
    done = rename(self, to)
    if at == "swap" and str(to).endswith(".old") or at == "merge" and Path(to) == target:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

Path.rename = renamed
with whole(target, sign="manifest", ours=frozenset({"manifest"})) as draft:
    (draft / "manifest").write_text("second", encoding="utf-8")
    if at == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def kept(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


@pytest.mark.parametrize("at", ["writing", "swap", "merge"])
def test_what_a_killed_run_leaves_is_put_right_by_the_next(tmp_path: Path, at: str) -> None:
    target, neighbour = tmp_path / "a", tmp_path / ".a-b-12345678.old"
    write(target, manifest="first", notes="mine")
    write(neighbour, manifest="another client's")
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(target), at], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) > 2  # it did leave something behind
    for left in tmp_path.glob(".a-????????.part"):
        os.utime(left, (0, 0))
    with pytest.raises(ZeroDivisionError), whole(target, sign="manifest", ours=frozenset({"manifest"})):
        assert kept(target) == {"manifest": "second" if at == "merge" else "first", "notes": "mine"}
        raise ZeroDivisionError
    assert kept(target)["notes"] == "mine"
    assert sorted(tmp_path.iterdir()) == sorted([target, neighbour])
    assert kept(neighbour) == {"manifest": "another client's"}


def test_a_draft_that_somebody_may_be_writing_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / ".a-12345678.part", manifest="on its way")
    with whole(tmp_path / "a", sign="manifest", ours=frozenset({"manifest"})) as draft:
        write(draft, manifest="done")
    assert kept(tmp_path / ".a-12345678.part") == {"manifest": "on its way"}


def test_files_of_the_same_name_are_never_written_over(tmp_path: Path) -> None:
    write(tmp_path / ".a-12345678.old", manifest="first", notes="earlier")
    write(tmp_path / "a", manifest="second", notes="later")
    with whole(tmp_path / "a", sign="manifest", ours=frozenset({"manifest"})) as draft:
        write(draft, manifest="third")
    assert kept(tmp_path / "a") == {"manifest": "third", "notes": "later"}
    assert kept(tmp_path / ".a-12345678.old")["notes"] == "earlier"


@pytest.mark.parametrize("name", ["thesis.docx", "monthly.html"])
def test_a_folder_that_is_no_report_is_left_alone(workspace: Workspace, tmp_path: Path, name: str) -> None:
    write(tmp_path / "desktop", **{name: "precious"})
    with pytest.raises(ReportError, match="other than a report"):
        monthly.write_report(workspace, "hostile", MONTH, out=tmp_path / "desktop")
    assert (tmp_path / "desktop" / name).read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("client", ["hostil", "../hostile", "", "hostile/", "a\u202eb"])
def test_a_client_that_is_not_there_starts_nothing(workspace: Workspace, client: str) -> None:
    with pytest.raises(UsageError):
        monthly.write_report(workspace, client, MONTH)
    assert not (workspace.root / "reports").exists()


def test_a_faulty_agreement_starts_nothing(workspace: Workspace) -> None:
    (workspace.root / "clients/hostile/client.yaml").write_text(
        "name: {zh: 甲, en: A}\ngaol: orders\n", encoding="utf-8"
    )
    with pytest.raises(AgreementError, match="goal"):
        monthly.write_report(workspace, "hostile", MONTH)
    assert not (workspace.root / "reports").exists()


@pytest.mark.parametrize("period", ["2026-W40", "2026-10-01..2026-10-05", "2026-10-03"])
def test_a_monthly_report_needs_a_month(workspace: Workspace, period: str) -> None:
    with pytest.raises(UsageError, match="needs a month"):
        monthly.write_report(workspace, "hostile", parse_period(period))
