"""Real and public tables, read by mappings and by what the sources recognise, against plain recounts of the files."""

from __future__ import annotations

import csv
import gzip
import io
import math
import shutil
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import read_mapping
from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.metrics import measure
from kpi_toolkit.periods import parse_period
from kpi_toolkit.sources.reading import inspect
from kpi_toolkit.store import Store

ROOT = Path(__file__).resolve().parents[2]
UCI = ROOT / "templates/mappings/online_retail_uci.mapping.yaml"


def store_in(root: Path, *mappings: Path, currency: str = "GBP") -> Store:
    folder = root / "clients/acme"
    (folder / "data").mkdir(parents=True)
    (root / "workspace.yaml").write_text(f"language: en\ncurrency: {currency}\n", encoding="utf-8")
    (folder / "client.yaml").write_text("name: {zh: 甲公司, en: Acme}\ngoal: orders\n", encoding="utf-8")
    for mapping in mappings:
        shutil.copy(mapping, folder)
    return Store(open_workspace(root))


def long(store: Store, period: str, *metrics: str, by: str = "month") -> dict[tuple[str, str], dict[str, Any]]:
    """The long table by metric and month."""
    table = measure(store.dataset("acme"), [parse_period(period)], by=[by] if by else [], metrics=metrics)
    return {(row["metric"], str(row["period_start"])[:7]): row for row in table.to_dict("records")}


# --- UCI Online Retail -----------------------------------------------------------------------------------------------


class Retail:
    """The ledger counted in plain Python."""

    def __init__(self, path: Path) -> None:
        self.total: dict[str, list[float]] = defaultdict(list)
        self.first: dict[str, str] = {}
        self.customers: set[str] = set()
        self.rows = 0
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number, moment = row["InvoiceNo"], row["InvoiceDate"]
                self.total[number].append(float(row["Quantity"]) * float(row["UnitPrice"]))
                self.first[number] = min(moment, self.first.get(number, moment))
                self.customers |= {row["CustomerID"]} - {""}
                self.rows += 1

    def by_month(self) -> tuple[dict[str, float], Counter[str]]:
        """Revenue and invoices that aren't returns, by the month of an invoice's first line."""
        parts: dict[str, list[float]] = defaultdict(list)
        orders: Counter[str] = Counter()
        for number, amounts in self.total.items():
            month = self.first[number][:7]
            parts[month] += amounts
            orders[month] += math.fsum(amounts) >= 0
        return {month: math.fsum(amounts) for month, amounts in parts.items()}, orders


@pytest.fixture(scope="module")
def retail(shared_data: Path) -> Retail:
    return Retail(shared_data / "online_retail_uci/online_retail_full.csv.gz")


@pytest.fixture(scope="module")
def retail_store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = store_in(tmp_path_factory.mktemp("uci"), UCI)
    packed = shared_data / "online_retail_uci/online_retail_full.csv.gz"
    (store.workspace.data_dir("acme") / packed.name).symlink_to(packed)
    return store


def test_the_retail_ledger_reads_to_its_published_figures(retail_store: Store, retail: Retail) -> None:
    (report,) = retail_store.load("acme")
    assert report.error is None
    assert (report.rows_read, report.rows_kept, dict(report.dropped)) == (541_909, 541_909, {})
    assert (report.totals["orders"], report.totals["gross_total"], report.totals["revenue"]) == (25_900, 9_747_747.934, 9_747_747.934)  # fmt: skip
    assert (report.period_start, report.period_end) == (date(2010, 12, 1), date(2011, 12, 9))
    assert (report.currency, report.source, report.warnings) == ("GBP", "online_retail_uci", ())
    assert (retail.rows, len(retail.total), len(retail.customers)) == (541_909, 25_900, 4_372)
    assert math.fsum(one for parts in retail.total.values() for one in parts) == pytest.approx(9_747_747.934, abs=1e-6)


def test_the_retail_ledgers_customers_are_counted_by_their_keys(retail_store: Store, retail: Retail) -> None:
    orders = retail_store.dataset("acme").frame("orders")
    assert orders["customer_key"].nunique() == 4_372
    assert set(orders["customer_key"].dropna()) & retail.customers == set()
    assert len(orders) == orders["order_id"].nunique() == 25_900
    spent = dict(zip(orders["order_id"], orders["total"], strict=True))
    assert {*spent} == {*retail.total}
    assert max(abs(spent[number] - math.fsum(parts)) for number, parts in retail.total.items()) < 1e-6


def test_the_retail_ledgers_lines_are_all_there(retail_store: Store, retail: Retail) -> None:
    lines = retail_store.dataset("acme").frame("order_lines")
    assert len(lines) == retail.rows
    assert int((lines["quantity"] < 0).sum()) == 10_624
    assert int((lines["unit_price"] <= 0).sum()) == 2_517


