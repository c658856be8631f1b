"""The whole registry: words in both languages, the KPI tree, and what measure() and compare() promise."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from kpi_toolkit.errors import UsageError
from kpi_toolkit.i18n import LANGS, Text
from kpi_toolkit.metrics import GROUPINGS, METRICS, TIME_GRAINS, Metric, compare, measure
from kpi_toolkit.metrics.metric import Quantity
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset, derived, from_frames

OCTOBER = parse_period("2026-10")
MAINLAND = (
    "信息 用戶 質量 默認 轉化 視頻 網絡 軟件 程序 屏幕 數據庫 鏈接 登錄 優化 渠道 營銷 回報率 激活 客戶端 界面 菜單 支持 運營 "
    "短信 博客 服務器 内存 文檔 打印 搜索 人工智能 智能手機 項目"
).split()

COLUMNS = [(f"{table.id}.{column.name}", column.meaning) for table in TABLES.values() for column in table.columns]
# What reads as if it had been translated: a platform reports its results, the sentence says how much of it is true.
TRANSLATED = ("宣稱", "有有效", "的自己", "為減項")


def texts(metric: Metric) -> Iterator[tuple[str, Text]]:
    for field in dataclasses.fields(metric):
        if isinstance(value := getattr(metric, field.name), Text):
            yield f"{metric.id}.{field.name}", value


ALL_TEXTS = [
    *(found for metric in METRICS.values() for found in texts(metric)),
    *((f"grouping {name}", grouping.label) for name, grouping in GROUPINGS.items()),
    *((f"grain {name}", label) for name, label in TIME_GRAINS.items()),
]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("field", ["name", "short"])
def test_labels_are_unique(lang: str, field: str) -> None:
    said = Counter(getattr(metric, field).say(lang) for metric in METRICS.values())
    assert [label for label, times in said.items() if times > 1] == []


def test_no_two_english_texts_share_one_chinese_text() -> None:
    english = defaultdict(set)
    for _, text in ALL_TEXTS:
        english[text.zh].add(text.en)
    assert {zh: en for zh, en in english.items() if len(en) > 1} == {}


def test_chinese_is_taiwans() -> None:
    faults = [
        (where, word) for where, text in (*ALL_TEXTS, *COLUMNS) for word in (*MAINLAND, *TRANSLATED) if word in text.zh
    ]
    faults += [(where, sign) for where, text in ALL_TEXTS for sign in text.zh if _simplified(sign)]
    assert faults == []


def _simplified(sign: str) -> bool:
    """Whether Big5, the encoding of Taiwan's characters, lacks the sign, or has it only as a rare old one."""
    if sign in "万与个价体党几凭号机据担触礼胜虫听帘确种称异弃当":
        return True
    if not "\u4e00" <= sign <= "\u9fff":
        return False
    try:
        sign.encode("big5")
    except UnicodeEncodeError:
        return True
    return False


@pytest.mark.parametrize("sign", "轉觸及曝質影")
def test_traditional_characters_pass(sign: str) -> None:
    assert not _simplified(sign)


@pytest.mark.parametrize("sign", "转触质数频单")
def test_simplified_characters_fail(sign: str) -> None:
    assert _simplified(sign)


def test_english_is_english_and_chinese_is_chinese() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [where for where, text in ALL_TEXTS if chinese.search(text.en) or not chinese.search(text.zh)] == []


def test_no_text_waits_for_values() -> None:
    assert [where for where, text in ALL_TEXTS for lang in LANGS if re.search(r"[{}]", text.say(lang))] == []


def test_the_kpi_tree_ends_in_outcomes() -> None:
    outcomes = {metric.id for metric in METRICS.values() if metric.level == "outcome"}
    assert [(m.id, fed) for m in METRICS.values() for fed in m.feeds if fed not in outcomes or fed == m.id] == []
    assert [m.id for m in METRICS.values() if m.level == "diagnostic" and not m.feeds] == []


