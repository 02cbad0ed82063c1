"""What instructions touch, told at the events of `sys.monitoring`: CPython 3.12 and later.

Before each instruction of the program's code, and of the library's, comes an event; that of a point
comes before it or after it.  Who tells for a frame is kept where a frame has its trace function.
"""

from __future__ import annotations

import sys

from .touching import Follower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any, Optional

    from .points_monitored import Monitored
    from .touching import Touching


class Told:
    """Tells what instructions touch, around the points that `monitored` has taken by `point`."""

    __slots__ = ("_marked", "_monitored", "_monitoring", "_take_point", "_touching")

    def __init__(self, touching: Touching, monitored: Monitored, point: Callable[[], None]) -> None:
        self._touching = touching
        self._monitored = monitored
        self._take_point = point
        self._monitoring: Any = vars(sys)["monitoring"]
        self._marked: dict[int, CodeType] = {}

    def begin(self, tool: int) -> None:
        """Ask for more events, and for some of the others in their stead."""
        events = self._monitoring.events
        own = {
            events.PY_START: self._on_start,
            events.PY_RESUME: self._on_resume,
            events.PY_THROW: self._on_throw,
            events.PY_UNWIND: self._on_unwind,
        }
        for event, callback in own.items():
            self._monitoring.register_callback(tool, event, callback)
        self._monitoring.register_callback(tool, events.INSTRUCTION, self._on_instruction)
        self._monitoring.set_events(tool, sum(own))

    # ---- pieces of code -------------------------------------------------------------------------

    def is_new(self, code: CodeType) -> bool:
        """Whether this piece of code is met for the first time."""
        if id(code) in self._marked or self._touching.is_importing():
            return False
        self._marked[id(code)] = code
        return True

    def events_of(self, code: CodeType) -> int:
        """The events that are wanted of this piece of code."""
        events = self._monitoring.events
        if self._touching.code(code) is not None:
            return int(events.INSTRUCTION)
        return int(events.PY_RETURN) if self._touching.is_told_at_end(code) else 0

    # ---- events ---------------------------------------------------------------------------------

    def _on_start(self, code: CodeType, offset: int) -> object:
        frame = sys._getframe(1)
        if not self._monitored.start(code, frame):
            return self._monitoring.DISABLE
        self._enter(frame)
        return None

    def _on_resume(self, code: CodeType, offset: int) -> None:
        self._monitored.mark(code)
        self._monitored.resume(code, offset)
        self._enter(sys._getframe(1))

    def _on_throw(self, code: CodeType, offset: int, exception: object) -> None:
        self._monitored.mark(code)
        self._enter(sys._getframe(1))

    def _on_unwind(self, code: CodeType, offset: int, exception: object) -> None:
        self.leave(sys._getframe(1))

    def _on_instruction(self, code: CodeType, offset: int) -> None:
        frame = sys._getframe(1)
        if self._touching.is_importing():
            return
        follower = self._follower_of(frame)
        if follower is None or follower.begins_at(offset):
            return
        follower.settle()
        if self._monitored.is_each_instruction(code):
            self._take_point()
            follower.tell_under()
        follower.look_at(frame, offset)

    def point(self) -> None:
        """Take a point of the frame that has called who calls this: its instruction is done."""
        follower: Any = sys._getframe(2).f_trace
        if not isinstance(follower, Follower):
            self._take_point()
            return
        follower.settle()
        self._take_point()
        follower.tell_under()

    # ---- frames ---------------------------------------------------------------------------------

    def _enter(self, frame: FrameType) -> None:
        trace = self._touching.trace(frame, None)
        if isinstance(trace, Follower):
            frame.f_trace = trace

    def leave(self, frame: FrameType) -> None:
        """A function returns, or is left by an exception."""
        if self._touching.is_told_at_end(frame.f_code):
            self._touching.leave(frame)
        elif isinstance(frame.f_trace, Follower):
            frame.f_trace.settle()

    def _follower_of(self, frame: FrameType) -> Optional[Follower]:
        if not isinstance(frame.f_trace, Follower):  # it was under way as this began
            self._enter(frame)
        return frame.f_trace if isinstance(frame.f_trace, Follower) else None
