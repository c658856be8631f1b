"""Figures as they are written: a cell says no more than that the true figure lies within half a step of its last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

_NONE: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Within:
    """From `low` to `high`, both possible (R. Moore, Interval Analysis, 1966)."""

    low: Decimal
    high: Decimal

    @classmethod
    def around(cls, value: Decimal, step: Decimal) -> Within:
        """A cell's figure, which isn't below 0, half a step either way."""
        return cls(low=max(value - step / 2, _NONE), high=value + step / 2)

    def over(self, other: Within) -> Within | None:
        """The ratios of both; None where the other may be 0."""
        if other.low <= 0:
            return None
        return Within(low=self.low / other.high, high=self.high / other.low)

    def times(self, factor: Decimal) -> Within:
        """All of it multiplied by a factor above 0."""
        return Within(low=self.low * factor, high=self.high * factor)

    def meets(self, other: Within) -> bool:
        """Whether a figure may be in both."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, kw_only=True)
class Made:
    """A ratio's parts: each of `over` may stand above the line, each of `under` below it (reports differ), times `scale`; the first of
    each is the usual one. `good` says which way is good for whoever is measured."""

    over: Sequence[str]
    under: Sequence[str]
    good: Literal["up", "down"]
    scale: Decimal = Decimal(1)


_BOUGHT: Final = ("conversions", "orders", "leads")
# What the ratios of reports are made of.
RATIOS: Final[Mapping[str, Made]] = {
    "ctr": Made(over=("clicks",), under=("impressions",), good="up"),
    "cpc": Made(over=("spend",), under=("clicks", "sessions", "landing_page_views"), good="down"),
    "cpm": Made(over=("spend",), under=("impressions",), good="down", scale=Decimal(1000)),
    "cvr": Made(over=_BOUGHT, under=("clicks", "sessions", "users", "landing_page_views"), good="up"),
    "cpa": Made(over=("spend",), under=(*_BOUGHT, "new_customers"), good="down"),
    "claimed_roas": Made(over=("conversions_value", "revenue"), under=("spend",), good="up"),
    "cpl": Made(over=("spend",), under=("leads", "conversions"), good="down"),
    "cost_per_order": Made(over=("spend",), under=("orders", "conversions"), good="down"),
    "aov": Made(over=("revenue", "conversions_value"), under=("orders", "conversions"), good="up"),
    "cac": Made(over=("spend",), under=("new_customers",), good="down"),
    "cost_per_view": Made(over=("spend",), under=("video_views",), good="down"),
    "interaction_rate": Made(over=("interactions",), under=("impressions", "reach"), good="up"),
    "cost_per_follower": Made(over=("spend",), under=("followers_gained",), good="down"),
}


def advantage(stated: Within, implied: Within, good: Literal["up", "down"]) -> Decimal:
    """How much better than its parts let it be a ratio is told, as a share (0.1: a tenth), beyond all rounding; below 0 where it is
    told worse, and 0 where it may follow from them."""
    if stated.meets(implied):
        return _NONE
    better, near, far = (stated.low > implied.high, stated, implied) if good == "up" else (stated.high < implied.low, implied, stated)  # fmt: skip
    if better:
        return near.low / far.high - 1 if far.high > 0 else _NONE
    return near.high / far.low - 1 if far.low > 0 else -Decimal(1)
