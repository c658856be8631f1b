"""A vendor's report held against the exports, scope by scope: its campaigns, its platforms, all together; by day, part or whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.reconciliation import Amounts, Cause, Entry
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.reports import (  # fmt: skip
    ADDED,
    Book,
    Cell,
    Claimed,
    Exported,
    Key,
    Standing,
    by_campaign,
    decimal,
    is_pmax,
    longest,
    matched,
    merged,
    platforms_of,
    standings,
    without_pmax,
)
from kpi_toolkit.periods import Period

# Hours between Taipei and the zones that accounts are often left in: UTC, and the US Pacific with and without summer time.
_HOURS: Final = (8, 15, 16)
_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_SLIP: Final = Decimal("1.02")
# What a row of the export tells under another name: a metric and the column that some reports take for it.
_OTHER: Final[Mapping[str, tuple[Cause, str]]] = {
    "clicks": ("window", "coalesce(clicks_all, clicks)"),
    # Google tells conversions after a view apart; the others' conversions hold them already.
    "conversions": (
        "view_through",
        "conversions + CASE WHEN source = 'google_ads' THEN coalesce(view_conversions, 0) ELSE 0 END",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A metric of the report beside the exports: what it says of each item and what was found of it, over the same days.

    `versions` are other states of the export, by cause; `early` what was found without the last day of each span; `smaller` what it
    comes to where a report leaves out platforms, Performance Max or removed campaigns; `spend` and `conversions` are what the exports say that
    the items spent and brought. `campaigns` tells whether the items are campaigns, else accounts; `whole`, whether the report tells nothing finer;
    `taxed`, whether tax may be in it.
    """

    metric: str
    campaigns: bool
    entries: Sequence[Entry]
    found: Amounts
    versions: Mapping[Cause, Sequence[Amounts]]
    early: Decimal
    smaller: Sequence[Decimal]
    spend: Decimal
    conversions: Decimal
    whole: bool
    taxed: bool


@dataclass(frozen=True, kw_only=True)
class Scopes:
    """All scopes of a report that can be held against the exports; `left_out` are the metrics of campaigns or accounts for which
    the exports give no figure, by item."""

    scopes: Sequence[Scope]
    left_out: Sequence[tuple[str, str]]


def scopes(case: Case, vendor: Vendor, report: Sequence[Cell]) -> Scopes:
    """The report's additive figures beside the exports'. Campaigns that no export has are no matter here."""
    found: list[tuple[int, Scope]] = []
    left_out, compared = set[tuple[str, str]](), set[tuple[str, str]]()
    added = [_without_tax(cell) for cell in report if exported_as(cell.metric) in ADDED]
    book = Book(case, vendor)
    whole = book.over(cell.span for cell in added)
    rows = by_campaign(added)
    campaigns = matched(rows, whole)
    # Claims of campaigns that their platform's export can't have: they stand in the report's totals, too.
    blind = without_pmax(case) if case.dataset.has("ads_daily") else set()
    extra = {
        key: told
        for key, told in rows.items()
        if key not in campaigns and (key[0] in blind or not key[0]) and is_pmax(key[1])
    }
    platforms = platforms_of(report)
    for kind, layer in _layers(added, case.period):
        metric = exported_as(layer[0].metric)
        covered = book.over(cell.span for cell in layer)
        silent = {own for key, keys in campaigns.items() if layer[0].metric not in rows[key] for own in keys}
        ours: dict[Cell, tuple[Key, ...]] = {}
        for cell in longest(layer):
            asked = {cell.platform} if cell.platform else platforms
            keys = campaigns.get((cell.platform, cell.campaign), ())
            if cell.whole:
                # Campaigns whose rows don't tell the metric (friends gained are no conversions) aren't in its total.
                keys = tuple(key for key in whole.keys(asked) if key not in silent)
            unseen = cell.whole and bool(blind & {key[0] for key in keys}) and _holds_more(cell, rows)
            if keys and covered.knows(metric, keys) and not unseen:
                ours[cell] = keys
                compared.add((cell.campaign or cell.platform, cell.metric))
            elif keys or (cell.whole and cell.value):
                left_out.add((cell.campaign or cell.platform, cell.metric))
        if ours:
            found.append((kind, _scope(book, ours, extra, whole=not rows or not layer[0].whole)))
    # Days and weeks are parts of what is told in whole, and rounded more often.
    in_whole = {scope.metric for kind, scope in found if kind == _WHOLE}
    kept = [scope for kind, scope in found if kind == _WHOLE or scope.metric not in in_whole]
    return Scopes(scopes=kept, left_out=sorted(left_out - compared))


