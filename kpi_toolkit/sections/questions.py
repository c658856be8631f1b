"""What to ask the vendors next: polite, about a figure, without a guess at guilt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.present import names, tables
from kpi_toolkit.present.sentences import compared

AT_MOST = 3
LEAST = 0.1  # a change below ten per cent is no reason to ask

_COST = Text(
    zh="{metric}{moved}：主要是哪幾個廣告活動？受眾、素材和出價，哪一項有變？",
    en="{metric} {moved}: mainly in which campaigns? Did audience, creative or bids change?",
)
_RETURN = Text(
    zh="{metric}{moved}：下個月哪些預算打算停、哪些要加，理由是什麼？",
    en="{metric} {moved}: which budgets should stop next month, which should grow, and why?",
)
_SALES = Text(
    zh="{metric}{moved}：從廣告這邊看，可能的原因有哪些？有什麼數字可以佐證？",
    en="{metric} {moved}: seen from the advertising, what may be behind it, and which figures support that?",
)
_VISITS = Text(
    zh="{metric}{moved}：廣告帶進來的人和之前有什麼不同？到達頁有沒有改過？",
    en="{metric} {moved}: how do the visitors from ads differ, and has the landing page changed?",
)
_SEEN = Text(
    zh="{metric}{moved}：目前的素材用多久了，打算什麼時候換？",
    en="{metric} {moved}: how long have the creatives been running, and when will they be renewed?",
)
_OLD = Text(
    zh="{metric}{moved}：對買過的客人，這個月做了什麼、下個月打算做什麼？",
    en="{metric} {moved}: what was done for past customers this month, and what is planned?",
)
_PER_METRIC: Mapping[str, Text] = {
    **dict.fromkeys(("cpl", "cpa", "cac", "cost_per_order", "cpc", "cpm", "cost_per_session", "cost_per_follower"), _COST),
    **dict.fromkeys(("mer", "roi", "ledger_roas", "ltv_cac"), _RETURN),
    **dict.fromkeys(("revenue", "gross_profit", "orders", "new_customers", "aov", "leads"), _SALES),
    **dict.fromkeys(("sessions", "engagement_rate", "landing_page_rate", "cvr", "new_users"), _VISITS),
    **dict.fromkeys(("ctr", "video_views", "impressions", "reach"), _SEEN),
    **dict.fromkeys(("repeat_rate", "cltv"), _OLD),
}  # fmt: skip
_BEHIND = Text(zh="{metric} {value}，未達目標 {target}：剩下的差距打算怎麼補，需要我們配合什麼？", en="{metric} at {value} against a target of {target}: how is the gap to be closed, and what is needed from us?")  # fmt: skip
_ABOVE = Text(zh="{metric} {value}，高於目標 {target}：打算怎麼降下來，需要我們配合什麼？", en="{metric} at {value}, above the target of {target}: how is it to be brought down, and what is needed from us?")  # fmt: skip
_TOGETHER = Text(zh="{platforms} 回報的{metric}裡，有多少是同一個人？能不能提供明細，和我們自己的紀錄核對？", en="How many of the {metric} that {platforms} report are the same people? May we have the list, to compare with our own records?")  # fmt: skip
_BEST = Text(zh="這個月哪一項做法效果最好？請用數字說明，下個月打算怎麼延續？", en="What worked best this month? Please show it in figures, and how it is to go on next month.")  # fmt: skip


def questions(figures: Iterable[Figure], lang: Lang) -> tuple[str, ...]:
    """At most three questions: what platforms can't both have brought, what got worse, what is behind its target."""
    found = list(figures)
    asked = [
        _together(figure, lang)
        for figure in found
        if len(figure.parts) > 1 and not figure.currencies and METRICS[figure.metric].denominator is None
    ]
    seen: set[object] = set()
    for figure in _worse(found):
        words = _PER_METRIC.get(figure.metric)
        topic = METRICS[figure.metric].topic
        if words is not None and not seen & {words, topic}:  # one question of a kind and of a topic
            seen |= {words, topic}
            asked.append(_moved(words, figure, lang))
    if len(asked) < AT_MOST:
        asked += [_behind(figure, lang) for figure in found if figure.met is False and figure.metric not in {"spend"}][
            :1
        ]
    return tuple(asked[:AT_MOST]) or (_BEST.say(lang),)


def _worse(found: Iterable[Figure]) -> list[Figure]:
    """What got worse, most first, a platform's own figures where platforms can't be added."""
    told = [one for whole in found for one in (whole.parts or (whole,))]
    told = [one for one in told if one.verdict(one.judged) == "worse" and abs(one.judged.change or 0) >= LEAST]
    return sorted(told, key=lambda one: -abs(one.judged.change or 0))


def _moved(words: Text, figure: Figure, lang: Lang) -> str:
    return phrases.said(words, lang, metric=tables.label(figure, lang), moved=compared(figure, figure.judged, lang))


def _behind(figure: Figure, lang: Lang) -> str:
    metric = METRICS[figure.metric]
    words = _ABOVE if metric.direction == "down" else _BEHIND
    value = tables.say(figure, figure.value, lang, compact=True)
    return phrases.said(words, lang, metric=metric.short, value=value, target=tables.aimed_at(figure, lang, compact=True))  # fmt: skip


def _together(figure: Figure, lang: Lang) -> str:
    platforms = phrases.listed([names.platform(part.group[0], lang) for part in figure.parts], lang)
    label = METRICS[figure.metric].short.say(lang)
    return phrases.said(_TOGETHER, lang, platforms=platforms, metric=label if lang == "zh-TW" else label.lower())
