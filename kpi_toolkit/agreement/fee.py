"""A fee that a contract agrees on: what kind, how much, and what it comes to in a month.

Amounts are in the client's currency and as the contract writes them, with or without tax; shares are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf, isnan, nan
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from kpi_toolkit.agreement.glob import matches
from kpi_toolkit.agreement.model import Agreed, At, not_allowed, wrong
from kpi_toolkit.agreement.terms import Line, Money, Share, Since
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.invoices_fees import KINDS

# A month's figures that a commission is counted from; one that isn't there (or is NaN) isn't known.
Base = Literal["media_spend", "net_revenue", "orders"]
Facts = Mapping[Base, float]

# Media are agreed on apart from fees, and a refund is none.
FEES = tuple(kind for kind in KINDS if kind not in ("media_passthrough", "refund"))
_COMMISSION = ("base", "share", "each", "tiers", "tiering", "minimum", "maximum")
_AMOUNTS = ("amount", "limit", "once")
_STRANGE: Mapping[str, tuple[str, ...]] = dict.fromkeys(FEES, _COMMISSION) | {
    "commission": _AMOUNTS, "retainer": ("limit", "once", *_COMMISSION),
}  # fmt: skip


def _one_of(kinds: tuple[str, ...], value: object) -> str:
    if value not in kinds:
        raise wrong(not_allowed(value, ", ".join(kinds)))
    return str(value)


FeeKind = Annotated[str, BeforeValidator(partial(_one_of, FEES))]
Kind = Annotated[str, BeforeValidator(partial(_one_of, KINDS))]


class Tier(Agreed):
    """From a base of `from` a month on: the `share` of it, or where orders are counted the amount for `each`."""

    start: Annotated[Money, Field(alias="from")]
    share: Share | None = None
    each: Money | None = None

    @property
    def rate(self) -> float:
        """What one of the base costs."""
        return self.share if self.share is not None else self.each or 0.0


class Fee(Agreed):
    """One term of a contract: a `kind` of tables.invoices_fees and how much.

    A commission is a `share` of its `base` (or an amount for `each` order), or has `tiers`, whose rate holds for the
    `whole` base or `marginal`ly for the part within the tier; `minimum` and `maximum` are a month's. Every other fee is
    an `amount` a month, an amount `once` (due on that day), or allowed up to `limit` a month. `text` is a pattern (`*`,
    `?`) for what an invoice calls it; `clause` where the contract says so.
    """

    kind: FeeKind
    amount: Money | None = None
    once: Since | None = None
    limit: Money | None = None
    base: Base | None = None
    share: Share | None = None
    each: Money | None = None
    tiers: tuple[Tier, ...] | None = None
    tiering: Literal["whole", "marginal"] | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    text: Line | None = None
    clause: Line | None = None

    @classmethod
    def misfits(cls, given: Mapping[str, object]) -> Sequence[At]:
        """Fields that don't go together, and those that are missing, for its kind."""
        return _misfits(given)

    @model_validator(mode="after")
    def _is_in_order(self) -> Any:
        if faults := _disorder(self):
            raise wrong(*faults)
        return self

    def covers(self, kind: str, note: str) -> bool:
        """Whether an invoice's line of `kind` that reads `note` is this fee: by `text` where said, else by kind."""
        return matches(self.text, note) if self.text is not None else self.kind == kind

    def amount_in(self, facts: Facts, part: float = 1.0) -> float | None:
        """What the fee comes to in a month of which the contract holds `part` (0 to 1); of a limit, the most.

        By the month: amount × part. Once: amount. Commission: rate × base, no less than minimum × part and no more than
        maximum × part. None where the base isn't among `facts`.
        """
        if self.kind == "commission":
            return self._commission(facts, part)
        if self.once is not None:
            return self.amount
        return (self.limit if self.limit is not None else self.amount or 0.0) * part

    def lacks(self, facts: Facts) -> Base | None:
        """The base that the fee is counted from, where `facts` doesn't know it."""
        return self.base if self.base is not None and isnan(facts.get(self.base, nan)) else None

    def _commission(self, facts: Facts, part: float) -> float | None:
        if self.base is None or self.lacks(facts):
            return None
        counted = max(facts[self.base], 0.0)  # more refunds than sales don't turn a fee around
        found = self._by_tiers(counted, part) if self.tiers else (self.share or self.each or 0.0) * counted
        least, most = (self.minimum or 0.0) * part, (inf if self.maximum is None else self.maximum * part)
        return min(max(found, least), most)

    def _by_tiers(self, counted: float, part: float) -> float:
        # The borders are a month's: in a part of it they are reached at that part of them. So a contract that is
        # renewed unchanged in mid-month costs what it would have cost whole, where spend is even.
        starts = [tier.start * part for tier in self.tiers or ()]
        rates = [tier.rate for tier in self.tiers or ()]
        if self.tiering == "whole":
            return (
                next(rate for start, rate in zip(starts[::-1], rates[::-1], strict=True) if counted >= start) * counted
            )
        ends = [*starts[1:], inf]
        return sum(
            rate * max(min(counted, end) - start, 0.0) for start, end, rate in zip(starts, ends, rates, strict=True)
        )


