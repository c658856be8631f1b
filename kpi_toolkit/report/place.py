"""A folder that appears whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpi_toolkit.errors import ReportError
from kpi_toolkit.i18n import Text

# No report takes a day: a draft as old as that has nobody who writes it.
_ABANDONED_SECONDS = 86_400


@contextmanager
def whole(target: Path, *, sign: str, ours: frozenset[str]) -> Iterator[Path]:
    """A temporary folder beside `target` that takes its place when the block ends well, and vanishes when it doesn't.

    Something that is there already is only replaced when it holds the file `sign`, the mark of an earlier report;
    files in it that aren't `ours` are kept. Raises ReportError otherwise. What a killed program left beside `target` is
    cleared first; an earlier report that it had moved aside goes back to its place.
    """
    _require_replaceable(target, sign)
    target.parent.mkdir(parents=True, exist_ok=True)
    _recover(target, sign, ours)
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
    _retire(old, target, ours)


def _retire(old: Path, target: Path, ours: frozenset[str]) -> None:
    """Remove the earlier report once what isn't `ours` has moved on; what has no room there stays where it is."""
    for file in old.iterdir():
        if file.name not in ours and not (target / file.name).exists():
            with suppress(FileNotFoundError):  # another program is at it too
                file.rename(target / file.name)
    if all(file.name in ours for file in old.iterdir()):
        shutil.rmtree(old, ignore_errors=True)


def _recover(target: Path, sign: str, ours: frozenset[str]) -> None:
    """Put right what a killed program left: the earlier report back in its place, nothing else beside it."""
    for old in sorted(_left_behind(target, "old"), key=_changed, reverse=True):
        if (old / sign).is_file() and not (target / sign).is_file():
            if target.is_dir():
                target.rmdir()
            old.rename(target)
        else:
            _retire(old, target, ours)
    for draft in _left_behind(target, "part"):
        if time.time() - _changed(draft) > _ABANDONED_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)


def _left_behind(target: Path, kind: str) -> list[Path]:
    # The eight characters are mkdtemp's, which knows no hyphen: `a` never takes what is left of `a-b`.
    ours = re.compile(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}\.{kind}")
    return [one for one in target.parent.iterdir() if ours.fullmatch(one.name) and one.is_dir()]


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()
