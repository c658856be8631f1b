"""A client drawn from a set's ranges: who works for it, what runs, how its year goes, and which tables it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from benchmarks.integrity.campaigns import FRIENDS, INSTANT_FORM, KINDS, RESULT, WINDOWS, Campaign, Kind
from benchmarks.integrity.chance import Floats, Rng, around, between, chosen, evenly_by_size, happens, stream
from benchmarks.integrity.ranges import Range, Ranges
from benchmarks.integrity.seasons import Year
from kpi_toolkit.periods import Period, month

# Names of agencies, and the prefix that each gives its campaigns.
AGENCIES = (
    ("beichen", "北辰數位", "Beichen Digital", "BC_"), ("qingtian", "晴天社群行銷", "Qingtian Social", "晴天_"),
    ("yuesheng", "躍昇整合行銷", "Yuesheng Media", "YS-"), ("haidian", "好點子廣告", "Good Idea Ads", "好點子｜"),
    ("lanjing", "藍鯨科技", "Blue Whale Tech", "[LJ] "), ("shanhai", "山海數位工作室", "Shanhai Studio", "SH "),
)  # fmt: skip
# Orders or leads that the data of a client hold at most, about.
MOST = 24_000
# Tables beside the ads, and how often those who ask for them must have them.
TABLES = ("sessions", "books", "reports", "commission_list", "content", "restated", "countries", "hours", "daily_reports", "views", "devices")  # fmt: skip
_RARE = {"commission_list": 0.35, "content": 0.4, "restated": 0.5, "countries": 0.3, "hours": 0.2, "daily_reports": 0.3, "devices": 0.6}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Agency:
    """A vendor of the client: the platforms it runs, and how it is paid. `markup` is the agreed share on media it bills."""

    id: str
    zh: str
    en: str
    prefix: str
    platforms: tuple[str, ...]
    pay: str  # retainer | share | tiers | each
    retainer: float
    share: float
    minimum: float
    bills_media: bool
    markup: float
    tax: str  # included | excluded
    tax_told: bool  # whether the books say it
    cut_off: int  # days before the month's end on which media are invoiced up to; 0 for whole months
    dated_next: bool  # whether invoices are dated in the next month
    by_account: bool  # whether the agreement knows its campaigns by account rather than by name


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything about a client but its days' figures. `first` and `last` are the days of its data."""

    seed: int
    ranges: Ranges
    goal: str
    period: Period
    months: tuple[Period, ...]
    media: float  # TWD a month
    agencies: tuple[Agency, ...]
    campaigns: tuple[Campaign, ...]
    year: Year
    steps: dict[str, tuple[date, float]]  # budget, price, landing page: since when, and the factor
    growth: tuple[float, ...]  # of each month
    aov: float
    organic: float
    dispersion: float
    weekly: float
    tracking_loss: float
    overlap: float
    lag: float
    bots: float
    has: frozenset[str]
    fractional: bool  # Google's data-driven attribution splits orders
    tz_part: dict[str, float] = field(default_factory=dict)  # by platform, the part of a day that is told as another

    @property
    def first(self) -> date:
        return self.months[0].start

    @property
    def last(self) -> date:
        return self.period.end

    def rng(self, purpose: str) -> Rng:
        return stream(self.ranges.salt, self.seed, purpose)

    def drifting(self, what: str, days: Sequence[date], span: Range) -> Floats:
        """A factor for each day that its month shares: nothing stays quite as it was."""
        rng = self.rng(f"drift {what}")
        spread = between(rng, span)
        by_month = [float(around(rng, spread)) for _ in self.months]
        starts = [one.start for one in self.months]
        return np.array([by_month[max(sum(day >= start for start in starts) - 1, 0)] for day in days])

    def factor(self, step: str, day: date) -> float:
        """The factor of a step on that day."""
        since, factor = self.steps.get(step, (date.max, 1.0))
        return factor if day >= since else 1.0


