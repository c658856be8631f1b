"""`read --restated`: what later imports of the same days changed, as a table, JSON or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.i18n import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

_HEADERS = (
    Text(zh="客戶", en="Client"), Text(zh="來源", en="Source"), Text(zh="月份", en="Month"), Text(zh="欄位", en="Column"),
    Text(zh="原本", en="Before"), Text(zh="後來", en="After"), Text(zh="差額", en="Difference"), Text(zh="列數", en="Rows"),
    Text(zh="原檔", en="First file"), Text(zh="新檔", en="Later file"),
)  # fmt: skip
_FIGURES = range(4, 8)
_NOTHING = Text(zh="沒有任何數字在重新匯入後改變", en="no figure changed from one import to a later one")


def restated(workspace: Workspace, clients: Sequence[str]) -> pd.DataFrame:
    """What changed for these clients: the store's history with the column `client` before it."""
    import pandas as pd

    from kpi_toolkit.store import Store
    from kpi_toolkit.store.history import COLUMNS

    store = Store(workspace)
    found = [store.restated(one).assign(client=one) for one in clients]
    filled = [frame for frame in found if not frame.empty]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=["client", *COLUMNS])
    return whole[["client", *COLUMNS]]


def show(changes: pd.DataFrame, form: str, lang: Lang) -> None:
    """The changes on stdout."""
    rows = [{str(name): value for name, value in row.items()} for row in changes.to_dict("records")]
    if form == "json":
        output.print_json(rows)
    elif form == "csv":
        output.print_csv(rows, [str(name) for name in changes.columns])
    elif rows:
        output.print_table([head.say(lang) for head in _HEADERS], [_line(row) for row in rows], right=list(_FIGURES))
    else:
        output.note(_NOTHING.say(lang))


def _line(row: dict[str, object]) -> list[str]:
    figures = [f"{row[name]:,.2f}" for name in ("before", "after", "difference")]
    texts = [str(row["client"]), str(row["source"]), str(row["month"])[:7], str(row["column"])]
    return [*texts, *figures, f"{row['rows']:,}", str(row["file_before"]), str(row["file_after"])]
