"""The end of a process: without taking the interpreter down, where nothing would come of that.

To take it down is work of each run, and can only show by what happens when the last
objects go: a `__del__`, a callback of a weak reference, a file that is flushed, a generator that
is closed.  So everything that the program has made is looked at, and where one thing is not known
to go in silence, the interpreter does all as ever.
"""

from __future__ import annotations

import _thread
import gc
import sys
import threading
import types

from . import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .world import World

_KNOWN = ((3, 9), (3, 15))
"""In these versions it is known how the interpreter ends."""

_OUTSIDE = (
    "_interpreters",
    "_xxsubinterpreters",
    "multiprocessing.util",
    "ctypes",
    "_cffi_backend",
    "greenlet._greenlet",
    "tracemalloc",
)
"""Who has loaded one of these may have made what the collector does not know."""


class _Plain:
    """A class that is written in Python."""


def leave(world: World) -> None:
    """End the process here, if it has come to its end by itself and nothing would be missed.

    The handlers of its exit have run.  To be called where nothing is scheduled any more.
    """
    if _is_at_its_end() and _Silent(world).are_all() and _is_flushed():
        world.leave_quietly()
    gc.unfreeze()  # as it was: the interpreter finds what is to go by the collector, too


def _is_at_its_end() -> bool:
    """Whether nobody goes on, and all that there is can be looked at."""
    return (
        _KNOWN[0] <= sys.version_info[:2] <= _KNOWN[1]
        and not hasattr(sys, "last_type")
        and _thread._count() == 0
        and len(threading.enumerate()) == 1
        and not gc.garbage
        and not any(name in sys.modules for name in _OUTSIDE)
    )


def _is_flushed() -> bool:
    """Flush the standard streams; false if that fails: the interpreter's end tells of it."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except Exception:
        return False
    return True


class _Silent:
    """What goes in silence."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known = {**_SILENT, **dict.fromkeys(_loaded_types(), True)}

    def are_all(self) -> bool:
        """Whether all that was made since `gc.freeze` does."""
        known = self._known
        # What was there before the program is not among them: `gc.freeze` has set that apart.
        for each in gc.get_objects():
            kind = type(each)
            if kind not in known:
                known[kind] = self._is_silent_type(kind)
            if not known[kind] and not self._is_silent(each):
                return False
        return True

    def _is_silent(self, each: Any) -> bool:
        """Whether this object goes in silence though others of its type may not.

        It is over, or closed.
        """
        if isinstance(each, types.GeneratorType):
            return each.gi_frame is None
        if isinstance(each, _WEAK):
            callback = getattr(each, "__callback__", None)
            return callback is None or _is_library(callback)
        return type(each).__module__ == "_io" and bool(getattr(each, "closed", False))

    def _is_silent_type(self, kind: type) -> bool:
        """Whether no object of a type does anything as it goes.

        No base of it has code for that, in Python or in C.
        """
        if kind.__name__ in _NAMELESS and not kind.__flags__ & _MADE_AT_RUN_TIME:
            return True
        for base in kind.__mro__:
            if base is object or self._known.get(base):
                continue
            if issubclass(base, BaseException) and base.__module__ == "builtins":
                continue
            if issubclass(base, (types.GeneratorType, *_WEAK)):
                return False
            if "__del__" in vars(base) or not self._world.goes_plainly(base, _Plain):
                return False
        return True


_TABLES = ("_destroy", "_localdummy_destroyed", "clear_locals")
"""Who strikes an object off a table in C: of abstract classes, or of what is a thread's own."""


_NAMELESS = ("hamt", "hamt_bitmap_node", "hamt_array_node", "hamt_collision_node")
"""Types of the interpreter that no module has: the tables of contexts."""

_MADE_AT_RUN_TIME = 1 << 9
"""Py_TPFLAGS_HEAPTYPE, which each class has that a program writes."""


def _is_library(callback: Any) -> bool:
    """Whether what is called when an object goes is the standard library's, which keeps a table."""
    code = getattr(callback, "__code__", None)
    if code is None:
        return getattr(callback, "__name__", "") in _TABLES
    return not places.is_program(code.co_filename)


_WEAK = (type(__import__("_weakref").ref(_Plain)),)


def _silent_types() -> list[type]:
    """Types of the interpreter whose objects go in silence, whatever they hold."""
    found: list[Any] = [dict, list, tuple, set, frozenset, type, slice, property, classmethod]
    found += [staticmethod, super, map, filter, zip, enumerate, reversed, bytearray]
    found += [each for each in vars(types).values() if isinstance(each, type)]
    for loud in ("GeneratorType", "CoroutineType", "AsyncGeneratorType", "CapsuleType"):
        found = [each for each in found if each is not getattr(types, loud, None)]
    iterable: list[Any] = [[], (), {}, set(), {}.values(), {}.items(), range(0)]
    found += [type(iter(each)) for each in iterable]
    found += [type({}.keys()), type({}.values()), type({}.items()), type(_thread.allocate_lock())]
    found += [_thread.RLock, vars(_thread)["_local"]]
    found += [getattr(_thread, "_ThreadHandle", dict), type(dict.__dict__["fromkeys"])]
    return [each for each in found if isinstance(each, type)]


_SILENT: dict[type, bool] = dict.fromkeys(_silent_types(), True)


def _loaded_types() -> Iterator[type]:
    """The same of modules that the program may have loaded."""
    for module, names in _MODULES.items():
        loaded = vars(sys.modules.get(module, gc))
        for name in names:
            if isinstance(loaded.get(name), type):
                yield loaded[name]


_MODULES = {
    "_collections": ("deque", "defaultdict", "OrderedDict", "_tuplegetter"),
    "_queue": ("SimpleQueue",),
    "_random": ("Random",),
    "_functools": ("partial", "_lru_cache_wrapper", "cached_property"),
    "itertools": (
        "count",
        "cycle",
        "chain",
        "repeat",
        "islice",
        "product",
        "starmap",
        "accumulate",
    ),
    "_abc": ("_abc_data",),
    "operator": ("itemgetter", "attrgetter", "methodcaller"),
    "_contextvars": ("Context", "ContextVar", "Token"),
    "_struct": ("Struct",),
}
