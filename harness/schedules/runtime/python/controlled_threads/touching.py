"""What instructions touch of what threads share.

Each instruction of the program's code, and of the library's, is looked at before it is done, with
its operands: which variable, whose attribute, which container.  Objects are named by where they
are; a variable of a module or an attribute by its owner and its name.  What cannot be told touches
anything: coarse and right beats fine and wrong.  What C code does is known of builtin types and of
the functions that are listed; of all other it is not.

The bookkeeping of `threading` is left out: the starts and ends of threads are told as such, and
that two of them are entered into one table is seen by nobody.
"""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import threading
from collections import OrderedDict, defaultdict, deque
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    TracebackType,
    WrapperDescriptorType,
)
from weakref import ReferenceType

from . import places
from .following import ANYTHING, CLOCK, READ, THREADS, WRITE, end_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType
    from typing import Any, Optional

    from .following import Following
    from .world import World

    Touches = list[tuple[int, int]]
    Rule = Callable[["Touching", FrameType, Any], Touches]

ALL = [(ANYTHING, 0)]
NONE: list[tuple[int, int]] = []

_MOST_LOOKED_AT = 200
"""Objects that are looked at to find out what one instruction reads."""

_PLAIN: tuple[type, ...] = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    type(Ellipsis),
    type(NotImplemented),
    range,
    slice,
    type,
    FunctionType,
    BuiltinFunctionType,
    MethodDescriptorType,
    WrapperDescriptorType,
    ModuleType,
    CodeType,
)
"""Objects of these types are never changed, or not in what an operator looks at."""

_LOCK_TYPES = (type(threading.Lock()), type(threading.RLock()))
_OPAQUE = (*_LOCK_TYPES, TracebackType, ReferenceType)
"""Objects of which no operator looks at what they hold.

Weak references are those of the library's own: a program that has some is not covered.
"""


class _Unknown(Exception):
    """It cannot be told."""


class _Pure:
    """A class that is written in Python."""


# ---- what is called -----------------------------------------------------------------------------

_READERS = frozenset(
    "abs all any ascii bin chr divmod format hash hex max min next oct ord pow print repr round"
    " sorted sum".split()
)
"""Builtin functions that read what they are given, and what it holds, and change nothing else."""

_SHALLOW_READERS = frozenset(["iter", "len"])
"""Those that do not look at what it holds."""

_LOOKERS = frozenset(["__build_class__", "callable", "isinstance", "issubclass"])
"""Those that look at types."""

_MAKERS = (
    *_PLAIN,
    bytearray,
    list,
    tuple,
    dict,
    set,
    frozenset,
    deque,
    defaultdict,
    OrderedDict,
    enumerate,
    zip,
    reversed,
    object,
    super,
    property,
    staticmethod,
    classmethod,
    *_LOCK_TYPES,
)
"""Types whose making reads what it is given."""

_READING = frozenset(
    "get keys values items copy index count isdisjoint issubset issuperset union intersection"
    " difference symmetric_difference __len__ __iter__ __contains__ __getitem__ __eq__ __ne__"
    " __repr__ __reversed__ decode hex find startswith endswith join split".split()
)
"""Methods of containers that change nothing; the others do."""

_SHALLOW_READING = frozenset(
    "get keys values items copy __len__ __iter__ __getitem__ __reversed__".split()
)
"""Those of them that do not look at what it holds."""

_KEEPING = frozenset("append appendleft insert clear reverse rotate pop popleft popitem".split())
"""Those that change a container and do not look at what they are given."""

_CONTAINERS = (list, dict, set, frozenset, deque, bytearray, tuple, MappingProxyType)

_EMPTY_METHODS = frozenset(["__init__", "__init_subclass__", "__subclasshook__", "__setattr__"])
"""Those of `object` that do nothing, or what an instruction would."""

_SAMPLES: tuple[Any, ...] = (
    iter([]),
    iter(()),
    iter({}),
    iter({}.values()),
    iter({}.items()),
    iter(set()),
    iter(range(0)),
    iter(range(1 << 65)),
    iter(""),
    iter("\u1100"),
    iter(b""),
    iter(deque()),
    reversed([]),
    reversed({}),
    enumerate(()),
    zip(),
    map(len, ()),
    iter(int, 1),
    filter(None, ()),
)
_ITERATORS = frozenset(map(type, _SAMPLES))


