"""`read`: the public JSON, with and without a workspace, by mappings, and what was restated."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

KEYS = {
    "file", "source", "encoding", "sha256", "rows_read", "rows_kept", "dropped", "period_start", "period_end",
    "currency", "totals", "warnings",
}  # fmt: skip
Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]
OneLine = Callable[[Ran, int], str]


def test_read_needs_no_workspace_and_gives_the_public_json(folder: Path, tmp_path: Path, run: Run) -> None:
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


def test_a_file_that_cannot_be_read_is_an_entry_and_the_code_is_1(folder: Path, tmp_path: Path, run: Run) -> None:
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


def test_read_takes_a_workspaces_files(folder: Path, run: Run) -> None:
    done = run("read", "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert entry["file"].endswith("Campaign report.csv")
    assert entry["rows_kept"] == 2


def test_read_by_a_mapping(root: Path, tmp_path: Path, run: Run) -> None:
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


def test_the_mapping_of_uci_online_retail(root: Path, shared_data: Path, run: Run) -> None:
    mapping = root / "templates/mappings/online_retail_uci.mapping.yaml"
    ledger = shared_data / "online_retail_uci/online_retail_full.csv.gz"
    done = run("read", ledger, "--mapping", mapping, "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    (entry,) = json.loads(done.stdout)
    assert (entry["rows_read"], entry["currency"], entry["period_end"]) == (541_909, "GBP", "2011-12-09")
    assert entry["totals"]["orders"] == 25_900
    assert entry["totals"]["gross_total"] == pytest.approx(9_747_747.934, abs=0.0005)


def test_what_a_later_import_changed_can_be_asked_for(
    root: Path, tmp_path: Path, run: Run, one_line_error: OneLine
) -> None:
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


@pytest.mark.parametrize(
    ("lang", "told"), [("zh-TW", "花費 300, 曝光 2,000, 點擊 30, 轉換 4, 轉換價值 1,200"), ("en", "spend 300, impressions 2,000, clicks 30, conversions 4, conversion value 1,200")]
)  # fmt: skip
def test_the_table_speaks_the_readers_language(folder: Path, tmp_path: Path, run: Run, lang: str, told: str) -> None:
    export = folder / "clients/acme/data/十月/Campaign report.csv"
    whole = export.read_text(encoding="utf-8") + "Total: Account,--,,TWD,30,2000,1.5%,10,300,4,1200\n"
    (tmp_path / "a.csv").write_text(whole, encoding="utf-8")
    done = run("read", "a.csv", "--lang", lang, cwd=tmp_path, COLUMNS="400")
    assert done.returncode == 0, done.stdout + done.stderr
    words = " ".join(done.stdout.split())
    assert told in words
    assert {"zh-TW": "合計列 1", "en": "totals rows 1"}[lang] in words
    assert "total row " not in words and "conversions_value" not in words
