"""Tax on an amount that has it already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.fees import Line, allowed, invoiced, lines_of, month_of, rate_of
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text, finished

# Within so much (or a dollar a line) of the agreed amount with the tax on it once more.
_EXACT: Final = 0.0015
# Of a line that is for the tax of others.
_TAX_SLACK: Final = 0.005
_TAX = re.compile(r"稅|vat|\btax\b", re.IGNORECASE)
_NOT_TAX = re.compile(r"含稅|未稅|免稅|零稅|incl|excl|without|with ", re.IGNORECASE)
_NO_CONTRACT = Text(
    zh="約定檔（client.yaml）裡沒有任何廠商的合約（vendors → contracts）",
    en="a contract in client.yaml (vendors → contracts)",
)
_NO_TAX = Text(
    zh="{vendor}的合約在約定檔（client.yaml）裡沒寫費用（fees），或沒寫含稅還是未稅（tax: included／excluded）",
    en="fees and tax (included or excluded) in the contract of {vendor} (client.yaml)",
)


def _lacks(case: Case) -> Text | None:
    return None if any(vendor.contracts for vendor in case.client.vendors) else _NO_CONTRACT


def _check(case: Case) -> Answer:
    observations, few = [], []
    for vendor in case.client.vendors:
        contract = vendor.contract(case.period.end)
        if contract is not None and (contract.fees is None or contract.tax is None):
            few.append(Few(vendor=vendor.id, needed=_NO_TAX.fill(vendor=vendor.name.text())))
        twice = [*_on_agreed(case, vendor), *_lines_of_tax(case, vendor)]
        if twice:
            observations.append(_observed(case, vendor, twice))
    return Answer(observations=observations, few=few)


def _on_agreed(case: Case, vendor: Vendor) -> Iterator[tuple[Row, float]]:
    """Lines of a fixed fee that are the agreed amount with the tax on it twice, and the one tax too many, as booked."""
    groups: dict[str, list[Line]] = {}
    for line in lines_of(case, vendor):
        if line.row["doc_date"] in case.period:
            groups.setdefault(line.kind, []).append(line)
    for kind, lines in sorted(groups.items()):
        single = [_excess(case, vendor, kind, [line]) for line in lines]
        found = [*zip(lines, single, strict=True)] if any(single) else [(lines[0], _excess(case, vendor, kind, lines))]
        yield from ((line.row, more) for line, more in found if more)


def _excess(case: Case, vendor: Vendor, kind: str, lines: Sequence[Line]) -> float:
    for one in lines[0].months or (month_of(lines[0].row), month_of(lines[0].row).previous()):
        contract, most = vendor.contract(one.end) or vendor.contract(one.start), allowed(case, vendor, one).get(kind)
        if contract is None or contract.tax is None or most is None or not most.net or not most.fixed:
            continue
        fees = [fee.amount for fee in contract.fees or () if fee.kind == kind and fee.amount]
        net = [amount / (1 + contract.tax_rate) if contract.tax == "included" else amount for amount in fees]
        gross, rate = sum(line.gross for line in lines), rate_of(vendor, one)
        for agreed in (most.net, *net):
            twice = agreed * (1 + rate) ** 2
            # Without tax in the books, half a year's rounding aside, it is the agreed amount with tax that stands there.
            if abs(gross - twice) <= max(_EXACT * twice, 1.0):
                return sum(line.amount for line in lines) * rate / (1 + rate)
    return 0.0


def _lines_of_tax(case: Case, vendor: Vendor) -> Iterator[tuple[Row, float]]:
    """Lines for the tax of other lines of the same day, or of the month, that are booked with tax."""
    rows = [row for row in case.rows("invoices_fees") if row["vendor"] == vendor.id and row["amount"] > 0]
    taxes = [row for row in rows if is_tax(row)]
    for row in taxes:
        others = [one for one in rows if not is_tax(one) and one["currency"] == row["currency"]]
        if any(_taxed(row, some) for some in _bases(row, others)):
            yield row, float(row["amount"])


def is_tax(row: Row) -> bool:
    """Whether a line is for tax alone."""
    note = str(row["note"] or "")
    return bool(_TAX.search(note)) and not _NOT_TAX.search(note) and row["kind"] in ("other", "tool", "production")


def _bases(row: Row, others: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """What the tax may be of: one line, those of the invoice, of the day, of the month."""
    yield from ([one] for one in others)
    yield [one for one in others if row["doc_no"] and one["doc_no"] == row["doc_no"]]
    yield [one for one in others if one["doc_date"] == row["doc_date"]]
    yield others


def _taxed(row: Row, rows: Sequence[Row]) -> bool:
    """Whether it is the tax of these lines, all of which have it in them."""
    whole = sum(float(one["amount"]) for one in rows)
    if not rows or not all(one["tax_included"] is True for one in rows):
        return False
    return any(abs(row["amount"] - whole * by) <= max(_TAX_SLACK * row["amount"], 1.0) for by in (TAX_RATE, TAX_RATE / (1 + TAX_RATE)))  # fmt: skip


def _observed(case: Case, vendor: Vendor, twice: Sequence[tuple[Row, float]]) -> Observation:
    amount = sum(more for _, more in twice)
    notes = list(dict.fromkeys(str(row["note"] or "") for row, _ in twice if row["note"]))[:3]
    return Observation(
        vendor=vendor.id,
        amount=Decimal(str(round(amount, 2))),
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "count": len(twice),
            "beyond": f"{amount:,.0f}",
            "notes": finished("、".join(notes) or "沒寫摘要", ", ".join(notes) or "nothing written"),
        },
        evidence=invoiced([row for row, _ in twice]),
    )


def _sample(*lines: tuple[str, str, float], contract: Mapping[str, object] | None = None) -> Case:
    """Lines of October's books, booked with tax, under a retainer of 31,500 with tax."""
    agreed = {"tax": "included", "fees": [{"kind": "retainer", "amount": 31500}]}
    books = [
        {"doc_date": date(2026, 10, 31), "vendor_name": "北辰數位", "note": note, "kind": kind, "amount": amount, "tax_included": True, "source_row": at}
        for at, (note, kind, amount) in enumerate(lines, start=2)
    ]  # fmt: skip
    return case_of({"invoices_fees": books}, vendors=({"contracts": [contract or agreed]},))


