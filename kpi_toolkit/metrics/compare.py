"""compare(): a period beside the one before and the same one a year ago."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi_toolkit.metrics.buckets import buckets
from kpi_toolkit.metrics.groupings import split
from kpi_toolkit.metrics.measure import answered, chosen
from kpi_toolkit.metrics.metric import CLAIM, Guard, Metric, one_definition
from kpi_toolkit.periods import Period
from kpi_toolkit.tables.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DIFFERENT: dict[Guard, str] = {
    "source": "different platforms", "counts": "different result types", "conversion_type": "different result types",
    "attribution": "different attribution settings",
}  # fmt: skip


def compare(
    dataset: Dataset, period: Period, *, by: Sequence[str] = (), metrics: Sequence[str] | None = None
) -> pd.DataFrame:
    """`measure()` of `period`, beside the period before it and the same one a year ago.

    The long table with value_previous, change_previous, value_last_year, change_last_year and the reasons
    comparison_previous, comparison_last_year; `comparison` tells both in one line. A change is a ratio - 1 (0.1: ten
    per cent more), NaN where the two are not comparable, which the reason then names: no rows, a definition of
    conversions that changed on a day, other platforms, data that begin inside the earlier period, a value that was
    not above 0. With a time grain in `by` each day, week or month is compared with its own predecessors.

    Raises UsageError for an unknown metric or grouping, naming the nearest ones.
    """
    from kpi_toolkit.metrics.long import KINDS, long_table

    asked = chosen(metrics)
    names, grain = split(by)
    now = [one.period for one in buckets([period], grain)]
    wanted = buckets([*now, *(p.previous() for p in now), *(p.last_year() for p in now)], None)
    answers = answered(dataset, asked, names, wanted, grain)
    everything = long_table(answers, asked, names, [one.period for one in wanted], kinds=True)
    begin = _beginnings(dataset, asked)
    result = _of(everything, now).reset_index(drop=True)
    for which, earlier in (("previous", [p.previous() for p in now]), ("last_year", [p.last_year() for p in now])):
        result = _beside(result, _moved(everything, now, earlier), which, names, begin)
    return result.assign(comparison=_in_one_line(result)).drop(columns=list(KINDS))


def _of(everything: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    import pandas as pd

    limits = pd.MultiIndex.from_frame(everything[["period_start", "period_end"]])
    return everything[limits.isin([(pd.Timestamp(period.start), pd.Timestamp(period.end)) for period in periods])]


def _moved(everything: pd.DataFrame, now: Sequence[Period], earlier: Sequence[Period]) -> pd.DataFrame:
    """The rows of the earlier periods, under the dates of the periods that they stand beside."""
    import pandas as pd

    limits = pd.DataFrame({
        "period_start": [p.start for p in earlier], "period_end": [p.end for p in earlier],
        "start_now": [p.start for p in now], "end_now": [p.end for p in now],
    }).astype("datetime64[us]")  # fmt: skip
    found = everything.merge(limits, on=["period_start", "period_end"])
    return found.rename(
        columns={
            "period_start": "start_then",
            "period_end": "end_then",
            "start_now": "period_start",
            "end_now": "period_end",
        }
    )


def _beside(
    result: pd.DataFrame, then: pd.DataFrame, which: str, names: Sequence[str], begin: Mapping[str, date]
) -> pd.DataFrame:
    from kpi_toolkit.metrics.long import KINDS

    keys = ["metric", "period_start", "period_end", *names]
    told = ["value", "reason", "currency", "start_then", "end_then", *KINDS]
    pairs = result[[*keys, "value", "currency", *KINDS]].merge(
        then[[*keys, *told]], how="left", on=keys, suffixes=("", "_then")
    )
    reasons = _reasons(pairs, begin)
    change = (pairs["value"] / pairs["value_then"] - 1).where(reasons == "")
    return result.assign(**{
        f"value_{which}": pairs["value_then"], f"change_{which}": change, f"comparison_{which}": reasons,
    })  # fmt: skip


def _reasons(pairs: pd.DataFrame, begin: Mapping[str, date]) -> pd.Series[str]:
    """Why the earlier values can't be compared with the present ones; empty where they can."""
    import pandas as pd

    reasons = pairs["reason"].fillna("no rows")
    started = pd.to_datetime(pairs["metric"].map(begin)) > pairs["start_then"]
    doubtful = started | (pairs["value_then"] <= 0) | (pairs["currency"] != pairs["currency_then"])
    for guard in CLAIM:
        then, now = pairs[f"kind_{guard}_then"], pairs[f"kind_{guard}"]
        doubtful |= (then != now) & then.notna() & now.notna()
    doubtful &= reasons == ""
    reasons[doubtful] = [_reason(pair, begin) for pair in pairs[doubtful].to_dict("records")]
    return reasons


def _reason(pair: Mapping[Any, Any], begin: Mapping[str, date]) -> str:
    """Why one earlier value can't be compared; empty when it can."""
    if different := _different(pair):
        return different
    start = begin.get(pair["metric"])
    if start is not None and start > pair["start_then"].date():
        return f"partly covered: data begin {start}"
    if pair["value_then"] > 0:
        return ""
    return "it was 0" if pair["value_then"] == 0 else "it was negative"


def _different(pair: Mapping[Any, Any]) -> str:
    """What kind of figure the two are that makes them two things."""
    if pair["currency"] != pair["currency_then"]:
        return f"different currencies: {pair['currency_then']}, {pair['currency']}"
    kinds = {guard: (pair[f"kind_{guard}_then"], pair[f"kind_{guard}"]) for guard in CLAIM}
    changed = {
        guard: (then, now)
        for guard, (then, now) in kinds.items()
        if isinstance(then, str) and isinstance(now, str) and then != now
    }
    if "source" in changed:
        return _told(_DIFFERENT["source"], *changed["source"])
    if "definition" in changed and (redefined := _redefined(*changed["definition"])):
        return redefined
    return next((_told(words, *changed[guard]) for guard, words in _DIFFERENT.items() if guard in changed), "")


def _told(words: str, then: str, now: str) -> str:
    return f"{words}: {then or 'unknown'}, {now or 'unknown'}"


def _redefined(then: str, now: str) -> str:
    if one_definition(sorted({*then.split("; "), *now.split("; ")})):
        return ""
    since = _DAY.findall(f"{then} {now}")
    return f"definition changed on {max(since)}" if since else "definition changed"


def _beginnings(dataset: Dataset, metrics: Sequence[Metric]) -> dict[str, date]:
    """The day on which the data of each metric begin: the latest beginning of its tables."""
    from kpi_toolkit.metrics.query import days_covered

    tables = {table for metric in metrics for table in metric.tables if dataset.has(table)}
    first = {table: days[0] for table in sorted(tables) if (days := days_covered(dataset, table))}
    starts = {metric.id: [first[table] for table in metric.tables if table in first] for metric in metrics}
    return {metric: max(days) for metric, days in starts.items() if days}


def _in_one_line(result: pd.DataFrame) -> list[str]:
    pairs = zip(result["comparison_previous"], result["comparison_last_year"], strict=True)
    return [
        "; ".join(filter(None, (before, f"last year: {year}" if year and year != before else "")))
        for before, year in pairs
    ]
