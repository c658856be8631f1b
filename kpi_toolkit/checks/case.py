"""What a check looks into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.periods import Period
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A client's tables in one period, and what was agreed with its vendors."""

    client: Client
    dataset: Dataset
    period: Period

    def rows(self, table: str, where: str = "true", *, days_before: int = 0) -> list[Row]:
        """The table's rows of the period, and of `days_before` days before it, that meet `where` (SQL over its columns and
        derived ones); by day, then by all columns, so that the same files always give the same order."""
        day, first = TABLES[table].day, self.period.start - timedelta(days=days_before)
        within = f"{day}::DATE BETWEEN DATE '{first}' AND DATE '{self.period.end}'"
        rows = self.asked(f"SELECT * FROM {{rows}} WHERE {within} AND ({where}) ORDER BY ALL", table)
        return sorted(rows, key=lambda row: row[day])

    def asked(self, sql: str, table: str, *parameters: object) -> list[Row]:
        """The answer of a query over the `{rows}` of a table, with a parameter for each `?`."""
        found = self.dataset.connection.execute(sql.format(rows=self.dataset.relations[table]), parameters)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
