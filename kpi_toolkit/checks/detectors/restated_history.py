"""Figures of days past that a later export tells differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kpi_toolkit.analysis.proportions import Part, chance_of_part
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.sample import OCTOBER, Rows, case_of
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.periods import Period, month
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.platforms import platform_name

# So many months before the period are still of interest.
_MONTHS: Final = 4


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """The shares by which a figure may honestly rise and fall, and the least change that is worth a look."""

    up: float
    down: float
    least: float


# Platforms settle spend within days and credit invalid clicks; conversions and refunds come in for weeks; a site's visits are
# recounted within two days.
_BOUNDS: Final[Mapping[tuple[str, str], _Bounds]] = {
    ("ads_daily", "spend"): _Bounds(up=0.03, down=0.05, least=100),
    ("ads_daily", "clicks"): _Bounds(up=0.03, down=0.08, least=30),
    ("ads_daily", "impressions"): _Bounds(up=0.05, down=0.08, least=1000),
    ("ads_daily", "conversions"): _Bounds(up=0.2, down=0.2, least=5),
    ("sessions", "sessions"): _Bounds(up=0.05, down=0.05, least=50),
    ("orders", "total"): _Bounds(up=0.03, down=0.03, least=1000),
}
# Of these the count of late ones is chance; each may bring others with it.
_CHANCE: Final = "conversions"
_CLUMPED: Final = 2.0
# A day that the earlier export saw half of.
_HALF_A_DAY: Final = 1.2
_DAYS: Final = {"ads_daily": "date_day", "sessions": "date_day", "orders": "ordered_at::DATE"}
_NOT_COMPARED = Text(
    zh="同一個月要有兩次以上的匯出檔，才能比較數字後來有沒有改變",
    en="two or more exports of the same month, to compare what they say",
)
_COLUMNS: Final[Mapping[str, Text]] = {
    "spend": Text(zh="廣告花費", en="ad spend"), "clicks": Text(zh="點擊", en="clicks"), "impressions": Text(zh="曝光", en="impressions"),
    "conversions": Text(zh="轉換", en="conversions"), "sessions": Text(zh="工作階段", en="sessions"), "total": Text(zh="訂單金額", en="totals of orders"),
}  # fmt: skip


def _check(case: Case) -> Answer:
    if case.restated is None:
        return Answer(few=[Few(needed=_NOT_COMPARED)])
    groups: dict[tuple[str, str, Period], dict[str, Row]] = {}
    for row in case.restated:
        one = _month(row["month"])
        if (row["table"], row["column"]) in _BOUNDS and one in _month(case.period.end).back(_MONTHS):
            columns = groups.setdefault((row["table"], row["source"] or "", one), {})
            # Of several exports of a month, the two that are farthest apart.
            columns[row["column"]] = max(columns.get(row["column"], row), row, key=lambda told: (abs(told["difference"]), str(told["file_before"])))  # fmt: skip
    found = [_judged(case, *key, columns) for key, columns in sorted(groups.items(), key=lambda group: str(group[0]))]
    return Answer(observations=[one for several in found for one in several])


def _month(day: date) -> Period:
    return month(day.year, day.month)


def _judged(case: Case, table: str, source: str, one: Period, columns: Mapping[str, Row]) -> Iterator[Observation]:
    """An observation by arithmetic, of all figures that changed beyond their bounds; else one by chance, of conversions."""
    if not case.dataset.has(table) or not _told(case, table, one):
        return
    ordered = [columns[column] for of, column in _BOUNDS if of == table and column in columns]
    beyond = [row for row in ordered if _outside(row, _BOUNDS[table, row["column"]])]
    sure = [row for row in beyond if row["column"] != _CHANCE and not _last_day(case, table, source, one, row)]
    if sure:
        yield _observed(case, source, one, sure, None, _at_stake(case, source, one, [*sure, *(row for row in beyond if row not in sure)]))  # fmt: skip
    elif row := columns.get(_CHANCE):
        yield _observed(case, source, one, [row], _chance(row), _at_stake(case, source, one, [row]))


def _told(case: Case, table: str, one: Period) -> bool:
    """Whether the table has anything of that month."""
    day = "period_start" if "period_start" in TABLES[table] else TABLES[table].day
    sql = f"SELECT 1 FROM {{rows}} WHERE {day}::DATE BETWEEN ? AND ? LIMIT 1"
    return bool(case.asked(sql, table, one.start, one.end))


def _outside(row: Row, bounds: _Bounds) -> bool:
    before, change = abs(row["before"]), row["difference"]
    return abs(change) >= bounds.least and not -bounds.down * before <= change <= bounds.up * before


def _chance(row: Row) -> float:
    """Of so many more conversions coming in late, or being taken back, if no more than a sixth of them do."""
    if not _outside(row, _BOUNDS["ads_daily", _CHANCE]):
        return 1.0
    bounds, whole = _BOUNDS["ads_daily", _CHANCE], max(row["before"], row["after"])
    moved = Part(count=round(abs(row["difference"])), of=round(whole))
    return chance_of_part(moved, bounds.up / (1 + bounds.up), clumped=_CLUMPED)


def _last_day(case: Case, table: str, source: str, one: Period, row: Row) -> bool:
    """Whether the earlier export may just have been made before its last day was over: no more rows changed than a day has, by no
    more than a day brings."""
    day = _DAYS[table]
    sql = f"SELECT count({day}) AS rows, count(DISTINCT {day}) AS days FROM {{rows}} WHERE source = ? AND {day} BETWEEN ? AND ?"
    (told,) = case.asked(sql, table, source, one.start, one.end)
    days, daily = told["days"], told["rows"] / max(told["days"], 1)
    return days > 1 and row["difference"] > 0 and row["rows"] <= _HALF_A_DAY * daily + 1 and row["difference"] <= _HALF_A_DAY * row["after"] / days  # fmt: skip


def _at_stake(case: Case, source: str, one: Period, rows: Sequence[Row]) -> Decimal | None:
    """The money that changed; else, of results of advertising, what the changed ones cost: their share of the month's spend."""
    money = next((row for row in rows if row["column"] in ("spend", "total")), None)
    if money is not None:
        return Decimal(str(round(abs(money["difference"]), 2)))
    if not rows or rows[0]["table"] != "ads_daily":
        return None
    table = case.measured_over([one], ["spend"], ["source", "currency"])
    own = table[(table["source"] == source) & (table["currency"] == case.client.currency) & (table["status"] != "no data")]  # fmt: skip
    main = next((row for row in rows if row["column"] == _CHANCE), rows[0])
    if own.empty or not main["after"]:
        return None
    return Decimal(str(round(float(own["value"].sum()) * min(abs(main["difference"]) / max(main["after"], main["before"]), 1.0), 2)))  # fmt: skip


