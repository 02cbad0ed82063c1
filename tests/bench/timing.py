"""Time whole commands, in turn, so that a machine whose speed drifts is fair to all of them."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of a command: wall seconds, processor seconds of it and its children, peak MiB."""

    wall: float
    cpu: float
    peak: float


_AS_FOR_A_USER = {"PYTHONDONTWRITEBYTECODE": ""}
"""Whoever measures may have it set; then the harness would be compiled at each start."""

TIMED_OUT = 124
"""What ``timeout`` ends with."""


def time_once(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Timed:
    """Run a command, its output thrown away; ends the benchmark if it could not do its work."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **_AS_FOR_A_USER, **(environment or {})},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in (0, 1, TIMED_OUT):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Timed(wall, usage.ru_utime + usage.ru_stime, _mebibytes(usage))


def _mebibytes(usage: resource.struct_rusage) -> float:
    """Linux counts kibibytes, macOS bytes."""
    return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Timed]]:
    """Run each command once to warm up, then all of them in turn, ``rounds`` times."""
    for command in commands.values():
        time_once(command)
    results: dict[str, list[Timed]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(time_once(command))
    return results


def median_wall(results: Sequence[Timed]) -> float:
    """The median of the wall seconds."""
    return statistics.median(result.wall for result in results)


def median_cpu(results: Sequence[Timed]) -> float:
    """The median of the processor seconds."""
    return statistics.median(result.cpu for result in results)


def median_ratio(ones: Sequence[Timed], others: Sequence[Timed]) -> float:
    """The median of the ratios pair by pair."""
    return statistics.median(one.wall / other.wall for one, other in zip(ones, others, strict=True))
