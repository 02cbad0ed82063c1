"""Scheduling points by `sys.settrace`, CPython 3.9 to 3.11."""

from __future__ import annotations

import builtins
import sys
from opcode import HAVE_ARGUMENT, opmap, opname, stack_effect

from . import places
from .points import Tracing
from .points_checks import UNKNOWN, Sites

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Optional

    from .scheduler import Scheduler
    from .touching import Touching

    Instructions = list[tuple[int, str, int]]

_UNCHECKED_39 = frozenset(
    "NOP LOAD_FAST LOAD_CONST STORE_FAST POP_TOP ROT_TWO ROT_THREE ROT_FOUR DUP_TOP DUP_TOP_TWO"
    " LOAD_CLOSURE JUMP_FORWARD POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE JUMP_IF_FALSE_OR_POP"
    " JUMP_IF_TRUE_OR_POP IS_OP CONTAINS_OP EXTENDED_ARG".split()
)
"""CPython 3.9: instructions after which the next one starts without a look at the eval breaker."""
_UNCHECKED_BEFORE = frozenset(["SETUP_FINALLY", "SETUP_WITH", "BEFORE_ASYNC_WITH", "YIELD_FROM"])
"""CPython 3.9 and 3.10: instructions that start without it, whatever goes before."""


_FROM_PRECALL_TO_CALL = 4
_FROM_PRECALL_ON = 14
"""CPython 3.11: a plain call is these two instructions; so many bytes on, the next one stands."""

_GENERATOR_FLAG = 0x20
_GENERATOR = "<generator>"


class _Code:
    """What is to be known of one code object: instructions, by what is checked after them.

    after       offsets of those that are followed by a check, wherever they lead
    jumps       offsets of jumps that are checked where they lead elsewhere than to the next
    handlers    offsets at which a caught exception goes on, checked there
    calls       offsets of calls that are checked by what is called: what that is, see `_called`
    silent      offsets before which there is none, whatever goes before
    starts      offsets at which a function starts, or a generator goes on, with a check; none:
                wherever it does.  (Not in the midst of a `yield from`, nor to be closed.)
    """

    __slots__ = ("after", "calls", "code", "handlers", "jumps", "raw", "silent", "sites", "starts")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.raw = code.co_code
        self.sites = Sites(code)
        self.jumps: frozenset[int] = frozenset()
        self.handlers: frozenset[int] = frozenset()
        self.silent: frozenset[int] = frozenset()
        self.starts: frozenset[int] = frozenset()
        self.calls: dict[int, str] = {}
        instructions = _instructions(self.raw)
        if sys.version_info < (3, 10):
            self._read_39(instructions)
        elif sys.version_info < (3, 11):
            self._read_310(instructions)
        else:
            self._read_311(instructions)

    def is_checked_start(self, last: int) -> bool:
        """Whether a function that is entered after its instruction at `last` is checked then."""
        if self.starts:
            return last in self.starts
        return (last + 2 if last >= 0 else 0) not in self.silent

    def _read_39(self, instructions: Instructions) -> None:
        self.after = _named(instructions, lambda name: name not in _UNCHECKED_39)
        self.silent = _named(instructions, lambda name: name in _UNCHECKED_BEFORE)
        self.handlers = _handlers(instructions)

    def _read_310(self, instructions: Instructions) -> None:
        self.after = _named(instructions, lambda name: name.startswith("CALL"))
        self.jumps = _named(
            instructions, lambda name: name == "JUMP_ABSOLUTE" or name.startswith("POP_JUMP")
        )
        self.silent = _named(instructions, lambda name: name in _UNCHECKED_BEFORE)
        self.handlers = _handlers(instructions)

    def _read_311(self, instructions: Instructions) -> None:
        self.after = _named(instructions, lambda name: name == "CALL_FUNCTION_EX")
        self.jumps = _named(
            instructions,
            lambda name: "JUMP_BACKWARD" in name and name != "JUMP_BACKWARD_NO_INTERRUPT",
        )
        self.starts = frozenset(
            offset
            for offset, name, argument in instructions
            if name == "RESUME" and argument & 3 < 2
        )
        self.calls = {
            offset: _called(self.code, instructions[:at], argument)
            for at, (offset, name, argument) in enumerate(instructions)
            if name == "PRECALL"
        }


