"""The commands, their options and their exit codes: 0 done, 1 something failed, 2 wrong use."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_toolkit.cli import output
from kpi_toolkit.cli.faults import told
from kpi_toolkit.cli.language import Language, language_of
from kpi_toolkit.errors import UsageError
from kpi_toolkit.i18n import Lang, Text

if TYPE_CHECKING:
    from kpi_toolkit.agreement.workspace import Workspace


class Format(Enum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Kind(Enum):
    """The kinds of report."""

    MONTHLY = "monthly"


WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", metavar="DIR", help="Workspace; default: here or a folder above. 工作區")
]
LangOption = Annotated[Language | None, typer.Option("--lang", help="Language; default: the workspace's. 語言")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result. 輸出格式")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error. 顯示錯誤細節")]
ClientsOption = Annotated[
    list[str] | None,
    typer.Option("--client", metavar="C", help="Client id, may be repeated; default: all. 客戶，可重複"),
]
ClientOption = Annotated[str, typer.Option("--client", metavar="C", help="Client id. 客戶")]
PeriodOption = Annotated[str, typer.Option("--period", metavar="P", help="2026-10, 2026-W44, 2026-10-03 or 2026-10-01..2026-10-15. 期間")]  # fmt: skip

app = typer.Typer(
    name="kpi-toolkit",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; errors are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(list(arguments), prog_name="kpi-toolkit", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        if not hasattr(fault, "format_message"):
            raise
        return _wrong_use(fault)
    return code if isinstance(code, int) else 0


def _reader_left() -> int:
    # The interpreter flushes once more as it ends; by then nobody must be there to complain to.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _wrong_use(fault: Exception) -> int:
    """What the command line's parser found wrong, in its own words."""
    context = getattr(fault, "ctx", None)
    where = context.command_path if context else "kpi-toolkit"
    words = " ".join(fault.format_message().split()) or "a command is missing"  # type: ignore[attr-defined]
    output.error_line(f"{words} -> {where} --help", "en")
    return int(getattr(fault, "exit_code", 2))


def opened(folder: Path | None) -> Workspace:
    """The workspace in `folder`, else the one that the current folder lies in."""
    from kpi_toolkit.agreement.workspace import find_workspace, open_workspace

    return open_workspace(folder or find_workspace(Path()))


def chosen(workspace: Workspace, asked: Sequence[str] | None, lang: Lang) -> list[str]:
    """The clients asked for, each once, or all. Tells of folders that can't be clients."""
    if asked:
        for client_id in asked:
            workspace.client_dir(client_id)
        return list(dict.fromkeys(asked))
    for name in workspace.misnamed():
        words = Text(
            zh="略過資料夾 {name}：編號只能用 a-z、0-9、-", en="passing over the folder {name}: ids are a-z, 0-9 and -"
        )
        output.note(words.fill(name=repr(name)).say(lang))
    return workspace.client_ids()


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version. 版本")] = False,
) -> None:
    """Judge outsourced digital marketing by data. 用數據檢視外包的數位行銷。

    Commands end with 0 (done), 1 (something failed) or 2 (wrong use).
    """
    if version:
        from kpi_toolkit import __version__

        output.tell(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)


@app.command()
@told
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder. 新的或空的資料夾")],
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """New workspace with a sample client 建立工作區

    Writes a commented client.yaml of your own, to be filled in. Nothing is touched in a folder that holds anything.

    \b
    Example: kpi-toolkit init my-workspace
    """
    from kpi_toolkit.agreement.beginning import OWN_CLIENT, begin

    workspace = begin(folder)
    words = Text(
        zh="已建立 {root}。先試 kpi-toolkit read --workspace {root}，再填 clients/{own}/client.yaml",
        en="made {root}. Try `kpi-toolkit read --workspace {root}`, then fill in clients/{own}/client.yaml",
    )
    output.tell(words.fill(root=workspace.root, own=OWN_CLIENT).say(language_of({"lang": lang, "workspace": folder})))
    return 0


_RESTATED_FILES = UsageError(
    Text(
        zh="--restated 比較工作區裡的匯入紀錄，不能和 FILE 一起用",
        en="--restated compares a workspace's imports: it takes no FILE",
    )
)


@app.command()
@told
def read(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Exports or folders of them. 檔案或資料夾", show_default=False),
    ] = None,
    client: ClientsOption = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="Mapping for FILE, see templates/mapping.yaml. 欄位對照檔"),
    ] = None,
    restated: Annotated[
        bool, typer.Option("--restated", help="Only what later imports of the same days changed. 重新匯入後變動的數字")
    ] = False,
    form: FormatOption = Format.TABLE,
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """What each file was read as 讀檔並回報

    Tells source, period, rows kept, rows dropped and why, totals. With FILE no workspace is needed; without, what is
    new in the clients' folders is read into the workspace.

    \b
    Example: kpi-toolkit read "Campaign report.csv" --format json
    """
    from kpi_toolkit.cli import reading, restating

    spoken = language_of({"lang": lang, "workspace": workspace})
    if restated:
        if files:
            raise _RESTATED_FILES
        whole = opened(workspace)
        restating.show(restating.restated(whole, chosen(whole, client, spoken)), form.value, spoken)
        return 0
    if files:
        space = opened(workspace) if client else None
        reports, failed = list(reading.of_files(files, mapping, space, client or [])), False
    else:
        whole = opened(workspace)
        reports, failed = reading.of_clients(whole, chosen(whole, client, spoken), spoken, debug=debug)
    reading.show(reports, form.value, spoken)
    return int(failed or any(report.error is not None for report in reports))


