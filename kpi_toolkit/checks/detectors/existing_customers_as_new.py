"""Customers that a vendor claims to have won, who had bought before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_count, chance_of_more, spread_of
from kpi_toolkit.checks import claimed
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.claimed import Claim
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.ledger import Ledger, ledger, newcomers, number_sql, room, states
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import ORIGINS
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period

# Without earlier orders everybody is new.
_HISTORY_DAYS: Final = 90
_LEAST_ORDERS: Final = 20
_LEAST_SURPLUS: Final = 5
# Of the customers in a list who were there before, so many may be taken for new: another phone, another browser. Where a list
# has new customers alone, so many of those.
_UNKNOWN: Final = 0.1
_MISTAKEN: Final = 0.1
_SLIPS: Final = 0.02
# A report that has nearly all new customers of the shop tells the shop's.
_THE_SHOPS: Final = 0.8
# Ads bring new customers rather than old ones: up to twice the shop's own share, and nine in ten at most.
_RATHER: Final = 2.0
_NEARLY_ALL: Final = 0.9
# What trackers miss of the orders, so that the customers counted elsewhere are more of them.
_SEEN: Final = 0.75
# Against the earlier months' share of new customers: other campaigns make it half as large again.
_MONTHS: Final = 6
_LEAST_MONTHS: Final = 3
_MIX: Final = 1.5
# Lists of orders are drawn from the shop's, hardly less evenly than by lot; totals are rougher.
_BY_LOT: Final = Spread(factor=1.15)
_SPREAD: Final = Spread(factor=1.5)
_SHOWN: Final = 20
_HISTORY = Text(
    zh="需要 {start} 以前至少 {days} 天的訂單，才知道誰買過",
    en="the shop's orders of at least {days} days before {start}, to know who had bought before",
)
_ORDERS = Text(
    zh="{vendor}：報告裡要有新客數，或至少 {least} 筆標明新客的訂單清單",
    en="{vendor}: new customers in its report, or a list of {least} orders or more that says which are new customers'",
)
_LISTED: Final = (
    f"SELECT {number_sql()} AS number, max(amount) AS amount, max(commission) AS commission, bool_or(coalesce(new_customer, false)) AS new, bool_or(NOT new_customer) AS old "
    "FROM {rows} WHERE vendor = ? AND claimed_on BETWEEN ? AND ? AND coalesce(nullif(currency, ''), ?) = ? GROUP BY 1 ORDER BY 1"
)
_BEFORE = Text(zh="其中 {count} 位在這之前就買過", en="{count} of whom had bought before")
_OWN: Final = 1.1
_MORE = Text(
    zh="商店同期全部的新客最多 {count} 位", en="all new customers of the shop in those days are {count} at most"
)
_SHARE = Text(
    zh="占它認列訂單的 {share}，而商店全部的新客占比是 {count}",
    en="{share} of the orders it claims, while {count} of all the shop's customers are new",
)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What was seen of a vendor's new customers: how many are claimed, how many too many, in which words, how likely."""

    claimed: float
    surplus: float
    words: Text
    p: float | None
    evidence: Sequence[Mapping[str, object]]
    money: float | None = None


def _check(case: Case) -> Answer:
    books = ledger(case)
    if not _reaches_back(case, books):
        needed = _HISTORY.fill(start=case.period.start, days=_HISTORY_DAYS)
        return Answer(few=[Few(needed=needed)])
    observations, few = [], []
    for vendor in case.client.vendors:
        seen = [*_by_list(case, vendor), *_by_report(case, books, vendor)]
        if not seen:
            few.append(Few(vendor=vendor.id, needed=_ORDERS.fill(vendor=vendor.name.text(), least=_LEAST_ORDERS)))
            continue
        # A list names the orders: what it shows goes before what totals do.
        strange = min(seen, key=lambda one: -1.0 if one.p is None else one.p)
        observations.append(_observed(case, vendor, strange))
    return Answer(observations=[one for one in observations if one is not None], few=few)


def _reaches_back(case: Case, books: Ledger) -> bool:
    """Whether the shop says itself who is new, or has orders of long enough before the period."""
    first = books.begins()
    marked = case.asked("SELECT count(*) AS n FROM {rows} WHERE new_customer IS NOT NULL AND ordered_at::DATE BETWEEN ? AND ?", "orders", case.period.start, case.period.end)  # fmt: skip
    named = case.asked("SELECT count(*) AS n FROM {rows} WHERE customer_key IS NOT NULL", "orders")
    early = first is not None and first <= case.period.start - timedelta(days=_HISTORY_DAYS)
    return marked[0]["n"] > 0 or (early and named[0]["n"] > 0)


