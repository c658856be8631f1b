"""`read`: files or whole clients into LoadReports, and how those are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kpi_toolkit.agreement.links import not_followed
from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import Mapping as ColumnMapping
from kpi_toolkit.agreement.mapping import read_mapping
from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.faults import complain
from kpi_toolkit.cli.progress import following
from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.present import readings
from kpi_toolkit.sources.load_report import LoadReport

_HEADERS = (
    Text(zh="檔案", en="File"), Text(zh="來源", en="Source"), Text(zh="期間", en="Period"), Text(zh="保留／讀到", en="Kept / read"),
    Text(zh="略過", en="Dropped"), Text(zh="幣別", en="Currency"), Text(zh="合計", en="Totals"),
)  # fmt: skip
_NUMBERS = (3,)
_UNREAD = Text(zh="讀不了", en="can't be read")
_NO_FILES = Text(zh="沒有找到任何檔案", en="no files found")
_BRING = Text(zh="請把匯出檔放進去，或指定檔案", en="put exports into it, or name a file")
_EMPTY = Text(zh="這個客戶還沒有任何檔案", en="this client has no files yet")
_BRING_FIRST = Text(
    zh="請把匯出的報表放進這個資料夾（不必改檔名），再執行一次",
    en="put the exports into this folder (their names don't matter) and run it again",
)


def of_files(
    files: Sequence[Path], mapping: Path | None, workspace: Workspace | None, clients: Sequence[str]
) -> Iterator[LoadReport]:
    """The report of each file, and of each file in each folder; with `clients`, their mappings are tried too."""
    from kpi_toolkit.sources.reading import files_in

    own = [read_mapping(mapping)] if mapping else []
    theirs = [one for client in clients for one in workspace.mappings(client)] if workspace else []
    zone = workspace.client(clients[0]).timezone if workspace and clients else "Asia/Taipei"
    found = files_in(files)
    if not found:
        raise ReadError(_NO_FILES, where=", ".join(map(str, files)), todo=_BRING)
    for file in found:
        yield _inspected(file, own or theirs, zone, only=bool(own))


def _inspected(file: Path, mappings: Sequence[ColumnMapping], zone: str, *, only: bool) -> LoadReport:
    """The file's report by the first mapping that fits; without one, by the built-in sources (unless `only`)."""
    from kpi_toolkit.sources.reading import inspect

    if refused := not_followed(file, str(file)):
        return LoadReport(file=str(file), error=refused)
    formats = [as_source(mapping) for mapping in mappings]
    attempts = (inspect(file, mapping=one, timezone=zone) for one in (*formats, *([] if only else [None])))
    report = next(attempts)
    for another in attempts:
        if report.error is None:
            break
        report = another
    return replace(report, file=str(file))


def of_clients(workspace: Workspace, ids: Sequence[str], lang: Lang, *, debug: bool) -> tuple[list[LoadReport], bool]:
    """The reports of all files of these clients, and whether any client failed as a whole; that one is told of."""
    from kpi_toolkit.store import Store

    reports, failed = [], False
    for client_id in ids:
        try:
            workspace.client(client_id)
            with following(client_id) as progress:
                reports += Store(workspace).load(client_id, progress=progress)
        except Exception as fault:
            failed = bool(complain(fault, lang, debug=debug, about=client_id))
    return reports, failed


def brought(workspace: Workspace, client_id: str) -> list[LoadReport]:
    """What is new in the client's folder, read before the work begins. Raises ReadError where it holds no file."""
    from kpi_toolkit.store import Store

    with following(client_id) as progress:
        reports = Store(workspace).load(client_id, progress=progress)
    if not reports:
        raise ReadError(_EMPTY, where=str(workspace.data_dir(client_id)), todo=_BRING_FIRST)
    return reports


def show(reports: Sequence[LoadReport], form: str, lang: Lang) -> None:
    """The reports on stdout, as a table, JSON or CSV."""
    if form == "json":
        output.print_json([report.as_json(lang) for report in reports])
    elif form == "csv":
        output.print_csv([_flat(report.as_json(lang)) for report in reports], _columns())
    elif reports:
        output.print_table(
            [head.say(lang) for head in _HEADERS], [_row(report, lang) for report in reports], right=_NUMBERS
        )
        for report in reports:
            _remarks(report, lang)
    else:
        output.note(_NO_FILES.say(lang))


def _row(report: LoadReport, lang: Lang) -> tuple[str, ...]:
    if report.error is not None:
        return (report.file, _UNREAD.say(lang), "", "", "", "", "")
    period = f"{report.period_start} – {report.period_end}" if report.period_start else ""
    counts = f"{report.rows_kept:,} / {report.rows_read:,}"
    return (
        report.file,
        report.source or "",
        period,
        counts,
        _pairs({readings.dropped(code, lang): count for code, count in report.dropped.items()}),
        report.currency or "",
        _pairs({readings.total(name, lang): amount for name, amount in report.totals.items()}),
    )


def _pairs(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:,.2f}".removesuffix(".00") for name, value in figures.items())


def _remarks(report: LoadReport, lang: Lang) -> None:
    for text in report.warnings:
        output.tell(f"! {report.file}: {text.say(lang)}")
    if report.error is not None:
        output.tell(f"✗ {failure_line(report.file, report.error, lang)}")


def tell_unread(reports: Sequence[LoadReport], lang: Lang, about: str = "") -> int:
    """Tell of every file that can't be read in a line of its own, and give their number."""
    unread = [(report.file, report.error) for report in reports if report.error is not None]
    for file, error in unread:
        output.error_line(
            f"{about}: {failure_line(file, error, lang)}" if about else failure_line(file, error, lang), lang
        )
    return len(unread)


def failure_line(file: str, error: Text, lang: Lang) -> str:
    """What is wrong with a file, after its path; an error that begins with the file's name isn't made to say it twice."""
    words = error.say(lang)
    for name in (file, Path(file).name):
        words = words.removeprefix(f"{name}: ")
    return f"{file}: {words}"


def _columns() -> list[str]:
    return [*LoadReport(file="").as_json("en"), "error"]


def _flat(record: Mapping[str, object]) -> dict[str, object]:
    """A report's JSON with its lists and counts as texts, for one row of a sheet."""
    return {name: _text(value) for name, value in record.items()}


def _text(value: object) -> object:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={figure}" for name, figure in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else value
