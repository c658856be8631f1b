"""A figure and the verdicts on it: a metric's value, what it is held against, and why one of them is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpi_toolkit.metrics import METRICS

Verdict = Literal["", "better", "worse"]

_STILL = 0.01  # a change within one per cent is none


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A value before, the change since (a ratio minus 1), and why it is missing."""

    value: float | None = None
    change: float | None = None
    reason: str = ""

    @property
    def still(self) -> bool:
        """Whether there is a change to speak of, and it is next to none."""
        return self.change is not None and abs(self.change) < _STILL


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A metric's value in the period, beside the one before and the same one a year ago.

    `target` is in `target_currency` where it is money; one in another currency than the figure's is not judged by.
    `group` names what it is of (a channel, a campaign), `parts` are its values by platform where their sum is refused.
    """

    metric: str
    value: float | None
    status: str
    reason: str = ""
    caveat: str = ""
    currency: str = ""
    numerator: float | None = None
    n: float | None = None
    previous: Earlier = Earlier()
    last_year: Earlier = Earlier()
    target: float | None = None
    target_currency: str = ""
    group: tuple[str, ...] = ()
    parts: tuple[Figure, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether there is a value, on enough data."""
        return self.value is not None and self.status == "ok"

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that keep it from being one sum; none where something else does, or nothing."""
        kind, _, listed = self.reason.partition("several currencies: ")
        return tuple(listed.split(", ")) if listed and not kind else ()

    @property
    def judged(self) -> Earlier:
        """What a verdict goes by: last year where it can be compared, since seasons weigh more than months."""
        return self.last_year if self.last_year.change is not None else self.previous

    @property
    def reached(self) -> float | None:
        """The value as a share of its target; None where there is neither."""
        return None if not self.target or self.value is None or self.foreign else self.value / self.target

    @property
    def foreign(self) -> bool:
        """Whether the target is in another currency than the figure, so that neither can be held against the other."""
        return self.target is not None and "" not in (self.currency, self.target_currency) and self.currency != self.target_currency  # fmt: skip

    @property
    def met(self) -> bool | None:
        """Whether the target is met, by the metric's own direction; None where that can't be said."""
        if self.target is None or self.value is None or self.foreign:
            return None
        if METRICS[self.metric].direction == "neither":
            return None
        return self.value >= self.target if METRICS[self.metric].direction == "up" else self.value <= self.target

    @property
    def rated(self) -> bool:
        """Whether it is a price or a rate, which is high or low; a count or a sum is more or less."""
        return METRICS[self.metric].denominator is not None

    def difference(self, earlier: Earlier) -> float | None:
        """Of a share, how far it moved since `earlier`, 0.01 being a percentage point; None of anything else."""
        if METRICS[self.metric].unit != "ratio" or None in (self.value, earlier.value, earlier.change):
            return None
        return self.value - earlier.value  # type: ignore[operator]

    def verdict(self, earlier: Earlier) -> Verdict:
        """Whether the change since `earlier` is for the better; empty where it is small, unsure or neither."""
        direction = METRICS[self.metric].direction
        if earlier.change is None or earlier.still or direction == "neither" or not self.sure:
            return ""
        return "better" if (earlier.change > 0) == (direction == "up") else "worse"
