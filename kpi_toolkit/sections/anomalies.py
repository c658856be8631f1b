"""Anomalies: days and levels of the month that the rhythm of week and season doesn't explain, with what they may come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kpi_toolkit.analysis.anomalies import FALSE_ALARMS, LEAST_DAYS, Anomaly, Watched, anomalies
from kpi_toolkit.analysis.likely_causes import AnomalyCause, Measure, ranked_causes
from kpi_toolkit.checks.anomaly_causes import ANOMALY_CAUSES, KINDS, SEASON_NAMES
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS, measure
from kpi_toolkit.periods import Period
from kpi_toolkit.phrases import listed, said, sentences
from kpi_toolkit.present import formats
from kpi_toolkit.present.blocks import Block, Cell, Column, Details, Missing, Note, Paragraph, Points, Table
from kpi_toolkit.sections.section import Context, Section

if TYPE_CHECKING:
    import pandas as pd

WATCHED: Final[tuple[Measure, ...]] = ("revenue", "orders", "sessions", "clicks", "spend")
# A year and its seasons, and the month itself.
_DAYS: Final = 400
_CAUSES: Final = 2
_SHOWN: Final = 6
# So many days apart, the same event may show in two measures.
_NEAR: Final = 3
QUIET = Text(
    zh="這個月每天的{series}都在平常的範圍內。", en="Day by day, {series} stayed within their usual range this month."
)
TOO_FEW = Text(
    zh="每天的資料還不夠判斷什麼是「平常」：至少要有 {days} 天，而且每週要有 15 筆以上。",
    en="There are too few daily data to tell what is usual: {days} days at least, and 15 a week.",
)
EVENT = Text(zh="{days}：{series}。", en="{days}: {series}.")
SINCE = Text(zh="從{days}起", en="Since {days}")
MOVED = Text(
    zh="{metric} {change}（{observed}，平常約 {expected}）",
    en="{metric} {change} ({observed}; about {expected} are usual)",
)
SEASON = Text(zh="正值{season}前後。", en="It lies around {season}.")
MAYBE = Text(zh="對照其他數字，比較可能是{causes}。", en="Going by the other figures, likely {causes}.")
UNKNOWN = Text(
    zh="其他數字看不出原因，請問問當天有什麼不同。",
    en="The other figures don't tell why: ask what was different on these days.",
)
RANGE = Text(zh="{first}–{last}", en="{first} – {last}")
MORE = Text(zh="還有 {count} 件，見下表。", en="{count} more stand in the table.")
TABLE = Text(zh="異常變化一覽（{count} 筆）", en="All that is out of the ordinary ({count})")
WHEN, WHAT, HOW = Text(zh="日期", en="Days"), Text(zh="指標", en="Metric"), Text(zh="變化", en="What it did")
SEEN, USUAL, CHANGE = Text(zh="實際", en="Seen"), Text(zh="平常", en="Usual"), Text(zh="差距", en="Difference")
WHY = Text(zh="可能的原因", en="May come from")
METHOD = Text(
    zh="先扣掉星期、節日和長期升降，再看剩下的變化；一切正常的月份，被誤列的機會約 1%。",
    en="Weekdays, holidays and slow changes are taken off first; of months in order, about 1% are listed by mistake.",
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An anomaly of a measure, with what it may come from, likeliest first."""

    measure: Measure
    anomaly: Anomaly
    causes: tuple[AnomalyCause, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The measures that could be watched, and what was seen in the month; money is in `currency`."""

    currency: str
    watched: tuple[Measure, ...]
    seen: tuple[Seen, ...]


def compute(context: Context) -> Result:
    """The month's anomalies, the most improbable first."""
    series = _series(context)
    level = FALSE_ALARMS / max(len(series), 1)
    watched: dict[Measure, Watched] = {name: anomalies(one, since=context.period.start, level=level) for name, one in series.items()}  # fmt: skip
    told = {name: one for name, one in watched.items() if one.status == "ok"}
    seen = [
        Seen(measure=name, anomaly=found, causes=tuple(one.cause for one in ranked_causes(found, name, series))[:_CAUSES])
        for name, one in told.items()
        for found in one.found
        if _within(found, context.period)
    ]  # fmt: skip
    ranked = tuple(sorted(seen, key=lambda one: (one.anomaly.p, one.measure)))
    return Result(currency=context.dataset.currency, watched=tuple(told), seen=ranked)


def _within(found: Anomaly, period: Period) -> bool:
    """A level counts in the month in which it began, a run of days in every month that it touches."""
    return found.start in period if _lasting(found) else found.start <= period.end and found.end >= period.start


def _series(context: Context) -> Mapping[Measure, pd.Series[float]]:
    """Each measure by day, up to the period's end; those that aren't known on any day are left out."""
    import pandas as pd

    days = Period(context.period.end - timedelta(days=_DAYS - 1), context.period.end)
    table = measure(context.dataset, [days], by=("day",), metrics=list(WATCHED))
    found: dict[Measure, pd.Series[float]] = {}
    for name in WATCHED:
        rows = table[table["metric"] == name]
        # Before the first and after the last day that is told, nothing is known; between them, silence is a day without any.
        known = rows.loc[rows["status"] != "no data", "period_start"]
        within = rows[rows["period_start"].between(known.min(), known.max())] if len(known) else rows[:0]
        silent = within["value"].where(within["reason"] != "no rows", 0.0)
        one = pd.Series(silent.to_numpy(dtype=float), index=pd.DatetimeIndex(within["period_start"]))
        if one.notna().any():
            found[name] = one
    return found


def tell(result: Result, lang: Lang) -> list[Block]:
    """The likeliest to matter as sentences, all of them as a table."""
    if not result.watched:
        return [Missing(text=TOO_FEW.fill(days=LEAST_DAYS).say(lang))]
    names = listed([METRICS[name].short.say(lang) for name in result.watched], lang)
    if not result.seen:
        return [Paragraph(text=said(QUIET, lang, series=names), terms=result.watched)]
    told = _events(result.seen)
    items = tuple(_sentence(event, result.currency, lang) for event in told[:_SHOWN])
    shown = dict.fromkeys(one.measure for event in told[:_SHOWN] for one in event)
    blocks: list[Block] = [Points(items=items, terms=tuple(shown))]
    if len(told) > _SHOWN:
        blocks.append(Note(text=MORE.fill(count=len(told) - _SHOWN).say(lang)))
    title = TABLE.fill(count=len(result.seen)).say(lang)
    table = Details(summary=title, blocks=(_table(result.seen, title, result.currency, lang),))
    return [*blocks, table, Note(text=METHOD.say(lang))]


def _events(seen: Sequence[Seen]) -> list[list[Seen]]:
    """What several measures did in the same days and the same way is one event."""
    found: list[list[Seen]] = []
    for one in seen:
        event = next((event for event in found if _alike(event[0].anomaly, one.anomaly)), None)
        if event is None:
            found.append([one])
        elif one.measure not in {other.measure for other in event}:
            event.append(one)
    return found


def _alike(one: Anomaly, other: Anomaly) -> bool:
    same = _lasting(one) == _lasting(other) and (one.times > 1) == (other.times > 1)
    return same and one.start <= other.end and other.start <= one.end and abs((one.start - other.start).days) <= _NEAR


def _lasting(found: Anomaly) -> bool:
    return found.kind in ("level up", "level down")


def _sentence(event: Sequence[Seen], currency: str, lang: Lang) -> str:
    first = event[0].anomaly
    days = said(SINCE, lang, days=formats.day(first.start, lang)) if _lasting(first) else _days(first, lang)
    told = EVENT.fill(days=days, series=listed([_moved(one, currency, lang) for one in event], lang)).say(lang)
    if first.season:  # which says enough
        return sentences([told, said(SEASON, lang, season=SEASON_NAMES[first.season])], lang)
    causes = dict.fromkeys(cause for one in event for cause in one.causes)
    return sentences([told, _maybe(tuple(causes)[:_CAUSES], lang)], lang)


def _moved(one: Seen, currency: str, lang: Lang) -> str:
    found, metric = one.anomaly, METRICS[one.measure]
    kind = formats.kind_of(metric.unit)
    observed, expected = (formats.number(value, kind, lang, currency=currency, compact=True) for value in (found.observed, found.expected))  # fmt: skip
    change = formats.change(found.times - 1, lang) if found.expected >= 1 else KINDS[found.kind].say(lang)
    return said(MOVED, lang, metric=metric.short, change=change, observed=observed, expected=expected)


def _maybe(causes: Sequence[AnomalyCause], lang: Lang) -> str:
    if not causes:
        return UNKNOWN.say(lang)
    return said(MAYBE, lang, causes=listed([ANOMALY_CAUSES[cause].say(lang) for cause in causes], lang, "or"))


def _days(found: Anomaly, lang: Lang) -> str:
    if found.start == found.end:
        return formats.day(found.start, lang, brief=True)
    return RANGE.fill(first=_brief(found.start, lang), last=_brief(found.end, lang)).say(lang)


def _brief(day: date, lang: Lang) -> str:
    return formats.day(day, lang, brief=True)


def _table(seen: Sequence[Seen], title: str, currency: str, lang: Lang) -> Table:
    heads = (WHEN, WHAT, HOW, SEEN, USUAL, CHANGE, WHY)
    kinds: dict[Text, formats.Kind] = {SEEN: "count", USUAL: "count", CHANGE: "change"}
    columns = tuple(Column(title=head.say(lang), kind=kinds.get(head, "text")) for head in heads)
    rows = []
    for one in seen:
        found, kind = one.anomaly, formats.kind_of(METRICS[one.measure].unit)
        amounts = (Cell(value=value, kind=kind, currency=currency) for value in (found.observed, found.expected))
        why = listed([ANOMALY_CAUSES[cause].say(lang) for cause in one.causes], lang, "or")
        rows.append((_days(found, lang), METRICS[one.measure].short.say(lang), KINDS[found.kind].say(lang), *amounts, found.times - 1 if found.expected >= 1 else None, why))  # fmt: skip
    return Table(id="anomalies", title=title, columns=columns, rows=tuple(rows))


SECTION = Section(
    id="anomalies",
    title=Text(zh="異常變化", en="Out of the ordinary"),
    question=Text(zh="哪幾天和平常不一樣，可能是什麼原因？", en="Which days were unlike the usual ones, and why may that be?"),
    part="results",
    compute=compute,
    tell=tell,
)  # fmt: skip
