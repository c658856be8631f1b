"""A cost that some rows lack is told in full wherever its sum stands: not only that the data have a limit."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import Lang
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present import page
from kpi_toolkit.present.blocks import Charts
from kpi_toolkit.sections import MONTHLY, Context
from kpi_toolkit.sections.telling import tell
from kpi_toolkit.tables.dataset import from_frames

SAYS: dict[Lang, str] = {
    "zh-TW": "2 列有曝光或點擊卻沒有花費，數字不完整",
    "en": "2 rows have impressions or clicks but no cost: the figure is incomplete",
}


@pytest.fixture(scope="module")
def context() -> Context:
    """Two rows of one Meta campaign don't say what they cost; Google's all do."""
    paid = pd.DataFrame([
        {"source": source, "date_day": date(2026, 10, 1) + timedelta(days=day), "campaign_name": f"{source} autumn", "spend": None if source == "meta_ads" and day < 2 else 100.0,
         "impressions": 500.0, "clicks": 10.0, "conversions": 1.0, "conversions_value": 300.0, "currency": "TWD"}
        for source in ("google_ads", "meta_ads") for day in range(31)
    ])  # fmt: skip
    client = Client(id="c", name={"zh": "客戶", "en": "Client"}, goal="traffic")  # type: ignore[arg-type]
    return Context(client=client, dataset=from_frames({"ads_daily": paid}), period=parse_period("2026-10"))


@pytest.mark.parametrize(
    ("section", "label"), [("summary", None), ("outcome", None), ("channels", "Meta"), ("campaigns", "meta_ads autumn")]
)
@pytest.mark.parametrize(("lang", "says"), SAYS.items())
def test_missing_costs_are_told_in_full(
    context: Context, section: str, label: str | None, lang: Lang, says: str
) -> None:
    told = {one.section.id: one for one in tell(MONTHLY, context, lang)}
    words = " ".join(page.html(block, lang) for block in told[section].blocks if not isinstance(block, Charts))
    assert says in words
    if label is not None:
        assert f"{label}：{says}。" in words or f"{label}: {says}." in words
        assert words.count(says) == 1, "Google's rows all say what they cost"
