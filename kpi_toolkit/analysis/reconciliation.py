"""Two ledgers of one thing: how far apart they are, and how much of that has a cause which the figures themselves show.

Each known circumstance (a tax, a rate, another time zone, an earlier state of the books …) predicts what the first ledger
would say of every item if it were at work. It counts only where nearly all items agree under it. Known causes go before
a multiplier that nobody named, fewer before more, innocent ones before others. What is left is unexplained, so the parts
always add up to the whole difference, to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, product
from typing import Final, Literal, get_args

Cause = Literal[
    "duplication", "omission", "grain", "time_zone", "lag", "window", "view_through", "currency", "agreed_markup", "tax", "markup", "rounding", "unexplained",
]  # fmt: skip
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
VERSIONS: Final[tuple[Cause, ...]] = ("time_zone", "lag", "window", "view_through")

# What a cause may leave of an item's difference (of its amount, where that is less). Other states of the books are known roughly; a multiplier is exact.
_LEFT: Final = Decimal("0.2")
_LEFT_BY_MULTIPLIER: Final = Decimal("0.02")
# The share of the items that must agree under a cause: one campaign told wrongly doesn't hide the tax on all of them.
_NEARLY_ALL: Final = Decimal("0.8")
# A multiplier that nobody named is read off the figures themselves: so there must be several of them.
_LEAST_ITEMS: Final = 3
# Figures are told to the millionth: sums stay exact.
_GRAIN: Final = Decimal("0.000001")
_HALF: Final = Decimal("0.5")
_NONE: Final = Decimal(0)

Amounts = Mapping[str, Decimal]
Parts = Mapping[Cause, Decimal]
Step = tuple[Cause, Callable[[str, Decimal], Decimal]]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the first ledger says of an item: the amount, and the step of its last written digit (0: exact).

    `12.5萬` has a step of 1,000; half a step either way is rounding.
    """

    item: str
    amount: Decimal
    step: Decimal = _NONE


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What may set the ledgers apart.

    `tax_rate` (0.05) where the first ledger may hold amounts with tax; `agreed_markup` (0.1) that the contract allows on
    top; `rates`, units of the first ledger's currency for one of the second's; `versions`, by cause, what the second
    ledger says of the items under other terms (the other time zones, the state when the first was written, with other
    windows, with conversions after a view); `beyond`, what the second ledger's own total holds beyond its items (removed
    campaigns).
    """

    tax_rate: Decimal | None = None
    agreed_markup: Decimal | None = None
    rates: Sequence[Decimal] = ()
    versions: Mapping[Cause, Sequence[Amounts]] = field(default_factory=dict)
    beyond: Decimal = _NONE

    def __post_init__(self) -> None:
        strange = {*self.versions} - {*VERSIONS}
        if strange:
            raise ValueError(f"no versions of {sorted(strange)}: only of {list(VERSIONS)}")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An item in both ledgers, and the parts of its difference by cause, in the order of CAUSES; none of them is 0."""

    item: str
    stated: Decimal
    found: Decimal
    parts: Parts

    @property
    def whole(self) -> Decimal:
        """How much more the first ledger says than the second."""
        return self.stated - self.found

    @property
    def unexplained(self) -> Decimal:
        """The part that has no cause the figures show."""
        return self.parts.get("unexplained", _NONE)


@dataclass(frozen=True, kw_only=True)
class Reconciled(Difference):
    """Both ledgers as a whole, with their items by name."""

    items: tuple[Difference, ...]


def reconciled(
    stated: Sequence[Entry], found: Amounts, circumstances: Circumstances = Circumstances(), *, whole: str = ""
) -> Reconciled:
    """What `stated` says beside what was `found`, item by item; `whole` names the sum.

    An item that `stated` has twice with one amount is counted twice (duplication); one that only `found` has was left
    out (omission); one that only `stated` has may stand in what the second ledger holds beyond its items (grain).
    """
    found = {item: _settled(amount) for item, amount in found.items()}
    entries, copies = _without_copies(stated)
    shared = {item: entry for item, entry in entries.items() if item in found}
    chain = _best_chain(shared, found, circumstances)
    beyond = _settled(circumstances.beyond)
    items = []
    for item in sorted({*entries, *found}):
        entry = entries.get(item)
        if entry is None:
            parts: dict[Cause, Decimal] = {"omission": -found[item]}
        elif item in found:
            parts = _by_chain(entry, found[item], chain)
        else:
            parts, beyond = _beyond_items(entry.amount, beyond)
        parts["duplication"] = copies.get(item, _NONE)
        stated_amount = (entry.amount if entry else _NONE) + parts["duplication"]
        items.append(Difference(item=item, stated=stated_amount, found=found.get(item, _NONE), parts=_in_order(parts)))
    return _summed(whole, tuple(items))


def _settled(amount: Decimal) -> Decimal:
    return amount.quantize(_GRAIN)


def _without_copies(stated: Sequence[Entry]) -> tuple[dict[str, Entry], dict[str, Decimal]]:
    """One entry an item: equal amounts once, different ones added; and what the copies come to."""
    by_item: dict[str, dict[Decimal, list[Entry]]] = {}
    for entry in stated:
        by_item.setdefault(entry.item, {}).setdefault(_settled(entry.amount), []).append(entry)
    entries, copies = {}, {}
    for item, amounts in by_item.items():
        steps = [max(entry.step for entry in alike) for alike in amounts.values()]
        entries[item] = Entry(item=item, amount=sum(amounts, _NONE), step=sum(steps, _NONE))
        copies[item] = sum((amount * (len(alike) - 1) for amount, alike in amounts.items()), _NONE)
    return entries, copies


