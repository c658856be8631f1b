"""Taiwanese books of marketing costs: Excel or cp950 CSV with title rows, ROC dates, subtotals and a signature line."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

# First match wins: money passed on to a platform comes before the agency's own fee for doing so.
_KINDS = (
    ("退款|退費|折讓|沖銷|refund", "refund"),
    ("代墊|代付|儲值|passthrough|pass-through", "media_passthrough"),
    ("代操|月費|顧問費|retainer", "retainer"),
    ("業配|網紅|kol|開箱|團購主|influencer", "kol"),
    ("抽成|佣金|分潤|成交手續費|commission", "commission"),
    ("製作|拍攝|設計|剪輯|攝影|production|shooting", "production"),
    ("廣告費|廣告支出|廣告投放|媒體費|media|ad spend", "media_passthrough"),
    ("軟體|工具|訂閱|授權費|saas|software|tool", "tool"),
)
# Media money that comes back was media money: it must not make the agency's fees look smaller.
_NEGATIVE = (
    "WHEN amount < 0 AND regexp_matches(lower(coalesce(note, '')), '代墊|代付|儲值|廣告費|廣告支出|媒體費|ad spend') THEN 'media_passthrough' "
    "WHEN amount < 0 THEN 'refund'"
)
_KIND = " ".join(f"WHEN regexp_matches(lower(coalesce(note, '')), '{words}') THEN '{kind}'" for words, kind in _KINDS)
_WITH_TAX = (
    "含稅", "金額(含稅)", "含稅金額", "含稅價", "稅後金額", "金額（含稅）", "總金額(含稅)", "總計(含稅)", "含稅總額", "含稅總計", "請款金額(含稅)", "應付金額(含稅)",
    "Amount (incl. tax)", "Amount incl. tax", "Amount (tax included)", "Amount (incl. VAT)",
)  # fmt: skip
_WITHOUT_TAX = (
    "未稅", "金額(未稅)", "未稅金額", "未稅價", "稅前金額", "金額（未稅）", "總金額(未稅)", "未稅總額", "請款金額(未稅)", "Amount (excl. tax)", "Amount excl. tax", "Amount (tax excluded)", "Amount (excl. VAT)",
)  # fmt: skip
_EITHER = (
    "金額",
    "請款金額",
    "應付金額",
    "付款金額",
    "支出金額",
    "發票金額",
    "總金額",
    "支出",
    "廣告費",
    "廣告支出",
    "Amount",
    "Invoice amount",
)
# The sum of a line, where amount and tax stand beside it; alone it is an amount like another.
_SUM = ("總計", "總計金額", "合計", "合計金額", "總額", "Total", "Total amount")
_TAX = ("稅額", "營業稅", "營業稅額", "稅金", "Tax", "VAT")
# Amount and tax of a line are never added here: the one figure is chosen that the columns beside it explain.
_WITH = "coalesce(_with_tax, CASE WHEN _tax IS NOT NULL OR _without_tax IS NOT NULL THEN _sum END)"

SOURCE = Source(
    id="bookkeeping",
    title=Text(zh="帳務（行銷費用明細）", en="Books of marketing costs"),
    table="invoices_fees",
    headers={
        "doc_date": ("日期", "入帳日", "入帳日期", "結帳日", "結帳日期", "交易日期", "發票日期", "傳票日期", "請款日期", "付款日期", "Date", "Invoice date", "月份", "年月", "費用月份", "帳款月份", "Month"),
        "vendor_name": ("廠商", "廠商名稱", "供應商", "往來廠商", "往來對象", "受款人", "對象", "代理商", "Vendor", "Supplier", "Payee"),
        "note": ("摘要", "品名", "項目", "說明", "費用說明", "科目摘要", "Description", "Memo", "Item"),
        "doc_no": ("發票號碼", "統一發票號碼", "統一發票", "發票", "憑證號碼", "單據號碼", "Invoice no.", "Invoice number", "Invoice #"),
        "amount": (*_WITH_TAX, *_WITHOUT_TAX, *_EITHER, *_SUM),
        "_with_tax": _WITH_TAX,
        "_without_tax": _WITHOUT_TAX,
        "_tax": _TAX,
        "_sum": _SUM,
        "currency": ("幣別", "貨幣", "Currency"),
        "remark": ("備註", "附註", "Remark", "Note"),
    },
    kinds={"_with_tax": "money", "_without_tax": "money", "_tax": "money", "_sum": "money"},
    # Without a vendor or an invoice it is some other list of dates and amounts.
    needs=("doc_date", "amount", "vendor_name|doc_no"),
    signature=("發票號碼", "統一發票號碼", "統一發票", "摘要", "廠商", "廠商名稱", "金額(含稅)", "金額(未稅)", "Invoice no.", "Vendor"),
    known=("統編", "統一編號", "科目", "會計科目", "項次", "編號", "經手人", "付款方式"),
    preamble=r"費用明細|行銷支出|支出明細|帳|中華民國|單位\s*[:：]\s*新?[臺台]幣",
    skipped={
        "footer row": r"regexp_matches(trim(c0), '^(製表|覆核|複核|核准|審核|核決|會計|出納|主管|經辦|經手|總經理|負責人|備註|附註|註|說明)人?\s*[:：]')",
        "repeated header": "regexp_full_match(trim(c0), '日期|入帳日|結帳日|交易日期|月份|項次') AND amount IS NULL",
    },
    computed={
        "kind": f"CASE {_NEGATIVE} {_KIND} ELSE 'other' END",
        "amount": f"coalesce({_WITH}, _without_tax, amount)",
        "tax_included": f"CASE WHEN {_WITH} IS NOT NULL THEN true WHEN _without_tax IS NOT NULL THEN false END",
    },
    rules={
        f"_without_tax IS NULL OR _tax IS NULL OR {_WITH} IS NULL OR abs({_WITH} - _without_tax - _tax) < 1.01": Text(
            zh="{count} 列的未稅金額加稅額不等於含稅金額，請與發票核對；採用的是含稅金額",
            en="on {count} {count:row|rows} the amount without tax plus the tax isn't the amount with tax; the latter is used, check the invoices",
        ),
    },
    totals=TotalRows(
        label=r"(.{0,20}(小\s*計|合\s*計|總\s*計|總額|月計|累計|承前頁|過次頁)|(grand |sub)?total)\s*[:：]?",
        compared=r"(小\s*計|合\s*計|總\s*計|總額|(grand |sub)?total)\s*[:：]?",
    ),
)  # fmt: skip
