"""Python's own parser, as it can be used from several threads."""

from __future__ import annotations

import ast
from typing import Literal, overload

_TRIES = 50
"""So often a tree is begun anew. Rarely is one spoiled, and never so many in a row."""


@overload
def parsed(source: str | bytes, mode: Literal["exec"] = "exec") -> ast.Module: ...
@overload
def parsed(source: str | bytes, mode: Literal["eval"]) -> ast.Expression: ...
def parsed(
    source: str | bytes, mode: Literal["exec", "eval"] = "exec"
) -> ast.Module | ast.Expression:
    """The tree that ``ast.parse`` gives of a source; raises what that does of a bad one."""
    # CPython 3.11 counts the depth of the tree that it makes in one place for all threads, and
    # raises SystemError where another has begun a tree meanwhile. The collector can run in the
    # midst of a tree; where it calls Python code (a finalizer, or ``gc.callbacks``) threads change.
    # Whoever else parses in this process takes no lock of ours, so that is no remedy.
    for _ in range(_TRIES):
        try:
            return _once(source, mode)
        except SystemError:
            continue
    return _once(source, mode)


def _once(source: str | bytes, mode: Literal["exec", "eval"]) -> ast.Module | ast.Expression:
    return ast.parse(source, mode="eval") if mode == "eval" else ast.parse(source)
