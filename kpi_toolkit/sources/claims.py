"""A vendor's report as a long raw table: its figures settled, its totals held against its rows, its gaps told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.sources import claim_words as words
from kpi_toolkit.sources import encoding as enc
from kpi_toolkit.sources import layout, settling
from kpi_toolkit.sources.layout import Claim, Gathered
from kpi_toolkit.sources.rawtable import AGAIN, RawTable, listed_rows, open_csv
from kpi_toolkit.sources.recognition import found_columns, is_sales_book, likeness, spellings
from kpi_toolkit.sources.settling import Settled, plain
from kpi_toolkit.sources.source import Source
from kpi_toolkit.sources.spans import dates_among
from kpi_toolkit.sources.vendor_report import OWN, SOURCE
from kpi_toolkit.tables.files import sql_path

if TYPE_CHECKING:
    import duckdb

_SHOWN = 12
# A table that doesn't say what it is has to be understood this far.
_UNDERSTOOD = 0.7
# A report's first table begins among these rows.
_OPENING = 60
_TWD = re.compile(r"新?[臺台]幣|NT\$|\bNTD\b|\bTWD\b")
_COLUMNS = tuple(SOURCE.headers)


def parted(candidates: Iterable[Source]) -> tuple[list[Source], Source | None]:
    """The sources of files as they stand, and that of reports laid out anew, if it is among the candidates."""
    everyone = list(candidates)
    return [one for one in everyone if one is not SOURCE], SOURCE if SOURCE in everyone else None


def known_keys() -> frozenset[str]:
    """Header keys that reports use."""
    return words.known_keys()


def found(path: Path, raw: RawTable, others: Collection[Source], scratch: Path, *, order: str = "") -> RawTable | None:
    """The file as a long raw table, where it is a vendor's report: it says so, or no other source knows it.

    Raises ReadError as `laid_out` does.
    """
    if likeness(SOURCE, raw).missing == () or _lists_orders(raw, others):
        return None
    known = any(not likeness(source, raw).missing for source in others)
    marked = is_marked(raw, others) or (not known and _is_long(raw))
    if not marked and (known or is_foreign(raw, others) or is_sales_book(raw)):
        return None
    return laid_out(path, raw, scratch, order=order, marked=marked)


def _lists_orders(raw: RawTable, others: Collection[Source]) -> bool:
    """Whether each row is an order that a vendor claims: that is no report of metrics, whatever its title says."""
    return any(source.table == "claimed_orders" and not likeness(source, raw).missing for source in others)


def _is_long(raw: RawTable) -> bool:
    """Whether the header is that of the template: metric, value, and a period or a vendor."""
    roles = {words.role(cell) for cell in raw.header if cell.strip()}
    return {"_metric", "_value"} <= roles and bool(roles & {"_period", "period_start", "vendor_name"})


def is_marked(raw: RawTable, others: Collection[Source]) -> bool:
    """Whether the file says itself that it is a vendor's report: by a vendor's column beside metrics, or by its title.

    A platform's own title above its own columns outweighs that.
    """
    named = {name.metric for cell in raw.header if cell.strip() and (name := words.named(cell)) is not None}
    if "vendor_name" in {words.role(cell) for cell in raw.header if cell.strip()} and len(named) >= 2:
        return any(metric is not None and metric.unit != "money" for metric in named)
    titled = any(words.TITLE.search(line) for line in raw.preamble)
    return titled and not _is_anothers(raw, others)


def _is_anothers(raw: RawTable, others: Collection[Source]) -> bool:
    """Whether a platform's own title stands above columns that are its own."""
    fits = (likeness(source, raw) for source in others if source.preamble)
    return any(
        not fit.missing and any(re.search(fit.source.preamble, line, re.IGNORECASE) for line in raw.preamble)
        for fit in fits
    )


def is_foreign(raw: RawTable, others: Collection[Source]) -> bool:
    """Whether a header that no source knows as a whole bears the sign of another system: an export that lacks a column."""
    keys, ours = {key for key in raw.keys if key}, words.known_keys()
    for source in others:
        if keys & {*spellings(source.signature)} - ours:
            return True
        has_title = source.preamble and any(re.search(source.preamble, line, re.IGNORECASE) for line in raw.preamble)
        if has_title and len(found_columns(source, raw.keys)) >= 2 and source.table != "invoices_fees":
            return True
    return False


