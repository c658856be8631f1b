"""Shopee Taiwan's order export: headers say (單) for the order and (品) for the article."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..bakery_goods import Line
from .delimited import Cell, Row
from .sheet import xlsx

HEADER = [
    "訂單編號 (單)",
    "訂單狀態 (單)",
    "訂單成立時間 (單)",
    "買家帳號 (單)",
    "訂單小計 (單)",
    "買家支付的運費 (單)",
    "訂單總金額 (單)",
    "收件者姓名 (單)",
    "收件者電話 (單)",
    "商品名稱 (品)",
    "商品選項名稱 (品)",
    "商品活動價格 (品)",
    "數量",
]


@dataclass(frozen=True, kw_only=True)
class Sale:
    """One order on the marketplace."""

    number: str
    at: datetime
    status: str  # 完成 | 不成立 | 待出貨
    buyer: str
    name: str
    phone: str
    shipping: int
    lines: list[Line]


def workbook(sales: Iterable[Sale]) -> bytes:
    """The XLSX: a row an article, the order's amounts repeated on each; times without seconds, as text."""
    return xlsx("orders", [HEADER, *(row for sale in sales for row in _rows(sale))])


def _rows(sale: Sale) -> list[Row]:
    subtotal = sum(line.amount for line in sale.lines)
    order: list[Cell] = [sale.number, sale.status, f"{sale.at:%Y-%m-%d %H:%M}", sale.buyer, subtotal, sale.shipping]
    whole = [*order, subtotal + sale.shipping, sale.name, sale.phone]
    return [[*whole, line.good.name, line.option, line.good.price, line.quantity] for line in sale.lines]