class Code:
    """What is known of a code object: how the touches of its instructions are found, by offset."""

    __slots__ = ("births", "is_program", "rules", "seconds")

    def __init__(self, code: CodeType, is_program: bool, table: dict[str, tuple[Any, ...]]) -> None:
        self.is_program = is_program
        self.rules: dict[int, tuple[Any, Any]] = {}
        self.births: set[int] = set()
        """Offsets of instructions that make a new object."""
        self.seconds: set[int] = set()
        """Offsets of those that go on with what the one before began: a call is two of them."""
        for offset, name, argument in instructions(code.co_code):
            make, *fixed = table.get(name, (_anything,))
            rule = make(code, argument, *fixed)
            if rule is not None:
                self.rules[offset] = rule
            if name in _BIRTHS:
                self.births.add(offset)
            elif name == "CALL":
                self.seconds.add(offset)


def instructions(raw: bytes) -> Iterator[tuple[int, str, int]]:
    """Each instruction's offset, name and argument."""
    from opcode import opname

    extended = 0
    for offset in range(0, len(raw), 2):
        name, argument = opname[raw[offset]], extended | raw[offset + 1]
        extended = argument << 8 if name == "EXTENDED_ARG" else 0
        if name != "CACHE":
            yield offset, name, argument


class Follower:
    """The trace function of a frame that tells what is touched; `trace` is that of its points."""

    __slots__ = (
        "_bears",
        "_births",
        "_rules",
        "_seconds",
        "_tell",
        "_touching",
        "after",
        "trace",
        "under",
    )

    def __init__(self, touching: Touching, code: Code, trace: Any, under: Touches) -> None:
        self._touching = touching
        self._rules = code.rules
        self._tell = touching.tell
        self.after: Touches = NONE
        self._births = code.births
        self._seconds = code.seconds
        self._bears = False
        self.trace = trace
        self.under = under
        """What C code touches that is under way while this frame is."""

    def __call__(self, frame: FrameType, event: str, argument: object) -> Follower:
        """Tell what the instruction touches that comes next, after the point before it."""
        goes_on = event == "opcode" and frame.f_lasti in self._seconds
        if self.after:  # what it does it may have done at the end
            self._tell(self.after)
            if not goes_on:
                self.after = NONE
        if self.under:
            self._tell(self.under)
        if self.trace is not None:
            self.trace(frame, event, argument)
            if self.under:
                self._tell(self.under)
        if event == "opcode" and not goes_on:
            self._look_at(frame)
        return self

    def _look_at(self, frame: FrameType) -> None:
        """Tell what the instruction touches that comes next."""
        if self._bears:
            self._touching.bear(frame)
        self._bears = frame.f_lasti in self._births
        rule = self._rules.get(frame.f_lasti)
        if rule is not None:
            self.after = self._touching.find(rule, frame)
            if self.after:
                self._tell(self.after)


class Joined:
    """The trace function of what tells whether threads have ended."""

    __slots__ = ("_touching", "trace")

    def __init__(self, touching: Touching) -> None:
        self._touching = touching
        self.trace = None

    def __call__(self, frame: FrameType, event: str, argument: object) -> Joined:
        """Tell at the end what was learned."""
        if event == "return":
            self._touching.look_at_ends(frame.f_locals.get("self"))
        return self


