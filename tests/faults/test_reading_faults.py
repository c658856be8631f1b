"""Bad files: one line in both languages that says what, where and what to do; nothing of a person's in it."""

from __future__ import annotations

import codecs
import gzip
import io
import json
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


# --- personal data ------------------------------------------------------------------------------------------------

PRIVATE = {"name": "祕密王小明", "phone": "0987654321", "mail": "secret@example.com", "address": "祕密路九號"}
LEDGERS: dict[str, tuple[list[str], list[list[str]]]] = {
    "shopline": (
        "訂單號碼,訂單日期,訂單狀態,付款狀態,貨幣,已退款金額,訂單小計,運費,優惠折扣,自訂折扣合計,折抵購物金,點數折現,訂單合計,商品名稱,數量,商品結帳價,收件人,收件人電話號碼,完整地址,顧客 ID,電郵,電話號碼".split(","),
        [
            "#1,2026-11-01 09:00:00,已完成,已付款,TWD,0,100,0,0,0,0,0,100,茶,1,100,{name},{phone},{address},C1,{mail},{phone}".split(","),
            "#2,2026-11-02 09:00:00,已完成,已付款,TWD,0,200,0,0,0,0,0,200,茶,2,100,{name},{phone},{address},,{mail},{phone}".split(","),
        ],
    ),
    "shopify": (
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Shipping Address1,Phone,Refunded Amount".split(","),
        [
            "#1,{mail},paid,TWD,100,0,0,100,0,2026-11-01 09:00:00 +0800,1,Tea,100,{name},{address},{phone},0".split(","),
            "#2,{mail},paid,TWD,200,0,0,200,0,2026-11-02 09:00:00 +0800,2,Tea,100,{name},{address},{phone},0".split(","),
        ],
    ),
    "91app": (
        "主單編號,訂單編號,轉單日期時間,訂單狀態,銷售金額(折扣後),商品名稱,數量,商品單價,收件人,會員編號,取消原因,幣別".split(","),
        [
            "TM1,TS1,2026/11/01 09:00,已完成,100,茶,1,100,{name},{phone},,TWD".split(","),
            "TM2,TS2,2026/11/02 09:00,已完成,200,茶,2,100,{name},{mail},,TWD".split(","),
        ],
    ),
    "shopee": (
        "訂單編號,訂單狀態,訂單成立日期,買家帳號,訂單小計,買家支付運費,買家總支付金額,收件者姓名,收件者電話,收件地址,商品名稱,數量,商品活動價格".split(","),
        [
            "A1,完成,2026-11-01 09:00,{mail},100,0,100,{name},{phone},{address},茶,1,100".split(","),
            "A2,完成,2026-11-02 09:00,{mail},200,0,200,{name},{phone},{address},茶,2,100".split(","),
        ],
    ),
    "woocommerce": (
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue".split(","),
        [
            "2026-11-01 09:00:00,1,NT$100,completed,{name},new,1× Tea,1,,100".split(","),
            "2026-11-02 09:00:00,2,NT$200,completed,{mail},returning,2× Tea,2,,200".split(","),
        ],
    ),
    "canonical_orders": (
        "order_id,ordered_at,status,customer_key,currency,total,refunded".split(","),
        ["A1,2026-11-01 09:00:00,valid,{mail},TWD,100,0".split(","), "A2,2026-11-02 09:00:00,valid,{phone},TWD,200,0".split(",")],
    ),
}  # fmt: skip


def ledger(source: str) -> tuple[list[str], list[list[str]]]:
    top, rows = LEDGERS[source]
    return top, [[cell.format(**PRIVATE) for cell in row] for row in rows]


