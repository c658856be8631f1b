"""Orders that a vendor claims although they were cancelled, paid back, never paid or never placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.evidence import Spread, chance_of_count
from kpi_toolkit.checks import claimed
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.ledger import Ledger, ledger, number_sql, states, void_share
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import ORIGINS
from kpi_toolkit.i18n import Text, finished

_LEAST_ORDERS: Final = 20
# A list is of the same shop's orders where most of its numbers are in the books.
_MATCHED: Final = 0.5
# Orders that can't be in a list by mistake: none of their kind is cancelled after the list is made.
_LEAST: Final = 3
_LEAST_SHARE: Final = 0.03
# Of those cancelled, a list that is made soon after the month still has the last days' ones, and of those paid back as many
# as the shop has: people send things back for weeks. No list is free of slips.
_STILL_LISTED: Final = 0.35
_PAID_BACK: Final = 1.2
_SLIPS: Final = 0.01
# Each order is lost for itself: hardly more spread than by lot.
_SPREAD: Final = Spread(factor=1.15)
_TOLD: Final = 0.01
# An order's amount may be told with tax on top, or before a discount for the whole basket.
_AMOUNT: Final = 1.15
# A list may go by the day of the click.
_DAYS_OFF: Final = 45
# All orders that were placed, told to the order: then those cancelled are among them.
_SAME: Final = 0.003
_APART: Final = 0.03
_LEAST_VOID: Final = 8
_SHOWN: Final = 40
_BOTH = Text(
    zh="{vendor}：分潤明細至少要有 {least} 筆訂單，編號要和商店的一致；或報告裡要有訂單數",
    en="{vendor}: a list of {least} claimed orders or more with the shop's own numbers, or orders in its report",
)
_LIST = (
    f"SELECT {number_sql()} AS number, min(claimed_on) AS claimed_on, sum(amount) AS amount, sum(commission) AS commission FROM {{rows}} "
    "WHERE vendor = ? AND claimed_on BETWEEN ? AND ? AND coalesce(nullif(currency, ''), ?) = ? GROUP BY platform, 1 ORDER BY ALL"
)
_KINDS: Final[Mapping[str, Text]] = {
    "cancelled": Text(zh="已取消", en="cancelled"),
    "refunded": Text(zh="已全額退款", en="paid back in full"),
    "unpaid": Text(zh="超過 30 天未付款", en="not paid for more than 30 days"),
    "test": Text(zh="測試或員工訂單", en="test or staff orders"),
    "unknown": Text(zh="商店沒有這個編號", en="not in the shop's books"),
    "above": Text(zh="金額高於訂單", en="claimed above the order's total"),
    "elsewhere": Text(zh="日期差太多", en="of other days"),
    "placed": Text(
        zh="報告的訂單數等於含取消在內的全部訂單，其中不成立的",
        en="in a report that has as many orders as were placed, cancelled ones included",
    ),
}


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """An order of the list, what has become of it, and what is claimed for it beyond what there is."""

    row: Row
    kind: str
    amount: float


def _check(case: Case) -> Answer:
    observations, few = [], []
    known, books = states(case), ledger(case)
    for vendor in case.client.vendors:
        listed = _listed(case, vendor, known)
        matched = sum(one.kind != "unknown" for one in listed)
        if len(listed) >= _LEAST_ORDERS and matched >= _MATCHED * len(listed):
            observations.append(_by_list(case, vendor, listed, list(known.values())))
        elif (found := _by_report(case, vendor, books)) is not None:
            observations.append(found)
        else:
            few.append(Few(vendor=vendor.id, needed=_BOTH.fill(vendor=vendor.name.text(), least=_LEAST_ORDERS)))
    return Answer(observations=observations, few=few)


def _listed(case: Case, vendor: Vendor, known: Mapping[str, Row]) -> list[_Listed]:
    """The vendor's orders of the period, each once."""
    if not case.dataset.has("claimed_orders"):
        return []
    own = case.client.currency
    rows = case.asked(_LIST, "claimed_orders", vendor.id, case.period.start, case.period.end, own, own)
    days = [row["day"] for row in known.values()]
    covered = [row for row in rows if days and min(days) <= row["claimed_on"] <= max(days)]
    return [_one(row, known.get(row["number"])) for row in covered]


