"""Followers that came without anybody having seen more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, Final

from kpi_toolkit.analysis.evidence import Tally, chance_of_more, spread_of
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.posts import answered, pages, sample_posts, seen
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text, finished, same

_HISTORY_DAYS: Final = 92
_LEAST: Final = 8
# So many times as many for the same number of views may come of another picture, another text, a prize.
_DAY: Final = 5.0
_PERIOD: Final = 3.0
_MANY: Final = 25
# Whoever asks people to follow and to comment for a prize gets both.
_PRIZE: Final = 3.0
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
class _Gain:
    """Followers gained with something that was `shown` so often: a campaign's day, or a post; `cost` is what was spent."""

    what: str
    day: date
    followers: float
    shown: float
    cost: float = 0.0
    prize: bool = False


@dataclass(frozen=True, kw_only=True)
class _Jump:
    """The gains of a jump, what is usual for as much shown, and the probability of it."""

    gains: Sequence[_Gain]
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
    for (vendor, place), gains in sorted([*_advertised(case), *_posted(case)], key=lambda found: found[0]):
        jumps = [_jump(case, own, many) for own in _by_campaign(gains) for many in [len(_by_campaign(gains))]]
        known = [jump for jump in jumps if jump is not None]
        judged = judged or bool(known)
        if known:
            observations.append(_observed(case, vendor, place, min(known, key=lambda jump: jump.p or 0.0)))
    claimed = list(_claimed(case))
    enough = judged or claimed
    return Answer(observations=[*observations, *claimed], few=[] if enough else [Few(needed=_FEW.fill(least=_LEAST))])


def _by_campaign(gains: Sequence[_Gain]) -> list[list[_Gain]]:
    return [[one for one in gains if one.what == what] for what in sorted({one.what for one in gains})]


def _advertised(case: Case) -> Iterator[tuple[tuple[str, str], list[_Gain]]]:
    """Days of campaigns, by vendor and platform."""
    if not case.dataset.has("ads_daily"):
        return
    metrics, by = ["followers_gained", "impressions", "spend"], ["vendor", "channel", "campaign", "day"]
    table = case.measured(metrics, by, days_before=_HISTORY_DAYS)
    told = table[(table["status"] != "no data") & (table["campaign"] != "")]
    days: dict[tuple[str, str], dict[tuple[str, date], dict[str, float]]] = {}
    for row in told.to_dict("records"):
        place = days.setdefault((row["vendor"], row["channel"]), {})
        place.setdefault((row["campaign"], row["period_start"].date()), {})[row["metric"]] = float(row["value"])
    for whose, figures in days.items():
        yield whose, [_of_day(what, day, one) for (what, day), one in sorted(figures.items()) if "followers_gained" in one and "impressions" in one]  # fmt: skip


def _of_day(what: str, day: date, one: Mapping[str, float]) -> _Gain:
    return _Gain(what=what, day=day, followers=one["followers_gained"], shown=one["impressions"], cost=one.get("spend", 0.0))  # fmt: skip


def _posted(case: Case) -> Iterator[tuple[tuple[str, str], list[_Gain]]]:
    """Posts, by vendor and platform."""
    if not case.dataset.has("content"):
        return
    for page in pages(case):
        rows = [row for row in (*page.before, *page.now) if row["follows"] is not None and seen(row) > 0]
        usual = median([(answered(row) or 0.0) / seen(row) for row in rows]) if rows else 0.0
        gains = [
            _Gain(what="", day=row["published_on"], followers=max(float(row["follows"]), 0.0), shown=seen(row), prize=_prized(row, usual))
            for row in rows
        ]  # fmt: skip
        yield (page.vendor, page.source), gains


def _prized(row: Row, usual: float) -> bool:
    return usual > 0 and (answered(row) or 0.0) / seen(row) > _PRIZE * usual


def _jump(case: Case, gains: Sequence[_Gain], campaigns: int) -> _Jump | None:
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


def _rate(one: _Gain) -> float:
    return one.followers / max(one.shown, 1.0)


def _p(now: Sequence[_Gain], usual: Sequence[_Gain], beyond: float) -> float:
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


def _usual(now: Sequence[_Gain], usual: Sequence[_Gain]) -> float:
    rate = sum(one.followers for one in usual) / max(sum(one.shown for one in usual), 1.0)
    return rate * sum(one.shown for one in now)


def _cost(now: Sequence[_Gain], usual: Sequence[_Gain]) -> float:
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
            "name": finished(f"{zh} {place}".strip(), f"{en} {place}".strip()),
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
        gained = _gained(case, vendor.id)
        before = [(one, gained[one]) for one in months[:-1] if one in gained]
        now = gained.get(months[-1], 0.0)
        if len(before) < _MONTHS or now < max(_CLAIMED * max(count for _, count in before), _CLAIMED_LEAST):
            continue
        views = _views(case, vendor.id)
        known = [views[one] for one, _ in before if one in views]
        if known and views.get(months[-1], 0.0) <= _SEEN * max(known):
            gains = [_Gain(what="", day=case.period.start, followers=now, shown=views.get(months[-1], 0.0))]
            yield _observed(case, vendor.id, "", _Jump(gains=gains, usual=median(count for _, count in before), p=None))


def _gained(case: Case, vendor: str) -> dict[str, float]:
    """Followers gained by month as reports tell them, for a whole account or all together."""
    sql = (
        "SELECT strftime(period_start, '%Y-%m') AS month, max(value) AS value FROM {rows} WHERE vendor = ? AND metric = 'followers_gained' "
        "AND coalesce(campaign_name, '') = '' AND datediff('day', period_start, period_end) >= 26 GROUP BY ALL"
    )
    return {row["month"]: float(row["value"]) for row in case.asked(sql, "vendor_claims", vendor)}


def _views(case: Case, vendor: str) -> dict[str, float]:
    """What a vendor's ads and posts were shown by month; empty where nothing tells."""
    views: dict[str, float] = {}
    if case.dataset.has("ads_daily"):
        table = case.measured_over(case.period.back(_MONTHS + 4), ["impressions"], ["vendor"])
        told: Any = table[(table["vendor"] == vendor) & (table["status"] != "no data")]
        views = {
            f"{start:%Y-%m}": float(value) for start, value in zip(told["period_start"], told["value"], strict=True)
        }
    return views


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
        zh="{name}在 {when} 新增 {followers} 人追蹤；以當時的曝光，平常約 {usual} 人。",
        en="{name} gained {followers} followers ({when}); for as many views about {usual} are usual.",
    ),
    innocent=Text(
        zh="可能是實體店面或包裝上的 QR 碼、抽獎、網紅或媒體介紹、貼文自然擴散，或平台一次補記。",
        en="A QR code in the shop or on the box, a prize, an influencer or the press, posts passed around, or a platform that booked several days at once may be behind it.",
    ),
    question=Text(
        zh="想請教 {when} 新增的 {followers} 位追蹤者是怎麼來的？當時有什麼活動嗎？",
        en="Could you tell us how the {followers} followers of {when} came about? Was there an event at that time?",
    ),
    action=Text(
        zh="抽看新追蹤者的帳號、地區和後續互動；以後以互動和訂單驗收，不以追蹤數。",
        en="Look at some of the new accounts, where they are and what they did since; judge by engagement and orders, not by followers.",
    ),
    check=_check,
    fires=lambda: _sample(1000.0),
    quiet=lambda: _sample(40.0, prized=True),
    few=lambda: _sample(days=5),
)
