"""Conversions after a view, countries and hours: how the platforms write them, and that a breakdown is added to nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.metrics import measure
from kpi_toolkit.periods import month
from kpi_toolkit.sources import cells
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]

HOURS = {
    "0": "0|00|00:00|00:00:00 - 00:59:59|12 AM|12 a.m.|上午 12 點|上午12:00|2026-11-01 0:00:00|0時",
    "5": "5|05|5:00|05:00:00 - 05:59:59|5 AM|上午 5 點|2026-11-01 05:00:00|５",
    "13": "13|13:00|13:00:00 - 13:59:59|1 PM|下午 1 點|下午1:00|2026-11-01 13:00:00|13點",
    "23": "23|23:00:00 - 23:59:59|11 PM|下午 11 點",
}
NO_HOURS = "|(not set)|24|-1|5.5|1,3|2026-11-01|25:00|上午|123"


@pytest.mark.parametrize(("hour", "cell"), [(hour, cell) for hour, listed in HOURS.items() for cell in listed.split("|")])  # fmt: skip
def test_an_hour_has_one_way_of_writing(hour: str, cell: str) -> None:
    assert duckdb.execute(f"SELECT {cells.hour('cell')} FROM (SELECT ? AS cell)", [cell]).fetchone() == (hour,)


@pytest.mark.parametrize("cell", NO_HOURS.split("|"))
def test_what_is_no_hour_is_not_guessed(cell: str) -> None:
    assert duckdb.execute(f"SELECT {cells.hour('cell')} FROM (SELECT ? AS cell)", [cell]).fetchone() == (None,)


META = "Day,Campaign name,Amount spent (TWD),Impressions,Attribution setting,Result type,Results"
BREAKDOWNS = {
    "google_ads en": ("Day,Campaign,Country/Territory (User location),Hour of the day,Cost,Impr.,Clicks", "2026-10-01,A,Taiwan,{hour},10,100,1", ("13",)),
    "google_ads zh": ("日,廣告活動,國家/地區 (使用者所在地),一天中的時段,費用,曝光,點擊", "2026-10-01,A,Taiwan,{hour},10,100,1", ("13",)),
    "meta_ads en": ("Day,Campaign name,Country,Time of day (ad account time zone),Amount spent (TWD),Impressions", "2026-10-01,A,Taiwan,{hour},10,100", ("13:00:00 - 13:59:59",)),
    "meta_ads zh": ("天數,行銷活動名稱,國家/地區,時段（廣告帳號時區）,花費金額 (TWD),曝光次數", "2026-10-01,A,Taiwan,{hour},10,100", ("13:00:00 - 13:59:59",)),
    "tiktok_ads api": ("campaign_id,country_code,stat_time_hour,spend,impressions,conversion", "1,Taiwan,{hour},10,100,1", ("2026-10-01 13:00:00",)),
    "ga4 en": ("Date,Country,Hour,Sessions,Engaged sessions", "20261001,Taiwan,{hour},10,5", ("13",)),
    "ga4 zh": ("日期,國家/地區,小時,工作階段,互動工作階段", "20261001,Taiwan,{hour},10,5", ("13",)),
    "ga4 api": ("date,country,hour,sessions,engagedSessions", "20261001,Taiwan,{hour},10,5", ("13",)),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKDOWNS)
def test_countries_and_hours_are_read(tmp_path: Path, name: str, table: Put, whole: Look, kept: Kept) -> None:
    head, row, hours = BREAKDOWNS[name]
    path = table(tmp_path / "a.csv", "\n".join([head, *(row.format(hour=hour) for hour in hours)]) + "\n")
    report = whole(path)
    assert report.source == name.split()[0]
    assert report.table is not None
    assert {"country", "hour"} <= {*report.shape.split("+")}
    rows = kept(path, tmp_path, report.table)
    assert (rows["country"].tolist(), rows["hour"].tolist()) == (["Taiwan"], ["13"])


def test_an_hour_that_cant_be_is_told(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    rows = "".join(f"2026-10-{day:02d},A,{hour},10,100,1\n" for day in range(1, 20) for hour in range(24))
    report = whole(
        table(tmp_path / "a.csv", f"Day,Campaign,Hour of the day,Cost,Impr.,Clicks\n{rows}2026-10-20,A,25,1,1,1\n")
    )
    assert "Hour of the day (hour): can't read '25'" in said(report)


def test_a_breakdown_is_added_to_nothing(tmp_path: Path, table: Put) -> None:
    """One day of one campaign as Google tells it by day, by hour, and by country: its cost is what it is."""
    folder = tmp_path / "clients/acme/data"
    folder.mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    (tmp_path / "clients/acme/client.yaml").write_text("name: {zh: 甲, en: Acme}\ngoal: orders\n", encoding="utf-8")
    above, days = (
        "Campaign report\nOctober 1, 2026 - October 31, 2026\n",
        [f"2026-10-{day:02d}" for day in range(1, 32)],
    )
    exports = {
        "by day.csv": ("", [f"{day},A,240,TWD,2400,24" for day in days]),
        "by hour.csv": ("Hour of the day,", [f"{day},A,{hour},10,TWD,100,1" for day in days for hour in range(24)]),
        "by country.csv": ("Country/Territory (User location),", [f"{day},A,{country},120,TWD,1200,12" for day in days for country in ("Taiwan", "Japan")]),
    }  # fmt: skip
    for name, (column, rows) in exports.items():
        table(folder / name, above + f"Day,Campaign,{column}Cost,Currency code,Impr.,Clicks\n" + "\n".join(rows) + "\n")
    store = Store(open_workspace(tmp_path))
    assert [report.error for report in store.load("acme")] == [None] * 3
    with store.dataset("acme") as dataset:
        assert len(dataset.shapes["ads_daily"]["google_ads"]) == 3
        whole = measure(dataset, [month(2026, 10)], metrics=["spend"])
        assert whole["value"].tolist() == [31 * 240]
        by_hour = measure(dataset, [month(2026, 10)], by=["hour"], metrics=["spend"])
        assert by_hour.set_index("hour")["value"].to_dict() == {str(hour): 31 * 10 for hour in range(24)}
        by_country = measure(dataset, [month(2026, 10)], by=["country"], metrics=["spend"])
        assert by_country.set_index("country")["value"].to_dict() == {"Taiwan": 31 * 120, "Japan": 31 * 120}


# --- conversions after a view ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["View-through conv.", "瀏覽後轉換", "view_through_conversions"])
def test_googles_stand_beside_the_conversions(tmp_path: Path, head: str, table: Put, whole: Look) -> None:
    path = table(tmp_path / "a.csv", f"Day,Campaign,Cost,Impr.,Clicks,Conversions,{head}\n2026-10-01,A,10,100,5,2,3\n")
    totals = whole(path).totals
    assert (totals["conversions"], totals["view_conversions"]) == (2, 3)


@pytest.mark.parametrize("form", ["Results [1-day view]", "Results (1-day view)", "1-day view", "成果（瀏覽後 1 天）", "成果 [瀏覽後 1 天內]"])  # fmt: skip
def test_metas_are_among_its_results(tmp_path: Path, form: str, table: Put, whole: Look, kept: Kept, said: Said) -> None:  # fmt: skip
    both, clicks = "7-day click or 1-day view", "7-day click"
    path = table(
        tmp_path / "a.csv",
        f"{META},{form}\n2026-10-01,A,10,100,{both},actions:lead,9,4\n2026-10-01,B,10,100,{clicks},actions:lead,5,3\n2026-10-01,C,10,100,{both},link_click,50,0\n2026-10-01,D,10,100,{both},actions:lead,5,\n",
    )
    rows = kept(path, tmp_path, "ads_daily").set_index("campaign_name")["view_conversions"]
    # A setting that counts clicks alone has none among its results; link clicks are no conversions.
    assert rows["A"] == 4
    assert rows["B"] == 0
    assert rows[["C", "D"]].isna().all()
    assert "view_conversions" not in said(whole(path))


def test_metas_purchases_after_a_view_are_told_from_its_results(tmp_path: Path, table: Put, kept: Kept) -> None:
    head = "天數,行銷活動名稱,花費金額 (TWD),曝光次數,歸因設定,購買次數,購買次數 [瀏覽後 1 天],購買次數 [點擊後 7 天]"
    path = table(tmp_path / "a.csv", f"{head}\n2026-10-01,A,10,100,點擊後 7 天或瀏覽後 1 天,12,5,7\n")
    (row,) = kept(path, tmp_path, "ads_daily").to_dict("records")
    assert (row["conversions"], row["view_conversions"]) == (12, 5)


def test_without_such_a_column_nobody_knows(tmp_path: Path, table: Put, whole: Look) -> None:
    path = table(tmp_path / "a.csv", f"{META}\n2026-10-01,A,10,100,7-day click or 1-day view,actions:lead,9\n")
    assert "view_conversions" not in whole(path).totals


def test_criteos_are_those_of_the_attribution_that_is_used(tmp_path: Path, table: Put, whole: Look) -> None:
    head = "Day,CampaignId,AdvertiserCost,Displays,Clicks,SalesPc30d,SalesPv24h,SalesPc30dPv24h"
    totals = whole(table(tmp_path / "a.csv", f"{head}\n2026-10-01,1,10,100,5,6,2,8\n")).totals
    assert (totals["conversions"], totals["view_conversions"]) == (8, 2)
    own = whole(table(tmp_path / "b.csv", f"{head},SalesClientAttribution\n2026-10-01,1,10,100,5,6,2,8,4\n")).totals
    assert own["conversions"] == 4
    assert "view_conversions" not in own


def test_tiktoks_are_among_its_conversions(tmp_path: Path, table: Put, whole: Look) -> None:
    path = table(tmp_path / "a.csv", "By Day,Campaign name,Cost,Impressions,Clicks (destination),Conversions,VTA conversions,CTA conversions\n2026-10-01,A,10,100,5,7,3,4\n")  # fmt: skip
    totals = whole(path).totals
    assert (totals["conversions"], totals["view_conversions"]) == (7, 3)
