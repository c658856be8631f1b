"""What channels and campaigns share: groups that spent something, each currency apart, their columns and their chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS, incomplete
from kpi_toolkit.phrases import said
from kpi_toolkit.present import charts, formats, tables
from kpi_toolkit.present.blocks import Chart, Column, Value
from kpi_toolkit.present.glossary import term
from kpi_toolkit.sections.asking import compared
from kpi_toolkit.sections.section import Context

CHANGE = Text(zh="花費比上月", en="Spend vs last month")
CLAIMS = Text(
    zh="轉換、名單和 ROAS 是各平台自己認列的：同一筆訂單可能被兩個平台都算進去，所以不加總，也不直接拿來比高下。",
    en="Conversions, leads and ROAS are what each platform claims for itself: two platforms may claim the same order. So they are not added up, and a higher claim alone proves nothing.",
)  # fmt: skip
NOTHING = Text(zh="這個月沒有廣告花費的資料。", en="There is no ad spend in this month's data.")
CURRENCIES = Text(
    zh="廣告花費有不同的幣別（{currencies}），不能相加，也不能直接比大小，所以不算占比，也不排先後。",
    en="The ad spend is in different currencies ({currencies}), which can be neither added nor compared, so no shares and no ranking are given.",
)  # fmt: skip
IN_CURRENCY = Text(zh="{title}（{currency}）", en="{title} ({currency})")
SEVERAL = Text(zh="幣別不只一種", en="several currencies")
LACKING = Text(zh="{name}：{says}。", en="{name}: {says}.")
Row = tuple[tuple[str, ...], dict[str, Figure]]


def grouped(context: Context, by: tuple[str, ...], metrics: Sequence[str]) -> list[Row]:
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
    return figure.currency


def by_currency(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    """The rows by the currency they were spent in, the biggest first within each; under '' those of several."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(currency(row[1]) or "", []).append(row)
    return {one: tuple(sorted(those, key=lambda row: -spend(row[1]))) for one, those in found.items()}


def apart(rows: Iterable[Row], lang: Lang) -> str:
    """Why nothing is added or ranked: in which currencies the groups spent."""
    spent = [found["spend"] for _, found in rows if "spend" in found]
    used = {one for figure in spent for one in figure.currencies or (figure.currency,)}
    return said(CURRENCIES, lang, currencies=phrases.listed(sorted(used), lang))


def in_currency(title: str, currency: str, lang: Lang) -> str:
    """A title that names its currency."""
    return IN_CURRENCY.fill(title=title, currency=currency or SEVERAL.say(lang)).say(lang)


def spend(found: dict[str, Figure]) -> float:
    """What the group spent, 0 where nothing is known."""
    return (found["spend"].value or 0.0) if "spend" in found else 0.0


def lacking(rows: Iterable[Row], named: Callable[[tuple[str, ...]], str], lang: Lang) -> str:
    """Of which groups some rows don't say what they cost; empty where all do."""
    told = [
        (named(group), says)
        for group, found in rows
        if "spend" in found
        for code in found["spend"].caveat.split("; ")
        if (says := incomplete.words(code))
    ]
    return phrases.sentences((LACKING.fill(name=name, says=says).say(lang) for name, says in told), lang)


def chart(
    id: str,
    title: str,
    rows: Sequence[Row],
    named: Callable[[tuple[str, ...]], str],
    lang: Lang,
    notes: Sequence[str] = (),
) -> Chart:
    """What the groups of `rows`, all in one currency, spent: a bar each in the order given, `notes` beside the figures."""
    scale = charts.Scale(kind="money", lang=lang, currency=rows[0][1]["spend"].currency)
    bars = [
        charts.Bar(name=named(group), value=spend(found), note=notes[at] if notes else "", strong=at == 0)
        for at, (group, found) in enumerate(rows)
    ]
    says = ", ".join(f"{bar.name} {scale.say(bar.value)}" for bar in bars)
    return Chart(id=id, title=title, says=says, drawing=charts.bars(title, bars, scale), terms=("spend",))


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