def test_direction_has_no_default() -> None:
    assert Metric.__dataclass_fields__["direction"].default is dataclasses.MISSING
    whole = {field.name: getattr(METRICS["ctr"], field.name) for field in dataclasses.fields(Metric)}
    with pytest.raises(TypeError, match="direction"):
        Metric(**{name: value for name, value in whole.items() if name != "direction"})
    with pytest.raises(TypeError, match="colour"):
        Metric(**whole, colour="red")


def test_declarations_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        METRICS["ctr"].direction = "down"  # type: ignore[misc]


def test_money_is_no_currency_by_itself() -> None:
    """The client's currency is known to its agreement alone."""
    assert {metric.unit for metric in METRICS.values()} == {"money", "count", "ratio", "times", "hours", "seconds"}


def test_a_quantity_of_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        Quantity(id="x", table="order", of="total")


def test_quantities_of_one_id_are_one() -> None:
    said: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for metric in METRICS.values():
        for part in metric.parts:
            said[part.id].add((part.table, part.of, part.where))
    assert [name for name, found in said.items() if len(found) > 1] == []


def test_groupings_are_columns_of_their_tables() -> None:
    for grouping in GROUPINGS.values():
        for table, column in grouping.columns.items():
            assert column in (*TABLES[table].names, *derived(table)), (grouping.id, table)


# What measure() and compare() promise.


def frames() -> dict[str, pd.DataFrame]:
    days = pd.date_range("2026-08-20", "2026-10-31")
    ads = pd.DataFrame({
        "date_day": days, "source": ["google_ads", "meta_ads"] * 36 + ["google_ads"], "spend": range(73),
        "campaign_name": ["a", "b", None] * 24 + ["a"],
        "impressions": range(0, 7300, 100), "clicks": range(0, 730, 10), "conversions": [1.5] * 73,
    })  # fmt: skip
    orders = pd.DataFrame({
        "order_id": [str(n) for n in range(73)], "ordered_at": days, "total": [float(n * 7 % 50) for n in range(73)],
        "status": ["valid", "pending", "cancelled"] * 24 + ["valid"], "customer_key": [str(n % 9) for n in range(73)],
    })  # fmt: skip
    return {"ads_daily": ads, "orders": orders}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return from_frames(frames(), assumptions={"gross_margin": 0.5})


def test_the_long_table_has_its_columns(dataset: Dataset) -> None:
    found = measure(dataset, [OCTOBER], by=["campaign", "week"])
    assert list(found.columns) == [
        "metric", "period_start", "period_end", "campaign", "numerator", "denominator", "value", "n", "status",
        "reason", "currency", "caveat",
    ]  # fmt: skip
    assert set(found["status"]) <= {"ok", "no data", "too few"}
    assert ((found["reason"] == "") == (found["status"] != "no data")).all()
    assert (found["value"].isna() == (found["status"] == "no data")).all()
    assert not found.duplicated(["metric", "period_start", "period_end", "campaign"]).any()


def test_a_value_follows_from_its_own_parts(dataset: Dataset) -> None:
    for row in measure(dataset, [OCTOBER], by=["source"]).to_dict("records"):
        metric = METRICS[row["metric"]]
        if row["status"] != "no data":
            parts = row["numerator"] / row["denominator"] if metric.denominator is not None else row["numerator"]
            assert math.isclose(row["value"], metric.scale * parts), row


def test_ungrouped_every_metric_has_a_row_for_every_bucket(dataset: Dataset) -> None:
    found = measure(dataset, OCTOBER.back(3), by=["day"])
    assert set(found.groupby("metric").size()) == {92}
    assert list(found["metric"].drop_duplicates()) == list(METRICS)


def test_weeks_are_cut_at_the_periods_border(dataset: Dataset) -> None:
    found = measure(dataset, [OCTOBER], by=["week"], metrics=["spend"])
    limits = [(f"{a:%m-%d}", f"{b:%m-%d}") for a, b in zip(found["period_start"], found["period_end"], strict=True)]
    assert limits == [
        ("10-01", "10-04"), ("10-05", "10-11"), ("10-12", "10-18"), ("10-19", "10-25"), ("10-26", "10-31"),
    ]  # fmt: skip
    assert found["value"].sum() == measure(dataset, [OCTOBER], metrics=["spend"])["value"].sum() == sum(range(42, 73))