def _holds_more(cell: Cell, rows: Claimed) -> bool:
    """Whether an account's figure is more than its campaigns' rows, so that it may hold campaigns without a row."""
    listed = sum((told.get(cell.metric, _NONE) for key, told in rows.items() if cell.platform in ("", key[0])), _NONE)
    return cell.value > listed * _SLIP


def _without_tax(cell: Cell) -> Cell:
    """Spend that is said to be with tax, as the exports have it."""
    if cell.metric != "spend" or not cell.tax:
        return cell
    factor = 1 + Decimal(repr(TAX_RATE))
    return replace(cell, value=cell.value / factor, step=cell.step / factor, tax=False)


def exported_as(metric: str) -> str:
    """The metric of the exports that a report's is held against."""
    return "conversions" if metric == "leads" else metric


_WHOLE: Final = 2


def _layers(report: Sequence[Cell], period: Period) -> Iterator[tuple[int, list[Cell]]]:
    """The figures of one metric, level and kind of span each (days, parts, the whole), with the kind."""
    layers: dict[tuple[str, str, int], list[Cell]] = {}
    for cell in report:
        level = "campaign" if not cell.whole else (cell.is_total, bool(cell.platform))
        kind = 0 if cell.span.days == 1 else 1 if cell.span.days * 2 < period.days else _WHOLE
        layers.setdefault((cell.metric, str(level), kind), []).append(cell)
    return ((key[2], layers[key]) for key in sorted(layers))


def _scope(book: Book, ours: Mapping[Cell, tuple[Key, ...]], extra: Claimed, *, whole: bool) -> Scope:
    metric, campaigns = next((cell.metric, not cell.whole) for cell in ours)
    items: dict[tuple[str, str, tuple[Key, ...]], list[Cell]] = {}
    for cell, keys in ours.items():
        items.setdefault((cell.campaign, cell.platform, keys), []).append(cell)
    names = [campaign or platform for campaign, platform, _ in items]
    states = []
    for (campaign, platform, keys), own in sorted(items.items()):
        name = campaign or platform or book.vendor.id
        item = f"{name} ({platform})" if names.count(campaign or platform) > 1 else name
        beyond = (told.get(metric, _NONE) for key, told in extra.items() if not campaign and platform in ("", key[0]))
        states.append(_state(book, exported_as(metric), item, keys, own, sum(beyond, _NONE)))
    return Scope(
        metric=metric,
        campaigns=campaigns,
        entries=[entry for one in states for entry in one.entries],
        found={one.item: one.found for one in states},
        versions=_versions(book, exported_as(metric), states),
        early=sum((one.found - one.last for one in states), _NONE),
        smaller=[] if campaigns else _smaller(book.case, states),
        spend=sum((one.export.total("spend", one.keys) for one in states), _NONE),
        conversions=sum((one.export.total("conversions", one.keys) for one in states), _NONE),
        whole=whole,
        taxed=metric == "spend" and any(cell.tax is None for cell in ours),
    )


def _smaller(case: Case, states: Sequence[_State]) -> list[Decimal]:
    """What the accounts come to without some of their platforms, without Performance Max, without removed campaigns."""
    sums: dict[str, Decimal] = {}
    known, left = standings(case), [_NONE, _NONE]
    for one in states:
        for key in one.keys:
            amount, standing = one.export.of(key, one.metric), known.get(key, Standing())
            sums[key[0]] = sums.get(key[0], _NONE) + amount
            left[0] += amount if standing.pmax else _NONE
            left[1] += amount if standing.gone or not key[1] else _NONE
    whole = sum(sums.values(), _NONE)
    some = [sum(chosen, _NONE) for size in range(1, len(sums)) for chosen in combinations(sums.values(), size)]
    return [*some, *(whole - one for one in (*left, sum(left, _NONE)) if _NONE < one < whole)]


