"""What a vendor invoiced for its own work, beside what the contract lets it: by kind of fee and month of service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE, Contract, Due
from kpi_toolkit.agreement.served import served
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period, month

# An invoice may come so many days before or after the month it is for.
_EARLY: Final = 100
# How far the base of a commission may honestly be off: exports and orders settle later.
_SLACK: Final[Mapping[str, float]] = {"media_spend": 0.05, "net_revenue": 0.1, "orders": 0.05}
_FIXED: Final = 0.02
_METRICS: Final = {"media_spend": "spend", "net_revenue": "revenue", "orders": "orders"}
BASES: Final = {
    "media_spend": Text(
        zh="廣告平台花費的匯出檔（Google 要依廣告活動匯出，依廣告群組會漏掉最高成效）",
        en="exports of what the platforms took (Google's by campaign: by ad group they leave out Performance Max)",
    ),
    "net_revenue": Text(zh="訂單", en="orders"),
    "orders": Text(zh="訂單", en="orders"),
}
KINDS: Final[Mapping[str, Text]] = {
    "retainer": Text(zh="月費", en="retainer"), "commission": Text(zh="抽成", en="commission"), "production": Text(zh="製作費", en="production"),
    "kol": Text(zh="業配費", en="influencers' fees"), "tool": Text(zh="工具費", en="tools"), "other": Text(zh="其他費用", en="other fees"),
    "media_passthrough": Text(zh="代付廣告費", en="media passed on"), "refund": Text(zh="退款", en="refund"),
}  # fmt: skip
_SHOWN: Final = 40
# What invoices may ask for that isn't a fee of the month's.
_APART: Final = frozenset({"media_passthrough", "refund"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the vendor's invoices in the client's own currency: what it comes to with and `net` of tax, as the books and
    the vendor's other lines tell (`taxed` None: nobody says, so that it may be either), and the months it names."""

    row: Row
    kind: str
    taxed: bool | None
    rate: float
    months: tuple[Period, ...]

    @property
    def amount(self) -> float:
        """As booked."""
        return float(self.row["amount"])

    @property
    def net(self) -> float:
        """Without tax; where nobody says whether it is in the amount, as if it were."""
        return self.amount if self.taxed is False else self.amount / (1 + self.rate)

    @property
    def gross(self) -> float:
        """With tax; where nobody says whether it is in the amount, as if it were."""
        return self.amount * (1 + self.rate) if self.taxed is False else self.amount


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What the contract lets the vendor ask for a kind of fee in a month: `net` of tax (the more, where the contract doesn't say
    whether tax is in it), of so many `terms`; `slack` is the share that it may honestly be off. None where a figure lacks.
    `due` is the part of it that is owed in any case, beside what is only allowed up to a limit."""

    net: float | None
    due: float
    terms: int
    slack: float
    fixed: bool


def lines_of(case: Case, vendor: Vendor) -> list[Line]:
    """The vendor's lines of the period and the months around it that a fee of the contract covers, by day."""
    rows = [row for row in _rows(case) if row["vendor"] == vendor.id and row["amount"] > 0]
    taxed = _habit(case, vendor, rows)
    found = []
    for row in rows:
        months = served(row["note"] or "", row["doc_date"])
        contract = _contract(vendor, row, months)
        kind = _kind(contract, row) if contract else None
        if contract and kind:
            told = row["tax_included"] if row["tax_included"] is not None else taxed
            found.append(Line(row=row, kind=kind, taxed=told, rate=contract.tax_rate, months=months))
    return found


def _rows(case: Case) -> list[Row]:
    """The books' lines in the client's currency, each once: the same number, text and amount again is another check's."""
    rows = case.rows("invoices_fees", days_before=_EARLY)
    own = [row for row in rows if row["currency"] in (None, "", case.client.currency)]
    once: dict[tuple[object, ...], Row] = {}
    for row in own:
        named = bool(served(row["note"] or "", row["doc_date"]))
        alike = row["doc_no"] or (named and "named") or id(row)
        once.setdefault((row["vendor_name"], row["kind"], row["note"], row["amount"], alike), row)
    return list(once.values())


def foreign(case: Case, vendor: Vendor) -> bool:
    """Whether the vendor sent invoices in another currency."""
    rows = case.rows("invoices_fees", "coalesce(currency, '') <> ''")
    return any(row["vendor"] == vendor.id and row["currency"] != case.client.currency for row in rows)


def credited(case: Case, vendor: Vendor) -> float:
    """What the vendor gave back in the period."""
    rows = case.rows("invoices_fees", "amount < 0 OR kind = 'refund'")
    return sum(abs(float(row["amount"])) for row in rows if row["vendor"] == vendor.id)


def _contract(vendor: Vendor, row: Row, months: Sequence[Period]) -> Contract | None:
    """The version that held in the month the line is for, else on its day, else the month before."""
    days = [*(one.start for one in months), *(one.end for one in months), row["doc_date"], row["doc_date"] - timedelta(days=31)]  # fmt: skip
    return next((found for day in days if (found := vendor.contract(day))), None)


