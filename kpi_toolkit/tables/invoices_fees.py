"""What was invoiced: a row is a line of the books or of a vendor's invoice."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

KINDS = ("retainer", "commission", "media_passthrough", "production", "kol", "tool", "refund", "other")

TABLE = Table(
    id="invoices_fees",
    title=Text(zh="請款與發票", en="Invoices and fees"),
    key=("source", "doc_date", "vendor_name", "doc_no", "note", "amount"),
    day="doc_date",
    columns=(
        *provenance(),
        Column(name="doc_date", kind="date", required=True, meaning=Text(zh="日期", en="Date")),
        Column(name="vendor_name", kind="text", meaning=Text(zh="廠商", en="Vendor")),
        Column(name="note", kind="text", meaning=Text(zh="摘要", en="What for")),
        Column(name="kind", kind="id", required=True, allowed=KINDS, meaning=Text(zh="費用類別", en="Kind of fee")),
        Column(name="doc_no", kind="id", meaning=Text(zh="發票號碼", en="Invoice number")),
        Column(name="amount", kind="money", required=True, meaning=Text(zh="金額（如帳上所記；是否含稅見 tax_included）", en="Amount as booked; tax_included says whether with VAT")),
        Column(name="tax_included", kind="flag", meaning=Text(zh="金額是否含稅（空白＝帳上沒寫）", en="Whether the amount includes VAT (empty: not said)")),
        Column(name="remark", kind="text", meaning=Text(zh="備註", en="Remark")),
    ),
)  # fmt: skip