def _by_list(case: Case, vendor: Vendor) -> Iterator[_Seen]:
    """Orders of new customers, one by one: whether the customer had bought before."""
    if not case.dataset.has("claimed_orders"):
        return
    own = case.client.currency
    rows = case.asked(_LISTED, "claimed_orders", vendor.id, case.period.start, case.period.end, own, own)
    known = states(case)
    told = [row for row in rows if row["number"] in known and known[row["number"]]["returning"] is not None]
    new = [row for row in told if row["new"]]
    if len(new) < _LEAST_ORDERS:
        return
    back = [row for row in told if known[row["number"]]["returning"]]
    mistaken = [row for row in back if row["new"]]
    told_apart = any(row["old"] for row in told)
    usual = max(len(back) * _UNKNOWN, len(new) * _SLIPS) if told_apart else len(new) * _MISTAKEN
    yield _Seen(
        claimed=len(new),
        surplus=len(mistaken),
        words=_BEFORE.fill(count=f"{len(mistaken):,}"),
        p=chance_of_count(len(mistaken), usual, _BY_LOT),
        evidence=[{"order": row["number"], "amount": row["amount"], "commission": row["commission"]} for row in mistaken[:_SHOWN]],
        money=sum(float(row["amount"] or 0.0) for row in mistaken),
    )  # fmt: skip


def _by_report(case: Case, books: Ledger, vendor: Vendor) -> Iterator[_Seen]:
    """The number of new customers in the report, against all that there can be, and against the orders it claims."""
    said = claimed.reported(case, "orders", "new_customers", vendor.id, case.period)
    if not said or not books.complete(said[0].span):
        return
    claim, span = said[0], said[0].span
    all_new = newcomers(case, span)
    surplus = claim.value - all_new
    if claim.value > room(all_new) and surplus >= _LEAST_SURPLUS:
        evidence = [{"from": ORIGINS["report"], "claimed": claim.value, "new_customers_in_books": all_new}]
        yield _Seen(claimed=claim.value, surplus=surplus, words=_MORE.fill(count=f"{all_new:,.0f}"), p=None, evidence=evidence)  # fmt: skip
        return
    yield _by_share(case, books, claim)


def _by_share(case: Case, books: Ledger, claim: Claim) -> _Seen:
    """New customers beside the orders that the same vendor claims."""
    orders, placed = _orders(case, claim.vendor, claim.span), books.over(claim.span).placed
    share = newcomers(case, claim.span) / placed if placed else 0.0
    # More new customers than orders of its own are the whole shop's.
    if not orders or not share or claim.value >= min(_THE_SHOPS * share * placed, _OWN * orders):
        return _Seen(claimed=claim.value, surplus=0.0, words=_SHARE.fill(share="-", count=f"{share:.0%}"), p=1.0, evidence=[])  # fmt: skip
    likely = min(share * _RATHER, max(_NEARLY_ALL, share)) * orders / _SEEN
    p = min(1.0, 2 * min(chance_of_count(claim.value, likely, _SPREAD), _beside_earlier(case, books, claim)))
    return _Seen(
        claimed=claim.value,
        surplus=max(claim.value - share * orders, 0.0),
        words=_SHARE.fill(share=f"{claim.value / orders:.0%}", count=f"{share:.0%}"),
        p=p,
        evidence=[
            {
                "from": ORIGINS["report"],
                "claimed": claim.value,
                "orders_claimed": orders,
                "new_share_in_books": round(share, 4),
            }
        ],
    )


def _orders(case: Case, vendor: str, span: Period) -> float:
    """The orders that the vendor claims: by its report, else by the platforms' exports; the most of them."""
    told = claimed.told(case, "orders", vendor, span)
    exported = sum(one.value for one in claimed.exported(case, "orders", span) if one.vendor == vendor)
    return max(told[0].value if told else 0.0, exported)


def _beside_earlier(case: Case, books: Ledger, claim: Claim) -> float:
    """The chance of so many new customers for the orders claimed, as earlier months had them and the shop's own share went."""
    if claim.span != case.period:
        return 1.0
    found = [_tally(case, books, claim.vendor, one) for one in case.period.back(_MONTHS + 1)]
    *earlier, now = (one for one in found if one is not None)
    if len(earlier) < _LEAST_MONTHS or found[-1] is None:
        return 1.0
    before = Tally(count=sum(one.count for one in earlier), exposure=sum(one.exposure for one in earlier))
    return chance_of_more(now, before, spread_of(earlier), beyond=_MIX)


