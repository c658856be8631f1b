"""What holds of every detector: it fires on its bad sample and on none of its good ones, and says what it lacks."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.columns import COLUMNS
from kpi_toolkit.checks.detector import VERDICTS, Detector
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, Finding, examined
from kpi_toolkit.i18n import LANGS, Text
from kpi_toolkit.sources import sources
from kpi_toolkit.tables.dataset import from_frames
from kpi_toolkit.tables.platforms import PLATFORMS

pytestmark = pytest.mark.parametrize("detector", DETECTORS.values(), ids=DETECTORS)


def verdict(detector: Detector, case: Case) -> Checked:
    (checked,) = examined(case, [detector])
    assert checked.verdict in VERDICTS
    return checked


def frames(case: Case) -> dict:
    return {name: case.dataset.frame(name) for name in case.dataset.relations}


def test_it_fires_on_its_bad_sample_in_both_languages(detector: Detector) -> None:
    checked = verdict(detector, detector.fires())
    assert checked.verdict == "look"
    for finding in checked.findings:
        for words in (finding.title, finding.says, finding.innocent, finding.question, finding.action):
            said = [words.say(lang) for lang in LANGS]
            assert all(said), finding
            assert not any("{" in one or "nan" in one.lower().split() for one in said), said
        assert finding.observation.evidence
        assert finding.observation.amount is None or finding.observation.currency


def test_it_is_silent_on_its_good_sample(detector: Detector) -> None:
    checked = verdict(detector, detector.quiet())
    assert (checked.verdict, checked.findings) == ("clear", ())


def test_it_says_when_there_is_too_little(detector: Detector) -> None:
    if detector.few is None:
        return
    checked = verdict(detector, detector.few())
    assert checked.verdict == "too few"
    assert checked.needs


def test_without_its_tables_it_is_not_applicable_and_says_which_it_needs(detector: Detector) -> None:
    sample = detector.fires()
    checked = verdict(detector, replace(sample, dataset=from_frames({})))
    assert (checked.verdict, len(checked.needs)) == ("not applicable", len(detector.needs))
    assert all(need.say(lang) for need in checked.needs for lang in LANGS)


def test_a_period_without_rows_is_no_finding(detector: Detector) -> None:
    sample = detector.fires()
    empty = {name: frame.iloc[:0] for name, frame in frames(sample).items()}
    assert verdict(detector, replace(sample, dataset=from_frames(empty))).verdict in {"clear", "too few", "not applicable"}  # fmt: skip


def test_it_leaves_the_tables_as_they_are(detector: Detector) -> None:
    sample = detector.fires()
    before = frames(sample)
    verdict(detector, sample)
    after = frames(sample)
    assert all(before[name].equals(after[name]) for name in before)


def test_the_order_of_rows_does_not_matter(detector: Detector) -> None:
    sample = detector.fires()
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in frames(sample).items()}
    assert verdict(detector, replace(sample, dataset=from_frames(turned))) == verdict(detector, sample)


def test_its_words_name_no_culprit(detector: Detector) -> None:
    accusing = ("fraud", "cheat", "lie ", "fake", "詐", "造假", "欺", "騙", "灌水")
    for words in (detector.title, detector.says, detector.innocent, detector.question, detector.action):
        assert not any(word in text.lower() for word in accusing for text in (words.zh, words.en))


# What a reader must never meet: ids, what a computer says for nothing, more decimals than anybody reads.
_IDS = {one for one in (*PLATFORMS, *sources(), "meta_content", "vendor_report") if "_" in one}
_RAW = re.compile(r"\b(?:nan|NaN|None|inf|True|False)\b|\d\.\d{3,}|\{|\}|Text\(|" + "|".join(sorted(_IDS)))
# Keys that stand for people: they stay in the ledger.
_PERSONAL = ("phone", "email", "e_mail", "device", "ip", "name", "customer", "address", "hash")
_MOST_ROWS = 60
_HAN, _LATIN = r"[\u3400-\u9fff]", r"[A-Za-z0-9$%]"
_UNSPACED = re.compile(f"{_HAN}{_LATIN}|{_LATIN}{_HAN}")


@cache
def findings(detector: Detector) -> tuple[Finding, ...]:
    return verdict(detector, detector.fires()).findings


def sentences(finding: Finding) -> list[Text]:
    return [finding.title, finding.says, finding.innocent, finding.question, finding.action]


def test_its_words_hold_no_ids_and_no_raw_figures(detector: Detector) -> None:
    for finding in findings(detector):
        for words in sentences(finding):
            for lang in LANGS:
                assert _RAW.search(words.say(lang)) is None, words.say(lang)


def test_its_chinese_has_spaces_where_names_and_figures_meet_it(detector: Detector) -> None:
    for finding in findings(detector):
        for words in (finding.says, finding.innocent, finding.question, finding.action):
            # What vendors wrote stays as they wrote it.
            own = re.sub(r"10月\w+|BC_\w+", "", words.say("zh-TW"))
            assert _UNSPACED.search(own) is None, own


def test_its_question_says_which_days_or_which_thing_it_is_about(detector: Detector) -> None:
    """A vendor reads it alone, on a phone: polite, with a figure in it, and no word of ours."""
    for finding in findings(detector):
        question = finding.question.say("zh-TW")
        assert question.startswith("您好")
        assert re.search(r"\d", question) and re.search(r"\d", finding.question.say("en"))
        assert "client.yaml" not in question
        assert len(question) <= 160, len(question)


def test_every_column_of_its_evidence_has_a_title_in_both_languages(detector: Detector) -> None:
    for finding in findings(detector):
        for key in {key for row in finding.observation.evidence for key in row}:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", key), key
            shown = detector.columns.get(key) or COLUMNS.get(key)
            assert shown is not None, key
            assert re.search(_HAN, shown.title.say("zh-TW")), key
            assert shown.title.say("en") != key


def test_its_evidence_is_short_and_names_its_rows(detector: Detector) -> None:
    for finding in findings(detector):
        evidence = finding.observation.evidence
        assert len(evidence) <= _MOST_ROWS
        assert all(next(iter(row.values())) not in (None, "") for row in evidence)
        cells = [value for row in evidence for value in row.values()]
        said = [value.say(lang) for value in cells if isinstance(value, Text) for lang in LANGS]
        told = [*said, *(value for value in cells if isinstance(value, str))]
        assert not [one for one in told if any(name in one for name in _IDS)]


def test_its_evidence_tells_nothing_of_persons(detector: Detector) -> None:
    for finding in findings(detector):
        keys = {key for row in finding.observation.evidence for key in row} - {"campaign_name"}
        assert not [key for key in keys if set(key.split("_")) & set(_PERSONAL)], keys
