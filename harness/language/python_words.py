"""What a Python program says that no step of a run tells, read off its text before any run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_TOLD = """
__future__ abc bisect collections concurrent contextlib dataclasses enum functools heapq itertools
math operator queue string sys textwrap threading time types typing
"""
_TOLD_MODULES = frozenset(_TOLD.split())
"""Modules of the library of which it is known what threads share by them."""

_UNTOLD = "__import__ eval exec globals id input locals open vars"
_UNTOLD_NAMES = frozenset(_UNTOLD.split())
"""Builtin functions by which anything may be reached, or that show where objects lie."""

_UNTOLD_ATTRIBUTES = frozenset(
    ["_current_frames", "_getframe", "monitoring", "setprofile", "settrace"]
)
"""By what these give a program takes part in its own tracing, or sees the frames of others."""

_FINALIZER = "__del__"


def untold_words(source: str) -> tuple[str, ...]:
    """What a program may share in ways that are not told: modules, functions, finalizers.

    Finalizers run in whichever thread drops the last reference, and no step says that it did. What
    cannot be read here may do any of that: another version of Python may be able to.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ("a syntax that is not known here",)
    return tuple(sorted({word for node in ast.walk(tree) for word in _untold(node)}))


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
        case ast.FunctionDef(name=name) if name == _FINALIZER:
            yield name
        case _:
            return


def _untold_modules(names: Iterator[str] | list[str]) -> Iterator[str]:
    for name in names:
        first = name.partition(".")[0]
        if first not in _TOLD_MODULES:
            yield f"import {first or '.'}"
