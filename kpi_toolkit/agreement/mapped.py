"""A mapping file as a source: what a client says about a table of its own, in the shape of the built-in formats."""

from __future__ import annotations

from collections.abc import Mapping as Dict

from kpi_toolkit.agreement.mapping import Mapping
from kpi_toolkit.i18n import same
from kpi_toolkit.sources.source import Source
from kpi_toolkit.tables.quoting import literal

# How other programs put an order's state; a mapping's own `values` come first.
STATUS_WORDS: Dict[str, tuple[str, ...]] = {
    "valid": ("valid", "paid", "completed", "complete", "done", "shipped", "delivered", "有效", "完成", "已完成", "已付款", "已結帳", "已出貨", "已送達", "已確認"),
    "pending": ("pending", "unpaid", "processing", "待付款", "未付款", "待處理", "處理中", "待出貨", "貨到付款"),
    "cancelled": ("cancelled", "canceled", "void", "voided", "no show", "取消", "已取消", "作廢", "未到", "未到診"),
    "refunded": ("refunded", "returned", "退款", "已退款", "退貨", "已退貨", "全額退款"),
}  # fmt: skip


def as_source(mapping: Mapping) -> Source:
    """The source that reads files by `mapping`; it is recognised by having all the mapped headers.

    Orders whose file has no total add up their lines; a line without its own total is quantity times unit price.
    Words for choices (an order's status) become the canonical ones; a word that nobody declared is left for the
    reader to refuse.
    """
    lines = mapping.table == "orders"
    given = {*mapping.columns, *mapping.constants}
    words = _words(mapping)
    computed = {name: _meaning(name, meanings) for name, meanings in words.items()}
    if lines and "line_total" not in given and {"quantity", "unit_price"} <= given:
        computed["line_total"] = "quantity * unit_price"
    constants = dict(mapping.constants)
    if mapping.table == "invoices_fees" and "kind" not in given:
        constants["kind"] = "other"
    headers = {f"_{name}" if name in words else name: (cell,) for name, cell in mapping.columns.items()}
    return Source(
        id=mapping.name,
        title=mapping.title.text() if mapping.title else same(mapping.name),
        table=mapping.table,
        headers=headers,
        needs=tuple(headers),
        signature=tuple(mapping.columns.values()),
        constants=constants,
        computed=computed,
        date_order=mapping.date_order or "",
        lines=lines,
        personal=lines,
    )


def _words(mapping: Mapping) -> dict[str, dict[str, str]]:
    """By column of choices: the file's words in lower case, and what each means."""
    own = {name: {word.lower(): meaning for word, meaning in words.items()} for name, words in mapping.values.items()}
    if mapping.table == "orders" and "status" in mapping.columns:
        usual = {word: meaning for meaning, words in STATUS_WORDS.items() for word in words}
        own["status"] = usual | own.get("status", {})
    return own


def _meaning(name: str, words: Dict[str, str]) -> str:
    whens = " ".join(f"WHEN {literal(word)} THEN {literal(meaning)}" for word, meaning in words.items())
    return f"CASE lower(trim(_{name})) {whens} ELSE _{name} END"
