"""What every test may ask for: the repository's root, the shared data, a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


# For a module, not the session: its event loop runs as long as it lives, and no other can be started meanwhile.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real, headless Chromium: the system's, or else the one that Playwright manages (`make browser`)."""
    from playwright.sync_api import sync_playwright

    system = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        if system is None and not Path(playwright.chromium.executable_path).exists():
            _missing("needs Chromium: run `make browser`")
        browser = playwright.chromium.launch(
            executable_path=system, args=["--disable-gpu", "--disable-quic", "--disable-component-update"]
        )
        yield browser
        browser.close()
