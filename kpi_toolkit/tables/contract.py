"""The contract of a table, as a pandera schema: made from the table's declaration, never written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa


def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of `table`: unknown columns are refused, columns that aren't required may be absent."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {column.name: _rules(column) for column in table.columns},
        strict=True,
        coerce=True,
        add_missing_columns=True,
        name=table.id,
    )


def validated(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A copy of `frame` with all columns of `table` in order. Raises pandera's SchemaErrors with every fault by row."""
    return schema(table).validate(frame, lazy=True).reindex(columns=table.names)


def faults(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The failure cases of `frame`: column, check, row index and value; empty when it keeps the contract."""
    import pandas as pd
    import pandera.errors

    try:
        schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        return found.failure_cases[["column", "check", "index", "failure_case"]]
    return pd.DataFrame(columns=["column", "check", "index", "failure_case"])


def violation(column: Column, expression: str) -> str | None:
    """The same rules as one SQL condition that is true where `expression` breaks them; None when nothing can break."""
    broken = []
    if column.required:
        broken.append(f"{expression} IS NULL")
    if column.minimum is not None:
        broken.append(f"{expression} < {column.minimum}")
    if column.maximum is not None:
        broken.append(f"{expression} > {column.maximum}")
    if column.allowed:
        listed = ", ".join(map(literal, column.allowed))
        # Not as an IN list: DuckDB makes a join of a long one, and rows leave a join in another order.
        broken.append(f"list_position([{listed}], {expression}) IS NULL AND {expression} IS NOT NULL")
    return f"({' OR '.join(broken)})" if broken else None


def _rules(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    if column.allowed:
        checks.append(pa.Check.isin(column.allowed))
    dtype = (
        "float64"
        if column.numeric
        else {"date": "datetime64[us]", "time": "datetime64[us]", "flag": "boolean"}.get(column.kind, "str")
    )
    return pa.Column(dtype, checks, nullable=not column.required, required=column.required)
