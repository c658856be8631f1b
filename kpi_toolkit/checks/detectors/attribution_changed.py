"""An attribution setting that credits more than it did, or more than was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from kpi_toolkit.analysis.attribution import Setting, setting_of
from kpi_toolkit.analysis.claimed import (
    BY,
    BY_MONTH,
    HISTORY,
    METRICS,
    MONTHS,
    Claim,
    claims_of,
    days_told,
    groups,
    total,
    with_months,
)
from kpi_toolkit.analysis.shift import spend_behind_surplus
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.platforms import platform_name

# What must be concerned: a part of the platform's spend for campaigns that changed, of its conversions for new ones.
_MEANINGFUL: Final = 0.1
_LEAST_OF_NEW: Final = 0.2
# A change so many days before the period belongs to its report.
_JUST_BEFORE: Final = 7
_LEAST_DAYS: Final = 14
_LEAST_CONVERSIONS: Final = 20
_UNTOLD = Text(
    zh="{vendor}（{source}）：平台匯出要有「歸因設定」欄（例如 Meta 的 Attribution setting），含這段期間之前",
    en="{vendor} ({source}): an export with the attribution setting (Meta's column of that name), this period's and the one before",
)
_CHANGED = Text(zh="原本是「{before}」，{day} 起是「{now}」", en="was {before}, and since {day} is {now}")
_AGREED = Text(zh="約定是「{before}」，這段期間是「{now}」", en="was agreed as {before}, and is {now} in this period")
_NEW = Text(
    zh="一向是「{before}」，{day} 起的新活動是「{now}」",
    en="has always been {before}, and is {now} for the campaigns that are new since {day}",
)
_COST = Text(
    zh="多記的轉換以原本的單次成本計，約 {amount}",
    en="what is credited on top comes to about {amount} at the former cost",
)
_NO_COST = Text(
    zh="前後的資料還不足以估算影響的金額", en="there is too little before and after to say what that comes to"
)


@dataclass(frozen=True)
class _Widened:
    """A setting that became wider, and the campaigns' claims: before, and since `day`."""

    how: Text
    before: Setting
    now: Setting
    day: date
    claims: Sequence[Claim]
    former: Sequence[Claim]


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    claims = _claims(case)
    for (vendor, source), own in groups(claims, lambda one: (one.vendor, one.source)).items():
        now = [one for one in own if one.day in case.period]
        if now and not any(one.attribution for one in now):
            few.append(
                Few(vendor=vendor, needed=_UNTOLD.fill(vendor=case.vendor_name(vendor), source=platform_name(source)))
            )
        found = _widened(case, vendor, source, own)
        observations += [_observed(case, vendor, source, found, now)] if found else []
    return Answer(observations=observations, few=few)


def _claims(case: Case) -> list[Claim]:
    own, months = case.client.currency, case.period.back(MONTHS if case.period.grain == "month" else 1)
    by_month = claims_of(case.measured_over(months, METRICS, BY_MONTH), own)
    return with_months(claims_of(case.measured(METRICS, BY, days_before=HISTORY), own), by_month)


def _widened(case: Case, vendor: str, source: str, claims: Sequence[Claim]) -> _Widened | None:
    """The plainest of what there is to see: campaigns that changed, new campaigns, or a setting beyond the agreed one."""
    told = [one for one in claims if setting_of(one.attribution)]
    now = [one for one in told if one.day in case.period]
    agreed = _agreed(case, vendor, source)
    ways = (_changed(case, told), _of_new(case, told), _beyond(case, agreed, told))
    for found, figure, least in zip(ways, ("spend", "conversions", "spend"), (_MEANINGFUL, _LEAST_OF_NEW, _MEANINGFUL), strict=True):  # fmt: skip
        if found is None or (agreed is not None and not found.now.wider_than(agreed) and found.how is not _AGREED):
            continue
        if total(found.claims, figure) >= least * total(now, figure) > 0:
            return found
    return None


def _changed(case: Case, told: Sequence[Claim]) -> _Widened | None:
    """Campaigns whose main setting is wider than it was; the change that most was spent on."""
    wider: dict[tuple[Setting, Setting], list[tuple[date, str]]] = {}
    for campaign, own in groups(told, lambda one: one.campaign).items():
        if found := _change_of(case, own):
            before, now, day = found
            wider.setdefault((before, now), []).append((day, campaign))
    return max(
        (_of(told, case, pair, found) for pair, found in wider.items()), key=lambda one: (total(one.claims, "spend"), one.day), default=None
    )  # fmt: skip