@app.command()
@told
def metrics(
    client: ClientOption,
    period: PeriodOption,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="G", help="Group by, e.g. channel,month; may be repeated. 分組")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", metavar="M", help="Metric id, may be repeated; default: all. 指標")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Beside last period and last year. 與上期及去年比")
    ] = False,
    form: FormatOption = Format.TABLE,
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """A client's metrics 列出指標

    A file that can't be read is told of on stderr; the metrics are of the others, and the exit code is 1. So it is for
    a client without any file.

    \b
    Example: kpi-toolkit metrics --client wheatfield-bakery --period 2026-10 --by channel --format csv
    """
    from kpi_toolkit.cli import measuring

    spoken, space = language_of({"lang": lang, "workspace": workspace}), opened(workspace)
    table, unread = measuring.measured(space, client, period, _split(by), _split(metric), beside=compare, lang=spoken)
    measuring.show(table, form.value, spoken, space.client(client).currency)
    return int(unread > 0)


@app.command()
@told
def check(
    client: ClientOption,
    period: PeriodOption,
    form: FormatOption = Format.TABLE,
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """What to look at, and what to ask 檢查並列出該看的事

    Holds the ledgers against each other. A finding is no verdict on anybody: it comes with its harmless causes and a
    question to the vendor. What could not be checked is told, too; a check that failed makes the exit code 1.

    \b
    Example: kpi-toolkit check --client wheatfield-bakery --period 2026-10 --format json
    """
    from kpi_toolkit.cli import checking

    spoken, space = language_of({"lang": lang, "workspace": workspace}), opened(workspace)
    results, unread = checking.checked(space, client, period, spoken)
    checking.show(results, client, period, form.value, spoken)
    return int(unread > 0 or any(one.verdict == "error" for one in results))


@app.command()
@told
def checks(form: FormatOption = Format.TABLE, lang: LangOption = None, debug: DebugOption = False) -> int:
    """The checks that there are 列出所有查核

    Each with what it needs, the least that it can say something on, and where its method comes from.

    \b
    Example: kpi-toolkit checks --format csv
    """
    from kpi_toolkit.cli import checking

    checking.show_list(form.value, language_of({"lang": lang}))
    return 0


@app.command()
@told
def report(
    period: PeriodOption,
    client: ClientsOption = None,
    kind: Annotated[Kind, typer.Option("--kind", help="Kind of report. 報表種類")] = Kind.MONTHLY,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the reports here instead, a folder each. 改寫到")
    ] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """Write the clients' reports 產生報表

    A folder for each client, with HTML, XLSX, notebook and manifest. One client's failure doesn't stop the others, and
    a file that can't be read doesn't stop its client's report, which names it; the exit code is 1 then.

    \b
    Example: kpi-toolkit report --period 2026-10 --client wheatfield-bakery --lang en
    """
    from kpi_toolkit.cli import reporting

    spoken, space = language_of({"lang": lang, "workspace": workspace}), opened(workspace)
    when = reporting.month_of(period)
    ids = chosen(space, client, spoken)
    asked = lang.lang if lang else None
    return reporting.write_all(space, ids, when, asked=asked, lang=spoken, named=bool(client), out=out, debug=debug)


@app.command()
@told
def lab(
    further: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- OPTION", help="Options of JupyterLab itself. JupyterLab 的選項", show_default=False),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser. 開啟瀏覽器")] = True,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, metavar="N", help="Port. 連接埠")] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """JupyterLab on the workspace 開啟 JupyterLab

    \b
    Example: kpi-toolkit lab --workspace my-workspace --no-browser --port 8888
    """
    from kpi_toolkit.cli.lab import bring_notebooks, start

    root = opened(workspace).root
    for notebook in bring_notebooks(root):
        output.note(f"+ {notebook}")
    return start(root, browser=browser, port=port, further=further or ())


@app.command("app")
@told
def app_(
    client: Annotated[
        str | None, typer.Option("--client", metavar="C", help="Client id; default: the first with data. 客戶")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="P", help="Month, like 2026-10; default: the newest. 月份")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser. 開啟瀏覽器")] = True,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, metavar="N", help="Port. 連接埠")] = None,
    ip: Annotated[
        str, typer.Option("--ip", metavar="IP", help="Address; only this machine's own for now. 只限本機")
    ] = "127.0.0.1",
    workspace: WorkspaceOption = None,
    lang: LangOption = None,
    debug: DebugOption = False,
) -> int:
    """The live report in a browser 開啟互動報表

    The monthly report with live charts, made from the newest data whenever it is opened. For this machine alone.

    \b
    Example: kpi-toolkit app --client wheatfield-bakery --period 2026-10
    """
    from kpi_toolkit.cli import app as live

    spoken, space = language_of({"lang": lang, "workspace": workspace}), opened(workspace)
    return live.run(space, client=client, period=period, lang=spoken, ip=ip, port=port, browser=browser, debug=debug)


def _split(given: Sequence[str] | None) -> list[str]:
    return [name.strip() for words in given or () for name in words.split(",") if name.strip()]
