"""Dates of a whole file: the period stated above its header, and whether 03/04/2026 is March or April."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import cells
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.staging import Plan

if TYPE_CHECKING:
    import duckdb

_DATE_WORDS = r"\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\b\d{8}\b|[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+\.? \d{4}"


def stated_period(raw: RawTable, connection: duckdb.DuckDBPyConnection) -> tuple[date, date] | None:
    """The period that the lines above the header state: two dates in one line, one date alone, or a start and
    an end line."""
    found: list[date] = []
    for line in raw.preamble:
        days = [day for words in re.findall(_DATE_WORDS, line) if (day := _as_day(words, connection)) is not None]
        if len(days) >= 2:
            return (days[0], days[1]) if days[0] <= days[1] else None
        if days and re.fullmatch(rf"\W*(?:{_DATE_WORDS})\W*", line):
            return days[0], days[0]
        if days and re.search(r"(?i)\b(start|end) date|開始日期|結束日期", line):
            found += days
    return (found[0], found[1]) if len(found) == 2 and found[0] <= found[1] else None


def _as_day(words: str, connection: duckdb.DuckDBPyConnection) -> date | None:
    row = connection.execute(f"SELECT {cells.day('cell')} FROM (SELECT ?::VARCHAR AS cell)", [words]).fetchone()
    return row[0] if row else None


def date_order(plan: Plan, connection: duckdb.DuckDBPyConnection, told: str) -> str:
    """Whether `03/04/2026` is March or April, by the column's own figures above 12. Raises ReadError where both occur
    or where nothing tells."""
    dated = [name for name in plan.columns if plan.kind(name) in {"date", "time"}]
    column, first, second = "", 0, 0
    for name in dated:
        cell = plan.cell(name)
        parts = rf"regexp_extract(trim({cell}), '^{cells.AMBIGUOUS}', ['a', 'b', 'y'])"
        sample = f"SELECT 1 FROM (SELECT * FROM {plan.raw.relation} LIMIT 2000) WHERE {parts}.y <> '' LIMIT 1"
        if connection.execute(sample).fetchone() is None:
            continue
        column = plan.raw.header[plan.columns[name]].strip()
        largest = connection.execute(
            f"SELECT max(TRY_CAST({parts}.a AS INTEGER)), max(TRY_CAST({parts}.b AS INTEGER)) FROM {plan.raw.relation}"
        ).fetchone() or (0, 0)
        # One export writes all its dates alike: the end of a month decides for its start.
        first, second = max(first, largest[0] or 0), max(second, largest[1] or 0)
    return _settled_order(column, first, second, told) if column else told


def _settled_order(column: str, first: int, second: int, told: str) -> str:
    if first > 12 and second > 12:
        what = Text(
            zh="欄位「{column}」混用「月/日/年」和「日/月/年」",
            en="the column {column} mixes month/day/year with day/month/year",
        )
        raise ReadError(
            what.fill(column=column), todo=Text(zh="請用 YYYY-MM-DD 格式重新匯出", en="export dates as YYYY-MM-DD")
        )
    if first > 12 or second > 12:
        return "dmy" if first > 12 else "mdy"
    if told:
        return told
    what = Text(
        zh="欄位「{column}」的日期分不出月和日（如 03/04/2026）",
        en="the dates of {column} could be month/day or day/month (03/04/2026)",
    )
    todo = Text(
        zh="請用 YYYY-MM-DD 匯出，或在對照檔註明 date_order: mdy 或 dmy",
        en="export dates as YYYY-MM-DD, or say date_order: mdy or dmy in a mapping file",
    )
    raise ReadError(what.fill(column=column), todo=todo)
