"""Lists of leads: own lists and CRMs, Meta's instant forms, Google Ads' lead forms, Google Forms' answers.

Of a person nothing is kept but salted hashes and whether phone and e-mail can exist; notes and answers aren't even read.
"""

from __future__ import annotations

from dataclasses import replace

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import contacts
from kpi_toolkit.sources.lead_words import META_WORDS, referral_of, status_of
from kpi_toolkit.sources.source import Source, TotalRows

# --- words ----------------------------------------------------------------------------------------------------------------

_TIME = (
    "填表時間", "填單時間", "填寫時間", "留單時間", "名單時間", "進線時間", "詢問時間", "諮詢時間", "進件時間", "收單時間", "收到時間", "登記時間", "報名時間", "提交時間",
    "送出時間", "建立時間", "建檔時間", "填表日期", "填單日期", "填寫日期", "名單日期", "進線日期", "詢問日期", "諮詢日期", "進件日期", "收單日期", "登記日期", "報名日期", "建立日期", "建檔日期",
    "Lead date", "Inquiry date", "Inquiry time", "Submitted at", "Submission time", "Submission date", "Received at", "Created time", "Created at", "Created date", "Create date",
    "Created", "Date/time", "Datetime", "日期時間", "日期", "Date", "時間", "Time",
)  # fmt: skip
_NAME = (
    "姓名",
    "名字",
    "客戶姓名",
    "顧客姓名",
    "聯絡人",
    "聯絡人姓名",
    "聯絡人名稱",
    "稱呼",
    "客戶名稱",
    "大名",
    "您的姓名",
    "您的大名",
    "Name",
    "Full name",
    "Contact name",
    "Customer name",
    "Lead name",
    "Your name",
)
_PHONE = (
    "電話", "手機", "行動電話", "手機號碼", "電話號碼", "聯絡電話", "連絡電話", "聯絡手機", "聯繫電話", "客戶電話", "您的電話", "您的手機", "聯絡方式", "Phone", "Phone number", "Mobile", "Mobile phone",
    "Mobile number", "Cell phone", "Tel", "Telephone", "Contact number", "Contact phone",
)  # fmt: skip
_EMAIL = (
    "Email",
    "E-mail",
    "電子郵件",
    "電子信箱",
    "信箱",
    "電郵",
    "電子郵件地址",
    "Email address",
    "E-mail address",
    "Email信箱",
    "聯絡信箱",
    "您的Email",
    "Mail",
)
_STATUS = (
    "狀態",
    "處理狀態",
    "名單狀態",
    "聯絡狀態",
    "跟進狀態",
    "追蹤狀態",
    "客戶狀態",
    "進度",
    "處理進度",
    "目前進度",
    "處理結果",
    "聯絡結果",
    "名單品質",
    "Status",
    "Lead status",
    "Stage",
    "Lead stage",
    "Progress",
    "Result",
)
_FROM = (
    "來源", "管道", "來源渠道", "來源管道", "來源平台", "名單來源", "客戶來源", "諮詢管道", "得知管道", "流量來源", "媒體", "平台", "渠道", "Source", "Lead source", "Original source", "Channel", "Platform", "Referral", "How did you hear about us",
    "如何得知", "您如何得知我們", "從哪裡得知", "從何得知",
)  # fmt: skip
_CAMPAIGN = (
    "廣告活動",
    "行銷活動",
    "活動名稱",
    "廣告活動名稱",
    "行銷活動名稱",
    "活動",
    "檔期",
    "Campaign",
    "Campaign name",
    "utm_campaign",
)
_ID = ("名單編號", "名單ID", "客戶編號", "編號", "案件編號", "Lead ID", "Lead no.", "Lead number", "Record ID")
_FORM = ("表單", "表單名稱", "填寫表單", "Form", "Form name", "Landing page")
_DEVICE = ("IP", "IP位址", "IP 位址", "IP address", "來源IP", "裝置ID", "裝置代碼", "Device ID", "User agent")
_AMOUNT = ("成交金額", "成交價", "簽約金額", "成交額", "Deal value", "Deal amount", "Won amount", "Revenue")

