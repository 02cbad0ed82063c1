"""What a Python program says that no step of a run tells, read off its text before any run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from harness.language.python_syntax import parsed

_TOLD = """
__future__ abc bisect collections concurrent contextlib dataclasses enum functools heapq itertools
math operator queue string sys textwrap threading time types typing
"""
_TOLD_MODULES = frozenset(_TOLD.split())
"""Modules of the library of which it is known what threads share by them."""

_UNTOLD = """
__builtins__ __import__ eval exec frozenset globals hash id input locals open repr set vars
"""
_UNTOLD_NAMES = frozenset(_UNTOLD.split())
"""Builtins by which anything may be reached, or that show where objects lie and how they hash.

So does a set, by its order: texts hash otherwise in each process, and objects go by their address.
"""

_OF_TRACING = "_current_frames _getframe monitoring setprofile settrace"
_OF_CLOCKS = """
asctime clock_gettime clock_gettime_ns ctime gmtime localtime monotonic monotonic_ns
perf_counter perf_counter_ns strftime process_time process_time_ns
thread_time thread_time_ns time_ns
"""
_OF_ALL = "__builtins__ __globals__ __loader__ __spec__ __subclasses__ getallocatedblocks modules"
_CLOCKS = frozenset([*_OF_CLOCKS.split(), "time.time", "import datetime"])
_HASHES = frozenset(["frozenset", "hash", "id", "repr", "set"])
_RANDOM = frozenset(["import random", "import secrets", "import tempfile", "import uuid"])
_UNTOLD_ATTRIBUTES = frozenset([*_OF_TRACING.split(), *_OF_CLOCKS.split(), *_OF_ALL.split()])
"""By what these give a program takes part in its own tracing, sees the frames of others, reaches
whatever there is, or goes by the time, of which a search tries one course."""

_OTHER = (
    "builtins copyreg errno io itertools keyword linecache os re reprlib sys time warnings weakref"
)
_OTHER_MODULES = frozenset(_OTHER.split())
"""What the modules that are known import, and would give to whoever asks them for it."""

_SYSTEM_RANDOM = re.compile(r"\b(?:urandom|getrandom)\b")

_FINALIZER = "__del__"


def untold_words(source: str) -> tuple[str, ...]:
    """What a program may share in ways that are not told: modules, functions, finalizers.

    Finalizers run in whichever thread drops the last reference, and no step says that it did. What
    cannot be read here may do any of that: another version of Python may be able to.
    """
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError):
        return ("a syntax that is not known here",)
    modules = dict(_names_of_modules(tree))
    nodes = list(ast.walk(tree))
    found = {word for node in nodes for word in (*_untold(node), *_reached(node, modules))}
    return tuple(sorted(found))


def inputs(source: str) -> Iterator[str]:
    """What a program may go by that is one and the same in all controlled runs, and else is not.

    A clock's course, hashes (and the order of sets, and addresses), random numbers, by one word
    each.
    """
    words = frozenset(untold_words(source))
    kinds = {"clock": _CLOCKS, "hashes": _HASHES, "random": _RANDOM}
    return (kind for kind, those in kinds.items() if words & those or kind in _drawn(source))


def _drawn(source: str) -> frozenset[str]:
    return frozenset(["random"] if _SYSTEM_RANDOM.search(source) else [])


def _names_of_modules(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """By what name a program has which module as a whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield alias.asname or first, alias.name if alias.asname else first


def _reached(node: ast.AST, modules: Mapping[str, str]) -> Iterator[str]:
    """What a program takes out of a module that is not the module's to give."""
    match node:
        case ast.ImportFrom(module=module, level=0):
            for each in node.names:
                yield from _private(module or "", each.name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules:
            yield from _private(modules[name], attribute)
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=name), *_]) if name in modules:
            yield "getattr"


def _private(module: str, name: str) -> Iterator[str]:
    """A name that is a module's own, or another module that it has imported."""
    is_other = name in _OTHER_MODULES
    if is_other or (name.startswith("_") and not name.startswith("__")):
        yield f"{module}.{name}"
    elif (module, name) == ("time", "time"):
        yield "time.time"


def _untold(node: ast.AST) -> Iterator[str]:
    """What a node names that may do more than its instructions tell."""
    match node:
        case ast.Import() | ast.ImportFrom() if getattr(node, "is_lazy", False):
            yield "lazy import"
        case ast.Import(names=names):
            yield from _untold_modules(alias.name for alias in names)
        case ast.ImportFrom(module=module, level=level):
            yield from _untold_modules([module or "."] if not level else ["."])
            yield from (each.name for each in node.names if each.name in _UNTOLD_ATTRIBUTES)
        case ast.Name(id=name) if name in _UNTOLD_NAMES:
            yield name
        case ast.Attribute(attr=name) if name in _UNTOLD_ATTRIBUTES:
            yield name
        case ast.Set() | ast.SetComp():
            yield "set"
        case ast.FunctionDef(name=name) if name == _FINALIZER:
            yield name
        case _:
            return


def _untold_modules(names: Iterator[str] | list[str]) -> Iterator[str]:
    for name in names:
        first = name.partition(".")[0]
        if first not in _TOLD_MODULES:
            yield f"import {first or '.'}"
