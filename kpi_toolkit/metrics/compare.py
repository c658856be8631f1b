"""compare(): a period beside the one before and the same one a year ago."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kpi_toolkit.metrics.buckets import buckets
from kpi_toolkit.metrics.groupings import split
from kpi_toolkit.metrics.measure import answered, chosen
from kpi_toolkit.metrics.metric import CLAIM, Guard, Metric, one_definition
from kpi_toolkit.periods import Period
from kpi_toolkit.tables.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

    from kpi_toolkit.metrics.figures import Answers

# Data that end up to so many days before the period does are taken for whole: a shop may have quiet days.
QUIET_DAYS = 2
# A platform without rows in so many days is missing; in fewer it may have paused.
PAUSE_DAYS = 28
_GAP = ["metric", "period_start", "period_end", "start_then", "end_then", "sources"]
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
    conversions that changed on a day, other platforms, data that begin inside the earlier period or end inside this
    one, a value that was not above 0. Where a platform or shop is missing in the earlier period the change is given
    and the reason names it. With a time grain in `by` each day, week or month is compared with its own predecessors.

    Raises UsageError for an unknown metric or grouping, naming the nearest ones.
    """
    from kpi_toolkit.metrics.long import KINDS, long_table

    asked = chosen(metrics)
    names, grain = split(by)
    now = [one.period for one in buckets([period], grain)]
    wanted = buckets([*now, *(p.previous() for p in now), *(p.last_year() for p in now)], None)
    answers = answered(dataset, asked, names, wanted, grain)
    everything = long_table(answers, asked, names, [one.period for one in wanted], kinds=True)
    covered = Covered(dataset, asked, answers)
    result = _of(everything, now).reset_index(drop=True)
    for which, earlier in (("previous", [p.previous() for p in now]), ("last_year", [p.last_year() for p in now])):
        result = _beside(result, _moved(everything, now, earlier), which, names, covered)
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
    result: pd.DataFrame, then: pd.DataFrame, which: str, names: Sequence[str], covered: Covered
) -> pd.DataFrame:
    from kpi_toolkit.metrics.long import KINDS

    keys = ["metric", "period_start", "period_end", *names]
    shared = ["value", *({"currency"} - {*names}), *KINDS]
    pairs = result[[*keys, *shared]].merge(
        then[[*keys, *shared, "reason", "start_then", "end_then"]], how="left", on=keys, suffixes=("", "_then")
    )
    pairs["currency_then"] = pairs.get("currency_then", pairs["currency"])
    reasons = _reasons(pairs, covered)
    # A platform or shop that is new may be missing data or growth: the change stands, and the reason beside it.
    told = (reasons == "") | reasons.str.fullmatch(r"without .* then")
    change = (pairs["value"] / pairs["value_then"] - 1).where(told & (pairs["value_then"] > 0))
    return result.assign(**{
        f"value_{which}": pairs["value_then"], f"change_{which}": change, f"comparison_{which}": reasons,
    })  # fmt: skip


def _reasons(pairs: pd.DataFrame, covered: Covered) -> pd.Series[str]:
    """Why the earlier values can't be compared with the present ones; empty where they can."""
    import pandas as pd

    reasons = pairs["reason"].fillna("no rows")
    gaps = {key: covered.gap(*key) for key in pairs[_GAP].dropna().drop_duplicates().itertuples(index=False, name=None)}
    gap = pd.Series([gaps.get(key, "") for key in pairs[_GAP].itertuples(index=False, name=None)], pairs.index)
    doubtful = (gap != "") | (pairs["value_then"] <= 0) | (pairs["currency"] != pairs["currency_then"])
    for guard in CLAIM:
        then, now = pairs[f"kind_{guard}_then"], pairs[f"kind_{guard}"]
        doubtful |= (then != now) & then.notna() & now.notna()
    doubtful &= reasons == ""
    reasons[doubtful] = [
        _reason(pair, found) for pair, found in zip(pairs[doubtful].to_dict("records"), gap[doubtful], strict=True)
    ]
    return reasons


def _reason(pair: Mapping[Any, Any], gap: str) -> str:
    """Why one earlier value can't be compared; empty when it can."""
    if different := _different(pair):
        return different
    if gap:
        return gap
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


class Covered:
    """Which days the data of each metric cover, and which platforms and shops were there in which period."""

    def __init__(self, dataset: Dataset, metrics: Sequence[Metric], answers: Answers) -> None:
        from kpi_toolkit.metrics.query import STEADY, beginnings, days_covered

        self._tables = {metric.id: [name for name in metric.tables if dataset.has(name)] for metric in metrics}
        held = sorted({table for tables in self._tables.values() for table in tables})
        self._days = {table: days for table in held if (days := days_covered(dataset, table))}
        self._steady = {table: beginnings(dataset, table) for table in held if table in STEADY}
        self._seen: defaultdict[str, set[tuple[date, date, str]]] = defaultdict(set)
        for sheet in answers.sheets.values():
            if "guard_source" in sheet.rows:
                pairs = sheet.rows[["bucket", "guard_source"]].drop_duplicates()
                periods = [sheet.question.buckets[number].period for number in pairs["bucket"]]
                self._seen[sheet.question.table] |= {
                    (period.start, period.end, source)
                    for period, source in zip(periods, pairs["guard_source"], strict=True)
                }

    def gap(
        self, metric: str, start: datetime, end: datetime, start_then: datetime, end_then: datetime, sources: str
    ) -> str:
        """What is missing of the earlier period or of this one; empty where both are whole."""
        tables = self._tables[metric]
        begin = max((self._days[name][0] for name in tables if name in self._days), default=date.min)
        if begin > start_then.date():
            return f"partly covered: data begin {begin}"
        last = min((self._days[name][1] for name in tables if name in self._steady), default=date.max)
        if start.date() <= last < end.date() - timedelta(days=QUIET_DAYS):
            return f"partly covered: data end {last}"
        then = Period(start_then.date(), end_then.date())
        absent = [name for name in filter(None, sources.split(", ")) if self._absent(name, then, tables)]
        return f"without {', '.join(absent)} then" if absent else ""

    def _absent(self, source: str, then: Period, tables: Sequence[str]) -> bool:
        for table in tables:
            begin = self._steady.get(table, {}).get(source)
            unseen = (then.start, then.end, source) not in self._seen[table]
            if begin is not None and unseen and (begin > then.end or then.days >= PAUSE_DAYS):
                return True
        return False


def _in_one_line(result: pd.DataFrame) -> list[str]:
    pairs = zip(result["comparison_previous"], result["comparison_last_year"], strict=True)
    return [
        "; ".join(filter(None, (before, f"last year: {year}" if year and year != before else "")))
        for before, year in pairs
    ]