# --- formulas -------------------------------------------------------------------------------------------------------------


def _real(cell: str) -> str:
    """The cell, without what Meta writes in a test."""
    return f"CASE WHEN regexp_matches(lower({cell}), '^<?test lead') THEN NULL ELSE {cell} END"


_TESTED = "coalesce(regexp_matches(lower(concat_ws('|', _name, _phone, _email)), '(^|\\|)<?test lead'), false)"
_NAMED, _CALLED, _MAILED = _real("_name"), _real("_phone"), _real("_email")
_MISPLACED = contacts.misplaced(_CALLED, _MAILED, _NAMED)


def _somebodys(text: str) -> str:
    """Whether free text can't be kept: of a row without a time or with cells in the wrong columns, with a phone or an
    e-mail, or with the name or phone that stand in the row."""
    own = f"{contacts.holds_name(text, _NAMED)} OR {contacts.holds_phone(text, _CALLED)} OR {contacts.someones(text)}"
    return f"received_at IS NULL OR {_MISPLACED} OR {own}"


def _public(text: str) -> str:
    return f"CASE WHEN {_somebodys(text)} THEN NULL ELSE {text} END"


def _id(name: str) -> str:
    # Meta writes l:123, c:123, ag:123, so that Excel leaves ids alone; of an id, figures and words without spaces are kept.
    return f"CASE WHEN {_somebodys(name)} THEN NULL ELSE regexp_extract({name}, '^(?:[a-z]{{1,2}}:)?([0-9]{{4,20}})$', 1) END"


_CLOCK = "regexp_extract(_clock, '^(?:(上午|下午|[AaPp][Mm]) *)?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: *([AaPp][Mm]))?$', ['a', 'h', 'm', 's', 'z'])"
_HOUR = f"(TRY_CAST({_CLOCK}.h AS INTEGER) + CASE WHEN regexp_matches({_CLOCK}.a || {_CLOCK}.z, '(?i)下午|pm') AND TRY_CAST({_CLOCK}.h AS INTEGER) < 12 THEN 12 ELSE 0 END)"
# Own lists have day and hour in two columns.
_MOMENT = (
    f"CASE WHEN {_CLOCK}.h <> '' AND received_at::TIME = TIME '00:00:00' AND {_HOUR} < 24 AND TRY_CAST({_CLOCK}.m AS INTEGER) < 60 "
    f"THEN received_at + to_seconds({_HOUR} * 3600 + TRY_CAST({_CLOCK}.m AS INTEGER) * 60 + TRY_CAST('0' || {_CLOCK}.s AS INTEGER)) ELSE received_at END"
)


def _lead_id(moment: str) -> str:
    """A list that numbers its leads names them by that, others by time and person."""
    person = f"{contacts.phone(_CALLED)}, {contacts.email(_MAILED)}, {contacts.name(_NAMED)}"
    otherwise = f"CASE WHEN received_at IS NOT NULL THEN concat_ws('|', ({moment})::VARCHAR, {person}) END"
    return f"coalesce(nullif(regexp_replace(lead_id, '^l:', ''), ''), {otherwise})"


_PERSON = {
    "lead_id": _lead_id("received_at"),
    "name_key": contacts.name(_NAMED),
    "is_test": _TESTED,
}
_CONTACTS = {
    "phone_key": contacts.phone(_CALLED),
    "phone_state": contacts.phone_state(_CALLED),
    "phone_kind": contacts.phone_kind(_CALLED),
    "email_key": contacts.email(_MAILED),
    "email_state": contacts.email_state(_MAILED),
    "email_domain_kind": contacts.email_domain_kind(_MAILED),
}
# A list without such a column says nothing of anybody; an empty cell is missing.
_IF_ASKED = {"phone_state": "_phone", "email_state": "_email"}

# --- what is worth a warning ------------------------------------------------------------------------------------------------

