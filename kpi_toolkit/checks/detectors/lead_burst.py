"""Leads that come as people don't: in rushes that no visit explains, by the clock, or while everybody sleeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from kpi_toolkit.analysis.bursts import asleep, bursts, clockwork, daily, one_by_one, unevenness
from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_more
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.leads import Batch, batches, evidence, name_of, sample_leads, sample_spend, short, worth
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 20
_FOUND: Final = 10
# A broadcast, a mailing or an event brings a rush of people as well: it has to be a large part of the month, and strange in
# another way, too.
_RUSH_SHARE: Final = 0.2
_NIGHT_SHARE: Final = 0.15
_SLEEPLESS: Final = 0.3
_CLOCK_SHARE: Final = 0.2
# Chance gives 1; of eleven gaps less than this about once in ten thousand times.
_EVEN: Final = 0.3
# So many times as many leads a visit as on other days, tested at this level since the rush was picked out.
_WITHOUT_VISITS: Final = 4.0
_LEVEL: Final = 1e-4
_VISITS_VARY: Final = Spread(factor=3.0, freedom=50)
_DATES = Text(
    zh="{name}：名單只有日期、沒有時間；請匯出含時間的欄位（建立時間）",
    en="{name}: the leads tell the day alone: export the time that they came in",
)
_HOW: Final[Mapping[str, Text]] = {
    "night": Text(zh="集中在凌晨的一兩個小時", en="in an hour or two of the night"),
    "even": Text(zh="在短時間內以幾乎相等的間隔進來", en="within a short time, at nearly equal intervals"),
    "unvisited": Text(
        zh="集中在一兩個小時，但那幾天的點擊或造訪沒有跟著增加",
        en="in an hour or two, while clicks and visits of those days didn't grow with them",
    ),
    "unreached": Text(zh="集中在一兩個小時，而且聯絡過的大多無效", en="in an hour or two, and most of those called were no good"),
    "clock": Text(zh="間隔分秒不差地重複", en="at intervals that repeat to the second"),
    "sleepless": Text(zh="在凌晨 1 點到 6 點之間進來", en="between 1 and 6 in the morning"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Strange:
    how: str
    rows: Sequence[Row]


def _check(case: Case) -> Answer:
    observations, few = [], []
    for batch in batches(case):
        if batch.now and sum(row["received_at"].time() == time() for row in batch.now) > len(batch.now) / 2:
            few.append(Few(vendor=batch.vendor, needed=_DATES.fill(name=name_of(case, batch.vendor))))
            continue
        rows = [batch.now[at] for at in one_by_one([row["received_at"] for row in batch.now])]
        if len(rows) < _LEAST:
            few.append(short(case, batch, len(rows), _LEAST))
        elif found := next(_strange(case, batch, rows), None):
            observations.append(_observed(case, batch, rows, found))
    return Answer(observations=observations, few=few)


def _strange(case: Case, batch: Batch, rows: Sequence[Row]) -> Iterator[_Strange]:
    times = [row["received_at"] for row in rows]
    rushes = [[rows[at] for at in places] for places in bursts(times, case.period.days)]
    for how, share, odd in (
        ("night", _NIGHT_SHARE, _nightly(rushes, rows)),
        ("even", _NIGHT_SHARE, [rush for rush in rushes if unevenness(_times(rush)) < _EVEN]),
        ("unvisited", _RUSH_SHARE, _unvisited(case, batch, rushes)),
        ("unreached", _RUSH_SHARE, _unreached(rushes, rows)),
    ):
        if _enough(found := [row for rush in odd for row in rush], share, rows):
            yield _Strange(how=how, rows=found)
    gap, often = clockwork(times)
    if often >= max(_FOUND, _CLOCK_SHARE * len(rows)):
        after = {second for first, second in pairwise(times) if round((second - first).total_seconds()) == gap}  # fmt: skip
        yield _Strange(how="clock", rows=[row for row in rows if row["received_at"] in after])
    sleepless = [row for row in rows if asleep(row["received_at"])]
    if _enough(sleepless, _SLEEPLESS, rows) and daily(times, evenings=True) and _new(batch, len(sleepless) / len(rows)):
        yield _Strange(how="sleepless", rows=sleepless)


def _enough(found: Sequence[Row], share: float, rows: Sequence[Row]) -> bool:
    return len(found) >= max(_FOUND, share * len(rows))


def _times(rows: Sequence[Row]) -> list[datetime]:
    return [row["received_at"] for row in rows]


def _nightly(rushes: Sequence[Sequence[Row]], rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rushes at night; none where the other leads come at night as well, since then the clock is another zone's."""
    rushed = {id(row) for rush in rushes for row in rush}
    rest = [row for row in rows if id(row) not in rushed]
    if not daily(_times(rest)):
        return []
    return [rush for rush in rushes if asleep(rush[len(rush) // 2]["received_at"])]


def _unvisited(case: Case, batch: Batch, rushes: Sequence[Sequence[Row]]) -> list[Sequence[Row]]:
    """The rushes on days with far more leads for each click (or visit) than on the days without a rush."""
    visits = _visits(case, batch.vendor)
    rushed = {row["received_at"].date() for rush in rushes for row in rush}
    usual = [row for row in batch.now if row["received_at"].date() not in rushed]
    before = Tally(count=len(usual), exposure=sum(count for day, count in visits.items() if day not in rushed))
    return [rush for rush in rushes if _strange_rate(batch, visits, rush, before)]


def _strange_rate(batch: Batch, visits: Mapping[date, float], rush: Sequence[Row], before: Tally) -> bool:
    days = {row["received_at"].date() for row in rush}
    leads = sum(row["received_at"].date() in days for row in batch.now)
    now = Tally(count=leads, exposure=sum(visits.get(day, 0.0) for day in days))
    return chance_of_more(now, before, _VISITS_VARY, beyond=_WITHOUT_VISITS) < _LEVEL


def _visits(case: Case, vendor: str) -> dict[date, float]:
    """A vendor's clicks by day, or else the site's visits."""
    if vendor and case.dataset.has("ads_daily"):
        table = case.measured(["clicks"], ["vendor", "day"])
        table = table[(table["vendor"] == vendor) & (table["status"] != "no data")]
    elif case.dataset.has("sessions"):
        table = case.measured(["sessions"], ["day"])
        table = table[table["status"] != "no data"]
    else:
        return {}
    return {start.date(): float(value) for start, value in zip(table["period_start"], table["value"], strict=True)}


def _unreached(rushes: Sequence[Sequence[Row]], rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rushes of which hardly anybody could be reached, unlike the others."""
    rushed = {id(row) for rush in rushes for row in rush}
    bad, called = _called([row for row in rows if id(row) not in rushed])
    usual = bad / called if called else 0.5
    return [rush for rush in rushes for bad, called in [_called(rush)] if called >= 8 and bad >= 0.75 * called >= 1.6 * usual * called]  # fmt: skip


def _called(rows: Sequence[Row]) -> tuple[int, int]:
    known = [row["status"] for row in rows if row["status"] not in (None, "new")]
    return sum(status in ("unreachable", "invalid") for status in known), len(known)


def _new(batch: Batch, share: float) -> bool:
    """Whether leads weren't as sleepless before; some firms sell to other continents."""
    before = [asleep(row["received_at"]) for row in batch.before]
    return len(before) < _LEAST or share > 2 * sum(before) / len(before)


def _observed(case: Case, batch: Batch, rows: Sequence[Row], found: _Strange) -> Observation:
    return Observation(
        vendor=batch.vendor,
        amount=worth(case, batch, len(found.rows)),
        currency=case.client.currency,
        values={
            "name": name_of(case, batch.vendor),
            "count": f"{len(found.rows):,}",
            "of": f"{len(rows):,}",
            "share": f"{len(found.rows) / len(rows):.0%}",
            "how": _HOW[found.how],
            "first": f"{found.rows[0]['received_at']:%Y-%m-%d %H:%M}",
        },
        evidence=evidence(found.rows),
    )


def _sample(rush: int, count: int = 60, *, hour: int = 3, seconds: Sequence[int] = (7, 31, 64, 12)) -> Case:
    """Leads over the month, and a rush within an hour of the 14th."""
    start = datetime.combine(OCTOBER.start, time(hour)) + timedelta(days=13)
    steps = [seconds[at % len(seconds)] for at in range(rush)]
    extra = [
        row | {"lead_id": f"{row['lead_id']}r", "phone_key": f"{row['phone_key']}r", "received_at": start + timedelta(seconds=sum(steps[:at]))}
        for at, row in enumerate(sample_leads(rush))
    ]  # fmt: skip
    return case_of({"leads": [*sample_leads(count), *extra], "ads_daily": sample_spend()}, goal="leads")


DETECTOR = Detector(
    id="lead_burst",
    title=Text(zh="名單進來的時間不像一般人", en="Leads that come at other times than people do"),
    system="S30",
    needs=("leads",),
    least=Text(zh="20 筆有時間的名單", en="20 leads with the time they came in"),
    reference="MRC, Invalid Traffic Detection and Filtration Standards Addendum (2020): activity-based filtration",
    says=Text(
        zh="{period}，{name}的 {of} 筆名單裡，有 {count} 筆（{share}）{how}，從 {first} 開始。",
        en="{name}, {period}: {count} of {of} leads ({share}) came {how}, from {first} on.",
    ),
    innocent=Text(
        zh="可能是媒體報導、群發簡訊或活動帶來人潮、系統一次匯入，或時間記成別的時區。",
        en="A broadcast, a mailing or an event may have brought a crowd, a system may have imported leads in one go, or times may be another zone's.",
    ),
    question=Text(
        zh="您好，從 {first} 起有 {count} 筆名單{how}。請問是怎麼來的？當時有什麼活動，或系統匯入嗎？",
        en="From {first} on, {count} leads came {how}. How did they come about? Was there an event or an import at that time?",
    ),
    action=Text(
        zh="抽幾筆打電話確認，再對照當天的活動和網站流量；查清楚之前，這批先不計費。",
        en="Call some of them, and compare the day's events and visits; settle what they are before paying for them.",
    ),
    check=_check,
    fires=lambda: _sample(30),
    quiet=lambda: _sample(20, hour=12),
    few=lambda: _sample(0, count=8),
)