class Touching:
    """Finds out what instructions touch, and tells the library."""

    def __init__(self, world: World, following: Following) -> None:
        self._world = world
        self._following = following
        self._touch = world.touch
        self.operands = world.operands
        self.local = world.local
        self._codes: dict[int, tuple[CodeType, Optional[Code]]] = {}
        self._plain: dict[type, bool] = {}
        self._births: dict[int, int] = {}
        self._table = _table()

    # ---- frames ---------------------------------------------------------------------------------

    def trace(self, frame: FrameType, trace: Any) -> Any:
        """The trace function of a frame, of which `trace` is that of its points."""
        code = self._code(frame.f_code)
        if (
            frame.f_code is _WAIT
            and frame.f_back is not None
            and self.is_program(frame.f_back.f_code)
        ):
            self._following.may_wake()  # whoever only stands before the lock counts as waiting
        if code is not None:
            frame.f_trace_opcodes = True
            frame.f_trace_lines = trace is not None and frame.f_trace_lines
            return Follower(self, code, trace, self._under(frame.f_back))
        if frame.f_code is _NEW:
            self._touch(WRITE, THREADS)  # its name goes by how many there were
        if frame.f_code in _ENDS:
            frame.f_trace_lines = False
            return Joined(self)
        return trace

    def _under(self, caller: Optional[FrameType]) -> Touches:
        """What C code touches that is under way, if `caller` has called it, or is called by it."""
        calling = caller.f_trace if caller is not None else None
        if isinstance(calling, Follower) and (calling.under or calling.after):
            return [*calling.under, *calling.after]
        return NONE

    @staticmethod
    def traced(trace: Any) -> Any:
        """That of its points."""
        return trace.trace if isinstance(trace, (Follower, Joined)) else trace

    def _code(self, code: CodeType) -> Optional[Code]:
        found = self._codes.get(id(code))
        if found is None:
            name = code.co_filename
            known = None
            if not places.is_runtime(name) and not _is_bookkeeping(code):
                known = Code(code, places.is_program(name), self._table)
            found = self._codes[id(code)] = code, known
        return found[1]

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

    def look_at_ends(self, thread: Any) -> None:
        """The current thread learns whether `thread` has ended; without one, which are there."""
        if thread is None:
            self._touch(READ, THREADS)
        for number in self._following.numbers_of(thread):
            self._touch(READ, end_of(number))

    def is_program(self, code: CodeType) -> bool:
        """Whether the code is the program's."""
        known = self._code(code)
        return known is not None and known.is_program

    def bear(self, frame: FrameType) -> None:
        """The object on top of the stack is new, though another may have been where it is."""
        place = id(self.operands(frame, 1)[0])
        self._births[place] = self._births.get(place, 0) + 1

    def name(self, each: object) -> int:
        """The number that stands for an object: by its place, and who has been there before."""
        place = id(each)
        births = self._births.get(place)
        return place if births is None else hash((place, births))

    # ---- objects --------------------------------------------------------------------------------

    def reads(self, *objects: Any) -> Touches:
        """What is read by an operator or a function that looks at these, however deep."""
        found: Touches = []
        left = list(objects)
        for _ in range(_MOST_LOOKED_AT):
            if not left:
                return found
            left += self._look_at(left.pop(), found)
        raise _Unknown

    def reads_alone(self, each: Any) -> Touches:
        """What is read of one object without a look at what it holds."""
        if isinstance(each, _CONTAINERS) and self._is_container(type(each)):
            return [(READ, self.name(each))] if not isinstance(each, (tuple, frozenset)) else NONE
        return self.reads(each)

    def _look_at(self, each: Any, found: Touches) -> Iterable[Any]:
        """Add to `found` what is read of one object, and give what else is looked at then."""
        kind = type(each)
        if kind is MethodDescriptorType and issubclass(each.__objclass__, _CONTAINERS):
            raise _Unknown  # it may be called, with whatever object
        if isinstance(each, BuiltinFunctionType):  # the same, but that its object is known
            found += self._bound(each)
            return ()
        if (
            kind in _PLAIN
            or isinstance(each, (type, *_OPAQUE))
            or _is_handled(kind)
            or _is_stream(each)
        ):
            return ()
        if isinstance(each, _CONTAINERS) and self._is_container(kind):
            if not isinstance(each, (tuple, frozenset)):
                found.append((READ, self.name(each)))
            return _held(each)
        if kind in _ITERATORS or kind is GeneratorType:
            found.append((WRITE, self.name(each)))
            return self._behind(each)
        if kind is MethodType:
            return (each.__self__,)
        if not self._is_plain(kind):
            raise _Unknown
        return ()

    def _bound(self, function: Any) -> Touches:
        """What it may change if a builtin function is called by whom it is given to."""
        owner = function.__self__
        if owner is None or isinstance(owner, (ModuleType, type, *_LOCK_TYPES)):
            return NONE
        if isinstance(owner, _CONTAINERS) and self._is_container(type(owner)):
            return [(WRITE, self.name(owner))]
        if type(owner) in _PLAIN or _is_handled(type(owner)):
            return NONE
        raise _Unknown

    def _is_container(self, kind: type) -> bool:
        """Whether C code, of a container, looks at nothing that its class adds in C."""
        for base in kind.__mro__:
            is_known = base in (*_CONTAINERS, defaultdict, OrderedDict, object)
            if not is_known and not self._world.goes_plainly(base, _Pure):
                return False
        return True

    def _behind(self, iterator: Any) -> list[Any]:
        """What an iterator goes through."""
        if type(iterator) is GeneratorType:
            return []
        return [each for each in gc.get_referents(iterator) if each is not None]

    def _is_plain(self, kind: type) -> bool:
        """Whether what is done with objects of this class is done by code in Python."""
        known = self._plain.get(kind)
        if known is None:
            known = self._plain[kind] = all(
                base is object
                or issubclass(base, BaseException)
                or self._world.goes_plainly(base, _Pure)
                for base in kind.__mro__
            )
        return known

    # ---- calls ----------------------------------------------------------------------------------

    def called(self, function: Any, given: tuple[Any, ...]) -> Touches:
        """What a call touches beyond what is done by code in Python, which is seen by itself."""
        kind = type(function)
        if kind is FunctionType:
            return NONE
        if kind is MethodType:
            return self.called(function.__func__, (function.__self__, *given))
        if isinstance(function, BuiltinFunctionType):
            owner = function.__self__
            if owner is None or isinstance(owner, ModuleType):
                return self._function(function, given)
            return self._method(owner, function.__name__, given)
        if kind is MethodDescriptorType and given:
            return self._method(given[0], function.__name__, given[1:])
        if isinstance(function, type):
            return self._made(function, given)
        return self._object(function, given)

    def _object(self, function: Any, given: tuple[Any, ...]) -> Touches:
        """An object is called that is no function."""
        kind = type(function)
        if kind is WrapperDescriptorType or kind is _WRAPPER:
            return self._wrapper(function, given)
        if isinstance(function, ReferenceType):
            return NONE
        if kind is _CACHE:
            return [(WRITE, id(function)), *self.reads(*given)]
        if self._is_plain(kind) and type(vars_of(kind, "__call__")) is FunctionType:
            return NONE
        raise _Unknown

    def _function(self, function: Any, given: tuple[Any, ...]) -> Touches:
        if function in (getattr, hasattr) and len(given) > 1 and isinstance(given[1], str):
            return self.attribute(READ, given[0], given[1])
        if function is setattr and len(given) == 3 and isinstance(given[1], str):
            return self.attribute(WRITE, given[0], given[1])
        if function.__module__ == "builtins":
            return self._builtin(function.__name__, given)
        name = (function.__module__, function.__name__)
        if name == ("time", "sleep"):
            return NONE if self._following.sleepless else [(WRITE, CLOCK)]
        if name in _SILENT_FUNCTIONS:
            return NONE
        if name[0] == "sys":  # it may see frames, or take the place of who looks on
            self._following.hide("sys." + name[1])
        raise _Unknown

    def _builtin(self, name: str, given: tuple[Any, ...]) -> Touches:
        if name in _LOOKERS:
            return NONE
        if name == "iter" and len(given) == 2:
            return NONE  # it is made, and calls nothing yet
        if name in _SHALLOW_READERS and len(given) == 1:
            return self.reads_alone(given[0])
        if name not in _READERS:
            raise _Unknown
        if name != "print":
            return self.reads(*given)
        if sys.stdout is not sys.__stdout__:
            raise _Unknown
        stream = hash((id(vars(sys)), "stdout"))
        return [(READ, stream), *self.reads(*(each for each in given if not _is_stream(each)))]

    def _method(self, owner: Any, name: str, given: tuple[Any, ...]) -> Touches:
        kind = type(owner)
        if kind in _LOCK_TYPES:
            return [(READ, id(owner))] if name == "locked" else NONE
        if _is_handled(kind):
            return NONE
        if isinstance(owner, type):
            return self._made(owner, given)
        if isinstance(owner, _CONTAINERS) and self._is_container(kind):
            if name in _SHALLOW_READING and not isinstance(owner, (tuple, str)):
                return [*self.reads_alone(owner), *self.reads(*given)]
            if name in _READING:
                return self.reads(owner, *given)
            read = NONE if name in _KEEPING else self.reads(*given)
            return [(WRITE, self.name(owner)), *read]
        if kind in _PLAIN or (_is_stream(owner) and name in ("write", "flush")):
            return self.reads(*given)
        if kind in _ITERATORS or kind is GeneratorType or kind is _COUNT:
            return self.iterated(owner, is_own=False)
        raise _Unknown

    def _wrapper(self, function: Any, given: tuple[Any, ...]) -> Touches:
        name = function.__name__
        owner = getattr(function, "__self__", given[0] if given else None)
        of = getattr(function, "__objclass__", None)
        if of is object and name in _EMPTY_METHODS and name != "__setattr__":
            return NONE
        if isinstance(owner, BaseException) and name == "__init__":
            return self.reads(*given[1:])
        raise _Unknown

    def _made(self, kind: Any, given: tuple[Any, ...]) -> Touches:
        """A class is called."""
        if kind is type and len(given) == 1:
            return NONE
        if issubclass(kind, ReferenceType):
            return NONE
        if kind in (map, filter) and given:
            return [*self.called(given[0], ()), *self.reads(*given[1:])]
        if issubclass(kind, tuple) and self._is_container(kind):
            return self.reads(*given)
        if kind in _MAKERS or _is_handled(kind):
            return self.reads(*given)
        if self._is_plain(kind) and self._is_plain(type(kind)):
            return NONE
        if issubclass(type(kind), type) and self._is_plain(kind):
            return NONE
        raise _Unknown

    # ---- attributes and iterators ---------------------------------------------------------------

    def attribute(self, how: int, owner: Any, name: str) -> Touches:
        """An attribute is read or changed."""
        if name == "__dict__":
            self._following.hide("__dict__")
        if type(owner) is _LOCAL:
            return NONE
        if isinstance(owner, ModuleType):
            if how == WRITE and not places.is_program(getattr(owner, "__file__", None) or ""):
                self._following.hide("attributes-of-modules")
            return [(how, hash((id(vars(owner)), name)))]
        if isinstance(owner, type):  # whoever asks an object for it may ask its class
            return [(how, hash((id(owner), name))), (how, hash(("class", name)))]
        if how == READ:
            return [(READ, hash((id(owner), name))), (READ, hash(("class", name)))]
        return [(how, hash((id(owner), name)))]

    def iterated(self, iterator: Any, is_own: bool) -> Touches:
        """An iterator goes on; `is_own`: the loop's own, which nobody else has."""
        kind = type(iterator)
        if kind is GeneratorType or kind is _COUNT:
            return [(WRITE, self.name(iterator))]
        if kind not in _ITERATORS:
            if self._is_plain(kind):
                return NONE
            raise _Unknown
        found = [] if is_own else [(WRITE, self.name(iterator))]
        for each in self._behind(iterator):
            found += self._gone_through(kind, each)
        return found

    def _gone_through(self, kind: type, each: Any) -> Touches:
        """What an iterator of this kind touches of what it goes through, as it goes on."""
        if type(each) in _ITERATORS or type(each) is GeneratorType:
            return self.iterated(each, is_own=False)
        if kind in _CALLING and callable(each):
            return self.called(each, ())
        if isinstance(each, tuple) and kind in (zip, map):
            if not all(hasattr(type(one), "__next__") for one in each):
                return NONE  # the last result
            return [touch for one in each for touch in self.iterated(one, is_own=False)]
        if isinstance(each, _CONTAINERS) and self._is_container(type(each)):
            return self.reads_alone(each)
        if type(each) in _PLAIN:
            return NONE
        raise _Unknown

    def find_order(self, each: Any, code: CodeType) -> None:
        """A set is gone through, by addresses where its elements are told apart by those."""
        if getattr(code, "co_qualname", "") == "ThreadPoolExecutor.shutdown":
            return  # each of them is joined
        for one in each:
            if type(one) not in _PLAIN or isinstance(one, type) or type(one) is FunctionType:
                self._following.hide("order-of-sets")


