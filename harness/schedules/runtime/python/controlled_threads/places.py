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

_LIBRARY = os.path.dirname(os.__file__)
_RUNTIME = os.path.dirname(os.path.abspath(__file__))
_FOREIGN = (_LIBRARY + os.sep, os.path.realpath(_LIBRARY) + os.sep, _RUNTIME + os.sep, "<frozen ")
_PACKAGES = os.sep + "site-packages" + os.sep

_known: dict[str, bool] = {}

_KINDS = {
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
        _known[filename] = known
    return known


def waits(tasks: Iterable[Task]) -> Iterator[str]:
    """The log's records of those of `tasks` that wait: `w`, number, kind and place."""
    frames = sys._current_frames()
    for task in tasks:
        if task.wait is not None:
            yield "w %d %s %s" % (task.number, *_describe(frames.get(task.ident), task.wait.kind))


def _describe(frame: Optional[FrameType], kind: str) -> tuple[str, str]:
    """Say what a thread that stands at `frame` waits for, and where.

    Gives a kind, and `file:line` of the program, or `-` if there is none of it.  The kind is the
    outermost library object between the wait, itself of `kind`, and the program's own code: a
    thread in `Queue.get` waits for a queue, not for the lock inside its condition.
    """
    while frame is not None and not is_program(frame.f_code.co_filename):
        owner = frame.f_locals.get("self")
        kind = _KINDS.get(type(owner).__name__, kind)
        frame = frame.f_back
    if frame is None:
        return kind, "-"
    return kind, "%s:%d" % (_shown(frame.f_code.co_filename), frame.f_lineno)


def _shown(filename: str) -> str:
    """The path of a program's file from the directory of its script, or its name alone."""
    start = os.path.abspath(sys.path[0]) + os.sep if sys.path else os.sep
    path = os.path.abspath(filename)
    return path[len(start) :] if path.startswith(start) else os.path.basename(path)
