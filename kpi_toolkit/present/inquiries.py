"""Findings as what people read: what is seen, harmless causes, the question to ask, what to do, and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.checks.columns import shown
from kpi_toolkit.checks.detector import Detector
from kpi_toolkit.checks.examination import Finding
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.present import formats
from kpi_toolkit.present.blocks import Cell, Column, Inquiry, Remark, Table, Value
from kpi_toolkit.present.labels import plain

INNOCENT, QUESTION = Text(zh="可能的原因", en="Harmless causes"), Text(zh="可以這樣問", en="What to ask")
ACTION, STAKE = Text(zh="下一步", en="Next"), Text(zh="相關金額", en="Amount at stake")
_STAKE = Text(zh="相關金額 {amount}", en="{amount} at stake")
_ROWS = Text(zh="依據（{count} 列）", en="What this rests on ({count:row|rows}: {count})")


def inquiry(detector: Detector, finding: Finding, client: Client, number: int, lang: Lang) -> Inquiry:
    """The `number`th finding of a page, as a block."""
    return Inquiry(
        title=finding.title.say(lang), by=vendor_name(client, finding.observation.vendor, lang), stake=_stake(finding, lang),
        says=finding.says.say(lang),
        remarks=(
            Remark(label=INNOCENT.say(lang), text=finding.innocent.say(lang)),
            Remark(label=ACTION.say(lang), text=finding.action.say(lang)),
        ),
        question=Remark(label=QUESTION.say(lang), text=finding.question.say(lang)),
        rows=_evidence(detector, finding, number, lang),
    )  # fmt: skip


def vendor_name(client: Client, vendor: str, lang: Lang) -> str:
    """What a vendor is called; its id where client.yaml doesn't know it."""
    return next((one.name.text().say(lang) for one in client.vendors if one.id == vendor), vendor)


def _stake(finding: Finding, lang: Lang) -> str:
    seen = finding.observation
    if seen.amount is None:
        return ""
    return _STAKE.fill(amount=formats.money(float(seen.amount), seen.currency, lang)).say(lang)


def _evidence(detector: Detector, finding: Finding, number: int, lang: Lang) -> Table:
    rows = finding.observation.evidence
    names = list(dict.fromkeys(name for row in rows for name in row))
    heads = [shown(detector, name) for name in names]
    columns = tuple(
        Column(title=head.title.say(lang), kind="text" if at == 0 else head.kind, currency=finding.observation.currency)
        for at, head in enumerate(heads)
    )
    return Table(
        id=f"evidence_{number}", title=_ROWS.fill(count=len(rows)).say(lang), columns=columns,
        rows=tuple(tuple(_value(row, name, head.kind, lang) for name, head in zip(names, heads, strict=True)) for row in rows),
    )  # fmt: skip


_NUMBERS: Final = (int, float, Decimal)


def _value(row: Mapping[str, object], name: str, kind: formats.Kind, lang: Lang) -> Value:
    value = row.get(name)
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return str(value) if isinstance(value, bool) else value
    if isinstance(value, _NUMBERS):
        # A number that its column doesn't expect is still a number.
        return Cell(value=float(value), kind="count" if kind in ("text", "date") else kind)
    return plain(value)
