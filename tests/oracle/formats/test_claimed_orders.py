"""Lists of orders that a vendor claims one by one: what is read of them, and what is no such list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]

HEAD = "訂單編號,成交日期,訂單金額,分潤"


def test_a_kols_list_under_its_title(tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said) -> None:
    path = table(
        tmp_path / "a.csv",
        "麵包媽媽 2026年10月分潤月報\n2026/10/01 - 2026/10/31\n訂單編號,成交日期,訂單金額,佣金,新舊客,檔期,導流來源\n"
        '\'1001,2026/10/3 14:02,"NT$1,280",128,新客,秋季團購,IG 限時動態\n#1002,115/10/3,960,96,舊客,秋季團購,LINE 社群\n合計,,2240,224,,,\n備註：以上未稅,,,,,,\n',
    )
    report = whole(path)
    assert (report.source, report.table, report.currency) == ("claimed_orders", "claimed_orders", "TWD")
    assert report.totals == {"orders": 2, "amount": 1280 + 960, "commission": 128 + 96}
    assert dict(report.dropped) == {"total row": 1, "footer row": 1}
    assert said(report) == ""
    rows = kept(path, tmp_path, "claimed_orders")
    assert rows["order_id"].tolist() == ["1001", "#1002"]
    assert [str(day)[:10] for day in rows["claimed_on"]] == ["2026-10-03", "2026-10-03"]
    assert rows["vendor_name"].tolist() == ["麵包媽媽"] * 2
    assert rows["platform"].tolist() == ["meta_ads", "line_ads"]
    assert rows["new_customer"].tolist() == [True, False]
    assert rows["campaign_name"].tolist() == ["秋季團購"] * 2


def test_an_affiliates_list_in_english(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:
    path = table(
        tmp_path / "a.csv",
        "Order ID,Order date,Sale amount,Commission,Status,Publisher,Source,New/returning\n"
        "7,2026-10-03,100,10,Approved,Blog A,FB ads,New\n8,2026-10-04,200,0,Rejected,Blog A,Google,Returning\n9,2026-10-05,300,30,Cancelled,Blog B,blog-b.example,Existing\n",
    )
    report = whole(path)
    # What the list itself takes back is no claim; what it wants money for is one, whatever became of the order.
    assert (report.rows_kept, dict(report.dropped)) == (2, {"rejected claim": 1})
    rows = kept(path, tmp_path, "claimed_orders")
    assert rows["order_id"].tolist() == ["7", "9"]
    assert rows["vendor_name"].tolist() == ["Blog A", "Blog B"]
    assert rows["platform"].tolist() == ["meta_ads", "blog_b_example"]
    assert rows["new_customer"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("title", "vendor"),
    [
        ("KOL：麵包媽媽", "麵包媽媽"),
        ("廠商：北辰數位\n10 月認列訂單明細", "北辰數位"),
        ("Commission list\nPublisher: Blog A", "Blog A"),
        ("北辰數位 分潤明細", "北辰數位"),
        ("2026年10月 北辰數位 分潤明細（更新版）", "北辰數位"),
        ("115/10 佣金對帳單 - 北辰數位", "北辰數位"),
        ("Blog A: commission list, October 2026", "Blog A"),
    ],
)
def test_the_title_says_whose_a_list_is(tmp_path: Path, title: str, vendor: str, table: Put, kept: Kept) -> None:
    path = table(tmp_path / "a.csv", f"{title}\n訂單號碼,訂單日期,成交金額\nA-1,2026/10/3,100\nA-2,2026/10/4,200\n")
    assert kept(path, tmp_path, "claimed_orders")["vendor_name"].unique().tolist() == [vendor]


def test_a_list_of_nobodys_is_read_with_a_warning(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    rows = f"{HEAD}\n1,2026-10-01,100,10\n2,2026-10-02,100,10\n"
    report = whole(table(tmp_path / "a.csv", rows))
    assert "2 rows don't say whose claim it is" in said(report)
    report = whole(table(tmp_path / "b.csv", f"2026年10月分潤明細\n{rows}"))
    assert "2 rows don't say whose claim it is" in said(report)


def test_a_total_that_the_orders_contradict_is_told(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    rows = "1,2026-10-01,100,10\n2,2026-10-02,200,20\n"
    for total in ("合計,,300,35", "總計 2 筆,,300,35", ",,300,35"):
        report = whole(table(tmp_path / "a.csv", f"KOL：某\n{HEAD}\n{rows}{total}\n"))
        assert "the totals row says commission = 35" in said(report), total
        assert "amount" not in said(report)
        assert report.totals == {"orders": 2, "amount": 300, "commission": 30}


def test_an_order_that_is_claimed_twice_stays_twice(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    report = whole(
        table(tmp_path / "a.csv", f"KOL：某\n{HEAD}\n1,2026-10-01,100,10\n1,2026-10-01,100,10\n合計,,200,20\n")
    )
    assert (report.rows_kept, report.totals["commission"], said(report)) == (2, 20, "")


def test_what_excel_did_to_an_orders_number(
    tmp_path: Path, table: Put, workbook: Put, kept: Kept, whole: Look, said: Said
) -> None:
    numbers = ["'1001", '="1002"', "1003.0", " 1004 ", "１００５", "#1006", "TW-1007"]
    cells = [number.replace('"', '""') for number in numbers]
    rows = "".join(f'"{cell}",2026-10-01,100,10\n' for cell in cells)
    wanted = ["1001", "1002", "1003", "1004", "1005", "#1006", "TW-1007"]
    path = table(tmp_path / "a.csv", f"KOL：某\n{HEAD}\n{rows}")
    assert kept(path, tmp_path, "claimed_orders")["order_id"].tolist() == wanted
    book = workbook(tmp_path / "b.xlsx", [["KOL：某"], HEAD.split(","), [1001, "2026-10-01", 100, 10], [1002.0, "2026-10-01", 100, 10]])  # fmt: skip
    assert kept(book, tmp_path, "claimed_orders")["order_id"].tolist() == ["1001", "1002"]
    many = "".join(f"{number},2026-10-01,1,1\n" for number in range(200))
    report = whole(table(tmp_path / "c.csv", f"KOL：某\n{HEAD}\n{many}2.0261E+16,2026-10-02,1,1\n"))
    assert report.rows_kept == 200
    assert "1 order number in 訂單編號 was destroyed by Excel" in said(report)


@pytest.mark.parametrize(
    "head",
    [
        # A shop's own orders, whoever supplies the goods; a marketplace's settlement with the shop.
        "訂單編號,訂單日期,訂單金額,廠商",
        "訂單編號,訂單日期,訂單金額,合作夥伴,付款方式",
        "訂單編號,訂單成立日期,訂單金額,佣金,成交手續費,運費",
        "Order ID,Order date,Order total,Vendor",
        "Order ID,Order date,Order total,Affiliate,Shipping address",
        "Order ID,Date,Amount,Commission,Transaction fee",
    ],
)
def test_a_shops_own_orders_are_no_claims(tmp_path: Path, head: str, table: Put) -> None:
    row = ",".join("2026-10-01" if "date" in cell.lower() or "日期" in cell else "1" for cell in head.split(","))
    report = inspect(table(tmp_path / "a.csv", f"{head}\n{row}\n"))
    assert report.source != "claimed_orders"
    assert report.error is not None or report.table == "orders"


def test_orders_in_no_known_format_are_told_both_ways_out(tmp_path: Path, table: Put) -> None:
    error = inspect(table(tmp_path / "a.csv", "訂單編號,訂單日期,訂單金額,廠商\n1,2026-10-01,100,某\n")).error
    assert error is not None
    assert "looks like a list of orders" in error.say("en")
    assert "mapping.yaml" in error.say("en")
    assert "claimed_orders.en.csv" in error.say("en")
    assert "add these columns to the export" not in error.say("en")


def test_buyers_in_a_list_are_neither_kept_nor_told(tmp_path: Path, table: Put, kept: Kept) -> None:
    rows = "".join(f"{number},2026-10-01,100,10,王小明,0912345670\n" for number in range(3))
    path = table(tmp_path / "a.csv", f"KOL：某\n{HEAD},姓名,電話\n{rows}")
    frame = kept(path, tmp_path, "claimed_orders")
    assert "王小明" not in frame.to_string()
    assert "0912345670" not in frame.to_string()
    # Cells that stand in another's column may be a person's.
    error = inspect(table(tmp_path / "b.csv", f"KOL：某\n{HEAD},姓名\n1,王小明,100,10,x\n")).error
    assert error is not None
    assert "王小明" not in error.say("zh-TW")


def test_a_list_under_a_reports_title_stays_a_list(tmp_path: Path, table: Put, whole: Look) -> None:
    """月報, a vendor's column and 新客 beside money would make it a report of metrics."""
    head = "訂單編號,日期,廠商,訂單金額,新客,抽成"
    path = table(tmp_path / "a.csv", f"2026年10月成效月報\n{head}\n1,2026-10-01,北辰數位,100,是,10\n2,2026-10-02,北辰數位,100,否,10\n")  # fmt: skip
    assert whole(path).source == "claimed_orders"


def test_a_report_of_metrics_stays_a_report(tmp_path: Path, table: Put, whole: Look) -> None:
    path = table(
        tmp_path / "a.csv", "2026年10月分潤成效月報\n月份,廠商,花費,訂單數,營收\n2026-10,北辰數位,1000,5,9000\n"
    )
    assert whole(path).source == "vendor_report"


@pytest.mark.parametrize("name", ["claimed_orders.zh-TW.csv", "claimed_orders.en.csv"])
def test_the_templates_are_read(root: Path, tmp_path: Path, name: str, whole: Look, kept: Kept, said: Said) -> None:
    report = whole(root / "templates" / name)
    assert (report.source, report.currency, said(report)) == ("claimed_orders", "TWD", "")
    assert report.totals == {"orders": 3, "amount": 1280 + 960 + 2450, "commission": 128 + 96 + 245}
    rows = kept(root / "templates" / name, tmp_path, "claimed_orders")
    assert rows["new_customer"].tolist() == [True, False, True]
    assert rows["platform"].tolist() == ["meta_ads", "meta_ads", "google_ads"]
