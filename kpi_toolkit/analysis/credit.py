"""Credit for customers who were coming anyway: campaigns that meet people at the door take more of the money and claim more of the
orders, and the shop sells no more than before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kpi_toolkit.analysis.claimed import Claim, groups, total, weeks_before
from kpi_toolkit.analysis.share import Moved, Part, moved
from kpi_toolkit.analysis.shift import Ledger
from kpi_toolkit.periods import Period

# Budgets are moved about: by a third up or down, and one may be doubled. What is asked about is money that went from the other
# campaigns to these, until they weigh about twice what they did beside them, or money that these got on top, several times over;
_MOVED: Final = 1.7
_MOVED_IN_MONTHS: Final = 1.4
_UP: Final = 1.2
_DOWN: Final = 0.92
_ON_TOP: Final = 2.5
_RISE: Final = 0.05
# while claims out of the shop's orders rise, and orders are no more than drift makes of them.
_CLAIMS: Final = 1.15
_FLAT: Final = 1.15
_LEAST_WEEKS: Final = 4
_LEAST_CLAIMS: Final = 8
_LEAST_DAYS: Final = 7
_MONTH: Final = 4


@dataclass(frozen=True, kw_only=True)
class Credit:
    """`before` and `now` are the campaigns' shares of the spend, of campaigns that ran both before and now, and `claims` what they
    claim of the shop's orders. `orders` is how many times as many a day the shop has, `extra` the money beyond the former
    share, `p` the chance of such claims."""

    before: float
    now: float
    claims: Moved
    orders: float
    extra: float
    p: float


def credit(claims: Sequence[Claim], names: re.Pattern[str], ledger: Ledger, period: Period) -> Credit | None:
    """How the credit moved of one vendor's campaigns with a word of `names` in their name; None for too little before.

    Only what had been there before can grow: a campaign of a new kind was somebody's decision.
    """
    now = [one for one in claims if one.day in period]
    weeks = [week for week in weeks_before(claims, period.start) if len(_days(week)) == 7 and ledger.tally(_days(week)).count > 0]  # fmt: skip
    source = _main_source(_named(now, names))
    known = total((one for week in weeks for one in _named(week, names) if one.source == source), "conversions")
    if len(weeks) < _LEAST_WEEKS or known < _LEAST_CLAIMS or ledger.tally(_days(now)).count <= 0:
        return None
    months = _months(weeks)
    claimed = moved(
        _of_orders(now, names, source, ledger), [_of_orders(week, names, source, ledger) for week in weeks], beyond=_CLAIMS, rise=0.0, within=False
    )  # fmt: skip
    orders = _rate(ledger, now) / max(_rate(ledger, month) for month in months)
    own, _, whole = _beside(months[0], now, names)
    before, taken = own / whole if whole else 0.0, total(_named(_lasting(now, months[0]), names), "spend")
    all_now = total(_lasting(now, months[0]), "spend")
    strange = orders < _FLAT and _grew(months, now, names) and taken > (before + _RISE) * all_now
    return Credit(
        before=before, now=taken / all_now if all_now else 0.0, claims=claimed, orders=orders,
        extra=max(taken - before * all_now, 0.0), p=claimed.p if strange else 1.0,
    )  # fmt: skip


def _grew(months: Sequence[Sequence[Claim]], now: Sequence[Claim], names: re.Pattern[str]) -> bool:
    """Whether these campaigns have more a day than before, at the others' cost or several times over, whichever month it is held
    against."""
    (up, others), *single = [_times(month, now, names) for month in months]
    moved_always = all(own > _MOVED_IN_MONTHS * rest for own, rest in single)
    return up > _UP and up > _MOVED * others and (others < _DOWN or up > _ON_TOP) and moved_always


def _times(month: Sequence[Claim], now: Sequence[Claim], names: re.Pattern[str]) -> tuple[float, float]:
    """How many times as much a day these campaigns have, and the rest; nothing grew where either ran in one span only."""
    own, rest, _ = _beside(month, now, names)
    own_now, rest_now, _ = _beside(now, month, names)
    return (own_now / own, rest_now / rest) if min(own, rest) > 0 else (1.0, 1.0)


def _beside(claims: Sequence[Claim], other: Sequence[Claim], names: re.Pattern[str]) -> tuple[float, float, float]:
    """Spend on a day of running, of these campaigns, of the rest, and of both: of those that ran in the other span, too, so that
    pauses and new campaigns move nothing."""
    a_day = {name: total(own, "spend") / len(_days(own)) for name, own in groups(_lasting(claims, other), lambda one: one.campaign).items()}  # fmt: skip
    own = sum(spend for name, spend in a_day.items() if names.search(name))
    return own, sum(a_day.values()) - own, sum(a_day.values())


def _lasting(claims: Sequence[Claim], other: Sequence[Claim]) -> list[Claim]:
    """The days on which campaigns spent that did so for a week at least in both spans."""
    spans = [[one for one in span if one.spend > 0] for span in (claims, other)]
    names = [{name for name, own in groups(span, lambda one: one.campaign).items() if len(_days(own)) >= _LEAST_DAYS} for span in spans]  # fmt: skip
    return [one for one in spans[0] if one.campaign in names[0] & names[1]]


def _days(claims: Sequence[Claim]) -> list[date]:
    return sorted({one.day for one in claims})


def _named(claims: Sequence[Claim], names: re.Pattern[str]) -> list[Claim]:
    return [one for one in claims if names.search(one.campaign)]


def _main_source(claims: Sequence[Claim]) -> str:
    """The platform with the most of these claims: those of several are never added."""
    won = {source: total(own, "conversions") for source, own in groups(claims, lambda one: one.source).items()}
    return max(won, key=lambda source: won[source], default="")


def _of_orders(claims: Sequence[Claim], names: re.Pattern[str], source: str, ledger: Ledger) -> Part:
    own = [one for one in _named(claims, names) if one.source == source]
    return Part(part=total(own, "conversions"), whole=ledger.tally(_days(claims)).count)


def _months(weeks: Sequence[Sequence[Claim]]) -> list[list[Claim]]:
    """All before, and each four weeks of it."""
    parts = [weeks, *(weeks[at : at + _MONTH] for at in range(0, len(weeks) - _MONTH + 1, _MONTH))]
    return [[one for week in part for one in week] for part in parts]


def _rate(ledger: Ledger, claims: Sequence[Claim]) -> float:
    tally = ledger.tally(_days(claims))
    return tally.count / tally.exposure if tally.exposure else 0.0
