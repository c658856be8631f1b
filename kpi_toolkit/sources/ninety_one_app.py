"""91APP: the order report; a row is an article (TS…) of a main order (TM…) of a cart (TG…).

The cart's amount is repeated and may span several orders: an order's money is the sum of 銷售金額(折扣後) over its rows.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source

_CANCELLED = "(regexp_matches(coalesce(_status, ''), '取消|退貨|退款|不成立|未取') AND NOT regexp_matches(coalesce(_status, ''), '取消退|退貨失敗|拒絕退')) OR _why_cancelled IS NOT NULL"

SOURCE = Source(
    id="91app",
    title=Text(zh="91APP 訂單報表", en="91APP order report"),
    table="orders",
    lines=True,
    personal=True,
    headers={
        "order_id": ("主單編號", "購物車編號", "訂單編號"),
        "ordered_at": ("轉單日期時間", "轉單日期", "訂單日期時間", "訂單日期", "訂購日期"),
        "_status": ("訂單狀態",),
        "_shipped": ("出貨單狀態",),
        "_why_cancelled": ("取消原因",),
        "customer_key": ("會員編號",),
        "currency": ("幣別",),
        "line_total": ("銷售金額(折扣後)", "銷售金額（折扣後）", "銷售金額"),
        "sku": ("商品料號", "商品選項料號", "商品編號"),
        "product_name": ("商品名稱",),
        "quantity": ("數量",),
        "unit_price": ("商品單價",),
        "line_cost": ("總成本",),
        "coupon": ("折價券活動名稱",),
        "payment_method": ("付款方式",),
        "sales_channel": ("訂單來源", "通路商"),
    },
    needs=("order_id", "ordered_at", "line_total", "_status"),
    signature=("主單編號", "購物車編號", "轉單日期時間", "銷售金額(折扣後)", "出貨單狀態", "購物車總額", "線上訂單建立類型", "商品料號", "折價券折扣金額", "溫層類別"),
    known=(
        "訂單編號", "預計出貨日期", "配送方式", "通路商", "溫層類別", "收件人", "門市", "商品選項", "運費", "活動代碼", "活動名稱", "折扣金額", "活動折扣金額",
        "折價券折扣金額", "購物車總額", "點數折扣金額", "運費折扣", "線上訂單建立類型", "收件人電話", "收件人地址",
    ),
    computed={
        # Whether a whole order was cancelled is told by its rows together; a row says so only of itself.
        "line_cancelled": _CANCELLED,
        "status": "CASE WHEN regexp_matches(coalesce(_status, ''), '待付款|未付款|尚未付款|等待付款|付款確認中') "
        "OR (regexp_matches(coalesce(payment_method, ''), '取貨付款|貨到付款') AND regexp_matches(coalesce(_status, '') || coalesce(_shipped, ''), '待出貨|備貨|處理中|未出貨|確認待|出貨中|配送中|運送中|貨態')) "
        "THEN 'pending' ELSE 'valid' END",
    },
)  # fmt: skip
