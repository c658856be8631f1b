"""Taking turns: one program at a time writes a folder of the state; what a killed one left is cleared by the next."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text

_PATIENCE_SECONDS = 3600


@contextmanager
def alone(folder: Path, drafts: str = ".*") -> Iterator[None]:
    """Hold `folder` against other programs and threads; the lock ends with its holder, however that ends.

    Files in it of the shape `drafts` were left by somebody who was killed, and may hold what nobody should see: they
    are removed.
    Raises ReadError when another holds it for an hour.
    """
    with closing(sqlite3.connect(folder / "lock", timeout=_PATIENCE_SECONDS, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as found:
            what = Text(zh="另一個程式正在使用這個資料夾", en="another program is at work in this folder")
            todo = Text(zh="請等它結束再試", en="try again when it is done")
            raise ReadError(what, where=str(folder), todo=todo) from found
        _clear(folder, drafts)
        yield


def _clear(folder: Path, drafts: str) -> None:
    for draft in folder.glob(drafts):
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
