"""The shape of a metric: numerator, denominator, unit, direction and words, declared once and frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES

Unit = Literal["money", "count", "ratio", "times", "hours", "seconds"]
Direction = Literal["up", "down", "neither"]
Level = Literal["outcome", "diagnostic"]
Guard = Literal["currency", "source", "counts", "conversion_type", "attribution", "definition", "tax_included"]
How = Literal["sum", "count", "distinct", "single"]

MONEY: tuple[Guard, ...] = ("currency",)
# What a platform claims is its own: neither platforms nor result types nor settings nor definitions are added.
CLAIM: tuple[Guard, ...] = ("source", "counts", "conversion_type", "attribution", "definition")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One figure of one canonical table, as an SQL aggregate.

    `of` is an SQL expression over a row and `where` the condition for a row to count. `how` is `sum`, `count` (of
    rows), `distinct` (values of `of`) or `single`: the one row's own value, since it does not add up. `guards` are
    columns that must have one single value among the rows that contribute, else no sum is given (amounts with and
    without tax are added all the same, with a caveat). `empty` is what no
    matching row means (None: unknown). `zero_is_untracked`: a platform that gives nothing but zeros does not track it.
    `optional`: counts as 0, with a caveat, where its table has no rows. `due` is the condition on which a row should
    say `of`: where such a row's cell is empty the sum is of a part, and a caveat says so.
    `assumption` names the figure of client.yaml that stands in `of` as `{assumption}`, for rows that can't say it
    themselves. `known` is the condition for a row to be able to answer a `distinct`. `window_days` measures the days
    up to the period's end instead of the period; `history_days` is how much of the past the answer rests on.
    """

    id: str
    table: str
    of: str = "1"
    where: str = "true"
    how: How = "sum"
    guards: tuple[Guard, ...] = ()
    empty: float | None = None
    zero_is_untracked: bool = False
    optional: bool = False
    due: str = "false"
    assumption: str = ""
    known: str = "true"
    window_days: int = 0
    history_days: int = 0

    def __post_init__(self) -> None:
        if self.table not in TABLES:
            raise ValueError(f"quantity {self.id}: there is no table {self.table!r}")
        if bool(self.assumption) != ("{" + self.assumption + "}" in self.of):
            raise ValueError(f"quantity {self.id}: `of` does not use the assumption {self.assumption!r}")


@dataclass(frozen=True, kw_only=True)
class Total:
    """Amounts added, and others taken off."""

    plus: tuple[Amount, ...]
    minus: tuple[Amount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mean:
    """One amount for each unit of another: the part of a metric that compares two averages."""

    of: Amount
    per: Amount


Amount = Quantity | Total | Mean


def quantities(amount: Amount | None) -> Iterator[Quantity]:
    """All quantities that `amount` is made of."""
    if isinstance(amount, Quantity):
        yield amount
    elif isinstance(amount, Total):
        for part in (*amount.plus, *amount.minus):
            yield from quantities(part)
    elif isinstance(amount, Mean):
        yield from quantities(amount.of)
        yield from quantities(amount.per)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric: `scale * numerator / denominator`, or the numerator alone.

    `name` is the full name, `short` the label in tables and charts; `formula` says the sum in words, `plain` what it
    means to somebody who never saw a dashboard, `why` what to use it for. `unit` `money` is in the client's currency,
    `ratio` is shown as a percentage, `times` as a multiple. `direction` says which way is good, and `neither` is an
    answer. `feeds` are the outcome metrics that it drives (the KPI tree). `n` is how many trials or events stand
    behind the value; below `least` it is given as "too few".
    """

    id: str
    name: Text
    short: Text
    unit: Unit
    direction: Direction
    level: Level
    topic: str
    formula: Text
    plain: Text
    why: Text
    feeds: tuple[str, ...]
    numerator: Amount
    n: Amount
    denominator: Amount | None = None
    scale: float = 1.0
    least: int = 0

    def __post_init__(self) -> None:
        if (self.unit in ("ratio", "times")) and self.denominator is None:
            raise ValueError(f"metric {self.id}: a {self.unit} needs a denominator")

    @property
    def parts(self) -> tuple[Quantity, ...]:
        """The quantities of numerator and denominator, each once."""
        return tuple(dict.fromkeys([*quantities(self.numerator), *quantities(self.denominator)]))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it can't do without."""
        return tuple(dict.fromkeys(part.table for part in self.parts if not part.optional))


def one_definition(versions: Sequence[str]) -> bool:
    """Whether several versions say the same: two vendors agreed the same rule. One vendor's second version never does."""
    parts = [version.split("|") for version in versions]
    if len(parts) < 2:
        return True
    if any(len(part) < 4 for part in parts):
        return False
    vendors = [part[1] for part in parts]
    return len(set(vendors)) == len(vendors) and len({(part[0], *part[3:]) for part in parts}) == 1
