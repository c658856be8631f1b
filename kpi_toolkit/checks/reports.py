"""The vendor's report as cells, what the exports say of the same things, and which campaign in one is which in the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.checks.case import Case
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period

if TYPE_CHECKING:
    import pandas as pd

# Figures that add up over campaigns and days, and that the platforms' exports tell.
ADDED: Final = ("spend", "impressions", "clicks", "conversions", "conversions_value")
MONEY: Final = frozenset({"spend", "conversions_value"})
_OF_CAMPAIGNS: Final = frozenset({*ADDED, "leads"})
_BY: Final = ("vendor", "channel", "campaign")
# Of a figure in full thousands so many digits count.
_COUNTING: Final = 3
# Rows that say nothing, where others of their platform do, hold nothing: platforms leave what never happened blank.
_BLANK: Final = frozenset({"no values", "no rows"})
_PMAX: Final = re.compile(r"p[\s_-]?max|performance[\s_-]*max|最高成效", re.IGNORECASE)
_GONE: Final = re.compile(r"removed|deleted|已移除|已刪除|已删除", re.IGNORECASE)
_PAUSED: Final = re.compile(r"paused|ended|inactive|not_delivering|暫停|已暫停|已結束|關閉", re.IGNORECASE)
_FIGURE: Final = re.compile(r"([0-9][0-9,]*)(?:\.([0-9]+))?\s*([萬億%])?")
_UNITS: Final = {"": Decimal(1), "萬": Decimal(10**4), "億": Decimal(10**8), "%": Decimal("0.01")}
# Figures are the same where they differ by less: a renamed campaign keeps its figures.
_ALIKE: Final = Decimal("0.03")
_ROUNDED: Final = Decimal("1.001")
_AROUND: Final = timedelta(days=14)
_NONE: Final = Decimal(0)
# What a check of a report's campaigns lacks where the exports have none of them.
UNMATCHED: Final = Text(
    zh="{vendor}的報告裡沒有一個廣告活動在平台匯出裡找得到，需要同期間、逐活動的匯出",
    en="exports by campaign of the same days: none of the campaigns in the report of {vendor} is in one",
)
_WITHIN: Final = "period_start >= ? AND period_end <= ?"
_TOUCHING: Final = "period_end >= ? AND period_start <= ?"

Key = tuple[str, str]  # platform, campaign


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure of the report: `value` in the metric's own unit, `step` the worth of its last written digit that counts, `fine` of
    its last written digit at all. `platform` and `campaign` are '' where the figure is of all; `tax` None isn't said."""

    platform: str
    campaign: str
    span: Period
    metric: str
    value: Decimal
    step: Decimal
    fine: Decimal
    is_total: bool
    tax: bool | None = None
    currency: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is of an account, not of a campaign."""
        return self.is_total or not self.campaign

    @property
    def place(self) -> tuple[str, str, Period, bool]:
        """What it is of: figures of one place belong together."""
        return self.platform, self.campaign, self.span, self.is_total


def cells(case: Case, vendor: Vendor, *, period: Period | None = None, touching: bool = False) -> list[Cell]:
    """The figures of the vendor's reports that lie within the period (`touching`: that share a day with it), in the client's own
    currency where they are money; one that is told twice, in one place and alike, counts once."""
    days = period or case.period
    where = f"vendor = ? AND {_TOUCHING if touching else _WITHIN}"
    rows = case.asked(f"SELECT * FROM {{rows}} WHERE {where} ORDER BY ALL", "vendor_claims", vendor.id, days.start, days.end)  # fmt: skip
    own = [row for row in rows if row["value"] is not None and (row["currency"] or case.client.currency) == case.client.currency]  # fmt: skip
    return list(dict.fromkeys(_cell(row) for row in own))


def foreign(case: Case, vendor: Vendor) -> list[str]:
    """The other currencies that the vendor's reports of the period have figures in."""
    rows = case.asked(f"SELECT DISTINCT currency FROM {{rows}} WHERE vendor = ? AND {_WITHIN} ORDER BY 1", "vendor_claims", vendor.id, case.period.start, case.period.end)  # fmt: skip
    return [row["currency"] for row in rows if (row["currency"] or case.client.currency) != case.client.currency]


