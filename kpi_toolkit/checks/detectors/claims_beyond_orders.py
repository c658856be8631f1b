"""Orders, sales or leads that a vendor claims, beyond what the shop's own books hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.evidence import Tally, chance_of_more, spread_of
from kpi_toolkit.checks import claimed
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.claimed import Claim, Kind
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.ledger import Ledger, ledger, list_of_leads, room
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import ORIGINS
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.platforms import platform_name

# Fewer claims than this too many are no matter of arithmetic: an order booked on another day weighs too much.
_LEAST: Final = 8
# A platform's count is a rougher thing than orders: whoever saw an ad and bought later is in it, some of what others brought, and
# repeats of one form that the list was cleaned of.
_ROUGHLY: Final = 1.2
_PLATFORMS: Final = ("conversions", "conversions_value", "leads")
# Earlier months that a claim is held against, and how many times as large a share of the books honest causes make it:
# tracking that sees more, other campaigns, a promotion.
_MONTHS: Final = 6
_LEAST_MONTHS: Final = 3
_HONEST: Final = 1.4
_COUNTS: Final[Mapping[Kind, Text]] = {
    "orders": Text(zh="訂單", en="orders"),
    "sales": Text(zh="營收", en="sales"),
    "leads": Text(zh="名單", en="leads"),
}
_INCOMPLETE = Text(
    zh="{vendor}：訂單或名單的匯出沒有涵蓋報告的每一天；補齊 {start} 到 {end} 就能對照",
    en="{vendor}: the shop's orders (or leads) of every day from {start} to {end}, which the claims are of",
)
_NO_BOOKS = Text(zh="需要商店的訂單或名單", en="the shop's orders, or the leads that came in")
_UNSAID = Text(
    zh="{vendor}：報告裡要有訂單、營收或名單，或在約定檔（client.yaml）的 conversions 寫明轉換算的是什麼",
    en="{vendor}: orders, sales or leads in its report, or what its conversions count (conversions in client.yaml)",
)
_IMPOSSIBLE = Text(
    zh="同一段日子裡，商店自己的紀錄全部加起來只有 {held}，差了約 {surplus}",
    en="all that the shop's own books hold for those days is {held}, about {surplus} less",
)
_JUMPED = Text(
    zh="是商店自己紀錄（{held}）的 {share}，前幾個月是 {before}，照以往的比例多了約 {surplus}",
    en="that is {share} of what the shop's own books hold ({held}), where it was {before} in the months before: about {surplus} more than usual",
)
_MORE = Text(zh="比我們自己的全部紀錄多約 {surplus}", en="about {surplus} more than all that our own books hold")
_MORE_THAN_USUAL = Text(
    zh="照前幾個月占我們紀錄的比例，多了約 {surplus}",
    en="about {surplus} more than its usual share of our own books",
)
_ACCOUNT = Text(zh="整個帳戶", en="The whole account")


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A claim beside the books: what they hold, the most that they leave room for, and the money behind what is beyond."""

    claim: Claim
    held: float
    room: float
    money: float

    @property
    def beyond(self) -> bool:
        few = self.claim.kind != "sales" and self.claim.value - self.held < _LEAST
        return self.claim.value > self.room and not few


def _lacks(case: Case) -> Text | None:
    return None if case.dataset.has("orders") or case.dataset.has("leads") else _NO_BOOKS


def _check(case: Case) -> Answer:
    orders = ledger(case) if case.dataset.has("orders") else Ledger({})
    answers = [
        _of_vendor(case, {"orders": orders, "sales": orders, "leads": list_of_leads(case, vendor.id)}, vendor)
        for vendor in case.client.vendors
    ]
    return Answer(
        observations=[one for answer in answers for one in answer.observations],
        few=[one for answer in answers for one in answer.few],
    )


def _of_vendor(case: Case, books: Mapping[Kind, Ledger], vendor: Vendor) -> Answer:
    claims = [*_claims(case, vendor)]
    if not claims:
        return Answer(few=[Few(vendor=vendor.id, needed=_UNSAID.fill(vendor=vendor.name.text()))])
    known = [one for one in claims if books[one.kind].complete(one.span)]
    if not known:
        span = claims[0].span
        needed = _INCOMPLETE.fill(vendor=vendor.name.text(), start=span.start, end=span.end)
        return Answer(few=[Few(vendor=vendor.id, needed=needed)])
    held = [_held(case, books[one.kind], one) for one in known]
    if beyond := [one for one in held if one.beyond]:
        return Answer(observations=[_observed(case, vendor, beyond)])
    return Answer(observations=[*_jumps(case, books, vendor, held)])


