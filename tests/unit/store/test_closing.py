"""A dataset holds memory and a folder of spilled rows until it is closed; whoever opens one closes it."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from kpi_toolkit.store import Store, relations
from kpi_toolkit.tables.dataset import Dataset

Export = Callable[..., str]
Put = Callable[..., object]


def is_closed(dataset: Dataset) -> bool:
    try:
        dataset.connection.execute("SELECT 1")
    except duckdb.ConnectionException:
        return True
    return False


def test_a_dataset_is_closed_at_the_end_of_its_with(store: Store, put: Put, google: Export) -> None:
    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    with store.dataset("acme") as dataset:
        assert dataset.frame("ads_daily")["spend"].tolist() == [10]
    assert is_closed(dataset)
    dataset.close()


def test_a_dataset_that_cannot_be_made_leaves_no_connection(
    store: Store, put: Put, google: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[duckdb.DuckDBPyConnection] = []

    def fail(_table: object, _snapshots: object, _client: object, connection: duckdb.DuckDBPyConnection) -> str:
        opened.append(connection)
        raise RuntimeError

    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    monkeypatch.setattr(relations, "relation", fail)
    with pytest.raises(RuntimeError):
        store.dataset("acme")
    with pytest.raises(duckdb.ConnectionException):
        opened[0].execute("SELECT 1")


def test_the_reports_page_lets_the_data_go_when_it_has_told_them(store: Store, put: Put, google: Export) -> None:
    from kpi_toolkit.report.page import open_monthly

    put(store, "a.csv", google(("2026-10-01", "A", 1, 10)))
    page = open_monthly(str(store.workspace.root), "acme", "2026-10", "en")
    assert not is_closed(page.context.dataset)
    told = page.told
    assert told and is_closed(page.context.dataset)
    assert page.told is told
