"""A day since which claimed conversions come in at a higher rate, while nothing that honest conversions follow does.

A search for the point where a rate changes (D. Hinkley and E. Hinkley, Inference about the change-point in a sequence of
binomial variables, Biometrika 57, 1970); the chance is corrected for the number of days that were looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import sqrt
from typing import Final

from kpi_toolkit.analysis.claimed import Claim
from kpi_toolkit.analysis.evidence import Spread, Tally, chance_of_more, spread_of

# What must lie on both sides: a week after, and three before with some conversions.
_LEAST_AFTER: Final = 7
_LEAST_WEEKS: Final = 3
LEAST_CONVERSIONS: Final = 20
# Weeks that are still the same business; each month before them is a reference of its own.
_NEAR: Final = 8
_MONTH: Final = 4
_LEAST_IN_MONTH: Final = 15
# Tracking was broken in weeks with less than this share of the usual conversions a click (the upper quartile's).
_BROKEN: Final = 0.6
_USUAL: Final = 0.75
_SURE: Final = 2.5
_WEEK: Final = timedelta(days=7)
# Deviations that are needed to take the ledger's own change for real.
_REAL: Final = 2.0
_DISPERSION: Final = 1.0
_LEAST_SPREAD: Final = 1.5
_KNOWN: Final = 25.0


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the shop itself counted by day, and out of what (visits; None: out of days)."""

    counts: Mapping[date, float]
    visits: Mapping[date, float] | None = None

    @cached_property
    def limits(self) -> tuple[date, date] | None:
        """The days that it speaks of: from the first to the last."""
        days = self.counts.keys() & (self.visits if self.visits is not None else self.counts).keys()
        return (min(days), max(days)) if days else None

    def tally(self, days: Sequence[date]) -> Tally:
        """Its count over those of the days that it speaks of."""
        first, last = self.limits or (date.max, date.min)
        known = [day for day in days if first <= day <= last]
        visits = len(known) if self.visits is None else sum(self.visits.get(day, 0.0) for day in known)
        return Tally(count=sum(self.counts.get(day, 0.0) for day in known), exposure=float(visits))

    def rise(self, before: Sequence[date], after: Sequence[date]) -> tuple[float, float] | None:
        """How many times its rate before it has after, and the standard error of that; None where it can't say."""
        was, now = self.tally(before), self.tally(after)
        if min(was.count, was.exposure, now.exposure) <= 0:
            return None
        times = now.count / now.exposure / (was.count / was.exposure)
        return times, max(times, 1.0) * sqrt(_DISPERSION / max(now.count, 1.0) + _DISPERSION / was.count)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What came in since `day`: `conversions`, where `expected` would have been at the rate before and with the ledger's own
    rise; `cost` of an expected conversion (money), `p` the chance of as many."""

    day: date
    conversions: float
    expected: float
    cost: float
    p: float

    @property
    def times(self) -> float:
        """How many times the expected."""
        return self.conversions / self.expected if self.expected > 0 else 0.0

    @property
    def surplus(self) -> float:
        """Conversions beyond the expected."""
        return max(self.conversions - self.expected, 0.0)


def shift(
    claims: Sequence[Claim], ledgers: Sequence[Ledger], days: Sequence[date], end: date, *, beyond: float
) -> Shift | None:
    """The one of `days` since which conversions are most surely more than `beyond` times what the clicks, the spend and each of
    the ledgers let one expect, up to `end`; None where there is too little before or after all of them.

    Only campaigns count that had run before, each at its own former rate, so that moving budget among them is no shift.
    """
    looks = [found for day in days if (found := _Look(claims, ledgers, day, end).shift(beyond))]
    if not looks:
        return None
    surest = min(looks, key=lambda one: (one.p, -one.surplus, one.day))
    # Neighbouring days say nearly the same: a week of them is worth about one look of its own.
    return replace(surest, p=min(1.0, surest.p * (1 + (len(looks) - 1) / _WEEK.days)))


def spend_behind_surplus(since: Sequence[Claim], former: Sequence[Claim]) -> float | None:
    """What as many conversions as there are `since` beyond those of the last `former` weeks' rates would cost, at what an expected
    one costs, and no more than was spent; 0 for no surplus, None where there is nothing to expect them by."""
    last = max((one.last for one in former), default=date.min)
    rates = _rates([one for one in former if (last - one.last) < _NEAR * _WEEK])
    known = [one for one in since if one.campaign in rates.per_dollar]
    expected = rates.expected(known)
    return (
        min(max(_conversions(known) / expected - 1, 0.0), 1.0) * sum(one.spend for one in known)
        if expected > 0
        else None
    )


@dataclass(frozen=True)
class _Rates:
    """Conversions a click and a dollar, by campaign."""

    per_click: Mapping[str, float]
    per_dollar: Mapping[str, float]

    def by_clicks(self, claims: Sequence[Claim]) -> float:
        return sum(one.clicks * self.per_click.get(one.campaign, 0.0) for one in claims)

    def by_spend(self, claims: Sequence[Claim]) -> float:
        return sum(one.spend * self.per_dollar.get(one.campaign, 0.0) for one in claims)

    def expected(self, claims: Sequence[Claim]) -> float:
        """By clicks; by spend where the platform counts no clicks."""
        return self.by_clicks(claims) or self.by_spend(claims)


class _Look:
    """The claims cut at one day: weeks before it (the latest first), and all that came after."""

    def __init__(self, claims: Sequence[Claim], ledgers: Sequence[Ledger], day: date, end: date) -> None:
        self.ledgers, self.day = ledgers, day
        self.days_after = [day + timedelta(days=n) for n in range((end - day).days + 1)]
        self.weeks = _kept(_weeks(_of_old_campaigns(claims, day), day))
        self.near = [one for week in self.weeks[:_NEAR] for one in week]
        self.rates = _rates(self.near)
        self.after = [one for one in claims if day <= one.day <= end and one.campaign in self.rates.per_dollar]

    @cached_property
    def before(self) -> float:
        return sum(one.conversions for one in self.near)

    def shift(self, beyond: float) -> Shift | None:
        told = len(self.days_after) >= _LEAST_AFTER and len(self.weeks) >= _LEAST_WEEKS
        if not told or self.before < LEAST_CONVERSIONS or self.rates.expected(self.after) <= 0:
            return None
        rises = [ledger.rise(_days(self.near), self.days_after) for ledger in self.ledgers]
        told_rises = [one for one in rises if one is not None]
        if not told_rises:
            return None
        return self._held_against(told_rises, beyond)

    def _held_against(self, rises: Sequence[tuple[float, float]], beyond: float) -> Shift:
        conversions = sum(one.conversions for one in self.after)
        rise, error = max(rises) if max(rises)[0] > 1 else (1.0, max(error for _, error in rises))
        most = max(self.rates.by_clicks(self.after), self.rates.by_spend(self.after)) * rise * self._best_month
        # The ledger's own chance makes what is expected as uncertain as fewer conversions before would.
        sure = 1 / (1 / self.before + (error / rise) ** 2 / self._spread.factor)
        p = chance_of_more(Tally(count=conversions, exposure=most), Tally(count=sure, exposure=sure), self._spread, beyond=beyond)  # fmt: skip
        real = min(times if times - _REAL * doubt > 1 else 1.0 for times, doubt in rises)
        return Shift(
            day=self.day,
            conversions=conversions,
            expected=(expected := self.rates.expected(self.after) * real),
            cost=sum(one.spend for one in self.after) / expected,
            p=p if conversions > beyond * most else 1.0,
        )

    @cached_property
    def _best_month(self) -> float:
        """How many times the near rate conversions surely had in their best month, beyond the ledger's own: tracking that was
        repaired."""
        months = [self.weeks[at : at + _MONTH] for at in range(0, len(self.weeks) - _MONTH + 1, _MONTH)]
        return max([1.0, *(self._surely([one for week in month for one in week]) for month in months)])

    def _surely(self, month: Sequence[Claim]) -> float:
        expected, seen = self.rates.expected(month), _conversions(month)
        if expected < _LEAST_IN_MONTH:
            return 1.0
        rises = [ledger.rise(_days(self.near), _days(month)) for ledger in self.ledgers]
        usual = expected * max([1.0, *(times for times, _ in filter(None, rises))])
        return (seen - sqrt(self._spread.factor * seen)) / usual

    @cached_property
    def _spread(self) -> Spread:
        """Of the near weeks; what shops are like is known well enough that few weeks don't make anything possible."""
        near = self.weeks[:_NEAR]
        seen = spread_of([Tally(count=_conversions(week), exposure=self.rates.expected(week)) for week in near])
        return Spread(factor=max(seen.factor, _LEAST_SPREAD), freedom=max(seen.freedom, _KNOWN))


