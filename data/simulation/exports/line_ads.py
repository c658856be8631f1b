"""LINE Ads (LAP) daily report, campaign level: rates are percent without the sign."""

from collections.abc import Iterable

from ..advertising import AdDay
from .delimited import Row, utf8

HEADER = (
    "day,ad_account_name,ad_account_id,campaign_name,campaign_id,campaign_objective,impressions,cpm,clicks,ctr,cpc,"
    "cv,cvr,cpa,cost,currency,reach_estimated"
).split(",")


def csv(rows: Iterable[AdDay], account: str, account_id: str) -> bytes:
    """The CSV of the report screen, interval "daily"; the format has no totals row."""
    return utf8([HEADER, *(_day(row, account, account_id) for row in rows if row.impressions)])


def _day(row: AdDay, account: str, account_id: str) -> Row:
    unit, cost, cv = row.unit, int(row.spend), int(row.conversions)
    return [
        row.day.isoformat(),
        account,
        account_id,
        unit.campaign,
        unit.id,
        unit.type,
        row.impressions,
        f"{1000 * cost / row.impressions:.2f}",
        row.clicks,
        f"{100 * row.clicks / row.impressions:.2f}",
        f"{cost / row.clicks:.2f}" if row.clicks else "0",
        cv,
        f"{100 * cv / row.clicks:.2f}" if row.clicks else "0",
        f"{cost / cv:.0f}" if cv else "0",
        cost,
        "TWD",
        row.reach,
    ]
