"""What a reading came to: counts, totals against the export's own, and everything worth a warning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import cells, results, workbook
from kpi_toolkit.sources.rawtable import listed_rows
from kpi_toolkit.sources.staging import MOST_UNREADABLE, SHIFTED, Plan
from kpi_toolkit.tables.quoting import literal
from kpi_toolkit.tables.table import Column

if TYPE_CHECKING:
    import duckdb

_SHOWN = 12
_TOO_LONG = 40


@dataclass(frozen=True)
class Staged:
    """A staged reading: SQL for its rows, which carry `dropped` and `total_label`, in the file's order.

    `file` is the Parquet file that becomes the snapshot, where the reading has but one table.
    """

    plan: Plan
    connection: duckdb.DuckDBPyConnection
    relation: str
    file: Path | None = None

    def one(self, sql: str) -> tuple[object, ...]:
        """The first row of a query over `{rows}`."""
        return self.connection.execute(sql.format(rows=self.relation)).fetchone() or ()

    def all(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a query over `{rows}`."""
        return list(self.connection.execute(sql.format(rows=self.relation)).fetchall())

    @property
    def row(self) -> str:
        """SQL for a row's number in the file."""
        raw = self.plan.raw
        return "source_row" if raw.numbered else f"row_number() OVER () + {raw.first_row - 1}"

    @property
    def summed(self) -> list[Column]:
        """The kept columns whose sum makes sense."""
        columns = self.plan.source.columns
        return [
            columns[name]
            for name in self.plan.kept
            if columns[name].numeric and columns[name].additive and name not in _NOT_SUMMED
        ]

    @cached_property
    def told(self) -> dict[str, object]:
        """How many rows there are, and what one look at the kept ones counts and sums, by name."""
        asked = {f"sum {one.name}": f'sum("{one.name}")' for one in self.summed}
        asked |= {name: f"count_if({sql})" for name, sql in (_doubtful(self) | outside_period(self)).items()}
        asked |= {"kept": "count(*)"} | _limits(self)
        found = self.one(f"SELECT {', '.join(asked.values())} FROM {{rows}} WHERE dropped IS NULL")
        return {"rows": self.one("SELECT count(*) FROM {rows}")[0]} | dict(zip(asked, found, strict=True))

    @cached_property
    def mixed_types(self) -> bool:
        """Whether conversions of several result types occur."""
        if not {"conversions", "conversion_type"} <= set(self.plan.kept):
            return False
        (types,) = self.one(
            "SELECT count(DISTINCT conversion_type) FROM {rows} WHERE dropped IS NULL AND conversions > 0"
        )
        return int(str(types)) > 1


def _doubtful(staged: Staged) -> dict[str, str]:
    """Conditions of rows that deserve a warning."""
    kept = set(staged.plan.kept)
    found = {f"broken {number}": f"broken_{number}" for number, _ in enumerate(staged.plan.source.rules)}
    if {"clicks", "impressions"} <= kept:
        found["more clicks"] = "clicks > impressions AND impressions > 0"
    seen = [f"{name} > 0" for name in ("impressions", "clicks") if name in kept]
    if "spend" in kept and seen:
        found["no cost"] = f"spend IS NULL AND ({' OR '.join(seen)})"
    return found


def outside_period(staged: Staged) -> dict[str, str]:
    """The condition of rows whose day isn't in the period that the file states; nothing where it says nothing of them."""
    plan, period = staged.plan, staged.plan.period
    day = plan.source.tables[0].day
    # A day alone above books or orders is the day they were printed on; posts are as old as they are.
    dates_rows = period is not None and ("grain" in plan.kept or period[0] < period[1])
    if period is None or not dates_rows or plan.source.table == "content" or day not in plan.kept:
        return {}
    return {OUTSIDE: f"{day}::DATE NOT BETWEEN DATE '{period[0]}' AND DATE '{period[1]}'"}


def _limits(staged: Staged) -> dict[str, str]:
    """The first and last day of the rows, and whether they are of days or of a whole period."""
    kept, day = staged.plan.kept, staged.plan.source.tables[0].day
    if "grain" in kept:
        names = {"first": "min(period_start)", "last": "max(period_end)", "grain": "max(grain)"}
    else:
        names = {"first": f"min({day})", "last": f"max({day})"} if day in kept else {}
    types = {"first": "DATE", "last": "DATE", "grain": "VARCHAR"}
    return {name: f"({sql})::{types[name]}" for name, sql in names.items()}


OUTSIDE = "outside the period"
_NOT_SUMMED = frozenset({"source_row", "unit_price", "duration_seconds"})


def dropped(staged: Staged) -> dict[str, int]:
    """Rows set aside, by reason."""
    rows = staged.all(
        "SELECT dropped, count(*) FROM {rows} WHERE dropped IS NOT NULL GROUP BY dropped ORDER BY dropped"
    )
    return {str(reason): int(str(count)) for reason, count in rows}


