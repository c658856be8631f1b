"""Vendors' own reports: long rows of one figure each, as `layout` makes them of the tables that vendors send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source
from kpi_toolkit.tables.vendor_claims import METRICS

Unit = Literal["money", "count", "ratio", "times"]


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A metric as vendors report it: its id, unit, the words for it, and whether its figures add up over rows."""

    id: str
    unit: Unit
    words: tuple[str, ...]
    additive: bool = False


def _told(name: str, unit: Unit, words: str, *, additive: bool = False) -> Reported:
    """`words` are parted by commas; the id itself is one of them."""
    return Reported(
        id=name,
        unit=unit,
        words=(name, *(word.strip() for word in words.split(",") if word.strip())),
        additive=additive,
    )


REPORTED: Mapping[str, Reported] = {
    one.id: one
    for one in (
        _told("spend", "money", "花費, 廣告花費, 花費金額, 費用, 廣告費用, 廣告費, 總花費, 總費用, 實際花費, 投放金額, 投放費用, 廣告支出, 媒體花費, 媒體費用, 消耗, 消耗金額, 成本, 廣告成本, Cost, Ad spend, Spent, Amount spent, Media spend, Media cost, Total spend, Ad cost", additive=True),
        _told("impressions", "count", "曝光, 曝光數, 曝光次數, 曝光量, 總曝光, 總曝光數, 廣告曝光, 廣告曝光數, 展示次數, Impression, Impr., Imps, Total impressions", additive=True),
        _told("reach", "count", "觸及, 觸及數, 觸及人數, 不重複觸及, 觸及率人數, People reached"),
        _told("frequency", "times", "頻率, 曝光頻率, 平均頻率, 頻次, 平均頻次, 接觸頻率, Freq., Avg. frequency"),
        _told("clicks", "count", "點擊, 點擊數, 點擊次數, 點擊量, 總點擊, 總點擊數, 連結點擊, 連結點擊數, 連結點擊次數, 廣告點擊, 廣告點擊數, Click, Link clicks, Total clicks", additive=True),
        _told("ctr", "ratio", "點閱率, 點擊率, 連結點閱率, 連結點擊率, 平均點閱率, 平均點擊率, Click-through rate, Click through rate, Click rate, Avg. CTR"),
        _told("cpc", "money", "單次點擊成本, 每次點擊成本, 點擊成本, 單次點擊費用, 每次點擊費用, 平均單次點擊成本, 平均點擊成本, 平均單次點擊出價, Cost per click, Avg. CPC, Average CPC"),
        _told("cpm", "money", "千次曝光成本, 每千次曝光成本, 千次曝光費用, 每千次曝光費用, 千次曝光, Cost per mille, Cost per 1000 impressions, Cost per thousand impressions, Avg. CPM"),
        _told("video_views", "count", "影片觀看, 影片觀看數, 影片觀看次數, 觀看次數, 觀看數, 影片播放次數, 播放次數, Views, Video view, Video plays", additive=True),
        _told("cost_per_view", "money", "單次觀看成本, 每次觀看成本, 觀看成本, 單次觀看費用, CPV, Avg. CPV"),
        _told("interactions", "count", "互動, 互動數, 互動次數, 總互動, 總互動數, 貼文互動, 貼文互動數, 貼文互動次數, Interaction, Engagement, Engagements, Post engagement, Post engagements, Total engagement", additive=True),
        _told("interaction_rate", "ratio", "互動率, 貼文互動率, 平均互動率, Engagement rate"),
        _told("landing_page_views", "count", "連結頁面瀏覽, 連結頁面瀏覽次數, 到達頁瀏覽, 到達頁瀏覽次數, 登陸頁瀏覽, LPV", additive=True),
        _told("add_to_carts", "count", "加入購物車, 加入購物車數, 加入購物車次數, 加購, 加購數, 加購次數, Add to cart, Adds to cart, ATC", additive=True),
        _told("checkouts", "count", "開始結帳, 開始結帳數, 開始結帳次數, 結帳數, Checkouts initiated, Initiate checkout", additive=True),
        _told("conversions", "count", "轉換, 轉換數, 轉換次數, 總轉換, 總轉換數, 成果, 成果數, 成效, 成效數, 購買, 購買數, 購買次數, 轉換量, Conversion, Conv., Conversions total, Total conversions, Result, Results, Purchases", additive=True),
        _told("conversions_value", "money", "轉換價值, 總轉換價值, 轉換金額, 購買轉換值, 購買轉換價值, 購買價值, 購買金額, 平台回報價值, 廣告營收, 廣告業績, 廣告帶來營收, 廣告帶來業績, 廣告收益, 轉換收益, Conversion value, Conv. value, Conversions value, Purchase value, Purchases conversion value, Attributed revenue, Ad revenue, Ads revenue", additive=True),
        _told("cvr", "ratio", "轉換率, 點擊轉換率, 平均轉換率, Conversion rate, Conv. rate"),
        _told("cpa", "money", "單次轉換成本, 每次轉換成本, 轉換成本, 單次成果成本, 每次成果成本, 成果成本, 單次轉換費用, 每次購買成本, 單次購買成本, Cost per conversion, Cost per result, Cost per acquisition, Cost per action, Cost / conv., Cost per purchase"),
        _told("claimed_roas", "times", "ROAS, 廣告投資報酬率, 廣告投報率, 廣告投資報酬, 投報率, 平台回報 ROAS, Return on ad spend, Purchase ROAS, Conv. value / cost"),
        _told("leads", "count", "名單, 名單數, 名單量, 潛在客戶, 潛在客戶數, 潛在顧客, 潛在顧客數, 表單數, 填單數, 留單數, Lead, Lead count, Total leads", additive=True),
        _told("cpl", "money", "名單成本, 每筆名單成本, 單筆名單成本, 單一名單成本, 每名單成本, 表單成本, 填單成本, 潛在顧客成本, 潛在客戶成本, Cost per lead"),
        _told("orders", "count", "訂單, 訂單數, 訂單量, 訂單筆數, 成交數, 成交筆數, 成交訂單數, Order, Order count, Number of orders", additive=True),
        _told("revenue", "money", "總營收, 網站營收, 官網營收, 實際營收, 訂單營收, 訂單金額, 訂單總額, 網站業績, 官網業績, 實際業績, 總業績, 總營業額, 網站營業額, Total revenue, Site revenue, Store revenue, Order value total", additive=True),
        _told("aov", "money", "客單價, 平均客單價, 平均訂單金額, 平均訂單價值, Average order value, Avg. order value"),
        _told("cost_per_order", "money", "訂單成本, 單筆訂單成本, 每筆訂單成本, 成交成本, 訂單廣告成本, Cost per order, CPO"),
        _told("new_customers", "count", "新客, 新客數, 新客人數, 新顧客數, 新會員, 新會員數, New customer, New buyers", additive=True),
        _told("cac", "money", "獲客成本, 新客成本, 新客取得成本, 新客獲取成本, Customer acquisition cost, Cost per new customer"),
        _told("followers", "count", "粉絲數, 粉絲總數, 總粉絲數, 追蹤數, 追蹤人數, 追蹤總數, 好友數, 好友總數, 總好友數, 累計好友數, 訂閱人數, Follower, Fans, Total followers, Subscribers"),
        _told("followers_gained", "count", "新增粉絲, 新增粉絲數, 新增追蹤, 新增追蹤數, 新增追蹤人數, 新增好友, 新增好友數, 加入好友數, 加好友數, New followers, Followers gained, New fans, Friends added", additive=True),
        _told("cost_per_follower", "money", "加好友成本, 好友成本, 好友取得成本, 每位好友成本, 粉絲成本, 追蹤成本, Cost per follower, Cost per friend"),
        _told("posts", "count", "貼文數, 發文數, 發文則數, 貼文則數, 內容數, Post, Post count, Number of posts", additive=True),
        _told("sessions", "count", "工作階段, 工作階段數, 網站造訪, 造訪次數, 網站流量, 流量, Session, Visits", additive=True),
        _told("users", "count", "使用者, 使用者數, 使用者人數, 網站使用者, User, Visitors"),
        _told("new_users", "count", "新使用者, 新使用者數, New user, New visitors"),
    )
}  # fmt: skip
# What a shop or a site tells of itself: a table of these alone is no vendor's report, unless it says that it is one.
OWN = frozenset({"orders", "revenue", "aov", "new_customers", "sessions", "users", "new_users", "leads"})
# Beside ad figures this is what the ads are said to have brought in; alone, or beside a column that says so, it is the shop's.
EITHER_REVENUE = (
    "營收",
    "營業額",
    "業績",
    "收入",
    "收益",
    "銷售額",
    "銷售金額",
    "營收金額",
    "業績金額",
    "revenue",
    "Sales",
)
if {*REPORTED} != {*METRICS}:
    raise ValueError(f"declared in one place only: {sorted({*REPORTED} ^ {*METRICS})}")

SOURCE = Source(
    id="vendor_report",
    title=Text(zh="廠商的成效報告", en="A vendor's own report"),
    table="vendor_claims",
    headers={
        name: (name,)
        for name in ("vendor_name", "platform", "campaign_name", "period_start", "period_end", "metric", "value", "written", "is_total", "currency", "tax_included")
    },
    needs=("period_start", "period_end", "metric", "value", "written", "is_total"),
    signature=("written", "is_total"),
)  # fmt: skip
