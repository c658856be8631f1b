"""The shape of a section: one thing that people read, shown in the report, in notebooks and on the owner's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import Period
from kpi_toolkit.present.blocks import Block
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import Dataset

# The parts of a report, in order: what came of it, where, whether to believe it, what next, what it rests on.
Part = Literal["summary", "results", "places", "trust", "next", "basis"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a section is computed from; no language in it.

    `terms` are the metrics that the sections told so far speak of: the glossary's. `sources` are the names of the
    client's own sources, those of its mapping files, by id. `restated` is what later imports changed (see checks.case).
    """

    client: Client
    dataset: Dataset
    period: Period
    reports: Sequence[LoadReport] = ()
    terms: tuple[str, ...] = ()
    sources: Mapping[str, Text] = field(default_factory=dict)
    restated: Sequence[Mapping[str, Any]] | None = None
    asked: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)


def _nothing(_context: Context) -> None:
    return None


def _silent(_result: None, _lang: Lang) -> list[Block]:
    return []


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: its title and the question it answers, the part it belongs to, the tables it can't do without.

    `compute` gets the context and gives a result without words; `tell` puts that into blocks in a language. One that
    tells nothing has its place in the order and isn't shown.
    """

    id: str
    title: Text
    question: Text
    part: Part
    needs: tuple[str, ...] = ()
    compute: Callable[[Context], Any] = _nothing
    tell: Callable[[Any, Lang], list[Block]] = _silent

    def __post_init__(self) -> None:
        strangers = set(self.needs) - set(TABLES)
        if strangers:
            raise ValueError(f"section {self.id}: there is no table {sorted(strangers)}")
