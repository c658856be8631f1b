"""A campaign that got another name between two imports: platforms export the present name for old days too.

Only where names alone tell campaigns apart. A row under an old name goes when figures prove that a new name is the same
campaign. Where they only look alike both are kept and a note says so: real spend must never be lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpi_toolkit.i18n import Text
from kpi_toolkit.store.catalog import Snapshot

if TYPE_CHECKING:
    import duckdb

_PLACE = ("source", "account_name", "account_id", "shape")
_DATES = ("date_day", "period_start", "period_end")
# Two campaigns may spend the same (equal budgets), but not be seen equally often day after day. A click says as much
# as ten impressions.
_WEIGHTS = {"impressions": 1, "clicks": 10}
_DAYS, _ENOUGH, _ENOUGH_IN_FEWER_DAYS = 3, 1_000, 10_000
# How far apart the spend of names that are gone and of new ones may be, to look like the same campaigns.
_LIKE = 0.2
_DOUBT = Text(
    zh="有 {days} 天，「{earlier}」裡的廣告活動在這個檔案不見了，另有新名稱花費相近（約 {spend}），兩邊都計入；如果只是改名，請移走「{earlier}」，否則會重複計算",
    en="on {days} {days:day|days} campaigns of {earlier} are missing here, and new names spent about as much ({spend}): both are counted; if they were only renamed, take {earlier} away, else they count twice",
)


def without_old_names(
    rows: str, key: Sequence[str], snapshots: Sequence[Snapshot], connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[str, Text]]:
    """Delete from the table `rows` what stands there again under a new name; notes on what may, by file.

    `rows` has every import's rows, with `import_order`. The proof: on most of the days that both names are told of,
    and of those never by one import, spend and all else that was counted are equal, and there is enough of it.
    """
    columns = {str(row[0]) for row in connection.execute(f"DESCRIBE {rows}").fetchall()}
    counted = [name for name in _WEIGHTS if name in columns]
    if "spend" not in columns:
        return
    names = ", ".join(f"{_list(part)} AS {name}" for name, part in _parts(key).items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told AS {_told(names, rows, ['spend', *counted])}")
    if counted:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE old AS {_renamed(counted)}")
        gone = ", ".join(_list(part) for part in _parts(key).values())
        connection.execute(f"DELETE FROM {rows} WHERE ({gone}) IN (SELECT (place, day, entity) FROM old)")
        settled = "SELECT (place, day, entity) FROM old UNION SELECT (place, day, became) FROM old"
        connection.execute(f"DELETE FROM told WHERE (place, day, entity) IN ({settled})")
    doubtful = connection.execute(_DOUBTFUL).fetchall()
    connection.execute("DROP TABLE told; DROP TABLE IF EXISTS old")
    files = {one.order: one.report.file for one in snapshots}
    for newest, earlier, days, spend in doubtful:
        yield files[newest], _DOUBT.fill(days=days, earlier=files[earlier], spend=f"{spend:,.0f}")


def _parts(key: Sequence[str]) -> dict[str, list[str]]:
    """The key as where, when and what."""
    return {
        "place": [name for name in key if name in _PLACE],
        "day": [name for name in key if name in _DATES],
        "entity": [name for name in key if name not in (*_PLACE, *_DATES)],
    }


def _list(columns: Sequence[str]) -> str:
    cells = [f"coalesce({name}::VARCHAR, '')" for name in columns]
    return f"[{', '.join(cells)}]"


def _told(names: str, rows: str, figures: Sequence[str]) -> str:
    """What the last import of each name and day says of it, and which imports told of it first and last."""
    sums = ", ".join(f"round(sum({name}) FILTER (import_order = last), 4) AS {name}" for name in figures)
    return (
        f"SELECT place, day, entity, first, last, {sums} FROM (SELECT *, min(import_order) OVER named AS first, "
        f"max(import_order) OVER named AS last FROM (SELECT *, {names} FROM {rows}) "
        "WINDOW named AS (PARTITION BY place, day, entity)) GROUP BY ALL"
    )


def _renamed(counted: Sequence[str]) -> str:
    """The days of names that are proven to be told again under others, and what those are."""
    equal = " AND ".join(f"a.{name} = b.{name}" for name in ("spend", *counted)) + " AND a.spend > 0"
    days, weight = f"count(*) FILTER ({equal})", f"{_WEIGHTS[counted[0]]} * sum(a.{counted[0]}) FILTER ({equal})"
    return (
        "WITH alike AS (SELECT DISTINCT place, a.entity AS was, b.entity AS became FROM told AS a JOIN told AS b "
        f"USING (place, day) WHERE {equal} AND a.last < b.first), "
        "proven AS (SELECT place, was, became FROM alike JOIN told AS a USING (place) JOIN told AS b USING (place, day) "
        f"WHERE a.entity = was AND b.entity = became GROUP BY ALL HAVING bool_and(a.last < b.first) "
        f"AND 2 * {days} >= count(*) AND {weight} >= if({days} >= {_DAYS}, {_ENOUGH}, {_ENOUGH_IN_FEWER_DAYS})) "
        "SELECT DISTINCT place, day, was AS entity, became FROM proven JOIN told USING (place) WHERE entity = became"
    )


# By file: on how many days names of an earlier import are gone from the newest, and new ones spent about as much.
_DOUBTFUL = (
    "SELECT newest, earlier, count(*), sum(gone) FROM (SELECT place, day, newest, min(last) FILTER (last < newest) AS earlier, "
    "sum(spend) FILTER (last < newest) AS gone, sum(spend) FILTER (first = newest) AS new FROM "
    "(SELECT *, max(last) OVER (PARTITION BY place, day) AS newest FROM told) GROUP BY ALL) "
    f"WHERE gone > 0 AND abs(gone - new) <= {_LIKE} * gone GROUP BY newest, earlier ORDER BY newest, earlier"
)
