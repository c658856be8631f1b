"""Folders and names: whatever they are called, they are only names."""

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


def test_clients_without_files_have_no_tables(store: Store) -> None:
    assert store.load("acme") == []
    assert dict(store.dataset("acme").relations) == {}
    assert list(store.restated("acme").columns)[:3] == ["table", "source", "month"]
    (store.workspace.root / "clients/acme/data").rmdir()
    assert store.load("acme") == []


@pytest.mark.parametrize("name", ["it's \"q\"; DROP TABLE x.csv", "line\nbreak.csv", "全形　報表（１）📈.csv", "r[1]*?{a,b}.csv", "a/b/c/深 (2).csv", "no ending", "-rf.csv", "%s {x}.csv"])  # fmt: skip
def test_names_of_files_are_only_names(
    store: Store, name: str, put: Put, load: Load, rows: Rows, google: Export
) -> None:
    put(store, name, google(("2026-10-01", "A", 1, 10)))
    put(store, "other.csv", google(("2026-10-01", "A", 1, 12), ("2026-10-02", "A", 1, 3)))
    assert sorted(load(store)) == sorted([name, "other.csv"])
    assert [spend for (spend,) in rows(store, "ads_daily", "spend")] == [3, 12]
    told = store.restated("acme")
    assert (told["file_before"].tolist(), told["difference"].tolist()) == ([name], [12 - 10])


@pytest.mark.parametrize("folder", ["[2026] 報表", "it's", "a*b?", "{x}"])
def test_names_of_the_workspace_are_only_names(
    tmp_path: Path, folder: str, store_in: Callable[..., Store], put: Put, rows: Rows, google: Export
) -> None:
    (tmp_path / "2 報表").mkdir()
    for root, spend in ((tmp_path / "2", 99), (tmp_path / folder, 10)):
        store = store_in(root)
        put(store, "1.csv", google(("2026-10-01", "A", 1, spend)))
        put(store, "2.csv", google(("2026-10-01", "A", 1, spend + 1)))
        assert rows(store, "ads_daily", "spend") == [(spend + 1,)]
        assert store.restated("acme")["difference"].tolist() == [1]


def test_hidden_files_and_those_of_open_editors_are_no_exports(
    store: Store, put: Put, load: Load, google: Export
) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    for name in (".DS_Store", "~$a.xlsx", ".git/config", "README.md", "x.mapping.yaml"):
        put(store, name, "nothing")
    assert list(load(store)) == ["a.csv"]


def test_links_are_followed_to_files_and_those_that_are_not_are_told_of(
    store: Store, tmp_path: Path, google: Export
) -> None:
    target = tmp_path / "elsewhere.csv"
    target.write_text(google(("2026-10-01", "A", 1, 10)), encoding="utf-8")
    data = store.workspace.root / "clients/acme/data"
    data.joinpath("linked.csv").symlink_to(target)
    data.joinpath("gone.csv").symlink_to(tmp_path / "nothing.csv")
    data.joinpath("loop").symlink_to(data)
    data.joinpath("itself.csv").symlink_to(data / "itself.csv")
    for _ in range(2):
        told = {report.file: report.error.say("en") if report.error else "" for report in store.load("acme")}
        assert told["linked.csv"] == ""
        assert told["loop"].startswith("loop: a link to a folder, whose files are not read -> ")
        assert told["gone.csv"].startswith("gone.csv: a link to something that isn't there -> ")
        assert told["itself.csv"].startswith("itself.csv: a link to something that isn't there -> ")
        assert len(told) == 4 and str(tmp_path) not in str(told)
    with store.dataset("acme") as dataset:
        assert list(dataset.frame("ads_daily")["spend"]) == [10]