def drawn(seed: int, ranges: Ranges, wants: frozenset[str] = frozenset()) -> Plan:
    """The client of that seed. `wants` are things that it has to have: tables, `orders` or `leads` as its goal,
    `history` (4 months or more), `vendors` (2 or more), `media` that a vendor bills; see each manipulation's needs."""
    rng = stream(ranges.salt, seed, "plan")
    count = chosen(rng, [n for n, _ in ranges.history], [p for _, p in ranges.history])
    count = max(count, 4 + int(rng.integers(3))) if "history" in wants else count
    period = _month(rng, ranges)
    months = tuple(period.back(count))
    goal = "orders" if "orders" in wants else "leads" if "leads" in wants else chosen(rng, ("leads", "orders"), (ranges.leads, 1 - ranges.leads))  # fmt: skip
    media = evenly_by_size(rng, ranges.media)
    value = evenly_by_size(rng, ranges.aov if goal == "orders" else ranges.lead_cost)
    roas, organic = between(rng, ranges.roas), between(rng, ranges.organic)
    # A large client has dearer goods, not a hundred thousand orders: it takes no longer to look into.
    value = max(value, media * count * (roas if goal == "orders" else 1.0) / (1 - organic) / MOST)
    platforms = _platforms(rng, ranges, media)
    agencies = tuple(_agencies(rng, ranges, platforms, media, wants))
    has = _tables(rng, ranges, goal, wants)
    cost = value / roas if goal == "orders" else value
    campaigns = _scaled(tuple(_campaigns(rng, ranges, goal, agencies, months, media)), cost)
    return Plan(
        seed=seed, ranges=ranges, goal=goal, period=period, months=months, media=media, agencies=agencies,
        campaigns=campaigns, year=_year(rng, ranges, months), steps=_steps(rng, ranges, months),
        growth=_growth(rng, ranges, count), aov=value if goal == "orders" else 0.0, organic=organic,
        dispersion=between(rng, ranges.dispersion), weekly=between(rng, ranges.weekly),
        tracking_loss=between(rng, ranges.tracking_loss), overlap=between(rng, ranges.overlap), lag=between(rng, ranges.lag_days),
        bots=between(rng, ranges.bots), has=has, fractional=happens(rng, 0.5),
        tz_part={name: chosen(rng, (8 / 24, 15 / 24, 16 / 24)) for name in platforms if happens(rng, ranges.time_zone)},
    )  # fmt: skip


