"""Bad files: one line in both languages that says what, where and what to do."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.i18n import LANGS
from kpi_toolkit.sources import rawtable
from kpi_toolkit.sources.load_report import LoadReport, restored
from kpi_toolkit.sources.reading import inspect, read

TOP = "Day,Campaign,Campaign ID,Cost,Impr.,Clicks\n"
DAY = "2026-11-0{day},品牌字,123,{cost},1000,10\n"
GOOD = TOP + "".join(DAY.format(day=day, cost=day * 100) for day in range(1, 8))


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sheet(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell) if isinstance(cell, str) else page.write(number, column, cell)
    book.close()
    return out.getvalue()


def packed(content: str | bytes, name: str = "a.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def refusal(path: Path) -> str:
    """The error in English, after looking at its form in both languages."""
    report = inspect(path)
    assert report.error is not None, report
    assert (report.rows_kept, dict(report.totals), report.source) == (0, {}, None)
    for lang in LANGS:
        said = report.error.say(lang)
        assert "\n" not in said
        assert said.startswith(path.name), said
        assert {"zh-TW": " → ", "en": " -> "}[lang] in said, said
        assert len(said) < 2500, said
    assert any("\u4e00" <= letter <= "\u9fff" for letter in report.error.say("zh-TW").removeprefix(path.name))
    again = restored(report.stored()).error
    assert again is not None
    assert [again.say(lang) for lang in LANGS] == [report.error.say(lang) for lang in LANGS]
    return report.error.say("en")


def warned(report: LoadReport) -> str:
    assert report.error is None, report.error.say("en")
    return " | ".join(text.say("en") for text in report.warnings)


SHEET = sheet([["Day", "Campaign", "Cost", "Impr."], *[["2026-11-01", "A", 1, 2]] * 60])
BROKEN_FILES: dict[str, tuple[str | bytes, str]] = {
    "text cut inside a row": (GOOD.encode()[:-14], "its last row, 8, breaks off half-way"),
    "text cut inside a character": (GOOD.encode()[: GOOD.encode().rindex("字".encode()) + 1], "ends in the middle of a character"),
    "text cut inside a quote": (GOOD + '2026-11-08,"品牌', "breaks off half-way"),
    "utf-16 cut inside a character": (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le") + b"x", "ends in the middle of a character"),
    "a workbook cut in two": (SHEET[: len(SHEET) // 2], "truncated"),
    "a workbook without its end": (SHEET[:-30], "truncated"),
    "a zip cut in two": (packed(GOOD * 20)[:150], "truncated"),
    "a zip with altered bytes": ((lambda whole: whole[:60] + b"\0" * 40 + whole[100:])(packed(GOOD * 20)), "truncated, broken"),
    "a zip without a table": (packed("hello", "readme.md"), "no table that any source knows"),
    "a gzip cut in two": (gzip.compress(GOOD.encode() * 50)[:120], "truncated"),
    "any bytes": (bytes(range(256)) * 20, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(300), "PNG"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "a sign-in page": ("<!DOCTYPE html><html><body>Please sign in</body></html>", "HTML"),
    "a Parquet file": (b"PAR1" + bytes(50) + b"PAR1", "Parquet"),
    "nothing": ("", "empty"),
    "nothing but a mark": (codecs.BOM_UTF8, "empty"),
    "nothing but blanks": ("\r\n  \r\n", "empty"),
    "nothing but zeros": (bytes(5000), "empty"),
    "a header alone": (TOP, "no data rows"),
    "a header and its totals alone": (TOP + "Total: Campaigns,,,100,1,1\n", "no data rows"),
    "UTF-8, then Big5": (GOOD.encode() + DAY.format(day=8, cost=1).encode("cp950"), "line 9 is not UTF-8"),
    "Big5, then UTF-8": (TOP.encode() + DAY.format(day=1, cost=1).encode("cp950") + "2026-11-02,鈥,1,2,3,4\n".encode(), "mixed or broken encoding"),
    "Latin-1": ((TOP + "2026-11-01,café à,1,2,3,4\n").encode("latin-1"), "line 2 is not UTF-8"),
    "zeros in the text": (GOOD.replace("品牌字", "品\0字"), "NUL"),
    "zeros far down in the text": (TOP + DAY.format(day=1, cost=1) * 3000 + "2026-11-02,A\0B,1,2,3,4\n", "NUL"),
    "an absurdly long cell": (TOP + "2026-11-01," + "A" * 2_000_000 + ",1,2,3,4\n", "absurdly long"),
    "a quote never closed": (TOP + '2026-11-01,"A,1,2,3,4\n' + DAY.format(day=2, cost=1) * 500, "quote is never closed"),
    "thousands without quotes": (TOP + "2026-11-01,A,1,1,234,1000,10\n", "more cells than the header"),
    "a header that no source knows": ("Campaign,Campaign ID,Impr.,Clicks,Avg. CPC\nA,1,2,3,4\n", "the nearest is google_ads (Google Ads report), missing columns: spend (Cost / 費用 / 成本)"),
    "a header like nothing": ("apples,pears\n1,2\n", "not one column name is familiar"),
    "JSON": ('{"data": [{"spend": 1}]}', "not one column name is familiar"),
    "two currencies in the header": ("Campaign name,Day,Impressions,Amount spent (TWD),Amount spent (USD)\nA,2026-11-01,1,2,3\n", "two currencies: TWD, USD"),
    "mixed date orders": ("Day,Campaign,Cost,Impr.\n13/11/2026,A,1,2\n11/14/2026,B,1,2\n", "mixes month/day/year with day/month/year"),
    "dates that may be either": ("Day,Campaign,Cost,Impr.\n03/04/2026,A,1,2\n", "could be month/day or day/month"),
    "no day, no period": ("Campaign report\nAll time\nCampaign,Cost,Impr.,Clicks\nA,1,2,3\n", "the file says 'All time'"),
    "days that do not exist": (TOP + "2026-02-30,A,1,2,3,4\n", "row 2, column Day (date_day): can't read '2026-02-30'"),
    "years that cannot be": (TOP + "0026-11-01,A,1,2,3,4\n", "not possible: '0026-11-01'"),
    "negative figures": (TOP + "2026-11-01,A,1,-5,3,4\n", "column Cost (spend): not possible: '-5'"),
    "figures that are none": (TOP + "2026-11-01,A,1,Infinity,3,4\n2026-11-02,A,1,1e4,3,4\n2026-11-03,A,1,\"1,23\",3,4\n2026-11-04,A,1,NaN,3,4\n", "4 rows can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_FILES)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    content, says = BROKEN_FILES[case]
    assert says in refusal(put(tmp_path / "報表 {1}.csv", content))


@pytest.mark.parametrize("case", ["text cut inside a row", "a picture", "a workbook cut in two", "negative figures"])
def test_a_refused_file_leaves_nothing_behind(tmp_path: Path, case: str) -> None:
    path = put(tmp_path / "a.csv", BROKEN_FILES[case][0])
    folder = tmp_path / "out"
    folder.mkdir()
    loaded = read(path, folder, salt="s")
    assert loaded.report.error is not None
    assert loaded.report.sha256 is not None
    assert list(folder.rglob("*")) == []


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "nowhere.csv")
    assert "no such file" in refusal(tmp_path)


def test_all_unreadable_rows_are_told_at_once_up_to_a_dozen(tmp_path: Path) -> None:
    rows = "".join(f"2026-11-01,A,1,x{number},3,4\n" for number in range(30))
    said = refusal(put(tmp_path / "a.csv", TOP + rows))
    assert "30 rows can't be read" in said
    assert [f"row {number}," in said for number in (2, 7, 13, 14)] == [True, True, True, False]
    assert "and 18 more rows" in said


def test_a_few_unreadable_rows_among_many_are_left_out_and_told(tmp_path: Path) -> None:
    text = TOP + "".join(f"2026-11-01,A{number},1,10,3,1\n" for number in range(300)) + "2026-11-01,B,1,oops,3,1\n"
    report = inspect(put(tmp_path / "a.csv", text))
    assert "left out an unreadable row: row 302, column Cost (spend): can't read 'oops'" in warned(report)
    assert report.dropped == {"unreadable spend": 1}
    assert report.rows_read == report.rows_kept + 1
    assert report.totals["spend"] == 300 * 10


SIZES = {"small": 1 << 40, "large": 1}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read as a small file (by Python's reader), then as a large one (scanned where it lies)."""
    monkeypatch.setattr(rawtable, "SCANNED_FROM_BYTES", SIZES[request.param])
    return str(request.param)


