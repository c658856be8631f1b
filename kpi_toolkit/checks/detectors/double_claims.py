"""One order claimed twice: by two vendors, by two platforms, or by so many that together they claim more than there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import sqrt
from typing import Final

from kpi_toolkit.analysis.evidence import Spread, chance_of_count
from kpi_toolkit.checks import claimed
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.claimed import Claim
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.ledger import Takings, ledger, number_sql
from kpi_toolkit.checks.sample import OCTOBER, VENDOR, case_of
from kpi_toolkit.checks.told import ORIGINS
from kpi_toolkit.i18n import LANGS, Text, finished
from kpi_toolkit.tables.platforms import platform_name

# Lists of fewer orders say too little of what they share.
_LEAST_ORDERS: Final = 10
# Two lists share a few orders where contracts let them (the last click's and a coupon's, say): such a part of the longer one,
# but no more than that of the shorter one, unless it is tiny: most customers of a small vendor also met the large one's ads.
_SHARED: Final = 0.04
_SHARED_AT_MOST: Final = 0.12
_TINY: Final = 0.1
_SPREAD: Final = Spread(factor=1.5)
# Platforms together may well claim all orders there are and some more (each sees its own, and some of the others'), and those
# of whoever saw an ad and bought later.
_TOGETHER: Final = 1.2
# A report that has all orders of the shop tells the shop's, not the vendor's.
_THE_SHOPS: Final = 0.03
_SHOWN: Final = 40
_LISTS: Final = (
    f"SELECT vendor, coalesce(platform, '') AS platform, {number_sql()} AS number, sum(amount) AS amount, sum(commission) AS commission FROM {{rows}} "
    "WHERE claimed_on BETWEEN ? AND ? AND coalesce(nullif(currency, ''), ?) = ? GROUP BY ALL ORDER BY ALL"
)
_NEEDED = Text(
    zh="需要兩份各 {least} 筆以上的訂單清單，或各平台的購買數和同期每一天的訂單",
    en="two lists of {least} claimed orders or more, or the platforms' purchases and the shop's orders of every day",
)
_NOBODYS = Text(zh="沒有指定廠商的廣告", en="ads that are no vendor's")
_ALL = Text(zh="全部", en="All")
_SHARE = Text(
    zh="兩份清單裡有 {count} 筆是同一張訂單（較短的清單共 {whole} 筆）",
    en="{count} orders stand in both lists (the shorter has {whole})",
)
_MORE = Text(
    zh="加起來比同期的全部訂單 {whole} 筆還多，至少 {count} 筆被算了兩次",
    en="together that is more than all {whole} orders placed in those days: at least {count} are counted twice",
)

Orders = Mapping[str, Row]


def _check(case: Case) -> Answer:
    observations = [*_between_lists(case), *_together(case)]
    return Answer(observations=observations, few=[] if observations else [Few(needed=_NEEDED.fill(least=_LEAST_ORDERS))])  # fmt: skip


def _between_lists(case: Case) -> Iterator[Observation]:
    """What each two vendors' lists share; and two platforms' of one vendor, where commission is asked on both."""
    if not case.dataset.has("claimed_orders"):
        return
    own = case.client.currency
    rows = case.asked(_LISTS, "claimed_orders", case.period.start, case.period.end, own, own)
    vendors = sorted({row["vendor"] for row in rows})
    whole = {vendor: _orders(row for row in rows if row["vendor"] == vendor) for vendor in vendors}
    for one, other in combinations(vendors, 2):
        yield from _shared(case, (one, whole[one], _name(case, one)), (other, whole[other], _name(case, other)))
    for vendor in vendors:
        paid = [row for row in rows if row["vendor"] == vendor and (row["commission"] or 0) > 0]
        platforms = sorted({row["platform"] for row in paid if row["platform"]})
        lists = [(vendor, _orders(row for row in paid if row["platform"] == platform), platform_name(platform)) for platform in platforms]  # fmt: skip
        for first, second in combinations(lists, 2):
            yield from _shared(case, first, second)


def _orders(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["number"]: row for row in rows}


def _shared(case: Case, one: tuple[str, Orders, Text], other: tuple[str, Orders, Text]) -> Iterator[Observation]:
    (vendor, first, _), (_, second, _) = one, other
    smaller, larger = sorted((len(first), len(second)))
    if smaller < _LEAST_ORDERS:
        return
    both = sorted(set(first) & set(second))
    usual = larger * _SHARED if smaller < larger * _TINY else min(larger * _SHARED, smaller * _SHARED_AT_MOST)
    money = Decimal(str(round(sum(_twice(first[number], second[number]) for number in both), 2)))
    names = (one[2], other[2])
    yield Observation(
        vendor=vendor,
        p=chance_of_count(len(both), usual, _SPREAD),
        amount=money or None,
        currency=case.client.currency if money else "",
        values={"who": _listed(names, (len(first), len(second))), "seen": _SHARE.fill(count=f"{len(both):,}", whole=f"{smaller:,}")},
        evidence=[
            {"order": number, "first": names[0], "amount": first[number]["amount"], "commission": first[number]["commission"],
             "second": names[1], "second_amount": second[number]["amount"], "second_commission": second[number]["commission"]}
            for number in both[:_SHOWN]
        ],
    )  # fmt: skip


def _twice(one: Row, other: Row) -> float:
    """What an order is claimed with by both."""
    amounts = [float(row["amount"]) for row in (one, other) if row["amount"] is not None]
    return min(amounts, default=0.0)


def _together(case: Case) -> Iterator[Observation]:
    """The claims of all, beside the orders that there are: never added without saying whose they are."""
    books = ledger(case)
    if not books.complete(case.period):
        return
    most, takings = books.most(case.period), books.over(case.period)
    exported = claimed.exported(case, "orders", case.period)
    viewed = claimed.viewed(case, "orders", case.period)
    told = [claims for claims in (exported, _reported(case, exported, takings)) if len(claims) > 1]
    if not told:
        return
    # Whoever claims more tells of more orders twice.
    claims = max(told, key=lambda some: sum(one.value for one in some))
    whole = sum(one.value for one in claims)
    room = (most.placed * _TOGETHER + 2 * sqrt(most.placed)) / (1 - viewed)
    yield _told(case, claims, whole - takings.placed, takings, whole > room)


def _reported(case: Case, exported: Sequence[Claim], takings: Takings) -> list[Claim]:
    """Each vendor's claim by its report, or else by the exports of its campaigns."""
    found: list[Claim] = []
    for vendor in case.client.vendors:
        said = [one for one in claimed.told(case, "orders", vendor.id, case.period)[:1] if one.span == case.period]
        own = [one for one in exported if one.vendor == vendor.id]
        found += [one for one in said if not _the_shops(one.value, takings)] or own
    return [*found, *(one for one in exported if case.client.vendor(one.vendor) is None)]


