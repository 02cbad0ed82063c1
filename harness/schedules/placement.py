"""Where a run that the system schedules may run."""

from __future__ import annotations

import os

from harness.schedules.names import Schedule, Strategy


def cores_for(schedule: Schedule) -> frozenset[int] | None:
    """The cores that a run under ``schedule`` may use; ``None``: all of them.

    One core is always the same one, the lowest that this process may use:
    where a run goes is no matter of chance.
    """
    if schedule.strategy is not Strategy.ONE_CORE or not hasattr(os, "sched_getaffinity"):
        return None
    return frozenset({min(os.sched_getaffinity(0))})
