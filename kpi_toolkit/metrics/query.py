"""Asking one canonical table: all quantities of a table in one scan, grouped in DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from kpi_toolkit.metrics.buckets import Bucket, Place, Span, places
from kpi_toolkit.metrics.groupings import GROUPINGS
from kpi_toolkit.metrics.metric import Guard, Quantity
from kpi_toolkit.metrics.quantities import COUNTED
from kpi_toolkit.periods import Period
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset
from kpi_toolkit.tables.quoting import literal

# Tables whose sources go on from month to month; posts and invoices come when they come.
STEADY = ("ads_daily", "sessions", "orders")
# Whose account a row of a table with its own grain is: two accounts may be exported at different grain.
_ACCOUNT: Mapping[str, str] = {"ads_daily": "account_id", "sessions": "property"}


@dataclass(frozen=True)
class Question:
    """What is asked of one table at once: its quantities, by which groupings (all known to it), in which buckets."""

    dataset: Dataset
    table: str
    quantities: tuple[Quantity, ...]
    by: tuple[str, ...]
    buckets: Sequence[Bucket]

    @property
    def guards(self) -> tuple[Guard, ...]:
        """The columns that the answer keeps apart. Platforms always, since a platform may not give a column at all."""
        found = dict.fromkeys(guard for quantity in self.quantities for guard in quantity.guards)
        return tuple(found | {"source": None} if self.steady and self.additive else found)

    @property
    def steady(self) -> bool:
        """Whether its sources are platforms and shops, which are expected to tell of every month."""
        return self.table in STEADY

    @property
    def grained(self) -> bool:
        """Whether the table may hold rows over whole periods, and rows of different shape."""
        return "grain" in TABLES[self.table]

    @property
    def additive(self) -> bool:
        """Whether parts of a group may be asked apart and added: numbers of different customers may not."""
        return all(quantity.how != "distinct" for quantity in self.quantities)

    def empty(self, quantity: Quantity) -> str:
        """The condition of rows whose cell should hold the quantity and is empty."""
        return f"{quantity.where} AND {quantity.due} AND ({quantity.of}) IS NULL"

    def lacking(self, quantity: Quantity) -> str:
        """The condition of rows that can't answer without the quantity's assumption."""
        return f"{quantity.where} AND ({_filled(quantity, {})}) IS NULL"


@dataclass(frozen=True)
class Sheet:
    """The answer: a row for each bucket, group and value of the guards.

    `rows` holds `bucket`, the groupings as `by_<name>`, the guards as `guard_<name>`, `uncut` (days that the
    bucket cuts, else empty), a column for each quantity's id, `lacking_<id>`, `empty_<id>`, and `rows`, `exact`: how many rows of
    the table there are, and how many cover the bucket exactly.
    """

    question: Question
    rows: pd.DataFrame
    blank: frozenset[str] = field(default=frozenset())
    instead: frozenset[tuple[int, str]] = field(default=frozenset())


def ask(question: Question) -> Sheet:
    """The table's answer in one scan."""
    standing = _standing(question) if question.grained else []
    rows = question.dataset.connection.execute(_sql(question, standing)).df()
    blank = {name for name in question.by if not (rows[f"by_{name}"] != "").any()}
    instead = {(place.bucket, place.span.source) for place in standing if place.instead}
    return Sheet(question, rows, frozenset(blank), frozenset(instead))


def days_covered(dataset: Dataset, table: str) -> tuple[date, date] | None:
    """The first and the last day that the table's rows speak of; None without any."""
    first = last = TABLES[table].day
    if "grain" in TABLES[table]:
        first, last = "period_start", "period_end"
    found = dataset.connection.execute(
        f"SELECT min({first})::DATE, max({last})::DATE FROM {dataset.relations[table]}"
    ).fetchall()
    return (found[0][0], found[0][1]) if found[0][0] is not None else None


