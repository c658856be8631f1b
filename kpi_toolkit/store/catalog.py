"""What was imported for a client: one immutable record a snapshot, and which file on disk is which snapshot."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kpi_toolkit.sources.load_report import LoadReport, restored


@dataclass(frozen=True)
class Stamp:
    """A file as it was when it was read: unchanged size and time of change mean unchanged content."""

    size: int
    mtime_ns: int
    reader: str
    snapshot: str


@dataclass(frozen=True)
class Snapshot:
    """One import: its report, the Parquet file of each table, and its place in the order of imports.

    A file that could not be read is a snapshot with an error and without tables.
    """

    id: str
    order: int
    report: LoadReport
    tables: dict[str, Path] = field(default_factory=dict)


class Catalog:
    """The records in a client's state folder. Files are written whole, beside their place, and moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def stamps(self) -> dict[str, Stamp]:
        """The files as last read, by their path below the client's folder."""
        written = self._json(self.folder / "files.json") or {}
        return {path: Stamp(**stamp) for path, stamp in written.items()}

    def write_stamps(self, stamps: dict[str, Stamp]) -> None:
        """Remember the files as read."""
        self._write(self.folder / "files.json", {path: asdict(stamp) for path, stamp in sorted(stamps.items())})

    def snapshot(self, name: str) -> Snapshot | None:
        """The snapshot of that id; None when it was never taken or its tables are gone."""
        record = self._json(self.folder / f"{name}.json")
        if record is None:
            return None
        tables = {table: self.folder / file for table, file in record["tables"].items()}
        if not all(path.is_file() for path in tables.values()):
            return None
        return Snapshot(name, record["order"], restored(record["report"]), tables)

    def snapshots(self) -> list[Snapshot]:
        """Every snapshot ever taken, oldest first."""
        names = (path.stem for path in self.folder.glob("*.json") if path.name != "files.json")
        found = (self.snapshot(name) for name in names)
        return sorted((one for one in found if one is not None), key=lambda one: one.order)

    def add(self, snapshots: Iterable[Snapshot]) -> None:
        """Write the records of new snapshots; a record that is there stays as it is."""
        for one in snapshots:
            path = self.folder / f"{one.id}.json"
            record = {
                "order": one.order,
                "tables": {table: file.name for table, file in one.tables.items()},
                "report": one.report.stored(),
            }
            if not path.exists() or self.snapshot(one.id) is None:
                self._write(path, record)

    def _json(self, path: Path) -> dict[str, Any] | None:
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            # A damaged record is as good as none: the file is read again.
            return None

    def _write(self, path: Path, content: object) -> None:
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(path)
