"""Tables and cards of figures: values stay numbers; a missing one says briefly why, and a note says it in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Earlier, Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.present import formats, names
from kpi_toolkit.present.blocks import Card, Cell, Column, Fact, Table, Tone, Value
from kpi_toolkit.present.glossary import term
from kpi_toolkit.present.reasons import brief, why

METRIC = Text(zh="指標", en="Metric")
THIS_MONTH = Text(zh="本月", en="This month")
REACHED = Text(zh="達成", en="Reached")
OF = Text(zh="{label}：{says}", en="{label}: {says}")
END = Text(zh="。", en=".")
UNSURE = Text(zh="樣本太少，數字只能參考", en="too few cases to rely on")
KEY = Text(zh="藍色是變好，橘色粗體是變差。", en="Blue is for the better, bold orange for the worse.")
POINTS_KEY = Text(zh="百分比的變化以百分點計（點）。", en="Percentages change by percentage points (pt).")
_AIMED: Mapping[bool | None, Tone] = {True: "better", False: "worse", None: ""}
_JOINING = (phrases.VS_LAST_MONTH, phrases.VS_LAST_YEAR, REACHED)


def say(figure: Figure, value: float | None, lang: Lang, *, compact: bool = False) -> str:
    """`value` in the figure's unit."""
    kind = formats.kind_of(METRICS[figure.metric].unit)
    return formats.number(value, kind, lang, currency=figure.currency, compact=compact)


def aimed_at(figure: Figure, lang: Lang, *, compact: bool = False) -> str:
    """The target in its own currency."""
    own = replace(figure, currency=figure.target_currency or figure.currency)
    return say(own, figure.target, lang, compact=compact)


def label(figure: Figure, lang: Lang) -> str:
    """The metric's label, with the platform where the figure is a platform's."""
    words = METRICS[figure.metric].short.say(lang)
    return f"{words} · {names.platform(figure.group[0], lang)}" if figure.group else words


def comparison(id: str, title: str, figures: Iterable[Figure], lang: Lang, *, targets: bool = True) -> Table:
    """Metrics in rows: this month, last month, last year, the changes, and the target where there is one."""
    shown = list(figures)
    aimed = targets and any(figure.target is not None for figure in shown)
    head = [METRIC, THIS_MONTH, phrases.LAST_MONTH, phrases.VS_LAST_MONTH, phrases.LAST_YEAR, phrases.VS_LAST_YEAR]
    head += [phrases.TARGET, REACHED] if aimed else []
    columns = [
        Column(
            title=_capital(words.say(lang)), kind="count" if at else "text", joins=words in _JOINING,
            main=words is THIS_MONTH,
        )
        for at, words in enumerate(head)
    ]  # fmt: skip
    rows = [row for figure in shown for row in _rows(figure, lang, aimed)]
    return Table(id=id, title=title, columns=tuple(columns), rows=tuple(rows), note=_noted(shown, lang))


def _rows(figure: Figure, lang: Lang, aimed: bool) -> Iterable[tuple[Value, ...]]:
    if not figure.parts:
        yield _row(figure, lang, aimed, Cell(value="", kind="text", term=term(figure.metric, lang)))
    for part in figure.parts:
        word = replace(term(figure.metric, lang), label=label(part, lang))
        yield _row(part, lang, aimed, Cell(value="", kind="text", term=word))


def _row(figure: Figure, lang: Lang, aimed: bool, head: Cell) -> tuple[Value, ...]:
    cells = [head, now(figure, lang)]
    for earlier in (figure.previous, figure.last_year):
        cells += [_then(figure, earlier), changed(figure, earlier, lang)]
    return (*cells, *(_aim(figure, lang) if aimed else ()))


def now(figure: Figure, lang: Lang) -> Cell:
    """The figure itself, or in a word why there is none; too few rows to judge are marked."""
    missing = brief(figure.reason, lang) if figure.value is None else ""
    return _cell(figure, figure.value, missing)


def _then(figure: Figure, earlier: Earlier) -> Cell:
    return _cell(figure, earlier.value, "")


def _cell(figure: Figure, value: float | None, missing: str) -> Cell:
    kind = formats.kind_of(METRICS[figure.metric].unit)
    return Cell(value=value, kind=kind, currency=figure.currency, why=missing)