def _the_shops(value: float, takings: Takings) -> bool:
    """Whether so many orders are all of the shop's, made up before the last were cancelled."""
    return takings.kept * (1 - _THE_SHOPS) <= value <= takings.placed * (1 + _THE_SHOPS)


def _told(case: Case, claims: Sequence[Claim], beyond: float, takings: Takings, strange: bool) -> Observation:
    money = Decimal(str(round(max(beyond, 0.0) * takings.average, 2)))
    names = [_claimant(case, one) for one in claims]
    return Observation(
        p=None if strange else 1.0,
        amount=money or None,
        currency=case.client.currency if money else "",
        values={"who": _listed(names, [one.value for one in claims]), "seen": _MORE.fill(count=f"{beyond:,.0f}", whole=f"{takings.placed:,.0f}")},
        evidence=[{"vendor": _name(case, one.vendor), "platform": platform_name(one.platform) if one.platform else _ALL, "from": ORIGINS[one.origin], "claimed": one.value} for one in claims],
    )  # fmt: skip


def _claimant(case: Case, claim: Claim) -> Text:
    if not claim.platform:
        return _name(case, claim.vendor)
    whose = _name(case, claim.vendor)
    zh, en = (platform_name(claim.platform).say(lang) for lang in LANGS)
    return finished(f"{whose.say('zh-TW')}的 {zh}", f"{en} of {whose.say('en')}")


