"""The store: snapshots that never change, files read once, overlaps settled by key, history that is told."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import sha256
from kpi_toolkit.store import Store
from kpi_toolkit.store import store as store_module

CLIENT = "name: {zh: 甲公司, en: Acme}\ngoal: orders\n"
Row = Sequence[object]


def store_in(root: Path, *clients: str) -> Store:
    root.mkdir(parents=True, exist_ok=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    for client in clients or ("acme",):
        (root / "clients" / client / "data").mkdir(parents=True)
        (root / "clients" / client / "client.yaml").write_text(CLIENT, encoding="utf-8")
    return Store(open_workspace(root))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A workspace with the one client `acme`, who has no files yet."""
    return store_in(tmp_path / "ws")


def put(store: Store, name: str, content: str | bytes, client: str = "acme") -> Path:
    path = store.workspace.root / "clients" / client / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table(header: str, rows: Sequence[Row], above: str = "") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    return above + out.getvalue()


def google(*rows: Row, more: str = "") -> str:
    """Google Ads by day: day, campaign, clicks, cost, then the columns named in `more`."""
    above = "Campaign report\nOctober 1, 2026 - October 31, 2026\n"
    return table(f"Day,Campaign,Clicks,Cost{',' + more if more else ''},Currency code", [[*row, "TWD"] for row in rows], above)  # fmt: skip


def meta(*rows: Row) -> str:
    """Meta by day and ad: day, campaign, ad set, ad, spend."""
    return table("Day,Campaign name,Ad set name,Ad name,Amount spent (TWD),Impressions", [[*row, 100] for row in rows])


def shopify(*rows: Row) -> str:
    """Shopify: order, e-mail, financial status, day, total, item."""
    header = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price"
    return table(header, [(order, mail, status, "TWD", total, f"{day} 12:00:00 +0800", 1, item, total) for order, mail, status, day, total, item in rows])  # fmt: skip


def ga4(*rows: Row) -> str:
    """GA4 by day: yyyymmdd, source / medium, sessions."""
    return table("Date,Session source / medium,Sessions,Ecommerce purchases", [[*row, 1] for row in rows], "# Free form 1\n# Property: shop\n")  # fmt: skip


def state(store: Store, client: str = "acme") -> Path:
    return store.workspace.state_dir / "clients" / client


def bytes_of(store: Store, pattern: str = "*") -> dict[str, tuple[bytes, int, int]]:
    """Every snapshot's file: its bytes, its time of change and its place on disk."""
    found = [path for path in state(store).glob(pattern) if path.name not in {"lock", "files.json"}]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in found}


def load(store: Store, client: str = "acme") -> dict[str, LoadReport]:
    """The reports by file, all of them read."""
    reports = {report.file: report for report in store.load(client)}
    assert [report.error.say("en") for report in reports.values() if report.error] == []
    return reports


