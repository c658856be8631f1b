"""Outcomes: the figures that the client's goal is judged by, against last month, last year and the targets."""

from __future__ import annotations

from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.phrases import listed, said
from kpi_toolkit.present import charts, formats, tables
from kpi_toolkit.present.blocks import Block, Chart, Charts, Missing, Paragraph
from kpi_toolkit.present.reasons import why
from kpi_toolkit.sections.asking import figures
from kpi_toolkit.sections.goals import GOALS
from kpi_toolkit.sections.section import Context, Section

TABLE = Text(zh="指標一覽", en="All figures")
UNJUDGED = Text(zh="{name}的目標是 {target}；各平台的數字無法加總，所以不判定有沒有達標。", en="The target for {name} is {target}; platforms' figures can't be added, so whether it was met is left open.")  # fmt: skip
FOREIGN = Text(zh="{name}的目標是 {target}，實際金額的幣別是 {currency}，不能直接比，所以不判定有沒有達標。", en="The target for {name} is {target}, while the figure is in {currency}; they can't be compared, so whether it was met is left open.")  # fmt: skip
TARGETS = Text(zh="離目標多近", en="How close to target")
LINE = Text(zh="直線是目標；橘色表示還沒達標。成本類的指標，低於目標才算達標。", en="The upright line is the target; orange has not met it. A cost meets its target by staying below.")  # fmt: skip
AIM = Text(zh="{name}：{actual}，目標 {target}（{share}）", en="{name}: {actual}, target {target} ({share})")
MET = Text(zh="有目標的 {all} 項裡，達成 {met} 項", en="{met} of {all} targets {met:was|were} met")
ALL_MET = Text(zh="{all} 項目標都達成了", en="All {all} targets were met")
NONE_MET = Text(zh="{all} 項目標都還沒達成", en="None of the {all} targets was met")
ALONE_MET = Text(zh="{name}達到目標了。", en="The target was met: {name}.")
ALONE_UNMET = Text(zh="{name}還沒達到目標。", en="The target was not met: {name}.")
UNMET = Text(zh="；未達標的是{names}", en="; not yet: {names}")
NOTHING = Text(zh="這個月還沒有可以算成效的資料。", en="There are no data for outcomes in this month.")
ABSENT = Text(zh="目前算不出來：{lines}", en="Not available: {lines}")


def compute(context: Context) -> list[Figure]:
    """The goal's outcomes, and whatever else has a target."""
    wanted = dict.fromkeys(GOALS[context.client.goal].outcomes)
    wanted |= dict.fromkeys(target.metric for target in context.client.targets if target.metric in METRICS)
    return list(figures(context, wanted).values())


def tell(found: list[Figure], lang: Lang) -> list[Block]:
    """What was met, the chart of targets, the table, and why other figures are not there."""
    given = [figure for figure in found if figure.value is not None or figure.parts]
    if not given:
        return [Missing(text=NOTHING.say(lang))]
    aimed = [figure for figure in given if figure.met is not None]
    blocks: list[Block] = [Paragraph(text=_met(aimed, lang)), _chart(aimed, lang)] if aimed else []
    blocks.append(tables.comparison("outcomes", TABLE.say(lang), given, lang))
    unjudged = [figure for figure in given if figure.target is not None and (figure.parts or figure.foreign)]
    blocks += [Paragraph(text=_unjudged(figure, lang)) for figure in unjudged]
    absent = [figure for figure in found if figure not in given]
    return [*blocks, Paragraph(text=_absent(absent, lang))] if absent else blocks


def _met(aimed: list[Figure], lang: Lang) -> str:
    unmet = [METRICS[figure.metric].short.say(lang) for figure in aimed if not figure.met]
    met = len(aimed) - len(unmet)
    if len(aimed) == 1:
        return said(ALONE_UNMET if unmet else ALONE_MET, lang, name=METRICS[aimed[0].metric].short)
    words = NONE_MET if met == 0 else MET if unmet else ALL_MET
    told = words.fill(all=len(aimed), met=met).say(lang)
    return told + (said(UNMET, lang, names=listed(unmet, lang)) if unmet else "") + tables.END.say(lang)


def _chart(aimed: list[Figure], lang: Lang) -> Charts:
    aims = [charts.Aim(said=_aim(figure, lang), share=figure.reached or 0, met=bool(figure.met)) for figure in aimed]
    says = "; ".join(aim.said for aim in aims)
    drawing = charts.bullets(TARGETS.say(lang), aims)
    return Charts(
        items=(Chart(id="targets", title=TARGETS.say(lang), says=says, drawing=drawing, note=LINE.say(lang)),)
    )


def _aim(figure: Figure, lang: Lang) -> str:
    say = tables.say
    return AIM.fill(
        name=METRICS[figure.metric].short.say(lang),
        actual=say(figure, figure.value, lang, compact=True), target=tables.aimed_at(figure, lang, compact=True),
        share=formats.number(figure.reached, "share", lang),
    ).say(lang)  # fmt: skip


def _unjudged(figure: Figure, lang: Lang) -> str:
    words, currency = (UNJUDGED, {}) if figure.parts else (FOREIGN, {"currency": figure.currency})
    return said(words, lang, name=METRICS[figure.metric].short, target=tables.aimed_at(figure, lang), **currency)


def _absent(figures: list[Figure], lang: Lang) -> str:
    reasons: dict[str, list[str]] = {}
    for figure in figures:
        reasons.setdefault(why(figure.reason, lang), []).append(METRICS[figure.metric].short.say(lang))
    lines = [
        f"{listed(names, lang)}（{reason}）" if lang == "zh-TW" else f"{listed(names, lang)} ({reason})"
        for reason, names in reasons.items()
    ]
    return ABSENT.fill(lines=("；" if lang == "zh-TW" else "; ").join(lines)).say(lang) + tables.END.say(lang)


SECTION = Section(
    id="outcome",
    title=Text(zh="成效", en="Outcomes"),
    question=Text(
        zh="成果比上月、比去年、比目標如何？", en="How do results compare with last month, last year and the targets?"
    ),
    part="results",
    compute=compute,
    tell=tell,
)
