"""Header cells: one key for the many spellings, and the row they stand in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

# The currencies that ad accounts and shops in these exports are kept in.
CURRENCIES = frozenset(
    [
        "TWD",
        "USD",
        "HKD",
        "CNY",
        "JPY",
        "EUR",
        "GBP",
        "SGD",
        "MYR",
        "THB",
        "VND",
        "KRW",
        "AUD",
        "CAD",
        "IDR",
        "PHP",
        "INR",
        "NZD",
        "CHF",
        "MOP",
    ]
)
SEARCHED_ROWS = 30
_SPACES = re.compile(r"\s+")
_MONTHS = re.compile(r"(?:^|年|款|用|帳|計)月份?$|^(?:year[- ]?)?month$")
_CURRENCY = re.compile(r"\(\s*([A-Za-z]{3})\s*\)\s*$")


def key(cell: str) -> str:
    """The spelling that headers are compared by: width, case, spaces, byte-order mark and currency set aside.

    Other brackets stay: `CTR（全部）` and `CTR（連結點閱率）` are different columns.
    """
    plain, _ = split_currency(cell)
    return plain.lower()


def split_currency(cell: str) -> tuple[str, str | None]:
    """A header cell without the currency in its brackets, and that currency: `花費金額 (TWD)` -> (`花費金額`, `TWD`)."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFKC", cell).replace("\ufeff", "")).strip()
    found = _CURRENCY.search(plain)
    if found and found[1].upper() in CURRENCIES:
        return plain[: found.start()].strip(), found[1].upper()
    return plain, None


def named(cells: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """What header cells name: each one's key and currency. Tables whose headers name the same can be read as one."""
    return tuple((key(cell), split_currency(cell)[1]) for cell in cells)


def names_months(cell: str) -> bool:
    """Whether the cells under this header are months: `月份`, `年月`, `Month`."""
    return _MONTHS.search(key(cell)) is not None


def find_row(rows: Sequence[Sequence[str]], known: Collection[str]) -> int | None:
    """The index of the first row, among the first ones, with at least two known header keys; None when there is none."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        if sum(key(cell) in known for cell in set(row) if cell.strip()) >= 2:
            return index
    return None


def widest_row(rows: Sequence[Sequence[str]]) -> int:
    """The index of the row that looks most like a header where none is known: the first of the fullest rows."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:SEARCHED_ROWS]]
    return filled.index(max(filled)) if filled else 0
