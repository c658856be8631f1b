"""Asking the metric layer for what sections tell, each question once a context."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kpi_toolkit.analysis.figures import Earlier, Figure
from kpi_toolkit.metrics import METRICS, compare, measure
from kpi_toolkit.periods import Period
from kpi_toolkit.sections.section import Context

if TYPE_CHECKING:
    import pandas as pd


Place = TypeVar("Place", Period, int)


@dataclass(frozen=True, kw_only=True)
class Series(Generic[Place]):
    """Values over time in one currency ('' where they are no money); `other` values were in another, and left out."""

    currency: str
    values: Mapping[Place, float | None]
    other: int = 0


def figures(context: Context, metrics: Iterable[str]) -> dict[str, Figure]:
    """The client's figures for `metrics`, in order, each with its target and, where no sum is given, its parts."""
    wanted = list(metrics)
    found = {figure.metric: figure for figure in compared(context, ())}
    refused = [name for name in wanted if found[name].reason.startswith("several ")]
    parts = _parts(context) if refused else {}
    return {name: _with(found[name], context, parts.get(name, ()) if name in refused else ()) for name in wanted}


def _with(figure: Figure, context: Context, parts: Sequence[Figure]) -> Figure:
    target = context.client.target(figure.metric, context.period)
    currency = context.dataset.currency if METRICS[figure.metric].unit == "money" else ""
    return replace(figure, target=target.value if target else None, target_currency=currency, parts=tuple(parts))


def _parts(context: Context) -> dict[str, list[Figure]]:
    """Every metric's figures by platform: those that have or had something, or whose own sum is refused too."""
    found: dict[str, list[Figure]] = {}
    for figure in compared(context, ("source",)):
        had = any(value for value in (figure.value, figure.previous.value, figure.last_year.value))
        if (had and figure.value is not None) or figure.reason.startswith("several "):
            found.setdefault(figure.metric, []).append(figure)
    return found


def compared(context: Context, by: tuple[str, ...]) -> list[Figure]:
    """All metrics over the period by groups, beside the earlier periods; asked once a context."""
    key = ("compare", by)
    if key not in context.asked:
        context.asked[key] = compare(context.dataset, context.period, by=by)
    return [_figure(row, by) for row in context.asked[key].to_dict("records")]


def months(context: Context, metric: str, count: int, by: tuple[str, ...] = ()) -> dict[tuple[str, ...], Series[Period]]:  # fmt: skip
    """The metric month by month up to the period, oldest first, for each group."""
    periods = context.period.back(count)
    key = ("months", count, by)
    if key not in context.asked:
        context.asked[key] = measure(context.dataset, periods, by=by)
    frame = context.asked[key]
    rows = frame[frame["metric"] == metric]
    return _series(rows, by, {period.start: period for period in periods})


def days(context: Context, metric: str, period: Period, by: tuple[str, ...] = ()) -> dict[tuple[str, ...], Series[int]]:  # fmt: skip
    """The metric by day of the month, for each group."""
    key = ("days", metric, period, by)
    if key not in context.asked:
        context.asked[key] = measure(context.dataset, [period], by=(*by, "day"), metrics=[metric])
    return _series(context.asked[key], by, {day: day.day for day in period.each_day()})


def _series(rows: pd.DataFrame, by: tuple[str, ...], places: Mapping[Any, Any]) -> dict[tuple[str, ...], Series[Any]]:
    given: dict[tuple[str, ...], list[tuple[Any, float, str]]] = {}
    for row in rows.sort_values("period_start", kind="stable").to_dict("records"):
        value = _number(row["value"])
        if value is not None:
            place = places[row["period_start"].date()]
            given.setdefault(tuple(str(row[name] or "") for name in by), []).append((place, value, row["currency"]))
    return {group: _in_one_currency(found, list(places.values())) for group, found in given.items()}


def _in_one_currency(found: Sequence[tuple[Any, float, str]], places: Sequence[Any]) -> Series[Any]:
    """The values in the currency of the last one: one line can't hold amounts of another."""
    currency = found[-1][2]
    values = dict.fromkeys(places) | {place: value for place, value, own in found if own == currency}
    return Series(currency=currency, values=values, other=sum(own != currency for *_, own in found))


def _figure(row: Mapping[Any, Any], by: Sequence[str]) -> Figure:
    return Figure(
        metric=row["metric"], value=_number(row["value"]), status=row["status"], reason=row["reason"],
        caveat=row["caveat"], currency=row["currency"], numerator=_number(row["numerator"]), n=_number(row["n"]),
        previous=_earlier(row, "previous"), last_year=_earlier(row, "last_year"),
        group=tuple(str(row[name] or "") for name in by),
    )  # fmt: skip


def _earlier(row: Mapping[Any, Any], which: str) -> Earlier:
    return Earlier(
        value=_number(row[f"value_{which}"]), change=_number(row[f"change_{which}"]), reason=row[f"comparison_{which}"]
    )


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
