"""A client: who pays, what for, to whom, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from kpi_toolkit.agreement import conversion, target, vendor
from kpi_toolkit.agreement.contract import Contract
from kpi_toolkit.agreement.conversion import Conversion
from kpi_toolkit.agreement.document import quoted
from kpi_toolkit.agreement.model import Agreed, wrong
from kpi_toolkit.agreement.target import Target
from kpi_toolkit.agreement.terms import Currency, Id, Share, Words, Zone
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.errors import nearest
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period

Goal = Literal["awareness", "traffic", "leads", "orders", "loyalty"]


class Client(Agreed):
    """What client.yaml says. `gross_margin` is the share (0 to 1) of net revenue left after the cost of goods,
    `lead_value` what a lead is worth in `currency`; None where it wasn't said.
    """

    id: Id
    name: Words
    industry: Words | None = None
    goal: Goal
    currency: Currency = "TWD"
    timezone: Zone = "Asia/Taipei"
    gross_margin: Share | None = None
    lead_value: Annotated[float, Field(ge=0)] | None = None
    vendors: tuple[Vendor, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Any:
        faults = [*_doubled_vendors(self.vendors), *_strange_vendors(self), *_doubled_definitions(self.conversions)]
        if faults:
            raise wrong(*faults)
        return self

    @property
    def assumptions(self) -> dict[str, float]:
        """The named figures that formulas use, those that were agreed."""
        figures = {"gross_margin": self.gross_margin, "lead_value": self.lead_value}
        return {name: value for name, value in figures.items() if value is not None}

    def vendor(self, vendor_id: str) -> Vendor | None:
        """The vendor of that id."""
        return next((one for one in self.vendors if one.id == vendor_id), None)

    def contract(self, vendor_id: str, day: date) -> Contract | None:
        """The version of that vendor's contract that holds on `day`; None where none does, or nobody is the vendor."""
        found = self.vendor(vendor_id)
        return found.contract(day) if found else None

    def vendor_of(self, source: str, campaign_name: str, account_id: str = "") -> str:
        """Whose campaign it is: the first rule that fits; '' when none does."""
        return vendor.vendor_of(self.vendors, source, campaign_name, account_id)

    def counts_of(self, source: str, vendor_id: str, day: date | None, conversion_type: str = "") -> str:
        """What a row's conversions are: see conversion.counts_of."""
        return conversion.counts_of(self.conversions, source, vendor_id, day, conversion_type)

    def definition_of(self, source: str, vendor_id: str, day: date | None, counts: str) -> str:
        """The agreed definition in one line: see conversion.definition_of."""
        return conversion.definition_of(self.conversions, source, vendor_id, day, counts)

    def conversion(self, definition: str) -> Conversion | None:
        """The agreed definition that a definition's line names."""
        return next((one for one in self.conversions if one.definition == definition), None)

    def target(self, metric: str, period: Period) -> Target | None:
        """What `metric` should reach in `period`; None where nothing was agreed."""
        return target.target_of(self.targets, metric, period)

    def unknown_targets(self, known: Iterable[str]) -> list[Text]:
        """A fault for each target whose metric isn't among `known`."""
        return target.unknown_targets(self.targets, known)

    def unknown_sources(self, known: Iterable[str]) -> list[Text]:
        """A fault for each source that the file names and that isn't among `known`."""
        places = [
            (f"vendors[{v}].campaigns[{c}].source", rule.source)
            for v, one in enumerate(self.vendors, start=1)
            for c, rule in enumerate(one.campaigns, start=1)
        ]
        places += [(f"conversions[{at}].source", one.source) for at, one in enumerate(self.conversions, start=1)]
        names = set(known)
        return [_unknown_source(place, name, names) for place, name in places if name is not None and name not in names]


def _unknown_source(place: str, name: str, known: set[str]) -> Text:
    words = Text(
        zh="{place}：沒有這個來源 {name}；最接近的：{near}", en="{place}: unknown source {name}; did you mean: {near}"
    )
    return words.fill(place=place, name=quoted(name), near=", ".join(nearest(name, known) or sorted(known)))


def _doubled_vendors(vendors: Sequence[Vendor]) -> list[Text]:
    ids = [one.id for one in vendors]
    words = Text(zh="vendors：編號 {id} 用了兩次", en="vendors: the id {id} is used twice")
    return [words.fill(id=quoted(doubled)) for doubled in sorted({one for one in ids if ids.count(one) > 1})]


def _strange_vendors(client: Client) -> list[Text]:
    ids = {one.id for one in client.vendors}
    words = Text(
        zh="conversions[{at}].vendor：沒有廠商 {id}；可用：{near}",
        en="conversions[{at}].vendor: no vendor {id}; did you mean: {near}",
    )
    return [
        words.fill(at=at, id=quoted(one.vendor), near=", ".join(nearest(one.vendor, ids) or sorted(ids)) or "-")
        for at, one in enumerate(client.conversions, start=1)
        if one.vendor is not None and one.vendor not in ids
    ]


def _doubled_definitions(conversions: Sequence[Conversion]) -> list[Text]:
    keys = [(one.source, one.vendor, one.since, one.counts) for one in conversions]
    words = Text(
        zh="conversions[{at}]：同一天起已有相同來源與項目的定義",
        en="conversions[{at}]: the same source and counts are already defined from that day on",
    )
    return [words.fill(at=at + 1) for at, key in enumerate(keys) if key in keys[:at]]
