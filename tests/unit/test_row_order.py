"""Rows keep the file's order: row numbers in messages, repeated rows and lines without an order number rest on it."""

from pathlib import Path

import duckdb
import pytest

from kpi_toolkit.sources import sources
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.staging import Plan, select


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_reading_is_planned_without_a_join(source):
    # DuckDB turns an IN list of five or more into a join, and several cores leave a join in any order.
    names = list(source.headers)
    headers = tuple(spellings[0] for spellings in source.headers.values())
    raw = RawTable(Path("export.csv"), "utf-8", headers, (), "export", 2, True)
    plan = Plan(
        raw=raw,
        source=source,
        columns={name: index for index, name in enumerate(names)},
        timezone="Asia/Taipei",
        salt="salt",
    )
    with duckdb.connect() as connection:
        cells = ", ".join(f"''::VARCHAR AS c{index}" for index in range(max(len(names), 3)))
        connection.execute(f"CREATE TABLE export AS SELECT {cells}")
        told = connection.execute(f"EXPLAIN {select(plan)}").fetchall()[0][1]
    assert "join" not in told.lower().replace("\n", "")


def test_lines_of_a_large_export_keep_their_place(tmp_path):
    from kpi_toolkit.sources.reading import read

    header = "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price"
    rows = [
        f"#{n},c{n}@example.com,paid,fulfilled,TWD,{n}.00,2026-10-{n % 28 + 1:02d} 12:00:00 +0800,1,{'吐司' * 20},{n}.00"
        for n in range(1, 600_001)
    ]
    export = tmp_path / "orders.csv"
    export.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    loaded = read(export, tmp_path, salt="salt")
    with duckdb.connect() as connection:
        moved = connection.execute(
            f"SELECT count(*) FROM '{loaded.tables['orders']}' WHERE order_id <> '#' || (source_row - 1)::BIGINT"
        ).fetchone()
    assert (loaded.report.rows_kept, moved) == (600_000, (0,))
