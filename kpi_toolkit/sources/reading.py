"""Reading a file: recognised, staged in one pass, reviewed, and written as canonical Parquet tables."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import KpiError, ReadError
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.sources import encoding as enc
from kpi_toolkit.sources import header, ledger, review, sources
from kpi_toolkit.sources.dates import date_order, stated_period
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.rawtable import RawTable, open_csv, open_raw
from kpi_toolkit.sources.recognition import found_columns, known_keys, recognised
from kpi_toolkit.sources.source import Source
from kpi_toolkit.sources.staging import Plan, select
from kpi_toolkit.tables.files import sql_path
from kpi_toolkit.tables.orders import REFUNDED
from kpi_toolkit.tables.table import Table

if TYPE_CHECKING:
    import duckdb

# Raise it when the same file would be read into other rows than before: snapshots of older readers are made anew.
READER = 3
# What one reading may take of the memory; beyond it DuckDB works on disk.
_MEMORY = "900MB"
_TWD_WORDS = re.compile(r"新[臺台]幣|NT\$|\bNTD\b|\bTWD\b")


@dataclass(frozen=True)
class Loaded:
    """A file that was read: its report, and the Parquet file of each canonical table (none after an error)."""

    report: LoadReport
    tables: Mapping[str, Path] = field(default_factory=dict)


def inspect(
    path: Path, *, mapping: Source | None = None, timezone: str = "Asia/Taipei", date_order: str = ""
) -> LoadReport:
    """What the file at `path` is recognised as (or reads to by `mapping` alone); nothing is kept. Faults stand in the report's `error`."""
    with tempfile.TemporaryDirectory(prefix="kpi-") as folder:
        formats = [mapping] if mapping is not None else None
        return read(path, Path(folder), salt="", formats=formats, timezone=timezone, date_order=date_order).report


def read(
    path: Path,
    folder: Path,
    *,
    salt: str,
    formats: Sequence[Source] | None = None,
    timezone: str = "Asia/Taipei",
    date_order: str = "",
    name: str | None = None,
    stem: str = "",
) -> Loaded:
    """Read the file at `path` into Parquet files in `folder`, named by the file's hash.

    `formats` are the sources to choose from (default: the built-in ones); `salt` goes into the hash of customer keys;
    `timezone` is the client's; `date_order` (mdy, dmy) decides dates that the file can't. `name` is what the report
    calls the file, `stem` stands behind the hash in the names of the Parquet files. A file that can't be read leaves
    nothing behind and says why in the report's `error`; without a hash where the machine is to blame and not the file.
    """
    import duckdb

    called = name or path.name
    with ThreadPoolExecutor(1) as hashing, tempfile.TemporaryDirectory(dir=folder, prefix=".reading-") as scratch:
        digest = hashing.submit(sha256, path)
        candidates = list(sources().values()) if formats is None else list(formats)
        reading = _Reading(path, Path(scratch), folder, salt, candidates, timezone, date_order, digest, stem)
        try:
            loaded = reading.run()
        except KpiError as fault:
            return Loaded(LoadReport(file=called, sha256=_settled(digest), error=replace_where(fault, called)))
        except (OSError, duckdb.Error) as fault:
            return Loaded(LoadReport(file=called, error=replace_where(_refused_by_the_machine(fault), called)))
        return replace(loaded, report=replace(loaded.report, file=called))


def sha256(path: Path) -> str:
    """The file's hash, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settled(digest: Future[str]) -> str | None:
    try:
        return digest.result()
    except OSError:
        return None


def _refused_by_the_machine(fault: Exception) -> ReadError:
    """No right to read, a disk that fails or is full, too little memory; DuckDB's own words may quote cells."""
    why = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
    what = Text(zh="電腦讀不了這個檔案（{why}）", en="the machine can't read this file ({why})")
    todo = Text(zh="請檢查權限、磁碟空間與記憶體", en="check permissions, disk space and memory")
    return ReadError(what.fill(why=why), todo=todo)


def replace_where(fault: KpiError, where: str) -> Text:
    """The whole error as a Text that names the file as the reader knows it."""
    said = type(fault)(fault.what, where=where, todo=fault.todo, faults=fault.faults)
    return finished(said.message("zh-TW"), said.message("en"))


