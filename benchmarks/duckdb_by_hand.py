"""What an expert would write in DuckDB for these two files alone, knowing every column beforehand."""

from __future__ import annotations

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.job import ADS, LAST_MONTH, ORDERS, SALT, Clock, tell, with_ratios

if TYPE_CHECKING:
    import duckdb

_SUMS = ("spend", "impressions", "clicks", "conversions", "conversions_value")
_ADS_COLUMNS = (
    "'Day': 'VARCHAR', 'Campaign status': 'VARCHAR', 'Campaign': 'VARCHAR', 'Campaign ID': 'VARCHAR', 'Currency code': 'VARCHAR', "
    "'Budget': 'VARCHAR', 'Impr.': 'DOUBLE', 'Clicks': 'DOUBLE', 'CTR': 'VARCHAR', 'Avg. CPC': 'VARCHAR', 'Cost': 'DOUBLE', "
    "'Conversions': 'DOUBLE', 'Conv. value': 'DOUBLE', 'Cost / conv.': 'VARCHAR', 'Search impr. share': 'VARCHAR'"
)
_READ = "auto_detect=false, delim=',', quote='\"', escape='\"', header=false"
_PERSON = 'lower(trim(coalesce(Email, Phone, "Billing Phone", "Shipping Phone")))'
_REVENUE = "sum(total - coalesce(refunded, 0)) FILTER (status <> 'cancelled')"


def _ads(raw: Path) -> str:
    return f"read_csv('{raw / ADS}', {_READ}, skip=3, thousands=',', nullstr=' --', columns={{{_ADS_COLUMNS}}})"


def _lines(raw: Path) -> str:
    numbers = {"Total", "Subtotal", "Shipping", "Taxes", "Discount Amount", "Refunded Amount"}
    numbers |= {"Lineitem quantity", "Lineitem price", "Lineitem discount"}
    with (raw / ORDERS).open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    columns = ", ".join(f"'{name}': '{'DOUBLE' if name in numbers else 'VARCHAR'}'" for name in names)
    return f"read_csv('{raw / ORDERS}', {_READ}, skip=1, columns={{{columns}}})"


