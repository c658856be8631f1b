"""Snapshots that never change, and files that are read once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import sha256
from kpi_toolkit.store import Store
from kpi_toolkit.store import store as store_module

Export = Callable[..., str]
Put = Callable[..., Path]
Load = Callable[..., dict[str, LoadReport]]
Rows = Callable[..., list[tuple[object, ...]]]
State = Callable[..., object]
CLIENT = "name: {zh: 甲公司, en: Acme}\ngoal: orders\n"


def test_a_snapshot_is_named_by_the_raw_files_hash_and_keeps_its_report(
    store: Store, put: Put, load: Load, state: State, google: Export
) -> None:
    path = put(store, "a.csv", google(("2026-10-01", "A", 1, 10), ("2026-10-02", "A", 2, 20)))
    report = load(store)["a.csv"]
    parquet, record = sorted(state(store).glob("*.parquet")), sorted(state(store).glob("*-*.json"))
    assert [one.name.split("-")[0] for one in (*parquet, *record)] == [sha256(path)] * 2
    assert (report.sha256, report.totals["spend"], report.rows_kept) == (sha256(path), 10 + 20, 2)
    assert load(store)["a.csv"].as_json("zh-TW") == report.as_json("zh-TW")


def test_snapshots_never_change_whatever_is_imported_later(
    store: Store, put: Put, load: Load, bytes_of: State, google: Export, shopify: Export
) -> None:
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


def test_an_unchanged_file_is_not_read_again(
    store: Store, no_reader: Callable[[], None], put: Put, google: Export
) -> None:
    put(store, "十月/a.csv", google(("2026-10-01", "A", 1, 10)))
    put(store, "broken.csv", "nothing,that\nanyone,knows\n")
    before = [report.as_json("en") for report in store.load("acme")]
    no_reader()
    again = Store(open_workspace(store.workspace.root))
    assert [report.as_json("en") for report in again.load("acme")] == before
    assert again.dataset("acme").frame("ads_daily")["spend"].tolist() == [10]


def test_content_that_was_read_is_not_read_again_under_another_name(store: Store, no_reader: Callable[[], None], put: Put, google: Export) -> None:  # fmt: skip
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


def test_two_equal_files_are_read_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, put: Put, load: Load, rows: Rows, google: Export
) -> None:
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


def test_a_changed_file_is_read_again_and_its_old_snapshot_stays(
    store: Store, put: Put, load: Load, rows: Rows, bytes_of: State, google: Export
) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    load(store)
    old = bytes_of(store)
    put(store, "a.csv", google(("2026-10-01", "A", 1, 12)))
    assert load(store)["a.csv"].totals["spend"] == 12
    assert rows(store, "ads_daily", "spend") == [(12,)]
    assert {name: one for name, one in bytes_of(store).items() if name in old} == old


def test_a_changed_time_zone_reads_again(store: Store, put: Put, rows: Rows, shopify: Export) -> None:
    put(store, "orders.csv", shopify(("#1", "a@example.com", "paid", "2026-10-01", 100, "茶")))
    assert rows(store, "orders", "ordered_at") == [("2026-10-01",)]
    (store.workspace.root / "clients/acme/client.yaml").write_text(CLIENT + "timezone: Pacific/Honolulu\n", encoding="utf-8")  # fmt: skip
    assert rows(store, "orders", "ordered_at") == [("2026-09-30",)]


def test_progress_is_told_of_new_files_only(store: Store, put: Put, google: Export) -> None:
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