def _one(row: Row, order: Row | None) -> _Listed:
    amount = float(row["amount"] or (order or {}).get("total") or 0.0)
    if order is None:
        return _Listed(row=row, kind="unknown", amount=amount)
    kind = order["state"]
    if kind == "kept" and order["own"] and row["amount"] and row["amount"] > max(order["total"], 0.0) * _AMOUNT + 1:
        return _Listed(row=row, kind="above", amount=row["amount"] - order["total"])
    if kind == "kept" and abs((row["claimed_on"] - order["day"]).days) > _DAYS_OFF:
        kind = "elsewhere"
    return _Listed(row=row, kind=kind, amount=amount)


def _by_list(case: Case, vendor: Vendor, listed: Sequence[_Listed], orders: Sequence[Row]) -> Observation:
    within = [one for one in orders if one["day"] in case.period]
    count = Counter(one.kind for one in listed)
    sure = [kind for kind in ("unpaid", "test", "unknown", "above", "elsewhere") if count[kind] >= max(_LEAST, _LEAST_SHARE * len(listed))]  # fmt: skip
    chances = _chances(count, len(listed), void_share(within, "cancelled"), void_share(within, "refunded"))
    p = None if sure else min(1.0, 2 * min(chances.values()))
    # Once lost orders are asked about, all of them are.
    lost = ["cancelled", "refunded"] if min(chances.values()) <= _TOLD or not sure else []
    shown = [kind for kind in _KINDS if (kind in sure or kind in lost) and count[kind]]
    return _observed(case, vendor, listed, shown, p)


def _chances(count: Mapping[str, int], listed: int, cancelled: float, refunded: float) -> dict[str, float]:
    """The chance of so many lost orders in a list of `listed`, where the shop lost these shares of its own."""
    usual = {"cancelled": _STILL_LISTED * cancelled, "refunded": _PAID_BACK * refunded}
    usual["both"] = usual["cancelled"] + usual["refunded"] / _PAID_BACK
    found = {**count, "both": count["cancelled"] + count["refunded"]}
    return {
        kind: chance_of_count(found.get(kind, 0), listed * max(_SLIPS, share), _SPREAD) for kind, share in usual.items()
    }


def _observed(case: Case, vendor: Vendor, listed: Sequence[_Listed], kinds: Sequence[str], p: float | None) -> Observation:  # fmt: skip
    own = [one for one in listed if one.kind in kinds]
    money = Decimal(str(round(sum(one.amount for one in own), 2)))
    commission = sum(float(one.row["commission"] or 0.0) for one in own)
    parts = [(_KINDS[kind], sum(one.kind == kind for one in own)) for kind in kinds]
    return Observation(
        vendor=vendor.id,
        p=p,
        amount=money or None,
        currency=case.client.currency if money else "",
        values=_values(vendor, len(listed), len(own), float(money), commission, parts),
        evidence=[
            {"order": one.row["number"], "day": one.row["claimed_on"], "outcome": _KINDS[one.kind], "amount": one.amount, "commission": one.row["commission"]}
            for one in own[:_SHOWN]
        ],
    )  # fmt: skip


def _values(vendor: Vendor, listed: float, void: float, money: float, commission: float, parts: Sequence[tuple[Text, int]]) -> dict[str, object]:  # fmt: skip
    return {
        "name": vendor.name.text(),
        "listed": f"{listed:,.0f}",
        "void": f"{void:,.0f}",
        "money": f"{money:,.0f}",
        "parts": finished(
            "、".join(f"{name.zh} {count:,} 筆" for name, count in parts),
            ", ".join(f"{count:,} {name.en}" for name, count in parts),
        ),
        "commission": finished(f"，對應的分潤 {commission:,.0f}", f", with {commission:,.0f} of commission")
        if commission
        else finished("", ""),
    }


