"""Where a workspace keeps what, and which folders are its clients."""

from __future__ import annotations

from pathlib import Path

from kpi_toolkit.agreement.workspace import find_workspace, open_workspace
from kpi_toolkit.periods import parse_period


def test_a_workspace_knows_its_places(workspace: Path) -> None:
    opened = open_workspace(workspace)
    assert opened.client_ids() == ["bakery"]
    assert opened.data_dir("bakery") == workspace / "clients/bakery/data"
    assert opened.reports_dir(parse_period("2026-10"), "bakery") == workspace / "reports/2026-10/bakery"
    assert opened.state_dir == workspace / ".kpi"
    assert (opened.language, opened.currency, opened.timezone) == ("en", "JPY", "Asia/Tokyo")


def test_a_workspace_is_found_from_within(workspace: Path) -> None:
    assert find_workspace(workspace / "clients/bakery/data") == workspace
    assert find_workspace(workspace) == workspace


def test_the_salt_is_made_once_and_for_its_owner_alone(workspace: Path) -> None:
    first = open_workspace(workspace).salt()
    assert len(first) == 64
    assert open_workspace(workspace).salt() == first
    assert (workspace / ".kpi/salt").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (workspace / ".kpi").glob(".*")] == []


def test_folders_that_cannot_be_clients_are_told_of(workspace: Path, agreement: str) -> None:
    (workspace / "clients/麥田").mkdir()
    (workspace / "clients/麥田/client.yaml").write_text(agreement, encoding="utf-8")
    assert open_workspace(workspace).client_ids() == ["bakery"]
    assert open_workspace(workspace).misnamed() == ["麥田"]
