"""The checks of a vendor's report against exports and against itself: what they find, with the amount, and the honest
differences that they leave in peace."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, claim_differs, favourable_rounding
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.reports import Exported, matched, step_of
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.tables.dataset import from_frames

SPENT = {"BC_品牌": 31 * 1000, "BC_搜尋": 31 * 400, "BC_再行銷": 31 * 250}


def checked(case: Case) -> Checked:
    return examined(case, [DETECTORS["claim_differs"]])[0]


def amounts(case: Case) -> list[float]:
    return [float(one.observation.amount or 0) for one in checked(case).findings]


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (SPENT, []),
        ({name: round(amount * 1.05) for name, amount in SPENT.items()}, []),  # with tax
        ({name: round(amount, -3) for name, amount in SPENT.items()}, []),  # to the thousand
        (SPENT | {"BC_再行銷": 31 * 250 + 5000}, [5000]),
        (SPENT | {"BC_再行銷": 31 * 250 - 5000}, [5000]),  # less than was spent makes results look cheap
        ({name: round(amount * 1.1) for name, amount in SPENT.items()}, [sum(SPENT.values()) * 0.1]),
        (SPENT | {"BC_沒有這個": 4000}, []),  # what no export has is another check's
        ({"BC_品牌": 31000}, []),  # campaigns left out are another check's
    ],
)
def test_claimed_spend_against_the_export(claimed: dict[str, float], expected: list[float]) -> None:
    assert amounts(claim_differs._sample(claimed)) == [pytest.approx(amount, rel=0.02) for amount in expected]


def test_its_words_name_the_parts_and_their_causes() -> None:
    (found,) = checked(claim_differs._fires()).findings
    assert "找不到原因 +5,000" in found.says.say("zh-TW")
    assert "without a cause +5,000" in found.says.say("en")
    (rounded,) = checked(claim_differs._sample(SPENT | {"BC_品牌": 31000.4, "BC_再行銷": 12750})).findings
    assert "四捨五入" not in rounded.says.say("zh-TW"), "less than a dollar isn't worth a word"
    assert found.observation.evidence[0] == {"campaign": "BC_再行銷", "reported": 12750, "exported": 7750, "without_a_cause": 5000}  # fmt: skip


def test_honest_reports_of_another_time_zone_raise_no_finding() -> None:
    chance = random.Random(20261031)
    for _ in range(40):
        weights = [chance.lognormvariate(0, 0.5) for _ in range(31)]
        sample = claim_differs._sample(SPENT, weights)
        frames = {name: sample.dataset.frame(name) for name in sample.dataset.relations}
        ads = frames["ads_daily"]
        # The report's account runs 8 hours behind: it has a third of the day after, and lacks a third of the first.
        extra = ads[ads["date_day"] == ads["date_day"].max()].copy()
        extra[["date_day", "period_start", "period_end"]] += timedelta(days=1)
        extra["spend"] *= chance.lognormvariate(0, 0.5)
        first = ads[ads["date_day"] == ads["date_day"].min()].set_index("campaign_name")["spend"]
        late, whole = extra.set_index("campaign_name")["spend"], ads.groupby("campaign_name")["spend"].sum()
        claims = frames["vendor_claims"].set_index("campaign_name")
        claims["value"] = (whole + (late - first) * 8 / 24).round()
        claims["written"] = [f"{value:,.0f}" for value in claims["value"]]
        import pandas as pd

        changed = {"ads_daily": pd.concat([ads, extra], ignore_index=True), "vendor_claims": claims.reset_index()}
        assert amounts(replace(sample, dataset=from_frames(changed))) == []


# --- accounts, days, other metrics -------------------------------------------------------------------------------

DAYS = list(OCTOBER.each_day())
PLACE = {"period_start": OCTOBER.start, "period_end": OCTOBER.end}


def ads(**columns: object) -> list[dict[str, object]]:
    """A campaign's days in October, with these figures on each."""
    return [{"date_day": day, "campaign_name": "BC_品牌"} | columns for day in DAYS]


def claim(metric: str, value: float, **said: object) -> dict[str, object]:
    return PLACE | {"metric": metric, "value": value} | said


def looked_at(detector: str, claims: list[dict], exported: list[dict], **agreed: object) -> list[tuple[str, float]]:
    case = case_of({"ads_daily": exported, "vendor_claims": claims}, **agreed)
    (found,) = examined(case, [DETECTORS[detector]])
    assert found.verdict != "error", found.needs
    return [(one.observation.vendor, float(one.observation.amount or 0)) for one in found.findings]


