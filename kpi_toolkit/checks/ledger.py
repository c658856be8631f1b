"""The shop's own books: how many orders were placed, kept and paid for, day by day, and what has become of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from typing import Final, Literal

from kpi_toolkit.checks.case import Case, Row, once
from kpi_toolkit.periods import Period
from kpi_toolkit.tables.orders import REFUNDED
from kpi_toolkit.tables.quoting import literal

# A claim may be booked on the day of the click, and the order days later; accounts are kept in other time zones.
_SHIFTS: Final = range(-1, 8)
# So many orders that should have come in days without any: then days are missing from the books.
_MISSING: Final = 12.0
# A transfer or a bill is paid within the month, or never.
UNPAID_DAYS: Final = 30
_DAY: Final = timedelta(days=1)
_DAYS: Final = (
    "SELECT ordered_at::DATE AS day, count(*) AS placed, count(*) FILTER (WHERE status NOT IN ('cancelled', 'refunded')) AS kept, "
    "coalesce(sum(total), 0) AS placed_amount, coalesce(sum(total) FILTER (WHERE status <> 'cancelled'), 0) AS kept_amount, "
    f"coalesce(sum(total - ({REFUNDED})) FILTER (WHERE status <> 'cancelled'), 0) AS net_amount "
    "FROM {rows} WHERE total >= 0 AND coalesce(nullif(currency, ''), ?) = ? GROUP BY 1 ORDER BY 1"
)
_LEADS: Final = "SELECT received_at::DATE AS day, count(*) AS placed, count(*) FILTER (WHERE is_test IS NOT TRUE) AS kept FROM {rows} WHERE vendor IN (?, '') GROUP BY 1 ORDER BY 1"
# An earlier order that was cancelled makes nobody a customer.
_NEWCOMERS: Final = (
    "WITH known AS (SELECT *, min(ordered_at) FILTER (WHERE status <> 'cancelled') OVER (PARTITION BY customer_key) AS first_at, "
    "coalesce(customer_key, source || ' ' || order_id) AS customer FROM {rows} WHERE total >= 0) "
    "SELECT count(DISTINCT customer) FILTER (WHERE coalesce(new_customer, customer_key IS NULL OR first_at IS NULL OR first_at::DATE >= ?)) AS new "
    "FROM known WHERE ordered_at::DATE BETWEEN ? AND ?"
)
# Orders of staff and of whoever tries the checkout out. Words, not letters within words: `LATEST10` is a coupon.
_TRIED: Final = r"(?i)(^|[^a-z])(test|testing|staff)([^a-z]|$)|測試|員工"
State = Literal["kept", "cancelled", "refunded", "unpaid", "test"]


@dataclass(frozen=True, kw_only=True)
class Takings:
    """Orders of some days: `placed` all of them, `kept` those neither cancelled nor paid back in full (awaiting payment included).

    Amounts are in the client's currency: what was placed, what was not cancelled, and that less refunds.
    """

    placed: float = 0.0
    kept: float = 0.0
    placed_amount: float = 0.0
    kept_amount: float = 0.0
    net_amount: float = 0.0

    def __add__(self, other: Takings) -> Takings:
        return Takings(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})

    @property
    def average(self) -> float:
        """What an order that was not cancelled or paid back came to; 0 without any."""
        return self.net_amount / self.kept if self.kept else 0.0


@dataclass(frozen=True)
class Ledger:
    """The takings of each day that has any."""

    days: Mapping[date, Takings]

    def over(self, period: Period) -> Takings:
        """The takings of all days of the period."""
        return sum((self.days[day] for day in period.each_day() if day in self.days), Takings())

    def most(self, period: Period) -> Takings:
        """The most of each that so many days in a row hold, from a day before the period to a week after it."""
        spans = [Period(period.start + _DAY * shift, period.end + _DAY * shift) for shift in _SHIFTS]
        found = [self.over(one) for one in spans]
        return Takings(**{name: max(getattr(one, name) for one in found) for name in Takings.__dataclass_fields__})

    def complete(self, period: Period) -> bool:
        """Whether no run of days without orders within the period is longer than chance makes it."""
        known = [day for day in period.each_day() if day in self.days]
        if not known:
            return False
        edges = [period.start - _DAY, *known, period.end + _DAY]
        longest = max((later - earlier).days - 1 for earlier, later in pairwise(edges))
        return longest * self.over(period).placed / period.days <= _MISSING

    def begins(self) -> date | None:
        """The first day in the books."""
        return min(self.days, default=None)


@once
def ledger(case: Case) -> Ledger:
    """The shop's orders in the client's own currency; refunds booked as rows of their own are no orders."""
    rows = case.asked(_DAYS, "orders", case.client.currency, case.client.currency)
    return Ledger(
        {row["day"]: Takings(**{name: value for name, value in row.items() if name != "day"}) for row in rows}
    )


def list_of_leads(case: Case, vendor: str) -> Ledger:
    """The leads that came in, day by day, as `placed`; those that are no test as `kept`. Those of other vendors' campaigns are
    left out, those of nobody's are not."""
    rows = case.asked(_LEADS, "leads", vendor) if case.dataset.has("leads") else []
    return Ledger({row["day"]: Takings(placed=row["placed"], kept=row["kept"]) for row in rows})


