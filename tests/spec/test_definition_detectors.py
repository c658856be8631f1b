"""S27: claimed conversions that jump, and cheap events among them: what is found, since when, with the amount, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Detector
from kpi_toolkit.checks.detectors import cheap_conversions, definition_switch
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.tables.dataset import from_frames

CHANGE = date(2026, 10, 12)


def checked(case: Case, detector: Detector = definition_switch.DETECTOR) -> Checked:
    return examined(case, [detector])[0]


def frames(case: Case) -> dict[str, pd.DataFrame]:
    return {name: case.dataset.frame(name) for name in case.dataset.relations}


def changed(case: Case, **tables: pd.DataFrame) -> Case:
    return replace(case, dataset=from_frames({**frames(case), **tables}))


def scaled(case: Case, factors: Mapping[str, float], since: date = CHANGE) -> Case:
    """The same with other figures of the ads since that day."""
    ads = frames(case)["ads_daily"]
    late = ads["date_day"] >= pd.Timestamp(since)
    for name, factor in factors.items():
        ads.loc[late, name] = ads.loc[late, name] * factor
    return changed(case, ads_daily=ads)


@pytest.mark.parametrize(
    ("times", "ledger", "found"),
    [
        (2.5, 1.0, True),
        (2.0, 1.1, True),
        (1.2, 1.0, False),  # drift
        (2.0, 2.0, False),  # a sale
        (0.4, 0.5, False),  # Lunar New Year
        (0.5, 1.0, False),  # tracking broke
    ],
)
def test_conversions_against_orders(times: float, ledger: float, found: bool) -> None:
    assert bool(checked(definition_switch._sample(times, ledger=ledger)).findings) is found


@pytest.mark.parametrize("since", [1, 5, 12, 20])
def test_it_says_since_when(since: int) -> None:
    (found,) = checked(definition_switch._sample(3.0, since=since)).findings
    assert f"10/{since:02}" in found.says.say("zh-TW")
    assert f"10/{since:02}" in found.question.say("en")


def test_the_amount_is_what_the_surplus_would_cost() -> None:
    # 20 days at 3,000; two and a half times the conversions: one and a half of them are surplus.
    (found,) = checked(definition_switch._sample(2.5)).findings
    assert float(found.observation.amount or 0) == pytest.approx(20 * 3000, rel=0.05)


@pytest.mark.parametrize(
    "factors",
    [
        {"conversions": 2.0, "clicks": 2.0},  # a larger budget that buys dear clicks
        {"conversions": 2.0, "spend": 2.0},  # better clicks for more money
        {"conversions": 2.0, "spend": 2.0, "clicks": 2.0},
    ],
)
def test_more_clicks_or_more_money_are_reasons(factors: Mapping[str, float]) -> None:
    assert not checked(scaled(definition_switch._sample(1.0), factors)).findings


def test_tracking_that_was_repaired_is_no_jump() -> None:
    """Three weeks of broken tracking before the period's twelfth: what comes back is what there had been."""
    sample = definition_switch._sample(1.0, before=84)
    ads = frames(sample)["ads_daily"]
    broken = ads["date_day"].between(
        pd.Timestamp(CHANGE - timedelta(days=21)), pd.Timestamp(CHANGE - timedelta(days=1))
    )
    ads.loc[broken, "conversions"] = (ads.loc[broken, "conversions"] * 0.15).round()
    assert not checked(changed(sample, ads_daily=ads)).findings


def test_budget_moved_to_a_campaign_that_converts_better_is_no_jump() -> None:
    sample = definition_switch._sample(1.0)
    ads = frames(sample)["ads_daily"]
    late = ads["date_day"] >= pd.Timestamp(CHANGE)
    brand = ads.assign(campaign_name="BC_品牌", spend=300.0, clicks=30.0, conversions=6.0)
    brand.loc[late, ["spend", "clicks", "conversions"]] *= 5
    ads.loc[late, ["spend", "clicks", "conversions"]] *= 0.6
    assert not checked(changed(sample, ads_daily=pd.concat([ads, brand], ignore_index=True))).findings


