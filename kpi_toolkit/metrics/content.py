"""Posts and videos, by the day that they were published."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.metric import Metric
from kpi_toolkit.metrics.quantities import POST_FOLLOWS, POST_REACTIONS, POST_VIEWS, POSTS, WATCH_HOURS

METRICS = (
    Metric(
        id="posts",
        name=Text(zh="發布的內容數", en="Pieces of content published"),
        short=Text(zh="內容數", en="Posts"),
        unit="count", direction="neither", level="diagnostic", topic="content",
        formula=Text(zh="這段期間發布的貼文與影片數", en="posts and videos published in the period"),
        plain=Text(zh="這段期間發了幾則內容。", en="How many pieces were published in the period."),
        why=Text(zh="用來核對廠商有沒有交出約定的數量。", en="Checks whether the vendor delivered what was agreed."),
        feeds=("new_customers",),
        numerator=POSTS, n=POSTS,
    ),
    Metric(
        id="content_views",
        name=Text(zh="內容觀看次數", en="Views of the content"),
        short=Text(zh="內容觀看", en="Content views"),
        unit="count", direction="up", level="diagnostic", topic="content",
        formula=Text(zh="這段期間發布的內容，到匯出報表當天的觀看次數加總", en="views until the export of what was published in the period"),
        plain=Text(zh="這段期間發的內容總共被看了幾次；越早發的，累積越多。", en="How often what was published in the period was watched; earlier pieces had more time."),
        why=Text(zh="看哪些主題有人想看。", en="Shows which topics people want."),
        feeds=("new_customers",),
        numerator=POST_VIEWS, n=POSTS,
    ),
    Metric(
        id="content_engagement_rate",
        name=Text(zh="內容互動占觀看次數的比率", en="Reactions as a share of views"),
        short=Text(zh="內容互動率", en="Content engagement rate"),
        unit="ratio", direction="up", level="diagnostic", topic="content",
        formula=Text(zh="（喜歡 + 留言 + 分享）÷ 觀看次數", en="(likes + comments + shares) ÷ views"),
        plain=Text(zh="每一百次觀看，有幾次按讚、留言或分享。", en="Likes, comments and shares for every hundred views."),
        why=Text(zh="比觀看次數更能看出內容打不打動人。", en="Shows better than views whether content moves people."),
        feeds=("new_customers",),
        numerator=POST_REACTIONS, denominator=POST_VIEWS, n=POST_VIEWS, least=100,
    ),
    Metric(
        id="watch_hours",
        name=Text(zh="影片觀看總時數", en="Hours of video watched"),
        short=Text(zh="觀看時數", en="Watch hours"),
        unit="hours", direction="up", level="diagnostic", topic="content",
        formula=Text(zh="這段期間發布的影片，到匯出報表當天的觀看小時加總", en="hours watched until the export of what was published in the period"),
        plain=Text(zh="大家總共花了幾小時看你的影片。", en="The hours that people spent on your videos."),
        why=Text(zh="有人願意花時間看，比點開就關掉有價值。", en="Time given is worth more than a click that closes at once."),
        feeds=("new_customers",),
        numerator=WATCH_HOURS, n=POSTS,
    ),
    Metric(
        id="average_view_seconds",
        name=Text(zh="平均每次觀看秒數", en="Average seconds per view"),
        short=Text(zh="平均觀看秒數", en="Seconds per view"),
        unit="seconds", direction="up", level="diagnostic", topic="content",
        formula=Text(zh="觀看小時 × 3,600 ÷ 觀看次數", en="hours watched × 3,600 ÷ views"),
        plain=Text(zh="每次打開影片平均看幾秒。", en="How many seconds a view lasted on average."),
        why=Text(zh="開頭幾秒留不住人，這個數字就會很小。", en="Short when the first seconds don't hold people."),
        feeds=("new_customers",),
        numerator=WATCH_HOURS, denominator=POST_VIEWS, scale=3600.0, n=POST_VIEWS, least=100,
    ),
    Metric(
        id="subscribers_gained",
        name=Text(zh="內容帶來的訂閱人數", en="Subscribers that content gained"),
        short=Text(zh="新增訂閱", en="Subscribers gained"),
        unit="count", direction="up", level="diagnostic", topic="content",
        formula=Text(zh="這段期間發布的內容帶來的訂閱 − 退訂", en="subscriptions − cancellations through what was published in the period"),
        plain=Text(zh="看了這些內容之後開始訂閱的人數，退訂的已扣掉。", en="How many subscribed after seeing it, less those who left."),
        why=Text(zh="訂閱的人，以後不花廣告費也能再接觸到。", en="Subscribers can be reached again without ads."),
        feeds=("new_customers",),
        numerator=POST_FOLLOWS, n=POSTS,
    ),
)  # fmt: skip
