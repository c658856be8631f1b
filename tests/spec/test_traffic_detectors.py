"""Traffic that nobody is behind: what is found, with the money at stake, and the honest look-alikes that stay in peace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from kpi_toolkit.analysis.traffic import home, hourly, night_surplus, parted, usual
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import (
    DETECTORS,
    clicks_without_sessions,
    foreign_traffic,
    night_traffic,
    traffic_spike,
)
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of

IDS = ("clicks_without_sessions", "dead_traffic", "foreign_traffic", "night_traffic", "traffic_spike")
Row = dict[str, object]
# What becomes of a day's visits: gets the channel, the day and the row.
Change = Callable[[str, date, Row], Row]


def checked(case: Case, detector: str) -> Checked:
    return examined(case, [DETECTORS[detector]])[0]


def found(case: Case) -> set[str]:
    return {one.detector.id for one in examined(case, [DETECTORS[name] for name in IDS]) if one.verdict == "look"}


def amount(result: Checked) -> float:
    (finding,) = result.findings
    return float(finding.observation.amount or 0)


def months(
    change: Change, *, seed: int = 1, back: int = 91, ads: Mapping[str, object] | None = None, forms: str = ""
) -> Case:
    """Two platforms and three free channels over three months; `change` is done to the visits, `ads` is added to Meta's rows, and the
    campaigns of `forms` stay on the platform."""
    rng = np.random.default_rng(seed)
    clicks, site = [], []
    for ago in range(back, -1, -1):
        day = OCTOBER.end - timedelta(days=ago)
        for channel, mean, share in (("meta_ads", 300, 0.75), ("google_ads", 200, 0.85), ("organic_search", 150, 1), ("direct", 120, 1), ("referral", 20, 1)):  # fmt: skip
            many = int(rng.poisson(rng.gamma(mean / 2, 2)))
            if share < 1:
                extra = dict(ads or {}) if channel == "meta_ads" else {}
                clicks.append({"source": channel, "campaign_name": f"BC_{channel}", "date_day": day, "clicks": many, "impressions": many * 70, "spend": many * 9.0} | extra)  # fmt: skip
            came = int(rng.binomial(many, share))
            row: Row = {"channel": channel, "date_day": day, "sessions": came, "engaged_sessions": int(rng.binomial(came, 0.55)), "purchases": int(rng.binomial(came, 0.012))}  # fmt: skip
            site.append(change(channel, day, row))
        if forms and day in OCTOBER:
            clicks.append({"source": "meta_ads", "campaign_name": "BC_新", "date_day": day, "clicks": 400, "impressions": 20000, "spend": 4000.0, "objective": forms})  # fmt: skip
    return case_of({"ads_daily": clicks, "sessions": [row for row in site if row]})


def as_it_was(_channel: str, _day: date, row: Row) -> Row:
    return row


def times(row: Row, factor: float, *names: str) -> Row:
    chosen = names or ("sessions", "engaged_sessions", "purchases")
    return row | {name: int(float(str(row[name])) * factor) for name in chosen}


def robots(channel: str, day: date, row: Row) -> Row:
    return times(row, 0.45) if channel == "meta_ads" and day in OCTOBER else row


def banner(_channel: str, day: date, row: Row) -> Row:
    return times(row, 0.75) if day in OCTOBER else row


def outage(channel: str, day: date, row: Row) -> Row:
    return times(row, 0) if channel == "meta_ads" and date(2026, 10, 5) <= day <= date(2026, 10, 12) else row


def dead(channel: str, day: date, row: Row) -> Row:
    return times(row, 0.3, "engaged_sessions", "purchases") if channel == "meta_ads" and day in OCTOBER else row


def redesigned(_channel: str, day: date, row: Row) -> Row:
    return times(row, 0.6, "engaged_sessions") if day in OCTOBER else row


def untold(channel: str, _day: date, row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "engaged_sessions"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [(as_it_was, set()), (robots, {"clicks_without_sessions"}), (banner, set()), (outage, set()), (dead, {"dead_traffic"}), (redesigned, set()), (untold, set())],
)  # fmt: skip
def test_what_is_found_in_three_months_of_clicks_and_visits(change: Change, expected: set[str]) -> None:
    assert found(months(change)) == expected


def test_money_at_stake_is_the_spend_behind_what_is_missing() -> None:
    spent = 300 * 31 * 9.0
    assert amount(checked(months(robots), "clicks_without_sessions")) == pytest.approx(spent * 0.55, rel=0.15)
    assert amount(checked(months(dead), "dead_traffic")) == pytest.approx(spent * 0.7, rel=0.15)


def test_a_tag_that_was_lost_moves_visits_and_loses_none() -> None:
    moved: dict[date, int] = {}

    def lost(channel: str, day: date, row: Row) -> Row:
        if day not in OCTOBER:
            return row
        if channel == "meta_ads":
            moved[day] = int(str(row["sessions"])) - int(float(str(row["sessions"])) * 0.4)
            return times(row, 0.4)
        return row | {"sessions": int(str(row["sessions"])) + moved[day]} if channel == "direct" else row

    assert checked(months(lost), "clicks_without_sessions").verdict == "clear"


@pytest.mark.parametrize("objective", ["GAIN_FRIENDS", "潛在顧客", "OUTCOME_LEADS", "訊息"])
def test_clicks_that_stay_on_the_platform_need_not_come(objective: str) -> None:
    assert found(months(as_it_was, forms=objective)) == set()


def test_other_clicks_that_do_not_come_are_missed() -> None:
    assert "clicks_without_sessions" in found(months(as_it_was, forms="OUTCOME_TRAFFIC"))


def test_without_history_only_what_no_honest_channel_does_is_found() -> None:
    def nearly_none(channel: str, day: date, row: Row) -> Row:
        return times(row, 0.2) if channel == "meta_ads" else row

    def few(channel: str, day: date, row: Row) -> Row:
        return times(row, 0.6) if channel == "meta_ads" else row

    assert checked(months(nearly_none, back=30), "clicks_without_sessions").verdict == "look"
    assert checked(months(few, back=30), "clicks_without_sessions").verdict == "clear"


def test_what_no_file_tells_is_asked_for() -> None:
    case = months(untold)
    for detector, word in (
        ("dead_traffic", "互動工作階段"),
        ("foreign_traffic", "國家/地區"),
        ("night_traffic", "小時"),
    ):
        result = checked(case, detector)
        assert result.verdict == "too few"
        assert word in result.needs[0].say("zh-TW")


def test_channels_of_several_platforms_are_held_against_them_together() -> None:
    assert parted(["google_ads", "meta_ads", "tiktok_ads"], ["google_ads", "paid_social", "direct"]) == [
        (("google_ads",), ("google_ads",)), (("meta_ads", "tiktok_ads"), ("paid_social",)),
    ]  # fmt: skip

    def grouped(channel: str, _day: date, row: Row) -> Row:
        return row | {"channel": {"meta_ads": "paid_social", "google_ads": "paid_search"}.get(channel, channel)}

    def with_robots(channel: str, day: date, row: Row) -> Row:
        return grouped(channel, day, robots(channel, day, row))

    assert found(months(grouped)) == set()
    assert found(months(with_robots)) == {"clicks_without_sessions"}


@pytest.mark.parametrize(
    ("abroad", "organic", "verdict"),
    [(0.4, 0.02, "look"), (0.25, 0.02, "look"), (0.08, 0.02, "clear"), (0.4, 0.35, "clear")],
)
def test_places(abroad: float, organic: float, verdict: str) -> None:
    result = checked(foreign_traffic._sample(abroad, organic=organic), "foreign_traffic")
    assert result.verdict == verdict
    if verdict == "look":
        assert amount(result) == pytest.approx(31 * 1400 * (abroad - organic), rel=0.15)


def test_clicks_by_country_will_do() -> None:
    def case(abroad: float) -> Case:
        return case_of({"ads_daily": [
            {"source": "google_ads", "campaign_name": "BC", "date_day": day, "country": name, "clicks": 100 * share, "spend": 900 * share}
            for day in OCTOBER.each_day() for name, share in (("臺灣", 1 - abroad), ("Brazil", abroad))
        ]})  # fmt: skip

    assert checked(case(0.5), "foreign_traffic").verdict == "look"
    assert checked(case(0.1), "foreign_traffic").verdict == "clear"


@pytest.mark.parametrize(
    ("night", "shift", "verdict"),
    [(0.4, 0, "look"), (0.25, 0, "look"), (0.05, 0, "clear"), (0.0, -8, "clear"), (0.02, 9, "clear")],
)
def test_hours(night: float, shift: int, verdict: str) -> None:
    result = checked(night_traffic._sample(night, shift=shift), "night_traffic")
    assert result.verdict == verdict
    if verdict == "look":
        assert amount(result) == pytest.approx(31 * 2000 * night, rel=0.15)


@pytest.mark.parametrize(
    ("clicks", "sessions", "verdict"),
    [(5, 1, "look"), (4, 1, "look"), (5, 4.2, "clear"), (1, 1, "clear"), (1.8, 1, "clear")],
)
def test_jumps(clicks: float, sessions: float, verdict: str) -> None:
    result = checked(traffic_spike._sample(clicks=clicks, sessions=sessions), "traffic_spike")
    assert result.verdict == verdict
    if verdict == "look":
        assert amount(result) == pytest.approx(3 * 150 * 8 * (clicks - 1), rel=0.25)


def test_days_with_many_orders_are_no_jump_for_nothing() -> None:
    sample = traffic_spike._sample(clicks=5, sessions=1)
    ads, site = (sample.dataset.frame(name).dropna(axis=1, how="all") for name in ("ads_daily", "sessions"))
    orders = [
        {"order_id": f"{day}-{number}", "ordered_at": day, "status": "valid", "total": 900.0}
        for day in OCTOBER.each_day()
        for number in range(60 if day.day in (11, 12, 13) else 15)
    ]
    case = case_of({"ads_daily": ads.to_dict("records"), "sessions": site.to_dict("records"), "orders": orders})
    assert checked(case, "traffic_spike").verdict == "clear"


@pytest.mark.parametrize(("invalid", "verdict"), [(0.05, "clear"), (0.1, "clear"), (0.3, "look")])
def test_clicks_that_the_platform_itself_took_for_invalid(invalid: float, verdict: str) -> None:
    case = months(as_it_was, ads={"invalid_clicks": 300 * invalid / (1 - invalid)})
    assert checked(case, "traffic_spike").verdict == verdict


def test_money_in_another_currency_is_not_told_as_the_clients() -> None:
    result = checked(months(robots, ads={"currency": "USD"}), "clicks_without_sessions")
    assert all(one.observation.amount is None for one in result.findings)


def test_one_row_and_nothing_at_all() -> None:
    day = OCTOBER.start
    ads: Row = {"source": "meta_ads", "campaign_name": "BC", "date_day": day, "clicks": 0, "spend": 0.0}
    site: Row = {"channel": "meta_ads", "date_day": day, "sessions": 0}
    for detector in IDS:
        assert checked(case_of({"ads_daily": [ads], "sessions": [site]}), detector).verdict == "too few"


@pytest.mark.parametrize(
    ("country", "expected"),
    [("台灣", True), ("臺灣", True), (" Taiwan ", True), ("TW", True), ("Hong Kong", False), ("(not set)", None), ("", None)],
)  # fmt: skip
def test_which_places_are_home(country: str, expected: bool | None) -> None:
    assert home(country) is expected


def test_hours_as_they_are_written_and_clocks_that_are_off() -> None:
    assert hourly({"9": 1, "09": 2, "21:00": 3, "2026100105": 4, "": 9, "25": 9, "x": 9}).tolist() == [0] * 5 + [4, 0, 0, 0, 3] + [0] * 11 + [3, 0, 0]  # fmt: skip
    day = np.array(night_traffic._DAY, dtype=float)
    share, known, shift = night_surplus(np.roll(day, 8), day)
    assert (share, shift) == (pytest.approx(known), 8)


def test_what_a_day_usually_brings_follows_its_weekday() -> None:
    weekdays = np.arange(70) % 7
    counts = np.where(weekdays < 5, 100.0, 60.0)
    counts[38] = 900
    assert usual(counts, weekdays)[38] == pytest.approx(100)
    assert usual(counts, weekdays)[41] == pytest.approx(60)


def test_the_samples_are_as_they_say() -> None:
    assert checked(clicks_without_sessions._sample(0.8), "clicks_without_sessions").verdict == "clear"


def test_platforms_told_by_whole_periods_are_asked_for_by_day() -> None:
    whole: Row = {"source": "line_ads", "campaign_name": "BC_LINE", "grain": "period", "period_start": OCTOBER.start, "period_end": OCTOBER.end, "clicks": 900, "spend": 8000.0}  # fmt: skip
    ads = [{"source": "meta_ads", "campaign_name": "BC", "grain": "day", "date_day": day, "period_start": day, "period_end": day, "clicks": 100, "spend": 900.0} for day in OCTOBER.each_day()]  # fmt: skip
    site = [{"channel": channel, "date_day": day, "sessions": 60, "engaged_sessions": 30} for day in OCTOBER.each_day() for channel in ("meta_ads", "line_ads")]  # fmt: skip
    for detector in ("clicks_without_sessions", "dead_traffic", "traffic_spike"):
        needs = checked(case_of({"ads_daily": [*ads, whole], "sessions": site}), detector).needs
        assert any("line_ads" in need.say("en") for need in needs)
