"""Every metric as the sheet that an owner would check by hand: small tables, and the expected value as the sum.

The sheets are `metrics/*.txt`. A sheet starts with `# title`; then come, in any order,

    period: 2026-10            the period (default 2026-10)
    by: campaign               the groupings
    assume: gross_margin=0.4   figures of client.yaml

tables, whose first line names the table and its columns (`\\|` is a bar in a cell); and expectations:

    ctr, many = (10 + 5) / (100 + 50)    the value of a metric in a group, with status `ok`
    ctr, few  ~ 1 / 10                   the same with status `too few`
    ctr, zero ! denominator is 0         no value, for this reason
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.metrics import METRICS, measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset, derived, from_frames

SHEETS = Path(__file__).parent / "metrics"
_EXPECTED = re.compile(r"(?P<metric>[a-z_]+)(?P<groups>(?:, *[^=~!]*)?) *(?P<sign>[=~!]) *(?P<answer>.+)")
_STATUS = {"=": "ok", "~": "too few", "!": "no data"}
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass
class Expected:
    """One line of a sheet: the metric, the group, how it stands and the value or reason."""

    line: str
    metric: str
    groups: tuple[str, ...]
    status: str
    answer: str


@dataclass
class Sheet:
    """One sheet: its tables and what is expected of them."""

    title: str
    period: str = "2026-10"
    by: tuple[str, ...] = ()
    assumptions: dict[str, float] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)

    def dataset(self) -> Dataset:
        """The sheet's tables, read as the columns' kinds say."""
        frames = {name: frame(name, rows) for name, rows in self.tables.items()}
        return from_frames(frames, assumptions=self.assumptions)


def frame(name: str, rows: list[list[str]]) -> pd.DataFrame:
    """The rows under their header; blank cells are empty."""
    columns: dict[str, object] = {}
    for column, *cells in zip(*rows, strict=True):
        kind = "text" if column in derived(name) else TABLES[name][column].kind
        values = [cell or None for cell in cells]
        if kind in ("date", "time"):
            columns[column] = pd.to_datetime(pd.Series(values))
        elif kind == "flag":
            columns[column] = pd.Series([None if v is None else v == "yes" for v in values], dtype="boolean")
        elif kind in ("text", "id"):
            columns[column] = pd.Series(values, dtype="str")
        else:
            columns[column] = pd.Series([math.nan if v is None else float(v) for v in values])
    return pd.DataFrame(columns)


def sheets() -> list[Sheet]:
    """All sheets of all files."""
    return [sheet for file in sorted(SHEETS.glob("*.txt")) for sheet in read(file.read_text(encoding="utf-8"))]


def read(text: str) -> Iterator[Sheet]:
    """The sheets of one file. Raises ValueError for a line that is none of what a sheet may hold."""
    sheet, table = None, ""
    for line in text.splitlines():
        if not line.strip():
            continue
        if line.startswith("# "):
            if sheet:
                yield sheet
            sheet, table = Sheet(line[2:]), ""
        elif sheet is None:
            raise ValueError(f"before the first title: {line!r}")
        elif "|" in line and line.partition("|")[0].strip() in ("", *TABLES):
            table = _row(sheet, line, table)
        else:
            _setting_or_expectation(sheet, line)
    if sheet:
        yield sheet


def _row(sheet: Sheet, line: str, table: str) -> str:
    name, *cells = (cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line))
    if name:
        sheet.tables[name] = []
    sheet.tables[name or table].append(cells)
    return name or table


def _setting_or_expectation(sheet: Sheet, line: str) -> None:
    if line.startswith("period:"):
        sheet.period = line.removeprefix("period:").strip()
    elif line.startswith("by:"):
        sheet.by = tuple(name.strip() for name in line.removeprefix("by:").split(","))
    elif line.startswith("assume:"):
        name, figure = line.removeprefix("assume:").split("=")
        sheet.assumptions[name.strip()] = float(figure)
    elif found := _EXPECTED.fullmatch(line.strip()):
        groups = tuple(name.strip() for name in found["groups"].split(",")[1:])
        sheet.expected.append(Expected(line, found["metric"], groups, _STATUS[found["sign"]], found["answer"].strip()))
    else:
        raise ValueError(f"neither setting, table nor expectation: {line!r}")


def reckoned(sum_in_words: str) -> float:
    """The value of a sum like `(100 + 50) / (10 + 5)`."""

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        raise ValueError(f"not a sum: {sum_in_words!r}")

    return value(ast.parse(sum_in_words, mode="eval").body)


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.title.replace(" ", "_"))
def test_the_sheet_comes_out_as_written(sheet: Sheet) -> None:
    assert sheet.expected, "a sheet without expectations proves nothing"
    asked = list(dict.fromkeys(expected.metric for expected in sheet.expected))
    rows = measure(sheet.dataset(), [parse_period(sheet.period)], by=sheet.by, metrics=asked)
    names = [name for name in sheet.by if name in rows]
    found = {}
    for row in rows.to_dict("records"):
        groups = [str(row[name]) if isinstance(row[name], str) else "(none)" for name in names]
        if {"day", "week", "month"} & set(sheet.by):
            groups.append(f"{row['period_start']:%Y-%m-%d}")
        found[row["metric"], *groups] = row
    faults = [fault for expected in sheet.expected if (fault := _fault(expected, found))]
    assert not faults, "\n".join(faults)


def _fault(expected: Expected, found: dict[tuple[str, ...], dict[str, object]]) -> str:
    row = found.get((expected.metric, *expected.groups))
    if row is None:
        return f"{expected.line}: no such row, there are {sorted(key for key in found if key[0] == expected.metric)}"
    told = f"{row['status']} {row['value']} {row['reason']!r}"
    if row["status"] != expected.status:
        return f"{expected.line}: {told}"
    if expected.status == "no data":
        assert math.isnan(float(str(row["value"])))
        return "" if row["reason"] == expected.answer else f"{expected.line}: {told}"
    value = float(str(row["value"]))
    return "" if math.isclose(value, reckoned(expected.answer), rel_tol=1e-12) else f"{expected.line}: {told}"


def test_every_metric_has_a_sheet() -> None:
    given = {expected.metric for sheet in sheets() for expected in sheet.expected if expected.status != "no data"}
    assert set(METRICS) - given == set()


def test_every_ratio_shows_what_a_denominator_of_zero_does() -> None:
    shown = {
        expected.metric
        for sheet in sheets()
        for expected in sheet.expected
        if expected.status == "no data" and expected.answer == "denominator is 0"
    }
    assert {metric.id for metric in METRICS.values() if metric.denominator is not None} - shown == set()


def test_a_wrong_sum_is_told() -> None:
    (sheet,) = read("# x\nads_daily | date_day | spend\n | 2026-10-01 | 5\nspend ~ 5 + 1\nspend = 5")
    row = {"value": 5.0, "status": "ok", "reason": ""}
    told = [_fault(expected, {("spend",): row}) for expected in sheet.expected]
    assert told[0] and not told[1]
