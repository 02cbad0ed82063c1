"""Where an instruction finds what it works on: values on the interpreter's own stack.

How many there are is read off the code: its compiler sees to it that each instruction is come to
with as many, whichever way that is.  (CPython 3.12 and 3.13 have the top of the stack nowhere in
memory while they tell of an instruction.)  Where a frame keeps them differs from version to
version; what is written here is tried on the very interpreter (rehearsal.py) before it is used.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType
    from typing import Optional

    from .world import World

_LAYOUTS = {
    (3, 11): (24, 72),
    (3, 12): (24, 72),
    (3, 13): (24, 72),
    (3, 14): (24, 80),
    (3, 15): (24, 80),
}
"""Where a frame object has the interpreter's own frame, and that its first local variable."""

_CALL = "PRECALL" if sys.version_info < (3, 12) else "CALL"
"""The instruction that finds what is called, and with what, on the stack."""

EMPTY = object()
"""Stands for a place of a stack that holds no object."""

_GENERATORS = 0x20 | 0x80 | 0x200
_NO_WAY_ON = frozenset(
    "INTERPRETER_EXIT JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT JUMP_FORWARD RAISE_VARARGS RERAISE"
    " RETURN_CONST RETURN_VALUE".split()
)
"""Instructions that the next one does not follow."""


def is_laid_out(world: World) -> bool:
    """Have operands found on this interpreter; False if it is not known where they are."""
    layout = _LAYOUTS.get(sys.version_info[:2])
    if layout is None or "t" in sys.abiflags:  # without the GIL frames are others
        return False
    world.set_layout(*layout, EMPTY)
    return _is_deep() and _has_two_values(world, object(), object())


def _is_deep() -> bool:
    """Whether it is known how deep the stack is at the two calls that `_has_two_values` has first.

    There is a function on it then, with its place for an owner and with three values, and below
    that the one value, or that one, what came of the first call, and the other.
    """
    code = _has_two_values.__code__
    tops = tops_of(code)
    calls = [at for at, name, given in instructions(code.co_code) if (name, given) == (_CALL, 3)]
    return [tops.get(at, 0) - place_of_stack(code) for at in calls[:2]] == [1 + 5, 3 + 5]


def _has_two_values(world: World, one: object, other: object) -> bool:
    """Whether two values of which it is known that they are on the stack now are where they should.

    Nothing is taken from there for an object: where the table is wrong it may be anything.
    """
    frame, holds, base = sys._getframe(), world.holds, place_of_stack(_has_two_values.__code__)
    _, is_first, is_second = (
        one,
        holds(frame, base, one),
        (other, holds(frame, base + 2, other))[1],
    )
    is_local = holds(frame, 1, one) and not holds(frame, 1, other)
    return bool(is_first and is_second and is_local)


def place_of_stack(code: CodeType) -> int:
    """How many places of a frame come before its stack: those of variables, each once."""
    own = set(code.co_varnames)
    cells = sum(name not in own for name in code.co_cellvars)
    return len(code.co_varnames) + cells + len(code.co_freevars)


def instructions(raw: bytes) -> Iterator[tuple[int, str, int]]:
    """Each instruction's offset, name and argument."""
    from opcode import opname

    extended = 0
    for offset in range(0, len(raw), 2):
        name, argument = opname[raw[offset]], extended | raw[offset + 1]
        extended = argument << 8 if name == "EXTENDED_ARG" else 0
        if name != "CACHE":
            yield offset, name, argument


def tops_of(code: CodeType) -> dict[int, int]:
    """Behind which place of a frame its stack ends when an instruction is come to, by offset.

    What cannot be told is left out.
    """
    return _Depths(code).tops()


class _Depths:
    """How deep the stack of one code object is at each of its instructions."""

    __slots__ = ("_at", "_code", "_depths", "_left")

    def __init__(self, code: CodeType) -> None:
        self._code = code
        found = list(instructions(code.co_code))
        ends = [*(offset for offset, _, _ in found[1:]), len(code.co_code)]
        self._at = {each[0]: (*each[1:], end) for each, end in zip(found, ends)}
        self._depths: dict[int, int] = {}
        self._left: list[tuple[int, int]] = []

    def tops(self) -> dict[int, int]:
        """See `tops_of`."""
        self._left = [(0, _first_depth(self._code)), *_handlers(self._code.co_exceptiontable)]
        while self._left:
            self._follow(*self._left.pop())
        base = place_of_stack(self._code)
        return {offset: base + depth for offset, depth in self._depths.items() if depth >= 0}

    def _follow(self, offset: int, depth: int) -> None:
        """From one instruction to the next, until all is known already, or nothing follows."""
        while offset in self._at:
            known = self._depths.get(offset)
            if known in (depth, _VARIES):
                return
            if known is not None:
                depth = _VARIES
            self._depths[offset] = depth
            name, argument, end = self._at[offset]
            jump, on = _effects(name, argument)
            if jump is not None:
                way = -2 * argument if "BACKWARD" in name else 2 * argument
                self._left.append((end + way, _sum(depth, jump)))
            if on is None:
                return
            offset, depth = end, _sum(depth, on)


_VARIES = -1
"""Stands for a depth that is another on another way."""


def _sum(depth: int, effect: int) -> int:
    return _VARIES if depth == _VARIES else max(depth + effect, _VARIES)


def _first_depth(code: CodeType) -> int:
    """Up to 3.12 a generator is handed its first value as it starts."""
    from opcode import opmap, stack_effect

    if not code.co_flags & _GENERATORS:
        return 0
    return int(not stack_effect(opmap["RETURN_GENERATOR"]))


def _effects(name: str, argument: int) -> tuple[Optional[int], Optional[int]]:
    """By how many values the stack grows if an instruction jumps, and if the next one follows.

    None: it never does.
    """
    from opcode import HAVE_ARGUMENT, hasjrel, opmap, stack_effect

    opcode = opmap[name]
    given = argument if opcode >= HAVE_ARGUMENT else None
    jump = stack_effect(opcode, given, jump=True) if opcode in hasjrel else None
    return jump, None if name in _NO_WAY_ON else stack_effect(opcode, given, jump=False)


def _handlers(table: bytes) -> Iterator[tuple[int, int]]:
    """Where caught exceptions go on, and how deep the stack is there.

    An entry of the table is four numbers, each of six bits a byte: where what it covers begins, how
    long that is, where it leads, and twice the depth that is kept, with a bit for one value more.
    """
    numbers: list[int] = []
    is_within = False
    for byte in table:
        if byte & _BEGINS:
            numbers = []
        if not is_within:
            numbers.append(0)
        numbers[-1] = numbers[-1] << 6 | byte & 0x3F
        is_within = bool(byte & _GOES_ON)
        if len(numbers) == _ENTRY and not is_within:
            yield 2 * numbers[2], (numbers[3] >> 1) + (numbers[3] & 1) + 1


_ENTRY = 4
_BEGINS, _GOES_ON = 0x80, 0x40
"""Bits of a byte: an entry begins with it; the number goes on with the next one."""