_KNOWN = Text(
    zh="{count} 列的處理狀態看不懂，已留空（看得懂的例如：新名單、已聯絡、合格、聯絡不上、無效、空號、成交、未成交）",
    en="{count} {count:row has|rows have} a status that isn't known and is left empty (known are, for example, new, contacted, qualified, no answer, invalid, won, lost)",
)
_NO_CONTACT = Text(
    zh="{count} 列沒有電話也沒有電子郵件：看不出重複或聯絡不上的人；請在名單加上「電話」或「Email」欄（匯入時只留加鹽雜湊）",
    en="{count} {count:row has|rows have} neither phone nor e-mail: repeated and unreachable people can't be told; add a column Phone or Email (only salted hashes of it are kept)",
)
_NO_COLUMNS = Text(
    zh="名單沒有電話和電子郵件的欄位：{count} 列看不出重複或聯絡不上的人；請加上「電話」或「Email」欄（匯入時只留加鹽雜湊）",
    en="the list has neither a column for phones nor one for e-mails: repeated and unreachable people among its {count} {count:row|rows} can't be told; add a column Phone or Email (only salted hashes of it are kept)",
)
_HIDDEN = Text(
    zh="{count} 列的電話無法檢查：被 Excel 改成科學記號（如 8.87E+11）、被遮住（如 0912***678）或已經是雜湊值；請用沒有遮蔽的原始匯出檔",
    en="{count} {count:phone|phones} can't be checked: destroyed by Excel (8.87E+11 …), half hidden (0912***678) or hashed already; use the original export",
)
_SWAPPED = Text(
    zh="{count} 列的姓名、電話或電子郵件像是填在別人的欄位，這些列的廣告活動與表單名稱不保留",
    en="{count} {count:row seems|rows seem} to have name, phone or e-mail in another's column; campaign and form of {count:it|them} aren't kept",
)
_UNKNOWN_STATUS = f"_status IS NULL OR ({status_of()}) IS NOT NULL"
_RULES = {
    "_phone IS NOT NULL OR _email IS NOT NULL": _NO_CONTACT,
    f"NOT {contacts.uncheckable('_phone')}": _HIDDEN,
    f"NOT {_MISPLACED}": _SWAPPED,
}

# --- formats --------------------------------------------------------------------------------------------------------------

_TOTALS = TotalRows(
    label=r"(合\s*計|總\s*計|小\s*計|(grand )?total)\s*[:：]?|共\s*[0-9,]+\s*(筆|人|組|位|名)",
    compared=r"(合\s*計|總\s*計|(grand )?total)\s*[:：]?",
)
_ORDERS = (
    Text(zh="這看起來是訂單明細，不是名單", en="this looks like a list of orders, not of leads"),
    Text(
        zh="要當訂單讀，請從後台匯出原始格式，或寫一份對照檔（templates/mapping.yaml，table: orders）",
        en="to read it as orders export the shop's own format, or write a mapping file (templates/mapping.yaml, table: orders)",
    ),
)
_OF_ORDERS = (
    "訂單編號", "訂單號碼", "訂單日期", "訂單金額", "訂單狀態", "訂單成立日期", "出貨日期", "出貨狀態", "付款方式", "付款狀態", "收件人", "收件地址", "商品名稱", "商品", "品項", "數量", "單價", "運費", "發票號碼",
    "Order ID", "Order number", "Order no.", "Order #", "Order date", "Order total", "Order status", "Total", "Quantity", "Unit price", "SKU", "Shipping address", "Invoice number",
)  # fmt: skip

