"""Reading a file: recognised, staged in one pass, reviewed, and written as canonical Parquet tables."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import KpiError, ReadError
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.sources import account, claims, duplicates, header, ledger, plain, review, sources
from kpi_toolkit.sources import encoding as enc
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.planning import planned
from kpi_toolkit.sources.rawtable import RawTable, joined, open_csv, open_raw
from kpi_toolkit.sources.recognition import known_keys, recognised
from kpi_toolkit.sources.source import Source
from kpi_toolkit.sources.staging import Plan, select
from kpi_toolkit.tables.files import PARQUET, sql_path, sql_target
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import Table

if TYPE_CHECKING:
    import duckdb

# Raise it when the same file would be read into other rows than before: snapshots of older readers are made anew.
READER = 8
_CHUNK = 1 << 20
# What one reading may take of the memory; beyond it DuckDB works on disk.
_MEMORY = "900MB"


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
        digest = hashing.submit(_looked_through, path)
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
    return _looked_through(path)[0]


def _looked_through(path: Path) -> tuple[str, bool]:
    """The file's hash, and whether a zero byte stands anywhere in it."""
    digest, zero = hashlib.sha256(), False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            zero = zero or b"\0" in chunk
    return digest.hexdigest(), zero


class _Zero(Exception):
    """A scanned text file with a zero byte: it is broken, and Python's reader says in which line."""


def _settled(digest: Future[tuple[str, bool]]) -> str | None:
    try:
        return digest.result()[0]
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


@dataclass(frozen=True)
class _Opened:
    path: Path
    raw: RawTable
    source: Source

    @property
    def scanned(self) -> bool:
        return not self.raw.relation.startswith("read_parquet")


@dataclass
class _Reading:
    path: Path
    scratch: Path
    folder: Path
    salt: str
    candidates: Sequence[Source]
    timezone: str
    date_order: str
    digest: Future[tuple[str, bool]]
    stem: str

    def run(self) -> Loaded:
        if not self.path.is_file():
            raise ReadError(
                Text(zh="找不到這個檔案", en="no such file"), todo=Text(zh="請確認路徑", en="check the path")
            )
        kind = enc.kind(self.path)
        if kind == "zip":
            return self._zip(enc.members(self.path, self.scratch))
        return self._read([self._opened(enc.unpacked(self.path, self.scratch) if kind == "gzip" else self.path)])

    def _zip(self, members: Sequence[Path]) -> Loaded:
        """The first table in a zip file that a source knows, with all members of its kind and header; the others are
        named in a warning."""
        alike: dict[tuple[object, ...], list[_Opened]] = {}
        faults: list[Text] = []
        for member in members:
            try:
                opened = self._opened(member)
                # Reports of several months have one header by now; each stays a file of its own.
                own = (member,) if opened.raw.numbered else ()
                key = (opened.source.id, *header.named(opened.raw.header), *opened.raw.preamble, *own)
                alike.setdefault(key, []).append(opened)
            except KpiError as fault:
                faults.append(replace_where(fault, _member_name(member)))
        for together in alike.values():
            paths = [opened.path for opened in together]
            try:
                return _with_others_named(self._read(together), paths, members)
            except KpiError as fault:
                faults.append(replace_where(fault, ", ".join(map(_member_name, paths))))
        raise ReadError(
            Text(zh="壓縮檔裡沒有認得的表格", en="the zip file holds no table that any source knows"),
            todo=Text(zh="請解壓縮後逐一匯入", en="unpack it and import the files one by one"),
            faults=faults,
        )

    def _opened(self, path: Path, *, carefully: bool = False) -> _Opened:
        """The table in a file, and what it is."""
        formats, reports = claims.parted(self.candidates)
        known = known_keys(self.candidates) | (claims.known_keys() if reports else frozenset())
        room = Path(tempfile.mkdtemp(dir=self.scratch))
        raw = open_csv(path, known, room) if carefully else open_raw(path, known, room)
        if reports and (long := claims.found(path, raw, formats, room, order=self.date_order)) is not None:
            return _Opened(path, long, reports)
        return _Opened(path, raw, recognised(raw, self.candidates))

    def _read(self, opened: Sequence[_Opened]) -> Loaded:
        """One table, in one file or in several with one header."""
        import duckdb

        source = opened[0].source
        try:
            return self._staged(joined([one.raw for one in opened]), source)
        except (duckdb.InvalidInputException, duckdb.ConversionException, _Zero):
            if not any(one.scanned for one in opened):
                raise
        # The scan met a ragged row, a broken byte or a quote across lines: Python's reader says which.
        careful = [self._opened(one.path, carefully=True) if one.scanned else one for one in opened]
        return self._staged(joined([one.raw for one in careful]), source)

    def _staged(self, raw: RawTable, source: Source) -> Loaded:
        with _connected(self.scratch) as connection:
            plan = planned(raw, source, connection, timezone=self.timezone, salt=self.salt, order=self.date_order)
            staged = self._ledger(plan, connection) if source.lines else self._table(plan, connection)
            report = account.report(staged)
            digest, zero = self.digest.result()
            if zero and raw.scan is not None:
                raise _Zero
            return Loaded(replace(report, sha256=digest), self._kept(staged, digest))

    def _table(self, plan: Plan, connection: duckdb.DuckDBPyConnection) -> review.Staged:
        """A table whose rows are what they are; repeated ones are marked, or told apart."""
        parts = plain.split(plan, self.scratch)
        if parts is not None:
            complete = parts.judge(connection)
            staged = review.Staged(parts.plan, connection, parts.relation)
            file = parts.rows if complete else parts.together(connection, self.scratch / "rows.parquet")
            if duplicates.none(staged, file):
                return replace(staged, file=file)
        rows = self.scratch / "rows.parquet"
        # As an ENUM a word that holds for every row is written without looking at each of them.
        shape = f"{literal(plan.shape)}::ENUM({literal(plan.shape)})"
        chosen = select(plan, ("source_row",) if plan.raw.numbered else ())
        kept = f"SELECT *, {shape} AS shape, {plan.raw.first_row} AS first_row FROM ({chosen})"
        connection.execute(f"COPY ({kept}) TO {sql_target(rows)} ({PARQUET})")
        staged = review.Staged(plan, connection, f"read_parquet({sql_path(rows)})", rows)
        duplicates.set_aside(staged, rows)
        duplicates.tell_apart(staged, rows)
        return staged

    def _ledger(self, plan: Plan, connection: duckdb.DuckDBPyConnection) -> review.Staged:
        """Lines of orders, and the orders out of them."""
        parts = plain.split(plan, self.scratch)
        lines = ledger.staged(plan, connection) if parts is None else ledger.joined(parts, connection)
        lines = ledger.write_orders(lines, self.scratch / "orders.parquet")
        if any(table.id == "order_lines" for table in _filled(plan)):
            ledger.write_lines(lines, self.scratch / "order_lines.parquet")
        return review.Staged(lines.plan, connection, "lines")

    def _kept(self, staged: review.Staged, digest: str) -> dict[str, Path]:
        """The reading as Parquet files beside the others, each moved into place when whole."""
        stem = f"{digest}-{self.stem}" if self.stem else digest
        written = {}
        for table in _filled(staged.plan):
            whole = staged.file or self.scratch / f"{table.id}.parquet"
            written[table.id] = whole.replace(self.folder / f"{stem}.{table.id}.parquet")
        return written


