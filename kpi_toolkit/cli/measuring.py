"""`metrics`: the long table of one client, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kpi_toolkit import phrases
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.known import known_client
from kpi_toolkit.cli.reading import brought, tell_unread
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import GROUPINGS, METRICS, compare, measure
from kpi_toolkit.metrics.groupings import split
from kpi_toolkit.metrics.measure import chosen
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present.formats import kind_of, number
from kpi_toolkit.present.reasons import why

if TYPE_CHECKING:
    import pandas as pd

# The long table's own columns; what else stands between the period and the figures are groups.
_OWN = ("metric", "period_start", "period_end", "numerator")
_METRIC, _PERIOD = Text(zh="指標", en="Metric"), Text(zh="期間", en="Period")
_VALUE, _COUNT = Text(zh="數值", en="Value"), Text(zh="筆數", en="n")
_UNSAID = Text(zh="（未標示{group}）", en="(no {group})")
_BEFORE, _YEAR, _REMARK = (
    Text(zh="比上期", en="vs previous"),
    Text(zh="比去年", en="vs last year"),
    Text(zh="說明", en="Remark"),
)


def measured(
    workspace: Workspace,
    client_id: str,
    period: str,
    by: Sequence[str],
    metrics: Sequence[str],
    *,
    beside: bool,
    lang: Lang,
) -> tuple[pd.DataFrame, int]:
    """The long table of the client, and how many files could not be read, each of which is told of on stderr.

    With `beside` it stands next to the period before and the year before. Raises UsageError for an unknown client,
    period, group or metric before anything is read, and ReadError for a client without any file.
    """
    from kpi_toolkit.store import Store

    known_client(workspace, client_id)
    asked, wanted = parse_period(period), list(metrics) or None
    chosen(wanted), split(by)
    unread = tell_unread(brought(workspace, client_id), lang)
    with Store(workspace).dataset(client_id) as dataset:
        for file, texts in dataset.notes.items():
            for text in texts:
                output.note(f"! {file}: {text.say(lang)}")
        if beside:
            return compare(dataset, asked, by=by, metrics=wanted), unread
        return measure(dataset, [asked], by=by, metrics=wanted), unread


def show(table: pd.DataFrame, form: str, lang: Lang, currency: str) -> None:
    """The long table on stdout, as a table for people, JSON or CSV."""
    rows: list[dict[str, object]] = [
        {str(name): value for name, value in row.items()} for row in table.to_dict("records")
    ]
    if form == "json":
        output.print_json(rows)
    elif form == "csv":
        output.print_csv(rows, [str(name) for name in table.columns])
    else:
        _print(rows, [str(name) for name in table.columns], lang, currency)


def _print(rows: Sequence[Mapping[str, object]], columns: Sequence[str], lang: Lang, currency: str) -> None:
    groups = [name for name in columns[: columns.index("numerator")] if name not in _OWN]
    changes = [name for name in ("change_previous", "change_last_year") if name in columns]
    own = [_VALUE, *[_BEFORE, _YEAR][: len(changes)], _COUNT, _REMARK]
    labels = [GROUPINGS[name].label.say(lang) for name in groups]
    heads = [_METRIC.say(lang), *labels, _PERIOD.say(lang), *(head.say(lang) for head in own)]
    right = range(len(groups) + 2, len(heads) - 1)
    lines = [_line(row, groups, changes, lang, currency) for row in rows]
    output.print_table(heads, lines, right=right)


def _line(
    row: Mapping[str, object], groups: Sequence[str], changes: Sequence[str], lang: Lang, currency: str
) -> list[str]:
    metric = METRICS[str(row["metric"])]
    value = number(_float(row["value"]), kind_of(metric.unit), lang, currency=_words(row["currency"]) or currency)
    days = f"{row['period_start']:%Y-%m-%d} – {row['period_end']:%Y-%m-%d}"
    codes = "; ".join(str(row[name]) for name in ("reason", "caveat", "comparison") if row.get(name)).split("; ")
    remarks = [why(code, lang) for code in codes if code]
    remarks += [phrases.TOO_FEW.say(lang)] if row["status"] == "too few" else []
    return [
        metric.short.say(lang), *(_group(name, row[name], lang) for name in groups), days, value,
        *(number(_float(row[name]), "change", lang) for name in changes), number(_float(row["n"]), "count", lang), "; ".join(dict.fromkeys(remarks)),
    ]  # fmt: skip


def _group(name: str, value: object, lang: Lang) -> str:
    """A group as people read it: rows that don't say theirs are one too; empty for a metric that has no groups."""
    return _UNSAID.fill(group=GROUPINGS[name].label.say(lang).lower()).say(lang) if value == "" else _words(value)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