def laid_out(path: Path, raw: RawTable, scratch: Path, *, order: str = "", marked: bool = False) -> RawTable | None:
    """The report's figures as a raw table with the columns of the source `vendor_report`; None where it is no report.

    `order` (mdy, dmy) decides dates that the file can't. Raises ReadError for a `marked` report without a word that a metric knows, and
    for any report without a period, with shifted cells, or of which most figures can't be read.
    """
    import duckdb

    if not raw.relation.startswith("read_parquet") and enc.kind(path) != "excel":
        raw = open_csv(path, words.known_keys(), scratch)
    with duckdb.connect() as connection:
        told = Gathered()
        found = layout.sheets(path, raw)
        tables = [
            sheet for sheet in found if _gather(sheet, told, connection, order, least=0 if marked else _UNDERSTOOD)
        ]
        if not tables and marked:
            # What might have been a header is told.
            told.unknown += [cell for cell in raw.header if cell.strip() and words.role(cell) is None]
        if not marked and told.claims and _named(told) <= OWN:
            return None
        if marked or told.claims or told.yearless:
            _refuse(raw, told)
        if not told.claims:
            return None
        return _settled(raw, told, connection, scratch, single=len(tables) == 1)


def _named(told: Gathered) -> set[str]:
    """The metrics that are spoken of."""
    return {claim.name.metric.id for claim in told.claims if claim.name.metric}


def _gather(
    sheet: layout.Sheet, told: Gathered, connection: duckdb.DuckDBPyConnection, order: str, *, least: float
) -> bool:
    """Add the claims of a sheet; whether there was any table of a report with that share of its columns understood."""
    opening = replace(sheet, rows=sheet.rows[:_OPENING])
    if not layout.blocks(opening, dates_among(layout.possible_spans(opening), connection, order)):
        return False
    found = layout.blocks(sheet, dates_among(layout.possible_spans(sheet), connection, order))
    understood = [block for block in found if block.understood >= least]
    for block in understood:
        layout.gather(block, told)
    return bool(understood)


def _refuse(raw: RawTable, told: Gathered) -> None:
    """Raise ReadError, with all faults at once, for a report that says too little to be used."""
    if told.shifted:
        what = Text(
            zh="{count} 列的儲存格比表頭多，欄位已錯開（數字裡的逗號沒有加引號？）：第 {rows} 列",
            en="{count} {count:row has|rows have} more cells than the header, so columns are shifted (unquoted commas in figures?): "
            "{count:row|rows} {rows}",
        )
        raise ReadError(
            what.fill(count=len(told.shifted), rows=listed_rows(told.shifted)), where=raw.path.name, todo=AGAIN
        )
    if not told.claims and told.unknown and not told.undated and not told.periodless:
        what = Text(zh="沒有一個認得的指標名稱", en="not one metric name is known")
        todo = Text(
            zh="請用平常的指標名稱（如 花費、曝光、點擊、轉換），或照 templates/vendor_report.zh-TW.csv 填寫",
            en="use the usual names (spend, impressions, clicks, conversions …), or fill in templates/vendor_report.en.csv",
        )
        raise ReadError(what, where=raw.path.name, todo=todo, faults=_unknown(told.unknown))
    if told.claims and not told.undated:
        return
    faults = []
    if told.undated or told.periodless:
        faults = [_undated(row, cell) for row, cell in told.undated if cell][:_SHOWN]
    if not told.claims and not (told.undated or told.periodless or told.yearless):
        return
    if told.yearless:
        what = Text(zh="期間沒有寫年份：{cells}", en="periods without a year: {cells}").fill(
            cells=_listed(told.yearless)
        )
    elif faults:
        what = Text(zh="有幾列的期間看不懂", en="the period of some rows can't be read")
    else:
        what = Text(zh="找不到報告涵蓋的期間", en="the report's period stands nowhere")
    raise ReadError(what, where=raw.path.name, todo=_WRITE_PERIOD, faults=[] if told.yearless else faults)


_WRITE_PERIOD = Text(
    zh="請加一欄「期間」（如 2026-10 或 2026-10-01 至 2026-10-31），或在表格上方的標題寫明年月（如 2026年10月成效報告）",
    en="add a column Period (2026-10, or 2026-10-01 to 2026-10-31), or write year and month in the title above the table (Report for October 2026)",
)


def _undated(row: int, cell: str) -> Text:
    return Text(zh="第 {row} 列：{cell}", en="row {row}: {cell}").fill(row=row, cell=repr(words.shown(cell)))


def _listed(cells: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(words.shown(cell) for cell in cells))
    return ", ".join(distinct[:_SHOWN]) + (" …" if len(distinct) > _SHOWN else "")


def _unknown(cells: Iterable[str]) -> list[Text]:
    """Words that no metric knows, with the nearest that one does."""
    told = []
    for cell in list(dict.fromkeys(cells))[:_SHOWN]:
        near = words.near(cell)
        text = (
            Text(zh="「{word}」（是不是 {near}？）", en="{word!r} (did you mean {near}?)")
            if near
            else Text(zh="「{word}」", en="{word!r}")
        )
        told.append(text.fill(word=words.shown(cell), near=" / ".join(near)))
    return told


