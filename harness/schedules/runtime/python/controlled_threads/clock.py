"""Virtual time: a sleep costs nothing, and the clocks show when the scheduler says it is.

Time stands still while somebody can run, but two readings by the program are never equal: each
adds a microsecond to what is shown.  A thread that does nothing but read a clock makes time pass,
faster and faster: it waits for it.  The clocks start from fixed values, so that a run can be
repeated.
"""

from __future__ import annotations

import sys
import time

from . import places, real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from .scheduler import Scheduler

_STARTS_NS = {
    "time": 1_700_000_000 * 10**9,
    "monotonic": 1000 * 10**9,
    "perf_counter": 1000 * 10**9,
    "process_time": 0,
    "thread_time": 0,
}
_TICK_NS = 1000
_LIBRARY_TICK_NS = 1
"""Loops of the library count on a clock that moves; so little leaves equal deadlines equal."""

_BUSY_READINGS = 64


class Clock:
    """What the clocks show."""

    __slots__ = ("_ahead", "_detached_ns", "_readings", "_scheduler", "_seen")

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._ahead = 0
        self._readings = 0
        self._seen = 0
        self._detached_ns = 0

    def elapsed(self, by_program: bool) -> int:
        """Nanoseconds since the start, more at each reading `by_program`; in a child, real."""
        scheduler = self._scheduler
        if scheduler.suspended:
            return self._detached()
        if by_program:
            self._tick()
        else:
            self._ahead += _LIBRARY_TICK_NS
        return scheduler.now + self._ahead

    def used(self) -> int:
        """Nanoseconds of processor time: a microsecond a scheduling step, and a reading."""
        self._ahead += _TICK_NS
        return self._scheduler.steps * _TICK_NS + self._ahead

    def used_seconds(self) -> float:
        """`used`, in seconds."""
        return self.used() / 1e9

    def _tick(self) -> None:
        scheduler = self._scheduler
        self._readings = self._readings + 1 if scheduler.now == self._seen else 0
        self._seen = scheduler.now
        self._ahead += _TICK_NS
        if self._readings > _BUSY_READINGS:
            scheduler.now += _TICK_NS << min(self._readings // _BUSY_READINGS, 13)
            self._seen = scheduler.now

    def _detached(self) -> int:
        """Go on in real time from where virtual time stood."""
        if not self._detached_ns:
            self._detached_ns = real.monotonic_ns() - self._scheduler.now - self._ahead
        return real.monotonic_ns() - self._detached_ns


def install(scheduler: Scheduler) -> None:
    """Replace the clocks and the sleep of `time`."""
    clock = Clock(scheduler)
    for name, start in _STARTS_NS.items():
        nanoseconds, seconds = _readers(clock, start) if start else (clock.used, clock.used_seconds)
        setattr(time, name + "_ns", nanoseconds)
        setattr(time, name, seconds)
    vars(time)["sleep"] = _sleep(scheduler)
    vars(sys.modules["threading"])["_time"] = time.monotonic


def _readers(clock: Clock, start: int) -> tuple[Callable[[], int], Callable[[], float]]:
    """A clock in nanoseconds and in seconds; the caller's frame tells whose reading it is."""

    def nanoseconds() -> int:
        return start + clock.elapsed(_called_by_program())

    def seconds() -> float:
        return (start + clock.elapsed(_called_by_program())) / 1e9

    return nanoseconds, seconds


def _called_by_program() -> bool:
    return places.is_program(sys._getframe(2).f_code.co_filename)


def _sleep(scheduler: Scheduler) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        """Let virtual time pass; nought gives way to another thread."""
        if not scheduler.controls() or seconds < 0:
            real.sleep(seconds)
        elif seconds == 0:
            scheduler.point("y")
        else:
            scheduler.block("sleep", _always, scheduler.deadline(seconds))

    return sleep


def _always() -> bool:
    return True