def _claims(case: Case, vendor: Vendor) -> Iterator[Claim]:
    """What the vendor's report claims; what the platforms count for it where the report doesn't tell."""
    for kind in _COUNTS:
        reported = claimed.told(case, kind, vendor.id, case.period)
        exported = (one for one in claimed.exported(case, kind, case.period) if one.vendor == vendor.id)
        yield from reported or exported


def _held(case: Case, books: Ledger, claim: Claim) -> _Held:
    takings, most = books.over(claim.span), books.most(claim.span)
    rough = _ROUGHLY / (1 - claimed.viewed(case, claim.kind, claim.span)) if claim.metric in _PLATFORMS else 1.0
    space = room(most.placed * rough)
    if claim.kind == "leads":
        cost = (claimed.spend(case, claim.vendor, claim.span) or 0.0) / max(claim.value, 1.0)
        return _Held(claim=claim, held=takings.kept, room=space, money=(claim.value - takings.kept) * cost)
    if claim.kind == "sales":
        # Cancelled and refunded orders are another check's matter, and tax may stand on top.
        left = most.placed_amount * (1 + TAX_RATE) * (space / most.placed if most.placed else 1.0)
        return _Held(claim=claim, held=takings.net_amount, room=left, money=claim.value - takings.net_amount)
    return _Held(claim=claim, held=takings.kept, room=space, money=(claim.value - takings.kept) * takings.average)


def _observed(case: Case, vendor: Vendor, beyond: Sequence[_Held]) -> Observation:
    """The claim with the most money beyond the books: sales where they are told, since orders are worth different amounts."""
    worst = max(beyond, key=lambda one: (one.claim.kind == "sales", one.money))
    surplus = f"{worst.claim.value - worst.held:,.0f}"
    seen, more = _IMPOSSIBLE.fill(held=f"{worst.held:,.0f}", surplus=surplus), _MORE.fill(surplus=surplus)
    return _told(case, vendor, worst, beyond, {"seen": seen, "more": more}, None)


def _told(
    case: Case, vendor: Vendor, one: _Held, listed: Sequence[_Held], words: Mapping[str, Text], p: float | None
) -> Observation:
    money = Decimal(str(round(max(one.money, 0.0), 2)))
    return Observation(
        vendor=vendor.id,
        p=p,
        amount=money or None,
        currency=case.client.currency if money else "",
        values={
            "name": vendor.name.text(),
            "what": _COUNTS[one.claim.kind],
            "start": one.claim.span.start,
            "end": one.claim.span.end,
            "claimed": f"{one.claim.value:,.0f}",
            **words,
        },
        evidence=[
            {"metric": _COUNTS[held.claim.kind], "platform": platform_name(held.claim.platform) if held.claim.platform else _ACCOUNT,
             "from": ORIGINS[held.claim.origin], "claimed": held.claim.value, "books": held.held, "room": round(held.room, 1)}
            for held in listed
        ],
    )  # fmt: skip


def _jumps(case: Case, books: Mapping[Kind, Ledger], vendor: Vendor, held: Sequence[_Held]) -> Iterator[Observation]:
    """Claims whose share of the books is far above the earlier months', and their worth per unit of spend, too.

    Where the platforms' exports tell of the same, other checks hold the claims against those.
    """
    exported = {one.kind for one in claimed.exported(case, "orders", case.period) if one.vendor == vendor.id}
    exported |= {one.kind for one in claimed.exported(case, "leads", case.period) if one.vendor == vendor.id}
    for one in held:
        if (
            one.claim.kind == "sales"
            or one.claim.kind in exported
            or one.claim.platform
            or one.claim.span != case.period
        ):
            continue
        earlier = [*_earlier(case, books[one.claim.kind], one.claim)]
        if len(earlier) >= _LEAST_MONTHS:
            yield _jump(case, books[one.claim.kind], vendor, one, earlier)


def _earlier(case: Case, books: Ledger, claim: Claim) -> Iterator[Claim]:
    for period in case.period.back(_MONTHS + 1)[:-1]:
        same_as = claimed.reported(case, claim.kind, claim.metric, claim.vendor, period)
        if same_as and same_as[0].span == period and books.complete(period):
            yield same_as[0]


