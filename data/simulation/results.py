"""Results that have no order behind them in the files: forms, conversations, friends."""

from collections.abc import Sequence

import numpy as np

from .advertising import AdDay


def count(days: Sequence[AdDay], rng: np.random.Generator) -> None:
    """Fill conversions from clicks; good and bad weeks make them vary more than pure chance would."""
    mood: dict[tuple[str, int], float] = {}
    for row in days:
        week = (row.unit.id, row.day.toordinal() // 7)
        if week not in mood:
            mood[week] = float(rng.gamma(30, 1 / 30))
        row.conversions = float(min(row.clicks, rng.poisson(row.clicks * row.unit.cvr * mood[week])))


def share_credit(days: Sequence[AdDay], rng: np.random.Generator) -> None:
    """Google's data-driven model: some leads are split, so that counts have decimals."""
    for row in days:
        if row.conversions and rng.random() < 0.35:
            row.conversions = round(row.conversions - int(rng.choice([25, 33, 50])) / 100, 2)


def restate(days: Sequence[AdDay], rng: np.random.Generator) -> list[AdDay]:
    """The same days as the platform shows them weeks later: invalid clicks credited, late leads added."""
    later = []
    for row in days:
        bad = int(rng.binomial(row.clicks, 0.03))
        kept = row.clicks - bad
        spend = round(row.spend * kept / row.clicks, 2) if row.clicks else 0.0
        late = float(rng.random() < 0.05 and row.conversions + 1 <= kept)
        changed = {**vars(row), "clicks": kept, "spend": spend, "conversions": round(row.conversions + late, 2)}
        later.append(AdDay(**changed))
    return later
