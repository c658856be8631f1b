"""Posts that are liked, but hardly talked about or passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf, log, sqrt
from statistics import fmean, median, variance
from typing import Final

from kpi_toolkit.analysis.evidence import Tally, chance_of_evenness
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.posts import Page, answered, pages, sample_posts, seen, shown
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 5
_BEFORE: Final = 8
# Comments and shares a like honestly move within this share of what they were.
_BELOW: Final = 0.5
# A post whose likes are so many times the page's, with so small a share of its answers.
_LIKED: Final = 4.0
_UNANSWERED: Final = 1 / 5
_POSTS: Final = 3
_POSTS_SHARE: Final = 0.2
# Hardly any page has fewer than three answers for a thousand likes, or a like of every third person.
_NEVER_ANSWERED: Final = 0.003
_ALL_LIKE: Final = 0.33
_MANY_LIKES: Final = 2000
# The same dozen friends like everything; hundreds don't.
_CROWD: Final = 50
_FEW = Text(
    zh="{name}：這段期間有按讚和留言（或分享）數的貼文 {count} 則，至少要 {least} 則",
    en="{name}: {count} {count:post|posts} with likes and comments (or shares) in this period; at least {least} are needed",
)


def _check(case: Case) -> Answer:
    observations, few = [], []
    for page in pages(case):
        now = _told(page.now)
        if len(now) < _LEAST:
            few.append(Few(vendor=page.vendor, needed=_FEW.fill(name=page.name(case), count=len(now), least=_LEAST)))
        else:
            observations.append(_observed(case, page, now, _told(page.before)))
    return Answer(observations=observations, few=few)


def _told(rows: Sequence[Row]) -> list[Row]:
    """Posts with likes and answers told, that somebody liked."""
    return [row for row in rows if row["likes"] and answered(row) is not None]


def _observed(case: Case, page: Page, now: Sequence[Row], before: Sequence[Row]) -> Observation:
    sure = next((rows for rows in _beyond_doubt(now, [*before, *now])), None)
    # Where nobody ever comments, comments may just be off.
    usual = before if len(before) >= _BEFORE and _answers(before) > 0 else []
    chances = [_chance_of_silence(now, usual), _chance_of_constancy(now)]
    rows = sure if sure is not None else now
    return Observation(
        vendor=page.vendor,
        p=None if sure is not None else min(1.0, 2 * min(chances)),
        values={
            "name": page.name(case),
            "posts": len(rows),
            "likes": f"{_likes(rows):,.0f}",
            "answers": f"{_answers(rows):,.0f}",
            "rate": f"{_rate(rows):.1f}",
            "usual": f"{_rate(usual or now):.1f}",
        },
        evidence=shown(rows),
    )


def _likes(rows: Sequence[Row]) -> float:
    return sum(row["likes"] for row in rows)


def _answers(rows: Sequence[Row]) -> float:
    return sum(answered(row) or 0.0 for row in rows)


def _rate(rows: Sequence[Row]) -> float:
    """Answers for a hundred likes."""
    return 100 * _answers(rows) / max(_likes(rows), 1.0)


def _beyond_doubt(now: Sequence[Row], every: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Posts of the period for which no chance is needed: some liked far more and answered far less than the page's others; or all,
    where next to nobody answers, or every third person likes."""
    reached = [row for row in every if seen(row) > 0]
    if len(reached) >= _BEFORE:
        liked, answers = (median(per(row) for row in reached) for per in (_liked, _answered))
        odd = [row for row in now if seen(row) > 0 and _liked(row) > _LIKED * liked and _answered(row) < _UNANSWERED * answers]  # fmt: skip
        if len(odd) >= max(_POSTS, _POSTS_SHARE * len(now)):
            yield odd
    likes, views = _likes(now), sum(map(seen, now))
    if likes >= _MANY_LIKES and _answers(every) > 0 and _answers(now) < _NEVER_ANSWERED * likes:
        yield now
    if likes >= _MANY_LIKES and all(seen(row) for row in now) and likes > _ALL_LIKE * views:
        yield now


