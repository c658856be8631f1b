"""Conversions after a view without a click that are a larger part of the claimed ones than they used to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kpi_toolkit.analysis.claimed import HISTORY
from kpi_toolkit.analysis.evidence import Spread
from kpi_toolkit.analysis.share import Part, added, moved, surely_above
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation, Shown
from kpi_toolkit.checks.power import too_few
from kpi_toolkit.checks.sample import OCTOBER, case_of
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.platforms import platform_name

# Half as much again and ten points more than in the largest of the months before: new pictures and new audiences do less.
_BEYOND: Final = 1.5
_RISE: Final = 0.1
# Where there is no past, most of the conversions must be such.
_MOST: Final = 0.6
_LEAST: Final = 15
_LEAST_WEEKS: Final = 4
_CONVERSIONS = Text(zh="轉換", en="conversions")
_UNTOLD = Text(
    zh="{vendor}（{source}）：平台匯出要有「瀏覽後轉換」欄（看過廣告、沒有點擊的轉換）",
    en="{vendor} ({source}): an export with the conversions after a view (view-through conversions)",
)
_WAS = Text(
    zh="之前是 {before}（新的廣告活動不算），照原本的比例多了約 {surplus} 次",
    en="it was {before} before (new campaigns left out), so that about {surplus} are more than usual",
)
_NO_PAST = Text(
    zh="沒有更早的資料可以比較，以 {usual} 為準多了約 {surplus} 次",
    en="there is nothing earlier to compare it with; beyond {usual}, there are about {surplus}",
)
# Files of one source may tell the same conversions in several shapes, and by day or by month: one of them is enough for a
# share. Months of a file by month stand beside weeks.
_DAYS = (
    "SELECT vendor, source, counts, concat(grain, ' ', shape) AS shape, coalesce(date_day, period_start) AS day, coalesce(campaign_name, '') AS campaign, "
    "sum(view_conversions) AS viewed, sum(conversions) AS conversions, sum(spend) AS spend FROM {rows} WHERE period_start >= ? "
    "AND period_end <= ? AND coalesce(nullif(currency, ''), ?) = ? AND conversions IS NOT NULL AND view_conversions IS NOT NULL "
    "AND (grain = 'day' OR day(period_end) = day(last_day(period_start)) AND day(period_start) = 1 AND date_diff('month', period_start, period_end) = 0) "
    "GROUP BY ALL ORDER BY ALL"
)
_SILENT = (
    "SELECT vendor, source FROM {rows} WHERE period_start >= ? AND period_end <= ? GROUP BY ALL "
    "HAVING sum(conversions) > 0 AND count(view_conversions) = 0 ORDER BY ALL"
)


def _check(case: Case) -> Answer:
    first, own = case.period.start - timedelta(days=HISTORY), case.client.currency
    rows = case.asked(_DAYS, "ads_daily", first, case.period.end, own, own)
    silent = case.asked(_SILENT, "ads_daily", case.period.start, case.period.end)
    few = [Few(vendor=row["vendor"], needed=_UNTOLD.fill(vendor=case.vendor_name(row["vendor"]), source=platform_name(row["source"]))) for row in silent]  # fmt: skip
    observations: list[Observation] = []
    for days in _of_one_shape(rows):
        found = _looked_at(case, days)
        if isinstance(found, Few):
            few.append(found)
        elif found is not None:
            observations.append(found)
    return Answer(observations=observations, few=few)


def _of_one_shape(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The days of each vendor, platform and kind of conversion, of the shape that tells of most conversions."""
    kinds: dict[tuple[str, str, str], dict[str, list[Row]]] = {}
    for row in rows:
        kinds.setdefault((row["vendor"], row["source"], row["counts"]), {}).setdefault(row["shape"], []).append(row)
    for shapes in kinds.values():
        yield max(shapes.values(), key=lambda days: (sum(row["conversions"] for row in days), days[0]["shape"]))


def _of_old_campaigns(days: Sequence[Row], start: date) -> Sequence[Row]:
    """The days of campaigns that had won something a week before the period: a new one has a share of its own. All days where
    there is none."""
    old = {row["campaign"] for row in days if row["conversions"] > 0 and row["day"] < start - timedelta(days=7)}
    return [row for row in days if row["campaign"] in old] if old else days


def _looked_at(case: Case, told: Sequence[Row]) -> Observation | Few | None:
    days = _of_old_campaigns(told, case.period.start)
    now, weeks = _part([row for row in days if row["day"] in case.period]), _weeks(days, case.period.start)
    if now.whole <= 0:
        return None
    least = _LEAST_WEEKS if days[0]["shape"].startswith("day") else 1
    if len(weeks) >= least and added(weeks).whole >= _LEAST and now.whole >= _LEAST:
        found = moved(now, weeks, beyond=_BEYOND, rise=_RISE)
        return _observed(case, days, now, found.before, found.p)
    if surely_above(now, _MOST):
        return _observed(case, days, now, None, None)
    name = case.vendor_name(days[0]["vendor"])
    a_month = now.whole / case.period.days * 365 / 12 * max(now.share, 0.05)
    return Few(vendor=days[0]["vendor"], needed=too_few(name, _CONVERSIONS, a_month, Spread(factor=2.0, freedom=8.0)))


def _part(days: Sequence[Row]) -> Part:
    return Part(part=sum(row["viewed"] for row in days), whole=sum(row["conversions"] for row in days))


