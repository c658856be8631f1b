"""The check of claims against exports: what it finds, with the amount, and the honest differences that it leaves in peace."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detectors import DETECTORS, claim_differs
from kpi_toolkit.checks.examination import Checked, examined
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
    assert found.observation.evidence[0] == {"campaign": "BC_再行銷", "reported": 12750, "exported": 7750, "without a cause": 5000}  # fmt: skip


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


