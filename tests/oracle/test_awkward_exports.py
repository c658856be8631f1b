"""Awkward but honest exports, as people have them, with the figures that a person would read off them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

META = "Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (TWD),Impressions,Link clicks"


def read(tmp_path: Path, *lines: str) -> LoadReport:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return inspect(path)


def sound(tmp_path: Path, *lines: str) -> LoadReport:
    report = read(tmp_path, *lines)
    assert report.error is None, report.error.say("en")
    return report


@pytest.mark.parametrize("total", ["Total,", ",Total", "總計,", ","])
def test_metas_total_is_no_campaign(tmp_path: Path, total: str) -> None:
    days = "2026-11-01,2026-11-30"
    report = sound(tmp_path, META, f"{days},{total},300,3000,30", f"{days},A,a,100,1000,10", f"{days},B,b,200,2000,20")
    assert dict(report.dropped) == {"total row": 1}
    assert report.totals["spend"] == 100 + 200


def test_results_of_different_objectives_are_not_added(tmp_path: Path) -> None:
    header = "Day,Campaign name,Objective,Amount spent (TWD),Impressions,Results"
    report = sound(
        tmp_path, header, "2026-11-02,A,OUTCOME_SALES,100,1000,5", "2026-11-02,B,OUTCOME_TRAFFIC,100,1000,150"
    )
    assert "conversions" not in report.totals
    assert any("result types" in text.say("en") for text in report.warnings)


def test_results_of_unknown_type_are_warned_of(tmp_path: Path) -> None:
    report = sound(tmp_path, "Day,Campaign name,Amount spent (TWD),Impressions,Results", "2026-11-02,A,100,1000,5")
    assert any("without a result type" in text.say("en") for text in report.warnings)


def test_a_missing_cost_is_warned_of(tmp_path: Path) -> None:
    header = "Day,Campaign,Currency code,Cost,Impr.,Clicks"
    report = sound(tmp_path, header, "2026-11-01,A,TWD, --,1000,10", "2026-11-02,A,TWD,100,1000,10")
    assert any("the spend is incomplete" in text.say("en") for text in report.warnings)


def test_destroyed_order_numbers_are_named_as_the_cause(tmp_path: Path) -> None:
    report = read(
        tmp_path, "訂單號碼,訂單日期,訂單狀態,付款狀態,訂單合計", "2.02611E+16,2026-11-01 10:00:00,已完成,已付款,100"
    )
    assert report.error is not None
    assert "destroyed by Excel" in report.error.say("en")


@pytest.mark.parametrize(("day", "cost"), [("2062-11-01", "100"), ("2026-11-01", "99999999999999999999999")])
def test_absurd_values_are_refused(tmp_path: Path, day: str, cost: str) -> None:
    report = read(tmp_path, "Day,Campaign,Currency code,Cost,Impr.,Clicks", f"{day},A,TWD,{cost},1000,10")
    assert report.error is not None
    assert "not possible" in report.error.say("en")


def test_the_end_of_a_month_decides_for_its_start(tmp_path: Path) -> None:
    report = sound(tmp_path, META, "11/01/2026,11/30/2026,A,a,100,1000,10")
    assert (str(report.period_start), str(report.period_end)) == ("2026-11-01", "2026-11-30")


def test_one_day_alone_is_a_period(tmp_path: Path) -> None:
    report = sound(
        tmp_path,
        "Campaign report",
        '"November 1, 2026"',
        "Campaign,Currency code,Cost,Impr.,Clicks",
        "A,TWD,100,1000,10",
    )
    assert (str(report.period_start), str(report.period_end)) == ("2026-11-01", "2026-11-01")


def test_a_woocommerce_refund_may_carry_its_orders_number(tmp_path: Path) -> None:
    header = (
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue"
    )
    report = sound(
        tmp_path,
        header,
        '2026-11-01 13:05:00,101,"NT$1,500",completed,a,new,1× x,1,,1500',
        "2026-11-02 13:05:00,101,-NT$500,refunded,a,new,,-1,,-500",
    )
    assert report.totals["revenue"] == 1500 - 500


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("Day,Campaign name,Amount spent (TWD),Impressions,Results", "2026-11-02,A,100,1000,5"), "1 row has results without a result type"),
        (("Campaign name,Ad ID,Day,Impressions,Amount spent (TWD)", "A,1.20234E+17,2026-11-01,1000,10"), "1 id in Ad ID was destroyed by Excel"),
        (("Campaign name,Objective,Objective,Day,Impressions,Amount spent (TWD)", "A,X,Y,2026-11-01,1000,10"), "different values (1 row)"),
        (("Day,Campaign,Cost,Impr.", "2026-11-01,A,x,1000"), "1 row can't be read"),
        (("Day,Campaign,Cost,Impr.", "2026-11-01,A,1,234,1000"), "1 row has more cells than the header, so its columns are shifted (unquoted commas in figures?): row 2"),
        (("訂單號碼,訂單日期,訂單狀態,付款狀態,訂單合計", "2.02611E+16,2026-11-01 10:00:00,已完成,已付款,100"), "1 order number in 訂單號碼 was destroyed by Excel (1.2E+17 …), this row can't be read"),
    ],
)  # fmt: skip
def test_one_row_is_told_as_one(tmp_path: Path, lines: tuple[str, ...], says: str) -> None:
    report = read(tmp_path, *lines)
    assert says in " | ".join(text.say("en") for text in (*report.warnings, *filter(None, [report.error])))


def warned(report: LoadReport) -> str:
    return " | ".join(text.say("en") for text in report.warnings)


OCTOBER = ("Campaign report", "2026-10-01 - 2026-10-31", "Day,Campaign,Currency code,Cost,Impr.,Clicks")


def test_days_outside_of_the_stated_period_are_told(tmp_path: Path) -> None:
    inside = "2026-10-01,A,TWD,100,1000,10", "2026-10-31,A,TWD,100,1000,10"
    assert warned(sound(tmp_path, *OCTOBER, *inside)) == ""
    outside = "2026-09-30,A,TWD,100,1000,10", "2026-11-02,A,TWD,100,1000,10", "2026-11-02,B,TWD,50,1000,10"
    report = sound(tmp_path, *OCTOBER, *inside, *outside)
    assert "2026-10-01 – 2026-10-31, but 3 rows have days outside of it: 2026-09-30, 2026-11-02;" in warned(report)
    assert "檔案上方寫的期間是 2026-10-01–2026-10-31，但有 3 列" in report.warnings[0].say("zh-TW")
    assert report.totals["spend"] == 100 + 100 + 100 + 100 + 50


def test_many_days_outside_are_told_by_the_first_and_the_last(tmp_path: Path) -> None:
    days = [f"2026-11-{day:02d},A,TWD,{day},1000,10" for day in range(1, 31)]
    told = warned(sound(tmp_path, *OCTOBER, *days))
    assert (
        "30 rows have days outside of it: 2026-11-01, 2026-11-02, 2026-11-03, 2026-11-04, 2026-11-05, …, 2026-11-30;"
        in told
    )


def test_a_week_may_begin_before_the_period(tmp_path: Path) -> None:
    top = ("Campaign report", "2026-10-01 - 2026-10-31", "Week,Campaign,Cost,Impr.,Clicks")
    assert "outside" not in warned(sound(tmp_path, *top, "2026-09-28,A,100,1000,10"))


def test_the_day_a_book_was_printed_on_is_no_period(tmp_path: Path) -> None:
    report = sound(tmp_path, "2026-11-30", "日期,廠商,摘要,金額", "2026-11-05,甲,代操月費,100")
    assert warned(report) == ""


def test_an_account_is_no_less_than_its_rows(tmp_path: Path) -> None:
    rows = "2026-10-01,A,TWD,100,1000,10", "2026-10-02,B,TWD,200.004,1000,10"
    more = sound(tmp_path, *OCTOBER, *rows, "Total: Account, --,TWD,500,5000,50")
    assert warned(more) == ""
    assert warned(sound(tmp_path, *OCTOBER, *rows, "Total: Account, --,TWD,300,2000,20")) == ""
    less = warned(sound(tmp_path, *OCTOBER, *rows, "Total: Account, --,TWD,250,2000,20"))
    assert "the account's totals row says spend = 250, but the rows add up to more, 300.004" in less
    assert "impressions" not in less
    part = warned(sound(tmp_path, *OCTOBER, *rows, "Total: Search, --,TWD,100,1000,10"))
    assert part == ""


@pytest.mark.parametrize(
    ("cells", "currency"),
    [
        (['"NT$1,200"', "300"], "TWD"), (["NT$5", "ntd 300"], "TWD"), (["US$5", "-"], "USD"), (["5 TWD", ""], "TWD"),
        (["NT$5", "US$5"], None), (["$5", "300元"], None), (["5", "6"], None), (["-", "NT$6"], "TWD"),
    ],
)  # fmt: skip
def test_signs_in_money_cells_name_the_currency(tmp_path: Path, cells: list[str], currency: str | None) -> None:
    rows = [f"2026-11-0{number},A,{cell},1000,10" for number, cell in enumerate(cells, 1)]
    assert sound(tmp_path, "Day,Campaign,Cost,Impr.,Clicks", *rows).currency == currency


def test_a_currency_that_the_file_names_is_not_asked_of_its_cells(tmp_path: Path) -> None:
    ads = sound(tmp_path, "Campaign name,Day,Impressions,Amount spent (USD)", "A,2026-11-01,1000,NT$10")
    assert ads.currency == "USD"
    column = sound(tmp_path, "Day,Campaign,Currency code,Cost,Impr.", "2026-11-01,A,HKD,NT$10,1000")
    assert column.currency == "HKD"


META_RESULTS = "行銷活動名稱,天數,成果指標,成果,曝光次數,花費金額 (TWD)"


def test_result_codes_are_told_in_words(tmp_path: Path) -> None:
    report = sound(
        tmp_path,
        META_RESULTS,
        "A,2026-11-01,actions:offsite_conversion.fb_pixel_purchase,2,1000,100",
        "A,2026-11-02,actions:offsite_conversion.fb_pixel_purchase,2,1000,100",
        "B,2026-11-01,actions:onsite_conversion.messaging_conversation_started_7d,3,1000,100",
        "C,2026-11-01,actions:offsite_conversion.custom.1234,3,1000,100",
    )
    assert (
        "several result types, which can't be added: purchases × 2, actions:offsite_conversion.custom.1234 × 1, conversations × 1"
        in warned(report)
    )
    assert (
        "混有多種成果類型，不能相加：購買 × 2, actions:offsite_conversion.custom.1234 × 1, 開始對話 × 1"
        in report.warnings[0].say("zh-TW")
    )


def test_two_codes_of_one_word_are_told_apart(tmp_path: Path) -> None:
    report = sound(tmp_path, META_RESULTS, "A,2026-11-01,actions:lead,2,1000,100", "B,2026-11-01,actions:onsite_conversion.lead_grouped,3,1000,100", "B,2026-11-02,actions:onsite_conversion.lead_grouped,3,1000,100")  # fmt: skip
    assert "leads (actions:onsite_conversion.lead_grouped) × 2, leads (actions:lead) × 1" in warned(report)


def test_objectives_that_stand_for_results_are_told_in_words(tmp_path: Path) -> None:
    top = "Day,Campaign name,Objective,Amount spent (TWD),Impressions,Results"
    report = sound(tmp_path, top, "2026-11-02,A,OUTCOME_SALES,100,1000,5", "2026-11-02,B,OUTCOME_LEADS,100,1000,15")
    assert "leads × 1, sales × 1" in warned(report)