def test_the_retail_ledgers_months_are_what_a_recount_says(retail_store: Store, retail: Retail) -> None:
    revenue, orders = retail.by_month()
    found = long(retail_store, "2010-12-01..2011-12-31", "revenue", "orders", "aov")
    assert {month for _, month in found} == {*revenue}
    assert len(revenue) == 13
    for month, amount in revenue.items():
        assert found["revenue", month]["value"] == pytest.approx(amount, rel=1e-9)
        assert found["orders", month]["value"] == orders[month]
        assert found["aov", month]["value"] == pytest.approx(amount / orders[month], rel=1e-9)
        assert {found[name, month]["status"] for name in ("revenue", "orders", "aov")} == {"ok"}


# --- CDNOW -----------------------------------------------------------------------------------------------------------

CDNOW = """
name: cdnow
table: orders
columns: {order_id: row, ordered_at: date, total: value, customer_key: customer}
constants: {currency: USD, status: valid}
"""


def test_cdnows_purchases_are_what_a_recount_says(shared_data: Path, tmp_path: Path) -> None:
    """The file has blanks between its columns and no header, which no mapping can describe: it is made a CSV here."""
    found = [line.split() for line in (shared_data / "cdnow/CDNOW_sample.txt").read_text(encoding="ascii").splitlines()]
    assert "no source knows" in str(inspect(shared_data / "cdnow/CDNOW_sample.txt").error)
    mapping = tmp_path / "cdnow.mapping.yaml"
    mapping.write_text(CDNOW, encoding="utf-8")
    store = store_in(tmp_path / "ws", mapping, currency="USD")
    rows = [[number, customer, day, value] for number, (customer, _, day, _, value) in enumerate(found, start=1)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["row", "customer", "date", "value"], *rows])
    (store.workspace.data_dir("acme") / "cdnow.csv").write_text(out.getvalue(), encoding="ascii", newline="")
    (report,) = store.load("acme")
    assert report.error is None
    assert (report.totals["orders"], report.totals["revenue"]) == (6_919, 244_091.94)
    assert (report.period_start, report.period_end) == (date(1997, 1, 1), date(1998, 6, 30))
    orders = store.dataset("acme").frame("orders")
    assert orders["customer_key"].nunique() == 2_357
    spent: dict[str, list[float]] = defaultdict(list)
    for _, _, day, value in rows:
        spent[f"{day[:4]}-{day[4:6]}"].append(float(value))
    told = long(store, "1997-01-01..1998-06-30", "revenue", "orders")
    assert {month: (told["revenue", month]["value"], told["orders", month]["value"]) for _, month in told} == {
        month: (pytest.approx(math.fsum(amounts), rel=1e-9), len(amounts)) for month, amounts in spent.items()
    }


# --- Fivetran's dbt_ad_reporting ---------------------------------------------------------------------------------------

# File -> the source that knows it, and its columns for what is summed (with what they are divided by).
GOOGLE = {"spend": ("cost_micros", 1e6), "impressions": ("impressions", 1), "clicks": ("clicks", 1), "conversions": ("conversions", 1), "conversions_value": ("conversions_value", 1)}  # fmt: skip
TIKTOK = {"spend": ("spend", 1), "impressions": ("impressions", 1), "clicks": ("clicks", 1), "conversions": ("conversion", 1)}  # fmt: skip
SEEDS = {
    "google_ads_account_stats_data": ("google_ads", GOOGLE), "google_ads_campaign_stats_data": ("google_ads", GOOGLE),
    "google_ads_ad_group_stats_data": ("google_ads", GOOGLE), "google_ads_ad_stats_data": ("google_ads", GOOGLE),
    "facebook_ads_basic_ad_data": ("meta_ads", {"spend": ("spend", 1), "impressions": ("impressions", 1), "clicks": ("inline_link_clicks", 1)}),
    "tiktok_campaign_country_report_data": ("tiktok_ads", TIKTOK), "tiktok_campaign_report_hourly_data": ("tiktok_ads", TIKTOK),
    "tiktok_adgroup_report_hourly_data": ("tiktok_ads", TIKTOK), "tiktok_ad_report_hourly_data": ("tiktok_ads", TIKTOK),
}  # fmt: skip
# Long tables of actions, and tables of names: nothing to measure by themselves.
NO_FIGURES = ("_history_data", "_actions_data", "_action_values_data", "advertiser_data")


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name.lower(): cell for name, cell in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", SEEDS)
def test_an_api_table_is_recognised_and_adds_up(shared_data: Path, name: str) -> None:
    source, columns = SEEDS[name]
    path = shared_data / "dbt_ad_reporting" / f"{name}.csv"
    report = inspect(path)
    assert report.error is None
    rows = cells(path)
    assert (report.source, report.rows_kept) == (source, len(rows))
    for figure, (column, scale) in columns.items():
        counted = math.fsum(float(row[column] or 0) for row in rows) / scale
        assert report.totals[figure] == pytest.approx(counted, abs=1e-6), figure
    day = next(name for name in ("date", "stat_time_day", "stat_time_hour") if name in rows[0])
    days = sorted(date.fromisoformat(row[day][:10]) for row in rows)
    assert (report.period_start, report.period_end) == (days[0], days[-1])


