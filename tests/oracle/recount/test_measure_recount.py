"""Every metric counted again in plain Python, row by row, over seeded random tables and several groupings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from kpi_toolkit.metrics import METRICS, measure
from kpi_toolkit.periods import Period, bucket, parse_period

Row = dict[str, Any]
Cell = Any  # the fixtures' own: one bucket and group, as a person with a pencil would look at it
Answer = float | str  # a value, or the reason why there is none

MARGIN = 0.4
PERIODS = [parse_period("2026-09"), parse_period("2026-10")]
KNOWS = {
    "ads_daily": {"vendor", "source", "campaign", "device", "channel"},
    "sessions": {"vendor", "source", "campaign", "device", "channel"},
    "orders": {"vendor", "source", "channel", "sales_channel"},
    "invoices_fees": {"vendor", "source"},
    "content": {"vendor", "source"},
}


def total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def divide(over: float | None, under: float | None, scale: float = 1.0) -> Answer:
    if over is None or under is None:
        return "no values"
    return "denominator is 0" if under == 0 else scale * over / under


# Platforms: figures of those that give both columns; claims of one kind only.

Pick = Callable[[Row], float | None]
CLAIMED = ("conversions", "conversions_value", "leads")


def pick(column: str) -> Pick:
    if column in ("leads", "lead_spend"):
        plain = "conversions" if column == "leads" else "spend"
        return lambda row: row[plain] if row["counts"] == "lead" else None
    return lambda row: row[column]


def platform(table: str, over: str, under: str | None = None, scale: float = 1.0) -> Callable[[Cell], Answer]:
    columns = [column for column in (over, under) if column]

    def answer(cell: Cell) -> Answer:
        if not cell.rows(table):
            return "no rows"
        giving = set.intersection(*(cell.giving(table, column, pick(column)) for column in columns))
        rows = [row for row in cell.rows(table) if row["source"] in giving]
        if refusal := several(rows, columns):
            return refusal
        sums = [total(pick(column)(row) for row in rows) for column in columns]
        if under is None:
            return "no values" if sums[0] is None else sums[0]
        return divide(sums[0], sums[1], scale)

    return answer


def several(rows: list[Row], columns: Sequence[str]) -> str:
    holding = [row for row in rows if any(pick(column)(row) for column in columns if column in CLAIMED)]
    watched = [row for row in rows if "video_views" in columns and row["video_views"]]
    paid = ("spend", "lead_spend", "conversions_value")
    money = [row for row in rows if any(pick(column)(row) for column in columns if column in paid)]
    for words, kinds in (
        ("platforms", {row["source"] for row in [*holding, *watched]}),
        ("result types", {row["counts"] for row in holding}),
        ("attribution settings", {row["attribution"] or "unknown" for row in holding}),
        ("definitions", {row["definition"] or "unknown" for row in holding}),
        ("currencies", {row["currency"] or "TWD" for row in money}),
    ):
        if len(kinds) > 1:
            order = sorted(kinds, key=lambda kind: "" if kind == "unknown" else kind)
            return f"several {words}: {', '.join(order)}"
    return ""


def invalid_click_rate(cell: Cell) -> Answer:
    """invalid / (clicks + invalid), over the platforms that give both"""
    rows = cell.rows("ads_daily")
    giving = cell.giving("ads_daily", "clicks", pick("clicks")) & cell.giving(
        "ads_daily", "invalid_clicks", pick("invalid_clicks")
    )
    clicks, invalid = (total(r[name] for r in rows if r["source"] in giving) for name in ("clicks", "invalid_clicks"))
    if not rows:
        return "no rows"
    return divide(invalid, None if clicks is None or invalid is None else clicks + invalid)


def single(table: str, column: str, over: str | None = None) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        rows = cell.rows(table)
        if not rows:
            return "no rows"
        if all(row[column] is None for row in rows) or (over and all(row[over] is None for row in rows)):
            return "no values"
        if len(rows) > 1 or cell.part.days > 1:
            return "not additive"
        return divide(rows[0][over], rows[0][column]) if over else rows[0][column]

    return answer


# The ledger.


def refund(row: Row) -> float:
    if row["status"] == "refunded":
        return row["refunded"] or max(row["total"], 0.0)
    return row["refunded"] or 0.0


def net(row: Row) -> float:
    return row["total"] - refund(row)


def kept(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["status"] != "cancelled"]


def counted(rows: list[Row]) -> list[Row]:
    return [row for row in kept(rows) if row["total"] >= 0]


def priced(rows: list[Row]) -> list[Row]:
    return [row for row in counted(rows) if row["gross_items"] is not None and row["discount"] is not None]


def profit(rows: list[Row]) -> float:
    return math.fsum(net(r) * MARGIN if r["cost"] is None else net(r) - r["cost"] for r in rows)


def name_of(row: Row) -> str | None:
    if row["customer_key"]:
        return row["customer_key"]
    return None if row["new_customer"] is None else f"{row['source']} {row['order_id']}"


def is_new(cell: Cell, row: Row) -> bool | None:
    if row["new_customer"] is not None:
        return row["new_customer"]
    return row["ordered_at"] == cell.world.first_order(row["customer_key"]) if row["customer_key"] else None


def customers(cell: Cell, new: bool | None = None, back: int = 0) -> float | None:
    rows = cell.rows("orders", back)
    if all(name_of(row) is None for row in rows):
        return None
    asked = [row for row in counted(rows) if new is None or is_new(cell, row) is new]
    return float(len({name_of(row) for row in asked} - {None}))


def ledger(formula: Callable[[list[Row]], Answer]) -> Callable[[Cell], Answer]:
    return lambda cell: formula(rows) if (rows := cell.rows("orders")) else "no rows"


def by_customers(formula: Callable[[Cell], Answer | None]) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        if not cell.rows("orders"):
            return "no rows"
        found = formula(cell)
        return "no values" if found is None else found

    return answer


def marketing_cost(cell: Cell) -> Answer:
    spend = of_table("ads_daily", platform("ads_daily", "spend"))(cell)
    fees = [row for row in cell.rows("invoices_fees") if row["kind"] != "media_passthrough"]
    unknown = [name for name in cell.by if name not in KNOWS["invoices_fees"]]
    if unknown and (not isinstance(spend, str) or weight(spend)):
        return f"invoices_fees: not known by {', '.join(unknown)}"
    if isinstance(spend, str):
        return spend
    return spend + math.fsum(-abs(row["amount"]) if row["kind"] == "refund" else row["amount"] for row in fees)


def of_table(table: str, formula: Callable[[Cell], Answer]) -> Callable[[Cell], Answer]:
    """The formula as a part of a metric of several tables: its reasons name the table."""

    def answer(cell: Cell) -> Answer:
        if unknown := [name for name in cell.by if name not in KNOWS[table]]:
            return f"{table}: not known by {', '.join(unknown)}"
        found = formula(cell)
        return f"{table}: no rows" if found == "no rows" else found

    return answer


def ratio(over: Callable[[Cell], Answer], under: Callable[[Cell], Answer]) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        parts = over(cell), under(cell)
        if refused := [part for part in parts if isinstance(part, str)]:
            return min(refused, key=weight)
        return divide(float(parts[0]), float(parts[1]))

    return answer


def added(*parts: Callable[[Cell], Answer]) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        found = [part(cell) for part in parts]
        refused = [part for part in found if isinstance(part, str)]
        return min(refused, key=weight) if refused else math.fsum(float(part) for part in found)

    return answer


def weight(reason: str) -> int:
    """Which reason comes first: what is missing altogether, then what can't be added, then what is empty."""
    return 2 if reason in ("no values", "denominator is 0") else 1 if reason.startswith("several ") else 0


