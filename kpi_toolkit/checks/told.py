"""Counts as they are told, by the vendor's report or by the platform's export: each campaign's, day by day or week by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.checks.case import Case, once
from kpi_toolkit.i18n import Text, same
from kpi_toolkit.tables.platforms import platform_name

if TYPE_CHECKING:
    import pandas as pd

Origin = Literal["report", "export"]
Floats = NDArray[np.float64]

# Counts of single events. Spend follows from prices and budgets, so it may be as even as it likes.
COUNTS: Final = ("impressions", "clicks", "conversions")
# So far back, where the period alone says too little.
BEFORE: Final = 92
# A report that tells so many of the export's figures tells the export's.
_COPIED: Final = 0.9
_CLAIMED: Final = (
    "SELECT vendor, coalesce(platform, '') AS platform, coalesce(campaign_name, '') AS campaign, period_start, period_end, metric, "
    # What is written in ten thousands is rounded: nothing is to be seen in its last digits.
    "CASE WHEN metric = 'spend' OR NOT regexp_matches(written, '[萬億千百kKmM]') THEN value ELSE 'nan'::DOUBLE END AS value FROM {rows} "
    "WHERE NOT is_total AND metric IN ('impressions', 'clicks', 'conversions', 'spend') AND period_start >= ? AND period_end <= ? "
    "AND date_diff('day', period_start, period_end) < 7 ORDER BY ALL"
)
ORIGINS: Final[Mapping[Origin, Text]] = {
    "report": Text(zh="廠商報告", en="the vendor's report"),
    "export": Text(zh="平台匯出檔", en="the platform's export"),
}
NO_FIGURES: Final = Text(
    zh="要有逐日（或逐週）的曝光、點擊或轉換，至少 8 筆、平均每筆 3 次以上；整個月只有一個數字看不出來",
    en="impressions, clicks or conversions by day (or week), at least 8 figures of 3 or more on average; one figure a month shows nothing",
)
_SEVERAL = Text(zh="廠商", en="The vendor")
_SOME_PLATFORM, _ACCOUNT = Text(zh="廣告平台", en="the ad platform"), Text(zh="整個帳戶", en="the whole account")


@dataclass(frozen=True, kw_only=True)
class Series:
    """A campaign's figures in the order of days: a cell covers `lengths` days from `starts` on, NaN is not known."""

    vendor: str
    platform: str
    campaign: str
    origin: Origin
    starts: Sequence[date]
    lengths: Floats
    figures: Mapping[str, Floats] = field(repr=False)

    def of(self, cells: NDArray[np.bool_]) -> Series:
        """These cells alone."""
        starts = [day for day, kept in zip(self.starts, cells, strict=True) if kept]
        figures = {name: values[cells] for name, values in self.figures.items()}
        return Series(
            vendor=self.vendor, platform=self.platform, campaign=self.campaign, origin=self.origin, starts=starts, lengths=self.lengths[cells], figures=figures
        )  # fmt: skip

    def since(self, day: date) -> Series:
        """The cells from that day on."""
        return self.of(np.array([one >= day for one in self.starts], dtype=bool))

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """The place of each cell in the week; 0 throughout for weeks."""
        daily = bool((self.lengths == 1).all())
        return np.array([day.weekday() if daily else 0 for day in self.starts], dtype=np.int64)

    def spend(self, cells: NDArray[np.bool_]) -> float:
        """What these cells cost, as far as that is told."""
        return float(np.nansum(self.figures["spend"][cells])) if "spend" in self.figures else 0.0

    def named(self, cells: NDArray[np.bool_]) -> dict[str, object]:
        """Which campaign it is and which days the cells cover, for the words of a finding."""
        days = [day for day, kept in zip(self.starts, cells, strict=True) if kept] or list(self.starts)
        campaign = Text(zh="「{name}」", en="{name}").fill(name=same(self.campaign)) if self.campaign else _ACCOUNT
        return {"campaign": campaign, "first": f"{days[0]:%m/%d}", "last": f"{days[-1]:%m/%d}"}

    def rows(self, cells: NDArray[np.bool_], limit: int = 31) -> list[dict[str, object]]:
        """The cells as evidence."""
        chosen = np.flatnonzero(cells)[:limit]
        names = [name for name in (*COUNTS, "spend") if name in self.figures]
        return [
            {"day": self.starts[at], "campaign": self.campaign}
            | {name: float(self.figures[name][at]) for name in names if np.isfinite(self.figures[name][at])}
            for at in chosen
        ]


@dataclass(frozen=True, kw_only=True)
class Teller:
    """All series of a vendor on a platform, of one origin."""

    vendor: str
    platform: str
    origin: Origin
    series: Sequence[Series]

    def named(self, case: Case) -> dict[str, object]:
        """Who tells it, for the words of a finding."""
        vendor = next((one.name.text() for one in case.client.vendors if one.id == self.vendor), _SEVERAL)
        platform = platform_name(self.platform) if self.platform else _SOME_PLATFORM
        return {"name": vendor, "platform": platform, "origin": ORIGINS[self.origin]}


