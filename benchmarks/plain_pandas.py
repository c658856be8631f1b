"""What an analyst would write in pandas for these two files: read_csv as it comes, to_parquet, groupby."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.job import ADS, LAST_MONTH, ORDERS, SALT, Clock, tell, with_ratios

if TYPE_CHECKING:
    import pandas as pd

_SUMS = {
    "Cost": "spend", "Impr.": "impressions", "Clicks": "clicks", "Conversions": "conversions", "Conv. value": "conversions_value",
}  # fmt: skip
_PENDING = ("pending", "authorized")


def read_ads(raw: Path) -> tuple[pd.DataFrame, dict[str, float]]:
    """The rows by day, and how many there are, whether the totals agree, how many are repeated."""
    import pandas as pd

    ads = pd.read_csv(
        raw / ADS, skiprows=2, thousands=",", na_values=[" --"], dtype={"Campaign ID": "str", "Budget": "str"}
    )
    totals, ads = ads[ads["Day"].str.startswith("Total:")], ads[~ads["Day"].str.startswith("Total:")].copy()
    ads["Day"] = pd.to_datetime(ads["Day"])
    agree = all(abs(totals[column].iloc[0] - ads[column].sum()) < 1 for column in _SUMS)
    return ads, {"rows": len(ads), "totals agree": int(agree), "repeated rows": int(ads.duplicated().sum())}


def read_orders(raw: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The orders and their lines."""
    import pandas as pd

    lines = pd.read_csv(raw / ORDERS, dtype={"Phone": "str", "Billing Phone": "str", "Shipping Phone": "str"})
    lines["Line total"] = lines["Lineitem quantity"] * lines["Lineitem price"] - lines["Lineitem discount"].fillna(0)
    orders = lines.drop_duplicates("Name").copy()
    orders["Created at"] = pd.to_datetime(orders["Created at"]).dt.tz_convert("Asia/Taipei").dt.tz_localize(None)
    orders["status"] = "valid"
    orders.loc[orders["Financial Status"].isin(_PENDING), "status"] = "pending"
    orders.loc[orders["Financial Status"] == "refunded", "status"] = "refunded"
    orders.loc[orders["Cancelled at"].notna() | (orders["Financial Status"] == "voided"), "status"] = "cancelled"
    person = orders["Email"].fillna(orders["Phone"]).fillna(orders["Billing Phone"]).fillna(orders["Shipping Phone"])
    orders["customer_key"] = person.str.strip().str.lower().map(_hashed, na_action="ignore")
    return orders, lines


def _hashed(person: str) -> str:
    return hashlib.sha256((SALT + person).encode()).hexdigest()[:32]


def snapshots(raw: Path, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, float]]:
    """Write ads, orders and order lines as Parquet."""
    ads, checks = read_ads(raw)
    ads[["Day", "Campaign", "Campaign ID", "Campaign status", "Currency code", "Budget", *_SUMS]].to_parquet(
        folder / "ads.parquet"
    )
    orders, lines = read_orders(raw)
    kept = [
        "Subtotal",
        "Discount Amount",
        "Shipping",
        "Taxes",
        "Total",
        "Refunded Amount",
        "Discount Code",
        "Payment Method",
    ]
    orders[["Name", "Created at", "status", "customer_key", "Currency", *kept, "Source"]].to_parquet(
        folder / "orders.parquet"
    )
    items = ["Lineitem sku", "Lineitem name", "Lineitem quantity", "Lineitem price", "Line total"]
    lines[["Name", *items]].to_parquet(folder / "lines.parquet")
    hashes = [hashlib.sha256((raw / name).read_bytes()).hexdigest() for name in (ADS, ORDERS)]
    (folder / "hashes.txt").write_text("\n".join(hashes), encoding="ascii")
    customers = orders["customer_key"].nunique()
    return ads, orders, checks | {"orders": len(orders), "order lines": len(lines), "customers": customers}


def measured(
    ads: pd.DataFrame, orders: pd.DataFrame
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Sums by month and by campaign."""
    month, last = ads["Day"].dt.strftime("%Y-%m"), ads[ads["Day"] >= f"{LAST_MONTH}-01"]
    sold = orders[orders["status"] != "cancelled"]
    sold_in = sold["Created at"].dt.strftime("%Y-%m")
    revenue = (sold["Total"] - sold["Refunded Amount"].fillna(0)).groupby(sold_in).sum()
    shop = {"orders": _plain(sold.groupby(sold_in).size()), "revenue": _plain(revenue)}
    return _sums(ads, month) | shop, _sums(last, last["Campaign"])


def _sums(ads: pd.DataFrame, groups: pd.Series[str]) -> dict[str, dict[str, float]]:
    sums = ads.groupby(groups)[list(_SUMS)].sum()
    return {name: _plain(sums[column]) for column, name in _SUMS.items()}


def _plain(sums: pd.Series[Any]) -> dict[str, float]:
    return {str(group): float(value) for group, value in sums.items()}


def main(raw: Path, folder: Path) -> None:
    """Do the job and tell what came of it."""
    clock = Clock()
    import pandas  # noqa: F401

    clock.mark("ready")
    folder.mkdir(parents=True, exist_ok=True)
    ads, orders, checks = snapshots(raw, folder)
    clock.mark("read")
    by_month, by_campaign = measured(ads, orders)
    clock.mark("measured")
    tell(clock, with_ratios(by_month), with_ratios(by_campaign), checks)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