EXTRA = TOP.replace("\n", ",Note\n")


@pytest.mark.parametrize("at", [0, 150, 1500, 2500])
def test_a_few_shifted_rows_among_many_are_left_out_and_told(tmp_path: Path, size: str, at: int) -> None:
    rows = [f"2026-11-01,A{number},1,10,3,1,ok\n" for number in range(2500)]
    rows.insert(at, "2026-11-01,B,1,1,234,3,1,ok 2\n")
    rows.append("Total: Campaigns,,,1,234,25000,7500,2500\n")
    report = inspect(put(tmp_path / "a.csv", EXTRA + "".join(rows)))
    said = warned(report)
    assert (
        f"left out an unreadable row: row {at + 2} has more cells than the header, so its columns are shifted" in said
    )
    assert f"left out an unreadable row: row {2501 + 2} has more cells" in said
    assert "totals row" not in said
    assert report.dropped == {"shifted row": 2}
    assert report.totals["spend"] == 2500 * 10
    assert report.rows_read == report.rows_kept + 2


def test_many_shifted_rows_are_refused_in_files_of_any_size(tmp_path: Path, size: str) -> None:
    rows = [f"2026-11-01,A{number},1,10,3,1,ok\n" for number in range(2000)]
    rows[1500:1500] = ["2026-11-01,B,1,1,234,3,1,ok\n"] * 15 + ["2026-11-01,B,1,1,234,3,1,2\n"] * 25
    said = refusal(put(tmp_path / "a.csv", EXTRA + "".join(rows)))
    assert "25 rows have more cells than the header, so their columns are shifted" in said
    assert "rows 1517, 1518, " in said


