"""Breaks in tracking: what is one, what it holds, and the honest zeros that are left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, tracking_break
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.tables.dataset import from_frames

sample = tracking_break._sample


def checked(case: Case) -> Checked:
    return examined(case, [DETECTORS["tracking_break"]])[0]


def spans(case: Case) -> list[tuple[object, object, object]]:
    return [
        tuple(one.observation.values[name] for name in ("first", "last", "expected")) for one in checked(case).findings
    ]  # type: ignore[misc]


def with_ads(case: Case, change: object) -> Case:
    """The case with its ads changed by a function of the frame."""
    frames = {name: case.dataset.frame(name) for name in case.dataset.relations}
    frames["ads_daily"] = change(frames["ads_daily"])  # type: ignore[operator]
    return replace(case, dataset=from_frames(frames))


def day_of(ads: pd.DataFrame) -> pd.Series:
    """The day of October; 0 in September."""
    days = pd.to_datetime(ads["date_day"])
    return days.dt.day.where(days.dt.month == 10, 0)


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ((), []),
        (range(12, 14), []),  # two days
        (range(12, 15), [("10/12", "10/14")]),
        (range(12, 17), [("10/12", "10/16")]),
        (range(1, 32), [("10/01", "10/28")]),  # the last days may only be late
        (range(29, 32), []),
        ((3, 9, 15, 21, 27), []),
    ],
)
def test_runs_of_days_without_conversions(broken: range, expected: list[tuple[str, str]]) -> None:
    assert [one[:2] for one in spans(sample(broken))] == expected


def test_it_tells_what_was_due_and_what_was_spent() -> None:
    (found,) = checked(sample(range(12, 17))).findings
    assert (found.observation.values["seen"], found.observation.values["orders"]) == ("0", "62")
    assert float(str(found.observation.values["expected"])) == pytest.approx(65, abs=2)
    assert found.observation.amount == 5 * 3000
    assert found.observation.currency == "TWD"
    assert "10/12 到 10/16 只計到 0 次轉換" in found.says.say("zh-TW")
    assert [row["conversions"] for row in found.observation.evidence][3:8] == [0] * 5


def test_a_few_that_are_still_counted_are_a_break_all_the_same() -> None:
    def some(ads: pd.DataFrame) -> pd.DataFrame:
        return ads.assign(conversions=ads["conversions"].where(day_of(ads) != 14, 1.0))

    assert spans(with_ads(sample(range(12, 17)), some))[0][:2] == ("10/12", "10/16")


def test_closed_shops_and_paused_campaigns_are_in_order() -> None:
    assert spans(sample((), closed=range(12, 17))) == []

    def paused(ads: pd.DataFrame) -> pd.DataFrame:
        return ads[~day_of(ads).between(12, 16)]

    def without_clicks(ads: pd.DataFrame) -> pd.DataFrame:
        return ads.assign(clicks=ads["clicks"].where(~day_of(ads).between(12, 16), 0))

    for change in (paused, without_clicks):
        assert spans(with_ads(sample(range(12, 17)), change)) == []


def test_a_campaign_that_never_converts_does_not_stand_for_one_that_is_paused() -> None:
    def and_awareness(ads: pd.DataFrame) -> pd.DataFrame:
        other = ads.assign(campaign_name="BC_品牌影片", clicks=500.0, conversions=0.0)
        return pd.concat([ads[~day_of(ads).between(12, 16)], other], ignore_index=True)

    assert spans(with_ads(sample(range(12, 17)), and_awareness)) == []


def test_a_business_of_weekends_has_no_breaks_on_weekdays() -> None:
    def weekends(ads: pd.DataFrame) -> pd.DataFrame:
        open_days = pd.to_datetime(ads["date_day"]).dt.day_of_week >= 5
        return ads.assign(conversions=ads["conversions"].where(open_days, 0) * 3)

    assert spans(with_ads(sample(()), weekends)) == []


def test_conversions_that_began_to_be_counted_in_the_period_are_no_break() -> None:
    def installed(ads: pd.DataFrame) -> pd.DataFrame:
        return ads.assign(conversions=ads["conversions"].where(day_of(ads) >= 10, 0))

    assert spans(with_ads(sample(()), installed)) == []


def test_empty_cells_among_told_days_are_zeros_and_a_missing_column_is_not() -> None:
    def empty(first: int, last: int) -> object:
        def change(ads: pd.DataFrame) -> pd.DataFrame:
            return ads.assign(conversions=ads["conversions"].where(~day_of(ads).between(first, last)))

        return change

    assert spans(with_ads(sample(()), empty(12, 16)))[0][:2] == ("10/12", "10/16")
    assert spans(with_ads(sample(()), empty(12, 31))) == []
    assert checked(with_ads(sample(()), lambda ads: ads.assign(conversions=None))).verdict in {"clear", "too few"}
    assert spans(with_ads(sample(range(12, 17)), lambda ads: ads.assign(conversions=None))) == []


def test_visits_that_stop_while_clicks_and_orders_go_on() -> None:
    (found,) = checked(sample(range(12, 17), visits=True)).findings
    assert (found.observation.vendor, found.observation.amount) == ("", 15000)
    assert "工作階段" in found.says.say("zh-TW")
    assert spans(sample((), closed=range(12, 17), visits=True)) == []


def test_without_orders_it_says_what_it_lacks() -> None:
    broken = sample(range(12, 17))
    alone = replace(broken, dataset=from_frames({"ads_daily": broken.dataset.frame("ads_daily")}))
    assert (checked(alone).verdict, checked(alone).findings) == ("too few", ())
    assert "訂單或名單" in checked(alone).needs[0].say("zh-TW")


def test_tiny_counts_are_too_few_to_say() -> None:
    def tiny(ads: pd.DataFrame) -> pd.DataFrame:
        return ads.assign(conversions=(day_of(ads) % 3 == 0) * 1.0)

    told = checked(with_ads(sample(range(12, 17)), tiny))
    assert told.verdict == "too few"
    assert "15" in told.needs[0].say("en")


def test_the_break_of_one_vendor_is_told_of_that_vendor_alone() -> None:
    broken, other = sample(range(12, 17)).dataset, sample(()).dataset
    ads = pd.concat([broken.frame("ads_daily"), other.frame("ads_daily").assign(vendor="nanguang", source="meta_ads", channel="meta_ads")])  # fmt: skip
    case = sample((), vendors=({}, {"id": "nanguang", "name": {"zh": "南光", "en": "Nanguang"}}))
    case = replace(case, dataset=from_frames({"ads_daily": ads, "orders": broken.frame("orders")}))
    assert [one.observation.vendor for one in checked(case).findings] == ["beichen"]


def test_other_money_is_left_out() -> None:
    foreign = with_ads(sample(range(12, 17)), lambda ads: ads.assign(currency="USD"))
    assert checked(foreign).findings == ()


def simulated(chance: np.random.Generator, broken: tuple[int, int] | None = None) -> Case:
    """A shop with some campaigns, over-dispersed counts, wandering demand, pauses, late conversions, and one month before."""
    first = OCTOBER.start - timedelta(days=31)
    days = [first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)]
    weekdays, dispersion = np.exp(chance.normal(0, 0.15, 7)), chance.choice([1.2, 2, 3, 5])
    demand = np.exp(np.cumsum(chance.normal(0, 0.02, len(days)))) * [weekdays[day.weekday()] for day in days]
    a_day = float(np.exp(chance.uniform(np.log(8), np.log(60))))

    def count(mean: float) -> float:
        return float(chance.poisson(chance.gamma(max(mean, 1e-9) / (dispersion - 1), dispersion - 1)))

    ads, shares = [], chance.dirichlet(np.ones(3))
    for campaign, share in enumerate(shares):
        rate, paused, late = chance.uniform(0.01, 0.04), int(chance.integers(0, len(days))), chance.uniform(0.2, 2)
        for n, day in enumerate(days):
            if chance.random() < 0.9 and not (campaign == 0 and paused <= n < paused + 6):
                mean = a_day * share * demand[n]
                made = count(mean * (1 - np.exp(-(len(days) - n) / late)))
                dark = broken is not None and day in OCTOBER and broken[0] <= day.day < broken[0] + broken[1]
                ads.append({"date_day": day, "campaign_name": f"c{campaign}", "spend": 500.0, "clicks": count(mean / rate), "conversions": 0.0 if dark else made})  # fmt: skip
    orders = [
        {"order_id": f"{n}-{one}", "ordered_at": f"{day} 10:00", "status": "valid", "total": 900.0}
        for n, day in enumerate(days)
        for one in range(int(count(1.3 * a_day * demand[n])))
    ]
    return case_of({"ads_daily": ads, "orders": orders})


def test_honest_months_have_no_breaks_and_broken_ones_have() -> None:
    honest = [checked(simulated(np.random.default_rng(seed))).findings for seed in range(20)]
    assert not any(honest)
    broken = [checked(simulated(np.random.default_rng(100 + seed), (8 + seed, 7))) for seed in range(12)]
    could = [one for one in broken if one.verdict != "too few"]
    assert len(could) >= 9
    assert sum(one.verdict == "look" for one in could) >= 0.85 * len(could)