DETECTOR = Detector(
    id="tax_charged_twice",
    title=Text(zh="含稅的金額又加了一次稅", en="Tax on amounts that have it already"),
    system="S31",
    needs=("invoices_fees",),
    lacks=_lacks,
    least=Text(zh="一筆請款，和寫了費用、含不含稅的合約", en="one invoice line, and a contract that names its fees and whether tax is in them"),
    reference="營業稅法 (Value-added and Non-value-added Business Tax Act), articles 10 and 32",
    says=Text(
        zh="{period}，{name}有 {count} 筆請款看起來在含稅金額上又加了一次營業稅，多了 {beyond}（{notes}）。",
        en="{count} {count:line|lines} of {name} in {period} {count:looks|look} as if tax had been added to an amount that has it already: {beyond} more ({notes}).",
    ),
    innocent=Text(
        zh="可能是合約寫的其實是未稅價、費用剛好調了 5%，或會計把未稅和含稅記反了。",
        en="The agreed price may really be without tax, the fee may just have been raised by that share, or bookkeeping may have mixed up the two.",
    ),
    question=Text(
        zh="您好，想請您確認 {period}「{notes}」的請款金額是含稅還是未稅？依合約算，看起來多了一次營業稅（{beyond}）。",
        en="Could you confirm whether \"{notes}\" of {period} is with or without tax? By the contract, tax seems to be in it twice ({beyond}).",
    ),
    action=Text(
        zh="拿發票核對銷售額和稅額；若重複計稅，請對方重開或折讓 {beyond}。",
        en="Compare amount and tax on the invoice itself; if tax was added twice, ask for a new invoice or for {beyond} back.",
    ),
    check=_check,
    fires=lambda: _sample(("10月代操服務費", "retainer", 33075)),
    quiet=lambda: _sample(("10月代操服務費", "retainer", 31500), ("素材製作", "production", 33075)),
    few=lambda: _sample(("10月代操服務費", "retainer", 31500), contract={"fees": [{"kind": "retainer", "amount": 31500}]}),
)  # fmt: skip