def the_year(cell: Cell) -> Answer:
    if cell.grain in ("day", "week"):
        return f"not by {cell.grain}"
    rows = cell.rows("orders", 365)
    known = [row for row in kept(rows) if name_of(row) is not None]
    people = customers(cell, back=365)
    if not rows:
        return "no rows"
    return "no values" if people is None else divide(profit(known), people)


def fees(*, media: bool) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        rows = [row for row in cell.rows("invoices_fees") if (row["kind"] == "media_passthrough") == media]
        booked = math.fsum(-abs(row["amount"]) if row["kind"] == "refund" else row["amount"] for row in rows)
        return booked if cell.rows("invoices_fees") else "no rows"

    return answer


def posts(over: Pick, under: Pick | None = None, scale: float = 1.0) -> Callable[[Cell], Answer]:
    def answer(cell: Cell) -> Answer:
        rows = cell.rows("content")
        found = total(over(row) for row in rows)
        if not rows:
            return "no rows"
        if under is None:
            return "no values" if found is None else found
        return divide(found, total(under(row) for row in rows), scale)

    return answer


def reactions(row: Row) -> float | None:
    return total([row["likes"], row["comments"], row["shares"]])


def returned(cell: Cell) -> Answer:
    """(gross profit - marketing cost) / marketing cost"""
    earned, cost = of_table("orders", ledger(lambda rows: profit(kept(rows))))(cell), marketing_cost(cell)
    if isinstance(earned, str) or isinstance(cost, str):
        return min((part for part in (earned, cost) if isinstance(part, str)), key=weight)
    return divide(earned - cost, cost)


