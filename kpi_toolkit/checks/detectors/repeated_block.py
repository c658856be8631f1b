"""Days whose figures come back, digit for digit: in the same campaign later on, or in another one on the same days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.regularity import Floats, repeated
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import COUNTS, NO_FIGURES, Series, Teller, at_stake, tellers
from kpi_toolkit.i18n import Text, same

_LEAST: Final = 4
_ELSEWHERE = Text(
    zh="和另一個廣告活動「{campaign}」同一天的數字完全相同",
    en="are the same as those of another campaign, {campaign}, on the same days",
)
_LATER = Text(zh="和同一個廣告活動更早的日子完全相同", en="are the same as on earlier days of the same campaign")


@dataclass(frozen=True)
class _Look:
    """How likely it is that cells of a series come back, and which do; `other` is the campaign that has them as well."""

    series: Series
    p: float
    cells: NDArray[np.bool_]
    other: str = ""


def _check(case: Case) -> Answer:
    observations, few = [], []
    for teller in tellers(case):
        looks = [*_within(case, teller), *_across(case, teller)]
        if looks:
            observations.append(_observed(case, teller, looks))
        else:
            few.append(Few(vendor=teller.vendor, needed=NO_FIGURES))
    return Answer(observations=observations, few=few if few or observations else [Few(needed=NO_FIGURES)])


def _within(case: Case, teller: Teller) -> Iterator[_Look]:
    for series in teller.series:
        since = sum(day < case.period.start for day in series.starts)
        figures = _counts(series)
        if figures and len(series.starts) >= _LEAST:
            yield _Look(series, *repeated(figures, figures, None, since=since))


def _across(case: Case, teller: Teller) -> Iterator[_Look]:
    """Pairs of campaigns on the days that both have. A figure of the whole account repeats that of its only campaign."""
    named = [series.since(case.period.start) for series in teller.series if series.campaign]
    for one, other in combinations([series for series in named if _counts(series)], 2):
        days = {*one.starts} & {*other.starts}
        if len(days) >= _LEAST:
            left, right = (
                series.of(np.array([day in days for day in series.starts], dtype=bool)) for series in (one, other)
            )
            yield _Look(right, *repeated(_counts(left), _counts(right), [0]), other=one.campaign)


def _counts(series: Series) -> Mapping[str, Floats]:
    """The figures that may tell; two at least, since one alone comes back easily."""
    found = {name: values for name, values in series.figures.items() if name in COUNTS and np.isfinite(values).any()}
    return found if len(found) >= 2 else {}


def _observed(case: Case, teller: Teller, looks: list[_Look]) -> Observation:
    """The least likely repetition; at stake is what the days in doubt cost."""
    worst = min(looks, key=lambda look: (look.p, look.series.campaign, look.other))
    p = min(1.0, worst.p * len(looks))
    strange = [look for look in looks if look.p * len(looks) <= max(p, 1e-4) and look.cells.any()]
    days: dict[str, list[date]] = {}
    for look in strange:
        days.setdefault(look.series.campaign, []).extend(_in_doubt(case, look))
    amount, currency = at_stake(case, teller, days, sum(look.series.spend(look.cells) for look in strange))
    found = _days(worst)
    return Observation(
        vendor=teller.vendor,
        p=p,
        amount=amount,
        currency=currency,
        values=teller.named(case)
        | {
            **worst.series.named(worst.cells),
            "cells": len(found),
            "where": _ELSEWHERE.fill(campaign=same(worst.other)) if worst.other else _LATER,
        },
        evidence=worst.series.rows(worst.cells),
    )


def _in_doubt(case: Case, look: _Look) -> list[date]:
    """The days that come back; where they are a third of the campaign's period, there is no relying on any of it."""
    own = [day for day in look.series.starts if day in case.period]
    return own if len(_days(look)) * 3 >= len(own) else _days(look)


def _days(look: _Look) -> list[date]:
    return [day for day, kept in zip(look.series.starts, look.cells, strict=True) if kept]


def _sample(*, copied: int, days: int = 31) -> Case:
    """A campaign of chance's figures whose days 15 on repeat the first `copied` ones; a small one whose figures come back anyway."""
    rng = np.random.default_rng(3)
    shown, clicks = rng.gamma(9, 1000, days).round(), rng.poisson(250, days).astype(float)
    if copied:
        shown[14 : 14 + copied], clicks[14 : 14 + copied] = shown[:copied], clicks[:copied]
    rows = [
        {"source": "meta_ads", "campaign_name": name, "date_day": day, "impressions": float(one), "clicks": float(clicked), "spend": clicked * 8.0}
        for name, many, few in (("BC_品牌", shown, clicks), ("BC_小", rng.poisson(3, days), rng.poisson(0.3, days)))
        for day, one, clicked in zip(OCTOBER.each_day(), many, few, strict=False)
    ]  # fmt: skip
    return case_of({"ads_daily": rows})


def _fires() -> Case:
    return _sample(copied=7)


def _quiet() -> Case:
    return _sample(copied=0)


def _few() -> Case:
    return _sample(copied=0, days=3)


DETECTOR = Detector(
    id="repeated_block",
    title=Text(zh="一段數字原封不動又出現一次", en="A block of figures that comes back unchanged"),
    system="S28",
    needs=("ads_daily",),
    least=Text(zh="4 天以上、同時有曝光與點擊（或轉換）的逐日數字", en="4 days or more of impressions and clicks (or conversions) by day"),
    reference="U. Simonsohn, Just Post It: The Lesson From Two Cases of Fabricated Data, Psychological Science 24, 2013",
    says=Text(
        zh="{name}的{origin}（{platform}）裡，{campaign}在 {first} 到 {last} 之間有 {cells} 筆曝光、點擊、轉換，{where}，一個數字都不差。",
        en="In {origin} ({platform}) of {name}, {cells} {cells:row|rows} of impressions, clicks and conversions of {campaign} between {first} and {last} {where}, "
        "digit for digit.",
    ),
    innocent=Text(
        zh="可能是整理表格時貼錯、同一個廣告活動改名後匯出兩次，或缺的日子先用舊數字填著。",
        en="A table may have been pasted twice by mistake, a renamed campaign exported under both names, or missing days filled with earlier ones for the time being.",
    ),
    question=Text(
        zh="您好，想請您核對{campaign}從 {first} 到 {last} 的數字：其中 {cells} 筆{where}。方便給我們 {platform} 的逐日匯出檔嗎？",
        en="Could you check the figures of {campaign} from {first} to {last}? {cells} {cells:row|rows} of impressions, clicks and conversions {where}. Could you send us the daily "
        "export of {platform}?",
    ),
    action=Text(
        zh="自己登入 {platform} 後台，查 {first} 到 {last} 這 {cells} 筆的原始數字。",
        en="Sign in to {platform} yourself and look up the figures of {first} to {last} there ({cells} {cells:row|rows}).",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
