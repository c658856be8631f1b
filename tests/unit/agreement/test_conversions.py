"""What counts as a conversion: the platforms' own words, and the definitions agreed for each time."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_toolkit.agreement.conversion import Conversion, counts_of, definition_of, kind_of_result


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("actions:lead", "lead"),
        ("actions:offsite_conversion.fb_pixel_lead", "lead"),
        ("actions:onsite_conversion.lead_grouped", "lead"),
        ("潛在顧客", "lead"),
        ("actions:offsite_conversion.fb_pixel_purchase", "purchase"),
        ("Website purchases", "purchase"),
        ("網站購買", "purchase"),
        ("Complete payment (website)", "purchase"),
        ("actions:onsite_conversion.messaging_conversation_started_7d", "message"),
        ("訊息對話開始次數", "message"),
        ("actions:offsite_conversion.fb_pixel_add_to_cart", "add_to_cart"),
        ("加到購物車次數", "add_to_cart"),
        ("link_click", "traffic"),
        ("actions:link_click", "traffic"),
        ("landing_page_view", "traffic"),
        ("連結點擊次數", "traffic"),
        ("video_thruplay_watched_actions", "video"),
        ("actions:post_engagement", "engagement"),
        ("reach", "reach"),
        ("actions:offsite_conversion.fb_pixel_initiate_checkout", "other"),
        ("actions:offsite_conversion.fb_pixel_custom", ""),
        ("actions:offsite_conversion.custom.1234567890", ""),
        ("線上預約表單", None),
        ("misleading", None),
        ("", None),
    ],
)
def test_the_platforms_words(word: str, kind: str | None) -> None:
    assert kind_of_result(word) == kind


def agreed(source: str = "meta_ads", counts: str = "lead", **more: object) -> Conversion:
    return Conversion.model_validate({"source": source, "counts": counts, "counting": "one", **more})


def test_the_platforms_word_comes_before_the_agreement() -> None:
    lead = [agreed(counts="lead")]
    day = date(2026, 1, 1)
    assert counts_of(lead, "meta_ads", "", day, "網站購買") == "purchase"
    assert counts_of(lead, "meta_ads", "", day, "") == "lead"
    assert counts_of(lead, "meta_ads", "", day, "線上預約表單") == "lead"
    assert counts_of([], "meta_ads", "", day, "線上預約表單") == "other"
    assert counts_of([], "meta_ads", "", day, "") == ""


def test_two_kinds_from_one_day_are_told_apart_by_the_platforms_word_alone() -> None:
    both = [agreed(counts="lead", since="2026-01-01"), agreed(counts="message", since="2026-01-01")]
    day = date(2026, 2, 1)
    assert counts_of(both, "meta_ads", "", day, "actions:lead") == "lead"
    assert counts_of(both, "meta_ads", "", day, "訊息對話開始次數") == "message"
    assert counts_of(both, "meta_ads", "", day, "") == ""
    assert definition_of(both, "meta_ads", "", day, "message") == "meta_ads||2026-01-01|message|one||"
    assert definition_of(both, "meta_ads", "", day, "") == ""


def test_the_latest_definition_wins_and_the_vendors_own_on_the_same_day() -> None:
    ledger = [agreed(since="2026-01-01"), agreed(since="2026-03-01", click_window_days=7)]
    assert definition_of(ledger, "meta_ads", "v", date(2026, 2, 28), "lead") == "meta_ads||2026-01-01|lead|one||"
    assert definition_of(ledger, "meta_ads", "v", date(2026, 3, 1), "lead") == "meta_ads||2026-03-01|lead|one|7|"
    own = [*ledger, agreed(since="2026-03-01", vendor="v")]
    assert definition_of(own, "meta_ads", "v", date(2026, 3, 1), "lead") == "meta_ads|v|2026-03-01|lead|one||"
    assert definition_of(own, "meta_ads", "w", date(2026, 3, 1), "lead") == "meta_ads||2026-03-01|lead|one|7|"
