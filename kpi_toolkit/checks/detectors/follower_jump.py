"""Followers that came without anybody having seen more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final

from kpi_toolkit.analysis.evidence import Tally, chance_of_more, spread_of
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.followers import Gain, advertised, claimed, posted, views_of
from kpi_toolkit.checks.posts import sample_posts
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished, same
from kpi_toolkit.tables.platforms import platform_name

_LEAST: Final = 8
# So many times as many for the same number of views may come of another picture, another text, a prize.
_DAY: Final = 5.0
_PERIOD: Final = 3.0
_MANY: Final = 25
# Reports tell a figure a month: so many times the most of the months before, with no more seen than this.
_MONTHS: Final = 3
_CLAIMED: Final = 4.0
_CLAIMED_LEAST: Final = 300
_SEEN: Final = 1.5
_FEW = Text(
    zh="新增追蹤人數要有至少 {least} 天（或 {least} 則貼文）的資料，並附上曝光次數",
    en="followers gained on at least {least} days (or by {least} posts), with impressions",
)


@dataclass(frozen=True, kw_only=True)
class _Jump:
    """The gains of a jump, what is usual for as much shown, and the probability of it."""

    gains: Sequence[Gain]
    usual: float
    p: float | None
    cost: float = 0.0

    @property
    def followers(self) -> float:
        """All that came in it."""
        return sum(one.followers for one in self.gains)


_TOLD: Final[Mapping[str, str]] = {
    "ads_daily": "followers_gained IS NOT NULL",
    "content": "follows IS NOT NULL",
    "vendor_claims": "metric = 'followers_gained'",
}


def _lacks(case: Case) -> Text | None:
    """Nobody who pays for no followers has to be asked for them."""
    tables = {table: where for table, where in _TOLD.items() if case.dataset.has(table)}
    told = any(case.asked(f"SELECT 1 FROM {{rows}} WHERE {where} LIMIT 1", table) for table, where in tables.items())
    return None if told else _FEW.fill(least=_LEAST)


def _check(case: Case) -> Answer:
    observations: list[Observation] = []
    judged = False
    for (vendor, place), gains in sorted([*advertised(case), *posted(case)], key=lambda found: found[0]):
        jumps = [_jump(case, own, many) for own in _by_campaign(gains) for many in [len(_by_campaign(gains))]]
        known = [jump for jump in jumps if jump is not None]
        judged = judged or bool(known)
        if known:
            observations.append(_observed(case, vendor, place, min(known, key=lambda jump: jump.p or 0.0)))
    reported = list(_claimed(case))
    enough = judged or reported
    return Answer(observations=[*observations, *reported], few=[] if enough else [Few(needed=_FEW.fill(least=_LEAST))])


def _by_campaign(gains: Sequence[Gain]) -> list[list[Gain]]:
    return [[one for one in gains if one.what == what] for what in sorted({one.what for one in gains})]


def _jump(case: Case, gains: Sequence[Gain], campaigns: int) -> _Jump | None:
    """The strangest jump among these gains, as one of so many campaigns; None of too few."""
    shown = [one for one in gains if one.shown > 0 or one.followers > 0]
    now = [one for one in shown if one.day >= case.period.start]
    if len(shown) < _LEAST or not now:
        return None
    usual_rate = median(_rate(one) for one in shown) or sum(one.followers for one in shown) / max(
        sum(one.shown for one in shown), 1.0
    )
    odd = [one for one in now if one.followers >= _MANY and not one.prize and _rate(one) > _DAY * usual_rate]
    rest = [one for one in shown if one not in odd]
    at_once = min((_p([one], rest, _DAY) for one in odd), default=1.0) * len(now)
    before = [one for one in shown if one.day < case.period.start]
    plain = [one for one in now if not one.prize]
    enough = len(before) >= _LEAST and sum(one.followers for one in now) >= _MANY
    all_along = _p(plain, before, _PERIOD) if enough and plain else 1.0
    chosen, usual = (odd, rest) if odd and at_once <= all_along else (now, before)
    p = min(1.0, 2 * campaigns * min(at_once, all_along))
    return _Jump(gains=chosen, usual=_usual(chosen, usual), p=p, cost=_cost(now, usual))


def _rate(one: Gain) -> float:
    return one.followers / max(one.shown, 1.0)


def _p(now: Sequence[Gain], usual: Sequence[Gain], beyond: float) -> float:
    # Where next to nothing was shown, a fiftieth of what is usual keeps the share finite.
    floor = 0.02 * sum(one.shown for one in usual) / max(len(usual), 1)
    tallies = [
        [Tally(count=one.followers, exposure=max(one.shown, floor, 1.0)) for one in some] for some in (now, usual)
    ]
    (high, low) = (
        Tally(count=sum(one.count for one in some), exposure=sum(one.exposure for one in some)) for some in tallies
    )
    low = Tally(count=max(low.count, 1.0), exposure=low.exposure)
    return chance_of_more(high, low, spread_of(tallies[1]), beyond=beyond)


def _usual(now: Sequence[Gain], usual: Sequence[Gain]) -> float:
    rate = sum(one.followers for one in usual) / max(sum(one.shown for one in usual), 1.0)
    return rate * sum(one.shown for one in now)


def _cost(now: Sequence[Gain], usual: Sequence[Gain]) -> float:
    """What a follower usually costs, or less where all the period's spend would not pay for them."""
    followers, spent = sum(one.followers for one in usual), sum(one.cost for one in now)
    each = sum(one.cost for one in usual) / followers if followers else 0.0
    return min(each, spent / max(sum(one.followers for one in now), 1.0)) if spent else 0.0


