"""`check`: what to look at in one client's period, and which checks could not be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.known import known_client
from kpi_toolkit.cli.reading import brought, tell_unread
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import parse_period
from kpi_toolkit.present.formats import number
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.platforms import called

if TYPE_CHECKING:
    from kpi_toolkit.checks.detector import Verdict
    from kpi_toolkit.checks.examination import Checked, Finding

_COLUMNS: Final = (
    "detector", "system", "verdict", "vendor", "amount", "currency", "title", "says", "innocent", "question", "action",
)  # fmt: skip
_COVERAGE = Text(
    zh="{client} {period}：{possible} 項檢查中完成 {ran} 項；要請您看 {found} 件事",
    en="{client} {period}: {ran} of {possible} {possible:check|checks} done; {found} {found:thing|things} to look at",
)
_LISTED: Final = ("detector", "system", "title", "needs", "least", "reference")
_HEADS: Final = (
    Text(zh="系統", en="System"), Text(zh="查核", en="Check"), Text(zh="需要的資料", en="Needs"), Text(zh="至少要有", en="The least"),
)  # fmt: skip
_INNOCENT, _QUESTION = Text(zh="可能的原因", en="Harmless causes"), Text(zh="可以這樣問", en="What to ask")
_ACTION, _AMOUNT = Text(zh="下一步", en="Next"), Text(zh="相關金額", en="Amount at stake")
_NOT_RUN = Text(zh="沒有檢查到的（不代表沒問題）", en="Not checked (which does not mean all is well)")
_WHY_NOT: Final[dict[Verdict, Text]] = {
    "too few": Text(zh="資料太少", en="too few data"),
    "not applicable": Text(zh="缺少資料", en="data missing"),
    "error": Text(zh="沒有跑完", en="did not finish"),
}


def checked(workspace: Workspace, client_id: str, period: str, lang: Lang) -> tuple[list[Checked], int]:
    """Every detector's verdict on the client's period, and how many files could not be read, each told of on stderr.

    Raises UsageError for an unknown client or period before anything is read, and ReadError for a client without files.
    """
    from kpi_toolkit.checks.case import Case, changed
    from kpi_toolkit.checks.detectors import DETECTORS
    from kpi_toolkit.checks.examination import examined
    from kpi_toolkit.store import Store

    client, asked = known_client(workspace, client_id), parse_period(period)
    unread = tell_unread(brought(workspace, client_id), lang)
    store = Store(workspace)
    restated = changed(store.restated(client_id))
    with store.dataset(client_id) as dataset, called(workspace.source_titles(client_id)):
        case = Case(client=client, dataset=dataset, period=asked, restated=restated)
        return examined(case, DETECTORS.values()), unread


def show(results: Sequence[Checked], client_id: str, period: str, form: str, lang: Lang) -> None:
    """The findings and the coverage on stdout: for people, as JSON, or as CSV with a row a finding."""
    findings = [_row(one, finding, lang) for one in results for finding in one.findings]
    if form == "csv":
        output.print_csv(findings, _COLUMNS)
    elif form == "json":
        evidence = [finding.observation.evidence for one in results for finding in one.findings]
        whole = [
            row | {"evidence": [_said(cells, lang) for cells in rows]}
            for row, rows in zip(findings, evidence, strict=True)
        ]
        output.print_json({"client": client_id, "period": period, "coverage": _coverage(results, lang), "findings": whole})  # fmt: skip
    else:
        _tell(results, findings, client_id, period, lang)


def show_list(form: str, lang: Lang) -> None:
    """Every check on stdout: the question it belongs to, what it is, what it needs, its least sample, its reference."""
    from kpi_toolkit.checks.detectors import DETECTORS

    rows = [
        {
            "detector": one.id, "system": one.system, "title": one.title.say(lang),
            "needs": [TABLES[name].title.say(lang) for name in one.needs], "least": one.least.say(lang), "reference": one.reference,
        }
        for one in sorted(DETECTORS.values(), key=lambda one: (one.system, one.id))
    ]  # fmt: skip
    if form == "json":
        output.print_json(rows)
        return
    told = [{**row, "needs": ", ".join(row["needs"])} for row in rows]
    if form == "csv":
        output.print_csv(told, _LISTED)
    else:
        heads = [words.say(lang) for words in _HEADS]
        output.print_table(heads, [[str(row[name]) for name in ("system", "title", "needs", "least")] for row in told])


def _row(one: Checked, finding: Finding, lang: Lang) -> dict[str, object]:
    seen = finding.observation
    words = {name: getattr(finding, name).say(lang) for name in ("title", "says", "innocent", "question", "action")}
    amount = None if seen.amount is None else float(seen.amount)
    return {
        "detector": finding.detector, "system": one.detector.system, "verdict": one.verdict, "vendor": seen.vendor,
        "amount": amount, "currency": seen.currency,
    } | words  # fmt: skip


def _said(cells: Mapping[str, object], lang: Lang) -> dict[str, object]:
    return {name: cell.say(lang) if isinstance(cell, Text) else cell for name, cell in cells.items()}


def _coverage(results: Sequence[Checked], lang: Lang) -> dict[str, object]:
    not_run = [
        {"detector": one.detector.id, "verdict": one.verdict, "needs": [need.say(lang) for need in one.needs]}
        for one in results
        if not one.ran
    ]
    return {"ran": len(results) - len(not_run), "possible": len(results), "not_run": not_run}


def _tell(
    results: Sequence[Checked], findings: Sequence[dict[str, object]], client_id: str, period: str, lang: Lang
) -> None:
    ran = sum(one.ran for one in results)
    output.tell(_COVERAGE.fill(client=client_id, period=period, ran=ran, possible=len(results), found=len(findings)).say(lang))  # fmt: skip
    for row in findings:
        output.tell("")
        output.tell(f"● {row['title']}" + (f" · {row['vendor']}" if row["vendor"] else ""))
        output.tell(f"  {row['says']}")
        if row["amount"] is not None:
            output.tell(f"  {_AMOUNT.say(lang)}: {number(float(str(row['amount'])), 'money', lang, currency=str(row['currency']))}")  # fmt: skip
        for label, name in ((_INNOCENT, "innocent"), (_QUESTION, "question"), (_ACTION, "action")):
            output.tell(f"  {label.say(lang)}: {row[name]}")
    left = [one for one in results if not one.ran]
    if left:
        output.tell("")
        output.tell(_NOT_RUN.say(lang))
        for one in left:
            needs = "; ".join(need.say(lang) for need in one.needs)
            output.tell(f"  ○ {one.detector.title.say(lang)}: {_WHY_NOT[one.verdict].say(lang)} ({needs})")
