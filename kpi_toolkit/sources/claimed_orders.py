"""Lists of the orders that a vendor claims one by one: affiliates', KOLs' and agencies' commission lists (分潤明細).

A list says whose it is by a column, or in the title above the table. Orders that stand there twice are kept: they are
claimed twice. Leading zeros that Excel took from an order's number can't be brought back.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.claim_words import platform_sql
from kpi_toolkit.sources.source import Source, TotalRows

_ORDER = (
    "訂單編號", "訂單號碼", "訂單序號", "訂單代號", "訂單單號", "訂單ID", "訂單 ID", "訂購編號", "交易編號", "交易序號", "成交單號", "Order ID", "Order number", "Order no.", "Order no", "Order #",
    "Order code", "Order reference", "Order ref", "Transaction ID", "Conversion order ID", "order_id",
)  # fmt: skip
_DAY = (
    "成交日期", "成交日", "成交時間", "訂單日期", "訂單成立日期", "訂單成立時間", "訂單時間", "下單日期", "下單時間", "訂購日期", "購買日期", "轉換日期", "轉換時間", "交易日期", "交易時間", "日期",
    "Order date", "Order time", "Date of order", "Sale date", "Transaction date", "Transaction time", "Conversion date", "Conversion time", "Purchase date", "Event date", "Time created", "Date", "claimed_on",
)  # fmt: skip
_AMOUNT = (
    "訂單金額", "成交金額", "訂單總額", "訂單總金額", "銷售金額", "消費金額", "交易金額", "實付金額", "實際金額", "訂單淨額", "計佣金額", "分潤基礎", "計算基礎", "金額", "Order amount", "Order value",
    "Order total", "Sale amount", "Sales amount", "Sale value", "Transaction amount", "Transaction value", "Purchase amount", "Payment amount", "Commissionable amount", "Est. commission base", "Revenue", "Net sales", "Sales", "Amount",
)  # fmt: skip
_COMMISSION = (
    "分潤", "分潤金額", "分潤金", "分潤獎金", "應付分潤", "佣金", "佣金金額", "預估佣金", "實際佣金", "應付佣金", "抽成", "抽成金額", "推廣獎金", "推廣費", "業績獎金", "拆帳金額", "拆帳", "回饋金", "Commission",
    "Commission amount", "Actual commission", "Est. commission", "Estimated commission", "Commission earned", "Publisher commission", "Affiliate commission", "Partner commission", "Payout", "Earnings", "Revenue share",
)  # fmt: skip
# Who but a vendor has such a column? A supplier may stand in any shop's own export.
_PARTNER = (
    "合作夥伴", "合作廠商", "聯盟夥伴", "聯盟會員", "推廣夥伴", "推廣者", "推廣人", "推廣商", "網紅", "網紅名稱", "KOL", "KOL名稱", "KOL 名稱", "團購主", "團主", "創作者", "部落客", "Partner", "Partner name",
    "Affiliate", "Affiliate name", "Publisher", "Publisher name", "Influencer", "Influencer name", "Creator", "Creator name", "Creator username", "KOL name",
)  # fmt: skip
_VENDOR = ("廠商", "廠商名稱", "代理商", "代理商名稱", "行銷公司", "Vendor", "Vendor name", "Agency", "Agency name", "vendor_name")  # fmt: skip
_PLATFORM = (
    "平台", "廣告平台", "導流平台", "導流來源", "導購來源", "聯盟平台", "流量來源", "訂單導流來源", "來源平台", "來源", "渠道", "管道", "媒體", "Platform", "Traffic source", "Referring source", "Source", "Network", "Channel", "Media",
)  # fmt: skip
_CAMPAIGN = (
    "廣告活動", "廣告活動名稱", "行銷活動", "行銷活動名稱", "活動", "活動名稱", "檔期", "檔期名稱", "專案", "專案名稱", "合作案", "團購", "Campaign", "Campaign name", "Offer", "Offer name", "Program", "Program name",
)  # fmt: skip
_NEW = (
    "新舊客", "新舊顧客", "新舊會員", "新客/舊客", "新/舊客", "是否新客", "是否為新客", "新客", "客戶類型", "顧客類型", "會員類型", "New customer", "New customer?", "Is new customer", "New/returning", "New or returning",
    "New / returning", "Customer type", "new_customer",
)  # fmt: skip
# A shop's own orders, and what a marketplace settles with a shop, have these; a vendor's list hasn't.
_OWN_LEDGER = (
    "收件人", "收件人姓名", "收件者姓名", "收件地址", "收件人地址", "送貨地址", "完整地址", "付款方式", "配送方式", "送貨方式", "送貨狀態", "出貨狀態", "出貨日期", "發票號碼", "運費", "訂單小計", "折抵購物金", "商品成本", "買家帳號",
    "金流手續費", "金流服務費", "成交手續費", "交易手續費", "平台手續費", "物流費", "撥款金額", "Shipping address", "Shipping name", "Billing address", "Payment method", "Financial status", "Fulfillment status", "Shipping", "Shipping fee",
    "Subtotal", "Taxes", "Transaction fee", "Service fee", "Lineitem name", "Settlement amount",
)  # fmt: skip
_REJECTED = "無效|拒絕|駁回|取消|作廢|不計|未通過|退貨|退款|reject|declin|cancel|void|invalid|revers|return|refund"

SOURCE = Source(
    id="claimed_orders",
    title=Text(zh="廠商認列的訂單（分潤明細）", en="Orders that a vendor claims (commission list)"),
    table="claimed_orders",
    # Some hold the buyers' names and phones beside what is read.
    personal=True,
    headers={
        "order_id": _ORDER,
        "claimed_on": _DAY,
        "amount": _AMOUNT,
        "commission": _COMMISSION,
        "vendor_name": (*_PARTNER, *_VENDOR),
        "platform": _PLATFORM,
        "campaign_name": _CAMPAIGN,
        "new_customer": _NEW,
        "currency": ("幣別", "貨幣", "Currency"),
        "_status": ("狀態", "訂單狀態", "審核狀態", "分潤狀態", "佣金狀態", "確認狀態", "Status", "Order status", "Commission status", "Approval status"),
        "_partner": _PARTNER,
        "_title": ("_title",),
    },
    needs=("order_id", "claimed_on", "commission|_partner|_title", "amount|commission"),
    signature=(*_COMMISSION, *_PARTNER, "新舊客", "是否新客", "導流來源", "導購來源", "計佣金額", "New/returning"),
    known=(
        "分潤比例", "分潤%", "分潤 %", "抽成比例", "佣金比例", "佣金率", "分潤率", "商品", "商品名稱", "數量", "折扣碼", "優惠碼", "推薦碼", "連結", "備註", "項次", "編號", "序號", "點擊時間", "確認日期", "結算月份", "Commission rate", "Commission %",
        "Product", "Product name", "Product ID", "Quantity", "Coupon", "Promo code", "Click time", "Click date", "Approved date", "Note", "Notes",
    ),
    preamble=r"分潤|佣金|抽成|認列.{0,6}訂單|(導購|聯盟|推廣|網紅|kol).{0,12}(訂單|明細|結算|對帳|報表)|拆帳|commission|affiliate|payout|claimed orders|orders claimed|"
    r"^(合作夥伴|合作廠商|聯盟夥伴|推廣者|推廣夥伴|網紅|kol|團購主|partner|publisher|affiliate|influencer)\s*[:：]",
    told_by_title=True,
    foreign=_OWN_LEDGER,
    skipped={
        "footer row": "claimed_on IS NULL AND amount IS NULL AND commission IS NULL",
        # A claim that the list itself takes back; where it still asks for money it stays one.
        "rejected claim": f"coalesce(regexp_matches(lower(_status), '{_REJECTED}'), false) AND coalesce(commission, 0) = 0",
    },
    computed={
        # A workbook's figure; and figures as wide as Chinese signs.
        "order_id": r"regexp_replace(translate(order_id, '０１２３４５６７８９＃－', '0123456789#-'), '^(#?[0-9]+)\.0+$', '\1')",
        "platform": platform_sql("platform"),
    },
    rules={
        "vendor_name IS NOT NULL": Text(
            zh="{count} 列沒有寫是哪一家廠商：請加「廠商」欄，或在表格上方寫一行標題（如「廠商：北辰數位」）",
            en="{count} {count:row doesn't|rows don't} say whose claim it is: add a column Vendor, or a title above the table (Vendor: Example Ltd.)",
        ),
    },
    totals=TotalRows(
        label=r"(.{0,12}(合\s*計|總\s*計|小\s*計|總\s*額)|(grand |sub)?-?totals?)\s*[:：]?(\s*[0-9,]+\s*(筆|張|單))?|共\s*[0-9,]+\s*(筆|張|單)",
        blank=("order_id", "claimed_on"),
        # Without a word, its first cell is a figure.
        compared=r"((.{0,12}(合\s*計|總\s*計|總\s*額)|(grand )?totals?)\s*[:：]?(\s*[0-9,]+\s*(筆|張|單))?|共\s*[0-9,]+\s*(筆|張|單)|[-NT$0-9,. ]*)",
    ),
)  # fmt: skip