def _cell(row: Mapping[str, object]) -> Cell:
    value, written = decimal(row["value"]), str(row["written"])
    return Cell(
        platform=str(row["platform"] or ""),
        campaign=str(row["campaign_name"] or ""),
        span=Period(_day(row["period_start"]), _day(row["period_end"])),
        metric=str(row["metric"]),
        value=value,
        step=step_of(written, value, counting=_COUNTING),
        fine=step_of(written, value),
        is_total=bool(row["is_total"]),
        tax=None if row["tax_included"] is None else bool(row["tax_included"]),
        currency=str(row["currency"] or ""),
    )


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def decimal(value: object) -> Decimal:
    """A figure to the millionth, or to nine digits where it is small."""
    return Decimal(f"{float(value):.6f}") if abs(float(value)) >= 1 else Decimal(f"{float(value):.9f}")  # type: ignore[arg-type]


def step_of(written: str, value: Decimal, *, counting: int | None = None) -> Decimal:
    """The step of the last digit written, in the unit of `value`: `12.5萬` is told to the thousand, `2.5%` (0.025) to 0.001, and a
    figure whose header says 萬元 to what its digits come to. With `counting`, full thousands are told to so many digits only
    (`120,000` to the thousand). 0 where no figure is written."""
    found = _FIGURE.search(written)
    if found is None:
        return _NONE
    whole, decimals = found[1].replace(",", ""), found[2] or ""
    read = Decimal(f"{whole}.{decimals or 0}")
    scale = abs(value) / read if read and value else _UNITS[found[3] or ""]
    if decimals:
        return scale / 10 ** len(decimals)
    zeros = len(whole) - len(whole.rstrip("0"))
    return scale * (10 ** max(min(zeros, len(whole) - counting), 0) if counting else 1)


# --- the exports -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What the exports say of a vendor's campaigns over some days: figures by platform and campaign, and by metric. `unknown` are
    figures that can't be given: refused sums, other currencies, platforms that don't tell the metric."""

    figures: Mapping[Key, Mapping[str, Decimal]] = field(default_factory=dict)
    unknown: Collection[tuple[Key, str]] = frozenset()

    def of(self, key: Key, metric: str) -> Decimal:
        """A campaign's figure; 0 where nothing is known of it."""
        return self.figures.get(key, {}).get(metric, _NONE)

    def total(self, metric: str, keys: Iterable[Key] | None = None) -> Decimal:
        """The sum over campaigns, all of them for None."""
        return sum((self.of(key, metric) for key in (self.figures if keys is None else keys)), _NONE)

    def keys(self, platforms: Collection[str] = ("",)) -> list[Key]:
        """The campaigns of these platforms; of all with '' among them."""
        return sorted(key for key in self.figures if "" in platforms or key[0] in platforms)

    def knows(self, metric: str, keys: Iterable[Key]) -> bool:
        """Whether the metric is known of all these campaigns."""
        return all((key, metric) not in self.unknown for key in keys)


@dataclass(frozen=True)
class Book:
    """A vendor's exports, each stretch of days opened once."""

    case: Case
    vendor: Vendor
    _opened: dict[tuple[Period, ...], Exported] = field(default_factory=dict)

    def over(self, spans: Iterable[Period]) -> Exported:
        """What the exports say of the vendor's campaigns on the days of `spans`, each day once. What an account's totals hold beyond
        its campaigns (removed ones) stands under the campaign ''."""
        days = tuple(merged(spans))
        if not days or not self.case.dataset.has("ads_daily"):
            return Exported()
        if days not in self._opened:
            self._opened[days] = _exported(self._told(days, _BY), self._told(days, _BY[:2]))
        return self._opened[days]

    def _told(self, days: Sequence[Period], by: tuple[str, ...]) -> _Measured:
        if not self._by_day:
            told = _measured(self.case.measured_over(days, ADDED, by), self.vendor, self.case)
            return _added(told.values())
        daily = self._by_campaign if by == _BY else self._by_account
        return _added(daily[day] for one in days for day in one.each_day() if day in daily)

    @cached_property
    def _by_day(self) -> bool:
        """Whether the exports tell every day by itself."""
        return not self.case.asked("SELECT 1 FROM {rows} WHERE grain <> 'day' LIMIT 1", "ads_daily")

    @cached_property
    def _by_campaign(self) -> Mapping[date, _Measured]:
        return self._days(_BY)

    @cached_property
    def _by_account(self) -> Mapping[date, _Measured]:
        return self._days(_BY[:2])

    def _days(self, by: tuple[str, ...]) -> Mapping[date, _Measured]:
        """Every day of the period and of a fortnight around it, asked at once."""
        start, end = self.case.period.start - _AROUND, self.case.period.end + _AROUND
        return _measured(self.case.measured_over([Period(start, end)], ADDED, (*by, "day")), self.vendor, self.case)


