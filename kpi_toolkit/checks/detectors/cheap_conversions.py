"""Claimed conversions whose mix moves to cheap events, or whose report adds several kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final

from kpi_toolkit.analysis.claimed import (
    BY,
    BY_MONTH,
    HISTORY,
    METRICS,
    MONTHS,
    Claim,
    claims_of,
    days_told,
    groups,
    known_campaigns,
    part_of,
    total,
    weeks_before,
    with_months,
)
from kpi_toolkit.analysis.evidence import Spread
from kpi_toolkit.analysis.share import Moved, Part, added, moved
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.power import too_few
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished, same
from kpi_toolkit.tables.platforms import platform_name

_KINDS: Final[Mapping[str, Text]] = {
    "add_to_cart": Text(zh="加入購物車", en="adds to cart"), "message": Text(zh="訊息", en="messages"),
    "download": Text(zh="下載", en="downloads"), "traffic": Text(zh="點擊或到站", en="clicks or visits"),
    "video": Text(zh="影片觀看", en="video views"), "engagement": Text(zh="貼文互動", en="engagements"),
    "reach": Text(zh="觸及", en="reach"), "call": Text(zh="來電點擊", en="calls"), "other": Text(zh="其他事件", en="other events"),
    "purchase": Text(zh="購買", en="purchases"), "lead": Text(zh="名單", en="leads"), "report": Text(zh="廠商報告的轉換", en="conversions in the report"),
}  # fmt: skip
_UNTOLD: Final = Text(zh="沒有標明", en="not told")
_DEAR: Final = frozenset({"purchase", "lead"})
# Half as much again and fifteen points more than in the largest of the months before, and as much more a click.
_BEYOND: Final = 1.5
_RISE: Final = 0.15
_LEAST: Final = 15
_LEAST_DAYS: Final = 28
# A report may be off by so much from the platform's sum, and cheap events must be so large a part of it.
_EQUAL: Final = 0.005
_MEANINGFUL: Final = 0.15
_CONVERSIONS = Text(zh="轉換", en="conversions")
_MIX = Text(
    zh="{period}在 {source} 的轉換裡，{kinds}占 {share}，之前最多的一個月是 {before}",
    en="in the conversions on {source} of {period}, {kinds} are {share}, where they were {before} in the largest month before",
)
_REPORT = Text(
    zh="{period}的報告寫 {source} 有 {claimed} 次轉換，正好是平台上的{agreed} {real} 次，加上{kinds} {extra} 次",
    en="in the report of {period}, {claimed} conversions on {source} are just the {real} {agreed} of the platform and {extra} {kinds}",
)
_REPORTED = (
    "SELECT is_total, coalesce(campaign_name, '') = '' AS whole, sum(value) AS value FROM {rows} WHERE vendor = ? AND metric = 'conversions' "
    "AND period_start = ? AND period_end = ? AND coalesce(platform, '') IN ('', ?) GROUP BY ALL ORDER BY ALL"
)
_CARTS = (
    "SELECT sum(add_to_carts) AS carts FROM {rows} WHERE vendor = ? AND source = ? AND counts <> 'add_to_cart' "
    "AND date_day BETWEEN ? AND ? AND coalesce(nullif(currency, ''), ?) = ?"
)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    claims = _claims(case)
    alone = _alone(claims, case)
    for (vendor, source), own in groups(claims, lambda one: (one.vendor, one.source)).items():
        dear = _dear(case, vendor, source)
        found = _mixed(case, vendor, source, own, dear)
        if isinstance(found, Few):
            few.append(found)
        elif found is not None:
            observations.append(found)
        now = [one for one in own if one.day in case.period]
        observations += _reported(case, vendor, source, now, dear, "" if vendor in alone else source)
    return Answer(observations=observations, few=few)


def _claims(case: Case) -> list[Claim]:
    own, months = case.client.currency, case.period.back(MONTHS if case.period.grain == "month" else 1)
    by_month = claims_of(case.measured_over(months, METRICS, BY_MONTH), own)
    return with_months(claims_of(case.measured(METRICS, BY, days_before=HISTORY), own), by_month)


def _alone(claims: Sequence[Claim], case: Case) -> set[str]:
    """Vendors that claim on one platform only: a report that names none means that one."""
    sources = groups((one for one in claims if one.day in case.period), lambda one: one.vendor)
    return {vendor for vendor, own in sources.items() if len({one.source for one in own}) == 1}


def _dear(case: Case, vendor: str, source: str) -> frozenset[str]:
    """The kinds that count as agreed; where nothing was, orders and leads. '' is a kind that nobody told."""
    versions = [one for one in case.client.conversions if one.applies(source, vendor, case.period.end)]
    since = max((one.since or date.min for one in versions), default=date.min)
    agreed = {one.counts for one in versions if (one.since or date.min) == since}
    return frozenset(agreed | _DEAR | {""})


def _mixed(case: Case, vendor: str, source: str, claims: Sequence[Claim], dear: frozenset[str]) -> Observation | Few | None:  # fmt: skip
    """Whether campaigns that ran before, for what was agreed, count more cheap events now; None where they count none."""
    known = known_campaigns((one for one in claims if one.counts in dear), case.period.start, days=7)
    own = [one for one in claims if one.campaign in known]
    now = [one for one in own if one.day in case.period]
    if not any(one.counts not in dear and one.conversions > 0 for one in now):
        return None
    weeks = weeks_before(own, case.period.start)
    before = [one for week in weeks for one in week]
    if days_told(before) < _LEAST_DAYS or total(before, "conversions") < _LEAST:
        a_month = total(now, "conversions") / case.period.days * 365 / 12
        return Few(vendor=vendor, needed=too_few(case.vendor_name(vendor), _CONVERSIONS, a_month, Spread(factor=2.0, freedom=8.0)))  # fmt: skip
    return _observed(case, vendor, source, now, weeks, dear)


def _shares(weeks: Sequence[Sequence[Claim]], dear: frozenset[str]) -> list[Part]:
    return [part_of(week, lambda one: one.counts not in dear) for week in weeks]


def _per_click(claims: Sequence[Claim], dear: frozenset[str]) -> Part:
    """Cheap events for each click (for each dollar where no clicks are counted): their share rises also where orders fall."""
    figure = "clicks" if total(claims, "clicks") > 0 else "spend"
    return Part(part=part_of(claims, lambda one: one.counts not in dear).part, whole=total(claims, figure))


def _observed(case: Case, vendor: str, source: str, now: Sequence[Claim], weeks: Sequence[Sequence[Claim]], dear: frozenset[str]) -> Observation:  # fmt: skip
    before = [one for week in weeks for one in week]
    shares, per_click = _shares(weeks, dear), [_per_click(week, dear) for week in weeks]
    part = part_of(now, lambda one: one.counts not in dear)
    found = moved(part, shares, beyond=_BEYOND, rise=_RISE)
    usual = total(before, "conversions") / max(added(per_click).whole, 1e-9)
    rate = moved(_per_click(now, dear), per_click, beyond=_BEYOND, rise=_RISE * usual)
    surplus, behind = _surplus(part, found), _behind(now, found, dear)
    kinds = {kind: total(own, "conversions") for kind, own in groups(now, lambda one: one.counts).items() if kind not in dear}  # fmt: skip
    how = _MIX.fill(
        period=_period(case),
        source=platform_name(source),
        kinds=_listed(kinds),
        share=f"{part.share:.0%}",
        before=f"{found.before:.0%}",
    )
    return Observation(
        vendor=vendor,
        p=max(found.p, rate.p),
        amount=_amount(behind),
        currency=case.client.currency,
        values=_values(case, vendor, source, how, surplus, behind),
        evidence=[
            {"kind": _kind_name(kind), "conversions_before": total(_of(before, kind), "conversions"), "conversions": total(_of(now, kind), "conversions")}
            for kind in sorted({one.counts for one in [*before, *now]})
        ],
    )  # fmt: skip


def _of(claims: Sequence[Claim], kind: str) -> list[Claim]:
    return [one for one in claims if one.counts == kind]


def _surplus(now: Part, found: Moved) -> float:
    """Cheap events beyond those that came with the others before."""
    rest = now.whole - now.part
    usual = rest * found.before / (1 - found.before) if found.before < 1 else now.part
    return max(now.part - usual, 0.0)


def _behind(now: Sequence[Claim], found: Moved, dear: frozenset[str]) -> float:
    """The spend of the campaigns by the part of their conversions that are cheap, beyond what was usual."""
    spent = 0.0
    for own in groups(now, lambda one: one.campaign).values():
        share = part_of(own, lambda one: one.counts not in dear).share
        spent += total(own, "spend") * max(share - found.before, 0.0) / (1 - found.before) if found.before < 1 else 0.0
    return spent


def _reported(case: Case, vendor: str, source: str, now: Sequence[Claim], dear: frozenset[str], platform: str) -> list[Observation]:  # fmt: skip
    """A report whose conversions are exactly the agreed kind and cheap events of the same campaigns, added."""
    claimed = _claimed(case, vendor, source, platform)
    kinds = {kind: total(own, "conversions") for kind, own in groups(now, lambda one: one.counts).items()}
    agreed = max(dear & kinds.keys() - {""}, key=lambda kind: kinds[kind], default="")
    if not agreed or not claimed or kinds[agreed] <= 0:
        return []
    extra = _extras(case, vendor, source, now, dear, agreed)
    for chosen in (one for size in range(1, len(extra) + 1) for one in combinations(sorted(extra), size)):
        found = sum(extra[kind] for kind in chosen)
        if abs(claimed - kinds[agreed] - found) <= max(_EQUAL * claimed, 0.5) and found >= _MEANINGFUL * claimed:
            parts = {kind: extra[kind] for kind in chosen}
            return [_added(case, vendor, source, now, claimed, (agreed, kinds[agreed]), parts)]
    return []


def _claimed(case: Case, vendor: str, source: str, platform: str) -> float:
    """What the vendor's report of the period says of conversions on the platform: its campaigns added up, else its total."""
    if not case.dataset.has("vendor_claims"):
        return 0.0
    rows = case.asked(_REPORTED, "vendor_claims", vendor, case.period.start, case.period.end, source)
    if platform:
        named = "coalesce(platform, '') IN ('', ?)"
        rows = case.asked(_REPORTED.replace(named, "platform = ?"), "vendor_claims", vendor, case.period.start, case.period.end, source)  # fmt: skip
    ranked = sorted(rows, key=lambda row: (bool(row["is_total"]), not row["whole"]))
    whole = [row for row in ranked if row["whole"] or row["is_total"]]
    chosen = whole or ranked
    return float(chosen[0]["value"] or 0) if chosen else 0.0


