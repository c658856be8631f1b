"""Posts by whose and on which platform they are, with what people did with them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.sample import OCTOBER
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.tables.platforms import platform_name

HISTORY_DAYS: Final = 365


@dataclass(frozen=True, kw_only=True)
class Page:
    """A vendor's posts ('' where nobody says whose) on one platform: those of the period, and those before."""

    vendor: str
    source: str
    now: Sequence[Row]
    before: Sequence[Row]

    def name(self, case: Case) -> Text:
        """The vendor and the platform, or the platform alone."""
        found = case.client.vendor(self.vendor)
        zh, en = (found.name.zh, found.name.en) if found else ("", "")
        where = platform_name(self.source)
        return finished(f"{zh} {where.say('zh-TW')}".strip(), f"{en} {where.say('en')}".strip())


def pages(case: Case) -> list[Page]:
    """The pages with posts in the period."""
    rows = case.rows("content", days_before=HISTORY_DAYS)
    start = case.period.start
    keys = sorted({(row["vendor"], row["source"]) for row in rows if row["published_on"] >= start})
    return [
        Page(
            vendor=vendor,
            source=source,
            now=[row for row in rows if (row["vendor"], row["source"]) == (vendor, source) and row["published_on"] >= start],
            before=[row for row in rows if (row["vendor"], row["source"]) == (vendor, source) and row["published_on"] < start],
        )
        for vendor, source in keys
    ]  # fmt: skip


def seen(row: Row) -> float:
    """How often a post was seen: impressions, or else views; 0 where neither is told."""
    return float(row["impressions"] or row["views"] or 0.0)


def answered(row: Row) -> float | None:
    """Comments and shares together; None where neither is told."""
    told = [float(row[name]) for name in ("comments", "shares") if row[name] is not None]
    return sum(told) if told else None


def shown(rows: Sequence[Row]) -> list[Mapping[str, object]]:
    """Posts as evidence."""
    return [{name: row[name] for name in ("published_on", "title", "impressions", "likes", "comments", "shares", "follows")} for row in rows[:20]]  # fmt: skip


def sample_posts(count: int = 48, *, seed: int = 5) -> list[dict[str, object]]:
    """So many posts up to the end of October, one every three days, as an honest page has them."""
    chance, rows = random.Random(seed), list[dict[str, object]]()
    for at in range(count):
        impressions = round(5000 * chance.lognormvariate(0, 0.6))
        likes = round(impressions * 0.02 * chance.lognormvariate(0, 0.3))
        rows.append({
            "post_id": f"P{at}", "title": f"貼文 {at}", "published_on": OCTOBER.end - timedelta(days=3 * at), "impressions": impressions,
            "likes": likes, "comments": round(likes * 0.08 * chance.lognormvariate(0, 0.4)), "shares": round(likes * 0.04 * chance.lognormvariate(0, 0.4)),
            "follows": round(impressions * 0.001 * chance.lognormvariate(0, 0.4)),
        })  # fmt: skip
    return rows
