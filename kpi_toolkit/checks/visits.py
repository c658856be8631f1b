"""Ad clicks beside the visits that the site saw of them, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.evidence import Tally
from kpi_toolkit.analysis.traffic import UNPAID, UNTAGGED, Flags, Floats, parted, tally
from kpi_toolkit.checks.case import Case, once
from kpi_toolkit.checks.detector import Few
from kpi_toolkit.checks.told import BEFORE, COUNTS
from kpi_toolkit.i18n import LANGS, Text, finished
from kpi_toolkit.periods import Period
from kpi_toolkit.tables.platforms import platform_name

if TYPE_CHECKING:
    import pandas as pd

_ADS: Final = (*COUNTS, "spend")
_VISITS: Final = {
    "sessions": "value",
    "engagement_rate": "numerator",
    "site_purchase_rate": "numerator",
    "add_to_cart_rate": "numerator",
}
_NAMES: Final = {
    "sessions": "sessions",
    "engagement_rate": "engaged",
    "site_purchase_rate": "purchases",
    "add_to_cart_rate": "carts",
}
# So many of a channel's visits must name their campaign before they are parted by vendor.
_NAMED: Final = 0.8
_SEVERAL: Final = Text(zh="廠商", en="the vendor")
_UNDATED: Final = Text(
    zh="{platform}：只有整段期間的點擊，匯出時要以「日」細分",
    en="{platform}: clicks of whole periods only; break the export down by day",
)
_NO_CLICKS: Final = Text(
    zh="要有逐日的廣告點擊（匯出時以「日」細分，並包含點擊欄）",
    en="ad clicks by day (an export broken down by day that has a column of clicks)",
)
# What platforms call campaigns whose aim is on the platform itself; leads of social platforms, unless the site counts them.
_STAYS: Final = "friend|好友|follow|追蹤|粉絲|messag|訊息|私訊|conversations|app_install|app_promotion|應用程式|video_views|影片觀看|engagement|互動|onsite|leadgen|lead_grouped|instant|即時表單"
_STAYING: Final = (
    "SELECT DISTINCT source, coalesce(campaign_name, '') AS campaign FROM {rows} WHERE "
    f"regexp_matches(lower(concat_ws(' ', objective, conversion_type)), '{_STAYS}') OR followers_gained > 0 OR "
    "(source IN ('meta_ads', 'tiktok_ads', 'line_ads') AND regexp_matches(lower(concat_ws(' ', objective, campaign_name)), 'lead|名單|潛在') "
    "AND NOT regexp_matches(lower(coalesce(conversion_type, '')), 'offsite|pixel|網站|submit')) ORDER BY ALL"
)


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What one vendor's ads on a platform (or several that analytics can't part) brought, by day; NaN is not known."""

    vendor: str
    platforms: tuple[str, ...]
    channels: tuple[str, ...]
    ads: Mapping[str, Floats] = field(repr=False)
    site: Mapping[str, Floats] = field(repr=False)

    @property
    def clicks(self) -> Floats:
        """The platform's clicks."""
        return self.ads["clicks"]

    @property
    def sessions(self) -> Floats:
        """The site's visits from these ads."""
        return self.site["sessions"]

    @property
    def coming(self) -> Floats:
        """The clicks that lead to the site: those of campaigns that stay on the platform are left out, unless they come after all
        (more visits than clicks)."""
        known = np.isfinite(self.sessions)
        return self.ads["coming"] if np.nansum(self.sessions) <= self.ads["coming"][known].sum() else self.clicks

    @property
    def running(self) -> Flags:
        """Days with clicks that lead to the site, on which its visits are known."""
        return (self.coming > 0) & np.isfinite(self.sessions)


