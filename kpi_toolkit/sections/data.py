"""What was read and what was dropped, file by file: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.phrases import listed, said, sentences
from kpi_toolkit.present import names, readings
from kpi_toolkit.present.blocks import Block, Column, Details, Heading, Missing, Paragraph, Points, Table
from kpi_toolkit.present.formats import count
from kpi_toolkit.present.labels import plain
from kpi_toolkit.sections.section import Context, Section
from kpi_toolkit.sources.load_report import LoadReport

READ = Text(
    zh="讀了 {files} 個檔案、{rows} 列，留下 {kept} 列。",
    en="Files read: {files}; rows read: {rows}, kept: {kept}.",
)
DROPPED = Text(zh="沒有用上的有 {count} 列：{reasons}。", en="Rows left out: {count} ({reasons}).")
OF = Text(zh="{reason} {count} 列", en="{reason}: {count}")
UNREAD = Text(zh="{count} 個檔案讀不出來", en="Files that could not be read: {count}")
FAULT = Text(zh="{file}：{says}", en="{file}: {says}")
BY_SOURCE = Text(zh="依來源", en="By source")
BY_FILE = Text(zh="逐檔明細", en="File by file")
REMARKS = Text(zh="讀檔時的提醒（{count} 則）", en="Remarks on the files ({count})")
NONE = Text(zh="資料夾裡還沒有檔案。把匯出的報表放進客戶的 data 資料夾，不必改檔名。", en="There are no files yet. Put the exports into the client's data folder; their names don't matter.")  # fmt: skip
SOURCE, FILE, FILES = Text(zh="來源", en="Source"), Text(zh="檔案", en="File"), Text(zh="檔案數", en="Files")
ROWS, KEPT, LEFT = Text(zh="讀到列數", en="Rows read"), Text(zh="留下", en="Kept"), Text(zh="沒用上", en="Left out")
FIRST, LAST = Text(zh="最早", en="First day"), Text(zh="最晚", en="Last day")


def compute(context: Context) -> Sequence[LoadReport]:
    """The reports as they are."""
    return tuple(context.reports)


def tell(reports: Sequence[LoadReport], lang: Lang) -> list[Block]:
    """The sums in a sentence, faults first, then by source, then by file."""
    read = [report for report in reports if report.error is None]
    faulty = [report for report in reports if report.error is not None]
    if not reports:
        return [Missing(text=NONE.say(lang))]
    blocks: list[Block] = [Heading(text=UNREAD.fill(count=len(faulty)).say(lang)), Points(items=tuple(_faults(faulty, lang)))] if faulty else []  # fmt: skip
    if read:
        blocks.append(Paragraph(text=_sums(read, lang)))
        remarks = tuple(_remarks(read, lang))
        if remarks:
            blocks.append(Details(summary=REMARKS.fill(count=len(remarks)).say(lang), blocks=(Points(items=remarks),)))
        blocks += [
            Details(summary=table.title, blocks=(table,)) for table in (_by_source(read, lang), _by_file(read, lang))
        ]
    return blocks


def _sums(read: Sequence[LoadReport], lang: Lang) -> str:
    rows, kept = sum(report.rows_read for report in read), sum(report.rows_kept for report in read)
    words = READ.fill(files=len(read), rows=count(rows, lang), kept=count(kept, lang)).say(lang)
    reasons = _reasons(read)
    if not reasons:
        return words
    told = [
        said(OF, lang, reason=readings.dropped(code, lang), count=count(number, lang))
        for code, number in reasons.items()
    ]
    gone = DROPPED.fill(count=count(sum(reasons.values()), lang), reasons=listed(told, lang)).say(lang)
    return sentences([words, gone], lang)


def _reasons(reports: Iterable[LoadReport]) -> dict[str, int]:
    found: dict[str, int] = {}
    for report in reports:
        for code, number in report.dropped.items():
            found[code] = found.get(code, 0) + number
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _faults(faulty: Iterable[LoadReport], lang: Lang) -> Iterable[str]:
    for report in faulty:
        if report.error is not None:
            says, file = report.error.say(lang), plain(report.file)
            yield says if says.startswith(file) else FAULT.fill(file=file, says=says).say(lang)


def _remarks(read: Iterable[LoadReport], lang: Lang) -> Iterable[str]:
    for report in read:
        for warning in report.warnings:
            yield FAULT.fill(file=plain(report.file), says=warning.say(lang)).say(lang)


def _by_source(read: Sequence[LoadReport], lang: Lang) -> Table:
    groups: dict[str, list[LoadReport]] = {}
    for report in read:
        groups.setdefault(report.source or "", []).append(report)
    rows = tuple(
        (names.platform(source, lang), len(found), *_counts(found)) for source, found in sorted(groups.items())
    )
    head = (Column(title=SOURCE.say(lang)), Column(title=FILES.say(lang), kind="count"), *_count_heads(lang))
    return Table(id="sources", title=BY_SOURCE.say(lang), columns=head, rows=rows)


def _by_file(read: Sequence[LoadReport], lang: Lang) -> Table:
    rows = tuple(
        (plain(report.file), names.platform(report.source or "", lang), *_counts([report]))
        for report in sorted(read, key=lambda report: report.file)
    )
    head = (Column(title=FILE.say(lang)), Column(title=SOURCE.say(lang)), *_count_heads(lang))
    return Table(id="files", title=BY_FILE.say(lang), columns=head, rows=rows)


def _count_heads(lang: Lang) -> tuple[Column, ...]:
    counts = [Column(title=words.say(lang), kind="count") for words in (ROWS, KEPT, LEFT)]
    return (*counts, Column(title=FIRST.say(lang), kind="date"), Column(title=LAST.say(lang), kind="date"))


def _counts(reports: Sequence[LoadReport]) -> tuple[int, int, int, date | None, date | None]:
    read, kept = sum(report.rows_read for report in reports), sum(report.rows_kept for report in reports)
    starts = [report.period_start for report in reports if report.period_start]
    ends = [report.period_end for report in reports if report.period_end]
    return read, kept, read - kept, min(starts, default=None), max(ends, default=None)


SECTION = Section(
    id="data",
    title=Text(zh="資料來源", en="What was read"),
    question=Text(
        zh="這份報告根據哪些檔案，有什麼沒用上？", en="Which files is this report based on, and what was left out?"
    ),
    part="basis",
    compute=compute,
    tell=tell,
)
