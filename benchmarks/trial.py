"""Trials: each contender in a fresh process, round by round in turn, with its time, processor time and peak memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.job import Figures

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Run:
    """One run: seconds from the start of the process to its last figure (to its end, where it has no marks), seconds of
    processor time, the peak of its memory in bytes, and what it wrote to stdout; `marks` are seconds after the start.

    What comes after the last figure — counting rows and customers, writing all out — only serves the comparison.
    """

    seconds: float
    cpu: float
    peak: int
    said: Mapping[str, Figures]
    marks: Mapping[str, float]

    @property
    def startup(self) -> float:
        """Seconds until everything was imported."""
        return self.marks.get("ready", 0.0)

    @property
    def work(self) -> float:
        """Seconds from there to the last figure."""
        return self.marks.get("measured", self.seconds) - self.startup


def ran(*arguments: str) -> Run:
    """Python with these arguments in a fresh process. Raises CalledProcessError when it fails."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, *arguments], stdout=out, cwd=ROOT, env=_environment())
        _, status, used = os.wait4(process.pid, 0)
        ended = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        out.seek(0)
        said = out.read()
    # Linux counts the peak in KiB, macOS in bytes.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    told = json.loads(said) if said.startswith(b'{"marks"') else {"marks": {}}
    marks = {name: moment - began for name, moment in told.pop("marks").items()}
    return Run(marks.get("measured", ended), used.ru_utime + used.ru_stime, peak, told, marks)


def _environment() -> dict[str, str]:
    """The caller's, with compiled bytecode as on any machine."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Contender:
    """A contender: its title, and the module that does the job on raw files in one folder, writing into another."""

    title: str
    module: str
    more: tuple[str, ...] = ()

    def run(self, raw: Path, folder: Path) -> Run:
        """One run in a fresh process."""
        return ran("-m", f"benchmarks.{self.module}", str(raw), str(folder), *self.more)


def rounds(
    contenders: Sequence[Contender], raw: Path, count: int, beside: Path, said: Callable[[str], None]
) -> dict[str, list[Run]]:
    """`count` runs of each contender on the same files, taking turns, each in an empty folder below `beside`."""
    found: dict[str, list[Run]] = {one.title: [] for one in contenders}
    for number in range(count):
        for one in contenders:
            with emptied(beside) as folder:
                run = one.run(raw, folder)
            said(f"round {number + 1}: {one.title}: {run.seconds:.2f} s, CPU {run.cpu:.2f} s, {run.peak / 1e6:.0f} MB")
            found[one.title].append(run)
    return found


@contextmanager
def emptied(beside: Path) -> Iterator[Path]:
    """A folder that isn't there yet, below `beside`, and is gone afterwards."""
    home = Path(tempfile.mkdtemp(dir=beside))
    try:
        yield home / "run"
    finally:
        shutil.rmtree(home)


def middle(runs: Sequence[Run], of: Callable[[Run], float]) -> float:
    """The median over the runs."""
    return median(of(run) for run in runs)
