"""A scheduler that takes an unmodified threaded program through one chosen interleaving.

Of the threads that the program starts, one runs at a time.  At each scheduling point a strategy,
seeded and so repeatable, says which goes on; time is virtual; what happened goes to a log.  The
harness puts the directory above this package on the PYTHONPATH of a run and names the schedule in
the environment; `start` takes those names away again, so that the program, and any process that it
starts, sees what a reader's program sees.

It runs on CPython 3.9 and later, with the standard library alone, and imports as little of that as
it can: each run that no server makes imports it anew, before the program's first line.
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

    from .strategies import Choices

REFUSED = 65
"""Exit code of a run whose environment asks for what there is not."""

_PREFIX = "HARNESS_SCHEDULE"
_REQUEST = _PREFIX + "_REQUEST"


def start(directory: str) -> None:
    """Put this process under the schedule that its environment names.

    `directory` is the entry of PYTHONPATH that holds this package; it and the HARNESS_SCHEDULE
    variables are removed.  A schedule or granularity that does not exist ends the process with
    `REFUSED`, the reason in the log.  In a server this returns in each run.
    """
    asked = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_PREFIX)}
    _leave_path(directory)
    log, world = Log(), World()
    try:
        world.attach()
        scheduler = _control(asked, log, world)
        if _REQUEST in asked:
            asked.update(_common_start(asked, scheduler, world))
        log.open(_place_of_log(asked))
        scheduler.follow(
            _follow_steps(scheduler, world, log) if world.asked_touches()[0] else _choices(asked),
            bound=int(asked.get(_PREFIX + "_STEPS", "200000")),
            tells_candidates=asked.get(_PREFIX + "_CANDIDATES") == "1",
            told_places=int(asked.get(_PREFIX + "_PLACES", "0")),
        )
    except ValueError as fault:
        world.forsake()
        _refuse(asked, log, str(fault))
    except Absent:
        _refuse(asked, log, "the library under the interpreter is not there, or does not fit it")


def _choices(asked: dict[str, str]) -> Choices:
    """The strategies that are asked for; an estimate that is not given is of 200 decisions."""
    return strategies.parse(
        asked[_PREFIX],
        length=int(asked.get(_PREFIX + "_LENGTH", "200")),
        counts=_counts(asked.get(_PREFIX + "_COUNTS", "")),
    )


def _follow_steps(scheduler: Scheduler, world: World, log: Log) -> Choices:
    """Have the run tell what each step touches, and chosen as a search asks."""
    from . import following, touching

    scheduler.following = following.Following(world, log)
    touching.begin(world, scheduler.following)
    return scheduler.following.choices


def _control(asked: dict[str, str], log: Log, world: World) -> Scheduler:
    """Build the scheduler, which has yet to be asked for something."""
    granularity = asked.get(_PREFIX + "_GRANULARITY", "gil")
    unasked = strategies.parse("switch:", length=0, counts=())
    scheduler = world.scheduler = Scheduler(unasked, log, world)
    tracing = world.tracing = points.tracing(granularity, scheduler)
    world.threads = threads.Threads(scheduler, tracing, world)
    world.frees_tasks = _frees_tasks(asked.get(_PREFIX + "_TASK_ORDER", "fifo"))
    world.lines = output.Lines(scheduler, tears=granularity == "opcode")
    threads.register_fork_hooks(scheduler, tracing)
    threads.install(scheduler, world, tracing)
    output.install(world)
    world.observe()
    return scheduler


def _frees_tasks(order: str) -> bool:
    """Whether ready tasks may overtake each other; ValueError for what is no order of tasks."""
    if order not in ("fifo", "free"):
        raise ValueError("no task order %r" % order)
    return order == "free"


def _common_start(asked: dict[str, str], scheduler: Scheduler, world: World) -> dict[str, str]:
    """Do what all runs of the program begin with, and give what this one is asked for.

    A run that was started for itself does the same, and has all at the same addresses.
    """
    from . import common

    imports = asked.get(_PREFIX + "_IMPORTS", "").split()
    request = common.start(asked[_REQUEST], imports, scheduler, world)
    lines = [line.partition("=") for line in request.splitlines()]
    common.enter_run({name: value for name, _, value in lines if not name.startswith(_PREFIX)})
    return {name: value for name, _, value in lines if name.startswith(_PREFIX)}


def _place_of_log(asked: dict[str, str]) -> str:
    """Where the record goes: to the file that is asked for, or nowhere."""
    request = asked.get(_REQUEST, "")
    otherwise = os.devnull if request.startswith("server:") else request
    return asked.get(_PREFIX + "_LOG", otherwise or os.devnull)


def _counts(text: str) -> list[int]:
    return [int(word) for word in text.split(",") if word]


def _leave_path(directory: str) -> None:
    """Take `directory` off the module search path, here and for processes started from here."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != directory]
    entries = os.environ.pop("PYTHONPATH", "").split(os.pathsep)
    kept = [entry for entry in entries if entry and os.path.abspath(entry) != directory]
    if kept:
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)


def _refuse(asked: dict[str, str], log: Log, reason: str) -> NoReturn:
    """End the run with a record that says why: what was asked for cannot be done here."""
    log.open(_place_of_log(asked))
    log.add("uncontrolled " + reason)
    log.close("refused", steps=0, virtual_ns=0)
    os._exit(REFUSED)
