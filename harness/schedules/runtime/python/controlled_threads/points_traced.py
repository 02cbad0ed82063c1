"""Scheduling points by `sys.settrace`, CPython 3.9 to 3.11."""

from __future__ import annotations

import sys
from opcode import opname

from . import places
from .points import Tracing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Optional

    from .scheduler import Scheduler

_CALLS = ("CALL", "PRECALL")
_UNCHECKED_39 = frozenset(
    "NOP LOAD_FAST LOAD_CONST STORE_FAST POP_TOP ROT_TWO ROT_THREE ROT_FOUR DUP_TOP DUP_TOP_TWO"
    " LOAD_CLOSURE JUMP_FORWARD POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE JUMP_IF_FALSE_OR_POP"
    " JUMP_IF_TRUE_OR_POP IS_OP CONTAINS_OP EXTENDED_ARG".split()
)
"""CPython 3.9: instructions after which the next one starts without a look at the eval breaker."""
_UNCHECKED_BEFORE_39 = frozenset(["SETUP_FINALLY", "SETUP_WITH", "BEFORE_ASYNC_WITH", "YIELD_FROM"])


class _Frame:
    """The trace function of one frame: a point wherever the eval breaker is checked."""

    __slots__ = ("_last", "_offsets", "_point", "entered")

    def __init__(self, offsets: frozenset[int], last: int, point: Callable[[], None]) -> None:
        self._offsets = offsets
        self._last = last
        self._point = point
        self.entered = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> _Frame:
        if event == "opcode":
            offset, last = frame.f_lasti, self._last
            inlined, self.entered, self._last = self.entered, False, offset
            if offset < last or (offset in self._offsets and not inlined):
                self._point()
        return self


class Traced(Tracing):
    """Points at trace events of the program's frames."""

    __slots__ = ("_begun", "_granularity", "_inlines", "_offsets", "_scheduler")

    def __init__(self, granularity: str, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._granularity = granularity
        self._begun = False
        self._offsets: dict[int, tuple[CodeType, frozenset[int]]] = {}
        self._inlines = sys.version_info >= (3, 11)

    def begin(self) -> None:
        """Trace the calling thread from here, the functions under way included."""
        if self._begun:
            return
        self._begun = True
        frame: Optional[FrameType] = sys._getframe()
        while frame is not None:
            if places.is_program(frame.f_code.co_filename):
                frame.f_trace = self._local(frame)
            frame = frame.f_back
        sys.settrace(self._on_call)

    def begin_thread(self) -> None:
        """Trace the calling thread, new."""
        sys.settrace(self._on_call)

    def end_thread(self) -> None:
        """Trace the calling thread no more."""
        sys.settrace(None)

    def _on_call(self, frame: FrameType, event: str, argument: object) -> Any:
        if self._inlines and frame.f_back is not None:
            # From 3.11 on, a Python function returns to its Python caller without a check.
            calling = frame.f_back.f_trace
            if isinstance(calling, _Frame):
                calling.entered = True
        if not places.is_program(frame.f_code.co_filename):
            return None
        if self._granularity == "gil":
            self._scheduler.point()
        return self._local(frame)

    def _local(self, frame: FrameType) -> Any:
        """The trace function for `frame`, with the events that it needs switched on."""
        if self._granularity == "line":
            return self._on_line
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if self._granularity == "opcode":
            return self._on_opcode
        return _Frame(self._checked(frame.f_code), frame.f_lasti, self._scheduler.point)

    def _on_line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self._scheduler.point()
        return self._on_line

    def _on_opcode(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "opcode":
            self._scheduler.point()
        return self._on_opcode

    def _checked(self, code: CodeType) -> frozenset[int]:
        """Offsets of the instructions of `code` before which the eval breaker is checked."""
        known = self._offsets.get(id(code))
        if known is None:
            known = self._offsets[id(code)] = (code, _checked_offsets(code))
        return known[1]


def _checked_offsets(code: CodeType) -> frozenset[int]:
    """Offsets that follow a check, those reached by a jump backwards left out."""
    checked = _checked_between_39 if sys.version_info < (3, 10) else _checked_between
    names = [(offset, opname[code.co_code[offset]]) for offset in range(0, len(code.co_code), 2)]
    real = [(offset, name) for offset, name in names if name != "CACHE"]
    return frozenset(
        offset for (_, before), (offset, name) in zip(real, real[1:]) if checked(before, name)
    )


def _checked_between(before: str, after: str) -> bool:
    return before.startswith(_CALLS) and not after.startswith(_CALLS)


def _checked_between_39(before: str, after: str) -> bool:
    return before not in _UNCHECKED_39 and after not in _UNCHECKED_BEFORE_39