def test_tables_without_figures_are_refused(shared_data: Path) -> None:
    others = [path for path in (shared_data / "dbt_ad_reporting").glob("*.csv") if path.stem not in SEEDS]
    assert len(others) + len(SEEDS) == len(list((shared_data / "dbt_ad_reporting").glob("*.csv")))
    assert [path.name for path in others if not path.stem.endswith(NO_FIGURES)] == []
    assert [path.name for path in others if inspect(path).error is None] == []


def test_an_api_table_measures_by_campaign_and_day(shared_data: Path, tmp_path: Path) -> None:
    store = store_in(tmp_path, currency="USD")
    path = shared_data / "dbt_ad_reporting/google_ads_campaign_stats_data.csv"
    shutil.copy(path, store.workspace.data_dir("acme"))
    counted: dict[str, float] = defaultdict(float)
    for row in cells(path):
        counted[row["date"]] += float(row["cost_micros"]) / 1e6
    table = measure(store.dataset("acme"), [parse_period(f"{min(counted)}..{max(counted)}")], by=["day"], metrics=["spend"])  # fmt: skip
    found = {f"{row.period_start:%Y-%m-%d}": row.value for row in table.itertuples() if not math.isnan(row.value)}
    assert {day: amount for day, amount in found.items() if amount} == pytest.approx({day: amount for day, amount in counted.items() if amount})  # fmt: skip


# --- dbt_shopify's orders ------------------------------------------------------------------------------------------------

DBT_SHOPIFY = """
name: dbt_shopify
table: orders
columns:
  order_id: order_id
  ordered_at: created_timestamp
  status: financial_status
  total: total_price
  discount: total_discounts
  shipping: shipping_cost
  refunded: refund_subtotal
  currency: currency
  customer_key: email
  referral: referring_site
values:
  status: {partially_refunded: valid}
"""


def test_a_model_of_shopify_orders_reads_by_a_mapping(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "pymc_marketing/shopify_orders_schema.csv"
    own = tmp_path / "own.mapping.yaml"
    own.write_text(DBT_SHOPIFY, encoding="utf-8")
    rows = cells(path)
    alone = inspect(path, mapping=as_source(read_mapping(own)))
    assert alone.error is None
    assert (alone.rows_kept, alone.totals["orders"]) == (len(rows), len({row["order_id"] for row in rows})) == (24, 24)
    assert alone.totals["pending"] == sum(row["financial_status"] == "pending" for row in rows)
    # Dollars and euros are never added.
    assert alone.currency == "EUR, USD"
    assert {*alone.totals} & {"gross_total", "revenue", "refunded"} == set()
    assert any("several currencies" in text.say("en") for text in alone.warnings)
    store = store_in(tmp_path / "ws", own, currency="USD")
    shutil.copy(path, store.workspace.data_dir("acme"))
    frame = store.dataset("acme").frame("orders")
    for currency in ("USD", "EUR"):
        part = [row for row in rows if row["currency"] == currency]
        stored = frame[frame["currency"] == currency]
        for column, name in (("total", "total_price"), ("discount", "total_discounts"), ("shipping", "shipping_cost"), ("refunded", "refund_subtotal")):  # fmt: skip
            assert stored[column].sum() == pytest.approx(math.fsum(float(row[name]) for row in part)), (currency, name)
    assert frame["customer_key"].nunique() == len({row["email"] for row in rows}) == 3
    assert Counter(frame["status"]) == Counter({"partially_refunded": "valid", "paid": "valid"}.get(row["financial_status"], row["financial_status"]) for row in rows)  # fmt: skip
    assert [pd.Timestamp(row["created_timestamp"]) for row in rows] == list(frame.sort_values("source_row")["ordered_at"])  # fmt: skip
    table = measure(store.dataset("acme"), [parse_period("2025-07")], metrics=["revenue"])
    assert (table["status"].tolist(), table["reason"].str.contains("several currencies").tolist()) == (["no data"], [True])  # fmt: skip