@dataclass(frozen=True, kw_only=True)
class Visits:
    """All streams over the same `days`; `now` are those of the period. `untagged` are visits whose origin is lost, `unpaid`
    all that no platform was paid for, each by figure. `undated` are platforms whose clicks are told by whole periods alone."""

    days: Sequence[date]
    now: Flags
    streams: Sequence[Stream]
    untagged: Mapping[str, Floats] = field(repr=False)
    unpaid: Mapping[str, Floats] = field(repr=False)
    undated: Sequence[str] = ()

    def lacking(self) -> list[Few]:
        """What is needed of the platforms whose clicks aren't told by day, or of all where none are."""
        if self.undated:
            return [Few(needed=_UNDATED.fill(platform=name)) for name in self.undated]
        return [] if self.streams else [Few(needed=_NO_CLICKS)]

    @property
    def before(self) -> Flags:
        """The days before the period."""
        return ~self.now

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Each day's weekday, Monday being 0."""
        return np.array([day.weekday() for day in self.days], dtype=np.int64)

    def spend(self, case: Case, stream: Stream) -> float | None:
        """What the stream cost in the period, in the client's currency; None where that is not told."""
        spent = stream.ads["spend"][self.now]
        return float(np.nansum(spent)) if np.isfinite(spent).any() else None

    def rest(self, stream: Stream, figure: str, of: str, days: Flags) -> Tally:
        """A figure out of another over all other visits of the site."""
        parts = [self.unpaid, *(one.site for one in self.streams if one is not stream)]
        found = [tally(part[figure], part[of], days) for part in parts]
        return Tally(count=sum(one.count for one in found), exposure=sum(one.exposure for one in found))

    def others(self, stream: Stream, days: Flags) -> Tally:
        """Visits for the clicks of all other streams."""
        found = [tally(one.sessions, one.coming, days & one.running) for one in self.streams if one is not stream]
        return Tally(count=sum(one.count for one in found), exposure=sum(one.exposure for one in found))


@once
def visits(case: Case) -> Visits:
    """The ads' clicks and the site's visits of the period and the 92 days before it."""
    first = case.period.start - timedelta(days=BEFORE)
    days = list(Period(first, case.period.end).each_day())
    now = np.array([day in case.period for day in days], dtype=bool)
    ads = case.measured(_ADS, ("vendor", "channel", "campaign", "day"), days_before=BEFORE)
    ads = ads[(ads["currency"] == "") | (ads["currency"] == case.client.currency)]
    site = _site(case, ("channel", "day"))
    told = _told(site, days)
    ads = ads.assign(stays=_stays(case, ads))
    vendors = _vendors(ads, now, days)
    streams = []
    for platforms, channels in parted(list(vendors), list(site["channel"].dropna().unique()) if len(site) else []):
        owners = sorted({vendor for one in platforms for vendor in vendors[one]})
        parts = _by_vendor(case, ads, platforms, channels, owners, days, told) if len(owners) > 1 else None
        owner = owners[0] if len(owners) == 1 else ""
        streams += parts or [_stream(owner, platforms, channels, ads, site, days, told)]
    return Visits(
        days=days, now=now, streams=streams, untagged=_figures(site[site["channel"].isin(UNTAGGED)], days, told),
        unpaid=_figures(site[site["channel"].isin(UNPAID)], days, told), undated=_undated(case, vendors),
    )  # fmt: skip


def _undated(case: Case, dated: Mapping[str, object]) -> list[str]:
    whole = case.measured(("clicks",), ("channel",))
    return sorted({str(name) for name in whole.loc[whole["value"] > 0, "channel"]} - {*dated})


def _site(case: Case, by: tuple[str, ...]) -> pd.DataFrame:
    frame = case.measured(tuple(_VISITS), by, days_before=BEFORE)
    return frame[frame["channel"].notna()]


