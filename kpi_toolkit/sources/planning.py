"""How a recognised file is to be read: its columns, currency, period, and the order of day and month in its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import cells, header
from kpi_toolkit.sources.dates import date_order, stated_period
from kpi_toolkit.sources.layout import vendor_of
from kpi_toolkit.sources.rawtable import AGAIN, RawTable, listed_rows
from kpi_toolkit.sources.recognition import found_columns
from kpi_toolkit.sources.source import Source
from kpi_toolkit.sources.staging import MOST_UNREADABLE, Plan
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import NUMERIC

if TYPE_CHECKING:
    import duckdb

# What stands at money cells and names its currency, and how many rows are looked at for it.
_SIGNS, _LOOKED_AT = r"NT\$|US\$|HK\$|\b(?:TWD|NTD|USD|HKD|JPY|EUR|CNY)\b|新[臺台]幣", 1000
_WHOSE = re.compile(
    r"(?:合作夥伴|合作廠商|聯盟夥伴|推廣者|推廣夥伴|網紅|KOL|團購主|partner|publisher|affiliate|influencer)\s*[:：]\s*(\S.*)$",
    re.IGNORECASE,
)
_OF_A_TITLE = re.compile(
    r"(?:民國\s*)?[0-9]{2,4}\s*[年/.-]\s*[0-9]{1,2}(?:\s*[月/.-]\s*[0-9]{1,2}\s*日?|\s*月)?(?:份)?|[0-9]{1,2}\s*月份?|\b20[0-9]{2}\b|\b[0-9]{6,8}\b|"
    r"導購|分潤|佣金|抽成|拆帳|認列|訂單|明細表?|月報表?|週報表?|報表|報告|結算單?|對帳單?|清單|總表|彙整|更新版?|修正版?|最終版|上旬|中旬|下旬|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?(?=\s|$)|\b(?:commissions?|lists?|reports?|statements?|orders?|claimed|payouts?|affiliate|monthly|v[0-9]+|for|of|by)\b",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120
_TWD_WORDS = re.compile(r"新[臺台]幣|NT\$|\bNTD\b|\bTWD\b")


def planned(
    raw: RawTable, source: Source, connection: duckdb.DuckDBPyConnection, *, timezone: str, salt: str, order: str
) -> Plan:
    """The plan for `raw` as an export of `source`; `order` (mdy, dmy) decides dates that the file can't.

    Raises ReadError for a second table in the file, for many rows whose cells are shifted, for money in two currencies, for rows without a day or period, and
    for dates that could be either.
    """
    columns = found_columns(source, raw.keys)
    _refuse_second_table(raw, source, columns, connection)
    _refuse_shifted(raw, connection)
    constants = dict(source.constants)
    currency = _currency(raw, source, columns)
    if currency is None and "currency" in source.columns and not {"currency"} & {*constants, *source.computed}:
        currency = _signed(raw, source, columns, connection)
    if currency and "currency" not in columns:
        constants["currency"] = currency
    if "property" in source.columns and "property" not in columns:
        constants |= _property(raw)
    if source.table == "claimed_orders" and "vendor_name" not in columns:
        constants |= _vendor(raw)
    plan = Plan(
        raw=raw, source=source, columns=columns, timezone=timezone, salt=salt, constants=constants,
        period=stated_period(raw, connection),
    )  # fmt: skip
    _refuse_without_period(plan)
    return replace(plan, date_order=date_order(plan, connection, order or source.date_order))


def _refuse_second_table(
    raw: RawTable, source: Source, columns: Mapping[str, int], connection: duckdb.DuckDBPyConnection
) -> None:
    if not source.blocks:
        return
    begins = f"regexp_full_match(trim(c0), {literal(f'(?i){source.blocks}')}) OR {_heads_a_table(raw, source, columns)}"
    if connection.execute(f"SELECT 1 FROM {raw.relation} WHERE {begins} LIMIT 1").fetchone() is None:
        return
    (row,) = connection.execute(f"SELECT min(row) FROM {raw.by_row} WHERE {begins}").fetchone() or (0,)
    raise ReadError(
        Text(
            zh="檔案裡有好幾張表（總覽頁的匯出，第 {row} 列又開始一張），無法判斷要讀哪一張",
            en="the file holds several tables (an overview page's export, another begins at row {row}): it isn't clear which to read",
        ).fill(row=row),
        todo=Text(zh="請從單一報表或「探索」匯出", en="export a single report or an exploration"),
    )


def _refuse_shifted(raw: RawTable, connection: duckdb.DuckDBPyConnection) -> None:
    """A few shifted rows among many are left out later on, like others that can't be read."""
    if not raw.shifted:
        return
    (rows,) = connection.execute(f"SELECT count(*) FROM {raw.relation}").fetchone() or (0,)
    if len(raw.shifted) <= MOST_UNREADABLE * rows:
        return
    what = Text(
        zh="{count} 列的儲存格比表頭多，欄位已錯開（數字裡的逗號沒有加引號？）：第 {rows} 列",
        en="{count} {count:row has|rows have} more cells than the header, so {count:its|their} columns are shifted "
        "(unquoted commas in figures?): {count:row|rows} {rows}",
    )
    raise ReadError(what.fill(count=len(raw.shifted), rows=listed_rows(raw.shifted)), where=raw.path.name, todo=AGAIN)


