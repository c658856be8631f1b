"""Re-sent history: both imports are kept, the newest counts, and the difference is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store

Export = Callable[..., str]
Put = Callable[..., Path]
Load = Callable[..., dict[str, LoadReport]]
Rows = Callable[..., list[tuple[object, ...]]]
State = Callable[..., object]


def test_corrected_books_are_counted_once(store: Store, put: Put, load: Load, rows: Rows, table: Export) -> None:
    header = "日期,廠商,摘要,發票號碼,金額(含稅)"
    put(
        store,
        "books.csv",
        table(
            header,
            [("2026-10-05", "甲", "代操服務費", "AB-12345678", 31000), ("2026-10-06", "甲", "貼文製作", "", 30000)],
        ),
    )
    load(store)
    put(
        store,
        "books corrected.csv",
        table(
            header,
            [("2026-10-08", "甲", "代操服務費", "AB-12345678", 31000), ("2026-10-06", "甲", "貼文製作", "", 28000)],
        ),
    )
    assert rows(store, "invoices_fees", "doc_date", "amount") == [("2026-10-06", 28000), ("2026-10-08", 31000)]
    changed = store.restated("acme")
    assert changed.loc[changed["column"] == "amount", "difference"].sum() == 28000 - 30000


def test_equal_payments_without_an_invoice_are_two_payments(store: Store, put: Put, rows: Rows, table: Export) -> None:
    header = "日期,廠商,摘要,發票號碼,金額(含稅)"
    put(
        store,
        "books.csv",
        table(
            header,
            [
                ("2026-10-06", "乙", "業配", "", 3000),
                ("2026-10-06", "乙", "業配", "", 3000),
                ("2026-10-07", "乙", "代操", "AB-1", 9),
                ("2026-10-07", "乙", "代操", "AB-1", 9),
            ],
        ),
    )
    assert rows(store, "invoices_fees", "amount") == [(9,), (3000,), (3000,)]


def test_media_money_that_comes_back_is_media_money(store: Store, put: Put, rows: Rows, table: Export) -> None:
    notes = (("代操月費", 25000), ("廣告費退款", -8000), ("廣告費素材製作", 9000), ("業配退款", -500))
    put(
        store,
        "books.csv",
        table("日期,廠商,摘要,發票號碼,金額(含稅)", [("2026-10-06", "甲", note, "", amount) for note, amount in notes]),
    )
    assert rows(store, "invoices_fees", "kind", "amount") == [
        ("media_passthrough", -8000),
        ("production", 9000),
        ("refund", -500),
        ("retainer", 25000),
    ]


def test_a_column_of_zero_purchases_does_not_swallow_leads(store: Store, put: Put, rows: Rows, table: Export) -> None:
    header = "Day,Campaign name,Amount spent (TWD),Impressions,Purchases,Leads"
    put(
        store,
        "meta.csv",
        table(
            header,
            [
                ("2026-10-01", "名單", 100, 1000, 0, 7),
                ("2026-10-01", "商店", 100, 1000, 2, 0),
                ("2026-10-02", "名單", 9, 10, 0, 0),
            ],
        ),
    )
    assert rows(store, "ads_daily", "campaign_name", "conversions", "counts") == [
        ("名單", 0, "purchase"),
        ("名單", 7, "lead"),
        ("商店", 2, "purchase"),
    ]


def test_a_resent_period_is_kept_beside_the_old_one_and_the_difference_is_told(
    store: Store, put: Put, load: Load, rows: Rows, google: Export
) -> None:
    put(store, "october.csv", google(("2026-10-01", "A", 10, 100), ("2026-10-02", "A", 20, 200), ("2026-10-02", "B", 5, 50)))  # fmt: skip
    load(store)
    put(store, "october again.csv", google(("2026-10-01", "A", 10, 100), ("2026-10-02", "A", 18, 180), ("2026-10-02", "C", 1, 7)))  # fmt: skip
    assert rows(store, "ads_daily", "date_day", "campaign_name", "spend") == [
        ("2026-10-01", "A", 100), ("2026-10-02", "A", 180), ("2026-10-02", "B", 50), ("2026-10-02", "C", 7),
    ]  # fmt: skip
    told = store.restated("acme").to_dict("records")
    assert [(one["column"], one["before"], one["after"], one["difference"], one["rows"]) for one in told] == [
        ("spend", 100 + 200 + 50, 100 + 180 + 7, (180 - 200) + (0 - 50) + (7 - 0), 3),
        ("clicks", 10 + 20 + 5, 10 + 18 + 1, (18 - 20) + (0 - 5) + (1 - 0), 3),
    ]
    assert {(one["table"], one["source"], str(one["month"])[:10], one["file_before"], one["file_after"]) for one in told} == {
        ("ads_daily", "google_ads", "2026-10-01", "october.csv", "october again.csv")
    }  # fmt: skip


def test_only_days_that_both_imports_cover_are_compared_and_months_are_told_apart(
    store: Store, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "a.csv", google(("2026-09-29", "A", 1, 9), ("2026-09-30", "A", 1, 30), ("2026-10-01", "A", 1, 10)))
    put(store, "b.csv", google(("2026-09-30", "A", 1, 31), ("2026-10-01", "A", 1, 12), ("2026-10-02", "A", 1, 99)))
    told = store.restated("acme")
    assert [(str(month)[:7], before, after) for month, before, after in zip(told["month"], told["before"], told["after"], strict=True)] == [
        ("2026-09", 30, 31), ("2026-10", 10, 12),
    ]  # fmt: skip
    assert sum(spend for (spend,) in rows(store, "ads_daily", "spend")) == 9 + 31 + 12 + 99


def test_an_equal_import_and_one_of_other_days_restate_nothing(
    store: Store, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "again.csv", google(("2026-10-01", "A", 1, "10.00")))
    put(store, "b.csv", google(("2026-10-02", "A", 1, 20)))
    assert store.restated("acme").empty
    assert rows(store, "ads_daily", "spend") == [(10,), (20,)]


def test_money_that_was_cancelled_later_is_told(store: Store, put: Put, shopify: Export) -> None:
    put(store, "a.csv", shopify(("#1", "a@x.tw", "paid", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    put(store, "b.csv", shopify(("#1", "a@x.tw", "voided", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    told = store.restated("acme")
    assert told[["column", "before", "after", "difference", "rows"]].to_numpy().tolist() == [["cancelled", 0, 100, 100 - 0, 1]]  # fmt: skip


def test_files_read_together_come_in_the_order_of_the_days_they_cover_then_of_their_names(
    store: Store, put: Put, rows: Rows, google: Export
) -> None:
    put(store, "report (10).csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "report (2).csv", google(("2026-10-01", "A", 1, 2)))
    put(store, "a later one.csv", google(("2026-10-01", "B", 1, 50), ("2026-10-05", "B", 1, 5)))
    put(store, "z.csv", google(("2026-10-01", "B", 1, 4)))
    assert rows(store, "ads_daily", "campaign_name", "date_day", "spend") == [
        ("A", "2026-10-01", 10), ("B", "2026-10-01", 50), ("B", "2026-10-05", 5),
    ]  # fmt: skip


def test_who_is_read_anew_keeps_the_place_in_the_order_of_imports(
    store: Store, put: Put, load: Load, rows: Rows, google: Export
) -> None:
    put(store, "z.csv", google(("2026-10-01", "A", 1, 10)))
    load(store)
    put(store, "a.csv", google(("2026-10-01", "A", 1, 12)))
    assert rows(store, "ads_daily", "spend") == [(12,)]
    (store.workspace.root / "clients/acme/pos.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    assert rows(store, "ads_daily", "spend") == [(12,)]
    told = store.restated("acme")
    assert told[["column", "before", "after", "file_before", "file_after"]].to_numpy().tolist() == [["spend", 10, 12, "z.csv", "a.csv"]]  # fmt: skip


MAPPING = "name: pos\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日, total: 金額, customer_key: 會員}\nconstants: {currency: TWD}\n"


def test_a_mapping_that_comes_later_is_used_on_files_that_lie_there(
    store: Store, put: Put, load: Load, rows: Rows
) -> None:
    put(store, "pos.csv", "單號,日,金額,會員\n1,2026-10-01,100,A\n2,2026-10-02,50,B\n")
    (report,) = store.load("acme")
    assert report.error is not None
    (store.workspace.root / "clients/acme/pos.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    assert load(store)["pos.csv"].totals["revenue"] == 100 + 50
    assert rows(store, "orders", "order_id", "total", "source") == [("1", 100, "pos"), ("2", 50, "pos")]


def test_a_mappings_title_reads_nothing_again_and_its_columns_do(
    store: Store, no_reader: Callable[[], None], put: Put, load: Load, rows: Rows
) -> None:
    put(store, "pos.csv", "單號,日,金額,會員,稅前\n1,2026-10-01,105,A,100\n")
    mapping = store.workspace.root / "clients/acme/pos.mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    load(store)
    mapping.write_text(MAPPING.replace("金額", "稅前") + "title: {zh: 門市, en: Till}\n", encoding="utf-8")
    assert rows(store, "orders", "total") == [(100,)]
    no_reader()
    mapping.write_text(MAPPING.replace("金額", "稅前") + "title: {zh: 收銀機, en: Cash desk}\n", encoding="utf-8")
    assert rows(store, "orders", "total") == [(100,)]
    mapping.rename(mapping.with_name("desk.mapping.yaml"))
    assert rows(store, "orders", "total") == [(100,)]


def test_a_removed_file_leaves_the_dataset_and_stays_in_history(
    store: Store, no_reader: Callable[[], None], put: Put, load: Load, rows: Rows, bytes_of: State, google: Export
) -> None:
    put(store, "old.csv", google(("2026-10-01", "A", 1, 10)))
    new = put(store, "new.csv", google(("2026-10-01", "A", 1, 12)))
    load(store)
    kept, content = bytes_of(store), new.read_bytes()
    new.unlink()
    assert list(load(store)) == ["old.csv"]
    assert rows(store, "ads_daily", "spend") == [(10,)]
    assert bytes_of(store) == kept
    assert store.restated("acme")["file_after"].tolist() == ["old.csv"]  # old.csv sorts behind new.csv
    no_reader()
    new.write_bytes(content)
    assert sorted(load(store)) == ["new.csv", "old.csv"]
    (store.workspace.root / "clients/acme/data/old.csv").unlink()
    new.unlink()
    assert store.load("acme") == []
    assert dict(store.dataset("acme").relations) == {}
