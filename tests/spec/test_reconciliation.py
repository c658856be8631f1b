"""Two ledgers side by side: each cause on figures made for it, with the expected parts written as sums."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_toolkit.analysis.reconciliation import CAUSES, Circumstances, Entry, Reconciled, reconciled

FOUND = {"Brand": Decimal("12000"), "Search": Decimal("43000"), "Retargeting": Decimal("5000.5"), "Video": Decimal(800)}
TAX = Circumstances(tax_rate=Decimal("0.05"))


def entries(amounts: Mapping[str, object], step: object = 0) -> list[Entry]:
    return [Entry(item=item, amount=Decimal(str(amount)), step=Decimal(str(step))) for item, amount in amounts.items()]


def times(factor: str, found: Mapping[str, Decimal] = FOUND) -> dict[str, Decimal]:
    return {item: amount * Decimal(factor) for item, amount in found.items()}


def parts(result: Reconciled) -> dict[str, float]:
    return {cause: float(amount) for cause, amount in result.parts.items()}


def test_ledgers_that_agree_have_no_parts() -> None:
    result = reconciled(entries(FOUND), FOUND, TAX)
    assert (result.whole, parts(result), result.unexplained) == (0, {}, 0)


WHOLE = 12000 + 43000 + 5000.5 + 800


@pytest.mark.parametrize(
    ("stated", "known", "expected"),
    [
        (times("1.05"), TAX, {"tax": WHOLE * 0.05}),
        (times("1.1"), Circumstances(agreed_markup=Decimal("0.1")), {"agreed_markup": WHOLE * 0.1}),
        (times("1.155"), Circumstances(agreed_markup=Decimal("0.1"), tax_rate=Decimal("0.05")), {"agreed_markup": WHOLE * 0.1, "tax": WHOLE * 1.1 * 0.05}),
        (times("1.08"), TAX, {"markup": WHOLE * 0.08}),
        # One multiplier that may hold a tax or not: nobody can tell, so it is called one.
        (times("1.134"), TAX, {"markup": WHOLE * 0.134}),
        (times("0.033696"), Circumstances(rates=[Decimal("0.0312")]), {"currency": -WHOLE * (1 - 0.0312), "markup": WHOLE * 0.0312 * 0.08}),
        (times("0.0312"), Circumstances(rates=[Decimal("0.0312")]), {"currency": -WHOLE * (1 - 0.0312)}),
        # Less than a third of the difference is the tax: nothing is called a tax that isn't one.
        (times("1.03"), TAX, {"markup": WHOLE * 0.03}),
        (times("0.97"), TAX, {"unexplained": -WHOLE * 0.03}),
    ],
)  # fmt: skip
def test_a_multiplier_of_all_items(
    stated: dict[str, Decimal], known: Circumstances, expected: dict[str, float]
) -> None:
    result = reconciled(entries(stated), FOUND, known)
    assert {cause: round(amount, 2) for cause, amount in parts(result).items() if abs(amount) > 0.01} == {
        cause: pytest.approx(amount, abs=0.011) for cause, amount in expected.items()
    }


def test_of_two_items_no_multiplier_is_read_off() -> None:
    two = {item: FOUND[item] for item in ("Brand", "Search")}
    result = reconciled(entries(times("1.08", two)), two, TAX)
    assert parts(result) == {"unexplained": pytest.approx((12000 + 43000) * 0.08)}


def test_one_inflated_campaign_does_not_hide_the_tax_on_all() -> None:
    found = FOUND | {"App": Decimal(2000), "Local": Decimal(3000)}
    stated = times("1.05", found) | {"Search": Decimal(43000) * Decimal("1.05") + 9000}
    result = reconciled(entries(stated), found, TAX)
    assert parts(result) == {"tax": pytest.approx((WHOLE + 2000 + 3000) * 0.05), "unexplained": 9000}
    (search,) = (one for one in result.items if one.item == "Search")
    assert (search.unexplained, search.parts["tax"]) == (9000, 43000 * Decimal("0.05"))


def test_rounded_figures_are_rounding_up_to_half_a_step() -> None:
    result = reconciled(
        entries({"Brand": 12000, "Search": 43000, "Retargeting": 5000, "Video": 1000}, step=1000), FOUND
    )
    assert parts(result) == {"rounding": pytest.approx(-0.5 + 200)}
    more = reconciled(entries({"Brand": 14000}, step=1000), {"Brand": Decimal(12000)})
    assert parts(more) == {"unexplained": 2000}


def test_left_out_and_doubled_items() -> None:
    stated = [*entries({"Brand": 12000, "Search": 43000, "Video": 800}), *entries({"Brand": 12000})]
    result = reconciled(stated, FOUND, TAX)
    assert parts(result) == {"duplication": 12000, "omission": -5000.5}
    assert result.whole == 12000 - Decimal("5000.5")


def test_parts_of_an_item_are_added_and_not_taken_for_copies() -> None:
    stated = [*entries({"Brand": 7000}), *entries({"Brand": 5000})]
    assert parts(reconciled(stated, {"Brand": Decimal(12000)})) == {}


def test_what_only_the_first_ledger_has_may_be_among_the_removed() -> None:
    stated = entries(FOUND | {"Old 1": Decimal(300), "Old 2": Decimal(400)})
    result = reconciled(stated, FOUND, Circumstances(beyond=Decimal(500)))
    assert parts(result) == {"grain": 500, "unexplained": 300 + 400 - 500}


@pytest.mark.parametrize("cause", ["time_zone", "lag", "window", "view_through"])
def test_another_state_of_the_books(cause: str) -> None:
    other = {"Brand": Decimal(110), "Search": Decimal(240), "Video": Decimal(12)}
    now = {"Brand": Decimal(100), "Search": Decimal(260), "Video": Decimal(10)}
    worse = {item: amount * 2 for item, amount in now.items()}
    known = Circumstances(versions={cause: [worse, other]})  # type: ignore[dict-item]
    result = reconciled(entries({"Brand": 110, "Search": 241, "Video": 12}), now, known)
    assert parts(result) == {cause: 10 - 20 + 2, "unexplained": 1}


def test_versions_are_of_known_causes() -> None:
    with pytest.raises(ValueError, match="no versions of"):
        Circumstances(versions={"rounding": []})


amounts = st.decimals(min_value=0, max_value=10**9, places=2)
books = st.dictionaries(st.sampled_from("ABCDEFGH"), amounts, max_size=8)


@given(
    stated=st.lists(st.tuples(st.sampled_from("ABCDEFGHI"), amounts, st.sampled_from([0, 1, 1000])), max_size=12),
    found=books,
    lag=books,
    beyond=amounts,
    order=st.randoms(),
)
def test_parts_add_up_to_the_last_digit_in_any_order(
    stated: list[tuple[str, Decimal, int]], found: dict[str, Decimal], lag: dict[str, Decimal], beyond: Decimal, order: object
) -> None:  # fmt: skip
    known = Circumstances(
        tax_rate=Decimal("0.05"),
        agreed_markup=Decimal("0.1"),
        rates=[Decimal("31.2")],
        versions={"lag": [lag]},
        beyond=beyond,
    )
    given_entries = [Entry(item=item, amount=amount, step=Decimal(step)) for item, amount, step in stated]
    result = reconciled(given_entries, found, known)
    assert result.stated == sum(entry.amount for entry in given_entries)
    assert result.found == sum(found.values())
    assert sum(result.parts.values()) == result.whole
    assert all(sum(one.parts.values()) == one.whole for one in result.items)
    assert list(result.parts) == [cause for cause in CAUSES if cause in result.parts]
    order.shuffle(given_entries)  # type: ignore[attr-defined]
    assert reconciled(given_entries, dict(reversed(found.items())), known) == result
