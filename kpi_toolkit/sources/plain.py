"""The plain rows of a large file, read by polars, which parses CSV and writes Parquet in half of DuckDB's time.

A row is plain when each cell that is read is written as exports usually write it: bare or grouped figures, ISO dates,
ids without anything around them. Of such a row nothing has to be doubted. All others — totals, blank rows, odd cells —
are handed over as text for the plan's own SQL. What is read here is what that SQL would read; a test holds them equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from kpi_toolkit.sources import cells, staging
from kpi_toolkit.sources.staging import Plan
from kpi_toolkit.tables.files import COMPRESSION, PARQUET, sql_path, sql_target
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import NUMERIC, Column

if TYPE_CHECKING:
    import duckdb
    import polars as pl

# Cells as the SQL's first branches take them.
_FIGURE = f"{cells.PLAIN}|{cells.GROUPED}"
_MOMENT = f"{cells.ISO} [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}"
_CURRENCY = "[A-Z]{3}"
_HOUR = "[01]?[0-9]|2[0-3]"
# Stands between the cells of a row when they are looked at together; the forms know no such sign.
_BETWEEN = "\x1f"
# Cells that tell a day in another way than by its date.
_OTHER_DAYS = frozenset({"_range", "_nth_day"})
# The cell beyond a row's last one.
_BEYOND = "beyond"
# Rows tried beforehand, and how many of them must be plain: an export writes all its rows alike.
_TRIED, _MOST = 2000, 0.9
# Taipei kept summer time until 1979; of older moments the SQL asks the zone.
_STEADY_SINCE = datetime(1980, 1, 1)


@dataclass(frozen=True)
class Parts:
    """A file in two: `rows`, a Parquet file of the plain ones with `source_row`; the others, as text, are what `plan` reads."""

    plan: Plan
    rows: Path

    @property
    def relation(self) -> str:
        """SQL for all rows as `staging.select` gives them, with `source_row` and `shape`, once the rest is judged."""
        return f"(SELECT * FROM read_parquet({sql_path(self.rows)}) UNION ALL BY NAME SELECT * FROM rest)"

    def judge(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Read the other rows by the plan's SQL into the temporary table `rest`; whether none of them is kept."""
        judged = staging.select(self.plan, carried=("source_row",))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE rest AS SELECT *, {literal(self.plan.shape)} AS shape FROM ({judged})"
        )
        return connection.execute("SELECT 1 FROM rest WHERE dropped IS NULL LIMIT 1").fetchone() is None

    def together(self, connection: duckdb.DuckDBPyConnection, target: Path) -> Path:
        """Write all kept rows to the Parquet file `target`."""
        rows = f"SELECT * FROM {self.relation} WHERE dropped IS NULL"
        connection.execute(f"COPY ({rows}) TO {sql_target(target)} ({PARQUET})")
        return target


def all_differ(rows: Path, names: Sequence[str]) -> bool:
    """Whether no two rows of the Parquet file `rows` agree in these columns."""
    import polars as pl

    frame = pl.scan_parquet(rows)
    # What is the same in every row tells none from another.
    varied = [name for name, dtype in frame.collect_schema().items() if name in names and dtype != pl.Enum]
    return distinct(rows, varied) == int(frame.select(pl.len()).collect().item())


def distinct(rows: Path, names: Sequence[str], having: str = "") -> int:
    """How many different rows of these columns the Parquet file `rows` has; `having`: among those with a value there."""
    import polars as pl

    counted = _having(rows, having).select(pl.struct(names).hash().n_unique())
    return int(counted.collect(engine="streaming").item())


def copied(rows: Path, names: Sequence[str], target: Path, having: str = "") -> None:
    """Write these columns of the Parquet file `rows` to another one; `having`: of the rows with a value there."""
    _having(rows, having).select(names).sink_parquet(target, compression=COMPRESSION)


def _having(rows: Path, name: str) -> pl.LazyFrame:
    import polars as pl

    frame = pl.scan_parquet(rows)
    return frame.filter(pl.col(name).is_not_null()) if name else frame


