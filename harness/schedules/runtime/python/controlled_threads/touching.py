"""What the program's code, and the library's, touches of what threads share, as it goes on.

Each instruction is looked at before it is done, with its operands: which variable, whose attribute,
which container (instructions.py); and what C code does that it calls (objects.py).

The bookkeeping of `threading` is left out: the starts and ends of threads are told as such, and
that two of them are entered into one table is seen by nobody.
"""

from __future__ import annotations

import _thread
import sys
import threading

from . import places
from .following import ANYTHING, READ, THREADS, WRITE, end_of
from .instructions import BIRTHS, NEITHER, rules_of
from .objects import ALL, NONE, Objects
from .operands import instructions, is_laid_out, tops_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Optional

    from .following import Following
    from .objects import Touches
    from .world import World


class Code:
    """What is known of a code object: how the touches of its instructions are found, by offset."""

    __slots__ = ("births", "is_program", "rules", "seconds", "starts", "tops")

    def __init__(self, code: CodeType, is_program: bool, table: dict[str, tuple[Any, ...]]) -> None:
        self.is_program = is_program
        self.rules: dict[int, tuple[Any, Any]] = {}
        self.births: set[int] = set()
        """Offsets of instructions that make a new object."""
        self.seconds: set[int] = set()
        """Offsets of those that go on with what the one before began: a call may be two of them."""
        self.starts: set[int] = set()
        """Offsets at which the function starts, or goes on after a `yield`."""
        for offset, name, argument in instructions(code.co_code):
            make, *fixed = table.get(name, NEITHER)
            rule = make(code, argument, *fixed)
            if rule is not None:
                self.rules[offset] = rule
            if name in BIRTHS:
                self.births.add(offset)
            elif name == _SECOND:
                self.seconds.add(offset)
            elif name == "RESUME":
                self.starts.add(offset)
        self.tops = tops_of(code)


_IS_TRACED = sys.version_info < (3, 12)
_SECOND = "CALL" if _IS_TRACED else ""


class Follower:
    """Tells what the instructions of one frame touch; `trace` is the trace function of its points.

    It is itself a trace function.  Where events come otherwise, it is kept where a frame has that.
    """

    __slots__ = ("_bears", "_code", "_tell", "_touching", "after", "trace", "under")

    def __init__(self, touching: Touching, code: Code, trace: Any, under: Touches) -> None:
        self._touching = touching
        self._code = code
        self._tell = touching.tell
        self._bears = False
        self.after: Touches = NONE
        """What the last instruction touches: it may do so at its end."""
        self.trace = trace
        self.under = under
        """What C code touches that is under way while this frame is."""

    def __call__(self, frame: FrameType, event: str, argument: object) -> Follower:
        """Tell what the instruction touches that comes next, after the point before it."""
        goes_on = event == "opcode" and frame.f_lasti in self._code.seconds
        kept = self.after
        self.settle()
        if goes_on:
            self.after = kept
        if self.trace is not None:
            self.trace(frame, event, argument)
            self.tell_under()
        if event == "opcode" and not goes_on:
            self.look_at(frame, frame.f_lasti)
        return self

    def begins_at(self, offset: int) -> bool:
        """Whether the frame begins or goes on there: another follower may be about to take over."""
        return offset in self._code.starts

    def settle(self) -> None:
        """The last instruction is done: tell what it may have done at its end."""
        if self.after:
            self._tell(self.after)
            self.after = NONE
        self.tell_under()

    def tell_under(self) -> None:
        """Tell what C code may be doing, now that others were let go on."""
        if self.under:
            self._tell(self.under)

    def look_at(self, frame: FrameType, offset: int) -> None:
        """Tell what the instruction touches that comes next."""
        code, touching = self._code, self._touching
        touching.top = code.tops.get(offset, -1)
        if self._bears and touching.top > 0:
            touching.bear(touching.operands(frame, 1)[0])
        self._bears = offset in code.births
        rule = code.rules.get(offset)
        if rule is not None:
            self.after = touching.find(rule, frame)
            if self.after:
                self._tell(self.after)


class Left:
    """The trace function of what is told once it is left."""

    __slots__ = ("_touching", "trace")

    def __init__(self, touching: Touching) -> None:
        self._touching = touching
        self.trace = None

    def __call__(self, frame: FrameType, event: str, argument: object) -> Left:
        """Tell at the end what was learned, or done."""
        if event == "return":
            self._touching.leave(frame)
        return self


