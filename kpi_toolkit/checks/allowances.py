"""What a report may honestly say more or less than the exports, and what is left beyond that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kpi_toolkit.agreement.contract import TAX_RATE
from kpi_toolkit.agreement.vendor import Vendor
from kpi_toolkit.analysis.reconciliation import Amounts, Circumstances, Reconciled, reconciled
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.reports import cells
from kpi_toolkit.checks.scopes import Scope, scopes

# What a report may say more, as a share of the export's figure, and in roots of it: platforms give money back for invalid clicks
# (2 to 3 %), and conversions come in for weeks, so that an export made before the report has up to 15 % fewer.
ALLOWED: Final[Mapping[str, tuple[Decimal, Decimal]]] = {
    "spend": (Decimal("0.03"), Decimal(0)),
    "impressions": (Decimal("0.06"), Decimal(1)),
    "clicks": (Decimal("0.06"), Decimal("0.5")),
    "conversions": (Decimal("0.15"), Decimal("0.5")),
    "conversions_value": (Decimal("0.18"), Decimal(0)),
    "leads": (Decimal("0.15"), Decimal("0.5")),
}
# Forms know leads that the platform's tag missed, a fifth to a quarter of them: the client's own list says how many, or nobody does.
_MISSED: Final = Decimal("1.16")
_LISTED: Final = Decimal("1.05")
_LEADS: Final = "SELECT count(*) AS number FROM {rows} WHERE vendor = ? AND received_at::DATE BETWEEN ? AND ?"
# What a report may say less of spend: less makes results look cheap, but a day may be missing at its end.
_LESS: Final = Decimal("0.06")
# What all campaigns' misfits may come to, as a share of the whole spend.
_MISFIT: Final = Decimal("0.006")
# A figure that is so many times off is told in another unit or currency.
_UNIT: Final = 20
# So many reports before tell whether the vendor's figures hold its mark-up.
_BEFORE: Final = 2
_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A scope with its difference in parts, and the money at stake."""

    scope: Scope
    result: Reconciled
    amount: Decimal

    @property
    def left(self) -> Decimal:
        """What has no cause that is in order: left out campaigns are asked for elsewhere."""
        parts = self.result.parts
        return self.result.unexplained + parts.get("markup", _NONE) + parts.get("duplication", _NONE)


def held(case: Case, vendor: Vendor, scope: Scope) -> Held | None:
    """The scope's difference, where no honest cause makes so much; None elsewhere."""
    contract = vendor.contract(case.period.end)
    spend = scope.metric == "spend"
    rate = Decimal(repr(contract.tax_rate if contract else TAX_RATE)) if scope.taxed else _NONE
    stated, found = sum((one.amount for one in scope.entries), _NONE), sum(scope.found.values(), _NONE)
    if not found or stated > found * _UNIT or stated * _UNIT < found:
        return None
    if scope.metric == "leads" and stated <= _leads(case, vendor, found):
        return None
    agreed = _agreed(case, vendor) if spend and stated > found else _NONE
    factors = [mark * tax for mark in {_ONE, 1 + agreed} for tax in {_ONE, 1 + rate}]
    predictions: list[Amounts] = [{item: amount * factor for item, amount in scope.found.items()} for factor in factors]
    predictions += [version for versions in scope.versions.values() for version in versions]
    too_much = stated > found and all(_exceeds(scope, one) for one in predictions)
    too_little = spend and stated < found and scope.whole and all(_falls_short(scope, one) for one in predictions)
    if not too_much and not too_little:
        return None
    known = Circumstances(tax_rate=rate or None, agreed_markup=agreed or None, versions=scope.versions)
    result = reconciled(scope.entries, scope.found, known)
    difference = Held(scope=scope, result=result, amount=_NONE)
    least = min((abs(stated - sum(one.values(), _NONE)) for one in predictions), default=_NONE)
    surplus = max(abs(difference.left), least)
    price = _ONE if spend else scope.spend / found
    return replace(difference, amount=surplus * price)


def _leads(case: Case, vendor: Vendor, found: Decimal) -> Decimal:
    """How many leads the vendor may have brought, whatever the platform's tag saw of them."""
    own = (
        case.asked(_LEADS, "leads", vendor.id, case.period.start, case.period.end) if case.dataset.has("leads") else []
    )
    listed = own[0]["number"] if own else 0
    return listed * _LISTED if listed else found * _MISSED * _MISSED


def _agreed(case: Case, vendor: Vendor) -> Decimal:
    """The mark-up that the vendor's figures may hold: as the contract has it, unless an earlier report told plain spend."""
    contract = vendor.contract(case.period.end)
    agreed = Decimal(repr((contract.media.markup if contract and contract.media else 0) or 0))
    for month in case.period.back(_BEFORE + 1)[:-1] if agreed else ():
        earlier = replace(case, period=month)
        for scope in scopes(earlier, vendor, cells(earlier, vendor)).scopes:
            stated, found = sum((one.amount for one in scope.entries), _NONE), sum(scope.found.values(), _NONE)
            if scope.metric == "spend" and _NONE < stated <= found * (1 + ALLOWED["spend"][0]):
                return _NONE
    return agreed


def _exceeds(scope: Scope, predicted: Amounts) -> bool:
    """Whether the report says more than an export of that state lets it, whatever was settled since."""
    share, roots = ALLOWED[scope.metric]
    if scope.metric == "spend":
        return _misfit(scope, predicted) > _MISFIT * sum(predicted.values(), _NONE)
    whole = sum(predicted.values(), _NONE)
    slack = sum((one.step / 2 for one in scope.entries), _NONE)
    if scope.metric == "conversions_value":
        # A few orders more or less are many of few.
        slack += whole / scope.conversions.max(_ONE).sqrt()
    return sum((one.amount for one in scope.entries), _NONE) - slack > whole * (1 + share) + roots * whole.sqrt() + 1


def _misfit(scope: Scope, predicted: Amounts) -> Decimal:
    """What the items say more than predicted beyond what may be given back, and less, all together."""
    said: dict[str, list[Decimal]] = {}
    for one in scope.entries:
        told = said.setdefault(one.item, [_NONE, _NONE])
        told[0] += one.amount
        told[1] += one.step / 2
    share, whole = ALLOWED["spend"][0], _NONE
    base = predicted == scope.found
    for item, (amount, slack) in said.items():
        over, under = amount - slack - predicted[item] * (1 + share), predicted[item] * (1 - share) - amount - slack
        whole += max(over, _NONE) + (_NONE if base else max(under, _NONE))
    return whole


def _falls_short(scope: Scope, predicted: Amounts) -> bool:
    """Whether the report says less than an export of that state, and less than its parts that a report may be of."""
    stated, slack = (sum((getattr(one, side) for one in scope.entries), _NONE) for side in ("amount", "step"))
    states = [sum(predicted.values(), _NONE), scope.early, *scope.smaller]
    return all(not -_LESS * one - 1 <= stated - one <= _LESS * one + slack for one in states) and stated < states[0]
