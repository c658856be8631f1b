"""Ad platforms' exports, small enough to add up by hand: the expected figures are written as the sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]


def test_tiktok_workbook_with_a_totals_row_and_a_currency_in_the_header(
    tmp_path: Path, workbook: Put, whole: Look, kept: Kept, said: Said
) -> None:
    rows: list[list[Any]] = [
        ["By Day", "Campaign name", "Ad ID", "Cost (USD)", "Impression", "Clicks (Destination)", "Clicks (all)", "Conversions", "CPA", "Total complete payment value"],
        ["Total of 3 results", "-", "-", 30.75, 6000, 60, 90, 3, 10.25, 310],
        ["2026-11-01", "A", "1835501120440101", 10.5, 1000, 10, 20, 1, 10.5, 100],
        ["2026-11-02", "A", "1835501120440101", 20.25, 3000, 30, 40, 2, 10.13, 210],
        ["2026-11-02", "B", "1835501120440102", 0, 2000, 20, 30, "-", "-", "-"],
    ]  # fmt: skip
    path = workbook(tmp_path / "Campaign Report.xlsx", rows)
    report = whole(path)
    assert (report.source, report.currency, report.dropped) == ("tiktok_ads", "USD", {"total row": 1})
    assert report.totals == {"spend": 10.5 + 20.25, "impressions": 1000 + 3000 + 2000, "clicks": 10 + 30 + 20, "clicks_all": 20 + 40 + 30, "conversions": 1 + 2, "conversions_value": 100 + 210}  # fmt: skip
    assert said(report) == ""
    frame = kept(path, tmp_path, "ads_daily")
    assert frame["conversions"].isna().sum() == 1  # `-` is not known, never 0
    rows[1][3] = 31.75
    assert "totals row says spend = 31.75" in said(whole(workbook(tmp_path / "b.xlsx", rows)))


def test_criteo_takes_the_clients_attribution_and_says_so(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:
    path = table(
        tmp_path / "stats.csv",
        "AdvertiserId,CampaignId,Day,Currency,Displays,Clicks,Visits,AdvertiserCost,SalesClientAttribution,RevenueGeneratedClientAttribution,SalesPc30d,SalesPc30dPv24h\n"
        "1,11,2026-11-01,TWD,1000,10,8,100.5,1,500,2,3\n1,11,2026-11-02,TWD,2000,20,15,200.5,2,900,2,4\n",
    )
    report = whole(path)
    assert report.totals == {"spend": 100.5 + 200.5, "impressions": 1000 + 2000, "clicks": 10 + 20, "landing_page_views": 8 + 15, "conversions": 1 + 2, "conversions_value": 500 + 900}  # fmt: skip
    assert set(kept(path, tmp_path, "ads_daily")["attribution"]) == {"client attribution"}


def test_pchome_keeps_invalid_clicks_and_leaves_its_percent_roas_alone(
    tmp_path: Path, table: Put, whole: Look, said: Said
) -> None:
    report = whole(
        table(
            tmp_path / "report.csv",
            "PChome 聯播網廣告成效報表\n日期,廣告活動,廣告曝光數,廣告點擊數(互動數),無效點擊數,費用,點擊率,轉換次數,總轉換價值,廣告投資報酬率(%)\n"
            '2026-11-01,品牌,"1,000",20,3,NT$100,2.00%,1,300,300%\n2026-11-02,品牌,"2,000",30,2,"NT$1,050",1.50%,2,700,66.67%\n總計,,"3,000",50,5,"NT$1,150",1.67%,3,"1,000",86.96%\n',
            "cp950",
        )
    )
    assert (report.source, report.currency, report.dropped, said(report)) == ("pchome_ads", "TWD", {"total row": 1}, "")
    assert report.totals == {"spend": 100 + 1050, "impressions": 1000 + 2000, "clicks": 20 + 30, "invalid_clicks": 3 + 2, "conversions": 1 + 2, "conversions_value": 300 + 700}  # fmt: skip


def test_line_in_the_words_of_its_zh_tw_screen(tmp_path: Path, table: Put, whole: Look) -> None:
    report = whole(
        table(
            tmp_path / "x.csv",
            "日期,廣告帳號,廣告活動名稱,廣告群組名稱,曝光,點擊,費用,CV,加入好友\n2026/11/1,好茶,加好友,全台,1000,30,300,2,9\n2026/11/2,好茶,加好友,全台,2000,40,400,--,8\n",
        )
    )
    assert report.source == "line_ads"
    assert report.totals == {"spend": 300 + 400, "impressions": 1000 + 2000, "clicks": 30 + 40, "conversions": 2, "followers_gained": 9 + 8}  # fmt: skip


def test_google_micros_and_uk_dates(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    micros = "date,customer_id,campaign_id,clicks,cost_micros,impressions,conversions,conversions_value\n2026-11-01,1,2,3,1500000,100,1.5,20\n2026-11-02,1,2,4,2250000,200,0,0\n"
    assert whole(table(tmp_path / "a.csv", micros)).totals["spend"] == 1.5 + 2.25
    uk = "Campaign report\n27 January 2026 - 23 February 2026\nCampaign,Cost,Impr.,Clicks\nBrand,103606.77,1000,10\nTotal: Campaigns,103606.77,1000,10\nTotal: Account,203606.77,2000,20\n"
    report = whole(table(tmp_path / "b.csv", uk))
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2026-01-27", "2026-02-23", "period")
    assert (report.totals["spend"], report.dropped) == (103606.77, {"total row": 2})
    assert "refused for daily views" in said(report)


@pytest.mark.parametrize(
    "text",
    [
        "Kampagnenbericht\n1. November 2026 - 3. November 2026\nTag;Kampagne;Kosten;Impr.;Klicks;Conversions\n01.11.2026;Marke;1.234,56;1.000;10;1,00\nGesamt: Konto;;1.234,56;1.000;10;1,00\n",
        "Rapport sur les campagnes\nJour;Campagne;Coût;Impressions;Clics;Conversions\n2026-11-01;Marque;1 020,50;1 000;10;1,00\nTotal : compte;;1 020,50;1 000;10;1,00\n",
    ],
    ids=["German", "French"],
)  # fmt: skip
def test_google_in_another_language_is_refused_with_a_way_out(tmp_path: Path, text: str, table: Put) -> None:
    error = inspect(table(tmp_path / "a.csv", text)).error
    assert error is not None
    assert "no source knows this header" in error.say("en")
    assert "mapping" in error.say("en")


def test_european_figures_under_english_headers_are_refused_and_never_read_as_others(
    tmp_path: Path, table: Put
) -> None:
    text = "Day;Campaign;Cost;Impr.;Clicks\n2026-11-01;Marke;1.234,56;1000;10\n2026-11-02;Marke;1 020,50;1000;10\n"
    error = inspect(table(tmp_path / "a.csv", text)).error
    assert error is not None
    assert "row 2, column Cost (spend): can't read '1.234,56'" in error.say("en")
    assert "row 3, column Cost (spend): can't read '1 020,50'" in error.say("en")


META = "分析報告開始,分析報告結束,行銷活動名稱,廣告名稱,廣告編號,天數,歸因設定,成果指標,成果,曝光次數,花費金額 (TWD),連結點擊次數\n"


def meta(*rows: str) -> str:
    return META + "".join(f"2026-11-01,2026-11-03,{row}\n" for row in rows)


def test_meta_with_three_attribution_settings_says_so(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    indicator = "actions:offsite_conversion.fb_pixel_purchase"
    report = whole(
        table(
            tmp_path / "a.csv",
            meta(
                f"A,a,120233737473391087,2026-11-01,點擊後 7 天或瀏覽後 1 天,{indicator},2,1000,100,10",
                f"A,b,120233737473391088,2026-11-02,點擊後 7 天或瀏覽後 1 天,{indicator},3,1000,100,10",
                f"B,c,120233737473391089,2026-11-02,點擊後 7 天、瀏覽後 1 天或互動觀看後 1 天,{indicator},4,1000,100,10",
                f"C,d,120233737473391090,2026-11-03,點擊後 7 天,{indicator},5,1000,100,10",
            ),
            "utf-8-sig",
        )
    )
    assert report.totals["conversions"] == 2 + 3 + 4 + 5
    assert "several attribution settings" in said(report)
    assert "點擊後 7 天或瀏覽後 1 天 × 2" in said(report)


def test_meta_results_of_different_indicators_are_told_apart(
    tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said
) -> None:
    path = table(
        tmp_path / "a.csv",
        meta(
            "A,a,120233737473391087,2026-11-01,x,actions:lead,4,1000,100,10",
            "B,b,120233737473391088,2026-11-01,x,actions:offsite_conversion.fb_pixel_purchase,2,1000,100,10",
            "C,c,120233737473391089,2026-11-01,x,actions:link_click,70,1000,100,70",
            "D,d,120233737473391090,2026-11-01,x,video_thruplay_watched_actions,900,1000,100,0",
        ),
    )
    assert "several result types" in said(whole(path))
    frame = kept(path, tmp_path, "ads_daily").set_index("campaign_name")
    assert frame["conversions"].dropna().to_dict() == {"A": 4, "B": 2}  # clicks and views are no conversions
    assert frame["conversion_type"].dropna().nunique() == 2
    assert frame["ad_id"].tolist()[0] == "120233737473391087"


def test_meta_totals_of_mixed_results_raise_no_false_alarm(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    text = (
        "行銷活動名稱,天數,成果指標,成果,曝光次數,花費金額 (TWD),潛在顧客,訊息對話開始次數\n,,,,3000,300,4,9\n"
        "A,2026-11-01,actions:lead,4,1000,100,4,\nB,2026-11-01,actions:onsite_conversion.messaging_conversation_started_7d,9,2000,{spend},,9\n"
    )
    honest = said(whole(table(tmp_path / "a.csv", text.format(spend=200))))
    assert "totals row says" not in honest
    assert "several result types" in honest
    assert "totals row says spend = 300" in said(whole(table(tmp_path / "b.csv", text.format(spend=150))))


def test_meta_doubled_headers_keep_the_first_and_say_that_they_differ(
    tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said
) -> None:
    text = "行銷活動名稱,行銷活動名稱,目標,目標,天數,曝光次數,花費金額 (TWD)\nA,A,OUTCOME_SALES,銷售,2026-11-01,1000,100\nB,B,OUTCOME_LEADS,開發潛在顧客,2026-11-01,1000,100\n"
    path = table(tmp_path / "a.csv", text)
    warnings = said(whole(path))
    assert "the column 目標 stands twice with different values (2 rows)" in warnings
    assert "行銷活動名稱 stands twice" not in warnings
    assert kept(path, tmp_path, "ads_daily")["objective"].tolist() == ["OUTCOME_SALES", "OUTCOME_LEADS"]


def test_meta_dynamic_creative_rows_are_not_duplicates_but_whole_repeats_are(
    tmp_path: Path, table: Put, whole: Look, kept: Kept
) -> None:
    rows = [
        "月,年齡,性別,行銷活動名稱,廣告名稱,內文,曝光次數,花費金額 (TWD)",
        "2025-10-01 - 2025-10-09,65+,female,A,a,文案一,500,40",
        "2025-10-01 - 2025-10-09,65+,female,A,a,文案二,500,40",
        "2025-10-01 - 2025-10-09,65+,unknown,A,a,文案二,700,50",
        "2025-10-01 - 2025-10-09,65+,unknown,A,a,文案二,700,50",
    ]
    path = table(tmp_path / "a.csv", "\n".join(rows) + "\n")
    report = whole(path)
    assert report.totals == {"spend": 40 + 40 + 50, "impressions": 500 + 500 + 700}
    assert report.dropped == {"duplicate row": 1}
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2025-10-01", "2025-10-09", "period")
    assert set(kept(path, tmp_path, "ads_daily")["age"]) == {"65+"}


def test_long_ids_in_a_workbook_as_text_and_as_destroyed_figures(
    tmp_path: Path, workbook: Put, whole: Look, kept: Kept, said: Said
) -> None:
    top = ["行銷活動名稱", "廣告名稱", "廣告編號", "天數", "曝光次數", "花費金額 (TWD)", "廣告組合預算"]
    good = workbook(tmp_path / "a.xlsx", [top, ["A", "a", "120233737473391087", "2026-11-01", "1,000", "100", "使用行銷活動預算"], ["A", "b", "'120233737473391187", "2026-11-01", "1000", "100", "500"]])  # fmt: skip
    assert kept(good, tmp_path, "ads_daily")["ad_id"].tolist() == ["120233737473391087", "120233737473391187"]
    bad = workbook(tmp_path / "b.xlsx", [top, ["A", "a", 120233737473391087, "2026-11-01", 1000, 100, ""], ["A", "b", "1.20234E+17", "2026-11-01", 1000, 100, ""]])  # fmt: skip
    report = whole(bad)
    assert "2 ids in 廣告編號 were destroyed by Excel" in said(report)
    assert report.totals["spend"] == 100 + 100
    assert kept(bad, tmp_path, "ads_daily")["ad_id"].isna().all()


def test_meta_american_dates_are_settled_by_the_column_or_asked_for(tmp_path: Path, table: Put, whole: Look) -> None:
    top = "Campaign name,Day,Impressions,Amount spent (USD)\n"
    clear = whole(table(tmp_path / "a.csv", top + "A,11/03/2026,1000,10\nA,11/13/2026,1000,10\n"))
    assert (str(clear.period_start), str(clear.period_end), clear.currency) == ("2026-11-03", "2026-11-13", "USD")
    unclear = inspect(table(tmp_path / "b.csv", top + "A,11/03/2026,1000,10\n"))
    assert unclear.error is not None
    assert "date_order" in unclear.error.say("en")
    told = inspect(tmp_path / "b.csv", date_order="dmy")
    assert str(told.period_start) == "2026-03-11"


def test_a_warehouse_table_keeps_its_platforms_apart(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:
    path = table(
        tmp_path / "ad_report.csv",
        "date_day,platform,campaign_name,clicks,impressions,spend\n2026-11-01,facebook_ads,A,1,10,5.5\n2026-11-01,google_ads,A,2,20,6.5\n",
    )
    report = whole(path)
    assert (report.source, report.totals) == (
        "canonical",
        {"spend": 5.5 + 6.5, "impressions": 10 + 20, "clicks": 1 + 2},
    )
    assert kept(path, tmp_path, "ads_daily")["source"].tolist() == ["meta_ads", "google_ads"]


def test_negative_and_empty_cells_are_not_zero(tmp_path: Path, table: Put, kept: Kept) -> None:
    text = "Day,Campaign,Cost,Impr.,Clicks,Conversions\n2026-11-01,A,10,100, --,0\n2026-11-02,A,20,200,,1\n"
    frame = kept(table(tmp_path / "a.csv", text), tmp_path, "ads_daily")
    assert frame["clicks"].isna().all()
    assert frame["conversions"].tolist() == [0, 1]
