"""What the cells of a vendor's report say: which metric, which platform, which role a column has, and what figure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kpi_toolkit.errors import nearest
from kpi_toolkit.sources import cells, header
from kpi_toolkit.sources.vendor_report import EITHER_REVENUE, REPORTED, Reported
from kpi_toolkit.tables.quoting import literal

if TYPE_CHECKING:
    import duckdb

# What a column of a report is, beside figures: a canonical column, or `_period`, `_metric`, `_value`.
ROLES: dict[str, tuple[str, ...]] = {
    "_period": ("期間", "月份", "年月", "月", "日期", "日", "週", "週次", "週期", "走期", "區間", "時間", "報告期間", "統計期間", "投放期間", "資料期間", "年份月份", "Period", "Month", "Week", "Day", "Date", "Reporting period", "Date range"),
    "period_start": ("開始日期", "起始日期", "開始日", "起日", "開始", "Start date", "Period start", "From", "period_start"),
    "period_end": ("結束日期", "截止日期", "結束日", "迄日", "結束", "End date", "Period end", "To", "period_end"),
    "campaign_name": ("廣告活動", "廣告活動名稱", "行銷活動", "行銷活動名稱", "活動", "活動名稱", "檔期", "檔期名稱", "專案", "專案名稱", "走期活動", "Campaign", "Campaign name", "campaign_name"),
    "platform": ("平台", "廣告平台", "媒體", "媒體平台", "投放平台", "投放媒體", "渠道", "廣告渠道", "管道", "通路", "廣告類型", "Platform", "Channel", "Media", "Publisher", "Ad platform"),
    "vendor_name": ("廠商", "廠商名稱", "代理商", "代理商名稱", "廣告代理商", "行銷公司", "廣告公司", "代操公司", "代操廠商", "執行單位", "執行廠商", "Vendor", "Vendor name", "Agency", "Agency name", "vendor_name"),
    "_metric": ("指標", "指標名稱", "項目", "成效指標", "成效項目", "數據項目", "數據指標", "KPI 項目", "Metric", "Metrics", "Metric name", "Item", "Indicator", "KPI"),
    "_value": ("數值", "回報值", "回報數值", "回報數字", "數字", "數據", "實際", "實際成效", "實際值", "實績", "Value", "Reported value", "Reported", "Reported figure", "Figure", "Actual"),
    "currency": ("幣別", "貨幣", "Currency"),
}  # fmt: skip
TITLE = re.compile(
    r"成效報告|成效報表|成效月報|成效週報|月報|週報|周報|結案報告|結案報表|成效總表|成效彙整|成效摘要|投放報告|廣告報告|代操報告|執行報告|"
    r"(performance|monthly|weekly|campaign|ads?|marketing|agency|wrap[- ]?up) report (by|from|of|for)\b|report (prepared )?by\b|wrap[- ]?up report|agency report",
    re.IGNORECASE,
)
VENDOR_LINE = re.compile(
    r"(?:代理商|廠商|行銷公司|廣告公司|代操公司|執行單位|製作單位|agency|vendor|prepared by)\s*[:：]\s*(\S.*)$|(?:report|prepared) by:?\s+(\S.*)$",
    re.IGNORECASE,
)
TOTAL = re.compile(r".{0,12}(小\s*計|合\s*計|總\s*計|總\s*和|加\s*總|總額|(grand |sub)?-?totals?)\s*[:：]?|整體|全部|全平台|overall|all", re.IGNORECASE)  # fmt: skip
TOTAL_WORDS = re.compile(
    r"(小\s*計|合\s*計|總\s*計|總\s*和|加\s*總|總額|(grand |sub)?-?totals?|整體|全部|全平台|overall|\ball\b)\s*[:：]?",
    re.IGNORECASE,
)
SUBTOTAL = re.compile(r".*(小\s*計|sub-?total).*", re.IGNORECASE)
AVERAGE = re.compile(r".{0,12}(平均|均值)值?\s*[:：]?|average|avg\.?|mean", re.IGNORECASE)
# Columns that say how figures compare; they are no figures of their own.
COMPARED = re.compile(
    r".*(成長|增長|增減|差異|差額|變化|變動|漲跌|達成|達標|目標|預估|預算|預期|占比|佔比|比重|排名|去年同期|同期)(率|值|幅度|%|數)?.*|較.+|與.+比|vs\.? ?.+|.*\b(mom|wow|yoy|growth|change|difference|diff|delta|variance|target|goal|budget|share of .+|vs\.?)\b.*|[+\-]?/?[-+]?%|△|Δ.*",
    re.IGNORECASE,
)
_PLATFORMS = (
    ("google_ads", r"google|adwords|gdn|youtube|yt 廣告|關鍵字廣告|pmax|performance max"),
    ("meta_ads", r"meta|facebook|instagram|\bfb\b|\big\b|臉書|^fb|^ig"),
    ("line_ads", r"line"),
    ("tiktok_ads", r"tiktok|tik tok|抖音"),
    ("criteo", r"criteo"),
    ("pchome_ads", r"pchome|pfp"),
    ("yahoo_ads", r"yahoo|雅虎"),
    ("shopee_ads", r"shopee|蝦皮"),
)
_UNITS = frozenset(
    "元 nt$ nt twd ntd 台幣 新台幣 新臺幣 次 人 筆 則 件 名 位 倍 % usd us$ $ x 次數 人數 單位元 萬 萬元 千 千元 仟元 仟 k 人次 百分比 金額 times count".split()
)
_TEN_THOUSANDS, _THOUSANDS = re.compile(r"萬元?"), re.compile(r"[千仟]元?|k")
_WITHOUT_TAX = re.compile(
    r"未稅|未含稅|不含稅|稅前|excl\.?(uding)? (tax|vat)|before tax|net of (tax|vat)", re.IGNORECASE
)
_WITH_TAX = re.compile(r"含稅|稅後|incl\.?(uding)? (tax|vat)", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?:約\s*)?(.*?[0-9]\.?\s*[)%]?)\s*([萬万億亿千仟]|[kKmM](?![a-zA-Z]))?\s*(?:元|次|人次|人|筆|則|件|組|名|位|倍|[xX])?\s*"
)
_SCALES = {"萬": 1e4, "万": 1e4, "億": 1e8, "亿": 1e8, "千": 1e3, "仟": 1e3, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class Named:
    """What a header or a metric cell names: the metric (None: revenue, whose is still to be told), whether with tax,
    what figures are multiplied by, whether they are percent points, and the currency."""

    metric: Reported | None
    tax: bool | None = None
    scale: float = 1.0
    percent: bool = False
    currency: str | None = None


@cache
def _metrics() -> dict[str, str]:
    found = {_compact(word): one.id for one in REPORTED.values() for word in one.words}
    return found | {_compact(word): "" for word in EITHER_REVENUE}


@cache
def _roles() -> dict[str, str]:
    return {_compact(header.key(word)): role for role, words in ROLES.items() for word in words}


def known_keys() -> frozenset[str]:
    """Header keys that reports use: they tell a header from a title."""
    words = (word for one in REPORTED.values() for word in one.words)
    return frozenset(header.key(word) for group in (words, EITHER_REVENUE, *ROLES.values()) for word in group)


def _compact(words: str) -> str:
    return re.sub(r"[\s_\-–:.*#'/]+", "", words.lower())


@cache
def role(cell: str) -> str | None:
    """What a column of that header is."""
    return _roles().get(_compact(re.sub(r"\([^()]*\)", "", header.key(cell))))


@cache
def named(cell: str) -> Named | None:
    """The metric that a header or a cell names; None where no metric knows the words."""
    text, currency = header.split_currency(cell)
    text = text.lower()
    tax = False if _WITHOUT_TAX.search(text) else True if _WITH_TAX.search(text) else None
    plain = _WITH_TAX.sub("", _WITHOUT_TAX.sub("", text))
    notes = [_compact(note) for note in re.findall(r"\(([^()]*)\)", plain)]
    outer = re.sub(r"\([^()]*\)|%", " ", plain).strip()
    known = _metrics()
    ids = {known[_compact(outer)]} if _compact(outer) in known else {known.get(part, "?") for part in _parts(outer)}
    strange = [note for note in notes if note and note.replace("單位", "") not in _UNITS]
    ids |= {known.get(note, "?") for note in strange}
    if len(ids) != 1 or "?" in ids:
        return None
    scale = 1e4 if any(map(_TEN_THOUSANDS.fullmatch, notes)) else 1e3 if any(map(_THOUSANDS.fullmatch, notes)) else 1.0
    return Named(REPORTED.get(ids.pop()), tax, scale, "%" in text, currency)


def _parts(outer: str) -> list[str]:
    """`點閱率 CTR`, `CTR/點閱率`: the same said twice."""
    spoken = re.findall(r"[a-z][a-z .\-]*|[^\x00-\x7f]+", outer)
    return [_compact(part) for part in spoken if _compact(part)] or ["?"]


def platform(cell: str) -> str | None:
    """The platform that a cell names by its id; None where it names none that is known."""
    plain = header.key(cell)
    found = {name for name, words in _PLATFORMS if re.search(words, plain)} if len(plain) <= 40 else set()
    return found.pop() if len(found) == 1 else None


def platform_sql(cell: str) -> str:
    """SQL for the platform that a cell names: its id where it is known, else what the cell says made into one."""
    whens = " ".join(
        f"WHEN regexp_matches(lower({cell}), {literal(words)}) THEN '{name}'" for name, words in _PLATFORMS
    )
    plain = rf"trim(regexp_replace(lower(left({cell}, 40)), '[^\pL\pN]+', '_', 'g'), '_')"
    return f"CASE WHEN {cell} IS NULL THEN NULL {whens} ELSE nullif({plain}, '') END"


def platform_id(cell: str) -> str:
    """The platform's id, or what a cell says made into one."""
    return platform(cell) or re.sub(r"\W+", "_", header.key(cell)[:40]).strip("_")


