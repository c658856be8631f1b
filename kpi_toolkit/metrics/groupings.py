"""What a measure can be grouped by: the name that is asked for, and the column that knows it in each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from kpi_toolkit.errors import UsageError, unknown
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Grain

TIME_GRAINS: dict[str, Text] = {
    "day": Text(zh="日", en="Day"), "week": Text(zh="週", en="Week"), "month": Text(zh="月", en="Month"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """A grouping: its label, and its column by table; a table that is not listed does not know it."""

    id: str
    label: Text
    columns: Mapping[str, str] = field(hash=False)


def _group(name: str, zh: str, en: str, **columns: str) -> Grouping:
    return Grouping(id=name, label=Text(zh=zh, en=en), columns=columns)


def _everywhere(column: str) -> dict[str, str]:
    return dict.fromkeys(("ads_daily", "sessions", "orders", "invoices_fees", "content"), column)


GROUPINGS: dict[str, Grouping] = {
    grouping.id: grouping
    for grouping in (
        _group("channel", "管道", "Channel", ads_daily="channel", sessions="channel", orders="channel"),
        _group("vendor", "廠商", "Vendor", **_everywhere("vendor")),
        _group("source", "資料來源", "Source", **_everywhere("source")),
        _group("account", "廣告帳戶", "Ad account", ads_daily="account_name"),
        _group("campaign", "廣告活動", "Campaign", ads_daily="campaign_name", sessions="campaign_name"),
        _group("ad_group", "廣告群組", "Ad group", ads_daily="ad_group_name"),
        _group("ad", "廣告", "Ad", ads_daily="ad_name"),
        _group("device", "裝置", "Device", ads_daily="device", sessions="device"),
        _group("age", "年齡層", "Age", ads_daily="age"),
        _group("gender", "性別", "Gender", ads_daily="gender"),
        _group("placement", "版位", "Placement", ads_daily="placement"),
        _group("country", "國家／地區", "Country", ads_daily="country", sessions="country"),
        _group("hour", "時段", "Hour", ads_daily="hour", sessions="hour"),
        _group("currency", "幣別", "Currency", **_everywhere("currency")),
        _group("objective", "廣告目標", "Objective", ads_daily="objective"),
        _group("conversion_type", "轉換類型", "Conversion type", ads_daily="counts"),
        _group("attribution", "歸因設定", "Attribution", ads_daily="attribution"),
        _group("definition", "轉換定義", "Conversion definition", ads_daily="definition"),
        _group("channel_group", "管道群組", "Channel group", sessions="channel_group"),
        _group("source_medium", "來源／媒介", "Source / medium", sessions="source_medium"),
        _group("landing_page", "到達網頁", "Landing page", sessions="landing_page"),
        _group("sales_channel", "訂單來源", "Sales channel", orders="sales_channel"),
        _group("payment_method", "付款方式", "Payment method", orders="payment_method"),
        _group("coupon", "折扣碼", "Coupon", orders="coupon"),
        _group("referral", "推薦代碼", "Referral", orders="referral"),
        _group("fee_kind", "費用類別", "Kind of fee", invoices_fees="kind"),
        _group("post", "內容", "Post", content="title"),
    )
}


def split(by: Sequence[str]) -> tuple[tuple[str, ...], Grain | None]:
    """The groupings of `by` without the time grain, and the grain.

    Raises UsageError for a name nobody declared (with the nearest ones) and for two time grains at once.
    """
    asked = tuple(dict.fromkeys(by))
    for name in asked:
        if name not in GROUPINGS and name not in TIME_GRAINS:
            raise unknown(Text(zh="分組", en="grouping"), name, [*GROUPINGS, *TIME_GRAINS])
    grains = [name for name in asked if name in TIME_GRAINS]
    if len(grains) > 1:
        raise UsageError(
            Text(zh="一次只能用一種時間單位：{names}", en="several time grains at once: {names}").fill(
                names=", ".join(grains)
            ),
            where="by",
            todo=Text(zh="day、week、month 擇一", en="choose one of day, week, month"),
        )
    chosen: Grain | None = next((grain for grain in get_args(Grain) if grain in grains), None)
    return tuple(name for name in asked if name in GROUPINGS), chosen
