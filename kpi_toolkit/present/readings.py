"""What a file's reading is told with: why rows were left out, and what the sums over its columns are called."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.phrases import said
from kpi_toolkit.tables import TABLES

_REASONS: Mapping[str, Text] = {
    "total row": Text(zh="合計列", en="totals rows"),
    "footer row": Text(zh="頁尾列", en="footer rows"),
    "blank row": Text(zh="空白列", en="blank rows"),
    "duplicate row": Text(zh="重複列", en="duplicated rows"),
    "incomplete order": Text(zh="不完整的訂單", en="incomplete orders"),
    "row without order number": Text(zh="沒有訂單編號的列", en="rows without an order number"),
    "shifted row": Text(zh="欄位錯開的列", en="rows whose cells are shifted"),
}
_UNREADABLE = Text(zh="看不懂的{column}", en="unreadable: {column}")
_INVALID = Text(zh="不合理的{column}", en="out of range: {column}")
_OTHER = Text(zh="其他原因", en="other reasons")
# Sums that no column is called by, and columns whose meaning is a sentence.
_TOTALS: Mapping[str, Text] = {
    "leads": Text(zh="名單數", en="leads"), "orders": Text(zh="訂單數", en="orders"), "gross_total": Text(zh="訂單總額", en="order total"),
    "revenue": Text(zh="營收", en="revenue"), "cancelled": Text(zh="已取消的訂單", en="cancelled orders"),
    "pending": Text(zh="待付款的訂單", en="pending orders"), "refunded": Text(zh="退款", en="refunded"),
    "spend": Text(zh="花費", en="spend"), "impressions": Text(zh="曝光", en="impressions"),
    "clicks": Text(zh="點擊", en="clicks"), "clicks_all": Text(zh="所有點擊或互動", en="all clicks or interactions"),
    "landing_page_views": Text(zh="連結頁面瀏覽", en="landing page views"),
    "add_to_carts": Text(zh="加入購物車", en="adds to cart"), "checkouts": Text(zh="開始結帳", en="checkouts"),
    "conversions": Text(zh="轉換", en="conversions"), "conversions_value": Text(zh="轉換價值", en="conversion value"),
    "video_views": Text(zh="影片觀看", en="video views"), "invalid_clicks": Text(zh="無效點擊", en="invalid clicks"),
    "followers_gained": Text(zh="新增好友／追蹤", en="friends or followers gained"), "users": Text(zh="使用者", en="users"),
    "new_users": Text(zh="新使用者", en="new users"), "sessions": Text(zh="工作階段", en="sessions"),
    "engaged_sessions": Text(zh="互動工作階段", en="engaged sessions"), "views": Text(zh="瀏覽", en="views"),
    "event_count": Text(zh="事件", en="events"), "purchases": Text(zh="購買", en="purchases"),
    "key_events": Text(zh="關鍵事件", en="key events"), "amount": Text(zh="金額", en="amount"),
    "watch_hours": Text(zh="觀看時數", en="watch hours"), "likes": Text(zh="喜歡", en="likes"),
    "comments": Text(zh="留言", en="comments"), "shares": Text(zh="分享", en="shares"),
    "follows": Text(zh="新增訂閱", en="subscribers gained"), "reach": Text(zh="觸及", en="reach"),
}  # fmt: skip


def dropped(code: str, lang: Lang) -> str:
    """Which rows were left out, from the reason's code."""
    if code in _REASONS:
        return _REASONS[code].say(lang)
    kind, _, column = code.partition(" ")
    words = {"unreadable": _UNREADABLE, "invalid": _INVALID}.get(kind)
    return said(words, lang, column=_meaning(column, lang)) if words else _OTHER.say(lang)


def total(name: str, lang: Lang) -> str:
    """What the sum is called that a LoadReport gives under `name`."""
    return _TOTALS[name].say(lang) if name in _TOTALS else _meaning(name, lang)


def _meaning(column: str, lang: Lang) -> str:
    return next((table[column].meaning.say(lang) for table in TABLES.values() if column in table), column)
