"""The contract with a vendor, in versions: fees, tax, who pays the media, and what else its invoices may say.

Every part may be left out: a check that needs it says what isn't written (`Contract.unsaid`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from kpi_toolkit.agreement.fee import Base, Facts, Fee, Kind
from kpi_toolkit.agreement.glob import matches
from kpi_toolkit.agreement.model import Agreed, At, wrong
from kpi_toolkit.agreement.terms import Lasting, Line, Money, Share
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period

# Taiwan's business tax.
TAX_RATE = 0.05


def net(amount: float, included: bool, rate: float = TAX_RATE) -> float:
    """`amount` without tax: amount / (1 + rate) where tax is `included` in it, else the amount itself. Not rounded."""
    return amount / (1 + rate) if included else amount


def gross(amount: float, included: bool, rate: float = TAX_RATE) -> float:
    """`amount` with tax: the amount itself where tax is `included` in it, else amount × (1 + rate). Not rounded."""
    return amount if included else amount * (1 + rate)


class Media(Agreed):
    """What was agreed about the money for the platforms.

    `billed_by` says who asks the client for it: the vendor, who pays the platform first, or the platform itself.
    `markup` is the share (0 to 1) that the vendor may add; 0 is at cost, None wasn't said. `budget` is an amount a month.
    """

    billed_by: Literal["vendor", "platform"] | None = None
    markup: Share | None = None
    budget: Money | None = None
    clause: Line | None = None

    @model_validator(mode="after")
    def _adds_to_what_it_bills(self) -> Any:
        if self.billed_by == "platform" and self.markup:
            words = Text(zh="平台直接請款時沒有 markup", en="there is none where the platform bills by itself")
            raise wrong((("markup",), words))
        return self

    def billed(self, spend: float) -> float | None:
        """What the vendor may bill for `spend` on platforms: spend × (1 + markup), in the spend's own terms.

        0 where the platform bills; None where the contract doesn't say enough.
        """
        if self.billed_by == "platform":
            return 0.0
        return None if self.billed_by is None or self.markup is None else spend * (1 + self.markup)


class Item(Agreed):
    """What else an invoice may list: `text` is a pattern (`*`, `?`) for its words, `kind` what it then is.

    `limit` is the most a month; None where it wasn't said.
    """

    text: Line
    kind: Kind
    limit: Money | None = None
    clause: Line | None = None


Tax = Literal["included", "excluded"]


@dataclass(frozen=True, kw_only=True)
class Due:
    """What a clause comes to in a month: `amount` as the contract writes it, not rounded; terms of one clause add up.

    Where `exact` is False it is the most that is allowed. None where the figure that it `lacks` isn't known. The
    contract held on `held` of the month's `days`.
    """

    clause: str
    kind: str
    amount: float | None
    exact: bool
    once: bool = False
    lacks: Base | None = None
    tax: Tax | None
    tax_rate: float
    held: int
    days: int

    @property
    def prorated(self) -> bool:
        """Whether it is for the days that the contract held, and they aren't the whole month."""
        return self.held < self.days and not self.once

    @property
    def net(self) -> float | None:
        """The amount without tax; None where it isn't known, or the contract doesn't say whether tax is in it."""
        known = self.amount is not None and self.tax is not None
        return net(self.amount or 0.0, self.tax == "included", self.tax_rate) if known else None

    @property
    def gross(self) -> float | None:
        """The amount with tax; None where `net` is."""
        known = self.amount is not None and self.tax is not None
        return gross(self.amount or 0.0, self.tax == "included", self.tax_rate) if known else None


