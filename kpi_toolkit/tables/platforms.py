"""What platforms and shops are called."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.i18n import Text, same

# Brands stay as they are; whatever isn't here is asked of the source's declaration, or stays its id.
PLATFORMS: Mapping[str, Text] = {
    "google_ads": same("Google Ads"), "meta_ads": same("Meta"), "line_ads": same("LINE"), "tiktok_ads": same("TikTok"),
    "criteo": same("Criteo"), "pchome_ads": same("PChome"), "ga4": same("GA4"), "shopify": same("Shopify"),
    "shopline": same("SHOPLINE"), "91app": same("91APP"), "woocommerce": same("WooCommerce"),
    "youtube_studio": same("YouTube"), "meta_content": same("Facebook / Instagram"), "shopee": Text(zh="蝦皮購物", en="Shopee"),
    "bookkeeping": Text(zh="會計帳", en="The books"),
}  # fmt: skip


def platform_name(source: str) -> Text:
    """What a platform is called; its id where it has no name here."""
    return PLATFORMS.get(source) or same(source)
