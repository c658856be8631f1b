"""The checks on leads: what they find, what the leads at stake cost, and the honest lists that they leave in peace."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from kpi_toolkit.analysis.bursts import bursts, clockwork, one_by_one, unevenness
from kpi_toolkit.analysis.proportions import Bounds, Part, chance_of_part
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.leads import sample_leads, sample_spend
from kpi_toolkit.checks.sample import case_of

LEADS = ("duplicate_leads", "impossible_contacts", "lead_burst", "one_device", "unreachable_leads")
Row = dict[str, Any]


def checked(name: str, case: Case) -> Checked:
    return examined(case, [DETECTORS[name]])[0]


def case(leads: Sequence[Mapping[str, object]], **more: object) -> Case:
    return case_of({"leads": leads, "ads_daily": sample_spend()}, goal="leads", **more)  # type: ignore[arg-type]


def amount(name: str, leads: Sequence[Mapping[str, object]]) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(name, case(leads)).findings]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (2, []),
        (6, []),  # people mistype
        (30, [31000 / 80 * (30 - 0.02 * 80)]),  # 30 of 80, beyond the usual two in a hundred
        (80, [31000 / 80 * (80 - 0.02 * 80)]),
    ],
)
def test_contacts_that_cannot_exist(bad: int, expected: list[float]) -> None:
    leads = sample_leads(80, phone_state=lambda at: "impossible" if at < bad else "valid")
    assert amount("impossible_contacts", leads) == [pytest.approx(one, rel=0.001) for one in expected]


def test_what_all_vendors_share_comes_from_the_form() -> None:
    """Numbers whose leading zero the export cut off are everybody's."""
    broken: Callable[[int], object] = lambda at: "impossible" if at % 3 == 0 else "valid"  # noqa: E731
    own = sample_leads(60, phone_state=broken)
    other = [row | {"lead_id": f"o{at}", "phone_key": f"o{at}", "vendor": "other"} for at, row in enumerate(sample_leads(60, phone_state=broken))]  # fmt: skip
    vendors: list[Row] = [{}, {"id": "other", "name": "Other"}]
    assert checked("impossible_contacts", case([*own, *other], vendors=vendors)).verdict == "clear"
    assert checked("impossible_contacts", case(own)).verdict == "look"


def test_disposable_mailboxes_count_as_well_and_leads_without_contacts_do_not() -> None:
    mails = sample_leads(40, phone_state=lambda _: "missing", email_state=lambda _: "valid", email_domain_kind=lambda at: "disposable" if at < 20 else "freemail")  # fmt: skip
    assert checked("impossible_contacts", case(mails)).verdict == "look"
    nothing = sample_leads(40, phone_state=lambda _: None)
    assert checked("impossible_contacts", case(nothing)).verdict == "too few"


def again(leads: Sequence[Row], count: int, later: timedelta) -> list[Row]:
    """So many of the first leads once more."""
    early = [row for row in leads if row["received_at"] + later < datetime(2026, 11, 1)]
    return [row | {"lead_id": f"{row['lead_id']}b", "received_at": row["received_at"] + later} for row in early[:count]]


@pytest.mark.parametrize(
    ("count", "later", "found"),
    [
        (5, timedelta(days=8), False),  # people ask twice
        (40, timedelta(days=8), True),
        (14, timedelta(seconds=40), False),  # the button pressed twice
        (70, timedelta(seconds=40), True),
    ],
)
def test_people_who_are_there_again(count: int, later: timedelta, found: bool) -> None:
    leads = sample_leads(100)
    assert bool(amount("duplicate_leads", [*leads, *again(leads, count, later)])) == found


def test_leads_of_the_months_before_that_are_sold_again() -> None:
    old = [row | {"received_at": row["received_at"] - timedelta(days=40)} for row in sample_leads(60)]  # type: ignore[operator]
    now = [row | {"lead_id": f"n{at}"} if at < 25 else row | {"lead_id": f"n{at}", "phone_key": f"n{at}"} for at, row in enumerate(sample_leads(60))]  # fmt: skip
    assert checked("duplicate_leads", case([*old, *now])).verdict == "look"
    ancient = [row | {"received_at": row["received_at"] - timedelta(days=120)} for row in old]  # type: ignore[operator]
    assert checked("duplicate_leads", case([*ancient, *now])).verdict == "clear"