def _days(claims: Sequence[Claim]) -> list[date]:
    return sorted({one.day for one in claims})


def _of_old_campaigns(claims: Sequence[Claim], day: date) -> list[Claim]:
    """What campaigns claim that have run for some weeks before the day: new ones are still learning."""
    begun: dict[str, date] = {}
    for one in claims:
        begun[one.campaign] = min(begun.get(one.campaign, one.day), one.day)
    return [one for one in claims if begun[one.campaign] <= day - _LEAST_WEEKS * _WEEK]


def _conversions(claims: Sequence[Claim]) -> float:
    return sum(one.conversions for one in claims)


def _weeks(claims: Sequence[Claim], day: date) -> list[list[Claim]]:
    """Whole weeks before the day, the latest first; only those that the claims cover."""
    first = min((one.day for one in claims), default=day)
    found: list[list[Claim]] = [[] for _ in range((day - first).days // _WEEK.days)]
    for one in claims:
        number = (day - one.day - timedelta(days=1)) // _WEEK if one.day < day else len(found)
        if number < len(found):
            found[number].append(one)
    return [week for week in found if week]


def _kept(weeks: list[list[Claim]]) -> list[list[Claim]]:
    """The weeks in which tracking was not surely broken."""
    rates = _rates([one for week in weeks for one in week])
    pairs = [(_conversions(week), rates.expected(week)) for week in weeks]
    ratios = sorted(seen / expected if expected > 0 else 0.0 for seen, expected in pairs)
    usual = ratios[int(_USUAL * (len(ratios) - 1))] if ratios else 0.0
    return [week for week, (seen, expected) in zip(weeks, pairs, strict=True) if not _broken(seen, expected * usual)]


def _broken(seen: float, usual: float) -> bool:
    return seen < _BROKEN * usual and usual - seen > _SURE * sqrt(_LEAST_SPREAD * usual)


def _rates(claims: Sequence[Claim]) -> _Rates:
    """The rates of campaigns that won anything."""
    sums: dict[str, list[float]] = {}
    for one in claims:
        held = sums.setdefault(one.campaign, [0.0, 0.0, 0.0])
        for place, figure in enumerate((one.conversions, one.clicks, one.spend)):
            held[place] += figure
    won = {name: held for name, held in sums.items() if held[0] > 0}
    return _Rates(
        {name: held[0] / held[1] for name, held in won.items() if held[1] > 0},
        {name: held[0] / held[2] for name, held in won.items() if held[2] > 0},
    )
