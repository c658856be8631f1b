"""Books of costs and of sales, and columns of months: amounts with and without tax, totals that add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import Mapping
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]


def test_books_with_a_net_column_kinds_and_a_refund(
    tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said
) -> None:
    path = table(
        tmp_path / "帳.csv",
        "好茶有限公司\n中華民國115年11月\n單位：新臺幣元\n\n入帳日,廠商,摘要,統一發票,金額(未稅),稅額\n"
        "115/11/01,甲,代操月費,AB-12345678,30000,1500\n115-11-05,甲,廣告代墊款,,１２０，０００,\n0991231,乙,平台抽成,,△500,\n"
        "115/11/06,丙,影片製作,,8400,\n115/11/07,丁,網紅業配,,5000,\n115/11/08,戊,軟體訂閱,,990,\n115/11/09,己,雜支,,10,\n"
        "合計,,,,163900,\n覆核：　　製表：\n",
        "cp950",
    )
    report = whole(path)
    assert report.totals == {"amount": 30000 + 120000 - 500 + 8400 + 5000 + 990 + 10}
    assert (report.dropped, said(report), report.currency) == ({"footer row": 1, "total row": 1}, "", "TWD")
    frame = kept(path, tmp_path, "invoices_fees")
    assert frame["kind"].tolist() == ["retainer", "media_passthrough", "refund", "production", "kol", "tool", "other"]
    assert set(frame["tax_included"]) == {False}
    assert str(frame["doc_date"].min())[:10] == "2010-12-31"


@pytest.mark.parametrize(
    ("second", "warns"), [("700", False), ("750", True)], ids=["subtotals that add up", "one that does not"]
)
def test_books_with_subtotals_only(
    tmp_path: Path, second: str, warns: bool, table: Put, whole: Look, said: Said
) -> None:
    text = f"日期,廠商,摘要,發票號碼,金額(含稅)\n115/10/01,甲,代操,,300\n小計,,,,300\n115/11/01,甲,代操,,500\n115/11/05,乙,製作,,200\n小計,,,,{second}\n"
    report = whole(table(tmp_path / "a.csv", text))
    assert report.totals == {"amount": 300 + 500 + 200}
    assert ("totals row says" in said(report)) == warns


SALES = (
    "{day},通路,商品金額,平台抽成,實收\n{first},官網,1000,0,1000\n{first},蝦皮,500,50,450\n{second},官網,300,0,300\n"
)


@pytest.mark.parametrize("preamble", ["", "好茶有限公司\n中華民國115年11月\n單位：新臺幣元\n"])
def test_a_sales_book_is_called_one_and_a_mapping_reads_it(tmp_path: Path, preamble: str, table: Put) -> None:
    path = table(tmp_path / "帳.csv", preamble + SALES.format(day="日期", first="2026/11/01", second="2026/11/02"))
    error = inspect(path).error
    assert error is not None
    assert "looks like a sales book" in error.say("en")
    assert "order_id 和 ordered_at 都填「日期」" in error.say("zh-TW")
    told = Mapping(name="sales", table="orders", columns={"order_id": "日期", "ordered_at": "日期", "line_total": "實收", "sales_channel": "通路"})  # fmt: skip
    assert inspect(path, mapping=as_source(told)).totals["revenue"] == 1000 + 450 + 300


def test_a_sales_book_by_month_is_read_by_a_mapping(tmp_path: Path, table: Put) -> None:
    path = table(tmp_path / "帳.csv", SALES.format(day="月份", first="115年10月", second="2026-11"))
    told = Mapping(
        name="sales", table="orders", columns={"order_id": "月份", "ordered_at": "月份", "line_total": "實收"}
    )
    report = inspect(path, mapping=as_source(told))
    assert report.totals["revenue"] == 1000 + 450 + 300
    assert (str(report.period_start), str(report.period_end)) == ("2026-10-01", "2026-11-01")


@pytest.mark.parametrize(
    ("top", "cells", "amount", "with_tax"),
    [
        ("未稅,稅額,含稅", "100,5,105", 105, True),
        ("含稅,稅額,未稅", "105,5,100", 105, True),
        ("未稅金額,營業稅,含稅金額", "100,5,105", 105, True),
        ("未稅金額,營業稅,總計", "100,5,105", 105, True),
        ("金額,稅額,總計", "100,5,105", 105, True),
        ("未稅,稅額", "100,5", 100, False),
        ("未稅,含稅", "100,", 100, False),
        ("數量,單價,總計", "2,50,100", 100, None),
        ("金額,總計", "100,100", 100, None),
    ],
)
def test_books_say_whether_an_amount_is_with_tax(
    tmp_path: Path,
    top: str,
    cells: str,
    amount: float,
    with_tax: bool | None,
    table: Put,
    whole: Look,
    kept: Kept,
    said: Said,
) -> None:
    total = ",".join("" for _ in top.split(","))
    path = table(tmp_path / "a.csv", f"日期,廠商,摘要,{top}\n2026-11-01,甲,代操月費,{cells}\n合計,,,{total}\n")
    report = whole(path)
    assert (report.source, report.totals, said(report)) == ("bookkeeping", {"amount": amount}, "")
    frame = kept(path, tmp_path, "invoices_fees")
    assert [None if pd.isna(value) else bool(value) for value in frame["tax_included"]] == [with_tax]


def test_books_whose_tax_does_not_add_up_say_so(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    text = "日期,廠商,摘要,未稅,稅額,含稅\n2026-11-01,甲,代操月費,100,5,105\n2026-11-02,甲,製作,100,5,150\n"
    assert "on 1 row the amount without tax plus the tax isn't the amount with tax" in said(
        whole(table(tmp_path / "a.csv", text))
    )


@pytest.mark.parametrize("month", ["October 2026", "Oct 2026", "Oct-26", "2026-10", "2026/10", "2026年10月", "115年10月", "115/10", "10/2026", "202610", "2026-10-01"])  # fmt: skip
def test_a_column_of_months_is_read(tmp_path: Path, month: str, table: Put, whole: Look) -> None:
    ads = whole(table(tmp_path / "a.csv", f"Month,Campaign,Cost,Impr.,Clicks\n{month},A,10,100,1\n"))
    assert (str(ads.period_start), str(ads.period_end), ads.grain) == ("2026-10-01", "2026-10-31", "period")
    book = whole(table(tmp_path / "b.csv", f"月份,廠商,摘要,金額\n{month},甲,代操月費,100\n"))
    assert (book.source, str(book.period_start), str(book.period_end)) == ("bookkeeping", "2026-10-01", "2026-10-01")
    meta = whole(table(tmp_path / "c.csv", f"Month,Campaign name,Impressions,Amount spent (TWD)\n{'2026-10-01 - 2026-10-31' if month == '2026-10-01' else month},A,100,10\n"))  # fmt: skip
    assert (str(meta.period_start), str(meta.period_end)) == ("2026-10-01", "2026-10-31")


def test_a_month_is_no_day(tmp_path: Path, table: Put, whole: Look) -> None:
    error = inspect(table(tmp_path / "a.csv", "日期,廠商,摘要,金額\n2026-10,甲,代操月費,100\n")).error
    assert error is not None
    assert "can't read '2026-10'" in error.say("en")
    both = whole(table(tmp_path / "b.csv", "月份,日期,廠商,摘要,金額\n11月,2026-11-05,甲,代操月費,100\n"))
    assert str(both.period_start) == "2026-11-05"
