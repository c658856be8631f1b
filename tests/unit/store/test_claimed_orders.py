"""Orders that vendors claim: whose each one is, and what a newer list takes the place of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store

Export = Callable[..., str]
Put = Callable[..., Path]
Load = Callable[..., dict[str, LoadReport]]
Rows = Callable[..., list[tuple[object, ...]]]

HEAD = "訂單編號,成交日期,訂單金額,分潤"
VENDORS = """
vendors:
  - {id: beichen, name: {zh: 北辰數位, en: Beichen Digital}, billed_as: [北辰*公司], campaigns: [{source: meta_ads, campaign: 北辰_*}]}
  - {id: mom, name: {zh: 麵包媽媽, en: Bread Mom}}
"""


def agreed(store: Store) -> None:
    path = store.workspace.root / "clients/acme/client.yaml"
    path.write_text(path.read_text(encoding="utf-8") + VENDORS, encoding="utf-8")


def test_whose_a_claimed_order_is(store: Store, put: Put, rows: Rows, table: Export) -> None:
    agreed(store)
    lists = f"{HEAD},廠商,平台,活動"
    put(store, "1.csv", table(lists, [("1", "2026-10-01", 100, 10, "北辰行銷股份有限公司", "FB", "x"), ("2", "2026-10-02", 100, 10, "某人", "FB", "北辰_秋"), ("3", "2026-10-03", 100, 10, "某人", "blog", "y")]))  # fmt: skip
    put(store, "2.csv", table(HEAD, [("1", "2026-10-01", 100, 10)], "2026年10月 麵包媽媽 分潤明細\n"))
    # One order may be claimed by two: both claims stay.
    assert rows(store, "claimed_orders", "order_id", "vendor", "channel") == [
        ("1", "beichen", "meta_ads"), ("1", "mom", ""), ("2", "beichen", "meta_ads"), ("3", "", "blog"),
    ]  # fmt: skip


def test_a_newer_list_of_a_vendor_takes_the_place_of_its_older_one(store: Store, put: Put, load: Load, rows: Rows, table: Export) -> None:  # fmt: skip
    first, second = "麵包媽媽 2026年10月上旬分潤明細\n", "麵包媽媽 2026年10月分潤明細（更新版）\n"
    put(store, "1.csv", table(HEAD, [("1", "2026-10-01", 100, 10), ("2", "2026-10-02", 100, 10)], first))
    load(store)
    put(store, "2.csv", table(HEAD, [("2", "2026-10-02", 100, 15), ("3", "2026-10-03", 100, 10)], second))
    load(store)
    put(store, "3.csv", table(HEAD, [("2", "2026-10-02", 100, 20)], "KOL：別人\n"))
    assert rows(store, "claimed_orders", "order_id", "vendor_name", "commission") == [
        ("1", "麵包媽媽", 10), ("2", "別人", 20), ("2", "麵包媽媽", 15), ("3", "麵包媽媽", 10),
    ]  # fmt: skip


def test_an_order_that_one_list_claims_twice_is_claimed_twice(store: Store, put: Put, load: Load, rows: Rows, table: Export) -> None:  # fmt: skip
    twice = [("1", "2026-10-01", 100, 10)] * 2
    put(store, "1.csv", table(HEAD, twice, "KOL：某人\n"))
    load(store)
    put(store, "2.csv", table(HEAD, [*twice, ("2", "2026-10-02", 100, 10)], "KOL：某人\n"))
    assert rows(store, "claimed_orders", "order_id", "commission") == [("1", 10), ("1", 10), ("2", 10)]