def _liked(row: Row) -> float:
    return float(row["likes"]) / seen(row)


def _answered(row: Row) -> float:
    return (answered(row) or 0.0) / float(row["likes"])


def _chance_of_silence(now: Sequence[Row], before: Sequence[Row]) -> float:
    """The probability of so few answers a like, if they are half of what they were: posts' logarithms by Student's test, so that one
    post that everybody sees is one among others."""
    from scipy.stats import t

    if len(before) < _BEFORE:
        return 1.0
    logs = [[_log(row) for row in rows] for rows in (now, before)]
    freedom = len(now) + len(before) - 2
    pooled = max(sum(variance(one) * (len(one) - 1) for one in logs) / freedom, 0.1)
    error = sqrt(pooled * (1 / len(now) + 1 / len(before)))
    return float(t.cdf((fmean(logs[0]) - fmean(logs[1]) - log(_BELOW)) / error, freedom))


def _log(row: Row) -> float:
    return log(((answered(row) or 0.0) + 1) / (float(row["likes"]) + 1))


def _chance_of_constancy(now: Sequence[Row]) -> float:
    """The probability of likes that are as alike from post to post, if they came by chance alone."""
    likes = [float(row["likes"]) for row in now]
    if min(likes, default=-inf) < _CROWD:
        return 1.0
    return chance_of_evenness([Tally(count=count, exposure=1.0) for count in likes])


def _sample(likes: Callable[[float], float] = float, posts: int = 48) -> Case:
    """An honest page, with October's likes changed."""
    rows = sample_posts(posts)
    changed = [row | {"likes": round(likes(float(str(row["likes"]))))} if at < 11 else row for at, row in enumerate(rows)]  # fmt: skip
    return case_of({"content": changed})


DETECTOR = Detector(
    id="engagement_without_comments",
    title=Text(zh="按讚多、留言和分享卻很少", en="Likes without comments or shares"),
    system="S33",
    needs=("content",),
    least=Text(zh="5 則有按讚和留言數的貼文，和之前的 8 則", en="5 posts with likes and comments, and 8 from before"),
    reference="Student, The probable error of a mean, Biometrika 6 (1908); K. Murphy and B. Myors, Journal of Applied Psychology 84 (1999)",
    says=Text(
        zh="{period}，{name}有 {posts} 則貼文共 {likes} 個讚，留言和分享只有 {answers} 次：每 100 個讚 {rate} 次，平常約 {usual} 次。",
        en="{name}, {period}: {posts} {posts:post|posts} with {likes} likes, and {answers} comments and shares: {rate} for a hundred likes, where {usual} are usual.",
    ),
    innocent=Text(
        zh="可能是買了互動廣告、貼文類型改變（例如只有圖片）、留言關閉或隱藏，或一則貼文意外被大量轉傳。",
        en="Engagement may have been advertised, the kind of posts may have changed (pictures alone), comments may be closed or hidden, or one post may have been passed around.",
    ),
    question=Text(
        zh="您好，{period}有 {posts} 則貼文共 {likes} 個讚，留言和分享只有 {answers} 次。請問這段時間有投放互動廣告或辦抽獎活動嗎？可以給我們互動的來源或後台畫面嗎？",
        en="In {period}, {posts} {posts:post|posts} had {likes} likes, and {answers} comments and shares. Were the posts advertised, or part of a giveaway? Could you share where the likes came from, as the page's own insights show it?",
    ),
    action=Text(
        zh="抽看幾個按讚的帳號和所在地；以後驗收看留言、分享和帶來的點擊，不看讚數。",
        en="Look at some of the accounts that liked them and where they are; judge posts by comments, shares and clicks, not by likes.",
    ),
    check=_check,
    fires=lambda: _sample(lambda likes: likes * 8),
    quiet=lambda: _sample(lambda likes: likes * 1.3),
    few=lambda: _sample(posts=4),
)
