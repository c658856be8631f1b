"""From text cells to canonical columns: the one SELECT that reads a file, with the reason for every row it sets aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kpi_toolkit.sources import cells, header
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.source import Source
from kpi_toolkit.tables.contract import violation
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import DUCKDB_TYPE, NUMERIC, Kind

# Nobody's figures are of before computers or of two years ahead, nor beyond a trillion.
EARLIEST = date(1970, 1, 1)
LATEST = "current_date + INTERVAL 2 YEAR"
LARGEST = 1e12
# Hexadecimal digits of a hashed cell: half of the hash still tells all people apart.
KEY_LENGTH = 32
# Above this share of unreadable rows a file is refused as a whole rather than read with holes.
MOST_UNREADABLE = 0.01
# Why a row was dropped whose cells aren't those of its columns.
SHIFTED = "shifted row"
# Working columns that tell a row's period when there is no day: a range in one cell, a month, a week.
_DAYS: Mapping[str, Kind] = {"_month": "date", "_week": "date"}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a file is to be read: which cell is which column, and what the file says for all its rows."""

    raw: RawTable
    source: Source
    columns: Mapping[str, int]
    timezone: str
    salt: str
    date_order: str = ""
    period: tuple[date, date] | None = None
    constants: Mapping[str, str] = field(default_factory=dict)

    def kind(self, name: str) -> Kind:
        """How the cells of `name` are read."""
        return _DAYS.get(name, self.source.kind(name))

    def cell(self, name: str) -> str:
        """The raw cell of `name`."""
        return f"c{self.columns[name]}"

    @property
    def kept(self) -> list[str]:
        """The canonical columns that the snapshot will have, in the tables' order."""
        given = {*self.columns, *self.computed, *self.constants, *self._dated, "source"} - {"source_row"}
        return [name for name in self.source.columns if name in given]

    @property
    def computed(self) -> dict[str, str]:
        """What the format works out from the columns that the file has."""
        needed = self.source.only_with
        return {
            name: sql for name, sql in self.source.computed.items() if needed.get(name, name) in {name, *self.columns}
        }

    @property
    def shape(self) -> str:
        """Which dimensions the file has, joined by `+`: an id stands for its name."""
        present = {re.sub(r"_id$", "_name", name) for name in self.columns}
        return "+".join(name for name in self.source.tables[0].dimensions if name in present)

    @property
    def _dated(self) -> set[str]:
        return {"grain", "date_day", "period_start", "period_end"} if "grain" in self.source.columns else set()


def select(plan: Plan, carried: tuple[str, ...] = ()) -> str:
    """SQL that yields the columns `carried` of the raw relation as they are, and the canonical columns of every row, `dropped` (the reason, NULL when kept), `total_label`, and a
    flag `broken_N` for each rule of the format that the row breaks."""
    chosen = [*carried, *(f'{_final(plan, name)} AS "{name}"' for name in plan.kept)]
    chosen += [f"{_reason(plan)} AS dropped", f"{_label(plan)} AS total_label"]
    chosen += [f"NOT coalesce(({sql}), true) AS broken_{number}" for number, sql in enumerate(plan.source.rules)]
    return f"SELECT {', '.join(chosen)} FROM ({_computed(plan)})"


def _typed(plan: Plan) -> str:
    """Every wanted cell read by its kind, beside the raw cells."""
    read = [f'{_value(plan, name)} AS "{name}"' for name in plan.columns]
    return f"SELECT *, {', '.join(read)} FROM {plan.raw.relation}"


def _value(plan: Plan, name: str) -> str:
    cell, kind = plan.cell(name), plan.kind(name)
    if name == "currency":
        return cells.currency(cell)
    if name == "hour":
        return cells.hour(cell)
    if plan.source.names_a_person(name):
        return f"lower({cells.identifier(cell)})"
    value = cells.value(cell, kind, timezone=plan.timezone, order=plan.date_order)
    if kind in {"date", "time"} and header.names_months(plan.raw.header[plan.columns[name]]):
        value = f"coalesce({value}, {cells.month(cell)})"
    return f"({value}) / {plan.source.scales[name]}" if name in plan.source.scales else value


