"""Scheduling points by `sys.monitoring`, CPython 3.12 and later."""

from __future__ import annotations

import sys
from types import MethodType

from . import places
from .points import Tracing
from .points_checks import Sites

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Optional

    from .points_told import Told
    from .scheduler import Scheduler
    from .touching import Touching

_TOOL = 4
"""A tool number without a name in `sys.monitoring`: debuggers and profilers keep theirs."""


_HIDES_METHODS = sys.version_info < (3, 13)
"""CPython 3.12 tells of no call with `*` whose function is a method."""

_LOSES_EXCEPTIONS = sys.version_info < (3, 14)
"""No `try` around a loop sees what a handler raises while a jump is told of."""


class Monitored(Tracing):
    """Points at events of the program's code, each object marked when it first starts."""

    __slots__ = (
        "_begun",
        "_events",
        "_is_gil",
        "_known",
        "_monitoring",
        "_owed",
        "_point",
        "_scheduler",
        "_told",
    )

    def __init__(self, granularity: str, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._point = scheduler.point
        self._told: Optional[Told] = None
        self._monitoring: Any = vars(sys)["monitoring"]
        self._known: dict[int, tuple[CodeType, Sites]] = {}
        self._owed: set[tuple[int, int]] = set()
        self._begun = False
        self._is_gil = granularity == "gil"
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
        if self._told is not None:
            self._told.begin(_TOOL)
        frame: Optional[FrameType] = sys._getframe()
        while frame is not None:
            self.mark(frame.f_code)
            frame = frame.f_back

    def follow(self, touching: Touching) -> bool:
        """Have what instructions touch told, too."""
        from .points_told import Told

        self._told = Told(touching, self, self._scheduler.point)
        self._point = self._told.point
        return True

    def forsake(self) -> None:
        """Leave the tool number, and with it all events."""
        if self._begun:
            self._monitoring.set_events(_TOOL, 0)
            self._monitoring.free_tool_id(_TOOL)

    def sees_release(self, frame: Optional[FrameType]) -> bool:
        """In the program's own code, if the granularity is that of a GIL."""
        return self._is_gil and frame is not None and places.is_program(frame.f_code.co_filename)

    def _register(self) -> None:
        events = self._monitoring.events
        register = self._monitoring.register_callback
        register(_TOOL, events.PY_RETURN, self._on_return)
        if not self._is_gil:
            register(_TOOL, events.PY_START, self._on_start_unchecked)
            register(_TOOL, self._events, self._on_event)
            return
        register(_TOOL, events.PY_START, self._on_start)
        on_jump = self._on_jump
        if _LOSES_EXCEPTIONS:
            on_jump = self._scheduler.holding_back(on_jump)
        register(_TOOL, events.JUMP, on_jump)
        register(_TOOL, events.PY_RESUME, self._on_resume)
        register(_TOOL, events.CALL, self._on_call)
        register(_TOOL, events.C_RETURN, self._on_c_return)

    def mark(self, code: CodeType) -> bool:
        """Ask for the events of `code` if it is the program's, or told; say whether it is."""
        if id(code) in self._known:
            return True
        is_program = places.is_program(code.co_filename)
        if is_program:
            self._known[id(code)] = (code, Sites(code))
        if is_program or (self._told is not None and self._told.is_new(code)):
            self._monitoring.set_local_events(_TOOL, code, self._wanted(code))
        return is_program

    def _wanted(self, code: CodeType) -> int:
        """The events that are wanted of a piece of code."""
        events = self._events if id(code) in self._known else 0
        return events | (self._told.events_of(code) if self._told is not None else 0)

    def _on_start_unchecked(self, code: CodeType, offset: int) -> object:
        self.mark(code)
        return self._monitoring.DISABLE

    def _on_start(self, code: CodeType, offset: int) -> object:
        """A function starts: a point if it is the program's own, or a library's that it calls.

        Inside a library's code there are no others.
        """
        is_watched = self.start(code, sys._getframe(1))
        return None if is_watched else self._monitoring.DISABLE

    def start(self, code: CodeType, frame: FrameType) -> bool:
        """Take the point at which a function starts, if it is one; whether there may be others."""
        is_program = self.mark(code)
        if not is_program and not places.is_library(code.co_filename):
            return False
        if not self._is_gil:
            return True
        caller = frame.f_back
        calling = self._known.get(id(caller.f_code)) if caller is not None else None
        if (
            _HIDES_METHODS
            and caller is not None
            and calling is not None
            and calling[1].is_spread(caller.f_lasti)
            and _is_method(frame)
        ):
            self._owe(code)
        if is_program or calling is not None:
            self._scheduler.point()
        return True

    def _on_resume(self, code: CodeType, offset: int) -> object:
        return None if self.resume(code, offset) else self._monitoring.DISABLE

    def resume(self, code: CodeType, offset: int) -> bool:
        """Take the point at which a generator of the program's goes on; False if it is none."""
        known = self._known.get(id(code))
        if known is None or known[1].is_silent(offset) or not self._is_gil:
            return False
        self._scheduler.point()
        return True

    def is_each_instruction(self, code: CodeType) -> bool:
        """Whether there is a point before each instruction of `code`."""
        return self._events == self._monitoring.events.INSTRUCTION and id(code) in self._known

    def _on_jump(self, code: CodeType, offset: int, destination: int) -> object:
        if destination > offset:
            return self._monitoring.DISABLE
        self._point()
        return None

    def _on_call(self, code: CodeType, offset: int, function: object, first: object) -> None:
        """A call.  That of a method with `*` is checked when the method has returned.

        Nobody tells us of that, but of the method's own return.
        """
        if type(function) is not MethodType or not self._known[id(code)][1].is_spread(offset):
            return
        target = getattr(function.__func__, "__code__", None)
        if target is not None:
            self._owe(target)

    def _owe(self, target: CodeType) -> None:
        """Take a point when the call of `target` that is about to begin returns."""
        self.mark(target)
        events = self._wanted(target) | self._monitoring.events.PY_RETURN
        self._monitoring.set_local_events(_TOOL, target, events)
        self._owed.add((self._scheduler.current.number, id(target)))

    def _on_return(self, code: CodeType, offset: int, value: object) -> None:
        if self._told is not None:
            self._told.leave(sys._getframe(1))
        owed = (self._scheduler.current.number, id(code))
        if owed in self._owed:
            self._owed.remove(owed)
            self._point()

    def _on_c_return(self, code: CodeType, offset: int, function: object, first: object) -> object:
        if self._known[id(code)][1].is_checked(offset, function):
            self._point()
        return None

    def _on_event(self, *event: object) -> None:
        self._point()


def _is_method(frame: FrameType) -> bool:
    """Whether a function that has just started is, by its first argument, a method of that."""
    code = frame.f_code
    if not code.co_argcount:
        return False
    owner = type(frame.f_locals.get(code.co_varnames[0]))
    found = [vars(base)[code.co_name] for base in owner.__mro__ if code.co_name in vars(base)]
    return bool(found) and getattr(found[0], "__code__", None) is code
