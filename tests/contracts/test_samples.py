"""The sample workspace is what its script writes, and holds together as its README says."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
BAKERY = SAMPLES / "clients" / "wheatfield-bakery" / "data"
PARTS = ("運費", "附加費", "稅費")
DISCOUNTS = ("優惠折扣", "自訂折扣合計", "折抵購物金", "點數折現")


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    out = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, str(root / "data" / "simulation"), str(out)], check=True)
    return out


def _files(folder: Path) -> set[str]:
    written = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in written if path.parts[0] != "reports" and ".kpi" not in path.parts}


def _content(path: Path) -> bytes | dict[str, bytes]:
    """A file's bytes; of a workbook the bytes of each part, since zlib's builds compress differently."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {part.filename: book.read(part) for part in book.infolist()}


def test_the_script_writes_the_same_names(rewritten: Path) -> None:
    assert _files(rewritten) == _files(SAMPLES)


def test_the_script_writes_the_same_bytes(rewritten: Path) -> None:
    differ = [name for name in sorted(_files(rewritten)) if _content(rewritten / name) != _content(SAMPLES / name)]
    assert not differ, "run `python data/simulation` and look at the difference"


def test_the_samples_stay_small() -> None:
    assert sum((SAMPLES / name).stat().st_size for name in _files(SAMPLES)) < 8_000_000


def test_the_simulation_stands_apart_from_the_package(root: Path) -> None:
    for module in (root / "data" / "simulation").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert "kpi_toolkit" not in text, module
        assert len(text.splitlines()) < 400, module


def test_agreements_are_safe_yaml_and_name_their_folder() -> None:
    for page in SAMPLES.rglob("*.yaml"):
        assert isinstance(yaml.safe_load(page.read_text(encoding="utf-8")), dict), page
    assert {path.parent.name for path in SAMPLES.glob("clients/*/client.yaml")} == {
        "smile-dental",
        "wheatfield-bakery",
        "yongqiang-machinery",
    }