def _kind(contract: Contract, row: Row) -> str | None:
    """The kind of the fee that covers the line; None of what isn't limited by month."""
    note = row["note"] or ""
    clause = contract.clause_for(row["kind"], note)
    if clause is None or contract.fees is None or row["kind"] in _APART:
        return None
    if item := contract.item_for(note):
        return item.kind if item.limit is not None and item.kind not in _APART else None
    return next((fee.kind for at, fee in enumerate(contract.fees, 1) if clause == (fee.clause or f"fees[{at}]") and fee.covers(row["kind"], note)), None)  # fmt: skip


def exported_whole(case: Case, vendor: Vendor) -> bool:
    """Whether exports tell all that a vendor's campaigns spent: Google's reports by ad group leave out Performance Max."""
    shapes = case.dataset.shapes.get("ads_daily", {}).get("google_ads", ())
    if not shapes or not all("ad_" in shape for shape in shapes):
        return True
    return not case.asked(
        "SELECT 1 FROM {rows} WHERE source = 'google_ads' AND vendor = ? LIMIT 1", "ads_daily", vendor.id
    )


def booked_with_tax(case: Case, vendor: Vendor) -> bool | None:
    """Whether the vendor's lines of which the books don't say so have the tax in them, as its other lines show; None: can't be told."""
    return _habit(
        case, vendor, [row for row in _rows(case) if row["vendor"] == vendor.id and row["tax_included"] is None]
    )


def _habit(case: Case, vendor: Vendor, rows: Sequence[Row]) -> bool | None:
    """Whether the vendor's lines are booked with tax, by those that are what was agreed to the dollar; None: can't be told."""
    contract = vendor.contract(case.period.end)
    agreed = [fee.amount for fee in contract.fees or () if fee.amount] if contract else []
    if contract is None or contract.tax is None or not agreed:
        return None
    net, gross = (
        sum(any(abs(row["amount"] - amount * by) <= 1 for amount in agreed) for row in rows)
        for by in ((1 / (1 + contract.tax_rate), 1.0) if contract.tax == "included" else (1.0, 1 + contract.tax_rate))
    )
    return None if net == gross else gross > net


def allowed(case: Case, vendor: Vendor, one: Period) -> dict[str, Allowed]:
    """By kind of fee, what the vendor may ask for that month; what is due once counts in the months around its day as well."""
    dues: dict[str, list[tuple[Due, Contract]]] = {}
    for at in (*one.back(3), one.following(), one.following().following()):
        for contract in vendor.contracts:
            for due in _dues(case, vendor, contract, at):
                if at == one or due.once:
                    dues.setdefault(due.kind, []).append((due, contract))
    return {kind: _summed(found) for kind, found in sorted(dues.items())}


def _dues(case: Case, vendor: Vendor, contract: Contract, one: Period) -> Iterator[Due]:
    held = contract.held(one)
    if held is not None and contract.fees is not None:
        bases = sorted({fee.base for fee in contract.fees if fee.base is not None})
        facts = {base: value for base in bases if (value := _fact(case, vendor, base, held)) is not None}
        yield from (due for due in contract.expected_fees(one, facts) if due.kind not in _APART)


def _fact(case: Case, vendor: Vendor, base: str, held: Period) -> float | None:
    """The month's figure that a commission is counted from; None where there is none."""
    metric = _METRICS[base]
    if base == "media_spend" and not (case.dataset.has("ads_daily") and exported_whole(case, vendor)):
        return None
    table = case.measured_over([held], [metric], ["vendor", "currency"] if base == "media_spend" else [])
    told = table[table["status"] != "no data"]
    if base == "media_spend":
        told = told[(told["vendor"] == vendor.id) & (told["currency"] == case.client.currency)]
    return None if told.empty else float(told["value"].sum())


def _summed(dues: Sequence[tuple[Due, Contract]]) -> Allowed:
    # Where the contract doesn't say whether tax is in its amounts, they are taken for amounts without it.
    amounts = [due.net if due.net is not None else due.amount for due, _ in dues]
    bases = {fee.base for due, contract in dues for fee in contract.fees or () if fee.base and fee.kind == due.kind}
    return Allowed(
        net=None if None in amounts else sum(amount or 0.0 for amount in amounts),
        due=sum(amount or 0.0 for amount, (due, _) in zip(amounts, dues, strict=True) if due.exact),
        terms=len(dues),
        slack=max((_SLACK[base] for base in bases), default=_FIXED),
        fixed=not bases,
    )


def invoiced(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Lines of invoices as evidence."""
    return [
        {"doc_date": row["doc_date"], "note": row["note"], "kind": KINDS.get(str(row["kind"]), KINDS["other"]), "amount": row["amount"], "source_row": row["source_row"]}
        for row in rows[:_SHOWN]
    ]  # fmt: skip


def rate_of(vendor: Vendor, one: Period) -> float:
    """The tax rate of the contract in that month."""
    contract = vendor.contract(one.end) or vendor.contract(one.start)
    return contract.tax_rate if contract else TAX_RATE


def month_of(row: Row) -> Period:
    """The month of a line's own date."""
    return month(row["doc_date"].year, row["doc_date"].month)
