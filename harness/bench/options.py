"""What a call of the harness asks for, beside which examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harness.language.home import STATE_DIRECTORY
from harness.machine.cores import allowed_cores
from harness.schedules.names import Schedule
from harness.values.program import Side
from harness.values.progress import SILENT, Progress

DEFAULT_RUNS = 20
"""Runs of each program of each side, unless asked otherwise."""

DEFAULT_SCHEDULES = 40
"""Controlled schedules of each program of each side, unless asked otherwise."""

EXTRA_RUNS = 30
"""Further plain runs, alone on the machine, for what some run must show and none has yet."""

EXTRA_SCHEDULES = 160
"""Further controlled schedules for the same, before it is INCONCLUSIVE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How many runs, at once and in all, and when to stop.

    ``runs`` are left to the system, ``schedules`` are controlled; ``only``
    takes the place of both. ``jobs`` are made at once; with ``packs`` so many cores are kept busy:
    of runs that mostly sleep there are more. Searches of traces take ``every_line`` for one that is
    told apart by its place. ``timeout_seconds`` overrides the specs' own; ``state`` is where builds
    and evidence are kept; ``progress`` is told how far what takes long has come. ``races`` asks
    for data races to be looked for in every Rust program, and not only where they can be.
    """

    runs: int = DEFAULT_RUNS
    schedules: int = DEFAULT_SCHEDULES
    extra_runs: int = EXTRA_RUNS
    extra_schedules: int = EXTRA_SCHEDULES
    jobs: int = field(default_factory=allowed_cores)
    packs: bool = False
    timeout_seconds: float | None = None
    sides: tuple[Side, ...] = tuple(Side)
    programs: tuple[str, ...] = ()
    seed: int = 0
    fail_fast: bool = False
    every_line: bool = False
    state: Path = STATE_DIRECTORY
    only: tuple[Schedule, ...] = ()
    races: bool = False
    progress: Progress = field(default=SILENT, compare=False, repr=False)
