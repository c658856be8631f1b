"""The measured figures as a page in Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.trial import Run, middle


@dataclass(frozen=True)
class Target:
    """A figure beside the limit that it has to keep."""

    name: str
    figure: float
    limit: float
    at_least: bool = False
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Whether it keeps the limit."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def line(self) -> list[str]:
        """Its row in the table of targets."""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit}"
        return [self.name, f"{self.figure:.2f}{self.unit}", limit, "yes" if self.kept else "**no**"]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def contest(trials: Mapping[str, Sequence[Run]]) -> str:
    """What each contender needed: medians of its rounds."""
    rows = [
        [
            title, f"{middle(runs, lambda run: run.seconds):.2f}", f"{middle(runs, lambda run: run.startup):.2f}",
            _step(runs, "read", "ready"), _step(runs, "measured", "read"), f"{middle(runs, lambda run: run.cpu):.2f}",
            f"{middle(runs, lambda run: run.peak) / 1e6:.0f}",
        ]
        for title, runs in trials.items()
    ]  # fmt: skip
    header = ("", "start to last figure, s", "of it starting", "reading", "measuring", "CPU, s", "peak memory, MB")
    return table(header, rows)


def _step(runs: Sequence[Run], until: str, since: str) -> str:
    return f"{middle(runs, lambda run: run.marks[until] - run.marks[since]):.2f}"


def growth(by_rows: Mapping[int, Sequence[Run]]) -> str:
    """The project's cost against the number of rows, without the start of the process."""
    rows = [
        [f"{count:,}", f"{middle(runs, lambda run: run.startup):.2f}", f"{middle(runs, lambda run: run.work):.2f}",
         f"{per_million(count, runs):.2f}", f"{middle(runs, lambda run: run.peak) / 1e6:.0f}"]
        for count, runs in sorted(by_rows.items())
    ]  # fmt: skip
    return table(
        ("rows of ads", "starting, s", "reading and measuring, s", "s a million rows", "peak memory, MB"), rows
    )


def per_million(count: int, runs: Sequence[Run]) -> float:
    """Seconds of work for a million rows."""
    return middle(runs, lambda run: run.work) / count * 1e6


def machine() -> str:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "pandas", "pyarrow"))
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, {platform.system()}; "
        f"Python {platform.python_version()}, {parts}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