LIST = Source(
    id="leads",
    title=Text(zh="名單（自有名單或 CRM）", en="Leads (own list or CRM)"),
    table="leads",
    personal=True,
    only_with=_IF_ASKED,
    headers={
        "lead_id": _ID,
        "received_at": _TIME,
        "_clock": ("時間", "Time"),
        "_name": _NAME,
        "_phone": _PHONE,
        "_email": _EMAIL,
        "_status": _STATUS,
        "_from": _FROM,
        "campaign_name": _CAMPAIGN,
        "ad_group_name": ("廣告組合", "廣告群組", "廣告組合名稱", "廣告群組名稱", "Ad set name", "Ad group"),
        "ad_name": ("廣告名稱", "廣告", "Ad name", "Ad"),
        "form_name": _FORM,
        "device_key": _DEVICE,
        "amount": _AMOUNT,
        "currency": ("幣別", "Currency"),
    },
    needs=("received_at", "_phone|_email"),
    signature=("填表時間", "填單時間", "進線時間", "詢問時間", "諮詢時間", "留單時間", "名單編號", "名單來源", "名單狀態", "聯絡狀態", "處理狀態", "跟進狀態", "聯絡電話", "Lead source", "Lead status", "Lead ID"),
    known=("備註", "附註", "說明", "留言", "需求", "需求說明", "負責人", "業務", "承辦人", "公司", "公司名稱", "性別", "地區", "縣市", "Notes", "Note", "Message", "Owner", "Company", "City", "Gender"),
    computed={
        **_PERSON,
        **_CONTACTS,
        "lead_id": _lead_id(_MOMENT),
        "received_at": _MOMENT,
        "status": status_of(),
        "referral": referral_of("_from"),
        **{name: _public(name) for name in ("campaign_name", "ad_group_name", "ad_name", "form_name")},
    },
    rules={_UNKNOWN_STATUS: _KNOWN} | _RULES,
    totals=_TOTALS,
    refused=dict.fromkeys(_OF_ORDERS, _ORDERS),
)  # fmt: skip

# Time, source and status alone: enough to count, not to tell people apart. Tables of money and of ads have such columns, too.
_OTHER = (
    Text(zh="這看起來是廣告或銷售的報表，不是名單", en="this looks like a report of ads or sales, not like leads"),
    Text(
        zh="要讀它請從後台匯出原始格式，或寫一份對照檔（templates/mapping.yaml）",
        en="export the platform's own format, or write a mapping file (templates/mapping.yaml)",
    ),
)
_OF_OTHERS = (
    "花費", "費用", "廣告費", "花費金額", "曝光", "曝光次數", "點擊", "點擊次數", "工作階段", "使用者", "金額", "商品金額", "銷售金額", "銷售額", "營業額", "實收", "實收金額", "淨收入", "廠商",
    "Cost", "Spend", "Amount", "Amount spent", "Impressions", "Impr.", "Clicks", "Sessions", "Users", "Sales", "Net sales", "Vendor",
)  # fmt: skip
BARE = replace(
    LIST,
    id="leads_without_contacts",
    title=Text(zh="名單（沒有電話和電子郵件）", en="Leads (without phones and e-mails)"),
    headers={
        **LIST.headers,
        "_from": tuple(word for word in _FROM if word not in {"平台", "媒體", "渠道", "Platform"}),
    },
    needs=("received_at", "_from", "_status"),
    signature=(),
    refused={**LIST.refused, **dict.fromkeys(_OF_OTHERS, _OTHER)},
    computed={name: sql for name, sql in LIST.computed.items() if name not in _CONTACTS},
    rules={_UNKNOWN_STATUS: _KNOWN, "false": _NO_COLUMNS},
)

META = Source(
    id="meta_leads",
    title=Text(zh="Meta 名單型廣告（即時表單）", en="Meta lead ads (instant forms)"),
    table="leads",
    personal=True,
    only_with=_IF_ASKED,
    headers={
        "lead_id": ("id", "lead_id"),
        "received_at": ("created_time",),
        "ad_name": ("ad_name",),
        "ad_group_name": ("adset_name",),
        "campaign_id": ("campaign_id",),
        "campaign_name": ("campaign_name",),
        "form_name": ("form_name",),
        "_organic": ("is_organic",),
        "_from": ("platform",),
        "_name": ("full_name", "full name", "全名", "姓名", "您的姓名", "first_name", "名字"),
        "_phone": ("phone_number", "phone", "電話號碼", "電話", "手機", "手機號碼", "聯絡電話", "work_phone_number", "工作電話"),
        "_email": ("email", "電子郵件", "電子郵件地址", "e-mail", "work_email", "工作電子郵件"),
        "_status": ("lead_status",),
    },
    kinds={"_organic": "flag"},
    needs=("received_at", "lead_id|_phone|_email"),
    signature=("created_time", "form_id", "form_name", "is_organic", "lead_status", "adset_name", "full_name", "phone_number"),
    known=("ad_id", "adset_id", "form_id", "retailer_item_id", "vehicle", "inbox_url", "city", "last_name", "company_name", "job_title", "customer_id"),
    computed={
        **_PERSON,
        **_CONTACTS,
        "campaign_id": f"nullif({_id('campaign_id')}, '')",
        "status": status_of(META_WORDS),
        "referral": f"CASE WHEN _organic THEN 'organic' WHEN _from IS NULL THEN 'form' ELSE {referral_of('_from')} END",
        **{name: _public(name) for name in ("campaign_name", "ad_group_name", "ad_name", "form_name")},
    },
    rules={f"_status IS NULL OR ({status_of(META_WORDS)}) IS NOT NULL": _KNOWN} | _RULES,
)  # fmt: skip

