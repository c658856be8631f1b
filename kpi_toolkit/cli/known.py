"""A client whose agreement names only what exists: what the lower floors can't know, checked before work begins."""

from __future__ import annotations

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.document import to_mend
from kpi_toolkit.agreement.workspace import Workspace


def known_client(workspace: Workspace, client_id: str) -> Client:
    """The client. Raises AgreementError with all targets of unknown metrics and all rules for unknown sources."""
    from kpi_toolkit.metrics import METRICS
    from kpi_toolkit.sources import sources

    client = workspace.client(client_id)
    names = {*sources(), *(mapping.name for mapping in workspace.mappings(client_id))}
    faults = [*client.unknown_targets(METRICS), *client.unknown_sources(names)]
    if faults:
        raise to_mend(workspace.client_file(client_id), faults)
    return client