@dataclass
class _Reading:
    path: Path
    scratch: Path
    folder: Path
    salt: str
    candidates: Sequence[Source]
    timezone: str
    date_order: str
    digest: Future[str]
    stem: str

    def run(self) -> Loaded:
        if not self.path.is_file():
            raise ReadError(
                Text(zh="找不到這個檔案", en="no such file"), todo=Text(zh="請確認路徑", en="check the path")
            )
        kind = enc.kind(self.path)
        if kind == "gzip":
            return self._read(enc.unpacked(self.path, self.scratch))
        return self._member(enc.members(self.path, self.scratch)) if kind == "zip" else self._read(self.path)

    def _member(self, members: Sequence[Path]) -> Loaded:
        """The first table in a zip file that a source knows; the others are named in a warning."""
        faults: list[Text] = []
        for member in members:
            try:
                loaded = self._read(member)
            except KpiError as fault:
                faults.append(replace_where(fault, member.name[4:]))
                continue
            rest = [other.name[4:] for other in members if other != member]
            warning = Text(
                zh="壓縮檔裡沒有讀取的檔案：{names}", en="files in the zip that were not read: {names}"
            ).fill(names=", ".join(rest))
            return replace(
                loaded, report=replace(loaded.report, warnings=(*loaded.report.warnings, *([warning] if rest else [])))
            )
        raise ReadError(
            Text(zh="壓縮檔裡沒有認得的表格", en="the zip file holds no table that any source knows"),
            todo=Text(zh="請解壓縮後逐一匯入", en="unpack it and import the files one by one"),
            faults=faults,
        )

    def _read(self, path: Path) -> Loaded:
        known = known_keys(self.candidates)
        raw = open_raw(path, known, self.scratch)
        source = recognised(raw, self.candidates)
        import duckdb

        with _connected(self.scratch) as connection:
            try:
                return self._staged(raw, source, connection)
            except duckdb.Error:
                if raw.relation.startswith("read_parquet"):
                    raise
            # The scan met a ragged row, a broken byte or a quote across lines: Python's reader says which.
            raw = open_csv(path, known, self.scratch)
            return self._staged(raw, recognised(raw, self.candidates), connection)

    def _staged(self, raw: RawTable, source: Source, connection: duckdb.DuckDBPyConnection) -> Loaded:
        plan = self._plan(raw, source, connection)
        if source.lines:
            ledger.stage(plan, connection)
            staged = review.Staged(plan, connection, "lines")
        else:
            rows = self.scratch / "rows.parquet"
            # As an ENUM a word that holds for every row is written without looking at each of them.
            shape = f"'{_shape(plan)}'::ENUM('{_shape(plan)}')"
            kept = f"SELECT *, {shape} AS shape, {raw.first_row} AS first_row FROM ({select(plan)})"
            connection.execute(f"COPY ({kept}) TO '{_sql(rows)}' (FORMAT parquet, COMPRESSION zstd)")
            staged = review.Staged(plan, connection, f"read_parquet({sql_path(rows)})")
            _set_duplicates_aside(staged, rows)
        _refuse_without_period(staged)
        if source.lines:
            ledger.write_orders(plan, connection)
        report = _report(staged)
        return Loaded(replace(report, sha256=self.digest.result()), self._kept(staged))

    def _plan(self, raw: RawTable, source: Source, connection: duckdb.DuckDBPyConnection) -> Plan:
        _refuse_second_table(raw, source, connection)
        columns = found_columns(source, raw.keys)
        constants = dict(source.constants)
        currency = _currency(raw, source, columns)
        if currency and "currency" not in columns:
            constants["currency"] = currency
        if "property" in source.columns and "property" not in columns:
            constants |= _property(raw)
        plan = Plan(
            raw=raw, source=source, columns=columns, timezone=self.timezone, salt=self.salt, constants=constants,
            period=stated_period(raw, connection),
        )  # fmt: skip
        return replace(plan, date_order=date_order(plan, connection, self.date_order or source.date_order))

    def _filled(self, staged: review.Staged) -> list[Table]:
        """The tables that the file has something of its own for: an order export may say nothing of its lines."""
        shared = {"source", "source_row", "currency", "order_id"}
        return [table for table in staged.plan.source.tables if (set(table.names) & set(staged.plan.kept)) - shared]

    def _kept(self, staged: review.Staged) -> dict[str, Path]:
        """The reading as Parquet files beside the others, each moved into place when whole."""
        stem = f"{self.digest.result()}-{self.stem}" if self.stem else self.digest.result()
        written = {}
        for table in self._filled(staged):
            target = self.folder / f"{stem}.{table.id}.parquet"
            whole = self.scratch / f"{table.id}.parquet"
            if staged.plan.source.lines:
                kept = [name for name in table.names if name in _columns_of(staged, table.id)]
                rows = f"SELECT {', '.join(kept)} FROM {_TEMPORARY[table.id]} {_ONLY_KEPT[table.id]}"
                staged.connection.execute(f"COPY ({rows}) TO '{_sql(whole)}' (FORMAT parquet, COMPRESSION zstd)")
                whole.replace(target)
            else:
                (self.scratch / "rows.parquet").replace(target)
            written[table.id] = target
        return written


