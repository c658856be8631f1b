"""TikTok Ads Manager XLSX, ad level by day, closed by its "Total of …" row."""

from collections.abc import Iterable, Sequence

from ..advertising import AdDay
from .delimited import Cell, Row
from .sheet import xlsx

HEADER = [
    "By Day",
    "Campaign name",
    "Ad group name",
    "Ad name",
    "Ad ID",
    "Primary status",
    "Cost",
    "Impressions",
    "Reach",
    "Clicks (destination)",
    "CTR (destination)",
    "CPC (destination)",
    "CPM",
    "Conversions",
    "Cost per conversion",
    "Conversion rate (CVR)",
    "Currency",
]


def workbook(rows: Iterable[AdDay]) -> bytes:
    """The default download; a value that can't be worked out is ``-``."""
    days = list(rows)
    body: list[Row] = [_day(row) for row in days]
    total: Row = [f"Total of {len(days)} results", *["-"] * 5, *_figures(days), "TWD"]
    return xlsx("Sheet1", [HEADER, *body, total])


def _day(row: AdDay) -> Row:
    unit = row.unit
    return [row.day.isoformat(), unit.campaign, unit.ad_group, unit.ad, unit.id, "Inactive", *_figures([row]), "TWD"]


def _figures(rows: Sequence[AdDay]) -> list[Cell]:
    cost, shown = round(sum(r.spend for r in rows), 2), sum(r.impressions for r in rows)
    clicks, conversions = sum(r.clicks for r in rows), int(sum(r.conversions for r in rows))
    reach = rows[0].reach if len(rows) == 1 else int(sum(r.reach for r in rows) * 0.5)
    return [
        cost,
        shown,
        reach,
        clicks,
        f"{clicks / shown:.2%}" if shown else "-",
        round(cost / clicks, 2) if clicks else "-",
        round(1000 * cost / shown, 2) if shown else "-",
        conversions,
        round(cost / conversions, 2) if conversions else "-",
        f"{conversions / clicks:.2%}" if clicks else "-",
    ]
