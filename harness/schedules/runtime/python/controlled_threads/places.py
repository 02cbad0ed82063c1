"""Which code is the program's own, where in it a thread stands, and what it waits for there."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType
    from typing import Optional

    from .tasks import Task
    from .world import World

_LIBRARY = os.path.dirname(os.__file__)
_RUNTIME = os.path.dirname(os.path.abspath(__file__))
_FOREIGN = (_LIBRARY + os.sep, os.path.realpath(_LIBRARY) + os.sep, _RUNTIME + os.sep, "<frozen ")
_PACKAGES = os.sep + "site-packages" + os.sep

_HELD = frozenset(["lock", "rlock", "join"])
"""Waits for what a thread has: a lock, or its end."""

_FUNCTIONS = {("threading", "join"): "join", ("threading", "_shutdown"): "exit"}

_known: dict[str, bool] = {}

KINDS = {
    "Condition": "condition",
    "Semaphore": "semaphore",
    "BoundedSemaphore": "semaphore",
    "Event": "event",
    "Barrier": "barrier",
    "Queue": "queue",
    "LifoQueue": "queue",
    "PriorityQueue": "queue",
    "Future": "future",
}


def is_program(filename: str) -> bool:
    """Whether code from `filename` is the program's, not a library's or this runtime's."""
    known = _known.get(filename)
    if known is None:
        known = not filename.startswith(_FOREIGN) and _PACKAGES not in filename
        # Asked at each call of a function: a program has few files.
        _known[filename] = known
    return known


def is_library(filename: str) -> bool:
    """Whether code from `filename` is a library's: neither the program's nor this runtime's."""
    return not is_program(filename) and not filename.startswith(_RUNTIME + os.sep)


def is_runtime(filename: str) -> bool:
    """Whether code from `filename` is this runtime's."""
    return filename.startswith(_RUNTIME)


def is_joining() -> bool:
    """Whether the lock that the calling thread waits for is the one by which a thread ends.

    So `Thread.join` waits up to CPython 3.12.
    """
    frame = sys._getframe()
    while frame.f_back is not None and is_runtime(frame.f_code.co_filename):
        frame = frame.f_back
    name = frame.f_code.co_name
    return name == "_wait_for_tstate_lock" and frame.f_globals.get("__name__") == "threading"


def waits(tasks: Iterable[Task], everyone: list[Task], world: World) -> Iterator[str]:
    """The log's records of those of `tasks` that wait: `w`, and `h` where it is known for whom."""
    frames = sys._current_frames()
    waiting = [task for task in tasks if task.wait is not None or task.lost]
    for task in waiting:
        kind = task.lost or (task.wait.kind if task.wait is not None else "")
        yield "w %d %s %s" % (task.number, *_describe(frames.get(task.ident), kind))
    for task in waiting:
        found = holder(task, everyone, world, certain=False)
        if found is not None:
            yield "h %d %d" % (task.number, found.number)


def holder(task: Task, tasks: list[Task], world: World, certain: bool) -> Optional[Task]:
    """Who has the lock that `task` waits for, or whose end it waits for; None if nobody is known.

    `certain`: only if that one alone can let the lock go.
    """
    wait = task.wait
    if wait is None or wait.kind not in _HELD:
        return None
    if wait.kind == "join":
        return _joined(task, tasks)
    if _waits_to_be_notified(task):
        return None
    owner, alone = world.owner(wait.address)
    return tasks[owner] if owner >= 0 and (alone or not certain) else None


def _waits_to_be_notified(task: Task) -> bool:
    """Whether a thread stands in `Condition.wait`, be it for a semaphore, an event or a queue.

    It waits there for a lock that it has taken itself, so that somebody else can let it go.
    """
    frame = sys._current_frames().get(task.ident)
    while frame is not None and is_runtime(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None or frame.f_globals.get("__name__") != "threading":
        return False
    return frame.f_code.co_name == "wait" and "waiter" in frame.f_locals


def _joined(task: Task, tasks: list[Task]) -> Optional[Task]:
    """The thread whose end `task` waits for."""
    frame = sys._current_frames().get(task.ident)
    while frame is not None and frame.f_code.co_name != "join":
        frame = frame.f_back
    ident = getattr(frame.f_locals.get("self"), "ident", None) if frame is not None else None
    for other in tasks:
        if ident is not None and other.ident == ident and not other.done:
            return other
    return None


def here() -> str:
    """Where in the program the calling thread stands, to the instruction; `-` if nowhere."""
    frame: Optional[FrameType] = sys._getframe()
    while frame is not None and not is_program(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return "-"
    return "%s+%d" % (shown(frame), frame.f_lasti)


def place_of(task: Task) -> str:
    """Where in the program a thread stands."""
    return _describe(sys._current_frames().get(task.ident), "")[1]


def _describe(frame: Optional[FrameType], kind: str) -> tuple[str, str]:
    """Say what a thread that stands at `frame` waits for, and where.

    Gives a kind, and `file:line` of the program, or `-` if there is none of it.  The kind is the
    outermost library object between the wait, itself of `kind`, and the program's own code: a
    thread in `Queue.get` waits for a queue, not for the lock inside its condition.
    """
    while frame is not None and not is_program(frame.f_code.co_filename):
        owner = frame.f_locals.get("self")
        # By the name of its class, so that nothing has to be imported that the program has not.
        kind = KINDS.get(type(owner).__name__, kind)
        kind = _FUNCTIONS.get((str(frame.f_globals.get("__name__")), frame.f_code.co_name), kind)
        frame = frame.f_back
    if frame is None:
        return kind, "-"
    return kind, shown(frame)


def shown(frame: FrameType) -> str:
    """The line of a program's file where a frame stands: `file:line`.

    Instructions that the compiler has added belong to no line (PEP 626), such as the way out of a
    `with` block after `x and y`; then it is the line where the function begins.
    """
    code = frame.f_code
    return "%s:%d" % (_shown(code.co_filename), frame.f_lineno or code.co_firstlineno)


def _shown(filename: str) -> str:
    """The path of a program's file from the directory of its script, or its name alone."""
    start = os.path.abspath(sys.path[0]) + os.sep if sys.path else os.sep
    path = os.path.abspath(filename)
    return path[len(start) :] if path.startswith(start) else os.path.basename(path)
