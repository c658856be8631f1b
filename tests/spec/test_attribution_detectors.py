"""S26: credit by views, wider windows, brand keywords and retargeting: what is found, with the amount, and what is left in peace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi_toolkit.analysis.attribution import Setting, setting_of
from kpi_toolkit.analysis.share import Part, moved, surely_above
from kpi_toolkit.checks import crediting
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Detector
from kpi_toolkit.checks.detectors import attribution_changed, brand_share, retargeting_share, view_through_share
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.tables.dataset import from_frames

Ads = Sequence[Mapping[str, object]]
DAYS = [OCTOBER.start + timedelta(days=n) for n in range(-56, 31)]


def checked(case: Case, detector: Detector) -> Checked:
    return examined(case, [detector])[0]


def amounts(case: Case, detector: Detector) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(case, detector).findings]


def meta(days: Sequence[date] = DAYS, **figures: object) -> list[dict[str, object]]:
    """A campaign's days; a figure may be a function of the day."""
    usual = {"source": "meta_ads", "campaign_name": "BC_轉換", "spend": 2000.0, "clicks": 200.0, "conversions": 8.0, "counts": "purchase"}  # fmt: skip
    return [
        {"date_day": day} | {name: value(day) if callable(value) else value for name, value in (usual | figures).items()}
        for day in days
    ]  # fmt: skip


def switched(before: object, now: object, since: int = 12) -> Callable[[date], object]:
    return lambda day: now if day >= OCTOBER.start.replace(day=since) else before


@pytest.mark.parametrize(
    ("words", "click", "view", "engaged"),
    [
        ("7-day click or 1-day view", 7, 1, 0), ("點擊後 7 天或瀏覽後 1 天內", 7, 1, 0), ("點擊後 7 天、瀏覽後 1 天或互動觀看後 1 天", 7, 1, 1),
        ("7-day click, 1-day engaged-view, or 1-day view", 7, 1, 1), ("點擊後 7 天", 7, 0, 0), ("7d_click_1d_view", 7, 1, 0),
        ("Pc30dPv24h", 30, 1, 0), ("Pc30d", 30, 0, 0), ("7天點擊，1天瀏覽", 7, 1, 0), ("28 days after clicking", 28, 0, 0), ("點擊或瀏覽後 7 天", 7, 7, 0),
    ],
)  # fmt: skip
def test_the_same_setting_in_all_spellings(words: str, click: int, view: int, engaged: int) -> None:
    assert setting_of(words) == Setting(click=click, view=view, engaged=engaged)


@pytest.mark.parametrize(
    "words", ["", "data-driven", "以數據為準", "client attribution", "last click", "點擊", "999999999999999"]
)
def test_settings_without_days_are_not_guessed(words: str) -> None:
    assert setting_of(words) is None


def test_wider_is_all_that_the_other_credits_and_more() -> None:
    old = Setting(click=7)
    assert Setting(click=7, view=1).wider_than(old) and Setting(click=28).wider_than(old)
    assert not old.wider_than(old)
    assert not Setting(click=1, view=1).wider_than(old), "more views and fewer clicks are not compared"


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("點擊後 7 天", "點擊後 7 天或瀏覽後 1 天", True),
        ("7-day click", "28-day click or 1-day view", True),
        ("點擊後 7 天或瀏覽後 1 天內", "7-day click or 1-day view", False),  # another language
        ("7-day click or 1-day view", "7-day click", False),  # narrower
        ("7-day click", "data-driven", False),
        ("", "7-day click or 1-day view", False),  # the column is new, not the setting
    ],
)
def test_a_setting_that_becomes_wider(before: str, now: str, found: bool) -> None:
    case = case_of({"ads_daily": meta(attribution=switched(before, now))})
    assert bool(checked(case, attribution_changed.DETECTOR).findings) is found


def test_the_amount_is_what_the_added_conversions_used_to_cost() -> None:
    case = case_of({"ads_daily": meta(attribution=switched("7-day click", "7-day click or 1-day view"), conversions=switched(8.0, 12.0))})  # fmt: skip
    assert amounts(case, attribution_changed.DETECTOR) == [pytest.approx(20 * 4 * 2000 / 8)]


