"""Vendors' own reports: tables as they are sent become long rows, and no platform's export is taken for one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.metrics import METRICS
from kpi_toolkit.paths import samples, templates
from kpi_toolkit.sources import claims as claims_of
from kpi_toolkit.sources import sources
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.rawtable import open_raw
from kpi_toolkit.sources.reading import files_in, inspect
from kpi_toolkit.sources.recognition import known_keys
from kpi_toolkit.sources.vendor_report import REPORTED
from kpi_toolkit.tables import TABLES

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]
FIXTURES = Path(__file__).resolve().parents[4] / "shared" / "data" / "format_fixtures"
# Not in the registry: stocks and figures of posts, which only vendors report.
BESIDE = {"followers", "interactions", "interaction_rate", "cost_per_view", "landing_page_views", "add_to_carts", "checkouts"}  # fmt: skip


@pytest.fixture
def claims(kept: Kept, tmp_path: Path) -> Callable[[Path], pd.DataFrame]:
    """The claims of a file, texts without a value as empty."""

    def look(path: Path) -> pd.DataFrame:
        frame = kept(path, tmp_path, "vendor_claims")
        texts = ["vendor_name", "platform", "campaign_name", "currency", "written"]
        return frame.assign(**{name: frame[name].fillna("") for name in texts}).reset_index(drop=True)

    return look


Claims = Callable[[Path], pd.DataFrame]


def figure(frame: pd.DataFrame, metric: str, **where: object) -> list[float]:
    found = frame[frame["metric"] == metric]
    for name, value in where.items():
        found = found[found[name] == value]
    return found["value"].tolist()


def months(frame: pd.DataFrame) -> set[str]:
    return {f"{start:%m-%d}..{end:%m-%d}" for start, end in zip(pd.to_datetime(frame["period_start"]), pd.to_datetime(frame["period_end"]), strict=True)}  # fmt: skip


# --- the metrics -------------------------------------------------------------------------------------------------


def test_the_ids_are_the_registrys_own_with_its_units() -> None:
    assert set(REPORTED) - set(METRICS) == BESIDE
    for name in set(REPORTED) - BESIDE:
        assert REPORTED[name].unit == METRICS[name].unit, name
    assert TABLES["vendor_claims"]["metric"].allowed == tuple(REPORTED)


def test_what_is_added_is_money_or_a_count() -> None:
    assert {one.unit for one in REPORTED.values() if one.additive} == {"money", "count"}
    assert not any(REPORTED[name].additive for name in ("reach", "followers", "users", "cpc", "cpm", "cpa", "aov"))


# --- the three layouts -------------------------------------------------------------------------------------------


WIDE = (
    "陽光數位行銷 2026年10月 成效報告\n\n活動名稱,平台,花費,曝光,點擊,點閱率,轉換,營收,ROAS\n"
    '品牌關鍵字,Google Ads,"NT$12,000",12.5萬,"3,120",2.5%,100,"50,000",4.17\n'
    "再行銷,FB,8000,90000,1000,1.11%,20,30000,375%\n合計,,20000,215000,4120,1.92%,120,80000,4\n"
)


def test_wide_reports_become_a_row_a_figure(tmp_path: Path, table: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = table(tmp_path / "report.csv", WIDE)
    report = whole(path)
    assert (report.source, report.table, report.rows_kept) == ("vendor_report", "vendor_claims", 21)
    assert "add up" not in said(report)
    frame = claims(path)
    assert set(frame["vendor_name"]) == {"陽光數位行銷 2026年10月 成效報告"}
    assert figure(frame, "spend") == [12000, 8000, 20000]
    assert figure(frame, "impressions", platform="google_ads") == [125000]
    assert figure(frame, "ctr", campaign_name="再行銷") == [0.0111]
    assert figure(frame, "claimed_roas") == [4.17, 3.75, 4]
    assert figure(frame, "conversions_value", is_total=False) == [50000, 30000]
    assert frame.loc[frame["source_row"] == 4, "written"].tolist()[:2] == ["NT$12,000", "12.5萬"]
    assert months(frame) == {"10-01..10-31"}
    # The total is the account's, told apart, and its currency that of the one amount with a sign.
    total = frame[frame["is_total"]]
    assert set(total["campaign_name"]) == {""} and set(total["source_row"]) == {6}
    assert set(frame.loc[frame["metric"] == "spend", "currency"]) == {"TWD"}
    assert set(frame.loc[frame["metric"] == "clicks", "currency"]) == {""}


def test_a_total_that_its_rows_contradict_is_told(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    path = table(tmp_path / "report.csv", WIDE.replace("合計,,20000", "合計,,23000").replace(",4120,", ",4121,"))
    told = said(whole(path))
    assert "the total in row 6 says 花費 = 23000, but its rows add up to 20000" in told
    assert "點擊 = 4121, but its rows add up to 4120" in told
    assert "曝光 =" not in told


def test_rounding_in_ten_thousands_is_no_contradiction(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    path = table(tmp_path / "report.csv", WIDE.replace(",215000,", ",21.6萬,"))
    assert "add up" not in said(whole(path))
    path = table(tmp_path / "other.csv", WIDE.replace(",215000,", ",23萬,"))
    assert "曝光 = 230000, but its rows add up to 215000" in said(whole(path))


def test_long_reports_and_a_ratio_without_its_sign(tmp_path: Path, table: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = table(
        tmp_path / "a.csv",
        "期間,廠商,平台,廣告活動,指標,回報值\n2026-09,甲,Google Ads,品牌,花費,12000\n2026-10,甲,Google Ads,品牌,點閱率,2.5\n2026/10/1-10/7,乙,,,名單數,40筆\n",
    )
    frame = claims(path)
    assert figure(frame, "ctr") == [0.025]
    assert figure(frame, "leads") == [40]
    assert months(frame) == {"09-01..09-30", "10-01..10-31", "10-01..10-07"}
    assert frame["vendor_name"].tolist() == ["甲", "甲", "乙"]
    assert frame["platform"].tolist() == ["google_ads", "google_ads", ""]
    assert "no percent sign" in said(whole(path))


@pytest.mark.parametrize(
    ("rate", "share"), [("0.8", 0.008), ("0.008", 0.008), ("0.80%", 0.008)], ids=["points", "share", "signed"]
)
def test_a_small_bare_ratio_is_held_against_what_it_is_of(tmp_path: Path, rate: str, share: float, table: Put, claims: Claims) -> None:  # fmt: skip
    text = f"月報\n月份,平台,曝光,點擊,點閱率\n2026-10,Meta,10000,80,{rate}\n"
    assert figure(claims(table(tmp_path / "a.csv", text)), "ctr") == [pytest.approx(share)]


def test_metrics_down_the_rows_and_months_across(tmp_path: Path, table: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = table(
        tmp_path / "a.csv",
        '代理商：ABC 廣告公司\n成效月報\n項目,2026年9月,115年10月,成長率\n花費,"10,000","12,000",20%\n曝光,100萬,120萬,20%\n點閱率,1.5%,1.6%,\n',
    )
    frame = claims(path)
    assert figure(frame, "spend") == [10000, 12000]
    assert figure(frame, "impressions") == [1_000_000, 1_200_000]
    assert months(frame) == {"09-01..09-30", "10-01..10-31"}
    assert set(frame["vendor_name"]) == {"ABC 廣告公司"}
    assert frame["source_row"].tolist() == [4, 4, 5, 5, 6, 6]
    assert "left out: 成長率" in said(whole(path))


def test_months_without_a_year_take_the_titles_and_sections_name_platforms(tmp_path: Path, table: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = table(
        tmp_path / "a.csv",
        "2026年1月 月報\n,12月,1月,合計\nFacebook,,,\n花費,100,120,220\n點擊,5,6,12\nGoogle,,,\n花費,70,80,150\n點擊,5,6,11\n",
    )
    frame = claims(path)
    starts = {start.date() for start in pd.to_datetime(frame.loc[~frame["is_total"], "period_start"])}
    assert starts == {date(2025, 12, 1), date(2026, 1, 1)}
    assert figure(frame, "spend", platform="google_ads", is_total=True) == [150]
    assert figure(frame, "spend", platform="meta_ads", is_total=False) == [100, 120]
    told = said(whole(path))
    assert "the total in row 5" in told
    assert "row 8" not in told


def test_this_month_and_the_last_follow_from_the_title(tmp_path: Path, table: Put, claims: Claims) -> None:
    text = "Performance report by Bright Ltd. for October 2026\nMetric,This month,Last month,Change\nSpend,100,90,11%\nClicks,10,9,1\n"
    frame = claims(table(tmp_path / "a.csv", text))
    assert figure(frame, "spend") == [100, 90]
    assert [f"{day:%m}" for day in pd.to_datetime(frame["period_start"])][:2] == ["10", "09"]


def test_platforms_across_with_their_total(tmp_path: Path, table: Put, claims: Claims) -> None:
    text = "2026/10/01~2026/10/31 成效報告\n項目,Google,Facebook,LINE,合計\n花費,1,2,3,6\n點擊,4,5,6,15\n"
    frame = claims(table(tmp_path / "a.csv", text))
    assert figure(frame, "spend", is_total=False) == [1, 2, 3]
    assert frame["platform"].tolist()[:4] == ["google_ads", "meta_ads", "line_ads", ""]
    assert figure(frame, "clicks", is_total=True) == [15]


def test_several_months_with_merged_cells_and_subtotals(tmp_path: Path, workbook: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = workbook(
        tmp_path / "a.xlsx",
        [["2026年 廣告成效總表"], ["月份", "平台", "花費(未稅)", "點擊數", "CPC"], ["9月", "Meta", 100, 10, 10], ["", "Google", 50, 5, 10], ["小計", "", 150, 15, 10],
         ["10月", "Meta", 200, 10, 20], ["", "Google", 50, 5, 10], ["小計", "", 260, 15, 17.3], ["總計", "", 400, 30, 13.3], ["平均", "", 100, 7.5, 13]],
    )  # fmt: skip
    frame = claims(path)
    assert figure(frame, "spend", is_total=False) == [100, 50, 200, 50]
    assert frame.loc[~frame["is_total"], "platform"].tolist()[::3] == ["meta_ads", "google_ads"] * 2
    totals = frame[frame["is_total"] & (frame["metric"] == "spend")]
    assert months(totals.iloc[:1]) == {"09-01..09-30"} and months(totals.iloc[2:]) == {"09-01..10-31"}
    assert set(frame.loc[frame["metric"] == "spend", "tax_included"]) == {False}
    told = said(whole(path))
    assert "the total in row 8 says 花費(未稅) = 260, but its rows add up to 250" in told
    assert "row 9" not in told and "row 5" not in told
    assert "rows of averages were left out: 10" in told


def test_a_sheet_a_month(tmp_path: Path, claims: Claims) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, spend in {"2026年9月": 100, "2026年10月": 200}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate([["成效月報"], ["平台", "花費", "曝光"], ["Meta", spend, 1000]]):
            sheet.write_row(number, 0, row)
    book.close()
    frame = claims(path)
    assert figure(frame, "spend") == [100, 200]
    assert months(frame) == {"09-01..09-30", "10-01..10-31"}


def test_two_tables_in_one_file_are_both_read(tmp_path: Path, table: Put, claims: Claims) -> None:
    text = "2026年10月成效報告\n項目,數值\n花費,300\n點擊,30\n\n各活動成效\n活動名稱,花費,點擊\n甲,100,10\n乙,200,20\n"
    frame = claims(table(tmp_path / "a.csv", text))
    assert figure(frame, "spend") == [300, 100, 200]
    assert frame["campaign_name"].tolist()[::2] == ["", "甲", "乙"]
    assert months(frame) == {"10-01..10-31"}


@pytest.mark.parametrize(
    ("written", "days"),
    [("2026-W41", "10-05..10-11"), ("2026年第41週", "10-05..10-11"), ("2026/10/5", "10-05..10-05"), ("Oct 2026", "10-01..10-31"), ("202610", "10-01..10-31"),
     ("115/10", "10-01..10-31"), ("2026-10-01 至 2026-10-15", "10-01..10-15"), ("2026年10月5日(一)", "10-05..10-05"), ("2026Q4", "10-01..12-31")],
)  # fmt: skip
def test_periods_as_they_are_written(tmp_path: Path, written: str, days: str, table: Put, claims: Claims) -> None:
    frame = claims(table(tmp_path / "a.csv", f"期間,廠商,指標,回報值\n{written},甲,花費,1\n"))
    assert months(frame) == {days}
    assert set(frame["grain"]) == {"day" if days[:5] == days[-5:] else "period"}


@pytest.mark.parametrize(
    ("written", "value"),
    [("12.5萬", 125000), ("1.2億", 120_000_000), ("NT$ 1,234元", 1234), ("１，２３４", 1234), ("3.4K", 3400), ("1.2M", 1_200_000), ("(500)", -500), ("0.1萬", 1000), ("約3千", 3000)],
)  # fmt: skip
def test_figures_as_they_are_written(tmp_path: Path, written: str, value: float, table: Put, claims: Claims) -> None:
    frame = claims(table(tmp_path / "a.csv", f'期間,廠商,指標,回報值\n2026-10,甲,花費,"{written}"\n'))
    assert (frame["value"].tolist(), frame["written"].tolist()) == ([value], [written])


def test_units_in_the_header_and_above_the_table(tmp_path: Path, table: Put, claims: Claims) -> None:
    text = "2026年10月成效報告\n單位：新臺幣千元\n平台,花費,曝光(萬),點擊,CTR(%)\nMeta,12,3.5,100,0.29\n"
    frame = claims(table(tmp_path / "a.csv", text))
    assert dict(zip(frame["metric"], frame["value"], strict=True)) == {"spend": 12000, "impressions": 35000, "clicks": 100, "ctr": 0.0029}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "metric"),
    [("花費,營收", "conversions_value"), ("訂單數,營收", "revenue"), ("花費,轉換價值,營收", "revenue"), ("花費,網站營收", "revenue")],
)  # fmt: skip
def test_whose_revenue_it_is_follows_from_what_stands_beside_it(tmp_path: Path, columns: str, metric: str, table: Put, claims: Claims) -> None:  # fmt: skip
    cells = ",".join(str(number) for number in range(1, columns.count(",") + 2))
    frame = claims(table(tmp_path / "a.csv", f"2026年10月月報\n月份,{columns}\n2026-10,{cells}\n"))
    assert frame["metric"].tolist()[-1] == metric


# --- templates, and what is no report ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-TW", "en"])
def test_the_templates_read_back(lang: str, whole: Look, said: Said, claims: Claims) -> None:
    path = templates() / f"vendor_report.{lang}.csv"
    report = whole(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert (report.source, report.rows_kept, report.rows_read) == ("vendor_report", len(rows), len(rows))
    assert "left out" not in said(report) and "add up" not in said(report)
    frame = claims(path)
    assert frame["written"].tolist() == list(list(zip(*[row.values() for row in rows], strict=True))[5])
    assert figure(frame, "ctr") == [0.025]
    assert figure(frame, "impressions") == [125000, 90000]
    assert figure(frame, "spend", is_total=True) == [20000]


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        ("月,行銷活動名稱,曝光次數,花費金額 (TWD),連結點擊次數,購買次數,購買轉換值\n2026-10,甲,100,10,5,1,20\n", "meta_ads"),
        ("Day,Campaign,Cost,Impr.,Clicks,Conversions,Conv. value\n2026-10-01,甲,10,100,5,1,20\n", "google_ads"),
        ("日期,廠商,摘要,發票號碼,金額(含稅),備註\n115/10/01,甲,代操,AB-12345678,300,\n", "bookkeeping"),
        ("廣告活動成效報表\n2026年10月1日 - 2026年10月31日\n日,廣告活動,費用,曝光,點擊,轉換,轉換價值\n2026-10-01,甲,10,100,5,1,20\n", "google_ads"),
        ("date_day,platform,campaign_name,spend,impressions,clicks\n2026-10-01,meta,甲,10,100,5\n", "canonical"),
    ],
    ids=["Meta", "Google", "books", "Google with its title", "canonical"],
)  # fmt: skip
def test_exports_stay_exports(tmp_path: Path, lines: str, source: str, table: Put) -> None:
    assert inspect(table(tmp_path / "a.csv", lines)).source == source


def test_an_export_that_lacks_a_column_is_no_report(tmp_path: Path, table: Put) -> None:
    error = inspect(
        table(tmp_path / "a.csv", "日,行銷活動名稱,曝光次數,連結點擊次數,歸因設定\n2026-10-01,甲,100,5,7\n")
    ).error
    assert error is None or "vendor_report" not in error.say("en")


def test_a_vendors_copy_of_an_exports_columns_is_a_report_by_its_title(tmp_path: Path, table: Put, whole: Look) -> None:
    lines = "陽光數位 2026年10月 成效報告\n活動名稱,花費,曝光,點擊\n甲,10,100,5\n"
    assert whole(table(tmp_path / "a.csv", lines)).source == "vendor_report"


def test_samples_and_fixtures_are_what_they_were(tmp_path: Path) -> None:
    """With the words of reports and without them, the same header is found, and no file is taken for a report."""
    others, _ = claims_of.parted(sources().values())
    known, looked = known_keys(others), 0
    for number, path in enumerate(files_in([FIXTURES, samples()])):
        if path.suffix not in {".csv", ".xlsx"} or "vendor" in path.name or {"廠商報告", "reports"} & {*path.parts}:
            continue
        rooms = [tmp_path / f"{number}{side}" for side in "ab"]
        for room in rooms:
            room.mkdir()
        before, now = open_raw(path, known, rooms[0]), open_raw(path, known | claims_of.known_keys(), rooms[1])
        assert (before.header, before.first_row) == (now.header, now.first_row), path.name
        assert claims_of.found(path, now, others, rooms[1]) is None, path.name
        looked += 1
    assert looked > 20


def test_reports_in_a_zip_stay_files_of_their_own(tmp_path: Path, whole: Look, said: Said) -> None:
    import zipfile

    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as folder:
        for month in ("09", "10"):
            folder.writestr(f"{month}.csv", f"期間,廠商,指標,回報值\n2026-{month},甲,花費,{month}\n")
    report = whole(path)
    assert (report.rows_kept, f"{report.period_start}") == (1, "2026-09-01")
    assert "10.csv" in said(report)


def test_targets_beside_what_was_reached_are_left_out(tmp_path: Path, table: Put, whole: Look, said: Said, claims: Claims) -> None:  # fmt: skip
    path = table(tmp_path / "a.csv", "陽光數位 結案報告\n走期：2026/10/01-2026/10/31\nKPI,目標,實際\n曝光,100萬,120萬\n名單,100,98\n")  # fmt: skip
    assert claims(path)["value"].tolist() == [1_200_000, 98]
    assert "left out: 目標" in said(whole(path))


def test_metrics_down_the_rows_of_a_single_platform_beside_its_total(
    tmp_path: Path, table: Put, claims: Claims
) -> None:
    frame = claims(table(tmp_path / "a.csv", "甲 2026年10月成效報告\n指標,Google Ads,合計\n花費,12000,12000\n曝光,100000,100000\n點擊,2000,2000\n"))  # fmt: skip
    told = frame.sort_values(["is_total", "metric"])[["platform", "metric", "value", "is_total"]].to_numpy().tolist()
    assert told == [
        [platform, metric, value, total]
        for platform, total in (("google_ads", False), ("", True))
        for metric, value in (("clicks", 2000), ("impressions", 100000), ("spend", 12000))
    ]
