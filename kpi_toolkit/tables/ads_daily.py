"""Ad platforms' exports: a row is an entity (account, campaign, ad group or ad) on a day, or over a whole period.

Terms after Fivetran's dbt_ad_reporting.
"""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance


def _id(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="id", meaning=Text(zh=zh, en=en))


def _text(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="text", meaning=Text(zh=zh, en=en))


def _count(name: str, zh: str, en: str, *, additive: bool = True) -> Column:
    return Column(name=name, kind="count", minimum=0, additive=additive, meaning=Text(zh=zh, en=en))


def _money(name: str, zh: str, en: str) -> Column:
    return Column(name=name, kind="money", minimum=0, meaning=Text(zh=zh, en=en))


TABLE = Table(
    id="ads_daily",
    title=Text(zh="廣告平台成效", en="Ad platform performance"),
    key=(
        "source", "account_id", "campaign_id", "campaign_name", "ad_group_id", "ad_group_name", "ad_id", "ad_name",
        "date_day", "period_start", "period_end", "device", "age", "gender", "placement", "country", "hour",
    ),
    day="date_day",
    dimensions=("campaign_name", "ad_group_name", "ad_name", "device", "age", "gender", "placement", "country", "hour"),
    columns=(
        *provenance(),
        Column(name="grain", kind="id", required=True, allowed=("day", "period"), meaning=Text(zh="一列代表一天或整段期間", en="Whether a row is a day or a whole period")),
        Column(name="date_day", kind="date", meaning=Text(zh="日期（整段期間的列沒有）", en="Day (empty on whole-period rows)")),
        Column(name="period_start", kind="date", required=True, meaning=Text(zh="涵蓋期間的第一天", en="First day covered")),
        Column(name="period_end", kind="date", required=True, meaning=Text(zh="涵蓋期間的最後一天", en="Last day covered")),
        _id("account_id", "廣告帳戶編號", "Ad account id"), _text("account_name", "廣告帳戶名稱", "Ad account name"),
        _id("campaign_id", "廣告活動編號", "Campaign id"), _text("campaign_name", "廣告活動名稱", "Campaign name"),
        _id("ad_group_id", "廣告群組編號", "Ad group id"), _text("ad_group_name", "廣告群組名稱", "Ad group (ad set) name"),
        _id("ad_id", "廣告編號", "Ad id"), _text("ad_name", "廣告名稱", "Ad name"),
        _id("device", "裝置", "Device"), _id("age", "年齡層", "Age group"), _id("gender", "性別", "Gender"),
        _text("placement", "版位", "Placement"),
        _text("country", "國家／地區", "Country or region"), _id("hour", "時段（0 到 23 時）", "Hour of the day (0 to 23)"),
        _money("spend", "廣告花費", "Ad spend"),
        _count("impressions", "曝光次數", "Impressions"),
        _count("reach", "觸及人數（不可相加）", "Reach, people (does not add up)", additive=False),
        _count("clicks", "前往網站的點擊次數", "Clicks that lead to the site"),
        _count("clicks_all", "所有點擊或互動次數", "All clicks or interactions"),
        _count("landing_page_views", "連結頁面瀏覽次數", "Landing page views"),
        _count("add_to_carts", "加入購物車次數", "Adds to cart"),
        _count("checkouts", "開始結帳次數", "Checkouts initiated"),
        _count("conversions", "平台回報的轉換次數", "Conversions as the platform claims them"),
        # Of `conversions` they are a part but for Google Ads, whose column Conversions leaves them out.
        _count("view_conversions", "看過廣告、沒有點擊的轉換次數（Google Ads：不含在轉換次數內；其他平台：包含在內）", "Conversions after a view without a click (Google Ads: beside the conversions; other platforms: among them)"),
        _money("conversions_value", "平台回報的轉換價值", "Conversion value as the platform claims it"),
        _text("conversion_type", "轉換類型", "What the platform counts as a conversion"),
        _text("attribution", "歸因設定", "Attribution setting"),
        _count("video_views", "影片觀看次數", "Video views (the platform's own definition)"),
        _count("invalid_clicks", "無效點擊次數", "Invalid clicks"),
        _count("followers_gained", "新增好友／追蹤人數", "Friends or followers gained"),
        _text("status", "狀態", "Delivery status"), _text("objective", "目標", "Objective"),
        _text("budget", "預算（原文）", "Budget, as written"),
    ),
)  # fmt: skip
