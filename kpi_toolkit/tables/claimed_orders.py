"""The orders that a vendor says it brought, one by one: commission and settlement lists (分潤明細), order by order."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

TABLE = Table(
    id="claimed_orders",
    title=Text(zh="廠商認列的訂單", en="Orders that the vendor claims"),
    key=("source", "vendor_name", "platform", "order_id"),
    day="claimed_on",
    columns=(
        *provenance(),
        Column(name="vendor_name", kind="text", meaning=Text(zh="廠商（清單的廠商欄；沒有就是表格上方的標題）", en="Vendor, by its column or else the title above the table")),
        Column(name="platform", kind="id", meaning=Text(zh="廣告平台或聯盟（空白＝沒寫）", en="Ad platform or network (empty: not said)")),
        Column(name="campaign_name", kind="text", meaning=Text(zh="廣告活動名稱", en="Campaign name")),
        Column(name="order_id", kind="id", required=True, meaning=Text(zh="訂單編號", en="Order number")),
        Column(name="claimed_on", kind="date", required=True, meaning=Text(zh="訂單日期（清單上寫的）", en="Day of the order, as the list says")),
        Column(name="amount", kind="money", meaning=Text(zh="認列的訂單金額", en="Order amount claimed")),
        Column(name="commission", kind="money", meaning=Text(zh="這張訂單的分潤或抽成", en="Commission for this order")),
        Column(name="new_customer", kind="flag", meaning=Text(zh="清單是否說是新客", en="Whether the list says it is a new customer")),
    ),
)  # fmt: skip
