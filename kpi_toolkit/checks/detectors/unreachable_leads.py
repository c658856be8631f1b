"""Leads whom nobody could reach, among those who were called."""

from __future__ import annotations

from typing import Final

from kpi_toolkit.analysis.proportions import Bounds
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector
from kpi_toolkit.checks.leads import Batch, Told, sample_leads, sample_spend, shares_checked
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 20
# Half of the people who leave a number don't answer calls from strangers; how many differs by form and trade.
_BOUNDS: Final = Bounds(usual=0.25, most=0.6, narrow=0.5, wide=0.75, times=1.5)
_UNREACHED: Final = frozenset({"unreachable", "invalid"})


def _check(case: Case) -> Answer:
    # One week without staff, one bad list: results come in clumps.
    return shares_checked(case, _told, _BOUNDS, least=_LEAST, clumped=1.5)


def _told(_batch: Batch) -> Told:
    return _unreached


def _unreached(row: Row) -> bool | None:
    """None where nobody has tried, or nobody wrote down what came of it."""
    return None if row["status"] in (None, "new") else row["status"] in _UNREACHED


def _sample(unreached: int, count: int = 80) -> Case:
    """So many can't be reached of those called; a quarter of the leads hasn't been called yet."""
    called = count * 3 // 4
    leads = sample_leads(count, status=lambda at: "new" if at >= called else "unreachable" if at < unreached else "contacted")  # fmt: skip
    return case_of({"leads": leads, "ads_daily": sample_spend()}, goal="leads")


DETECTOR = Detector(
    id="unreachable_leads",
    title=Text(zh="名單大多聯絡不上", en="Most leads can't be reached"),
    system="S30",
    needs=("leads",),
    least=Text(zh="20 筆聯絡過、有記錄結果的名單", en="20 leads that were called, with what came of it"),
    reference="K. Murphy and B. Myors, Journal of Applied Psychology 84 (1999): minimum-effect tests",
    says=Text(
        zh="{period}，{name}的名單聯絡過 {of} 筆，其中 {count} 筆（{share}）聯絡不上或無效；一般約 {usual}。",
        en="{name}, {period}: of {of} leads that were called, {count} ({share}) were unreachable or invalid; usual are about {usual}.",
    ),
    innocent=Text(
        zh="可能是隔太久才打、都在上班時間打、來電沒有顯示店名、客人不敢接，或人手不足只打一次。",
        en="They may have been called too late, only in working hours, from a number that people don't know, or only once for want of staff.",
    ),
    question=Text(
        zh="您好，{period}的名單聯絡過 {of} 筆，有 {count} 筆聯絡不上或無效。請問是哪些受眾和表單帶來的？和之前比，投放設定有改變嗎？",
        en="Of {of} leads of {period} that we called, {count} were unreachable or invalid. Which audiences and forms brought them? Have the settings changed since before?",
    ),
    action=Text(
        zh="抽 20 筆在不同時段、先傳簡訊再打；還是聯絡不上，就和對方談名單合格的定義。",
        en="Try 20 of them again at other hours, with a text message first; if that fails too, agree with the vendor on what counts as a lead.",
    ),
    check=_check,
    fires=lambda: _sample(54),
    quiet=lambda: _sample(27),
    few=lambda: _sample(9, count=16),
)
