"""The language that a command answers in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from kpi_toolkit.errors import KpiError
from kpi_toolkit.i18n import DEFAULT_LANG, Lang


class Language(Enum):
    """The languages that can be asked for."""

    ZH = "zh-TW"
    EN = "en"

    @property
    def lang(self) -> Lang:
        """The same as the toolkit's other parts take it."""
        return "zh-TW" if self is Language.ZH else "en"


def language_of(given: Mapping[str, object]) -> Lang:
    """The language asked for (`lang`), else that of the workspace (`workspace`, or the one around), else the default.

    Never fails: what is wrong with a workspace must be told in some language.
    """
    from kpi_toolkit.agreement.workspace import find_workspace, open_workspace

    asked, folder = given.get("lang"), given.get("workspace")
    if isinstance(asked, Language):
        return asked.lang
    try:
        return open_workspace(folder if isinstance(folder, Path) else find_workspace(Path())).language
    except (KpiError, OSError):
        return DEFAULT_LANG