def _vendor(case: Case, source: str, one: Period) -> str:
    """Whose figures they are, where the month's campaigns of the source are one vendor's."""
    if not case.dataset.has("ads_daily"):
        return ""
    sql = "SELECT DISTINCT vendor FROM {rows} WHERE source = ? AND period_start BETWEEN ? AND ?"
    vendors = [row["vendor"] for row in case.asked(sql, "ads_daily", source, one.start, one.end)]
    return vendors[0] if len(vendors) == 1 else ""


def _observed(case: Case, source: str, one: Period, rows: Sequence[Row], p: float | None, amount: Decimal | None) -> Observation:  # fmt: skip
    return Observation(
        vendor=_vendor(case, source, one),
        p=p,
        amount=amount,
        currency=case.client.currency,
        values={
            "source": platform_name(source),
            "month": finished(one.label("zh-TW"), one.label("en")),
            "changes": finished(
                "；".join(_change(row).say("zh-TW") for row in rows), "; ".join(_change(row).say("en") for row in rows)
            ),
        },
        evidence=[
            {"column": _COLUMNS[row["column"]]}
            | {name: row[name] for name in ("before", "after", "difference", "file_before", "file_after")}
            for row in rows
        ],
    )


_CHANGE = Text(zh="{column}從 {before} 變成 {after}（{share}）", en="{column} from {before} to {after} ({share})")


def _change(row: Row) -> Text:
    share = f"{row['difference'] / row['before']:+.0%}" if row["before"] else "+"
    return _CHANGE.fill(column=_COLUMNS[row["column"]], before=f"{row['before']:,.0f}", after=f"{row['after']:,.0f}", share=share)  # fmt: skip


def _sample(*changes: tuple[str, float, float]) -> Case:
    """September as October's export tells it: columns with what stood there before and stands there now."""
    september = OCTOBER.previous()
    ads: Rows = [
        {"date_day": day, "campaign_name": "BC_品牌", "spend": 2000.0, "clicks": 300, "conversions": 10}
        for day in september.each_day()
    ]
    restated = [
        {"table": "ads_daily", "source": "google_ads", "month": september.start, "column": column, "before": before, "after": after, "difference": after - before, "rows": 30, "file_before": "09.csv", "file_after": "09-10.csv"}
        for column, before, after in changes
    ]  # fmt: skip
    return case_of({"ads_daily": ads}, restated=restated)


def _few() -> Case:
    case = _sample()
    return Case(client=case.client, dataset=case.dataset, period=case.period)


DETECTOR = Detector(
    id="restated_history",
    title=Text(zh="過去的數字後來變了", en="Figures of the past that changed"),
    system="S32",
    needs=("ads_daily",),
    least=Text(zh="同一個月的兩次匯出", en="two exports of one month"),
    reference="Google Ads Help: About conversion lag reporting; Managing invalid traffic (credits)",
    says=Text(
        zh="{source} 的 {month}數字，後來的匯出檔和之前的不同：{changes}。",
        en="A later export of {source} tells {month} differently than an earlier one: {changes}.",
    ),
    innocent=Text(
        zh="可能是轉換延後認列、無效點擊退費、退款或取消、前一次匯出時最後一天還沒結束，或匯出時選了不同的篩選條件或歸因設定。",
        en="Conversions may have come in late, invalid clicks been credited, orders refunded or cancelled, the earlier export made before its last day was over, or another filter or attribution chosen.",
    ),
    question=Text(
        zh="您好，{source} 的 {month}數字，後來匯出的和之前不同（{changes}）。請問是什麼原因？兩次匯出的設定一樣嗎？",
        en="Could you tell us why the figures of {source} for {month} changed ({changes})? Were both exports made with the same settings?",
    ),
    action=Text(
        zh="從 {source} 後台再匯出一次 {month}的數字核對，並請對方在報告裡註明修正過的數字。",
        en="Export {month} from {source} once more and compare; ask for corrected figures to be marked in the report.",
    ),
    check=_check,
    fires=lambda: _sample(("spend", 60000, 66000), ("clicks", 9000, 9010)),
    quiet=lambda: _sample(("spend", 60000, 59000), ("clicks", 9000, 8800), ("conversions", 300, 340)),
    few=_few,
    columns={
        "column": Shown(title=Text(zh="數字", en="Figure")),
        "before": Shown(title=Text(zh="之前", en="Before"), kind="count"),
        "after": Shown(title=Text(zh="後來", en="Later"), kind="count"),
        "difference": Shown(title=Text(zh="差額", en="Difference"), kind="count"),
        "file_before": Shown(title=Text(zh="之前的檔案", en="Earlier file")),
        "file_after": Shown(title=Text(zh="後來的檔案", en="Later file")),
    },
)
