"""What each instruction touches of what threads share, version by version of CPython.

A rule gives how the touches of an instruction are found, and from what.  The tables say which rule
an instruction goes by; one that is in none of them touches anything.
"""

from __future__ import annotations

import sys
from collections import defaultdict

from .following import READ, WRITE
from .objects import ALL, CONTAINERS, LAZY, LOCK_TYPES, NONE, PLAIN, Unknown
from .operands import EMPTY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from .objects import Touches
    from .touching import Touching

    Rule = tuple[Callable[[Touching, FrameType, Any], Touches], Any]

_CHANGING = frozenset(["_shutdown", "_SHUTTING_DOWN", "_profile_hook", "_trace_hook"])
"""Variables of the library's modules that are changed after those are imported."""


_OPTIMIZED = 1
"""A flag of code whose variables have places: not that of modules and classes."""

_HAS_FORM = 4
_FIRST_IN_PLACE, _SUBSCRIPT = 13, 26
"""Arguments of BINARY_OP: from the first on, and up to the second, what is left is changed."""

_SPECIALS = ("__enter__", "__exit__")
"""What LOAD_SPECIAL looks up, by its argument; further ones are asyncio's."""

_LEAVES_BOUND = 4
"""So many values are there for WITH_EXCEPT_START where its function is bound to its owner."""

_POSITIVE, _QUIET_INTRINSICS = 5, frozenset([3, 4, 6])
"""Arguments of CALL_INTRINSIC_1: `+`; how a generator ends, what it yields, a tuple of a list."""


# ---- rules: each gives how the touches of an instruction are found, and from what --------------


def _nothing(code: CodeType, argument: int) -> None:
    return None


def _anything(code: CodeType, argument: int) -> Any:
    return (_all_of, None)


def _all_of(touching: Touching, frame: FrameType, what: Any) -> Touches:
    return ALL


NEITHER = (_anything,)
"""What an instruction goes by that is in no table."""


def _global(code: CodeType, argument: int, kind: int, shift: int) -> Any:
    return (_touch_global, (kind, code.co_names[argument >> shift]))


