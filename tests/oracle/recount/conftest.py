"""Random tables of a client, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.tables.dataset import Dataset, from_frames

Row = dict[str, Any]


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

    def dataset(self, margin: float) -> Dataset:
        return from_frames(
            {name: pd.DataFrame(rows) for name, rows in self.tables.items()}, assumptions={"gross_margin": margin}
        )


@pytest.fixture(scope="session")
def worlds() -> Callable[[int], World]:
    """The world of a seed."""
    return World
