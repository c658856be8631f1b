"""The place of `actions` in the order: it tells nothing yet."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sections.section import Section

SECTION = Section(
    id="actions",
    title=Text(zh="接下來做什麼", en="Next steps"),
    question=Text(zh="誰、什麼時候、做什麼？", en="Who does what, by when?"),
    part="next",
)