def test_a_new_campaign_is_no_jump() -> None:
    sample = definition_switch._sample(1.0)
    ads = frames(sample)["ads_daily"]
    new = ads[ads["date_day"] >= pd.Timestamp(CHANGE)].assign(campaign_name="BC_名單", conversions=40.0, counts="lead")
    assert not checked(changed(sample, ads_daily=pd.concat([ads, new], ignore_index=True))).findings


def test_a_definition_that_was_agreed_for_that_day_is_no_finding() -> None:
    agreed = {"source": "google_ads", "counts": "purchase", "counting": "every", "since": CHANGE}
    sample = definition_switch._sample(2.5, conversions=[agreed])
    assert not checked(sample).findings
    old = definition_switch._sample(2.5, conversions=[agreed | {"since": date(2025, 9, 1)}])
    assert checked(old).findings


def test_the_platforms_own_word_that_changes_on_that_day_is_told() -> None:
    sample = definition_switch._sample(1.5)
    ads = frames(sample)["ads_daily"]
    ads["conversion_type"] = np.where(ads["date_day"] >= pd.Timestamp(CHANGE), "add_to_cart", "purchase")
    (found,) = checked(changed(sample, ads_daily=ads)).findings
    assert "名稱也在這天改變" in found.says.say("zh-TW")
    ads["conversion_type"] = np.where(ads["date_day"] >= pd.Timestamp(CHANGE), "購買", "purchase")
    said = [one.says.say("zh-TW") for one in checked(changed(sample, ads_daily=ads)).findings]
    assert not any("名稱也在這天改變" in one for one in said), "the same in another language"


def test_without_orders_the_sites_purchases_stand_in() -> None:
    sample = definition_switch._sample(2.5)
    orders = frames(sample)["orders"]
    by_day = orders.groupby(orders["ordered_at"].dt.normalize()).size()
    site = [
        {"date_day": pd.Timestamp(str(day)).date(), "sessions": 500.0, "purchases": float(count)}
        for day, count in by_day.items()
    ]
    ads: Any = frames(sample)["ads_daily"].to_dict("records")
    assert checked(case_of({"ads_daily": ads, "sessions": site})).findings
    assert checked(case_of({"ads_daily": ads})).verdict == "too few"


def test_leads_are_held_against_the_list_of_leads() -> None:
    sample = definition_switch._sample(2.5)
    tables = frames(sample)
    leads = pd.DataFrame(
        {"lead_id": tables["orders"]["order_id"].map(lambda one: f"k{hash(one) & 0xFFFFFFFF:x}"), "received_at": tables["orders"]["ordered_at"], "source": "leads"}
    )  # fmt: skip
    case = replace(sample, dataset=from_frames({"ads_daily": tables["ads_daily"].assign(counts="lead"), "leads": leads}))  # fmt: skip
    assert checked(case).findings