def _tally(case: Case, books: Ledger, vendor: str, period: Period) -> Tally | None:
    """New customers claimed, and as many as the shop's own share makes of the orders claimed."""
    said = claimed.reported(case, "orders", "new_customers", vendor, period)
    placed, orders = books.over(period).placed, _orders(case, vendor, period)
    if not said or said[0].span != period or not orders or not placed or not books.complete(period):
        return None
    return Tally(count=said[0].value, exposure=max(orders * newcomers(case, period) / placed, 0.01))


def _observed(case: Case, vendor: Vendor, seen: _Seen) -> Observation:
    spent = claimed.spend(case, vendor.id, case.period) or 0.0
    # What a list claims for their orders; else the part of the spend that the surplus is said to have cost.
    behind = seen.money if seen.money is not None else spent * seen.surplus / max(seen.claimed, 1.0)
    money = Decimal(str(round(behind, 2)))
    return Observation(
        vendor=vendor.id,
        p=seen.p,
        amount=money or None,
        currency=case.client.currency if money else "",
        values={
            "name": vendor.name.text(),
            "claimed": f"{seen.claimed:,.0f}",
            "surplus": f"{seen.surplus:,.0f}",
            "seen": seen.words,
        },
        evidence=[dict(row) for row in seen.evidence],
    )


def _sample(new: float, orders: float = 150, *, since: int = 7) -> Case:
    """A shop where half of the orders are new customers', and what the vendor's report says of its own new ones."""
    placed = [
        {"order_id": f"{one}-{day.day}-{n}", "ordered_at": day, "status": "valid", "total": 1000.0, "customer_key": f"{one}-{day.day}-{n}" if n % 2 else f"regular {n}"}
        for one in OCTOBER.back(since)
        for day in one.each_day()
        for n in range(10)
    ]  # fmt: skip
    claims = [
        {"metric": metric, "value": value, "period_start": OCTOBER.start, "period_end": OCTOBER.end}
        for metric, value in (("new_customers", new), ("orders", orders), ("spend", 60000.0))
    ]
    return case_of({"orders": placed, "vendor_claims": claims})


def _fires() -> Case:
    return _sample(260.0, 280.0)


def _quiet() -> Case:
    """Rather more new customers than the shop has, as ads bring them."""
    return _sample(100.0)


def _few() -> Case:
    return _sample(260.0, since=2)


DETECTOR = Detector(
    id="existing_customers_as_new",
    title=Text(zh="認列的新客裡有老客", en="Customers claimed as new had bought before"),
    system="S23",
    needs=("orders",),
    least=Text(
        zh="期間以前 90 天的訂單（或商店自己的新客標記），以及新客數或 20 筆新客訂單的清單",
        en="orders of 90 days before the period (or the shop's own mark of new customers), and new customers claimed, or a list of 20 orders",
    ),
    reference="First orders in the shop's own books; binomial counts with extra spread: kpi_toolkit.analysis.evidence",
    says=Text(
        zh="{period}，{name}認列 {claimed} 位新客，{seen}。約有 {surplus} 位不像是新客。",
        en="{name} claims {claimed} new customers for {period}, {seen}. About {surplus} of them don't seem to be new.",
    ),
    innocent=Text(
        zh="可能是換了電話或信箱、訪客結帳，廠商看不到你的會員資料，或雙方對「新客」的定義不同（例如一年沒買也算）。",
        en="Customers change phones or check out as guests, the vendor can't see your customers, or the two of you mean different things by "
        "new (no order for a year, say).",
    ),
    question=Text(
        zh="您好，想核對 {period}認列的 {claimed} 位新客：和我們自己的訂單比，約有 {surplus} 位對不上。請問新客是怎麼判定的？能否一起核對名單？",
        en="We are matching the {claimed} new customers claimed for {period} with our own orders: some {surplus} don't match. How are new customers told from "
        "others, and could we go through the list together?",
    ),
    action=Text(
        zh="把「新客」的定義寫進合約；付新客獎金之前，先用自己的訂單核對（清單最多列 20 筆）。",
        en="Write into the contract what a new customer is; match with your own orders (20 at most are listed) before a bonus for new ones is paid.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "claimed": Shown(title=Text(zh="認列的新客", en="New customers claimed"), kind="count"),
        "orders_claimed": Shown(title=Text(zh="認列的訂單", en="Orders claimed"), kind="count"),
        "new_customers_in_books": Shown(title=Text(zh="商店紀錄的新客", en="New customers in the shop's books"), kind="count"),
        "new_share_in_books": Shown(title=Text(zh="商店的新客占比", en="New customers' share in the shop's books"), kind="share"),
    },
)  # fmt: skip
