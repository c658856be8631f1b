"""What kinds of campaign vendors run, what they are called, and how they behave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of campaign on a platform: its words, how it does beside the client's average, and what the platform calls it.

    `weight` is its usual part of the budget, `click` the price of a click, `rate` the conversion rate (both as factors),
    `ctr` clicks ÷ impressions, `views` its conversions after a view as a factor, `engaged` likewise.
    """

    id: str
    words: tuple[str, ...]
    weight: float
    click: float
    rate: float
    ctr: float
    views: float = 0.0
    engaged: float = 1.0
    objective: str = ""
    conversion_type: str = ""


_BRAND = ("品牌字", "品牌", "Brand", "brand_search", "品牌關鍵字")
_GENERIC = ("通用字", "搜尋_產品", "Generic", "Search_NonBrand", "關鍵字_一般", "競品字")
_PROSPECTING = ("新客開發", "陌生開發", "Prospecting", "興趣受眾", "Lookalike", "類似受眾", "ADV+ 受眾擴展")
_RETARGETING = ("再行銷", "Retargeting", "RMK_7D", "購物車再行銷", "remarketing")
_SEASONAL = ("檔期", "節慶檔期", "限時優惠", "Promo", "週年慶")

KINDS: Mapping[str, tuple[Kind, ...]] = {
    "google_ads": (
        Kind(id="brand", words=_BRAND, weight=0.5, click=0.5, rate=2.6, ctr=0.16, engaged=1.15, objective="Search"),
        Kind(id="generic", words=_GENERIC, weight=1.0, click=1.4, rate=0.9, ctr=0.05, objective="Search"),
        Kind(id="pmax", words=("PMax", "最高成效", "Performance Max", "PMax_全商品"), weight=1.4, click=0.7, rate=1.0, ctr=0.013, views=0.5, engaged=0.85, objective="Performance Max"),
        Kind(id="prospecting", words=("多媒體_興趣", "Display_Prospecting", "Demand Gen", "需求開發"), weight=0.5, click=0.35, rate=0.25, ctr=0.006, views=0.8, engaged=0.6, objective="Display"),
        Kind(id="retargeting", words=_RETARGETING, weight=0.4, click=0.6, rate=1.7, ctr=0.008, views=1.0, engaged=0.95, objective="Display"),
        Kind(id="seasonal", words=_SEASONAL, weight=0.7, click=1.0, rate=1.1, ctr=0.05, objective="Search"),
    ),
    "meta_ads": (
        Kind(id="prospecting", words=_PROSPECTING, weight=1.3, click=0.7, rate=0.6, ctr=0.013, views=1.1, engaged=0.8, objective="OUTCOME_SALES"),
        Kind(id="retargeting", words=_RETARGETING, weight=0.6, click=0.9, rate=1.7, ctr=0.018, views=1.6, engaged=1.0, objective="OUTCOME_SALES"),
        Kind(id="seasonal", words=_SEASONAL, weight=0.8, click=0.8, rate=1.0, ctr=0.016, views=1.1, engaged=0.9, objective="OUTCOME_SALES"),
        Kind(id="catalogue", words=("目錄廣告", "DPA", "Catalog", "型錄"), weight=0.6, click=0.7, rate=1.2, ctr=0.015, views=1.4, engaged=0.95, objective="OUTCOME_SALES"),
    ),
    "line_ads": (
        Kind(id="prospecting", words=("LAP_新客", "LINE_興趣", "LAP_Prospecting", "LINE 陌生"), weight=1.0, click=0.6, rate=0.5, ctr=0.008, views=0.7, engaged=0.65, objective="WEBSITE_CONVERSION"),
        Kind(id="retargeting", words=_RETARGETING, weight=0.5, click=0.7, rate=1.3, ctr=0.01, views=1.0, engaged=0.85, objective="WEBSITE_CONVERSION"),
        Kind(id="seasonal", words=_SEASONAL, weight=0.5, click=0.6, rate=0.7, ctr=0.009, views=0.7, engaged=0.75, objective="WEBSITE_CONVERSION"),
    ),
    "tiktok_ads": (
        Kind(id="prospecting", words=("TT_新客", "TikTok_Prospecting", "短影音_興趣", "Spark Ads"), weight=1.0, click=0.4, rate=0.3, ctr=0.009, views=0.9, engaged=0.55, objective="CONVERSIONS"),
        Kind(id="retargeting", words=_RETARGETING, weight=0.4, click=0.5, rate=1.0, ctr=0.011, views=1.1, engaged=0.75, objective="CONVERSIONS"),
    ),
}  # fmt: skip
FRIENDS = Kind(id="friends", words=("加好友", "LINE OA 好友", "Friends"), weight=0.25, click=0.5, rate=0.0, ctr=0.007, objective="GAIN_FRIENDS")  # fmt: skip

# The platforms' words for what was bought or left, and the windows that their accounts usually have.
RESULT: Mapping[str, Mapping[str, str]] = {
    "orders": {"google_ads": "購買", "meta_ads": "actions:offsite_conversion.fb_pixel_purchase", "line_ads": "purchase", "tiktok_ads": "Complete payment"},
    "leads": {"google_ads": "提交潛在顧客表單", "meta_ads": "actions:offsite_conversion.fb_pixel_lead", "line_ads": "lead", "tiktok_ads": "Submit form"},
}  # fmt: skip
INSTANT_FORM = "onsite_conversion.lead_grouped"
WINDOWS: Mapping[str, str] = {"google_ads": "", "meta_ads": "點擊後 7 天或瀏覽後 1 天", "line_ads": "", "tiktok_ads": "7-day click or 1-day view"}  # fmt: skip
SOURCE_MEDIUM: Mapping[str, str] = {"google_ads": "google / cpc", "meta_ads": "facebook / paid", "line_ads": "line / cpc", "tiktok_ads": "tiktok / paid"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign of a client, with the rates that it really has.

    `weight` is its share of the media, `click` the price of a click in TWD, `rate` orders (or leads) a click, `views` its
    part of conversions after a view, `reached` sessions a click. It runs from `start` to `end` but not in `pauses`.
    `capped`: a daily budget is spent to the last dollar. `reserved`: bought at a fixed price for a thousand impressions.
    `hidden`: its rows stand in no export by ad group. `removed`: in the account's totals, but no longer listed.
    """

    id: str
    name: str
    platform: str
    account: str
    vendor: str
    kind: str
    groups: tuple[str, ...]
    weight: float
    click: float
    ctr: float
    rate: float
    views: float
    reached: float
    engaged: float
    objective: str
    conversion_type: str
    attribution: str
    start: date
    end: date
    pauses: Sequence[tuple[date, date]] = ()
    capped: bool = False
    reserved: bool = False
    hidden: bool = False
    removed: bool = False

    def runs(self, day: date) -> bool:
        return self.start <= day <= self.end and not any(first <= day <= last for first, last in self.pauses)
