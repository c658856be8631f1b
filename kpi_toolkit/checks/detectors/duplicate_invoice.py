"""Invoices that stand in the books more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from kpi_toolkit.agreement.served import served
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Observation
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text, finished

# An invoice is sent again within the year, or never.
_DAYS_BEFORE = 366
# What is due once a month; pieces of work and influencers are often paid with equal amounts.
_MONTHLY = ("retainer", "commission", "tool")
_SHOWN = 40


def _check(case: Case) -> Answer:
    rows = case.rows("invoices_fees", days_before=_DAYS_BEFORE)
    invoices: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["doc_no"]:
            invoices.setdefault((row["vendor"] or row["vendor_name"] or "", row["doc_no"]), []).append(row)
    observations = [one for _, booked in sorted(invoices.items()) for one in _copies(case, booked)]
    return Answer(observations=[*observations, *_services(case, rows)])


def _services(case: Case, rows: Sequence[Row]) -> Iterator[Observation]:
    """The fee of one month that was invoiced under several numbers, with the same words and amount; not where the contract
    allows as much, as of a fee in instalments."""
    services: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if (
            row["kind"] in _MONTHLY
            and row["amount"] > 0
            and row["vendor"]
            and served(row["note"] or "", row["doc_date"])
        ):
            months = " ".join(map(str, served(row["note"], row["doc_date"])))
            words = (row["vendor"], row["kind"], "".join(row["note"].split()), months, row["currency"] or "")
            services.setdefault((*words, f"{row['amount']:.2f}"), []).append(row)
    back = [(row["vendor"], abs(row["amount"])) for row in rows if row["amount"] < 0 or row["kind"] == "refund"]
    for (vendor, *_), alike in sorted(services.items()):
        numbers = {row["doc_no"] or row["source_row"] for row in alike}
        reversed_ = back.count((vendor, alike[0]["amount"]))
        copies = len(numbers) - 1 - reversed_
        known = len({row["doc_no"] for row in alike} - {None, ""}) == len(alike)
        if copies > 0 and known and alike[-1]["doc_date"] in case.period and not _instalments(case, alike):
            yield _observed(case, alike, copies)


def _instalments(case: Case, alike: Sequence[Row]) -> bool:
    """Whether the contract allows for all of them in the month that they name."""
    contract = case.client.contract(alike[0]["vendor"], alike[-1]["doc_date"])
    fees = [fee for fee in (contract.fees or () if contract else ()) if fee.kind == alike[0]["kind"]]
    most = sum(fee.amount or fee.limit or 0.0 for fee in fees)
    # A commission's month isn't known here; two equal parts of one are rare, and an open fee may be any number.
    open_ended = contract is None or contract.fees is None or any(fee.base for fee in fees)
    return not open_ended and sum(row["amount"] for row in alike) <= most * 1.1


def _copies(case: Case, booked: Sequence[Row]) -> Iterator[Observation]:
    """Of each amount that one number was booked with: how often more than once, refunds and reversals taken off."""
    amounts = [row["amount"] for row in booked]
    for amount in sorted({one for one in amounts if one > 0}):
        alike = [row for row in booked if row["amount"] == amount]
        copies = _bookings(alike) - 1 - amounts.count(-amount)
        if copies < 1 or alike[-1]["doc_date"] not in case.period:
            continue
        yield _observed(case, alike, copies)


def _bookings(alike: Sequence[Row]) -> int:
    """How often lines of one number and amount were booked: on a day as often as one of them stands there, since an invoice may
    have several lines that come to the same."""
    lines = Counter((row["doc_date"], row["kind"], row["note"] or "") for row in alike)
    days = {day for day, *_ in lines}
    return sum(max(count for (on, *_), count in lines.items() if on == day) for day in days)


def _observed(case: Case, alike: Sequence[Row], copies: int) -> Observation:
    return Observation(
        vendor=alike[0]["vendor"],
        amount=Decimal(str(alike[0]["amount"])) * copies,
        currency=alike[0]["currency"] or case.dataset.currency,
        values={
            "number": _listed(row["doc_no"] for row in alike),
            "name": alike[0]["vendor_name"] or "",
            "times": len(alike),
            "days": _listed(row["doc_date"] for row in alike),
            "amount": f"{alike[0]['amount']:,.0f}",
        },
        evidence=[
            {name: row[name] for name in ("doc_date", "doc_no", "amount", "source_row")} for row in alike[:_SHOWN]
        ],
    )


def _listed(values: Iterable[object]) -> Text:
    told = list(dict.fromkeys(str(value) for value in values))
    return finished("、".join(told), ", ".join(told))


def _sample(*entries: tuple[str, str, float]) -> Case:
    rows = [
        {"doc_date": date.fromisoformat(day), "vendor_name": "北辰數位", "doc_no": number, "amount": amount, "kind": "retainer", "source_row": at}
        for at, (day, number, amount) in enumerate(entries, start=2)
    ]  # fmt: skip
    return case_of({"invoices_fees": rows})


def _fires() -> Case:
    return _sample(("2026-09-05", "AB12345678", 31500), ("2026-10-05", "AB12345678", 31500))


def _quiet() -> Case:
    """Two months' invoices of one amount, one booked in two parts, one reversed and booked anew, one without a number."""
    return _sample(
        ("2026-09-05", "AB12345678", 31500), ("2026-10-05", "AB12345699", 31500),
        ("2026-10-06", "CD00000001", 10000), ("2026-10-20", "CD00000001", 5000),
        ("2026-10-08", "EF00000001", 8000), ("2026-10-09", "EF00000001", -8000), ("2026-10-09", "EF00000001", 8000),
        ("2026-10-10", "", 1200), ("2026-10-10", "", 1200),
    )  # fmt: skip


DETECTOR = Detector(
    id="duplicate_invoice",
    title=Text(zh="同一張發票入帳不只一次", en="One invoice booked more than once"),
    system="S31",
    needs=("invoices_fees",),
    least=Text(zh="只要有發票號碼就能查", en="invoice numbers are all it takes"),
    reference="Nigrini, Forensic Analytics (2nd ed., 2020): the same-same-same test",
    says=Text(
        zh="{name}的發票 {number} 以相同的金額 {amount} 入帳 {times} 次（{days}）。",
        en="Invoice {number} of {name} was booked {times} times with one amount, {amount} ({days}).",
    ),
    innocent=Text(
        zh="可能是分期付款、作廢重開後舊的還沒沖銷，或會計重複輸入。",
        en="It may be paid in equal instalments, cancelled and issued anew without the reversal yet, or typed in twice by bookkeeping.",
    ),
    question=Text(
        zh="您好，想請您幫忙核對：發票 {number}（{amount}）在我們帳上有 {times} 次（{days}）。請問是分次請款，還是同一筆？如有作廢重開，麻煩給我們折讓單。",
        en="Could you help us check: invoice {number} ({amount}) is in our books {times} times ({days}). Is it billed in instalments, or is it one and the same? If it was cancelled and issued anew, please send the credit note.",
    ),
    action=Text(
        zh="先和會計核對發票 {number} 的付款紀錄；若付了兩次，請對方退還或抵下期。",
        en="Check the payments of invoice {number} with bookkeeping first; if it was paid twice, ask for the money back or a credit on the next one.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
)