BUSY = ads(spend=1000.0, impressions=40_000, clicks=800, conversions=10)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claim("spend", 31_000)], []),
        ([claim("spend", 31_000 * 1.05)], []),  # tax
        ([claim("spend", 31_000 * 1.05, tax_included=False)], [31_000 * 0.05]),  # said to be without
        ([claim("spend", 31_000 * 1.02)], []),  # given back for invalid clicks since
        ([claim("spend", 31_000 * 1.02 * 1.05)], []),
        ([claim("spend", 31_000 * 1.15)], [31_000 * 0.15]),
        ([claim("spend", 31_000 * 1.15, platform="google_ads")], [31_000 * 0.15]),
        ([claim("spend", 30_000)], []),  # made before the last day was over
        ([claim("spend", 26_000)], [5_000]),
        ([claim("spend", 33.5, written="33.5")], []),  # in thousands, or in another currency
        ([claim("conversions", 310 * 1.12)], []),  # the export is older than the report
        ([claim("conversions", 250)], []),  # settled later
        ([claim("conversions", 400)], [90 * 100]),
        ([claim("leads", 400)], []),  # forms know leads that a tag misses
        ([claim("leads", 500)], [190 * 100]),
        ([claim("clicks", 24_800 * 1.03)], []),
        ([claim("clicks", 24_800 * 1.2)], [24_800 * 0.2 * 1.25]),
        ([claim("impressions", 1_240_000 * 1.2)], [31_000 * 0.2]),
        # A campaign and the total that holds it aren't both counted.
        ([claim("spend", 37_200, campaign_name="BC_品牌"), claim("spend", 37_200, is_total=True)], [6_200]),
        ([claim("orders", 900), claim("reach", 10**7)], []),
    ],
)
def test_claims_of_an_account_against_the_export(claims: list[dict], expected: list[float]) -> None:
    found = [amount for _, amount in looked_at("claim_differs", claims, BUSY)]
    assert found == [pytest.approx(amount, rel=0.15) for amount in expected]


def test_weeks_are_added_and_give_one_finding() -> None:
    spans = [(0, 3), (4, 10), (11, 17), (18, 24), (25, 30)]
    claims = [
        {"period_start": DAYS[a], "period_end": DAYS[b], "metric": "spend", "value": 1200.0 * (b - a + 1)}
        for a, b in spans
    ]
    assert looked_at("claim_differs", claims, BUSY) == [("beichen", pytest.approx(31 * 200))]


def test_an_agreed_markup_is_in_order() -> None:
    vendor = {"contracts": [{"media": {"billed_by": "vendor", "markup": 0.1}}]}
    assert looked_at("claim_differs", [claim("spend", 34_100)], BUSY, vendors=[vendor]) == []
    assert looked_at("claim_differs", [claim("spend", 34_100)], BUSY) == [("beichen", pytest.approx(3100))]


def test_conversions_after_a_view_may_be_counted() -> None:
    seen = ads(spend=1000.0, conversions=10, view_conversions=4)
    assert looked_at("claim_differs", [claim("conversions", 310 + 31 * 4)], seen) == []
    assert looked_at("claim_differs", [claim("conversions", 620)], seen) != []


def test_clicks_of_all_kinds_may_be_counted() -> None:
    assert looked_at("claim_differs", [claim("clicks", 31 * 1300)], ads(spend=1000.0, clicks=800, clicks_all=1300)) == []  # fmt: skip


def test_what_an_earlier_export_told_is_in_order() -> None:
    rows = [{"table": "ads_daily", "source": "google_ads", "month": OCTOBER.start, "column": "conversions", "before": 420.0, "after": 310.0}]  # fmt: skip
    assert looked_at("claim_differs", [claim("conversions", 415)], BUSY, restated=rows) == []
    assert looked_at("claim_differs", [claim("conversions", 415)], BUSY) != []


def test_what_cannot_be_compared_is_said_and_is_no_finding() -> None:
    mixed = [
        row | {"counts": "purchase" if at % 2 else "lead", "conversion_type": f"{at % 2}"}
        for at, row in enumerate(BUSY)
    ]
    case = case_of({"ads_daily": mixed, "vendor_claims": [claim("conversions", 9_000), claim("spend", 990.0, currency="USD")]})  # fmt: skip
    (found,) = examined(case, [DETECTORS["claim_differs"]])
    assert (found.verdict, found.findings) == ("too few", ())
    assert any("USD" in need.say("en") for need in found.needs)


def test_performance_max_may_stand_in_a_report_though_an_export_by_ad_group_lacks_it() -> None:
    groups = [row | {"ad_group_name": "組1", "shape": "campaign_name+ad_group_name"} for row in BUSY]
    rows = [claim("spend", 31_000, campaign_name="BC_品牌"), claim("spend", 20_000, campaign_name="PMax_全商品"), claim("spend", 51_000, is_total=True)]  # fmt: skip
    for detector in ("claim_differs", "claim_total_differs", "claimed_campaign_unknown"):
        assert looked_at(detector, rows, groups) == [], detector
    assert looked_at("claimed_campaign_unknown", rows, BUSY) == [("beichen", 20_000)]


