"""Client-months looked into by all checks: honest ones, and each manipulation at each strength."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from time import perf_counter

from benchmarks.integrity import judging, tuning
from benchmarks.integrity.chance import stream
from benchmarks.integrity.manipulation import STRENGTHS, Manipulated, Manipulation, Strength
from benchmarks.integrity.manipulations import MANIPULATIONS
from benchmarks.integrity.ranges import Ranges
from benchmarks.integrity.world import World, honest
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.detector import Answer, Detector
from kpi_toolkit.checks.detectors import DETECTORS
from kpi_toolkit.checks.examination import Checked, Finding, examined

SETS: Mapping[str, Ranges] = {"tuning": tuning.RANGES, "judging": judging.RANGES}
# A manipulation is tried on so many clients, until one has what it takes.
_TRIES = 25
# Seeds of manipulated client-months begin here; those of honest ones lie below.
_MANIPULATED = 1_000_000
_TOLERANCE = 0.2


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A finding, told in short."""

    detector: str
    vendor: str
    amount: float | None
    says: str


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A client-month after the checks. `label` names it for --case. Of a manipulated one: `found` are the right findings,
    `ran` says whether any of the right checks had enough to say, `amounts` what was truly at stake."""

    label: str
    raised: tuple[Raised, ...]
    verdicts: Mapping[str, str]
    seconds: Mapping[str, float]
    manipulation: str = ""
    strength: str = ""
    found: tuple[Raised, ...] = ()
    ran: bool = True
    amounts: tuple[float, ...] = ()

    @property
    def amount_right(self) -> bool | None:
        """Whether a right finding's amount is within 20 % of the truth; None where either doesn't tell one."""
        told = [one.amount for one in self.found if one.amount is not None]
        told += [sum(told)] if len(told) > 1 else []
        truths = [one for one in self.amounts if one > 0]
        return (
            any(abs(said - truth) <= _TOLERANCE * truth for said in told for truth in truths)
            if told and truths
            else None
        )


@dataclass(frozen=True, kw_only=True)
class Task:
    """One client-month to make and to look into; manipulated where that is named."""

    set: str
    seed: int
    manipulation: str = ""
    strength: str = ""

    @property
    def label(self) -> str:
        return f"{self.manipulation}:{self.strength}:{self.seed}" if self.manipulation else f"honest:{self.seed}"


def tasks(chosen: str, honest_count: int, manipulated: int, first: int, only: str = "") -> list[Task]:
    """Honest client-months, then every manipulation at every strength in turn. `only` names one manipulation, or a check:
    then its manipulations alone."""
    wanted = [one for one in MANIPULATIONS.values() if only in ("", one.id) or only in one.detectors]
    found = [Task(set=chosen, seed=first + n) for n in range(honest_count)]
    each = -(-manipulated // max(len(wanted) * len(STRENGTHS), 1))
    places = [(one.id, strength) for one in wanted for strength in STRENGTHS]
    for at, (name, strength) in enumerate(places):
        seeds = (_MANIPULATED + (first + at * each + n) * _TRIES for n in range(each))
        found += [Task(set=chosen, seed=seed, manipulation=name, strength=strength) for seed in seeds]
    return found


def named(chosen: str, label: str) -> Task:
    """The task that a label names: honest:17, or inflated_spend:strong:1000123; a bare number is an honest one.

    Raises ValueError for another spelling.
    """
    parts = label.split(":")
    if len(parts) == 1:
        return Task(set=chosen, seed=int(parts[0]))
    if len(parts) == 2:
        return Task(set=chosen, seed=int(parts[1]))
    name, strength, seed = parts
    if name not in MANIPULATIONS or strength not in STRENGTHS:
        raise ValueError(f"no such client-month: {label}")
    return Task(set=chosen, seed=int(seed), manipulation=name, strength=strength)


def run(asked: Sequence[Task], workers: int, tell: Callable[[str], None]) -> list[Looked]:
    """All of them, in their order; those that no client allows are left out."""
    found: list[Looked] = []
    with ProcessPoolExecutor(workers) as pool:
        for at, one in enumerate(pool.map(looked_into, asked, chunksize=4), start=1):
            found += [one] if one is not None else []
            if at % 50 == 0:
                tell(f"{at} of {len(asked)}")
    return found


def looked_into(task: Task) -> Looked | None:
    """The client-month made and examined; None for a manipulation that none of the clients tried allows."""
    if not task.manipulation:
        raised, checked, seconds = _examined(honest(task.seed, SETS[task.set]))
        return Looked(label=task.label, raised=raised, verdicts=_verdicts(checked), seconds=seconds)
    made = manipulated(task)
    if made is None:
        return None
    manipulation = MANIPULATIONS[task.manipulation]
    raised, checked, seconds = _examined(made.world)
    right = tuple(one for one in raised if one.detector in manipulation.detectors and one.vendor in {*made.vendors, ""})
    return Looked(
        label=task.label, raised=raised, verdicts=_verdicts(checked), seconds=seconds, manipulation=task.manipulation,
        strength=task.strength, found=right, ran=bool(right) or _ran(checked, manipulation, made), amounts=made.amounts,
    )  # fmt: skip


def manipulated(task: Task) -> Manipulated | None:
    """The first client from the task's seed on that allows its manipulation, manipulated."""
    manipulation, ranges = MANIPULATIONS[task.manipulation], SETS[task.set]
    strength: Strength = next(one for one in STRENGTHS if one == task.strength)
    for seed in range(task.seed, task.seed + _TRIES):
        world = honest(seed, ranges, manipulation.wants)
        made = manipulation.apply(world, strength, stream(ranges.salt, seed, manipulation.id))
        if made is not None:
            return made
    return None