def test_a_change_that_was_agreed_is_no_finding() -> None:
    agreed = [{"source": "meta_ads", "counts": "purchase", "counting": "every", "click_window_days": 7, "view_window_days": 1, "since": date(2026, 10, 12)}]  # fmt: skip
    ads = meta(attribution=switched("7-day click", "7-day click or 1-day view"))
    assert not checked(case_of({"ads_daily": ads}, conversions=agreed), attribution_changed.DETECTOR).findings
    narrower = [agreed[0] | {"view_window_days": 0}]
    (found,) = checked(case_of({"ads_daily": ads}, conversions=narrower), attribution_changed.DETECTOR).findings
    assert "10/12" in found.says.say("zh-TW")


def test_a_setting_beyond_the_agreed_one_is_told_also_without_a_change() -> None:
    agreed = [{"source": "meta_ads", "counts": "purchase", "counting": "every", "click_window_days": 7, "view_window_days": 0}]  # fmt: skip
    ads = meta(attribution="7-day click or 1-day view")
    assert checked(case_of({"ads_daily": ads}, conversions=agreed), attribution_changed.DETECTOR).findings
    unsaid = [{"source": "meta_ads", "counts": "purchase", "counting": "every", "click_window_days": 7}]
    assert not checked(case_of({"ads_daily": ads}, conversions=unsaid), attribution_changed.DETECTOR).findings


@pytest.mark.parametrize(("conversions", "found"), [(8.0, True), (1.0, False)])
def test_new_campaigns_with_a_wider_setting_where_they_matter(conversions: float, found: bool) -> None:
    old = meta(attribution="7-day click")
    new = meta(DAYS[60:], campaign_name="BC_新活動", attribution="7-day click or 1-day view", conversions=conversions)
    assert bool(checked(case_of({"ads_daily": [*old, *new]}), attribution_changed.DETECTOR).findings) is found


def test_a_file_by_month_tells_the_setting_too() -> None:
    rows = [
        {"source": "meta_ads", "grain": "period", "date_day": None, "period_start": first, "period_end": last, "campaign_name": "BC_轉換",
         "spend": 60000.0, "clicks": 6000.0, "conversions": 240.0, "counts": "purchase", "attribution": words}
        for first, last, words in (
            (date(2026, 8, 1), date(2026, 8, 31), "7-day click"), (date(2026, 9, 1), date(2026, 9, 30), "7-day click"),
            (date(2026, 10, 1), date(2026, 10, 31), "7-day click or 1-day view"),
        )
    ]  # fmt: skip
    assert checked(case_of({"ads_daily": rows}), attribution_changed.DETECTOR).findings


@pytest.mark.parametrize(
    ("before", "now", "a_day", "found"),
    [
        (0.15, 0.55, 10.0, True),
        (0.0, 0.4, 10.0, True),
        (0.2, 0.28, 10.0, False),  # other pictures
        (0.02, 0.06, 30.0, False),  # three times next to nothing
        (0.7, 0.72, 10.0, False),  # it has always been so
        (0.2, 0.5, 0.4, False),  # a dozen conversions a month
    ],
)
def test_conversions_after_a_view(before: float, now: float, a_day: float, found: bool) -> None:
    sample = view_through_share._sample(before, now, a_day=a_day)
    assert bool(checked(sample, view_through_share.DETECTOR).findings) is found


def test_the_amount_is_the_spend_behind_the_views_beyond_the_former_share() -> None:
    # Of 10 a day 5 came after a view; the other 5 used to bring 5 × 0.2 ÷ 0.8 along.
    sample = view_through_share._sample(0.2, 0.5)
    assert amounts(sample, view_through_share.DETECTOR) == [pytest.approx(31 * 2000 * (5 - 1.25) / 10)]


def test_without_a_past_most_conversions_must_be_after_a_view() -> None:
    assert checked(view_through_share._sample(0, 0.85, weeks=0), view_through_share.DETECTOR).verdict == "look"
    assert checked(view_through_share._sample(0, 0.55, weeks=0), view_through_share.DETECTOR).verdict == "too few"


def test_an_export_without_the_column_is_never_clear() -> None:
    found = checked(case_of({"ads_daily": meta()}), view_through_share.DETECTOR)
    assert found.verdict == "too few"
    assert "view-through" in found.needs[0].say("en")


def test_two_files_of_the_same_days_in_other_shapes_are_one() -> None:
    sample = view_through_share._sample(0.2, 0.5)
    ads = sample.dataset.frame("ads_daily").assign(shape="campaign_name")
    import pandas as pd

    both = pd.concat([ads, ads.assign(ad_group_name="A", shape="campaign_name+ad_group_name")], ignore_index=True)
    doubled = replace(sample, dataset=from_frames({"ads_daily": both}))
    assert amounts(doubled, view_through_share.DETECTOR) == amounts(sample, view_through_share.DETECTOR)