def test_a_phone_that_cannot_exist_is_nobody_twice() -> None:
    leads = sample_leads(60, phone_key=lambda at: "0900000000" if at < 30 else f"P{at}", phone_state=lambda at: "impossible" if at < 30 else "valid", email_key=lambda at: f"E{at}")  # fmt: skip
    assert checked("duplicate_leads", case(leads)).verdict == "clear"


@pytest.mark.parametrize(
    ("device", "referral", "found"),
    [
        (lambda at: "D" if at < 30 else f"D{at}", "form", True),
        (lambda at: "D" if at < 8 else f"D{at}", "form", False),  # an office
        (lambda at: f"N{at % 30}", "form", False),  # thirty addresses of a telecom
        (lambda at: "D" if at < 30 else f"D{at}", "exhibition", False),  # a tablet at the counter
    ],
)
def test_leads_of_one_device(device: Callable[[int], str], referral: str, found: bool) -> None:
    leads = sample_leads(90, device_key=device, referral=lambda _: referral)
    assert (checked("one_device", case(leads)).verdict == "look") == found


def test_where_every_lead_has_one_address_it_is_the_sites_own() -> None:
    result = checked("one_device", case(sample_leads(40, device_key=lambda _: "D")))
    assert result.verdict == "too few"
    assert "own server" in result.needs[0].say("en")


def test_leads_whom_nobody_reaches() -> None:
    def called(bad: int, of: int) -> list[Row]:
        return sample_leads(100, status=lambda at: "new" if at >= of else "unreachable" if at < bad else "qualified")

    assert amount("unreachable_leads", called(35, 80)) == []
    assert amount("unreachable_leads", called(70, 80)) == [pytest.approx(310 * (70 - 0.25 * 80), rel=0.001)]
    assert checked("unreachable_leads", case(called(12, 15))).verdict == "too few"


def rush(count: int, start: datetime, step: Callable[[], float]) -> list[Row]:
    rows, when = [], start
    for at, row in enumerate(sample_leads(count)):
        when += timedelta(seconds=round(step()))
        rows.append(row | {"lead_id": f"r{at}", "phone_key": f"r{at}", "received_at": when})
    return rows


@pytest.mark.parametrize(
    ("hour", "even", "found"),
    [
        (3, False, True),  # while everybody sleeps
        (12, True, True),  # by the clock
        (12, False, False),  # after a broadcast
    ],
)
def test_rushes(hour: int, even: bool, found: bool) -> None:
    chance = random.Random(1)
    extra = rush(40, datetime(2026, 10, 14, hour), lambda: 45 if even else chance.expovariate(1 / 45))
    result = checked("lead_burst", case([*sample_leads(80), *extra]))
    assert (result.verdict == "look") == found
    if found:
        assert float(result.findings[0].observation.amount or 0) == pytest.approx(31000 * 40 / 120, rel=0.1)


def test_a_rush_that_no_click_explains() -> None:
    chance = random.Random(1)
    extra = rush(60, datetime(2026, 10, 14, 12), lambda: chance.expovariate(1 / 45))
    leads = [*sample_leads(80), *extra]

    def with_clicks(on_the_day: int) -> Case:
        ads = [row | {"clicks": on_the_day if row["date_day"].day == 14 else 100} for row in sample_spend()]  # type: ignore[attr-defined]
        return case_of({"leads": leads, "ads_daily": ads}, goal="leads")

    assert checked("lead_burst", with_clicks(100)).verdict == "look"
    assert checked("lead_burst", with_clicks(2500)).verdict == "clear"


def test_a_rush_in_another_time_zone_raises_no_finding() -> None:
    chance = random.Random(2)
    whole = [*sample_leads(80), *rush(30, datetime(2026, 10, 14, 12), lambda: chance.expovariate(1 / 60))]
    shifted = [row | {"received_at": row["received_at"] - timedelta(hours=8)} for row in whole]
    assert checked("lead_burst", case(shifted)).verdict == "clear"


