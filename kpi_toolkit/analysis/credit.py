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

# Budgets are moved about. What is asked about is a share of the spend that is nearly twice what it was in any month before and
# ten points more, with more money behind it …
_TIMES: Final = 1.8
_RISE: Final = 0.1
_MORE_SPEND: Final = 1.5
# … and claims out of the shop's orders that are half as many again, while orders are no more than drift makes of them.
_CLAIMS: Final = 1.4
_FLAT: Final = 1.15
_LEAST_WEEKS: Final = 4
_LEAST_CLAIMS: Final = 8
_MONTH: Final = 4


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Shares before and now: `spend` of all the spend, `claims` of the shop's orders that the campaigns claim. `orders` is how many
    times as many a day the shop has, `extra` the money beyond the former share, `p` the chance of such claims."""

    spend: Moved
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
    before = [one for week in weeks for one in week]
    source = _main_source(_named(now, names))
    enough = total((one for one in _named(before, names) if one.source == source), "conversions") >= _LEAST_CLAIMS
    if len(weeks) < _LEAST_WEEKS or not enough or ledger.tally(_days(now)).count <= 0:
        return None
    spend = moved(_spend(now, names), [_spend(week, names) for week in weeks], beyond=_TIMES, rise=_RISE)
    of_orders = [_of_orders(week, names, source, ledger) for week in weeks]
    claimed = moved(_of_orders(now, names, source, ledger), of_orders, beyond=_CLAIMS, rise=0.0)
    orders = _rate(ledger, now) / max(_rate(ledger, month) for month in _months(weeks))
    more = _a_day(now, names) / max(_a_day(month, names) for month in _months(weeks))
    strange = spend.now > spend.limit and more > _MORE_SPEND and orders < _FLAT
    extra = max(total(_named(now, names), "spend") - spend.before * total(now, "spend"), 0.0)
    return Credit(spend=spend, claims=claimed, orders=orders, extra=extra, p=claimed.p if strange else 1.0)


def _days(claims: Sequence[Claim]) -> list[date]:
    return sorted({one.day for one in claims})


def _named(claims: Sequence[Claim], names: re.Pattern[str]) -> list[Claim]:
    return [one for one in claims if names.search(one.campaign)]


def _main_source(claims: Sequence[Claim]) -> str:
    """The platform with the most of these claims: those of several are never added."""
    won = {source: total(own, "conversions") for source, own in groups(claims, lambda one: one.source).items()}
    return max(won, key=lambda source: won[source], default="")


def _spend(claims: Sequence[Claim], names: re.Pattern[str]) -> Part:
    return Part(part=total(_named(claims, names), "spend"), whole=total(claims, "spend"))


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


def _a_day(claims: Sequence[Claim], names: re.Pattern[str]) -> float:
    return max(total(_named(claims, names), "spend") / max(len(_days(claims)), 1), 1e-9)
