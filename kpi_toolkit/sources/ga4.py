"""Google Analytics 4: report and exploration CSV as downloaded, the Data API's names, English and zh-TW."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="ga4",
    title=Text(zh="Google Analytics 4", en="Google Analytics 4"),
    table="sessions",
    headers={
        "date_day": ("Date", "日期", "date", "day"),
        "_nth_day": ("Nth day", "第 N 天"),
        "property": ("Property", "資源"),
        "channel_group": (
            "Session primary channel group (Default Channel Group)", "Session default channel group", "Session primary channel group",
            "First user primary channel group (Default Channel Group)", "Default channel group", "sessionDefaultChannelGroup",
            "工作階段主要管道群組（預設管道群組）", "工作階段預設管道群組", "工作階段主要管道群組", "預設管道群組",
        ),
        "source_medium": ("Session source / medium", "Session source/medium", "sessionSourceMedium", "工作階段來源/媒介", "工作階段來源 / 媒介"),
        "campaign_name": ("Session campaign", "Session manual campaign name", "sessionCampaignName", "工作階段廣告活動", "工作階段手動廣告活動名稱"),
        "landing_page": ("Landing page", "Landing page + query string", "landingPagePlusQueryString", "landingPage", "到達網頁", "到達網頁 + 查詢字串"),
        "device": ("Device category", "deviceCategory", "裝置類別"),
        "country": ("Country", "國家/地區", "國家", "country"),
        "hour": ("Hour", "小時", "時", "hour"),
        "users": ("Total users", "Users", "Active users", "totalUsers", "activeUsers", "使用者", "總人數", "活躍使用者", "使用者總數"),
        "new_users": ("New users", "newUsers", "新使用者", "新使用者人數"),
        "sessions": ("Sessions", "sessions", "工作階段"),
        "engaged_sessions": ("Engaged sessions", "engagedSessions", "互動工作階段", "互動工作階段數"),
        "views": ("Views", "screenPageViews", "瀏覽", "瀏覽次數"),
        "event_count": ("Event count", "eventCount", "事件計數"),
        "add_to_carts": ("Add to carts", "addToCarts", "加入購物車"),
        "checkouts": ("Checkouts", "checkouts", "結帳"),
        "purchases": ("Ecommerce purchases", "ecommercePurchases", "Transactions", "電子商務購買", "交易次數"),
        "purchase_revenue": ("Purchase revenue", "purchaseRevenue", "Total revenue", "totalRevenue", "購買收益", "總收益"),
        "key_events": ("Key events", "keyEvents", "Conversions", "conversions", "關鍵事件", "轉換"),
    },
    kinds={"_nth_day": "count"},
    needs=("sessions", "date_day|_nth_day|channel_group|source_medium|campaign_name|landing_page|device|country|hour"),
    signature=(
        "Session primary channel group (Default Channel Group)", "Engaged sessions", "Session source / medium", "Engagement rate", "工作階段", "互動工作階段", "工作階段來源/媒介",
        "工作階段主要管道群組（預設管道群組）", "sessionSourceMedium", "sessionDefaultChannelGroup", "engagedSessions", "事件計數", "關鍵事件",
    ),
    known=("Session manual ad content", "工作階段手動廣告內容", "參與度", "參與率", "Engagement rate", "Average engagement time per session", "Events per session", "Session key event rate", "每個工作階段的平均參與時間", "每個工作階段的事件", "engagementRate"),
    preamble=r"^# (start date|report csv export|property)|^# \d{8}-\d{8}",
    blocks=r"# (start date|end date|-{10,}).*",
    totals=TotalRows(blank=("date_day", "_nth_day", "channel_group", "source_medium", "campaign_name", "landing_page", "device", "country", "hour"), label="grand total|總計|totals?"),
)  # fmt: skip
