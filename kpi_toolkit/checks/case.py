"""What a check looks into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import Text, same
from kpi_toolkit.metrics import measure
from kpi_toolkit.periods import Period
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A client's tables in one period, and what was agreed with its vendors.

    `restated` are the figures that a later import changed (store.history.restated, a row a change); None where the
    imports weren't compared.
    """

    client: Client
    dataset: Dataset
    period: Period
    restated: Sequence[Row] | None = None
    _asked: dict[object, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def vendor_name(self, vendor: str) -> Text:
        """What a vendor is called; its id where the agreement doesn't know it."""
        found = self.client.vendor(vendor)
        return found.name.text() if found else same(vendor or "-")

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

    def measured(self, metrics: Sequence[str], by: Sequence[str] = (), *, days_before: int = 0) -> pd.DataFrame:
        """measure() of the period, together with the `days_before` days before it, asked once; `by` as there (`day`, `week`
        and `month` cut the days into rows of their own). Don't change the frame."""
        days = Period(self.period.start - timedelta(days=days_before), self.period.end)
        return self.measured_over([days], metrics, by)

    def measured_over(self, periods: Sequence[Period], metrics: Sequence[str], by: Sequence[str] = ()) -> pd.DataFrame:
        """measure() of these periods, asked once."""
        key = (tuple(periods), tuple(metrics), tuple(by))
        if key not in self._asked:
            self._asked[key] = measure(self.dataset, periods, by=by, metrics=metrics)
        found: pd.DataFrame = self._asked[key]
        return found


def once(make: Callable[[Case], Made]) -> Callable[[Case], Made]:
    """`make`, asked once a case: whoever asks again is given the same thing, and doesn't change it."""

    @wraps(make)
    def made(case: Case) -> Made:
        if make not in case._asked:
            case._asked[make] = make(case)
        found: Made = case._asked[make]
        return found

    return made


def changed(restated: pd.DataFrame) -> list[Row]:
    """What Store.restated tells, row by row, as a Case takes it."""
    return [{str(name): value for name, value in row.items()} for row in restated.to_dict("records")]
