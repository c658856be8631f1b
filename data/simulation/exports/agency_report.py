"""What agencies send every month: a title that names them, a campaign a row, a total below, figures rounded as people round."""

from collections.abc import Sequence
from dataclasses import dataclass

from .delimited import Row, utf8_bom
from .sheet import xlsx

PLATFORMS = {"google": "Google Ads", "meta": "Meta", "line": "LINE", "tiktok": "TikTok"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A campaign's month as the agency tells it; spend before tax."""

    platform: str
    campaign: str
    spend: float
    impressions: int
    clicks: int
    conversions: float
    value: float


def workbook(agency: str, shop: str, month: str, lines: Sequence[Line]) -> bytes:
    """A careful agency's sheet: whole figures, and the ratios that follow from them."""
    head = ["平台", "廣告活動", "花費", "曝光", "點擊", "點閱率", "轉換", "轉換價值", "ROAS"]
    rows: list[Row] = [[f"{agency}　{shop} 廣告成效月報"], [f"{month}", "", "單位：新臺幣元（未稅）"], head]
    rows += [[PLATFORMS[one.platform], one.campaign, *_figures(one)] for one in lines]
    return xlsx("月報", [*rows, ["合計", "", *_figures(_sum(lines))]])


def csv(agency: str, shop: str, month: str, lines: Sequence[Line]) -> bytes:
    """An agency's CSV saved from a chat-friendly table: thousands with commas."""
    head = ["平台", "廣告活動", "花費", "曝光", "連結點擊", "購買次數", "購買轉換值", "ROAS"]
    rows: list[Row] = [[f"{agency}｜{shop}｜{month} 成效回報"], head]
    rows += [[PLATFORMS[one.platform], one.campaign, *_short(one)] for one in lines]
    return utf8_bom([*rows, ["總計", "", *_short(_sum(lines))]])


def _figures(one: Line) -> list[str]:
    ctr = f"{one.clicks / one.impressions:.2%}" if one.impressions else "0.00%"
    return [
        f"{one.spend:,.0f}", f"{one.impressions:,}", f"{one.clicks:,}", ctr, f"{one.conversions:,.1f}", f"{one.value:,.0f}", _roas(one),
    ]  # fmt: skip


def _short(one: Line) -> list[str]:
    return [f"{one.spend:,.0f}", f"{one.impressions:,}", f"{one.clicks:,}", f"{one.conversions:,.0f}", f"{one.value:,.0f}", _roas(one)]  # fmt: skip


def _roas(one: Line) -> str:
    return f"{one.value / one.spend:.2f}" if one.spend else "0.00"


def _sum(lines: Sequence[Line]) -> Line:
    return Line(
        platform="", campaign="", spend=sum(round(one.spend) for one in lines), impressions=sum(one.impressions for one in lines),
        clicks=sum(one.clicks for one in lines), conversions=sum(one.conversions for one in lines), value=sum(one.value for one in lines),
    )  # fmt: skip