def beginnings(dataset: Dataset, table: str) -> dict[str, date]:
    """The first day that each source of the table speaks of."""
    first = "period_start" if "grain" in TABLES[table] else TABLES[table].day
    found = dataset.connection.execute(
        f"SELECT source, min({first})::DATE FROM {dataset.relations[table]} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return dict(found)


def _sql(question: Question, standing: Sequence[Place]) -> str:
    if not standing and _adds_up_by_day(question):
        return _by_day(question)
    own = question.dataset.currency
    keys = [f"{_text(GROUPINGS[name].columns[question.table], own)} AS by_{name}" for name in question.by]
    groups = ["bucket", *keys, *_guarded(question), "uncut"]
    numbers = ", ".join(str(n + 1) for n in range(len(groups)))
    return (
        f"WITH {_taken(question, standing)} SELECT {', '.join(groups)}, {_listed(_aggregates(question))} "
        f"FROM taken{_one_shape(question)} GROUP BY {numbers} ORDER BY {numbers}"
    )


def _adds_up_by_day(question: Question) -> bool:
    """Whether the answer is the sum of its days' answers. With groups, a day's sums may be as many as its rows."""
    plain = all(quantity.how in {"sum", "count"} and "first_" not in quantity.where for quantity in question.quantities)
    return plain and not question.by and not _one_shape(question)


def _by_day(question: Question) -> str:
    """Sums by day, and then of the days: a day has few guards, and buckets may share its rows."""
    day, names = TABLES[question.table].day, [f"guard_{guard}" for guard in question.guards]
    groups = ", ".join(str(n + 1) for n in range(len(names) + 1))
    daily = (
        f'SELECT t."{day}"::DATE AS day, {", ".join([*_guarded(question), _listed(_aggregates(question))])} '
        f"FROM {question.dataset.relations[question.table]} AS t WHERE {_within(question)} GROUP BY {groups}"
    )
    kinds = {quantity.id: "DOUBLE" for quantity in question.quantities}
    sums = {name: f'sum("{name}")::{kinds.get(name, "BIGINT")}' for name in _aggregates(question)}
    chosen = ", ".join(["bucket", *names, "'' AS uncut"])
    return (
        f"WITH days AS ({_days(question.buckets)}), daily AS ({daily}) SELECT {chosen}, {_listed(sums)} "
        f"FROM daily JOIN days USING (day) GROUP BY {groups} ORDER BY {groups}"
    )


def _guarded(question: Question) -> list[str]:
    return [f"{_text(guard, question.dataset.currency)} AS guard_{guard}" for guard in question.guards]


def _listed(aggregates: Mapping[str, str]) -> str:
    return ", ".join(f'{sql} AS "{name}"' for name, sql in aggregates.items())


def _aggregates(question: Question) -> dict[str, str]:
    found = {quantity.id: _aggregate(quantity, question.dataset.assumptions) for quantity in question.quantities}
    found |= {
        f"lacking_{quantity.id}": f"count(*) FILTER (WHERE {question.lacking(quantity)})"
        for quantity in question.quantities
        if quantity.assumption
    }
    found |= {
        f"empty_{quantity.id}": f"count(*) FILTER (WHERE {question.empty(quantity)})"
        for quantity in question.quantities
        if quantity.due != "false"
    }
    if any(quantity.how == "single" for quantity in question.quantities):
        exact = "coalesce(date_day, period_start) = first_day AND coalesce(date_day, period_end) = last_day"
        found["exact"] = f"count(*) FILTER (WHERE {exact})"
    return found | {"rows": "count(*)"}


def _aggregate(quantity: Quantity, assumptions: Mapping[str, float]) -> str:
    of, kept = _filled(quantity, assumptions), "" if quantity.where == "true" else f" FILTER (WHERE {quantity.where})"
    if quantity.how == "count":
        return f"count(*){kept}::DOUBLE"
    if quantity.how == "distinct":
        return f"CASE WHEN count(*) FILTER (WHERE {quantity.known}) > 0 THEN (count(DISTINCT {of}){kept})::DOUBLE END"
    total = f"sum({of}){kept}"
    return total if quantity.empty is None else f"coalesce({total}, {quantity.empty})"


def _filled(quantity: Quantity, assumptions: Mapping[str, float]) -> str:
    if not quantity.assumption:
        return quantity.of
    figure = assumptions.get(quantity.assumption)
    return quantity.of.replace("{" + quantity.assumption + "}", "NULL" if figure is None else repr(float(figure)))


def _text(column: str, currency: str) -> str:
    """The column as text, '' where empty; money that doesn't say its currency is in the client's own."""
    if column == "currency":
        return f"coalesce(nullif(currency, ''), {literal(currency)})"
    return f"coalesce(\"{column}\"::VARCHAR, '')"


def _taken(question: Question, standing: Sequence[Place]) -> str:
    day = TABLES[question.table].day
    # The join places each row, in several buckets where they overlap.
    return (
        f"days AS ({_days(question.buckets)}), taken AS (SELECT bucket, first_day, last_day, '' AS uncut, t.* "
        f'FROM {_relation(question)} AS t JOIN days ON t."{day}"::DATE = days.day '
        f"WHERE {_within(question)}"
        f"{_but_for(standing, question)}{_whole_periods(standing, question)})"
    )


def _within(question: Question) -> str:
    """From the first day that is asked for to the last: DuckDB passes over what can't match."""
    day = f't."{TABLES[question.table].day}"'
    first = min((one.period.start for one in question.buckets), default=date.max)
    last = max((one.period.end for one in question.buckets), default=date.min) + timedelta(days=1)
    return f"{day} >= DATE '{first}' AND {day} < DATE '{last}'"


def _days(wanted: Sequence[Bucket]) -> str:
    rows = ", ".join(f"({one.number}, DATE '{one.period.start}', DATE '{one.period.end}')" for one in wanted)
    return (
        "SELECT bucket, first_day, last_day, unnest(range(first_day, last_day + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS day "
        f"FROM (VALUES {rows}) AS wanted(bucket, first_day, last_day)"
    )


def _relation(question: Question) -> str:
    relation = question.dataset.relations[question.table]
    if not any("first_at" in quantity.where for quantity in question.quantities):
        return relation
    return (
        f"(SELECT o.*, f.first_at FROM {relation} AS o LEFT JOIN (SELECT customer_key AS who, min(ordered_at) AS first_at "
        f"FROM {relation} WHERE {COUNTED} AND customer_key IS NOT NULL GROUP BY 1) AS f ON o.customer_key = f.who)"
    )


def _whole_periods(standing: Sequence[Place], question: Question) -> str:
    """Further rows: those without a date of their own, where they may stand."""
    if not standing:
        return ""
    return (
        f" UNION ALL SELECT p.bucket, first_day, last_day, p.uncut, t.* FROM {question.dataset.relations[question.table]} AS t "
        f"JOIN {_places(standing, question)} ON t.grain = 'period' AND t.source = p.source "
        f"AND {_account(question.table)} = p.account AND t.period_start = p.since AND t.period_end = p.until "
        f"AND ({_lacking(question)}) = p.lacking"
    )


def _but_for(standing: Sequence[Place], question: Question) -> str:
    """Days give way to a whole-period row that stands for them: they tell the same facts."""
    better = [place for place in standing if not place.uncut]
    if not better:
        return ""
    account = _account(question.table)
    return (
        f" AND NOT EXISTS (SELECT 1 FROM {_places(better, question)} WHERE p.bucket = days.bucket AND p.source = t.source "
        f"AND (p.account = '' OR {account} = '' OR p.account = {account}) "
        f"AND t.date_day BETWEEN p.since AND p.until)"
    )


def _places(standing: Sequence[Place], question: Question) -> str:
    limits = {one.number: one.period for one in question.buckets}
    rows = ", ".join(_place(place, limits[place.bucket]) for place in standing)
    return f"(VALUES {rows}) AS p(bucket, first_day, last_day, uncut, source, account, since, until, lacking)"


def _place(place: Place, limits: Period) -> str:
    span = place.span
    words = ", ".join(literal(word) for word in (str(span) if place.uncut else "", span.source, span.account))
    days = ", ".join(f"DATE '{day}'" for day in (limits.start, limits.end))
    return f"({place.bucket}, {days}, {words}, DATE '{span.start}', DATE '{span.end}', {span.lacking})"


def _standing(question: Question) -> list[Place]:
    relation, account = question.dataset.relations[question.table], _account(question.table)
    run = question.dataset.connection.execute
    found = run(
        f"SELECT DISTINCT t.source, {account}, t.period_start, t.period_end, {_lacking(question)} "
        f"FROM {relation} AS t WHERE t.grain = 'period'"
    ).fetchall()
    if not found:
        return []
    spans = [Span(*row) for row in sorted(found)]
    sources = ", ".join(literal(source) for source in sorted({span.source for span in spans}))
    by_day = run(
        f"SELECT t.source, {account}, {_lacking(question)}, list(DISTINCT t.date_day) FROM {relation} AS t "
        f"WHERE t.source IN ({sources}) AND t.date_day IS NOT NULL GROUP BY 1, 2, 3"
    ).fetchall()
    return places(spans, {(source, who, lacking): set(days) for source, who, lacking, days in by_day}, question.buckets)


def _lacking(question: Question) -> str:
    """How many of the asked groupings a row's file does not have; 0 throughout where all files are of one shape."""
    if not any(len(found) > 1 for found in question.dataset.shapes.get(question.table, {}).values()):
        return "0"
    asked = [GROUPINGS[name].columns[question.table] for name in question.by]
    dimensions = [column for column in asked if column in TABLES[question.table].dimensions]
    has = (f"(NOT list_contains(string_split(t.shape, '+'), {literal(column)}))::INTEGER" for column in dimensions)
    return " + ".join(has) or "0"


def _account(table: str) -> str:
    return f"coalesce(t.{_ACCOUNT[table]}::VARCHAR, '')"


def _one_shape(question: Question) -> str:
    """A filter that leaves one shape for each source, account and day: the coarsest that has all asked groupings.

    An account that isn't said may be any of the source's, so there it is one shape for them all.
    """
    shapes = question.dataset.shapes.get(question.table, {})
    doubled = {source: found for source, found in shapes.items() if len(found) > 1}
    if not doubled:
        return ""
    asked = {GROUPINGS[name].columns[question.table] for name in question.by}
    order = sorted({shape for found in doubled.values() for shape in found}, key=lambda shape: _rank(shape, asked))
    ranks = " ".join(f"WHEN {literal(shape)} THEN {rank}" for rank, shape in enumerate(order))
    sources = ", ".join(literal(source) for source in sorted(doubled))
    account = f"coalesce({_ACCOUNT[question.table]}::VARCHAR, '')"
    return (
        " LEFT JOIN (SELECT s, a, b, f, l, CASE WHEN bool_or(a = '') OVER day THEN arg_min(best, rank) OVER day ELSE best "
        f"END AS only_shape FROM (SELECT source AS s, {account} AS a, bucket AS b, coalesce(date_day, period_start) AS f, "
        f"coalesce(date_day, period_end) AS l, arg_min(shape, CASE shape {ranks} END) AS best, min(CASE shape {ranks} END) "
        f"AS rank FROM taken WHERE source IN ({sources}) GROUP BY ALL) "
        f"WINDOW day AS (PARTITION BY s, b, f, l)) AS chosen ON source = s AND {account} = a AND bucket = b "
        "AND coalesce(date_day, period_start) = f AND coalesce(date_day, period_end) = l "
        "WHERE only_shape IS NULL OR shape = only_shape"
    )


def _rank(shape: str, asked: set[str]) -> tuple[int, int, str]:
    dimensions = set(filter(None, shape.split("+")))
    return len(asked - dimensions), len(dimensions), shape
