"""The account of a reading: its LoadReport, with period, currencies, totals and every warning."""

from __future__ import annotations

from datetime import date

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import review, stated
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.tables.orders import REFUNDED


def report(staged: review.Staged) -> LoadReport:
    """What came of the reading. Raises ReadError when nothing is left, or too much can't be read."""
    plan = staged.plan
    read_rows = int(str(staged.told["rows"]))
    counts = review.dropped(staged)
    warnings = [*plan.raw.warnings, *review.refuse_unreadable(staged, counts, read_rows), *review.longer_rows(staged)]
    kept = int(str(staged.told["kept"]))
    if kept == 0:
        for cause in review.destroyed_ids(staged):
            raise ReadError(cause)
        raise ReadError(
            Text(zh="表頭底下沒有資料列", en="there are no data rows under the header"),
            todo=Text(zh="請確認匯出的期間與篩選條件", en="check the period and the filters of the export"),
        )
    sums = review.totals(staged)
    warnings += (
        stated.totals(staged, sums, kept)
        + stated.period(staged)
        + review.mixtures(staged)
        + review.destroyed_ids(staged)
    )
    warnings += review.doubled_headers(staged) + review.doubtful_rows(staged)
    start, end, grain = _covered(staged)
    currencies = _currencies(staged)
    if len(currencies) > 1:
        text = Text(zh="混有多種幣別（{codes}），金額不相加", en="several currencies ({codes}): money is not added up")
        warnings.append(text.fill(codes=", ".join(currencies)))
    # A vendor reports months: that is no lack.
    if grain == "period" and plan.source.table != "vendor_claims":
        text = Text(
            zh="沒有每日欄位：只能當作 {start}–{end} 整段的數字，不能畫每日走勢",
            en="no per-day column: used as figures of the whole of {start} – {end} only, refused for daily views",
        )
        warnings.append(text.fill(start=start, end=end))
    return LoadReport(
        file=plan.raw.path.name, source=plan.source.id, table=plan.source.table, encoding=plan.raw.label, rows_read=read_rows, rows_kept=kept,
        dropped=counts, period_start=start, period_end=end, grain=grain, shape=plan.shape, currency=", ".join(currencies) or None,
        totals=_public_totals(staged, sums, len(currencies) > 1), warnings=tuple(warnings),
    )  # fmt: skip


def _covered(staged: review.Staged) -> tuple[date | None, date | None, str]:
    """First and last day of the kept rows, and whether they are of days or of a whole period."""
    told = staged.told
    if "first" not in told:
        return None, None, ""
    return told["first"], told["last"], str(told.get("grain", "day"))  # type: ignore[return-value]


def _currencies(staged: review.Staged) -> list[str]:
    if "currency" not in staged.plan.kept:
        return []
    return [
        str(code)
        for (code,) in staged.all(
            "SELECT DISTINCT currency FROM {rows} WHERE dropped IS NULL AND currency IS NOT NULL ORDER BY 1"
        )
    ]


def _public_totals(staged: review.Staged, sums: dict[str, float], mixed: bool) -> dict[str, float]:
    """What the report tells; money of several currencies is no sum."""
    plan = staged.plan
    if plan.source.table == "orders":
        return {name: value for name, value in _order_totals(staged).items() if not mixed or name not in _ORDER_MONEY}
    if plan.source.table == "leads":
        sums = {"leads": int(str(staged.told["kept"]))} | sums
    if plan.source.table == "claimed_orders":
        sums = {"orders": int(str(staged.told["kept"]))} | sums
    if staged.mixed_types:
        # Leads and messages are no sum; the warning tells how many rows there are of each.
        sums = {name: value for name, value in sums.items() if name not in review.BY_TYPE}
    if mixed:
        sums = {name: value for name, value in sums.items() if plan.source.columns[name].kind != "money"}
    return {("revenue" if name == "purchase_revenue" else name): value for name, value in sums.items()}


_ORDER_MONEY = frozenset({"gross_total", "refunded", "revenue"})


def _order_totals(staged: review.Staged) -> dict[str, float]:
    relation = "orders" if staged.plan.source.lines else f"(SELECT * FROM {staged.relation} WHERE dropped IS NULL)"
    if "refunded" not in _present(staged, relation):
        relation = f"(SELECT *, NULL::DOUBLE AS refunded FROM {relation})"
    row = staged.connection.execute(
        f"SELECT count(*), sum(total), count(*) FILTER (status = 'cancelled'), sum({REFUNDED}) FILTER (status <> 'cancelled'), "
        f"count(*) FILTER (status = 'pending'), sum(total - ({REFUNDED})) FILTER (status <> 'cancelled') FROM {relation}"
    ).fetchone()
    names = ("orders", "gross_total", "cancelled", "refunded", "pending", "revenue")
    return {name: review.rounded(value or 0) for name, value in zip(names, row or (), strict=True)}


def _present(staged: review.Staged, relation: str) -> set[str]:
    return {str(row[0]) for row in staged.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