@pytest.mark.parametrize("at", [0, 1500])
def test_text_beyond_the_last_column_is_told_by_its_rows(tmp_path: Path, size: str, at: int) -> None:
    rows = [f"2026-11-01,A{number},1,10,3,1,ok\n" for number in range(2000)]
    rows[at] = "2026-11-01,B,1,10,3,1,ok,and more\n"
    rows[1999] = "2026-11-01,C,1,10,3,1,ok, ,\n"
    report = inspect(put(tmp_path / "a.csv", EXTRA + "".join(rows)))
    assert (
        f"1 row has more cells than the header, and the text beyond the last column was not read (unquoted commas in text?): row {at + 2}"
        in warned(report)
    )
    assert (report.rows_kept, report.totals["spend"]) == (2000, 2000 * 10)


def test_more_unreadable_rows_than_are_shown_are_counted(tmp_path: Path) -> None:
    rows = [f"2026-11-01,A{number},1,{'x' if number % 150 == 0 else 10},3,1\n" for number in range(3000)]
    assert "and 8 more rows" in warned(inspect(put(tmp_path / "a.csv", TOP + "".join(rows))))


def test_a_whole_period_is_accepted_as_such_and_quoted(tmp_path: Path) -> None:
    text = 'Campaign report\n"November 1, 2026 - November 30, 2026"\nCampaign,Cost,Impr.,Clicks\nA,10,200,3\n'
    report = inspect(put(tmp_path / "a.csv", text))
    assert "the whole of 2026-11-01 – 2026-11-30 only, refused for daily views" in warned(report)
    assert report.grain == "period"


def test_rows_in_two_currencies_are_not_added_up(tmp_path: Path) -> None:
    report = inspect(put(tmp_path / "a.csv", "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-11-01,A,TWD,10,200,3\n2026-11-01,B,USD,20,100,4\n"))  # fmt: skip
    assert "several currencies (TWD, USD)" in warned(report)
    assert "spend" not in report.totals
    assert report.totals["impressions"] == 200 + 100
    assert report.currency == "TWD, USD"


