"""Several currencies: the report says which, never a dash in their place, and takes them for nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import LANGS, Lang
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present import page
from kpi_toolkit.present.blocks import Cards, Charts, Lead, Points
from kpi_toolkit.present.outputs import outputs
from kpi_toolkit.sections import MONTHLY, Context
from kpi_toolkit.sections.telling import Told, tell
from kpi_toolkit.tables.dataset import from_frames

NOT_ADDED = {"zh-TW": "無法加總", "en": "not added"}


def paid(source: str, campaign: str, currency: str) -> list[dict[str, object]]:
    return [
        {"source": source, "date_day": f"2026-10-{day:02}", "campaign_name": campaign, "spend": 100.0, "impressions": 500.0,
         "clicks": 10.0, "conversions": 1.0, "conversions_value": 300.0, "currency": currency, "counts": "purchase"}
        for day in range(1, 32)
    ]  # fmt: skip


def sold(source: str, currency: str) -> list[dict[str, object]]:
    return [
        {"source": source, "order_id": f"{source}{day}", "ordered_at": datetime(2026, 10, 1) + timedelta(days=day), "status": "valid",
         "customer_key": f"{day}", "total": 1000.0, "currency": currency}
        for day in range(31)
    ]  # fmt: skip


def told(lang: Lang, own: str = "TWD", **frames: list[dict[str, object]]) -> dict[str, Told]:
    client = Client(id="c", name={"zh": "客戶", "en": "Client"}, goal="orders", currency=own)  # type: ignore[arg-type]
    dataset = from_frames({name: pd.DataFrame(rows) for name, rows in frames.items()}, currency=own)
    found = tell(MONTHLY, Context(client=client, dataset=dataset, period=parse_period("2026-10")), lang)
    return {one.section.id: one for one in found}


ABROAD = [*paid("google_ads", "US", "USD"), *paid("google_ads", "TW", "TWD"), *paid("meta_ads", "autumn", "TWD")]


@pytest.mark.parametrize("lang", LANGS)
def test_a_platform_of_several_currencies_is_no_dash(lang: Lang) -> None:
    blocks = told(lang, ads_daily=ABROAD)["summary"].blocks
    (lead,) = [block.text for block in blocks if isinstance(block, Lead)]
    assert (
        "Google Ads（無法加總）和 Meta NT$3,100" if lang == "zh-TW" else "Google Ads (not added) and Meta NT$3,100"
    ) in lead
    (cards,) = [block for block in blocks if isinstance(block, Cards)]
    facts = {fact.label: fact.value for fact in cards.items[0].facts}
    assert facts == {"Google Ads": NOT_ADDED[lang], "Meta": "NT$3,100"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_currencies_are_named(lang: Lang) -> None:
    found = told(lang, ads_daily=ABROAD)
    for section in ("channels", "campaigns"):
        words = " ".join(page.html(block, lang) for block in found[section].blocks if not isinstance(block, Charts))
        assert ("（TWD 和 USD）" if lang == "zh-TW" else "(TWD and USD)") in words, section


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_is_asked_whether_two_currencies_are_the_same_people(lang: Lang) -> None:
    (asked,) = [
        one for one in told(lang, ads_daily=ABROAD)["summary"].blocks if isinstance(one, Points) and one.ordered
    ]
    assert not any("同一個人" in item or "same people" in item for item in asked.items)


@pytest.mark.parametrize("lang", LANGS)
def test_a_shop_in_two_currencies_is_nobodys_claim(lang: Lang) -> None:
    blocks = told(lang, orders=[*sold("shopline", "TWD"), *sold("shopify", "USD")])["summary"].blocks
    (lead,) = [block.text for block in blocks if isinstance(block, Lead)]
    expected = {
        "zh-TW": "；同期營收幣別不同，不加總：Shopify US$3.1\xa0萬和 SHOPLINE NT$3.1\xa0萬。",
        "en": "; in the same month, revenue was in different currencies, which are not added: Shopify US$31K and SHOPLINE NT$31K.",
    }
    assert lead.endswith(expected[lang])
    assert "同一個人" not in lead and "same people" not in lead


@pytest.mark.parametrize("lang", LANGS)
def test_money_that_names_no_currency_is_in_the_clients(lang: Lang) -> None:
    found = told(lang, "USD", ads_daily=paid("google_ads", "US", ""), orders=sold("shopline", ""))
    shown = {id: str([output.data for output in outputs(one.blocks, lang)]) for id, one in found.items()}
    in_dollars = {id for id, words in shown.items() if "US$" in words}
    assert in_dollars >= {"summary", "outcome", "trend", "channels", "campaigns"}
    assert [id for id, words in shown.items() if "NT$" in words or "TWD" in words] == []
