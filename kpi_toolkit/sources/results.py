"""Meta's codes for results and objectives, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kpi_toolkit.i18n import Text, finished, same

_LONGEST = 60
_WORDS: Mapping[str, Text] = {
    "purchase": Text(zh="購買", en="purchases"),
    "lead": Text(zh="名單", en="leads"),
    "message": Text(zh="開始對話", en="conversations"),
    "registration": Text(zh="完成註冊", en="registrations"),
    "cart": Text(zh="加入購物車", en="adds to cart"),
    "checkout": Text(zh="開始結帳", en="checkouts begun"),
    "view": Text(zh="瀏覽內容", en="content views"),
    "link": Text(zh="連結點擊", en="link clicks"),
    "landing": Text(zh="連結頁面瀏覽", en="landing page views"),
    "install": Text(zh="應用程式安裝", en="app installs"),
    "sales": Text(zh="銷售", en="sales"),
    "traffic": Text(zh="流量", en="traffic"),
    "engagement": Text(zh="互動", en="engagement"),
    "awareness": Text(zh="品牌認知", en="awareness"),
    "app": Text(zh="應用程式推廣", en="app promotion"),
}
_CODES: Mapping[str, str] = {
    r"(actions:)?((off|on)site_conversion\.|omni_|onsite_web_|web_in_store_)?(fb_pixel_)?purchase": "purchase",
    r"(actions:)?((off|on)site_conversion\.)?(fb_pixel_)?(lead|lead_grouped)|leadgen(\.other|_grouped)?|outcome_leads|lead_generation": "lead",
    r"(actions:)?(onsite_conversion\.)?(messaging_conversation_started_7d|messaging_first_reply|total_messaging_connection)": "message",
    r"(actions:)?(offsite_conversion\.|omni_)?(fb_pixel_)?complete_registration": "registration",
    r"(actions:)?(offsite_conversion\.|omni_)?(fb_pixel_)?add_to_cart": "cart",
    r"(actions:)?(offsite_conversion\.|omni_)?(fb_pixel_)?initiated?_checkout": "checkout",
    r"(actions:)?(offsite_conversion\.|omni_)?(fb_pixel_)?view_content": "view",
    r"(actions:)?link_click": "link",
    r"(actions:)?(omni_)?landing_page_view": "landing",
    r"(actions:)?(omni_app_install|mobile_app_install|app_install)": "install",
    "outcome_sales|conversions": "sales",
    "outcome_traffic|link_clicks": "traffic",
    "outcome_engagement": "engagement",
    "outcome_awareness": "awareness",
    "outcome_app_promotion": "app",
}


def in_words(code: str) -> Text:
    """What a result or objective is called; a code that isn't known stays as it is, at most 60 characters of it."""
    known = next((word for codes, word in _CODES.items() if re.fullmatch(codes, code.lower())), None)
    return _WORDS[known] if known else same(code[:_LONGEST])


def listed(counts: Sequence[tuple[str, int]]) -> Text:
    """`purchases × 3, leads × 2`: codes in words, with the code itself where two have the same word."""
    called = [in_words(code) for code, _ in counts]
    doubled = [called.count(word) > 1 for word in called]
    told = [
        Text(zh="{word}（{code}）", en="{word} ({code})").fill(word=word, code=code[:_LONGEST]) if twice else word
        for word, twice, (code, _) in zip(called, doubled, counts, strict=True)
    ]
    zh, en = (
        ", ".join(f"{word.say(lang)} × {count}" for word, (_, count) in zip(told, counts, strict=True))
        for lang in ("zh-TW", "en")
    )
    return finished(zh, en)