def _extras(case: Case, vendor: str, source: str, now: Sequence[Claim], dear: frozenset[str], agreed: str) -> dict[str, float]:  # fmt: skip
    """Cheap events of the campaigns that count the agreed kind: counted beside it, or in the column of adds to cart."""
    campaigns = {one.campaign for one in _of(now, agreed) if one.conversions > 0}
    beside = groups(
        (one for one in now if one.campaign in campaigns and one.counts not in dear), lambda one: one.counts
    )
    extra = {kind: total(own, "conversions") for kind, own in beside.items()}
    own = case.client.currency
    (carts,) = case.asked(_CARTS, "ads_daily", vendor, source, case.period.start, case.period.end, own, own)
    if carts["carts"]:
        extra.setdefault("add_to_cart", float(carts["carts"]))
    return {kind: count for kind, count in extra.items() if count > 0}


def _added(case: Case, vendor: str, source: str, now: Sequence[Claim], claimed: float, agreed: tuple[str, float], parts: Mapping[str, float]) -> Observation:  # fmt: skip
    kind, real = agreed
    extra = sum(parts.values())
    behind = total(_of(now, kind), "spend") * extra / claimed
    how = _REPORT.fill(
        period=_period(case), source=platform_name(source), claimed=f"{claimed:,.0f}", agreed=_KINDS[kind], real=f"{real:,.0f}", kinds=_listed(parts), extra=f"{extra:,.0f}"
    )  # fmt: skip
    return Observation(
        vendor=vendor,
        amount=_amount(behind),
        currency=case.client.currency,
        values=_values(case, vendor, source, how, extra, behind),
        evidence=[
            {"kind": _kind_name(name), "conversions": count}
            for name, count in {kind: real, **parts, "report": claimed}.items()
        ],
    )