def refuse_unreadable(staged: Staged, counts: dict[str, int], rows: int) -> list[Text]:
    """Warnings about the unreadable rows. Raises ReadError with all of them when they are more than the limit."""
    bad = {reason: count for reason, count in counts.items() if reason.startswith(_UNREADABLE)}
    if not bad:
        return []
    faults = _faults(staged)
    more = sum(bad.values()) - len(faults)
    faults += [Text(zh="另有 {more} 列", en="and {more} more {more:row|rows}").fill(more=more)] if more > 0 else []
    data_rows = rows - sum(count for reason, count in counts.items() if reason not in bad)
    if sum(bad.values()) > MOST_UNREADABLE * data_rows:
        what = Text(
            zh="{count} 列看不懂，超過上限 1%", en="{count} {count:row|rows} can't be read, above the limit of 1%"
        )
        todo = Text(zh="請用後台原始匯出檔，不要先在 Excel 編輯", en="use the original export, not one edited in Excel")
        raise ReadError(what.fill(count=sum(bad.values())), where=staged.plan.raw.path.name, todo=todo, faults=faults)
    return [
        Text(zh="略過看不懂的列：{fault}", en="left out an unreadable row: {fault}").fill(fault=fault)
        for fault in faults
    ]


_UNREADABLE = ("unreadable ", "invalid ", SHIFTED)
_SHIFTED = Text(
    zh="第 {row} 列的儲存格比表頭多，欄位已錯開（數字裡的逗號沒有加引號？）",
    en="row {row} has more cells than the header, so its columns are shifted (unquoted commas in figures?)",
)


def _faults(staged: Staged) -> list[Text]:
    found = staged.all(
        f"SELECT row, dropped FROM (SELECT {staged.row} AS row, dropped FROM {{rows}}) "
        f"WHERE {' OR '.join(f'starts_with(dropped, {literal(reason)})' for reason in _UNREADABLE)} ORDER BY row LIMIT {_SHOWN}"
    )
    return [_fault(staged, int(str(row)), str(reason)) for row, reason in found]


def _fault(staged: Staged, row: int, reason: str) -> Text:
    if reason == SHIFTED:
        return _SHIFTED.fill(row=row)
    problem, name = reason.split(" ", 1)
    plan = staged.plan
    where = {"row": row, "name": name, "cell": "", "header": ""}
    if name in plan.columns:
        # In a format with personal data even a figure's cell may hold a shifted name or phone: only its kind is told.
        cell = f"SELECT {plan.cell(name)} FROM {plan.raw.by_row} WHERE row = {row}"
        written = str((staged.connection.execute(cell).fetchone() or ("",))[0] or "")
        where["cell"] = (
            Text(zh="（內容不顯示）", en="(not shown)") if plan.source.personal else repr(written[:_TOO_LONG])
        )
        where["header"] = plan.raw.header[plan.columns[name]].strip()
    if problem == "unreadable":
        return Text(
            zh="第 {row} 列「{header}」（{name}）看不懂：{cell}",
            en="row {row}, column {header} ({name}): can't read {cell}",
        ).fill(**where)
    return Text(
        zh="第 {row} 列「{header}」（{name}）不合理：{cell}",
        en="row {row}, column {header} ({name}): not possible: {cell}",
    ).fill(**where)


def longer_rows(staged: Staged) -> list[Text]:
    """A warning for kept rows with text beyond the last column; GA4 says `Grand total` there."""
    if not staged.plan.raw.longer:
        return []
    gone = staged.all(f"SELECT row FROM (SELECT {staged.row} AS row, dropped FROM {{rows}}) WHERE dropped IS NOT NULL")
    rows = sorted({*staged.plan.raw.longer} - {int(str(row)) for (row,) in gone})
    # In a workbook no comma parts the cells.
    cause = "" if staged.plan.raw.label in workbook.LABELS else _COMMAS
    return [_LONGER.fill(count=len(rows), rows=listed_rows(rows), cause=cause)] if rows else []


_LONGER = Text(
    zh="{count} 列的儲存格比表頭多，最後一欄之後的文字沒有讀入{cause}：第 {rows} 列",
    en="{count} {count:row has|rows have} more cells than the header, and the text beyond the last column was not read{cause}: "
    "{count:row|rows} {rows}",
)
_COMMAS = Text(zh="（文字裡的逗號沒有加引號？）", en=" (unquoted commas in text?)")


def totals(staged: Staged) -> dict[str, float]:
    """Sums over the kept rows, by column, for the columns that the file has; rounded to hide float noise."""
    sums = {column.name: staged.told[f"sum {column.name}"] for column in staged.summed}
    return {name: rounded(value) for name, value in sums.items() if value is not None}


