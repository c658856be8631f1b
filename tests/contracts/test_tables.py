"""The tables' contracts: declared once, the same in pandera and in SQL, told in both languages."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pandera.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.contract import faults, schema, validated, violation
from kpi_toolkit.tables.dataset import derived, from_frames
from kpi_toolkit.tables.files import sql_path
from kpi_toolkit.tables.table import DUCKDB_TYPE, Column, Table

COLUMNS = [(table.id, column) for table in TABLES.values() for column in table.columns]
# One column of each set of rules.
RULED = {(column.kind, violation(column, "x")): (name, column) for name, column in COLUMNS if violation(column, "x")}
CHINESE = re.compile("[\u4e00-\u9fff]")
# Words of another Chinese than Taiwan's.
FOREIGN = re.compile("信息|质量|質量|视频|視頻|网络|網絡|默认|默認|用户|用戶|数据|轉化|转化")


def test_the_tables_are_these() -> None:
    assert {*TABLES} == {
        "ads_daily",
        "claimed_orders",
        "content",
        "invoices_fees",
        "leads",
        "order_lines",
        "orders",
        "sessions",
        "vendor_claims",
    }


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda one: getattr(one, "name", one))
def test_every_column_is_told_in_both_languages(name: str, column: Column) -> None:
    zh, en = column.meaning.say("zh-TW"), column.meaning.say("en")
    assert CHINESE.search(zh)
    assert not FOREIGN.search(zh)
    assert not CHINESE.search(en)
    assert en[0].isupper() or en.split()[0] in column.allowed or en.startswith(tuple(column.allowed) or ("\0",))
    assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
    assert column.kind in DUCKDB_TYPE


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.id)
def test_every_table_names_its_rows_and_its_origin(table: Table) -> None:
    assert CHINESE.search(table.title.say("zh-TW"))
    assert not CHINESE.search(table.title.say("en"))
    assert table.names[:3] == ["source", "source_row", "currency"]
    assert table["source"].required
    assert table.key[0] == "source"
    assert {*table.key} | {*table.dimensions} <= {*table.names}
    assert not table.day or table[table.day].kind in {"date", "time"}
    assert all(not column.numeric for column in table.columns if column.name in table.dimensions)
    meanings = [column.meaning.say(lang) for lang in ("zh-TW", "en") for column in table.columns]
    assert len(meanings) == len({*meanings}), "no two columns are explained in the same words"


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda one: getattr(one, "name", one))
def test_a_columns_rules_fit_its_kind(name: str, column: Column) -> None:
    assert column.numeric or (column.minimum is None and column.maximum is None and column.additive)
    assert column.kind == "id" or not column.allowed
    if column.kind == "ratio":
        assert not column.additive


def test_what_does_not_add_up_is_declared_so() -> None:
    told = {column.name for _, column in COLUMNS if not column.additive}
    assert told == {"reach", "users", "value"}
    for name, column in COLUMNS:
        if not column.additive:
            assert "不可相加" in column.meaning.say("zh-TW"), name
            assert re.search("do(es)? not add up", column.meaning.say("en")), name


def test_columns_of_one_name_are_stored_alike_everywhere() -> None:
    kinds: dict[str, set[str]] = {}
    for _, column in COLUMNS:
        kinds.setdefault(column.name, set()).add(DUCKDB_TYPE[column.kind])
    assert {name: kind for name, kind in kinds.items() if len(kind) > 1} == {}


def test_the_canonical_names_are_the_fields_own() -> None:
    """Terms of dbt_ad_reporting: who knows those reads these."""
    wanted = {"date_day", "account_id", "account_name", "campaign_id", "campaign_name", "ad_group_id", "ad_group_name", "ad_id", "ad_name", "clicks", "impressions", "spend", "conversions", "conversions_value"}  # fmt: skip
    assert wanted <= {*TABLES["ads_daily"].names}


def test_a_table_that_contradicts_itself_is_refused() -> None:
    words = Text(zh="甲", en="A")
    column = Column(name="a", kind="text", meaning=words)
    with pytest.raises(ValueError, match="declared twice"):
        Table(id="x", title=words, key=("a",), columns=(column, column))
    with pytest.raises(ValueError, match="not declared"):
        Table(id="x", title=words, key=("b",), columns=(column,))
    with pytest.raises(KeyError, match="orders has no column 'nothing'"):
        TABLES["orders"]["nothing"]


# --- pandera and SQL say the same --------------------------------------------------------------------------------------


def values(column: Column) -> st.SearchStrategy[Any]:
    """Cells of the column: good ones, ones at the edge of what is allowed, bad ones, none."""
    if column.numeric:
        edges = [edge + step for edge in (column.minimum, column.maximum) if edge is not None for step in (-1, -1e-9, 0, 1e-9, 1)]  # fmt: skip
        numbers = st.one_of(st.sampled_from(edges or [0.0]), st.floats(-1e12, 1e12, allow_nan=False))
        return st.one_of(st.none(), numbers)
    if column.allowed:
        near = [*column.allowed, "", " ", column.allowed[0].upper(), f"{column.allowed[0]} ", "'", "未知"]
        return st.one_of(st.none(), st.sampled_from(near), st.text("ab'", max_size=3))
    if column.kind in {"date", "time"}:
        return st.one_of(st.none(), st.datetimes(pd.Timestamp("1970-01-01"), pd.Timestamp("2100-01-01")))
    return st.one_of(st.none(), st.booleans() if column.kind == "flag" else st.text(max_size=5))


def broken_by_sql(column: Column, cells: list[Any]) -> list[bool]:
    listed = ", ".join(f"({number}, ${number + 1}::{DUCKDB_TYPE[column.kind]})" for number in range(len(cells)))
    rule = violation(column, '"cell"') or "false"
    found = duckdb.execute(
        f"SELECT coalesce({rule}, false) FROM (VALUES {listed}) AS cells(row, cell) ORDER BY row", cells
    ).fetchall()
    return [bool(broken) for (broken,) in found]


def broken_by_pandera(name: str, column: Column, cells: list[Any]) -> list[bool]:
    """Rows with any fault in that column, in a table that has no others."""
    one = Table(id=name, title=TABLES[name].title, key=(column.name,), columns=(column,))
    kind = "float64" if column.numeric else "object"
    frame = pd.DataFrame({column.name: pd.Series(cells, dtype=kind)})
    told = faults(frame, one)
    return [at in {*told["index"]} for at in range(len(cells))]


@pytest.mark.parametrize(("name", "column"), RULED.values(), ids=lambda one: getattr(one, "name", one))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_pandera_and_sql_refuse_the_same_cells(name: str, column: Column, data: st.DataObject) -> None:
    cells = data.draw(st.lists(values(column), min_size=1, max_size=12))
    assert broken_by_pandera(name, column, cells) == broken_by_sql(column, cells)


# The same rules by hand: what a test of two ways that agree can't see is that both are wrong.
def test_the_rules_by_hand() -> None:
    spend, status = TABLES["ads_daily"]["spend"], TABLES["orders"]["status"]
    day, total = TABLES["ads_daily"]["period_start"], TABLES["orders"]["total"]
    assert broken_by_sql(spend, [None, -0.01, 0.0, 5.0]) == [False, True, False, False]
    assert broken_by_sql(status, [None, "valid", "Valid", "", "refunded"]) == [True, False, True, True, False]
    assert broken_by_sql(total, [None, -5.0, 0.0]) == [True, False, False]
    assert broken_by_sql(day, [None, pd.Timestamp("2026-10-01")]) == [True, False]
    assert violation(TABLES["ads_daily"]["campaign_name"], "x") is None
    ratio = Column(
        name="share", kind="ratio", minimum=0, maximum=1, additive=False, meaning=Text(zh="比例", en="Share")
    )
    assert broken_by_sql(ratio, [-0.1, 0.0, 1.0, 1.1, None]) == [True, False, False, True, False]
    assert broken_by_pandera("orders", ratio, [-0.1, 0.0, 1.0, 1.1, None]) == [True, False, False, True, False]


# --- validated frames ----------------------------------------------------------------------------------------------------


def orders(**changes: Any) -> pd.DataFrame:
    good = {"source": "shop", "order_id": ["1", "2"], "ordered_at": pd.to_datetime(["2026-10-01 12:00", "2026-10-02 00:00"]), "status": "valid", "total": [100, 50.5]}  # fmt: skip
    return pd.DataFrame(good | changes)


def test_a_frame_gets_all_columns_in_order_with_their_types() -> None:
    given_frame = orders()
    before = given_frame.copy()
    whole = validated(given_frame, TABLES["orders"])
    assert list(whole.columns) == TABLES["orders"].names
    assert (whole["total"].dtype, whole["refunded"].dtype) == ("float64", "float64")
    assert whole["refunded"].isna().all()
    assert str(whole["ordered_at"].dtype).startswith("datetime64")
    pd.testing.assert_frame_equal(given_frame, before)


def test_every_fault_is_told_at_once() -> None:
    bad = orders(status=["valid", "lost"], total=[None, 1.0])
    told = faults(bad, TABLES["orders"])
    assert {(row.column, row.index) for row in told.itertuples(index=False)} == {("total", 0), ("status", 1)}
    with pytest.raises(pandera.errors.SchemaErrors):
        validated(bad, TABLES["orders"])
    assert faults(orders(), TABLES["orders"]).empty


def test_unknown_and_missing_columns_are_refused() -> None:
    assert "totl" in str(faults(orders(totl=1), TABLES["orders"]).to_dict())
    with pytest.raises(pandera.errors.SchemaErrors, match="total"):
        validated(orders().drop(columns="total"), TABLES["orders"])


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.id)
def test_the_schema_has_the_tables_columns(table: Table) -> None:
    made = schema(table)
    assert list(made.columns) == table.names
    assert {name for name, column in made.columns.items() if not column.nullable} == {column.name for column in table.columns if column.required}  # fmt: skip


def test_a_dataset_of_frames_has_derived_columns_and_days() -> None:
    ads = pd.DataFrame({"date_day": pd.to_datetime(["2026-10-01"]), "spend": [5.0], "source": "google_ads"})
    dataset = from_frames({"ads_daily": ads, "orders": orders()})
    row = dataset.frame("ads_daily").iloc[0]
    assert (row["grain"], row["period_start"], row["period_end"]) == ("day", pd.Timestamp("2026-10-01"), pd.Timestamp("2026-10-01"))  # fmt: skip
    assert (row["channel"], row["vendor"], row["counts"]) == ("google_ads", "", "")
    for name in ("ads_daily", "orders"):
        assert {*derived(name)} <= {*dataset.frame(name).columns}
    assert dataset.has("orders")
    assert not dataset.has("sessions")
    assert dataset.frame("orders", "total > 60")["order_id"].tolist() == ["1"]
    assert math.isclose(dataset.frame("orders")["total"].sum(), 100 + 50.5)
    with pytest.raises(pandera.errors.SchemaErrors):
        from_frames({"orders": orders(status="lost")})


# --- paths in SQL ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r[1].csv", "r[[1]].csv", "a*.csv", "a?.csv", "it's.csv", "[a-z].csv", "{a,b}.csv", "a]b[.csv", "x\ny.csv", "中文　[１].csv"])  # fmt: skip
def test_a_path_in_sql_is_that_one_file(tmp_path: Path, name: str) -> None:
    for other in ("r1.csv", "ab.csv", "abc.csv", "q.csv"):
        (tmp_path / other).write_text("x\nother\n", encoding="utf-8")
    path = tmp_path / name
    path.write_text("x\nmine\n", encoding="utf-8")
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT x, filename FROM read_csv({sql_path(path)}, header=true, filename=true)").fetchall()  # fmt: skip
    assert found == [("mine", str(path))]
