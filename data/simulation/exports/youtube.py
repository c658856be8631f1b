"""YouTube Studio's "Table data.csv": the channel's total first, then a row a video."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .delimited import Cell, Row, utf8

HEADER = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Average view duration,"
    "Average percentage viewed (%),Subscribers,Impressions,Impressions click-through rate (%),Likes,Shares,Comments added"
).split(",")


@dataclass(frozen=True, kw_only=True)
class Video:
    """A video and what it earned in the report's period."""

    id: str
    title: str
    published: date
    seconds: int
    views: int
    watched: float  # average share of the video seen
    subscribers: int
    impressions: int
    ctr: float
    likes: int
    shares: int
    comments: int

    @property
    def hours(self) -> float:
        """Watch time, in hours."""
        return round(self.views * self.seconds * self.watched / 3600, 1)


def table_data(videos: Sequence[Video]) -> bytes:
    """The file inside the download, most watched first as the screen sorts it."""
    ranked = sorted(videos, key=lambda video: -video.views)
    return utf8([HEADER, _total(ranked), *(_video(video) for video in ranked)])


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def _video(v: Video) -> Row:
    published = f"{v.published:%b} {v.published.day}, {v.published.year}"
    watched: list[Cell] = [v.views, v.hours, _clock(v.seconds * v.watched), round(100 * v.watched, 2)]
    reach: list[Cell] = [v.subscribers, v.impressions, round(100 * v.ctr, 2)]
    return [v.id, v.title, published, v.seconds, *watched, *reach, v.likes, v.shares, v.comments]


def _total(videos: Sequence[Video]) -> Row:
    def total(values: Iterable[float]) -> float:
        return round(sum(values), 1)

    views, hours = int(total(v.views for v in videos)), total(v.hours for v in videos)
    length, shown = sum(v.seconds * v.views for v in videos), sum(v.impressions for v in videos)
    clicked = sum(v.impressions * v.ctr for v in videos)
    watched: list[Cell] = [views, hours, _clock(3600 * hours / views), round(100 * 3600 * hours / length, 2)]
    reach: list[Cell] = [sum(v.subscribers for v in videos), shown, round(100 * clicked / shown, 2)]
    ends = [sum(getattr(v, name) for v in videos) for name in ("likes", "shares", "comments")]
    return ["Total", "", "", "", *watched, *reach, *ends]