def _computed(plan: Plan) -> str:
    """The typed rows with what the format or the file as a whole says about them."""
    told = {name: f"{literal(text)}::{DUCKDB_TYPE[plan.kind(name)]}" for name, text in plan.constants.items()}
    made = {"source": f"'{plan.source.id}'"} | told
    made |= {name: f"({sql})" for name, sql in plan.computed.items()} | _periods(plan)
    there = {*plan.columns, *absent(plan)}
    replaced = ", ".join(f'{sql} AS "{name}"' for name, sql in made.items() if name in there)
    added = "".join(f', {sql} AS "{name}"' for name, sql in made.items() if name not in there)
    everything = f"* REPLACE ({replaced})" if replaced else "*"
    return f"SELECT {everything}{added} FROM ({_padded(plan)})"


def _padded(plan: Plan) -> str:
    """The typed rows, with NULL for the columns that formulas mention and the file doesn't have."""
    empty = "".join(f', NULL::{DUCKDB_TYPE[plan.kind(name)]} AS "{name}"' for name in absent(plan))
    return f"SELECT *{empty} FROM ({_typed(plan)})" if empty else _typed(plan)


def absent(plan: Plan) -> list[str]:
    """Columns that the format's formulas mention and the file doesn't have."""
    return [name for name in plan.source.headers if name not in plan.columns and _mentioned(plan, name)]


def _mentioned(plan: Plan, name: str) -> bool:
    return any(name in sql for sql in (*plan.computed.values(), *plan.source.skipped.values(), *plan.source.rules))


def _periods(plan: Plan) -> dict[str, str]:
    """`grain`, `date_day`, `period_start`, `period_end` of each row: by its day, its own range, or the file's."""
    if "grain" not in plan.source.columns:
        return {}
    starts = [name for name in ("_month", "_week", "period_start") if name in plan.columns]
    own_day = ["date_day"] if "date_day" in plan.columns else []
    if "_nth_day" in plan.columns and plan.period:
        own_day.append(f"DATE '{plan.period[0]}' + CAST(_nth_day AS INTEGER)")
    start, end = _range_of(plan, starts)
    # A range of one day is a day, where the file has no column for days.
    day = f"coalesce({', '.join(own_day)})" if own_day else f"CASE WHEN {start} = {end} THEN {start} END"
    return {
        "grain": f"CASE WHEN {day} IS NULL THEN 'period' ELSE 'day' END",
        "date_day": day,
        "period_start": f"coalesce({day}, {start})",
        "period_end": f"coalesce({day}, {end})",
    }


def _range_of(plan: Plan, starts: list[str]) -> tuple[str, str]:
    whole = tuple(f"DATE '{day}'" for day in plan.period) if plan.period else ("NULL::DATE", "NULL::DATE")
    if "_range" in plan.columns:
        cell = plan.cell("_range")
        first, last = (cells.day(f"trim(split_part({cell}, ' - ', {part}))", plan.date_order) for part in (1, 2))
        month = cells.month(cell)
        return f"coalesce({first}, {month})", f"coalesce({last}, last_day({month}))"
    if "_month" in starts:
        return "_month", "last_day(_month)"
    if "_week" in starts:
        return "_week", "(_week + 6)::DATE"
    if "period_start" in starts and "period_end" in plan.columns:
        return "period_start", "period_end"
    return whole[0], whole[1]


def _final(plan: Plan, name: str) -> str:
    if plan.source.columns[name].hashed:
        # Last of all: of an e-mail and three phones only the one that was chosen is hashed.
        return f'left(sha256({literal(plan.salt)} || "{name}"), {KEY_LENGTH})'
    return f'"{name}"::{DUCKDB_TYPE[plan.kind(name)]}'


