"""`report`: one client after the other; a failure is told of and the next one's turn comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.faults import complain
from kpi_toolkit.cli.known import known_client
from kpi_toolkit.cli.progress import following
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import parse_period

_UNUSED = Text(zh="– {client}：還沒有資料，略過", en="– {client}: no data yet, passed over")
_DONE = Text(zh="✓ {client}：{folder}", en="✓ {client}: {folder}")
_SUM = Text(zh="{done} 份完成，{failed} 份失敗", en="{done} done, {failed} failed")


def write_all(
    workspace: Workspace,
    ids: Sequence[str],
    period: str,
    *,
    asked: Lang | None,
    lang: Lang,
    named: bool,
    out: Path | None,
    debug: bool,
) -> int:
    """Write the reports of the clients `ids`, in the language `asked` for; messages are in `lang`.

    Gives 0, or 1 when any failed. Clients that were not `named` and never had data are passed over.
    """
    from kpi_toolkit.report.monthly import write_report

    when, done, failed = parse_period(period), 0, 0
    for at, client_id in enumerate(ids, start=1):
        try:
            known_client(workspace, client_id)
            if not named and untouched(workspace, client_id):
                output.note(_UNUSED.fill(client=client_id).say(lang))
                continue
            with following(f"{client_id} ({at}/{len(ids)})"):
                folder = write_report(workspace, client_id, when, lang=asked, out=out / client_id if out else None)
        except Exception as fault:
            failed += 1
            complain(fault, lang, debug=debug, about=client_id)
            continue
        done += 1
        output.tell(_DONE.fill(client=client_id, folder=folder).say(lang))
    output.note(_SUM.fill(done=done, failed=failed).say(lang))
    return int(failed > 0)


def untouched(workspace: Workspace, client_id: str) -> bool:
    """Whether the client has no file of data and never had a report: one that was only just made."""
    data = workspace.data_dir(client_id)
    has_files = data.is_dir() and any(file.is_file() and not file.name.startswith(".") for file in data.rglob("*"))
    return not has_files and not any((workspace.root / "reports").glob(f"*/{client_id}"))
