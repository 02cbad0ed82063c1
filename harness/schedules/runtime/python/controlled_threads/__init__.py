"""A scheduler that takes an unmodified threaded program through one chosen interleaving.

Of the threads that the program starts, one runs at a time.  At each scheduling point a strategy,
seeded and so repeatable, says which goes on; time is virtual; what happened goes to a log.  The
harness puts the directory above this package on the PYTHONPATH of a run and names the schedule in
the environment; `start` takes those names away again, so that the program, and any process that it
starts, sees what a reader's program sees.

It runs on CPython 3.9 and later, with the standard library alone, and imports as little of that as
it can: most of the time of a short run is the interpreter's start.
"""

from __future__ import annotations

import os
import sys

from . import output, points, strategies, threads
from .log import Log
from .scheduler import Scheduler
from .world import Absent, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

REFUSED = 65
"""Exit code of a run whose environment asks for what there is not."""

_PREFIX = "HARNESS_SCHEDULE"


def start(directory: str) -> None:
    """Put this process under the schedule that its environment names.

    `directory` is the entry of PYTHONPATH that holds this package; it and the HARNESS_SCHEDULE
    variables are removed.  A schedule or granularity that does not exist ends the process with
    `REFUSED`, the reason in the log.
    """
    asked = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_PREFIX)}
    _leave_path(directory)
    log = Log(asked.get(_PREFIX + "_LOG", os.devnull))
    try:
        _control(asked, log)
    except ValueError as fault:
        _refuse(log, str(fault))
    except Absent:
        _refuse(log, "the library under the interpreter is not there, or does not fit it")


def _control(asked: dict[str, str], log: Log) -> None:
    """Build the scheduler that `asked` describes, and attach the library under the interpreter."""
    choices = strategies.parse(
        asked[_PREFIX],
        length=int(asked.get(_PREFIX + "_LENGTH", "200")),
        counts=_counts(asked.get(_PREFIX + "_COUNTS", "")),
    )
    granularity = asked.get(_PREFIX + "_GRANULARITY", "gil")
    world = World()
    world.attach()
    scheduler = world.scheduler = Scheduler(
        choices,
        log,
        world,
        bound=int(asked.get(_PREFIX + "_STEPS", "200000")),
        tells_candidates=asked.get(_PREFIX + "_CANDIDATES") == "1",
    )
    tracing = world.tracing = points.tracing(granularity, scheduler)
    world.threads = threads.Threads(scheduler, tracing, world)
    world.lines = output.Lines(scheduler, tears=granularity == "opcode")
    threads.register_fork_hooks(scheduler, tracing)
    threads.install(scheduler, world, tracing)
    output.install(world)
    world.observe()


def _counts(text: str) -> list[int]:
    return [int(word) for word in text.split(",") if word]


def _leave_path(directory: str) -> None:
    """Take `directory` off the module search path, here and for processes started from here."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != directory]
    entries = os.environ.pop("PYTHONPATH", "").split(os.pathsep)
    kept = [entry for entry in entries if entry and os.path.abspath(entry) != directory]
    if kept:
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)


def _refuse(log: Log, reason: str) -> NoReturn:
    log.add("uncontrolled " + reason)
    log.close("refused", steps=0, virtual_ns=0)
    os._exit(REFUSED)
