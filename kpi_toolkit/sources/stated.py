"""What a file states about itself, held against its rows: its totals rows, and the period above its header."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.review import BY_TYPE, OUTSIDE, Staged, outside_period, rounded

_DAYS_SHOWN = 6
_DIFFERS = Text(
    zh="「{name}」的總計列寫 {stated}，但逐列加總是 {summed}：檔案可能不完整，請重新匯出再比對",
    en="the totals row says {name} = {stated}, but the rows add up to {summed}: the file may be incomplete, export it again",
)
_EXCEEDS = Text(
    zh="整個帳戶的總計列寫「{name}」是 {stated}，逐列加總卻有 {summed}：部分不可能多於整體，請確認是否有重複的列，並重新匯出",
    en="the account's totals row says {name} = {stated}, but the rows add up to more, {summed}: check for rows told twice and export it again",
)
_OUTSIDE = Text(
    zh="檔案上方寫的期間是 {start}–{end}，但有 {count} 列的日期不在其中：{days}；請確認檔案沒有被改過或接在一起",
    en="the lines above the header state {start} – {end}, but {count} {count:row has a day|rows have days} outside of it: {days}; "
    "check that the file wasn't edited or joined from several",
)


def totals(staged: Staged, sums: dict[str, float], rows: int) -> list[Text]:
    """A warning for every figure of the export's own totals rows that the sum of the rows contradicts.

    One totals row must equal the sum, or subtotals together must; the total of a whole account must be no less.
    Conversions of several types are left out: such an export's total counts one type only. So are conversions after a
    view where each row's setting decides whether they count: the total knows no setting.
    """
    # Each row may have been rounded to the cent (TWD: to the dollar) before it was exported.
    slack = 0.51 + 0.015 * math.sqrt(rows)
    warnings = []
    for name, largest, together in _stated(staged, sums, "compared"):
        if all(abs(stated - sums[name]) > slack for stated in (largest, together)):
            warnings.append(_DIFFERS.fill(name=name, stated=rounded(largest), summed=sums[name]))
    for name, largest, _ in _stated(staged, sums, "covering"):
        if sums[name] > largest + slack:
            warnings.append(_EXCEEDS.fill(name=name, stated=rounded(largest), summed=sums[name]))
    return warnings


def _stated(staged: Staged, sums: dict[str, float], label: str) -> Iterator[tuple[str, float, float]]:
    """Column, largest figure and sum of the totals rows with that label."""
    names = [
        column.name
        for column in staged.summed
        if column.name in sums
        and not (column.name in BY_TYPE and staged.mixed_types)
        and not (column.name == "view_conversions" and column.name in staged.plan.computed)
    ]
    if not names:
        return
    asked = ", ".join(f'{how}("{name}")' for name in names for how in ("max", "sum"))
    found = iter(staged.one(f"SELECT {asked} FROM {{rows}} WHERE total_label = '{label}'"))
    for name, largest, together in zip(names, found, found, strict=False):
        if largest is not None:
            yield name, float(str(largest)), float(str(together))


def period(staged: Staged) -> list[Text]:
    """A warning where rows have days outside of the period that the lines above the header state."""
    stated, day = staged.plan.period, staged.plan.source.tables[0].day
    if stated is None or not staged.told.get(OUTSIDE):
        return []
    (outside,) = outside_period(staged).values()
    asked = f"SELECT DISTINCT {day}::DATE::VARCHAR FROM {{rows}} WHERE dropped IS NULL AND {outside} ORDER BY 1"
    days = [str(found) for (found,) in staged.all(asked)]
    listed = ", ".join(days if len(days) <= _DAYS_SHOWN else [*days[: _DAYS_SHOWN - 1], "…", days[-1]])
    return [_OUTSIDE.fill(start=stated[0], end=stated[1], count=staged.told[OUTSIDE], days=listed)]
