"""Fees that were invoiced above what the contract allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.fees import (
    BASES,
    KINDS,
    Allowed,
    Line,
    allowed,
    credited,
    foreign,
    invoiced,
    lines_of,
    month_of,
)
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.periods import Period

# Dollars are rounded; what is less than this nobody writes a mail about.
_LEAST: Final = 100.0
# Exactly the tax more than what was agreed with tax is another check's.
_TAX_TWICE: Final = (1.0485, 1.0515)
# Invoices of several months at once, where no month is named.
_AT_ONCE: Final = range(2, 13)
_NO_CONTRACT = Text(
    zh="約定檔（client.yaml）裡沒有任何廠商的合約（vendors → contracts）",
    en="a contract in client.yaml (vendors → contracts)",
)
_NO_FEES = Text(
    zh="{vendor}的合約在約定檔（client.yaml）裡沒寫費用（fees），不知道約定的是多少",
    en="fees in the contract of {vendor} (client.yaml), to tell what was agreed",
)
_NO_BASE = Text(
    zh="{vendor}的{kind}要用{base}計算，請提供那個月的資料",
    en="the {kind} of {vendor} is counted from {base}: data of that month",
)
_FOREIGN = Text(
    zh="{vendor}有外幣請款，沒有列入核對",
    en="{vendor} invoiced in another currency, which was left out",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Over:
    """Lines that come to more than was `agreed` (net of tax), and by how much, as they are booked."""

    kind: str
    lines: Sequence[Line]
    agreed: float
    amount: float


def _lacks(case: Case) -> Text | None:
    return None if any(vendor.contracts for vendor in case.client.vendors) else _NO_CONTRACT


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        few += _unsaid(case, vendor)
        observations += [_observed(case, vendor, over) for over in _overs(case, vendor, lines_of(case, vendor))]
    return Answer(observations=observations, few=few)


def _unsaid(case: Case, vendor: Vendor) -> Iterator[Few]:
    name, contract = vendor.name.text(), vendor.contract(case.period.end)
    if contract is not None and contract.fees is None:
        yield Few(vendor=vendor.id, needed=_NO_FEES.fill(vendor=name))
    if foreign(case, vendor):
        yield Few(vendor=vendor.id, needed=_FOREIGN.fill(vendor=name))
    lacking = {kind for kind, one in allowed(case, vendor, month_of({"doc_date": case.period.end})).items() if one.net is None}  # fmt: skip
    for fee in contract.fees or () if contract else ():
        if fee.base is not None and fee.kind in lacking:
            words = _NO_BASE.fill(vendor=name, kind=KINDS[fee.kind], base=BASES[fee.base])
            yield Few(vendor=vendor.id, needed=words)


def _overs(case: Case, vendor: Vendor, lines: Sequence[Line]) -> Iterator[_Over]:
    """What is above the contract, by kind and month of service, where a line of the period is part of it."""
    groups: dict[tuple[str, tuple[Period, ...]], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.kind, line.months), []).append(line)
    back = credited(case, vendor)
    for (kind, months), group in sorted(groups.items()):
        now = [line for line in group if line.row["doc_date"] in case.period]
        if not now:
            continue
        over = _of_months(case, vendor, kind, months, group, lines) if months else _of_no_month(case, vendor, kind, now, lines)  # fmt: skip
        if over is not None and over.amount - back > _LEAST:
            yield over


def _of_months(case: Case, vendor: Vendor, kind: str, months: Sequence[Period], group: Sequence[Line], lines: Sequence[Line]) -> _Over | None:  # fmt: skip
    """Lines that name their months, against what those come to, and what other kinds of fee that nobody invoiced for them do."""
    parts = [allowed(case, vendor, one) for one in months]
    own = _added([part[kind] for part in parts if kind in part])
    billed = {line.kind for line in lines if set(line.months) & set(months) or (not line.months and month_of(line.row) in months)}  # fmt: skip
    spare = sum(one.due for part in parts for other, one in part.items() if other not in billed)
    return _over(kind, group, own, spare)


def _of_no_month(case: Case, vendor: Vendor, kind: str, now: Sequence[Line], lines: Sequence[Line]) -> _Over | None:
    """Lines that name no month: for the month of their date or the one before, whichever allows more, or for both where nothing
    came in the one before."""
    one = month_of(now[-1].row)
    parts = [part[kind] for part in (allowed(case, vendor, one), allowed(case, vendor, one.previous())) if kind in part]
    known = [part for part in parts if part.net is not None]
    if not known or (len(known) < len(parts) and not all(part.fixed for part in parts)):
        return None
    most = max(known, key=lambda part: part.net or 0.0)
    late = len(now) > most.terms and not any(line.kind == kind and month_of(line.row) == one.previous() for line in lines)  # fmt: skip
    over = _over(kind, now, _added(known) if late else most, _unbilled(case, vendor, kind, one, lines))
    return None if over is None or _at_once(now, most, [line for line in lines if line.kind == kind]) else over


def _unbilled(case: Case, vendor: Vendor, kind: str, one: Period, lines: Sequence[Line]) -> float:
    """What other kinds of fee come to that weren't invoiced at all: bookkeeping may have put them under this one."""
    billed = {line.kind for line in lines if month_of(line.row) in (one, one.previous())}
    return sum(part.due for other, part in allowed(case, vendor, one).items() if other not in billed | {kind})