def test_a_currency_that_is_none_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-11-01,A,新鮮,10,200,3\n")
    assert "column Currency code (currency): can't read '新鮮'" in refusal(path)
    named = put(tmp_path / "b.csv", "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-11-01,A,新台幣,10,200,3\n")
    assert inspect(named).currency == "TWD"


def test_destroyed_ids_are_told_and_the_rows_kept(tmp_path: Path) -> None:
    text = "Campaign name,Ad ID,Day,Impressions,Amount spent (TWD)\nA,1.20234E+17,2026-11-01,1000,10\nA,1.20234E+17,2026-11-02,1000,20\n"
    report = inspect(put(tmp_path / "a.csv", text))
    assert "2 ids in Ad ID were destroyed by Excel" in warned(report)
    assert report.totals["spend"] == 10 + 20


def test_repeated_rows_are_set_aside_and_counted(tmp_path: Path) -> None:
    report = inspect(put(tmp_path / "a.csv", GOOD + GOOD.removeprefix(TOP)))
    assert report.dropped == {"duplicate row": 7}
    assert report.totals["spend"] == sum(day * 100 for day in range(1, 8))
    assert report.rows_read == 14


def test_totals_that_do_not_match_are_told_with_both_figures(tmp_path: Path) -> None:
    spend = sum(day * 100 for day in range(1, 8))
    total = "Total: Campaigns, --, --,{spend},7000,70\n"
    assert warned(inspect(put(tmp_path / "a.csv", GOOD + total.format(spend=spend)))) == ""
    said = warned(inspect(put(tmp_path / "b.csv", GOOD + total.format(spend=spend + 50))))
    assert f"spend = {spend + 50}, but the rows add up to {spend}" in said


def test_more_clicks_than_impressions_are_told(tmp_path: Path) -> None:
    report = inspect(put(tmp_path / "a.csv", TOP + "2026-11-01,A,1,10,5,400\n"))
    assert "1 row has more clicks than impressions" in warned(report)


HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "../../etc/passwd",
    "'; DROP TABLE orders; --",
    "{0} {x} {{",
    "${HOME} `id`",
    "名稱\twith tab",
    "a" * 5000,
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_formulas_markup_and_tricks_in_names_arrive_unchanged_as_text(tmp_path: Path, form: str) -> None:
    rows = [["Day", "Campaign", "Cost", "Impr."], *[["2026-11-01", name, "1", "2"] for name in HOSTILE]]
    if form == "csv":
        text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows) + "\n"
        path = put(tmp_path / "a.csv", text)
    else:
        path = put(tmp_path / "a.xlsx", sheet(rows))
    loaded = read(path, tmp_path, salt="s")
    assert loaded.report.error is None, loaded.report.error.say("en")
    assert pd.read_parquet(loaded.tables["ads_daily"])["campaign_name"].tolist() == HOSTILE


def test_hostile_cells_in_errors_stay_one_short_line(tmp_path: Path) -> None:
    text = TOP + "".join('2026-11-01,A,1,"' + name.replace('"', '""') + '\nnext line",3,4\n' for name in HOSTILE)
    said = refusal(put(tmp_path / "a.csv", text))
    assert "a" * 60 not in said


@pytest.mark.parametrize("name", ["a'b.csv", "{1}.csv", "%s 100%.csv", "<b>.csv", "-rf.csv", "檔案 “引號”.csv"])
def test_odd_file_names_are_read(tmp_path: Path, name: str) -> None:
    report = inspect(put(tmp_path / name, GOOD))
    assert report.error is None
    assert report.file == name
    refusal(put(tmp_path / f"x{name}", "apples,pears\n1,2\n"))


# Texts without values leave doubled braces as they are once something in them looks like a placeholder.
def test_braces_around_a_word_arrive_single(tmp_path: Path) -> None:
    assert "can't read '{x}'" in refusal(put(tmp_path / "{y}.csv", TOP + "2026-11-01,A,1,{x},3,4\n"))


def test_a_member_of_a_zip_cannot_leave_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    path = put(folder / "a.zip", packed(GOOD, "../../escaped.csv"))
    out = folder / "out"
    out.mkdir()
    assert read(path, out, salt="s").report.error is None
    assert not list(tmp_path.rglob("*escaped*"))
