"""The client's period examined, once for all sections that tell of it."""

from __future__ import annotations

from collections.abc import Sequence

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.sections.section import Context
from kpi_toolkit.tables.platforms import called


def results(context: Context) -> Sequence[Checked]:
    """Every detector's verdict on the period."""
    from kpi_toolkit.checks.detectors import DETECTORS

    key = ("examined", context.client, context.period)
    if key not in context.asked:
        with called(context.sources):
            context.asked[key] = examined(case(context), DETECTORS.values())
    found: Sequence[Checked] = context.asked[key]
    return found


def case(context: Context) -> Case:
    """What the detectors look into."""
    return Case(client=context.client, dataset=context.dataset, period=context.period, restated=context.restated)
