"""The place of `integrity` in the order: it tells nothing yet."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sections.section import Section

SECTION = Section(
    id="integrity",
    title=Text(zh="對帳與查核", en="Integrity"),
    question=Text(zh="可以相信這些數字嗎？", en="Can these numbers be believed?"),
    part="trust",
)
