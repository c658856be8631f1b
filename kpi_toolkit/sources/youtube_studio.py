"""YouTube Studio: `Table data.csv` of the exported zip; a row is a video, its figures cover the export's period."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

_CHART = Text(
    zh="這是 YouTube Studio 的圖表資料（每日），不是影片列表",
    en="this is YouTube Studio's chart data (by day), not its table of videos",
)
_CLOCK = r"regexp_extract(_duration, '^(?:([0-9]+):)?([0-9]+):([0-9]+)$', ['h', 'm', 's'])"

SOURCE = Source(
    id="youtube_studio",
    title=Text(zh="YouTube 工作室（Table data.csv）", en="YouTube Studio (Table data.csv)"),
    table="content",
    headers={
        "post_id": ("Content", "Video", "內容", "影片"),
        "title": ("Video title", "影片標題"),
        "published_on": ("Video publish time", "影片發布時間", "影片發佈時間"),
        "_duration": ("Duration", "時間長度", "長度", "影片長度"),
        "views": ("Views", "觀看次數"),
        "watch_hours": ("Watch time (hours)", "觀看時間 (小時)", "觀看時間(小時)"),
        "follows": ("Subscribers", "訂閱人數", "訂閱者"),
        "impressions": ("Impressions", "曝光次數"),
        "likes": ("Likes", "喜歡次數", "喜歡"),
        "comments": ("Comments added", "Comments", "新增的留言", "新增留言數", "留言數"),
        "shares": ("Shares", "分享次數", "分享"),
    },
    needs=("post_id", "views"),
    signature=(
        "Video title", "Video publish time", "Watch time (hours)", "Impressions click-through rate (%)", "Average percentage viewed (%)",
        "影片標題", "影片發布時間", "影片發佈時間", "觀看時間 (小時)", "曝光點閱率 (%)",
    ),
    known=("Average view duration", "平均觀看時間長度", "平均觀看比例 (%)", "Estimated revenue", "Dislikes", "Unique viewers", "不重複觀眾人數"),
    refused={"Date": _CHART, "日期": _CHART},
    computed={
        "duration_seconds": f"CASE WHEN {_CLOCK}.s <> '' THEN TRY_CAST('0' || {_CLOCK}.h AS INTEGER) * 3600 + TRY_CAST({_CLOCK}.m AS INTEGER) * 60 + TRY_CAST({_CLOCK}.s AS INTEGER) "
        "ELSE TRY_CAST(_duration AS DOUBLE) END",
    },
    totals=TotalRows(label="total|總計|合計"),
)  # fmt: skip
