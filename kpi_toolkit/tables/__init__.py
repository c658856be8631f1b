"""Canonical tables: one file a table; every column's meaning, unit and allowed values stand there."""

from __future__ import annotations

from kpi_toolkit.discovery import discover
from kpi_toolkit.tables.table import Table

TABLES: dict[str, Table] = discover(
    "kpi_toolkit.tables", "TABLE", Table, except_for=("table", "contract", "dataset", "files", "platforms", "quoting")
)