def _misfits(given: Mapping[str, object]) -> list[At]:
    """What the keys that are written tell, whatever their values are: those that don't go together, those that lack."""
    kind = given.get("kind")
    if kind not in FEES:
        return []
    words = Text(zh="{kind} 沒有這一項", en="doesn't go with {kind}")
    faults: list[At] = [((key,), words.fill(kind=kind)) for key in _STRANGE[str(kind)] if key in given]
    faults += _misfits_of_commission(given) if kind == "commission" else _misfits_of_amounts(given)
    if kind == "other" and "text" not in given:
        # Whatever nobody could classify is `other`: it mustn't pass for agreed.
        words = Text(zh="other 要寫 text（請款單上的文字）", en="other needs text: the words on the invoice")
        faults.append(((), words))
    return faults


def _misfits_of_amounts(given: Mapping[str, object]) -> list[At]:
    if given["kind"] == "retainer":
        return [] if "amount" in given else [((), Text(zh="retainer 要寫 amount", en="retainer needs amount"))]
    if ("amount" in given) == ("limit" in given):
        return [((), Text(zh="amount 與 limit 請擇一填寫", en="needs either amount or limit"))]
    if "once" in given and "limit" in given:
        words = Text(zh="once 只能與 amount 一起用", en="goes with amount alone")
        return [(("once",), words)]
    return []


def _misfits_of_commission(given: Mapping[str, object]) -> list[At]:
    base, tiers = given.get("base"), given.get("tiers")
    if base not in get_args(Base):
        names = ", ".join(get_args(Base))
        words = Text(zh="commission 要寫 base：{names}", en="commission needs base: {names}").fill(names=names)
        return [] if "base" in given else [((), words)]
    rate, stranger = ("each", "share") if base == "orders" else ("share", "each")
    words = Text(zh="base 是 {base} 時請寫 {rate}", en="with base {base}, write {rate}").fill(base=base, rate=rate)
    faults: list[At] = [((stranger,), words)] if stranger in given else []
    if ("tiers" in given) == (rate in given) and not faults:
        either = Text(zh="{rate} 與 tiers 請擇一填寫", en="needs either {rate} or tiers").fill(rate=rate)
        faults.append(((), either))
    if ("tiers" in given) != ("tiering" in given):
        both = Text(
            zh="tiers 與 tiering 要一起寫；tiering：whole 全額適用，或 marginal 只有超過的部分適用",
            en="tiers and tiering go together; tiering is whole (the rate holds for all) or marginal (for what is above)",
        )
        faults.append(((), both))
    if tiers in ([], ()):
        faults.append((("tiers",), Text(zh="至少要有一級", en="needs at least one tier")))
    rated = [(at, one) for at, one in enumerate(tiers) if isinstance(one, dict)] if isinstance(tiers, list) else []
    return faults + [(("tiers", at), words) for at, one in rated if rate not in one or stranger in one]


def _disorder(fee: Fee) -> list[At]:
    """What is wrong among values that are each right."""
    starts = [tier.start for tier in fee.tiers or ()]
    faults: list[At] = []
    if starts and starts[0] != 0:
        faults.append((("tiers", 0, "from"), Text(zh="第一級要從 0 開始", en="the first tier has to start from 0")))
    words = Text(zh="要比前一級大", en="has to be more than the tier's before it")
    faults += [(("tiers", at, "from"), words) for at, (one, other) in enumerate(pairwise(starts), 1) if other <= one]
    if fee.minimum is not None and fee.maximum is not None and fee.maximum < fee.minimum:
        faults.append((("maximum",), Text(zh="maximum 小於 minimum", en="is less than minimum")))
    return faults
