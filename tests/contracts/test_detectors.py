"""What holds of every detector: it fires on its bad sample and on none of its good ones, and says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import VERDICTS, Detector
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, examined
from kpi_toolkit.i18n import LANGS
from kpi_toolkit.tables.dataset import from_frames

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