class Contract(Lasting):
    """One version of what was agreed with a vendor, in force from `since` to `until`.

    Amounts are in the client's currency, and with tax where `tax` is included. None is what the contract doesn't say;
    an empty list says that there is nothing of it.
    """

    fees: tuple[Fee, ...] | None = None
    tax: Tax | None = None
    tax_rate: Share = TAX_RATE
    media: Media | None = None
    items: tuple[Item, ...] | None = None

    @model_validator(mode="after")
    def _holds_when_due(self) -> Any:
        words = Text(zh="不在合約期間內", en="the contract doesn't hold on that day")
        faults: list[At] = [
            (("fees", at, "once"), words)
            for at, fee in enumerate(self.fees or ())
            if fee.once is not None and not self.holds(fee.once)
        ]
        if faults:
            raise wrong(*faults)
        return self

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The parts that aren't written: any of fees, tax, media, media.billed_by, media.markup, items."""
        parts: dict[str, object] = {"fees": self.fees, "tax": self.tax, "media": self.media}
        if self.media is not None:
            parts["media.billed_by"] = self.media.billed_by
            parts["media.markup"] = 0.0 if self.media.billed_by == "platform" else self.media.markup
        return tuple(name for name, value in {**parts, "items": self.items}.items() if value is None)

    def holds(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def held(self, period: Period) -> Period | None:
        """The days of `period` on which it is in force; None where there are none."""
        start, end = max(self.since or date.min, period.start), min(self.until or date.max, period.end)
        return Period(start, end) if start <= end else None

    def clause_for(self, kind: str, note: str) -> str | None:
        """The clause that covers an invoice's line of `kind` that reads `note`; None where none does.

        What the contract says about the words comes first, the items before the fees; then media that the vendor bills,
        and a fee of that kind. A clause is called by its own `clause`, or by its place: fees[2], items[1], media.
        A refund gives money back and needs no clause: don't ask for one.
        """
        worded = [(place, item.text) for place, item in self._items()]
        worded += [(place, fee.text) for place, fee in self._fees() if fee.text is not None]
        if found := next((place for place, pattern in worded if matches(pattern, note)), None):
            return found
        if kind == "media_passthrough":
            return (self.media.clause or "media") if self.media and self.media.billed_by != "platform" else None
        return next((place for place, fee in self._fees() if fee.covers(kind, note)), None)

    def item_for(self, note: str) -> Item | None:
        """The allowed item that an invoice's line that reads `note` is: the first whose pattern fits."""
        return next((one for one in self.items or () if matches(one.text, note)), None)

    def expected_fees(self, month: Period, facts: Facts) -> tuple[Due, ...]:
        """What every fee, and every item with a limit, comes to in `month`, in the contract's order.

        `facts` are of the days on which the contract held (`held`): `media_spend` and `net_revenue` in the client's
        currency, without tax, and a count of `orders`. Where it doesn't hold the whole month, amounts a month count by
        days: amount × days held / days of the month; so do minimum, maximum, limits and the borders of tiers. What is
        due once isn't divided, and stands in its own month alone. A commission is an amount of the contract like any
        other: with tax where `tax` is included.
        Raises ValueError where `month` isn't a calendar month.
        """
        if month.grain != "month":
            raise ValueError(f"not a month: {month}")
        held = self.held(month)
        if held is None:
            return ()
        due = partial(Due, tax=self.tax, tax_rate=self.tax_rate, held=held.days, days=month.days)
        return (*self._fees_due(due, facts, held, month), *self._limits_due(due, held.days / month.days))

    def _fees_due(self, due: Callable[..., Due], facts: Facts, held: Period, month: Period) -> Iterator[Due]:
        for clause, fee in self._fees():
            once, exact, amount = fee.once is not None, fee.limit is None, fee.amount_in(facts, held.days / month.days)
            if fee.once is None or fee.once in held:
                yield due(clause=clause, kind=fee.kind, amount=amount, exact=exact, once=once, lacks=fee.lacks(facts))

    def _limits_due(self, due: Callable[..., Due], part: float) -> Iterator[Due]:
        for clause, item in self._items():
            if item.limit is not None:
                yield due(clause=clause, kind=item.kind, amount=item.limit * part, exact=False)

    def _fees(self) -> Iterator[tuple[str, Fee]]:
        return ((fee.clause or f"fees[{at}]", fee) for at, fee in enumerate(self.fees or (), start=1))

    def _items(self) -> Iterator[tuple[str, Item]]:
        return ((item.clause or f"items[{at}]", item) for at, item in enumerate(self.items or (), start=1))


def overlaps(contracts: object) -> list[At]:
    """A fault for every contract that begins before another is over, told of the later one by its place.

    `contracts` is the list as written: what is wrong with it otherwise is told by others.
    """
    known = sorted((start, at, end) for at, start, end in _lasting(contracts))
    words = Text(
        zh="與 contracts[{other}] 的期間重疊，請用 until 結束較早的那一份",
        en="holds on days on which contracts[{other}] holds; end the earlier one with `until`",
    )
    faults: list[At] = []
    longest, last = 0, None
    for start, at, end in known:
        if last is not None and start <= last:
            faults.append((("contracts", at), words.fill(other=longest + 1)))
        if last is None or end > last:
            longest, last = at, end
    return faults


def _lasting(contracts: object) -> Iterator[tuple[int, date, date]]:
    """Of each contract that says a readable time: its place, its first day and its last."""
    for at, one in enumerate(contracts if isinstance(contracts, list | tuple) else ()):
        given = {key: one[key] for key in ("since", "until") if key in one} if isinstance(one, dict) else one
        try:
            time = Lasting.model_validate(given)
        except ValidationError:
            continue
        yield at, time.since or date.min, time.until or date.max
