"""Media that were invoiced, against what the platforms took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.cutoffs import cut_off, raised
from kpi_toolkit.analysis.reconciliation import Circumstances, Difference, Entry, Reconciled, reconciled
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.fees import booked_with_tax, exported_whole
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period

# So many months are held against each other: a multiplier shows in several of them.
_MONTHS: Final = 6
_LEAST_MONTHS: Final = 3
# Dollars are rounded, and the last day's spend is settled later.
_SLACK: Final = Decimal("0.02")
# With fewer months: beyond the most that any cut-off day brings about; and where nothing is known of the days before.
_EARLY: Final = Decimal("0.05")
_ALONE: Final = Decimal("0.4")
_LONGEST: Final = 31
_SETTLING: Final = timedelta(days=3)
_MONTHLY = Text(zh="需要一整個月的期間", en="a calendar month as the period")
_FEW = Text(
    zh="要有至少 {least} 個月同時有{vendor}請款的廣告費和平台花費；現在有 {months} 個月",
    en="at least {least} months with both media invoiced by {vendor} and spend on the platforms; there {months:is|are} {months}",
)
# Without tax where the books tell whether it is in the amount.
_INVOICED = (
    "SELECT strftime(doc_date, '%Y-%m') AS month, sum(CASE WHEN coalesce(tax_included, ?) THEN amount / (1 + {rate}) ELSE amount END) AS amount FROM {rows} "
    "WHERE kind = 'media_passthrough' AND vendor = ? AND coalesce(currency, ?) = ? GROUP BY 1"
)
_UNTOLD = "SELECT 1 FROM {rows} WHERE kind = 'media_passthrough' AND vendor = ? AND tax_included IS NULL LIMIT 1"

_FOREIGN = (
    "SELECT 1 FROM {rows} WHERE kind = 'media_passthrough' AND vendor = ? AND coalesce(currency, '') NOT IN ('', ?) "
    "AND doc_date BETWEEN ? AND ? LIMIT 1"
)
_OTHER_MONEY = Text(
    zh="{vendor} 有外幣的代墊廣告費，沒有列入核對",
    en="{vendor} invoiced media in another currency, which were left out",
)

Months = Mapping[str, Decimal]


def _lacks(case: Case) -> Text | None:
    return None if case.period.grain == "month" else _MONTHLY


@dataclass(frozen=True)
class _Billed:
    """Months' invoices beside spend, and the shares that may come on top: as agreed, and tax where the books don't tell
    whether it is in the amounts."""

    result: Reconciled
    agreed: Decimal
    tax: Decimal
    with_tax: bool = False

    def beyond(self, one: Difference) -> Decimal:
        """What was invoiced beyond that. A multiplier that all months share is known for what it is, but for tax that the contract's
        amounts have in them; otherwise whatever may be tax is taken for tax, since one invoice may be cut off later than the month."""
        tax = Decimal(0) if "markup" in self.result.parts and not self.with_tax else self.tax
        return one.stated - one.found * (1 + self.agreed) * (1 + tax)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for vendor in case.client.vendors:
        if case.asked(_FOREIGN, "invoices_fees", vendor.id, case.client.currency, case.period.start, case.period.end):
            few.append(Few(vendor=vendor.id, needed=_OTHER_MONEY.fill(vendor=vendor.name.text())))
        billed = _billed(case, vendor)
        if billed is None:
            continue
        months = billed.result.items
        now = next((one for one in months if one.item == str(case.period)), None)
        strange = _strange(case, vendor, billed, now) if now is not None else None
        if strange is not None:
            observations.append(_observed(case, vendor, billed, strange))
        elif len(months) < _LEAST_MONTHS:
            needed = _FEW.fill(vendor=vendor.name.text(), least=_LEAST_MONTHS, months=len(months))
            few.append(Few(vendor=vendor.id, needed=needed))
    return Answer(observations=observations, few=few)


def _strange(case: Case, vendor: Vendor, billed: _Billed, now: Difference) -> Difference | None:
    """The month's difference where it is more than any day of cutting off brings about: by a factor that all months share, beside
    the calendar's months or those from one cut-off day to the next; by a new factor that the last months share; else by what any month's length of days took at most."""
    whole, complete, allowed = billed.result, exported_whole(case, vendor), (1 + billed.agreed) * (1 + billed.tax)
    if "markup" in whole.parts and len(whole.items) >= _LEAST_MONTHS:
        return now if all(billed.beyond(one) > one.found * _SLACK for one in (now, whole)) else None
    if not complete:
        return None
    daily = _daily(case, vendor)
    if not daily:
        enough = len(whole.items) >= _LEAST_MONTHS and all(billed.beyond(one) > one.found * _EARLY for one in (now, whole))  # fmt: skip
        return now if enough else None
    months = {one: float(item.stated) for one in case.period.back(_MONTHS) for item in whole.items if item.item == str(one)}  # fmt: skip
    if (cut := cut_off(months, daily)) is not None:
        found = Decimal(str(round(cut.spent[case.period], 2)))
        return replace(now, found=found) if min(now.stated, found * Decimal(cut.factor)) > found * allowed * (1 + _SLACK) else None  # fmt: skip
    if (since := raised(months, daily, float(allowed))) is not None:
        found = Decimal(str(round(since.spent[case.period], 2)))
        return replace(now, found=found) if now.stated > found * allowed * (1 + _SLACK) else None
    media = contract.media if (contract := vendor.contract(case.period.end)) else None
    evens_out = len(whole.items) >= _LEAST_MONTHS and billed.beyond(whole) <= 0
    if evens_out or media is None or media.billed_by != "vendor" or media.markup is None:
        return None
    slack = _EARLY if min(daily) <= case.period.previous().start + _SETTLING else _ALONE
    return now if now.stated > max(_most_spent(case.period, daily), now.found) * allowed * (1 + slack) else None


def _daily(case: Case, vendor: Vendor) -> dict[date, float]:
    """What the platforms took by day, as far back as months are held against each other; empty where they don't tell days."""
    start = case.period.back(_MONTHS + 3)[0].start
    table = case.measured(["spend"], ["vendor", "currency", "day"], days_before=(case.period.start - start).days)
    own = table[(table["vendor"] == vendor.id) & (table["currency"] == case.client.currency) & (table["status"] != "no data")]  # fmt: skip
    return {start.date(): float(value) for start, value in zip(own["period_start"], own["value"], strict=True)}