def _settled(
    raw: RawTable, told: Gathered, connection: duckdb.DuckDBPyConnection, scratch: Path, *, single: bool
) -> RawTable | None:
    found = words.figures({claim.text for claim in told.claims}, connection)
    warnings = [*raw.warnings, *_left_out(told)]
    broken = [claim for claim in told.claims if found.get(claim.text, claim) is None]
    read = [replace(claim, figure=figure) for claim in told.claims if (figure := found.get(claim.text)) is not None]
    warnings += _unreadable(raw, broken, len(read))
    read, doubled = settling.first_columns(read)
    warnings += doubled
    settled, notes = settling.in_units(settling.with_metric(read, warnings), told)
    settled = settling.totals_dated(settled)
    warnings += notes + settling.totals(settled) + settling.conflicts(settled)
    if not settled:
        return None
    target = scratch / "claims.parquet"
    _write(settled, told, target)
    return RawTable(
        raw.path, raw.label, _COLUMNS, raw.preamble if single else (), f"read_parquet({sql_path(target)})", 1, True, tuple(warnings), numbered=True
    )  # fmt: skip


def _left_out(told: Gathered) -> Iterator[Text]:
    if told.left:
        yield Text(
            zh="比較用的欄位（成長率、差異、目標等）不是成效數字，沒有讀入：{names}",
            en="columns that compare (growth, differences, targets) are no figures of their own and were left out: {names}",
        ).fill(names=_listed(told.left))
    if told.averages:
        text = Text(zh="平均列沒有讀入：第 {rows} 列", en="rows of averages were left out: {rows}")
        yield text.fill(rows=listed_rows(told.averages))
    if unknown := _unknown(told.unknown):
        zh, en = "、".join(word.say("zh-TW") for word in unknown), ", ".join(word.say("en") for word in unknown)
        text = Text(zh="不認得的指標名稱，沒有讀入：{words}", en="names that no metric knows were left out: {words}")
        yield text.fill(words=finished(zh, en))


def _unreadable(raw: RawTable, broken: Sequence[Claim], count: int) -> list[Text]:
    """A warning for each cell that is no figure. Raises ReadError where these are more than the figures."""
    text = Text(zh="第 {row} 列「{column}」不是數字：{cell}", en="row {row}, column {column}: not a figure: {cell}")
    faults = [text.fill(row=one.row, column=words.shown(one.column), cell=repr(words.shown(one.text))) for one in broken[:_SHOWN]]  # fmt: skip
    if len(broken) > _SHOWN:
        more = Text(zh="另有 {more} 格", en="and {more} more {more:cell|cells}")
        faults.append(more.fill(more=len(broken) - _SHOWN))
    if len(broken) > count:
        what = Text(zh="多數儲存格不是數字", en="most cells are no figures")
        todo = Text(zh="請每格只寫一個數字", en="write one figure in each cell")
        raise ReadError(what, where=raw.path.name, todo=todo, faults=faults)
    left = Text(zh="略過一格：{fault}", en="left out a cell: {fault}")
    return [left.fill(fault=fault) for fault in faults]


# --- the long table ----------------------------------------------------------------------------------------------


def _write(claims: Sequence[Settled], told: Gathered, target: Path) -> None:
    """The claims as text cells in the order of the source's columns, with the rows' numbers in the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # One amount with its sign tells the currency of the others.
    signs = {code for one in claims if (code := _named_currency(one.claim))}
    default = signs.pop() if len(signs) == 1 else ""
    rows = [_cells(one, told.scopes[one.claim.scope], default) for one in claims]
    columns = {f"c{at}": pa.array([row[name] for row in rows], pa.string()) for at, name in enumerate(_COLUMNS)}
    numbers = pa.array([one.claim.row for one in claims], pa.int64())
    pq.write_table(pa.table(columns | {"source_row": numbers}), target)


def _named_currency(claim: Claim) -> str:
    own = claim.figure.currency if claim.figure else None
    return claim.name.currency or own or ""


def _cells(one: Settled, titles: Sequence[str], default: str) -> dict[str, str]:
    assert one.span is not None and one.claim.figure is not None
    tax = {None: "", True: "true", False: "false"}[one.claim.name.tax]
    is_money = one.metric.unit == "money"
    stated = "TWD" if any(_TWD.search(line) for line in titles) else ""
    currency = one.claim.currency or _named_currency(one.claim) or stated or default
    return {
        "vendor_name": one.claim.vendor, "platform": one.platform, "campaign_name": one.claim.campaign,
        "period_start": f"{one.span[0]}", "period_end": f"{one.span[1]}", "metric": one.metric.id, "value": plain(one.value), "written": one.claim.text,
        "is_total": "true" if one.claim.is_total else "false", "currency": currency if is_money else "", "tax_included": tax if is_money else "",
    }  # fmt: skip
