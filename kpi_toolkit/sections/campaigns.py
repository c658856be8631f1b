"""Campaigns: which ones the money went to, the ten biggest in full, the others folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.phrases import sentences
from kpi_toolkit.present import formats, names
from kpi_toolkit.present.blocks import Block, Charts, Column, Details, Missing, Paragraph, Table, Value
from kpi_toolkit.present.labels import plain
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

TOP = 10
DRAWN = 6
BIGGEST = Text(zh="花費最多的 {count} 個廣告活動", en="The {count} {count:campaign|campaigns} with the most spend")
OTHERS = Text(zh="其他 {count} 個廣告活動", en="The other {count} {count:campaign|campaigns}")
CAMPAIGN = Text(zh="廣告活動", en="Campaign")
VENDOR = Text(zh="廠商", en="Vendor")
PLATFORM = Text(zh="平台", en="Platform")
SPENT = Text(zh="廣告花費最多的活動", en="Campaigns with the most ad spend")
TOGETHER = Text(zh="本月有 {count} 個廣告活動花了錢；前 {top} 個用掉 {share}。", en="{count} campaigns spent money this month; the top {top} took {share} of it.")  # fmt: skip
ALL = Text(zh="本月有 {count} 個廣告活動花了錢。", en="{count} {count:campaign|campaigns} spent money this month.")
UNOWNED = Text(zh="其中 {count} 個在 client.yaml 裡分不出是哪家廠商的。", en="For {count} of them client.yaml names no vendor.")  # fmt: skip
ALL_UNOWNED = Text(zh="這 {count} 個活動在 client.yaml 裡分不出是哪家廠商的。", en="client.yaml names no vendor for {count:it|any of them}.")  # fmt: skip
NOBODY = Text(zh="未指定廠商", en="no vendor named")


@dataclass(frozen=True, kw_only=True)
class Result:
    """Campaigns as (campaign, platform, vendor) with their figures by metric, the biggest spender first."""

    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    vendors: Mapping[str, Text]


def compute(context: Context) -> Result:
    """The goal's columns by campaign, platform and vendor."""
    metrics = GOALS[context.client.goal].places
    return Result(
        metrics=metrics, rows=tuple(grouped(context, ("campaign", "source", "vendor"), metrics)),
        vendors={vendor.id: vendor.name.text() for vendor in context.client.vendors},
    )  # fmt: skip


def tell(result: Result, lang: Lang) -> list[Block]:
    """How concentrated the spend is, the biggest as chart and table, the rest folded."""
    if not result.rows:
        return [Missing(text=NOTHING.say(lang))]
    currencies = by_currency(result.rows)
    words = _together(result, lang)
    if len(currencies) > 1 or "" in currencies:
        words = sentences([words, apart(result.rows, lang)], lang)
    blocks: list[Block] = [Paragraph(text=words, terms=("spend",))]
    for currency, rows in currencies.items():
        blocks += _spent_in(replace(result, rows=rows), currency, len(currencies) == 1, lang)
    return blocks


def _spent_in(result: Result, currency: str, whole: bool, lang: Lang) -> list[Block]:
    """The chart and the tables of what was spent in one currency, `whole` where that is all."""
    count, end = len(result.rows), "" if whole else f"-{currency.lower() or 'several'}"

    def titled(words: str) -> str:
        return words if whole else in_currency(words, currency, lang)

    title = titled(BIGGEST.fill(count=min(count, TOP)).say(lang))
    blocks: list[Block] = [_table(f"campaigns{end}", title, result, slice(0, TOP), lang)]
    if currency:
        drawn = chart(
            f"campaigns{end}", titled(SPENT.say(lang)), result.rows[:DRAWN], lambda group: _name(group, lang), lang
        )
        blocks.insert(0, Charts(items=(drawn,)))
    if count > TOP:
        title = titled(OTHERS.fill(count=count - TOP).say(lang))
        rest = _table(f"campaigns{end}-rest", title, result, slice(TOP, None), lang)
        blocks.append(Details(summary=title, blocks=(rest,)))
    return blocks


def _together(result: Result, lang: Lang) -> str:
    count, top = len(result.rows), 3
    words = ALL.fill(count=count)
    currencies = by_currency(result.rows)
    if count > top and len(currencies) == 1 and "" not in currencies:
        total = sum(spend(found) for _, found in result.rows)
        share = formats.percent(sum(spend(found) for _, found in result.rows[:top]) / total, lang)
        words = TOGETHER.fill(count=count, top=top, share=share)
    return sentences([words.say(lang), _unowned(result, lang)], lang)


def _unowned(result: Result, lang: Lang) -> str:
    """How many campaigns are nobody's; empty where all have a vendor, or the client none."""
    count = sum(not group[2] for group, _ in result.rows) if result.vendors else 0
    words = ALL_UNOWNED if count == len(result.rows) else UNOWNED
    return words.fill(count=count).say(lang) if count else ""


def _table(id: str, title: str, result: Result, rows: slice, lang: Lang) -> Table:
    owned = bool(result.vendors)
    head = [
        Column(title=CAMPAIGN.say(lang)),
        Column(title=PLATFORM.say(lang), joins=True),
        *([Column(title=VENDOR.say(lang), joins=True)] if owned else []),
    ]
    body: list[tuple[Value, ...]] = []
    for group, found in result.rows[rows]:
        whose = [_vendor(result, group[2], lang)] if owned else []
        body.append((_name(group, lang), names.platform(group[1], lang), *whose, *values(found, result.metrics, lang)))
    columns = (*head, *heads(result.metrics, lang))
    holes = lacking(result.rows[rows], lambda group: _name(group, lang), lang)
    note = sentences([CLAIMS.say(lang) if rows.start == 0 else "", holes], lang)
    return Table(id=id, title=title, columns=columns, rows=tuple(body), note=note)


def _vendor(result: Result, vendor: str, lang: Lang) -> str:
    return result.vendors[vendor].say(lang) if vendor in result.vendors else NOBODY.say(lang)


def _name(group: tuple[str, ...], lang: Lang) -> str:
    return plain(group[0]) or names.NOT_SAID.say(lang)


SECTION = Section(
    id="campaigns",
    title=Text(zh="廣告活動", en="Campaigns"),
    question=Text(
        zh="哪些廣告活動值得繼續，哪些要問清楚？", en="Which campaigns deserve to go on, and which raise questions?"
    ),
    part="places",
    needs=("ads_daily",),
    compute=compute,
    tell=tell,
)
