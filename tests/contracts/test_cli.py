"""The command line as a public contract: help, exit codes, one-line errors, JSON and CSV shapes, nothing heavy for help."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi_toolkit.cli import lab, output

COMMANDS = ("init", "read", "metrics", "report", "lab", "app")
# pydantic isn't among them: typer takes it itself to read options.
HEAVY = {"altair", "duckdb", "jsonschema", "nbformat", "numpy", "pandas", "pandera", "papermill", "pyarrow", "yaml"}  # fmt: skip

# Two days of one hostile campaign and one plain; small, in the shape that Google Ads gives.
GOOGLE = (
    "Campaign report\n"
    "October 1, 2026 - October 2, 2026\n"
    "Day,Campaign,Campaign status,Currency code,Clicks,Impr.,CTR,Avg. CPC,Cost,Conversions,Conv. value\n"
    '2026-10-01,"=HYPERLINK(""http://evil"",""x"")",Enabled,TWD,10,1000,1.00%,10,100,1,500\n'
    "2026-10-02,\x1b[31mBC_red[bold],Enabled,TWD,20,1000,2.00%,10,200,3,700\n"
)
CLIENT = """
name: {zh: 甲公司, en: Acme}
goal: orders
vendors:
  - {id: beichen, name: 北辰, campaigns: [{source: google_ads, campaign: "*BC_*"}]}
targets: [{metric: spend, value: 1000}]
"""

Ran = subprocess.CompletedProcess[str]


def run(*words: object, cwd: Path | None = None, **environment: str) -> Ran:
    command = [sys.executable, "-m", "kpi_toolkit", *map(str, words)]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def one_line_error(done: Ran, code: int) -> str:
    """The only line on stderr of a command that ended with `code` and printed nothing else."""
    assert done.returncode == code, done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert done.stdout == ""
    return lines[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one client and one file."""
    root = tmp_path_factory.mktemp("workspace")
    (root / "clients/acme/data/十月").mkdir(parents=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    (root / "clients/acme/client.yaml").write_text(CLIENT, encoding="utf-8")
    (root / "clients/acme/data/十月/Campaign report.csv").write_text(GOOGLE, encoding="utf-8")
    return root


# --- help -----------------------------------------------------------------------------------------------------------


def test_help_lists_the_commands_in_both_languages() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} .*[\u4e00-\u9fff]|^  {command} .*JupyterLab", done.stdout, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"^  Example: kpi-toolkit {command}\b", done.stdout, re.M)
    assert re.search("[\u4e00-\u9fff]", done.stdout)
    undescribed = [line for line in done.stdout.splitlines() if re.fullmatch(r"  --[\w-]+(?: \S+)?\s*", line)]
    assert undescribed == [], "every option says what it does"


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["--version"], []], ids=str)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from kpi_toolkit.__main__ import main\n"
        f"sys.argv = ['kpi-toolkit', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_helps_cost_is_printed(record_property: pytest.RecordProperty) -> None:
    """A figure, not a limit: the machine decides how fast it is."""
    before = os.times()
    run("--help")
    spent = sum(os.times()[2:4]) - sum(before[2:4])
    record_property("cpu_seconds_of_help", spent)
    sys.stdout.write(f"kpi-toolkit --help: {spent:.2f} s of CPU time\n")
    assert spent > 0


# --- wrong use: exit code 2, one line, nothing on stdout ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["metrics"], "Missing option"),
        (["metrics", "--client", "acme", "--period", "2026-13"], "no such period: '2026-13' -> write 2026-10"),
        (["metrics", "--client", "acmee", "--period", "2026-10"], "unknown client: 'acmee' -> did you mean: acme"),
        (["metrics", "--client", "../acme", "--period", "2026-10"], "ids are a-z, 0-9 and -"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--metric", "spnd"], "unknown metric: 'spnd' -> did you mean: spend"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--by", "chanel"], "unknown grouping: 'chanel' -> did you mean: channel"),
        (["metrics", "--client", "acme", "--period", "2026-10", "--format", "xml"], "'xml' is not one of"),
        (["read", "--client", "nobody"], "unknown client: 'nobody'"),
        (["read", "--lnag", "en"], "No such option"),
        (["report", "--period", "october"], "no such period: 'october'"),
        (["report", "--period", "2026-10", "--client", "nobody"], "unknown client: 'nobody'"),
        (["report", "--period", "2026-10", "--kind", "yearly"], "'yearly' is not"),
        (["lab", "--port", "99999"], "Invalid value for '--port'"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_one_line(folder: Path, arguments: list[str], told: str) -> None:
    assert told in one_line_error(run(*arguments, cwd=folder), 2)


def test_without_a_command_the_help_is_shown_and_the_code_is_2() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize("command", [["read"], ["metrics", "--client", "a", "--period", "2026-10"], ["report", "--period", "2026-10"], ["lab"]], ids=str)  # fmt: skip
def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path, command: list[str]) -> None:
    assert "kpi-toolkit init DIR" in one_line_error(run(*command, cwd=tmp_path), 2)


