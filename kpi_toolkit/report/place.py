"""A folder that appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpi_toolkit.errors import ReportError
from kpi_toolkit.i18n import Text


@contextmanager
def whole(target: Path, *, sign: str, ours: frozenset[str]) -> Iterator[Path]:
    """A temporary folder beside `target` that takes its place when the block ends well, and vanishes when it doesn't.

    Something that is there already is only replaced when it holds the file `sign`, the mark of an earlier report;
    files in it that aren't `ours` are kept. Raises ReportError otherwise.
    """
    _require_replaceable(target, sign)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".part", dir=target.parent))
    try:
        yield draft
        draft.chmod(0o755)
        _take_place(draft, target, ours)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _require_replaceable(target: Path, sign: str) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ReportError(
            Text(zh="這裡有別的東西，不是報表資料夾", en="this is not a folder of a report"), where=str(target)
        )
    if target.is_dir() and any(target.iterdir()) and not (target / sign).is_file():
        raise ReportError(
            Text(zh="這個資料夾裡有別的檔案，不是報表", en="the folder holds something other than a report"),
            where=str(target),
            todo=Text(zh="請指定空的或新的資料夾", en="name an empty or a new folder"),
        )


def _take_place(draft: Path, target: Path, ours: frozenset[str]) -> None:
    if not target.is_dir():
        draft.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".old", dir=target.parent))
    old.rmdir()
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    for file in old.iterdir():
        if file.name not in ours:
            file.rename(target / file.name)
    shutil.rmtree(old)