_TEMPORARY = {"orders": "orders", "order_lines": "lines"}
# The lines lie in the file's order anyway.
_ONLY_KEPT = {"orders": "ORDER BY source_row", "order_lines": "WHERE dropped IS NULL"}


def _columns_of(staged: review.Staged, table: str) -> set[str]:
    found = staged.connection.execute(f"DESCRIBE {_TEMPORARY[table]}").fetchall()
    return {str(row[0]) for row in found}


@contextmanager
def _connected(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(f"SET temp_directory = '{_sql(scratch / 'spill')}'")
        yield connection


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")


def _refuse_second_table(raw: RawTable, source: Source, connection: duckdb.DuckDBPyConnection) -> None:
    if not source.blocks:
        return
    pattern = source.blocks.replace("'", "''")
    found = connection.execute(
        f"SELECT count(*) FROM {raw.relation} WHERE regexp_full_match(trim(c0), '(?i){pattern}')"
    ).fetchone()
    if found and found[0]:
        raise ReadError(
            Text(
                zh="檔案裡有好幾張表（總覽頁的匯出），無法判斷要讀哪一張",
                en="the file holds several tables (an overview page's export): it isn't clear which to read",
            ),
            todo=Text(zh="請從單一報表或「探索」匯出", en="export a single report or an exploration"),
        )


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


def _property(raw: RawTable) -> dict[str, str]:
    found = [
        line.split(":", 1)[1].strip()
        for line in raw.preamble
        if re.match(r"#\s*(property|資源)\s*[:：]", line, re.IGNORECASE)
    ]
    return {"property": found[0]} if found else {}


def _refuse_without_period(staged: review.Staged) -> None:
    """A table by day needs a day or at least a known period on its rows."""
    plan = staged.plan
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


def _set_duplicates_aside(staged: review.Staged, rows: Path) -> None:
    """Mark rows that repeat an earlier one in every cell of the file, also in those that aren't imported."""
    told = "dropped IS NULL"
    if staged.plan.source.table == "invoices_fees":
        # Two equal payments on one day are two payments, unless they carry one invoice's number.
        told += " AND doc_no IS NOT NULL" if "doc_no" in staged.plan.kept else " AND false"
    chosen = ", ".join(f'"{name}"' for name in staged.plan.kept)
    count, distinct = staged.one(f"SELECT count(*), count(DISTINCT hash({chosen})) FROM {{rows}} WHERE {told}")
    if count == distinct:
        return
    raw = staged.plan.raw
    whole = ", ".join(f"c{number}" for number in range(len(raw.header)))
    numbered = f"SELECT row_number() OVER () AS row, hash({whole}) AS cells FROM {raw.relation}"
    repeated = f"SELECT row FROM (SELECT row, row_number() OVER (PARTITION BY cells ORDER BY row) AS nth FROM ({numbered})) WHERE nth > 1"
    if staged.connection.execute(f"SELECT 1 FROM ({repeated}) LIMIT 1").fetchone() is None:
        return
    marked = rows.with_name("marked.parquet")
    staged.connection.execute(
        f"COPY (SELECT * EXCLUDE (row) REPLACE (CASE WHEN {told} AND row IN ({repeated}) THEN 'duplicate row' ELSE dropped END AS dropped) "
        f"FROM (SELECT *, row_number() OVER () AS row FROM read_parquet({sql_path(rows)})) ORDER BY row) TO '{_sql(marked)}' (FORMAT parquet, COMPRESSION zstd)"
    )
    marked.replace(rows)


def _report(staged: review.Staged) -> LoadReport:
    plan = staged.plan
    (rows,) = staged.one("SELECT count(*) FROM {rows}")
    read_rows = int(str(rows))
    counts = review.dropped(staged)
    warnings = [*plan.raw.warnings, *review.refuse_unreadable(staged, counts, read_rows)]
    kept = read_rows - sum(counts.values())
    if kept == 0:
        for cause in review.destroyed_ids(staged):
            raise ReadError(cause)
        raise ReadError(
            Text(zh="表頭底下沒有資料列", en="there are no data rows under the header"),
            todo=Text(zh="請確認匯出的期間與篩選條件", en="check the period and the filters of the export"),
        )
    sums = review.totals(staged)
    warnings += review.compared_totals(staged, sums, kept) + review.mixtures(staged) + review.destroyed_ids(staged)
    warnings += (
        review.doubled_headers(staged)
        + review.broken_rules(staged)
        + review.absurdities(staged)
        + review.missing_cells(staged)
    )
    start, end, grain = _covered(staged)
    currencies = _currencies(staged)
    if len(currencies) > 1:
        text = Text(zh="混有多種幣別（{codes}），金額不相加", en="several currencies ({codes}): money is not added up")
        warnings.append(text.fill(codes=", ".join(currencies)))
    if grain == "period":
        text = Text(
            zh="沒有每日欄位：只能當作 {start}–{end} 整段的數字，不能畫每日走勢",
            en="no per-day column: used as figures of the whole of {start} – {end} only, refused for daily views",
        )
        warnings.append(text.fill(start=start, end=end))
    return LoadReport(
        file=plan.raw.path.name, source=plan.source.id, table=plan.source.table, encoding=plan.raw.label, rows_read=read_rows, rows_kept=kept,
        dropped=counts, period_start=start, period_end=end, grain=grain, shape=_shape(plan), currency=", ".join(currencies) or None,
        totals=_public_totals(staged, sums, len(currencies) > 1), warnings=tuple(warnings),
    )  # fmt: skip


def _covered(staged: review.Staged) -> tuple[date | None, date | None, str]:
    """First and last day of the kept rows, and whether they are of days or of a whole period."""
    names = staged.plan.kept
    if "grain" in names:
        row = staged.one("SELECT min(period_start), max(period_end), max(grain) FROM {rows} WHERE dropped IS NULL")
        return row[0], row[1], str(row[2])  # type: ignore[return-value]
    day = staged.plan.source.tables[0].day
    if day not in names:
        return None, None, ""
    row = staged.one(f"SELECT min({day})::DATE, max({day})::DATE FROM {{rows}} WHERE dropped IS NULL")
    return row[0], row[1], "day"  # type: ignore[return-value]


def _currencies(staged: review.Staged) -> list[str]:
    if "currency" not in staged.plan.kept:
        return []
    return [
        str(code)
        for (code,) in staged.all(
            "SELECT DISTINCT currency FROM {rows} WHERE dropped IS NULL AND currency IS NOT NULL ORDER BY 1"
        )
    ]


def _shape(plan: Plan) -> str:
    """Which dimensions the file has, joined by `+`: an id stands for its name."""
    table = plan.source.tables[0]
    present = {re.sub(r"_id$", "_name", name) for name in plan.columns}
    return "+".join(name for name in table.dimensions if name in present)


def _public_totals(staged: review.Staged, sums: dict[str, float], mixed: bool) -> dict[str, float]:
    """What the report tells; money of several currencies is no sum."""
    plan = staged.plan
    if plan.source.table == "orders":
        return {name: value for name, value in _order_totals(staged).items() if not mixed or name not in _ORDER_MONEY}
    if review.mixed_types(staged):
        # Leads and messages are no sum; the warning tells how many rows there are of each.
        sums = {name: value for name, value in sums.items() if name not in review.BY_TYPE}
    if mixed:
        sums = {name: value for name, value in sums.items() if plan.source.columns[name].kind != "money"}
    return {("revenue" if name == "purchase_revenue" else name): value for name, value in sums.items()}


_ORDER_MONEY = frozenset({"gross_total", "refunded", "revenue"})


def _order_totals(staged: review.Staged) -> dict[str, float]:
    relation = "orders" if staged.plan.source.lines else f"(SELECT * FROM {staged.relation} WHERE dropped IS NULL)"
    if "refunded" not in _present(staged, relation):
        relation = f"(SELECT *, NULL::DOUBLE AS refunded FROM {relation})"
    row = staged.connection.execute(
        f"SELECT count(*), sum(total), count(*) FILTER (status = 'cancelled'), sum({REFUNDED}) FILTER (status <> 'cancelled'), "
        f"count(*) FILTER (status = 'pending'), sum(total - ({REFUNDED})) FILTER (status <> 'cancelled') FROM {relation}"
    ).fetchone()
    names = ("orders", "gross_total", "cancelled", "refunded", "pending", "revenue")
    return {name: review.rounded(value or 0) for name, value in zip(names, row or (), strict=True)}


def _present(staged: review.Staged, relation: str) -> set[str]:
    return {str(row[0]) for row in staged.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}


def files_in(paths: Iterable[Path]) -> list[Path]:
    """All files among `paths` and in the folders among them, hidden ones and mapping files left out, sorted."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
        found += [
            item for item in inside if not any(part.startswith((".", "~$")) for part in item.relative_to(path).parts)
        ]
    return [path for path in found if path.suffix.lower() not in {".yaml", ".yml", ".md"}]
