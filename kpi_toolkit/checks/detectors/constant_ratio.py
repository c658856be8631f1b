"""Ratios of two counts that hardly move from day to day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.regularity import constant_share
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import NO_FIGURES, Series, Teller, at_stake, tellers
from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics import METRICS

# Counts out of counts. What is bought at a fixed price, or sold at one, has a constant ratio to money by itself.
_RATIOS: Final = (("ctr", "clicks", "impressions"), ("cvr", "conversions", "clicks"))
_LEAST: Final = 8


@dataclass(frozen=True)
class _Look:
    """One ratio of one campaign: how likely it is, and the cells that share it."""

    series: Series
    ratio: str
    p: float
    cells: NDArray[np.bool_]


def _check(case: Case) -> Answer:
    observations, few = [], []
    for teller in tellers(case):
        looks = [look for series in teller.series for look in _looks(case, series)]
        if looks:
            observations.append(_observed(case, teller, looks))
        else:
            few.append(Few(vendor=teller.vendor, needed=NO_FIGURES))
    return Answer(observations=observations, few=few or _nobody(case, observations))


def _nobody(case: Case, observations: list[Observation]) -> list[Few]:
    return [] if observations else [Few(needed=NO_FIGURES)]


def _looks(case: Case, whole: Series) -> Iterator[_Look]:
    """Each ratio over the period; where that has too few cells, over those before, too."""
    for ratio, count, base in _RATIOS:
        if count not in whole.figures or base not in whole.figures:
            continue
        series = whole.since(case.period.start)
        if np.isfinite(series.figures[count] + series.figures[base]).sum() < _LEAST:
            series = whole
        p, cells = constant_share(series.figures[count], series.figures[base])
        if np.isfinite(series.figures[count] + series.figures[base]).sum() >= _LEAST:
            yield _Look(series, ratio, p, cells)


def _observed(case: Case, teller: Teller, looks: list[_Look]) -> Observation:
    """The strangest of all the vendor's ratios, and what the campaigns that are as strange cost."""
    worst = min(looks, key=lambda look: (look.p, look.series.campaign, look.ratio))
    p = min(1.0, worst.p * len(looks))
    strange = {look.series.campaign: look for look in looks if look.p * len(looks) <= max(p, 1e-4) and look.cells.any()}
    days = {name: [day for day, kept in zip(look.series.starts, look.cells, strict=True) if kept and day in case.period] for name, look in strange.items()}  # fmt: skip
    told = sum(look.series.spend(look.cells) for look in strange.values())
    amount, currency = at_stake(case, teller, days, told)
    count = next(count for ratio, count, _ in _RATIOS if ratio == worst.ratio)
    base = next(base for ratio, _, base in _RATIOS if ratio == worst.ratio)
    counts, bases = (worst.series.figures[name][worst.cells] for name in (count, base))
    return Observation(
        vendor=teller.vendor,
        p=p,
        amount=amount,
        currency=currency,
        values=teller.named(case)
        | {
            **worst.series.named(worst.cells),
            "metric": METRICS[worst.ratio].short,
            "cells": int(worst.cells.sum()),
            "rate": f"{counts.sum() / bases.sum():.2%}" if len(bases) and bases.sum() > 0 else "—",
            "expected": f"{(1 / np.sqrt(np.mean(counts))):.0%}" if len(counts) and np.mean(counts) > 0 else "—",
        },
        evidence=worst.series.rows(worst.cells),
    )


def _sample(*, ratio: float | None, days: int = 31) -> Case:
    """The platform's export by day, and a report of another campaign: clicks at `ratio` of the impressions, or as chance has them."""
    rng = np.random.default_rng(7)
    shown = rng.gamma(20, 500, days).round()
    chance = rng.poisson(shown * 0.02).astype(float)
    clicks = chance if ratio is None else (shown * ratio).round()
    ads = [
        {"source": "meta_ads", "campaign_name": "BC_再行銷", "date_day": day, "impressions": float(one), "clicks": float(clicked), "spend": clicked * 8.0}
        for day, one, clicked in zip(OCTOBER.each_day(), shown, chance, strict=False)
    ]  # fmt: skip
    claims = [
        {"platform": "meta_ads", "campaign_name": "BC_品牌", "grain": "day", "date_day": day, "period_start": day, "period_end": day, "metric": metric, "value": float(value)}
        for day, one, clicked in zip(OCTOBER.each_day(), shown, clicks, strict=False)
        # A fixed price for a click: the ratio of money to clicks is constant, and that is in order.
        for metric, value in (("impressions", one), ("clicks", clicked), ("spend", clicked * 8))
    ]  # fmt: skip
    return case_of({"ads_daily": ads, "vendor_claims": claims})


def _fires() -> Case:
    return _sample(ratio=0.0213)


def _quiet() -> Case:
    return _sample(ratio=None)


def _few() -> Case:
    return _sample(ratio=0.0213, days=4)


DETECTOR = Detector(
    id="constant_ratio",
    title=Text(zh="比率每天幾乎一模一樣", en="A ratio that hardly moves from day to day"),
    system="S28",
    needs=("ads_daily",),
    least=Text(zh="8 天（或 8 週）的曝光與點擊，或點擊與轉換", en="8 days (or weeks) of impressions and clicks, or of clicks and conversions"),
    reference="P. McCullagh and J. Nelder, Generalized Linear Models, 2nd ed., 1989, 4.5: the variance of a share",
    says=Text(
        zh="{name}的{origin}（{platform}）裡，{campaign}從 {first} 到 {last} 有 {cells} 筆逐日（或逐週）的{metric}都在 {rate} 上下，幾乎不動。就算什麼都沒變，光是運氣每筆也會差 {expected} 左右。",
        en="In {origin} ({platform}) of {name}, the {metric} of {campaign} is {rate} in {cells} daily (or weekly) figures from {first} to {last}, hardly moving. "
        "Chance alone would move each by about {expected}.",
    ),
    innocent=Text(
        zh="可能是報告用平均比率回推每日數字、把整週的數字平均分給每一天，或平台用模型估算。",
        en="The report may spread a week's figure over its days or work back from an average ratio, or the platform may have modelled the figures.",
    ),
    question=Text(
        zh="您好，{campaign}從 {first} 到 {last} 的{metric}幾乎都在 {rate} 上下，想請教這些數字是怎麼算出來的？方便給我們 {platform} 後台同一段期間的逐日匯出檔嗎？",
        en="From {first} to {last}, the {metric} of {campaign} hardly moves from {rate}. How was it worked out? Could you send us the daily export of "
        "{platform} for the same days?",
    ),
    action=Text(
        zh="自己登入 {platform} 後台，匯出 {first} 到 {last} 的逐日數字，和下面的數字比對。",
        en="Sign in to {platform} yourself, export {first} to {last} by day, and compare with the figures below.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
