"""The sample bakery examined: four things to ask the agency that told October better than it was, none of the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import Workspace, open_workspace
from kpi_toolkit.checks.case import Case, changed
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.checks.money import Paid, paid
from kpi_toolkit.periods import parse_period
from kpi_toolkit.store import Store

BAKERY = "wheatfield-bakery"


@pytest.fixture(scope="module")
def workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("samples") / "samples"
    shutil.copytree(root / "data" / "samples", folder, ignore=shutil.ignore_patterns(".kpi", "reports"))
    return open_workspace(folder)


def looked_into(workspace: Workspace, client: str, period: str) -> tuple[list[Checked], tuple[Paid, ...]]:
    store = Store(workspace)
    restated = changed(store.restated(client))
    with store.dataset(client) as dataset:
        case = Case(client=workspace.client(client), dataset=dataset, period=parse_period(period), restated=restated)
        results = examined(case, DETECTORS.values())
        return results, paid(case, results)


def test_october_shows_the_four_things_of_one_agency_and_nothing_of_the_other(workspace: Workspace) -> None:
    results, money = looked_into(workspace, BAKERY, "2026-10")
    found = [finding for one in results for finding in one.findings]
    assert {one.detector for one in found} == {"claim_differs", "media_markup", "omitted_campaign", "uncovered_item"}
    assert {one.observation.vendor for one in found} == {"qingtian"}
    amounts = {one.detector: float(one.observation.amount or 0) for one in found if one.detector != "claim_differs"}
    # 12 % of the media, the campaign's spend, and the service with tax.
    assert amounts["media_markup"] == pytest.approx(61224 * 0.12, rel=0.02)
    assert amounts["omitted_campaign"] == pytest.approx(36878)
    assert amounts["uncovered_item"] == pytest.approx(6800 * 1.05)
    unexplained = {one.vendor: float(one.unexplained) for one in money}
    assert unexplained == {"beichen": 0, "qingtian": pytest.approx(amounts["media_markup"] + amounts["uncovered_item"])}
    assert not [one.detector.id for one in results if one.verdict == "error"]


@pytest.mark.parametrize(
    ("client", "period"),
    [(BAKERY, "2026-07"), (BAKERY, "2025-11"), (BAKERY, "2026-02"), ("yongqiang-machinery", "2026-10"), ("smile-dental", "2026-10")],
)  # fmt: skip
def test_months_in_order_raise_nothing(workspace: Workspace, client: str, period: str) -> None:
    results, _ = looked_into(workspace, client, period)
    assert [(one.detector.id, one.verdict) for one in results if one.verdict in ("look", "error")] == []
