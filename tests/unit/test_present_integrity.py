"""The checks as people read them: coverage first, the money, each finding with its question, and what couldn't be checked."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from kpi_toolkit.checks.detector import Answer, Detector, Observation, Shown
from kpi_toolkit.checks.detectors import duplicate_invoice, media_markup, uncovered_item
from kpi_toolkit.checks.examination import examined
from kpi_toolkit.checks.money import paid
from kpi_toolkit.i18n import LANGS, Lang, Text
from kpi_toolkit.present.blocks import Block, Details, Inquiry, Table
from kpi_toolkit.present.outputs import TABLE_MIME, outputs
from kpi_toolkit.sections import integrity

HOSTILE = "<script>alert(1)</script>=1+1\u202e"


def result(*detectors: Detector, of: Detector = uncovered_item.DETECTOR) -> integrity.Result:
    case = of.fires()
    checked = examined(case, detectors)
    return integrity.Result(client=case.client, period=case.period, checked=checked, money=paid(case, checked))


def words(blocks: list[Block], lang: Lang) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(one.data["text/html"] for one in outputs(blocks, lang))))  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_what_could_not_be_checked_is_said_before_what_was_found(lang: Lang) -> None:
    told = words(integrity.tell(result(media_markup.DETECTOR, uncovered_item.DETECTOR), lang), lang)
    first, found = (
        ("Of 2 checks, 1 could not", "1 that were done") if lang == "en" else ("2 項查核裡，有 1 項", "有 1 件事")
    )
    assert told.index(first) < told.index(found) if lang == "en" else first in told and found in told
    assert ("NT$7,500" in told) and ("{" not in told)


def test_a_finding_is_told_with_causes_question_action_and_rows() -> None:
    blocks = integrity.tell(result(uncovered_item.DETECTOR), "zh-TW")
    (block,) = [one for one in blocks if isinstance(one, Inquiry)]
    assert (block.by, block.stake) == ("北辰數位", "相關金額 NT$7,500")
    assert [one.label for one in block.remarks] == ["可能的原因", "下一步"]
    assert block.question.text.startswith("您好，想請教 2026 年 10 月請款的這些項目")
    assert [column.title for column in block.rows.columns] == ["日期", "摘要", "類別", "金額", "原始檔列號"]
    assert len(block.rows.rows) == 2
    (table,) = next(one for one in outputs([block], "zh-TW")).data[TABLE_MIME]["tables"]
    assert [row[3]["value"] for row in table["rows"]] == [6000, 1500]


def test_nothing_to_ask_is_said_plainly_and_what_was_checked_is_listed() -> None:
    case = duplicate_invoice.DETECTOR.quiet()
    checked = examined(case, [duplicate_invoice.DETECTOR])
    blocks = integrity.tell(integrity.Result(client=case.client, period=case.period, checked=checked, money=paid(case, checked)), "en")  # fmt: skip
    told = words(blocks, "en")
    assert "Every check was done (1); the 1 that were done give nothing to ask about. All that vendors invoiced is accounted for." in told  # fmt: skip
    assert "Looked for, and not found (1)" in told


def test_silence_of_checks_that_were_not_done_settles_nothing() -> None:
    case = uncovered_item.DETECTOR.few()  # type: ignore[misc]
    checked = examined(case, [uncovered_item.DETECTOR])
    told = words(integrity.tell(integrity.Result(client=case.client, period=case.period, checked=checked, money=paid(case, checked)), "en"), "en")  # fmt: skip
    assert "accounted for" not in told
    assert "so far no check could be done" in told
    assert "not enough data" in told


def test_vendors_words_and_keys_nobody_named_stay_text() -> None:
    seen = Observation(vendor="beichen", values={"name": HOSTILE}, evidence=[{HOSTILE: HOSTILE, "flag": True, "none": None, "rate": 0.125}])  # fmt: skip
    says = Text(zh="{name}", en="{name}")
    odd = replace(
        duplicate_invoice.DETECTOR, check=lambda _case: Answer(observations=[seen]), says=says, innocent=says, question=says, action=says,
        columns={"rate": Shown(title=Text(zh="比率", en="Rate"), kind="share")},
    )  # fmt: skip
    for lang in LANGS:
        html = " ".join(json.dumps(one.data["text/html"]) for one in outputs(integrity.tell(result(odd), lang), lang))
        assert "<script>" not in html and "&lt;script&gt;" in html
        assert "12.5%" in html


def test_tables_of_several_findings_have_names_of_their_own() -> None:
    blocks = integrity.tell(result(uncovered_item.DETECTOR, duplicate_invoice.DETECTOR, of=duplicate_invoice.DETECTOR), "en")  # fmt: skip
    tables = [one.rows for one in blocks if isinstance(one, Inquiry)] + [one for one in blocks if isinstance(one, Table)]  # fmt: skip
    tables += [inner for one in blocks if isinstance(one, Details) for inner in one.blocks if isinstance(inner, Table)]
    assert len({table.id for table in tables}) == len(tables) >= 2
