"""How a program is put under control, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from harness.schedules.common import leading_imports
from harness.schedules.deadlock import deadlock_lines, others_went_on
from harness.schedules.memory import MemoryFile, RunPlace
from harness.schedules.names import STAY, Schedule
from harness.schedules.record import MOST_BYTES, Record, RecordError, read_record
from harness.values.program import Side
from harness.values.run import MAX_STEPS, Deadlocked, Ending, over_step_limit

PYTHON_RUNTIME = Path(__file__).parent / "runtime" / "python"
TIMEOUT_FACTOR = 3.0
"""A controlled run may take so many times as long as a plain one may, in processor time.

That is no measure of how busy the machine is, so one schedule has one verdict. It is there for
what goes on without a step: else the bound on steps is met before.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a first run told of a program: its decisions, what each thread did, and its steps.

    Strategies that place their changes (``pct``) or weigh threads
    (``weighted``) go by it. It is taken under one fixed schedule, so that a
    schedule's name means the same run whenever it is typed.
    """

    decisions: int
    events: tuple[int, ...]
    steps: int = 0


REACH = 2_000
"""Decisions of a run, from its beginning, at which a probe may depart."""

REQUEST = "HARNESS_SCHEDULE_REQUEST"
"""The variable that says where a run finds what it is asked for."""


def lasting_variables(
    side: Side,
    *,
    granularity: str,
    task_order: str = "fifo",
    races: bool = False,
    old: bool = False,
    script: Path | None,
) -> dict[str, str]:
    """The environment variables that all controlled runs of a program have in common.

    ``script`` is a Python program's; of a Rust program ``races`` says whether accesses are looked
    for that nothing orders, ``old`` whether the record tells where a value could be older.

    What differs from run to run is not among them: a server is started with these once, and gives
    each run the rest by its socket (``request_of``).
    """
    if side is not Side.PYTHON:
        asked = {"HARNESS_SCHEDULE_RACES": races, "HARNESS_SCHEDULE_OLD": old}
        return {name: "1" for name, is_asked in asked.items() if is_asked}
    return {
        "HARNESS_SCHEDULE_GRANULARITY": granularity,
        "HARNESS_SCHEDULE_TASK_ORDER": task_order,
        "HARNESS_SCHEDULE_IMPORTS": leading_imports(script) if script else "",
        "PYTHONPATH": str(PYTHON_RUNTIME),
        "PYTHONHASHSEED": "0",
    }


def control_variables(
    schedule: Schedule,
    log: Path,
    side: Side,
    *,
    granularity: str,
    task_order: str = "fifo",
    estimate: Estimate | None = None,
    candidates: bool = False,
) -> dict[str, str]:
    """The same and what one run is asked for, in the environment alone: for a run by hand."""
    lasting = lasting_variables(side, granularity=granularity, task_order=task_order, script=None)
    asked = _asked(schedule, str(log), estimate=estimate, candidates=candidates)
    return lasting | asked


def request_of(
    schedule: Schedule,
    log: str,
    place: RunPlace,
    *,
    estimate: Estimate | None = None,
    candidates: bool = False,
    touches: str = "",
) -> bytes:
    """What one run is asked for, a variable a line; the runtimes know its form.

    ``candidates`` asks for what might have come for nothing at each step,
    ``touches`` for what each step touches: see ``Branch.request``. What is not the
    scheduler's takes its place in the program's environment.
    """
    variables = _asked(schedule, log, estimate=estimate, candidates=candidates)
    variables |= place.variables
    if touches:
        variables["HARNESS_SCHEDULE_TOUCHES"] = touches
    return "".join(f"{name}={value}\n" for name, value in variables.items()).encode()


def _asked(
    schedule: Schedule, log: str, *, estimate: Estimate | None, candidates: bool
) -> dict[str, str]:
    """What one run is asked for, by variable; without an estimate the runtimes have defaults."""
    variables = {
        "HARNESS_SCHEDULE": str(schedule),
        "HARNESS_SCHEDULE_LOG": log,
        "HARNESS_SCHEDULE_STEPS": str(MAX_STEPS),
    }
    if candidates:
        variables["HARNESS_SCHEDULE_CANDIDATES"] = "1"
    if candidates and schedule == STAY:
        variables["HARNESS_SCHEDULE_PLACES"] = str(REACH)
    if estimate is not None:
        variables["HARNESS_SCHEDULE_LENGTH"] = str(max(1, estimate.decisions))
        variables["HARNESS_SCHEDULE_COUNTS"] = ",".join(map(str, estimate.events))
    return variables


def estimate_of(record: Record) -> Estimate:
    """What the record of a first run tells of the program."""
    return Estimate(decisions=len(record.decisions), events=record.events, steps=record.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What a controlled run left: its text, and the record in it, or why there is none."""

    text: str
    record: Record | None
    fault: str = ""


def log_of(file: MemoryFile, asked: bytes) -> Log:
    """What a run left in the file in which it may have found what it was ``asked``."""
    if file.size > MOST_BYTES:
        return Log(text="", record=None, fault="the record is longer than any can be")
    text = file.read()
    # A run takes its request out of the file by opening it to write. One that never came
    # so far has left it there, and no record.
    return read_log("" if text == asked.decode() else text)


def read_log(text: str) -> Log:
    """What a controlled run left."""
    try:
        return Log(text=text, record=read_record(text))
    except RecordError as error:
        return Log(text=text, record=None, fault=str(error))


def ending_under_control(ending: Ending, record: Record) -> Ending:
    """How the program ended, told apart from how the scheduler ended it."""
    match record.end:
        case "exit" | "mismatch" | "refused" | "asleep":
            return ending
        case "deadlock":
            return Deadlocked(deadlock_lines(record), others_went_on(record))
        case "bound":
            return over_step_limit()
        case _:
            assert_never(record.end)