def _month(rng: Rng, ranges: Ranges) -> Period:
    first, last = ranges.months
    span = (last.year - first.year) * 12 + last.month - first.month
    later = first.month - 1 + int(rng.integers(span + 1))
    return month(first.year + later // 12, later % 12 + 1)


def _platforms(rng: Rng, ranges: Ranges, media: float) -> tuple[str, ...]:
    count = 1 + chosen(rng, range(4), ranges.platforms)
    count = min(count, 2) if media < 60_000 else count
    names, shares = list(KINDS), [0.42, 0.4, 0.1, 0.08]
    return tuple(str(one) for one in rng.choice(names, size=count, replace=False, p=shares))


def _tables(rng: Rng, ranges: Ranges, goal: str, wants: frozenset[str]) -> frozenset[str]:
    found = {name for name in TABLES if happens(rng, _RARE.get(name, ranges.complete))}
    own = "orders" if goal == "orders" else "leads"
    found |= {own} if happens(rng, 0.9) else set()
    found |= wants & {*TABLES, "orders", "leads"}
    if "commission_list" in wants:
        found.add("orders")
    if "daily_reports" in found:
        found.add("reports")
    return frozenset(found)


def _agencies(
    rng: Rng, ranges: Ranges, platforms: Sequence[str], media: float, wants: frozenset[str]
) -> Iterator[Agency]:
    count = 1 + chosen(rng, range(3), ranges.vendors)
    count = max(count, 2) if "vendors" in wants else count
    picked = rng.choice(len(AGENCIES), size=count, replace=False)
    # A platform has one vendor, or where there are more vendors than platforms, two that part its campaigns.
    owned: list[list[str]] = [[] for _ in range(count)]
    for at, platform in enumerate(platforms):
        owned[at % count].append(platform)
    for at in range(count):
        owned[at] = owned[at] or [chosen(rng, platforms)]
    for at, number in enumerate(picked):
        yield _agency(rng, AGENCIES[int(number)], tuple(owned[at]), media / count, "media" in wants)


def _agency(
    rng: Rng, name: tuple[str, str, str, str], platforms: tuple[str, ...], media: float, must_bill: bool
) -> Agency:
    bills = must_bill or happens(rng, 0.5)
    pay = chosen(rng, ("retainer", "share", "tiers", "both"), (0.4, 0.3, 0.15, 0.15))
    return Agency(
        id=name[0], zh=name[1], en=name[2], prefix=name[3], platforms=platforms, pay=pay,
        retainer=max(round(media * between(rng, (0.1, 0.25)), -3), 8000.0), share=chosen(rng, (0.1, 0.12, 0.15, 0.18, 0.2)),
        minimum=chosen(rng, (0.0, 8000.0, 12000.0, 20000.0)), bills_media=bills,
        markup=chosen(rng, (0.0, 0.05, 0.1), (0.6, 0.2, 0.2)) if bills else 0.0,
        tax=chosen(rng, ("excluded", "included")), tax_told=happens(rng, 0.6),
        cut_off=chosen(rng, (0, 5, 10), (0.8, 0.1, 0.1)), dated_next=happens(rng, 0.5), by_account=happens(rng, 0.4),
    )  # fmt: skip


def _campaigns(
    rng: Rng, ranges: Ranges, goal: str, agencies: Sequence[Agency], months: Sequence[Period], media: float
) -> Iterator[Campaign]:
    places = [(agency, platform) for agency in agencies for platform in agency.platforms]
    wanted = max(round(between(rng, ranges.campaigns)), len(places))
    wanted = max(min(wanted, 2 + int(media / 15_000)), len(places))
    share, clickprice = dict(zip(places, rng.dirichlet([3.0] * len(places)), strict=True)), between(rng, (4, 28))
    names: set[str] = set()
    for at in range(wanted):
        agency, platform = places[at % len(places)]
        kinds = KINDS[platform]
        kind = kinds[(at // len(places)) % len(kinds)] if happens(rng, 0.7) else chosen(rng, kinds)
        if platform == "line_ads" and at >= len(places) and happens(rng, 0.3):
            kind = FRIENDS
        name = _named(rng, agency, kind, names)
        yield _campaign(rng, ranges, goal, agency, platform, kind, name, at, months, clickprice, share[(agency, platform)])  # fmt: skip


def _scaled(campaigns: tuple[Campaign, ...], cost: float) -> tuple[Campaign, ...]:
    """With conversion rates at which an order (or a lead) costs `cost` over all of them."""
    spent = sum(one.weight for one in campaigns if one.rate)
    bought = sum(one.weight / one.click * one.rate for one in campaigns)
    factor = spent / cost / bought if bought else 1.0
    return tuple(replace(one, rate=min(one.rate * factor, 0.25)) for one in campaigns)


def _named(rng: Rng, agency: Agency, kind: Kind, names: set[str]) -> str:
    name = agency.prefix + chosen(rng, kind.words)
    while name in names:
        name += chosen(rng, ("_A", "_B", "_2", "_TW", "_北部", "_v2", " - 複本"))
    names.add(name)
    return name


def _campaign(
    rng: Rng, ranges: Ranges, goal: str, agency: Agency, platform: str, kind: Kind, name: str, at: int,
    months: Sequence[Period], clickprice: float, share: float,
) -> Campaign:  # fmt: skip
    click = clickprice * kind.click * between(rng, (0.7, 1.4))
    start, end, pauses = _lifetime(rng, kind, at, months)
    form = goal == "leads" and platform == "meta_ads" and happens(rng, ranges.instant_forms)
    reached = 0.0 if form or kind is FRIENDS else between(rng, ranges.reach_rate) * (0.88 if platform in {"line_ads", "tiktok_ads"} else 1.0)  # fmt: skip
    result = "" if kind is FRIENDS else INSTANT_FORM if form else RESULT[goal][platform]
    return Campaign(
        id=f"{10**9 + int(rng.integers(9 * 10**9))}", name=name, platform=platform, account=f"{platform[:2]}-{agency.id[:3]}",
        vendor=agency.id, kind=kind.id, groups=tuple(f"{name}_組{n + 1}" for n in range(int(rng.integers(1, 4)))),
        weight=share * kind.weight * between(rng, (0.6, 1.5)), click=click, ctr=kind.ctr * between(rng, (0.6, 1.5)),
        rate=kind.rate * between(rng, (0.7, 1.3)), views=kind.views, reached=reached,
        engaged=min(between(rng, ranges.engagement) * kind.engaged, 0.92), objective=kind.objective, conversion_type=result,
        attribution=WINDOWS[platform], start=start, end=end, pauses=pauses, capped=happens(rng, 0.3),
        reserved=kind.id == "prospecting" and happens(rng, ranges.reserved), hidden=kind.id == "pmax",
        removed=at > 2 and agency.by_account and kind.id not in {"brand", "pmax"} and happens(rng, 0.1),
    )  # fmt: skip


def _lifetime(
    rng: Rng, kind: Kind, at: int, months: Sequence[Period]
) -> tuple[date, date, tuple[tuple[date, date], ...]]:
    """Seasonal campaigns come and go, some others are launched, ended or paused; the first of all runs through."""
    first, last = months[0].start - timedelta(14), months[-1].end + timedelta(10)
    days = (last - first).days
    if kind.id == "seasonal":
        length = int(rng.integers(8, 45))
        start = first + timedelta(int(rng.integers(0, max(days - 5, 1))))
        return start, min(start + timedelta(length), last), ()
    if at == 0:
        return first, last, ()
    start = first + timedelta(int(rng.integers(0, days))) if happens(rng, 0.15) else first
    end = max(start + timedelta(3), first + timedelta(int(rng.integers(0, days)))) if happens(rng, 0.12) else last
    if not happens(rng, 0.15):
        return start, end, ()
    pause = first + timedelta(int(rng.integers(0, days)))
    return start, end, ((pause, pause + timedelta(int(rng.integers(2, 15)))),)


def _year(rng: Rng, ranges: Ranges, months: Sequence[Period]) -> Year:
    first, days = months[0].start, (months[-1].end - months[0].start).days
    events = tuple(
        (first + timedelta(int(rng.integers(days))), int(rng.integers(2, 9)), between(rng, ranges.promotion))
        for _ in range(int(rng.poisson(0.35 * len(months))))
    )
    weekend = between(rng, (0.7, 1.25))
    return Year(
        weekdays=(1.03, 1.0, 1.0, 1.02, 0.97, weekend, weekend * 1.02), singles=between(rng, ranges.singles),
        new_year=between(rng, ranges.new_year), before_new_year=between(rng, (1.0, 1.6)), moon=between(rng, ranges.moon),
        promotions=events,
    )  # fmt: skip


def _steps(rng: Rng, ranges: Ranges, months: Sequence[Period]) -> dict[str, tuple[date, float]]:
    first, days = months[0].start, (months[-1].end - months[0].start).days
    wide = {"budget": ranges.budget_step, "price": ranges.price_step, "landing": ranges.landing_step}
    return {
        name: (first + timedelta(int(rng.integers(days))), evenly_by_size(rng, span))
        for name, span in wide.items()
        if happens(rng, ranges.steps)
    }


def _growth(rng: Rng, ranges: Ranges, count: int) -> tuple[float, ...]:
    """What each month is beside the first; it mostly stays near, and comes back from afar."""
    level, found = 1.0, []
    for _ in range(count):
        found.append(level)
        step = between(rng, ranges.growth) if happens(rng, 0.5) else between(rng, (-0.08, 0.1))
        level = min(max(level * (1 + step), 0.4), 2.2)
    return tuple(found)
