"""Out of the ordinary: what a month's days did, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import LANGS, Lang
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present.blocks import Details, Missing, Paragraph, Points, Table
from kpi_toolkit.sections import anomalies
from kpi_toolkit.sections.section import Context
from kpi_toolkit.tables.dataset import from_frames

CLIENT = Client(id="c", name={"zh": "客戶", "en": "Client"}, goal="orders")  # type: ignore[arg-type]
LAST = date(2026, 8, 31)  # a month without a shopping day


def told(changed: Mapping[date, float], *, days: int = 120, a_day: float = 80, lang: Lang = "en") -> list[object]:
    """Ads of which `changed` days had so many times the usual, told of for August."""
    rng = np.random.default_rng(11)
    rows = []
    for back in range(days - 1, -1, -1):
        day = LAST - timedelta(days=back)
        clicks = int(rng.poisson(a_day * changed.get(day, 1.0)))
        rows.append({"date_day": day, "campaign_name": "<b>BC</b>", "clicks": clicks, "impressions": clicks * 50, "spend": clicks * 10.0})  # fmt: skip
    context = Context(client=CLIENT, dataset=from_frames({"ads_daily": pd.DataFrame(rows)}), period=parse_period("2026-08"))  # fmt: skip
    return list(anomalies.tell(anomalies.compute(context), lang))


@pytest.mark.parametrize("lang", LANGS)
def test_days_on_which_several_figures_moved_are_one_event(lang: Lang) -> None:
    points, details, _ = told({date(2026, 8, 17): 4.0, date(2026, 8, 18): 4.0}, lang=lang)
    assert isinstance(points, Points) and len(points.items) == 1
    (line,) = points.items
    expected = ("Aug 17, 2026 – Aug 18, 2026: ", "Clicks +", "Ad spend +", "likely") if lang == "en" else ("2026/8/17–2026/8/18：", "點擊 +", "廣告花費 +", "預算調整")  # fmt: skip
    assert all(words in line for words in expected), line
    assert isinstance(details, Details)
    (table,) = details.blocks
    assert isinstance(table, Table)
    assert {row[1] for row in table.rows} == ({"Clicks", "Ad spend"} if lang == "en" else {"點擊", "廣告花費"})


def test_a_new_level_is_told_from_its_first_day() -> None:
    points, *_ = told({LAST - timedelta(days=back): 2.5 for back in range(14)})
    assert isinstance(points, Points)
    assert points.items[0].startswith("Since Aug 1")


def test_a_month_like_the_others_is_said_to_be_one() -> None:
    (quiet,) = told({})
    assert isinstance(quiet, Paragraph) and "clicks" in quiet.text.lower() and "usual range" in quiet.text


def test_what_happened_in_other_months_is_not_told_again() -> None:
    (quiet,) = told({date(2026, 6, 10): 5.0})
    assert isinstance(quiet, Paragraph)


def test_too_few_days_say_how_many_are_needed() -> None:
    (missing,) = told({}, days=20)
    assert isinstance(missing, Missing) and "28 days" in missing.text
    (missing,) = told({}, a_day=0.5)
    assert isinstance(missing, Missing)
