"""The summary that an owner reads in a minute: what was paid, what came back, what it is held against, what to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.checks.examination import Checked, Finding
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.periods import Period
from kpi_toolkit.present import formats, names, tables
from kpi_toolkit.present.blocks import Block, Cards, Heading, Lead, Missing, Note, Points
from kpi_toolkit.present.reasons import brief, why
from kpi_toolkit.present.sentences import compared
from kpi_toolkit.sections import examining
from kpi_toolkit.sections.asking import figures
from kpi_toolkit.sections.goals import GOALS, Goal
from kpi_toolkit.sections.questions import AT_MOST, LEAST, questions
from kpi_toolkit.sections.section import Context, Section

NOTABLE = 3
TITLES = 5
# Questions on findings come first, and leave room for one on the results.
ASKED_FIRST = 2
CARDS = 4
PAID = Text(zh="{month}的{cost_name}是 {cost}", en="In {month}, {cost_name} came to {cost}")
PAID_APART = Text(zh="{month}的{cost_name}幣別不同，不加總：{parts}", en="In {month}, {cost_name} was in different currencies, which are not added: {parts}")  # fmt: skip
PAID_UNKNOWN = Text(zh="{month}還沒有費用的資料", en="For {month} there are no data on costs yet")
SOLD = Text(zh="；商店營收（扣除退款）{result}，每 {one}行銷費用對應 {times}營收。", en=", and the shop took {result} net of refunds: {times} of revenue for every {one} of marketing cost.")  # fmt: skip
GOT = Text(zh="；同期{result_name} {result}。", en="; in the same month, {result_name}: {result}.")
GOT_EACH = Text(zh="；同期{result_name} {result}；{price_name} {price}（只算廣告費）。", en="; in the same month, {result_name}: {result}; {price_name}: {price} (ad spend only).")  # fmt: skip
APART = Text(zh="。{result_name}由各平台自己回報：{parts}；可能有同一個人，所以不加總。", en=". {result_name}, as each platform reports them: {parts}. They may be the same people, so they are not added.")  # fmt: skip
SOLD_APART = Text(zh="；同期{result_name}幣別不同，不加總：{parts}。", en="; in the same month, {result_name} was in different currencies, which are not added: {parts}.")  # fmt: skip
HELD = Text(zh="{name}{comparisons}。", en=" {name}: {comparisons}.")
BUT = Text(zh="但{says}。", en="But {says}.")
REACHED = Text(zh="達到目標的 {share}", en="{share} of target")
PART = Text(zh="{platform} {value}", en="{platform} {value}")
WITHOUT = Text(zh="{platform}（{says}）", en="{platform} ({says})")
NOTABLE_LINE = Text(zh="{name} {value}，{comparisons}。", en="{name} {value}, {comparisons}.")
WHAT_STANDS_OUT = Text(zh="值得注意", en="What stands out")
TO_LOOK_AT = Text(zh="對帳時看到、想請您看一下的", en="Worth a look before the figures are believed")
MORE = Text(zh="還有 {count} 件，見「對帳與查核」", en="and {count} more: see Integrity")
WHAT_TO_ASK = Text(zh="可以問廠商", en="What to ask")
NOTHING = Text(zh="{month}沒有任何資料。請確認這個月的報表已經匯出，並放進 data 資料夾。", en="There are no data for {month}. Please check that its exports were made and put into the data folder.")  # fmt: skip
UNREAD = Text(zh="有 {count} 個檔案讀不出來，數字可能不完整，見「資料來源」。", en="Files that could not be read: {count}. Figures may be incomplete: see What was read.")  # fmt: skip
LACKING = Text(zh="還缺{exports}，補上就能看到更多。", en="Still missing: {exports}. With that, more can be shown.")
ABOUT = Text(zh="{name}：{says}。", en="{name}: {says}.")
# What one of the result cost, where its label alone would be read as the whole cost over the whole result.
_PRICES: Mapping[str, Text] = {"cost_per_session": Text(zh="廣告帶來的每次造訪", en="each visit that ads brought")}
_ONE = Text(zh="{amount}\u00a0元", en="NT${amount}")
_TABLES: Mapping[str, tuple[str, ...]] = {
    "orders": ("ads_daily", "orders", "invoices_fees"),
    "loyalty": ("orders", "ads_daily"),
}


@dataclass(frozen=True, kw_only=True)
class Result:
    """The month, the goal, its figures by metric, how many files could not be read, which tables are missing, and what the
    checks found."""

    month: Period
    goal: Goal
    figures: Mapping[str, Figure]
    unread: int
    missing: tuple[str, ...]
    checked: Sequence[Checked]

    @property
    def asked(self) -> list[Finding]:
        """What the checks ask about, the largest amounts first."""
        found = [finding for one in self.checked for finding in one.findings]
        return sorted(found, key=lambda one: -(one.observation.amount or 0))

    @property
    def cost(self) -> Figure:
        """What was paid: fees included where they are known."""
        whole = self.figures["marketing_cost"]
        return whole if whole.value is not None and "invoices_fees" not in whole.caveat else self.figures["spend"]

    @property
    def cards(self) -> list[Figure]:
        """The goal's cards, those that have something to show."""
        chosen = [self.cost if name == "marketing_cost" else self.figures[name] for name in self.goal.cards]
        return [figure for figure in chosen if figure.value is not None or figure.parts][:CARDS]


