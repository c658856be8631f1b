"""LINE Ads (LAP): the report screen's CSV and Excel, with the API's column names or the words of the zh-TW screen.

The platform writes rates as percent figures without a sign; they are recomputed from counts and never read.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="line_ads",
    title=Text(zh="LINE 廣告（LAP）成效報表", en="LINE Ads (LAP) report"),
    table="ads_daily",
    headers={
        "date_day": ("day", "date", "日期", "日"),
        "_month": ("month", "月", "月份"),
        "account_name": ("ad_account_name", "廣告帳號", "廣告帳號名稱", "Ad account name", "Ad account"),
        "account_id": ("ad_account_id", "廣告帳號 ID", "廣告帳號ID", "Ad account ID"),
        "campaign_name": ("campaign_name", "廣告活動名稱"),
        "campaign_id": ("campaign_id", "廣告活動 ID", "廣告活動ID"),
        "ad_group_name": ("ad_group_name", "廣告群組名稱"),
        "ad_group_id": ("ad_group_id", "廣告群組 ID", "廣告群組ID"),
        "ad_name": ("ad_name", "廣告名稱"),
        "ad_id": ("ad_id", "廣告 ID", "廣告ID"),
        "device": ("device", "os", "裝置", "作業系統"),
        "age": ("age", "年齡"),
        "gender": ("gender", "性別"),
        "placement": ("placement", "版位", "廣告版位"),
        "country": ("country", "國家/地區", "國家"),
        "hour": ("hour", "時段", "小時"),
        "currency": ("currency", "幣別", "貨幣"),
        "spend": ("cost", "費用", "花費", "廣告費用", "花費金額"),
        "impressions": ("impressions", "曝光", "曝光次數", "曝光數"),
        "reach": ("reach_estimated", "預估觸及人數", "觸及人數"),
        "clicks": ("clicks", "點擊", "點擊次數", "點擊數"),
        "add_to_carts": ("add_to_cart", "加入購物車"),
        "conversions": ("cv", "轉換", "轉換次數", "轉換數", "purchase"),
        "view_conversions": ("view_through_cv", "view_through_conversions", "vtcv", "瀏覽後轉換", "瀏覽後轉換次數", "瀏覽後轉換數"),
        "conversion_type": ("cv_event", "cv event", "轉換事件"),
        "video_views": ("3_second_video_views", "影片觀看 3 秒", "影片觀看次數（3 秒）"),
        "followers_gained": ("加入好友", "加入好友數", "add_friend", "add_friends", "friends_added"),
        "status": ("ad_status", "狀態"),
        "objective": ("campaign_objective", "廣告活動目的", "廣告活動目標"),
    },
    needs=("spend", "impressions|clicks", "campaign_name|campaign_id|account_name|account_id|ad_group_name|ad_name|ad_id"),
    signature=(
        "ad_account_name", "ad_account_id", "campaign_objective", "cv", "cvr", "reach_estimated", "3_second_video_views", "video_starts",
        "廣告帳號", "加入好友", "加入好友數",
    ),
    known=(
        "cpm", "ctr", "cpc", "cpa", "video_starts", "video_completions", "video_watches_at_p25", "video_watches_at_p50", "video_watches_at_p75",
        "video_watches_at_p95", "點閱率", "點擊率", "轉換率", "每千次曝光費用", "單次點擊費用", "單次轉換費用",
    ),
    preamble=r"\bLINE\b.*(ads|廣告)",
    totals=TotalRows(
        label="total|總計|合計",
        blank=("account_name", "account_id", "campaign_name", "campaign_id", "ad_group_name", "ad_group_id", "ad_name", "ad_id"),
    ),
)  # fmt: skip
