"""What was imported for a client: one immutable record a snapshot, and which file on disk is which snapshot."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kpi_toolkit.sources.load_report import LoadReport, restored

_FILES = "files.json"


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

    The place belongs to the raw content and not to the reading: who reads it anew (another reader, a damaged snapshot)
    keeps it. `size` is the raw file's, in bytes; `taken` counts the readings of all files. A file that could not be
    read is a snapshot with an error and without tables.
    """

    id: str
    order: int
    report: LoadReport
    tables: dict[str, Path] = field(default_factory=dict)
    size: int = 0
    taken: int = 0


class Catalog:
    """The records in a client's state folder. Files are written whole, beside their place, and moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def stamps(self) -> dict[str, Stamp]:
        """The files as last read, by their path below the client's folder; none when the list is damaged."""
        try:
            return {path: Stamp(**stamp) for path, stamp in self._json(self.folder / _FILES).items()}
        except (TypeError, ValueError):
            return {}

    def write_stamps(self, stamps: dict[str, Stamp]) -> None:
        """Remember the files as read."""
        self._write(self.folder / _FILES, {path: asdict(stamp) for path, stamp in sorted(stamps.items())})

    def snapshot(self, name: str) -> Snapshot | None:
        """The snapshot of that id; None when it was never taken, or when it is damaged: the file is read again."""
        try:
            record = self._json(self.folder / f"{name}.json")
            kept = {table: (self.folder / file, size) for table, (file, size) in record["tables"].items()}
            whole = all(path.is_file() and path.stat().st_size == size for path, size in kept.values())
            tables = {table: path for table, (path, _) in kept.items()}
            found = Snapshot(
                name, int(record["order"]), restored(record["report"]), tables, record["size"], record["taken"]
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return found if whole else None

    def snapshots(self) -> list[Snapshot]:
        """Every snapshot ever taken, oldest import first."""
        found = (self.snapshot(path.stem) for path in self._records())
        return sorted((one for one in found if one is not None), key=lambda one: (one.order, one.taken))

    def orders(self) -> dict[str, int]:
        """The place of each raw content, by its hash, in the order of imports; also of damaged snapshots."""
        places: dict[str, int] = {}
        for path in self._records():
            try:
                order = int(self._json(path)["order"])
            except (KeyError, TypeError, ValueError):
                continue
            content = path.stem.rpartition("-")[0]
            places[content] = min(order, places.get(content, order))
        return places

    def add(self, snapshots: Iterable[Snapshot]) -> None:
        """Write the records of new snapshots; a record that is there and whole stays as it is."""
        for one in snapshots:
            record = {
                "order": one.order,
                "taken": one.taken,
                "size": one.size,
                "tables": {table: (file.name, file.stat().st_size) for table, file in one.tables.items()},
                "report": one.report.stored(),
            }
            if self.snapshot(one.id) is None:
                self._write(self.folder / f"{one.id}.json", record)

    def _records(self) -> Iterator[Path]:
        return (path for path in self.folder.glob("*.json") if path.name != _FILES)

    def _json(self, path: Path) -> dict[str, Any]:
        """The record; empty where there is none. Raises ValueError or TypeError for a damaged one."""
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def _write(self, path: Path, content: object) -> None:
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(path)
