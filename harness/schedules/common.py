"""What all runs of a Python program begin with: what its script imports of the library.

A server imports that once, and so does, at the same point, a run that is
started for itself. It ends where the script does anything else, or imports
what is not the standard library's: that may be the program's own.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from harness.language.python_syntax import parsed


def leading_imports(script: Path) -> str:
    """The imports that ``script`` begins with: ``queue concurrent.futures:wait,Future``.

    None where a file beside the script has the name of a module of the library:
    that module, or one that imports it, would be another once the script runs.
    """
    try:
        status = script.stat()
        return _leading_imports(script, status.st_mtime_ns, status.st_size)
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _leading_imports(script: Path, _changed: int, _size: int) -> str:
    """The library's modules that a script imports first, which a server may import before it.

    Kept by the script's path, time and size. None at all if a file beside it has the name of
    such a module: that is what would be imported.
    """
    beside = {path.name.partition(".")[0] for path in script.parent.iterdir()}
    if beside & sys.stdlib_module_names:
        return ""
    try:
        tree = parsed(script.read_bytes())
    except (SyntaxError, ValueError):
        return ""
    return " ".join(_imports(tree.body))


def _imports(statements: list[ast.stmt]) -> Iterator[str]:
    """The names that leading statements import, up to the first that is the library's no more."""
    for number, statement in enumerate(statements):
        named = list(_named(statement, is_first=number == 0))
        if any(not _is_library(name) for name in named):
            return
        yield from (name for name in named if name)


def _named(statement: ast.stmt, *, is_first: bool) -> Iterator[str]:
    """What the statement imports; ``.`` for what is no such import, nothing if it does nothing."""
    match statement:
        case ast.Expr(ast.Constant(str())) if is_first:
            return
        case ast.Import(names):
            yield from (each.name for each in names)
        case ast.ImportFrom("__future__"):
            return
        case ast.ImportFrom(str(module), names, 0):
            yield f"{module}:{','.join(each.name for each in names)}"
        case _:
            yield "."


def _is_library(name: str) -> bool:
    return name.partition(":")[0].partition(".")[0] in sys.stdlib_module_names
