"""The contender that is measured: this project, on a real workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.job import ADS, BY_CAMPAIGN, BY_MONTH, LAST_MONTH, MONTHS, ORDERS, Clock, tell

if TYPE_CHECKING:
    import pandas as pd

    from kpi_toolkit.tables.dataset import Dataset

_CLIENT = """\
name: {zh: 麥田小舖烘焙, en: Wheatfield Bakery}
goal: orders
gross_margin: 0.52
vendors:
  - {id: beichen, name: {zh: 北辰數位, en: Beichen Digital}, campaigns: [{source: google_ads, campaign: "BC_*"}]}
  - {id: inhouse, name: {zh: 自營, en: In-house}, campaigns: [{source: google_ads, campaign: "品牌字*"}, {source: google_ads, campaign: "Remarketing*"}]}
conversions:
  - {source: google_ads, since: 2024-11-01, counts: purchase, counting: every, click_window_days: 30, view_window_days: 1}
"""


def workspace(raw: Path, root: Path) -> None:
    """A workspace in `root` whose one client has the raw files; nothing when it is there already."""
    data = root / "clients" / "bakery" / "data"
    if data.is_dir():
        return
    data.mkdir(parents=True)
    (root / "workspace.yaml").write_text("language: zh-TW\ncurrency: TWD\ntimezone: Asia/Taipei\n", encoding="utf-8")
    (data.parent / "client.yaml").write_text(_CLIENT, encoding="utf-8")
    for name in (ADS, ORDERS):
        # A hard link: the file itself without its copy's cost; a symbolic one would lead out of the workspace.
        (data / name).hardlink_to(raw / name)


def main(raw: Path, root: Path) -> None:
    """Read (or find unchanged) and measure, and tell what came of it."""
    clock = Clock()
    import duckdb  # noqa: F401
    import pandas  # noqa: F401

    from kpi_toolkit.agreement.workspace import open_workspace
    from kpi_toolkit.metrics import measure
    from kpi_toolkit.periods import parse_period
    from kpi_toolkit.store import Store

    clock.mark("ready")
    store = Store(open_workspace(root))
    reports = store.load("bakery")
    clock.mark("read")
    dataset = store.dataset("bakery")
    last = parse_period(LAST_MONTH)
    by_month = measure(dataset, last.back(MONTHS), metrics=BY_MONTH)
    by_campaign = measure(dataset, [last], by=["campaign"], metrics=BY_CAMPAIGN)
    clock.mark("measured")
    by_month["group"] = by_month["period_start"].dt.strftime("%Y-%m")
    checks = {
        "rows": sum(report.rows_kept for report in reports if report.source == "google_ads"),
        "totals agree": int(not any(report.warnings for report in reports)),
        "repeated rows": sum(report.dropped.get("duplicate row", 0) for report in reports),
        "orders": _counted(dataset, "orders", "*"),
        "order lines": _counted(dataset, "order_lines", "*"),
        "customers": _counted(dataset, "orders", "DISTINCT customer_key"),
    }
    tell(clock, _values(by_month, "group"), _values(by_campaign, "campaign"), checks)


def _counted(dataset: Dataset, table: str, what: str) -> int:
    found = dataset.connection.execute(f"SELECT count({what}) FROM {dataset.relations[table]}").fetchall()
    return int(found[0][0])


def _values(rows: pd.DataFrame, group: str) -> dict[str, dict[str, float | None]]:
    # A value of too few cases is a value all the same: the others don't look at the number of cases.
    found: dict[str, dict[str, float | None]] = {}
    for metric, key, value in zip(rows["metric"], rows[group], rows["value"], strict=True):
        found.setdefault(metric, {})[key] = None if value != value else float(value)
    return found


if __name__ == "__main__":
    target = Path(sys.argv[2])
    workspace(Path(sys.argv[1]), target)
    main(Path(sys.argv[1]), target)