def _instructions(raw: bytes) -> Instructions:
    """Each instruction's offset, name and argument."""
    found, extended = [], 0
    for offset in range(0, len(raw), 2):
        name, argument = opname[raw[offset]], extended | raw[offset + 1]
        extended = argument << 8 if name == "EXTENDED_ARG" else 0
        if name != "CACHE":
            found.append((offset, name, argument))
    return found


def _named(instructions: Instructions, is_meant: Callable[[str], bool]) -> frozenset[int]:
    return frozenset(offset for offset, name, _ in instructions if is_meant(name))


def _handlers(instructions: Instructions) -> frozenset[int]:
    """Where caught exceptions go on."""
    return frozenset(
        offset + 2 + 2 * argument
        for offset, name, argument in instructions
        if name.startswith("SETUP_")
    )


def _called(code: CodeType, before: Instructions, given: int) -> str:
    """What a plain call calls, found by going back over `before`: the name of a global.

    `_GENERATOR` for a generator that has just been written there, as in ``(a for …)``; nothing if
    it is neither.  CPython 3.11.
    """
    at = _pushed(before, given)
    if at >= 0 and before[at][1] == "LOAD_GLOBAL" and before[at][2] & 1:
        return code.co_names[before[at][2] >> 1]
    at = _pushed(before, given + 1) if before and before[-1][1] == "GET_ITER" else -1
    if at > 0 and before[at][1] == "MAKE_FUNCTION" and before[at - 1][1] == "LOAD_CONST":
        made = code.co_consts[before[at - 1][2]]
        return _GENERATOR if made.co_flags & _GENERATOR_FLAG else ""
    return ""


def _pushed(before: Instructions, deep: int) -> int:
    """Which of `before` pushed the value that has so many others above it; -1 if that varies."""
    for at in range(len(before) - 1, -1, -1):
        _, name, argument = before[at]
        if not deep:
            return at
        if "JUMP" in name or name in ("FOR_ITER", "SEND"):
            return -1
        has_argument = opmap[name] >= HAVE_ARGUMENT
        deep -= stack_effect(opmap[name], argument if has_argument else None)
        if deep < 0:
            return -1
    return -1


class _Frame:
    """The trace function of one frame: a point wherever the eval breaker is checked."""

    __slots__ = ("_code", "_function", "_last", "_owed", "_point", "_raised", "inlined")

    def __init__(self, code: _Code, last: int, point: Callable[[], None]) -> None:
        self._code = code
        self._last = last
        self._point = point
        self._raised = False
        self._owed = -1
        """The offset of the call that is under way."""
        self._function: object = UNKNOWN
        """What it calls."""
        self.inlined = False
        """Whether it has entered a Python function without C code between."""

    def __call__(self, frame: FrameType, event: str, argument: object) -> _Frame:
        if event == "opcode":
            code, offset, last = self._code, frame.f_lasti, self._last
            self._last = offset
            is_checked = self._is_checked(code, offset, last)
            if offset in code.calls:
                self._owed = offset
                self._function = _global(frame, code.calls[offset])
                self.inlined = False
            if is_checked:
                self._point()
        elif event == "exception":
            self._raised = True
        return self

    def enter(self, at: int) -> None:
        """A Python function is entered from this frame, whose last instruction is `at`.

        CPython 3.11 leaves a call that it inlines at the last of the instruction's cache entries.
        """
        self.inlined = at == self._owed + _FROM_PRECALL_ON - 2

    def _is_checked(self, code: _Code, offset: int, last: int) -> bool:
        """Whether the interpreter made a check between the instructions at `last` and `offset`."""
        if self._raised:
            self._raised = False
            return offset in code.handlers
        if last in code.after:
            return offset not in code.silent
        if last in code.jumps:
            code.sites.warmth += 1
            return not last < offset <= last + 2
        if self._owed >= 0 and last == self._owed + _FROM_PRECALL_TO_CALL:
            site, self._owed = self._owed, -1
            return (
                offset == site + _FROM_PRECALL_ON
                and not self.inlined
                and code.sites.is_checked(site, self._function)
            )
        return False