def test_overlapping_periods_each_have_all_their_days(dataset: Dataset) -> None:
    found = measure(dataset, [OCTOBER, parse_period("2026-10-31")], metrics=["spend"])
    assert list(found["value"]) == [sum(range(42, 73)), 72]


def test_an_empty_client_is_answered() -> None:
    with duckdb.connect() as connection:
        found = measure(Dataset(connection, {}), [OCTOBER])
        grouped = measure(Dataset(connection, {}), [OCTOBER], by=["campaign"])
    for rows in (found, grouped):
        assert list(rows["metric"]) == list(METRICS)
        assert set(rows["status"]) == {"no data"}
        assert all(reason.startswith("no table: ") for reason in rows["reason"])


def test_no_periods_and_no_metrics_make_an_empty_table(dataset: Dataset) -> None:
    assert measure(dataset, []).empty
    assert list(measure(dataset, [OCTOBER], metrics=[]).columns)[:3] == ["metric", "period_start", "period_end"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [({"by": ["chanel"]}, "channel"), ({"metrics": ["ctrr"]}, "ctr"), ({"by": ["day", "week"]}, "day, week, month")],
)
def test_an_unknown_name_is_refused_with_the_nearest(dataset: Dataset, asked: dict[str, list[str]], named: str) -> None:
    for ask in (lambda: measure(dataset, [OCTOBER], **asked), lambda: compare(dataset, OCTOBER, **asked)):  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=named):
            ask()


def test_the_callers_frames_stay_as_they_are() -> None:
    given = frames()
    before = {name: frame.copy(deep=True) for name, frame in given.items()}
    dataset = from_frames(given)
    tables = {name: dataset.frame(name) for name in given}
    measure(dataset, [OCTOBER], by=["campaign", "day"])
    compare(dataset, OCTOBER)
    for name, frame in given.items():
        pd.testing.assert_frame_equal(frame, before[name])
        pd.testing.assert_frame_equal(dataset.frame(name), tables[name])


def test_the_order_of_rows_does_not_matter(dataset: Dataset) -> None:
    shuffled = from_frames(
        {name: frame.sample(frac=1, random_state=7) for name, frame in frames().items()},
        assumptions={"gross_margin": 0.5},
    )
    for by in ((), ("campaign",), ("source", "week")):
        pd.testing.assert_frame_equal(measure(dataset, [OCTOBER], by=by), measure(shuffled, [OCTOBER], by=by))


def test_hostile_names_arrive_as_they_are() -> None:
    hostile = ["x'; DROP TABLE ads_daily; --", '<script>"', "=HYPERLINK(1)", "a|b", "{x}"]
    ads = pd.DataFrame({
        "date_day": ["2026-10-01"] * 5, "campaign_name": hostile, "spend": [1.0] * 5, "source": hostile,
        "shape": ["campaign_name", "campaign_name+device"] * 2 + [""], "grain": "period",
        "period_start": "2026-10-01", "period_end": "2026-10-31",
    }).drop(columns="date_day").assign(date_day=pd.NaT)  # fmt: skip
    found = measure(from_frames({"ads_daily": ads}), [OCTOBER], by=["campaign", "source"], metrics=["spend"])
    assert sorted(found["campaign"]) == sorted(found["source"]) == sorted(hostile)


def test_the_table_turns_into_json(dataset: Dataset) -> None:
    rows = json.loads(measure(dataset, [OCTOBER], by=["campaign"]).to_json(orient="records", date_format="iso"))
    assert {row["metric"] for row in rows} == set(METRICS)


def test_the_rooms_files_are_short(root: Path) -> None:
    lengths = {file.name: len(file.read_text("utf-8").splitlines()) for file in root.glob("kpi_toolkit/metrics/*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
