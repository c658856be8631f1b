"""Clicks or conversions that vary less from day to day than chance alone would have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from kpi_toolkit.analysis.regularity import chance_of_so_even, evenness
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import NO_FIGURES, Series, Teller, at_stake, tellers
from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics import METRICS

# Impressions vary far more than chance anyway, and a budget may hold spend as even as it likes.
_METRICS: Final = ("clicks", "conversions")


@dataclass(frozen=True)
class _Look:
    """One figure of one campaign: Pearson's statistic, its degrees of freedom, and how likely it is."""

    series: Series
    metric: str
    pearson: float
    freedom: int

    @property
    def p(self) -> float:
        return chance_of_so_even(self.pearson, self.freedom)


def _check(case: Case) -> Answer:
    observations, few = [], []
    for teller in tellers(case):
        looks = [look for series in teller.series for look in _looks(case, series)]
        if looks:
            observations.append(_observed(case, teller, looks))
        else:
            few.append(Few(vendor=teller.vendor, needed=NO_FIGURES))
    return Answer(observations=observations, few=few if few or observations else [Few(needed=NO_FIGURES)])


def _looks(case: Case, whole: Series) -> Iterator[_Look]:
    """Each figure over the period; where that has too few cells, over those before, too."""
    for metric in _METRICS:
        for series in (whole.since(case.period.start), whole):
            if metric not in series.figures:
                continue
            pearson, freedom = evenness(series.figures[metric], series.weekdays, series.lengths)
            if freedom:
                yield _Look(series, metric, pearson, freedom)
                break


def _observed(case: Case, teller: Teller, looks: list[_Look]) -> Observation:
    """The strangest of the vendor's figures, or all of them together, and what the campaigns that are as strange cost."""
    worst = min(looks, key=lambda look: (look.p, look.series.campaign, look.metric))
    together = chance_of_so_even(sum(look.pearson for look in looks), sum(look.freedom for look in looks))
    p = min(1.0, 2 * min(worst.p * len(looks), together))
    strange = {look.series.campaign: look.series for look in looks if look.p <= max(worst.p, 0.01)}
    days = {name: [day for day in series.starts if day in case.period] for name, series in strange.items()}
    told = sum(series.spend(np.array([day in case.period for day in series.starts], dtype=bool)) for series in strange.values())  # fmt: skip
    amount, currency = at_stake(case, teller, days, told)
    counts = worst.series.figures[worst.metric]
    expected = float(np.sqrt(np.nanmean(counts)))
    places = 0 if expected >= 10 else 1
    return Observation(
        vendor=teller.vendor,
        p=p,
        amount=amount,
        currency=currency,
        values=teller.named(case)
        | {
            **worst.series.named(np.isfinite(counts)),
            "metric": METRICS[worst.metric].short,
            "cells": int(np.isfinite(counts).sum()),
            "mean": f"{np.nanmean(counts):,.0f}",
            "moved": f"{_scatter(worst):,.{places}f}",
            "expected": f"{expected:,.{places}f}",
        },
        evidence=worst.series.rows(np.isfinite(counts)),
    )


def _scatter(look: _Look) -> float:
    """The standard deviation around the weekdays' levels."""
    counts, places = look.series.figures[look.metric], look.series.weekdays
    levels = {place: np.nanmean(counts[places == place]) for place in np.unique(places[np.isfinite(counts)])}
    far = [(count - levels[place]) ** 2 for count, place in zip(counts, places, strict=True) if np.isfinite(count)]
    return float(np.sqrt(sum(far) / max(look.freedom, 1)))


def _sample(*, spread: float | None, days: int = 31) -> Case:
    """Clicks by day around 300: within `spread` of that, or as chance has them, with a budget that holds spend at 2,400."""
    rng = np.random.default_rng(5)
    clicks = rng.poisson(rng.gamma(60, 5, days)) if spread is None else (300 * (1 + rng.uniform(-spread, spread, days))).round()  # fmt: skip
    rows = [
        {"source": "google_ads", "campaign_name": "BC_品牌", "date_day": day, "clicks": float(one), "impressions": float(shown), "spend": 2400.0}
        for day, one, shown in zip(OCTOBER.each_day(), clicks, rng.gamma(20, 700, days).round(), strict=False)
    ]  # fmt: skip
    return case_of({"ads_daily": rows})


def _fires() -> Case:
    return _sample(spread=0.015)


def _quiet() -> Case:
    return _sample(spread=None)


def _few() -> Case:
    return _sample(spread=0.015, days=5)


DETECTOR = Detector(
    id="too_even",
    title=Text(zh="每天的數字太平均", en="Figures that vary less than chance"),
    system="S28",
    needs=("ads_daily",),
    least=Text(zh="兩週以上逐日的點擊或轉換，平均每天 3 次以上", en="two weeks or more of daily clicks or conversions, 3 a day on average"),
    reference="P. McCullagh and J. Nelder, Generalized Linear Models, 2nd ed., 1989, 6.2.3: dispersion of counts",
    says=Text(
        zh="{name}的{origin}（{platform}）裡，{campaign}從 {first} 到 {last} 的{metric}有 {cells} 筆，平均 {mean}，扣掉星期幾的起伏，每筆只差 {moved} 左右；光是運氣就該差 {expected} 左右。",
        en="In {origin} ({platform}) of {name}, {campaign} has {cells} figures of {metric} from {first} to {last}, {mean} on average: beyond the rhythm of the "
        "week they differ by about {moved}, where chance alone would make that about {expected}.",
    ),
    innocent=Text(
        zh="可能是把整週或整月的數字平均分給每一天、平台用模型補的數字，或報告做過平滑處理。預算上限只會讓花費平均，不會讓次數這麼平均。",
        en="A week's or a month's figure may have been spread over its days, the platform may have modelled it, or the report may be smoothed. A "
        "budget's limit evens out spend, hardly ever counts like this.",
    ),
    question=Text(
        zh="您好，{campaign}從 {first} 到 {last} 的{metric}每天都很接近（平均 {mean}）。想請教這些數字是直接從 {platform} 匯出，還是另外換算的？方便給我們原始的逐日匯出檔嗎？",
        en="From {first} to {last}, the {metric} of {campaign} are much the same every day ({mean} on average). Are they exported from {platform} as they are, or worked "
        "out otherwise? Could you send us the daily export itself?",
    ),
    action=Text(
        zh="自己登入 {platform} 後台，匯出 {first} 到 {last} 的逐日數字，比對{metric}。",
        en="Sign in to {platform} yourself, export {first} to {last} by day, and compare the {metric}.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