GOOGLE = Source(
    id="google_leads",
    title=Text(zh="Google Ads 待開發客戶表單", en="Google Ads lead forms"),
    table="leads",
    personal=True,
    only_with=_IF_ASKED,
    headers={
        "lead_id": ("Google lead ID", "Lead ID", "google_lead_id", "lead_id", "待開發客戶 ID", "潛在顧客 ID"),
        "received_at": ("Lead submission time", "Submission time", "lead_submit_time", "Lead submit time", "待開發客戶提交時間", "提交時間", "Date"),
        "campaign_id": ("Campaign ID", "campaign_id", "廣告活動 ID"),
        "campaign_name": ("Campaign name", "Campaign", "廣告活動", "廣告活動名稱"),
        "ad_group_name": ("Ad group name", "Ad group", "廣告群組"),
        "form_name": ("Form name", "Lead form", "表單名稱"),
        "_name": ("Full name", "User name", "Name", "full_name", "姓名", "全名"),
        "_phone": ("User phone", "Phone number", "Phone", "phone_number", "電話號碼", "使用者電話"),
        "_email": ("User email", "Email", "Work email", "email", "電子郵件", "使用者電子郵件"),
        "_status": ("Lead stage", "lead_stage", "Lead status"),
        "_tested": ("Is test", "is_test", "Test lead"),
    },
    kinds={"_tested": "flag"},
    needs=("received_at", "_phone|_email|lead_id"),
    signature=("Google lead ID", "google_lead_id", "GCLID", "gcl_id", "Form ID", "Lead submission time", "User email", "User phone", "待開發客戶 ID", "Creative ID"),
    known=("form_id", "Ad group ID", "adgroup_id", "creative_id", "Asset group ID", "asset_group_id", "api_version", "google_key", "City", "Postal code", "Region", "Country", "Company name", "Job title"),
    computed={
        **_PERSON,
        **_CONTACTS,
        "campaign_id": f"nullif({_id('campaign_id')}, '')",
        "status": status_of(),
        "referral": "'google'",
        "is_test": f"coalesce(_tested, false) OR {_TESTED}",
        **{name: _public(name) for name in ("campaign_name", "ad_group_name", "form_name")},
    },
    rules={_UNKNOWN_STATUS: _KNOWN} | _RULES,
)  # fmt: skip

ANSWERS = Source(
    id="google_forms",
    title=Text(zh="Google 表單回應", en="Google Forms answers"),
    table="leads",
    personal=True,
    only_with=_IF_ASKED,
    headers={
        "lead_id": _ID,
        "received_at": ("時間戳記", "Timestamp"),
        "_name": _NAME,
        "_phone": _PHONE,
        "_email": (*_EMAIL, "使用者名稱", "Username"),
        "_status": _STATUS,
        "_from": _FROM,
        "campaign_name": ("utm_campaign", "廣告活動", "Campaign"),
        "amount": _AMOUNT,
    },
    needs=("received_at", "_phone|_email"),
    signature=("時間戳記", "Timestamp"),
    known=LIST.known,
    computed={
        **_PERSON,
        **_CONTACTS,
        "status": status_of(),
        "referral": f"coalesce({referral_of('_from')}, 'form')",
        "campaign_name": _public("campaign_name"),
    },
    rules={_UNKNOWN_STATUS: _KNOWN} | _RULES,
)  # fmt: skip
SOURCE = (LIST, BARE, META, GOOGLE, ANSWERS)
