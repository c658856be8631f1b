"""The examination as a whole: false alarms held over all checks together, and one failing check beside the others."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import FALSE_ALARMS, examined, significant
from kpi_toolkit.i18n import Text

A = next(iter(DETECTORS.values()))
PLAIN = Text(zh="樣本", en="sample")


def answering(name: str, answer: Answer) -> Detector:
    return replace(A, id=name, says=PLAIN, innocent=PLAIN, question=PLAIN, action=PLAIN, check=lambda _case: answer)


def observed(*probabilities: float | None) -> Answer:
    return Answer(observations=[Observation(p=p) for p in probabilities])


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([], -1),
        ([0.03], -1),
        ([0.02], 0.02),
        # Holm, by hand: 0.004 <= 0.02 / 4; 0.006 <= 0.02 / 3; 0.011 > 0.02 / 2.
        ([0.011, 0.004, 0.5, 0.006], 0.006),
        # The first step fails: none is rejected, though 0.012 alone would be.
        ([0.012, 0.5], -1),
        ([0.0, 0.0, 0.5], 0.0),
    ],
)
def test_holms_procedure(probabilities: list[float], expected: float) -> None:
    assert significant(probabilities) == expected


def test_honest_months_raise_a_finding_as_rarely_as_promised() -> None:
    chance = random.Random(20261101)
    months = [[chance.random() for _ in range(chance.choice([1, 5, 40]))] for _ in range(4000)]
    alarms = sum(significant(month) >= 0 for month in months) / len(months)
    # Three standard errors of 4,000 months at two per cent.
    assert alarms <= FALSE_ALARMS + 3 * (0.02 * 0.98 / 4000) ** 0.5
    assert alarms > FALSE_ALARMS / 2


def test_chance_is_shared_by_all_checks_and_arithmetic_needs_none() -> None:
    case = A.fires()
    alone = answering("alone", observed(0.015))
    crowd = answering("crowd", observed(0.4, 0.6, 0.9))
    certain = answering("certain", observed(None))
    assert [one.verdict for one in examined(case, [alone])] == ["look"]
    assert [one.verdict for one in examined(case, [alone, crowd, certain])] == ["too few", "clear", "look"]


def test_what_leans_one_way_without_being_strange_is_too_few_to_say() -> None:
    crowd = answering("crowd", observed(0.4, 0.6, 0.9))
    for p, verdict in ((0.019, "too few"), (0.021, "clear")):
        checked = examined(A.fires(), [answering("leaning", observed(p)), crowd])[0]
        assert (checked.verdict, bool(checked.needs)) == (verdict, verdict == "too few")
    (checked, _) = examined(A.fires(), [answering("leaning", observed(0.019)), crowd])
    assert "1.9%" in checked.needs[0].say("en") and "1.9%" in checked.needs[0].say("zh-TW")


def test_a_check_that_fails_says_so_without_its_words_and_silences_nobody() -> None:
    def failing(_case: Case) -> Answer:
        raise RuntimeError("王小明 0912-345-678")

    first, second = examined(A.fires(), [replace(A, id="broken", check=failing), A])
    assert (first.verdict, [need.say("en") for need in first.needs]) == ("error", ["this check did not finish (RuntimeError)"])  # fmt: skip
    assert second.verdict == "look"


def test_too_few_is_said_unless_something_was_seen() -> None:
    few = Few(needed=Text(zh="再 3 週", en="3 more weeks"))
    nothing = answering("nothing", Answer(few=[few]))
    some = answering("some", Answer(observations=[Observation(p=None)], few=[few]))
    assert [one.verdict for one in examined(A.fires(), [nothing, some])] == ["too few", "look"]


def test_what_the_agreement_lacks_makes_a_check_not_applicable() -> None:
    lacking = replace(A, lacks=lambda _case: Text(zh="合約沒有費率", en="the contract names no fee"))
    (checked,) = examined(A.fires(), [lacking])
    assert (checked.verdict, checked.ran) == ("not applicable", False)
    assert [need.say("en") for need in checked.needs] == ["the contract names no fee"]