def compute(context: Context) -> Result:
    """The goal's figures."""
    goal = GOALS[context.client.goal]
    wanted = dict.fromkeys((goal.result, goal.price, *goal.cards, *goal.outcomes, "spend", "marketing_cost"))
    needed = _TABLES.get(context.client.goal, ("ads_daily", "sessions"))
    return Result(
        month=context.period, goal=goal, figures=figures(context, wanted),
        unread=sum(report.error is not None for report in context.reports),
        missing=tuple(table for table in needed if not context.dataset.has(table)),
        checked=examining.results(context),
    )  # fmt: skip


def tell(result: Result, lang: Lang) -> list[Block]:
    """The sentence to remember, the figures, what stands out, what to ask."""
    notes = _notes(result, lang)
    if not result.cards:
        return [Missing(text=NOTHING.fill(month=result.month.label(lang)).say(lang)), *notes]
    spoken = (result.cost.metric, result.goal.result, result.goal.price)
    blocks: list[Block] = [
        Lead(text=_lead(result, lang), terms=spoken),
        Cards(items=tuple(tables.card(figure, lang) for figure in result.cards)),
        *notes,
    ]
    notable = _notable(result)
    if notable:
        lines = tuple(_line(figure, lang) for figure in notable)
        blocks += [Heading(text=WHAT_STANDS_OUT.say(lang)), Points(items=lines, terms=tuple(f.metric for f in notable))]
    if result.asked:
        blocks += [Heading(text=TO_LOOK_AT.say(lang)), Points(items=_to_look_at(result, lang))]
    first = tuple(one.question.say(lang) for one in result.asked)[:ASKED_FIRST]
    asked = (*first, *questions(result.figures.values(), lang))[:AT_MOST]
    return [*blocks, Heading(text=WHAT_TO_ASK.say(lang)), Points(items=asked, ordered=True)]


def _to_look_at(result: Result, lang: Lang) -> tuple[str, ...]:
    """The findings' titles, each once, and how much could be checked."""
    titles = list(dict.fromkeys(one.title.say(lang) for one in result.asked))
    more = [MORE.fill(count=len(titles) - TITLES).say(lang)] if len(titles) > TITLES else []
    return (*titles[:TITLES], *more)


def _lead(result: Result, lang: Lang) -> str:
    return _paid(result, lang) + _came_back(result, lang) + _held(result, lang)


def _paid(result: Result, lang: Lang) -> str:
    month, cost = result.month.label(lang), result.cost
    if cost.value is None and cost.parts:
        parts = phrases.listed([_part(part, lang) for part in cost.parts], lang)
        return phrases.said(PAID_APART, lang, month=month, cost_name=_label(cost, lang), parts=parts)
    if cost.value is None:
        return phrases.said(PAID_UNKNOWN, lang, month=month)
    return phrases.said(PAID, lang, month=month, cost_name=_label(cost, lang), cost=_value(cost, lang))


def _part(part: Figure, lang: Lang) -> str:
    platform = names.platform(part.group[0], lang)
    if part.value is None:
        return WITHOUT.fill(platform=platform, says=brief(part.reason, lang)).say(lang)
    return PART.fill(platform=platform, value=_value(part, lang)).say(lang)