def _weeks(days: Sequence[Row], start: date) -> list[Part]:
    """The whole weeks before the period, the latest first."""
    found: dict[int, list[Row]] = {}
    for row in days:
        if row["day"] < start:
            found.setdefault((start - row["day"] - timedelta(days=1)).days // 7, []).append(row)
    parts = [_part(found[number]) for number in sorted(found)]
    return [one for one in parts if one.whole > 0]


def _surplus(now: Part, before: float) -> float:
    """Conversions after a view beyond those that the others would have brought along at the former share."""
    return max(now.part - (now.whole - now.part) * before / (1 - before), 0.0) if before < 1 else 0.0


def _observed(case: Case, days: Sequence[Row], now: Part, before: float | None, p: float | None) -> Observation:
    spend = float(sum(row["spend"] or 0 for row in days if row["day"] in case.period))
    surplus = _surplus(now, _MOST / 2 if before is None else before)
    amount = spend * min(surplus / now.whole, 1.0)
    return Observation(
        vendor=days[0]["vendor"],
        p=p,
        amount=Decimal(str(round(amount, 2))),
        currency=case.client.currency,
        values={
            "name": case.vendor_name(days[0]["vendor"]),
            "source": platform_name(days[0]["source"]),
            "share": f"{now.share:.0%}",
            "viewed": f"{now.part:,.0f}",
            "conversions": f"{now.whole:,.0f}",
            "was": _was(before, surplus),
            "amount": f"{amount:,.0f}",
        },
        evidence=_weekly(case, days),
    )


def _was(before: float | None, surplus: float) -> Text:
    more = f"{surplus:,.0f}"
    return _NO_PAST.fill(usual=f"{_MOST / 2:.0%}", surplus=more) if before is None else _WAS.fill(before=f"{before:.0%}", surplus=more)  # fmt: skip


def _weekly(case: Case, days: Sequence[Row]) -> list[dict[str, object]]:
    found: dict[date, list[Row]] = {}
    for row in days:
        start = case.period.start
        found.setdefault(start + timedelta((row["day"] - start).days // 7 * 7), []).append(row)
    weeks: Mapping[date, Part] = {week: _part(rows) for week, rows in sorted(found.items())}
    return [
        {"week": week, "view_conversions": one.part, "conversions": one.whole, "share": round(one.share, 4)}
        for week, one in weeks.items()
    ]


def _sample(before: float, now: float, *, weeks: int = 8, a_day: float = 10.0) -> Case:
    """Conversions of which a share of `before`, and in October of `now`, came after a view."""
    first = OCTOBER.start - timedelta(weeks=weeks)
    days = [first + timedelta(days=n) for n in range((OCTOBER.end - first).days + 1)]
    ads = [
        {"source": "meta_ads", "date_day": day, "campaign_name": "BC_轉換", "spend": 2000.0, "clicks": 200.0, "counts": "purchase",
         "conversions": a_day, "view_conversions": a_day * (now if day in OCTOBER else before)}
        for day in days
    ]  # fmt: skip
    return case_of({"ads_daily": ads})


def _fires() -> Case:
    return _sample(0.15, 0.55)


def _quiet() -> Case:
    """New pictures: a fifth more."""
    return _sample(0.2, 0.25)


def _few() -> Case:
    return _sample(0.2, 0.3, weeks=1, a_day=0.5)


DETECTOR = Detector(
    id="view_through_share",
    title=Text(zh="只看過、沒點擊的轉換占比偏高", en="Conversions after a view without a click are an unusually large part"),
    system="S26",
    needs=("ads_daily",),
    least=Text(zh="有瀏覽後轉換欄的逐日匯出，這段期間和前 4 週各 {n} 筆轉換", en="an export by day with conversions after a view, with {n} conversions in the period and in the 4 weeks before").fill(n=_LEAST),
    reference="Share of view-through conversions against its own weeks: kpi_toolkit.analysis.share",
    says=Text(
        zh="{period}，{name}在 {source} 的 {conversions} 次轉換裡，有 {viewed} 次（{share}）是看過廣告、但沒有點擊；{was}，"
        "以平台的單次轉換成本計，相當於花費約 {amount}。",
        en="Of the {conversions} conversions of {name} on {source} in {period}, {viewed} ({share}) came after a view without a click; {was}: at the "
        "platform's cost per conversion, a spend of about {amount}.",
    ),
    innocent=Text(
        zh="可能是這個月多了影片或曝光型的廣告、平台改了計算方式，或雙方約定過把「看過沒點」也算進來。",
        en="There may have been more video or reach campaigns this month, the platform may count in another way, or views may have been added to "
        "the attribution setting as agreed.",
    ),
    question=Text(
        zh="您好，{period}在 {source} 的 {conversions} 次轉換裡，有 {share} 是看過廣告但沒有點擊。想請教原因，也麻煩把點擊後和瀏覽後的轉換與成本分開列給我們，謝謝。",
        en="{share} of the {conversions} conversions on {source} in {period} came after a view without a click. What is the reason, and could you list "
        "conversions after a click and after a view, and their costs, apart?",
    ),
    action=Text(
        zh="評估成效時先只看點擊後的轉換；需要的話請對方做一次「停投一部分地區」的測試，看訂單少不少。",
        en="Judge results by conversions after a click first; if in doubt, ask for a test that pauses a region, and see whether orders fall.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={"view_conversions": Shown(title=Text(zh="瀏覽後的轉換", en="Conversions after a view"), kind="count")},
)  # fmt: skip
