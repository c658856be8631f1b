"""Small cases made of rows: what detectors show that they find something, and nothing, in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.checks.case import Case
from kpi_toolkit.periods import Period, month
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.dataset import from_frames

OCTOBER: Final = month(2026, 10)
VENDOR: Final = "beichen"
NAME: Final = {"zh": "北辰數位", "en": "Beichen Digital"}
Rows = Sequence[Mapping[str, object]]


def case_of(
    tables: Mapping[str, Rows],
    *,
    period: Period = OCTOBER,
    vendors: Sequence[Mapping[str, object]] = ({},),
    restated: Rows | None = None,
    **agreed: object,
) -> Case:
    """A case whose tables hold these rows, by the tables' column names.

    What rows don't say: their `vendor` is VENDOR, an ad's or a visit's `source` follows the table's habit, and every vendor of
    `vendors` is VENDOR with what it says of itself. `agreed` are further fields of client.yaml.
    """
    named = [{"id": VENDOR, "name": NAME, **vendor} for vendor in vendors]
    client = Client.model_validate({"id": "sample", "name": "範例", "goal": "orders", "vendors": named, **agreed})
    frames = {name: _frame(name, rows) for name, rows in tables.items()}
    dataset = from_frames(frames, assumptions=client.assumptions)
    return Case(client=client, dataset=dataset, period=period, restated=None if restated is None else tuple(restated))


_SOURCES: Final = {
    "ads_daily": "google_ads", "sessions": "ga4", "orders": "shopline", "invoices_fees": "bookkeeping", "leads": "leads",
    "vendor_claims": "vendor_report", "claimed_orders": "claimed_orders", "content": "meta_content",
}  # fmt: skip


def _frame(name: str, rows: Rows) -> Any:
    import pandas as pd

    own = {"source": _SOURCES.get(name, "test")} | ({} if name in _NOBODYS else {"vendor": VENDOR})
    frame = pd.DataFrame([own | (_claim(row) if name == "vendor_claims" else dict(row)) for row in rows])
    flags = [column.name for column in TABLES[name].columns if column.kind == "flag" and column.name in frame]
    return frame.astype(dict.fromkeys(flags, "boolean"))


# Whose nobody says: visits and orders belong to the shop.
_NOBODYS: Final = frozenset({"sessions", "orders", "order_lines"})


def _claim(row: Mapping[str, object]) -> dict[str, object]:
    """A figure of a whole account over a period, written as it is."""
    return {"grain": "period", "is_total": False, "campaign_name": "", "written": f"{row['value']:,.10g}"} | dict(row)