def _at_once(now: Sequence[Line], most: Allowed, lines: Sequence[Line]) -> bool:
    """Whether one line is so many months' fees to the dollar, and none came in the months before (a quarter's at least where those
    aren't in the books)."""
    if len(now) != 1 or not most.fixed or not most.net:
        return False
    times = next((k for k in _AT_ONCE for by in (1.0, now[0].rate + 1) if abs(now[0].amount - k * by * (most.net or 0.0)) <= 2), 1)  # fmt: skip
    earlier = {month_of(line.row) for line in lines} & set(month_of(now[0].row).back(min(times, 4))[:-1])
    return times > 2 and not earlier


def _added(parts: Sequence[Allowed]) -> Allowed:
    unknown = not parts or any(one.net is None for one in parts)
    return Allowed(
        net=None if unknown else sum(one.net or 0.0 for one in parts),
        due=sum(one.due for one in parts),
        terms=sum(one.terms for one in parts),
        slack=max((one.slack for one in parts), default=0.0),
        fixed=all(one.fixed for one in parts),
    )


def _over(kind: str, lines: Sequence[Line], most: Allowed, spare: float) -> _Over | None:
    if most.net is None:
        return None
    net, gross = sum(line.net for line in lines), sum(line.gross for line in lines)
    beyond = net - most.net - spare
    if beyond <= max(most.slack * most.net, _LEAST):
        return None
    with_tax = most.net * (1 + lines[0].rate)
    if most.fixed and with_tax and _TAX_TWICE[0] <= gross / with_tax <= _TAX_TWICE[1]:
        return None
    # As booked: with tax where the lines have it.
    booked = sum(line.amount for line in lines)
    return _Over(kind=kind, lines=lines, agreed=most.net, amount=beyond * booked / net)


def _observed(case: Case, vendor: Vendor, over: _Over) -> Observation:
    notes = list(dict.fromkeys(str(line.row["note"] or "") for line in over.lines if line.row["note"]))[:3]
    return Observation(
        vendor=vendor.id,
        amount=Decimal(str(round(over.amount, 2))),
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "kind": KINDS.get(over.kind, KINDS["other"]),
            "invoiced": f"{sum(line.net for line in over.lines):,.0f}",
            "agreed": f"{over.agreed:,.0f}",
            "beyond": f"{over.amount:,.0f}",
            "notes": finished("、".join(notes) or "沒寫摘要", ", ".join(notes) or "nothing written"),
        },
        evidence=invoiced([line.row for line in over.lines]),
    )


def _sample(*lines: tuple[str, str, float], contract: Mapping[str, object] | None = None, spend: float = 62000.0) -> Case:  # fmt: skip
    """Lines of October's books under a retainer of 30,000 and a tenth of the spend, tax on top."""
    agreed = {"tax": "excluded", "fees": [{"kind": "retainer", "amount": 30000}, {"kind": "commission", "base": "media_spend", "share": 0.1}]}  # fmt: skip
    books = [
        {"doc_date": date(2026, 10, 31), "vendor_name": "北辰數位", "note": note, "kind": kind, "amount": amount, "tax_included": True, "source_row": at}
        for at, (note, kind, amount) in enumerate(lines, start=2)
    ]  # fmt: skip
    ads = [{"date_day": day, "campaign_name": "BC_品牌", "spend": spend / OCTOBER.days} for day in OCTOBER.each_day()]
    return case_of({"invoices_fees": books, "ads_daily": ads}, vendors=({"contracts": [contract or agreed]},))


DETECTOR = Detector(
    id="fee_above_contract",
    title=Text(zh="請款的服務費高於合約", en="Fees invoiced above the contract"),
    system="S31",
    needs=("invoices_fees",),
    lacks=_lacks,
    least=Text(zh="一筆請款，和寫了費用的合約", en="one invoice line, and a contract that names its fees"),
    reference="ANA, Media Transparency: Prescriptions, Principles, and Processes for Marketers (2016)",
    says=Text(
        zh="{period}，{name}的{kind}請款未稅 {invoiced}，依合約是 {agreed}；以帳上金額計，多了 {beyond}（{notes}）。",
        en="For {period}, {name} invoiced {invoiced} net of tax for {kind}; by the contract it is {agreed}. As booked that is {beyond} more ({notes}).",
    ),
    innocent=Text(
        zh="可能是一次請幾個月的款、另外談好的加價還沒寫進約定檔（client.yaml）、含稅和未稅沒分開，或抽成算的基礎和這裡不同。",
        en="Several months may be billed at once, a raise may have been agreed that isn't in client.yaml, tax may not be told apart, or the commission may be counted from another base.",
    ),
    question=Text(
        zh="您好，想請教 {period}「{notes}」的計算方式：請款是未稅 {invoiced}，我們依合約算是 {agreed}，請問差在哪裡？",
        en="Could you show us how \"{notes}\" of {period} was calculated? It is {invoiced} net of tax, and by the contract we come to {agreed}: where is the difference?",
    ),
    action=Text(
        zh="先查有沒有另外的報價單；沒有的話，請對方說明或在下期折讓 {beyond}。",
        en="Look for a separate quote first; if there is none, ask for an explanation or for {beyond} back with the next invoice.",
    ),
    check=_check,
    fires=lambda: _sample(("10月代操服務費", "retainer", 37800), ("10月廣告抽成", "commission", 6510)),
    quiet=lambda: _sample(("10月代操服務費", "retainer", 31500), ("10月廣告抽成", "commission", 6700)),
    few=lambda: _sample(("10月代操服務費", "retainer", 31500), contract={"tax": "excluded"}),
)  # fmt: skip