def _listed(names: Sequence[Text], counts: Sequence[float]) -> Text:
    """Everybody with what each claims."""
    pairs = list(zip(names, counts, strict=True))
    return finished(
        "、".join(f"{name.say('zh-TW')} {count:,.0f} 筆" for name, count in pairs),
        ", ".join(f"{name.say('en')} {count:,.0f}" for name, count in pairs),
    )


def _name(case: Case, vendor: str) -> Text:
    found = case.client.vendor(vendor)
    return found.name.text() if found else _NOBODYS


_OTHER: Final = "qingtian"
_VENDORS: Final[Sequence[Mapping[str, object]]] = (
    {},
    {"id": _OTHER, "name": {"zh": "晴天社群", "en": "Qingtian Social"}},
)


def _sample(shared: int, count: int = 60) -> Case:
    """Two vendors' lists of so many orders each, some of which stand in both."""
    orders = [{"order_id": f"A{at:03d}", "ordered_at": day, "status": "valid", "total": 1200.0} for at, day in enumerate(day for day in OCTOBER.each_day() for _ in range(6))]  # fmt: skip
    first, second = orders[:count], orders[count - shared : 2 * count - shared]
    rows = [
        {"vendor": vendor, "order_id": one["order_id"], "claimed_on": one["ordered_at"], "amount": one["total"], "commission": 60.0}
        for vendor, listed in ((VENDOR, first), (_OTHER, second))
        for one in listed
    ]  # fmt: skip
    return case_of({"orders": orders, "claimed_orders": rows}, vendors=_VENDORS)


def _fires() -> Case:
    return _sample(15)


def _quiet() -> Case:
    """Two orders in both lists, as happens where one vendor is paid by the click and the other by a coupon."""
    return _sample(2)


def _few() -> Case:
    return _sample(3, count=5)


DETECTOR = Detector(
    id="double_claims",
    title=Text(zh="同一張訂單被認列兩次", en="One order claimed twice"),
    system="S24",
    needs=("orders",),
    least=Text(
        zh="兩份各 10 筆以上的訂單清單，或兩個以上平台的購買數和同期的全部訂單",
        en="two lists of 10 orders or more, or purchases of two platforms or more and all orders of the same days",
    ),
    reference="Order by order, else claims beside the orders that exist; binomial counts with extra spread: kpi_toolkit.analysis.evidence",
    says=Text(zh="{period}，各自認列的訂單：{who}；{seen}。", en="Orders claimed for {period}: {who}; {seen}."),
    innocent=Text(
        zh="客人買之前看過好幾個廣告，每個平台都會各記一次，這是平台的算法；也可能有其他通路的訂單還沒匯入。",
        en="Customers see several ads before they buy, and every platform counts them for itself; orders of another channel may also be "
        "missing from the exports.",
    ),
    question=Text(
        zh="您好，{period}各自認列的訂單是：{who}；{seen}。請問重複的訂單該由誰認列、分潤怎麼算？方便提供訂單編號一起核對嗎？",
        en="The orders claimed for {period} are: {who}; {seen}. Who is to be credited with those counted twice, and to whom is commission due on them? Could we match "
        "order numbers?",
    ),
    action=Text(
        zh="約定一筆訂單只付一次分潤（例如算給最後被點的廣告）；看成效用自己的訂單，不要把各平台的數字相加。",
        en="Agree that commission is paid once an order (to the last ad clicked, say), and go by your own orders rather than by the platforms' sum.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "first": Shown(title=Text(zh="第一份清單", en="First list")),
        "amount": Shown(title=Text(zh="第一份金額", en="Amount, first"), kind="money"),
        "commission": Shown(title=Text(zh="第一份分潤", en="Commission, first"), kind="money"),
        "second": Shown(title=Text(zh="第二份清單", en="Second list")),
        "second_amount": Shown(title=Text(zh="第二份金額", en="Amount, second"), kind="money"),
        "second_commission": Shown(title=Text(zh="第二份分潤", en="Commission, second"), kind="money"),
    },
)  # fmt: skip
