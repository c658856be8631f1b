"""The ratios in a vendor's report, beside what their own parts in the same report come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.written import RATIOS, Made, Within, advantage
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.reports import Cell, exported

_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_MONEY: Final = frozenset({"spend", "conversions_value", "revenue"})

Place = Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio, what its parts come to, how much better it is told, and the spend behind that."""

    cell: Cell
    implied: Within
    better: Decimal
    spend: Decimal

    @property
    def amount(self) -> Decimal:
        """The spend that its advantage would be worth: a tenth more conversions for the money are worth a tenth of it."""
        middle, stated = (self.implied.low + self.implied.high) / 2, self.cell.value
        share = stated / middle if RATIOS[self.cell.metric].good == "up" else middle / stated
        return self.spend * max(share - 1, _NONE)


def ratios(case: Case, vendor: Vendor, report: Sequence[Cell]) -> Iterator[Ratio]:
    """Every ratio that stands beside its parts."""
    wide = _clicks_of_all_kinds(case)
    extras = _extras(case, vendor)
    for place in _places(report):
        for metric, made in RATIOS.items():
            cell = place.get(metric)
            if cell is None or cell.value <= 0:
                continue
            implied = list(_implied(place, made, cell, wide, extras))
            if implied:
                stated = Within.around(cell.value, cell.step)
                better = min((advantage(stated, one, made.good) for one in implied), key=abs)
                averaged = cell.is_total and _is_average(cell, report)
                yield Ratio(cell=cell, implied=implied[0], better=_NONE if averaged else better, spend=_spend(place, case, vendor))  # fmt: skip


def _places(report: Sequence[Cell]) -> list[Place]:
    """The figures of each place by metric; one that has several of a metric (ad sets without a name) is left out for it."""
    found: dict[object, dict[str, list[Cell]]] = {}
    for cell in report:
        found.setdefault(cell.place, {}).setdefault(cell.metric, []).append(cell)
    return [{name: own[0] for name, own in metrics.items() if len(own) == 1} for metrics in found.values()]


def _implied(
    place: Place, made: Made, cell: Cell, wide: Mapping[str, Decimal], extras: Sequence[Decimal]
) -> Iterator[Within]:
    """What the ratio may be by its parts: as each report may mean them, and with tax and mark-up or without."""
    for over in made.over:
        for under in made.under:
            if over not in place or under not in place:
                continue
            parts = [Within.around(place[name].value, place[name].step) for name in (over, under)]
            ratio = parts[0].over(parts[1])
            if ratio is None:
                continue
            ratio = ratio.times(made.scale)
            taxed = _MONEY & {over, under} or cell.metric == "aov"
            for factor in extras if taxed else (_ONE,):
                yield ratio.times(factor)
            if cell.metric == "ctr" and (times := wide.get(cell.platform)):
                yield ratio.times(times)


def _extras(case: Case, vendor: Vendor) -> list[Decimal]:
    """What money may be multiplied by in one cell and not in the other: tax, and the mark-up that was agreed."""
    contract = vendor.contract(case.period.end)
    markup = (contract.media.markup if contract and contract.media else 0) or 0
    rates = [1 + Decimal(repr(contract.tax_rate if contract else TAX_RATE)), 1 + Decimal(repr(markup))]
    factors = [_ONE, rates[0], rates[1], rates[0] * rates[1]]
    return list(dict.fromkeys([*factors, *(_ONE / factor for factor in factors)]))


def _clicks_of_all_kinds(case: Case) -> dict[str, Decimal]:
    """By platform, how many times as many clicks of all kinds there are as clicks that lead to the site."""
    if not case.dataset.has("ads_daily"):
        return {}
    rows = case.asked("SELECT source, sum(clicks_all) / sum(clicks) AS times FROM {rows} WHERE clicks > 0 AND clicks_all IS NOT NULL GROUP BY 1", "ads_daily")  # fmt: skip
    return {row["source"]: Decimal(str(round(row["times"], 4))) for row in rows}


def _is_average(cell: Cell, report: Sequence[Cell]) -> bool:
    """Whether a total's ratio is the plain mean of its rows': wrong, and a common slip."""
    rows = [one.value for one in report if not one.is_total and one.metric == cell.metric and cell.platform in ("", one.platform) and one.span == cell.span]  # fmt: skip
    return len(rows) >= 2 and abs(sum(rows, _NONE) / len(rows) - cell.value) <= cell.step


def _spend(place: Place, case: Case, vendor: Vendor) -> Decimal:
    """What was spent in the place: by the report, else by the export where it is of an account."""
    cell = next(iter(place.values()))
    if "spend" in place:
        return place["spend"].value
    export = exported(case, vendor, [cell.span])
    return export.total("spend", [key for key in export.keys([cell.platform]) if cell.whole or key[1] == cell.campaign])
