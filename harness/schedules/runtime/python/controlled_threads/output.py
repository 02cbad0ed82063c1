"""Output: a line is a point before it goes out.

What is written to descriptors 1 and 2 is told by the library.  A `print` of one text is one line to
a build with a GIL, which cannot switch between the text and its line end.  With `tears` (every
bytecode is a point: a free-threaded build) each piece of a `print` is a point, and lines tear as
they do there.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .scheduler import Scheduler
    from .world import World


class Lines:
    """What threads write to the standard streams, line by line."""

    __slots__ = ("_scheduler", "_tears", "_unfinished")

    def __init__(self, scheduler: Scheduler, tears: bool) -> None:
        self._scheduler = scheduler
        self._tears = tears
        self._unfinished: set[int] = set()
        """Threads that have written a part of a line, and not its end."""

    def is_within(self, number: int) -> bool:
        """Whether thread `number` has begun a line, and not ended it."""
        return number in self._unfinished

    def come_to_point(self, text: object) -> None:
        """Called before `text` is written by the current thread."""
        scheduler = self._scheduler
        number = scheduler.current.number
        # By thread: `print` writes a line in several pieces, and another
        # thread's may come in between.
        starts = number not in self._unfinished
        if starts or self._tears:
            scheduler.come("w" if starts else "-")
        if not isinstance(text, str):
            return
        if text.endswith("\n"):
            self._unfinished.discard(number)
        elif text:
            self._unfinished.add(number)


def install(world: World) -> None:
    """Have the standard streams observed."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
    if streams:
        world.set_streams(streams[0], streams[-1])
        world.observe_stream(type(streams[0]))
