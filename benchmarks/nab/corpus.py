"""NAB's series and labels, where they lie."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks.nab.scorer import Series, Window


def corpus(nab: Path) -> list[Series]:
    """The labelled series of the folder: its realAdExchange/*.csv, with the windows of labels/combined_windows.json."""
    labels = json.loads((nab / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    return [_series(nab, path, labels) for path in sorted((nab / "realAdExchange").glob("*.csv"))]


def _series(nab: Path, path: Path, labels: dict[str, list[list[str]]]) -> Series:
    import pandas as pd

    name = path.relative_to(nab).as_posix()
    rows = pd.read_csv(path, parse_dates=["timestamp"])
    times = rows["timestamp"].to_numpy("datetime64[us]")
    return Series(name=name, times=times, values=rows["value"].to_numpy(float), windows=[_window(*one) for one in labels[name]])  # fmt: skip


def _window(first: str, last: str) -> Window:
    return np.datetime64(first, "us"), np.datetime64(last, "us")
