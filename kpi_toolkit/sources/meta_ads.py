"""Meta Ads Manager: CSV and XLSX as downloaded, English and zh-TW."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

# Results that are no more than attention; the rest (purchases, leads, messages, registrations …) are conversions.
_ATTENTION = "link_click|landing_page_view|thruplay|video|engagement|reach|impression|page_like|連結點擊|連結頁面|影片|互動|觸及|link clicks|landing page|thruplays"
# Results that are conversions; and purchases, unless a column of zeros stands beside leads or messages that were won.
_WON = f"CASE WHEN NOT regexp_matches(lower(coalesce(_result_type, '')), '{_ATTENTION}') THEN _results END"
_BOUGHT = f"CASE WHEN _purchases = 0 AND greatest(coalesce(_leads, 0), coalesce(_messages, 0), coalesce({_WON}, 0)) > 0 THEN NULL ELSE _purchases END"
# A setting that counts clicks alone has no conversion after a view among its own.
_CLICKS_ALONE = "attribution IS NOT NULL AND NOT regexp_matches(lower(attribution), '[0-9]-day view|瀏覽')"
# Of what is counted as conversions.
_VIEWED = (
    f"CASE WHEN {_BOUGHT} IS NOT NULL THEN coalesce(_purchases_viewed, CASE WHEN _results = _purchases THEN _results_viewed END) "
    f"WHEN {_WON} IS NOT NULL THEN _results_viewed ELSE _leads_viewed END"
)


def _viewed(*names: str) -> tuple[str, ...]:
    """How the column of a figure is called that counts what came within a day of a view."""
    windows = ("1-day view", "1 day view", "瀏覽後 1 天", "瀏覽後 1 天內", "瀏覽 1 天", "1 天瀏覽")
    return tuple(form.format(name=name, window=window) for name in names for window in windows for form in ("{name} [{window}]", "{name} ({window})", "{name}({window})", "{name} - {window}", "{name}: {window}"))  # fmt: skip


SOURCE = Source(
    id="meta_ads",
    title=Text(zh="Meta 廣告管理員", en="Meta Ads Manager"),
    table="ads_daily",
    headers={
        "date_day": ("Day", "天數", "日", "日期", "date", "date_start"),
        "_range": ("Month", "月", "Week", "週"),
        "period_start": ("Reporting starts", "分析報告開始", "報告開始日期"),
        "period_end": ("Reporting ends", "分析報告結束", "報告結束日期", "date_stop"),
        "account_id": ("Account ID", "帳號編號", "廣告帳號編號", "account_id"),
        "account_name": ("Account name", "帳號名稱", "廣告帳號名稱", "account_name"),
        "campaign_id": ("Campaign ID", "行銷活動編號", "campaign_id"),
        "campaign_name": ("Campaign name", "行銷活動名稱", "campaign_name"),
        "ad_group_id": ("Ad set ID", "廣告組合編號", "adset_id"),
        "ad_group_name": ("Ad set name", "廣告組合名稱", "adset_name"),
        "ad_id": ("Ad ID", "廣告編號", "ad_id"),
        "ad_name": ("Ad name", "廣告名稱", "ad_name"),
        "device": ("Impression device", "Device platform", "曝光裝置", "裝置平台"),
        "age": ("Age", "年齡"),
        "gender": ("Gender", "性別"),
        "placement": ("Placement", "Platform", "版位", "平台"),
        "country": ("Country", "國家/地區", "國家", "country"),
        "hour": ("Time of day (ad account time zone)", "Time of day (viewer's time zone)", "Time of day (viewer’s time zone)", "一天中的時間（廣告帳號時區）", "時段（廣告帳號時區）", "一天當中的時間（廣告帳號時區）", "時間（廣告帳號時區）",
            "時段（觀看者時區）", "hourly_stats_aggregated_by_advertiser_time_zone", "hourly_stats_aggregated_by_audience_time_zone"),
        "currency": ("Currency", "幣別", "貨幣", "account_currency"),
        "spend": ("Amount spent", "花費金額", "spend"),
        "impressions": ("Impressions", "曝光次數"),
        "reach": ("Reach", "觸及人數"),
        "clicks": ("Link clicks", "連結點擊次數", "inline_link_clicks"),
        "clicks_all": ("Clicks (all)", "點擊次數（全部）", "clicks"),
        "landing_page_views": ("Landing page views", "Website landing page views", "landing_page_views", "連結頁面瀏覽次數", "網站連結頁面瀏覽次數"),
        "add_to_carts": ("Adds to cart", "Website adds to cart", "加到購物車次數", "網站加到購物車次數"),
        "checkouts": ("Checkouts initiated", "Website checkouts initiated", "開始結帳次數", "網站開始結帳次數"),
        "_purchases": ("Purchases", "Website purchases", "購買次數", "網站購買"),
        "_purchase_value": ("Purchases conversion value", "Website purchases conversion value", "購買轉換值", "購買轉換價值", "總轉換價值", "網站購買轉換值"),
        "_leads": ("Leads", "潛在顧客", "潛在顧客（表單）"),
        "_messages": ("Messaging conversations started", "訊息對話開始次數"),
        "_results": ("Results", "成果"),
        "_result_type": ("Result indicator", "成果指標", "Result type", "成果類型"),
        "_purchases_viewed": _viewed("Purchases", "Website purchases", "購買次數", "網站購買"),
        "_results_viewed": (*_viewed("Results", "成果"), "1-day view", "瀏覽後 1 天", "瀏覽後 1 天內"),
        "_leads_viewed": _viewed("Leads", "潛在顧客"),
        "attribution": ("Attribution setting", "歸因設定"),
        "video_views": ("ThruPlays", "ThruPlay 次數", "3-second video plays", "影片播放 3 秒以上的次數"),
        "status": ("Delivery status", "Campaign delivery", "Ad delivery", "Ad set delivery", "投遞狀態", "廣告投遞", "行銷活動投遞", "廣告組合投遞"),
        "objective": ("Objective", "目標"),
        "budget": ("Ad set budget", "Campaign budget", "廣告組合預算", "行銷活動預算"),
    },
    kinds={"_purchases": "count", "_purchase_value": "money", "_leads": "count", "_messages": "count", "_results": "count", "_purchases_viewed": "count", "_results_viewed": "count", "_leads_viewed": "count"},
    needs=("spend", "impressions", "campaign_name|campaign_id|ad_group_name|ad_group_id|ad_name|ad_id|account_name|account_id"),
    signature=(
        "Amount spent", "花費金額", "行銷活動名稱", "廣告組合名稱", "Ad set name", "Reporting starts", "分析報告開始", "歸因設定", "Attribution setting",
        "inline_link_clicks", "成果指標", "Result indicator", "date_start", "date_stop", "adset_name", "adset_id",
    ),
    known=(
        "Frequency", "頻率", "Cost per result", "每次成果成本", "Cost per results", "Starts", "開始", "Ends", "結束時間", "CPM", "CPM（每千次廣告曝光成本）", "CPC（單次連結點擊成本）",
        "CPC (cost per link click)", "CTR (all)", "CTR（全部）", "CTR（連結點閱率）", "CTR (link click-through rate)", "CPC (all)", "CPC（全部）", "Outbound clicks", "連外點擊次數", "Unique link clicks",
        "不重複連結點擊人數", "Content views", "內容瀏覽次數", "Purchase ROAS", "購買 ROAS（廣告投資報酬率）", "Cost per purchase", "每次購買的成本", "Quality ranking", "品質排名", "Engagement rate ranking", "互動率排名",
        "Conversion rate ranking", "轉換率排名", "Performance goal", "成效目標", "Buying type", "購買類型", "Delivery level", "投遞層級", "Post engagement", "貼文互動次數", "貼文心情數", "貼文留言數", "貼文分享次數",
        "貼文儲存次數", "粉絲專頁互動", "影片播放次數", "廣告組合預算類型", "新的訊息聯繫對象", "完成註冊（網站）", "CTR (link)", "Registrations", "Engagement rate ranking", "Engagement ranking", "Conversion ranking", "Reactions", "Post reactions", "Post comments",
        "Post shares", "Post saves", "Page engagement", "Video plays", "Budget type", "Ad set budget type", "New messaging contacts", "actions", "action_values", "purchase_roas",
        "Body (ad settings)", "內文", "frequency", "cpm", "ctr", "cpc",
    ),
    computed={
        "conversions": f"coalesce({_BOUGHT}, {_WON}, _leads, _messages)",
        "view_conversions": f"CASE WHEN ({_VIEWED}) IS NULL THEN NULL WHEN {_CLICKS_ALONE} THEN 0 ELSE ({_VIEWED}) END",
        "conversions_value": "_purchase_value",
        "conversion_type": f"CASE WHEN {_BOUGHT} IS NOT NULL THEN 'purchase' WHEN {_WON} IS NOT NULL AND coalesce(_result_type, objective) IS NOT NULL THEN coalesce(_result_type, objective) "
        f"WHEN {_WON} IS NULL AND _leads IS NOT NULL THEN 'lead' WHEN {_WON} IS NULL AND _messages IS NOT NULL THEN 'message' END",
    },
    rules={
        "_results IS NULL OR _purchases IS NOT NULL OR coalesce(_result_type, objective) IS NOT NULL": Text(
            zh="{count} 列有「成果」卻沒有成果類型：不知道是什麼成果，請在匯出時加選「成果類型」",
            en="{count} {count:row has|rows have} results without a result type: nobody knows what they are; add 'Result type' to the export",
        )
    },
    totals=TotalRows(blank=("campaign_name", "campaign_id", "ad_group_name", "ad_group_id", "ad_name", "ad_id", "account_name", "account_id"), label="total|總計"),
)  # fmt: skip
