"""Where CPython checks whether it must switch threads, version by version.

A build with a GIL hands it on at these checks, and where C code lets go of it by itself; nowhere
else.  What is written here was measured: ``python -m tests.bench switches`` runs bodies for real
and under control on each interpreter that is there, and ``tests/bench/switches.json`` keeps what
each one did.

All     when a function starts, when a generator is resumed
3.9     before nearly every instruction
3.10    after each call; at each jump of JUMP_ABSOLUTE and of POP_JUMP_IF_…, forward ones too; where
        an exception is caught; but never just before a `try`, a `with` or a `yield from`
3.11    after a call of what is no Python function or method, and after each call with `*`; at
        backward jumps
3.12    the same; of calls with `*`, not after those of a Python function
3.14–   the same; of calls with keywords, not after the first one at a place

From 3.11 on a call that was specialised for `len`, `isinstance`, `type` or `list.append` (and from
3.13 on one that makes an object of a class with an `__init__`) is not followed by a check.  So a
place where such a call was made before is no point, and one where it was not is.  3.11 specialises
code that was started or jumped back in eight times, later versions each call when it is made for
the second time.  What happened before the program's first thread is read from the code itself.
"""

from __future__ import annotations

import sys
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Optional

_VERSION = sys.version_info[:2]

_FORMS: dict[tuple[int, ...], tuple[int, dict[int, str]]] = {
    (3, 11): (166, {77: "isinstance", 78: "len", 79: "append", 141: "type", 143: "function"}),
    (3, 12): (171, {41: "isinstance", 42: "len", 43: "append", 56: "type"}),
    (3, 13): (53, {162: "init", 169: "isinstance", 170: "len", 171: "append", 181: "type"}),
    (3, 14): (52, {143: "init", 150: "isinstance", 154: "len", 155: "append", 165: "type"}),
    (3, 15): (50, {144: "init", 153: "isinstance", 157: "len", 158: "append", 168: "type"}),
}
"""The instruction of a plain call, and those of its specialised forms that are not checked."""

_CALL, _UNCHECKED = _FORMS.get(_VERSION, (-1, {}))
_LATER_CHECKED = {(3, 14): 55, (3, 15): 53}.get(_VERSION, -1)
"""The instruction of a call with keywords, where that is checked only once it is specialised."""
_SPREAD = {(3, 12): 142, (3, 13): 54, (3, 14): 4, (3, 15): 4}.get(_VERSION, -1)
"""The instruction of a call with `*`."""

_POP_TOP = {(3, 11): 1, (3, 12): 1, (3, 13): 32, (3, 14): 31, (3, 15): 29}.get(_VERSION, -1)
_KINDS: dict[object, tuple[str, int]] = {
    len: ("len", 1),
    isinstance: ("isinstance", 2),
    type: ("type", 1),
}
"""What has such forms, called with so many values."""

_HAS_INITS = _VERSION >= (3, 13)
_QUICKENED_AT = 8
_VALUE_SHIFT = 4 if _VERSION < (3, 15) else 3
_CACHE_SIZE = 6 if _VERSION == (3, 11) else 3


UNKNOWN = object()
"""Stands for a function that cannot be told."""


class Sites:
    """The places of one code object from which something is called, by offset.

    What each is specialised for: `None` if for something whose calls are checked.
    """

    __slots__ = ("_base", "_before", "_once", "_settled", "warmth")

    def __init__(self, code: CodeType) -> None:
        self._base = code.co_code
        self._before: bytes = getattr(code, "_co_code_adaptive", b"")
        self._settled: dict[int, Optional[str]] = {}
        self._once: set[int] = set()
        self.warmth = 0
        """How often the code was started, or jumped back in: all that counts for 3.11."""

    def is_checked(self, offset: int, function: object) -> bool:
        """Whether the call of `function` that was just made there is followed by a check."""
        instruction = self._base[offset]
        if instruction == _LATER_CHECKED:
            return self._is_warm(offset)
        if instruction != _CALL:
            return True
        if type(function) is FunctionType:
            return False
        kind = self._kind(offset, function)
        if offset not in self._settled and not self._settle(offset, kind):
            return True
        settled = self._settled[offset]
        return settled is None or (kind != settled and function is not UNKNOWN)

    def is_spread(self, offset: int) -> bool:
        """Whether the call there is one with `*`."""
        return self._base[offset] == _SPREAD

    def is_silent(self, offset: int) -> bool:
        """Whether a generator that goes on there does so in the midst of a `yield from` or `await`.

        That is not checked.
        """
        return self._base[offset + 1] & 3 > 1

    def _settle(self, offset: int, kind: Optional[str]) -> bool:
        """Whether the call is specialised by now; if it has just become so, for this kind."""
        before = self._before[offset]
        if before in _UNCHECKED:
            self._settled[offset] = _UNCHECKED[before]
        elif self._is_warm(offset):
            self._settled[offset] = kind
        return offset in self._settled

    def _is_warm(self, offset: int) -> bool:
        """Whether the call that was just made there was specialised, for whatever."""
        changed = self._before[offset] != self._base[offset]
        if _VERSION == (3, 11):
            return changed or self.warmth >= _QUICKENED_AT
        called = offset in self._once or changed or not self._counter(offset)
        self._once.add(offset)
        return called

    def _counter(self, offset: int) -> int:
        """So many more calls, when watching began, until the interpreter specialises this one."""
        return int.from_bytes(self._before[offset + 2 : offset + 4], sys.byteorder) >> _VALUE_SHIFT

    def _kind(self, offset: int, function: object) -> Optional[str]:
        """Which of the forms that are not checked serves this call, if any does."""
        given = self._base[offset + 1]
        if type(function) is type and function is not type:
            return "init" if _HAS_INITS and _is_simple(function, given) else None
        try:
            kind, wanted = _KINDS[function]
        except (KeyError, TypeError):
            return "append" if function is _APPEND and self._is_dropped(offset) else None
        return kind if given == wanted else None

    def _is_dropped(self, offset: int) -> bool:
        """Whether the value of the call is not used, or that does not matter here."""
        return _VERSION >= (3, 15) or self._base[offset + 2 + 2 * _CACHE_SIZE] == _POP_TOP


_APPEND = list.append


def _is_simple(made: type, given: int) -> bool:
    """Whether an object of this class is made by its Python `__init__` alone, of so many values."""
    init: object = made.__init__  # type: ignore[misc] # of the class itself
    new: object = made.__new__
    if type(init) is not FunctionType or new is not object.__new__:
        return False
    code = init.__code__
    return code.co_argcount == given + 1 and not code.co_kwonlyargcount and not code.co_flags & 0xC
