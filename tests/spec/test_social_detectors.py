"""The checks on social media: followers that nobody's views explain, and likes without answers."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, engagement_without_comments, follower_jump
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.posts import sample_posts
from kpi_toolkit.checks.sample import OCTOBER, case_of

Row = dict[str, Any]
ADS = [{"date_day": day, "campaign_name": "BC_品牌", "spend": 100.0, "impressions": 4000} for day in OCTOBER.each_day()]


def checked(name: str, case: Case) -> Checked:
    return examined(case, [DETECTORS[name]])[0]


@pytest.mark.parametrize(("extra", "found"), [(0, False), (60, False), (500, True), (1000, True)])
def test_a_days_jump_in_followers_of_a_campaign(extra: float, found: bool) -> None:
    result = checked("follower_jump", follower_jump._sample(extra))
    assert (result.verdict == "look") == found
    if found:
        # The spend of the month that is behind the surplus: 800 a day for some 26 followers a day, and the surplus.
        assert float(result.findings[0].observation.amount or 0) == pytest.approx(
            31 * 800 * extra / (31 * 26 + extra), rel=0.05
        )
        assert "2026-10-14" in result.findings[0].says.say("en")


def posts(**changes: object) -> Case:
    """An honest page whose newest post is changed."""
    rows = sample_posts()
    return case_of({"ads_daily": ADS, "content": [rows[0] | changes, *rows[1:]]})


def test_a_posts_jump_in_followers() -> None:
    assert checked("follower_jump", posts(follows=1000)).verdict == "look"
    # A prize brings comments, too; and what everybody sees brings followers.
    assert checked("follower_jump", posts(follows=1000, comments=3000)).verdict == "clear"
    assert checked("follower_jump", posts(follows=1000, impressions=900000)).verdict == "clear"
    assert checked("follower_jump", posts(follows=-40)).verdict == "clear"


def claims(*gained: float) -> Case:
    """A vendor's reports of the months up to October, while as much is shown as ever."""
    months = OCTOBER.back(len(gained))
    told = [
        {"metric": "followers_gained", "value": count, "period_start": one.start, "period_end": one.end, "vendor_name": "北辰數位"}
        for one, count in zip(months, gained, strict=True)
    ]  # fmt: skip
    ads = [{"date_day": day, "campaign_name": "BC_品牌", "impressions": 4000} for one in months for day in one.each_day()]  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": told})


@pytest.mark.parametrize(
    ("gained", "found"),
    [
        ((110, 90, 140, 120), False),
        ((110, 90, 140, 400), False),
        ((110, 90, 140, 2000), True),
        ((1, 2, 1, 20), False),  # few
        ((110, 2000), False),  # too short a time to know
    ],
)
def test_followers_as_reports_tell_them(gained: tuple[float, ...], found: bool) -> None:
    assert bool(checked("follower_jump", claims(*gained)).findings) == found


def test_without_followers_it_says_what_it_needs() -> None:
    result = checked("follower_jump", case_of({"ads_daily": ADS}))
    assert (result.verdict, len(result.needs)) == ("not applicable", 1)


@pytest.mark.parametrize(("times", "found"), [(1, False), (1.5, False), (6, True), (12, True)])
def test_likes_that_grow_without_answers(times: float, found: bool) -> None:
    result = checked("engagement_without_comments", engagement_without_comments._sample(lambda likes: likes * times))
    assert (result.verdict == "look") == found


def test_some_posts_far_more_liked_and_less_answered() -> None:
    rows = sample_posts(11)
    odd = [row | {"likes": int(str(row["likes"])) * 30} if at in (1, 4, 7) else row for at, row in enumerate(rows)]
    result = checked("engagement_without_comments", case_of({"content": odd}))
    assert result.verdict == "look"
    assert "3 posts" in result.findings[0].says.say("en")


def test_likes_as_alike_as_no_crowds_are() -> None:
    rows = [row | {"likes": 200 + at % 2, "comments": 10, "shares": 4} for at, row in enumerate(sample_posts(11))]
    assert checked("engagement_without_comments", case_of({"content": rows})).verdict == "look"
    friends = [row | {"likes": 12, "comments": 1, "shares": 0} for row in rows]
    assert checked("engagement_without_comments", case_of({"content": friends})).verdict == "clear"


def test_where_comments_are_closed_nothing_is_said() -> None:
    rows = [row | {"comments": 0, "shares": 0} for row in sample_posts()]
    assert checked("engagement_without_comments", case_of({"content": rows})).verdict == "clear"
    untold = [{name: value for name, value in row.items() if name not in ("comments", "shares")} for row in rows]
    assert checked("engagement_without_comments", case_of({"content": untold})).verdict == "too few"


def page(chance: random.Random) -> list[Row]:
    """An honest page with a month's viral post and one that gives a prize."""
    rows = sample_posts(chance.choice([10, 20, 60]), seed=chance.randrange(10**6))
    for row in chance.sample(rows, 2):
        times = chance.uniform(3, 15)
        row |= {
            name: round(float(str(row[name])) * times)
            for name in ("impressions", "likes", "comments", "shares", "follows")
        }
    prize = chance.choice(rows)
    prize |= {"comments": float(str(prize["comments"])) * 6 + 50, "follows": float(str(prize["follows"])) * 3}
    return rows  # fmt: skip


def test_honest_pages_raise_no_finding() -> None:
    chance = random.Random(20261031)
    for _ in range(20):
        honest = case_of({"ads_daily": ADS, "content": page(chance)})
        assert checked("follower_jump", honest).findings == ()
        assert checked("engagement_without_comments", honest).findings == ()
        honest.dataset.close()
