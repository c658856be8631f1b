"""Shopify: orders_export.csv; a row is a line item, the order's money stands on its first row."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source

# Voided: "an unpaid order was manually canceled"; expired: "payment wasn't captured before the payment provider's
# deadline". An order paid after all is told as paid. (shopify.dev, GraphQL Admin API, OrderDisplayFinancialStatus)
_NEVER_PAID = "(?i)^(voided|expired)$"

SOURCE = Source(
    id="shopify",
    title=Text(zh="Shopify 訂單", en="Shopify orders"),
    table="orders",
    lines=True,
    personal=True,
    headers={
        "order_id": ("Name",),
        "ordered_at": ("Created at",),
        "_status": ("Financial Status",),
        "_cancelled_at": ("Cancelled at",),
        "customer_key": ("Email",),
        "_customer_key_phone": ("Phone",),
        "_customer_key_billing": ("Billing Phone",),
        "_customer_key_shipping": ("Shipping Phone",),
        "currency": ("Currency",),
        "_subtotal": ("Subtotal",),
        "discount": ("Discount Amount",),
        "shipping": ("Shipping",),
        "tax": ("Taxes",),
        "total": ("Total",),
        "refunded": ("Refunded Amount",),
        "coupon": ("Discount Code",),
        "payment_method": ("Payment Method",),
        "sales_channel": ("Source",),
        "sku": ("Lineitem sku",),
        "product_name": ("Lineitem name",),
        "quantity": ("Lineitem quantity",),
        "unit_price": ("Lineitem price",),
        "_line_discount": ("Lineitem discount",),
    },
    kinds={"_subtotal": "money", "_line_discount": "money", "_cancelled_at": "text"},
    needs=("order_id", "ordered_at", "total", "_status"),
    signature=("Financial Status", "Fulfillment Status", "Lineitem quantity", "Lineitem name", "Lineitem price", "Accepts Marketing", "Paid at"),
    known=("Shipping Method", "Billing Name", "Shipping Name", "Vendor", "Outstanding Balance", "Risk Level", "Tags", "Notes", "Note Attributes", "Id"),
    computed={
        "customer_key": "coalesce(customer_key, _customer_key_phone, _customer_key_billing, _customer_key_shipping)",
        "status": f"CASE WHEN _cancelled_at IS NOT NULL OR regexp_matches(_status, '{_NEVER_PAID}') THEN 'cancelled' WHEN lower(_status) = 'refunded' THEN 'refunded' "
        "WHEN regexp_matches(_status, '(?i)^(pending|authorized|partially_paid|unpaid)$') THEN 'pending' WHEN _status IS NOT NULL THEN 'valid' END",
        "gross_items": "_subtotal + coalesce(discount, 0)",
        "line_total": "quantity * unit_price - coalesce(_line_discount, 0)",
    },
)  # fmt: skip
