"""The shape of a detector: what it needs, what it observes, and the words that go with what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from kpi_toolkit.checks.case import Case
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES

Verdict = Literal["clear", "look", "too few", "not applicable", "error"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One thing that was looked at, suspicious or not.

    `p` is the probability of figures this strange, or stranger, if all is in order; None where they follow from
    arithmetic alone, so that no chance is involved. `amount` is the money at stake in `currency`; None where there is no
    saying. `values` fill the detector's words, `evidence` are the rows behind it, each with its columns by name.
    """

    vendor: str = ""
    p: float | None = None
    amount: Decimal | None = None
    currency: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, kw_only=True)
class Few:
    """A vendor ('' for all) of whom there is too little to say, and what would be enough."""

    vendor: str = ""
    needed: Text


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a check gives: every observation made (also those that are in order, where chance is involved: their number
    counts), and where data were too few."""

    observations: Sequence[Observation] = ()
    few: Sequence[Few] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a column of the evidence is shown: what it is called, and what kind of value it holds (a `present.formats.Kind`)."""

    title: Text
    kind: Literal["text", "date", "count", "money", "share", "times", "hours"] = "text"


def _nothing_lacks(_case: Case) -> Text | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Detector:
    """A check on the ledgers.

    `system` is the question it belongs to (S22 …), `needs` the tables it can't do without, `lacks` says what of the
    agreement is missing. `least` tells the least sample, `reference` the method's source. `check` gives the answer.
    `says`, `innocent`, `question` and `action` are filled with an observation's values, and with the `period` looked at: what is to be seen, which
    harmless causes there are, what to ask the vendor, what to do. `fires`, `quiet` and `few` give samples on which it
    must find something, must find nothing, and must say that there is too little (None: any sample is enough). `columns` say how the evidence's
    columns are shown, where checks.columns doesn't know them.
    """

    id: str
    title: Text
    system: str
    needs: tuple[str, ...]
    least: Text
    reference: str
    says: Text
    innocent: Text
    question: Text
    action: Text
    check: Callable[[Case], Answer]
    fires: Callable[[], Case]
    quiet: Callable[[], Case]
    few: Callable[[], Case] | None = None
    lacks: Callable[[Case], Text | None] = _nothing_lacks
    columns: Mapping[str, Shown] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        strangers = set(self.needs) - set(TABLES)
        if strangers or not self.needs:
            raise ValueError(f"detector {self.id}: needs tables, of those that exist: {sorted(strangers)}")