def _shopline() -> Iterator[tuple[str, list[dict[str, str]]]]:
    for path in sorted((BAKERY / "訂單").rglob("*")):
        if path.suffix == ".csv":
            yield path.name, list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
        elif path.suffix == ".xlsx" and not path.name.startswith("Order.all"):
            header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            yield path.name, [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def test_orders_obey_the_identity_of_their_platform() -> None:
    checked = 0
    for name, rows in _shopline():
        for row in rows:
            if row["訂單合計"] == "":
                continue  # a continuation row
            whole = float(row["訂單小計"]) + sum(float(row[part]) for part in PARTS)
            assert float(row["訂單合計"]) == whole - sum(float(row[part]) for part in DISCOUNTS), (
                name,
                row["訂單號碼"],
            )
            checked += 1
    assert checked > 12_000


def test_both_ways_of_writing_order_money_and_a_bundle_occur() -> None:
    files = dict(_shopline())
    blank = {name for name, rows in files.items() if any(row["訂單合計"] == "" for row in rows)}
    assert blank and set(files) - blank
    assert any("\n" in row["商品貨號"] for rows in files.values() for row in rows)


def _google() -> Iterator[tuple[Path, list[list[str]]]]:
    for path in sorted(SAMPLES.rglob("*")):
        if path.name.startswith(("Campaign report", "campaign-report", "廣告活動報表")) and path.suffix == ".csv":
            raw = path.read_bytes()
            wide = raw.startswith(b"\xff\xfe")
            text = raw.decode("utf-16") if wide else raw.decode("utf-8")
            yield path, list(csv.reader(io.StringIO(text), delimiter="\t" if wide else ","))


def test_google_totals_are_the_sums_of_their_rows() -> None:
    seen = 0
    for path, (_, _, header, *rows) in _google():
        at = next(header.index(word) for word in ("Cost", "費用") if word in header)
        totals = [row for row in rows if row[0].startswith(("Total:", "總計："))]
        days = [row for row in rows if row not in totals]
        assert float(totals[1][at]) == pytest.approx(sum(float(row[at]) for row in days), abs=0.005), path
        assert float(totals[1][at]) == pytest.approx(sum(float(row[at]) for row in totals[2:]), abs=0.005), path
        seen += 1
    assert seen == 14 + 15 + 7


def test_meta_totals_are_the_sums_of_their_rows() -> None:
    seen = 0
    for path in sorted(SAMPLES.glob("clients/*/data/**/*.csv")):
        raw = path.read_bytes()
        if not raw.startswith(("\ufeff分析報告開始".encode(), "\ufeffReporting starts".encode())):
            continue
        header, total, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
        assert total[2:7] == [""] * 5 and len({row[5] for row in rows if len(row[5]) == 18}) >= 2, path
        for at, name in enumerate(header):
            if name in ("花費金額 (TWD)", "Amount spent (TWD)", "曝光次數", "購買轉換值", "訊息對話開始次數", "Leads"):
                assert int(total[at] or 0) == sum(int(row[at] or 0) for row in rows), (path, name)
        seen += 1
    assert seen == 10 + 5 + 5


def test_ga4_grand_totals_are_the_sums_of_their_rows() -> None:
    for path in sorted(SAMPLES.glob("clients/*/data/[Gg][Aa]4/*.csv")):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        _, total, *rows = csv.reader(lines)
        assert total[-1] in ("Grand total", "總計")
        assert list(map(int, total[2:-1])) == [sum(map(int, column)) for column in list(zip(*rows, strict=True))[2:]]


def _amount(cell: str) -> int:
    plain = unicodedata.normalize("NFKC", cell)
    return int(re.sub(r"[^0-9]", "", plain)) * (-1 if plain.startswith("(") else 1)


def test_the_books_add_up() -> None:
    books = [*SAMPLES.glob("clients/*/data/帳務/*.csv"), *SAMPLES.glob("clients/*/data/會計/*.csv")]
    assert len(books) == 8
    for path in books:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp950"))))[4:-1]
        sums = {word: sum(_amount(row[4]) for row in rows if row[0] == word) for word in ("小計", "合計")}
        lines = sum(_amount(row[4]) for row in rows if row[0] not in sums)
        assert sums == {"小計": lines, "合計": lines}, path


def test_the_bakery_takes_no_order_while_it_is_closed_and_most_on_double_eleven() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for name, rows in _shopline():
        for row in rows:
            if row["訂單合計"] == "":
                continue
            known = seen.setdefault(row["訂單號碼"], (row["顧客 ID"], str(float(row["訂單合計"]))))
            assert known == (row["顧客 ID"], str(float(row["訂單合計"]))), name  # overlapping files agree
    numbers = Counter(number[1:9] for number in seen)
    assert not [day for day in numbers if "20260214" <= day <= "20260220"]
    assert max(numbers, key=lambda day: numbers[day] * day.startswith("202511")) == "20251111"


def test_personal_details_are_visibly_invented() -> None:
    for name, rows in _shopline():
        for row in rows:
            if row["訂單合計"] != "":
                assert row["電郵"].endswith("@example.com"), name
                assert row["收件人電話號碼"].startswith("0900"), name


def test_one_file_is_there_twice_and_one_month_was_restated() -> None:
    again = next(BAKERY.glob("Meta/2026年/*(1).csv"))
    assert again.read_bytes() == again.with_name(again.name.replace(" (1)", "")).read_bytes()
    reports = SAMPLES / "clients" / "yongqiang-machinery" / "data" / "google-ads"
    first, second = (reports / f"campaign-report-2026-06{end}.csv" for end in ("", "_resent"))
    assert first.read_bytes() != second.read_bytes()
    assert len(first.read_text("utf-8").splitlines()) == len(second.read_text("utf-8").splitlines())