class Touching(Objects):
    """Finds out what instructions touch, and tells it, one touch by one, by `touch`."""

    def __init__(
        self, world: World, following: Following, touch: Callable[[int, int], object]
    ) -> None:
        super().__init__(world, following)
        self._touch = touch
        self._codes: dict[int, tuple[CodeType, Optional[Code]]] = {}
        self.table = rules_of(sys.version_info[:2])
        self.top = -1
        """Behind which place the stack of the frame ends that is looked at; -1: nobody knows."""

    # ---- frames ---------------------------------------------------------------------------------

    def trace(self, frame: FrameType, trace: Any) -> Any:
        """The trace function of a frame that begins, or goes on; `trace` is that of its points."""
        if self.is_importing():
            return trace
        code = self.code(frame.f_code)
        if (
            frame.f_code is _WAIT
            and frame.f_back is not None
            and self.is_program(frame.f_back.f_code)
        ):
            self._following.may_wake()  # whoever only stands before the lock counts as waiting
        if code is not None:
            if _IS_TRACED:
                frame.f_trace_opcodes = True
                frame.f_trace_lines = trace is not None and frame.f_trace_lines
            return Follower(self, code, trace, self._under(frame.f_back))
        if frame.f_code is _NEW:
            self._touch(WRITE, THREADS)  # its name goes by how many there were
        if frame.f_code is _IMPORT:
            self._following.importing[_thread.get_ident()] = frame
            self._touch(ANYTHING, 0)
        if self.is_told_at_end(frame.f_code):
            frame.f_trace_lines = False
            return Left(self)
        return trace

    def is_importing(self) -> bool:
        """Whether the current thread imports a module: that may touch anything, and does much."""
        return _thread.get_ident() in self._following.importing

    def _under(self, caller: Optional[FrameType]) -> Touches:
        """What C code touches that is under way, if `caller` has called it, or is called by it."""
        calling = caller.f_trace if caller is not None else None
        if isinstance(calling, Follower) and (calling.under or calling.after):
            return [*calling.under, *calling.after]
        return NONE

    @staticmethod
    def traced(trace: Any) -> Any:
        """That of its points."""
        return trace.trace if isinstance(trace, (Follower, Left)) else trace

    def code(self, code: CodeType) -> Optional[Code]:
        """What is known of a piece of code; None: what it touches is told otherwise, if at all."""
        found = self._codes.get(id(code))
        if found is None:
            name = code.co_filename
            known = None
            is_told = self.is_told_at_end(code) or _is_bookkeeping(code)
            if not places.is_runtime(name) and not is_told:
                known = Code(code, places.is_program(name), self.table)
            found = self._codes[id(code)] = code, known
        return found[1]

    @staticmethod
    def is_told_at_end(code: CodeType) -> bool:
        """Whether it is code of which it is told once it is left what it touched."""
        return code is _IMPORT or code in _ENDS

    def leave(self, frame: FrameType) -> None:
        """Such code is left, by whichever way."""
        if frame.f_code is not _IMPORT:
            self._look_at_ends(frame)
        elif self._following.importing.get(_thread.get_ident()) is frame:
            del self._following.importing[_thread.get_ident()]
            self._touch(ANYTHING, 0)

    def find(self, rule: tuple[Any, Any], frame: FrameType) -> Touches:
        """What an instruction that goes by this rule touches, in this frame."""
        how, what = rule
        try:
            found: Touches = how(self, frame, what)
        except Exception:  # what it looks at may be anything
            return ALL
        return found

    def tell(self, touches: Touches) -> None:
        """Tell the library."""
        for kind, number in touches:
            self._touch(kind, number)

    def hide(self, what: str) -> None:
        """The program does what no step tells."""
        self._following.hide(what)

    def _look_at_ends(self, frame: FrameType) -> None:
        """The current thread has learned whether that has ended whose method this is, or all."""
        thread = frame.f_locals.get("self")
        if thread is None:
            self._touch(READ, THREADS)
        for number in self._following.numbers_of(thread):
            self._touch(READ, end_of(number))

    def is_program(self, code: CodeType) -> bool:
        """Whether the code is the program's."""
        known = self.code(code)
        return known is not None and known.is_program

    # ---- what a frame holds ---------------------------------------------------------------------

    def operands(self, frame: FrameType, count: int) -> tuple[Any, ...]:
        """So many values from the top of the stack, the lowest first; `EMPTY` for what is none."""
        values: tuple[Any, ...] = self._world.values(frame, self._place(count), count)
        return values

    def is_lone(self, frame: FrameType, deep: int) -> bool:
        """Whether but the stack nothing refers to the value so deep in it, the topmost being 1."""
        return bool(self._world.is_lone(frame, self._place(deep)))

    def local(self, frame: FrameType, place: int) -> Any:
        """What stands at this place of its variables, a cell being itself."""
        return self._world.values(frame, place, 1)[0]

    def _place(self, deep: int) -> int:
        if self.top < deep:
            raise LookupError
        return self.top - deep


_BOOKKEEPING = frozenset(
    "_bootstrap _bootstrap_inner _delete _stop _set_ident _set_native_id _set_tstate_lock"
    " _wait_for_tstate_lock _newname start join is_alive _shutdown current_thread ident"
    " _maintain_shutdown_locks _started _after_fork _reset_internal_locks"
    " _os_thread_handle _set_os_name".split()
)
"""None of these calls what is the program's but through another function of the library's."""


def _is_bookkeeping(code: CodeType) -> bool:
    """Whether what a piece of library code touches is told otherwise, or seen by nobody."""
    if code.co_filename.endswith("_weakrefset.py"):
        return True
    if code.co_filename != _THREADING:
        return False
    first = getattr(code, "co_qualname", code.co_name).partition(".")[0]
    if first in ("Thread", "_MainThread", "_DummyThread"):
        return code.co_name in _BOOKKEEPING or code.co_name == "__init__"
    return first in _BOOKKEEPING


_THREADING = threading.Thread.join.__code__.co_filename
_IMPORT = vars(sys.modules["_frozen_importlib"])["_find_and_load"].__code__
_WAIT = threading.Condition.wait.__code__
_NEW = threading.Thread.__init__.__code__
_ENDS = tuple(
    function.__code__
    for function in (
        threading.Thread.join,
        threading.Thread.is_alive,
        threading.enumerate,
        threading.active_count,
    )
)

# ---- beginning ----------------------------------------------------------------------------------


def begin(world: World, following: Following) -> None:
    """Have instructions tell what they touch, where this interpreter is known."""
    from .rehearsal import is_right

    touching = Touching(world, following, world.touch)
    if not (is_laid_out(world) and is_right(world, following) and world.tracing.follow(touching)):
        following.hide("instructions")