def _is_stream(each: object) -> bool:
    """Whether it is a stream whose lines the library tells of."""
    return any(each is stream for stream in _STREAMS)


def _held(container: Any) -> Iterable[Any]:
    """What a container holds that may be looked at with it."""
    if isinstance(container, dict):
        return [*container, *container.values()]
    return () if isinstance(container, (bytearray, MappingProxyType)) else container


def vars_of(kind: type, name: str) -> object:
    """What a class, or the first of its bases that does, has under this name."""
    for base in kind.__mro__:
        if name in vars(base):
            return vars(base)[name]
    return None


_WRAPPER = type(object().__str__)
_LOCAL = vars(sys.modules["_thread"])["_local"]
_CACHE = type(functools.lru_cache(len))
_COUNT = itertools.count
_HANDLED = frozenset([("_queue", "SimpleQueue"), ("_thread", "_ThreadHandle")])
"""Types whose methods the library tells of, by module and name: they may not be loaded yet."""


_CALLING = frozenset([map, filter, type(iter(int, 1))])


def _is_handled(kind: type) -> bool:
    return (kind.__module__, kind.__name__) in _HANDLED


_SILENT_FUNCTIONS = frozenset(
    [
        ("_thread", name)
        for name in (
            "allocate_lock",
            "get_ident",
            "get_native_id",
            "start_new_thread",
            "start_joinable_thread",
            "_set_sentinel",
            "daemon_threads_allowed",
        )
    ]
    + [("time", name) for name in ("monotonic", "perf_counter", "time")]
    + [("sys", name) for name in ("exc_info", "exit", "getrecursionlimit", "intern")]
)
"""Functions that touch nothing, or what the library tells."""

