"""Files in the real formats give the totals that stand beside them, however people save, rename and pack them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect, read

SOURCES = {
    "google_ads_en_daily.csv": "google_ads", "google_ads_zhTW_daily_utf16.csv": "google_ads", "meta_zhTW_daily.csv": "meta_ads", "meta_en_daily.csv": "meta_ads",
    "ga4_en_traffic_acquisition.csv": "ga4", "ga4_en_daily_landing.csv": "ga4", "shopify_orders_export.csv": "shopify", "shopline_orders_zhTW.csv": "shopline",
    "woocommerce_analytics_orders.csv": "woocommerce", "bookkeeping_roc_cp950.csv": "bookkeeping", "line_ads_daily.csv": "line_ads", "youtube_studio_table.csv": "youtube_studio",
}  # fmt: skip
# truth.json's word for a figure -> the report's.
SUMS = {
    "spend": "spend", "impressions": "impressions", "clicks": "clicks", "conversions": "conversions", "conversions_value": "conversions_value", "sessions": "sessions",
    "key_events": "key_events", "purchases": "purchases", "revenue": "revenue", "orders": "orders", "gross_total": "gross_total", "cancelled": "cancelled", "refunded": "refunded",
    "net_valid": "revenue", "valid_total": "revenue", "net_revenue": "revenue", "cod_unpaid": "pending", "amount": "amount", "views": "views",
}  # fmt: skip


def text_of(path: Path) -> str:
    """A fixture's text without any mark."""
    data = path.read_bytes()
    codec = "utf-16" if data.startswith(b"\xff\xfe") else "cp950" if "cp950" in path.name else "utf-8-sig"
    return data.decode(codec)


def rows_of(path: Path) -> list[list[str]]:
    text = text_of(path)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ","))


@cache
def as_downloaded(path: Path) -> dict[str, Any]:
    return essence(inspect(path))


def essence(report: LoadReport) -> dict[str, Any]:
    """What must not depend on how a file was saved."""
    assert report.error is None, report.error.say("en")
    told = {name: getattr(report, name) for name in ("source", "rows_kept", "totals", "period_start", "period_end", "grain", "currency")}  # fmt: skip
    return told | {"dropped": {why: count for why, count in report.dropped.items() if why != "blank row"}}


def test_every_fixture_is_looked_at(shared_data: Path) -> None:
    truth = json.loads((shared_data / "format_fixtures/truth.json").read_text(encoding="utf-8"))
    assert {*truth} == {*SOURCES, "google_ads_en_range_no_day.csv"}


@pytest.mark.parametrize("name", SOURCES)
def test_a_fixture_gives_its_true_totals(shared_data: Path, tmp_path: Path, name: str) -> None:
    path = shared_data / "format_fixtures" / name
    truth = json.loads((path.parent / "truth.json").read_text(encoding="utf-8"))[name]
    loaded = read(path, tmp_path, salt="salt")
    report = loaded.report
    assert report.error is None, report.error.say("en")
    assert report.source == SOURCES[name]
    assert {key: report.totals[SUMS[key]] for key in truth if key in SUMS} == {
        key: truth[key] for key in truth if key in SUMS
    }
    assert report.warnings == () or truth.get("grain", "").endswith("no day")
    assert report.rows_read == report.rows_kept + sum(report.dropped.values())
    assert report.dropped.get("total row", 0) == truth.get("total_rows", 0)
    assert report.rows_kept == truth.get("rows", truth.get("file_rows", report.rows_kept))
    assert report.currency == truth.get("currency", report.currency)
    assert report.encoding == truth.get("encoding", report.encoding)
    frame = pd.read_parquet(loaded.tables[report.table or ""])
    frame = frame[frame["dropped"].isna()] if "dropped" in frame else frame
    assert truth.get("campaigns") in (None, frame["campaign_name"].nunique() if "campaign_name" in frame else None)
    assert truth.get("days") in (None, frame["date_day"].nunique() if "date_day" in frame else None)
    assert truth.get("dates") in (None, [str(day)[:10] for day in frame["doc_date"]] if "doc_date" in frame else None)
    assert [truth.get(name, str(getattr(report, f"period_{name}"))) for name in ("start", "end")] == [str(report.period_start), str(report.period_end)]  # fmt: skip