def _observed(case: Case, vendor: str, place: str, jump: _Jump) -> Observation:
    surplus = max(jump.followers - jump.usual, 0.0)
    named = case.client.vendor(vendor)
    zh, en = (named.name.zh, named.name.en) if named else ("", "")
    days = dict.fromkeys(str(one.day) for one in (jump.gains[0], jump.gains[-1]))
    return Observation(
        vendor=vendor,
        p=jump.p,
        amount=Decimal(str(round(surplus * jump.cost, 2))) if jump.cost else None,
        currency=case.client.currency,
        values={
            "name": finished(f"{zh} {platform_name(place).say('zh-TW')}".strip(), f"{en} {platform_name(place).say('en')}".strip()),
            "followers": f"{jump.followers:,.0f}",
            "usual": f"{jump.usual:,.0f}",
            "when": same(" – ".join(days)),
        },
        evidence=[{"day": one.day, "campaign": one.what, "followers_gained": one.followers, "impressions": one.shown} for one in jump.gains[:31]],
    )  # fmt: skip


def _claimed(case: Case) -> Iterator[Observation]:
    """Months of a vendor's reports in which far more followers came than ever before, while no more was seen."""
    if not case.dataset.has("vendor_claims") or case.period.grain != "month":
        return
    months = [str(one) for one in case.period.back(_MONTHS + 4)]
    for vendor in case.client.vendors:
        gained = claimed(case, vendor.id)
        before = [(one, gained[one]) for one in months[:-1] if one in gained]
        now = gained.get(months[-1], 0.0)
        if len(before) < _MONTHS or now < max(_CLAIMED * max(count for _, count in before), _CLAIMED_LEAST):
            continue
        views = views_of(case, vendor.id, case.period.back(_MONTHS + 4))
        known = [views[one] for one, _ in before if one in views]
        if known and views.get(months[-1], 0.0) <= _SEEN * max(known):
            gains = [Gain(what="", day=case.period.start, followers=now, shown=views.get(months[-1], 0.0))]
            yield _observed(case, vendor.id, "", _Jump(gains=gains, usual=median(count for _, count in before), p=None))


def _sample(extra: float = 0.0, *, days: int = 31, prized: bool = False) -> Case:
    """A campaign that asks people to follow, and posts; on the 14th so many more follow."""
    ads = [
        {"source": "line_ads", "date_day": day, "campaign_name": "BC_加好友", "impressions": 4000 + 137 * (at % 7), "spend": 800.0, "followers_gained": 20 + at * 5 % 13 + (extra if at == 13 else 0)}
        for at, day in enumerate(OCTOBER.each_day())
    ]  # fmt: skip
    posts = sample_posts()
    prize = {"follows": 60, "comments": 900, "title": "抽獎活動"} if prized else {}
    return case_of({"ads_daily": ads[:days], "content": [posts[0] | prize, *posts[1:]] if days == 31 else posts[:1]})


DETECTOR = Detector(
    id="follower_jump",
    title=Text(zh="追蹤人數暴增，觸及卻沒有增加", en="A jump in followers that nobody's views explain"),
    system="S33",
    needs=("ads_daily",),
    lacks=_lacks,
    least=Text(
        zh="8 天（或 8 則貼文）的新增追蹤人數和曝光", en="8 days (or 8 posts) with followers gained and impressions"
    ),
    reference="P. McCullagh and J. Nelder, Generalized Linear Models (2nd ed., 1989), 4.5: over-dispersed counts",
    says=Text(
        zh="{name}在 {when} 新增 {followers} 人追蹤；以當時的曝光來看，平常約 {usual} 人。",
        en="{name} gained {followers} followers ({when}); for as many views about {usual} are usual.",
    ),
    innocent=Text(
        zh="可能是店面或包裝上的 QR 碼、抽獎、網紅或媒體介紹、貼文被轉傳，或平台把幾天的數字一次補上。",
        en="A QR code in the shop or on the box, a prize, an influencer or the press, posts passed around, or a platform that booked several days at once may be behind it.",
    ),
    question=Text(
        zh="您好，{name}在 {when} 新增了 {followers} 人追蹤，平常約 {usual} 人。請問是怎麼來的？當時有什麼活動嗎？",
        en="{name} gained {followers} followers ({when}), where about {usual} are usual. How did they come about? Was there an event at that time?",
    ),
    action=Text(
        zh="抽看幾個新追蹤者的帳號、地區和後來的互動；以後驗收看互動和訂單，不看追蹤人數。",
        en="Look at some of the new accounts, where they are and what they did since; judge by engagement and orders, not by followers.",
    ),
    check=_check,
    fires=lambda: _sample(1000.0),
    quiet=lambda: _sample(40.0, prized=True),
    few=lambda: _sample(days=5),
)
