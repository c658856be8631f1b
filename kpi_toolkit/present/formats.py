"""Numbers as people read them: by Babel for the language, with NT$ and 萬 as Taiwan writes them."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

from kpi_toolkit.i18n import BABEL, Lang

Kind = Literal["text", "money", "count", "share", "times", "hours", "seconds", "change", "points", "date"]

MINUS = "\u2212"
NOTHING = "–"
_TIED = "\u00a0"  # no line ends between a figure and its unit
SYMBOLS = {"TWD": "NT$", "USD": "US$", "HKD": "HK$", "SGD": "S$", "JPY": "JP¥", "CNY": "CN¥", "EUR": "€", "GBP": "£"}
_WHOLE = frozenset({"TWD", "JPY", "KRW", "VND"})
_UNITS: dict[str, dict[Lang, str]] = {
    "times": {"zh-TW": f"{{}}{_TIED}倍", "en": "{}×"},
    "hours": {"zh-TW": f"{{}}{_TIED}小時", "en": f"{{}}{_TIED}h"},
    "seconds": {"zh-TW": f"{{}}{_TIED}秒", "en": f"{{}}{_TIED}s"},
}

_POINTS: dict[Lang, str] = {"zh-TW": f"{{}}{_TIED}點", "en": f"{{}}{_TIED}pt"}


def kind_of(unit: str) -> Kind:
    """The kind of number that a metric's unit asks for."""
    kinds: dict[str, Kind] = {
        "money": "money",
        "count": "count",
        "ratio": "share",
        "times": "times",
        "hours": "hours",
        "seconds": "seconds",
    }
    return kinds[unit]


def number(value: float | None, kind: Kind, lang: Lang, *, currency: str = "TWD", compact: bool = False) -> str:
    """`value` for a reader: `–` when there is none. `compact` rounds to what one remembers: NT$128.6 萬, NT$1.29M."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if kind == "money":
        return money(value, currency, lang, compact=compact)
    if kind == "share":
        return percent(value, lang)
    if kind == "change":
        return change(value, lang)
    if kind == "points":
        return _POINTS[lang].format(points(value, lang))
    if kind in _UNITS:
        return _UNITS[kind][lang].format(_decimal(value, lang, 2 if kind == "times" else 1))
    return count(value, lang, compact=compact)


def money(value: float, currency: str, lang: Lang, *, compact: bool = False) -> str:
    """An amount with its currency's sign, the minus before it: −NT$1,200."""
    places = (1 if abs(value) < 100 and value % 1 else 0) if currency in _WHOLE else 2
    amount = _compact(abs(value), lang) if compact and abs(value) >= 10_000 else _decimal(abs(value), lang, places)
    return f"{MINUS if value < 0 else ''}{SYMBOLS.get(currency, currency + ' ')}{amount}"


def count(value: float, lang: Lang, *, compact: bool = False) -> str:
    """A count: whole, or with one decimal where the platform credits fractions and the count is small."""
    if compact and abs(value) >= 10_000:
        amount = _compact(abs(value), lang)
    else:
        amount = _decimal(abs(value), lang, 1 if round(value, 1) % 1 and abs(value) < 100 else 0)
    return f"{MINUS if value < 0 else ''}{amount}"


def percent(value: float, lang: Lang) -> str:
    """A share, 0 to 1, in per cent: one decimal, two below 1 %, none from 100 % on."""
    points = abs(value) * 100
    places = 2 if 0 < points < 1 else 0 if points >= 100 else 1
    return f"{MINUS if value < 0 else ''}{_decimal(points, lang, places)}%"


def change(value: float, lang: Lang) -> str:
    """A change as a ratio minus 1, with its sign: +12.3%, −4%. Past tenfold, no exact figure is worth reading."""
    if value > 9:
        return "> +900%"
    points = abs(value) * 100
    amount = _decimal(points, lang, 0 if points >= 20 else 1)
    return "±0%" if amount in ("0", "0.0") else f"{'+' if value > 0 else MINUS}{amount}%"


def points(value: float, lang: Lang, *, signed: bool = True) -> str:
    """A difference of two shares in percentage points: −0.4; two decimals below a fifth of a point, none from 20 on."""
    size = abs(value) * 100
    amount = _decimal(size, lang, 2 if 0 < size < 0.195 else 0 if size >= 20 else 1)
    if not amount.strip("0."):
        return "±0" if signed else "0"
    return f"{('+' if value > 0 else MINUS) if signed else ''}{amount}"


def day(value: date, lang: Lang, *, brief: bool = False) -> str:
    """A date in full: 2026年10月3日, Oct 3, 2026; `brief` for a cell: 2026/10/3."""
    from babel.dates import format_date

    form = "medium" if lang == "en" else "y/M/d" if brief else "long"
    return format_date(value, format=form, locale=BABEL[lang])


def _decimal(value: float, lang: Lang, places: int) -> str:
    from babel.numbers import format_decimal

    return format_decimal(
        round(value, places), format=f"#,##0.{'0' * places}" if places else "#,##0", locale=BABEL[lang]
    )


def _compact(value: float, lang: Lang) -> str:
    if lang == "zh-TW":
        unit, word = (1e8, "億") if value >= 1e8 else (1e4, "萬")
        amount = _decimal(value / unit, lang, 2 if unit == 1e8 else 1 if value < 1e7 else 0)
        return f"{amount.removesuffix('.0')}{_TIED}{word}"
    from babel.numbers import format_compact_decimal

    places = 2 if 1e6 <= value < 1e7 else 1
    return format_compact_decimal(value, format_type="short", locale=BABEL[lang], fraction_digits=places)
