"""A client with an agreement, in a workspace of its own; and DuckDB, to ask the same in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.workspace import open_workspace

BAKERY = """
name: {zh: 麥田小舖, en: Wheatfield}
goal: orders
gross_margin: 0.52
lead_value:            # left blank, as in a form
vendors:
  - id: beichen
    name: {zh: 北辰數位, en: Beichen Digital}
    since: 2025-09
    campaigns:
      - {source: google_ads, campaign: "BC_*"}
      - {source: meta_ads, account: 0123}
conversions:
  - {source: google_ads, vendor: beichen, since: 2025-09-01, counts: purchase, counting: every, click_window_days: 30, view_window_days: 1}
targets:
  - {metric: revenue, value: 1200000, since: 2026-01, until: 2026-02}
  - {metric: revenue, value: 1500000, since: 2026-02}
  - {metric: spend, value: 9000, period: week}
"""


@pytest.fixture
def agreement() -> str:
    """The client's agreement, as YAML."""
    return BAKERY


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "clients/bakery/data").mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en\ncurrency: JPY\ntimezone: Asia/Tokyo\n", encoding="utf-8")
    (tmp_path / "clients/bakery/client.yaml").write_text(BAKERY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def bakery(workspace: Path) -> Client:
    return open_workspace(workspace).client("bakery")


@pytest.fixture(scope="session")
def answers() -> Callable[[str, str, Sequence[tuple]], list[str]]:
    """An SQL expression over rows of the named columns, in order."""
    duck = duckdb.connect()

    def ask(expression: str, columns: str, rows: Sequence[tuple]) -> list[str]:
        slots = f"({', '.join('?' for _ in rows[0])})"
        sql = f"SELECT {expression} FROM (VALUES {', '.join([slots] * len(rows))}) AS t({columns})"
        return [answer for (answer,) in duck.execute(sql, [value for row in rows for value in row]).fetchall()]

    return ask
