"""TikTok Ads Manager: XLSX and CSV as downloaded, and the names of its API and of Fivetran's copies of it.

Clicks to the destination are those that lead to the site; `Clicks (all)` hold likes and profile visits too.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="tiktok_ads",
    title=Text(zh="TikTok 廣告管理平台", en="TikTok Ads Manager"),
    table="ads_daily",
    headers={
        "date_day": ("By Day", "Day", "Date", "stat_time_day", "stat_time_hour", "依日", "按天", "日期"),
        "account_id": ("Account ID", "Advertiser ID", "advertiser_id", "帳戶 ID", "廣告主 ID"),
        "account_name": ("Account name", "Advertiser name", "帳戶名稱", "廣告主名稱"),
        "campaign_id": ("Campaign ID", "campaign_id", "推廣活動 ID"),
        "campaign_name": ("Campaign name", "Campaign", "campaign_name", "推廣活動名稱", "推廣活動", "廣告活動名稱"),
        "ad_group_id": ("Ad group ID", "adgroup_id", "廣告群組 ID"),
        "ad_group_name": ("Ad group name", "Ad group", "adgroup_name", "廣告群組名稱"),
        "ad_id": ("Ad ID", "ad_id", "廣告 ID"),
        "ad_name": ("Ad name", "Ad", "ad_name", "廣告名稱"),
        "age": ("Age", "年齡"),
        "gender": ("Gender", "性別"),
        "placement": ("Placement", "Placements", "版位"),
        "country": ("Country/Region", "Country", "Country or region", "國家/地區", "country_code"),
        "hour": ("By Hour", "Hour", "Time of day", "依小時", "小時", "stat_time_hour"),
        "currency": ("Currency", "幣別", "貨幣"),
        "spend": ("Cost", "Spend", "Total cost", "花費", "費用", "總花費"),
        "impressions": ("Impressions", "Impression", "曝光次數", "曝光數"),
        "reach": ("Reach", "觸及人數"),
        "clicks": ("Clicks (destination)", "Clicks", "點擊次數（目的地）", "點擊數（目的地）", "點擊次數"),
        "clicks_all": ("Clicks (all)", "點擊次數（全部）", "點擊數（全部）"),
        "landing_page_views": ("Landing page views", "Landing page view", "登陸頁面瀏覽次數"),
        "_conversions": ("Conversions", "Conversion", "Total conversions", "轉換次數", "轉換數"),
        "view_conversions": ("VTA conversions", "VTA conversion", "Conversions (VTA)", "View-through conversions", "vta_conversion"),
        "_results": ("Results", "Result", "成果", "成效"),
        "conversion_type": ("Result type", "成果類型", "成效類型"),
        "conversions_value": (
            "Total complete payment value", "Complete payment value", "Total purchase value", "Gross revenue (Shop)", "total_conversion_value", "完成付款總價值",
        ),
        "video_views": ("2-second video views", "6-second video views", "2 秒影片觀看次數"),
        "status": ("Primary status", "Status", "主要狀態"),
        "objective": ("Objective", "Advertising objective", "推廣目標"),
        "budget": ("Budget", "Campaign budget", "Ad group budget", "預算"),
    },
    kinds={"_conversions": "count", "_results": "count"},
    needs=("spend", "impressions", "campaign_name|campaign_id|ad_group_name|ad_group_id|ad_name|ad_id|account_name"),
    signature=(
        "By Day", "Clicks (destination)", "CTR (destination)", "CPC (destination)", "Primary status", "2-second video views", "6-second video views",
        "Conversion rate (CVR)", "Complete payment", "stat_time_day", "stat_time_hour", "advertiser_id", "點擊次數（目的地）", "推廣活動名稱",
    ),
    known=(
        "Frequency", "頻率", "CTR", "CTR (all)", "CPC", "CPC (all)", "CPM", "Cost per conversion", "CPA", "Cost per result", "Result rate", "Video views", "Complete payment", "CTA conversions", "CTA conversion", "Conversions (CTA)", "Click-through conversions", "cta_conversion",
        "CVR", "點閱率（目的地）", "單次點擊成本（目的地）", "單次轉換成本", "轉換率", "secondary_status", "conversion_rate", "cost_per_conversion", "real_time_conversion",
    ),
    preamble=r"\bTikTok\b",
    # Only what the account optimises for is a conversion; results of a traffic campaign are its clicks.
    computed={"conversions": "coalesce(_conversions, CASE WHEN regexp_matches(lower(coalesce(conversion_type, '')), 'click|view|reach|impression|follow|點擊|觀看|觸及') THEN NULL ELSE _results END)"},
    totals=TotalRows(
        label=r"total( of .*)?|總計.*|合計",
        blank=("campaign_name", "campaign_id", "ad_group_name", "ad_group_id", "ad_name", "ad_id", "account_name", "account_id"),
    ),
)  # fmt: skip