def _of(told: Sequence[Claim], case: Case, pair: tuple[Setting, Setting], found: Sequence[tuple[date, str]]) -> _Widened:  # fmt: skip
    day, names = min(found)[0], {campaign for _, campaign in found}
    own = [one for one in told if one.campaign in names and one.day <= case.period.end]
    since = [one for one in own if one.day >= day and setting_of(one.attribution) == pair[1]]
    return _Widened(_CHANGED, *pair, day, since, [one for one in own if one.day < day])


def _change_of(case: Case, own: Sequence[Claim]) -> tuple[Setting, Setting, date] | None:
    """The campaign's setting before and now, and the day since which; None where it is no wider than it was."""
    earliest = case.period.start - timedelta(days=_JUST_BEFORE)
    now = _main(
        [one for one in own if one.day in case.period and one.last > case.period.end - timedelta(days=_LEAST_DAYS)]
    )
    before = _main([one for one in own if one.day < earliest]) or _main(own[: len(own) // 4])
    if now is None or before is None or not now.wider_than(before):
        return None
    last = max((one.day for one in own if setting_of(one.attribution) == before), default=case.period.start)
    since = min((one.day for one in own if setting_of(one.attribution) == now), default=case.period.start)
    day = max(since, earliest)
    return (before, now, day) if since >= earliest and last <= case.period.end else None


def _of_new(case: Case, told: Sequence[Claim]) -> _Widened | None:
    """Campaigns that began in the period, with a wider setting than any older one has."""
    begun = {name: min(one.day for one in own) for name, own in groups(told, lambda one: one.campaign).items()}
    old = [one for one in told if begun[one.campaign] < case.period.start]
    new = [one for one in told if begun[one.campaign] in case.period]
    usual, now = _main(old), _main(new)
    if usual is None or now is None or not all(now.wider_than(one) for one in _settings(old)):
        return None
    since = [one for one in new if setting_of(one.attribution) == now]
    return _Widened(_NEW, usual, now, min(one.day for one in since), since, [])


def _beyond(case: Case, agreed: Setting | None, told: Sequence[Claim]) -> _Widened | None:
    """Claims of the period under a setting beyond what was agreed."""
    own = [one for one in told if one.day in case.period]
    now = _main(own)
    if agreed is None or now is None or not now.wider_than(agreed):
        return None
    since = [one for one in own if setting_of(one.attribution) == now]
    return _Widened(_AGREED, agreed, now, min(one.day for one in since), since, [])


def _agreed(case: Case, vendor: str, source: str) -> Setting | None:
    """The windows agreed for the period's end; None where not both are said."""
    versions = [one for one in case.client.conversions if one.applies(source, vendor, case.period.end)]
    latest = max(versions, key=lambda one: (one.since or date.min, one.vendor is not None), default=None)
    if latest is None or latest.click_window_days is None or latest.view_window_days is None:
        return None
    return Setting(click=latest.click_window_days, view=latest.view_window_days, engaged=latest.view_window_days)


def _settings(claims: Sequence[Claim]) -> set[Setting]:
    return {found for one in claims if (found := setting_of(one.attribution))}


def _main(claims: Sequence[Claim]) -> Setting | None:
    """The setting that most was spent under, or that most days have where nothing was spent."""
    spent: dict[Setting, float] = {}
    for one in claims:
        if found := setting_of(one.attribution):
            spent[found] = spent.get(found, 0.0) + one.spend + 1e-6
    return max(spent, key=lambda one: (spent[one], one.click, one.view), default=None)


def _surplus(found: _Widened) -> float | None:
    """What the conversions beyond the former rate of clicks would have cost; None where nothing can be said."""
    if days_told(found.former) < _LEAST_DAYS or total(found.former, "conversions") < _LEAST_CONVERSIONS:
        return None
    return spend_behind_surplus(found.claims, found.former) or None


def _observed(case: Case, vendor: str, source: str, found: _Widened, now: Sequence[Claim]) -> Observation:
    surplus = _surplus(found)
    cost = _NO_COST if surplus is None else _COST.fill(amount=f"{surplus:,.0f}")
    how = found.how.fill(before=found.before.text(), now=found.now.text(), day=f"{found.day:%m/%d}")
    return Observation(
        vendor=vendor,
        amount=None if surplus is None else Decimal(str(round(surplus, 2))),
        currency=case.client.currency if surplus is not None else "",
        values={
            "name": case.vendor_name(vendor),
            "source": platform_name(source),
            "how": how,
            "spend": f"{total(found.claims, 'spend') / max(total(now, 'spend'), 1e-9):.0%}",
            "cost": cost,
            "now": found.now.text(),
        },
        evidence=list(_rows([*found.former, *found.claims])),
    )


def _rows(claims: Sequence[Claim]) -> Iterator[dict[str, object]]:
    for (campaign, words), own in groups(claims, lambda one: (one.campaign, one.attribution)).items():
        yield {
            "campaign": campaign, "attribution": words, "first_day": min(one.day for one in own), "last_day": max(one.day for one in own),
            "conversions": total(own, "conversions"), "clicks": total(own, "clicks"), "spend": total(own, "spend"),
        }  # fmt: skip


def _sample(before: str, now: str, times: float = 1.0, **agreed: Any) -> Case:
    """A campaign whose setting's words change on 12 October, with `times` as many conversions since."""
    change, first = OCTOBER.start.replace(day=12), OCTOBER.start - timedelta(days=28)
    days = [first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)]
    ads = [
        {"source": "meta_ads", "date_day": day, "campaign_name": "BC_轉換", "spend": 2000.0, "impressions": 9000.0, "clicks": 200.0, "counts": "purchase",
         "conversions": 8.0 * (times if day >= change else 1.0), "attribution": now if day >= change else before}
        for day in days
    ]  # fmt: skip
    return case_of({"ads_daily": ads}, **agreed)


def _fires() -> Case:
    return _sample("點擊後 7 天", "7-day click or 1-day view", 1.4)


def _quiet() -> Case:
    """The same setting in the words of another language."""
    return _sample("點擊後 7 天或瀏覽後 1 天內", "7-day click or 1-day view", 1.2)


def _few() -> Case:
    return _sample("", "")


DETECTOR = Detector(
    id="attribution_changed",
    title=Text(zh="歸因設定比以前或約定的寬", en="The attribution setting credits more than before, or than agreed"),
    system="S26",
    needs=("ads_daily",),
    least=Text(zh="有歸因設定欄的平台匯出，這段期間和之前各 2 週", en="an export with the attribution setting, of two weeks of this period and two before"),
    reference="Meta Business Help Center, About attribution settings; Google Ads Help, About conversion windows",
    says=Text(
        zh="{name}在 {source} 的歸因設定（點擊或看過廣告後幾天內的成交算廣告的）{how}，占 {period}花費的 {spend}。天數越長、連看過都算，同樣的生意就記成越多轉換；{cost}。",
        en="The attribution setting of {name} on {source} (for how many days a sale counts after a click or a view) {how}; that is {spend} of the spend in "
        "{period}. The more it lets count, the more conversions the same business makes; {cost}.",
    ),
    innocent=Text(
        zh="可能是平台改了預設值、為了配合考慮期較長的商品，或雙方談過但還沒寫進約定檔（client.yaml）。",
        en="The platform may have changed its default, the products may take longer to decide on, or it may have been agreed and not be in "
        "client.yaml yet.",
    ),
    question=Text(
        zh="您好，看到 {source} 的歸因設定{how}。想請教調整的原因，也麻煩提供 {period}用原本設定計算的轉換數，方便前後比較，謝謝。",
        en="We see that the attribution setting on {source} {how}. What was the reason, and could you give us the conversions of {period} under the "
        "former setting, so that we can compare?",
    ),
    action=Text(
        zh="請對方用同一個歸因設定重新匯出前後兩期；約定好的天數寫進約定檔（client.yaml）的 click_window_days 和 view_window_days。",
        en="Ask for both periods exported under one setting, and write the agreed days into client.yaml (click_window_days, view_window_days).",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "attribution": Shown(title=Text(zh="歸因設定", en="Attribution setting")),
        "first_day": Shown(title=Text(zh="第一天", en="First day"), kind="date"),
        "last_day": Shown(title=Text(zh="最後一天", en="Last day"), kind="date"),
    },
)  # fmt: skip
