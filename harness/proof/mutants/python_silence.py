"""Which statements of Python only make something, and do nothing that anybody could see."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from harness.proof.mutants.python_source import PythonSource, name_called

MAKERS = frozenset({
    "Lock", "RLock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier", "Queue",
    "LifoQueue", "SimpleQueue",
})  # fmt: skip
"""Of threading, queue and asyncio: what is made has no effect before it is used."""

_THREADS = frozenset({"Thread", "Timer"})
_WHOLE = (ast.Add, ast.Sub, ast.Mult)
_WHOLE_BY = (ast.FloorDiv, ast.Mod)


class Silence(NamedTuple):
    """What a silent statement binds, and what it is made of.

    ``threads``: threads are made, which takes numbers for their names.
    ``warns``: what is made tells at its end that nobody has used it.
    """

    names: frozenset[str]
    needs: frozenset[str]
    threads: bool
    warns: bool


def silence_of(source: PythonSource, statement: ast.stmt) -> Silence | None:
    """What the statement makes in silence; None if it may do more than that."""
    values: list[ast.expr]
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            names, values = [name], [value]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(
            targets
        ) == len(values):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if len(names) < len(targets):
                return None
        case _:
            return None
    known = _Known(source.tree)
    if not all(map(known.is_silent, values)):
        return None
    calls = {name_called(n) for v in values for n in ast.walk(v) if isinstance(n, ast.Call)}
    needs = (n.id for v in values for n in ast.walk(v) if isinstance(n, ast.Name))
    return Silence(
        names=frozenset(names),
        needs=frozenset(needs),
        threads=bool(calls & _THREADS),
        warns=bool(calls & known.coroutines),
    )


class _Known:
    """The names of a program that a silent expression may call, or count with."""

    def __init__(self, tree: ast.Module) -> None:
        defined = [n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)]
        bases = {b.id for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for b in _names(n)}
        self.makers = MAKERS - set(defined)
        self.threads = frozenset() if bases & _THREADS else _THREADS - set(defined)
        self.coroutines = coroutines(tree)
        self.whole = _whole_numbers(tree)

    def is_silent(self, value: ast.expr) -> bool:
        """Whether to work it out is to make new things, and nothing else."""
        match value:
            case ast.Constant() | ast.Name():
                return True
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(map(self.is_silent, parts))
            case ast.Dict(keys=keys, values=values):
                return all(map(_is_constant, keys)) and all(map(self.is_silent, values))
            case ast.ListComp(elt=part, generators=[ast.comprehension(iter=steps, ifs=[])]):
                return _is_constant_row(steps) and self.is_silent(part)
            case ast.Call(func=ast.Name(id=name)):
                may = self.makers | self.threads | self.coroutines
                return name in may and self._has_silent_parts(value)
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=name)):
                return name in self.makers | self.threads and self._has_silent_parts(value)
            case ast.Subscript(value=ast.Name(id=generic)):
                return generic in self.makers
            case ast.BinOp():
                return self._is_whole(value)
            case _:
                return False

    def _has_silent_parts(self, call: ast.Call) -> bool:
        parts = (*call.args, *(each.value for each in call.keywords))
        return all(each.arg for each in call.keywords) and all(map(self.is_silent, parts))

    def _is_whole(self, value: ast.expr) -> bool:
        """Whether it is a whole number by what the annotations say, and never fails to be one."""
        match value:
            case ast.Constant(value=int()):
                return True
            case ast.Name(id=name):
                return name in self.whole
            case ast.BinOp(left=left, op=op, right=right):
                divides = isinstance(right, ast.Constant) and right.value not in (0, False)
                is_safe = isinstance(op, _WHOLE) or (isinstance(op, _WHOLE_BY) and divides)
                return is_safe and self._is_whole(left) and self._is_whole(right)
            case _:
                return False


def coroutines(tree: ast.Module) -> frozenset[str]:
    """The module's async functions that mean nothing else anywhere: a call makes only an object."""
    functions = {
        n.name for n in tree.body if isinstance(n, ast.AsyncFunctionDef) and not n.decorator_list
    }
    rebound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _is_load(n)}
    args = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    again = [
        n.name for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef | ast.FunctionDef)
    ]
    return frozenset(n for n in functions - rebound - args if again.count(n) == 1)


def _whole_numbers(tree: ast.Module) -> frozenset[str]:
    """The parameters that are ``int`` wherever they are parameters, and never bound anew."""
    args = [n for n in ast.walk(tree) if isinstance(n, ast.arg)]
    whole = {n.arg for n in args if isinstance(n.annotation, ast.Name) and n.annotation.id == "int"}
    other = {n.arg for n in args} - whole
    mixed = {n.arg for n in args if n.arg in whole and not isinstance(n.annotation, ast.Name)}
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _is_load(n)}
    return frozenset(whole - other - mixed - bound)


def _names(node: ast.ClassDef) -> Iterable[ast.Name]:
    """The bases of a class that are plain names, or the last of a dotted one as such."""
    for base in node.bases:
        if isinstance(base, ast.Name):
            yield base
        elif isinstance(base, ast.Attribute):
            yield ast.Name(id=base.attr, ctx=ast.Load())


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_constant(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant)


def _is_constant_row(steps: ast.expr) -> bool:
    """``range(2)``, or constants one by one."""
    match steps:
        case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]):
            return all(map(_is_constant, args))
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_constant, parts))
        case _:
            return False
