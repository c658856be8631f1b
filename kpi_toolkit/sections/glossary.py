"""The glossary: exactly the terms that the report used."""

from __future__ import annotations

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.present import glossary
from kpi_toolkit.present.blocks import Block
from kpi_toolkit.sections.section import Context, Section


def compute(context: Context) -> tuple[str, ...]:
    """The ids of the metrics that were spoken of."""
    return context.terms


def tell(metrics: tuple[str, ...], lang: Lang) -> list[Block]:
    """An entry a term."""
    return [glossary.entries(metrics, lang)] if metrics else []


SECTION = Section(
    id="glossary",
    title=Text(zh="名詞說明", en="Glossary"),
    question=Text(zh="這份報告用到的名詞，各是什麼意思？", en="What do the terms in this report mean?"),
    part="basis",
    compute=compute,
    tell=tell,
)
