"""The funnel: from being seen to being bought, what share goes on at each step, and which step changed most."""

from __future__ import annotations

from dataclasses import dataclass

from kpi_toolkit import phrases
from kpi_toolkit.analysis.figures import Figure
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.present import charts, formats, tables
from kpi_toolkit.present.blocks import Block, Chart, Charts, Missing, Note, Paragraph
from kpi_toolkit.present.sentences import compared, needed
from kpi_toolkit.sections.asking import figures
from kpi_toolkit.sections.section import Context, Section

ADS = Text(zh="廣告端：從曝光到點擊", en="Ads: from impression to click")
SITE = Text(zh="網站端：從進站到下一步", en="Site: from visit to the next step")
SHOP = Text(zh="網站端：從進站到購買", en="Site: from visit to purchase")
RATES = Text(zh="各步驟的比率", en="The rate of each step")
STAGES: dict[str, Text] = {
    "impressions": Text(zh="曝光", en="Impressions"), "clicks": Text(zh="點擊", en="Clicks"),
    "sessions": Text(zh="工作階段", en="Sessions"), "add_to_cart_rate": Text(zh="加入購物車", en="Adds to cart"),
    "checkout_rate": Text(zh="開始結帳", en="Checkouts"), "site_purchase_rate": Text(zh="完成購買", en="Purchases"),
    "engagement_rate": Text(zh="互動工作階段", en="Engaged sessions"),
}  # fmt: skip
GOES_ON = Text(zh="上一步的 {share}", en="{share} of the step before")
WORST = Text(zh="變差最多的一步是{step}：{value}，{moved}。先看這一步。", en="The step that fell most is {step}: {value}, {moved}. Look there first.")  # fmt: skip
CALM = Text(zh="沒有哪一步的比率明顯變差。", en="No step's rate has become clearly worse.")
ROOTS = Text(zh="長條依平方根縮放，否則後面的步驟會小到看不見；數字是實際數量。", en="Lengths follow the square root, or the later steps would be too small to see; the figures are the real counts.")  # fmt: skip
ALL_VISITS = Text(zh="網站的工作階段包含所有來源，不只廣告，所以不和廣告的點擊接在一起算。", en="Sessions come from everywhere, not from ads alone, so they are not joined to the clicks.")  # fmt: skip
NOTHING = Text(
    zh="這個月沒有曝光、點擊或網站流量的資料。", en="There are no impressions, clicks or visits in this month's data."
)
_ADS_RATES = ("ctr", "landing_page_rate", "cvr")
_SITE_RATES = ("engagement_rate", "add_to_cart_rate", "checkout_rate", "site_purchase_rate")
_SMALL = 0.03


@dataclass(frozen=True, kw_only=True)
class Result:
    """Stages as (metric, count), and the rates between them."""

    ads: tuple[tuple[str, float], ...]
    site: tuple[tuple[str, float], ...]
    rates: tuple[Figure, ...]
    missing: tuple[str, ...]


def compute(context: Context) -> Result:
    """Counts of each stage; a stage that the exports don't give is left out."""
    found = figures(context, ("impressions", "clicks", "sessions", *_ADS_RATES, *_SITE_RATES))
    rates = [found[name] for name in (*_ADS_RATES, *_SITE_RATES)]
    return Result(
        ads=_counts(found, ("impressions", "clicks")),
        site=_site(found),
        rates=tuple(figure for figure in rates if figure.value is not None or figure.parts),
        missing=tuple(table for table in ("ads_daily", "sessions") if not context.dataset.has(table)),
    )


def _counts(found: dict[str, Figure], stages: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """A plain total's value, a rate's numerator; stages that aren't smaller than the one before don't belong."""
    counts: list[tuple[str, float]] = []
    for stage in stages:
        count = found[stage].value if METRICS[stage].denominator is None else found[stage].numerator
        if count and (not counts or count <= counts[-1][1]):
            counts.append((stage, count))
    return tuple(counts)


def _site(found: dict[str, Figure]) -> tuple[tuple[str, float], ...]:
    """A shop's steps to the purchase; for a site that sells nothing, visits that were more than a glance."""
    bought = _counts(found, ("sessions", "add_to_cart_rate", "checkout_rate", "site_purchase_rate"))
    return bought if len(bought) > 1 else _counts(found, ("sessions", "engagement_rate"))


def tell(result: Result, lang: Lang) -> list[Block]:
    """The step to look at, the stages as charts, the rates as a table."""
    if not result.rates:
        return [Missing(text=NOTHING.say(lang) if not result.missing else needed(result.missing, lang))]
    site = SHOP if "site_purchase_rate" in dict(result.site) else SITE
    pairs = ((ADS, "ads", result.ads), (site, "site", result.site))
    drawn = tuple(_chart(id, title, stages, lang) for title, id, stages in pairs if len(stages) > 1)
    blocks: list[Block] = [Paragraph(text=_worst(result.rates, lang))]
    blocks += [Charts(items=drawn), Note(text=_small_print(drawn, lang))] if drawn else []
    blocks.append(tables.comparison("funnel", RATES.say(lang), result.rates, lang, targets=False))
    return [*blocks, Missing(text=needed(result.missing, lang))] if result.missing else blocks


def _small_print(drawn: tuple[Chart, ...], lang: Lang) -> str:
    return phrases.sentences([ROOTS.say(lang), *([ALL_VISITS.say(lang)] if len(drawn) > 1 else [])], lang)


def _worst(rates: tuple[Figure, ...], lang: Lang) -> str:
    told = [one for rate in rates for one in (rate.parts or (rate,)) if one.verdict(one.judged) == "worse"]
    told = [one for one in told if abs(one.judged.change or 0) >= _SMALL]
    if not told:
        return CALM.say(lang)
    worst = max(told, key=lambda one: abs(one.judged.change or 0))
    return phrases.said(
        WORST, lang, step=tables.label(worst, lang), value=tables.say(worst, worst.value, lang),
        moved=compared(worst, worst.judged, lang),
    )  # fmt: skip


def _chart(id: str, title: Text, stages: tuple[tuple[str, float], ...], lang: Lang) -> Chart:
    before = [None, *(count for _, count in stages)]
    bars = [
        charts.Bar(name=STAGES[stage].say(lang), value=count, strong=last is None,
                   note=GOES_ON.fill(share=formats.percent(count / last, lang)).say(lang) if last else "")
        for (stage, count), last in zip(stages, before, strict=False)
    ]  # fmt: skip
    scale = charts.Scale(kind="count", lang=lang)
    says = ", ".join(f"{bar.name} {scale.say(bar.value)}" for bar in bars)
    terms = tuple(stage for stage, _ in stages)
    return Chart(
        id=f"funnel-{id}",
        title=title.say(lang),
        says=says,
        drawing=charts.funnel(title.say(lang), bars, scale),
        terms=terms,
    )


SECTION = Section(
    id="funnel",
    title=Text(zh="轉換漏斗", en="Funnel"),
    question=Text(zh="客人在哪一步離開？", en="At which step do people leave?"),
    part="results",
    compute=compute,
    tell=tell,
)
