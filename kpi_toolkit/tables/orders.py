"""The shop's own ledger: a row is an order (or a refund booked as a row of its own)."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

STATUSES = ("valid", "pending", "cancelled", "refunded")

# SQL over an order: what was paid back. A fully refunded order whose refund isn't stated (empty, or 0 as shops export
# it) has lost its whole total.
REFUNDED = "CASE WHEN status = 'refunded' THEN coalesce(nullif(refunded, 0), greatest(total, 0)) ELSE coalesce(refunded, 0) END"


def _money(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="money", meaning=Text(zh=zh, en=en))


TABLE = Table(
    id="orders",
    title=Text(zh="訂單", en="Orders"),
    key=("source", "order_id"),
    day="ordered_at",
    columns=(
        *provenance(),
        Column(name="order_id", kind="id", required=True, meaning=Text(zh="訂單編號", en="Order number")),
        Column(name="ordered_at", kind="time", required=True, meaning=Text(zh="下單時間（客戶所在時區）", en="Time of the order, in the client's time zone")),
        Column(name="status", kind="id", required=True, allowed=STATUSES, meaning=Text(zh="狀態：有效、待付款（含貨到付款）、已取消、已全額退款", en="valid, pending (unpaid, cash on delivery included), cancelled, fully refunded")),
        Column(name="customer_key", kind="id", hashed=True, meaning=Text(zh="顧客代碼（加鹽雜湊，無法還原）", en="Customer, as a salted hash")),
        Column(name="new_customer", kind="flag", meaning=Text(zh="是否為新客", en="Whether the customer is new")),
        _money("gross_items", "商品金額（折扣前）", "Items before discounts"), _money("discount", "折扣合計", "All discounts"),
        _money("shipping", "運費", "Shipping"), _money("tax", "稅費", "Tax"),
        Column(name="total", kind="money", required=True, meaning=Text(zh="訂單合計", en="Order total")),
        _money("refunded", "已退款金額", "Amount refunded"),
        _money("cost", "商品成本", "Cost of the goods"),
        Column(name="coupon", kind="text", meaning=Text(zh="折扣碼", en="Coupon")),
        Column(name="payment_method", kind="text", meaning=Text(zh="付款方式", en="Payment method")),
        Column(name="sales_channel", kind="text", meaning=Text(zh="訂單來源", en="Where the order came in")),
        Column(name="referral", kind="text", meaning=Text(zh="推薦代碼或導流來源", en="Referral code or referring source")),
    ),
)  # fmt: skip