def _touch_global(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    if kind == READ and name not in _CHANGING and not touching.is_program(frame.f_code):
        return NONE
    return [(kind, hash((id(frame.f_globals), name)))]


def _global_or_lazy(code: CodeType, argument: int, kind: int, shift: int) -> Any:
    return (_touch_global_or_lazy, (kind, code.co_names[argument >> shift]))


def _touch_global_or_lazy(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    """A module that is not imported before it is used is imported here."""
    if type(frame.f_globals.get(what[1])) is LAZY:
        return ALL
    return _touch_global(touching, frame, what)


def _name(code: CodeType, argument: int, kind: int) -> Any:
    if kind == WRITE and code.co_name != "<module>":
        return None  # of a class that is being made
    return (_touch_name, (kind, code.co_names[argument]))


def _touch_name(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    return [(kind, hash((id(frame.f_globals), name)))]


def _cell(code: CodeType, argument: int, kind: int) -> Any:
    return (_touch_cell, (kind, argument))


def _touch_cell(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    kind, place = what
    return [(kind, id(touching.local(frame, place)))]


def _class_cell(code: CodeType, argument: int) -> Any:
    is_class_body = not code.co_flags & _OPTIMIZED
    return _cell(code, argument, READ) if is_class_body else _anything(code, argument)


def _attribute(code: CodeType, argument: int, kind: int, shift: int = 0) -> Any:
    return (_touch_attribute, (kind, code.co_names[argument >> shift]))


def _touch_attribute(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    return touching.attribute(kind, touching.operands(frame, 1)[0], name)


def _read(code: CodeType, argument: int, count: int) -> Any:
    return (_touch_read, count)


def _touch_read(touching: Touching, frame: FrameType, count: int) -> Touches:
    return touching.reads(*touching.operands(frame, count))


def _super(code: CodeType, argument: int) -> Any:
    return (_touch_super, code.co_names[argument >> 2])


def _touch_super(touching: Touching, frame: FrameType, name: str) -> Touches:
    made, _, owner = touching.operands(frame, 3)
    if made is not super:
        raise Unknown
    return touching.attribute(READ, owner, name)


def _special(code: CodeType, argument: int) -> Any:
    if argument >= len(_SPECIALS):
        return _anything(code, argument)
    return (_touch_special, _SPECIALS[argument])


def _touch_special(touching: Touching, frame: FrameType, name: str) -> Touches:
    return touching.attribute(READ, type(touching.operands(frame, 1)[0]), name)


def _format(code: CodeType, argument: int) -> Any:
    return (_touch_read, 2 if argument & _HAS_FORM else 1)


def _binary(code: CodeType, argument: int) -> Any:
    if argument == _SUBSCRIPT:
        return _item(code, argument, READ)
    return (_touch_binary, argument >= _FIRST_IN_PLACE)


def _touch_binary(touching: Touching, frame: FrameType, in_place: bool) -> Touches:
    left, right = touching.operands(frame, 2)
    found = touching.reads(left, right)
    if in_place and found and isinstance(left, CONTAINERS):
        found.append((WRITE, touching.name(left)))
    return found


def _item(code: CodeType, argument: int, kind: int, stored: int = 0) -> Any:
    return (_touch_item, (kind, stored))


def _touch_item(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    kind, stored = what
    *values, owner, key = touching.operands(frame, stored + 2)
    if type(key) is slice:
        return _touch_slice_of(touching, kind, owner, (key, *values))
    return [*touching.reads(key), *_touch_inside(touching, kind, owner)]


def _slice(code: CodeType, argument: int, kind: int, stored: int = 0) -> Any:
    return (_touch_slice, (kind, stored))


def _touch_slice(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    kind, stored = what
    *values, owner, start, stop = touching.operands(frame, stored + 3)
    return _touch_slice_of(touching, kind, owner, (start, stop, *values))


def _touch_slice_of(touching: Touching, kind: int, owner: Any, read: tuple[Any, ...]) -> Touches:
    """What goes into a slice is gone through, and where it begins and ends is asked."""
    return [*touching.reads(*read), *_touch_inside(touching, kind, owner)]


def _touch_inside(touching: Touching, kind: int, owner: Any) -> Touches:
    if isinstance(owner, CONTAINERS) and touching.is_container(type(owner)):
        if isinstance(owner, tuple):
            return NONE
        if kind == READ and isinstance(owner, defaultdict):
            kind = WRITE
        return [(kind, touching.name(owner))]
    if type(owner) in PLAIN or isinstance(owner, type) or touching.is_plain(type(owner)):
        return NONE
    raise Unknown


def _iterate(code: CodeType, argument: int) -> Any:
    return (_touch_iterate, None)


def _touch_iterate(touching: Touching, frame: FrameType, what: None) -> Touches:
    (each,) = touching.operands(frame, 1)
    if isinstance(each, (set, frozenset)):
        touching.find_order(each, frame.f_code)
    if isinstance(each, CONTAINERS) and touching.is_container(type(each)):
        return [(READ, touching.name(each))] if not isinstance(each, (tuple, frozenset)) else NONE
    return NONE


def _go_on(code: CodeType, argument: int, above: int = 0) -> Any:
    return (_touch_go_on, above)


def _touch_go_on(touching: Touching, frame: FrameType, above: int) -> Touches:
    """The loop's own iterator is nobody else's."""
    is_own = touching.is_lone(frame, 1 + above)
    return _touch_next(touching, touching.operands(frame, 1 + above)[0], is_own)


def _touch_next(touching: Touching, iterator: Any, is_own: bool) -> Touches:
    """It goes on; from 3.15 on what is gone through may stand there itself."""
    if type(iterator) in PLAIN:
        return NONE
    if isinstance(iterator, CONTAINERS) and touching.is_container(type(iterator)):
        return touching.reads_alone(iterator)
    return touching.iterated(iterator, is_own)


def _send(code: CodeType, argument: int, above: int = 1) -> Any:
    return (_touch_send, above)


def _touch_send(touching: Touching, frame: FrameType, above: int) -> Touches:
    return _touch_next(touching, touching.operands(frame, 1 + above)[0], is_own=False)


def _call(code: CodeType, argument: int) -> Any:
    return (_touch_call, argument)


def _touch_call(touching: Touching, frame: FrameType, count: int) -> Touches:
    method, function, *given = touching.operands(frame, count + 2)
    if method is EMPTY:
        return touching.called(function, tuple(given))
    return touching.called(method, (function, *given))


def _call_of(code: CodeType, argument: int, above: int = 0) -> Any:
    return (_touch_call_of, (argument, above))


def _touch_call_of(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    count, above = what
    function, *given = touching.operands(frame, 2 + count + above)[: 2 + count]
    return touching.called(function, tuple(given[given[0] is EMPTY :]))


def _spread(code: CodeType, argument: int, gap: int = 0, above: int = -1) -> Any:
    return (_touch_spread, (gap, argument & 1 if above < 0 else above))


def _touch_spread(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    gap, above = what
    function, *values = touching.operands(frame, 2 + gap + above)
    given, *names = (each for each in values[gap:] if each is not EMPTY)
    if not isinstance(given, (tuple, list)):
        raise Unknown
    # They are given one by one: what they hold is looked at by whatever is called.
    found = [touch for each in (given, *names) for touch in touching.reads_alone(each)]
    named = tuple(value for each in names for value in each.values())
    return [*found, *touching.called(function, (*given, *named))]


def _enter(code: CodeType, argument: int) -> Any:
    return (_touch_enter, None)


def _touch_enter(touching: Touching, frame: FrameType, what: None) -> Touches:
    (manager,) = touching.operands(frame, 1)
    if type(manager) in LOCK_TYPES or touching.is_plain(type(manager)):
        return NONE
    raise Unknown


def _raise(code: CodeType, argument: int) -> Any:
    return (_touch_raise, argument) if argument else None


def _touch_raise(touching: Touching, frame: FrameType, count: int) -> Touches:
    raised = touching.operands(frame, count)[0]
    return [] if isinstance(raised, type) else [(WRITE, id(raised))]


def _leave(code: CodeType, argument: int, deep: int) -> Any:
    return (_touch_leave, deep)


def _touch_leave(touching: Touching, frame: FrameType, deep: int) -> Touches:
    function, owner, *_ = touching.operands(frame, deep)
    return touching.called(function, () if deep == _LEAVES_BOUND else (owner,))


def _import(code: CodeType, argument: int, flags: int = 0) -> Any:
    return (_touch_import, code.co_names[argument >> flags])


def _touch_import(touching: Touching, frame: FrameType, name: str) -> Touches:
    return NONE if name in sys.modules else ALL


def _intrinsic(code: CodeType, argument: int) -> Any:
    if argument == _POSITIVE:
        return _read(code, argument, 1)
    return None if argument in _QUIET_INTRINSICS else _anything(code, argument)


# ---- tables -------------------------------------------------------------------------------------

BIRTHS = frozenset(["BUILD_LIST", "BUILD_MAP", "BUILD_SET", "BUILD_CONST_KEY_MAP"])
"""Instructions that leave a new object on the stack."""

QUIET = frozenset(
    "ASYNC_GEN_WRAP BUILD_CONST_KEY_MAP BUILD_INTERPOLATION BUILD_LIST BUILD_MAP BUILD_SET"
    " BUILD_SLICE BUILD_STRING BUILD_TEMPLATE BUILD_TUPLE CACHE CHECK_EXC_MATCH CLEANUP_THROW COPY"
    " COPY_FREE_VARS DELETE_FAST END_FOR END_SEND EXTENDED_ARG GET_YIELD_FROM_ITER IS_OP"
    " JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT JUMP_FORWARD KW_NAMES LIST_APPEND LIST_TO_TUPLE"
    " LOAD_ASSERTION_ERROR LOAD_BUILD_CLASS LOAD_CLOSURE LOAD_COMMON_CONSTANT LOAD_CONST LOAD_FAST"
    " LOAD_FAST_AND_CLEAR LOAD_FAST_BORROW LOAD_FAST_BORROW_LOAD_FAST_BORROW LOAD_FAST_CHECK"
    " LOAD_FAST_LOAD_FAST LOAD_LOCALS LOAD_SMALL_INT MAKE_CELL MAKE_FUNCTION MAP_ADD NOP NOT_TAKEN"
    " POP_EXCEPT POP_ITER POP_JUMP_BACKWARD_IF_NONE POP_JUMP_BACKWARD_IF_NOT_NONE"
    " POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE"
    " POP_TOP PUSH_EXC_INFO PUSH_NULL RERAISE RESUME RETURN_CONST RETURN_GENERATOR RETURN_VALUE"
    " SETUP_ANNOTATIONS SET_ADD SET_FUNCTION_ATTRIBUTE STORE_FAST STORE_FAST_LOAD_FAST"
    " STORE_FAST_STORE_FAST SWAP YIELD_VALUE".split()
)
"""Instructions, of whichever version, that touch nothing that threads share."""

_READ_ONE = (
    "CONVERT_VALUE DICT_MERGE DICT_UPDATE FORMAT_SIMPLE GET_LEN JUMP_IF_FALSE_OR_POP"
    " JUMP_IF_TRUE_OR_POP LIST_EXTEND MATCH_MAPPING MATCH_SEQUENCE POP_JUMP_BACKWARD_IF_FALSE"
    " POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE"
    " POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE SET_UPDATE TO_BOOL UNARY_INVERT UNARY_NEGATIVE UNARY_NOT"
    " UNARY_POSITIVE UNPACK_EX UNPACK_SEQUENCE"
).split()
"""Those that look at the topmost value."""

COARSE = frozenset(
    "BEFORE_ASYNC_WITH CALL_INTRINSIC_2 CHECK_EG_MATCH END_ASYNC_FOR GET_AITER GET_ANEXT"
    " GET_AWAITABLE IMPORT_STAR LOAD_FROM_DICT_OR_GLOBALS MATCH_CLASS MATCH_KEYS PREP_RERAISE_STAR"
    " PRINT_EXPR".split()
)
"""Those that touch anything, as does whatever is not named here: coarse and right."""

NEVER_MET = frozenset(
    "ANNOTATIONS_PLACEHOLDER ENTER_EXECUTOR EXIT_INIT_CHECK INTERPRETER_EXIT JUMP JUMP_IF_FALSE"
    " JUMP_IF_TRUE JUMP_NO_INTERRUPT LOAD_SUPER_METHOD LOAD_ZERO_SUPER_ATTR"
    " LOAD_ZERO_SUPER_METHOD POP_BLOCK RESERVED SETUP_CLEANUP SETUP_FINALLY SETUP_WITH"
    " STORE_FAST_MAYBE_NULL TRACE_RECORD".split()
)
"""Those that are the compiler's or the interpreter's own, and in no code that is asked for."""

_SINCE: tuple[tuple[tuple[int, int], dict[str, tuple[Any, ...]]], ...] = (
    (
        (3, 11),
        {
            **dict.fromkeys(QUIET, (_nothing,)),
            **dict.fromkeys(_READ_ONE, (_read, 1)),
            "BEFORE_WITH": (_enter,),
            "BINARY_OP": (_binary,),
            "BINARY_SUBSCR": (_item, READ),
            "CALL": (_nothing,),
            "CALL_FUNCTION_EX": (_spread,),
            "COMPARE_OP": (_read, 2),
            "CONTAINS_OP": (_read, 2),
            "DELETE_ATTR": (_attribute, WRITE),
            "DELETE_DEREF": (_cell, WRITE),
            "DELETE_GLOBAL": (_global, WRITE, 0),
            "DELETE_NAME": (_name, WRITE),
            "DELETE_SUBSCR": (_item, WRITE),
            "FORMAT_VALUE": (_format,),
            "FOR_ITER": (_go_on,),
            "GET_ITER": (_iterate,),
            "IMPORT_FROM": (_attribute, READ),
            "IMPORT_NAME": (_import,),
            "LOAD_ATTR": (_attribute, READ),
            "LOAD_CLASSDEREF": (_cell, READ),
            "LOAD_DEREF": (_cell, READ),
            "LOAD_GLOBAL": (_global, READ, 1),
            "LOAD_METHOD": (_attribute, READ),
            "LOAD_NAME": (_name, READ),
            "PRECALL": (_call,),
            "RAISE_VARARGS": (_raise,),
            "SEND": (_send,),
            "STORE_ATTR": (_attribute, WRITE),
            "STORE_DEREF": (_cell, WRITE),
            "STORE_GLOBAL": (_global, WRITE, 0),
            "STORE_NAME": (_name, WRITE),
            "STORE_SUBSCR": (_item, WRITE, 1),
            "WITH_EXCEPT_START": (_leave, 4),
        },
    ),
    (
        (3, 12),
        {
            "BINARY_SLICE": (_slice, READ),
            "CALL": (_call,),
            "CALL_INTRINSIC_1": (_intrinsic,),
            "LOAD_ATTR": (_attribute, READ, 1),
            "LOAD_FROM_DICT_OR_DEREF": (_class_cell,),
            "LOAD_SUPER_ATTR": (_super,),
            "STORE_SLICE": (_slice, WRITE, 1),
        },
    ),
    (
        (3, 13),
        {
            "CALL": (_call_of,),
            "CALL_FUNCTION_EX": (_spread, 1),
            "CALL_KW": (_call_of, 1),
            "FORMAT_WITH_SPEC": (_read, 2),
        },
    ),
    (
        (3, 14),
        {
            "CALL_FUNCTION_EX": (_spread, 1, 1),
            "LOAD_SPECIAL": (_special,),
            "WITH_EXCEPT_START": (_leave, 5),
        },
    ),
    (
        (3, 15),
        {
            "FOR_ITER": (_go_on, 1),
            "IMPORT_NAME": (_import, 2),
            "LOAD_GLOBAL": (_global_or_lazy, READ, 1),
            "SEND": (_send, 2),
        },
    ),
)
"""By the version since which an instruction goes by it: the rule, and what that is given."""


def rules_of(version: tuple[int, int]) -> dict[str, tuple[Any, ...]]:
    """For each instruction of this version of CPython the rule by which its touches are found."""
    return {
        name: rule for since, rules in _SINCE if since <= version for name, rule in rules.items()
    }
