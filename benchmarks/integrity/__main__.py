"""`python -m benchmarks.integrity`: honest and manipulated client-months, and what the checks say of them, as Markdown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.integrity.runner import SETS, looked_into, named, run, tasks
from benchmarks.integrity.telling import listed, page, verdicts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print the page; 0."""
    asked = _options().parse_args(arguments)
    if asked.case:
        one = looked_into(named(asked.set, asked.case))
        print("no client from that seed on allows it" if one is None else verdicts(one))
        return 0
    begun = perf_counter()
    wanted = tasks(asked.set, asked.honest, asked.manipulated, asked.seed, asked.only)
    looked = run(wanted, asked.workers, lambda line: print(line, file=sys.stderr, flush=True))
    text = page(looked, asked.set)
    text += f"\n\n{(perf_counter() - begun) * asked.workers / max(len(looked), 1):.2f} s a client-month, made and looked into."
    if asked.list:
        text += "\n\n```text\n" + "\n".join(listed(looked)) + "\n```"
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.integrity", description=__doc__)
    parser.add_argument("--set", choices=list(SETS), default="judging", help="thresholds may be tuned on tuning alone")
    parser.add_argument("--honest", type=int, default=400, help="honest client-months")
    parser.add_argument("--manipulated", type=int, default=420, help="manipulated ones, at least")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--only", default="", help="a manipulation, or a check whose manipulations are wanted")
    parser.add_argument("--out", type=Path, help="a file for the page")
    parser.add_argument("--list", action="store_true", help="each false alarm and each miss, with its label")
    parser.add_argument("--case", help="one client-month by its label: honest:17, inflated_spend:strong:1000123")
    return parser


if __name__ == "__main__":
    sys.exit(main())
