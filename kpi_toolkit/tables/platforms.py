"""What platforms and shops are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from kpi_toolkit.i18n import Text, same

# Brands stay as they are; whatever isn't here is asked of the source's declaration, or stays its id.
PLATFORMS: Mapping[str, Text] = {
    "google_ads": same("Google Ads"), "meta_ads": same("Meta"), "line_ads": same("LINE"), "tiktok_ads": same("TikTok"),
    "criteo": same("Criteo"), "pchome_ads": same("PChome"), "ga4": same("GA4"), "shopify": same("Shopify"),
    "shopline": same("SHOPLINE"), "91app": same("91APP"), "woocommerce": same("WooCommerce"),
    "youtube_studio": same("YouTube"), "meta_content": same("Facebook / Instagram"), "shopee": Text(zh="蝦皮購物", en="Shopee"),
    "bookkeeping": Text(zh="會計帳", en="The books"),
}  # fmt: skip


# A client's own sources have names that only its mapping files know. What is told hands on ids, so the names hold for a
# whole telling, as `called` sets them.
_OWN: ContextVar[Mapping[str, Text]] = ContextVar("own sources", default=MappingProxyType({}))


@contextmanager
def called(own: Mapping[str, Text]) -> Iterator[None]:
    """Within it, the client's own sources are called by these names, by id."""
    before = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(before)


def known_name(source: str) -> Text | None:
    """A platform's name, or what `called` says of a client's own source; None where neither knows it."""
    return PLATFORMS.get(source) or _OWN.get().get(source)


def platform_name(source: str) -> Text:
    """What a platform is called; its id where nobody has a name for it."""
    return known_name(source) or same(source)
