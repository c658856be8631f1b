"""Taking turns: one program at a time reads a client's files; what a killed one left is cleared away by the next."""

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
def alone(folder: Path) -> Iterator[None]:
    """Hold `folder` against other programs and threads; the lock ends with its holder, however that ends.

    Hidden files in it are drafts of somebody who was killed, and may hold personal data: they are removed.
    Raises ReadError when another holds it for an hour.
    """
    with closing(sqlite3.connect(folder / "lock", timeout=_PATIENCE_SECONDS, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as found:
            what = Text(zh="另一個程式正在讀取這個客戶的檔案", en="another program is reading this client's files")
            todo = Text(zh="請等它結束再試", en="try again when it is done")
            raise ReadError(what, where=str(folder), todo=todo) from found
        _clear(folder)
        yield


def _clear(folder: Path) -> None:
    for draft in folder.glob(".*"):
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