_CHANGING = frozenset(["_shutdown", "_SHUTTING_DOWN", "_profile_hook", "_trace_hook"])
"""Variables of the library's modules that are changed after those are imported."""

_STREAMS = tuple(each for each in (sys.__stdout__, sys.__stderr__) if each is not None)

_BOOKKEEPING = frozenset(
    "_bootstrap _bootstrap_inner _delete _stop _set_ident _set_native_id _set_tstate_lock"
    " _wait_for_tstate_lock _newname start join is_alive _shutdown current_thread ident"
    " _maintain_shutdown_locks _started _after_fork _reset_internal_locks"
    " _os_thread_handle".split()
)
"""None of these calls what is the program's but through another function of the library's."""


def _is_bookkeeping(code: CodeType) -> bool:
    """Whether what a piece of library code touches is told otherwise, or seen by nobody."""
    if code.co_filename.endswith("_weakrefset.py"):
        return True
    if code.co_filename != _THREADING:
        return False
    if code in _ENDS:
        return True
    first = getattr(code, "co_qualname", code.co_name).partition(".")[0]
    if first in ("Thread", "_MainThread", "_DummyThread"):
        return code.co_name in _BOOKKEEPING or code.co_name == "__init__"
    return first in _BOOKKEEPING


_THREADING = threading.Thread.join.__code__.co_filename
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