def _day_is_known(plan: Plan) -> str:
    """A shortcut for the many: a row with a day of its own is no totals row."""
    return "date_day IS NOT NULL" if "date_day" in plan.columns else "false"


def _opening(plan: Plan) -> str:
    """The row's first filled cell, among the first three: where exports and books write `Total` and 合計."""
    opening = ", ".join(f"nullif(trim(c{number}), '')" for number in range(min(3, len(plan.raw.header))))
    return f"coalesce({opening}, '')"


def _is_total(plan: Plan) -> str:
    rule = plan.source.totals
    tests = []
    if rule.label:
        tests.append(f"coalesce(regexp_full_match({_opening(plan)}, {literal(f'(?i)(?:{rule.label})')}), false)")
    blank = [plan.cell(name) for name in rule.blank if name in plan.columns]
    if rule.label:
        # Where other columns stand before it, the label is the name of the thing (Meta: Total as campaign).
        tests += [
            f"coalesce(regexp_full_match(trim({cell}), {literal(f'(?i)(?:{rule.label})')}), false)" for cell in blank
        ]
    if blank:
        # `(not set)` is a name here, not an absence.
        tests.append("(" + " AND ".join(f"coalesce(trim({cell}), '') = ''" for cell in blank) + ")")
    return f"CASE WHEN {_day_is_known(plan)} OR {_is_shifted(plan)} THEN false ELSE {' OR '.join(tests) or 'false'} END"


def _is_shifted(plan: Plan) -> str:
    return "shifted <> ''" if plan.raw.shifted else "false"


def _label(plan: Plan) -> str:
    rule, opening = plan.source.totals, _opening(plan)
    labels = {"compared": rule.compared, "covering": rule.covering}
    cases = [
        f"WHEN coalesce(regexp_full_match({opening}, {literal(f'(?i)(?:{words})')}), true) THEN '{label}'"
        for label, words in labels.items()
        if words
    ]
    return f"CASE WHEN {_is_total(plan)} THEN CASE {' '.join(cases)} ELSE 'other' END END"


def _reason(plan: Plan) -> str:
    is_blank = " AND ".join(f"coalesce({plan.cell(name)}, '') = ''" for name in plan.columns)
    cases = [f"WHEN {_is_shifted(plan)} THEN '{SHIFTED}'"]
    cases += [f"WHEN {is_blank} THEN 'blank row'", f"WHEN {_is_total(plan)} THEN 'total row'"]
    cases += [f"WHEN {sql} THEN '{reason}'" for reason, sql in plan.source.skipped.items()]
    for name in plan.columns:
        if (plan.kind(name) in NUMERIC | {"date", "time"} and name != "_range") or name in {"currency", "hour"}:
            cases.append(
                f"WHEN {cells.unreadable(plan.cell(name), _quote(name), plan.kind(name))} THEN 'unreadable {name}'"
            )
    columns = plan.source.columns
    for name in plan.kept:
        # A line of an order may leave the order's own cells to the order's first line; the ledger looks at whole orders.
        rules = replace(columns[name], required=False) if plan.source.lines else columns[name]
        broken = violation(rules, _quote(name))
        if columns[name].kind in {"date", "time"}:
            absurd = f"{_quote(name)} < DATE '{EARLIEST}' OR {_quote(name)} > {LATEST}"
            broken = f"({broken} OR {absurd})" if broken else f"({absurd})"
        elif columns[name].kind in {"money", "count"}:
            absurd = f"abs({_quote(name)}) > {LARGEST}"
            broken = f"({broken} OR {absurd})" if broken else f"({absurd})"
        if broken:
            cases.append(f"WHEN {broken} THEN 'invalid {name}'")
    return f"CASE {' '.join(cases)} END"


def _quote(name: str) -> str:
    return f'"{name}"'
