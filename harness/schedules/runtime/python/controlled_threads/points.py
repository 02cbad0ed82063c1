"""The scheduling points inside the program's own code, by granularity.

gil     where this interpreter checks whether it must switch (points_checks.py), and where C code
        lets go of the GIL: nowhere else does a GIL change hands.  Of a library's own code only the
        start, when the program calls it
line    before each line
opcode  before each instruction: more than a GIL allows; what a free-threaded build can do
sync    none: only the library's operations are points

Nothing is watched until the program starts its first thread.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Optional

    from .scheduler import Scheduler
    from .touching import Touching

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

    def follow(self, touching: Touching) -> bool:
        """Have what instructions touch told, too; False if that cannot be done here."""
        return False

    def sees_release(self, frame: Optional[FrameType]) -> bool:
        """Whether it is a point that C code, called from `frame`, has let go of the GIL.

        Asked where such code comes back to the interpreter, by whoever sees that.
        """
        return False

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
