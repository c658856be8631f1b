"""Telling a list of sections: each computed and put into words, or else what is missing for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_toolkit.i18n import Lang
from kpi_toolkit.present.blocks import Block, Missing, terms
from kpi_toolkit.present.sentences import needed
from kpi_toolkit.sections.section import Context, Section
from kpi_toolkit.tables.platforms import called


@dataclass(frozen=True, kw_only=True)
class Told:
    """A section in one language."""

    section: Section
    blocks: tuple[Block, ...]


def tell(sections: Sequence[Section], context: Context, lang: Lang) -> list[Told]:
    """The sections that have something to say, in order; each is given the terms that those before it used."""
    told: list[Told] = []
    for section in sections:
        used = terms(block for one in told for block in one.blocks)
        blocks = _blocks(section, replace(context, terms=tuple(used)), lang)
        if blocks:
            told.append(Told(section=section, blocks=tuple(blocks)))
    return told


def _blocks(section: Section, context: Context, lang: Lang) -> list[Block]:
    missing = [table for table in section.needs if not context.dataset.has(table)]
    if missing:
        return [Missing(text=needed(missing, lang))]
    result = section.compute(context)
    with called(context.sources):
        return section.tell(result, lang)
