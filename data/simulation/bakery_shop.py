"""Fourteen months in the bakery's web shop: advertising and habit bring orders; platforms and GA4 see a part of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import numpy as np

from .advertising import AdDay, deliver
from .bakery_ads import CLIENT, GOOGLE, LINE, META, RHYTHM, UNITS
from .bakery_goods import SHOPEE_GOODS, basket
from .claims import claim, drive
from .exports.ga4 import Visits
from .exports.shopee import Sale
from .orders import EXPORTED, HOURS, Order, place
from .people import Crowd
from .seasons import FIRST, LAST, span
from .streams import around, stream

# Orders a plain day without an advertisement: source / medium, orders, sessions, chance that the buyer is new.
HABIT = {
    "(direct) / (none)": (4.7, 190, 0.25),
    "google / organic": (5.0, 240, 0.50),
    "line / oa": (3.0, 75, 0.10),
    "edm / email": (1.5, 40, 0.05),
    "instagram.com / referral": (0.9, 65, 0.55),
    "kol": (0.5, 20, 0.70),
}
PAID = {"google": "google / cpc", "meta": "facebook / paid_social", "line": "line / lap"}
LANDED = {"google": 0.88, "meta": 0.74, "line": 0.80}  # clicks that become a session
T = TypeVar("T")
STALE_BY = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 4)  # days from the click to the order


@dataclass(frozen=True)
class Year:
    """All that happened, for the exports to be written from."""

    google: list[AdDay]
    meta: list[AdDay]
    line: list[AdDay]
    orders: list[Order]
    visits: list[Visits]
    shopee: list[Sale]


def simulate() -> Year:
    """The same year every time."""
    google = deliver(GOOGLE, RHYTHM, stream(CLIENT, "google"))
    meta = deliver(META, RHYTHM, stream(CLIENT, "meta"), cents=False)
    line = deliver(LINE, RHYTHM, stream(CLIENT, "line"), cents=False)
    paid = [*google, *meta, *line]
    orders, brought = _orders(paid)
    for rows, name in ((google, "google"), (meta, "meta"), (line, "line")):
        claim(rows, brought, stream(CLIENT, f"claims {name}"))
    return Year(google, meta, line, orders, _visits(paid, orders), _shopee())


def _orders(paid: list[AdDay]) -> tuple[list[Order], dict[tuple[str, date], list[Order]]]:
    rng = stream(CLIENT, "orders")
    lift = {day: max(RHYTHM(day), 0.02) ** 0.55 if RHYTHM(day) else 0.0 for day in span(FIRST, LAST)}
    due = _due(drive(paid, stream(CLIENT, "drive"), lift), rng)
    crowd, people = Crowd(stream(CLIENT, "people"), before=2200), stream(CLIENT, "who")
    orders: list[Order] = []
    brought: dict[tuple[str, date], list[Order]] = defaultdict(list)
    for day in span(FIRST, LAST):
        causes = due[day] + _habits(day, rng)
        if not causes:
            continue
        buyers = crowd.on(day, FIRST, [_newness(driver, day) for driver, _ in causes])
        for (driver, clicked), person in zip(causes, buyers, strict=True):
            order = place(day, driver, person, len(orders), people)
            orders.append(order)
            brought[driver, clicked].append(order)
    return sorted(orders, key=lambda order: order.at), brought


def _due(driven: dict[tuple[str, date], int], rng: np.random.Generator) -> dict[date, list[tuple[str, date]]]:
    """Orders by the day they are placed, each with its unit and the day of the click."""
    due: dict[date, list[tuple[str, date]]] = defaultdict(list)
    for (unit, clicked), count in driven.items():
        for wait in rng.choice(STALE_BY, size=count):
            day = clicked + timedelta(int(wait))
            if RHYTHM(day):  # a closed shop takes no order
                due[day].append((unit, clicked))
    return due


def _habits(day: date, rng: np.random.Generator) -> list[tuple[str, date]]:
    demand = RHYTHM(day)
    return [(name, day) for name, (rate, _, _) in HABIT.items() for _ in range(int(rng.poisson(rate * demand)))]


def _newness(driver: str, day: date) -> float:
    chance = UNITS[driver].newcomers if driver in UNITS else HABIT[driver][2]
    gifts = min(0.15, 0.12 * max(0.0, RHYTHM(day) - 1.2))  # gift seasons bring people who don't know the shop
    return min(0.95, chance + gifts)


def _visits(paid: list[AdDay], orders: list[Order]) -> list[Visits]:
    """GA4 by day and source / medium: last click, with the orders it failed to see left out."""
    rng = stream(CLIENT, "ga4")
    clicks: dict[tuple[date, str], float] = defaultdict(float)
    for row in paid:
        clicks[row.day, PAID[row.unit.platform]] += row.clicks * LANDED[row.unit.platform]
    seen: dict[tuple[date, str], list[Order]] = defaultdict(list)
    for order in orders:
        if rng.random() < 0.80:
            seen[order.at.date(), _last_click(order, rng)].append(order)
    return [_day(day, name, base, seen[day, name], rng) for day, name, base in _traffic(clicks)]


def _traffic(clicks: dict[tuple[date, str], float]) -> Iterable[tuple[date, str, float]]:
    for day in span(FIRST, LAST):
        for name in PAID.values():
            if clicks[day, name]:
                yield day, name, clicks[day, name]
        for name, (_, sessions, _) in HABIT.items():
            yield day, _label(name), sessions * max(0.15, RHYTHM(day)) ** 0.8


def _label(driver: str) -> str:
    if driver in UNITS:
        return PAID[UNITS[driver].platform]
    return "breadmom.example.com / referral" if driver == "kol" else driver


def _last_click(order: Order, rng: np.random.Generator) -> str:
    """Some who came by an advertisement come back by typing the name before they buy."""
    if order.driver in UNITS and rng.random() < 0.22:
        return ("(direct) / (none)", "google / cpc", "google / organic")[int(rng.integers(3))]
    return _label(order.driver)


def _day(day: date, name: str, base: float, orders: list[Order], rng: np.random.Generator) -> Visits:
    sessions = max(int(around(rng, base, 0.08)), 2 * len(orders))
    engaged = int(sessions * (0.42 if "paid" in name or "lap" in name else 0.61) * (0.95 + 0.1 * rng.random()))
    checkouts = len(orders) + int(rng.poisson(0.7 * len(orders) + sessions * 0.003))
    users = int(sessions * 0.86)
    return Visits(
        day, name, sessions, max(engaged, len(orders)), users, int(users * (0.35 if name == "line / oa" else 0.62)),
        checkouts + int(rng.poisson(sessions * 0.035)), checkouts, len(orders), sum(o.money.total for o in orders),
    )  # fmt: skip


def _shopee() -> list[Sale]:
    """The marketplace shop, opened in March 2026."""
    rng = stream(CLIENT, "shopee")
    crowd = Crowd(stream(CLIENT, "shopee people"), before=40)
    sales: list[Sale] = []
    for day in span(date(2026, 3, 2), LAST):
        count = int(rng.poisson(2.6 * RHYTHM(day) ** 0.6))
        for person in crowd.on(day, FIRST, [0.8] * count):
            at = datetime(
                day.year, day.month, day.day, int(rng.choice(24, p=HOURS / HOURS.sum())), int(rng.integers(60))
            )
            sales.append(_sale(len(sales), at, person.serial, rng))
    return sorted(sales, key=lambda sale: sale.at)


def _sale(serial: int, at: datetime, buyer: int, rng: np.random.Generator) -> Sale:
    waiting = EXPORTED - at < timedelta(days=4)
    return Sale(
        number=f"{at:%y%m%d}WF{serial:06d}",
        at=at,
        status="待出貨" if waiting else "不成立" if rng.random() < 0.06 else "完成",
        buyer=f"buyer_{buyer:05d}",
        name=f"蝦皮買家{buyer:05d}",
        phone=f"0900{700000 + buyer:06d}",
        shipping=0 if rng.random() < 0.3 else 60,
        lines=basket(SHOPEE_GOODS, at.date(), rng),
    )


def ordered(rows: Iterable[Order], first: date, last: date) -> list[Order]:
    """The orders an export of this range holds."""
    return _dated(rows, first, last, lambda order: order.at.date())


def visited(rows: Iterable[Visits], first: date, last: date) -> list[Visits]:
    """The GA4 days an export of this range holds."""
    return _dated(rows, first, last, lambda visit: visit.day)


def sold(rows: Iterable[Sale], first: date, last: date) -> list[Sale]:
    """The marketplace orders an export of this range holds."""
    return _dated(rows, first, last, lambda sale: sale.at.date())


def _dated(rows: Iterable[T], first: date, last: date, day: Callable[[T], date]) -> list[T]:
    return [row for row in rows if first <= day(row) <= last]