def _amount(money: float) -> Decimal:
    return Decimal(str(round(money, 2)))


def _values(case: Case, vendor: str, source: str, how: Text, surplus: float, behind: float) -> dict[str, object]:
    money = {"surplus": f"{surplus:,.0f}", "amount": f"{behind:,.0f}"}
    return {"name": case.vendor_name(vendor), "source": platform_name(source), "how": how, **money}


def _kind_name(kind: str) -> Text:
    return _KINDS.get(kind) or (same(kind) if kind else _UNTOLD)


def _period(case: Case) -> Text:
    return finished(case.period.label("zh-TW"), case.period.label("en"))


def _listed(kinds: Mapping[str, float]) -> Text:
    names = [_kind_name(kind) for kind in sorted(kinds, key=lambda kind: (-kinds[kind], kind))]
    return finished("、".join(one.say("zh-TW") for one in names), " and ".join(one.say("en") for one in names))


def _sample(carts: float, *, campaign: str = "BC_轉換", before: float = 0.0, weeks: int = 8) -> Case:
    """Ten purchases a day in a campaign, and adds to cart counted as conversions: before, and `carts` a day in October."""
    first = OCTOBER.start - timedelta(weeks=weeks)
    ads: list[dict[str, object]] = []
    for day in (first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)):
        own = {"source": "meta_ads", "date_day": day, "impressions": 20000.0}
        ads.append(own | {"campaign_name": "BC_轉換", "ad_group_name": "A", "spend": 2000.0, "clicks": 200.0, "counts": "purchase", "conversions": 10.0})  # fmt: skip
        if number := (carts if day in OCTOBER else before):
            ads.append(own | {"campaign_name": campaign, "ad_group_name": "B", "spend": 500.0, "clicks": 50.0, "counts": "add_to_cart", "conversions": number})  # fmt: skip
    return case_of({"ads_daily": ads})


