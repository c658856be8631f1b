"""The place of `sla` in the order: it tells nothing yet."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sections.section import Section

SECTION = Section(
    id="sla",
    title=Text(zh="服務水準", en="Service levels"),
    question=Text(zh="約定的事都做到了嗎？", en="Was everything done as agreed?"),
    part="trust",
)
