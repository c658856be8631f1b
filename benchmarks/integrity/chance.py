"""Random numbers: one stream for each client-month and purpose, counts that vary as people do, noise that weeks share."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rng = np.random.Generator


def stream(salt: int, seed: int, purpose: str) -> Rng:
    """The generator of one client-month's purpose: the same names give the same numbers on every machine."""
    return np.random.default_rng([salt, seed, crc32(purpose.encode())])


def between(rng: Rng, span: tuple[float, float]) -> float:
    """Evenly between both."""
    return float(rng.uniform(*span))


def evenly_by_size(rng: Rng, span: tuple[float, float]) -> float:
    """Between both, each doubling as likely as any other."""
    return exp(float(rng.uniform(log(span[0]), log(span[1]))))


def chosen(rng: Rng, among: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
    """One of these."""
    shares = None if weights is None else np.asarray(weights) / sum(weights)
    return among[int(rng.choice(len(among), p=shares))]


def happens(rng: Rng, how_likely: float) -> bool:
    return bool(rng.random() < how_likely)


def counted(rng: Rng, mean: Any, dispersion: float) -> Floats:
    """Counts of this mean whose variance is `dispersion` times as large: Poisson around a gamma."""
    expected = np.maximum(np.asarray(mean, dtype=float), 0.0)
    over = dispersion - 1
    if over > 0.01:
        expected = rng.gamma(np.maximum(expected / over, 1e-9), over)
    return rng.poisson(expected).astype(float)


def thinned(rng: Rng, count: Floats, share: Any) -> Floats:
    """Of each count, those that this share keeps."""
    return rng.binomial(count.astype(np.int64), np.clip(share, 0, 1)).astype(float)


def wandering(rng: Rng, days: int, spread: float, memory: float = 0.85) -> Floats:
    """A factor around 1 that days share with the days before them (most of a week)."""
    shocks = rng.normal(0, spread * (1 - memory**2) ** 0.5, days)
    level = np.empty(days)
    now = rng.normal(0, spread)
    for day, shock in enumerate(shocks):
        now = memory * now + shock
        level[day] = now
    return np.exp(level - spread**2 / 2)


def around(rng: Rng, spread: float, shape: Any = None) -> Any:
    """A factor around 1 with this spread of its logarithm."""
    return np.exp(rng.normal(0, spread, shape) - spread**2 / 2)
