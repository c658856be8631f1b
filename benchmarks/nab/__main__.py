"""`python -m benchmarks.nab`: detectors on NAB's six real series of an ad exchange, told as a Markdown table."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.nab.corpus import corpus
from benchmarks.nab.detectors import DETECTORS
from benchmarks.nab.scorer import PROFILES, Floats, Series, normalised, optimised

_SHARED = Path(os.environ.get("KPI_SHARED") or Path(__file__).resolve().parents[3] / "shared")


def table(series: Sequence[Series], detectors: Mapping[str, Callable[[Series], Floats]]) -> dict[str, dict[str, float]]:
    """Each detector's normalised score by profile: one threshold a profile, the best over all series, as NAB has it."""
    found: dict[str, dict[str, float]] = {}
    for name, detector in detectors.items():
        scores = [detector(one) for one in series]
        found[name] = {
            profile: normalised(optimised(series, scores, weights).raw, series, weights)
            for profile, weights in PROFILES.items()
        }
    return found


def markdown(found: Mapping[str, Mapping[str, float]]) -> str:
    """The table, best first."""
    lines = [f"| detector | {' | '.join(PROFILES)} |", "|---" * (len(PROFILES) + 1) + "|"]
    for name, scores in sorted(found.items(), key=lambda one: -one[1]["standard"]):
        lines.append(f"| {name} | " + " | ".join(f"{scores[profile]:.1f}" for profile in PROFILES) + " |")
    return "\n".join(lines)


def main() -> int:
    """Score all detectors; 1 when this project's isn't the best in every profile."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nab", description=__doc__)
    parser.add_argument("--data", type=Path, default=_SHARED / "data" / "nab", help="the folder with realAdExchange and labels")  # fmt: skip
    found = table(corpus(parser.parse_args().data), DETECTORS)
    print(markdown(found))
    best = all(max(found, key=lambda name: found[name][profile]) == "this project" for profile in PROFILES)
    return 0 if best else 1


if __name__ == "__main__":
    sys.exit(main())