def _fires() -> Case:
    return _sample(12.0)


def _quiet() -> Case:
    """A new campaign with another goal."""
    return _sample(12.0, campaign="BC_加入購物車")


def _few() -> Case:
    return _sample(12.0, weeks=3)


DETECTOR = Detector(
    id="cheap_conversions",
    title=Text(zh="轉換裡混進比較容易得到的事件", en="Conversions made of events that are easier to get"),
    system="S27",
    needs=("ads_daily",),
    least=Text(zh="有轉換類型的逐日匯出，含前 4 週、至少 {n} 筆轉換；或廠商報告的轉換數", en="an export by day with the kinds of conversions, of 4 weeks before with {n} conversions; or the conversions of the vendor's report").fill(n=_LEAST),
    reference="Shares of kinds against their own weeks: kpi_toolkit.analysis.share",
    says=Text(
        zh="{name}：{how}。這些事件比下單或留名單容易得到；多出來的約 {surplus} 次，背後的花費約 {amount}，成效看起來會比實際划算。",
        en="{name}: {how}. Such events are easier to get than orders or leads; about {surplus} of them are more than usual, and a spend of about "
        "{amount} stands behind them that looks cheaper than it is.",
    ),
    innocent=Text(
        zh="可能是照約定先用比較前段的目標讓平台學習、匯出時多選了欄位，或不同目標的廣告放在同一個廣告活動裡。",
        en="An earlier step may have been chosen as agreed, to let the platform learn; a column too many may have been exported, or ads with "
        "different goals may share a campaign.",
    ),
    question=Text(
        zh="您好，想請教 {period}在 {source} 的轉換算進了哪些動作？看起來有約 {surplus} 次不是購買或名單。麻煩把購買（或名單）和其他動作分開列，附上各自的次數和成本，謝謝。",
        en="Which events are counted as conversions on {source} in {period}? About {surplus} don't seem to be purchases or leads. Could you list those and the "
        "other events apart, with their numbers and costs?",
    ),
    action=Text(
        zh="請對方只用約定的那一種轉換重出報告；哪些動作算轉換，約定好寫進約定檔（client.yaml）的 conversions。",
        en="Ask for the report again with the agreed kind alone, and write which events count into conversions of client.yaml.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={"conversions_before": Shown(title=Text(zh="之前的轉換", en="Conversions before"), kind="count")},
)  # fmt: skip