def comma(rows: list[list[str]]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


def nothing_private(report: LoadReport) -> None:
    for lang in LANGS:
        told = json.dumps(report.as_json(lang), ensure_ascii=False)
        assert [value for value in PRIVATE.values() if value in told] == [], told


@pytest.mark.parametrize("source", LEDGERS)
def test_a_good_ledger_keeps_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    loaded = read(put(tmp_path / "a.csv", comma([top, *rows])), tmp_path, salt="salt")
    nothing_private(loaded.report)
    assert loaded.report.error is None, loaded.report.error.say("en")
    assert loaded.report.totals["revenue"] == 100 + 200
    written = b"".join(path.read_bytes() for path in loaded.tables.values())
    stored = "".join(
        pd.read_parquet(path).to_json(force_ascii=False, date_format="iso") for path in loaded.tables.values()
    )
    for value in PRIVATE.values():
        assert value not in stored
        assert value.encode() not in written


def many(top: list[str], row: list[str], count: int) -> list[list[str]]:
    """As many orders like `row`, each with a number of its own."""
    at = next(
        index
        for index, cell in enumerate(top)
        if cell in {"訂單號碼", "Name", "主單編號", "訂單編號", "Order #", "order_id"}
    )
    return [[*row[:at], f"{row[at]}-{number}", *row[at + 1 :]] for number in range(count)]


@pytest.mark.parametrize("source", LEDGERS)
@pytest.mark.parametrize("good", [0, 500], ids=["in every row", "in a few rows among many"])
def test_no_column_that_holds_a_persons_data_by_mistake_is_echoed(tmp_path: Path, source: str, good: int) -> None:
    top, rows = ledger(source)
    for column, title in enumerate(top):
        spoilt = [
            [*row[:column], value, *row[column + 1 :]]
            for row, value in zip(many(top, rows[1], len(PRIVATE)), PRIVATE.values(), strict=True)
        ]
        report = inspect(put(tmp_path / "a.csv", comma([top, *many(top, rows[0], good), *spoilt])))
        nothing_private(report)
        if title in {"Total", "訂單合計", "買家總支付金額", "N. Revenue", "total", "銷售金額(折扣後)"}:
            assert (report.error is not None) == (good == 0)
            assert report.error or any("(not shown)" in text.say("en") for text in report.warnings)


@pytest.mark.parametrize("source", LEDGERS)
@pytest.mark.parametrize("by", [1, 2, 3, -1, -2, -3, 7])
def test_shifted_columns_echo_nobodys_data(tmp_path: Path, source: str, by: int) -> None:
    top, rows = ledger(source)
    shifted = [[*row[-by:], *row[:-by]] for row in rows]
    nothing_private(inspect(put(tmp_path / "a.csv", comma([top, *shifted]))))
    nothing_private(inspect(put(tmp_path / "b.csv", comma([top, rows[0], *shifted]))))
    longer = [["x"] * max(by, 0) + row for row in rows]
    nothing_private(inspect(put(tmp_path / "c.csv", comma([top, *longer]))))


@pytest.mark.parametrize("source", LEDGERS)
def test_broken_ledgers_echo_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    text = comma([top, *rows])
    spoilt: dict[str, str | bytes] = {
        "without a header": comma(rows), "a person as header": comma([rows[0], *rows]), "cut": text[: -len(text) // 4], "cut in a quote": text[:-3],
        "other encodings": comma([top, rows[0]]).encode() + comma([rows[1]]).encode("cp950"), "lines joined": text.replace("\n", ","),
        "semicolons": text.replace('","', '";"'), "doubled header": comma([[*top, *top], *[[*row, *reversed(row)] for row in rows]]),
        "half of the header": comma([top[: len(top) // 2], *rows]), "contradicting": comma([top, *rows, [*rows[0][:4], *rows[1][4:]]]),
        "private header": comma([[*top, *PRIVATE.values()], *[[*row, *PRIVATE.values()] for row in rows]]),
    }  # fmt: skip
    for case, content in spoilt.items():
        path = put(tmp_path / "a.csv", content)
        report = inspect(path)
        if case != "private header":
            nothing_private(report)
        assert (report.error is None) == (report.rows_kept > 0), case
        assert report.rows_read == report.rows_kept + sum(report.dropped.values()), case


@pytest.mark.parametrize("source", LEDGERS)
def test_workbooks_and_zips_of_ledgers_echo_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    wrong = [[*row[1:], row[0]] for row in rows]
    nothing_private(inspect(put(tmp_path / "a.xlsx", sheet([top, *wrong]))))
    nothing_private(inspect(put(tmp_path / "a.zip", packed(comma([top, *wrong])))))
    nothing_private(inspect(put(tmp_path / "a.gz", gzip.compress(comma([top, *wrong]).encode()))))


def test_customer_keys_depend_on_the_salt_and_not_on_case_or_spaces(tmp_path: Path) -> None:
    top, rows = ledger("shopify")
    rows[1][1] = "  SECRET@example.com "
    path = put(tmp_path / "a.csv", comma([top, *rows]))
    keys = {}
    for salt in ("one", "two"):
        folder = tmp_path / salt
        folder.mkdir()
        keys[salt] = pd.read_parquet(read(path, folder, salt=salt).tables["orders"])["customer_key"].tolist()
    assert keys["one"][0] == keys["one"][1]
    assert keys["one"][0] != keys["two"][0]
