"""`report`: one client after the other; a failure is told of and the next one's turn comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.faults import complain
from kpi_toolkit.cli.known import known_client
from kpi_toolkit.cli.progress import following
from kpi_toolkit.cli.reading import brought, tell_unread
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import Period, parse_period

_UNUSED = Text(zh="– {client}：還沒有資料，略過", en="– {client}: no data yet, passed over")
_DONE = Text(zh="✓ {client}：{folder}", en="✓ {client}: {folder}")
_SUM = Text(zh="{done} 份完成，{failed} 份失敗", en="{done} done, {failed} failed")
_UNREAD = Text(
    zh="{count} 個檔案讀不出來，不在報表的數字裡",
    en="{count} {count:file|files} could not be read and {count:is|are} not in the figures",
)


def month_of(words: str) -> Period:
    """The month that `words` name. Raises UsageError for anything else: no client's report can be made of it."""
    from kpi_toolkit.report.page import require_month

    asked = parse_period(words)
    require_month(asked)
    return asked


def write_all(
    workspace: Workspace,
    ids: Sequence[str],
    month: Period,
    *,
    asked: Lang | None,
    lang: Lang,
    named: bool,
    out: Path | None,
    debug: bool,
) -> int:
    """Write the `month`'s reports of the clients `ids`, in the language `asked` for; messages are in `lang`.

    Gives 0, or 1 when any failed or any file could not be read. Clients that were not `named` and never had data are
    passed over; others without any file fail.
    """
    from kpi_toolkit.report.monthly import write_report

    done, failed, unread = 0, 0, 0
    for at, client_id in enumerate(ids, start=1):
        try:
            known_client(workspace, client_id)
            if not named and untouched(workspace, client_id):
                output.note(_UNUSED.fill(client=client_id).say(lang))
                continue
            reports = brought(workspace, client_id)
            with following(f"{client_id} ({at}/{len(ids)})"):
                folder = write_report(workspace, client_id, month, lang=asked, out=out / client_id if out else None)
        except Exception as fault:
            failed += 1
            complain(fault, lang, debug=debug, about=client_id)
            continue
        done += 1
        output.tell(_DONE.fill(client=client_id, folder=folder).say(lang))
        unread += tell_unread(reports, lang, about=client_id)
    output.note(_SUM.fill(done=done, failed=failed).say(lang))
    if unread:
        output.note(_UNREAD.fill(count=unread).say(lang))
    return int(failed + unread > 0)


def untouched(workspace: Workspace, client_id: str) -> bool:
    """Whether the client has no file of data and never had a report: one that was only just made."""
    data = workspace.data_dir(client_id)
    from kpi_toolkit.sources.reading import files_in

    has_files = data.is_dir() and bool(files_in([data]))
    return not has_files and not any((workspace.root / "reports").glob(f"*/{client_id}"))