def _most_spent(period: Period, daily: Mapping[date, float]) -> Decimal:
    """The most that the platforms took in a month's length of days up to any day of the period, or in a month or two before it."""
    every = list(Period(period.back(3)[0].start, period.end).each_day())
    spans = (every[at : at + _LONGEST] for at in range(len(every) - _LONGEST + 1))
    return Decimal(str(round(max(sum(daily.get(day, 0.0) for day in span) for span in spans), 2)))


def _billed(case: Case, vendor: Vendor) -> _Billed | None:
    """The months' invoices beside the spend of the same month or, where that fits better, of the one before; None where
    the vendor invoices no media."""
    contract = vendor.contract(case.period.end)
    rate = contract.tax_rate if contract else TAX_RATE
    habit = booked_with_tax(case, vendor)
    invoiced = _invoiced(case, vendor, rate, bool(habit))
    if not invoiced:
        return None
    spent = _spent(case, vendor)
    media = contract.media if contract else None
    untold = habit is None and case.asked(_UNTOLD, "invoices_fees", vendor.id)
    tax, agreed = Decimal(repr(rate if untold else 0.0)), Decimal(repr(media.markup or 0.0)) if media else Decimal(0)
    known = Circumstances(tax_rate=tax, agreed_markup=agreed)
    with_tax = contract is not None and contract.tax == "included"
    placed = [_Billed(_beside(case.period, invoiced, spent, later, known), agreed, tax, with_tax) for later in (0, 1)]
    return min(placed, key=lambda one: (-len(one.result.items), sum(abs(one.beyond(item)) for item in one.result.items)))  # fmt: skip


def _beside(period: Period, invoiced: Months, spent: Months, later: int, known: Circumstances) -> Reconciled:
    """Each month's invoices beside the spend of `later` months before."""
    pairs = {str(one): str(one.back(later + 1)[0]) for one in period.back(_MONTHS)}
    both = {one: before for one, before in pairs.items() if invoiced.get(one, 0) > 0 and spent.get(before, 0) > 0}
    entries = [Entry(item=one, amount=invoiced[one], step=Decimal(1)) for one in both]
    return reconciled(entries, {one: spent[before] for one, before in both.items()}, known)


def _invoiced(case: Case, vendor: Vendor, rate: float, habit: bool) -> Months:
    """What was invoiced for media by month, in the client's own currency; other money is left out."""
    own = case.client.currency
    months = case.asked(_INVOICED.replace("{rate}", repr(rate)), "invoices_fees", habit, vendor.id, own, own)
    return {row["month"]: Decimal(str(round(row["amount"] or 0, 2))) for row in months}


