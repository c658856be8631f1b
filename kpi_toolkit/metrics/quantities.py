"""The quantities that metrics are made of: each is declared here, once."""

from __future__ import annotations

from dataclasses import replace

from kpi_toolkit.metrics.metric import CLAIM, MONEY, Quantity, Total
from kpi_toolkit.tables.orders import REFUNDED


def _ads(name: str, *, where: str = "true", **more: object) -> Quantity:
    return Quantity(id=f"ads_{name}", table="ads_daily", of=name, where=where, **more)  # type: ignore[arg-type]


def _site(name: str, **more: object) -> Quantity:
    return Quantity(id=f"site_{name}", table="sessions", of=name, **more)  # type: ignore[arg-type]


# Channels that nobody pays a platform for; visits of an unknown channel ('') may be anybody's.
_UNPAID = (
    "", "organic_search", "organic_social", "organic_video", "organic_shopping", "direct", "email", "referral", "sms", "line_oa", "affiliates",
)  # fmt: skip


def _content(name: str, of: str) -> Quantity:
    return Quantity(id=f"content_{name}", table="content", of=of)


# Ad platforms' exports.
SPEND = _ads("spend", guards=MONEY, due="(impressions > 0 OR clicks > 0)")
IMPRESSIONS = _ads("impressions")
REACH = _ads("reach", how="single")
CLICKS = _ads("clicks")
LANDING_PAGE_VIEWS = _ads("landing_page_views")
INVALID_CLICKS = _ads("invalid_clicks")
ALL_CLICKS = Total(plus=(CLICKS, INVALID_CLICKS))
VIDEO_VIEWS = _ads("video_views", guards=("source",))
FOLLOWERS = _ads("followers_gained")
CONVERSIONS = _ads("conversions", guards=CLAIM)
CONVERSIONS_VALUE = _ads("conversions_value", guards=(*CLAIM, *MONEY), zero_is_untracked=True)
LEADS = replace(CONVERSIONS, id="ads_leads", where="counts = 'lead'")
LEAD_SPEND = replace(SPEND, id="ads_lead_spend", where="counts = 'lead'")

# Web analytics.
SESSIONS = _site("sessions")
PAID_SESSIONS = replace(SESSIONS, id="site_paid_sessions", where=f"channel NOT IN {_UNPAID}")
ENGAGED = _site("engaged_sessions")
USERS = _site("users", how="single")
NEW_USERS = _site("new_users")
CARTS = _site("add_to_carts")
CHECKOUTS = _site("checkouts")
PURCHASES = _site("purchases")

# The shop's own ledger. A negative total is a refund booked as a row: it counts in the money, not in the orders.
NET = f"(total - ({REFUNDED}))"
KEPT = "status <> 'cancelled'"
COUNTED = f"{KEPT} AND total >= 0"
CUSTOMER = "coalesce(customer_key, CASE WHEN new_customer IS NOT NULL THEN source || ' ' || order_id END)"
# The shop's own flag first; else whether it is the customer's first order in the whole ledger (`first_at`).
IS_NEW = "coalesce(new_customer, ordered_at = first_at)"
IS_BACK = "coalesce(NOT new_customer, ordered_at > first_at)"


def _orders(name: str, of: str, where: str = KEPT) -> Quantity:
    return Quantity(id=name, table="orders", of=of, where=where, guards=MONEY, empty=0.0)


def _order_count(name: str, where: str) -> Quantity:
    return Quantity(id=name, table="orders", where=where, how="count")


def _customers(name: str, where: str = COUNTED, history_days: int = 0) -> Quantity:
    return Quantity(
        id=name, table="orders", of=CUSTOMER, where=where, how="distinct",
        known=f"({CUSTOMER}) IS NOT NULL", history_days=history_days,
    )  # fmt: skip


REVENUE = _orders("revenue", NET)
GROSS_SALES = _orders("gross_sales", "greatest(total, 0)")
REFUNDS = _orders("refunds", f"({REFUNDED}) + greatest(-total, 0)")
_PRICED = f"{COUNTED} AND gross_items IS NOT NULL AND discount IS NOT NULL"
DISCOUNTS = replace(_orders("discounts", "abs(discount)", _PRICED), empty=None)
LIST_PRICE = replace(_orders("list_price", "gross_items", _PRICED), empty=None)
GROSS_PROFIT = replace(
    _orders("gross_profit", f"{NET} - coalesce(cost, {NET} * (1 - {{gross_margin}}))"), assumption="gross_margin"
)
ORDERS = _order_count("orders", COUNTED)
ALL_ORDERS = _order_count("all_orders", "total >= 0")
CANCELLED = _order_count("cancelled_orders", "status = 'cancelled' AND total >= 0")
PENDING = _order_count("pending_orders", "status = 'pending' AND total >= 0")
CUSTOMERS = _customers("customers")
NEW_CUSTOMERS = _customers("new_customers", f"{COUNTED} AND {IS_NEW}", 365)
BACK_CUSTOMERS = _customers("back_customers", f"{COUNTED} AND {IS_BACK}", 365)
YEAR_CUSTOMERS = replace(CUSTOMERS, id="year_customers", window_days=365, history_days=365)
YEAR_PROFIT = replace(
    GROSS_PROFIT, id="year_profit", where=f"{KEPT} AND ({CUSTOMER}) IS NOT NULL", window_days=365, history_days=365
)

# What was invoiced. Media that the vendor paid for the client is the ad spend again, never a fee.
_BOOKED = "CASE WHEN kind = 'refund' THEN -abs(amount) ELSE amount END"
FEES = Quantity(
    id="fees",
    table="invoices_fees",
    of=_BOOKED,
    where="kind <> 'media_passthrough'",
    guards=(*MONEY, "tax_included"),
    empty=0.0,
)
MEDIA = replace(FEES, id="media_passthrough", of="amount", where="kind = 'media_passthrough'")
FEE_LINES = Quantity(id="fee_lines", table="invoices_fees", where="kind <> 'media_passthrough'", how="count")
MEDIA_LINES = Quantity(id="media_lines", table="invoices_fees", where="kind = 'media_passthrough'", how="count")
MARKETING_COST = Total(plus=(SPEND, replace(FEES, optional=True)))

# Posts and videos.
POSTS = Quantity(id="content_posts", table="content", how="count")
POST_VIEWS = _content("views", "views")
POST_REACTIONS = _content("reactions", "list_sum([likes, comments, shares])")
WATCH_HOURS = _content("watch_hours", "watch_hours")
POST_FOLLOWS = _content("follows", "follows")
