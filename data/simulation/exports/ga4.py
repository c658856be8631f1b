"""GA4: a free-form exploration by day and source / medium, and the standard report without a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .delimited import Cell, Row, utf8

RULE = "# ----------------------------------------"


@dataclass
class Visits:
    """One day of one source / medium."""

    day: date
    source: str
    sessions: int
    engaged: int
    users: int
    new_users: int
    carts: int = 0
    checkouts: int = 0
    purchases: int = 0
    revenue: int = 0
    key_events: int = 0


SHOP = ("sessions", "engaged", "users", "new_users", "carts", "checkouts", "purchases", "revenue")
LEADS = ("sessions", "engaged", "users", "new_users", "key_events")
EN = {
    "day": "Date",
    "source": "Session source / medium",
    "sessions": "Sessions",
    "engaged": "Engaged sessions",
    "users": "Total users",
    "new_users": "New users",
    "carts": "Add to carts",
    "checkouts": "Checkouts",
    "purchases": "Ecommerce purchases",
    "revenue": "Purchase revenue",
    "key_events": "Key events",
}
ZH = {
    "day": "日期",
    "source": "工作階段來源/媒介",
    "sessions": "工作階段",
    "engaged": "互動工作階段",
    "users": "使用者",
    "new_users": "新使用者",
    "carts": "加入購物車",
    "checkouts": "結帳",
    "purchases": "電子商務購買",
    "revenue": "購買收益",
    "key_events": "關鍵事件",
}


def exploration(rows: Iterable[Visits], first: date, last: date, metrics: Sequence[str], *, zh: bool = False) -> bytes:
    """By date and source / medium; the grand total is the first row and names itself in a cell beyond the header."""
    visits, words = list(rows), ZH if zh else EN
    title, total_word = ("自由形式 1", "總計") if zh else ("Free form 1", "Grand total")
    head: list[Row] = [[RULE], [f"# {title}"], [RULE], ["#"], [f"# {first:%Y%m%d}-{last:%Y%m%d}"]]
    header: Row = [words["day"], words["source"], *(words[name] for name in metrics)]
    total: Row = ["", "", *(sum(getattr(v, name) for v in visits) for name in metrics), total_word]
    body: list[Row] = [[f"{v.day:%Y%m%d}", v.source, *(getattr(v, n) for n in metrics)] for v in visits]
    return utf8([*head, header, total, *body])


@dataclass(frozen=True)
class Channel:
    """One row of the standard traffic-acquisition report."""

    name: str
    sessions: int
    engaged: int
    events: int
    key_events: int
    revenue: int = 0


def acquisition(channels: Iterable[Channel], first: date, last: date, account: str, site: str) -> bytes:
    """The standard report: one row a channel for the whole period, no day."""
    head: list[Row] = [
        [RULE],
        ["# Report CSV Export"],
        [f"# Account: {account}"],
        [f"# Property: {site} - GA4"],
        [RULE],
        ["# "],
        ["# All Users"],
        [f"# Start date: {first:%Y%m%d}"],
        [f"# End date: {last:%Y%m%d}"],
        [
            "Session primary channel group (Default Channel Group)",
            *("Sessions", "Engaged sessions", "Engagement rate", "Event count", "Key events", "Total revenue"),
        ],
    ]
    return utf8([*head, *(_channel(row) for row in channels)])


def _channel(row: Channel) -> list[Cell]:
    rate = f"{row.engaged / row.sessions:.4f}".rstrip("0").rstrip(".") if row.sessions else "0"
    return [row.name, row.sessions, row.engaged, rate, row.events, row.key_events, row.revenue]
