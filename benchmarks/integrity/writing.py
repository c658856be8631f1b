"""How vendors write figures into a cell, and what a reader then makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RATIOS = frozenset({"ctr", "cvr"})
MONEY = frozenset({"spend", "conversions_value", "revenue"})
PRICES = frozenset({"cpc", "cpm", "cpa", "cpl", "aov", "cost_per_order", "cac"})
# What each figure that follows from others is made of.
MADE_OF: Mapping[str, tuple[str, str]] = {
    "ctr": ("clicks", "impressions"), "cpc": ("spend", "clicks"), "cvr": ("conversions", "clicks"), "cpa": ("spend", "conversions"),
    "cpl": ("spend", "leads"), "claimed_roas": ("conversions_value", "spend"), "cost_per_order": ("spend", "orders"), "cac": ("spend", "new_customers"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Hand:
    """One vendor's habits. `money`: plain 123,456 | cents 123,456.78 | thousands 123,000 | wan 12.3萬; `counts`: plain or
    wan; `percent` digits after the point; `roas`: times 3.52 | percent 352%."""

    money: str
    counts: str
    percent: int
    roas: str

    def written(self, metric: str, value: float) -> tuple[str, float]:
        """The cell, and the value that it says."""
        if metric in RATIOS:
            text = f"{value * 100:.{self.percent}f}"
            return f"{text}%", round(float(text) / 100, 8)
        if metric == "claimed_roas":
            return _times(value) if self.roas == "times" else _percent(value)
        if metric in PRICES:
            return _plain(value, 1 if self.money == "wan" else 2 if self.money == "cents" else 1)
        if metric in MONEY:
            return self._money(value)
        wide = self.counts == "wan" and metric == "impressions" and value >= 100_000
        fractional = metric == "conversions" and value != int(value)
        return _wan(value) if wide else _plain(value, 2 if fractional else 0)

    def _money(self, value: float) -> tuple[str, float]:
        if self.money == "wan" and value >= 10_000:
            return _wan(value)
        if self.money == "thousands" and value >= 10_000:
            return _plain(round(value, -3), 0)
        return _plain(value, 2 if self.money == "cents" else 0)


def _plain(value: float, digits: int) -> tuple[str, float]:
    text = f"{value:,.{digits}f}"
    return text, float(text.replace(",", ""))


def _wan(value: float) -> tuple[str, float]:
    text = f"{value / 10_000:,.1f}"
    return f"{text}萬", round(float(text.replace(",", "")) * 10_000, 2)


def _times(value: float) -> tuple[str, float]:
    return f"{value:.2f}", float(f"{value:.2f}")


def _percent(value: float) -> tuple[str, float]:
    return f"{value * 100:.0f}%", float(f"{value * 100:.0f}") / 100
