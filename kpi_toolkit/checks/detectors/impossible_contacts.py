"""Leads whose phone or e-mail can't exist."""

from __future__ import annotations

from typing import Final

from kpi_toolkit.analysis.proportions import Bounds
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector
from kpi_toolkit.checks.leads import Batch, Told, sample_leads, sample_spend, shares_checked
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 15
# People mistype; more than one in twelve do so nowhere.
_BOUNDS: Final = Bounds(usual=0.02, most=0.08, narrow=0.05, wide=0.2, times=2.0)


def _check(case: Case) -> Answer:
    return shares_checked(case, _told, _BOUNDS, least=_LEAST, clumped=1.2)


def _told(_batch: Batch) -> Told:
    return _impossible


def _impossible(row: Row) -> bool | None:
    """None where neither a phone nor an e-mail is there to be judged."""
    states = {row["phone_state"], row["email_state"]} & {"valid", "impossible"}
    return "impossible" in states or row["email_domain_kind"] == "disposable" if states else None


def _sample(bad: int, count: int = 80) -> Case:
    leads = sample_leads(count, phone_state=lambda at: "impossible" if at % count < bad else "valid")
    return case_of({"leads": leads, "ads_daily": sample_spend()}, goal="leads")


DETECTOR = Detector(
    id="impossible_contacts",
    title=Text(zh="名單的電話或信箱不可能存在", en="Leads with phones or e-mails that can't exist"),
    system="S30",
    needs=("leads",),
    least=Text(zh="15 筆有電話或電子郵件的名單", en="15 leads with a phone or an e-mail"),
    reference="Taiwan's NCC, telephone numbering plan (電信號碼網路編碼計畫); RFC 5321, section 4.1.2",
    says=Text(
        zh="{period}，{name}的 {of} 筆名單裡，有 {count} 筆（{share}）的電話不是台灣會有的號碼、信箱不可能存在，或是拋棄式信箱；一般約 {usual}。",
        en="{name}, {period}: {count} of {of} leads ({share}) have a phone outside the numbering plan, an e-mail that can't exist, or a disposable one; usual are about {usual}.",
    ),
    innocent=Text(
        zh="可能是表單沒有檢查格式、匯出時號碼開頭的 0 被拿掉、國外號碼沒寫國碼，或有程式自動亂填表單。",
        en="The form may not check what is typed, the export may have cut off leading zeros, foreign numbers may lack their country code, or robots may fill in the form.",
    ),
    question=Text(
        zh="您好，{period}的 {of} 筆名單裡，有 {count} 筆的電話或信箱不可能存在。請問是從哪個版位和表單來的？表單可以加上格式檢查或簡訊驗證嗎？",
        en="Of the {of} leads of {period}, {count} have a phone or an e-mail that can't exist. From which placements and forms did they come? Could the form check the format, or confirm by text message?",
    ),
    action=Text(
        zh="先在名單檔抽看幾筆原始號碼；確認不是匯出的問題，再談無效名單不計費或補名單。",
        en="Look at some of the original numbers in the file first; if the export isn't the cause, talk about not paying for leads that can't be reached.",
    ),
    check=_check,
    fires=lambda: _sample(24),
    quiet=lambda: _sample(5),
    few=lambda: _sample(3, count=8),
)
