"""Posts and videos: a row is a piece of content with its figures over the export's period."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance


def _count(name: str, zh: str, en: str, *, additive: bool = True) -> Column:
    return Column(
        name=name, kind="count", minimum=None if name == "follows" else 0, additive=additive, meaning=Text(zh=zh, en=en)
    )


TABLE = Table(
    id="content",
    title=Text(zh="內容成效", en="Content performance"),
    key=("source", "post_id", "published_on"),
    day="published_on",
    columns=(
        *provenance(),
        Column(name="post_id", kind="id", required=True, meaning=Text(zh="內容編號", en="Content id")),
        Column(name="title", kind="text", meaning=Text(zh="標題", en="Title")),
        Column(name="published_on", kind="date", meaning=Text(zh="發布日期", en="Date of publication")),
        Column(name="duration_seconds", kind="quantity", minimum=0, meaning=Text(zh="影片長度（秒）", en="Length in seconds")),
        _count("impressions", "曝光次數", "Impressions"), _count("views", "觀看次數", "Views"),
        Column(name="watch_hours", kind="quantity", minimum=0, meaning=Text(zh="觀看時間（小時）", en="Watch time in hours")),
        _count("likes", "喜歡次數", "Likes"), _count("comments", "留言數", "Comments"), _count("shares", "分享次數", "Shares"),
        _count("follows", "新增訂閱人數（退訂為負）", "Subscribers gained (negative when lost)"),
    ),
)  # fmt: skip
