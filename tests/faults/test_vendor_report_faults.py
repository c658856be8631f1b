"""What is wrong with a vendor's report is told with its place and the way out; nothing of a person is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect


def read(tmp_path: Path, text: str) -> LoadReport:
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    return inspect(path)


def error(tmp_path: Path, text: str, lang: str = "en") -> str:
    found = read(tmp_path, text).error
    assert found is not None
    assert "\n" not in found.say("en")
    return found.say("zh-TW") if lang == "zh-TW" else found.say("en")


def test_unknown_words_are_left_out_with_the_nearest_names(tmp_path: Path) -> None:
    report = read(tmp_path, "期間,廠商,指標,回報值\n2026-10,甲,花費,1\n2026-10,甲,曝光數量,5\n2026-10,甲,神奇指數,7\n")
    assert report.rows_kept == 1
    (told,) = (text.say("zh-TW") for text in report.warnings if "不認得" in text.say("zh-TW"))
    assert "「曝光數量」（是不是 曝光量" in told
    assert "「神奇指數」" in told


def test_no_known_word_is_an_error_that_names_the_nearest_and_no_person(tmp_path: Path) -> None:
    text = "期間,廠商,指標,回報值\n2026-10,甲,花廢,1\n2026-10,甲,0912-345-678 王小明,1\n2026-10,甲,may@example.com,1\n"
    told = error(tmp_path, text, "zh-TW")
    assert "「花廢」（是不是 花費？）" in told and "templates/vendor_report" in told
    assert all(part not in told for part in ("0912", "王小明", "may@"))


def test_a_table_of_unknown_words_under_a_reports_title_is_told_as_such(tmp_path: Path) -> None:
    told = error(tmp_path, "2026年10月 成效報告\n平台,心占率,聲量\nMeta,5,6\n")
    assert "not one metric name is known" in told and "聲量" in told


@pytest.mark.parametrize(
    "text",
    ["廠商,花費,曝光,點擊\n甲,100,200,3\n", "陽光數位 成效報告\n製表日期：2026/11/05\n平台,花費,曝光\nMeta,1,2\n", "成效月報\n項目,數值\n花費,300\n點擊,30\n"],
    ids=["no title", "a date of making only", "long"],
)  # fmt: skip
def test_no_period_anywhere_says_where_to_write_it(tmp_path: Path, text: str) -> None:
    told = error(tmp_path, text)
    assert "the report's period stands nowhere" in told and "add a column Period (2026-10" in told


def test_months_without_a_year_are_told(tmp_path: Path) -> None:
    told = error(tmp_path, "成效月報\n項目,9月,10月\n花費,1,2\n點擊,3,4\n")
    assert "periods without a year: 9月, 10月" in told


def test_unreadable_periods_are_all_told_with_their_rows(tmp_path: Path) -> None:
    told = error(tmp_path, "期間,廠商,指標,回報值\n2026-10,甲,花費,1\n雙11,甲,花費,2\n檔期二,甲,花費,3\n")
    assert "row 3: '雙11'" in told and "row 4: '檔期二'" in told


def test_cells_that_are_no_figures_are_told_cut_short(tmp_path: Path) -> None:
    long = "詳見附件" * 20
    report = read(tmp_path, f"2026年10月月報\n平台,花費,點擊,曝光\nMeta,100,{long},may@example.com\nGoogle,—,5,N/A\n")
    assert report.rows_kept == 2
    told = [text.say("en") for text in report.warnings]
    (first, second) = (line for line in told if "not a figure" in line)
    assert first.startswith("left out a cell: row 3, column 點擊: not a figure: '詳見附件") and len(first) < 90
    assert "row 3, column 曝光" in second and "may@" not in second


def test_mostly_words_are_refused_with_every_place(tmp_path: Path) -> None:
    told = error(tmp_path, "2026年10月月報\n平台,花費,點擊\nMeta,很好,不錯\nGoogle,5,=1+1\n")
    assert "most cells are no figures" in told
    assert "row 3, column 花費" in told and "row 4, column 點擊" in told


def test_unquoted_commas_are_told(tmp_path: Path) -> None:
    told = error(tmp_path, "2026年10月月報\n平台,花費,點擊\nMeta,12,000,50\n")
    assert "columns are shifted" in told and "row 3" in told


def test_two_figures_for_one_thing_are_told(tmp_path: Path) -> None:
    report = read(tmp_path, "2026年10月月報\n活動名稱,受眾,花費,點擊\n甲,男,1,2\n甲,女,3,4\n")
    assert any("more than one figure (3, 4)" in text.say("en") for text in report.warnings)


def test_formulas_and_tags_stay_text(tmp_path: Path) -> None:
    report = read(tmp_path, '期間,廠商,廣告活動,指標,回報值\n2026-10,"<b>甲</b>","=HYPERLINK(""x"")",花費,1\n')
    assert (report.error, report.rows_kept) == (None, 1)


@pytest.mark.parametrize(
    ("top", "taken"),
    [("月份,營收,訂單數", False), ("月份,花費,訂單數", True), ("北辰數位 10月成效報告\n月份,營收,訂單數", True)],
)
def test_a_shops_own_figures_are_no_vendors_report_unless_they_say_so(tmp_path: Path, top: str, taken: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{top}\n2026-09,500000,320\n2026-10,520000,350\n", encoding="utf-8")
    report = inspect(path)
    assert (report.source == "vendor_report", report.error is None) == (taken, taken)
