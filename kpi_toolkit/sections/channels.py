"""Channels: where the money went and what each platform claims for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.phrases import said
from kpi_toolkit.present import formats, names, tables
from kpi_toolkit.present.blocks import Block, Cell, Chart, Charts, Column, Missing, Paragraph, Table, Value
from kpi_toolkit.present.glossary import term
from kpi_toolkit.sections.goals import GOALS
from kpi_toolkit.sections.section import Context, Section
from kpi_toolkit.sections.spending import (
    CLAIMS,
    NOTHING,
    Row,
    apart,
    by_currency,
    chart,
    grouped,
    heads,
    in_currency,
    lacking,
    spend,
    values,
)

TITLE = Text(zh="各管道", en="By channel")
CLAIMED = ("conversions", "cpa")
CLAIMED_BY = Text(zh="各平台回報的成果", en="Results as each platform reports them")
PLATFORM, RESULT = Text(zh="平台", en="Platform"), Text(zh="算成什麼", en="Counted as")
CHANNEL = Text(zh="管道", en="Channel")
SHARE = Text(zh="花費占比", en="Share of spend")
MOST = Text(zh="{name}用掉 {share} 的廣告花費，最多。", en="{name} took the largest part of the ad spend: {share}.")
ONLY = Text(zh="廣告花費都在{name}。", en="All ad spend went to {name}.")
SPENT = Text(zh="廣告花費", en="Ad spend")


@dataclass(frozen=True, kw_only=True)
class Result:
    """Each channel's figures by metric, the biggest spender first."""

    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    claims: tuple[Row, ...]

    @property
    def currencies(self) -> dict[str, tuple[Row, ...]]:
        """The rows by the currency they were spent in; under '' those that spent in several."""
        return by_currency(self.rows)


def compute(context: Context) -> Result:
    """The goal's columns by channel, and what each platform claims by kind of result."""
    metrics = GOALS[context.client.goal].places
    claims = grouped(context, ("source", "conversion_type"), ("spend", *CLAIMED))
    return Result(
        metrics=metrics, rows=tuple(grouped(context, ("channel",), metrics)),
        claims=tuple((group, found) for group, found in claims if any(found[one].value for one in CLAIMED if one in found)),
    )  # fmt: skip


def tell(result: Result, lang: Lang) -> list[Block]:
    """Who got most, the shares as a chart, the table."""
    if not result.rows:
        return [Missing(text=NOTHING.say(lang))]
    drawn = tuple(_chart(result, one, lang) for one in result.currencies if one)
    return [
        Paragraph(text=_most(result, lang), terms=("spend",)),
        *([Charts(items=drawn)] if drawn else []),
        _table(result, lang),
        *([_claims(result, lang)] if result.claims else []),
    ]


def _most(result: Result, lang: Lang) -> str:
    if list(result.currencies)[1:] or "" in result.currencies:
        return apart(result.rows, lang)
    name = _name(result.rows[0][0], lang)
    if len(result.rows) == 1:
        return said(ONLY, lang, name=name)
    return said(MOST, lang, name=name, share=formats.percent(_share(result.rows, 0), lang))


def _share(rows: Sequence[Row], at: int) -> float:
    return spend(rows[at][1]) / sum(spend(found) for _, found in rows)


def _chart(result: Result, currency: str, lang: Lang) -> Chart:
    """The spend in one currency; shares only where that is all of it."""
    rows, whole = result.currencies[currency], len(result.currencies) == 1
    shares = [formats.percent(_share(rows, at), lang) for at in range(len(rows))] if whole else []
    title = SPENT.say(lang) if whole else in_currency(SPENT.say(lang), currency, lang)
    id = "channels" if whole else f"channels-{currency.lower()}"
    return chart(id, title, rows, lambda group: _name(group, lang), lang, shares)


def _table(result: Result, lang: Lang) -> Table:
    whole = len(result.currencies) == 1 and "" not in result.currencies
    shares = [[Cell(value=_share(result.rows, at), kind="share")] if whole else [] for at in range(len(result.rows))]
    rows = tuple(
        (_name(group, lang), *values(found, result.metrics, lang), *shares[at])
        for at, (group, found) in enumerate(result.rows)
    )
    share = [Column(title=SHARE.say(lang), kind="share")] if whole else []
    head = (Column(title=CHANNEL.say(lang)), *heads(result.metrics, lang), *share)
    return Table(id="channels", title=TITLE.say(lang), columns=head, rows=rows, note=_noted(result, lang))


def _noted(result: Result, lang: Lang) -> str:
    """Why some results are not given: of different kinds, which the table of claims tells apart; whose cost has holes."""
    refused = [figure for _, found in result.rows for figure in found.values() if figure.reason.startswith("several ")]
    why = tables.notes([replace(figure, caveat="") for figure in refused if figure.value is None], lang)
    return phrases.sentences([why, lacking(result.rows, lambda group: _name(group, lang), lang)], lang)


def _claims(result: Result, lang: Lang) -> Table:
    rows = tuple(
        (names.platform(group[0], lang), names.RESULTS.get(group[1], names.NOT_SAID).say(lang),
         *(cell for metric in CLAIMED for cell in _beside(found[metric], lang)))
        for group, found in result.claims
    )  # fmt: skip
    columns = [
        column for metric in CLAIMED
        for column in (
            Column(title=METRICS[metric].short.say(lang), kind=formats.kind_of(METRICS[metric].unit), term=term(metric, lang)),
            Column(title=phrases.VS_LAST_MONTH.say(lang), kind="change", joins=True),
        )
    ]  # fmt: skip
    head = (Column(title=PLATFORM.say(lang)), Column(title=RESULT.say(lang)), *columns)
    return Table(id="claims", title=CLAIMED_BY.say(lang), columns=head, rows=rows, note=CLAIMS.say(lang))


def _beside(figure: Figure, lang: Lang) -> tuple[Value, Value]:
    return tables.now(figure, lang), tables.changed(figure, figure.previous, lang)


def _name(group: tuple[str, ...], lang: Lang) -> str:
    return names.platform(group[0], lang) if group[0] else names.NOT_SAID.say(lang)


SECTION = Section(
    id="channels",
    title=Text(zh="管道", en="Channels"),
    question=Text(zh="錢花在哪些平台，各帶來什麼？", en="Which platforms got the money, and what did each bring?"),
    part="places",
    needs=("ads_daily",),
    compute=compute,
    tell=tell,
)
