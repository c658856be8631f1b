"""Tables whose headers already are the canonical names: warehouse tables after Fivetran's dbt models, own extracts."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source
from kpi_toolkit.tables import TABLES

# What the warehouse calls a platform, where that isn't the id of its export here.
_PLATFORMS = {
    "facebook_ads": "meta_ads", "facebook": "meta_ads", "meta": "meta_ads", "google": "google_ads", "tiktok": "tiktok_ads", "line": "line_ads",
}  # fmt: skip
_RENAMED = " ".join(f"WHEN '{theirs}' THEN '{ours}'" for theirs, ours in _PLATFORMS.items())
_GIVEN = frozenset({"source", "source_row", "grain"})


def _headers(*tables: str) -> dict[str, tuple[str, ...]]:
    return {
        column.name: (column.name,) for table in tables for column in TABLES[table].columns if column.name not in _GIVEN
    }


ADS = Source(
    id="canonical",
    title=Text(zh="標準欄位名稱的廣告表（date_day、campaign_name、spend…）", en="Ads table with canonical names (date_day, campaign_name, spend …)"),
    table="ads_daily",
    headers=_headers("ads_daily") | {"date_day": ("date_day", "date"), "_platform": ("platform",)},
    needs=("date_day|period_start", "spend|impressions|clicks", "campaign_name|campaign_id|account_name|account_id|ad_group_name|ad_group_id|ad_name|ad_id|_platform"),
    signature=("date_day", "conversions_value", "ad_group_name", "source_relation", "platform"),
    known=("source_relation", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "base_url", "url_host", "url_path"),
    computed={
        "source": f"CASE WHEN _platform IS NULL THEN 'canonical' ELSE CASE lower(_platform) {_RENAMED} ELSE regexp_replace(lower(_platform), '[^a-z0-9]+', '_', 'g') END END",
    },
)  # fmt: skip
ORDERS = Source(
    id="canonical_orders",
    title=Text(zh="標準欄位名稱的訂單表（order_id、ordered_at、total…）", en="Orders table with canonical names (order_id, ordered_at, total …)"),
    table="orders",
    lines=True,
    personal=True,
    headers=_headers("order_lines", "orders"),
    needs=("order_id", "ordered_at", "total|line_total"),
    signature=("order_id", "ordered_at", "customer_key", "line_total"),
)  # fmt: skip
SOURCE = (ADS, ORDERS)
