"""Sources: one file an export format; each recognises its files by content and reads them into canonical tables."""

from __future__ import annotations

from functools import cache

from kpi_toolkit.discovery import discover
from kpi_toolkit.sources.source import Source

_MACHINERY = (
    "account",
    "cells",
    "claim_words",
    "claims",
    "contacts",
    "dates",
    "duplicates",
    "encoding",
    "header",
    "layout",
    "lead_words",
    "ledger",
    "load_report",
    "plain",
    "planning",
    "rawtable",
    "reading",
    "recognition",
    "results",
    "review",
    "settling",
    "source",
    "spans",
    "staging",
    "stated",
    "workbook",
)


@cache
def sources() -> dict[str, Source]:
    """All declared sources by id. Raises ImportError for a module without its declaration."""
    return discover("kpi_toolkit.sources", "SOURCE", Source, except_for=_MACHINERY)