def newcomers(case: Case, period: Period) -> float:
    """The most customers that can be new in the period: whom the shop marks as new, or else who had no order before; each
    guest without a name is one. Too many rather than too few: changed phones and a short history make old customers new."""
    rows = case.asked(_NEWCOMERS, "orders", period.start, period.start, period.end)
    return float(rows[0]["new"])


def room(count: float) -> float:
    """The most that a claim may be where `count` orders were placed: a fiftieth more for what is entered by hand, and chance."""
    return count * 1.02 + 0.5 * sqrt(count) + 2


# An order's number, however it is written: #1001, 1001, tw-1001.
def number_sql(column: str = "order_id") -> str:
    """An order's number as a DuckDB expression that is the same for `#TW-1001`, `tw-1001 ` and `TW-1001`."""
    return f"upper(ltrim(trim({column}), '#＃'))"


@once
def states(case: Case) -> dict[str, Row]:
    """Each order by its number: `state`, `day`, `total`, `customer`, `returning` (whether the customer had bought before; None
    where nobody knows) and `own` (whether it is in the client's currency).

    An order that awaits payment is unpaid once it is older than UNPAID_DAYS on the ledger's last day; cash on delivery, too.
    """
    return {
        row["number"]: row for row in case.asked(_states_sql(), "orders", case.client.currency, case.client.currency)
    }


def _states_sql() -> str:
    tried = " OR ".join(f"regexp_matches(coalesce({column}, ''), {literal(_TRIED)})" for column in ("coupon", "referral", "sales_channel", "payment_method"))  # fmt: skip
    state = (
        f"CASE WHEN {tried} THEN 'test' WHEN status IN ('cancelled', 'refunded') THEN status "
        f"WHEN status = 'pending' AND ordered_at::DATE < last_day - {UNPAID_DAYS} THEN 'unpaid' ELSE 'kept' END"
    )
    # An earlier order that was cancelled makes nobody a customer.
    return (
        "WITH known AS (SELECT *, max(ordered_at::DATE) OVER () AS last_day, min(ordered_at) FILTER (WHERE status <> 'cancelled' AND total >= 0) "
        f"OVER (PARTITION BY customer_key) AS first_at FROM {{rows}} WHERE total >= 0) SELECT {number_sql()} AS number, {state} AS state, "
        "ordered_at::DATE AS day, total, customer_key AS customer, CASE WHEN new_customer IS NOT NULL THEN NOT new_customer "
        f"WHEN customer_key IS NOT NULL THEN coalesce(first_at < ordered_at, false) END AS returning, coalesce(nullif(currency, ''), ?) = ? AS own FROM known "
        "ORDER BY number, ordered_at, total"
    )


def void_share(orders: Sequence[Row], state: State) -> float:
    """The share of these orders that are in that state; 0 without any."""
    return sum(one["state"] == state for one in orders) / len(orders) if orders else 0.0
