"""Criteo: statistics with their attribution windows in the column's name (`SalesPc30d` is post-click, 30 days)."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="criteo",
    title=Text(zh="Criteo 成效報表", en="Criteo statistics"),
    table="ads_daily",
    headers={
        "date_day": ("Day", "Date", "日期"),
        "account_id": ("AdvertiserId", "Advertiser ID"),
        "account_name": ("Advertiser", "AdvertiserName", "Advertiser name"),
        "campaign_id": ("CampaignId", "Campaign ID"),
        "campaign_name": ("Campaign", "CampaignName", "Campaign name"),
        "ad_group_id": ("AdsetId", "Adset ID"),
        "ad_group_name": ("Adset", "AdsetName", "Adset name"),
        "ad_id": ("AdId",),
        "ad_name": ("Ad", "AdName"),
        "device": ("Device", "Environment"),
        "currency": ("Currency", "幣別"),
        "spend": ("AdvertiserCost", "Advertiser cost"),
        "impressions": ("Displays",),
        "clicks": ("Clicks",),
        "landing_page_views": ("Visits",),
        "_client": ("SalesClientAttribution",),
        "_client_value": ("RevenueGeneratedClientAttribution",),
        "_click_or_view": ("SalesPc30dPv24h",),
        "_click_or_view_value": ("RevenueGeneratedPc30dPv24h",),
        "_click": ("SalesPc30d",),
        "_click_value": ("RevenueGeneratedPc30d",),
        "_view": ("SalesPv24h",),
        "country": ("Country",),
        "hour": ("Hour",),
    },
    kinds={
        "_client": "count", "_click_or_view": "count", "_click": "count", "_view": "count",
        "_client_value": "money", "_click_or_view_value": "money", "_click_value": "money",
    },
    needs=("spend", "impressions|clicks", "campaign_id|campaign_name|account_id|account_name"),
    signature=("AdvertiserCost", "Displays", "AdvertiserId", "SalesClientAttribution", "SalesPc30d", "SalesPc30dPv24h", "RevenueGeneratedClientAttribution"),
    known=("Audience", "ExposedUsers", "CTR", "CPC", "ROAS"),
    computed={
        "conversions": "coalesce(_client, _click_or_view, _click)",
        # How many of the client's own attribution came after a view alone, Criteo doesn't say.
        "view_conversions": "CASE WHEN _client IS NULL AND _click_or_view IS NOT NULL THEN coalesce(_view, _click_or_view - _click) END",
        "conversions_value": "CASE WHEN _client IS NOT NULL THEN _client_value WHEN _click_or_view IS NOT NULL THEN _click_or_view_value "
        "WHEN _click IS NOT NULL THEN _click_value ELSE coalesce(_client_value, _click_or_view_value, _click_value) END",
        "attribution": "CASE WHEN _client IS NOT NULL THEN 'client attribution' WHEN _click_or_view IS NOT NULL THEN 'Pc30dPv24h' WHEN _click IS NOT NULL THEN 'Pc30d' END",
    },
    totals=TotalRows(label="total|總計", blank=("campaign_id", "campaign_name", "account_id", "account_name")),
)  # fmt: skip
