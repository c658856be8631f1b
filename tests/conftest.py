"""What every test may ask for: the repository's root, the shared data, a real browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


def _missing(reason: str) -> None:
    """Skip with `reason`; in continuous integration, where everything has to be there, fail."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the shared data sets: data in $KPI_SHARED, or in the folder `shared` beside the checkout."""
    shared = Path(os.environ.get("KPI_SHARED") or ROOT.parent / "shared")
    if not (shared / "data").is_dir():
        _missing(f"needs the shared data sets, and there is no folder {shared / 'data'}: set KPI_SHARED to theirs")
    return shared / "data"


@pytest.fixture(scope="session")
def browser_path() -> str | None:
    """Playwright's `executable_path`: a Chromium of the system, or None for the one that Playwright manages."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            managed = Path(playwright.chromium.executable_path)
        if not managed.exists():
            _missing("needs Chromium: run `make browser`")
    return found