REVENUE = ledger(lambda rows: math.fsum(net(row) for row in kept(rows)))
ORDERS = ledger(lambda rows: float(len(counted(rows))))
LEDGER_REVENUE, LEDGER_ORDERS = of_table("orders", REVENUE), of_table("orders", ORDERS)
SPEND = of_table("ads_daily", platform("ads_daily", "spend"))
CLICKS = of_table("ads_daily", platform("ads_daily", "clicks"))
SESSIONS = of_table("sessions", platform("sessions", "sessions"))
NEW = by_customers(lambda cell: customers(cell, new=True))
ALL = by_customers(customers)
CAC = ratio(marketing_cost, of_table("orders", NEW))
FEES = of_table("invoices_fees", fees(media=False))

RECOUNT: dict[str, Callable[[Cell], Answer]] = {
    "spend": platform("ads_daily", "spend"), "impressions": platform("ads_daily", "impressions"),
    "clicks": platform("ads_daily", "clicks"), "video_views": platform("ads_daily", "video_views"),
    "followers_gained": platform("ads_daily", "followers_gained"), "conversions": platform("ads_daily", "conversions"),
    "conversions_value": platform("ads_daily", "conversions_value"), "leads": platform("ads_daily", "leads"),
    "reach": single("ads_daily", "reach"), "frequency": single("ads_daily", "reach", "impressions"),
    "cpm": platform("ads_daily", "spend", "impressions", 1000), "cpc": platform("ads_daily", "spend", "clicks"),
    "ctr": platform("ads_daily", "clicks", "impressions"), "cvr": platform("ads_daily", "conversions", "clicks"),
    "cost_per_follower": platform("ads_daily", "spend", "followers_gained"),
    "landing_page_rate": platform("ads_daily", "landing_page_views", "clicks"),
    "invalid_click_rate": lambda cell: invalid_click_rate(cell),
    "cpa": platform("ads_daily", "spend", "conversions"), "cpl": platform("ads_daily", "lead_spend", "leads"),
    "claimed_roas": platform("ads_daily", "conversions_value", "spend"),
    "sessions": platform("sessions", "sessions"), "new_users": platform("sessions", "new_users"),
    "users": single("sessions", "users"), "engagement_rate": platform("sessions", "engaged_sessions", "sessions"),
    "add_to_cart_rate": platform("sessions", "add_to_carts", "sessions"),
    "checkout_rate": platform("sessions", "checkouts", "add_to_carts"),
    "site_purchase_rate": platform("sessions", "purchases", "sessions"),
    "click_to_session_rate": ratio(SESSIONS, CLICKS), "cost_per_session": ratio(SPEND, SESSIONS),
    "revenue": REVENUE, "orders": ORDERS, "aov": ratio(REVENUE, ORDERS),
    "gross_profit": ledger(lambda rows: profit(kept(rows))),
    "refund_rate": ledger(lambda rows: divide(
        math.fsum(refund(row) + max(-row["total"], 0.0) for row in kept(rows)),
        math.fsum(max(row["total"], 0.0) for row in kept(rows)),
    )),
    "cancellation_rate": ledger(lambda rows: divide(
        len([row for row in rows if row["status"] == "cancelled" and row["total"] >= 0]),
        len([row for row in rows if row["total"] >= 0]),
    )),
    "unpaid_share": ledger(lambda rows: divide(
        len([row for row in counted(rows) if row["status"] == "pending"]), len(counted(rows))
    )),
    "discount_rate": ledger(lambda rows: divide(
        total(abs(row["discount"]) for row in priced(rows)), total(row["gross_items"] for row in priced(rows))
    )),
    "customers": ALL, "new_customers": NEW, "new_customer_share": ratio(NEW, ALL),
    "repeat_rate": ratio(by_customers(lambda cell: customers(cell, new=False)), ALL),
    "cac": CAC, "cltv": the_year, "ltv_cac": ratio(of_table("orders", the_year), CAC),
    "ledger_roas": ratio(LEDGER_REVENUE, SPEND), "mer": ratio(LEDGER_REVENUE, marketing_cost), "roi": returned,
    "cost_per_order": ratio(SPEND, LEDGER_ORDERS), "marketing_cost": marketing_cost,
    "agency_fees": fees(media=False), "media_passthrough": fees(media=True),
    "working_media_ratio": ratio(SPEND, added(SPEND, FEES)),
    "posts": lambda cell: float(len(cell.rows("content"))) or "no rows", "content_views": posts(lambda row: row["views"]),
    "watch_hours": posts(lambda row: row["watch_hours"]), "subscribers_gained": posts(lambda row: row["follows"]),
    "content_engagement_rate": posts(reactions, lambda row: row["views"]),
    "average_view_seconds": posts(lambda row: row["watch_hours"], lambda row: row["views"], 3600),
}  # fmt: skip