def test_a_whole_period_export_without_a_known_period_is_refused_quoting_it(shared_data: Path) -> None:
    report = inspect(shared_data / "format_fixtures/google_ads_en_range_no_day.csv")
    assert report.error is not None
    assert "no per-day column" in report.error.say("en")
    assert "All time" in report.error.say("en")
    assert "All time" in report.error.say("zh-TW")
    assert "每日" in report.error.say("zh-TW")


def workbook(path: Path, rows: list[list[Any]], **more: list[list[Any]]) -> Path:
    """Write sheets as they are given: text stays text, figures are figures."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, cells in {"Sheet1": rows, **more}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(cells):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell) if isinstance(cell, (int, float)) else sheet.write_string(number, column, cell)  # fmt: skip
    book.close()
    return path


def delimited(rows: list[list[str]], separator: str = ",", ends: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=ends).writerows(rows)
    return out.getvalue()


def zipped(path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("資料夾/報表.csv", content)
    return path


def figured(rows: list[list[str]]) -> list[list[Any]]:
    """Cells as Excel would keep them on opening: plain figures become numbers; long ids and dates stay text here."""
    return [[float(cell) if cell.replace(".", "", 1).isdigit() and len(cell) < 10 and not cell.startswith("00") else cell for cell in row] for row in rows]  # fmt: skip


RESAVED: dict[str, Callable[[Path, list[list[str]]], Path]] = {
    "utf-8": lambda folder, rows: _put(folder / "a.csv", delimited(rows).encode()),
    "utf-8 with its mark": lambda folder, rows: _put(folder / "a.csv", delimited(rows).encode("utf-8-sig")),
    "utf-16 little endian, tabs": lambda folder, rows: _put(folder / "a.csv", b"\xff\xfe" + delimited(rows, "\t").encode("utf-16-le")),
    "utf-16 big endian": lambda folder, rows: _put(folder / "a.txt", b"\xfe\xff" + delimited(rows).encode("utf-16-be")),
    "utf-16 without its mark": lambda folder, rows: _put(folder / "a.txt", delimited(rows, "\t").encode("utf-16-le")),
    "Big5": lambda folder, rows: _put(folder / "a.csv", delimited(rows).encode("cp950")),
    "semicolons": lambda folder, rows: _put(folder / "a.csv", delimited(rows, ";").encode()),
    "Windows line ends": lambda folder, rows: _put(folder / "a.csv", delimited(rows, ends="\r\n").encode()),
    "no line end at the end": lambda folder, rows: _put(folder / "a.csv", delimited(rows).rstrip("\n").encode()),
    "another name": lambda folder, rows: _put(folder / "最終版(2) 的副本", delimited(rows).encode()),
    "called xlsx": lambda folder, rows: _put(folder / "a.xlsx", delimited(rows).encode()),
    "zip": lambda folder, rows: zipped(folder / "a.zip", delimited(rows).encode()),
    "zip called csv": lambda folder, rows: zipped(folder / "a.csv", delimited(rows).encode("utf-8-sig")),
    "gzip": lambda folder, rows: _put(folder / "a.csv.gz", gzip.compress(delimited(rows).encode())),
    "xlsx, all text": lambda folder, rows: workbook(folder / "a.xlsx", rows),
    "xlsx, with figures": lambda folder, rows: workbook(folder / "a.xlsx", figured(rows)),
    "xlsx called csv": lambda folder, rows: workbook(folder / "a.csv", rows),
    "xlsx, second of two sheets": lambda folder, rows: workbook(folder / "a.xlsx", [["說明"], ["下載於 2026-12-01"]], Data=rows),
    "empty lines at the end": lambda folder, rows: _put(folder / "a.csv", (delimited(rows) + "\n\n\n").encode()),
}  # fmt: skip


def _put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("way", RESAVED)
def test_a_fixture_says_the_same_however_it_was_saved(shared_data: Path, tmp_path: Path, way: str) -> None:
    for name in SOURCES:
        original = shared_data / "format_fixtures" / name
        folder = tmp_path / name
        folder.mkdir()
        saved = RESAVED[way](folder, rows_of(original))
        assert essence(inspect(saved)) == as_downloaded(original), name
