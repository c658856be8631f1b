"""Claimed conversions that jump on a day, while orders, clicks and spend go on as before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from kpi_toolkit.agreement.conversion import kind_of_result
from kpi_toolkit.analysis.claimed import BY, HISTORY, METRICS, Claim, claims_of, groups, total
from kpi_toolkit.analysis.evidence import Spread
from kpi_toolkit.analysis.ledger import ledgers_of
from kpi_toolkit.analysis.shift import LEAST_CONVERSIONS, Shift, shift
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.power import too_few
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, same
from kpi_toolkit.tables.platforms import platform_name

# A better page, a better season or better bids bring orders, too: that is in what is expected. Beyond it a fifth is drift; on the
# very day on which the platform's own word for conversions changed, less is enough.
_BEYOND: Final = 1.2
_BEYOND_NEW_WORD: Final = 1.1
# Of fewer, a good week makes many times as many.
_LEAST_EXPECTED: Final = 5.0
_CONVERSIONS = Text(zh="平台轉換", en="conversions on the platform")
_NO_LEDGER = Text(
    zh="{vendor}：要有同期間和前 3 週以上的訂單或名單（或網站分析的購買）可以對照",
    en="{vendor}: orders or leads (or the purchases of web analytics) of the same days and of 3 weeks before",
)
_NO_DAYS = Text(
    zh="{vendor}（{source}）：要有逐日的平台匯出，含前 3 週以上，而且有點擊或花費",
    en="{vendor} ({source}): the platform's export by day, with clicks or spend, and with 3 weeks before the period",
)
_WORD = Text(zh="平台上的轉換名稱也在這天改變。", en=" The platform's own word for them changed on that day, too.")
_WORDS = "SELECT DISTINCT date_day AS day, campaign_name, conversion_type AS word FROM {rows} WHERE vendor = ? AND source = ? AND conversions > 0 AND date_day IS NOT NULL ORDER BY ALL"


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    few: list[Few] = []
    claims = claims_of(case.measured(METRICS, BY, days_before=HISTORY), case.client.currency)
    for (vendor, source), own in groups(claims, lambda one: (one.vendor, one.source)).items():
        if any(one.day in case.period and one.conversions > 0 for one in own):
            found = _looked_at(case, vendor, source, own)
            few += [found] if isinstance(found, Few) else []
            observations += [found] if isinstance(found, Observation) else []
    return Answer(observations=observations, few=few)


def _looked_at(case: Case, vendor: str, source: str, claims: Sequence[Claim]) -> Observation | Few:
    agreed = _agreed_since(case, vendor, source)
    comparable = [one for one in claims if agreed is None or one.day >= agreed]
    site = case.measured(["sessions", "site_purchase_rate"], ["day"], days_before=HISTORY)
    ledgers = ledgers_of(case.dataset, site, _kind(case, comparable))
    name = case.vendor_name(vendor)
    if not ledgers:
        return Few(vendor=vendor, needed=_NO_LEDGER.fill(vendor=name))
    renamed = _renamed(case, vendor, source, agreed)
    days = [renamed] if renamed else list(case.period.each_day())
    found = shift(comparable, ledgers, days, case.period.end, beyond=_BEYOND_NEW_WORD if renamed else _BEYOND)
    if found is None:
        return Few(vendor=vendor, needed=_needed(case, name, source, comparable))
    return _observed(case, vendor, source, found, renamed is not None, comparable)


def _agreed_since(case: Case, vendor: str, source: str) -> date | None:
    """The day since which the last agreed definition holds: across it nothing is compared."""
    versions = [one for one in case.client.conversions if one.source == source and one.vendor in (None, vendor)]
    return max((one.since for one in versions if one.since and one.since <= case.period.end), default=None)


def _kind(case: Case, claims: Sequence[Claim]) -> str:
    """The kind of most conversions; where nobody says, what the client is after."""
    kinds = {kind: total(own, "conversions") for kind, own in groups(claims, lambda one: one.counts).items() if kind}
    most = max(kinds, key=lambda kind: kinds[kind], default="")
    return most or ("lead" if case.client.goal == "leads" else "purchase")


def _renamed(case: Case, vendor: str, source: str, agreed: date | None) -> date | None:
    """The day in the period since which the campaigns that ran before are counted in words that mean something else."""
    first: dict[str, date] = {}
    rows = [row for row in case.asked(_WORDS, "ads_daily", vendor, source) if agreed is None or row["day"] >= agreed]
    before = {row["campaign_name"]: row for row in rows if row["day"] < case.period.start}
    for row in rows:
        word = row["word"] or ""
        meaning = kind_of_result(word) or word
        first[meaning] = min(first.get(meaning, row["day"]), row["day"])
    new = [row["day"] for row in rows if row["day"] in case.period and row["campaign_name"] in before and (row["word"] or "") and first[kind_of_result(row["word"]) or row["word"]] in case.period]  # fmt: skip
    return min(new, default=None)


def _needed(case: Case, name: Text, source: str, claims: Sequence[Claim]) -> Text:
    before = [one for one in claims if one.day < case.period.start]
    conversions, days = total(before, "conversions"), len({one.day for one in before})
    if days < 21 or conversions <= 0 or conversions >= LEAST_CONVERSIONS:
        return _NO_DAYS.fill(vendor=name, source=platform_name(source))
    return too_few(name, _CONVERSIONS, conversions / days * 365 / 12, Spread(factor=2.0, freedom=8.0))


def _observed(case: Case, vendor: str, source: str, found: Shift, renamed: bool, claims: Sequence[Claim]) -> Observation:  # fmt: skip
    # No more than was spent.
    amount = min(found.surplus, found.expected) * found.cost
    return Observation(
        vendor=vendor,
        p=found.p if found.expected >= _LEAST_EXPECTED else 1.0,
        amount=Decimal(str(round(amount, 2))),
        currency=case.client.currency,
        values={
            "name": case.vendor_name(vendor),
            "source": platform_name(source),
            "day": f"{found.day:%m/%d}",
            "conversions": f"{found.conversions:,.0f}",
            "expected": f"{found.expected:,.0f}",
            "cost": f"{found.cost:,.0f}",
            "amount": f"{amount:,.0f}",
            "word": _WORD if renamed else same(""),
        },
        evidence=_weekly(claims, found.day),
    )


def _weekly(claims: Sequence[Claim], day: date) -> list[dict[str, object]]:
    """Weeks around the day, each with its first day."""
    weeks = groups(
        (one for one in claims if abs((one.day - day).days) < 56), lambda one: day + timedelta((one.day - day).days // 7 * 7)
    )  # fmt: skip
    return [
        {"week": week, "conversions": total(own, "conversions"), "clicks": total(own, "clicks"), "spend": total(own, "spend")}
        for week, own in weeks.items()
    ]  # fmt: skip


def _sample(times: float, *, since: int = 12, ledger: float = 1.0, before: int = 56, **agreed: Any) -> Case:
    """Ten conversions and twelve orders a day; `times` as many conversions, and `ledger` times the orders, since a day of
    October."""
    first, change = OCTOBER.start - timedelta(days=before), OCTOBER.start.replace(day=since)
    days = [first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)]
    ads = [
        {"date_day": day, "campaign_name": "BC_搜尋", "spend": 3000.0, "impressions": 9000.0, "clicks": 300.0, "counts": "purchase",
         "conversions": (10 + day.day % 3) * (times if day >= change else 1.0)}
        for day in days
    ]  # fmt: skip
    orders = [
        {"order_id": f"{day}-{n}", "ordered_at": f"{day} 10:00", "status": "valid", "total": 900.0}
        for day in days
        for n in range(round((12 + day.day % 2) * (ledger if day >= change else 1.0)))
    ]
    return case_of({"ads_daily": ads, "orders": orders}, **agreed)


def _fires() -> Case:
    return _sample(2.5)


def _quiet() -> Case:
    """A sale: twice the conversions of the same clicks, and twice the orders."""
    return _sample(2.0, ledger=2.0)


def _few() -> Case:
    return _sample(2.5, before=-7)


DETECTOR = Detector(
    id="definition_switch",
    title=Text(zh="轉換突然變多，訂單卻沒有跟著變", en="Conversions jump while orders do not"),
    system="S27",
    needs=("ads_daily",),
    least=Text(zh="變動前 3 週、後 1 週的逐日匯出，前面至少 {n} 筆轉換；同期間的訂單或名單", en="the export by day of 3 weeks before the change and 1 after, with {n} conversions before; orders or leads of the same days").fill(n=LEAST_CONVERSIONS),
    reference="D. Hinkley and E. Hinkley, Inference about the change-point in a sequence of binomial variables, Biometrika 57 (1970)",
    says=Text(
        zh="{name}在 {source} 的轉換從 {day} 起明顯變多：之後共 {conversions} 次，照原本的轉換率和訂單走勢約 {expected} 次。{word}點擊、花費和訂單都沒有同樣的變化；"
        "以原本每次約 {cost} 計，多出來的轉換相當於花費約 {amount}，成效看起來會比實際好。",
        en="Conversions of {name} on {source} are clearly more since {day}: {conversions} since then, where the former rate and the course of orders "
        "let one expect about {expected}.{word} Clicks, spend and orders did not change alike; at the {cost} that each of the expected ones "
        "costs, what is more stands for {amount} of spend: results look better than they are.",
    ),
    innocent=Text(
        zh="可能是轉換的定義照約定改過但還沒寫進約定檔（client.yaml）、追蹤修好後補回漏記的轉換、同一筆訂單被兩個追蹤碼各記一次，或訂單檔漏了某個通路。",
        en="The definition may have been changed as agreed and not be in client.yaml yet, broken tracking may have been repaired, two tags may count "
        "the same order, or the file of orders may lack a channel.",
    ),
    question=Text(
        zh="您好，{source} 的轉換從 {day} 起共 {conversions} 次，照之前的走勢約 {expected} 次。請問那天前後的轉換設定（哪些動作算、算幾次、算幾天內、追蹤碼）有調整過嗎？可以看一下變更紀錄嗎？",
        en="Since {day}, {source} counted {conversions} conversions, where about {expected} were to be expected. Was anything in the conversion settings (which "
        "actions count, how often, within how many days, the tags) changed around that day? Could we see the change history?",
    ),
    action=Text(
        zh="在廣告後台的「變更紀錄」看 {day} 前後的轉換設定；若是約定好的改變，就把新定義和日期寫進約定檔（client.yaml）的 conversions，之後新舊分開看。",
        en="Look at the conversion settings in the change history around {day}; if the change was agreed, write the new definition and its day into "
        "client.yaml (conversions), and read both apart from then on.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
)  # fmt: skip
