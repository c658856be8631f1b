"""Where the notebooks, the templates and the sample workspace lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from kpi_toolkit.errors import KpiError
from kpi_toolkit.i18n import Text

_PACKAGE = Path(__file__).resolve().parent


def notebooks() -> Path:
    """The folder of the notebooks that Papermill runs and JupyterLab opens. Raises KpiError when it is missing."""
    return _folder("notebooks")


def templates() -> Path:
    """The folder of the report's, the page's and the workspace's templates. Raises KpiError when it is missing."""
    return _folder("templates")


def samples() -> Path:
    """The sample workspace, to be copied and never written to. Raises KpiError when it is missing."""
    return _folder("data/samples")


def _folder(name: str, package: Path = _PACKAGE) -> Path:
    # A wheel carries them inside the package; a checkout holds them beside it. The name alone is no proof of a
    # checkout: beside an installed package lie everybody else's.
    candidates = [package / "_data" / name]
    if (package.parent / "pyproject.toml").is_file():
        candidates.append(package.parent / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise KpiError(
        Text(zh="找不到 kpi-toolkit 的「{name}」資料夾", en="kpi-toolkit's folder {name} is missing").fill(name=name),
        where=str(candidates[-1]),
        todo=Text(
            zh="請重新安裝 kpi-toolkit，或取出完整的原始碼", en="reinstall kpi-toolkit, or check out its source whole"
        ),
    )