def split(plan: Plan, scratch: Path) -> Parts | None:
    """The file's plain rows and its rest, written to `scratch`; None where polars can't tell (DuckDB or Python's
    reader will): a small file, ragged rows, broken bytes, formulas that polars doesn't know, mostly other cells."""
    if plan.raw.scan is None or not _suited(plan):
        return None
    import polars as pl

    rows, rest = scratch / "plain.parquet", scratch / "rest.parquet"
    try:
        frame = _marked(plan)
        tried = frame.head(_TRIED).select(pl.col("plain").mean()).collect().item()
        if tried is None or tried < _MOST:
            return None
        # Lines of orders are written once more.
        compression: Literal["uncompressed", "snappy"] = "uncompressed" if plan.source.lines else COMPRESSION
        # One scan feeds both.
        sinks = [
            frame.filter("plain").select(_chosen(plan)).sink_parquet(rows, compression=compression, lazy=True),
            frame.filter(~pl.col("plain")).select(*_looked_at(plan), "source_row").sink_parquet(rest, lazy=True),
        ]
        pl.collect_all(sinks, engine="streaming")
        if pl.scan_parquet(rest).select((pl.col(_BEYOND) != "").any()).collect().item():
            return None
    except pl.exceptions.PolarsError:
        # Its words may quote cells; what is wrong is told by the reader that comes next.
        return None
    others = replace(plan.raw, relation=f"read_parquet({sql_path(rest)})", scan=None, numbered=True)
    return Parts(replace(plan, raw=others), rows)


def _suited(plan: Plan) -> bool:
    """Whether each row tells its day by a date, and no header stands twice, since whole columns must be compared then."""
    doubled = any(re.fullmatch(r".+ #[0-9]+", key) for key in plan.raw.keys)
    return bool({"date_day", "ordered_at"} & set(plan.columns)) and not _OTHER_DAYS & set(plan.columns) and not doubled


def _looked_at(plan: Plan) -> list[str]:
    """The cells that the SQL may ask for: those that are read, and the first ones, where totals rows say so."""
    return sorted({*plan.raw.cells[:3], *(plan.cell(name) for name in plan.columns), _BEYOND})


def _marked(plan: Plan) -> pl.LazyFrame:
    """Every row with its cells as text, its canonical columns, and whether it is `plain`."""
    import polars as pl

    read = {name: _read(plan, name) for name in plan.columns}
    typed = [one.value.alias(name) for name, one in read.items()]
    absent = [pl.lit(None, _dtype(plan, name)).alias(name) for name in staging.absent(plan)]
    made = [value.alias(name) for name, value in _made(plan).items()]
    return (
        _cells(plan)
        .with_columns(*typed, *absent)
        .with_columns(
            (
                _written(plan, read) & _holding(one.condition for one in read.values() if one.condition is not None)
            ).alias("written")
        )
        .with_columns(*made)
        .with_columns((pl.col("written") & _holding(_rules(plan))).alias("plain"))
    )


def _written(plan: Plan, read: Mapping[str, _Read]) -> pl.Expr:
    """Whether all cells of a row have their forms or are empty; one look at all of them is quicker than one at each."""
    import polars as pl

    formed = {plan.cell(name): one.form for name, one in read.items() if one.form}
    forms = _BETWEEN.join(f"(?:{form})?" for form in formed.values())
    return pl.concat_str(formed.keys(), separator=_BETWEEN).str.contains(f"^{forms}$").fill_null(value=False)


def _cells(plan: Plan) -> pl.LazyFrame:
    """All cells as text, with `source_row`, the row's number in the file."""
    import polars as pl

    scan = plan.raw.scan
    assert scan is not None
    # Polars looks no further than the last column that it is asked for: one more, which must be empty, tells shifted rows.
    return pl.scan_csv(
        scan.path, has_header=False, separator=scan.separator, skip_lines=scan.skipped,
        schema=dict.fromkeys([*plan.raw.cells, _BEYOND], pl.String), missing_columns="insert", empty_string_is_null=False, row_index_name="source_row", row_index_offset=plan.raw.first_row, glob=False,
    )  # fmt: skip


def _dtype(plan: Plan, name: str) -> pl.DataType | type[pl.DataType]:
    import polars as pl

    kind = plan.kind(name)
    if kind in NUMERIC:
        return pl.Float64
    types: dict[str, pl.DataType | type[pl.DataType]] = {"date": pl.Date, "time": pl.Datetime("us"), "flag": pl.Boolean}
    return types.get(kind, pl.String)