def exported(case: Case, vendor: Vendor, spans: Iterable[Period]) -> Exported:
    """What the exports say of the vendor's campaigns on the days of `spans`; see Book.over."""
    return Book(case, vendor).over(spans)


@dataclass(frozen=True)
class _Measured:
    """The figures of a vendor's groups, those that are blank, and those that can't be given."""

    figures: dict[Key, dict[str, Decimal]]
    blank: set[tuple[Key, str]]
    unknown: set[tuple[Key, str]]


def _added(parts: Iterable[_Measured]) -> _Measured:
    whole = _Measured({}, set(), set())
    for part in parts:
        for key, told in part.figures.items():
            own = whole.figures.setdefault(key, {})
            for metric, value in told.items():
                own[metric] = own.get(metric, _NONE) + value
        whole.blank.update(part.blank)
        whole.unknown.update(part.unknown)
    return whole


def _exported(campaigns: _Measured, accounts: _Measured) -> Exported:
    figures = campaigns.figures
    telling = {(key[0], metric) for key, told in figures.items() for metric in told}
    blank = {(key, metric) for key, metric in campaigns.blank if (key[0], metric) not in telling}
    for (platform, _), told in accounts.figures.items():
        for metric, whole in told.items():
            listed = sum((own.get(metric, _NONE) for key, own in figures.items() if key[0] == platform), _NONE)
            if (platform, metric) in telling and whole > listed * _ROUNDED + 1:
                rest = figures.setdefault((platform, ""), {})
                rest[metric] = rest.get(metric, _NONE) + whole - listed
    return Exported(figures=figures, unknown=frozenset(campaigns.unknown | blank))


def _measured(table: pd.DataFrame, vendor: Vendor, case: Case) -> dict[date, _Measured]:
    """The vendor's rows by the first day that they are of."""
    found: dict[date, _Measured] = {}
    own = table[table["vendor"] == vendor.id]
    names = own["campaign"] if "campaign" in own else [""] * len(own)
    columns = (own[name].tolist() for name in ("channel", "metric", "value", "status", "reason", "currency"))
    for day, campaign, channel, metric, value, status, reason, currency in zip(own["period_start"].dt.date, names, *columns, strict=True):  # fmt: skip
        key, told = (channel, campaign), found.setdefault(day, _Measured({}, set(), set()))
        figures = told.figures.setdefault(key, {})
        if status == "no data":
            (told.blank if reason in _BLANK else told.unknown).add((key, metric))
        elif metric in MONEY and currency != case.client.currency:
            told.unknown.add((key, metric))
        else:
            figures[metric] = figures.get(metric, _NONE) + decimal(value)
    return found


def without_pmax(case: Case) -> set[str]:
    """The platforms whose exports are by ad group or ad throughout: Performance Max, which has neither, isn't in there."""
    rows = case.asked("SELECT source FROM {rows} WHERE source = 'google_ads' GROUP BY 1 HAVING bool_and(coalesce(ad_group_name, ad_name, ad_group_id, ad_id, '') <> '')", "ads_daily")  # fmt: skip
    return {row["source"] for row in rows}


