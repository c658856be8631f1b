"""Who does the work, and which campaigns are whose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import model_validator

from kpi_toolkit.agreement.contract import Contract, overlaps
from kpi_toolkit.agreement.glob import condition, matches
from kpi_toolkit.agreement.model import Agreed, At, wrong
from kpi_toolkit.agreement.terms import Id, Line, Since, Source, Words
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.quoting import literal


class Campaigns(Agreed):
    """A rule that says which campaigns are meant; what it doesn't name may be anything.

    `source` is the platform's id, `account` the ad account's, `campaign` a pattern with `*` and `?` for its name.
    """

    source: Source | None = None
    account: Line | None = None
    campaign: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _says_something(cls, value: Any) -> Any:
        if value == {}:
            words = Text(zh="至少要寫 source、account、campaign 其中之一", en="needs source, account or campaign")
            raise wrong(words)
        return value

    def meant(self, source: str, campaign_name: str, account_id: str = "") -> bool:
        """Whether the rule means this campaign."""
        return (
            self.source in (None, source)
            and self.account in (None, account_id)
            and (self.campaign is None or matches(self.campaign, campaign_name))
        )

    def condition(self, source: str, account: str, campaign: str) -> str:
        """The same as a DuckDB condition over three columns."""
        parts = [f"{source} = {literal(self.source)}"] if self.source is not None else []
        if self.account is not None:
            parts.append(f"{account} = {literal(self.account)}")
        if self.campaign is not None:
            parts.append(condition(self.campaign, campaign))
        return " AND ".join(parts)


class Vendor(Agreed):
    """An agency or a freelancer. `billed_as` are further names (`*` and `?` allowed) that its invoices carry.

    `contracts` are the versions of what was agreed with it, none of which holds on a day of another.
    """

    id: Id
    name: Words
    since: Since | None = None
    campaigns: tuple[Campaigns, ...] = ()
    billed_as: tuple[Line, ...] = ()
    contracts: tuple[Contract, ...] = ()

    @classmethod
    def misfits(cls, given: Mapping[str, object]) -> Sequence[At]:
        """Contracts that hold on the same day."""
        return overlaps(given.get("contracts"))

    def contract(self, day: date) -> Contract | None:
        """The version of the contract that holds on `day`."""
        return next((one for one in self.contracts if one.holds(day)), None)

    def bills(self, name: str) -> bool:
        """Whether an invoice in this name is the vendor's."""
        return name in (self.name.zh, self.name.en) or any(matches(pattern, name) for pattern in self.billed_as)


def vendor_of(vendors: Iterable[Vendor], source: str, campaign_name: str, account_id: str = "") -> str:
    """The id of the first vendor with a rule that means this campaign; '' when none has."""
    rules = ((vendor, rule) for vendor in vendors for rule in vendor.campaigns)
    return next((vendor.id for vendor, rule in rules if rule.meant(source, campaign_name, account_id)), "")


def vendor_sql(
    vendors: Sequence[Vendor],
    *,
    source: str = "source",
    account: str = "account_id",
    campaign: str = "campaign_name",
) -> str:
    """`vendor_of` as a DuckDB expression over three text columns (or expressions; NULL counts as empty text)."""
    source, account, campaign = (f"coalesce({column}, '')" for column in (source, account, campaign))
    return first_of(
        (rule.condition(source, account, campaign), vendor.id) for vendor in vendors for rule in vendor.campaigns
    )


def billed_by(vendors: Iterable[Vendor], name: str) -> str:
    """The id of the vendor whose invoices carry `name`; '' when none does."""
    return next((vendor.id for vendor in vendors if vendor.bills(name)), "")


def billed_sql(vendors: Sequence[Vendor], *, name: str = "vendor_name") -> str:
    """`billed_by` as a DuckDB expression over one text column."""
    column = f"coalesce({name}, '')"
    return first_of(
        (rule, vendor.id)
        for vendor in vendors
        for rule in (
            f"{column} IN ({literal(vendor.name.zh)}, {literal(vendor.name.en)})",
            *(condition(pattern, column) for pattern in vendor.billed_as),
        )
    )


def reported_sql(
    vendors: Sequence[Vendor], *, name: str = "vendor_name", source: str = "platform", campaign: str = "campaign_name"
) -> str:
    """Whose report a row is from, as a DuckDB expression over text columns: the vendor that invoices in this name, or whose
    name stands in it (a report's title); else the one whose campaign it is."""
    column = f"coalesce({name}, '')"
    inside = [
        (f"contains({column}, {literal(words)})", vendor.id)
        for vendor in vendors
        for words in dict.fromkeys((vendor.name.zh, vendor.name.en))
    ]
    by_campaign = vendor_sql(vendors, source=source, account="''", campaign=campaign)
    return f"coalesce(nullif({billed_sql(vendors, name=name)}, ''), nullif({first_of(inside)}, ''), {by_campaign})"


def first_of(cases: Iterable[tuple[str, str]], otherwise: str = "''") -> str:
    """An SQL CASE: the text of the first condition that is true, else the expression `otherwise`."""
    whens = " ".join(f"WHEN {test} THEN {literal(value)}" for test, value in cases)
    return f"(CASE {whens} ELSE {otherwise} END)" if whens else f"({otherwise})"