def near(word: str) -> list[str]:
    """The known names most like an unknown one."""
    words = {unit: unit for one in REPORTED.values() for unit in one.words[1:]} | {
        word: word for word in EITHER_REVENUE
    }
    by_key = {header.key(known): known for known in words}
    return [by_key[key] for key in nearest(header.key(word), by_key)]


def shown(cell: str) -> str:
    """A cell's text as a message may show it: cut short, and nothing of what looks like a person's own."""
    if "@" in cell or len(re.sub(r"[^0-9]", "", cell)) >= 8:
        return "…"
    return " ".join(cell.split())[:20]


@dataclass(frozen=True)
class Figure:
    """What a cell says in figures: the number, whether with a percent sign, and the worth of its last digit."""

    number: float
    percent: bool
    step: float
    currency: str | None


def figures(texts: Iterable[str], connection: duckdb.DuckDBPyConnection) -> dict[str, Figure | None]:
    """Each cell's figure; None for cells that are no figures. Cells that say nothing aren't in it."""
    split = {text: _split(text) for text in texts if text.strip() not in cells.EMPTY}
    bare = sorted({number for number, _ in split.values()})
    sign = cells.currency(r"regexp_extract(cell, '(?i)NT\$|US\$|HK\$|\b(?:TWD|NTD|USD|HKD|JPY|EUR|CNY)\b')")
    read = f"SELECT cell, {cells.number('cell')}, {sign} FROM (SELECT unnest(?::VARCHAR[]) AS cell)"
    found = {cell: (number, code) for cell, number, code in connection.execute(read, [bare]).fetchall()} if bare else {}
    return {text: _figure(text, *found[number], scale) for text, (number, scale) in split.items()}


def _split(text: str) -> tuple[str, float]:
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = _FIGURE.fullmatch(plain) if len(plain) <= 40 else None
    if not parts:
        return plain, 1.0
    return parts[1].strip(), _SCALES.get((parts[2] or "").lower(), 1.0)


def _figure(text: str, number: float | None, code: str | None, scale: float) -> Figure | None:
    if number is None:
        return None
    plain = unicodedata.normalize("NFKC", text)
    behind = re.search(r"\.([0-9]+)", plain)
    step = 10.0 ** -(len(behind[1]) if behind else 0) * scale
    # 12.3 × 10,000 is 123,000, not 123,000.00000000001.
    return Figure(round(number * scale, 9), "%" in plain, step, code)
