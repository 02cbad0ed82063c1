"""Scheduling points by `sys.monitoring`, CPython 3.12 and later."""

from __future__ import annotations

import sys

from . import places
from .points import Tracing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Optional

    from .scheduler import Scheduler

_TOOL = 4
"""A tool number without a name in `sys.monitoring`: debuggers and profilers keep theirs."""


class Monitored(Tracing):
    """Points at events of the program's code, each object marked when it first starts."""

    __slots__ = ("_begun", "_events", "_known", "_monitoring", "_scheduler")

    def __init__(self, granularity: str, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._monitoring: Any = vars(sys)["monitoring"]
        self._known: dict[int, CodeType] = {}
        self._begun = False
        events = self._monitoring.events
        self._events = {
            "gil": events.CALL | events.JUMP | events.PY_RESUME,
            "line": events.LINE,
            "opcode": events.INSTRUCTION,
        }[granularity]

    def begin(self) -> None:
        """Register for events, and mark the functions that are under way."""
        if self._begun:
            return
        self._begun = True
        monitoring = self._monitoring
        monitoring.use_tool_id(_TOOL, "schedule")
        self._register()
        monitoring.set_events(_TOOL, monitoring.events.PY_START)
        frame: Optional[FrameType] = sys._getframe()
        while frame is not None:
            self._mark(frame.f_code)
            frame = frame.f_back

    def forsake(self) -> None:
        """Leave the tool number, and with it all events."""
        if self._begun:
            self._monitoring.set_events(_TOOL, 0)
            self._monitoring.free_tool_id(_TOOL)

    def _register(self) -> None:
        events = self._monitoring.events
        register = self._monitoring.register_callback
        gil = bool(self._events & events.JUMP)
        register(_TOOL, events.PY_START, self._start_of(gil))
        if gil:
            register(_TOOL, events.JUMP, self._on_jump)
            register(_TOOL, events.PY_RESUME, self._on_event)
            register(_TOOL, events.C_RETURN, self._on_event)
        else:
            register(_TOOL, self._events, self._on_event)

    def _mark(self, code: CodeType) -> bool:
        """Ask for the events of `code` if it is the program's; say whether it is."""
        if not places.is_program(code.co_filename):
            return False
        if id(code) not in self._known:
            self._known[id(code)] = code
            self._monitoring.set_local_events(_TOOL, code, self._events)
        return True

    def _start_of(self, is_point: bool) -> Any:
        disable = self._monitoring.DISABLE
        point = self._scheduler.point

        def on_start(code: CodeType, offset: int) -> object:
            if not self._mark(code):
                return disable
            if is_point:
                point()
            return None

        return on_start

    def _on_jump(self, code: CodeType, offset: int, destination: int) -> object:
        if destination > offset:
            return self._monitoring.DISABLE
        self._scheduler.point()
        return None

    def _on_event(self, *event: object) -> None:
        self._scheduler.point()
