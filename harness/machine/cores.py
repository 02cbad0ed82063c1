"""How much of the machine this process may use."""

from __future__ import annotations

import os


def allowed_cores() -> int:
    """How many cores this process, and what it starts, may run on.

    Not how many there are: a container, or ``taskset``, may leave it fewer (sched_setaffinity(2)).
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
