"""What was in each order: a row is a line of an order."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

TABLE = Table(
    id="order_lines",
    title=Text(zh="訂單明細", en="Order lines"),
    key=("source", "order_id"),
    columns=(
        *provenance(),
        Column(name="order_id", kind="id", required=True, meaning=Text(zh="訂單編號", en="Order number")),
        Column(name="sku", kind="id", meaning=Text(zh="商品貨號", en="Stock-keeping unit")),
        Column(name="product_name", kind="text", meaning=Text(zh="商品名稱", en="Product name")),
        Column(name="quantity", kind="quantity", meaning=Text(zh="數量（退貨為負）", en="Quantity (negative for returns)")),
        Column(name="unit_price", kind="money", meaning=Text(zh="單價", en="Unit price")),
        Column(name="line_total", kind="money", meaning=Text(zh="小計（折扣後）", en="Line total after discount")),
        Column(name="line_cost", kind="money", meaning=Text(zh="商品成本", en="Cost of the line")),
        Column(name="line_cancelled", kind="flag", meaning=Text(zh="此列是否取消", en="Whether the line was cancelled")),
    ),
)  # fmt: skip
