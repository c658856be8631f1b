"""The checks on fees: what they find in invoices made for it, with the amount at stake, and what they leave in peace."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, media_markup, uncovered_item
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables.dataset import from_frames

SPENDS = (52000, 61000, 48000, 75000, 66000, 58000)


def checked(name: str, case: Case) -> Checked:
    return examined(case, [DETECTORS[name]])[0]


def amounts(name: str, case: Case) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(name, case).findings]


@pytest.mark.parametrize(
    ("factor", "media", "expected"),
    [
        (1.08, {"markup": 0}, [58000 * 0.08]),
        (1.08, {}, [58000 * 0.08]),  # the contract doesn't say: what was added is asked for all the same
        (1.05, {"markup": 0}, []),  # the tax
        (1.1, {"markup": 0.1}, []),  # as agreed
        (1.2, {"markup": 0.1}, [58000 * (1.2 - 1.1)]),  # more than agreed
        (1.0, {"markup": 0}, []),
        (0.95, {"markup": 0}, []),  # less than was spent is nobody's loss
    ],
)
def test_media_above_the_platforms(factor: float, media: dict[str, float], expected: list[float]) -> None:
    found = amounts("media_markup", media_markup._sample(factor, **media))
    assert found == [pytest.approx(amount, rel=0.02) for amount in expected]


def later(case: Case, days: int) -> Case:
    """The same with every invoice dated so many days later."""
    frames = {name: case.dataset.frame(name) for name in case.dataset.relations}
    frames["invoices_fees"]["doc_date"] += timedelta(days=days)
    return replace(case, dataset=from_frames(frames))


def test_media_billed_a_month_later_are_held_against_the_month_they_are_for() -> None:
    # October's spend is billed in November; in October stands the invoice for September's.
    assert amounts("media_markup", later(media_markup._sample(1.0, markup=0), 5)) == []
    assert amounts("media_markup", later(media_markup._sample(1.08, markup=0), 5)) == [pytest.approx(66000 * 0.08, rel=0.02)]  # fmt: skip


def test_invoices_cut_off_on_other_days_raise_no_finding() -> None:
    chance = random.Random(20261031)
    alarms = 0
    for _ in range(60):
        sample = media_markup._sample(1.05, markup=0)
        frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
        books = frames["invoices_fees"]
        # What one month's invoice has too much, the next one's has too little.
        carried = [0.0, *(chance.gauss(0, 0.03) * 60000 for _ in books.index[1:]), 0.0]
        books["amount"] += [after - before for before, after in pairwise(carried)]
        alarms += bool(amounts("media_markup", replace(sample, dataset=from_frames(frames))))
    assert alarms == 0


def test_media_in_another_currency_are_left_out() -> None:
    sample = media_markup._sample(1.08, markup=0)
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    frames["ads_daily"]["currency"] = "USD"
    assert checked("media_markup", replace(sample, dataset=from_frames(frames))).verdict == "too few"


def test_spend_that_two_exports_tell_is_counted_once() -> None:
    sample = media_markup._sample(1.08, markup=0)
    frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
    ads = frames["ads_daily"].assign(shape="campaign_name")
    by_ad = ads.assign(ad_name="A", shape="campaign_name+ad_name")
    told_twice = from_frames(frames | {"ads_daily": pd.concat([ads, by_ad], ignore_index=True)})
    assert amounts("media_markup", replace(sample, dataset=told_twice)) == amounts("media_markup", sample)


def test_a_week_is_no_month_to_hold_invoices_against() -> None:
    week = replace(media_markup._sample(1.08), period=parse_period("2026-W44"))
    assert checked("media_markup", week).verdict == "not applicable"


def test_uncovered_lines_are_added_up_by_vendor_and_named() -> None:
    result = checked("uncovered_item", uncovered_item._fires())
    (found,) = result.findings
    assert (found.observation.amount, found.observation.vendor) == (Decimal(6000) + Decimal(1500), "beichen")
    assert "平台使用費、急件處理費" in found.says.say("zh-TW")
    assert "2 lines invoiced by Beichen Digital" in found.says.say("en")
    assert [row["note"] for row in found.observation.evidence] == ["平台使用費", "急件處理費"]


def test_a_contract_without_fees_says_what_it_lacks() -> None:
    result = checked("uncovered_item", uncovered_item._few())
    assert [need.say("en") for need in result.needs] == [
        "fees in the contract of Beichen Digital (client.yaml), to tell which lines were agreed"
    ]


def test_without_any_contract_the_check_is_not_applicable() -> None:
    sample = uncovered_item._fires()
    vendors = tuple(vendor.model_copy(update={"contracts": ()}) for vendor in sample.client.vendors)
    bare = replace(sample, client=sample.client.model_copy(update={"vendors": vendors}))
    assert checked("uncovered_item", bare).verdict == "not applicable"
