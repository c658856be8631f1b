"""A client's period examined by all detectors: findings, and which checks could be run at all.

The chance of any false alarm is held over the whole period and all checks together, by Holm's step-down procedure
(S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector, Observation, Verdict
from kpi_toolkit.i18n import Text, finished
from kpi_toolkit.phrases import said
from kpi_toolkit.tables import TABLES

# The chance that an honest client-month raises any finding.
FALSE_ALARMS: Final = 0.02
# What chance rarely does, and yet does too often for a finding among all that is looked at: more data are needed to say.
LEANING: Final = 0.02
_LEANS = Text(
    zh="數字有點偏，但正常的月份也有約 {chance} 的機會這樣；再累積資料才能下結論",
    en="figures lean one way, as they do in about {chance} of months in order: more data are needed to say",
)
_TABLE = Text(zh="需要「{table}」的資料", en="needs data of: {table}")
_FAILED = Text(zh="這項檢查沒有跑完（{kind}）", en="this check did not finish ({kind})")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something to look at: an observation with the detector's words on it."""

    detector: str
    observation: Observation
    title: Text
    says: Text
    innocent: Text
    question: Text
    action: Text


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A detector's verdict, its findings, and what it would need where it could not say."""

    detector: Detector
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    needs: tuple[Text, ...] = ()

    @property
    def ran(self) -> bool:
        """Whether it could say anything."""
        return self.verdict in {"clear", "look"}


def examined(case: Case, detectors: Iterable[Detector]) -> list[Checked]:
    """Every detector's verdict on the case, in the detectors' order."""
    answers = [(detector, _answered(detector, case)) for detector in detectors]
    observations = [one for _, answer in answers if isinstance(answer, Answer) for one in answer.observations]
    strange = significant([one.p for one in observations if one.p is not None])
    period = finished(case.period.label("zh-TW"), case.period.label("en"))
    return [
        answer if isinstance(answer, Checked) else _judged(detector, answer, strange, period) for detector, answer in answers
    ]  # fmt: skip


def significant(probabilities: Sequence[float], level: float = FALSE_ALARMS) -> float:
    """The largest of these probabilities that Holm's procedure rejects at `level`; below 0 when it rejects none."""
    found = -1.0
    for place, p in enumerate(sorted(probabilities)):
        if p > level / (len(probabilities) - place):
            break
        found = p
    return found


def _answered(detector: Detector, case: Case) -> Answer | Checked:
    missing = [_TABLE.fill(table=TABLES[name].title) for name in detector.needs if not case.dataset.has(name)]
    lacking = None if missing else detector.lacks(case)
    needs = (*missing, *([lacking] if lacking else []))
    if needs:
        return Checked(detector=detector, verdict="not applicable", needs=needs)
    try:
        return detector.check(case)
    except Exception as fault:  # one check that fails must not silence the others
        return Checked(detector=detector, verdict="error", needs=(_FAILED.fill(kind=type(fault).__name__),))


def _judged(detector: Detector, answer: Answer, strange: float, period: Text) -> Checked:
    looked_at = [one for one in answer.observations if one.p is None or one.p <= strange]
    findings = tuple(_finding(detector, one, period) for one in looked_at)
    needs = tuple(_spoken(few.needed, {}) for few in answer.few)
    leaning = min((one.p for one in answer.observations if one.p is not None and one.p <= LEANING), default=None)
    if leaning is not None and not findings:
        needs += (_spoken(_LEANS, {"chance": f"{leaning:.1%}"}),)
        return Checked(detector=detector, verdict="too few", needs=needs)
    verdict: Verdict = "look" if findings else "too few" if needs and not answer.observations else "clear"
    return Checked(detector=detector, verdict=verdict, findings=findings, needs=needs)


def _finding(detector: Detector, one: Observation, period: Text) -> Finding:
    values = {"period": period, **one.values}
    words = {name: _spoken(getattr(detector, name), values) for name in ("says", "innocent", "question", "action")}
    return Finding(detector=detector.id, observation=one, title=detector.title, **words)


def _spoken(words: Text, values: Mapping[str, object]) -> Text:
    """The words with their values, and in Chinese a space where a name or figure in Latin letters meets a Han character."""
    return finished(said(words, "zh-TW", **values), said(words, "en", **values))
