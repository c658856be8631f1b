"""Which channel a visit came through: web analytics' words turned into the channels that ad spend is kept by."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.tables.quoting import literal

# Source/medium, best first: paid clicks go to the platform that was paid, so that spend and visits meet.
_BY_SOURCE_MEDIUM: Mapping[str, str] = {
    "google_ads": r"^(google|youtube).*/ *(cpc|ppc|paid.*|display|video|pmax)$",
    "meta_ads": r"^(facebook|fb|ig|instagram|meta|an|m\.facebook).*/ *(cpc|ppc|cpm|paid.*|ads?|social_paid)$",
    "line_ads": r"^line.*/ *(cpc|ppc|cpm|paid.*|ads?|lap|display)$",
    "tiktok_ads": r"^tiktok.*/ *(cpc|ppc|cpm|paid.*|ads?)$",
    "criteo": r"^criteo.*/",
    "pchome_ads": r"^(pchome|pfp).*/ *(cpc|ppc|paid.*|ads?)$",
    "organic_search": r"/ *organic$",
    "direct": r"^\(direct\)",
    "email": r"/ *(email|e-mail|edm|newsletter)$|^(edm|newsletter)",
    "line_oa": r"^line",
    "organic_social": r"^(facebook|fb|l\.facebook|m\.facebook|lm\.facebook|ig|instagram|l\.instagram|threads|tiktok|youtube|dcard|ptt|x|t\.co)\b|/ *social$",
    "referral": r"/ *referral$",
    "affiliates": r"/ *affiliates?$",
}
# Where only the channel group is known, paid groups that several platforms share keep a name of their own.
_BY_GROUP: Mapping[str, str] = {
    "google_ads": r"^(cross-network|跨聯播網)$",
    "paid_search": r"^(paid search|付費搜尋)$",
    "paid_social": r"^(paid social|付費社群|付費社交)$",
    "paid_shopping": r"^(paid shopping|付費購物)$",
    "paid_video": r"^(paid video|付費影片)$",
    "display": r"^(display|多媒體廣告|顯示廣告)$",
    "organic_search": r"^(organic search|自然搜尋|隨機搜尋)$",
    "organic_social": r"^(organic social|自然社群|隨機社群|自然社交)$",
    "organic_video": r"^(organic video|自然影片|隨機影片)$",
    "organic_shopping": r"^(organic shopping|自然購物|隨機購物)$",
    "direct": r"^(direct|直接)$",
    "email": r"^(email|電子郵件)$",
    "referral": r"^(referral|參照連結網址|推薦連結|參照連結)$",
    "affiliates": r"^(affiliates|聯盟行銷|聯盟)$",
    "sms": r"^(sms|簡訊)$",
}


def channel_sql(source_medium: str = "source_medium", channel_group: str = "channel_group") -> str:
    """The channel as a DuckDB expression: by source and medium where they are known, else by the channel group, else ''."""
    by_medium = _cases(_BY_SOURCE_MEDIUM, f"lower(trim({source_medium}))")
    by_group = _cases(_BY_GROUP, f"lower(trim({channel_group}))")
    return f"coalesce({by_medium}, {by_group}, '')"


def _cases(words: Mapping[str, str], cell: str) -> str:
    whens = " ".join(
        f"WHEN regexp_matches({cell}, {literal(pattern)}) THEN {literal(channel)}" for channel, pattern in words.items()
    )
    return f"CASE {whens} END"