def merged(spans: Iterable[Period]) -> list[Period]:
    """The days of these periods, in as few of them as it takes."""
    found: list[Period] = []
    for one in sorted(spans, key=lambda one: (one.start, one.end)):
        if found and one.start <= found[-1].end + timedelta(days=1):
            found[-1] = Period(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(Period(one.start, one.end))
    return found


def known_campaigns(case: Case) -> set[Key]:
    """Every campaign that any export tells of, whosever and whenever, by its name's plain spelling."""
    if not case.dataset.has("ads_daily"):
        return set()
    rows = case.asked("SELECT DISTINCT source, coalesce(campaign_name, '') AS name FROM {rows}", "ads_daily")
    return {(row["source"], plain(row["name"])) for row in rows}


# --- which campaign is which -------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """A campaign's name as people compare it: without case, spaces and the signs that join its words."""
    return re.sub(r"[\s_\-–—|/.:：()（）\[\]【】]+", "", unicodedata.normalize("NFKC", name).casefold())


Claimed = Mapping[Key, Mapping[str, Decimal]]


def by_campaign(report: Sequence[Cell]) -> dict[Key, dict[str, Decimal]]:
    """The report's campaign rows: what each campaign is said to have come to, over all days told."""
    found: dict[Key, dict[str, Decimal]] = {}
    for one in longest(cell for cell in report if not cell.whole and cell.metric in _OF_CAMPAIGNS):
        told = found.setdefault((one.platform, one.campaign), {})
        told[one.metric] = told.get(one.metric, _NONE) + one.value
    return found


def longest(report: Iterable[Cell]) -> list[Cell]:
    """Of figures whose days overlap, those over the most days: weeks and their month aren't added."""
    kept: dict[tuple[str, str, str, bool], list[Cell]] = {}
    for one in sorted(report, key=lambda one: (-one.span.days, one.span.start, one.platform, one.campaign, one.metric, one.is_total, one.value)):  # fmt: skip
        own = kept.setdefault((one.platform, one.campaign, one.metric, one.is_total), [])
        # Equal spans are parts of one thing (ad sets), not the same told twice.
        if all(one.span == other.span or one.span.end < other.span.start or other.span.end < one.span.start for other in own):  # fmt: skip
            own.append(one)
    return [one for own in kept.values() for one in own]


def matched(claimed: Claimed, export: Exported) -> dict[Key, tuple[Key, ...]]:
    """The exported campaigns that each of the report's campaigns is: by name; else by a name that holds the other, where one alone
    or all of its parts do; else by the same figures (renamed). Campaigns without one are missing."""
    found = {key: tuple(own for own in export.keys([key[0]]) if plain(own[1]) == plain(key[1])) for key in claimed}
    for alike in (_by_end_of_name, _by_part_of_name, _by_figures):
        taken = {own for keys in found.values() for own in keys}
        for key in sorted((key for key, keys in found.items() if not keys), key=lambda key: (-len(plain(key[1])), key)):
            free = [own for own in export.keys([key[0]]) if own not in taken and own[1]]
            found[key] = alike(key, claimed[key], free, export)
            taken |= {*found[key]}
    return {key: keys for key, keys in found.items() if keys}


def _by_end_of_name(key: Key, _told: Mapping[str, Decimal], free: Sequence[Key], _export: Exported) -> tuple[Key, ...]:
    """A name without the prefix that an account's names have."""
    name = plain(key[1])
    ending = tuple(own for own in free if len(name) > 1 and plain(own[1]).endswith(name))
    return ending if len(ending) == 1 else ()


def _by_part_of_name(key: Key, _told: Mapping[str, Decimal], free: Sequence[Key], _export: Exported) -> tuple[Key, ...]:
    name = plain(key[1])
    if len(name) < 2:
        return ()
    parts = tuple(own for own in free if name in plain(own[1]))
    holding = tuple(own for own in free if len(plain(own[1])) > 1 and plain(own[1]) in name)
    return parts or (holding if len(holding) == 1 else ())


def _by_figures(_key: Key, told: Mapping[str, Decimal], free: Sequence[Key], export: Exported) -> tuple[Key, ...]:
    best = [own for own in free if _same_figures(told, export.figures[own])]
    return (best[0],) if len(best) == 1 else ()


def _same_figures(told: Mapping[str, Decimal], found: Mapping[str, Decimal]) -> bool:
    """Whether most of what both tell of size is the same; spend may be told with tax."""
    both = [name for name in ("spend", "impressions", "clicks") if told.get(name) and found.get(name)]
    same = [name for name in both if _alike(told[name], found[name]) or (name == "spend" and _alike(told[name], found[name] * Decimal("1.05")))]  # fmt: skip
    return bool(both) and len(same) * 2 > len(both)


def _alike(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _ALIKE * other


def is_pmax(name: str, objective: str = "") -> bool:
    """Whether a campaign is Google's Performance Max, of which ad groups and ads have no rows."""
    return bool(_PMAX.search(name) or _PMAX.search(objective))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the export says of a campaign beside figures."""

    pmax: bool = False
    gone: bool = False
    paused: bool = False


def standings(case: Case) -> dict[Key, Standing]:
    """Of every exported campaign whether it is Performance Max, removed, or paused."""
    rows = case.asked(
        "SELECT source, coalesce(campaign_name, '') AS name, coalesce(string_agg(DISTINCT objective, ' '), '') AS objective, "
        "coalesce(string_agg(DISTINCT status, ' '), '') AS status FROM {rows} GROUP BY 1, 2",
        "ads_daily",
    )
    return {
        (row["source"], row["name"]): Standing(
            pmax=is_pmax(row["name"], row["objective"]),
            gone=is_gone(row["status"]) or is_gone(row["name"]),
            paused=bool(_PAUSED.search(row["status"])),
        )
        for row in rows
    }


def is_gone(words: str) -> bool:
    """Whether a status or a name says that the campaign was removed."""
    return bool(_GONE.search(words))


def platforms_of(report: Iterable[Cell]) -> set[str]:
    """The platforms that the report names; {''} where it names none."""
    return {one.platform for one in report if one.platform} or {""}
