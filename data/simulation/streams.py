"""Random streams: each (client, purpose) draws from its own, so that changing one leaves the others as they were."""

from zlib import crc32

import numpy as np


def stream(client: str, purpose: str) -> np.random.Generator:
    """The generator of one client's one purpose; the same names give the same numbers on every machine."""
    return np.random.default_rng([crc32(client.encode()), crc32(purpose.encode())])


def around(rng: np.random.Generator, centre: float, spread: float) -> float:
    """A positive number near ``centre``; ``spread`` is the relative standard deviation, cut at three of them."""
    return centre * (1 + spread * min(3.0, max(-3.0, float(rng.normal()))))
