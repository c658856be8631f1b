"""Last digits of large counts that have favourites."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi_toolkit.analysis.digits import LEAST, chance_of_digits, last_digits, shares
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.checks.told import COUNTS, NO_FIGURES, Series, Teller, at_stake, tellers
from kpi_toolkit.i18n import Text, finished

_NEEDED = Text(
    zh="{name}在{origin}（{platform}）裡，寫到個位、100 以上的次數只有 {count} 個；要 {least} 個才看得出個位數有沒有集中",
    en="{origin} ({platform}) of {name} has {count} {count:count|counts} of 100 or more told to the last digit; {least} are needed to see whether last digits have favourites",
)


def _check(case: Case) -> Answer:
    observations, few = [], []
    for teller in tellers(case):
        now = [series.since(case.period.start) for series in teller.series]
        digits, used = _digits(now), now
        if len(digits) < LEAST:
            digits, used = _digits(list(teller.series)), list(teller.series)
        if len(digits) < LEAST:
            few.append(Few(vendor=teller.vendor, needed=_NEEDED.fill(**teller.named(case), count=len(digits), least=LEAST)))  # fmt: skip
        else:
            observations.append(_observed(case, teller, digits, used))
    return Answer(observations=observations, few=few if few or observations else [Few(needed=NO_FIGURES)])


def _digits(series: list[Series]) -> NDArray[np.int64]:
    """The last digits of all counts."""
    found = [last_digits(one.figures[name]) for one in series for name in COUNTS if name in one.figures]
    return np.concatenate(found or [np.array([], dtype=np.int64)])


def _observed(case: Case, teller: Teller, digits: NDArray[np.int64], used: list[Series]) -> Observation:
    """The digits of all the vendor's figures on a platform; at stake is what the period's figures cost."""
    found = shares(digits)
    days = {one.campaign: [day for day in one.starts if day in case.period] for one in used}
    told = sum(one.spend(np.array([day in case.period for day in one.starts], dtype=bool)) for one in used)
    amount, currency = at_stake(case, teller, days, told)
    usual = np.argsort(-found, kind="stable")[:2]
    return Observation(
        vendor=teller.vendor,
        p=chance_of_digits(digits),
        amount=amount,
        currency=currency,
        values=teller.named(case)
        | {"count": len(digits), "often": _both(*sorted(usual.tolist())), "share": f"{found[usual].sum():.0%}"},
        evidence=[{"digit": digit, "count": int(times)} for digit, times in enumerate(np.bincount(digits, minlength=10))],
    )  # fmt: skip


def _both(one: int, other: int) -> Text:
    return finished(f"{one} 或 {other}", f"{one} or {other}")


def _sample(*, made: float, days: int = 31) -> Case:
    """Impressions and clicks by day, of which a share is `made` to end with 0 or 5."""
    rng = np.random.default_rng(11)
    shown, clicks = rng.gamma(9, 1000, days).round(), rng.gamma(30, 10, days).round()
    for counts in (shown, clicks):
        chosen = rng.random(days) < made
        counts[chosen] = (counts[chosen] / 5).round() * 5
    rows = [
        {"source": "meta_ads", "campaign_name": "BC_品牌", "date_day": day, "impressions": float(one), "clicks": float(clicked), "spend": 2400.0}
        for day, one, clicked in zip(OCTOBER.each_day(), shown, clicks, strict=False)
    ]  # fmt: skip
    return case_of({"ads_daily": rows})


def _fires() -> Case:
    return _sample(made=0.9)


def _quiet() -> Case:
    return _sample(made=0.0)


def _few() -> Case:
    return _sample(made=0.9, days=20)


DETECTOR = Detector(
    id="written_digits",
    title=Text(zh="數字的個位數集中在幾個數", en="Last digits that have favourites"),
    system="S28",
    needs=("ads_daily",),
    least=Text(zh="60 個寫到個位、100 以上的次數", en="60 counts of 100 or more, told to the last digit"),
    reference="J. Mosimann, C. Wiseman and R. Edelman, Data fabrication: Can people generate random digits?, Accountability in Research 4, 1995",
    says=Text(
        zh="{period}，{name}的{origin}（{platform}）裡有 {count} 個 100 以上的次數（曝光、點擊、轉換），個位數是 {often} 的占 {share}；自然的數字約 20%。",
        en="Of {count} counts of 100 or more (impressions, clicks, conversions) in {origin} ({platform}) of {name}, {period}, {share} end with {often}; about 20% would be natural.",
    ),
    innocent=Text(
        zh="可能是報告把數字取到 5 或 10、有些數字是估計值，或幾個檔案的取整方式不同。",
        en="The report may round to fives or tens, some figures may be estimates, or several files may be rounded in different ways.",
    ),
    question=Text(
        zh="您好，{period}的 {platform} 數字裡，個位數是 {often} 的占 {share}。想請教曝光、點擊是平台匯出的原始數字，還是取過整數或估算的？",
        en="Of the {platform} figures of {period}, {share} end with {often}. Are impressions and clicks the platform's own figures, or rounded or estimated?",
    ),
    action=Text(
        zh="自己登入 {platform} 後台匯出同一段期間，抽幾天比對。",
        en="Sign in to {platform} yourself, export the same days, and compare some of them.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={"digit": Shown(title=Text(zh="個位數", en="Last digit"))},
)  # fmt: skip
