"""Which source a table is: told by its header and the lines above it, wherever the file lies and whatever its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import header
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.source import Source

# The words of books of sales: where it was sold, for how much, what was taken off, what was left.
_PLACES = frozenset("通路 銷售通路 平台 銷售平台 店別 門市".split())
_SALES = frozenset("商品金額 銷售金額 銷售額 營業額 原價收入 實收 實收金額 實收款 淨收入 入帳金額".split())
_TAKEN_OFF = frozenset(
    "折扣 折讓 折價券 退款 退貨金額 成本 進貨成本 平台抽成 成交手續費 金流費 刷卡手續費 物流費 運費 包材".split()
)
_SALES_BOOK = Text(
    zh="這看起來是銷貨帳（每日或每月、各通路賣了多少），不是訂單明細，也不是費用帳",
    en="this looks like a sales book (what was sold each day or month, by channel), neither orders nor costs",
)
_MAP_SALES = Text(
    zh="最好改匯出訂單明細；沒有的話寫一份對照檔（templates/mapping.yaml）：table: orders，order_id 和 ordered_at 都填「日期」那一欄，"
    "line_total 填「實收」或「商品金額」那一欄（訂單數會變成天數，不能採用）",
    en="better export the orders; otherwise write a mapping file (templates/mapping.yaml): table: orders, with order_id and ordered_at "
    "both from the column of days and line_total from the money received (the number of orders is then that of days: don't use it)",
)
_ORDER_NUMBERS = frozenset(["訂單編號", "訂單號碼", "訂單序號", "order id", "order number", "order no.", "order #"])
_ORDERS = Text(
    zh="這看起來是訂單明細，但不是認得的格式",
    en="this looks like a list of orders, but not in a format that is known",
)
_MAP_ORDERS = Text(
    zh="商店自己的訂單：請從後台匯出原始格式，或寫一份對照檔（templates/mapping.yaml，table: orders）；廠商認列的訂單：請加上「分潤」或「合作夥伴」欄（templates/claimed_orders.zh-TW.csv）",
    en="the shop's own orders: export the shop's own format, or write a mapping file (templates/mapping.yaml, table: orders); orders that a vendor claims: "
    "add a column Commission or Partner (templates/claimed_orders.en.csv)",
)


@cache
def spellings(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Header spellings as they are compared."""
    return tuple(header.key(cell) for cell in cells)


def known_keys(sources: Iterable[Source]) -> frozenset[str]:
    """Every header key that any of the sources knows."""
    return frozenset(name for source in sources for name in _vocabulary(source))


def _vocabulary(source: Source) -> set[str]:
    cells = {*source.known, *source.signature, *(cell for group in source.headers.values() for cell in group)}
    return set(spellings(tuple(sorted(cells))))


def found_columns(source: Source, keys: list[str]) -> dict[str, int]:
    """Canonical (or working) column -> index in the file, by the best spelling that is there."""
    at = {name: index for index, name in reversed(list(enumerate(keys)))}
    found = {}
    for canonical, cells in source.headers.items():
        index = next((at[name] for name in spellings(cells) if name in at), None)
        if index is not None:
            found[canonical] = index
    return found


@dataclass(frozen=True)
class Likeness:
    """How well a source fits: what it misses, and its share of the file's headers (with bonuses for its signs)."""

    source: Source
    missing: tuple[str, ...]
    score: float


def likeness(source: Source, raw: RawTable) -> Likeness:
    """The fit of one source."""
    keys = {name for name in raw.keys if name}
    if keys & {*spellings(source.foreign)}:
        return Likeness(source, source.needs, 0)
    title = any(re.search(source.preamble, line, re.IGNORECASE) for line in raw.preamble) if source.preamble else False
    found = {*found_columns(source, raw.keys), *(["_title"] if title and source.told_by_title else [])}
    missing = tuple(need for need in source.needs if not any(name in found for name in need.split("|")))
    share = len(keys & _vocabulary(source)) / max(len(keys), 1)
    signs = len(keys & set(spellings(source.signature)))
    return Likeness(source, missing, share + min(signs, 3) * 0.5 + title * 0.5)


def recognised(raw: RawTable, sources: Iterable[Source]) -> Source:
    """The source that fits best. Raises ReadError naming the nearest source and the columns it misses."""
    fits = [likeness(source, raw) for source in sources]
    whole = [fit for fit in fits if not fit.missing]
    if whole:
        source = max(whole, key=lambda fit: fit.score).source
        _refuse_other_report(source, raw)
        return source
    best = max(fits, key=lambda fit: fit.score)
    todo = Text(
        zh="請在匯出時加選這些欄位，或寫一份對照檔（templates/mapping.yaml）",
        en="add these columns to the export, or write a mapping file (templates/mapping.yaml)",
    )
    if is_sales_book(raw):
        raise ReadError(_SALES_BOOK, where=raw.path.name, todo=_MAP_SALES)
    if {*raw.keys} & _ORDER_NUMBERS and best.source.table != "orders":
        raise ReadError(_ORDERS, where=raw.path.name, todo=_MAP_ORDERS)
    if best.score == 0:
        what = Text(
            zh="看不出這是哪一種匯出檔：找不到認得的欄位名稱",
            en="no source knows this header: not one column name is familiar",
        )
        raise ReadError(what, where=raw.path.name, todo=todo)
    raise ReadError(
        Text(
            zh="沒有來源認得這個表頭；最接近的是 {source}（{title}），缺少欄位：{missing}",
            en="no source knows this header; the nearest is {source} ({title}), missing columns: {missing}",
        ).fill(
            source=best.source.id,
            title=best.source.title,
            missing=", ".join(_told(best.source, need) for need in best.missing),
        ),
        where=raw.path.name,
        todo=todo,
    )


def is_sales_book(raw: RawTable) -> bool:
    """Whether the file is a book of what was sold through which channel."""
    keys = {*raw.keys}
    return bool(keys & _SALES) and len(keys & (_PLACES | _SALES | _TAKEN_OFF)) >= 3


def _refuse_other_report(source: Source, raw: RawTable) -> None:
    instead = Text(zh="這一份不用匯入；請改匯出 {title}", en="leave this one out, and export {title} instead")
    for cell, told in source.refused.items():
        if header.key(cell) in raw.keys:
            what, todo = told if isinstance(told, tuple) else (told, instead.fill(title=source.title))
            raise ReadError(what, where=raw.path.name, todo=todo)


def _told(source: Source, need: str) -> str:
    name = need.split("|")[0]
    return f"{name} ({' / '.join(source.headers[name][:3])})"