def rows(store: Store, name: str, *columns: str, client: str = "acme") -> list[tuple[object, ...]]:
    """The dataset's rows, as sorted tuples; dates as ISO days."""
    load(store, client)
    frame = store.dataset(client).frame(name)[list(columns)]
    plain = {
        column: frame[column].dt.strftime("%Y-%m-%d") for column in frame if "datetime" in str(frame[column].dtype)
    }
    return sorted(frame.assign(**plain).fillna("").itertuples(index=False, name=None))  # fmt: skip


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once called, whoever reads a file fails the test."""

    def never(*_: object, **__: object) -> None:
        pytest.fail("a file was read again")

    return lambda: monkeypatch.setattr(store_module, "read", never)


# --- snapshots ------------------------------------------------------------------------------------------------------


def test_a_snapshot_is_named_by_the_raw_files_hash_and_keeps_its_report(store: Store) -> None:
    path = put(store, "a.csv", google(("2026-10-01", "A", 1, 10), ("2026-10-02", "A", 2, 20)))
    report = load(store)["a.csv"]
    parquet, record = sorted(state(store).glob("*.parquet")), sorted(state(store).glob("*-*.json"))
    assert [one.name.split("-")[0] for one in (*parquet, *record)] == [sha256(path)] * 2
    assert (report.sha256, report.totals["spend"], report.rows_kept) == (sha256(path), 10 + 20, 2)
    assert load(store)["a.csv"].as_json("zh-TW") == report.as_json("zh-TW")


def test_snapshots_never_change_whatever_is_imported_later(store: Store) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "orders.csv", shopify(("#1", "a@example.com", "paid", "2026-10-01", 100, "茶")))
    load(store)
    first = bytes_of(store)
    load(store)
    assert bytes_of(store) == first
    put(store, "b.csv", google(("2026-10-01", "A", 1, 15)))
    put(store, "copy of orders.csv", shopify(("#1", "a@example.com", "paid", "2026-10-01", 100, "茶")))
    load(store)
    assert {name: one for name, one in bytes_of(store).items() if name in first} == first
    assert len(bytes_of(store)) == len(first) + 2


def test_an_unchanged_file_is_not_read_again(store: Store, no_reader: Callable[[], None]) -> None:
    put(store, "十月/a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "broken.csv", "nothing,that\nanyone,knows\n")
    before = [report.as_json("en") for report in store.load("acme")]
    no_reader()
    again = Store(open_workspace(store.workspace.root))
    assert [report.as_json("en") for report in again.load("acme")] == before
    assert again.dataset("acme").frame("ads_daily")["spend"].tolist() == [10]


def test_content_that_was_read_is_not_read_again_under_another_name(store: Store, no_reader: Callable[[], None]) -> None:  # fmt: skip
    path = put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    bad = put(store, "bad.csv", "nothing,that\nanyone,knows\n")
    store.load("acme")
    no_reader()
    os.utime(path, (1, 1))
    assert load_names(store) == ["a.csv", "bad.csv"]
    path.rename(path.with_name("moved.csv"))
    bad.rename(bad.with_name("bad too.csv"))
    moved = {report.file: report for report in store.load("acme")}
    assert sorted(moved) == ["bad too.csv", "moved.csv"]
    assert moved["moved.csv"].totals["spend"] == 10
    told = moved["bad too.csv"].error
    assert told is not None
    assert [told.say(lang).split(":")[0] for lang in ("zh-TW", "en")] == ["bad too.csv", "bad too.csv"]


def load_names(store: Store) -> list[str]:
    return sorted(report.file for report in store.load("acme"))


def test_two_equal_files_are_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []
    real = store_module.read
    monkeypatch.setattr(store_module, "read", lambda path, *given, **more: calls.append(path) or real(path, *given, **more))  # fmt: skip
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "b.csv", google(("2026-10-01", "A", 1, 10)))
    reports = load(store)
    assert [path.name for path in calls] == ["a.csv"]
    assert reports["a.csv"].warnings == ()
    assert [text.say("en") for text in reports["b.csv"].warnings] == ["the same content as a.csv: counted once"]
    assert ["a.csv" in text.say("zh-TW") for text in reports["b.csv"].warnings] == [True]
    assert rows(store, "ads_daily", "spend") == [(10,)]
    assert store.restated("acme").empty


def test_a_changed_file_is_read_again_and_its_old_snapshot_stays(store: Store) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    load(store)
    old = bytes_of(store)
    put(store, "a.csv", google(("2026-10-01", "A", 1, 12)))
    assert load(store)["a.csv"].totals["spend"] == 12
    assert rows(store, "ads_daily", "spend") == [(12,)]
    assert {name: one for name, one in bytes_of(store).items() if name in old} == old


def test_a_changed_time_zone_reads_again(store: Store) -> None:
    put(store, "orders.csv", shopify(("#1", "a@example.com", "paid", "2026-10-01", 100, "茶")))
    assert rows(store, "orders", "ordered_at") == [("2026-10-01",)]
    (store.workspace.root / "clients/acme/client.yaml").write_text(CLIENT + "timezone: Pacific/Honolulu\n", encoding="utf-8")  # fmt: skip
    assert rows(store, "orders", "ordered_at") == [("2026-09-30",)]


def test_progress_is_told_of_new_files_only(store: Store) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "b.csv", google(("2026-10-02", "A", 1, 10)))
    told: list[tuple[int, int, str]] = []
    store.load("acme", progress=lambda *step: told.append(step))
    assert told == [(0, 2, "a.csv"), (1, 2, "b.csv"), (2, 2, "")]
    told.clear()
    put(store, "c.csv", google(("2026-10-03", "A", 1, 10)))
    store.load("acme", progress=lambda *step: told.append(step))
    assert told == [(0, 1, "c.csv"), (1, 1, "")]
    told.clear()
    store.load("acme", progress=lambda *step: told.append(step))
    assert told == []


# --- history --------------------------------------------------------------------------------------------------------


def test_a_renamed_campaign_is_not_counted_twice(store: Store) -> None:
    """Google exports the present name for old days too: B is called C now, its figures were restated a little."""
    put(store, "october.csv", google(("2026-10-01", "A", 10, 100), ("2026-10-01", "B", 5, 50)))
    load(store)
    put(store, "october again.csv", google(("2026-10-01", "A", 10, 100), ("2026-10-01", "C", 5, 51)))
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 100), ("C", 51)]


def test_corrected_books_are_counted_once(store: Store) -> None:
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


def test_equal_payments_without_an_invoice_are_two_payments(store: Store) -> None:
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


def test_media_money_that_comes_back_is_media_money(store: Store) -> None:
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


def test_a_column_of_zero_purchases_does_not_swallow_leads(store: Store) -> None:
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


def test_a_resent_period_is_kept_beside_the_old_one_and_the_difference_is_told(store: Store) -> None:
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


def test_only_days_that_both_imports_cover_are_compared_and_months_are_told_apart(store: Store) -> None:
    put(store, "a.csv", google(("2026-09-29", "A", 1, 9), ("2026-09-30", "A", 1, 30), ("2026-10-01", "A", 1, 10)))
    put(store, "b.csv", google(("2026-09-30", "A", 1, 31), ("2026-10-01", "A", 1, 12), ("2026-10-02", "A", 1, 99)))
    told = store.restated("acme")
    assert [(str(month)[:7], before, after) for month, before, after in zip(told["month"], told["before"], told["after"], strict=True)] == [
        ("2026-09", 30, 31), ("2026-10", 10, 12),
    ]  # fmt: skip
    assert sum(spend for (spend,) in rows(store, "ads_daily", "spend")) == 9 + 31 + 12 + 99


def test_an_equal_import_and_one_of_other_days_restate_nothing(store: Store) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "again.csv", google(("2026-10-01", "A", 1, "10.00")))
    put(store, "b.csv", google(("2026-10-02", "A", 1, 20)))
    assert store.restated("acme").empty
    assert rows(store, "ads_daily", "spend") == [(10,), (20,)]


def test_money_that_was_cancelled_later_is_told(store: Store) -> None:
    put(store, "a.csv", shopify(("#1", "a@x.tw", "paid", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    put(store, "b.csv", shopify(("#1", "a@x.tw", "voided", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    told = store.restated("acme")
    assert told[["column", "before", "after", "difference", "rows"]].to_numpy().tolist() == [["cancelled", 0, 100, 100 - 0, 1]]  # fmt: skip


def test_files_read_together_come_in_the_order_of_the_days_they_cover_then_of_their_names(store: Store) -> None:
    put(store, "report (10).csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "report (2).csv", google(("2026-10-01", "A", 1, 2)))
    put(store, "a later one.csv", google(("2026-10-01", "B", 1, 50), ("2026-10-05", "B", 1, 5)))
    put(store, "z.csv", google(("2026-10-01", "B", 1, 4)))
    assert rows(store, "ads_daily", "campaign_name", "date_day", "spend") == [
        ("A", "2026-10-01", 10), ("B", "2026-10-01", 50), ("B", "2026-10-05", 5),
    ]  # fmt: skip


def test_who_is_read_anew_keeps_the_place_in_the_order_of_imports(store: Store) -> None:
    put(store, "z.csv", google(("2026-10-01", "A", 1, 10)))
    load(store)
    put(store, "a.csv", google(("2026-10-01", "A", 1, 12)))
    assert rows(store, "ads_daily", "spend") == [(12,)]
    (store.workspace.root / "clients/acme/pos.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    assert rows(store, "ads_daily", "spend") == [(12,)]
    told = store.restated("acme")
    assert told[["column", "before", "after", "file_before", "file_after"]].to_numpy().tolist() == [["spend", 10, 12, "z.csv", "a.csv"]]  # fmt: skip


MAPPING = "name: pos\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日, total: 金額, customer_key: 會員}\nconstants: {currency: TWD}\n"


def test_a_mapping_that_comes_later_is_used_on_files_that_lie_there(store: Store) -> None:
    put(store, "pos.csv", "單號,日,金額,會員\n1,2026-10-01,100,A\n2,2026-10-02,50,B\n")
    (report,) = store.load("acme")
    assert report.error is not None
    (store.workspace.root / "clients/acme/pos.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    assert load(store)["pos.csv"].totals["revenue"] == 100 + 50
    assert rows(store, "orders", "order_id", "total", "source") == [("1", 100, "pos"), ("2", 50, "pos")]


def test_a_removed_file_leaves_the_dataset_and_stays_in_history(store: Store, no_reader: Callable[[], None]) -> None:
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


# --- overlaps are settled by key ------------------------------------------------------------------------------------


def test_a_campaign_is_known_by_its_id_where_all_files_have_it(store: Store) -> None:
    put(store, "1.csv", google(("2026-10-01", "Old name", 1, 10, "111"), ("2026-10-01", "Same", 1, 5, "222"), more="Campaign ID"))  # fmt: skip
    put(store, "2.csv", google(("2026-10-01", "New name", 1, 11, "111"), ("2026-10-01", "Same", 1, 6, "333"), more="Campaign ID"))  # fmt: skip
    assert rows(store, "ads_daily", "campaign_name", "campaign_id", "spend") == [
        ("New name", "111", 11), ("Same", "222", 5), ("Same", "333", 6),
    ]  # fmt: skip


def test_a_campaign_is_known_by_its_name_where_a_file_has_no_ids(store: Store) -> None:
    put(store, "1.csv", google(("2026-10-01", "A", 1, 10, "111"), more="Campaign ID"))
    put(store, "2.csv", google(("2026-10-01", "A", 1, 11), ("2026-10-01", "B", 1, 3)))
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 11), ("B", 3)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=str)
def test_ids_that_excel_destroyed_are_no_key(store: Store, order: tuple[int, int]) -> None:
    whole, spoilt = (f"{number}.csv" for number in order)
    put(store, whole, google(("2026-10-01", "A", 1, 10, "120234567890123456"), ("2026-10-01", "B", 1, 20, "120234567890123457"), more="Campaign ID"))  # fmt: skip
    put(store, spoilt, google(("2026-10-01", "A", 1, 10, "1.20235E+17"), ("2026-10-01", "B", 1, 20, "1.20235E+17"), more="Campaign ID"))  # fmt: skip
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 10), ("B", 20)]


@pytest.mark.parametrize("column", ["Customer ID", "Account"])
def test_two_accounts_with_campaigns_of_one_name_stay_apart(store: Store, column: str) -> None:
    put(store, "1.csv", google(("2026-10-01", "Brand", 1, 10, "111-111-1111"), more=column))
    put(store, "2.csv", google(("2026-10-01", "Brand", 1, 20, "222-222-2222"), more=column))
    assert rows(store, "ads_daily", "spend") == [(10,), (20,)]


def test_each_export_is_settled_by_its_own_dimensions(store: Store) -> None:
    """Google's files know campaigns, Meta's know ads: an ad that wasn't sent again isn't lost."""
    put(store, "g1.csv", google(("2026-10-01", "A", 1, 1)))
    put(store, "g2.csv", google(("2026-10-01", "A", 1, 2)))
    put(store, "m1.csv", meta(("2026-10-01", "A", "S", "ad 1", 10), ("2026-10-01", "A", "S", "ad 2", 20)))
    put(store, "m2.csv", meta(("2026-10-01", "A", "S", "ad 1", 11)))
    assert rows(store, "ads_daily", "source", "ad_name", "spend") == [
        ("google_ads", "", 2), ("meta_ads", "ad 1", 11), ("meta_ads", "ad 2", 20),
    ]  # fmt: skip


def test_rows_of_one_file_with_one_key_are_parts_of_one_figure(store: Store) -> None:
    put(store, "1.csv", meta(("2026-10-01", "A", "S", "ad", 10), ("2026-10-01", "A", "S", "ad", 20)))
    put(store, "2.csv", meta(("2026-10-01", "A", "S", "ad", 11), ("2026-10-01", "A", "S", "ad", 22)))
    assert rows(store, "ads_daily", "spend") == [(11,), (22,)]


def test_an_order_is_what_its_last_import_says_with_its_lines(store: Store) -> None:
    """Cash on delivery: pending until it was picked up."""
    put(store, "1.csv", shopify(("#1", "a@x.tw", "pending", "2026-10-01", 100, "茶"), ("#2", "b@x.tw", "paid", "2026-10-02", 50, "茶")))  # fmt: skip
    load(store)
    assert rows(store, "orders", "order_id", "status") == [("#1", "pending"), ("#2", "valid")]
    put(store, "2.csv", shopify(("#1", "a@x.tw", "paid", "2026-10-01", 90, "茶（小）"), ("#3", "c@x.tw", "paid", "2026-10-03", 70, "杯")))  # fmt: skip
    assert rows(store, "orders", "order_id", "status", "total") == [("#1", "valid", 90), ("#2", "valid", 50), ("#3", "valid", 70)]  # fmt: skip
    assert rows(store, "order_lines", "order_id", "product_name") == [("#1", "茶（小）"), ("#2", "茶"), ("#3", "杯")]


def test_web_analytics_are_settled_by_day_and_channel(store: Store) -> None:
    put(store, "1.csv", ga4(("20261001", "google / cpc", 10), ("20261001", "(direct) / (none)", 4)))
    put(store, "2.csv", ga4(("20261001", "google / cpc", 12), ("20261002", "google / cpc", 7)))
    assert rows(store, "sessions", "date_day", "source_medium", "sessions") == [
        ("2026-10-01", "(direct) / (none)", 4), ("2026-10-01", "google / cpc", 12), ("2026-10-02", "google / cpc", 7),
    ]  # fmt: skip
    assert store.restated("acme")[["column", "before", "after"]].to_numpy().tolist() == [
        ["sessions", 10 + 4, 12],
        ["purchases", 1 + 1, 1],
    ]


def test_a_video_is_what_its_last_export_says(store: Store) -> None:
    header = "Content,Video title,Video publish time,Views"
    put(store, "1.csv", table(header, [("Total", "", "", 30), ("abc", "開箱", "Oct 1, 2026", 10), ("def", "教學", "Oct 2, 2026", 20)]))  # fmt: skip
    load(store)
    put(store, "2.csv", table(header, [("Total", "", "", 25), ("abc", "開箱！", "Oct 1, 2026", 25)]))
    assert rows(store, "content", "post_id", "title", "views") == [("abc", "開箱！", 25), ("def", "教學", 20)]


def test_a_line_of_the_books_is_counted_once_by_its_invoice_or_else_by_all_it_says(store: Store) -> None:
    header = "日期,廠商,摘要,發票號碼,金額(含稅)"
    first = [("115/10/01", "甲公司", "代操服務費", "AB-12345678", 31500), ("115/10/05", "乙社", "貼文製作", "", 8400)]
    put(store, "1.csv", table(header, first))
    put(store, "2.csv", table(header, [*first, ("115/10/09", "乙社", "貼文製作", "", 8400)]))
    assert rows(store, "invoices_fees", "doc_date", "amount") == [
        ("2026-10-01", 31500), ("2026-10-05", 8400), ("2026-10-09", 8400),
    ]  # fmt: skip


# --- folders and names ----------------------------------------------------------------------------------------------


def test_clients_without_files_have_no_tables(store: Store) -> None:
    assert store.load("acme") == []
    assert dict(store.dataset("acme").relations) == {}
    assert list(store.restated("acme").columns)[:3] == ["table", "source", "month"]
    (store.workspace.root / "clients/acme/data").rmdir()
    assert store.load("acme") == []


@pytest.mark.parametrize("name", ["it's \"q\"; DROP TABLE x.csv", "line\nbreak.csv", "全形　報表（１）📈.csv", "r[1]*?{a,b}.csv", "a/b/c/深 (2).csv", "no ending", "-rf.csv", "%s {x}.csv"])  # fmt: skip
def test_names_of_files_are_only_names(store: Store, name: str) -> None:
    put(store, name, google(("2026-10-01", "A", 1, 10)))
    put(store, "other.csv", google(("2026-10-01", "A", 1, 12), ("2026-10-02", "A", 1, 3)))
    assert sorted(load(store)) == sorted([name, "other.csv"])
    assert [spend for (spend,) in rows(store, "ads_daily", "spend")] == [3, 12]
    told = store.restated("acme")
    assert (told["file_before"].tolist(), told["difference"].tolist()) == ([name], [12 - 10])


@pytest.mark.parametrize("folder", ["[2026] 報表", "it's", "a*b?", "{x}"])
def test_names_of_the_workspace_are_only_names(tmp_path: Path, folder: str) -> None:
    (tmp_path / "2 報表").mkdir()
    for root, spend in ((tmp_path / "2", 99), (tmp_path / folder, 10)):
        store = store_in(root)
        put(store, "1.csv", google(("2026-10-01", "A", 1, spend)))
        put(store, "2.csv", google(("2026-10-01", "A", 1, spend + 1)))
        assert rows(store, "ads_daily", "spend") == [(spend + 1,)]
        assert store.restated("acme")["difference"].tolist() == [1]


def test_hidden_files_and_those_of_open_editors_are_no_exports(store: Store) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    for name in (".DS_Store", "~$a.xlsx", ".git/config", "README.md", "x.mapping.yaml"):
        put(store, name, "nothing")
    assert list(load(store)) == ["a.csv"]


def test_links_are_followed_to_files_and_lead_nowhere_else(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.csv"
    target.write_text(google(("2026-10-01", "A", 1, 10)), encoding="utf-8")
    data = store.workspace.root / "clients/acme/data"
    data.joinpath("linked.csv").symlink_to(target)
    data.joinpath("gone.csv").symlink_to(tmp_path / "nothing.csv")
    data.joinpath("loop").symlink_to(data)
    data.joinpath("itself.csv").symlink_to(data / "itself.csv")
    assert list(load(store)) == ["linked.csv"]
    assert rows(store, "ads_daily", "spend") == [(10,)]
