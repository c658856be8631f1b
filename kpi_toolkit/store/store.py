"""A workspace's store: reads what is new, keeps it for good, and gives a client's tables."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.links import not_followed
from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.turns import alone
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.i18n import Text, same
from kpi_toolkit.sources import sources
from kpi_toolkit.sources.load_report import LoadReport, renamed
from kpi_toolkit.sources.reading import READER, files_in, read, sha256
from kpi_toolkit.sources.source import Source
from kpi_toolkit.store import relations, repeated
from kpi_toolkit.store.catalog import Catalog, Snapshot, Stamp
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset, found_shapes
from kpi_toolkit.tables.quoting import literal

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_MEMORY = "900MB"
_COPY = Text(zh="內容和「{other}」完全相同，只計算一次", en="the same content as {other}: counted once")
_CHANGED = Text(
    zh="{file}: 檔案在讀取途中改變了 → 請等下載完成再讀一次",
    en="{file}: it changed while being read -> wait until it is complete",
)
Progress = Callable[[int, int, str], None]
Seen = tuple[int, int]


class Store:
    """The imports of all clients of a workspace, below its `.kpi` folder; clients never meet."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def load(self, client_id: str, progress: Progress | None = None) -> list[LoadReport]:
        """Read the client's files that are new or changed, and tell about all of them, by path.

        `progress` is called with how many files are done, how many there are, and the name of the next one. A file
        that can't be read is a report with an error; the others are read all the same.
        """
        return [one.report for one in self._present(client_id, progress)]

    def dataset(self, client_id: str) -> Dataset:
        """The client's tables, made of the files that lie in its folder; reads what is new first.

        Whoever asks for them closes them.
        """
        client = self.workspace.client(client_id)
        snapshots = {one.id: one for one in self._present(client_id) if one.tables}.values()
        connection = _connected()
        try:
            return _made(client, snapshots, connection)
        except BaseException:
            connection.close()
            raise

    def restated(self, client_id: str) -> pd.DataFrame:
        """What changed between imports of the same period, removed files included: see history.restated.

        Of content that was read several times the present reading counts, else the last.
        """
        from kpi_toolkit.store.history import restated

        present = self._present(client_id)
        taken = sorted(self._catalog(client_id).snapshots(), key=lambda one: one.taken)
        last = {one.report.sha256: one for one in [*taken, *reversed(present)] if one.tables}
        return restated(sorted(last.values(), key=lambda one: one.order))

    def _catalog(self, client_id: str) -> Catalog:
        self.workspace.client_dir(client_id)  # refuses what is no client
        return Catalog(self.workspace.state_dir / "clients" / client_id)

    def _present(self, client_id: str, progress: Progress | None = None) -> list[Snapshot]:
        """A snapshot for each file in the client's folder, by path; two files of one content share theirs."""
        catalog = self._catalog(client_id)
        with alone(catalog.folder):
            return _Importing.of(self.workspace, client_id, catalog).run(progress)


