"""Invoice lines that no clause of the contract covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from kpi_toolkit.agreement.contract import TAX_RATE, Contract
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.fees import invoiced
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text, finished, same

_NO_CONTRACT = Text(
    zh="約定檔（client.yaml）裡沒有任何廠商的合約（vendors → contracts）",
    en="a contract in client.yaml (vendors → contracts)",
)
_NO_FEES = Text(
    zh="{vendor}的合約在約定檔（client.yaml）裡沒寫費用（fees），無法判斷哪些項目有約定",
    en="fees in the contract of {vendor} (client.yaml), to tell which lines were agreed",
)
_SHOWN = 5
# A line for tax alone; `含稅` and `未稅` say how another one is booked.
_TAX = re.compile(r"營業稅|^稅|稅額|稅金|\bVAT\b|^tax", re.IGNORECASE)
_NO_WORDS = Text(zh="（沒寫摘要）", en="(nothing written)")


def _lacks(case: Case) -> Text | None:
    return None if any(vendor.contracts for vendor in case.client.vendors) else _NO_CONTRACT


def _check(case: Case) -> Answer:
    observations, few, rows = [], [], case.rows("invoices_fees")
    for vendor in case.client.vendors:
        own = [row for row in rows if row["vendor"] == vendor.id]
        agreed = [(row, vendor.contract(row["doc_date"])) for row in own if not _tax_of(row, own)]
        if any(contract is not None and contract.fees is None for _, contract in agreed):
            few.append(Few(vendor=vendor.id, needed=_NO_FEES.fill(vendor=vendor.name.text())))
        elif uncovered := [row for row, contract in agreed if contract is not None and not _covered(row, contract)]:
            observations += list(_observed(case, vendor, uncovered))
    return Answer(observations=observations, few=few)


def _tax_of(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a line is the tax of lines without it (within a dollar a line): what the law asks for, no clause does."""
    if not _TAX.search(str(row["note"] or "")):
        return False
    bare = [one for one in rows if one is not row and one["tax_included"] is not True and not _TAX.search(str(one["note"] or ""))]  # fmt: skip
    groups = [[one] for one in bare] + [bare, [one for one in bare if one["doc_date"] == row["doc_date"]]]
    sums = [sum(one["amount"] for one in group) for group in groups]
    return any(abs(row["amount"] - TAX_RATE * whole) <= max(1.0, 0.005 * row["amount"]) for whole in sums if whole > 0)


def _covered(row: Row, contract: Contract) -> bool:
    # Money that comes back needs no clause.
    back = row["amount"] <= 0 or row["kind"] == "refund"
    return back or contract.clause_for(row["kind"], row["note"] or "") is not None


def _observed(case: Case, vendor: Vendor, rows: Sequence[Row]) -> Iterator[Observation]:
    """One observation for each currency."""
    for currency in sorted({row["currency"] or case.dataset.currency for row in rows}):
        own = [row for row in rows if (row["currency"] or case.dataset.currency) == currency]
        yield Observation(
            vendor=vendor.id,
            amount=sum((Decimal(str(row["amount"])) for row in own), Decimal(0)),
            currency=currency,
            values={
                "count": len(own),
                "name": vendor.name.text(),
                "notes": _notes(own),
                "amount": f"{sum(row['amount'] for row in own):,.0f}",
            },
            evidence=invoiced(own),
        )


def _notes(rows: Sequence[Row]) -> Text:
    """What the lines are for, each once, the dearest first."""
    dearest = sorted(rows, key=lambda row: -row["amount"])
    notes = dict.fromkeys(row["note"] or "" for row in dearest)
    listed = [same(note) if note else _NO_WORDS for note in notes][:_SHOWN]
    return finished("、".join(one.say("zh-TW") for one in listed), ", ".join(one.say("en") for one in listed))


def _sample(lines: Sequence[tuple[str, str, float]], contract: dict[str, object]) -> Case:
    rows = [
        {"doc_date": date(2026, 10, 5), "vendor_name": "北辰數位", "note": note, "kind": kind, "amount": amount, "source_row": at}
        for at, (note, kind, amount) in enumerate(lines, start=2)
    ]  # fmt: skip
    return case_of({"invoices_fees": rows}, vendors=({"contracts": [contract]},))


_CONTRACT: dict[str, object] = {
    "fees": [{"kind": "retainer", "amount": 30000}, {"kind": "tool", "limit": 3000}],
    "media": {"billed_by": "vendor", "markup": 0},
    "items": [{"text": "*素材*", "kind": "production"}],
}
_AGREED = [("10月代操服務費", "retainer", 31500.0), ("Google 廣告費代墊", "media_passthrough", 52500.0), ("素材製作", "production", 8000.0)]  # fmt: skip


def _fires() -> Case:
    return _sample([*_AGREED, ("平台使用費", "other", 6000.0), ("急件處理費", "other", 1500.0)], _CONTRACT)


def _quiet() -> Case:
    """All agreed; money that comes back needs no clause."""
    return _sample([*_AGREED, ("平台使用費 退款", "refund", -6000.0)], _CONTRACT)


def _few() -> Case:
    return _sample(_AGREED, {"media": {"billed_by": "vendor"}})


DETECTOR = Detector(
    id="uncovered_item",
    title=Text(zh="請款項目不在合約裡", en="Invoiced items that the contract doesn't name"),
    system="S31",
    needs=("invoices_fees",),
    lacks=_lacks,
    least=Text(zh="一筆請款，和寫了費用的合約", en="one invoice line, and a contract that names its fees"),
    reference="ANA, Media Transparency: Prescriptions, Principles, and Processes for Marketers (2016)",
    says=Text(
        zh="{period}，{name}有 {count} 筆請款在合約裡找不到對應的條款：{notes}，金額共 {amount}。",
        en="{count} {count:line|lines} invoiced by {name} in {period} {count:has|have} no clause in the contract: {notes}, {amount} in all.",
    ),
    innocent=Text(
        zh="可能是口頭或信件另外談好的、合約附件還沒寫進約定檔（client.yaml），或會計寫的摘要和合約用詞不同。",
        en="It may have been agreed by word or mail, an annex may be missing in client.yaml, or bookkeeping may call it by another name than the contract.",
    ),
    question=Text(
        zh="您好，想請教 {period}請款的這些項目對應合約的哪一條：{notes}（共 {amount}）？如果是另外談好的，麻煩給我們當時的確認信，謝謝。",
        en="Could you tell us which clause of the contract these items of {period} belong to: {notes} ({amount} in all)? If they were agreed separately, please send us the confirmation.",
    ),
    action=Text(
        zh="先查有沒有另外的報價單或信件；有的話寫進約定檔（client.yaml）的 contracts，下次就不會再問。",
        en="Look for a separate quote or mail first; if there is one, write it into contracts in client.yaml, and it won't be asked again.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)
