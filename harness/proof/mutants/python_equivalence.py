"""The rules that show a mutant of a Python program to be equivalent."""

from __future__ import annotations

import ast
from itertools import pairwise

from harness.proof.mutants.mutant import Operator
from harness.proof.mutants.python_orders import why_order_is_nothing
from harness.proof.mutants.python_pools import has_room, works_in_silence
from harness.proof.mutants.python_source import (
    PythonSource,
    holds,
    imported_by,
    is_main_guard,
    mentioned,
    name_called,
)

_JOINED_AT_EXIT = "the interpreter joins its threads when main has returned, which is here"
_ROOM_TO_SPARE = "the pool starts a thread for a job that finds none idle, and never needs more"
UNWATCHED = "how many processes do the jobs shows in nothing but the time that they take"
_NOT_YET_STARTED = "to make a thread does nothing that another thread could see"

_HARMLESS = frozenset({
    "__future__", "collections.abc", "contextlib", "random", "threading", "time", "typing",
})  # fmt: skip
"""Modules of which nothing but a thread has a ``join()`` without arguments, or acts at exit."""

_OBSERVERS = frozenset({
    "daemon", "is_alive", "active_count", "main_thread", "enumerate", "__del__", "settrace",
    "Timer", "eval", "exec", "globals", "getattr", "setattr",
})  # fmt: skip
"""What might tell a main that has returned from one that waits, or hide a name from us."""


def why_python_is_equal(operator: str, original: str, mutated: str, at: int) -> str:
    """Why the mutant, which differs from ``at`` on, does what its original does."""
    source = PythonSource(original)
    match operator:
        case Operator.REMOVE_CALL.value if _joins_at_the_end(source, at):
            return _JOINED_AT_EXIT
        case Operator.CHANGE_CONSTANT.value | Operator.LOWER_BOUND.value if has_room(
            source, PythonSource(mutated), at
        ):
            return _ROOM_TO_SPARE
        case Operator.CHANGE_CONSTANT.value | Operator.LOWER_BOUND.value if (
            "max_workers=0" not in mutated and works_in_silence(source, at)
        ):
            return UNWATCHED
        case Operator.SWAP_STATEMENTS.value if _starts_before_making(source, at):
            return _NOT_YET_STARTED
        case Operator.SWAP_STATEMENTS.value:
            return why_order_is_nothing(source, mutated)
        case _:
            return ""


# --- a join at the end of main ------------------------------------------------------


def _joins_at_the_end(source: PythonSource, at: int) -> bool:
    """Whether the call at ``at`` joins threads, and main does nothing afterwards but that.

    The interpreter waits for every thread that is no daemon, in the same way,
    as soon as main has returned
    (https://docs.python.org/3/library/threading.html#thread-objects). It
    takes: a module of which nothing is left to do after main; threads only,
    no daemons; and threads that start no others, which Python refuses at exit
    from 3.12 on.
    """
    main = _function(source.tree, "main")
    if main is None or not _ends_with(source.tree, "main") or not _is_harmless(source.tree):
        return False
    joins: list[ast.stmt] = []
    # From the end: whatever else main does last is done by another thread's time, or after its end.
    for statement in reversed(main.body):
        if not _is_join(statement):
            break
        joins.append(statement)
    is_one_of_them = any(holds(source, statement, at) for statement in joins)
    return is_one_of_them and _only_main_starts(source.tree, main)


def _is_join(statement: ast.stmt) -> bool:
    """``thread.join()``, or that for each of some variables' threads."""
    match statement:
        case ast.For(target=ast.Name(), iter=threads, body=[one], orelse=[]):
            names = (ast.Name, ast.BinOp, ast.operator, ast.expr_context)
            return all(isinstance(node, names) for node in ast.walk(threads)) and _is_join(one)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name()), args=[], keywords=[])):
            return name_called(statement.value) == "join"
        case _:
            return False


def _is_harmless(tree: ast.Module) -> bool:
    """Whether a program imports and asks nothing by which the change could show."""
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return imported_by(tree) <= _HARMLESS and not (
        mentioned(tree) & _OBSERVERS or "join" in defined
    )


def _only_main_starts(tree: ast.Module, main: ast.FunctionDef) -> bool:
    """Whether threads are started by main alone, or by functions that main alone calls.

    Each by a statement of its own: not in a lambda, nor by a method that is handed on.
    """
    calls = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    plain = [call.func for call in calls if isinstance(call, ast.Call)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return all(start in plain for start in _starts(tree)) and all(
        function is main or _is_only_called_by(tree, main, function)
        for function in functions
        if any(_starts(part) for part in function.body if not isinstance(part, ast.FunctionDef))
    )


def _starts(tree: ast.AST) -> list[ast.expr]:
    """Each mention of a ``start``, be it called or handed on."""
    nodes = ast.walk(tree)
    return [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "start"]


def _is_only_called_by(tree: ast.Module, main: ast.FunctionDef, function: ast.FunctionDef) -> bool:
    """Whether a function is called in main's own statements, and mentioned nowhere else."""
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == function.name]
    called = [
        node.value.func
        for node in main.body
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call)
    ]
    return bool(uses) and all(use in called for use in uses)


# --- a thread made later ---------------------------------------------------------------


def _starts_before_making(source: PythonSource, at: int) -> bool:
    """Whether ``y = Thread(…)`` and then ``x.start()`` have changed places.

    A thread that is not started does nothing, and its arguments are local
    variables and constants, which the started thread cannot bind anew. The
    number in its name comes from a counter, which only this function moves.
    """
    for block in source.blocks():
        for one, other in pairwise(block):
            if not holds(source, one, at):
                continue
            made = _thread_made(one)
            started = isinstance(other, ast.Expr) and name_called(other.value) == "start"
            if made and started and made not in mentioned(other):
                return _is_alone_in_making(source.tree, block)
    return False


def _thread_made(statement: ast.stmt) -> str:
    """The variable that a thread of plain arguments is bound to."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[]) as call):
            plain = (ast.Name, ast.Constant, ast.Tuple, ast.expr_context)
            parts = (node for keyword in call.keywords for node in ast.walk(keyword.value))
            is_plain = all(isinstance(node, plain) for node in parts)
            return name if is_plain and name_called(call) == "Thread" else ""
        case _:
            return ""


def _is_alone_in_making(tree: ast.Module, block: list[ast.stmt]) -> bool:
    """Whether threads are made in this block only, and no function binds another's names."""
    inside = {id(node) for statement in block for node in ast.walk(statement)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            return False
        is_thread = isinstance(node, ast.Call) and name_called(node) == "Thread"
        if is_thread and id(node) not in inside:
            return False
    return True


# --- places -------------------------------------------------------------------------


def _function(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    """The module's function of that name, if there is just one."""
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    return found[0] if len(found) == 1 else None


def _ends_with(tree: ast.Module, name: str) -> bool:
    """Whether the module's last act is to call ``name``, and nobody else does."""
    match tree.body[-1]:
        case ast.If(body=[ast.Expr(value=ast.Call(func=ast.Name(id=called), args=[]))], orelse=[]):
            uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name]
            return called == name and len(uses) == 1 and is_main_guard(tree.body[-1])
        case _:
            return False