def changed(figure: Figure, earlier: Earlier, lang: Lang) -> Cell:
    """The change since `earlier`, or in a word why there is none."""
    if figure.value is not None and figure.status == "too few" and earlier.change is not None:
        return Cell(value=None, kind="change", why=phrases.TOO_FEW.say(lang))
    told = earlier.change is None and earlier.reason not in ("", "no rows") and figure.value is not None
    missing = brief(earlier.reason, lang) if told else ""
    difference = figure.difference(earlier)
    if difference is not None:
        return Cell(value=difference, kind="points", tone=figure.verdict(earlier))
    return Cell(value=earlier.change, kind="change", why=missing, tone=figure.verdict(earlier))


def _aim(figure: Figure, lang: Lang) -> tuple[Cell, Cell]:
    aim = replace(_cell(figure, figure.target, ""), currency=figure.target_currency or figure.currency)
    return aim, Cell(value=figure.reached, kind="share", tone=_AIMED[figure.met])


def card(figure: Figure, lang: Lang) -> Card:
    """A figure, large, with its comparisons beneath; by platform where no sum is given."""
    facts = [
        _fact(figure, phrases.VS_LAST_MONTH, figure.previous, lang),
        _fact(figure, phrases.VS_LAST_YEAR, figure.last_year, lang),
    ]
    facts += [_target(figure, lang)] if figure.reached is not None else []
    if figure.parts:
        facts = [Fact(label=names.platform(part.group[0], lang), value=_of_part(part, lang)) for part in figure.parts]
    value = "" if figure.value is None else say(figure, figure.value, lang, compact=True)
    few = phrases.TOO_FEW.say(lang) if figure.status == "too few" else ""
    shown = tuple(fact for fact in facts if fact is not None) if figure.value is not None or figure.parts else ()
    return Card(term=term(figure.metric, lang), value=value, facts=shown, note=few)


def _of_part(part: Figure, lang: Lang) -> str:
    return brief(part.reason, lang) if part.value is None else say(part, part.value, lang)


def _fact(figure: Figure, label: Text, earlier: Earlier, lang: Lang) -> Fact | None:
    cell = changed(figure, earlier, lang)
    if not isinstance(cell.value, float):
        return Fact(label=label.say(lang), value=cell.why) if cell.why else None
    return Fact(label=label.say(lang), value=formats.number(cell.value, cell.kind or "change", lang), tone=cell.tone)


def _target(figure: Figure, lang: Lang) -> Fact:
    share = formats.number(figure.reached, "share", lang)
    return Fact(label=phrases.TARGET.say(lang), value=share, tone=_AIMED[figure.met])


def notes(figures: Sequence[Figure], lang: Lang) -> str:
    """Why figures are missing, which to doubt, what to know about those given: each reason once, with its metrics."""
    said: dict[str, list[str]] = {}
    unsure = [label(one, lang) for figure in figures for one in (figure, *figure.parts) if one.status == "too few"]
    if unsure:
        said[UNSURE.say(lang)] = unsure
    for figure in figures:
        refused = [one.reason for one in (figure, *figure.parts) if one.value is None]
        codes = [*refused, figure.caveat, *_comparisons(figure)]
        for code in filter(None, codes):
            said.setdefault(why(code, lang), []).append(METRICS[figure.metric].short.say(lang))
    lines = [
        OF.fill(label=phrases.listed(list(dict.fromkeys(labels)), lang), says=words).say(lang) + END.say(lang)
        for words, labels in said.items()
    ]
    return phrases.sentences(lines, lang)


def limits(figure: Figure, lang: Lang) -> str:
    """What to know about its comparisons, as one phrase; empty where there is nothing."""
    return why("; ".join(_comparisons(figure)), lang)


def _noted(figures: Sequence[Figure], lang: Lang) -> str:
    key = [KEY.say(lang), *([POINTS_KEY.say(lang)] if any(_moves_by_points(figure) for figure in figures) else [])]
    return phrases.sentences([*key, notes(figures, lang)], lang)


def _moves_by_points(figure: Figure) -> bool:
    told = [(one, earlier) for one in (figure, *figure.parts) for earlier in (one.previous, one.last_year)]
    return any(one.difference(earlier) is not None for one, earlier in told)


def _comparisons(figure: Figure) -> list[str]:
    """Only what a reader would stumble over: that there were no data earlier explains itself."""
    if figure.value is None:
        return []
    reasons = [figure.previous.reason, figure.last_year.reason]
    return [reason for reason in reasons if reason.startswith(("definition", "different", "partly", "with"))]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