def _by_report(case: Case, vendor: Vendor, books: Ledger) -> Observation | None:
    """Without a list: whether the report has as many orders as were placed, where those kept are clearly fewer."""
    said = claimed.reported(case, "orders", "orders", vendor.id, case.period)
    if not said or not books.complete(said[0].span):
        return None
    takings, value = books.over(said[0].span), said[0].value
    void = takings.placed - takings.kept
    same = abs(value - takings.placed) <= max(_SAME * takings.placed, 0.5)
    apart = void >= max(_LEAST_VOID, _APART * takings.placed)
    money = Decimal(str(round((takings.placed_amount - takings.kept_amount) + (takings.kept_amount - takings.net_amount), 2)))  # fmt: skip
    parts = [(_KINDS["placed"], int(void))]
    return Observation(
        vendor=vendor.id,
        p=None if same and apart else 1.0,
        amount=money or None,
        currency=case.client.currency if money else "",
        values=_values(vendor, value, void, float(money), 0.0, parts),
        evidence=[{"from": ORIGINS["report"], "claimed": value, "placed": takings.placed, "kept": takings.kept}],
    )


def _sample(void: int, *, count: int = 124) -> Case:
    """A shop with four orders of 1,000 a day, one in ten of them cancelled, and a list of `count` orders with so many void ones."""
    orders = [
        {"order_id": f"#{1000 + at}", "ordered_at": day, "status": "cancelled" if at % 10 == 0 else "refunded" if at % 25 == 1 else "valid", "total": 1000.0}
        for at, day in enumerate(day for day in OCTOBER.each_day() for _ in range(4))
    ]  # fmt: skip
    kept = [one for one in orders if one["status"] != "cancelled"]
    listed = [*kept[: count - void], *[one for one in orders if one["status"] == "cancelled"][:void]]
    rows = [{"order_id": str(one["order_id"]).lstrip("#"), "claimed_on": one["ordered_at"], "amount": one["total"], "commission": 50.0} for one in listed]  # fmt: skip
    return case_of({"orders": orders, "claimed_orders": rows})


def _fires() -> Case:
    return _sample(12, count=100)


def _quiet() -> Case:
    """Refunds that came after the list, and one order that was cancelled at its end."""
    return _sample(1, count=100)


def _few() -> Case:
    return _sample(3, count=12)


DETECTOR = Detector(
    id="cancelled_orders_claimed",
    title=Text(zh="認列了取消、退款或不存在的訂單", en="Orders claimed that were cancelled, paid back or never placed"),
    system="S23",
    needs=("orders",),
    least=Text(zh="一份 20 筆以上的分潤明細（有訂單編號），或報告裡的訂單數", en="a list of 20 claimed orders or more by number, or orders in the report"),
    reference="Order by order against the shop's own books; binomial counts with extra spread: kpi_toolkit.analysis.evidence",
    says=Text(
        zh="{period}，{name}認列的 {listed} 筆訂單中，有 {void} 筆在商店的紀錄裡不成立（{parts}），金額共 {money}{commission}。",
        en="Of {listed} orders that {name} claims for {period}, {void} don't stand in the shop's books ({parts}); they come to {money}{commission}.",
    ),
    innocent=Text(
        zh="可能是清單做好之後客人才取消或退貨、貨到付款還沒取貨，或匯入的訂單少了幾天、少了一個通路。",
        en="Customers may have cancelled or sent back after the list was made, cash on delivery may wait for its pick-up, or days or a channel "
        "may be missing from the exported orders.",
    ),
    question=Text(
        zh="您好，想核對 {period}認列的 {listed} 筆訂單：其中 {void} 筆在我們的紀錄裡不成立（{parts}）。請問這份數字是哪一天產出的？這些訂單能否在下次請款時扣回？",
        en="We have gone through the {listed} orders claimed for {period}: {void} of them don't stand in our books ({parts}). On which day were the figures made, "
        "and could these orders be taken off the next invoice?",
    ),
    action=Text(
        zh="把下面的訂單編號（最多列 40 筆）傳給對方核對，並約定分潤只算已付款、過了鑑賞期的訂單。",
        en="Send the order numbers below (40 at most) to be matched, and agree that commission is due on orders that were paid and can no longer be sent back.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "outcome": Shown(title=Text(zh="訂單現況", en="What became of it")),
        "placed": Shown(title=Text(zh="全部訂單（含取消）", en="Orders placed"), kind="count"),
        "kept": Shown(title=Text(zh="成立的訂單", en="Orders that stand"), kind="count"),
    },
)  # fmt: skip
