"""Plain rows read by polars are what the SQL reads: every file that the tests know goes through both."""

import csv
import random
from pathlib import Path

import duckdb
import pytest

from kpi_toolkit.sources import plain, rawtable, reading

SAMPLES = sorted(path for path in Path("data/samples/clients").rglob("data/**/*.csv"))


def _rows(loaded: reading.Loaded) -> dict[str, list[tuple[object, ...]]]:
    """The kept rows by table, as text, each with its number in the file."""
    found = {}
    with duckdb.connect() as connection:
        for name, path in loaded.tables.items():
            relation = f"read_parquet('{path}', file_row_number=true)"
            columns = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
            number = "file_row_number + first_row" if "first_row" in columns else "source_row"
            beside = {"file_row_number", "first_row", "source_row", "total_label", "dropped"}
            chosen = ", ".join(f'"{column}"' for column in sorted(columns - beside))
            kept = "dropped IS NULL" if "dropped" in columns else "true"
            found[name] = connection.execute(
                f"SELECT {number}, {chosen} FROM {relation} WHERE {kept} ORDER BY ALL"
            ).fetchall()
    return found


def _read_alike(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Read the file with polars where it can, and without, to the same end; whether polars could."""
    monkeypatch.setattr(rawtable, "SCANNED_FROM_BYTES", 1)
    monkeypatch.setattr(plain, "_MOST", 0)
    used = []
    split = plain.split

    def watched(*arguments):
        used.append(split(*arguments))
        return used[-1]

    (folder / "with").mkdir()
    (folder / "without").mkdir()
    monkeypatch.setattr(plain, "split", watched)
    quick = reading.read(path, folder / "with", salt="salt")
    monkeypatch.setattr(plain, "split", lambda *_: None)
    careful = reading.read(path, folder / "without", salt="salt")
    assert quick.report == careful.report
    assert _rows(quick) == _rows(careful)
    return any(used)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_are_read_alike(path, tmp_path, monkeypatch):
    _read_alike(path, tmp_path, monkeypatch)


PLAIN = {
    "Day": ["2026-10-01", "2026-10-02", "2026-02-28"], "Campaign": ["品牌字_搜尋", "BC, 一般字", 'Brand "A"'], "Campaign ID": ["20000000001", "#A-1", "c_1"],
    "Campaign status": ["Enabled", "Paused"], "Currency code": ["TWD"], "Impr.": ["1,234", "0", "12345", "1,234,567"], "Clicks": ["12", "0"],
    "Cost": ["12.50", "1,234.5", "0", "5."], "Conversions": ["0.00", "3"], "Conv. value": ["100", "1,000"],
}  # fmt: skip
ODD = {
    "Day": ["2026/10/3", "Oct 4, 2026", "2026-02-30", "115/10/05", "", "2026-10-05 ", "Total: Campaigns", "1969-12-31", "2099-01-01"],
    "Campaign": ["", "  spaced ", "\u00a0x", "--", "(not set)", "=HYPERLINK(1)", "two\nlines", "\u3000全形"],
    "Campaign ID": ["1.2E+17", "'001", '="007"', " 12 ", "", "甲"], "Campaign status": ["", " "],
    "Currency code": ["twd", "NTD", "", "新台幣", "T W"],
    "Impr.": ["1,23", "1e4", "NaN", "-5", "０１２", "", "--", "007", "0912345678", "1.234,56", "12,3456", "1_000", "+5", "inf", "9999999999999"],
    "Clicks": ["（5）", "△5", " 7", "> 90%"], "Cost": ["NT$1,200", "(50)", "5-", "$", "1,234,5", ".5", "-0.01", "1e400"],
    "Conversions": ["< 10%", "5%"], "Conv. value": ["1.000,00", "∞"],
}  # fmt: skip


def _ads(chance: random.Random, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer.writerow(PLAIN)
        for _ in range(2000):
            row = {name: chance.choice(cells) for name, cells in PLAIN.items()}
            if chance.random() < 0.004:
                odd = chance.choice(list(ODD))
                row[odd] = chance.choice(ODD[odd])
            writer.writerow(row.values())


@pytest.mark.parametrize("seed", range(30))
def test_odd_cells_among_plain_ones_are_read_alike(seed, tmp_path, monkeypatch):
    _ads(random.Random(seed), tmp_path / "ads.csv")
    assert _read_alike(tmp_path / "ads.csv", tmp_path, monkeypatch)


ORDER = "Name,Email,Financial Status,Created at,Currency,Total,Refunded Amount,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price,Phone"
MOMENTS = ["2026-10-01 12:00:00 +0800", "2026-10-31 23:59:59 +0800", "2026-10-05 00:00:00"]
ODD_MOMENTS = [
    "2026-10-01 12:00:00 +0900",
    "2026-10-01T12:00:00+08:00",
    "1979-07-01 12:00:00 +0800",
    "Oct 1 2026 3:00 PM",
    "2026-13-01 00:00:00",
    "",
]


def _orders(chance: random.Random, path: Path) -> None:
    """Orders of one to three lines; here and there a line that says its order's money again, or for the first time."""
    lines = [ORDER]
    for number in range(700):
        for line in range(chance.choice([1, 1, 2, 3])):
            moment = chance.choice(ODD_MOMENTS if chance.random() < 0.003 else MOMENTS[:1] if line else MOMENTS)
            total = f"{number}.00" if line == 0 or chance.random() < 0.001 else ""
            status = chance.choice(["paid", "pending", "Voided", "refunded"]) if line == 0 else ""
            email = chance.choice(["A@example.com", "", "王@example.com"]) if line == 0 else ""
            name = "" if chance.random() < 0.001 else f"#{number}"
            lines.append(
                f"{name},{email},{status},{moment},{'TWD' if line == 0 else ''},{total},{'0.00' if total else ''},,1,吐司,{number}.00,0912000{number}"
            )
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.mark.parametrize("seed", range(30))
def test_order_lines_are_read_alike(seed, tmp_path, monkeypatch):
    _orders(random.Random(seed), tmp_path / "orders.csv")
    assert _read_alike(tmp_path / "orders.csv", tmp_path, monkeypatch)