@pytest.mark.parametrize(("module", "name"), [(brand_share, "BC_品牌字"), (retargeting_share, "BC_再行銷")])
@pytest.mark.parametrize(
    ("times", "orders", "found"),
    [
        (4.0, 1.0, True),
        (3.0, 1.0, True),
        (4.0, 1.6, False),  # more orders came
        (1.3, 1.0, False),  # drift
        (0.5, 1.0, False),  # less of it
    ],
)
def test_money_moved_to_those_who_were_coming(module, name: str, times: float, orders: float, found: bool) -> None:  # type: ignore[no-untyped-def]
    case = crediting.sample(name, times, orders)
    findings = checked(case, module.DETECTOR).findings
    assert bool(findings) is found
    if found:
        assert float(findings[0].observation.amount or 0) == pytest.approx(31 * 4000 * 0.1 * (times - 1), rel=0.01)
        assert {row["campaign"] for row in findings[0].observation.evidence} == {name}


@pytest.mark.parametrize(("module", "name"), [(brand_share, "BC_品牌字"), (retargeting_share, "BC_再行銷")])
def test_a_pause_of_the_others_moves_nothing(module, name) -> None:  # type: ignore[no-untyped-def]
    sample = crediting.sample(name, 1.0)
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    ads = frames["ads_daily"]
    paused = (ads["campaign_name"] == "BC_新客") & (ads["date_day"] >= f"{OCTOBER.start + timedelta(days=12)}")
    case = replace(sample, dataset=from_frames(frames | {"ads_daily": ads[~paused]}))
    assert not checked(case, module.DETECTOR).findings


@pytest.mark.parametrize("module", [brand_share, retargeting_share])
def test_without_orders_it_says_what_is_needed(module) -> None:  # type: ignore[no-untyped-def]
    sample = module._fires()
    case = replace(sample, dataset=from_frames({"ads_daily": sample.dataset.frame("ads_daily")}))
    assert checked(case, module.DETECTOR).verdict == "too few"


@pytest.mark.parametrize(
    ("campaign", "brand"),
    [
        ("BC_品牌字", True), ("BC_Brand_Search", True), ("brand_search", True), ("範例_搜尋", True), ("Search_NonBrand", False), ("非品牌_搜尋", False),
        ("品牌認知_影片", False), ("Rebranding2026", False), ("競品字", False), ("一般字", False),
    ],
)  # fmt: skip
def test_what_a_brand_campaign_is_called(campaign: str, brand: bool) -> None:
    assert bool(brand_share._names(case_of({}).client).search(campaign)) is brand


@pytest.mark.parametrize(
    ("campaign", "found"),
    [("購物車再行銷", True), ("RMK_7D", True), ("RMKT-30", True), ("remarketing", True), ("Retargeting_TW", True), ("網站訪客", True), ("Descartes", False), ("新客開發", False), ("Prospecting", False)],
)  # fmt: skip
def test_what_a_retargeting_campaign_is_called(campaign: str, found: bool) -> None:
    assert bool(retargeting_share._names().search(campaign)) is found


def test_a_share_is_held_against_its_surely_highest_month() -> None:
    quiet, season = Part(part=10, whole=100), Part(part=40, whole=100)
    assert moved(Part(part=200, whole=500), [quiet] * 8, beyond=1.5, rise=0.1).p < 1e-6
    assert moved(Part(part=200, whole=500), [quiet] * 4 + [season] * 4, beyond=1.5, rise=0.1).p == 1.0
    assert moved(Part(part=3, whole=5), [quiet] * 8, beyond=1.5, rise=0.1).p > 0.001


def test_the_lower_end_of_a_share() -> None:
    assert surely_above(Part(part=90, whole=100), 0.6)
    assert not surely_above(Part(part=9, whole=10), 0.6)
    assert not surely_above(Part(part=0, whole=0), 0.0)


def test_a_new_campaign_has_a_share_of_its_own() -> None:
    old = meta(view_conversions=0.0)
    new = meta(DAYS[58:], campaign_name="BC_再行銷", view_conversions=6.0)
    case = case_of({"ads_daily": [*old, *new]})
    assert not checked(case, view_through_share.DETECTOR).findings