def rounded(value: object) -> float:
    """A figure without float noise: whole numbers as whole."""
    figure = round(float(str(value)), 6)
    return int(figure) if figure.is_integer() else figure


BY_TYPE = frozenset({"conversions", "conversions_value"})


def mixtures(staged: Staged) -> list[Text]:
    """Warnings about attribution settings and result types that must not be added."""
    warnings = []
    for name, text in _MIXED.items():
        if name in staged.plan.kept:
            counts = staged.all(
                f'SELECT "{name}", count(*) FROM {{rows}} WHERE dropped IS NULL AND "{name}" IS NOT NULL AND {_COUNTED[name]} GROUP BY 1 ORDER BY 2 DESC, 1'
            ) if _COUNTED[name] == "true" or "conversions" in staged.plan.kept else []  # fmt: skip
            if len(counts) > 1:
                told = [(str(value), int(str(count))) for value, count in counts[:8]]
                warnings.append(text.fill(listed=results.listed(told)))
    return warnings


_COUNTED = {"attribution": "true", "conversion_type": "conversions > 0"}
_MIXED = {
    "attribution": Text(
        zh="混有多種歸因設定，彼此的轉換不能相加：{listed}", en="several attribution settings, whose conversions can't be added: {listed}"
    ),
    "conversion_type": Text(
        zh="混有多種成果類型，不能相加：{listed}", en="several result types, which can't be added: {listed}"
    ),
}  # fmt: skip


_LOST_ORDERS = Text(
    zh="{count} 個「{header}」被 Excel 改成科學記號（如 1.2E+17）而毀損，這些列無法讀入；請用原始匯出檔，或匯出成 CSV 後不要用 Excel 存檔",
    en="{count} order {count:number|numbers} in {header} {count:was|were} destroyed by Excel (1.2E+17 …), {count:this row|these rows} can't be read; use the original export",
)


def destroyed_ids(staged: Staged) -> list[Text]:
    """A warning for id columns that Excel turned into rounded figures."""
    warnings = []
    for name in staged.plan.columns:
        column = staged.plan.source.columns.get(name)
        if column is None or column.kind != "id" or column.hashed or name == "currency" or name not in staged.plan.kept:
            continue
        if staged.one(f'SELECT 1 FROM {{rows}} WHERE "{name}" IS NULL AND total_label IS NULL LIMIT 1'):
            spoilt = cells.destroyed(staged.plan.cell(name))
            (count,) = staged.connection.execute(
                f"SELECT count(*) FROM {staged.plan.raw.relation} WHERE {spoilt}"
            ).fetchone() or (0,)
            if count:
                text = (
                    _LOST_ORDERS
                    if name == "order_id"
                    else Text(
                        zh="{count} 個「{header}」被 Excel 改成科學記號（如 1.2E+17）而毀損，已改用名稱辨識；請用原始匯出檔",
                        en="{count} {count:id|ids} in {header} {count:was|were} destroyed by Excel (1.2E+17 …), names are used instead; use the original export",
                    )
                )
                warnings.append(
                    text.fill(count=count, header=staged.plan.raw.header[staged.plan.columns[name]].strip())
                )
    return warnings


def doubled_headers(staged: Staged) -> list[Text]:
    """A warning for doubled headers whose columns differ; the first is read."""
    raw = staged.plan.raw
    warnings = []
    for index, name in enumerate(raw.keys):
        first, mark, _ = name.rpartition(" #")
        if not mark or first not in raw.keys:
            continue
        pair = f"coalesce(c{raw.keys.index(first)}, '') <> coalesce(c{index}, '')"
        (differing,) = staged.connection.execute(f"SELECT count(*) FROM {raw.relation} WHERE {pair}").fetchone() or (0,)
        if differing and first:
            text = Text(
                zh="欄位「{header}」出現兩次且內容不同（{count} 列），採用第一個",
                en="the column {header} stands twice with different values ({count} {count:row|rows}); the first is read",
            )
            warnings.append(text.fill(header=raw.header[index].strip(), count=differing))
    return warnings


def doubtful_rows(staged: Staged) -> list[Text]:
    """A warning for each rule of the format that rows break, and for figures that can hardly be or are not there."""
    said = {f"broken {number}": text for number, text in enumerate(staged.plan.source.rules.values())} | _DOUBTFUL
    return [said[name].fill(count=staged.told[name]) for name in _doubtful(staged) if staged.told[name]]


_DOUBTFUL = {
    "more clicks": Text(
        zh="{count} 列的點擊比曝光還多，請確認",
        en="{count} {count:row has|rows have} more clicks than impressions; please check",
    ),
    "no cost": Text(
        zh="{count} 列有曝光或點擊卻沒有花費：花費的加總不完整",
        en="{count} {count:row has|rows have} impressions or clicks but no cost: the spend is incomplete",
    ),
}
