"""Channels: where the money went and what each platform claims for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.phrases import said
from kpi_toolkit.present import charts, formats, names, tables
from kpi_toolkit.present.blocks import Block, Cell, Chart, Charts, Column, Missing, Paragraph, Table, Value
from kpi_toolkit.present.glossary import term
from kpi_toolkit.sections.asking import compared
from kpi_toolkit.sections.goals import GOALS
from kpi_toolkit.sections.section import Context, Section

TITLE = Text(zh="各管道", en="By channel")
CLAIMED = ("conversions", "cpa")
CLAIMED_BY = Text(zh="各平台回報的成果", en="Results as each platform reports them")
PLATFORM, RESULT = Text(zh="平台", en="Platform"), Text(zh="算成什麼", en="Counted as")
CHANNEL = Text(zh="管道", en="Channel")
CHANGE = Text(zh="花費比上月", en="Spend vs last month")
SHARE = Text(zh="花費占比", en="Share of spend")
MOST = Text(zh="{name}用掉 {share} 的廣告花費，最多。", en="{name} took the largest part of the ad spend: {share}.")
ONLY = Text(zh="廣告花費都在{name}。", en="All ad spend went to {name}.")
CLAIMS = Text(
    zh="轉換、名單和 ROAS 是各平台自己認列的：同一筆訂單可能被兩個平台都算進去，所以不加總，也不直接拿來比高下。",
    en="Conversions, leads and ROAS are what each platform claims for itself: two platforms may claim the same order. So they are not added up, and a higher claim alone proves nothing.",
)  # fmt: skip
SPENT = Text(zh="廣告花費", en="Ad spend")
NOTHING = Text(zh="這個月沒有廣告花費的資料。", en="There is no ad spend in this month's data.")

CURRENCIES = Text(
    zh="廣告花費有不同的幣別（{currencies}），不能相加，也不能直接比大小，所以不算占比，也不排先後。",
    en="The ad spend is in different currencies ({currencies}), which can be neither added nor compared, so no shares and no ranking are given.",
)  # fmt: skip
IN_CURRENCY = Text(zh="{title}（{currency}）", en="{title} ({currency})")
SEVERAL = Text(zh="幣別不只一種", en="several currencies")
Row = tuple[tuple[str, ...], dict[str, Figure]]


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


def grouped(
    context: Context, by: tuple[str, ...], metrics: Sequence[str]
) -> list[tuple[tuple[str, ...], dict[str, Figure]]]:
    """Groups that spent something, each with its figures by metric, the biggest spender first.

    Where they spent in different currencies, there is no biggest: then they stand by currency and name.
    """
    groups: dict[tuple[str, ...], dict[str, Figure]] = {}
    for figure in compared(context, by):
        if figure.metric in metrics:
            groups.setdefault(figure.group, {})[figure.metric] = figure
    spent = [(group, found) for group, found in groups.items() if spend(found) or currency(found) == ""]
    ranked = sorted(spent, key=lambda pair: (-spend(pair[1]), pair[0]))
    return (
        ranked if len(by_currency(ranked)) < 2 else sorted(ranked, key=lambda pair: (currency(pair[1]) or "~", pair[0]))
    )


def currency(found: dict[str, Figure]) -> str | None:
    """What the group spent in: '' for several currencies, None where nothing is known."""
    figure = found.get("spend")
    if figure is None or figure.value is None:
        return "" if figure is not None and "several currencies" in figure.reason else None
    return figure.currency or "TWD"


def by_currency(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    """The rows by the currency they were spent in, the biggest first within each; under '' those of several."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(currency(row[1]) or "", []).append(row)
    return {one: tuple(sorted(those, key=lambda row: -spend(row[1]))) for one, those in found.items()}


def apart(currencies: Iterable[str], lang: Lang) -> str:
    """Why nothing is added or ranked."""
    return said(CURRENCIES, lang, currencies=phrases.listed([one or SEVERAL.say(lang) for one in currencies], lang))


def in_currency(title: str, currency: str, lang: Lang) -> str:
    """A title that names its currency."""
    return IN_CURRENCY.fill(title=title, currency=currency or SEVERAL.say(lang)).say(lang)


def spend(found: dict[str, Figure]) -> float:
    """What the group spent, 0 where nothing is known."""
    return (found["spend"].value or 0.0) if "spend" in found else 0.0


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
        return apart(result.currencies, lang)
    name = _name(result.rows[0][0], lang)
    if len(result.rows) == 1:
        return said(ONLY, lang, name=name)
    return said(MOST, lang, name=name, share=formats.percent(_share(result.rows, 0), lang))


def _share(rows: Sequence[Row], at: int) -> float:
    return spend(rows[at][1]) / sum(spend(found) for _, found in rows)


def _chart(result: Result, currency: str, lang: Lang) -> Chart:
    """The spend in one currency; shares only where that is all of it."""
    rows, whole = result.currencies[currency], len(result.currencies) == 1
    scale = charts.Scale(kind="money", lang=lang, currency=currency)
    shares = [formats.percent(_share(rows, at), lang) if whole else "" for at in range(len(rows))]
    bars = [
        charts.Bar(name=_name(group, lang), value=spend(found), note=shares[at], strong=whole and at == 0)
        for at, (group, found) in enumerate(rows)
    ]
    says = ", ".join(f"{bar.name} {scale.say(bar.value)}" for bar in bars)
    title = SPENT.say(lang) if whole else in_currency(SPENT.say(lang), currency, lang)
    id = "channels" if whole else f"channels-{currency.lower()}"
    return Chart(id=id, title=title, says=says, drawing=charts.bars(title, bars, scale), terms=("spend",))


def _table(result: Result, lang: Lang) -> Table:
    whole = len(result.currencies) == 1 and "" not in result.currencies
    shares = [[Cell(value=_share(result.rows, at), kind="share")] if whole else [] for at in range(len(result.rows))]
    rows = tuple(
        (_name(group, lang), *values(found, result.metrics, lang), *shares[at])
        for at, (group, found) in enumerate(result.rows)
    )
    share = [Column(title=SHARE.say(lang), kind="share")] if whole else []
    head = (Column(title=CHANNEL.say(lang)), *heads(result.metrics, lang), *share)
    return Table(id="channels", title=TITLE.say(lang), columns=head, rows=rows)


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


def heads(metrics: Sequence[str], lang: Lang) -> tuple[Column, ...]:
    """A column a metric, and the change of the spend after the spend."""
    columns = [
        Column(title=METRICS[m].short.say(lang), kind=formats.kind_of(METRICS[m].unit), term=term(m, lang))
        for m in metrics
    ]
    return (columns[0], Column(title=CHANGE.say(lang), kind="change", joins=True), *columns[1:])


def values(found: dict[str, Figure], metrics: Sequence[str], lang: Lang) -> tuple[Value, ...]:
    """The row's cells under `heads`."""
    cells: list[Value] = [tables.now(found[m], lang) if m in found else None for m in metrics]
    spent = found.get("spend")
    return (cells[0], tables.changed(spent, spent.previous, lang) if spent else None, *cells[1:])


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