def _stays(case: Case, ads: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows are of campaigns that may stay on the platform: forms there, friends gained, messages, apps."""
    stay = {(row["source"], row["campaign"]) for row in case.asked(_STAYING, "ads_daily")}
    return np.array([pair in stay for pair in zip(ads["channel"], ads["campaign"], strict=True)], dtype=bool)


def _told(site: pd.DataFrame, days: Sequence[date]) -> Flags:
    """Days that web analytics tells of at all: on the others nothing is known."""
    there = {one.date() for one in site.loc[(site["metric"] == "sessions") & (site["value"] > 0), "period_start"]}
    return np.array([day in there for day in days], dtype=bool)


def _vendors(ads: pd.DataFrame, now: Flags, days: Sequence[date]) -> dict[str, list[str]]:
    """The vendors of each platform that had clicks in the period."""
    first = days[int(np.argmax(now))]
    clicks = ads[(ads["metric"] == "clicks") & (ads["value"] > 0) & (ads["period_start"].dt.date >= first)]
    return {str(name): sorted(rows["vendor"].unique()) for name, rows in clicks.groupby("channel")}


def _stream(vendor: str, platforms: tuple[str, ...], channels: tuple[str, ...], ads: pd.DataFrame, site: pd.DataFrame, days: Sequence[date], told: Flags) -> Stream:  # fmt: skip
    own = ads[ads["channel"].isin(platforms)]
    figures = {name: _by_day(own[own["metric"] == name], "value", days) for name in _ADS}
    figures["clicks"] = np.nan_to_num(figures["clicks"])
    figures["coming"] = np.nan_to_num(_by_day(own[(own["metric"] == "clicks") & ~own["stays"]], "value", days))
    return Stream(vendor=vendor, platforms=platforms, channels=channels, ads=figures, site=_figures(site[site["channel"].isin(channels)], days, told))  # fmt: skip


def _by_vendor(case: Case, ads: pd.DataFrame, platforms: tuple[str, ...], channels: tuple[str, ...], owners: Sequence[str], days: Sequence[date], told: Flags) -> list[Stream] | None:  # fmt: skip
    """The stream parted by vendor, where the visits name their campaigns and these are the vendors'."""
    site = _site(case, ("channel", "campaign", "day"))
    own = site[site["channel"].isin(channels)]
    of = {row.campaign: row.vendor for row in ads[ads["channel"].isin(platforms)].itertuples()}
    whose = own["campaign"].map(of)
    sessions = own["value"].where(own["metric"] == "sessions")
    if not sessions[whose.notna()].sum() >= _NAMED * sessions.sum() or not sessions.sum():
        return None
    return [_stream(one, platforms, channels, ads[ads["vendor"] == one], own[whose == one], days, told) for one in owners]  # fmt: skip


def _figures(site: pd.DataFrame, days: Sequence[date], told: Flags) -> dict[str, Floats]:
    """Each figure by day: 0 on days that are told without it, not known on others or where no file has it."""
    found = {}
    for metric, column in _VISITS.items():
        rows = site[site["metric"] == metric]
        counts = _by_day(rows, column, days)
        lacking = metric != "sessions" and len(rows) > 0 and not rows[column].notna().any()
        found[_NAMES[metric]] = np.where(told, counts if lacking else np.nan_to_num(counts), np.nan)
    return found


def _by_day(rows: pd.DataFrame, column: str, days: Sequence[date]) -> Floats:
    sums = rows.groupby("period_start")[column].sum(min_count=1)
    at = {day.date(): value for day, value in zip(sums.index.to_pydatetime(), sums, strict=True)}  # type: ignore[attr-defined]
    return np.array([at.get(day, np.nan) for day in days], dtype=float)


def split_by(case: Case, column: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions by channel and `column`, and clicks by vendor, channel and `column`, of the days before and of the period."""
    spans = [Period(case.period.start - timedelta(days=BEFORE), case.period.start - timedelta(days=1)), case.period]
    sessions = case.measured_over(spans, ("sessions",), ("channel", column))
    return sessions, case.measured_over(spans, ("clicks",), ("vendor", "channel", column))


def of_stream(case: Case, stream: Stream, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A stream's rows of a table that `split_by` gave, now and before."""
    told = table[table["value"].notna() & table["channel"].notna()]
    clicks = "vendor" in told
    own = told["channel"].isin(stream.platforms if clicks else stream.channels)
    if clicks and stream.vendor:
        own &= told["vendor"] == stream.vendor
    now = told["period_start"].dt.date >= case.period.start
    return told[own & now], told[own & ~now]


def named(case: Case, stream: Stream) -> dict[str, object]:
    """Whose it is, for the words of a finding."""
    vendor = next((one.name.text() for one in case.client.vendors if one.id == stream.vendor), _SEVERAL)
    names = [platform_name(one) for one in stream.platforms]
    return {"name": vendor, "platform": finished(*(", ".join(one.say(lang) for one in names) for lang in LANGS))}


def money(case: Case, spend: float | None, share: float) -> tuple[Decimal | None, str]:
    """A share of the spend (0 to 1) as an amount in the client's currency; None where spend isn't told."""
    amount = round((spend or 0.0) * min(max(share, 0.0), 1.0))
    return (Decimal(amount), case.client.currency) if amount else (None, "")


def listed(parts: Sequence[Text]) -> Text:
    """Several things in a row."""
    return finished("、".join(one.say("zh-TW") for one in parts), ", ".join(one.say("en") for one in parts))
