"""What was agreed with a client: its terms, its targets, whose campaign is whose."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.terms import Words
from kpi_toolkit.agreement.vendor import Vendor, vendor_of
from kpi_toolkit.periods import parse_period


def test_a_client_is_what_its_file_says(bakery: Client) -> None:
    assert (bakery.id, bakery.goal, bakery.gross_margin, bakery.lead_value) == ("bakery", "orders", 0.52, None)
    assert bakery.vendors[0].since == date(2025, 9, 1)
    assert bakery.vendors[0].campaigns[1].account == "0123", "an account's leading zero is part of it"
    assert bakery.assumptions == {"gross_margin": 0.52}


def test_what_a_client_leaves_out_is_the_workspaces(bakery: Client) -> None:
    assert (bakery.currency, bakery.timezone) == ("JPY", "Asia/Tokyo")


def test_a_definition_is_one_line(bakery: Client) -> None:
    line = "google_ads|beichen|2025-09-01|purchase|every|30|1"
    assert bakery.definition_of("google_ads", "beichen", date(2026, 1, 1), "purchase") == line
    assert bakery.conversion(line) == bakery.conversions[0]
    assert bakery.definition_of("google_ads", "beichen", date(2025, 8, 31), "purchase") == ""
    assert bakery.definition_of("google_ads", "other", date(2026, 1, 1), "purchase") == ""


def test_names_keep_their_braces_in_both_languages() -> None:
    text = Words(zh="{甲}", en="{b}").text()
    assert (text.say("zh-TW"), text.say("en")) == ("{甲}", "{b}")


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("revenue", "2025-12", None),
        ("revenue", "2026-01", 1200000),
        ("revenue", "2026-02", 1500000),  # both cover it: the later start wins
        ("revenue", "2030-01", 1500000),
        ("revenue", "2026-W05", None),  # a month's target says nothing of a week
        ("spend", "2026-W05", 9000),
        ("aov", "2026-01", None),
    ],
)
def test_the_target_that_covers_a_period(bakery: Client, metric: str, period: str, expected: float | None) -> None:
    found = bakery.target(metric, parse_period(period))
    assert (found and found.value) == expected


def test_unknown_targets_name_the_nearest(bakery: Client) -> None:
    assert bakery.unknown_targets(["revenue", "spend"]) == []
    (fault,) = bakery.unknown_targets(["revenues", "spend", "cpa"])[:1]
    assert fault.say("en").startswith("targets[1]: unknown metric 'revenue'; did you mean: revenues")


def test_unknown_sources_name_the_nearest(bakery: Client) -> None:
    assert bakery.unknown_sources(["google_ads", "meta_ads"]) == []
    (fault,) = bakery.unknown_sources(["google_ads", "meta_adz"])
    assert (
        fault.say("zh-TW") == "vendors[1].campaigns[2].source：沒有這個來源 'meta_ads'；最接近的：meta_adz, google_ads"
    )


@pytest.mark.parametrize(
    ("source", "account", "campaign", "expected"),
    [
        ("google_ads", "", "BC_品牌", "beichen"),
        ("google_ads", "", "bc_品牌", ""),
        ("google_ads", "", "BCX", ""),
        ("google_ads", "", "x BC_", ""),
        ("meta_ads", "0123", "anything", "beichen"),
        ("meta_ads", "123", "anything", ""),
        ("line_ads", "", "BC_品牌", ""),
    ],
)
def test_the_first_rule_that_fits_says_whose_campaign_it_is(
    bakery: Client, source: str, account: str, campaign: str, expected: str
) -> None:
    assert bakery.vendor_of(source, campaign, account) == expected


def test_the_first_vendor_wins() -> None:
    first, second = (
        Vendor.model_validate({"id": name, "name": name, "campaigns": [{"campaign": glob}]})
        for name, glob in (("one", "A*"), ("two", "*"))
    )
    assert [vendor_of([first, second], "x", name) for name in ("AB", "B")] == ["one", "two"]
