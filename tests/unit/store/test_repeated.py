"""The same day of the same campaign several times in one file: added, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store, repeated

Export = Callable[..., str]
Put = Callable[..., object]
Load = Callable[..., dict[str, LoadReport]]
Rows = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def said(store: Store, put: Put, load: Load) -> Callable[[str], list[str]]:
    """What is said of a file."""

    def ask(content: str) -> list[str]:
        put(store, "a.csv", content)
        return [text.say("en") for text in load(store)["a.csv"].warnings]

    return ask


def test_two_figures_of_one_campaign_and_day_are_added_and_said(said: Callable[[str], list[str]], google: Export, store: Store, rows: Rows) -> None:  # fmt: skip
    day = "2026-10-01"
    (told,) = said(google((day, "A", 1, 10), (day, "A", 2, 20), (day, "B", 1, 5), ("2026-10-02", "A", 1, 7)))
    assert told.startswith("1 item stands on one day in several rows")
    assert rows(store, "ads_daily", "campaign_name", "spend") == [("A", 7), ("A", 10), ("A", 20), ("B", 5)]
    assert [text.say("zh-TW")[:5] for text in Store(store.workspace).load("acme")[0].warnings] == ["有 1 組"], "kept"


def test_a_file_split_by_what_is_not_kept_is_no_error(said: Callable[[str], list[str]], table: Export, store: Store, rows: Rows) -> None:  # fmt: skip
    """Split by the keywords' match type: adding is right."""
    hours = [("2026-10-01", hour, "A", 1, 10 + hour, "TWD") for hour in range(24)]
    (told,) = said(table("Day,Match type,Campaign,Clicks,Cost,Currency code", hours, "Campaign report\nOctober 1, 2026 - October 1, 2026\n"))  # fmt: skip
    assert told.startswith("1 item stands on one day")
    assert sum(float(str(cost)) for (cost,) in rows(store, "ads_daily", "spend")) == sum(
        10 + hour for hour in range(24)
    )


def test_days_campaigns_and_devices_are_items_of_their_own(said: Callable[[str], list[str]], google: Export) -> None:
    day = "2026-10-01"
    assert said(google((day, "A", 1, 10, "Mobile"), (day, "A", 2, 20, "Desktop"), (day, "B", 1, 5, "Mobile"), more="Device")) == []  # fmt: skip


def test_kinds_of_result_are_told_apart(said: Callable[[str], list[str]], table: Export) -> None:
    results: Sequence[Sequence[object]] = [
        ("2026-10-01", "A", 10, 100, 1, kind) for kind in ("actions:lead", "link_click")
    ]
    assert [one for one in said(table("Day,Campaign name,Amount spent (TWD),Impressions,Results,Result indicator", results)) if "one day" in one] == []  # fmt: skip


def test_large_files_are_not_looked_through(said: Callable[[str], list[str]], google: Export, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(repeated, "_ROWS", 1)
    assert said(google(("2026-10-01", "A", 1, 10), ("2026-10-01", "A", 2, 20))) == []
