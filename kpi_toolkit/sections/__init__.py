"""Sections of what people read; a report is a list of them, and the order stands in that list."""

from __future__ import annotations

from kpi_toolkit.sections import (
    actions,
    anomalies,
    campaigns,
    channels,
    data,
    funnel,
    glossary,
    integrity,
    outcome,
    sla,
    summary,
    trend,
)  # fmt: skip
from kpi_toolkit.sections.section import PARTS, Context, Section

MONTHLY: tuple[Section, ...] = (
    summary.SECTION,
    outcome.SECTION,
    funnel.SECTION,
    trend.SECTION,
    anomalies.SECTION,
    channels.SECTION,
    campaigns.SECTION,
    integrity.SECTION,
    sla.SECTION,
    actions.SECTION,
    data.SECTION,
    glossary.SECTION,
)

__all__ = ["MONTHLY", "PARTS", "Context", "Section"]