def snapshots(raw: Path, folder: Path, run: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Write ads, orders and order lines as Parquet; how many rows, whether the totals agree, how many are repeated."""
    with ThreadPoolExecutor(1) as pool:
        hashes = pool.map(_sha256, (raw / ADS, raw / ORDERS))
        run.execute(
            f"COPY (SELECT CASE WHEN Day[1] = '2' THEN Day::DATE END AS date_day, Campaign AS campaign_name, \"Campaign ID\" AS campaign_id, "
            f"\"Campaign status\" AS status, \"Currency code\" AS currency, Budget AS budget, \"Impr.\" AS impressions, Clicks AS clicks, "
            f"Cost AS spend, Conversions AS conversions, \"Conv. value\" AS conversions_value FROM {_ads(raw)}) TO '{folder}/ads.parquet'"
        )  # fmt: skip
        run.execute(f"CREATE TEMP TABLE lines AS SELECT {_LINE} FROM {_lines(raw)}")
        run.execute(f"COPY (SELECT {_ORDER} FROM lines WHERE total IS NOT NULL) TO '{folder}/orders.parquet'")
        run.execute(
            f"COPY (SELECT order_id, sku, product_name, quantity, unit_price, line_total FROM lines) TO '{folder}/lines.parquet'"
        )
        run.execute("DROP TABLE lines")
        checks = _checked(folder, run)
        (folder / "hashes.txt").write_text("\n".join(hashes), encoding="ascii")
    return checks


_LINE = f"""
Name AS order_id, left("Created at", 19)::TIMESTAMP AS ordered_at, Total AS total, Currency AS currency,
CASE WHEN "Cancelled at" IS NOT NULL OR "Financial Status" = 'voided' THEN 'cancelled' WHEN "Financial Status" = 'refunded' THEN 'refunded'
  WHEN "Financial Status" IN ('pending', 'authorized') THEN 'pending' ELSE 'valid' END AS status,
CASE WHEN Total IS NOT NULL THEN {_PERSON} END AS person,
Subtotal + "Discount Amount" AS gross_items, "Discount Amount" AS discount, Shipping AS shipping, Taxes AS tax, "Refunded Amount" AS refunded,
"Discount Code" AS coupon, "Payment Method" AS payment_method, Source AS sales_channel,
"Lineitem sku" AS sku, "Lineitem name" AS product_name, "Lineitem quantity" AS quantity, "Lineitem price" AS unit_price,
"Lineitem quantity" * "Lineitem price" - coalesce("Lineitem discount", 0) AS line_total
"""
_ORDER = f"""
order_id, ordered_at, status, left(sha256('{SALT}' || person), 32) AS customer_key, currency, gross_items, discount, shipping,
tax, total, refunded, coupon, payment_method, sales_channel
"""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(folder: Path, run: duckdb.DuckDBPyConnection) -> dict[str, float]:
    both = ", ".join(
        f"sum({name}) FILTER (date_day IS NOT NULL), max({name}) FILTER (date_day IS NULL)" for name in _SUMS
    )
    found = run.execute(f"SELECT count(date_day), {both} FROM '{folder}/ads.parquet'").fetchone() or ()
    agree = all(abs(found[at] - found[at + 1]) < 1 for at in range(1, len(found), 2))
    whole = "hash(date_day, campaign_name, campaign_id, status, currency, budget, impressions, clicks, spend, conversions, conversions_value)"
    (repeated,) = run.execute(
        f"SELECT count(*) - count(DISTINCT {whole}) FROM '{folder}/ads.parquet' WHERE date_day IS NOT NULL"
    ).fetchone() or (0,)
    return {"rows": found[0], "totals agree": int(agree), "repeated rows": repeated}


def measured(
    folder: Path, run: duckdb.DuckDBPyConnection
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Sums by month and by campaign, out of the Parquet files."""
    months = _ads_sums(f"'{folder}/ads.parquet'", "strftime(date_day, '%Y-%m')", "date_day IS NOT NULL", run)
    campaigns = _ads_sums(f"'{folder}/ads.parquet'", "campaign_name", f"date_day >= DATE '{LAST_MONTH}-01'", run)
    return months | _order_sums(f"'{folder}/orders.parquet'", run), campaigns


def _ads_sums(relation: str, group: str, where: str, run: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    sums = ", ".join(f"sum({name})" for name in _SUMS)
    rows = run.execute(f"SELECT {group}, {sums} FROM {relation} WHERE {where} GROUP BY 1").fetchall()
    return {name: {row[0]: row[at] for row in rows} for at, name in enumerate(_SUMS, start=1)}


def _order_sums(relation: str, run: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    rows = run.execute(
        f"SELECT strftime(ordered_at, '%Y-%m'), count(*) FILTER (status <> 'cancelled'), {_REVENUE} FROM {relation} GROUP BY 1"
    ).fetchall()
    return {"orders": {row[0]: row[1] for row in rows}, "revenue": {row[0]: row[2] for row in rows}}


def straight(
    raw: Path, run: duckdb.DuckDBPyConnection
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """The same figures straight from the CSV files: nothing is kept, hashed or checked."""
    both = ", ".join(
        f"sum({cell}) AS {name}"
        for cell, name in zip(("Cost", '"Impr."', "Clicks", "Conversions", '"Conv. value"'), _SUMS, strict=True)
    )
    run.execute(
        f"CREATE TEMP TABLE sums AS SELECT left(Day, 7) AS month, Campaign AS campaign_name, {both} FROM {_ads(raw)} "
        "WHERE Day[1] = '2' GROUP BY ALL"
    )
    run.execute(f"CREATE TEMP TABLE orders AS SELECT {_LINE} FROM {_lines(raw)} WHERE Total IS NOT NULL")
    months = _ads_sums("sums", "month", "true", run) | _order_sums("orders", run)
    return months, _ads_sums("sums", "campaign_name", f"month = '{LAST_MONTH}'", run)


def main(raw: Path, folder: Path, *, keep: bool) -> None:
    """Do the job, or with `keep` false the figures alone, and tell what came of it."""
    clock = Clock()
    import duckdb

    clock.mark("ready")
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as run:
        checks = snapshots(raw, folder, run) if keep else {}
        clock.mark("read")
        by_month, by_campaign = measured(folder, run) if keep else straight(raw, run)
        clock.mark("measured")
        checks |= _counts(folder, run) if keep else {}
    tell(clock, with_ratios(by_month), with_ratios(by_campaign), checks)


def _counts(folder: Path, run: duckdb.DuckDBPyConnection) -> dict[str, float]:
    orders, customers = run.execute(
        f"SELECT count(*), count(DISTINCT customer_key) FROM '{folder}/orders.parquet'"
    ).fetchone() or (0, 0)
    (lines,) = run.execute(f"SELECT count(*) FROM '{folder}/lines.parquet'").fetchone() or (0,)
    return {"orders": orders, "customers": customers, "order lines": lines}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), keep=sys.argv[3:] != ["straight"])
