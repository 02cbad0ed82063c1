"""Output: a line is a point before it goes out, and each write to descriptors 1 and 2 is told.

The streams are rebuilt over a raw file that records what it writes; encoding, error handling,
buffering and names stay as they were.  A `print` of one text is one line to a build with a GIL,
which cannot switch between the text and its line end.  With `tears` (every bytecode is a point: a
free-threaded build) each piece of a `print` is a point, and lines tear as they do there.
"""

from __future__ import annotations

import io
import os
import sys

from . import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .scheduler import Scheduler

_LETTERS = {1: "o", 2: "e"}


class _Recorder(io.FileIO):
    """The raw file under a stream.  No point is taken here: the buffer above holds a lock."""

    scheduler: Scheduler

    def write(self, data: Any) -> int:
        written = super().write(data)
        if written and not self.scheduler.suspended:
            _record(self.scheduler, self.fileno(), written)
        return written


class _Stream(io.TextIOWrapper):
    """A standard stream whose lines are scheduling points."""

    scheduler: Scheduler
    tears = False
    unfinished: set[int]

    def write(self, text: str) -> int:
        scheduler = self.scheduler
        if scheduler.controls():
            self._come_to_point(scheduler, text)
        return super().write(text)

    def _come_to_point(self, scheduler: Scheduler, text: str) -> None:
        number = scheduler.current.number
        starts = number not in self.unfinished
        if starts or self.tears:
            scheduler.point(writes=starts)
        if text.endswith("\n"):
            self.unfinished.discard(number)
        elif text:
            self.unfinished.add(number)


def _record(scheduler: Scheduler, descriptor: int, written: int) -> None:
    scheduler.log.add("%s %d %d" % (_LETTERS[descriptor], scheduler.current.number, written))


def install(scheduler: Scheduler, tears: bool) -> None:
    """Rebuild the standard streams, and record `os.write` to them."""
    _Recorder.scheduler = _Stream.scheduler = scheduler
    _Stream.tears = tears
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and stream.fileno() == descriptor:
            rebuilt = _rebuild(stream, descriptor)
            setattr(sys, name, rebuilt)
            setattr(sys, "__%s__" % name, rebuilt)
    vars(os)["write"] = _os_write(scheduler)


def _rebuild(stream: io.TextIOWrapper, descriptor: int) -> _Stream:
    """A stream as `stream` is, over a recording file."""
    raw = _Recorder(descriptor, "w", closefd=False)
    raw.name = stream.name
    unbuffered = isinstance(stream.buffer, io.FileIO)
    rebuilt = _Stream(
        raw if unbuffered else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        newline="\n",
        line_buffering=stream.line_buffering,
        write_through=unbuffered,
    )
    vars(rebuilt).update(mode="w", unfinished=set())
    return rebuilt


def _os_write(scheduler: Scheduler) -> Any:
    def write(descriptor: int, data: Any) -> int:
        controlled = descriptor in _LETTERS and scheduler.controls()
        if controlled:
            scheduler.point(writes=True)
        written = real.write(descriptor, data)
        if controlled:
            _record(scheduler, descriptor, written)
        return written

    return write
