"""Overlapping imports are settled by what names a row in each export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store

Export = Callable[..., str]
Put = Callable[..., Path]
Load = Callable[..., dict[str, LoadReport]]
Rows = Callable[..., list[tuple[object, ...]]]


def test_a_campaign_is_known_by_its_id_where_all_files_have_it(
    store: Store, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "1.csv", google(("2026-10-01", "Old name", 1, 10, "111"), ("2026-10-01", "Same", 1, 5, "222"), more="Campaign ID"))  # fmt: skip
    put(store, "2.csv", google(("2026-10-01", "New name", 1, 11, "111"), ("2026-10-01", "Same", 1, 6, "333"), more="Campaign ID"))  # fmt: skip
    assert rows(store, "ads_daily", "campaign_name", "campaign_id", "spend") == [
        ("New name", "111", 11), ("Same", "222", 5), ("Same", "333", 6),
    ]  # fmt: skip


def test_a_campaign_is_known_by_its_name_where_a_file_has_no_ids(
    store: Store, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "1.csv", google(("2026-10-01", "A", 1, 10, "111"), more="Campaign ID"))
    put(store, "2.csv", google(("2026-10-01", "A", 1, 11), ("2026-10-01", "B", 1, 3)))
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 11), ("B", 3)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=str)
def test_ids_that_excel_destroyed_are_no_key(
    store: Store, order: tuple[int, int], put: Put, rows: Rows, google: Export
) -> None:
    whole, spoilt = (f"{number}.csv" for number in order)
    put(store, whole, google(("2026-10-01", "A", 1, 10, "120234567890123456"), ("2026-10-01", "B", 1, 20, "120234567890123457"), more="Campaign ID"))  # fmt: skip
    put(store, spoilt, google(("2026-10-01", "A", 1, 10, "1.20235E+17"), ("2026-10-01", "B", 1, 20, "1.20235E+17"), more="Campaign ID"))  # fmt: skip
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 10), ("B", 20)]


@pytest.mark.parametrize("column", ["Customer ID", "Account"])
def test_two_accounts_with_campaigns_of_one_name_stay_apart(
    store: Store, column: str, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "1.csv", google(("2026-10-01", "Brand", 1, 10, "111-111-1111"), more=column))
    put(store, "2.csv", google(("2026-10-01", "Brand", 1, 20, "222-222-2222"), more=column))
    assert rows(store, "ads_daily", "spend") == [(10,), (20,)]


def test_each_export_is_settled_by_its_own_dimensions(
    store: Store, put: Put, rows: Rows, google: Export, meta: Export
) -> None:
    """Google's files know campaigns, Meta's know ads: an ad that wasn't sent again isn't lost."""
    put(store, "g1.csv", google(("2026-10-01", "A", 1, 1)))
    put(store, "g2.csv", google(("2026-10-01", "A", 1, 2)))
    put(store, "m1.csv", meta(("2026-10-01", "A", "S", "ad 1", 10), ("2026-10-01", "A", "S", "ad 2", 20)))
    put(store, "m2.csv", meta(("2026-10-01", "A", "S", "ad 1", 11)))
    assert rows(store, "ads_daily", "source", "ad_name", "spend") == [
        ("google_ads", "", 2), ("meta_ads", "ad 1", 11), ("meta_ads", "ad 2", 20),
    ]  # fmt: skip


def test_rows_of_one_file_with_one_key_are_parts_of_one_figure(
    store: Store, put: Put, rows: Rows, meta: Export
) -> None:
    put(store, "1.csv", meta(("2026-10-01", "A", "S", "ad", 10), ("2026-10-01", "A", "S", "ad", 20)))
    put(store, "2.csv", meta(("2026-10-01", "A", "S", "ad", 11), ("2026-10-01", "A", "S", "ad", 22)))
    assert rows(store, "ads_daily", "spend") == [(11,), (22,)]


def test_an_order_is_what_its_last_import_says_with_its_lines(
    store: Store, put: Put, load: Load, rows: Rows, shopify: Export
) -> None:
    """Cash on delivery: pending until it was picked up."""
    put(store, "1.csv", shopify(("#1", "a@x.tw", "pending", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    load(store)
    assert rows(store, "orders", "order_id", "status") == [("#1", "pending"), ("#2", "valid")]
    put(store, "2.csv", shopify(("#1", "a@x.tw", "paid", "2026-10-01", 90, "茶（小）"), ("#3", "c@x.tw", "paid", "2026-10-03", 70, "杯")))  # fmt: skip
    assert rows(store, "orders", "order_id", "status", "total") == [("#1", "valid", 90), ("#2", "valid", 50), ("#3", "valid", 70)]  # fmt: skip
    assert rows(store, "order_lines", "order_id", "product_name") == [("#1", "茶（小）"), ("#2", "茶"), ("#3", "杯")]


def test_web_analytics_are_settled_by_day_and_channel(store: Store, put: Put, rows: Rows, ga4: Export) -> None:
    put(store, "1.csv", ga4(("20261001", "google / cpc", 10), ("20261001", "(direct) / (none)", 4)))
    put(store, "2.csv", ga4(("20261001", "google / cpc", 12), ("20261002", "google / cpc", 7)))
    assert rows(store, "sessions", "date_day", "source_medium", "sessions") == [
        ("2026-10-01", "(direct) / (none)", 4), ("2026-10-01", "google / cpc", 12), ("2026-10-02", "google / cpc", 7),
    ]  # fmt: skip
    assert store.restated("acme")[["column", "before", "after"]].to_numpy().tolist() == [
        ["sessions", 10 + 4, 12],
        ["purchases", 1 + 1, 1],
    ]


def test_a_video_is_what_its_last_export_says(store: Store, put: Put, load: Load, rows: Rows, table: Export) -> None:
    header = "Content,Video title,Video publish time,Views"
    put(store, "1.csv", table(header, [("Total", "", "", 30), ("abc", "開箱", "Oct 1, 2026", 10), ("def", "教學", "Oct 2, 2026", 20)]))  # fmt: skip
    load(store)
    put(store, "2.csv", table(header, [("Total", "", "", 25), ("abc", "開箱！", "Oct 1, 2026", 25)]))
    assert rows(store, "content", "post_id", "title", "views") == [("abc", "開箱！", 25), ("def", "教學", 20)]


def test_a_line_of_the_books_is_counted_once_by_its_invoice_or_else_by_all_it_says(
    store: Store, put: Put, rows: Rows, table: Export
) -> None:
    header = "日期,廠商,摘要,發票號碼,金額(含稅)"
    first = [("115/10/01", "甲公司", "代操服務費", "AB-12345678", 31500), ("115/10/05", "乙社", "貼文製作", "", 8400)]
    put(store, "1.csv", table(header, first))
    put(store, "2.csv", table(header, [*first, ("115/10/09", "乙社", "貼文製作", "", 8400)]))
    assert rows(store, "invoices_fees", "doc_date", "amount") == [
        ("2026-10-01", 31500), ("2026-10-05", 8400), ("2026-10-09", 8400),
    ]  # fmt: skip


TILL = "name: till\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日, total: 合計, product_name: 品名, line_total: 小計}\nconstants: {currency: TWD}\n"


def test_a_till_that_begins_at_1_every_morning_loses_no_lines(store: Store, put: Put, rows: Rows) -> None:
    """Two files that share 2 October: number 1 of the first and of the third are two orders, with lines of their own."""
    (store.workspace.root / "clients/acme/till.mapping.yaml").write_text(TILL, encoding="utf-8")
    put(
        store,
        "1.csv",
        "單號,日,合計,品名,小計\n1,2026-10-01,100,茶,60\n1,2026-10-01,100,杯,40\n2,2026-10-02,50,茶,50\n",
    )
    put(store, "2.csv", "單號,日,合計,品名,小計\n2,2026-10-02,45,茶,45\n1,2026-10-03,70,壺,70\n")
    assert rows(store, "orders", "order_id", "ordered_at", "total") == [
        ("1", "2026-10-01", 100), ("1", "2026-10-03", 70), ("2", "2026-10-02", 45),
    ]  # fmt: skip
    assert rows(store, "order_lines", "order_id", "product_name", "line_total") == [
        ("1", "壺", 70), ("1", "杯", 40), ("1", "茶", 60), ("2", "茶", 45),
    ]  # fmt: skip
