"""S31: invoices that ask for more than was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pandas as pd

from benchmarks.integrity.books import TAX
from benchmarks.integrity.chance import Rng
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.plan import Agency
from benchmarks.integrity.world import World

_MARKUP, _FEE, _RATE = by_strength(1.05, 1.1, 1.2), by_strength(1.1, 1.25, 1.6), by_strength(1.15, 1.35, 1.8)
_EXTRA = by_strength(0.03, 0.08, 0.2)
_NOTES = ("平台使用費", "急件處理費", "系統維護費", "行政作業費", "數據分析服務費", "廣告優化加值服務")


def _lines(
    world: World, kind: str, able: Callable[[Agency], bool] = lambda one: True
) -> tuple[str, pd.DataFrame] | None:
    """A vendor's lines of that kind which are dated in the examined month; of the vendor with the largest."""
    books = world.frames.get("invoices_fees")
    if books is None:
        return None
    start, end = pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end)
    vendors = [one.id for one in world.plan.agencies if able(one)]
    now = books[
        books["doc_date"].between(start, end)
        & books["vendor"].isin(vendors)
        & (books["kind"] == kind if kind else True)
    ]
    if not len(now):
        return None
    vendor = now.loc[now["amount"].idxmax(), "vendor"]
    return str(vendor), now[now["vendor"] == vendor]


def _more(world: World, vendor: str, rows: pd.DataFrame, factor: float, now: pd.DataFrame) -> Manipulated:
    """These lines times the factor; `now` are those of the examined month."""
    books = world.frames["invoices_fees"].copy()
    books.loc[rows.index, "amount"] = (books.loc[rows.index, "amount"] * factor).round()
    surplus = float((now["amount"] * (factor - 1)).sum())
    return Manipulated(world=world.with_tables(invoices_fees=books), vendors=frozenset([vendor]), amounts=(surplus, surplus / (1 + TAX), surplus * (1 + TAX)))  # fmt: skip


def _markup(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    """Every month's media are invoiced at this multiple of what the platforms took."""
    found = _lines(world, "media_passthrough")
    if found is None:
        return None
    vendor, now = found
    books = world.frames["invoices_fees"]
    every = books[(books["vendor"] == vendor) & (books["kind"] == "media_passthrough")]
    return _more(world, vendor, every, _MARKUP[strength], now)


def _fee(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    found = _lines(world, "retainer")
    return None if found is None else _more(world, found[0], found[1], _FEE[strength], found[1])


def _rate(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    found = _lines(world, "commission")
    return None if found is None else _more(world, found[0], found[1], _RATE[strength], found[1])


def _uncovered(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A line that no clause names, of this part of the month's invoices."""
    found = _lines(world, "")
    if found is None:
        return None
    vendor, now = found
    amount = float(max(round(now["amount"].sum() * _EXTRA[strength], -2), 500))
    line = now.iloc[[0]].assign(kind="other", note=str(rng.choice(_NOTES)), amount=amount)
    books = pd.concat([world.frames["invoices_fees"], line], ignore_index=True).astype({"tax_included": "boolean"})
    amounts = (amount, amount / (1 + TAX), amount * (1 + TAX))
    return Manipulated(world=world.with_tables(invoices_fees=books), vendors=frozenset([vendor]), amounts=amounts)


def _twice(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """An invoice is booked again: under its number; in the weak case under a new one, some days later."""
    found = _lines(world, "")
    if found is None:
        return None
    vendor, now = found
    line = now.loc[[now["amount"].idxmax()]]
    day = min(line["doc_date"].iloc[0] + timedelta(int(rng.integers(0, 12))), pd.Timestamp(world.plan.period.end))
    number = line["doc_no"].iloc[0] if strength != "weak" else f"ZZ{int(rng.integers(10**7, 10**8))}"
    copies = [line.assign(doc_date=day, doc_no=number)] * (2 if strength == "strong" else 1)
    books = pd.concat([world.frames["invoices_fees"], *copies], ignore_index=True).astype({"tax_included": "boolean"})
    amount = float(line["amount"].iloc[0]) * len(copies)
    return Manipulated(
        world=world.with_tables(invoices_fees=books), vendors=frozenset([vendor]), amounts=(amount, amount / (1 + TAX))
    )


def _tax(world: World, strength: Strength, _rng: Rng) -> Manipulated | None:
    """Tax comes on top of amounts that hold it already: on one fee, on all fees, on the media as well."""
    with_tax = {one.id for one in world.plan.agencies if one.tax == "included"}
    found = _lines(world, "", lambda one: one.id in with_tax)
    if found is None:
        return None
    vendor, now = found
    fees = now[now["kind"].isin(["retainer", "commission"])]
    if not len(fees):
        return None
    rows = fees.iloc[[0]] if strength == "weak" else fees if strength == "medium" else now[now["kind"] != "production"]
    return _more(world, vendor, rows, 1 + TAX, rows)


_BOOKS, _BOOKS_WANTED = frozenset({"invoices_fees"}), frozenset({"books", "history"})
MANIPULATIONS = (
    Manipulation(id="media_marked_up", title="media above what the platforms took", system="S31", detectors=("media_markup",), wants=frozenset({"books", "media", "history"}), tables=_BOOKS, apply=_markup),
    Manipulation(id="retainer_above", title="a fee above the contract's", system="S31", detectors=("fee_above_contract",), wants=frozenset({"books", "history"}), tables=_BOOKS, apply=_fee),
    Manipulation(id="commission_above", title="a commission above the contract's", system="S31", detectors=("fee_above_contract",), wants=frozenset({"books", "history"}), tables=_BOOKS, apply=_rate),
    Manipulation(id="nobody_agreed", title="a line that no clause covers", system="S31", detectors=("uncovered_item",), wants=_BOOKS_WANTED, tables=_BOOKS, apply=_uncovered),
    Manipulation(id="invoiced_twice", title="an invoice booked twice", system="S31", detectors=("duplicate_invoice",), wants=_BOOKS_WANTED, tables=_BOOKS, apply=_twice),
    Manipulation(id="tax_twice", title="tax on top of tax", system="S31", detectors=("tax_charged_twice", "fee_above_contract", "media_markup"), wants=frozenset({"books", "history"}), tables=_BOOKS, apply=_tax),
)  # fmt: skip
