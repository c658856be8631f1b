"""The raw files: a Google Ads campaign report by day, and a Shopify orders_export.csv, written from a seed."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

from benchmarks.job import ADS, DAYS, FIRST, ORDERS

SEED = 2026
_ADS_HEADER = (
    "Day,Campaign status,Campaign,Campaign ID,Currency code,Budget,Impr.,Clicks,CTR,Avg. CPC,Cost,Conversions,Conv. value,"
    "Cost / conv.,Search impr. share"
)
_ORDERS_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,"
    "Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,"
    "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,"
    "Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,"
    "Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone"
)


def written(rows: int, folder: Path) -> Path:
    """The folder with exports of `rows` rows of ads and a fifth as many orders; made when it isn't there yet."""
    target = folder / f"{rows}-{SEED}"
    if not (target / ORDERS).is_file():
        target.mkdir(parents=True, exist_ok=True)
        _write_ads(rows, target / ADS)
        _write_orders(max(rows // 5, 1), target / ORDERS)
    return target


def _chance(salt: int) -> str:
    """SQL for a number from 0 to 1 that depends on the row `i` and the seed alone."""
    return f"((hash(i * 64 + {salt + SEED * 7919}) >> 11) / 9007199254740992.0)"


# --- Google Ads ---------------------------------------------------------------------------------------------------


def _write_ads(rows: int, target: Path) -> None:
    import duckdb

    campaigns = -(-rows // DAYS)
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE facts AS SELECT *, round(clicks * (2 + 10 * {_chance(3)}), 2)::DECIMAL(18, 2) AS cost, "
            f"round(conversions::DOUBLE * 1500 * (0.5 + {_chance(4)}), 2)::DECIMAL(18, 2) AS value FROM "
            f"(SELECT *, round(clicks * 0.08 * {_chance(2)}, 2)::DECIMAL(18, 2) AS conversions FROM "
            f"(SELECT *, floor(impressions * 0.06 * {_chance(1)})::BIGINT AS clicks FROM "
            f"(SELECT i, i % {campaigns} AS campaign, DATE '{FIRST}' + (i // {campaigns})::INTEGER AS day, "
            f"CASE WHEN {_chance(5)} < 0.05 THEN 0 ELSE floor(60000 * pow({_chance(0)}, 3))::BIGINT END AS impressions FROM range({rows}) AS t(i))))"
        )
        body = target.with_suffix(".body")
        connection.execute(f"COPY ({_ADS_ROWS}) TO '{body}' (FORMAT csv, HEADER false)")
        totals = connection.execute(_TOTALS).fetchone() or ()
    _assemble(body, target, [_ADS_HEADER, *_totals_rows(totals)])


_ADS_ROWS = f"""
SELECT strftime(day, '%Y-%m-%d'), CASE WHEN campaign % 9 = 0 THEN 'Paused' ELSE 'Enabled' END,
  CASE campaign % 4 WHEN 0 THEN '品牌字_搜尋_' WHEN 1 THEN 'BC_一般字_搜尋_' WHEN 2 THEN 'BC_最高成效_' ELSE 'Remarketing ' END || campaign,
  (20000000000 + campaign)::VARCHAR, 'TWD', '500.00', format('{{:,}}', impressions), format('{{:,}}', clicks),
  CASE WHEN impressions = 0 THEN ' --' ELSE printf('%.2f%%', 100.0 * clicks / impressions) END,
  CASE WHEN clicks = 0 THEN '0' ELSE printf('%.2f', cost / clicks) END, cost::VARCHAR,
  format('{{:,.2f}}', conversions::DOUBLE), format('{{:,.2f}}', value::DOUBLE),
  CASE WHEN conversions = 0 THEN '0.00' ELSE printf('%.2f', cost / conversions) END,
  CASE WHEN impressions = 0 THEN ' --' WHEN {_chance(6)} < 0.5 THEN '< 10%' WHEN {_chance(6)} > 0.9 THEN '> 90%'
    ELSE printf('%.2f%%', 10 + 80 * {_chance(7)}) END
FROM facts ORDER BY i
"""
_TOTALS = """
SELECT format('{:,}', sum(impressions)::BIGINT), format('{:,}', sum(clicks)::BIGINT), sum(cost)::VARCHAR,
  format('{:,.2f}', sum(conversions)::DOUBLE), format('{:,.2f}', sum(value)::DOUBLE) FROM facts
"""


def _totals_rows(totals: tuple[str, ...]) -> list[str]:
    impressions, clicks, cost, conversions, value = totals
    figures = f'"{impressions}","{clicks}",2.10%,6.95,{cost},"{conversions}","{value}",170.15'
    named = (("Campaigns", " --"), ("Account", ""), ("Search", ""))
    return [f"Total: {name},{no},{no},{no},TWD,{no},{figures},{no}" for name, no in named]


def _assemble(body: Path, target: Path, lines: list[str]) -> None:
    """The export as downloaded: title, period, header, rows, totals; in place only when whole."""
    with target.with_suffix(".draft").open("w+b") as out, body.open("rb") as rows:
        opening = ["Campaign report", '"November 1, 2024 - October 31, 2026"', lines[0], ""]
        out.write("\n".join(opening).encode())
        shutil.copyfileobj(rows, out, 1 << 22)
        out.write("\n".join([*lines[1:], ""]).encode())
    body.unlink()
    target.with_suffix(".draft").replace(target)


# --- Shopify ------------------------------------------------------------------------------------------------------


def _write_orders(orders: int, target: Path) -> None:
    import duckdb

    header = next(csv.reader([_ORDERS_HEADER]))
    chosen = ", ".join(f'{_LINE.get(name, _on_first(name))} AS "{name}"' for name in header)
    draft = target.with_suffix(".draft")
    with duckdb.connect() as connection:
        connection.execute("CREATE MACRO stamp(t) AS strftime(t, '%Y-%m-%d %H:%M:%S') || ' +0800'")
        connection.execute(
            f"CREATE TABLE facts AS SELECT *, unnest(range(lines)) AS line FROM (SELECT *, "
            f"(200 + floor({_chance(11)} * 2800))::INTEGER AS price, TIMESTAMP '{FIRST}' + to_seconds((i * {DAYS} * 86400.0 / {orders})::BIGINT) AS created, "
            f"CASE WHEN {_chance(12)} < 0.66 THEN 1 WHEN {_chance(12)} < 0.94 THEN 2 ELSE 3 END AS lines, floor({_chance(13)} * {orders} / 3)::BIGINT AS customer, "
            f"CASE WHEN {_chance(14)} < 0.80 THEN 'paid' WHEN {_chance(14)} < 0.88 THEN 'pending' WHEN {_chance(14)} < 0.92 THEN 'voided' "
            f"WHEN {_chance(14)} < 0.96 THEN 'partially_refunded' ELSE 'refunded' END AS status FROM range({orders}) AS t(i))"
        )
        connection.execute(f"COPY (SELECT {chosen} FROM facts ORDER BY i, line) TO '{draft}' (FORMAT csv, HEADER true)")
    draft.replace(target)


# What stands on every line of an order; all else stands on its first line alone.
_LINE = {
    "Name": "'#' || (1001 + i)",
    "Email": "CASE WHEN customer % 50 > 0 THEN 'Customer' || customer || '@example.com' END",
    "Created at": "stamp(created)",
    "Lineitem quantity": "'1'",
    "Lineitem name": "CASE (i + line) % 3 WHEN 0 THEN '經典奶油吐司' WHEN 1 THEN '伯爵茶磅蛋糕' ELSE '中秋禮盒 12入, 附提袋' END",
    "Lineitem price": "printf('%d.00', CASE line WHEN 0 THEN price ELSE 100 END)",
    "Lineitem sku": "printf('SKU-%04d', (i + line) % 500)",
    "Lineitem requires shipping": "'true'",
    "Lineitem taxable": "'true'",
    "Lineitem fulfillment status": "'fulfilled'",
    "Vendor": "'Wheatfield'",
    "Lineitem discount": "'0.00'",
}
_TOTAL = "(price + 100 * (lines - 1) + 60)"
_FIRST = {
    "Financial Status": "status",
    "Paid at": "CASE WHEN status NOT IN ('pending', 'voided') THEN stamp(created) END",
    "Fulfillment Status": "'fulfilled'",
    "Accepts Marketing": "'yes'",
    "Currency": "'TWD'",
    "Subtotal": f"({_TOTAL} - 60) || '.00'",
    "Shipping": "'60.00'",
    "Taxes": "'0.00'",
    "Total": f"{_TOTAL} || '.00'",
    "Discount Code": "CASE WHEN i % 5 = 0 THEN 'KOL' || i % 40 END",
    "Discount Amount": "CASE WHEN i % 5 = 0 THEN '50.00' ELSE '0.00' END",
    "Shipping Method": "'宅配'",
    "Cancelled at": "CASE WHEN status = 'voided' THEN stamp(created + INTERVAL 1 DAY) END",
    "Payment Method": "CASE WHEN status = 'pending' THEN 'Cash on Delivery (COD)' ELSE 'ECPay' END",
    "Payment Reference": "'c' || hash(i)",
    "Refunded Amount": f"CASE status WHEN 'refunded' THEN {_TOTAL} WHEN 'partially_refunded' THEN 100 ELSE 0 END || '.00'",
    "Outstanding Balance": "'0.00'",
    "Id": "(5550000000001 + i)::VARCHAR",
    "Risk Level": "'Low'",
    "Source": "CASE WHEN i % 20 = 0 THEN 'pos' ELSE 'web' END",
    "Phone": "'+8869' || (10000000 + customer)",
} | {f"{side} {name}": sql for side in ("Billing", "Shipping") for name, sql in {
    "Name": "'王小明' || customer", "Street": "'測試路' || customer % 900 || '號'", "Address1": "'測試路' || customer % 900 || '號'",
    "City": "'臺北市'", "Zip": "'''114'", "Province": "'TPE'", "Country": "'TW'", "Phone": "'+8869' || (10000000 + customer)",
}.items()}  # fmt: skip


def _on_first(name: str) -> str:
    return f"CASE WHEN line = 0 THEN {_FIRST[name]} END" if name in _FIRST else "NULL"


if __name__ == "__main__":
    print(written(int(sys.argv[1]), Path(sys.argv[2])))
