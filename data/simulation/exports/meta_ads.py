"""Meta Ads Manager, ad level by day: CSV with BOM or XLSX, the account's total in a first row without names."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from ..advertising import AdDay
from .delimited import Cell, Row, utf8_bom
from .sheet import xlsx

PURCHASE = "actions:offsite_conversion.fb_pixel_purchase"
LEAD = "actions:lead"
MESSAGE = "actions:onsite_conversion.messaging_conversation_started_7d"

Rows = Sequence[AdDay]
# header in English, header in zh-TW, cell from rows (one for a day, all for the total row)
Column = tuple[str, str, Callable[[Rows], Cell]]


def _whole(value: float) -> Cell:
    return int(value) if value else ""


def _conversions(rows: Rows) -> float:
    return sum(r.conversions for r in rows)


def _counted(rows: Rows, indicator: str) -> Cell:
    return _whole(_conversions([r for r in rows if r.unit.indicator == indicator]))


def _spend(rows: Rows) -> int:
    return int(sum(r.spend for r in rows))


def _clicks(rows: Rows) -> int:
    return sum(r.clicks for r in rows)


def _impressions(rows: Rows) -> int:
    return sum(r.impressions for r in rows)


def _reach(rows: Rows) -> int:
    # People seen on several days count once in the total.
    return rows[0].reach if len(rows) == 1 else int(sum(r.reach for r in rows) * 0.46)


def _ctr(rows: Rows) -> Cell:
    return f"{100 * _clicks(rows) / _impressions(rows):.8f}" if _impressions(rows) else ""


def _roas(rows: Rows) -> Cell:
    return f"{sum(r.value for r in rows) / _spend(rows):.8f}" if _conversions(rows) and _spend(rows) else ""


REACHED: list[Column] = [
    ("Reach", "觸及人數", _reach),
    ("Impressions", "曝光次數", _impressions),
    ("Amount spent (TWD)", "花費金額 (TWD)", _spend),
    ("Link clicks", "連結點擊次數", lambda rows: _whole(_clicks(rows))),
    ("CTR (link click-through rate)", "CTR（連結點閱率）", _ctr),
]
SHOP: list[Column] = [
    *REACHED,
    ("Adds to cart", "加到購物車次數", lambda rows: _whole(sum(r.carts for r in rows))),
    ("Checkouts initiated", "開始結帳次數", lambda rows: _whole(sum(r.checkouts for r in rows))),
    ("Purchases", "購買次數", lambda rows: _whole(_conversions(rows))),
    ("Purchases conversion value", "購買轉換值", lambda rows: _whole(sum(r.value for r in rows))),
    ("Purchase ROAS (return on ad spend)", "購買 ROAS（廣告投資報酬率）", _roas),
    ("Quality ranking", "品質排名", lambda rows: "-" if len(rows) == 1 else ""),
]
LEADS: list[Column] = [*REACHED, ("Leads", "潛在顧客", lambda rows: _counted(rows, LEAD))]
CLINIC: list[Column] = [*LEADS, ("Messaging conversations started", "訊息對話開始次數", lambda r: _counted(r, MESSAGE))]

NAMES = [
    ("Reporting starts", "分析報告開始"),
    ("Reporting ends", "分析報告結束"),
    ("Campaign name", "行銷活動名稱"),
    ("Ad set name", "廣告組合名稱"),
    ("Ad name", "廣告名稱"),
    ("Ad ID", "廣告編號"),
    ("Day", "天數"),
    ("Attribution setting", "歸因設定"),
    ("Result indicator", "成果指標"),
    ("Results", "成果"),
]
ATTRIBUTION = ("7-day click or 1-day view", "點擊後 7 天或瀏覽後 1 天")


def csv(rows: Iterable[AdDay], first: date, last: date, columns: list[Column], *, zh: bool = True) -> bytes:
    """The CSV download: UTF-8 with BOM."""
    return utf8_bom(_report(list(rows), first, last, columns, int(zh)))


def workbook(rows: Iterable[AdDay], first: date, last: date, columns: list[Column], *, zh: bool = True) -> bytes:
    """The XLSX download: one sheet, ids and dates as text."""
    return xlsx("Raw Data Report", _report(list(rows), first, last, columns, int(zh)))


def _report(days: list[AdDay], first: date, last: date, columns: list[Column], lang: int) -> list[Row]:
    header: Row = [pair[lang] for pair in NAMES] + [column[:2][lang] for column in columns]
    reach = [first.isoformat(), last.isoformat()]
    total: Row = [*reach, *[""] * 8, *(cell(days) for _, _, cell in columns)]
    return [header, total, *(_day(row, reach, columns, lang) for row in days)]


def _day(row: AdDay, reach: list[str], columns: list[Column], lang: int) -> Row:
    unit = row.unit
    names = [unit.campaign, unit.ad_group, unit.ad, unit.id, row.day.isoformat(), ATTRIBUTION[lang]]
    # A day without results names no indicator either.
    result = [unit.indicator, int(row.conversions)] if row.conversions else ["", ""]
    return [*reach, *names, *result, *(cell([row]) for _, _, cell in columns)]