def test_honest_noise_raises_no_finding() -> None:
    chance = np.random.default_rng(20261031)
    for _ in range(12):
        sample = definition_switch._sample(1.0)
        tables = frames(sample)
        ads = tables["ads_daily"]
        weeks = np.exp(chance.normal(0, 0.15, len(ads) // 7 + 1)).repeat(7)[: len(ads)]
        ads["conversions"] = chance.negative_binomial(5, 5 / (5 + 10 * weeks)).astype(float)
        kept = tables["orders"].sample(frac=0.9, random_state=int(chance.integers(2**31)))
        assert not checked(changed(sample, ads_daily=ads, orders=kept)).findings


@pytest.mark.parametrize(
    ("carts", "before", "campaign", "found"),
    [
        (12.0, 0.0, "BC_轉換", True),
        (30.0, 5.0, "BC_轉換", True),
        (12.0, 10.0, "BC_轉換", False),  # it was so before
        (1.0, 0.0, "BC_轉換", False),  # hardly any
        (30.0, 0.0, "BC_加入購物車", False),  # a new campaign with another goal
    ],
)
def test_cheap_events_among_the_conversions(carts: float, before: float, campaign: str, found: bool) -> None:
    sample = cheap_conversions._sample(carts, before=before, campaign=campaign)
    assert bool(checked(sample, cheap_conversions.DETECTOR).findings) is found


def test_the_amount_is_the_spend_behind_the_cheap_events() -> None:
    # Of 40 conversions a day 30 are cheap, and 2,500 a day are spent.
    (found,) = checked(cheap_conversions._sample(30.0), cheap_conversions.DETECTOR).findings
    assert float(found.observation.amount or 0) == pytest.approx(31 * 2500 * 0.75)


def test_purchases_that_fall_are_no_cheap_events() -> None:
    """Lunar New Year: fewer purchases, as many adds to cart as before."""
    sample = cheap_conversions._sample(4.0, before=4.0)
    ads = frames(sample)["ads_daily"]
    late = (ads["date_day"] >= pd.Timestamp(OCTOBER.start)) & (ads["counts"] == "purchase")
    ads.loc[late, "conversions"] = 2.0
    assert not checked(changed(sample, ads_daily=ads), cheap_conversions.DETECTOR).findings


def test_a_campaign_that_counts_something_else_from_now_on() -> None:
    sample = definition_switch._sample(6.0, since=1)
    ads = frames(sample)["ads_daily"]
    ads["counts"] = np.where(ads["date_day"] >= pd.Timestamp(OCTOBER.start), "add_to_cart", "purchase")
    (found,) = checked(changed(sample, ads_daily=ads), cheap_conversions.DETECTOR).findings
    assert float(found.observation.amount or 0) == pytest.approx(31 * 3000)
    rows: Any = ads.to_dict("records")
    agreed = case_of({"ads_daily": rows}, conversions=[{"source": "google_ads", "counts": "add_to_cart", "counting": "every"}])  # fmt: skip
    assert not checked(agreed, cheap_conversions.DETECTOR).findings, "what was agreed on is no cheap event"


def reported(claimed: float, **more: Any) -> Case:
    """A report of October beside a platform with 310 purchases and 620 adds to cart."""
    ads = [
        {"source": "meta_ads", "date_day": day, "campaign_name": "BC_轉換", "spend": 2000.0, "clicks": 200.0, "conversions": 10.0, "counts": "purchase", "add_to_carts": 20.0}
        for day in OCTOBER.each_day()
    ]  # fmt: skip
    claim = {"metric": "conversions", "value": claimed, "platform": "meta_ads", "period_start": OCTOBER.start, "period_end": OCTOBER.end} | more  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": [claim]})


@pytest.mark.parametrize(
    ("claimed", "found"),
    [(310, False), (930, True), (620, False), (325, False), (800, False), (0, False)],
)
def test_a_report_that_adds_adds_to_cart_to_purchases(claimed: float, found: bool) -> None:
    findings = checked(reported(claimed), cheap_conversions.DETECTOR).findings
    assert bool(findings) is found
    if found:
        assert "310" in findings[0].says.say("zh-TW") and "620" in findings[0].says.say("en")
        assert findings[0].observation.p is None
        assert float(findings[0].observation.amount or 0) == pytest.approx(62000 * 620 / 930)


def test_reports_of_other_platforms_and_months_are_not_compared() -> None:
    assert not checked(reported(930, platform="google_ads"), cheap_conversions.DETECTOR).findings
    assert not checked(reported(930, period_end=date(2026, 10, 30)), cheap_conversions.DETECTOR).findings
    assert checked(reported(930, platform=None), cheap_conversions.DETECTOR).findings, "there is only one platform"