def _member_name(member: Path) -> str:
    """The name in the zip file, without the number that `members` puts before it."""
    return member.name[4:]


_TOGETHER = Text(
    zh="壓縮檔裡 {count} 個同類的檔案合併成一張表讀取（列號接續計算）：{names}",
    en="{count} files of one kind in the zip were read as one table (row numbers run on): {names}",
)
_LEFT = Text(
    zh="壓縮檔裡沒有讀取的檔案：{names}；若需要，請先解壓縮，再把它們個別放進資料夾匯入",
    en="files in the zip that were not read: {names}; if you need them, unpack the zip and import them one by one",
)


def _with_others_named(loaded: Loaded, together: Sequence[Path], members: Sequence[Path]) -> Loaded:
    rest = [_member_name(member) for member in members if member not in together]
    warnings = list(loaded.report.warnings)
    if len(together) > 1:
        warnings.append(_TOGETHER.fill(count=len(together), names=", ".join(map(_member_name, together))))
    if rest:
        warnings.append(_LEFT.fill(names=", ".join(rest)))
    return replace(loaded, report=replace(loaded.report, warnings=tuple(warnings)))


def _filled(plan: Plan) -> list[Table]:
    """The tables that the file has something of its own for: an order export may say nothing of its lines."""
    shared = {"source", "source_row", "currency", "order_id"}
    return [table for table in plan.source.tables if (set(table.names) & set(plan.kept)) - shared]


@contextmanager
def _connected(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(f"SET temp_directory = {sql_target(scratch / 'spill')}")
        yield connection


def files_in(paths: Iterable[Path]) -> list[Path]:
    """All files among `paths` and in the folders among them, hidden ones and mapping files left out, sorted.

    Links in a folder stand for themselves, wherever they lead: linked folders aren't entered.
    """
    found: list[Path] = []
    for path in paths:
        own = (item for item in path.rglob("*") if item.is_file() or item.is_symlink()) if path.is_dir() else [path]
        found += [
            item
            for item in sorted(own)
            if not any(part.startswith((".", "~$")) for part in item.relative_to(path).parts)
        ]
    return [path for path in found if path.suffix.lower() not in {".yaml", ".yml", ".md"}]
