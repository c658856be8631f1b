"""`python -m benchmarks`: one run of everything, told as Markdown on stdout (and in the file that --out names)."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import page
from benchmarks.exports import SEED
from benchmarks.job import differences
from benchmarks.page import Target
from benchmarks.trial import Contender, Run, emptied, middle, ran, rounds

PROJECT = Contender("this project", "toolkit")
BY_HAND = Contender("DuckDB, written by hand", "duckdb_by_hand")
STRAIGHT = Contender(
    "DuckDB, sums straight from CSV (nothing kept, hashed or checked)", "duckdb_by_hand", ("straight",)
)
PANDAS = Contender("plain pandas", "plain_pandas")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the page; 1 when figures differ or a target is missed, else 0."""
    asked = _options().parse_args(arguments)
    asked.cache.mkdir(parents=True, exist_ok=True)
    try:
        text, kept = measured(asked.rows, asked.rounds, asked.cache)
    finally:
        if not asked.keep:
            _clear(asked.cache)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    return 0 if kept else 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of ads; a fifth as many orders")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that the medians are taken of")
    parser.add_argument(
        "--quick", dest="rows", action="store_const", const=250_000, help="a small run, to see that it works"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "kpi-benchmarks", help="where the raw files go"
    )
    parser.add_argument("--keep", action="store_true", help="leave the raw files for the next time")
    parser.add_argument("--out", type=Path, help="a file for the page")
    return parser


def measured(rows: int, count: int, cache: Path) -> tuple[str, bool]:
    """The page, and whether every target was kept and all figures agree."""
    sizes = sorted({max(rows // 50, 1000), rows // 5, rows})
    raw = {size: _raw(size, cache) for size in sizes}
    trials = rounds([PROJECT, BY_HAND, STRAIGHT, PANDAS], raw[rows], count, cache, _say)
    by_rows = {size: rounds([PROJECT], raw[size], count, cache, _say)[PROJECT.title] for size in sizes[:-1]}
    by_rows[rows] = trials[PROJECT.title]
    again = _again(raw[rows], cache, count)
    starts = _starts()
    faults = _faults(trials)
    targets = [*_targets(trials, by_rows), *_smaller_targets(again, starts)]
    return _told(rows, count, trials, by_rows, targets, faults), not faults and all(one.kept for one in targets)


def _clear(cache: Path) -> None:
    """Remove the raw files, and the folder when nothing else is in it."""
    for folder in cache.glob(f"*-{SEED}"):
        shutil.rmtree(folder)
    if not any(cache.iterdir()):
        cache.rmdir()


def _raw(rows: int, cache: Path) -> Path:
    # In a process of its own: what it takes of memory must not count for anybody.
    ran("-m", "benchmarks.exports", str(rows), str(cache))
    return cache / f"{rows}-{SEED}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _again(raw: Path, cache: Path, count: int) -> list[Run]:
    """Runs on a workspace whose files were read before."""
    with emptied(cache) as folder:
        PROJECT.run(raw, folder)
        return [PROJECT.run(raw, folder) for _ in range(count)]


def _starts() -> dict[str, list[Run]]:
    """Starts of the command line and of the bare package; the first ones, which compile, are not counted."""
    asked = {
        "kpi-toolkit --help": ("-m", "kpi_toolkit", "--help"),
        "import kpi_toolkit": ("-c", "import kpi_toolkit"),
        "python itself": ("-c", ""),
    }
    return {name: [ran(*arguments) for _ in range(6)][1:] for name, arguments in asked.items()}


def _faults(trials: Mapping[str, Sequence[Run]]) -> list[str]:
    """Where contenders tell other figures than the first one."""
    first = trials[PROJECT.title][0].said
    found = [f"{title}: {fault}" for title, runs in trials.items() for fault in differences(first, runs[0].said)]
    for title, runs in trials.items():
        told = runs[0].said["checks"]
        found += [
            f"{title}: {name}"
            for name, value in told.items()
            if name in first["checks"] and value != first["checks"][name]
        ]
    return found


def _targets(trials: Mapping[str, Sequence[Run]], by_rows: Mapping[int, Sequence[Run]]) -> list[Target]:
    whole = {title: middle(runs, lambda run: run.seconds) for title, runs in trials.items()}
    peak = middle(trials[PROJECT.title], lambda run: run.peak) / 1e9
    *_, smaller, largest = sorted(by_rows)
    grown = page.per_million(largest, by_rows[largest]) / page.per_million(smaller, by_rows[smaller])
    return [
        Target("time, this project ÷ DuckDB by hand", whole[PROJECT.title] / whole[BY_HAND.title], 1.5, unit=" ×"),
        Target(
            "time, plain pandas ÷ this project", whole[PANDAS.title] / whole[PROJECT.title], 4, at_least=True, unit=" ×"
        ),
        Target("peak memory of this project", peak, 1.5, unit=" GB"),
        # A tenth for the noise of two runs: linear is 1.
        Target(f"cost of a row at {largest:,} rows ÷ at {smaller:,}", grown, 1.1, unit=" ×"),
    ]


def _smaller_targets(again: Sequence[Run], starts: Mapping[str, Sequence[Run]]) -> list[Target]:
    cpu = {name: middle(runs, lambda run: run.cpu) for name, runs in starts.items()}
    found = middle(again, lambda run: run.marks["read"] - run.marks["ready"])
    return [
        Target("second run on unchanged files: finding them unchanged", found, 1, unit=" s"),
        Target("… and measuring", middle(again, lambda run: run.work), 1, unit=" s"),
        Target("… and the start of the process", middle(again, lambda run: run.seconds), 1, unit=" s"),
        Target("CPU time of `kpi-toolkit --help`", cpu["kpi-toolkit --help"], 0.5, unit=" s"),
        Target("CPU time of `import kpi_toolkit`, beyond Python's own", cpu["import kpi_toolkit"] - cpu["python itself"], 0.05, unit=" s"),
    ]  # fmt: skip


def _told(
    rows: int, count: int, trials: Mapping[str, Sequence[Run]], by_rows: Mapping[int, Sequence[Run]], targets: Sequence[Target], faults: Sequence[str],
) -> str:  # fmt: skip
    agreed = (
        "All of them tell the same figures."
        if not faults
        else f"**Figures differ** in {len(faults)} places: {'; '.join(faults[:5])}"
    )
    checks = trials[PROJECT.title][0].said["checks"]
    job = (
        f"A Google Ads export of {rows:,} rows and a Shopify export of {checks['orders']:,} orders ({checks['order lines']:,} lines) become "
        f"Parquet snapshots, then twelve metrics by month (24) and eight by campaign. Medians of {count} rounds, each in a fresh process, taking turns. {agreed}"
    )
    kept = page.table(("target", "measured", "limit", "kept"), [one.line() for one in targets])
    return "\n\n".join([job, page.machine(), page.contest(trials), page.growth(by_rows), kept])


if __name__ == "__main__":
    sys.exit(main())
