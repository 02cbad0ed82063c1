"""The scheduling points inside the program's own code, by granularity.

gil     where this interpreter checks its eval breaker, the only places at which a GIL changes hands
        in the midst of Python code.  (Seen by recording where signal handlers run: the same check.)
        CPython 3.9: before nearly every instruction; 3.10: at a function's start, after a call and
        at a backward jump; 3.11 and later: at a function's start or a generator's resumption, after
        a call of what is no Python function, and at a backward jump
line    before each line
opcode  before each instruction: more than a GIL allows; what a free-threaded build can do
sync    none: only the library's operations are points

Nothing is watched until the program starts its first thread.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .scheduler import Scheduler

GRANULARITIES = ("gil", "line", "opcode", "sync")


class Tracing:
    """Points of no granularity; the base of the others."""

    __slots__ = ()

    def begin(self) -> None:
        """Watch from now on, the functions under way included; further calls do nothing."""

    def begin_thread(self) -> None:
        """Called first in each new thread."""

    def end_thread(self) -> None:
        """Called last in each thread."""

    def forsake(self) -> None:
        """Called in a forked child: watch no more."""


def tracing(granularity: str, scheduler: Scheduler) -> Tracing:
    """Make the tracing for `granularity`; ValueError if there is no such."""
    if granularity not in GRANULARITIES:
        raise ValueError("no granularity %r" % granularity)
    if granularity == "sync":
        return Tracing()
    if sys.version_info >= (3, 12):
        from .points_monitored import Monitored

        return Monitored(granularity, scheduler)
    from .points_traced import Traced

    return Traced(granularity, scheduler)