# --- ratios, totals, rounding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "fires"),
    [
        ({"cpa": 100, "ctr": 0.02}, False),
        ({"cpa": 105, "ctr": 0.02}, False),  # with tax
        ({"cpa": 97, "ctr": 0.02}, False),  # a slip
        ({"cpa": 80, "ctr": 0.02}, True),
        ({"cpa": 130, "ctr": 0.02}, False),  # worse than it is
        ({"cpa": 100, "ctr": 0.025}, True),
        ({"cvr": 0.0125, "cpc": 1.25, "cpm": 25}, False),
        ({"cvr": 0.0125, "cpc": 1.05, "cpm": 25}, True),
        ({"frequency": 99}, False),
    ],
)
def test_ratios_against_their_own_parts(stated: dict[str, float], fires: bool) -> None:
    parts = [claim("spend", 31_000), claim("impressions", 1_240_000), claim("clicks", 24_800), claim("conversions", 310)]  # fmt: skip
    claims = [*parts, *(claim(metric, value) for metric, value in stated.items())]
    assert bool(looked_at("claim_ratio_differs", claims, BUSY)) == fires


def test_the_amount_of_a_ratio_is_the_spend_behind_its_advantage() -> None:
    claims = [claim("spend", 31_000), claim("conversions", 310), claim("cpa", 80)]
    assert looked_at("claim_ratio_differs", claims, BUSY) == [("beichen", pytest.approx(31_000 * (100 / 80 - 1), rel=0.05))]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "total", "expected"),
    [
        ([20_000, 11_000], 31_000, []),
        ([20_000, 11_000], 31_200, []),  # a slip of rounding
        ([20_000, 11_000], 31_000 * 1.05, []),  # with tax
        ([20_000, 11_000], 36_000, [5_000]),
        ([20_000, 11_000], 27_000, []),
        ([20_000], 31_000, []),  # the other campaign is in the export
        ([20_000], 40_000, [9_000]),
    ],
)
def test_totals_against_their_rows(rows: list[float], total: float, expected: list[float]) -> None:
    exported = [{"date_day": OCTOBER.start, "campaign_name": name, "spend": spend} for name, spend in (("A1", 20_000.0), ("B2", 11_000.0))]  # fmt: skip
    claims = [claim("spend", spend, campaign_name=name) for name, spend in zip(("A1", "B2"), rows, strict=False)]
    found = looked_at("claim_total_differs", [*claims, claim("spend", total, is_total=True)], exported)
    assert [amount for _, amount in found] == [pytest.approx(amount, rel=0.1) for amount in expected]


def test_rounding_to_the_nearest_and_rounding_up_throughout_are_in_order() -> None:
    for way, p in (("kind", 0.0), ("nearest", 1.0), ("floor", 1.0)):
        (found,) = DETECTORS["favourable_rounding"].check(favourable_rounding._sample(way)).observations
        assert found.p == pytest.approx(p, abs=0.001), way


# --- a report's cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "step", "fine"),
    [
        ("45,210", 45210, 10, 1), ("45,211", 45211, 1, 1), ("120,000", 120000, 1000, 1), ("100", 100, 1, 1), ("12.5萬", 125000, 1000, 1000),
        ("3萬", 30000, 10000, 10000), ("NT$1,234.50", "1234.5", "0.01", "0.01"), ("2.5%", "0.025", "0.001", "0.001"), ("350%", "3.5", "0.01", "0.01"),
        ("12.5", 125000, 1000, 1000), ("0", 0, 1, 1), ("", 0, 0, 0), ("很多", 0, 0, 0),
    ],
)  # fmt: skip
def test_the_step_of_the_last_written_digit(written: str, value: object, step: object, fine: object) -> None:
    exact = Decimal(str(value))
    assert step_of(written, exact, counting=3) == Decimal(str(step))
    assert step_of(written, exact) == Decimal(str(fine))


def test_campaigns_are_matched_by_name_by_a_part_of_it_and_by_their_figures() -> None:
    export = Exported(figures={("google_ads", name): {"spend": Decimal(spend)} for name, spend in (("BC_品牌_2026", 900), ("BC_Search", 500), ("X1", 210), ("再行銷_A", 40), ("再行銷_B", 30))})  # fmt: skip
    claimed = {("", "bc 品牌 2026"): {"spend": Decimal(905)}, ("google_ads", "Search"): {"spend": Decimal(9)}, ("", "影音"): {"spend": Decimal(212)}, ("", "再行銷"): {}, ("", "別的"): {"spend": Decimal(7)}}  # fmt: skip
    same = {key[1]: [own[1] for own in keys] for key, keys in matched(claimed, export).items()}
    assert same == {"bc 品牌 2026": ["BC_品牌_2026"], "Search": ["BC_Search"], "影音": ["X1"], "再行銷": ["再行銷_A", "再行銷_B"]}  # fmt: skip