def _versions(book: Book, metric: str, states: Sequence[_State]) -> dict[Cause, Sequence[Amounts]]:
    """Other states of the export: in other time zones, with what other columns count, as it was before it was restated."""
    versions: dict[Cause, Sequence[Amounts]] = {
        "time_zone": [{one.item: one.shifted(Decimal(hours) / 24, later) for one in states} for hours in _HOURS for later in (True, False)]
    }  # fmt: skip
    if more := _more(book.case, metric):
        versions[_OTHER[metric][0]] = [{one.item: one.times(more) for one in states}]
    if before := _before(book.case, metric):
        versions["lag"] = [{one.item: one.times({key: before.get(key[0], _ONE) for key in one.keys}) for one in states}]
    return versions


def _more(case: Case, metric: str) -> dict[Key, Decimal]:
    """By campaign, how many times as many another column counts; none where none does."""
    if metric not in _OTHER:
        return {}
    sql = (
        f"SELECT source, campaign_name AS name, sum({_OTHER[metric][1]}) / sum({metric}) AS times FROM {{rows}} "
        f"WHERE {metric} > 0 AND period_start >= ? AND period_end <= ? GROUP BY 1, 2 HAVING times > 1 ORDER BY 1, 2"
    )
    rows = case.asked(sql, "ads_daily", case.period.start, case.period.end)
    return {(row["source"], row["name"] or ""): decimal(row["times"]) for row in rows}


def _before(case: Case, metric: str) -> dict[str, Decimal]:
    """By platform, how many times as much an earlier export of the period told, where it told more."""
    told: dict[str, Decimal] = {}
    month = f"{case.period.start:%Y-%m}"
    for row in case.restated or ():
        asked = (row["table"], row["column"], str(row["month"])[:7]) == ("ads_daily", metric, month)
        if asked and row["after"] and row["before"] > row["after"]:
            told[row["source"]] = max(decimal(row["before"] / row["after"]), told.get(row["source"], _ONE))
    return told


@dataclass(frozen=True, kw_only=True)
class _State:
    """An item over its days: what is said, what was found, and what the days at the borders and around them have. `beyond` is what
    the report says of campaigns that the exports can't have."""

    item: str
    entries: Sequence[Entry]
    keys: tuple[Key, ...]
    metric: str
    export: Exported
    beyond: Decimal
    first: Decimal
    last: Decimal
    before: Decimal
    after: Decimal

    @property
    def found(self) -> Decimal:
        return self.export.total(self.metric, self.keys) + self.beyond

    def shifted(self, part: Decimal, later: bool) -> Decimal:
        """The same days as an account in another time zone has them: parts of the days at the borders move in and out."""
        gained, lost = (self.after, self.first) if later else (self.before, self.last)
        return self.found + part * (gained - lost)

    def times(self, factors: Mapping[Key, Decimal]) -> Decimal:
        return sum((self.export.of(key, self.metric) * factors.get(key, _ONE) for key in self.keys), self.beyond)


def _state(book: Book, metric: str, item: str, keys: tuple[Key, ...], own: Sequence[Cell], beyond: Decimal) -> _State:
    days, one = merged(cell.span for cell in own), timedelta(days=1)

    def on(ends: Iterable[date]) -> Decimal:
        return book.over(Period(end, end) for end in ends).total(metric, keys)

    first, last = on(p.start for p in days), on(p.end for p in days)
    return _State(
        item=item,
        entries=[Entry(item=item, amount=cell.value, step=cell.step) for cell in own],
        keys=keys,
        metric=metric,
        export=book.over(days),
        beyond=beyond,
        first=first,
        last=last,
        # Where the exports end with the period, the days around it are taken to be like those at its border.
        before=on(p.start - one for p in days) or first,
        after=on(p.end + one for p in days) or last,
    )
