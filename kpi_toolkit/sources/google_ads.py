"""Google Ads: campaign, ad group, ad, keyword and search-term reports as downloaded, English and zh-TW."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="google_ads",
    title=Text(zh="Google Ads 廣告活動報表", en="Google Ads report"),
    table="ads_daily",
    headers={
        "date_day": ("Day", "日", "日期", "segments.date", "date"),
        "_week": ("Week", "週"),
        "_month": ("Month", "月", "月份"),
        "account_id": ("Customer ID", "客戶 ID", "Account ID", "帳戶 ID", "customer_id"),
        "account_name": ("Account", "Account name", "帳戶", "帳戶名稱", "客戶名稱", "account_name"),
        "campaign_id": ("Campaign ID", "廣告活動 ID", "campaign.id", "campaign_id"),
        "campaign_name": ("Campaign", "廣告活動", "campaign.name", "campaign_name"),
        "ad_group_id": ("Ad group ID", "廣告群組 ID", "ad_group_id"),
        "ad_group_name": ("Ad group", "廣告群組", "ad_group_name"),
        "ad_id": ("Ad ID", "廣告 ID", "ad_id"),
        "ad_name": ("Ad name", "廣告名稱", "Headline", "Keyword", "Search keyword", "關鍵字", "搜尋關鍵字", "Search term", "搜尋字詞"),
        "device": ("Device", "裝置"),
        "age": ("Age", "年齡"),
        "gender": ("Gender", "性別"),
        "placement": ("Network (with search partners)", "Network", "聯播網", "聯播網（含搜尋夥伴）"),
        "country": ("Country/Territory (User location)", "Country/Territory (Matched location)", "Country/Territory", "國家/地區 (使用者所在地)", "國家/地區 (使用者位置)", "國家/地區 (相符地區)", "國家/地區"),
        "hour": ("Hour of the day", "Hour of day", "一天中的時段", "時段", "小時", "segments.hour", "hour"),
        "currency": ("Currency code", "Currency", "貨幣代碼", "幣別代碼", "貨幣"),
        "spend": ("Cost", "費用", "成本"),
        "_cost_micros": ("cost_micros", "metrics.cost_micros"),
        "impressions": ("Impr.", "Impressions", "曝光", "曝光次數", "metrics.impressions"),
        "clicks": ("Clicks", "點擊", "點擊次數", "metrics.clicks"),
        "clicks_all": ("Interactions", "互動", "互動次數"),
        "reach": ("Unique users", "不重複使用者"),
        "conversions": ("Conversions", "Conv.", "轉換", "轉換次數", "metrics.conversions"),
        "conversions_value": ("Conv. value", "Conversion value", "Total conv. value", "轉換價值", "轉換值", "metrics.conversions_value", "conversions_value"),
        "view_conversions": ("View-through conv.", "View-through conversions", "瀏覽後轉換", "瀏覽後轉換次數", "瀏覽後轉換數", "view_through_conversions", "metrics.view_through_conversions"),
        "conversion_type": ("Conversion action", "轉換動作", "Goals"),
        "video_views": ("TrueView views", "Views", "觀看次數", "TrueView 觀看次數"),
        "invalid_clicks": ("Invalid clicks", "無效點擊"),
        "status": ("Campaign status", "Campaign state", "廣告活動狀態", "Status", "狀態"),
        "objective": ("Campaign type", "廣告活動類型"),
        "budget": ("Budget", "預算"),
    },
    kinds={"_cost_micros": "money"},
    needs=("spend|_cost_micros", "impressions|clicks", "campaign_name|campaign_id|account_name|account_id|ad_group_name|ad_name"),
    signature=(
        "Impr.", "Avg. CPC", "Cost / conv.", "Conv. value", "Conv. value / cost", "Search impr. share", "Interaction rate",
        "Optimization score", "Optimisation score", "Bid strategy type", "廣告活動", "平均單次點擊出價", "單次轉換費用", "轉換價值/費用", "搜尋曝光比重",
        "廣告活動狀態", "cost_micros", "metrics.cost_micros",
    ),
    known=(
        "CTR", "點閱率", "Avg. cost", "Avg. CPM", "Avg. CPV", "Conv. rate", "All conv.", "Search lost IS (budget)", "Search lost IS (rank)",
        "Status reasons", "Budget name", "Budget type", "Target CPA", "Target ROAS", "Viewable impr.", "互動率", "轉換率", "預算類型", "最佳化分數", "出價策略類型",
        "Conv. (Platform Comparable)", "Cost / Conv. (Platform Comparable)", "Conv. value / Cost (Platform Comparable)", "Conv. value / cost", "Cost / conv.",
        "廣告活動狀態", "轉換價值/費用", "單次轉換費用", "Interaction rate", "Bid strategy type", "active_view_impressions", "ad_network_type", "interactions", "Original conv. value", "TrueView avg. CPV", "Avg. target CPA", "Avg. target ROAS",
    ),
    preamble=r"^(campaign|ad group|ad|keyword|search keyword|search terms?|account) report|^廣告.*報表|^關鍵字報表|^搜尋字詞報表",
    scales={"_cost_micros": 1e6},
    computed={"spend": "coalesce(spend, _cost_micros)"},
    totals=TotalRows(
        label=r"(total|總計)\s*[:：].*",
        compared=r"(total|總計)\s*[:：]\s*(campaigns|ad groups|ads|keywords|search keywords|search terms|廣告活動|廣告群組|廣告|關鍵字|搜尋關鍵字|搜尋字詞)",
        covering=r"(total|總計)\s*[:：]\s*(account|帳戶)",
    ),
)  # fmt: skip
