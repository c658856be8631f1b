"""The client's own ledger of leads: a row is a person who left a form, a message or a number. Nobody's data are kept."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

STATUSES = ("new", "contacted", "qualified", "unreachable", "invalid", "won", "lost")
# Where a lead came from, as a closed list: the free text of such columns names people (`王太太介紹`).
REFERRALS = (
    "facebook", "instagram", "messenger", "line", "google", "youtube", "tiktok", "website", "form", "phone", "email", "walk_in",
    "exhibition", "recommended", "organic", "ads", "other",
)  # fmt: skip
STATES = ("valid", "impossible", "missing")
PHONE_KINDS = ("mobile", "landline", "voip", "toll_free", "foreign")
DOMAIN_KINDS = ("freemail", "disposable", "other")


def _key(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="id", hashed=True, meaning=Text(zh=zh, en=en))


def _choice(name: str, allowed: tuple[str, ...], zh: str, en: str) -> Column:
    return Column(name=name, kind="id", allowed=allowed, meaning=Text(zh=zh, en=en))


def _text(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="text", meaning=Text(zh=zh, en=en))


TABLE = Table(
    id="leads",
    title=Text(zh="名單", en="Leads"),
    key=("source", "lead_id"),
    day="received_at",
    columns=(
        *provenance(),
        _key("lead_id", "名單代碼（加鹽雜湊）：檔案裡的名單編號；沒有編號時由時間加聯絡資料組成，重複填寫的各有代碼", "Lead, as a salted hash of the file's own id, or else of time and contact data (and which one of several alike it is)"),
        Column(name="received_at", kind="time", required=True, meaning=Text(zh="收到名單的時間（客戶所在時區）", en="When the lead came in, in the client's time zone")),
        _choice("status", STATUSES, "處理狀態：新名單、已聯絡、合格、聯絡不上、無效（空號、假資料、重複）、成交、未成交；檔案沒寫或看不懂時留空", "new, contacted, qualified, unreachable, invalid (wrong number, made up, repeated), won, lost; empty where the file doesn't say"),
        _choice("referral", REFERRALS, "名單從哪裡來（歸成固定幾類，不保留原文）", "Where it says it came from, as one of a few kinds"),
        _text("campaign_name", "廣告活動名稱", "Campaign"),
        Column(name="campaign_id", kind="id", meaning=Text(zh="廣告活動編號", en="Campaign's id")),
        _text("ad_group_name", "廣告群組名稱", "Ad group"),
        _text("ad_name", "廣告名稱", "Ad"),
        _text("form_name", "表單名稱", "Form"),
        _key("phone_key", "電話代碼（統一寫法後加鹽雜湊，無法還原）", "Phone, as a salted hash of its one way of writing"),
        _choice("phone_state", STATES, "電話是否可能存在：合理、不可能、沒有填；被 Excel 毀損或遮住、無法檢查的，以及名單沒有電話欄的留空", "Whether the phone can exist: valid, impossible, missing; empty where it can't be checked (destroyed by Excel, hidden, hashed) or the list has no such column"),
        _choice("phone_kind", PHONE_KINDS, "電話種類：手機、市話、網路電話、免付費、國外", "mobile, landline, voip, toll_free or foreign; empty for impossible phones"),
        _key("email_key", "電子郵件代碼（統一寫法後加鹽雜湊，無法還原）", "E-mail, as a salted hash of its one way of writing"),
        _choice("email_state", STATES, "電子郵件是否可能存在：合理、不可能、沒有填；名單沒有這一欄的留空", "Whether the e-mail can exist: valid, impossible, missing; empty where the list has no such column"),
        _choice("email_domain_kind", DOMAIN_KINDS, "信箱種類：免費信箱、拋棄式信箱、其他（公司或個人網域）", "freemail, disposable or other (a company's or a person's own domain)"),
        _key("name_key", "姓名代碼（加鹽雜湊）；同名不一定同一人", "Name, as a salted hash; people share names"),
        _key("device_key", "裝置或 IP 代碼（加鹽雜湊）", "Device or IP address, as a salted hash"),
        Column(name="is_test", kind="flag", meaning=Text(zh="是否為平台的測試名單", en="Whether it is a platform's test lead")),
        Column(name="amount", kind="money", meaning=Text(zh="成交金額", en="Value of the deal that was won")),
    ),
)  # fmt: skip
