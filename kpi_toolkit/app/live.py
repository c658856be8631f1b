"""The monthly report as a live page: whose, of which month, and the notebook that makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kpi_toolkit import paths
from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.errors import KpiError
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import Period, bucket
from kpi_toolkit.report.monthly import NOTEBOOK
from kpi_toolkit.report.page import monthly_title
from kpi_toolkit.report.render import LANGUAGE_TAGS
from kpi_toolkit.report.runner import checked

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kpi_toolkit.sources.load_report import LoadReport


@dataclass(frozen=True, kw_only=True)
class LivePage:
    """One client's month, told in one language, from the data as they are when the page is opened.

    Raises UsageError for a period other than a month.
    """

    workspace: Workspace
    client: Client
    period: Period
    lang: Lang

    def __post_init__(self) -> None:
        monthly_title(self.client, self.period, self.lang)

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return monthly_title(self.client, self.period, self.lang)

    @property
    def language_tag(self) -> str:
        """The language as HTML names it."""
        return LANGUAGE_TAGS[self.lang]


def newest_month(reports: Iterable[LoadReport], client_id: str) -> Period:
    """The month of the last day that any file covers. Raises KpiError when no file could be read."""
    return bucket(_last_day(reports, client_id), "month")


def _last_day(reports: Iterable[LoadReport], client_id: str) -> date:
    days = [report.period_end for report in reports if report.error is None and report.period_end is not None]
    if not days:
        raise KpiError(
            Text(zh="還沒有可用的資料", en="no data that can be used yet"),
            where=client_id,
            todo=Text(
                zh="用 kpi-toolkit read --client {client} 看每個檔案讀成什麼",
                en="`kpi-toolkit read --client {client}` tells what each file was read as",
            ).fill(client=client_id),
        )
    return max(days)


def notebook(page: LivePage) -> NotebookNode:
    """The report's notebook with its parameters set to `page`, without the words that are for analysts.

    Raises UsageError when a parameter doesn't fit.
    """
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    file = paths.notebooks() / NOTEBOOK
    given = {
        "workspace": str(page.workspace.root.resolve()), "client_id": page.client.id, "period": str(page.period),
        "lang": page.lang,
    }  # fmt: skip
    made = parameterize_notebook(load_notebook_node(str(file)), checked(file, given))
    made.cells = [cell for cell in made.cells if cell.cell_type == "code"]
    made.metadata["title"] = page.title
    return made
