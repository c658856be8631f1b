"""A client's own sources, those of its mapping files, are called by their titles wherever a report speaks of sources."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import LANGS, Lang, Text
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present import names, page
from kpi_toolkit.present.blocks import Charts
from kpi_toolkit.report.page import open_monthly
from kpi_toolkit.sections import MONTHLY, Context
from kpi_toolkit.sections.telling import tell
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.tables.dataset import from_frames

TITLES = {"board_ads": Text(zh="公車看板", en="Bus <b>boards</b>\u202e")}
SHOWN = {"zh-TW": "公車看板", "en": "Bus &lt;b&gt;boards&lt;/b&gt;"}


@pytest.fixture(scope="module")
def context() -> Context:
    paid = pd.DataFrame([
        {"source": source, "date_day": f"2026-10-{day:02}", "campaign_name": "autumn", "spend": 100.0, "impressions": 500.0,
         "clicks": 10.0, "conversions": 1.0, "conversions_value": 300.0, "currency": "TWD", "counts": "purchase"}
        for source in ("google_ads", "board_ads") for day in range(1, 32)
    ])  # fmt: skip
    reports = [LoadReport(file=f"{source}.csv", source=source, rows_read=31, rows_kept=31) for source in ("google_ads", "board_ads")]  # fmt: skip
    client = Client(id="c", name={"zh": "客戶", "en": "Client"}, goal="orders")  # type: ignore[arg-type]
    dataset = from_frames({"ads_daily": paid})
    return Context(client=client, dataset=dataset, period=parse_period("2026-10"), reports=reports, sources=TITLES)


@pytest.mark.parametrize("lang", LANGS)
def test_titles_stand_in_the_place_of_ids(context: Context, lang: Lang) -> None:
    told = {one.section.id: one.blocks for one in tell(MONTHLY, context, lang)}
    html = {id: " ".join(page.html(block, lang) for block in blocks if not isinstance(block, Charts)) for id, blocks in told.items()}  # fmt: skip
    assert "board_ads" not in "".join(html.values()).replace("board_ads.csv", "")
    for section in ("channels", "campaigns", "data"):
        assert SHOWN[lang] in html[section], section
    drawn = str([chart.says for blocks in told.values() for block in blocks if isinstance(block, Charts) for chart in block.items])  # fmt: skip
    assert names.platform("google_ads", lang) in drawn and "board_ads" not in drawn


def test_titles_hold_for_one_telling(context: Context) -> None:
    tell(MONTHLY, context, "en")
    assert names.platform("board_ads", "en") == "board_ads"


def test_a_page_knows_its_clients_titles(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("", encoding="utf-8")
    (tmp_path / "clients/acme").mkdir(parents=True)
    (tmp_path / "clients/acme/client.yaml").write_text("name: Acme\ngoal: orders\n", encoding="utf-8")
    mapping = "name: pos\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: c}\n"
    (tmp_path / "clients/acme/tills.mapping.yaml").write_text(mapping, encoding="utf-8")
    context = open_monthly(str(tmp_path), "acme", "2026-10", "en").context
    with context.dataset:
        assert {source: title.say("en") for source, title in context.sources.items()} == {"pos": "tills (mapping)"}