@dataclass
class _Clock:
    """How long each check took."""

    seconds: dict[str, float] = field(default_factory=dict)

    def on(self, detector: Detector) -> Detector:
        def check(case: Case) -> Answer:
            begun = perf_counter()
            try:
                return detector.check(case)
            finally:
                self.seconds[detector.id] = perf_counter() - begun

        return replace(detector, check=check)


def _examined(world: World) -> tuple[tuple[Raised, ...], list[Checked], dict[str, float]]:
    begun, clock = perf_counter(), _Clock()
    case = world.case()
    with case.dataset:
        clock.seconds["(tables)"] = perf_counter() - begun
        checked = examined(case, [clock.on(one) for one in DETECTORS.values()])
    return tuple(_raised(one) for check in checked for one in check.findings), checked, clock.seconds


def _raised(finding: Finding) -> Raised:
    seen = finding.observation
    amount = None if seen.amount is None else float(seen.amount)
    return Raised(detector=finding.detector, vendor=seen.vendor, amount=amount, says=finding.says.say("en"))


def _verdicts(checked: Sequence[Checked]) -> dict[str, str]:
    return {one.detector.id: one.verdict for one in checked}


def _ran(checked: Sequence[Checked], manipulation: Manipulation, made: Manipulated) -> bool:
    """Whether one of the right checks could say something about the vendor."""
    right = [one for one in checked if one.detector.id in manipulation.detectors]
    names = [one.zh for one in made.world.plan.agencies if one.id in made.vendors]
    return any(one.verdict == "error" or (one.ran and not _lacking(one, names)) for one in right)


def _lacking(one: Checked, names: Sequence[str]) -> bool:
    return any(name in need.say("zh-TW") for need in one.needs for name in names)


def faults(looked: Sequence[Looked]) -> Iterator[str]:
    """Checks that did not finish, each with a client-month to see it on."""
    seen: set[str] = set()
    for one in looked:
        for name, verdict in one.verdicts.items():
            if verdict == "error" and name not in seen:
                seen.add(name)
                yield f"{name} ({one.label})"