def test_errors_speak_the_language_asked_for_or_the_workspaces(folder: Path, tmp_path: Path) -> None:
    wrong = ["metrics", "--client", "nobody", "--period", "2026-10"]
    assert one_line_error(run(*wrong, "--workspace", folder), 2).startswith("error: ")
    assert one_line_error(run(*wrong, "--workspace", folder, "--lang", "zh-TW"), 2).startswith("錯誤：")
    assert one_line_error(run(*wrong, cwd=tmp_path), 2).startswith("錯誤：")


def test_a_faulty_agreement_is_told_whole_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "clients/acme").mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en", encoding="utf-8")
    text = "name: A\ngoal: orders\nvendrs: []\ntargets: [{metric: spend, value: x}]\n"
    (tmp_path / "clients/acme/client.yaml").write_text(text, encoding="utf-8")
    told = one_line_error(run("metrics", "--client", "acme", "--period", "2026-10", cwd=tmp_path), 1)
    assert "clients/acme/client.yaml: 2 faults to mend" in told
    assert "did you mean: vendors" in told
    assert "targets[1].value (line 4)" in told


def test_targets_and_sources_that_nobody_knows_are_faults(folder: Path) -> None:
    other = folder / "clients/other"
    other.mkdir()
    text = CLIENT.replace("metric: spend", "metric: spnd").replace("google_ads", "google_adz")
    (other / "client.yaml").write_text(text, encoding="utf-8")
    try:
        told = one_line_error(run("metrics", "--client", "other", "--period", "2026-10", cwd=folder), 1)
    finally:
        (other / "client.yaml").unlink()
        other.rmdir()
    assert "unknown metric 'spnd'; did you mean: spend" in told
    assert "unknown source 'google_adz'; did you mean: google_ads" in told


