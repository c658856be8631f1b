"""Shopee Taiwan: the order export; headers say (單) for the order and (品) for the article, newer files leave that out.

The order's money is repeated on each of its articles.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source


def _order(*names: str) -> tuple[str, ...]:
    """The spellings of an order's column, with and without the suffix."""
    return tuple(spelling for name in names for spelling in (f"{name} (單)", f"{name}(單)", name))


def _article(*names: str) -> tuple[str, ...]:
    """The spellings of an article's column, with and without the suffix."""
    return tuple(spelling for name in names for spelling in (f"{name} (品)", f"{name}(品)", name))


SOURCE = Source(
    id="shopee",
    title=Text(zh="蝦皮購物訂單", en="Shopee Taiwan orders"),
    table="orders",
    lines=True,
    personal=True,
    headers={
        "order_id": _order("訂單編號"),
        "ordered_at": _order("訂單成立時間", "訂單成立日期"),
        "_status": _order("訂單狀態"),
        "_returned": _order("退貨 / 退款狀態", "退貨/退款狀態"),
        "customer_key": _order("買家帳號"),
        "gross_items": _order("訂單小計"),
        "shipping": _order("買家支付的運費", "買家支付運費"),
        "total": _order("訂單總金額", "買家總支付金額", "訂單小計"),
        "discount": _order("賣家負擔優惠券", "賣場優惠券", "賣家優惠券"),
        "coupon": _order("優惠代碼", "優惠券代碼"),
        "payment_method": _order("付款方式"),
        "sku": _article("商品選項貨號", "主商品貨號", "商品貨號"),
        "product_name": _article("商品名稱"),
        "quantity": _article("數量"),
        "unit_price": _article("商品活動價格", "商品原價"),
    },
    needs=("order_id", "ordered_at", "total", "_status"),
    signature=(
        *_order("訂單成立時間", "訂單成立日期", "買家支付的運費", "買家支付運費", "買家帳號", "訂單總金額", "買家總支付金額"), *_article("商品選項名稱", "商品活動價格"),
    ),
    known=(
        *_order("買家付款時間", "成交手續費", "其他服務費", "金流與系統處理費", "蝦幣折抵", "賣家蝦幣回饋券", "優惠券", "蝦皮補助運費", "不成立原因", "取消原因", "收件者姓名", "收件者電話", "收件地址", "寄送方式", "出貨方式", "備註"),
        *_article("商品選項名稱", "商品原價", "商品總價", "主商品貨號", "商品選項貨號"),
    ),
    # A Taiwanese marketplace: prices are in nothing else.
    constants={"currency": "TWD"},
    computed={
        "status": "CASE WHEN regexp_matches(_status, '取消|不成立') THEN 'cancelled' "
        "WHEN regexp_matches(_status, '^退貨|^退款|已退') OR regexp_matches(coalesce(_returned, ''), '已退款|退款成功|退款完成|已完成') THEN 'refunded' "
        "WHEN regexp_matches(_status, '未付款|待付款') OR (regexp_matches(coalesce(payment_method, ''), '貨到付款|取貨付款') AND NOT regexp_matches(_status, '完成|已送達|已取')) THEN 'pending' "
        "WHEN _status IS NOT NULL THEN 'valid' END",
        "line_total": "quantity * unit_price",
    },
)  # fmt: skip