def _holding(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether all conditions hold; of an absent value nothing is asked."""
    import polars as pl

    return pl.all_horizontal([condition.fill_null(value=True) for condition in conditions])


@dataclass(frozen=True)
class _Read:
    """A column's value; it is the cell's where the cell has this form (or is empty) and the condition holds."""

    value: pl.Expr
    form: str = ""
    condition: pl.Expr | None = None


def _read(plan: Plan, name: str) -> _Read:
    import polars as pl

    cell, kind = pl.col(plan.cell(name)), plan.kind(name)
    if name == "currency":
        return _Read(_filled(cell), _CURRENCY, cell != "NTD")
    if name == "hour":
        return _Read(cell.cast(pl.Int64, strict=False).cast(pl.String), _HOUR)
    if kind == "text":
        return _Read(_filled(cell.str.strip_chars(cells.SPACES)))
    if kind == "id":
        lower = plan.source.names_a_person(name)
        return _Read(_filled(cell.str.to_lowercase() if lower else cell), cells.BARE_ID)
    if kind in NUMERIC:
        figure = cell.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
        scale = plan.source.scales.get(name)
        return _Read(figure / scale if scale else figure, _FIGURE)
    if kind == "date":
        day = cell.str.to_date("%Y-%m-%d", strict=False)
        return _Read(day, cells.ISO, day.is_not_null() | (cell == ""))
    if kind == "time":
        return _moment(cell, plan.timezone)
    # Yes and no have too many words.
    return _Read(pl.lit(None, pl.Boolean), "", cell == "")


def _moment(cell: pl.Expr, timezone: str) -> _Read:
    offset = _offset(timezone)
    ending = rf"(?: ?\{offset[:3]}:?{offset[3:]})?" if offset else ""
    moment = cell.str.head(19).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    return _Read(moment, _MOMENT + ending, (moment >= _STEADY_SINCE).fill_null(value=False) | (cell == ""))


def _offset(timezone: str) -> str:
    """The zone's offset (`+0800`) when it has had but one since that day, else nothing."""
    zone = ZoneInfo(timezone)
    years = range(_STEADY_SINCE.year, date.today().year + 3)
    found = {datetime(year, month, 1, tzinfo=zone).strftime("%z") for year in years for month in range(1, 13)}
    return found.pop() if len(found) == 1 else ""


def _filled(cell: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(cell != "").then(cell)


def _made(plan: Plan) -> dict[str, pl.Expr]:
    """What the format or the file as a whole says of a row, over its typed columns."""
    import polars as pl

    made = {"source": pl.lit(plan.source.id)}
    made |= {name: pl.lit(text).cast(_dtype(plan, name)) for name, text in plan.constants.items()}
    made |= {name: _formula(sql) for name, sql in plan.computed.items()}
    if "grain" in plan.source.columns:
        made |= {"grain": pl.lit("day"), "period_start": pl.col("date_day"), "period_end": pl.col("date_day")}
    return made


def _formula(sql: str) -> pl.Expr:
    import polars as pl

    return pl.sql_expr(sql.replace("regexp_matches(", "regexp_like("))


def _rules(plan: Plan) -> Iterator[pl.Expr]:
    """A plain row has its day, and nothing for which the SQL would drop it."""
    import polars as pl

    yield pl.col(_BEYOND) == ""
    yield pl.col("date_day" if "date_day" in plan.columns else "ordered_at").is_not_null()
    for sql in plan.source.skipped.values():
        yield ~_formula(sql)
    for name in plan.kept:
        column = plan.source.columns[name]
        if column.required and not plan.source.lines:
            yield pl.col(name).is_not_null()
        yield from _bounds(column)


def _bounds(column: Column) -> Iterator[pl.Expr]:
    import polars as pl

    value = pl.col(column.name)
    if column.minimum is not None:
        yield value >= column.minimum
    if column.maximum is not None:
        yield value <= column.maximum
    if column.allowed:
        yield value.is_in(list(column.allowed))
    if column.kind in {"money", "count"}:
        yield value.abs() <= staging.LARGEST
    if column.kind in {"date", "time"}:
        # A little less than the SQL allows: the rest is looked at there.
        yield (value >= staging.EARLIEST) & (value < date.today() + timedelta(days=700))


def _chosen(plan: Plan) -> list[pl.Expr]:
    """The canonical columns, and those that a staged row carries beside them."""
    import polars as pl

    # As an Enum a word that holds for every row is written without looking at each of them.
    constant = {"source": plan.source.id, "grain": "day", "shape": plan.shape} | dict(plan.constants)
    fixed = {
        name
        for name in constant
        if name in plan.kept and plan.kind(name) in {"text", "id"} and name not in plan.computed
    }
    chosen = [_final(plan, name) for name in plan.kept if name not in fixed]
    chosen += [
        pl.lit(word, pl.Enum([word])).alias(name) for name, word in constant.items() if name in {*fixed, "shape"}
    ]
    chosen += [pl.lit(None, pl.String).alias("dropped")]
    chosen += [
        _formula(sql).not_().fill_null(value=False).alias(f"broken_{number}")
        for number, sql in enumerate(plan.source.rules)
    ]
    return [*chosen, pl.col("source_row")]


def _final(plan: Plan, name: str) -> pl.Expr:
    import polars as pl

    if plan.source.columns[name].hashed:
        import polars_hash  # noqa: F401  (it brings `chash`)

        salted = pl.lit(plan.salt) + pl.col(name)
        return salted.chash.sha2_256().str.head(staging.KEY_LENGTH).alias(name)  # type: ignore[attr-defined]
    return pl.col(name).cast(_dtype(plan, name))
