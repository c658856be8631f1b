"""Trend: fourteen months of what matters to the goal, and the month day by day beside last year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.periods import Period
from kpi_toolkit.phrases import said, sentences
from kpi_toolkit.present import charts, formats, names
from kpi_toolkit.present.blocks import Block, Chart, Charts, Heading, Missing, Note
from kpi_toolkit.sections.asking import Series, days, months
from kpi_toolkit.sections.goals import GOALS
from kpi_toolkit.sections.section import Context, Section

MONTHS = 14  # the month, the same month a year ago, and one before that to see where it came from
MONTHLY = Text(zh="每月{metric}", en="{metric} by month")
DAILY = Text(zh="每日{metric}", en="{metric} by day")
OF = Text(zh="{title} · {platform}", en="{title} · {platform}")
BY_MONTH = Text(zh="逐月", en="Month by month")
BY_DAY = Text(zh="本月逐日", en="This month, day by day")
KEY = Text(zh="深色是本月，灰褐色是去年同月。", en="Dark: this month. Grey: the same month last year.")
DAYS_KEY = Text(zh="淡色直條是週末。", en="Shaded: weekends.")
CUT = Text(zh="{metric}有些月份是別的幣別，不能畫在同一張圖上，所以留白。", en="Some months of {metric} are in another currency; they can't share a chart, so they are left blank.")  # fmt: skip
SAYS = Text(zh="{last}是 {now}；最高是{best}的 {top}", en="{now} in {last}; the highest is {top} in {best}")
SAYS_DAY = Text(zh="最高是 {day} 日的 {top}", en="the highest is {top} on day {day}")
NOTHING = Text(zh="這個月沒有資料，畫不出趨勢。", en="There are no data for this month, so there is no trend to draw.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One metric over time, of one platform where platforms can't be added; `cut` where months in another currency are left out."""

    metric: str
    platform: str
    currency: str
    months: Mapping[Period, float | None]
    now: Mapping[int, float | None]
    before: Mapping[int, float | None]
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """The lines, and which days of the month are weekend days."""

    lines: tuple[Line, ...]
    weekends: tuple[int, ...]


def compute(context: Context) -> Result:
    """The goal's trends; day by day only what came back and what was spent."""
    goal = GOALS[context.client.goal]
    daily = {goal.result, "spend"}
    lines = [line for metric in goal.trends for line in _lines(context, metric, metric in daily)]
    if "spend" not in goal.trends:
        lines += _lines(context, "spend", True)
    weekends = tuple(day.day for day in context.period.each_day() if day.weekday() > 4)
    return Result(lines=tuple(lines), weekends=weekends)


def _lines(context: Context, metric: str, daily: bool) -> list[Line]:
    series, by = months(context, metric, MONTHS), ()
    if () not in series or not _given(series[()].values):
        series, by = months(context, metric, MONTHS, ("source",)), ("source",)  # type: ignore[assignment]
    return [
        _line(context, metric, group, by, values, daily) for group, values in series.items() if _given(values.values)
    ]


def _given(series: Mapping[Period, float | None]) -> bool:
    """Whether there is something of the last month: a line that ends before it tells nothing of it."""
    return bool(series) and list(series.values())[-1] is not None


def _line(context: Context, metric: str, group: tuple[str, ...], by: tuple[str, ...], series: Series[Period], daily: bool) -> Line:  # fmt: skip
    now, before = (
        _days(context, metric, period, by, group, series.currency) if daily else {}
        for period in (context.period, context.period.last_year())
    )
    platform = group[0] if group else ""
    return Line(
        metric=metric,
        platform=platform,
        currency=series.currency,
        months=_known(series.values),
        now=now,
        before=before,
        cut=series.other > 0,
    )


def _days(context: Context, metric: str, period: Period, by: tuple[str, ...], group: tuple[str, ...], currency: str) -> Mapping[int, float | None]:  # fmt: skip
    """The month's days, where they are in the currency that the line is in."""
    found = days(context, metric, period, by).get(group)
    return found.values if found and found.currency == currency else {}


def _known(series: Mapping[Period, float | None]) -> dict[Period, float | None]:
    """The series from its first value on."""
    found: dict[Period, float | None] = {}
    for period, value in series.items():
        if found or value is not None:
            found[period] = value
    return found


def tell(result: Result, lang: Lang) -> list[Block]:
    """Small charts side by side: months, then days."""
    by_month = tuple(_monthly(line, lang) for line in result.lines if len(line.months) > 1 and line.metric != "spend")
    by_day = tuple(_daily(line, result.weekends, lang) for line in result.lines if _dense(line.now))
    if not by_month and not by_day:
        return [Missing(text=NOTHING.say(lang))]
    blocks: list[Block] = []
    if by_month:
        cut = dict.fromkeys(line.metric for line in result.lines if line.cut)
        notes = [KEY.say(lang), *(said(CUT, lang, metric=METRICS[metric].short) for metric in cut)]
        blocks += [Heading(text=BY_MONTH.say(lang)), Charts(items=by_month), Note(text=sentences(notes, lang))]
    if by_day:
        blocks += [Heading(text=BY_DAY.say(lang)), Charts(items=by_day), Note(text=DAYS_KEY.say(lang))]
    return blocks


def _dense(days: Mapping[int, float | None]) -> bool:
    """Whether most days have a value: a line of gaps says nothing."""
    given = sum(value is not None for value in days.values())
    return given > 1 and given * 3 >= len(days) * 2


def _monthly(line: Line, lang: Lang) -> Chart:
    scale = _scale(line, lang)
    known = {period: value for period, value in line.months.items() if value is not None}
    best, last = max(known, key=lambda period: known[period]), list(line.months)[-1]
    says = said(
        SAYS, lang,
        last=last.label(lang), now=scale.say(line.months[last]), best=best.label(lang), top=scale.say(known[best]),
    )  # fmt: skip
    title = _title(MONTHLY, line, lang)
    drawing = charts.trend(title, line.months, scale)
    return Chart(id=_id("month", line), title=title, says=says, drawing=drawing, terms=(line.metric,))


def _daily(line: Line, weekends: tuple[int, ...], lang: Lang) -> Chart:
    scale = _scale(line, lang)
    known = {day: value for day, value in line.now.items() if value is not None}
    best = max(known, key=lambda day: known[day])
    says = SAYS_DAY.fill(day=best, top=scale.say(known[best])).say(lang)
    title = _title(DAILY, line, lang)
    drawing = charts.daily(title, line.now, line.before, weekends, scale)
    return Chart(id=_id("day", line), title=title, says=says, drawing=drawing, terms=(line.metric,))


def _title(words: Text, line: Line, lang: Lang) -> str:
    title = said(words, lang, metric=METRICS[line.metric].short)
    return OF.fill(title=title, platform=names.platform(line.platform, lang)).say(lang) if line.platform else title


def _scale(line: Line, lang: Lang) -> charts.Scale:
    return charts.Scale(kind=formats.kind_of(METRICS[line.metric].unit), lang=lang, currency=line.currency)


def _id(kind: str, line: Line) -> str:
    return "-".join(filter(None, (kind, line.metric, line.platform)))


SECTION = Section(
    id="trend",
    title=Text(zh="趨勢", en="Trend"),
    question=Text(zh="這個月放在一年裡看，算高還是低？", en="Seen over a year, is this month high or low?"),
    part="results",
    compute=compute,
    tell=tell,
)
