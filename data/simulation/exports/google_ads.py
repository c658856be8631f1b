"""Google Ads "Campaign report" by day, with its title, period line and totals rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..advertising import AdDay
from ..seasons import LAST
from .delimited import Row, utf8, utf16_tab

NONE = " --"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The report's words in one interface language."""

    title: str
    header: Sequence[str]
    enabled: str
    paused: str
    totals: Sequence[str]  # campaigns, account
    types: dict[str, str]  # campaign type as its column says it


EN = Wording(
    title="Campaign report",
    header=(
        "Day,Campaign status,Campaign,Campaign ID,Campaign type,Currency code,Budget,Impr.,Clicks,CTR,Avg. CPC,Cost,"
        "Conversions,Conv. value,Cost / conv.,Search impr. share"
    ).split(","),
    enabled="Enabled",
    paused="Paused",
    totals=("Total: Campaigns", "Total: Account"),
    types={name: name for name in ("Search", "Performance Max", "Display", "Video")},
)
ZH = Wording(
    title="廣告活動報表",
    header=(
        "日,廣告活動狀態,廣告活動,廣告活動 ID,廣告活動類型,貨幣代碼,預算,曝光,點擊,點閱率,平均單次點擊出價,費用,"
        "轉換,轉換價值,單次轉換費用,搜尋曝光比重"
    ).split(","),
    enabled="已啟用",
    paused="已暫停",
    totals=("總計：廣告活動", "總計：帳戶"),
    types={"Search": "搜尋", "Performance Max": "最高成效", "Display": "多媒體廣告", "Video": "影片"},
)


def period_us(first: date, last: date) -> str:
    """``November 1, 2026 - November 30, 2026`` (its comma makes the writer quote it)."""
    return f"{first:%B} {first.day}, {first.year} - {last:%B} {last.day}, {last.year}"


def period_uk(first: date, last: date) -> str:
    """``1 November 2026 - 30 November 2026``."""
    return f"{first.day} {first:%B} {first.year} - {last.day} {last:%B} {last.year}"


def period_zh(first: date, last: date) -> str:
    """``2026年11月1日 - 2026年11月30日``."""
    return " - ".join(f"{day.year}年{day.month}月{day.day}日" for day in (first, last))


def csv_en(rows: Iterable[AdDay], first: date, last: date, *, uk: bool = False) -> bytes:
    """The English ".csv": UTF-8, comma."""
    return utf8(_report(rows, EN, (period_uk if uk else period_us)(first, last)))


def csv_zh(rows: Iterable[AdDay], first: date, last: date) -> bytes:
    """The zh-TW ".csv": UTF-8, comma."""
    return utf8(_report(rows, ZH, period_zh(first, last)))


def excel_csv_zh(rows: Iterable[AdDay], first: date, last: date) -> bytes:
    """The zh-TW "Excel .csv": UTF-16LE, tab."""
    return utf16_tab(_report(rows, ZH, period_zh(first, last)))


def _report(rows: Iterable[AdDay], words: Wording, period: str) -> list[Row]:
    days = list(rows)
    body = [_day(row, words) for row in days]
    types = sorted({row.unit.type for row in days}, key=list(words.types).index)
    by_type = [(f"{_mark(words)}{words.types[kind]}", [r for r in days if r.unit.type == kind]) for kind in types]
    totals = [_total(words.totals[0], days, NONE), _total(words.totals[1], days, "")]
    return [[words.title], [period], list(words.header), *body, *totals, *(_total(n, d, "") for n, d in by_type)]


def _mark(words: Wording) -> str:
    return "總計：" if words is ZH else "Total: "


def _day(row: AdDay, words: Wording) -> Row:
    unit = row.unit
    status = words.enabled if unit.last >= LAST else words.paused
    lead = [row.day.isoformat(), status, unit.campaign, unit.id, words.types[unit.type], "TWD", f"{unit.budget:.2f}"]
    return [*lead, *_figures([row]), _share(row)]


def _total(name: str, rows: Sequence[AdDay], blank: str) -> Row:
    return [name, blank, blank, blank, blank, "TWD", blank, *_figures(rows), blank]


def _figures(rows: Sequence[AdDay]) -> list[str]:
    impressions, clicks = sum(r.impressions for r in rows), sum(r.clicks for r in rows)
    cost, conversions = round(sum(r.spend for r in rows), 2), round(sum(r.conversions for r in rows), 2)
    value = round(sum(r.value for r in rows), 2)
    return [
        f"{impressions:,}",
        f"{clicks:,}",
        f"{clicks / impressions:.2%}" if impressions else NONE,
        f"{cost / clicks:.2f}" if clicks else "0",
        f"{cost:.2f}",
        f"{conversions:,.2f}",
        f"{value:,.2f}",
        f"{cost / conversions:.2f}" if conversions else "0.00",
    ]


def _share(row: AdDay) -> str:
    if row.unit.type != "Search" or not row.impressions:
        return NONE
    # The platform hides both ends; the wobble comes from the row itself, so no random draw is spent on it.
    share = row.unit.share + ((row.impressions % 171) - 85) / 1000
    return "> 90%" if share > 0.9 else "< 10%" if share < 0.1 else f"{share:.2%}"