def _best_chain(shared: Mapping[str, Entry], found: Amounts, known: Circumstances) -> Sequence[Step]:
    """The fewest causes, two at most, under which nearly all items agree; none where no cause brings that about."""
    chains = list(_chains(known))
    for candidates in (chains, list(_multiplied(shared, found, chains))):
        for length in (0, 1, 2):
            fitting = [chain for chain in candidates if len(chain) == length and _fits(shared, found, chain)]
            if fitting:
                return min(fitting, key=lambda chain: ([CAUSES.index(cause) for cause, _ in chain], _distance(shared, found, chain)))  # fmt: skip
    return ()


def _chains(known: Circumstances) -> Iterator[list[Step]]:
    """Chains of known causes: first another state of the books, then a rate, a mark-up, the tax."""
    kinds: list[list[Step]] = [
        [(cause, _version(version)) for cause in VERSIONS for version in known.versions.get(cause, ())],
        [("currency", _times(rate)) for rate in known.rates],
        [("agreed_markup", _times(1 + known.agreed_markup))] if known.agreed_markup else [],
        [("tax", _times(1 + known.tax_rate))] if known.tax_rate else [],
    ]
    for steps in product(*([None, *kind] for kind in kinds)):
        yield [step for step in steps if step is not None]


def _multiplied(shared: Mapping[str, Entry], found: Amounts, chains: Sequence[list[Step]]) -> Iterator[list[Step]]:
    """The chains with a multiplier behind them that nobody named."""
    for chain in chains:
        if (multiplier := _multiplier(shared, found, chain)) is not None:
            yield [*chain, ("markup", _times(multiplier))]


def _fits(shared: Mapping[str, Entry], found: Amounts, chain: Sequence[Step]) -> bool:
    """Whether the chain settles nearly all items: each of them but for rounding and a small share of its difference."""
    left = _LEFT if any(cause in VERSIONS for cause, _ in chain) else _LEFT_BY_MULTIPLIER
    settled = [
        abs(entry.amount - _predicted(item, found[item], chain)[-1])
        <= entry.step * _HALF + left * min(abs(entry.amount - found[item]), abs(entry.amount))
        for item, entry in shared.items()
    ]
    enough = _LEAST_ITEMS if any(cause == "markup" for cause, _ in chain) else 1
    return sum(settled) >= enough and sum(settled) >= _NEARLY_ALL * len(settled)


def _times(factor: Decimal) -> Callable[[str, Decimal], Decimal]:
    return lambda _, amount: _settled(amount * factor)


def _version(version: Amounts) -> Callable[[str, Decimal], Decimal]:
    return lambda item, amount: _settled(version.get(item, amount))


def _multiplier(shared: Mapping[str, Entry], found: Amounts, chain: Sequence[Step]) -> Decimal | None:
    """The middle one of the items' multipliers beyond the chain's causes; None of too few items, or where it is below 1."""
    ratios = []
    for item, entry in shared.items():
        predicted = _predicted(item, found[item], chain)[-1]
        if predicted > 0 and entry.amount > 0:
            ratios.append(entry.amount / predicted)
    if len(ratios) < _LEAST_ITEMS:
        return None
    middle = sorted(ratios)[len(ratios) // 2]
    return middle if middle > 1 else None


def _predicted(item: str, amount: Decimal, chain: Sequence[Step]) -> list[Decimal]:
    """The amount, and what each cause in turn makes of it."""
    amounts = [amount]
    for _, step in chain:
        amounts.append(step(item, amounts[-1]))
    return amounts


def _distance(shared: Mapping[str, Entry], found: Amounts, chain: Sequence[Step]) -> Decimal:
    """How far apart the ledgers stay, beyond rounding."""
    gaps = (
        abs(entry.amount - _predicted(item, found[item], chain)[-1]) - entry.step * _HALF
        for item, entry in shared.items()
    )
    return sum((max(gap, _NONE) for gap in gaps), _NONE)


def _by_chain(entry: Entry, found: Decimal, chain: Sequence[Step]) -> dict[Cause, Decimal]:
    amounts = _predicted(entry.item, found, chain)
    parts: dict[Cause, Decimal] = {}
    for (cause, _), (before, after) in zip(chain, pairwise(amounts), strict=True):
        parts[cause] = parts.get(cause, _NONE) + after - before
    left = entry.amount - amounts[-1]
    parts["rounding" if abs(left) <= entry.step * _HALF else "unexplained"] = left
    return parts


def _beyond_items(amount: Decimal, beyond: Decimal) -> tuple[dict[Cause, Decimal], Decimal]:
    """The parts of an item that the second ledger doesn't have, and what is left of its own total beyond the items."""
    covered = max(min(amount, beyond), _NONE)
    return {"grain": covered, "unexplained": amount - covered}, beyond - covered


def _in_order(parts: Parts) -> dict[Cause, Decimal]:
    return {cause: parts[cause] for cause in CAUSES if parts.get(cause)}


def _summed(name: str, items: tuple[Difference, ...]) -> Reconciled:
    parts: dict[Cause, Decimal] = {}
    for one in items:
        for cause, amount in one.parts.items():
            parts[cause] = parts.get(cause, _NONE) + amount
    stated, found = (sum((getattr(one, side) for one in items), _NONE) for side in ("stated", "found"))
    return Reconciled(item=name, stated=stated, found=found, parts=_in_order(parts), items=items)