def test_every_metric_is_counted_again() -> None:
    assert set(RECOUNT) == set(METRICS)


BY = [(), ("campaign",), ("source",), ("vendor",), ("vendor", "channel"), ("day",), ("week",), ("device", "week"),
      ("vendor", "month"), ("sales_channel",), ("campaign", "day")]  # fmt: skip


@pytest.mark.parametrize("by", BY, ids="+".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_recount_agrees(seed: int, by: tuple[str, ...], worlds: Callable[[int], Any]) -> None:
    world = worlds(seed)
    cells = world.cells()
    names = tuple(name for name in by if name not in ("day", "week", "month"))
    grain = next((name for name in by if name not in names), None)
    found = measure(world.dataset(MARGIN), PERIODS, by=by)
    assert set(found["metric"]) == set(METRICS)
    faults = []
    for row in found.to_dict("records"):
        period = next(p for p in PERIODS if row["period_start"].date() in p)
        groups = tuple(row[name] for name in names)
        if any(not isinstance(group, str) for group in groups):
            continue  # a metric without any group: told by the contract tests
        part = Period(row["period_start"].date(), row["period_end"].date())
        cell = cells(names, period, part, groups, grain)
        expected = RECOUNT[row["metric"]](cell)
        if not same(row, expected):
            faults.append(f"{row['metric']} {groups} {cell.part}: {row['value']} {row['reason']!r}, recount {expected}")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:20])


def same(row: Row, expected: Answer) -> bool:
    if isinstance(expected, str):
        return row["status"] == "no data" and math.isnan(row["value"]) and row["reason"] == expected
    least = METRICS[row["metric"]].least
    few = "too few" if least and not row["n"] >= least else "ok"
    return row["status"] == few and math.isclose(row["value"], expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("by", [("campaign",), ("source", "week"), ("vendor",)], ids="+".join)
def test_every_group_that_exists_has_its_row(by: tuple[str, ...], worlds: Callable[[int], Any]) -> None:
    world = worlds(3)
    names = tuple(name for name in by if name != "week")
    found = measure(world.dataset(MARGIN), PERIODS, by=by, metrics=["spend", "sessions"])
    for metric, table in (("spend", "ads_daily"), ("sessions", "sessions")):
        rows = [row for row in world.tables[table] if any(world.day_of(table, row) in period for period in PERIODS)]
        expected = {(start_of(world.day_of(table, row), "week" in by), *world.group_of(row, names)) for row in rows}
        told = found[found["metric"] == metric]
        got = {(row["period_start"].date(), *(row[name] for name in names)) for row in told.to_dict("records")}
        assert got == expected
        assert len(told) == len(expected)


def start_of(day: date, weekly: bool) -> date:
    period = next(p for p in PERIODS if day in p)
    return max(period.start, bucket(day, "week").start) if weekly else period.start
