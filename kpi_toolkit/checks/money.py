"""What was paid to each vendor, how much of it reached the platforms, and how much nobody has explained yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE, net
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.examination import Checked, Finding

# The question whose findings are of money that was invoiced: fees, mark-ups, items, taxes.
_INVOICED: Final = "S31"
_NONE: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A vendor's money in a period, in the client's currency and without tax, but for `unexplained`.

    `invoiced` is what its invoices come to (media that it paid first included), None without any. `direct` is what the platforms
    took by themselves, `reached` all that they took for its campaigns; None where no export says so. `unexplained` is what
    findings on invoices ask about, as invoiced. `foreign` says that there were invoices in another currency, which are left out.
    """

    vendor: str
    invoiced: Decimal | None
    direct: Decimal
    reached: Decimal | None
    unexplained: Decimal
    foreign: bool = False

    @property
    def whole(self) -> Decimal | None:
        """All that was paid for its work: to the vendor, and to the platforms directly."""
        return None if self.invoiced is None else self.invoiced + self.direct

    @property
    def working_media_ratio(self) -> float | None:
        """The share (0 to 1) of what was paid that reached the platforms; None where either isn't known.

        Association of National Advertisers, Media Transparency: Prescriptions, Principles, and Processes for Marketers (2016).
        """
        if not self.whole or self.whole < 0 or self.reached is None:
            return None
        return min(float(self.reached / self.whole), 1.0)


def paid(case: Case, results: Iterable[Checked]) -> tuple[Paid, ...]:
    """The money of every vendor that was paid or whose campaigns spent something, in client.yaml's order."""
    findings = [one for checked in results if checked.detector.system == _INVOICED for one in checked.findings]
    reached = _reached(case)
    found = (_of(case, vendor, findings, reached.get(vendor.id)) for vendor in case.client.vendors)
    return tuple(one for one in found if one.invoiced is not None or one.reached)


def _of(case: Case, vendor: Vendor, findings: Sequence[Finding], reached: Decimal | None) -> Paid:
    lines = [row for row in _invoices(case) if row["vendor"] == vendor.id]
    own = [row for row in lines if row["currency"] in (None, "", case.client.currency)]
    asked = [one.observation.amount or _NONE for one in findings if one.observation.vendor == vendor.id and one.observation.currency == case.client.currency]  # fmt: skip
    return Paid(
        vendor=vendor.id,
        invoiced=sum((_net(row, vendor) for row in own), _NONE) if own else None,
        direct=_NONE if any(row["kind"] == "media_passthrough" for row in own) else reached or _NONE,
        reached=reached,
        unexplained=min(sum(asked, _NONE), sum((_decimal(row["amount"]) for row in own if row["amount"] > 0), _NONE)),
        foreign=len(own) < len(lines),
    )


def _invoices(case: Case) -> list[Row]:
    return case.rows("invoices_fees") if case.dataset.has("invoices_fees") else []


def _net(row: Row, vendor: Vendor) -> Decimal:
    """A line without tax: as its books say, else as the contract says."""
    contract = vendor.contract(row["doc_date"])
    rate = contract.tax_rate if contract else TAX_RATE
    included = row["tax_included"] if row["tax_included"] is not None else bool(contract and contract.tax == "included")
    return _decimal(net(row["amount"], included, rate))


def _reached(case: Case) -> dict[str, Decimal]:
    """What the platforms took for each vendor's campaigns, in the client's currency."""
    if not case.dataset.has("ads_daily"):
        return {}
    table = case.measured(["spend"], ["vendor", "currency"])
    told = table[(table["status"] != "no data") & (table["currency"] == case.client.currency)]
    return {str(vendor): _decimal(value) for vendor, value in zip(told["vendor"], told["value"], strict=True)}


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))
