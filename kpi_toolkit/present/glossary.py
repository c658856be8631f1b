"""Terms from the metric registry: the only place where their words stand."""

from __future__ import annotations

from collections.abc import Iterable

from kpi_toolkit.i18n import Lang
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.present.blocks import Entries, Entry, Term


def term(metric: str, lang: Lang) -> Term:
    """The metric's label and what it means."""
    found = METRICS[metric]
    return Term(id=metric, label=found.short.say(lang), plain=found.plain.say(lang))


def entries(metrics: Iterable[str], lang: Lang) -> Entries:
    """An entry for each of `metrics`, in the registry's order."""
    wanted = set(metrics)
    return Entries(items=tuple(_entry(metric, lang, wanted) for metric in METRICS if metric in wanted))


def _entry(metric: str, lang: Lang, wanted: set[str]) -> Entry:
    found = METRICS[metric]
    full = found.name.say(lang)
    return Entry(
        term=term(metric, lang), full="" if full == found.short.say(lang) else full, formula=found.formula.say(lang),
        why=found.why.say(lang), feeds=tuple(METRICS[fed].short.say(lang) for fed in found.feeds if fed in wanted),
    )  # fmt: skip
