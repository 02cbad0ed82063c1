"""How the time of some work grows with its size; a ratio, so that no machine is too slow for it."""

from __future__ import annotations

import time
from collections.abc import Callable

FACTOR = 8
"""The larger size, in smaller ones."""

LINEAR = 3.0 * FACTOR
"""Work in linear time stays below this, with room for noise; quadratic work comes to 64."""


def growth(work: Callable[[int], object], small: int) -> float:
    """How much longer ``work`` takes at ``FACTOR`` times the size ``small``, in processor time.

    Each size is tried three times, and the quickest counts: what else the
    machine does can only make it slower.
    """
    return _quickest(work, FACTOR * small) / _quickest(work, small)


def _quickest(work: Callable[[int], object], size: int) -> float:
    return min(_seconds(work, size) for _ in range(3))


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started
