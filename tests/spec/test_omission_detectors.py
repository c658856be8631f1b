"""What a report leaves out: campaigns, days, metrics; and campaigns that only the report has. With the honest look-alikes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, omitted_days, vanished_metric
from kpi_toolkit.checks.examination import examined
from kpi_toolkit.checks.sample import OCTOBER, case_of

DAYS = list(OCTOBER.each_day())
PLACE = {"period_start": OCTOBER.start, "period_end": OCTOBER.end}
# Spend a day, conversions a day.
RUN: Mapping[str, tuple[float, float]] = {
    "品牌": (1000.0, 20),
    "搜尋": (400.0, 8),
    "再行銷": (300.0, 6),
    "興趣": (200.0, 1),
}


def ads(daily: Mapping[str, tuple[float, float]] = RUN, **said: object) -> list[dict[str, object]]:
    return [
        {"date_day": day, "campaign_name": name, "spend": spend, "conversions": conversions} | said
        for day in DAYS
        for name, (spend, conversions) in daily.items()
    ]


def listed(names: Sequence[str], factor: float = 1.0, **said: object) -> list[dict[str, object]]:
    return [PLACE | {"campaign_name": name, "metric": "spend", "value": RUN[name][0] * 31 * factor} | said for name in names]  # fmt: skip


def total(value: float, **said: object) -> dict[str, object]:
    return PLACE | {"metric": "spend", "value": value, "is_total": True} | said


def found(detector: str, case: Case) -> list[tuple[str, float]]:
    (checked,) = examined(case, [DETECTORS[detector]])
    assert checked.verdict != "error", checked.needs
    return [(one.observation.vendor, float(one.observation.amount or 0)) for one in checked.findings]


def amounts(detector: str, claims: list[dict], exported: list[dict]) -> list[float]:
    return [amount for _, amount in found(detector, case_of({"vendor_claims": claims, "ads_daily": exported}))]


@pytest.mark.parametrize(
    ("claims", "exported", "expected"),
    [
        (listed([*RUN]), ads(), []),
        (listed(["品牌", "搜尋", "再行銷"]), ads(), [6200]),  # the worst one
        (listed(["品牌", "搜尋", "興趣"]), ads(), [9300]),
        (
            listed(["品牌", "搜尋", "再行銷"]),
            ads(RUN | {"興趣": (200.0, 4)}),
            [],
        ),  # the largest three; the other did as well
        ([*listed(["品牌", "搜尋", "再行銷"]), total(58_900)], ads(), []),  # told in the total
        ([*listed(["品牌", "搜尋", "再行銷"]), total(52_700)], ads(), [6200]),
        (
            listed(["品牌", "搜尋", "再行銷"]),
            ads() + ads({"PMax": (900.0, 1)}),
            [6200],
        ),  # the report has none of its kind
        (listed(["品牌", "搜尋", "再行銷", "興趣"]), ads() + ads({"舊": (900.0, 1)}, status="removed"), []),
        (listed([*RUN]), ads() + ads({"小": (20.0, 0)}), []),
        (listed([*RUN]), ads() + ads({"別人": (900.0, 1)}, vendor="other"), []),
        (listed([*RUN]), ads() + ads({"臉書": (900.0, 1)}, source="meta_ads"), []),  # a report of one platform
        ([PLACE | {"metric": "spend", "value": 50_000}], ads(), []),  # no report by campaign
    ],
)
def test_campaigns_that_are_left_out(claims: list[dict], exported: list[dict], expected: list[float]) -> None:
    assert amounts("omitted_campaign", claims, exported) == [pytest.approx(amount) for amount in expected]


@pytest.mark.parametrize(
    ("claims", "exported", "expected"),
    [
        (listed([*RUN]), ads(), []),
        (listed([*RUN]), ads({name: RUN[name] for name in ("品牌", "搜尋", "再行銷")}), [6200]),
        (listed([*RUN]), ads({"品牌": RUN["品牌"], "搜尋": RUN["搜尋"], "再行銷": RUN["再行銷"], "Interest": RUN["興趣"]}), []),  # renamed
        (listed(["品牌"], platform="google_ads") + listed(["搜尋"], platform="tiktok_ads"), ads({"品牌": RUN["品牌"]}), []),  # no export of that platform
        (listed(["品牌"]), ads({"別的": (1.0, 0)}), []),  # nothing matches: an export of something else
    ],
)  # fmt: skip
def test_campaigns_that_no_export_has(claims: list[dict], exported: list[dict], expected: list[float]) -> None:
    assert amounts("claimed_campaign_unknown", claims, exported) == [pytest.approx(amount) for amount in expected]


def test_a_removed_campaign_may_stand_in_the_accounts_total_alone() -> None:
    exported = [
        row | {"shape": "campaign_name"} for row in ads({name: RUN[name] for name in ("品牌", "搜尋", "再行銷")})
    ]
    account = [{"date_day": day, "spend": 1900.0, "conversions": 35, "shape": ""} for day in DAYS]
    assert amounts("claimed_campaign_unknown", listed([*RUN]), exported + account) == []
    assert amounts("claim_differs", [*listed([*RUN]), total(58_900)], exported + account) == []


def test_claimed_conversions_of_an_unknown_campaign_cost_what_conversions_cost() -> None:
    claims = [PLACE | {"campaign_name": name, "metric": "conversions", "value": 310} for name in ("品牌", "神秘")]
    assert amounts("claimed_campaign_unknown", claims, ads({"品牌": (1000.0, 10)})) == [31_000]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(1, 31)], []),
        ([(1, 29)], []),  # made before the month was over
        ([(1, 25)], [6_000]),
        ([(5, 31)], [4_000]),
        ([(1, 4), (5, 11), (12, 18), (19, 25), (26, 31)], []),
        ([(1, 4), (5, 11), (12, 18), (19, 25)], []),  # the last days are in the next week's
        ([(5, 11), (12, 18), (19, 25), (26, 31)], []),  # and the first in the one before
        ([(1, 4), (5, 11), (19, 25), (26, 31)], [7_000]),
        ([(day, day) for day in range(1, 32) if day not in (11, 12, 20)], [3_000]),
        ([*((day, day) for day in range(1, 32) if day not in (11, 12, 20)), (1, 31)], []),  # the month is told as well
        ([(-4, 25)], []),  # the vendor's own month
    ],
)
def test_days_that_are_left_out(spans: list[tuple[int, int]], expected: list[float]) -> None:
    assert [amount for _, amount in found("omitted_days", omitted_days._sample(spans))] == expected


@pytest.mark.parametrize(
    ("conversions", "told", "fires"),
    [
        ([200, 210, 205, 130], [["spend", "cpa"]] * 3 + [["spend"]], True),
        ([200, 210, 205, 130], [["spend", "cpa"]] * 4, False),
        ([200, 210, 205, 190], [["spend", "cpa"]] * 3 + [["spend"]], False),  # hardly worse
        ([200, 210, 205, 300], [["spend", "cpa"]] * 3 + [["spend"]], False),
        ([200, 210, 205, 130], [["spend"], ["spend"], ["spend", "cpa"], ["spend"]], False),  # told once
        ([200, 210, 205, 130], [["spend", "impressions"]] * 3 + [["spend"]], False),
        ([2, 3, 2, 1], [["spend", "cpa"]] * 3 + [["spend"]], False),  # too few to say
        ([200, 210, 205, 130], [["spend", "conversions"]] * 3 + [[]], False),  # no report at all is late, not chosen
    ],
)
def test_metrics_that_vanished(conversions: list[int], told: list[list[str]], fires: bool) -> None:
    assert bool(found("vanished_metric", vanished_metric._sample(conversions, told))) == fires
