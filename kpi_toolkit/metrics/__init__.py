"""The metric layer: one definition a metric, and measure() and compare() into the long table."""

from __future__ import annotations

from kpi_toolkit.discovery import discover
from kpi_toolkit.metrics.compare import compare
from kpi_toolkit.metrics.groupings import GROUPINGS, TIME_GRAINS
from kpi_toolkit.metrics.measure import measure
from kpi_toolkit.metrics.metric import Metric

_MACHINERY = (
    "metric", "quantities", "groupings", "buckets", "query", "figures", "incomplete", "measure", "long", "compare",
)  # fmt: skip

METRICS: dict[str, Metric] = discover("kpi_toolkit.metrics", "METRICS", Metric, except_for=_MACHINERY)

__all__ = ["GROUPINGS", "METRICS", "TIME_GRAINS", "Metric", "compare", "measure"]
