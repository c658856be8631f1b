"""A client's folder while it is being filled: paths and their bytes, written at the end."""

from collections.abc import Mapping
from pathlib import Path


class Folder(dict[str, bytes]):
    """Files by path (``/`` between folders); a path is given once."""

    def add(self, path: str, content: bytes) -> None:
        """Put a file in; a second file of the same name is a mistake of the simulation."""
        if path in self:
            raise ValueError(f"{path} is written twice: give one of the files another name")
        self[path] = content

    def take(self, under: str, files: Mapping[str, bytes]) -> None:
        """Put another folder's files in below a path."""
        for path, content in files.items():
            self.add(f"{under}/{path}", content)


def save(files: Mapping[str, bytes], target: Path) -> None:
    """Write every file below a folder; whatever else lies there stays."""
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