@once
def tellers(case: Case) -> list[Teller]:
    """Everybody who tells figures by day or week in the period; their series reach back before it."""
    exported = _exported(case)
    same_as = {(one.vendor, one.platform, one.campaign): one for one in exported}
    claimed = [one for one in _claimed(case) if not _copied(one, same_as.get((one.vendor, one.platform, one.campaign)))]
    found: dict[tuple[str, str, Origin], list[Series]] = {}
    for one in (*claimed, *exported):
        if any(day >= case.period.start for day in one.starts):
            found.setdefault((one.vendor, one.platform, one.origin), []).append(one)
    return [
        Teller(vendor=vendor, platform=platform, origin=origin, series=series)
        for (vendor, platform, origin), series in sorted(found.items(), key=lambda pair: pair[0])
    ]


def _copied(claimed: Series, exported: Series | None) -> bool:
    """Whether a report's days are the export's: then it is the export that is looked at, once."""
    if exported is None:
        return False
    at = {day: place for place, day in enumerate(exported.starts)}
    pairs = [
        (claimed.figures[name][place], exported.figures[name][at[day]])
        for name in COUNTS
        if name in claimed.figures and name in exported.figures
        for place, day in enumerate(claimed.starts)
        if day in at and claimed.lengths[place] == 1
    ]
    return bool(pairs) and sum(abs(one - other) <= 1 for one, other in pairs) >= _COPIED * len(pairs)


def at_stake(case: Case, teller: Teller, days: Mapping[str, Sequence[date]], told: float) -> tuple[Decimal | None, str]:
    """What the campaigns' figures of these days cost: as the exports tell it, else `told`; None where nobody says."""
    exported = {one.campaign: one for one in _exported(case) if (one.vendor, one.platform) == (teller.vendor, teller.platform)}  # fmt: skip
    spent = 0.0
    for campaign, own in days.items():
        chosen = [exported[campaign]] if campaign in exported else list(exported.values()) if not campaign else []
        wanted = set(own)
        spent += sum(one.spend(np.array([day in wanted for day in one.starts], dtype=bool)) for one in chosen)
    amount = round(spent or told)
    return (Decimal(amount), case.client.currency) if amount else (None, "")


def _exported(case: Case) -> list[Series]:
    if not case.dataset.has("ads_daily"):
        return []
    by = ("vendor", "channel", "campaign", "day")
    frame = case.measured((*COUNTS, "spend"), by, days_before=BEFORE)
    frame = frame[(frame["currency"] == "") | (frame["currency"] == case.client.currency)]
    return list(_from_frame(frame))


def _from_frame(frame: pd.DataFrame) -> Iterator[Series]:
    if frame["vendor"].isna().all():
        return
    keys = ["vendor", "channel", "campaign", "period_start", "metric"]
    wide = frame.set_index(keys)["value"].unstack("metric").dropna(how="all")
    for name, rows in wide.groupby(level=[0, 1, 2]):
        vendor, platform, campaign = (str(one) for one in name)
        days = [one.date() for one in rows.index.get_level_values("period_start")]
        figures = {str(name): rows[name].to_numpy(dtype=float) for name in rows.columns}
        yield Series(vendor=vendor, platform=platform, campaign=campaign, origin="export", starts=days, lengths=np.ones(len(days)), figures=figures)  # fmt: skip


def _claimed(case: Case) -> Iterator[Series]:
    if not case.dataset.has("vendor_claims"):
        return
    first = case.period.start - timedelta(days=BEFORE)
    rows = case.asked(_CLAIMED, "vendor_claims", first, case.period.end)
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["vendor"], row["platform"], row["campaign"]), []).append(row)
    for (vendor, platform, campaign), own in groups.items():
        yield _series(vendor, platform, campaign, own)


def _series(vendor: str, platform: str, campaign: str, rows: Sequence[Mapping[str, Any]]) -> Series:
    """Days, or weeks where there are no days; a cell that a figure is told of more than once is not known."""
    single = [row for row in rows if row["period_start"] == row["period_end"]] or list(rows)
    cells = sorted({(row["period_start"], row["period_end"]) for row in single})
    place = {cell: at for at, cell in enumerate(cells)}
    figures = {str(name): np.full(len(cells), np.nan) for name in sorted({row["metric"] for row in single})}
    told: set[tuple[str, int]] = set()
    for row in single:
        key = (row["metric"], place[row["period_start"], row["period_end"]])
        figures[key[0]][key[1]] = np.nan if key in told else row["value"]
        told.add(key)
    lengths = np.array([(end - start).days + 1 for start, end in cells], dtype=float)
    return Series(vendor=vendor, platform=platform, campaign=campaign, origin="report", starts=[start for start, _ in cells], lengths=lengths, figures=figures)  # fmt: skip
