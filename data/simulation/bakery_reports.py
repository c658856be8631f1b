"""The bakery's agencies report each month: one as it was, in a noisy month; the other, in October, better than it was."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from .advertising import AdDay, between
from .bakery_ads import PROSPECTING, RETARGETING
from .bakery_shop import Year
from .exports import agency_report
from .exports.agency_report import Line
from .folder import Folder
from .seasons import months

SHOP, NORTH, SUNNY = "麥田小舖", "北辰數位行銷", "晴天社群"
REPORTED_FROM = date(2026, 7, 1)
# The four things of October that the owner should ask Qingtian about; beside them, its media since August:
# more purchases of retargeting than Meta shows, the weakest campaign left out, and in the books a service nobody agreed on.
CHANGED = date(2026, 10, 1)
PURCHASES = 1.45
MARKED_UP_FROM, MARKUP = date(2026, 8, 1), 1.12
EXTRA_SERVICE = ("數據優化平台使用費", 6800)


def add(folder: Folder, year: Year) -> None:
    """Both agencies' reports, month by month."""
    for first, last in months(REPORTED_FROM, date(2026, 10, 31)):
        month = f"{first.year}年{first.month}月"
        north = _lines(between(year.google, first, last))
        sunny = _lines(between([*year.meta, *year.line], first, last))
        if first >= CHANGED:
            sunny = _told_better(sunny)
        folder.add(f"廠商報告/北辰/{NORTH}_{month}成效月報.xlsx", agency_report.workbook(NORTH, SHOP, month, north))
        folder.add(f"廠商報告/晴天/{SUNNY}_{month}_成效回報.csv", agency_report.csv(SUNNY, SHOP, month, sunny))


def _told_better(lines: Sequence[Line]) -> list[Line]:
    told = [line for line in lines if line.campaign != PROSPECTING]
    return [
        replace(line, conversions=round(line.conversions * PURCHASES), value=round(line.value * PURCHASES)) if line.campaign == RETARGETING else line
        for line in told
    ]  # fmt: skip


def _lines(days: Iterable[AdDay]) -> list[Line]:
    """A line a campaign, in the order of the platforms' own lists."""
    sums: dict[tuple[str, str], list[float]] = {}
    for row in days:
        found = sums.setdefault((row.unit.platform, row.unit.campaign), [0.0] * 5)
        for at, amount in enumerate((row.spend, row.impressions, row.clicks, row.conversions, row.value)):
            found[at] += amount
    return [
        Line(platform=platform, campaign=campaign, spend=round(spend, 2), impressions=int(seen), clicks=int(clicks), conversions=round(won, 2), value=round(value, 2))
        for (platform, campaign), (spend, seen, clicks, won, value) in sums.items()
        if spend
    ]  # fmt: skip