@dataclass
class _Importing:
    folder: Path
    files: Sequence[Path]
    catalog: Catalog
    client: Client
    formats: Sequence[Source]
    salt: str
    reader: str

    @classmethod
    def of(cls, workspace: Workspace, client_id: str, catalog: Catalog) -> _Importing:
        folder = workspace.data_dir(client_id)
        client = workspace.client(client_id)
        formats = [*(as_source(mapping) for mapping in workspace.mappings(client_id)), *sources().values()]
        untitled = [replace(one, title=same(one.id)) for one in formats]  # a title changes no row
        reader = hashlib.sha256(f"{READER}|{client.timezone}|{untitled!r}".encode()).hexdigest()[:8]
        files = files_in([folder]) if folder.is_dir() else []
        return cls(folder, files, catalog, client, formats, workspace.salt(), reader)

    def run(self, progress: Progress | None) -> list[Snapshot]:
        stamps = self.catalog.stamps()
        paths = {path.relative_to(self.folder).as_posix(): path for path in self.files}
        seen = {name: _seen(path) for name, path in paths.items()}
        known = {name: one for name in paths if (one := self._unchanged(stamps.get(name), seen[name]))}
        fresh = self._read({name: path for name, path in paths.items() if name not in known}, seen, progress)
        if fresh or set(stamps) != set(paths):
            self.catalog.add(one for one in fresh.values() if one.id)
            stamped = {name: Stamp(*seen[name], self.reader, one.id) for name, one in fresh.items() if one.id}
            self.catalog.write_stamps({name: stamps[name] for name in known} | stamped)
        return _told({name: fresh.get(name) or known[name] for name in paths})

    def _unchanged(self, stamp: Stamp | None, seen: Seen) -> Snapshot | None:
        if stamp is None or (stamp.size, stamp.mtime_ns, stamp.reader) != (*seen, self.reader):
            return None
        return self.catalog.snapshot(stamp.snapshot)

    def _read(
        self, paths: Mapping[str, Path], seen: Mapping[str, Seen], progress: Progress | None
    ) -> dict[str, Snapshot]:
        """A snapshot for each of these files; content that was read before, under whatever name, isn't read again."""
        taken = {one.id: one for one in self.catalog.snapshots()} if paths else {}
        found = {}
        for number, (name, path) in enumerate(paths.items()):
            if progress is not None:
                progress(number, len(paths), name)
            if refused := not_followed(path, name):
                found[name] = Snapshot("", 0, LoadReport(file=name, error=refused))
            else:
                found[name] = self._same_content(path, seen[name], taken) or self._taken(path, name, seen[name])
            taken[found[name].id] = found[name]
        if progress is not None and paths:
            progress(len(paths), len(paths), "")
        return self._placed(found, max((one.taken for one in taken.values()), default=0))

    def _same_content(self, path: Path, seen: Seen, taken: Mapping[str, Snapshot]) -> Snapshot | None:
        # Only a file as large as one that is known is worth the hashing.
        if any(one.size == seen[0] and one.id.endswith(f"-{self.reader}") for one in taken.values()):
            with suppress(OSError):
                return taken.get(f"{sha256(path)}-{self.reader}")
        return None

    def _taken(self, path: Path, name: str, seen: Seen) -> Snapshot:
        loaded = read(
            path, self.catalog.folder, salt=self.salt, formats=self.formats, timezone=self.client.timezone,
            name=name, stem=self.reader,
        )  # fmt: skip
        if _seen(path) != seen:
            return Snapshot("", 0, LoadReport(file=name, error=_CHANGED.fill(file=name)))
        # Without a hash it was the machine that failed: another time it may be read.
        content = loaded.report.sha256
        taken = Snapshot(f"{content}-{self.reader}" if content else "", 0, loaded.report, dict(loaded.tables), seen[0])
        warnings = (*loaded.report.warnings, *repeated.notes(taken))
        return replace(taken, report=replace(loaded.report, warnings=warnings))

    def _placed(self, found: dict[str, Snapshot], taken: int) -> dict[str, Snapshot]:
        """New content comes after all others: by the last day covered, then by name as a person sorts names."""
        places = self.catalog.orders()
        last = max(places.values(), default=0)
        new = sorted(
            (name for name, one in found.items() if not one.order),
            key=lambda name: (str(found[name].report.period_end), _natural(name)),
        )
        for number, name in enumerate(new, start=1):
            place = places.setdefault(found[name].report.sha256 or "", last + number)
            found[name] = replace(found[name], order=place, taken=taken + number)
        return found


def _connected() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    # Made when it is needed and removed when the connection closes; the default is a folder beside the user's files.
    spill = Path(tempfile.gettempdir(), f"kpi-{uuid4().hex}")
    connection.execute(f"SET temp_directory = {literal(str(spill))}")
    return connection


def _made(client: Client, snapshots: Iterable[Snapshot], connection: duckdb.DuckDBPyConnection) -> Dataset:
    found, shapes = {}, {}
    notes: relations.Notes = {}
    for name, of_table in relations.for_tables(sorted(snapshots, key=lambda one: one.order)).items():
        found[name], told = relations.relation(TABLES[name], of_table, client, connection)
        notes |= told
        by_source = {one.report.source: one.report.shape for one in of_table}
        if TABLES[name].dimensions and len({(one.report.source, one.report.shape) for one in of_table}) > len(
            by_source
        ):
            shapes[name] = found_shapes(connection, found[name])
    return Dataset(
        connection,
        found,
        currency=client.currency,
        timezone=client.timezone,
        shapes=shapes,
        assumptions=client.assumptions,
        notes=notes,
    )


def _seen(path: Path) -> Seen:
    """Size and time of change; of a file that went away meanwhile, none that any other has."""
    try:
        now = path.stat()
    except OSError:
        return -1, -1
    return now.st_size, now.st_mtime_ns


def _told(by_name: Mapping[str, Snapshot]) -> list[Snapshot]:
    """The snapshots as the files' own: each report under its file's name, a copy says what it is a copy of."""
    first: dict[str, str] = {}
    told = []
    for name, one in by_name.items():
        report = renamed(one.report, name)
        if one.id in first:
            report = replace(report, warnings=(*report.warnings, _COPY.fill(other=first[one.id])))
        if one.id:
            first.setdefault(one.id, name)
        told.append(replace(one, report=report))
    return told


def _natural(name: str) -> list[tuple[int, int | str]]:
    """`(2)` before `(10)`: figures in a name compare as figures."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", name) if part]