def _heads_a_table(raw: RawTable, source: Source, columns: Mapping[str, int]) -> str:
    """Whether a row is a header again: not one figure in it, and words where figures should stand."""
    figures = [f"c{index}" for name, index in columns.items() if source.kind(name) in NUMERIC]
    if not figures:
        return "false"
    filled = " + ".join(f"(coalesce(trim({cell}), '') <> '')::INTEGER" for cell in raw.cells)
    words = " OR ".join(
        rf"(regexp_matches({cell}, '^[^0-9]*\pL[^0-9]*$') AND NOT {cells.is_empty(cell)})" for cell in figures
    )
    unlike = " AND ".join(f"NOT regexp_matches(coalesce({cell}, ''), '[0-9]')" for cell in figures)
    return f"({unlike} AND ({words}) AND {filled} >= 2)"


def _currency(raw: RawTable, source: Source, columns: Mapping[str, int]) -> str | None:
    """The one currency that headers and preamble name. Raises ReadError where money columns name two."""
    named = {}
    for name, index in columns.items():
        if source.kind(name) == "money" and (code := header.split_currency(raw.header[index])[1]):
            named[code] = raw.header[index].strip()
    spelt = [header.split_currency(cell) for cell in raw.header]
    wanted = {header.key(raw.header[index]) for name, index in columns.items() if source.kind(name) == "money"}
    codes = {code for cell, code in spelt if code and cell.lower() in wanted} | set(named)
    if len(codes) > 1:
        what = Text(zh="同一個檔案有兩種幣別的金額欄位：{codes}", en="money columns in two currencies: {codes}").fill(
            codes=", ".join(sorted(codes))
        )
        raise ReadError(what, todo=Text(zh="請分幣別匯出", en="export one currency at a time"))
    if codes:
        return codes.pop()
    return "TWD" if any(_TWD_WORDS.search(line) for line in raw.preamble) else None


def _signed(
    raw: RawTable, source: Source, columns: Mapping[str, int], connection: duckdb.DuckDBPyConnection
) -> str | None:
    """The one currency whose sign stands in the first cells of money (`NT$1,200`); a mere `$` or 元 names none."""
    money = [f"c{index}" for name, index in columns.items() if source.kind(name) == "money"]
    if "currency" in columns or not money:
        return None
    first = f"SELECT unnest([{', '.join(money)}]) AS cell FROM (SELECT * FROM {raw.relation} LIMIT {_LOOKED_AT})"
    sign = cells.currency(f"regexp_extract(cell, '(?i){_SIGNS}')")
    found = connection.execute(f"SELECT DISTINCT {sign} AS code FROM ({first}) WHERE code IS NOT NULL").fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def _property(raw: RawTable) -> dict[str, str]:
    found = [
        line.split(":", 1)[1].strip()
        for line in raw.preamble
        if re.match(r"#\s*(property|資源)\s*[:：]", line, re.IGNORECASE)
    ]
    return {"property": found[0]} if found else {}


def _vendor(raw: RawTable) -> dict[str, str]:
    """Whose list it is, by the lines above the header: the vendor that one of them names, or else what a title says beside
    the month and the word for such a list, so that the next month's title names the same."""
    named = (found[1].strip() for line in raw.preamble if (found := _WHOSE.search(line)))
    vendor = next(named, "") or _OF_A_TITLE.sub(" ", vendor_of(raw.preamble))
    vendor = " ".join(vendor.strip(" \t　-–—_:：,，、|｜()（）[]【】「」#").split())
    return {"vendor_name": vendor[:_LONGEST_TITLE]} if vendor else {}


def _refuse_without_period(plan: Plan) -> None:
    """A table by day needs a day or at least a known period on its rows."""
    if "grain" not in plan.source.columns or {
        "date_day",
        "_nth_day",
        "period_start",
        "_range",
        "_month",
        "_week",
    } & set(plan.columns):
        return
    if plan.period is None:
        stated = next((line for line in plan.raw.preamble[1:2]), "?")
        what = Text(
            zh="沒有每日欄位，也看不出涵蓋期間（檔案寫的是「{period}」）",
            en="no per-day column, and the period is not clear either (the file says {period!r})",
        )
        todo = Text(zh="請在匯出時加上「日」的區隔", en="add the segment 'Day' to the export")
        raise ReadError(what.fill(period=stated), todo=todo)
