"""The benchmark's page, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from benchmarks.integrity.manipulation import STRENGTHS
from benchmarks.integrity.manipulations import MANIPULATIONS
from benchmarks.integrity.runner import Looked, faults
from benchmarks.page import table
from kpi_toolkit.checks.detectors import DETECTORS

_Z = 1.959964
_NONE = "–"


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share after E. B. Wilson (Journal of the American Statistical Association 22, 1927)."""
    if of == 0:
        return 0.0, 1.0
    share, z = hits / of, _Z**2 / of
    middle, half = (share + z / 2) / (1 + z), _Z * sqrt(share * (1 - share) / of + z / of / 4) / (1 + z)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def share(hits: int, of: int) -> str:
    """Hits of all, as a share with its interval."""
    if of == 0:
        return _NONE
    low, high = interval(hits, of)
    return f"{hits / of:.1%} ({low:.1%} – {high:.1%})"


def page(looked: Sequence[Looked], chosen: str) -> str:
    """The whole page."""
    honest = [one for one in looked if not one.manipulation]
    bent = [one for one in looked if one.manipulation]
    parts = [
        f"Set: `{chosen}`. {len(honest)} honest client-months, {len(bent)} manipulated ones. Shares with 95 % intervals (Wilson)."
    ]
    parts += list(_false_alarms(honest)) if honest else []
    parts += list(_recall(bent)) if bent else []
    parts += [_detectors(honest, bent)]
    broken = list(faults(looked))
    parts += [f"**Did not finish:** {', '.join(broken)}"] if broken else []
    return "\n\n".join(parts)


def _false_alarms(honest: Sequence[Looked]) -> Iterator[str]:
    troubled = [one for one in honest if one.raised]
    yield f"**Honest client-months with any finding: {len(troubled)} of {len(honest)}, {share(len(troubled), len(honest))}.** Target: at most 2 %."
    ran = [sum(verdict in {"clear", "look"} for verdict in one.verdicts.values()) for one in honest]
    yield f"Checks that could say something: {sum(ran) / len(ran):.1f} of {len(DETECTORS)} in the middle of them."


def _recall(bent: Sequence[Looked]) -> Iterator[str]:
    for strength, target in (("strong", "95 %"), ("medium", "80 %"), ("weak", "none")):
        own = [one for one in bent if one.strength == strength]
        able = [one for one in own if one.ran]
        hits = sum(bool(one.found) for one in own)
        yield f"**{strength}: found {share(hits, len(able))} where a check had enough to say** ({len(able)} of {len(own)}); {share(hits, len(own))} of all. Target: {target}."
    told = [one.amount_right for one in bent if one.amount_right is not None]
    yield f"**The amount at stake is within 20 % of the truth in {share(sum(told), len(told))} of those found that tell one.**"
    rows = [row for name in MANIPULATIONS for row in _rows(name, [one for one in bent if one.manipulation == name])]
    yield table(("manipulation", "strength", "cases", "enough to say", "found of those", "amount right"), rows)


def _rows(name: str, cases: Sequence[Looked]) -> Iterator[Sequence[str]]:
    for strength in STRENGTHS:
        own = [one for one in cases if one.strength == strength]
        if own:
            able, found = [one for one in own if one.ran], [one for one in own if one.found]
            told = [one.amount_right for one in found if one.amount_right is not None]
            said = f"{sum(told)} of {len(told)}" if told else _NONE
            title = f"{MANIPULATIONS[name].system} {MANIPULATIONS[name].title} (`{name}`)"
            yield (
                title,
                strength,
                str(len(own)),
                str(len(able)),
                f"{len(found)}: {share(len(found), len(able))}",
                said,
            )


def _detectors(honest: Sequence[Looked], bent: Sequence[Looked]) -> str:
    false = Counter(name for one in honest for name in {finding.detector for finding in one.raised})
    everyone = [*honest, *bent]
    rows = []
    for name in DETECTORS:
        right = [one for one in bent if name in MANIPULATIONS[one.manipulation].detectors]
        found = sum(any(hit.detector == name for hit in one.found) for one in right)
        ran = sum(one.verdicts[name] in {"clear", "look"} for one in honest)
        seconds = [one.seconds[name] for one in everyone if name in one.seconds]
        rows.append((
            f"`{name}`", str(ran), f"{false[name]}: {share(false[name], len(honest))}" if honest else _NONE, f"{found} of {len(right)}",
            f"{1000 * sum(seconds) / max(len(seconds), 1):.0f}",
        ))  # fmt: skip
    return table(("check", "honest months that it could judge", "false alarms", "right where it may be", "ms"), rows)


def listed(looked: Sequence[Looked]) -> Iterator[str]:
    """Each false alarm and each miss, a line each, with the label that `--case` takes."""
    for one in looked:
        if not one.manipulation:
            yield from (f"false alarm  {one.label}  {hit.detector}  {hit.vendor}  {hit.says}" for hit in one.raised)
        elif not one.found:
            others = ", ".join(dict.fromkeys(hit.detector for hit in one.raised)) or "nothing"
            yield f"{'missed' if one.ran else 'too few'}  {one.label}  raised: {others}"
        elif one.amount_right is False:
            told = ", ".join(f"{hit.detector} {hit.amount:,.0f}" for hit in one.found if hit.amount is not None)
            yield f"amount off  {one.label}  said {told}, true {' or '.join(f'{truth:,.0f}' for truth in one.amounts)}"


def verdicts(one: Looked) -> str:
    """One client-month in detail: its findings in words, and each check's verdict."""
    lines = [f"{one.label}: amounts {[round(truth) for truth in one.amounts]}, enough to say: {one.ran}"]
    lines += [f"- {hit.detector} [{hit.vendor}] {hit.amount}: {hit.says}" for hit in one.raised]
    grouped: Mapping[str, list[str]] = {
        verdict: [name for name, own in one.verdicts.items() if own == verdict]
        for verdict in sorted(set(one.verdicts.values()))
    }
    return "\n".join([*lines, *(f"{verdict}: {', '.join(names)}" for verdict, names in grouped.items())])
