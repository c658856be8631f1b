"""Days on which conversions, or visits, were no longer counted, while clicks and orders went on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import median
from typing import Any, Final

from kpi_toolkit.analysis.breaks import LEAST_EXPECTED, Break, Counted, expected_in, worst_break
from kpi_toolkit.analysis.claimed import BY, HISTORY, METRICS
from kpi_toolkit.analysis.ledger import ledgers_of
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, same
from kpi_toolkit.periods import Period
from kpi_toolkit.tables.platforms import platform_name

# Orders go on: they are at least half the usual, and don't lack half of what was no longer counted.
_GOES_ON: Final = 0.5
_DISPERSION: Final = 2.0
# A day with less than a third of its orders, where it usually has enough to tell, is one on which the shop was closed.
_IDLE, _CLEAR = 0.3, 8.0
# Days around that show what is usual.
_AROUND: Final = 28
_LEAST_AROUND: Final = 14
# What the longest break that is looked for would have to hide, for the check to say anything.
_LONG_BREAK: Final = 10
_VISITS, _ADS = ("sessions", "site_purchase_rate"), ("clicks", "spend")
# A day without a figure among days with one, at most so far, is one of none: platforms leave the cell empty.
_NEAR: Final = timedelta(days=7)
_CONVERSIONS, _SESSIONS = Text(zh="轉換", en="conversions"), Text(zh="工作階段", en="sessions")
_SITE = Text(zh="網站分析", en="web analytics")
_ALL_CHANNELS, _ON = Text(zh="全部管道", en="all channels"), Text(zh="（{platform}）", en=" ({platform})")
_NO_LEDGER = Text(zh="{name}：要有同期間的訂單或名單可以對照", en="{name}: orders or leads of the same days")
_TOO_FEW = Text(
    zh="{name}（{source}）：十天約 {count} 次{what}，中斷幾天看不出來；要約 {needed} 次以上",
    en="{name} ({source}): about {count} {what} in ten days, so that a break of some days can't be seen; {needed} or more would do",
)


@dataclass(frozen=True, kw_only=True)
class _Stream:
    """Something that is counted day by day, and the spend that it is to be judged by."""

    vendor: str
    name: Text
    source: str
    what: Text
    rows: Sequence[Counted]
    spend: Mapping[date, float]


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    for stream in [*_claimed(case), *_visits(case)]:
        if not any(one.day in case.period and one.exposure > 0 for one in stream.rows):
            continue
        orders = _orders(case, stream)
        due = expected_in(stream.rows, case.period, _LONG_BREAK)
        if not orders:
            few.append(Few(vendor=stream.vendor, needed=_NO_LEDGER.fill(name=stream.name)))
        elif due < LEAST_EXPECTED:
            told = {
                "name": stream.name,
                "source": platform_name(stream.source) if stream.source else _ALL_CHANNELS,
                "count": f"{due:,.0f}",
                "what": stream.what,
            }
            few.append(Few(vendor=stream.vendor, needed=_TOO_FEW.fill(**told, needed=f"{LEAST_EXPECTED:.0f}")))
        else:
            observations.append(
                _observed(case, stream, worst_break(stream.rows, case.period, _idle(orders, case.period)), orders)
            )
    return Answer(observations=observations, few=few)


def _claimed(case: Case) -> Iterator[_Stream]:
    """Each vendor's conversions on each platform, out of clicks, campaign by campaign."""
    table = case.measured(METRICS, BY, days_before=HISTORY)
    own = table[(table["currency"] == case.client.currency) & table["value"].notna()]
    days: dict[tuple[str, str], dict[tuple[date, str], dict[str, float]]] = {}
    for row in own.to_dict("records"):
        key = (str(row["vendor"]), str(row["source"]))
        figures = days.setdefault(key, {}).setdefault((row["period_start"].date(), str(row["campaign"])), {})
        figures[row["metric"]] = figures.get(row["metric"], 0.0) + float(row["value"])
    for (vendor, source), found in sorted(days.items()):
        told = {day for (day, _), figures in found.items() if "conversions" in figures}
        known = {key: figures for key, figures in found.items() if _is_told(key[0], told)}
        spend: dict[date, float] = {}
        for (day, _), figures in sorted(known.items()):
            spend[day] = spend.get(day, 0.0) + figures.get("spend", 0.0)
        rows = [Counted(day=day, item=campaign, count=one.get("conversions", 0.0), exposure=one.get("clicks", 0.0)) for (day, campaign), one in sorted(known.items())]  # fmt: skip
        if told:
            yield _Stream(
                vendor=vendor, name=case.vendor_name(vendor), source=source, what=_CONVERSIONS, rows=rows, spend=spend
            )


