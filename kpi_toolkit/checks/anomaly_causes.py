"""What the likely causes of an anomaly are called, and the seasons that it may lie in."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.analysis.anomalies import Kind
from kpi_toolkit.analysis.likely_causes import AnomalyCause
from kpi_toolkit.analysis.seasons import Season
from kpi_toolkit.i18n import Text

ANOMALY_CAUSES: Mapping[AnomalyCause, Text] = {
    "season": Text(zh="節慶檔期", en="the season"),
    "tracking": Text(zh="追蹤設定變動或中斷", en="tracking that changed or broke"),
    "budget": Text(zh="預算調整或用完", en="a budget that was changed or ran out"),
    "price": Text(zh="出價或單次成本變動", en="other bids or unit costs"),
    "promotion": Text(zh="促銷活動", en="a promotion"),
    "site_down": Text(zh="網站無法使用", en="a site that was down"),
    "offer": Text(zh="缺貨、調價、結帳問題", en="empty stock, another price, or trouble at the checkout"),
    "junk_traffic": Text(zh="沒有帶來訂單的流量", en="traffic that brings no orders"),
}
KINDS: Mapping[Kind, Text] = {
    "spike": Text(zh="突然升高", en="a spike"),
    "drop": Text(zh="突然下降", en="a drop"),
    "outage": Text(zh="中斷", en="an outage"),
    "level up": Text(zh="升到新的水準", en="a rise to a new level"),
    "level down": Text(zh="降到新的水準", en="a fall to a new level"),
}
SEASON_NAMES: Mapping[Season, Text] = {
    "lunar_new_year": Text(zh="農曆春節", en="Lunar New Year"),
    "double_eleven": Text(zh="雙 11", en="Double Eleven"),
    "double_twelve": Text(zh="雙 12", en="Double Twelve"),
    "black_friday": Text(zh="黑色星期五", en="Black Friday"),
    "mid_autumn": Text(zh="中秋節", en="Mid-Autumn Festival"),
    "mothers_day": Text(zh="母親節", en="Mother's Day"),
    "fathers_day": Text(zh="父親節", en="Father's Day"),
    "dragon_boat": Text(zh="端午節", en="Dragon Boat Festival"),
    "mid_year": Text(zh="618 年中慶", en="the mid-year sales (618)"),
    "double_nine": Text(zh="99 購物節", en="the 9.9 sales"),
    "new_year": Text(zh="元旦跨年", en="New Year"),
    "christmas": Text(zh="聖誕節", en="Christmas"),
    "valentine": Text(zh="情人節", en="Valentine's Day"),
    "womens_day": Text(zh="女王節（3/8）", en="Women's Day (8 March)"),
    "five_twenty": Text(zh="520 告白日", en="20 May (520)"),
    "holiday": Text(zh="國定假日", en="a public holiday"),
}
