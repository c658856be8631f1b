"""measure(): the long table of metrics by period and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kpi_toolkit.errors import unknown
from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.buckets import Bucket, buckets
from kpi_toolkit.metrics.groupings import GROUPINGS, split
from kpi_toolkit.metrics.metric import Metric, Quantity, quantities
from kpi_toolkit.periods import Grain, Period
from kpi_toolkit.tables.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

    from kpi_toolkit.metrics.figures import Answers


def measure(
    dataset: Dataset,
    periods: Sequence[Period],
    *,
    by: Sequence[str] = (),
    metrics: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The metrics of a client, one row for each metric, period and group.

    `by` takes names of GROUPINGS and one time grain (day, week, month), which cuts the periods into rows of their own
    `period_start` and `period_end` (both days included; a week that crosses a period's border is cut there). Groups
    are texts, '' where the row does not say. `metrics` are ids (default: all, in the registry's order).

    Columns: metric, period_start, period_end, the groups, numerator, denominator (NaN for a plain total), value, n,
    status (`ok`, `no data`, `too few`), reason ('' unless `no data`), currency (of money, else ''), caveat (what to
    know about a value that is given all the same). Money is in `currency`; a `ratio` of 0.05 is 5 %.

    A ratio is the sum of numerators over the sum of denominators, over rows of platforms that give both; one of two
    tables is computed on the groups they share. Ungrouped, every metric has a row for each bucket. Grouped, there are
    rows for the groups that exist; a metric without any has one row a period, its groups empty, that says why.

    Raises UsageError for an unknown metric or grouping, naming the nearest ones. The tables are left as they are.
    """
    from kpi_toolkit.metrics.long import long_table

    asked = chosen(metrics)
    names, grain = split(by)
    wanted = buckets(periods, grain)
    answers = answered(dataset, asked, names, wanted, grain)
    return long_table(answers, asked, names, list(dict.fromkeys(periods)))


def chosen(metrics: Sequence[str] | None) -> list[Metric]:
    """The metrics of those ids, each once; all for None. Raises UsageError for an id nobody declared."""
    from kpi_toolkit.metrics import METRICS

    if metrics is None:
        return list(METRICS.values())
    for name in metrics:
        if name not in METRICS:
            raise unknown(Text(zh="指標", en="metric"), name, METRICS)
    return [METRICS[name] for name in dict.fromkeys(metrics)]


def answered(
    dataset: Dataset, metrics: Iterable[Metric], by: tuple[str, ...], wanted: Sequence[Bucket], grain: Grain | None
) -> Answers:
    """Every table that the metrics need, asked once and placed on common groups."""
    from kpi_toolkit.metrics.figures import Answers, sheet_name
    from kpi_toolkit.metrics.query import Question, ask, days_covered

    needed: dict[str, dict[str, Quantity]] = {}
    for metric in metrics:
        for part in (*metric.parts, *quantities(metric.n)):
            needed.setdefault(sheet_name(part), {}).setdefault(part.id, part)
    missing = {name: _missing(dataset, next(iter(parts.values())), by, grain) for name, parts in needed.items()}
    sheets = {
        name: ask(Question(dataset, _table(parts), tuple(parts.values()), by, _reaching_back(wanted, parts)))
        for name, parts in needed.items()
        if not missing[name] and wanted
    }
    resting = {part.table for name in sheets for part in needed[name].values() if part.history_days}
    starts = {table: days[0] for table in sorted(resting) if (days := days_covered(dataset, table))}
    return Answers(_groups(sheets, by, wanted), sheets, missing, wanted, starts)


def _table(parts: Mapping[str, Quantity]) -> str:
    return next(iter(parts.values())).table


def _missing(dataset: Dataset, part: Quantity, by: tuple[str, ...], grain: Grain | None) -> str:
    """Why a table can't be asked; empty when it can."""
    if not dataset.has(part.table):
        return f"no table: {part.table}"
    unknown_by = [name for name in by if part.table not in GROUPINGS[name].columns]
    if unknown_by:
        return f"{part.table}: not known by {', '.join(unknown_by)}"
    return f"not by {grain}" if part.window_days and grain in ("day", "week") else ""


def _reaching_back(wanted: Sequence[Bucket], parts: Mapping[str, Quantity]) -> Sequence[Bucket]:
    """The buckets themselves, or the days up to their end."""
    days = next(iter(parts.values())).window_days
    return [one.reaching_back(days) for one in wanted] if days else wanted


def _groups(sheets: Mapping[str, object], by: tuple[str, ...], wanted: Sequence[Bucket]) -> pd.DataFrame:
    """All groups of all tables in all buckets, sorted; ungrouped, simply the buckets."""
    import pandas as pd

    if not by:
        return pd.DataFrame({"bucket": range(len(wanted))})
    columns = ["bucket", *(f"by_{name}" for name in by)]
    found = [sheet.rows[columns].drop_duplicates() for sheet in sheets.values()]  # type: ignore[attr-defined]
    if not found:
        return pd.DataFrame({name: [] for name in ("bucket", *by)}).astype({"bucket": "int64"})
    whole = pd.concat(found).drop_duplicates().sort_values(columns, ignore_index=True)
    return whole.set_axis(["bucket", *by], axis=1)