def _global(frame: FrameType, name: str) -> object:
    """What a global is now; `UNKNOWN` if there is no name, or nothing of that name."""
    if name == _GENERATOR:
        return _global
    found = frame.f_globals.get(name, UNKNOWN)
    return found if found is not UNKNOWN else vars(builtins).get(name, UNKNOWN)


class Traced(Tracing):
    """Points at trace events of the program's frames."""

    __slots__ = ("_begun", "_codes", "_granularity", "_scheduler", "_touching")

    def __init__(self, granularity: str, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._touching: Optional[Touching] = None
        self._granularity = granularity
        self._begun = False
        self._codes: dict[int, _Code] = {}

    def begin(self) -> None:
        """Trace the calling thread from here, the functions under way included."""
        if self._begun:
            return
        self._begun = True
        frame: Optional[FrameType] = sys._getframe()
        while frame is not None:
            is_program = places.is_program(frame.f_code.co_filename)
            frame.f_trace = self._also_told(frame, self._local(frame) if is_program else None)
            frame = frame.f_back
        sys.settrace(self._on_call if self._touching is None else self._on_told_call)

    def follow(self, touching: Touching) -> bool:
        """Have what instructions touch told, too."""
        self._touching = touching
        return True

    def begin_thread(self) -> None:
        """Trace the calling thread, new."""
        sys.settrace(self._on_call if self._touching is None else self._on_told_call)

    def end_thread(self) -> None:
        """Trace the calling thread no more."""
        sys.settrace(None)

    def sees_release(self, frame: Optional[FrameType]) -> bool:
        """In the program's own code, if the granularity is that of a GIL."""
        return (
            self._granularity == "gil"
            and frame is not None
            and places.is_program(frame.f_code.co_filename)
        )

    def _on_call(self, frame: FrameType, event: str, argument: object) -> Any:
        caller = frame.f_back
        calling: Any = caller.f_trace if caller is not None else None
        if self._touching is not None:
            calling = self._touching.traced(calling)
        if isinstance(calling, _Frame) and caller is not None:
            calling.enter(caller.f_lasti)
        filename = frame.f_code.co_filename
        if not places.is_program(filename):
            if calling is not None and self._granularity == "gil" and places.is_library(filename):
                self._scheduler.point()
            return None
        if self._granularity != "gil":
            return self._local(frame)
        code = self._code(frame.f_code)
        code.sites.warmth += 1
        if code.is_checked_start(frame.f_lasti):
            self._scheduler.point()
        return self._local(frame)

    def _on_told_call(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._also_told(frame, self._on_call(frame, event, argument))

    def _also_told(self, frame: FrameType, trace: Any) -> Any:
        """The trace function `trace`, or none, and one that tells what instructions touch."""
        return trace if self._touching is None else self._touching.trace(frame, trace)

    def _local(self, frame: FrameType) -> Any:
        """The trace function for `frame`, with the events that it needs switched on."""
        if self._granularity == "line":
            return self._on_line
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if self._granularity == "opcode":
            return self._on_opcode
        return _Frame(self._code(frame.f_code), frame.f_lasti, self._scheduler.point)

    def _on_line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self._scheduler.point()
        return self._on_line

    def _on_opcode(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "opcode":
            self._scheduler.point()
        return self._on_opcode

    def _code(self, code: CodeType) -> _Code:
        """What is known of `code`."""
        known = self._codes.get(id(code))
        if known is None:
            known = self._codes[id(code)] = _Code(code)
        return known