def _jump(case: Case, books: Ledger, vendor: Vendor, one: _Held, earlier: Sequence[Claim]) -> Observation:
    found = [Tally(count=each.value, exposure=books.over(each.span).placed) for each in earlier]
    now = Tally(count=one.claim.value, exposure=books.over(one.claim.span).placed)
    before = Tally(count=sum(each.count for each in found), exposure=sum(each.exposure for each in found))
    spread = spread_of(found)
    p = max(chance_of_more(now, before, spread, beyond=_HONEST), _by_spend(case, one.claim, earlier))
    usual = now.exposure * before.count / before.exposure
    surplus = max(one.claim.value - usual, 0.0)
    worth = books.over(one.claim.span).average if one.claim.kind == "orders" else (claimed.spend(case, vendor.id, one.claim.span) or 0.0) / one.claim.value  # fmt: skip
    more = f"{surplus or one.claim.value - one.held:,.0f}"
    seen = _JUMPED.fill(share=f"{now.count / now.exposure:.0%}", before=f"{before.count / before.exposure:.0%}", held=f"{now.exposure:,.0f}", surplus=more)  # fmt: skip
    judged = _Held(claim=one.claim, held=one.held, room=one.room, money=surplus * worth)
    return _told(case, vendor, judged, [judged], {"seen": seen, "more": _MORE_THAN_USUAL.fill(surplus=more)}, p)


def _by_spend(case: Case, claim: Claim, earlier: Sequence[Claim]) -> float:
    """The chance of so many claims for the money, where it is known: more money may well bring a larger share."""
    spent = [claimed.spend(case, claim.vendor, one.span) for one in (claim, *earlier)]
    if not all(spent):
        return 0.0
    now, *found = (Tally(count=one.value, exposure=cost or 0.0) for one, cost in zip((claim, *earlier), spent, strict=True))  # fmt: skip
    before = Tally(count=sum(one.count for one in found), exposure=sum(one.exposure for one in found))
    return chance_of_more(now, before, spread_of(found), beyond=_HONEST)


def _sample(claims: Mapping[str, float], *, orders_a_day: int = 6, days: int = 31) -> Case:
    """A shop with orders of 1,000 each day of October, a tenth of them cancelled, and what the vendor's report says."""
    orders = [
        {"order_id": f"{day:%m%d}{n}", "ordered_at": day, "status": "cancelled" if (day.day + n) % 10 == 0 else "valid", "total": 1000.0}
        for day in [*OCTOBER.each_day()][:days]
        for n in range(orders_a_day)
    ]  # fmt: skip
    rows = [{"metric": metric, "value": value, "period_start": OCTOBER.start, "period_end": OCTOBER.end} for metric, value in claims.items()]  # fmt: skip
    return case_of({"orders": orders, "vendor_claims": rows})


def _fires() -> Case:
    return _sample({"orders": 280, "revenue": 290000})


def _quiet() -> Case:
    """All orders of the shop, cancelled ones and a few at the month's borders with them, and tax on top."""
    return _sample({"orders": 189, "revenue": 186000 * 1.05})


def _few() -> Case:
    return _sample({"orders": 280}, days=18)


DETECTOR = Detector(
    id="claims_beyond_orders",
    title=Text(zh="廠商認列的成果超過商店自己的紀錄", en="Claims beyond what the shop's own books hold"),
    system="S23",
    needs=("vendor_claims",),
    least=Text(
        zh="報告期間每一天的訂單（買名單的公司則是名單）",
        en="the shop's orders (or leads, where those are bought) of every day that the report covers",
    ),
    reference="Claims and books of the same days, with room for days at the borders and tax: kpi_toolkit.checks.ledger",
    says=Text(
        zh="{start} 到 {end}，{name}認列的{what}是 {claimed}；{seen}。",
        en="For {start} to {end}, {name} claims {claimed} ({what}); {seen}.",
    ),
    innocent=Text(
        zh="可能有門市、電話或其他通路的訂單沒有匯入，同一張訂單重複觸發追蹤碼，或報告的日期範圍、幣別和訂單不同。",
        en="Orders of other shops, by phone or over the counter may not have been imported, a tag may count one order twice, or the report "
        "may be of other days or in another currency.",
    ),
    question=Text(
        zh="您好，想和您核對 {start} 到 {end} 的{what}：您這邊認列 {claimed}，{more}。請問這個數字是從哪裡匯出的？方便提供逐筆清單嗎？",
        en="We would like to match {what} of {start} to {end}: you claim {claimed}, {more}. Where is the figure taken from, and "
        "could you send us the list behind it?",
    ),
    action=Text(
        zh="先確認所有通路的訂單都已匯入，再請對方提供逐筆清單；算清楚之前，不要用這個數字計算抽成。",
        en="Make sure that the orders of all channels are imported, then ask for a list order by order; pay no commission on the figure before.",
    ),
    lacks=_lacks,
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "books": Shown(title=Text(zh="商店紀錄", en="In the shop's books"), kind="count"),
        "room": Shown(title=Text(zh="放寬後的上限", en="Leaving room, at most"), kind="count"),
    },
)  # fmt: skip
