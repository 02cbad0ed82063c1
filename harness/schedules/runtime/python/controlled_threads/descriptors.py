"""Waiting for a file descriptor without stopping the other threads."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from .scheduler import Scheduler

READABLE, WRITABLE = 1, 4
"""POLLIN and POLLOUT; `select` is not imported for the sake of two numbers."""


def await_ready(
    scheduler: Scheduler, descriptor: int, events: int, timeout: Optional[float], kind: str = ""
) -> bool:
    """A point, then a wait until `poll` finds `events`; False if the time is over first.

    Only for a thread that the scheduler controls.  `timeout` is in virtual seconds; None: for ever.
    """
    scheduler.point()
    unready = _unready(descriptor, events)
    if not unready():
        return True
    kind = kind or ("read" if events == READABLE else "write")
    return scheduler.block(kind, unready, scheduler.deadline(timeout), outside=True)


def _unready(descriptor: int, events: int) -> Callable[[], bool]:
    import select

    poller = select.poll()
    poller.register(descriptor, events)
    return lambda: not poller.poll(0)
