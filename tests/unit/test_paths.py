"""The data folders are found in a checkout and in an installed package, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_toolkit import paths
from kpi_toolkit.errors import KpiError


@pytest.mark.parametrize(("name", "find"), [("notebooks", paths.notebooks), ("data/samples", paths.samples)])
def test_checkout(root: Path, name: str, find) -> None:
    assert find() == root / name


def test_installed(tmp_path: Path) -> None:
    carried = tmp_path / "kpi_toolkit/_data/data/samples"
    carried.mkdir(parents=True)
    assert paths._folder("data/samples", tmp_path / "kpi_toolkit") == carried


def test_anothers_folder_beside_an_installed_package_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(KpiError, match="folder notebooks is missing -> reinstall kpi-toolkit"):
        paths._folder("notebooks", tmp_path / "kpi_toolkit")