def test_an_import_and_dates_without_times_are_no_rush() -> None:
    imported = rush(40, datetime(2026, 10, 14, 2), lambda: 0)
    assert checked("lead_burst", case([*sample_leads(60), *imported])).verdict == "clear"
    dated = [row | {"received_at": datetime.combine(row["received_at"].date(), datetime.min.time())} for row in sample_leads(60)]  # type: ignore[attr-defined]  # fmt: skip
    assert checked("lead_burst", case(dated)).verdict == "too few"


@pytest.mark.parametrize("name", LEADS)
def test_platforms_test_leads_and_a_single_lead_are_nothing_to_judge(name: str) -> None:
    tests = sample_leads(60, is_test=lambda _: True, phone_state=lambda _: "impossible")
    assert checked(name, case(tests)).findings == ()
    assert checked(name, case(sample_leads(1))).verdict in {"too few", "clear"}


def test_without_spend_the_finding_has_no_amount() -> None:
    leads = sample_leads(80, phone_state=lambda at: "impossible" if at < 40 else "valid")
    (found,) = checked("impossible_contacts", case_of({"leads": leads}, goal="leads")).findings
    assert found.observation.amount is None


def test_no_key_of_a_person_stands_in_the_evidence() -> None:
    for name in LEADS:
        (found,) = checked(name, DETECTORS[name].fires()).findings
        assert all(set(row) == {"received_at", "campaign_name", "source_row"} for row in found.observation.evidence)


def honest(chance: random.Random) -> list[Row]:
    """A list with typos, people who ask twice, some whom nobody reaches, and a few shared addresses."""
    typos, twice, missed = chance.uniform(0, 0.06), chance.uniform(0, 0.06), chance.uniform(0.1, 0.45)
    states = ["unreachable", "contacted", "new"]
    return sample_leads(
        chance.choice([20, 60, 300]),
        phone_state=lambda at: "impossible" if chance.random() < typos else "valid",
        phone_key=lambda at: f"P{at // 2}" if chance.random() < twice else f"P{at}",
        status=lambda at: chance.choices(states, [missed, 0.8 - missed, 0.2])[0],
        device_key=lambda at: f"N{at % 4}" if chance.random() < 0.1 else f"D{at}",
    )


def test_honest_lists_raise_no_finding() -> None:
    chance = random.Random(20261031)
    for _ in range(20):
        one = case(honest(chance))
        assert [result.findings for result in examined(one, [DETECTORS[name] for name in LEADS])] == [()] * len(LEADS)
        one.dataset.close()


def test_the_chance_of_a_part() -> None:
    from scipy.stats import binom

    for count, of, most in ((3, 20, 0.1), (40, 60, 0.5), (1, 15, 0.03)):
        assert chance_of_part(Part(count=count, of=of), most) == pytest.approx(binom.sf(count - 1, of, most))
    assert chance_of_part(Part(count=0, of=20), 0.1) == chance_of_part(Part(), 0.1) == 1.0
    # In clumps the same share tells less.
    assert chance_of_part(Part(count=40, of=60), 0.5, clumped=2) > chance_of_part(Part(count=40, of=60), 0.5)


def test_what_is_usual_follows_the_past_within_bounds() -> None:
    bounds = Bounds(usual=0.03, most=0.1, narrow=0.08, wide=0.2, times=2)
    assert bounds.most_after(Part(), Part()) == 0.1
    assert bounds.most_after(Part(count=1, of=100), Part()) == 0.08
    assert bounds.most_after(Part(count=6, of=100), Part()) == pytest.approx(0.12)
    assert bounds.most_after(Part(count=60, of=100), Part()) == 0.2
    assert bounds.most_after(Part(count=60, of=100), Part(count=30, of=100)) == pytest.approx(0.6)


def test_the_rhythm() -> None:
    start = datetime(2026, 10, 1, 9)
    even = [start + timedelta(seconds=45 * at) for at in range(20)]
    assert unevenness(even) == 0
    assert unevenness(even[:5]) == float("inf")
    assert clockwork(even) == (45, 19)
    assert bursts(even, 31) == [[*range(20)]]
    assert bursts(even[:7], 31) == []
    assert one_by_one([start] * 5 + [start + timedelta(hours=1)]) == [5]
    assert one_by_one([start, start, start + timedelta(minutes=2)]) == [0, 1, 2]