def _is_told(day: date, told: Iterable[date]) -> bool:
    """Whether the platform gives conversions for the day, or for days close before and close behind it."""
    near = [one for one in told if abs(one - day) <= _NEAR]
    return day in near or (any(one < day for one in near) and any(one > day for one in near))


def _visits(case: Case) -> Iterator[_Stream]:
    """The visits to the site, out of days on which somebody clicked on an ad; a day that web analytics leaves out is not known."""
    sessions = _by_day(case, _VISITS, "sessions")
    clicks, spend = (_by_day(case, _ADS, metric) for metric in _ADS)
    usual = sorted(clicks.values())[len(clicks) // 2] if clicks else 0.0
    rows = [Counted(day=day, item="", count=count, exposure=1.0) for day, count in sessions.items() if clicks.get(day, 0.0) > usual * _GOES_ON]  # fmt: skip
    if rows:
        yield _Stream(vendor="", name=_SITE, source="", what=_SESSIONS, rows=rows, spend=spend)


def _by_day(case: Case, asked: Sequence[str], metric: str) -> dict[date, float]:
    """One of the metrics asked, by day; money in the client's own currency alone."""
    table = case.measured(asked, ["day"], days_before=HISTORY)
    told = table[
        (table["metric"] == metric) & table["value"].notna() & table["currency"].isin(["", case.client.currency])
    ]
    return {day.date(): float(value) for day, value in zip(told["period_start"], told["value"], strict=True)}  # fmt: skip


def _orders(case: Case, stream: _Stream) -> Mapping[date, float]:
    """The shop's own orders, or leads where those are what the client is after, by day."""
    # The visits' own purchases are no witness: they are lost with the visits.
    site = case.measured(_VISITS, ["day"], days_before=HISTORY).iloc[:0]
    ledgers = ledgers_of(case.dataset, site, "lead" if case.client.goal == "leads" else "purchase")
    return ledgers[0].counts if ledgers else {}


def _observed(case: Case, stream: _Stream, found: Break | None, orders: Mapping[date, float]) -> Observation:
    if found is None or not _go_on(orders, found):
        return Observation(vendor=stream.vendor, p=1.0)
    days = [day for day in sorted(stream.spend) if found.first <= day <= found.last]
    spent = sum(stream.spend[day] for day in days)
    return Observation(
        vendor=stream.vendor,
        p=found.p,
        amount=Decimal(str(round(spent, 2))),
        currency=case.client.currency,
        values={
            "name": stream.name, "source": _ON.fill(platform=platform_name(stream.source)) if stream.source else same(""), "what": stream.what,
            "first": f"{found.first:%m/%d}", "last": f"{found.last:%m/%d}", "seen": f"{found.seen:,.0f}", "expected": f"{found.expected:,.0f}",
            "orders": f"{sum(orders.get(day, 0.0) for day in _span(found.first, found.last)):,.0f}", "spent": f"{spent:,.0f}",
        },
        evidence=_evidence(stream, orders, found),
    )  # fmt: skip


def _usual(orders: Mapping[date, float], day: date, run: Sequence[date]) -> float | None:
    """What the weekday usually has in the weeks around a run of days, by the shop's own count; None where too little is known."""
    around = _span(run[0] - timedelta(_AROUND), run[-1] + timedelta(_AROUND))
    near = [one for one in around if not run[0] <= one <= run[-1] and min(orders) <= one <= max(orders)]
    same_weekday = [orders.get(one, 0.0) for one in near if one.weekday() == day.weekday()]
    return None if len(near) < _LEAST_AROUND or not same_weekday else median(same_weekday)


def _idle(orders: Mapping[date, float], period: Period) -> list[date]:
    """Days of the period on which the shop itself had next to nothing to count, where it usually has."""
    usual = {day: _usual(orders, day, [day]) or 0.0 for day in period.each_day()}
    return [day for day, due in usual.items() if due >= _CLEAR and orders.get(day, 0.0) < _IDLE * due]


def _go_on(orders: Mapping[date, float], found: Break) -> bool:
    """Whether the shop's own count in these days is what it is on the same weekdays around them."""
    days = _span(found.first, found.last)
    usual = [_usual(orders, day, days) for day in days]
    due, came = sum(one or 0.0 for one in usual), sum(orders.get(day, 0.0) for day in days)
    known = None not in usual and due > 0
    return known and came >= _GOES_ON * due and due - came <= _GOES_ON * found.expected + sqrt(_DISPERSION * due)


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _evidence(stream: _Stream, orders: Mapping[date, float], found: Break) -> list[dict[str, object]]:
    """The days of the break, and some before and behind."""
    days = _span(found.first - timedelta(days=3), found.last + timedelta(days=3))
    return [
        {
            "day": day,
            stream.what.en: sum(one.count for one in stream.rows if one.day == day),
            "spend": round(stream.spend.get(day, 0.0), 2),
            "orders_or_leads": orders.get(day, 0.0),
        }
        for day in days
        if any(one.day == day for one in stream.rows)
    ]


def _sample(broken: Sequence[int], *, closed: Sequence[int] = (), a_day: int = 12, visits: bool = False, **agreed: Any) -> Case:  # fmt: skip
    """Conversions, visits and orders of October and the month before: on `broken` days of October no conversions (visits) are
    counted, and on `closed` days there are no orders, either."""
    first = OCTOBER.start - timedelta(days=30)
    ads, orders, sessions = [], [], []
    for day in _span(first, OCTOBER.end):
        dark = day in OCTOBER and day.day in (*broken, *closed)
        made = 0 if dark and not visits else a_day + day.day % 3
        ads.append({"date_day": day, "campaign_name": "BC_搜尋", "spend": 3000.0, "impressions": 9000.0, "clicks": 300.0, "conversions": made, "counts": "purchase"})  # fmt: skip
        sessions.append({"date_day": day, "sessions": 0 if dark and visits else 400 + day.day})
        count = 0 if day in OCTOBER and day.day in closed else a_day + day.day % 2
        orders += [{"order_id": f"{day}-{n}", "ordered_at": f"{day} 10:00", "status": "valid", "total": 900.0} for n in range(count)]  # fmt: skip
    tables: dict[str, Sequence[Mapping[str, object]]] = {"ads_daily": ads, "orders": orders, **({"sessions": sessions} if visits else {})}  # fmt: skip
    return case_of(tables, **agreed)


def _fires() -> Case:
    return _sample(range(12, 17))


def _quiet() -> Case:
    """The shop is closed for five days: clicks go on, conversions and orders don't."""
    return _sample((), closed=range(12, 17))


def _few() -> Case:
    return _sample((), a_day=0)


DETECTOR = Detector(
    id="tracking_break",
    title=Text(zh="有幾天沒有計到轉換，點擊和訂單卻照常", en="Days on which nothing was counted while clicks and orders went on"),
    system="S34",
    needs=("ads_daily",),
    least=Text(zh="逐日的平台匯出（前面至少五天有轉換）和同期間的訂單或名單；中斷的天數本來應有 {n} 次以上", en="the platform's export by day, with conversions on five days before, and orders or leads of the same days; a break that should have held {n} or more").fill(n=f"{LEAST_EXPECTED:.0f}"),
    reference="A negative binomial with the spread of the client's own weeks: kpi_toolkit.analysis.breaks",
    says=Text(
        zh="{name}{source}從 {first} 到 {last} 只計到 {seen} 次{what}，照其他日子應該有約 {expected} 次；同一段時間點擊照常，訂單（或名單）也有 {orders} 筆。"
        "這幾天花了 {spent}，成效卻沒有計到，整個月的轉換率和單次成本也會跟著失準。",
        en="From {first} to {last}, {seen} {what} of {name}{source} were counted, where other days let one expect about {expected}; clicks went on, and "
        "there were {orders} orders (or leads). What came of the {spent} spent in these days was not counted, and the month's rates are off with it.",
    ),
    innocent=Text(
        zh="常見的原因是網站改版時追蹤碼掉了、Cookie 同意的設定改過、帳戶的轉換設定被暫停，或匯出時資料還沒進來；通常不是有人故意的。",
        en="Usual causes: the tag was lost when the site was changed, consent settings changed, the account's conversion action was paused, or the figures "
        "had not come in yet at export. Mostly nobody meant it.",
    ),
    question=Text(
        zh="您好，{name}{source}從 {first} 到 {last} 只計到 {seen} 次{what}，平常約 {expected} 次。請問這段時間追蹤碼或轉換設定有變動嗎？數字補得回來嗎？",
        en="Between {first} and {last}, {seen} {what} of {name}{source} were counted, where about {expected} were to be expected. Were the tags or the conversion settings changed in these days, and can the figures be made good?",
    ),
    action=Text(
        zh="先請廠商或網站人員確認追蹤碼現在正常；看這個月的轉換率和單次成本時，先扣掉 {first} 到 {last}。",
        en="Have somebody check that the tags work now, and look at this month's rates and unit costs without {first} to {last}.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={"orders_or_leads": Shown(title=Text(zh="訂單或名單", en="Orders or leads"), kind="count")},
)  # fmt: skip
