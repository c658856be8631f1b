"""A workspace's store: reads what is new, keeps it for good, and gives a client's tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import sources
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import READER, files_in, read
from kpi_toolkit.sources.source import Source
from kpi_toolkit.store import relations
from kpi_toolkit.store.catalog import Catalog, Snapshot, Stamp
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset, found_shapes

if TYPE_CHECKING:
    import pandas as pd

_MEMORY = "900MB"
Progress = Callable[[int, int, str], None]


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
        """The client's tables, made of the files that lie in its folder; reads what is new first."""
        import duckdb

        client = self.workspace.client(client_id)
        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        snapshots = {one.id: one for one in self._present(client_id) if one.tables}.values()
        found, shapes = {}, {}
        for name, of_table in relations.for_tables(sorted(snapshots, key=lambda one: one.order)).items():
            found[name] = relations.relation(TABLES[name], of_table, client, connection)
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
        )

    def restated(self, client_id: str) -> pd.DataFrame:
        """What changed between imports of the same period: see history.restated."""
        from kpi_toolkit.store.history import restated

        self.load(client_id)
        return restated(self._catalog(client_id).snapshots())

    def _catalog(self, client_id: str) -> Catalog:
        self.workspace.client_dir(client_id)  # refuses what is no client
        return Catalog(self.workspace.state_dir / "clients" / client_id)

    def _present(self, client_id: str, progress: Progress | None = None) -> list[Snapshot]:
        """A snapshot for each file in the client's folder, by path; two files of one content share theirs."""
        importing = _Importing.of(self.workspace, client_id, self._catalog(client_id))
        return importing.run(progress)


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
        reader = hashlib.sha256(f"{READER}|{client.timezone}|{formats!r}".encode()).hexdigest()[:8]
        files = files_in([folder]) if folder.is_dir() else []
        return cls(folder, files, catalog, client, formats, workspace.salt(), reader)

    def run(self, progress: Progress | None) -> list[Snapshot]:
        stamps, known = self.catalog.stamps(), {}
        wanted: dict[str, Path] = {path.relative_to(self.folder).as_posix(): path for path in self.files}
        for name, path in wanted.items():
            stamp = stamps.get(name)
            if stamp is not None and self._unchanged(stamp, path) and (found := self.catalog.snapshot(stamp.snapshot)):
                known[name] = found
        fresh = self._read([name for name in wanted if name not in known], wanted, progress)
        if fresh or set(stamps) != set(wanted):
            self._remember(wanted, stamps, known, fresh)
        return self._told({name: fresh.get(name) or known[name] for name in wanted})

    def _unchanged(self, stamp: Stamp, path: Path) -> bool:
        now = path.stat()
        return (stamp.size, stamp.mtime_ns, stamp.reader) == (now.st_size, now.st_mtime_ns, self.reader)

    def _read(self, names: Sequence[str], wanted: dict[str, Path], progress: Progress | None) -> dict[str, Snapshot]:
        """Read the files; the order of imports goes by the last day covered, then by name as a person sorts names."""
        loaded = {}
        for number, name in enumerate(names):
            if progress is not None:
                progress(number, len(names), name)
            loaded[name] = read(
                wanted[name], self.catalog.folder, salt=self.salt, formats=self.formats, timezone=self.client.timezone,
                name=name, stem=self.reader,
            )  # fmt: skip
        if progress is not None and names:
            progress(len(names), len(names), "")
        last = max((one.order for one in self.catalog.snapshots()), default=0) if names else 0
        ordered = sorted(loaded, key=lambda name: (str(loaded[name].report.period_end), _natural(name)))
        return {
            name: self.catalog.snapshot(key)
            or Snapshot(key, last + number, loaded[name].report, dict(loaded[name].tables))
            for number, name in enumerate(ordered, start=1)
            if (key := f"{loaded[name].report.sha256}-{self.reader}")
        }

    def _remember(
        self, wanted: dict[str, Path], stamps: dict[str, Stamp], known: dict[str, Snapshot], fresh: dict[str, Snapshot]
    ) -> None:
        self.catalog.add(fresh.values())
        kept = {name: stamps[name] for name in known}
        for name, one in fresh.items():
            now = wanted[name].stat()
            kept[name] = Stamp(now.st_size, now.st_mtime_ns, self.reader, one.id)
        self.catalog.write_stamps(kept)

    def _told(self, by_name: dict[str, Snapshot]) -> list[Snapshot]:
        """The snapshots as the files' own: each report under its file's name, a copy says what it is a copy of."""
        first: dict[str, str] = {}
        told = []
        for name, one in by_name.items():
            report = replace(one.report, file=name)
            if one.id in first:
                text = Text(zh="內容和「{other}」完全相同，只計算一次", en="the same content as {other}: counted once")
                report = replace(report, warnings=(*report.warnings, text.fill(other=first[one.id])))
            first.setdefault(one.id, name)
            told.append(replace(one, report=report))
        return told


def _natural(name: str) -> list[tuple[int, int | str]]:
    """`(2)` before `(10)`: figures in a name compare as figures."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", name) if part]