# ---- rules: each gives how the touches of an instruction are found, and from what ---------------


def _nothing(code: CodeType, argument: int) -> None:
    return None


def _anything(code: CodeType, argument: int) -> Any:
    return (_all_of, None)


def _all_of(touching: Touching, frame: FrameType, what: Any) -> Touches:
    return ALL


def _global(code: CodeType, argument: int, kind: int, shift: int) -> Any:
    return (_touch_global, (kind, code.co_names[argument >> shift]))


def _touch_global(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    if kind == READ and name not in _CHANGING and not touching.is_program(frame.f_code):
        return NONE
    return [(kind, hash((id(frame.f_globals), name)))]


def _name(code: CodeType, argument: int, kind: int) -> Any:
    return (_touch_name, (kind, code.co_names[argument]))


def _touch_name(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    found = [(kind, hash((id(frame.f_globals), name)))]
    return found if frame.f_locals is frame.f_globals or kind == READ else NONE


def _cell(code: CodeType, argument: int, kind: int) -> Any:
    return (_touch_cell, (kind, argument))


def _touch_cell(touching: Touching, frame: FrameType, what: tuple[int, int]) -> Touches:
    kind, place = what
    return [(kind, id(touching.local(frame, place)))]


def _attribute(code: CodeType, argument: int, kind: int, shift: int = 0) -> Any:
    return (_touch_attribute, (kind, code.co_names[argument >> shift]))


def _touch_attribute(touching: Touching, frame: FrameType, what: tuple[int, str]) -> Touches:
    kind, name = what
    return touching.attribute(kind, touching.operands(frame, 1)[0], name)


def _read(code: CodeType, argument: int, count: int) -> Any:
    return (_touch_read, count)


def _touch_read(touching: Touching, frame: FrameType, count: int) -> Touches:
    return touching.reads(*touching.operands(frame, count))


_FIRST_IN_PLACE = 13


def _binary(code: CodeType, argument: int) -> Any:
    return (_touch_binary, argument >= _FIRST_IN_PLACE)


def _touch_binary(touching: Touching, frame: FrameType, in_place: bool) -> Touches:
    left, right = touching.operands(frame, 2)
    found = touching.reads(left, right)
    if in_place and found and isinstance(left, _CONTAINERS):
        found.append((WRITE, touching.name(left)))
    return found


def _item(code: CodeType, argument: int, kind: int) -> Any:
    return (_touch_item, kind)


def _touch_item(touching: Touching, frame: FrameType, kind: int) -> Touches:
    owner, key = touching.operands(frame, 2)
    found = touching.reads(key)
    if isinstance(owner, _CONTAINERS) and touching._is_container(type(owner)):
        if isinstance(owner, tuple):
            return found
        if kind == READ and isinstance(owner, defaultdict):
            kind = WRITE
        return [*found, (kind, touching.name(owner))]
    if type(owner) in _PLAIN or isinstance(owner, type) or touching._is_plain(type(owner)):
        return found
    raise _Unknown


def _iterate(code: CodeType, argument: int) -> Any:
    return (_touch_iterate, None)


def _touch_iterate(touching: Touching, frame: FrameType, what: None) -> Touches:
    (each,) = touching.operands(frame, 1)
    if isinstance(each, (set, frozenset)):
        touching.find_order(each, frame.f_code)
    if isinstance(each, _CONTAINERS) and touching._is_container(type(each)):
        return [(READ, touching.name(each))] if not isinstance(each, (tuple, frozenset)) else NONE
    return NONE


def _go_on(code: CodeType, argument: int) -> Any:
    return (_touch_go_on, None)


def _touch_go_on(touching: Touching, frame: FrameType, what: None) -> Touches:
    (iterator,) = touching.operands(frame, 1)
    is_own = sys.getrefcount(iterator) <= _OWN_REFERENCES
    return touching.iterated(iterator, is_own)


_OWN_REFERENCES = 3
"""Of a loop's iterator that nobody else has: the stack's, and two of ours."""


def _unpack(code: CodeType, argument: int) -> Any:
    return (_touch_read, 1)


def _call(code: CodeType, argument: int) -> Any:
    return (_touch_call, argument)


def _touch_call(touching: Touching, frame: FrameType, count: int) -> Touches:
    method, function, *given = touching.operands(frame, count + 2)
    if method is None:
        return touching.called(function, tuple(given))
    return touching.called(method, (function, *given))


def _spread(code: CodeType, argument: int) -> Any:
    return (_touch_spread, argument & 1)


def _touch_spread(touching: Touching, frame: FrameType, has_names: int) -> Touches:
    function, given, *names = touching.operands(frame, 2 + has_names)
    found = touching.reads(given, *names)
    if not isinstance(given, (tuple, list)):
        raise _Unknown
    values = tuple(value for each in names for value in each.values())
    return [*found, *touching.called(function, (*given, *values))]


def _enter(code: CodeType, argument: int) -> Any:
    return (_touch_enter, None)


def _touch_enter(touching: Touching, frame: FrameType, what: None) -> Touches:
    (manager,) = touching.operands(frame, 1)
    if type(manager) in _LOCK_TYPES or touching._is_plain(type(manager)):
        return NONE
    raise _Unknown


def _leave(code: CodeType, argument: int) -> Any:
    return (_touch_leave, None)


def _touch_leave(touching: Touching, frame: FrameType, what: None) -> Touches:
    return touching.called(touching.operands(frame, 4)[0], ())


def _raise(code: CodeType, argument: int) -> Any:
    return (_touch_raise, argument) if argument else None


def _touch_raise(touching: Touching, frame: FrameType, count: int) -> Touches:
    raised = touching.operands(frame, count)[0]
    return [] if isinstance(raised, type) else [(WRITE, id(raised))]


def _import(code: CodeType, argument: int) -> Any:
    return (_touch_import, code.co_names[argument])


def _touch_import(touching: Touching, frame: FrameType, name: str) -> Touches:
    return NONE if name in sys.modules else ALL


_BIRTHS = frozenset(["BUILD_LIST", "BUILD_MAP", "BUILD_SET", "BUILD_CONST_KEY_MAP"])
"""Instructions that leave a new object on the stack."""

_QUIET = (
    "ASYNC_GEN_WRAP BUILD_CONST_KEY_MAP BUILD_LIST BUILD_MAP BUILD_SET BUILD_SLICE BUILD_STRING"
    " BUILD_TUPLE CACHE CALL CHECK_EXC_MATCH COPY COPY_FREE_VARS DELETE_FAST EXTENDED_ARG"
    " GET_YIELD_FROM_ITER IS_OP JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT JUMP_FORWARD KW_NAMES"
    " LIST_APPEND LIST_TO_TUPLE LOAD_ASSERTION_ERROR LOAD_BUILD_CLASS LOAD_CLOSURE LOAD_CONST"
    " LOAD_FAST MAKE_CELL MAKE_FUNCTION MAP_ADD NOP POP_EXCEPT POP_JUMP_BACKWARD_IF_NONE"
    " POP_JUMP_BACKWARD_IF_NOT_NONE POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE POP_TOP"
    " PUSH_EXC_INFO PUSH_NULL RERAISE RESUME RETURN_GENERATOR RETURN_VALUE SET_ADD"
    " SETUP_ANNOTATIONS STORE_FAST SWAP YIELD_VALUE"
).split()

_READ_ONE = (
    "GET_LEN JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP POP_JUMP_BACKWARD_IF_FALSE"
    " POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE UNARY_INVERT"
    " UNARY_NEGATIVE UNARY_NOT UNARY_POSITIVE LIST_EXTEND SET_UPDATE DICT_UPDATE DICT_MERGE"
    " UNPACK_SEQUENCE UNPACK_EX MATCH_SEQUENCE MATCH_MAPPING"
).split()


def _table() -> dict[str, tuple[Any, ...]]:
    """For each instruction of CPython 3.11 the rule by which its touches are found."""
    table: dict[str, tuple[Any, ...]] = dict.fromkeys(_QUIET, (_nothing,))
    table.update(dict.fromkeys(_READ_ONE, (_read, 1)))
    table.update(
        FORMAT_VALUE=(_read, 2),
        COMPARE_OP=(_read, 2),
        CONTAINS_OP=(_read, 2),
        BINARY_OP=(_binary,),
        BINARY_SUBSCR=(_item, READ),
        STORE_SUBSCR=(_item, WRITE),
        DELETE_SUBSCR=(_item, WRITE),
        LOAD_GLOBAL=(_global, READ, 1),
        STORE_GLOBAL=(_global, WRITE, 0),
        DELETE_GLOBAL=(_global, WRITE, 0),
        LOAD_NAME=(_name, READ),
        STORE_NAME=(_name, WRITE),
        DELETE_NAME=(_name, WRITE),
        LOAD_DEREF=(_cell, READ),
        LOAD_CLASSDEREF=(_cell, READ),
        STORE_DEREF=(_cell, WRITE),
        DELETE_DEREF=(_cell, WRITE),
        LOAD_ATTR=(_attribute, READ),
        LOAD_METHOD=(_attribute, READ),
        STORE_ATTR=(_attribute, WRITE),
        DELETE_ATTR=(_attribute, WRITE),
        IMPORT_NAME=(_import,),
        IMPORT_FROM=(_attribute, READ),
        GET_ITER=(_iterate,),
        FOR_ITER=(_go_on,),
        SEND=(_go_on_sent,),
        PRECALL=(_call,),
        CALL_FUNCTION_EX=(_spread,),
        BEFORE_WITH=(_enter,),
        WITH_EXCEPT_START=(_leave,),
        RAISE_VARARGS=(_raise,),
    )
    return table


def _go_on_sent(code: CodeType, argument: int) -> Any:
    return (_touch_sent, None)


def _touch_sent(touching: Touching, frame: FrameType, what: None) -> Touches:
    iterator, _ = touching.operands(frame, 2)
    return touching.iterated(iterator, is_own=False)


# ---- beginning ----------------------------------------------------------------------------------

_LAYOUTS = {(3, 11): (24, 64, 72, 1, 0)}
"""Where the operands are: see set_layout in ../../world/touches.c."""


def begin(world: World, following: Following) -> None:
    """Have instructions tell what they touch, where this interpreter is known."""
    layout = _LAYOUTS.get(sys.version_info[:2])
    touching = Touching(world, following)
    if layout is None or not world.tracing.follow(touching):
        following.hide("instructions")
        return
    world.set_layout(*layout)
