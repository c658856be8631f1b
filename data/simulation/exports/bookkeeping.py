"""A Taiwanese bookkeeper's list of marketing costs: title rows, ROC dates, subtotals by month, signature line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from .delimited import Cell, Row, cp950
from .sheet import xlsx

HEADER = ["日期", "廠商", "摘要", "發票號碼", "金額(含稅)", "備註"]


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """One line of the books; ``amount`` is TWD with tax, negative for money that came back."""

    day: date
    vendor: str
    what: str
    number: str = ""
    amount: int
    note: str = ""


def with_tax(net: float) -> int:
    """An amount with Taiwan's 5 % business tax, in whole TWD."""
    return int(net * 1.05 + 0.5)


def number(day: date, serial: int) -> str:
    """A uniform-invoice number; its two letters change every other month, as the Ministry of Finance issues them."""
    tracks = ("VA", "VC", "VE", "WA", "WC", "WE", "WG")  # invented
    return f"{tracks[((day.year - 2025) * 12 + day.month - 9) // 2]}-{serial:08d}"


def ledger(company: str, period: str, invoices: Sequence[Invoice]) -> bytes:
    """The cp950 CSV, dates and amounts spelled in the several ways a year of hand-typing leaves behind."""
    rows = [[_roc(i.day, n), i.vendor, i.what, i.number, _typed(i.amount, n), i.note] for n, i in enumerate(invoices)]
    title: list[Row] = [[f"{company}　行銷費用明細"], [period, "", "", "", "單位：新臺幣元"], [], HEADER]
    return cp950([*title, *_with_subtotals(invoices, rows, written=True), ["製表：會計　覆核："]])


def book(company: str, period: str, invoices: Sequence[Invoice]) -> bytes:
    """The XLSX: amounts are numbers, dates are ROC text."""
    rows: list[Row] = [[_roc(i.day, 0), i.vendor, i.what, i.number, i.amount, i.note] for i in invoices]
    title: list[Row] = [[f"{company}　廣告行銷費用"], [period], ["", "", "", "", "單位：新臺幣元"], HEADER]
    return xlsx("行銷費用", [*title, *_with_subtotals(invoices, rows, written=False), ["製表：會計　　主管："]])


def _with_subtotals(invoices: Sequence[Invoice], rows: Sequence[Row], *, written: bool) -> list[Row]:
    out: list[Row] = []
    pairs = zip(invoices, rows, strict=True)
    for _, group in groupby(pairs, key=lambda pair: (pair[0].day.year, pair[0].day.month)):
        month = list(group)
        out += [row for _, row in month]
        out.append(["小計", "", "", "", _sum([invoice for invoice, _ in month], written), ""])
    return [*out, ["合計", "", "", "", _sum(invoices, written), ""]]


def _sum(invoices: Sequence[Invoice], written: bool) -> Cell:
    total = sum(invoice.amount for invoice in invoices)
    return f"{total:,}" if written else total


def _roc(day: date, style: int) -> str:
    year = day.year - 1911
    styles = [
        f"{year}/{day.month:02d}/{day.day:02d}",
        f"{year}/{day.month:02d}/{day.day:02d}",
        f"{year}.{day.month}.{day.day}",
        f"{year}/{day.month:02d}/{day.day:02d}",
        f"{year}{day.month:02d}{day.day:02d}",
        f"{year}/{day.month:02d}/{day.day:02d}",
        f"中華民國{year}年{day.month}月{day.day}日",
    ]
    return styles[style % len(styles)]


def _typed(amount: int, style: int) -> str:
    if amount < 0:
        return f"({-amount})"
    wide = f"{amount:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,"})
    return [f"{amount:,}", f"NT${amount:,}", f"{amount:,}", f"{amount:,}元", f"{amount:,}", wide][style % 6]
