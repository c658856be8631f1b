"""What platforms and GA4 claim of the shop's real orders: some are lost in tracking, some are claimed twice."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np

from .advertising import AdDay
from .orders import Order

TRACKING_LOSS = (0.15, 0.25)  # browsers' privacy, ad blockers, in-app browsers


def drive(days: Sequence[AdDay], rng: np.random.Generator, lift: dict[date, float]) -> dict[tuple[str, date], int]:
    """How many orders each unit's clicks of a day really bring; ``lift`` is that day's readiness to buy."""
    return {(row.unit.id, row.day): int(rng.poisson(row.clicks * row.unit.cvr * lift[row.day])) for row in days}


def claim(days: Sequence[AdDay], brought: dict[tuple[str, date], list[Order]], rng: np.random.Generator) -> None:
    """Fill each day's conversions and value from real orders.

    A platform sees its own orders less the tracking loss, at their value when placed (unpaid, cancelled and refunded
    ones too), plus an echo: orders that others brought from people who had also seen or clicked its ads.
    """
    by_day: dict[date, list[Order]] = defaultdict(list)
    for orders in brought.values():
        for order in orders:
            by_day[order.at.date()].append(order)
    for row in days:
        own = brought.get((row.unit.id, row.day), [])
        others = [order for order in by_day[row.day] if order.driver != row.unit.id]
        claimed = _seen(own, 1 - rng.uniform(*TRACKING_LOSS), rng) + _seen(others, row.unit.echo, rng)
        _book(row, claimed, rng)


def _seen(orders: Sequence[Order], odds: float, rng: np.random.Generator) -> list[Order]:
    return [order for order in orders if rng.random() < odds]


def _book(row: AdDay, claimed: Sequence[Order], rng: np.random.Generator) -> None:
    count, value = len(claimed), sum(order.money.total for order in claimed)
    # Google's data-driven model gives away a part of some orders; the others count whole ones.
    shared = int(rng.integers(0, 30)) / 100 if row.unit.platform == "google" and count and rng.random() < 0.5 else 0.0
    row.conversions = round(count - shared, 2)
    row.value = round(value * row.conversions / count, 2 if row.unit.platform == "google" else 0) if count else 0.0
    row.checkouts = count + int(rng.poisson(count * 0.8 + row.clicks * 0.004))
    row.carts = row.checkouts + int(rng.poisson(count * 1.4 + row.clicks * 0.018))
