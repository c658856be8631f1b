"""WooCommerce Analytics > Orders: a row is an order; a refund is a row of its own with a negative amount."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source

SOURCE = Source(
    id="woocommerce",
    title=Text(zh="WooCommerce 分析報表（訂單）", en="WooCommerce Analytics, orders"),
    table="orders",
    lines=True,
    personal=True,
    headers={
        "order_id": ("Order #", "Order number", "訂單 #", "訂單編號 #"),
        "ordered_at": ("Date", "日期"),
        "_status": ("Status", "狀態"),
        "customer_key": ("Customer", "客戶", "顧客"),
        "new_customer": ("Customer type", "客戶類型", "顧客類型"),
        # The formatted column says the same as text with a currency sign: `NT$1,500`.
        "total": ("N. Revenue", "Net Sales", "Net revenue", "淨銷售額", "淨收入", "N. Revenue (formatted)", "Net Sales (formatted)"),
        "coupon": ("Coupon(s)", "優惠券", "折價券"),
        "product_name": ("Product(s)", "商品", "產品"),
        "quantity": ("Items sold", "已售出商品", "已售出項目"),
        "sales_channel": ("Attribution", "Origin", "歸因", "來源"),
        "_formatted": ("N. Revenue (formatted)", "Net Sales (formatted)"),
    },
    needs=("order_id", "ordered_at", "total", "_status"),
    signature=("Order #", "N. Revenue (formatted)", "N. Revenue", "Net Sales", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "訂單 #"),
    known=("Net Sales (formatted)",),
    computed={
        "status": "CASE WHEN regexp_matches(lower(_status), 'cancel|fail|trash|取消|失敗') THEN 'cancelled' WHEN regexp_matches(lower(_status), 'pending|hold|draft|待付款|保留') THEN 'pending' "
        "WHEN _status IS NOT NULL THEN 'valid' END",
        # A refund's row may carry the number of the order that it belongs to: it is a document of its own.
        "order_id": "CASE WHEN total < 0 THEN order_id || ' refund ' || ordered_at::VARCHAR || ' ' || total::VARCHAR ELSE order_id END",
        # Refunds stand in rows of their own: a refunded order's own row is valid, and not to be taken off once more.
        "refunded": "0.0",
        "currency": "CASE WHEN regexp_matches(_formatted, '^-?NT\\$') THEN 'TWD' WHEN regexp_matches(_formatted, '^-?US\\$') THEN 'USD' WHEN regexp_matches(_formatted, '^-?HK\\$') THEN 'HKD' END",
    },
)  # fmt: skip
