"""A campaign that got another name is counted once where figures prove it; real spend is never taken for a renaming."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from kpi_toolkit.store import Store

Export = Callable[..., str]
Put = Callable[..., object]
Rows = Callable[..., list[tuple[object, ...]]]
Day = tuple[str, str, int, float]


def days(name: str, *figures: tuple[int, float], first: int = 1) -> list[Day]:
    """A campaign's clicks and cost, day after day."""
    return [(f"2026-10-{first + n:02}", name, clicks, cost) for n, (clicks, cost) in enumerate(figures)]


OLD = days("B", (50, 500), (47, 471), (52, 533), (40, 390))


@pytest.fixture
def spent(store: Store, put: Put, google: Export, rows: Rows) -> Callable[..., dict[str, float]]:
    """The spend of each campaign after these files were imported one after the other."""

    def ask(*files: Sequence[Day]) -> dict[str, float]:
        for number, file in enumerate(files, start=1):
            put(store, f"{number}.csv", google(*file))
            store.load("acme")
        found: dict[str, float] = {}
        for name, cost in rows(store, "ads_daily", "campaign_name", "spend"):
            found[str(name)] = found.get(str(name), 0) + float(str(cost))
        return found

    return ask


@pytest.fixture
def notes(store: Store) -> Callable[[], dict[str, list[str]]]:
    """What the tables say of their files."""

    def ask() -> dict[str, list[str]]:
        with store.dataset("acme") as dataset:
            return {file: [text.say("en") for text in said] for file, said in dataset.notes.items()}

    return ask


def test_a_campaign_under_a_new_name_is_counted_once(spent: Callable[..., dict[str, float]], notes: Callable[[], object]) -> None:  # fmt: skip
    """The platform gives the present name for old days too; only the last day was restated a little."""
    a = days("A", (9, 90), (9, 91), (9, 92), (9, 93))
    again = days("C", (50, 500), (47, 471), (52, 533), (41, 399))
    assert spent([*a, *OLD], [*a, *again]) == {"A": 90 + 91 + 92 + 93, "C": 500 + 471 + 533 + 399}
    assert notes() == {}


def test_days_that_only_the_old_name_has_stay(spent: Callable[..., dict[str, float]]) -> None:
    found = spent([*days("B", (8, 80), first=1), *days("B", (50, 500), (47, 471), (52, 533), first=2)],
                  [*days("C", (50, 500), (47, 471), (52, 533), first=2), *days("C", (7, 70), first=5)])  # fmt: skip
    assert found == {"B": 80, "C": 500 + 471 + 533 + 70}


def test_a_name_that_changed_twice_is_counted_once(spent: Callable[..., dict[str, float]]) -> None:
    third = [(day, "D", clicks, cost) for day, _, clicks, cost in OLD]
    assert spent(OLD, [(day, "C", clicks, cost) for day, _, clicks, cost in OLD], third) == {"D": 500 + 471 + 533 + 390}


# Real spend that a renaming must never be seen in.


def test_some_campaigns_of_a_day_sent_again_replace_only_themselves(spent: Callable[..., dict[str, float]], notes: Callable[[], object]) -> None:  # fmt: skip
    first = [*days("A", (10, 100), (10, 100), (10, 100)), *days("B", (5, 50), (5, 50), (5, 50))]
    assert spent(first, days("A", (10, 101), (10, 102), (10, 103))) == {"A": 101 + 102 + 103, "B": 3 * 50}
    assert notes() == {}


def test_two_choices_of_one_accounts_campaigns_are_both_real(spent: Callable[..., dict[str, float]]) -> None:
    """Both files hold A; one was filtered for B, the other for C, which spends about as much."""
    a = days("A", (10, 100), (10, 100), (10, 100))
    found = spent([*a, *days("B", (50, 50), (51, 52), (49, 50))], [*a, *days("C", (60, 51), (44, 51), (58, 50))])
    assert found == {"A": 300, "B": 50 + 52 + 50, "C": 51 + 51 + 50}


def test_a_campaign_that_takes_over_anothers_budget_is_another(spent: Callable[..., dict[str, float]], notes: Callable[..., dict[str, list[str]]]) -> None:  # fmt: skip
    """B was paused, C began with the same daily budget, and the later file leaves paused campaigns out."""
    found = spent(days("B", (50, 500), (47, 500), (52, 500)), days("C", (31, 500), (40, 500), (38, 500)))
    assert found == {"B": 1500, "C": 1500}
    (said,) = notes()["2.csv"]
    assert "on 3 days campaigns of 1.csv are missing here" in said and "1,500" in said and "both are counted" in said


def test_two_accounts_that_do_not_say_which_they_are_lose_nothing(spent: Callable[..., dict[str, float]]) -> None:
    """Equal daily budgets, spent to the last dollar; on one day even as many clicks."""
    one = days("Taipei", (50, 1000), (47, 1000), (52, 1000), (60, 1000))
    two = days("Tainan", (41, 1000), (47, 1000), (66, 1000), (33, 1000))
    assert spent(one, two) == {"Taipei": 4000, "Tainan": 4000}


def test_small_numbers_prove_nothing(spent: Callable[..., dict[str, float]]) -> None:
    """One click at a fixed bid of 10, day after day, is as likely another campaign's."""
    assert spent(days("X", *[(1, 10)] * 5), days("Y", *[(1, 10)] * 5)) == {"X": 50, "Y": 50}


def test_names_that_one_file_tells_side_by_side_are_two_campaigns(spent: Callable[..., dict[str, float]]) -> None:
    twins = [(day, "C", clicks, cost) for day, _, clicks, cost in OLD]
    assert spent([*OLD, *twins[:1]], twins) == {"B": 500 + 471 + 533 + 390, "C": 500 + 471 + 533 + 390}


def test_the_report_tells_what_may_be_counted_twice(spent: Callable[..., dict[str, float]], store: Store) -> None:
    from kpi_toolkit.report.page import open_monthly

    spent(days("B", (50, 500), (47, 500), (52, 500)), days("C", (31, 500), (40, 500), (38, 500)))
    page = open_monthly(str(store.workspace.root), "acme", "2026-10", "zh-TW")
    (told,) = [text.say("zh-TW") for report in page.context.reports for text in report.warnings]
    assert "「1.csv」裡的廣告活動在這個檔案不見了" in told
