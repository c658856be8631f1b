"""Last digits: those of large counts are all alike in frequency; people who make numbers up have favourites.

J. Mosimann, C. Wiseman and R. Edelman, Data fabrication: Can people generate random digits?, Accountability in Research 4,
1995. Only the last digit of counts: leading digits follow no law in figures that are bounded or depend on a budget.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Fewer numbers show nothing.
LEAST: Final = 60
# Below it a count's last digit may be anything but even.
SMALLEST: Final = 100
# The squared effect size (sum of squared differences over what is expected) that honest figures stay below.
_ALLOWED: Final = 0.1
_TENS: Final = 0.9
_HUNDREDS: Final = 0.1


def last_digits(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    """The last digits of one series' whole numbers, where they are large enough; none of numbers told in full tens."""
    whole = counts[np.isfinite(counts) & (counts > 0) & (counts == np.round(counts))].astype(np.int64)
    # Of a series that mostly stays below, those above would crowd at the border.
    if not len(whole) or np.median(whole) < 2 * SMALLEST:
        return whole[:0]
    large = whole[whole >= SMALLEST]
    # Some numbers in full hundreds among others: the largest were rounded.
    if np.mean(large % 100 == 0) > _HUNDREDS:
        large = large[large % 100 != 0]
    found = large % 10
    return found[:0] if len(found) and np.mean(found == 0) >= _TENS else found


def shares(digits: NDArray[np.int64]) -> NDArray[np.float64]:
    """How often each digit, 0 to 9, stands last, as a share."""
    return np.bincount(digits, minlength=10) / max(len(digits), 1)


def chance_of_digits(digits: NDArray[np.int64]) -> float:
    """The probability of digits this uneven if they are nearly even (a minimum-effect chi-square test); 1 for fewer than 60."""
    from scipy.stats import ncx2

    if len(digits) < LEAST:
        return 1.0
    effect = float(((shares(digits) - 0.1) ** 2 / 0.1).sum())
    return float(ncx2.sf(effect * len(digits), 9, _ALLOWED * len(digits)))
