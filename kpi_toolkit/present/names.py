"""What ids are called: platforms, kinds of result, tables, fields of the agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.phrases import listed
from kpi_toolkit.present.labels import plain
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.platforms import known_name

RESULTS: Mapping[str, Text] = {
    "purchase": Text(zh="購買", en="purchases"), "lead": Text(zh="名單", en="leads"),
    "message": Text(zh="開始對話", en="conversations"), "add_to_cart": Text(zh="加入購物車", en="adds to cart"),
    "download": Text(zh="下載", en="downloads"), "call": Text(zh="來電", en="calls"),
    "traffic": Text(zh="流量", en="visits"), "video": Text(zh="影片觀看", en="video views"),
    "engagement": Text(zh="互動", en="engagements"), "reach": Text(zh="觸及", en="reach"),
    "other": Text(zh="其他", en="others"), "unknown": Text(zh="未標示", en="not labelled"), "": Text(zh="未標示", en="not labelled"),
}  # fmt: skip
AGREED: Mapping[str, Text] = {
    "gross_margin": Text(zh="毛利率（gross_margin）", en="the gross margin (gross_margin)"),
    "lead_value": Text(zh="一筆名單的價值（lead_value）", en="the value of a lead (lead_value)"),
}
# Which export would fill a table, in the words of those who download it.
EXPORTS: Mapping[str, Text] = {
    "ads_daily": Text(zh="廣告平台的成效報表（按日，例如 Google Ads、Meta、LINE）", en="ad platforms' performance reports by day (Google Ads, Meta, LINE …)"),
    "orders": Text(zh="商店的訂單報表（例如 SHOPLINE、蝦皮、91APP）", en="the shop's order export (SHOPLINE, Shopee, 91APP …)"),
    "order_lines": Text(zh="含商品明細的訂單報表", en="an order export with its lines"),
    "sessions": Text(zh="GA4 的流量開發報表（按日）", en="GA4's traffic acquisition report by day"),
    "invoices_fees": Text(zh="會計的行銷費用明細", en="the books' marketing expenses"),
    "content": Text(zh="影片或貼文的成效報表（例如 YouTube）", en="a report on videos or posts (YouTube …)"),
}  # fmt: skip
NOT_SAID = Text(zh="（沒有名稱）", en="(no name)")


def platform(source: str, lang: Lang) -> str:
    """What a source is called: a brand by its own name, a client's own source as `called` says."""
    known = known_name(source)
    return plain(known.say(lang)) if known else _declared(source, lang)


def _declared(source: str, lang: Lang) -> str:
    from kpi_toolkit.sources import sources

    known = sources().get(source)
    return known.title.say(lang) if known else source


def table(name: str, lang: Lang) -> str:
    """What a canonical table is called."""
    return TABLES[name].title.say(lang) if name in TABLES else name


def exports(tables: Iterable[str], lang: Lang) -> str:
    """The exports that would fill `tables`, as one phrase."""
    return listed([EXPORTS[name].say(lang) if name in EXPORTS else table(name, lang) for name in tables], lang)
