"""Links among a client's files: those to files are followed; any other is told of, never passed over in silence."""

from __future__ import annotations

from pathlib import Path

from kpi_toolkit.i18n import Text

_FOLDER = Text(
    zh="{file}: 這是連到資料夾的捷徑，裡面的檔案沒有讀 → 請把資料夾本身放進來",
    en="{file}: a link to a folder, whose files are not read -> put the folder itself there",
)
_NOWHERE = Text(
    zh="{file}: 這個捷徑指到的檔案不存在 → 請把檔案本身放進來，或刪去捷徑",
    en="{file}: a link to something that isn't there -> put the file itself there, or remove the link",
)


def not_followed(path: Path, name: str) -> Text | None:
    """Why what lies at `path` isn't read, told under `name` alone; None unless it is a link to anything but a file."""
    if not path.is_symlink() or path.is_file():
        return None
    return (_FOLDER if path.is_dir() else _NOWHERE).fill(file=name)
