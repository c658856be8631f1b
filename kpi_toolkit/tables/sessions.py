"""Web analytics: a row is a channel, source, campaign or landing page on a day, or over a whole period."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance


def _count(name: str, zh: str, en: str, *, additive: bool = True) -> Column:
    return Column(name=name, kind="count", minimum=0, additive=additive, meaning=Text(zh=zh, en=en))


TABLE = Table(
    id="sessions",
    title=Text(zh="網站分析", en="Web analytics"),
    key=("source", "property", "date_day", "period_start", "period_end", "channel_group", "source_medium", "campaign_name", "landing_page", "device", "country", "hour"),
    day="date_day",
    dimensions=("channel_group", "source_medium", "campaign_name", "landing_page", "device", "country", "hour"),
    columns=(
        *provenance(),
        Column(name="grain", kind="id", required=True, allowed=("day", "period"), meaning=Text(zh="一列代表一天或整段期間", en="Whether a row is a day or a whole period")),
        Column(name="date_day", kind="date", meaning=Text(zh="日期（整段期間的列沒有）", en="Day (empty on whole-period rows)")),
        Column(name="period_start", kind="date", required=True, meaning=Text(zh="涵蓋期間的第一天", en="First day covered")),
        Column(name="period_end", kind="date", required=True, meaning=Text(zh="涵蓋期間的最後一天", en="Last day covered")),
        Column(name="property", kind="text", meaning=Text(zh="資源（GA4 property）", en="Property")),
        Column(name="channel_group", kind="text", meaning=Text(zh="管道群組", en="Channel group")),
        Column(name="source_medium", kind="text", meaning=Text(zh="來源／媒介", en="Source / medium")),
        Column(name="campaign_name", kind="text", meaning=Text(zh="廣告活動", en="Campaign")),
        Column(name="landing_page", kind="text", meaning=Text(zh="到達網頁", en="Landing page")),
        Column(name="device", kind="id", meaning=Text(zh="裝置", en="Device")),
        Column(name="country", kind="text", meaning=Text(zh="國家／地區", en="Country or region")),
        Column(name="hour", kind="id", meaning=Text(zh="時段（0 到 23 時）", en="Hour of the day (0 to 23)")),
        _count("users", "使用者（不可相加）", "Users (do not add up)", additive=False),
        _count("new_users", "新使用者", "New users"),
        _count("sessions", "工作階段", "Sessions"), _count("engaged_sessions", "互動工作階段", "Engaged sessions"),
        _count("views", "瀏覽次數", "Views"), _count("event_count", "事件計數", "Event count"),
        _count("add_to_carts", "加入購物車", "Adds to cart"), _count("checkouts", "開始結帳", "Checkouts"),
        _count("purchases", "電子商務購買", "Ecommerce purchases"),
        Column(name="purchase_revenue", kind="money", meaning=Text(zh="購買收益", en="Purchase revenue")),
        _count("key_events", "關鍵事件", "Key events"),
    ),
)  # fmt: skip
