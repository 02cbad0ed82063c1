"""How much of the machine this process may use, and how that is shared out."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PARTS = 4
"""Of a core: so many things that mostly sleep may be done on it at once."""


def allowed_cores() -> int:
    """How many cores this process, and what it starts, may run on.

    Not how many there are: a container, or ``taskset``, may leave it fewer (sched_setaffinity(2)).
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parts_of(busy_seconds: float, seconds: float) -> int:
    """How many parts of a core something takes that was busy for so long of its time."""
    if seconds <= 0:
        return PARTS
    return min(PARTS, max(1, math.ceil(PARTS * busy_seconds / seconds)))


class SharedCores:
    """So many cores, parts of which are had by what is being done on them.

    Whoever asks is served in turn: what needs a whole core is not kept waiting by what needs less.
    """

    def __init__(self, cores: int) -> None:
        """All of them are free."""
        self._free = cores * PARTS
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    @contextmanager
    def having(self, parts: int) -> Iterator[None]:
        """Wait for so many parts, at most all that there are, and have them within."""
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._free >= parts)
            self._free -= parts
        try:
            yield
        finally:
            with self._changed:
                self._free += parts
                self._changed.notify()
