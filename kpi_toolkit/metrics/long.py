"""The long table: every metric's figures, row by row, with their status."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpi_toolkit.metrics.figures import WEAK, Answers, Figures, Flags, Reckoning, Words, clash, divided, sheet_name
from kpi_toolkit.metrics.metric import CLAIM, Guard, Metric
from kpi_toolkit.periods import Period

FIGURES = ("numerator", "denominator", "value", "n", "status", "reason", "currency", "caveat")
KINDS = (*(f"kind_{guard}" for guard in CLAIM), "sources")


def long_table(
    answers: Answers, metrics: Sequence[Metric], by: Sequence[str], periods: Sequence[Period], *, kinds: bool = False
) -> pd.DataFrame:
    """All metrics over all groups; with `kinds` also which platform, definition … the claims of each row are of."""
    blocks = [_block(answers, metric, by, periods, kinds) for metric in metrics]
    # Grouped by currency, that column is the group's, of money and of all else.
    columns = dict.fromkeys(["metric", "period_start", "period_end", *by, *FIGURES, *(KINDS if kinds else ())])
    if not blocks:
        return pd.DataFrame(columns=list(columns))
    return pd.DataFrame({name: np.concatenate([block[name] for block in blocks]) for name in columns})


def _block(
    answers: Answers, metric: Metric, by: Sequence[str], periods: Sequence[Period], kinds: bool
) -> dict[str, np.ndarray]:
    present = _present(answers, metric, bool(by))
    if not present.any():
        return _without_groups(answers, metric, by, periods)
    numbers = np.flatnonzero(present)
    starts, ends = _limits([one.period for one in answers.buckets])
    bucket = answers.groups["bucket"].to_numpy()[numbers]
    groups = {name: answers.groups[name].to_numpy(dtype=object)[numbers] for name in by}
    figures = {name: column[numbers] for name, column in _figures(answers, metric, kinds).items()}
    head = {"metric": np.full(len(numbers), metric.id, dtype=object)}
    return head | {"period_start": starts[bucket], "period_end": ends[bucket]} | figures | groups


def _present(answers: Answers, metric: Metric, grouped: bool) -> Flags:
    """The groups that exist in any of the metric's tables; ungrouped, all buckets."""
    if not grouped:
        return np.ones(answers.size, dtype=bool)
    found = np.zeros(answers.size, dtype=bool)
    for name in {sheet_name(part) for part in metric.parts if not part.optional} & set(answers.sheets):
        found |= answers.places[name].present
    return found


def _figures(answers: Answers, metric: Metric, sources: bool) -> dict[str, np.ndarray]:
    reckoning = Reckoning(answers, metric)
    over = reckoning.of(metric.numerator)
    under = None if metric.denominator is None else reckoning.of(metric.denominator)
    result = _scaled(over, metric.scale) if under is None else divided(over, under, metric.scale)
    kinds = _refuse(reckoning, result)
    n = reckoning.of(metric.n).value
    value = np.where(result.reason == "", result.value, np.nan)
    few = ~(n >= metric.least) & (metric.least > 0)  # an unknown number is not enough
    status = np.where(result.reason != "", "no data", np.where(few, "too few", "ok")).astype(object)
    given = result.reason == ""
    return {
        "numerator": np.where(given, over.value, _unless_refused(over, result)),
        "denominator": np.full(answers.size, np.nan) if under is None else _unless_refused(under, result),
        "value": value, "n": n, "status": status, "reason": result.reason,
        "currency": _currency(answers, metric, kinds.pop("currency")),
        "caveat": np.where(given, result.caveat, "").astype(object),
        "sources": reckoning.sources() if sources else answers.blank(),
    } | {f"kind_{guard}": column for guard, column in kinds.items()}  # fmt: skip


def _scaled(found: Figures, scale: float) -> Figures:
    return Figures(found.value * scale, found.reason.copy(), found.caveat.copy())


def _unless_refused(part: Figures, result: Figures) -> np.ndarray:
    """The part's own figure: hidden where several kinds would have been added in it."""
    refused = np.array([reason.startswith("several ") for reason in result.reason], dtype=bool)
    return np.where(refused, np.nan, part.value)


def _refuse(reckoning: Reckoning, result: Figures) -> dict[Guard | str, Words]:
    """Refuse groups whose figures are of several kinds; the kinds of the others."""
    kinds: dict[Guard | str, Words] = {}
    guards: tuple[Guard, ...] = (*CLAIM, "currency")
    for guard in guards:
        kinds[guard], several = reckoning.kinds(guard)
        for group, names in several.items():
            if result.reason[group] in ("", *WEAK):
                result.reason[group] = clash(guard, names)
    return kinds


def _currency(answers: Answers, metric: Metric, found: Words) -> Words:
    """The currency of a metric in money: its rows' own, or the client's where nothing says."""
    blank = answers.blank()
    if metric.unit != "money" or not answers.sheets:
        return blank
    default = next(iter(answers.sheets.values())).question.dataset.currency
    return np.where(found == None, default, found).astype(object)  # noqa: E711


def _without_groups(
    answers: Answers, metric: Metric, by: Sequence[str], periods: Sequence[Period]
) -> dict[str, np.ndarray]:
    """One row a period that says why there are no groups."""
    reasons = [answers.missing[sheet_name(part)] for part in metric.parts if not part.optional]
    reason = next(filter(None, reasons), "no rows")
    starts, ends = _limits(periods)
    words = {name: np.full(len(periods), "", dtype=object) for name in ("currency", "caveat", *KINDS)}
    numbers = {name: np.full(len(periods), np.nan) for name in ("numerator", "denominator", "value", "n")}
    return {
        "metric": np.full(len(periods), metric.id, dtype=object), "period_start": starts, "period_end": ends,
        "status": np.full(len(periods), "no data", dtype=object), "reason": np.full(len(periods), reason, dtype=object),
    } | numbers | words | {name: np.full(len(periods), None, dtype=object) for name in by}  # fmt: skip


def _limits(periods: Sequence[Period]) -> tuple[np.ndarray, np.ndarray]:
    starts = np.array([period.start for period in periods], dtype="datetime64[us]")
    return starts, np.array([period.end for period in periods], dtype="datetime64[us]")