def test_an_unforeseen_error_is_one_line_and_quotes_no_data(folder: Path, tmp_path: Path) -> None:
    stub = tmp_path / "sitecustomize.py"
    stub.write_text(
        "import kpi_toolkit.sources.reading as r\n"
        "def inspect(*a, **k): raise RuntimeError('0912-345-678 of Ms Wang')\n"
        "r.inspect = inspect\n",
        encoding="utf-8",
    )
    file = folder / "clients/acme/data/十月/Campaign report.csv"
    told = one_line_error(run("read", file, "--lang", "en", cwd=tmp_path, PYTHONPATH=str(tmp_path)), 1)
    assert "unforeseen RuntimeError (sitecustomize.py, line 2) -> run with --debug" in told
    assert "Wang" not in told
    debugged = run("read", file, "--debug", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert debugged.returncode == 1
    assert "Traceback" in debugged.stderr


# --- init -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
def test_init_makes_a_workspace(tmp_path: Path, there: bool) -> None:
    target = tmp_path / "ws"
    if there:
        target.mkdir()
    done = run("init", target)
    assert (done.returncode, done.stderr) == (0, "")
    assert (target / "workspace.yaml").is_file()
    assert sorted(path.name for path in (target / "clients").iterdir()) == ["my-company", "wheatfield-bakery"]
    assert any((target / "clients/wheatfield-bakery/data").rglob("*.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["ws"], "nothing is left beside it"
    assert sorted(path.name for path in target.iterdir()) == ["clients", "workspace.yaml"]


def test_init_touches_nothing_where_something_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert "nothing was touched" in one_line_error(run("init", tmp_path, "--lang", "en"), 2)
    assert "nothing was touched" in one_line_error(run("init", tmp_path / "mine.txt", "--lang", "en"), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_init_writes_can_be_opened(tmp_path: Path) -> None:
    from kpi_toolkit.agreement.workspace import open_workspace

    assert run("init", tmp_path / "ws").returncode == 0
    workspace = open_workspace(tmp_path / "ws")
    assert [workspace.client(one).id for one in workspace.client_ids()] == ["my-company", "wheatfield-bakery"]


# --- read -----------------------------------------------------------------------------------------------------------

KEYS = {
    "file", "source", "encoding", "sha256", "rows_read", "rows_kept", "dropped", "period_start", "period_end",
    "currency", "totals", "warnings",
}  # fmt: skip


def test_read_needs_no_workspace_and_gives_the_public_json(folder: Path, tmp_path: Path) -> None:
    file = folder / "clients/acme/data/十月/Campaign report.csv"
    done = run("read", file, "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (entry,) = json.loads(done.stdout)
    assert entry.keys() >= KEYS
    assert "error" not in entry
    expected = {
        "file": str(file), "source": "google_ads", "rows_read": 2, "rows_kept": 2, "currency": "TWD",
        "period_start": "2026-10-01", "period_end": "2026-10-02",
    }  # fmt: skip
    assert entry.items() >= expected.items()
    assert entry["totals"].items() >= {"spend": 300, "impressions": 2000, "clicks": 30, "conversions": 4}.items()
    assert entry["sha256"] == __import__("hashlib").sha256(file.read_bytes()).hexdigest()


def test_a_file_that_cannot_be_read_is_an_entry_and_the_code_is_1(folder: Path, tmp_path: Path) -> None:
    junk = tmp_path / "holiday.csv"
    junk.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = run(
        "read", tmp_path, folder / "clients/acme/data", tmp_path / "gone.csv", "--format", "json", "--lang", "en"
    )
    assert done.returncode == 1
    entries = json.loads(done.stdout)
    assert [("error" in entry, Path(entry["file"]).name) for entry in entries] == [
        (True, "holiday.csv"), (False, "Campaign report.csv"), (True, "gone.csv"),
    ]  # fmt: skip
    for entry in entries:
        assert entry.keys() >= KEYS
    assert "Traceback" not in done.stderr


def test_read_takes_a_workspaces_files(folder: Path) -> None:
    done = run("read", "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert entry["file"].endswith("Campaign report.csv")
    assert entry["rows_kept"] == 2


def test_read_by_a_mapping(root: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text("no,when,sum,state\nA1,2026-10-01,100,已完成\nA2,2026-10-02,50,棄單\nA3,2026-10-03,70,取消\n", encoding="utf-8")  # fmt: skip
    mapping = (
        "name: shop\ntable: orders\ncolumns: {order_id: no, ordered_at: when, total: sum, status: state}\n"
        "values: {status: {棄單: pending}}\nconstants: {currency: TWD}\n"
    )
    (tmp_path / "shop.mapping.yaml").write_text(mapping, encoding="utf-8")
    done = run("read", tmp_path / "shop.csv", "--mapping", tmp_path / "shop.mapping.yaml", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    (entry,) = json.loads(done.stdout)
    assert (entry["source"], entry["rows_kept"]) == ("shop", 3)
    assert entry["totals"].items() >= {"orders": 3, "cancelled": 1, "pending": 1, "revenue": 150}.items()


def test_the_mapping_of_uci_online_retail(root: Path, shared_data: Path) -> None:
    mapping = root / "templates/mappings/online_retail_uci.mapping.yaml"
    ledger = shared_data / "online_retail_uci/online_retail_full.csv.gz"
    done = run("read", ledger, "--mapping", mapping, "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    (entry,) = json.loads(done.stdout)
    assert (entry["rows_read"], entry["currency"], entry["period_end"]) == (541_909, "GBP", "2011-12-09")
    assert entry["totals"]["orders"] == 25_900
    assert entry["totals"]["gross_total"] == pytest.approx(9_747_747.934, abs=0.0005)


# --- metrics --------------------------------------------------------------------------------------------------------


def metrics(folder: Path, *more: str) -> Ran:
    return run("metrics", "--client", "acme", "--period", "2026-10", *more, cwd=folder)


def test_metrics_give_the_long_table_as_json(folder: Path) -> None:
    done = metrics(folder, "--metric", "spend,cpc", "--metric", "reach", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["metric"]: row for row in json.loads(done.stdout)}
    assert set(rows) == {"spend", "cpc", "reach"}
    spend = {"period_start": "2026-10-01", "period_end": "2026-10-31", "numerator": 300, "denominator": None, "value": 300, "status": "ok"}  # fmt: skip
    assert rows["spend"].items() >= spend.items()
    assert rows["cpc"].items() >= {"numerator": 300, "denominator": 30, "value": 10}.items()
    assert rows["reach"]["value"] is None
    assert rows["reach"]["status"] == "no data"
    assert list(rows["spend"])[:3] == ["metric", "period_start", "period_end"]
    assert "NaN" not in done.stdout


def test_metrics_by_groups_given_together_or_one_by_one(folder: Path) -> None:
    together = metrics(folder, "--metric", "spend", "--by", "vendor,day", "--format", "json")
    one_by_one = metrics(folder, "--metric", "spend", "--by", "vendor", "--by", "day", "--format", "json")
    assert together.stdout == one_by_one.stdout
    rows = [(row["period_start"], row["vendor"], row["value"]) for row in json.loads(together.stdout)]
    assert sorted(rows) == [("2026-10-01", "", 100), ("2026-10-02", "beichen", 200)]


def test_metrics_beside_earlier_periods(folder: Path) -> None:
    (row,) = json.loads(metrics(folder, "--metric", "spend", "--compare", "--format", "json").stdout)
    assert row.keys() >= {"value_previous", "change_previous", "value_last_year", "change_last_year", "comparison"}
    assert row["change_previous"] is None
    assert row["comparison"]


def test_csv_disarms_formulas_and_control_characters(folder: Path) -> None:
    done = metrics(folder, "--metric", "spend", "--by", "campaign", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert sorted(row["campaign"] for row in rows) == [" [31mBC_red[bold]", '\'=HYPERLINK("http://evil","x")']
    assert {float(row["value"]) for row in rows} == {100.0, 200.0}


def test_a_hostile_name_never_reaches_the_terminal(folder: Path) -> None:
    for form in ("table", "csv", "json"):
        done = metrics(folder, "--metric", "spend", "--by", "campaign", "--format", form)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "BC_red[bold]" in done.stdout, "markup stays text"
    names = [row["campaign"] for row in json.loads(done.stdout)]
    assert "\x1b[31mBC_red[bold]" in names, "JSON keeps the name as it is, escaped"


def test_tables_speak_the_readers_language(folder: Path) -> None:
    assert "NT$300" in metrics(folder, "--metric", "spend").stdout
    assert "廣告花費" in metrics(folder, "--metric", "spend", "--lang", "zh-TW").stdout


# --- output by itself -----------------------------------------------------------------------------------------------


def printed(capfdbinary: pytest.CaptureFixture[bytes]) -> str:
    return capfdbinary.readouterr().out.decode("utf-8")


def test_json_has_no_nan_and_no_raw_control_characters(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    import datetime

    import numpy as np
    import pandas as pd

    value = {
        "nan": float("nan"), "inf": np.inf, "nat": pd.NaT, "na": pd.NA, "int": np.int64(3), "flag": np.bool_(True), "text": "品\x9b\u202e\x7f",
        "day": pd.Timestamp("2026-10-01"), "date": datetime.date(2026, 10, 1), "time": pd.Timestamp("2026-10-01 09:30"), "file": "caf\udce9.csv",
    }  # fmt: skip
    output.print_json([value])
    words = printed(capfdbinary)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", words)
    (back,) = json.loads(words)
    expected = {
        "nan": None, "inf": None, "nat": None, "na": None, "int": 3, "flag": True, "text": "品\x9b\u202e\x7f",
        "day": "2026-10-01", "date": "2026-10-01", "time": "2026-10-01T09:30:00", "file": "caf\udce9.csv",
    }  # fmt: skip
    assert back == expected


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "＋1"])
def test_formulas_in_csv_are_text(capfdbinary: pytest.CaptureFixture[bytes], cell: str) -> None:
    output.print_csv([{"name": cell, "value": -5.5}], ["name", "value"])
    (row,) = csv.DictReader(io.StringIO(printed(capfdbinary)))
    assert row["name"].startswith("'")
    assert row["value"] == "-5.5", "a number stays a number"


# --- report and lab -------------------------------------------------------------------------------------------------


def test_report_goes_on_after_a_failure_and_ends_with_1(folder: Path, tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "ws"
    shutil.copytree(folder, root)
    (root / "clients/broken").mkdir()
    (root / "clients/broken/client.yaml").write_text("goal: orders\n", encoding="utf-8")
    (root / "clients/fresh/data").mkdir(parents=True)
    (root / "clients/fresh/client.yaml").write_text(CLIENT, encoding="utf-8")
    done = run("report", "--period", "2026-10", cwd=root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    told = done.stderr.splitlines()
    assert any(line.startswith("error: broken: ") and "name" in line for line in told)
    assert any("fresh: no data yet" in line for line in told)
    assert "1 done, 1 failed" in done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["✓ acme"]
    written = {file.name for file in (root / "reports/2026-10/acme").iterdir()}
    assert written >= {"monthly.html", "monthly.xlsx", "monthly.ipynb", "manifest.json"}
    assert not (root / "reports/2026-10/broken").exists()


def test_lab_brings_notebooks_once_and_keeps_an_analysts(root: Path, tmp_path: Path) -> None:
    brought = lab.bring_notebooks(tmp_path)
    assert brought
    brought[0].write_text("mine", encoding="utf-8")
    assert lab.bring_notebooks(tmp_path) == []
    assert brought[0].read_text(encoding="utf-8") == "mine"


def test_lab_asks_the_network_for_nothing() -> None:
    line = lab.command(Path("/ws"), browser=False, port=9000)
    assert "--LabApp.news_url=" in line
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in line
    assert "--LabApp.extension_manager=readonly" in line
    assert {"--no-browser", "--port=9000", "--ServerApp.root_dir=/ws"} <= set(line)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def jupyterlab(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "kpi_toolkit", "lab", "--no-browser", "--port", str(port), "--workspace", folder]
    command += ["--", "--allow-root"] if os.geteuid() == 0 else []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process
        process.kill()


def test_lab_starts_and_ends_with_its_signal(jupyterlab: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + 60
    answer = b""
    while not answer and time.monotonic() < deadline and jupyterlab.poll() is None:
        time.sleep(0.3)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5) as response:
                answer = response.read()
        except OSError:
            continue
    assert b"version" in answer
    assert any((folder / "notebooks").glob("*.ipynb"))
    jupyterlab.send_signal(signal.SIGTERM)
    jupyterlab.wait(timeout=30)


# --- pipes and interrupts -------------------------------------------------------------------------------------------


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    command = [sys.executable, "-m", "kpi_toolkit", "metrics", "--client", "acme", "--period", "2026-10", "--by", "day", "--format", "json"]  # fmt: skip
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import kpi_toolkit.sources.reading as r, time\n"
        "def inspect(*a, **k):\n    print('reading', flush=True); time.sleep(60)\n"
        "r.inspect = inspect\n",
        encoding="utf-8",
    )
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    command = [sys.executable, "-m", "kpi_toolkit", "read", str(tmp_path / "a.csv")]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"reading\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().strip() == b""
    assert process.returncode == 130


def test_every_command_stands_in_both_readmes(root: Path) -> None:
    shown = run("--help").stdout.partition("Commands:")[2].splitlines()
    told = {line.split()[0] for line in shown if line.startswith("  ") and line[2:3].isalpha()}
    assert told == set(COMMANDS)
    for name in ("README.md", "README.zh-TW.md"):
        words = (root / name).read_text(encoding="utf-8")
        assert [command for command in COMMANDS if f"kpi-toolkit {command}" not in words] == []


def test_what_a_later_import_changed_can_be_asked_for(root: Path, tmp_path: Path) -> None:
    """The machinery sample's June was sent again with other figures."""
    space = tmp_path / "space"
    (space / "clients").mkdir(parents=True)
    shutil.copy(root / "data/samples/workspace.yaml", space)
    shutil.copytree(root / "data/samples/clients/yongqiang-machinery", space / "clients/yongqiang-machinery")
    done = run("read", "--restated", "--workspace", space, "--format", "json")
    assert done.returncode == 0, done.stderr
    spend = next(row for row in json.loads(done.stdout) if row["column"] == "spend")
    assert (spend["client"], spend["source"], spend["month"]) == ("yongqiang-machinery", "google_ads", "2026-06-01")
    assert spend["difference"] == pytest.approx(spend["after"] - spend["before"])
    assert spend["difference"] < 0
    assert spend["file_before"] != spend["file_after"]
    assert "--restated" in one_line_error(run("read", "x.csv", "--restated", "--lang", "en"), 2)