def _spent(case: Case, vendor: Vendor) -> Months:
    """What the platforms took by month, in the client's own currency; the first invoice may be for the month before."""
    months = case.period.back(_MONTHS + 1)
    table = case.measured_over(months, ["spend"], ["vendor", "currency"])
    own = table[(table["vendor"] == vendor.id) & (table["currency"] == case.client.currency)]
    told = own[own["status"] != "no data"]
    return {f"{start:%Y-%m}": Decimal(str(round(value, 2))) for start, value in zip(told["period_start"], told["value"], strict=True)}  # fmt: skip


def _observed(case: Case, vendor: Vendor, billed: _Billed, now: Difference) -> Observation:
    whole, beyond = billed.result, billed.beyond(now)
    return Observation(
        vendor=vendor.id,
        amount=beyond,
        currency=case.client.currency,
        values={
            "name": vendor.name.text(),
            "invoiced": f"{now.stated:,.0f}",
            "spent": f"{now.found:,.0f}",
            "beyond": f"{beyond:,.0f}",
            "months": len(whole.items),
            "share": f"{billed.beyond(whole) / whole.found:.1%}",
        },
        evidence=[{"month": one.item, "invoiced": float(one.stated), "spent": float(one.found)} for one in whole.items],
    )


def _sample(factor: float, spends: Sequence[float] = (52000, 61000, 48000, 75000, 66000, 58000), **media: object) -> Case:  # fmt: skip
    """A vendor that invoices `factor` times what its campaigns spend, month by month up to October."""
    months = [*zip(OCTOBER.back(len(spends)), spends, strict=True)]
    ads = [{"date_day": day, "campaign_name": "BC_品牌", "spend": spend / one.days} for one, spend in months for day in one.each_day()]  # fmt: skip
    books = [
        {"doc_date": one.end, "vendor_name": "北辰數位", "note": "廣告費代墊", "kind": "media_passthrough", "amount": round(spend * factor), "tax_included": None}
        for one, spend in months
    ]  # fmt: skip
    return case_of({"ads_daily": ads, "invoices_fees": books}, vendors=({"contracts": [{"media": {"billed_by": "vendor", **media}}]},))  # fmt: skip


def _fires() -> Case:
    return _sample(1.08, markup=0)


def _quiet() -> Case:
    """The agreed mark-up of a tenth, and tax on it."""
    return _sample(1.1 * 1.05, markup=0.1)


def _few() -> Case:
    return _sample(1.08, spends=(66000, 58000), markup=0)


DETECTOR = Detector(
    id="media_markup",
    title=Text(zh="請款的廣告費高於平台花費", en="Media invoiced above what the platforms took"),
    system="S31",
    needs=("invoices_fees", "ads_daily"),
    lacks=_lacks,
    least=Text(zh="3 個月同時有請款和平台花費", en="3 months with both invoices for media and spend on the platforms"),
    reference="ANA, Media Transparency: Prescriptions, Principles, and Processes for Marketers (2016)",
    says=Text(
        zh="{period}，{name}請款的廣告費是 {invoiced}，平台花費是 {spent}；扣掉稅和約定的加成，還多 {beyond}。{months} 個月合計多 {share}。",
        en="For {period}, {name} invoiced {invoiced} for media, and the platforms took {spent}; beyond tax and any agreed mark-up "
        "that is {beyond} more. Over {months} months it is {share} more.",
    ),
    innocent=Text(
        zh="可能是約定過的加成還沒寫進約定檔（client.yaml）、結帳日不在月底、有帳戶或廣告活動沒匯出，或含稅和未稅沒分開。",
        en="A mark-up may have been agreed that isn't in client.yaml, invoices may be cut off on another day, an account or a campaign may "
        "be missing from the exports, or tax may not be told apart.",
    ),
    question=Text(
        zh="您好，{period}請款的廣告費是 {invoiced}，我們從平台看到的花費是 {spent}。方便提供各平台的官方帳單，讓我們對一下嗎？如有加成，請問是合約哪一條？",
        en="For {period}, {invoiced} was invoiced for media, and the platforms show {spent}. Could you send us their own bills, to match the two? If there is a mark-up, "
        "which clause of the contract is it?",
    ),
    action=Text(
        zh="核對平台帳單；約定有加成，就寫進約定檔（client.yaml）的 media.markup，沒有就請對方說明這 {beyond}。",
        en="Match the platforms' bills; write an agreed mark-up into client.yaml (media.markup), else ask what the {beyond} is for.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)
