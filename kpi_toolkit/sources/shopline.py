"""SHOPLINE: the order report; a row is an article, the order's money is repeated on each row or stands on its first.

訂單合計 = 訂單小計 + 運費 + 附加費 + 稅費 - 優惠折扣 - 自訂折扣合計 - 折抵購物金 - 點數折現.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source

_SETTLEMENT = Text(
    zh="這是推薦分潤的結算報表，不是訂單報表（訂單金額會重複）",
    en="this is a referral settlement, not the order report (its orders stand there already)",
)
_OFF = "coalesce(_offers, 0) + coalesce(_own_discount, 0) + coalesce(_credit, 0) + coalesce(_points, 0)"
_ON = "coalesce(gross_items, 0) + coalesce(shipping, 0) + coalesce(_surcharge, 0) + coalesce(tax, 0)"

SOURCE = Source(
    id="shopline",
    title=Text(zh="SHOPLINE 訂單報表", en="SHOPLINE order report"),
    table="orders",
    lines=True,
    personal=True,
    headers={
        "order_id": ("訂單號碼", "Order Number", "Order No."),
        "ordered_at": ("訂單日期", "Order Date"),
        "_status": ("訂單狀態", "Order Status"),
        "_paid": ("付款狀態", "Payment Status"),
        "customer_key": ("顧客 ID", "顧客ID", "Customer ID"),
        "_customer_key_email": ("電郵", "電子郵件", "Email"),
        "_customer_key_phone": ("電話號碼", "顧客電話", "Phone Number", "收件人電話號碼"),
        "currency": ("貨幣", "幣別", "Currency"),
        "gross_items": ("訂單小計", "小計", "Subtotal", "Order Subtotal"),
        "_offers": ("優惠折扣", "Promotion Discount"),
        "_own_discount": ("自訂折扣合計", "自訂折扣", "Custom Discount Total"),
        "_credit": ("折抵購物金", "購物金折抵", "Store Credits"),
        "_points": ("點數折現", "Points Redeemed in Cash"),
        "shipping": ("運費", "Delivery Fee", "Shipping Fee"),
        "_surcharge": ("附加費", "Additional Fee"),
        "tax": ("稅費", "Tax"),
        "total": ("訂單合計", "合計", "Order Total"),
        "refunded": ("已退款金額", "Refunded Amount"),
        "payment_method": ("付款方式", "Payment Method"),
        "sales_channel": ("訂單來源", "Order Source"),
        "referral": ("推薦代碼", "合作夥伴", "Referral Code"),
        "sku": ("商品貨號", "SKU"),
        "product_name": ("商品名稱", "Product Name"),
        "quantity": ("數量", "Quantity"),
        "unit_price": ("商品結帳價", "Checkout Price"),
        "_line_cost": ("商品成本", "Product Cost"),
    },
    kinds={"_offers": "money", "_own_discount": "money", "_credit": "money", "_points": "money", "_surcharge": "money", "_line_cost": "money"},
    needs=("order_id", "ordered_at", "total", "_status"),
    signature=("訂單號碼", "訂單小計", "訂單合計", "自訂折扣合計", "折抵購物金", "點數折現", "付款總金額", "商品結帳價", "顧客 ID", "推薦代碼"),
    known=(
        "預購訂單", "付款訂單號碼", "付款總金額", "折現用點數", "送貨方式", "送貨狀態", "收件人", "地址 1", "城市", "郵政編號（如適用)", "完整地址", "門市名稱",
        "全家服務編號 / 7-11 店號", "選項", "商品原價", "結帳價類型", "商品折扣金額", "全單折扣金額", "折抵購物金分攤", "點數折現分攤", "商品類型", "訂單標籤", "顧客", "會員",
        "會員註冊日期", "會員註冊來源", "會員註冊日期/來源", "訂單備註",
    ),
    refused={"推薦分潤": _SETTLEMENT, "商品分潤": _SETTLEMENT, "商品結算金額": _SETTLEMENT},
    computed={
        "status": "CASE WHEN _status IS NULL THEN NULL WHEN regexp_matches(_status, '(?i)取消|cancel') THEN 'cancelled' "
        "WHEN regexp_matches(coalesce(_paid, ''), '(?i)^(已退款|全額退款|已全額退款|refunded)$') OR (total > 0 AND refunded >= total) THEN 'refunded' "
        "WHEN regexp_matches(coalesce(_paid, ''), '(?i)未付款|待付款|尚未|付款中|失敗|過期|unpaid|pending|failed|expired') THEN 'pending' ELSE 'valid' END",
        "customer_key": "coalesce(customer_key, _customer_key_email, _customer_key_phone)",
        "discount": f"CASE WHEN total IS NOT NULL THEN {_OFF} END",
        "line_total": "quantity * unit_price",
        "line_cost": "quantity * _line_cost",
    },
    rules={
        f"_offers IS NULL OR _own_discount IS NULL OR _credit IS NULL OR _points IS NULL OR shipping IS NULL "
        f"OR abs(total - ({_ON} - ({_OFF}))) < 1": Text(
            zh="{count} 列的訂單合計不等於小計＋運費＋附加費＋稅費－各項折扣，請與後台核對",
            en="on {count} {count:row|rows} the order total isn't subtotal + shipping + surcharge + tax - discounts; check them in the shop's back office",
        ),
    },
)  # fmt: skip