def _came_back(result: Result, lang: Lang) -> str:
    came, price = result.figures[result.goal.result], result.figures[result.goal.price]
    if came.parts:
        parts = phrases.listed([_part(part, lang) for part in came.parts], lang)
        if came.currencies:
            return phrases.said(SOLD_APART, lang, result_name=_label(came, lang), parts=parts)
        return phrases.said(APART, lang, result_name=METRICS[came.metric].short, parts=parts)
    if came.value is None:
        return tables.END.say(lang)
    filled = {"result_name": _label(came, lang), "result": _value(came, lang)}
    if price.value is None or result.cost.value is None:
        return phrases.said(GOT, lang, **filled)
    if price.metric == "mer":
        one, times = (_plainly(value, came.currency, lang) for value in (1, price.value))
        return phrases.said(SOLD, lang, result=filled["result"], one=one, times=times)
    name = _PRICES[price.metric].say(lang) if price.metric in _PRICES else _label(price, lang)
    return phrases.said(GOT_EACH, lang, **filled, price_name=name, price=_value(price, lang))


def _plainly(value: float, currency: str, lang: Lang) -> str:
    """A small amount as it is spoken: 5.9 元."""
    amount = formats.money(round(value, 1), currency, lang)
    said = amount.removeprefix(formats.SYMBOLS["TWD"])
    return _ONE.fill(amount=said).say(lang) if said != amount else amount


def _held(result: Result, lang: Lang) -> str:
    came = result.figures[result.goal.result]
    if came.value is None:
        return ""
    told = _comparisons(came, lang)
    if came.met is not None:
        told.append(REACHED.fill(share=formats.percent(came.reached or 0, lang)).say(lang))
    if not told:
        return ""
    held = phrases.said(HELD, lang, name=METRICS[came.metric].short, comparisons=_and(told, lang))
    limits = tables.limits(came, lang)
    return phrases.sentences([held, BUT.fill(says=limits).say(lang) if limits else ""], lang)


def _comparisons(figure: Figure, lang: Lang) -> list[str]:
    return [told for earlier in (figure.previous, figure.last_year) if (told := compared(figure, earlier, lang))]


def _notable(result: Result) -> list[Figure]:
    """Up to three figures that moved most, what got worse first, one of a topic; what the lead has said is not said again."""
    said = {result.cost.metric, result.goal.result, "spend", "marketing_cost", "gross_profit"}
    told = [figure for name, figure in result.figures.items() if name not in said or figure.parts]
    moving = [one for figure in told for one in (figure.parts or (figure,)) if _movement(one)]
    ranked = sorted(moving, key=lambda figure: (figure.verdict(figure.judged) != "worse", -_movement(figure)))
    by_topic = {METRICS[figure.metric].topic: figure for figure in reversed(ranked)}
    return [figure for figure in ranked if by_topic[METRICS[figure.metric].topic] is figure][:NOTABLE]


def _movement(figure: Figure) -> float:
    """How far it moved, 0 where that is little, unsure, or neither good nor bad."""
    change = abs(figure.judged.change or 0)
    return change if change >= LEAST and figure.verdict(figure.judged) else 0.0


def _line(figure: Figure, lang: Lang) -> str:
    told = _and(_comparisons(figure, lang), lang)
    return phrases.said(
        NOTABLE_LINE, lang, name=tables.label(figure, lang), value=_value(figure, lang), comparisons=told
    )


def _notes(result: Result, lang: Lang) -> list[Block]:
    lines = [UNREAD.fill(count=result.unread).say(lang)] if result.unread else []
    lines += [_about(figure, lang) for figure in result.cards if figure.caveat]
    if result.missing:
        lines.append(phrases.said(LACKING, lang, exports=names.exports(result.missing, lang)))
    return [Note(text=phrases.sentences(lines, lang))] if lines else []


def _about(figure: Figure, lang: Lang) -> str:
    return ABOUT.fill(name=METRICS[figure.metric].short.say(lang), says=why(figure.caveat, lang)).say(lang)


def _value(figure: Figure, lang: Lang) -> str:
    return tables.say(figure, figure.value, lang, compact=True)


def _label(figure: Figure, lang: Lang) -> str:
    label = METRICS[figure.metric].short.say(lang)
    return label if lang == "zh-TW" or label.isupper() else label[0].lower() + label[1:]


def _and(told: list[str], lang: Lang) -> str:
    return ("，" if lang == "zh-TW" else ", ").join(told)


SECTION = Section(
    id="summary",
    title=Text(zh="一分鐘看懂", en="In a minute"),
    question=Text(zh="付了多少、換回多少、接下來問什麼？", en="What was paid, what came back, what to ask next?"),
    part="summary",
    compute=compute,
    tell=tell,
)
