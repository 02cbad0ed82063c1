"""What C code touches of objects: what it reads of them, and what calls of it change.

Objects are named by where they are; a variable of a module or an attribute by its owner and its
name.  What cannot be told touches anything: coarse and right beats fine and wrong.  What C code
does is known of builtin types and of the functions that are listed; of all other it is not.
"""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import threading
import types
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
from .following import ANYTHING, CLOCK, READ, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .following import Following
    from .world import World

    Touches = list[tuple[int, int]]

ALL = [(ANYTHING, 0)]
NONE: list[tuple[int, int]] = []

_MOST_LOOKED_AT = 200
"""Objects that are looked at to find out what one instruction reads, but for numbers and texts."""

_MOST_HELD = 20_000
"""Objects of one container that are looked through for others than those."""

PLAIN: tuple[type, ...] = (
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

_VALUES = frozenset((int, float, complex, str, bytes, bool, type(None)))

LOCK_TYPES = (type(threading.Lock()), type(threading.RLock()))
_OPAQUE = (*LOCK_TYPES, TracebackType, ReferenceType)
"""Objects of which no operator looks at what they hold.

Weak references are those of the library's own: a program that has some is not covered.
"""


LAZY = getattr(types, "LazyImportType", None)
"""The type of what stands for a module that is imported once it is used, from 3.15 on."""


class Unknown(Exception):
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
    *PLAIN,
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
    *LOCK_TYPES,
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

CONTAINERS = (list, dict, set, frozenset, deque, bytearray, tuple, MappingProxyType)

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


class Objects:
    """What is done to objects, each by the number that stands for it."""

    def __init__(self, world: World, following: Following) -> None:
        self._world = world
        self._following = following
        self._plain: dict[type, bool] = {}
        self._births: dict[int, int] = {}

    def bear(self, each: object) -> None:
        """An object is new, though another may have been where it is."""
        place = id(each)
        self._births[place] = self._births.get(place, 0) + 1

    def name(self, each: object) -> int:
        """The number that stands for an object: by its place, and who has been there before."""
        place = id(each)
        births = self._births.get(place)
        return place if births is None else hash((place, births))

    # ---- objects --------------------------------------------------------------------------------

    def reads(self, *objects: Any) -> Touches:
        """What is read by an operator or a function that looks at these, however deep.

        Raises Unknown where it is not known what that is.
        """
        found: Touches = []
        left = list(objects)
        for _ in range(_MOST_LOOKED_AT):
            if not left:
                return found
            held = list(itertools.islice(self._look_at(left.pop(), found), _MOST_HELD))
            if len(held) == _MOST_HELD:
                break
            left += [each for each in held if type(each) not in _VALUES]
        raise Unknown

    def reads_alone(self, each: Any) -> Touches:
        """What is read of one object without a look at what it holds."""
        if isinstance(each, CONTAINERS) and self.is_container(type(each)):
            return [(READ, self.name(each))] if not isinstance(each, (tuple, frozenset)) else NONE
        return self.reads(each)

    def _look_at(self, each: Any, found: Touches) -> Iterable[Any]:
        """Add to `found` what is read of one object, and give what else is looked at then."""
        kind = type(each)
        if kind is MethodDescriptorType and issubclass(each.__objclass__, CONTAINERS):
            raise Unknown  # it may be called, with whatever object
        if isinstance(each, BuiltinFunctionType):  # the same, but that its object is known
            found += self._bound(each)
            return ()
        if (
            kind in PLAIN
            or isinstance(each, (type, *_OPAQUE))
            or _is_handled(kind)
            or _is_stream(each)
        ):
            return ()
        if isinstance(each, CONTAINERS) and self.is_container(kind):
            if not isinstance(each, (tuple, frozenset)):
                found.append((READ, self.name(each)))
            return _held(each)
        if kind in _ITERATORS or kind is GeneratorType:
            found.append((WRITE, self.name(each)))
            return self._behind(each)
        if kind is MethodType:
            return (each.__self__,)
        if not self.is_plain(kind):
            raise Unknown
        return ()

    def _bound(self, function: Any) -> Touches:
        """What it may change if a builtin function is called by whom it is given to."""
        owner = function.__self__
        if owner is None or isinstance(owner, (ModuleType, type, *LOCK_TYPES)):
            return NONE
        if isinstance(owner, CONTAINERS) and self.is_container(type(owner)):
            return [(WRITE, self.name(owner))]
        if _is_handled(type(owner)):
            return self._handled(owner, function.__name__)
        if type(owner) in PLAIN:
            return NONE
        raise Unknown

    @staticmethod
    def _handled(owner: object, method: str) -> Touches:
        return [(READ, id(owner))] if method in _LOOKS else NONE

    def is_container(self, kind: type) -> bool:
        """Whether C code, of a container, looks at nothing that its class adds in C."""
        for base in kind.__mro__:
            is_known = base in (*CONTAINERS, defaultdict, OrderedDict, object)
            if not is_known and not self._world.goes_plainly(base, _Pure):
                return False
        return True

    def _behind(self, iterator: Any) -> list[Any]:
        """What an iterator goes through."""
        if type(iterator) is GeneratorType:
            return []
        return [each for each in gc.get_referents(iterator) if each is not None]

    def is_plain(self, kind: type) -> bool:
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
        if self.is_plain(kind) and type(vars_of(kind, "__call__")) is FunctionType:
            return NONE
        raise Unknown

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
        raise Unknown

    def _builtin(self, name: str, given: tuple[Any, ...]) -> Touches:
        if name in _LOOKERS:
            return NONE
        if name == "iter" and len(given) == 2:
            return NONE  # it is made, and calls nothing yet
        if name in _SHALLOW_READERS and len(given) == 1:
            return self.reads_alone(given[0])
        if name not in _READERS:
            raise Unknown
        if name != "print":
            return self.reads(*given)
        if sys.stdout is not sys.__stdout__:
            raise Unknown
        stream = hash((id(vars(sys)), "stdout"))
        return [(READ, stream), *self.reads(*(each for each in given if not _is_stream(each)))]

    def _method(self, owner: Any, name: str, given: tuple[Any, ...]) -> Touches:
        kind = type(owner)
        if kind in LOCK_TYPES:
            return [(READ, id(owner))] if name == "locked" else NONE
        if _is_handled(kind):
            return self._handled(owner, name)
        if isinstance(owner, type):
            return self._made(owner, given)
        if isinstance(owner, CONTAINERS) and self.is_container(kind):
            if name in _SHALLOW_READING and not isinstance(owner, (tuple, str)):
                return [*self.reads_alone(owner), *self.reads(*given)]
            if name in _READING:
                return self.reads(owner, *given)
            read = NONE if name in _KEEPING else self.reads(*given)
            return [(WRITE, self.name(owner)), *read]
        if kind in PLAIN or (_is_stream(owner) and name in ("write", "flush")):
            return self.reads(*given)
        if kind in _ITERATORS or kind is GeneratorType or kind is _COUNT:
            return self.iterated(owner, is_own=False)
        raise Unknown

    def _wrapper(self, function: Any, given: tuple[Any, ...]) -> Touches:
        name = function.__name__
        owner = getattr(function, "__self__", given[0] if given else None)
        of = getattr(function, "__objclass__", None)
        if of is object and name in _EMPTY_METHODS and name != "__setattr__":
            return NONE
        if isinstance(owner, BaseException) and name == "__init__":
            return self.reads(*given[1:])
        raise Unknown

    def _made(self, kind: Any, given: tuple[Any, ...]) -> Touches:
        """A class is called."""
        if kind is type and len(given) == 1:
            return NONE
        if issubclass(kind, ReferenceType):
            return NONE
        if kind in (map, filter) and given:
            return [*self.called(given[0], ()), *self.reads(*given[1:])]
        if issubclass(kind, tuple) and self.is_container(kind):
            return self.reads(*given)
        if kind in _MAKERS or _is_handled(kind):
            return self.reads(*given)
        if self.is_plain(kind) and self.is_plain(type(kind)):
            return NONE
        if issubclass(type(kind), type) and self.is_plain(kind):
            return NONE
        raise Unknown

    # ---- attributes and iterators ---------------------------------------------------------------

    def attribute(self, how: int, owner: Any, name: str) -> Touches:
        """An attribute is read or changed.

        Raises Unknown for a lazy import (PEP 810), whose first use runs another module's code.
        """
        if name == "__dict__":
            self._following.hide("__dict__")
        if type(owner) is _LOCAL:
            return NONE
        if isinstance(owner, ModuleType):
            if type(vars(owner).get(name)) is LAZY:
                raise Unknown
            if how == WRITE and not places.is_program(getattr(owner, "__file__", None) or ""):
                self._following.hide("attributes-of-modules")
            return [(how, hash((id(vars(owner)), name)))]
        if isinstance(owner, type):  # whoever asks an object for it may ask its class
            return [(how, hash((id(owner), name))), (how, hash(("class", name)))]
        if how == READ:
            return [(READ, hash((id(owner), name))), (READ, hash(("class", name)))]
        return [(how, hash((id(owner), name)))]

    def iterated(self, iterator: Any, is_own: bool) -> Touches:
        """An iterator goes on; `is_own`: the loop's own, which nobody else has.

        Raises Unknown for an iterator of a type that is not known.
        """
        kind = type(iterator)
        if kind is GeneratorType or kind is _COUNT:
            return [(WRITE, self.name(iterator))]
        if kind not in _ITERATORS:
            if self.is_plain(kind):
                return NONE
            raise Unknown
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
        if isinstance(each, CONTAINERS) and self.is_container(type(each)):
            return self.reads_alone(each)
        if type(each) in PLAIN:
            return NONE
        raise Unknown

    def find_order(self, each: Any, code: CodeType) -> None:
        """A set is gone through, by addresses where its elements are told apart by those."""
        if getattr(code, "co_qualname", "") == "ThreadPoolExecutor.shutdown":
            return  # each of them is joined
        for one in each:
            if type(one) not in PLAIN or isinstance(one, type) or type(one) is FunctionType:
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


_LOOKS = frozenset(["empty", "qsize"])
"""Methods of queues of which it does not."""

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

_STREAMS = tuple(each for each in (sys.__stdout__, sys.__stderr__) if each is not None)
