"""What vendors and platforms say that they brought: orders, sales, leads and customers, whoever counts them.

Claims are never added here across platforms or vendors: each is given as its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.periods import Period

Origin = Literal["report", "export"]
Kind = Literal["orders", "sales", "leads"]
if TYPE_CHECKING:
    import pandas as pd

_ROWS: Final = (
    "SELECT platform, campaign_name, period_start, period_end, is_total, metric, value, currency FROM {rows} "
    "WHERE vendor = ? AND metric = ? AND period_start >= ? AND period_end <= ? ORDER BY ALL"
)
# By kind of claim: the metric of that name, and what conversions have to count to be of it.
_NAMED: Final[Mapping[Kind, str]] = {"orders": "orders", "sales": "revenue", "leads": "leads"}
_COUNTED: Final[Mapping[Kind, str]] = {"orders": "purchase", "sales": "purchase", "leads": "lead"}
# The share of conversions after a view alone, where nobody says; and the most that it is taken to be.
_AFTER_A_VIEW: Final = 0.35
_MOST_VIEWED: Final = 0.7
# Rows that tell one fact in several shapes tell its share alike.
_VIEWED: Final = (
    "SELECT sum(view_conversions) / sum(conversions) AS share FROM {rows} WHERE counts = ? AND conversions > 0 "
    "AND view_conversions IS NOT NULL AND period_start >= ? AND period_end <= ?"
)
_MONEY: Final = ("revenue", "conversions_value", "spend")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """So much of a metric that a vendor's report, or a platform's export of its campaigns, tells for some days.

    `kind` says what it is of, `platform` is '' for all platforms together.
    """

    kind: Kind
    vendor: str
    platform: str
    metric: str
    value: float
    span: Period
    origin: Origin


def reported(case: Case, kind: Kind, metric: str, vendor: str, period: Period) -> tuple[Claim, ...]:
    """What the vendor's report says of an additive metric: all platforms together first, then each by itself.

    A report of the very days is taken before weeks or days that follow each other within them; an account's own figure
    before its campaigns' sum, and the report's total before any sum. Amounts in another currency are left out.
    """
    if not case.dataset.has("vendor_claims"):
        return ()
    rows = case.asked(_ROWS, "vendor_claims", vendor, metric, period.start, period.end)
    own = [row for row in rows if metric not in _MONEY or (row["currency"] or case.client.currency) == case.client.currency]  # fmt: skip
    spans = _spans(own, period)
    if not spans:
        return ()
    whole, parts = 0.0, dict[str, float]()
    for span in spans:
        of_span = [row for row in own if (row["period_start"], row["period_end"]) == (span.start, span.end)]
        found, by_platform = _settled(of_span)
        whole += found
        for platform, value in by_platform.items():
            parts[platform] = parts.get(platform, 0.0) + value
    covered = Period(spans[0].start, spans[-1].end, period.grain if len(spans) == 1 else "range")
    claims = {"": whole} | {platform: value for platform, value in sorted(parts.items()) if platform}
    return tuple(Claim(kind=kind, vendor=vendor, platform=platform, metric=metric, value=value, span=covered, origin="report") for platform, value in claims.items())  # fmt: skip


def _spans(rows: Sequence[Row], period: Period) -> list[Period]:
    """The longest spans that don't overlap, in order; none where days between them are missing."""
    known = sorted({(row["period_end"] - row["period_start"], row["period_start"], row["period_end"]) for row in rows}, reverse=True)  # fmt: skip
    chosen: list[Period] = []
    for _, start, end in known:
        if all(end < one.start or start > one.end for one in chosen):
            chosen.append(Period(start, end))
    chosen.sort()
    gaps = (later.start - earlier.end for earlier, later in pairwise(chosen))
    return chosen if all(gap == timedelta(days=1) for gap in gaps) else []


def _settled(rows: Sequence[Row]) -> tuple[float, dict[str, float]]:
    """The whole of a metric, and what each platform has of it."""
    platforms = sorted({row["platform"] or "" for row in rows})
    parts = {one: _of_one([row for row in rows if (row["platform"] or "") == one]) for one in platforms}
    named = sum(value for platform, value in parts.items() if platform)
    return parts.get("") or named, parts


def _of_one(rows: Sequence[Row]) -> float:
    """A total before the account's own figures, and those before the campaigns'."""
    totals = [row["value"] for row in rows if row["is_total"]]
    account = [row["value"] for row in rows if not row["is_total"] and not row["campaign_name"]]
    campaigns = [row["value"] for row in rows if not row["is_total"] and row["campaign_name"]]
    return max(totals) if totals else sum(account) if account else sum(campaigns)


