"""The whole sample workspace: three clients' folders, their agreements, and a page that says it is all invented."""

from pathlib import Path

from .clients import bakery, dental, machinery
from .folder import Folder, save

AGREEMENTS = Path(__file__).parent / "agreements"
CLIENTS = (bakery, machinery, dental)


def build() -> Folder:
    """Every file of the workspace, by path."""
    folder = Folder()
    for page in sorted(AGREEMENTS.rglob("*")):
        if page.is_file():
            folder.add(page.relative_to(AGREEMENTS).as_posix(), page.read_bytes())
    for client in CLIENTS:
        folder.take(f"clients/{client.CLIENT}/data", client.files())
    return folder


def write(target: Path) -> Folder:
    """Write the workspace below a folder; gives the files that it wrote."""
    files = build()
    save(files, target)
    return files
