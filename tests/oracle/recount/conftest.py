"""Random tables of a client, by a seed, and their rows bucket by bucket and group by group."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.periods import Period
from kpi_toolkit.tables.dataset import Dataset, from_frames

Row = dict[str, Any]
COLUMN = {"campaign": "campaign_name"}
DAY = {"ads_daily": "date_day", "sessions": "date_day", "orders": "ordered_at", "invoices_fees": "doc_date",
       "content": "published_on"}  # fmt: skip


class World:
    """Random tables of one client."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.tables: dict[str, list[Row]] = {
            "ads_daily": [self.ad() for _ in range(400)], "sessions": [self.session() for _ in range(150)],
            "orders": [self.order(n) for n in range(300)], "invoices_fees": [self.fee() for _ in range(40)],
            "content": [self.post(n) for n in range(40)],
        }  # fmt: skip

    def day(self) -> date:
        return date(2026, 8, 25) + timedelta(days=self.dice.randrange(70))

    def some(self, top: int, blank: float = 0.1) -> float | None:
        return None if self.dice.random() < blank else self.dice.randrange(top) / 2

    def who(self) -> Row:
        return {"vendor": self.dice.choice(["beichen", "nanfang"]), "channel": self.dice.choice(["search", "social"])}

    def ad(self) -> Row:
        source = self.dice.choice(["google_ads", "meta_ads", "line_ads"])
        campaign = self.dice.choice(["BC_1", "BC_2", "BC_3", None])
        claims = source != "line_ads" and campaign != "BC_3"
        return self.who() | {
            "date_day": self.day(), "source": source, "campaign_name": campaign, "spend": self.some(900),
            "impressions": self.some(9000), "reach": self.some(700, 0.5),
            "device": self.dice.choice(["mobile", "desktop"]), "currency": self.dice.choice(["TWD"] * 60 + [None, "USD"]),
            "clicks": None if source == "line_ads" else self.some(300), "video_views": self.some(40, 0.8),
            "landing_page_views": self.some(200) if source == "meta_ads" else None, "followers_gained": self.some(9, 0.7),
            "invalid_clicks": self.some(5) if source == "google_ads" else None,
            "conversions": self.some(20, 0.5) if claims else self.dice.choice([0.0, None]),
            "conversions_value": self.some(9000, 0.5) if claims else None,
            "counts": "lead" if campaign == "BC_2" else "purchase",
            "attribution": "7d" if source == "meta_ads" and campaign == "BC_1" and self.dice.random() < 0.1 else None,
            "definition": f"{source}|beichen|2025-01-01|x" if campaign == "BC_1" else "",
        }  # fmt: skip

    def session(self) -> Row:
        return self.who() | {
            "date_day": self.day(), "source": "ga4", "campaign_name": self.dice.choice(["BC_1", "BC_2", "(organic)"]),
            "device": self.dice.choice(["mobile", "desktop"]), "users": self.some(90), "new_users": self.some(40),
            "sessions": self.some(400), "engaged_sessions": self.some(200), "add_to_carts": self.some(60),
            "checkouts": self.some(30), "purchases": self.some(9),
        }  # fmt: skip

    def order(self, number: int) -> Row:
        total = self.dice.choice([0.0, -50.0, *[self.dice.randrange(4000) / 2 for _ in range(12)]])
        status = self.dice.choice(["valid"] * 7 + ["pending", "cancelled", "refunded"])
        return self.who() | {
            "order_id": str(number), "source": self.dice.choice(["shopify", "shopee"]), "status": status, "total": total,
            "ordered_at": datetime.combine(self.day(), datetime.min.time()) + timedelta(minutes=number),
            "sales_channel": self.dice.choice(["web", "app"]), "refunded": self.dice.choice([None, None, 0.0, 10.0]),
            "cost": self.some(800, 0.5), "gross_items": self.some(4000), "discount": self.some(90),
            "customer_key": self.dice.choice([None, *(f"c{n}" for n in range(40))]),
            "new_customer": self.dice.choice([None] * 6 + [True, False]),
        }  # fmt: skip

    def fee(self) -> Row:
        kind = self.dice.choice(["retainer", "media_passthrough", "production", "refund"])
        return self.who() | {
            "doc_date": self.day(),
            "source": "books",
            "kind": kind,
            "amount": self.some(9000, 0) or 0.0,
        }

    def post(self, number: int) -> Row:
        return self.who() | {
            "post_id": str(number), "published_on": self.day(), "source": "youtube", "views": self.some(900),
            "watch_hours": self.some(40), "likes": self.some(90), "comments": self.some(9, 0.5), "shares": self.some(9, 0.5),
            "follows": self.dice.choice([-1.0, 0.0, 2.0]),
        }  # fmt: skip

    def cells(self) -> Callable[..., Cell]:
        return partial(Cell, Tables(self.tables))

    def day_of(self, table: str, row: Row) -> date:
        return the_day(table, row)

    def group_of(self, row: Row, by: Iterable[str]) -> tuple[str, ...]:
        return group_of(row, by)

    def dataset(self, margin: float) -> Dataset:
        return from_frames(
            {name: pd.DataFrame(rows) for name, rows in self.tables.items()}, assumptions={"gross_margin": margin}
        )


class Tables:
    """The tables of a world, and what was looked up in them once."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.firsts: dict[str, datetime | None] = {}
        self.given: dict[tuple[str, str, Period], set[str]] = {}

    def first_order(self, customer: str) -> datetime | None:
        if customer not in self.firsts:
            of_customer = [r for r in self.tables["orders"] if r["customer_key"] == customer]
            orders = [r["ordered_at"] for r in of_customer if r["status"] != "cancelled" and r["total"] >= 0]
            self.firsts[customer] = min(orders, default=None)
        return self.firsts[customer]


@dataclass
class Cell:
    """One bucket and group of a world: what a person with a pencil would look at."""

    world: Tables
    by: tuple[str, ...]
    period: Period
    part: Period
    groups: tuple[str, ...]
    grain: str | None

    def rows(self, table: str, back: int = 0) -> list[Row]:
        part = Period(self.part.end - timedelta(days=back - 1), self.part.end) if back else self.part
        return [row for row in self.world.tables[table] if the_day(table, row) in part and self.mine(row)]

    def mine(self, row: Row) -> bool:
        return group_of(row, self.by) == self.groups

    def giving(self, table: str, column: str, pick: Callable[[Row], float | None]) -> set[str]:
        """The platforms that give a column at all in the asked period, whichever group."""
        key = table, column, self.period
        if key not in self.world.given:
            rows = [row for row in self.world.tables[table] if the_day(table, row) in self.period]
            empty = (None, 0) if column == "conversions_value" else (None,)
            self.world.given[key] = {row["source"] for row in rows if pick(row) not in empty}
        return self.world.given[key]


def the_day(table: str, row: Row) -> date:
    day = row[DAY[table]]
    return day.date() if isinstance(day, datetime) else day


def group_of(row: Row, by: Iterable[str]) -> tuple[str, ...]:
    return tuple(row.get(COLUMN.get(name, name)) or "" for name in by)


@pytest.fixture(scope="session")
def worlds() -> Callable[[int], World]:
    """The world of a seed."""
    return World