def exported(case: Case, kind: Kind, period: Period) -> tuple[Claim, ...]:
    """What the platforms' exports say of each vendor's campaigns, platform by platform, where they count purchases (or leads)."""
    if not case.dataset.has("ads_daily"):
        return ()
    metric = "conversions_value" if kind == "sales" else "conversions"
    sums = _by_platform(case, metric, period)
    return tuple(
        Claim(kind=kind, vendor=vendor, platform=source, metric=metric, value=value, span=period, origin="export")
        for (vendor, source, counted), value in sorted(sums.items())
        if counted == _COUNTED[kind] and value > 0
    )


def _by_platform(case: Case, metric: str, period: Period) -> dict[tuple[str, str, str], float]:
    """A metric by vendor, platform and what is counted. Where a platform's campaigns have several attribution settings or
    names for one kind of result, they are asked one by one: each of them claims its own orders."""
    by = ["vendor", "source", "conversion_type"]
    table = case.measured_over([period], [metric], by)
    found = _sums(case, table, by)
    if table["reason"].str.startswith("several").any():
        found = _sums(case, case.measured_over([period], [metric], [*by, "campaign"]), by) | found
    return found


def _sums(case: Case, table: pd.DataFrame, by: list[str]) -> dict[tuple[str, str, str], float]:
    own = table[(table["status"] != "no data") & table["currency"].isin(("", case.client.currency))]
    return {
        (str(vendor), str(source), str(counted)): float(rows["value"].sum())
        for (vendor, source, counted), rows in own.groupby(by)
    }


def counts(case: Case, vendor: str, platform: str, period: Period) -> str:
    """What the conversions of a vendor's report are, on one platform or ('') on all: by the agreement, else by the exports;
    '' where nobody says, or they are of several kinds."""
    client: Client = case.client
    sources = {platform} if platform else _sources(case, vendor, period)
    agreed = {client.counts_of(source, vendor, period.start) for source in sources}
    if agreed and "" not in agreed:
        return agreed.pop() if len(agreed) == 1 else ""
    kinds = {kind for source, kind in _kinds(case, vendor, period) if source in sources}
    return kinds.pop() if len(kinds) == 1 else ""


def _sources(case: Case, vendor: str, period: Period) -> set[str]:
    """The platforms that a vendor's figures may be of: those of its exports and reports, else those with an agreement."""
    reports = reported(case, "orders", "conversions", vendor, period)
    named = {one.platform for one in reports if one.platform} | {source for source, _ in _kinds(case, vendor, period)}
    return named or {one.source for one in case.client.conversions if one.vendor in (None, vendor)}


def _kinds(case: Case, vendor: str, period: Period) -> set[tuple[str, str]]:
    if not case.dataset.has("ads_daily"):
        return set()
    found = _by_platform(case, "conversions", period)
    return {(source, counted) for (whose, source, counted), value in found.items() if whose == vendor and value > 0}


def told(case: Case, kind: Kind, vendor: str, period: Period) -> tuple[Claim, ...]:
    """What a vendor's report says that it brought of a kind: orders, sales or leads by name, else conversions that are known
    to be purchases or leads; all platforms together first, then each by itself. () where it doesn't say."""
    plain = reported(case, kind, _NAMED[kind], vendor, period)
    if plain:
        return plain
    metric = "conversions_value" if kind == "sales" else "conversions"
    found = reported(case, kind, metric, vendor, period)
    return tuple(one for one in found if counts(case, vendor, one.platform, period) == _COUNTED[kind])


def viewed(case: Case, kind: Kind, period: Period) -> float:
    """The share of the platforms' purchases (or leads) that came after a view alone; the most there usually are, where the
    exports don't tell them apart."""
    if not case.dataset.has("ads_daily"):
        return _AFTER_A_VIEW
    share = case.asked(_VIEWED, "ads_daily", _COUNTED[kind], period.start, period.end)[0]["share"]
    return _AFTER_A_VIEW if share is None else min(float(share), _MOST_VIEWED)


def spend(case: Case, vendor: str, period: Period) -> float | None:
    """What the vendor's campaigns cost by the platforms' exports, else by its report; None where nobody says."""
    if case.dataset.has("ads_daily"):
        table = case.measured_over([period], ["spend"], ["vendor", "currency"])
        own = table[(table["vendor"] == vendor) & (table["status"] != "no data") & (table["currency"] == case.client.currency)]  # fmt: skip
        if own["value"].sum() > 0:
            return float(own["value"].sum())
    said = reported(case, "sales", "spend", vendor, period)
    return said[0].value if said and said[0].value > 0 else None
