"""The rules by which two statements of Python commute because all tasks share one thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from harness.proof.mutants.python_names import bound
from harness.proof.mutants.python_neighbours import (
    PATH,
    Neighbours,
    around,
    is_constant_print,
    mentions,
)
from harness.proof.mutants.python_silence import coroutines
from harness.proof.mutants.python_source import PythonSource, imported_by, mentioned, name_called

_NO_TURN = "no other task has its turn between two statements without an await"
_ALONE = "there is no other task that could have a turn meanwhile"

_TURNS = ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Yield | ast.YieldFrom

_LOOP_MODULES = frozenset({
    "__future__", "asyncio", "anyio", "collections.abc", "contextlib", "typing",
})  # fmt: skip
"""Modules whose tasks have their turns on one thread, where nothing of the next is mentioned."""

_NO_LOOP_ALONE = frozenset({
    "to_thread", "from_thread", "run_in_executor", "run_coroutine_threadsafe", "run_sync",
    "call_soon_threadsafe", "eager_start", "eager_task_factory", "set_task_factory",
})  # fmt: skip
"""What brings another thread to a loop, or lets a task begin before its first turn."""

_MORE_TASKS = frozenset({
    "create_task", "ensure_future", "gather", "TaskGroup", "create_task_group", "wait", "wait_for",
    "timeout", "timeout_at", "as_completed", "shield", "Runner", "call_soon", "call_later",
    "call_at", "start_server", "open_connection", "add_signal_handler", "add_reader",
    "fail_after", "move_on_after", "cancel",
})  # fmt: skip
"""What makes a second task, or ends the first one from outside."""

_WAKES = frozenset({"cancel", "set", "put_nowait"})
"""Methods that make somebody ready to run, at the loop's next turn, and never fail by that."""


def why_in_one_turn(source: PythonSource, pair: Neighbours, one: ast.stmt, other: ast.stmt) -> str:
    """Why it does not matter where ``one`` lets others go on; empty if no rule shows it."""
    if _is_one_turn(source, pair, one, other):
        return _NO_TURN
    return _ALONE if _is_turn_of_nobody(source, pair, one) else ""


def _is_one_turn(source: PythonSource, pair: Neighbours, wake: ast.stmt, other: ast.stmt) -> bool:
    """Whether ``wake`` makes a task ready that has no turn before ``other`` is done, either.

    ``other`` prints a constant; or it starts a task, while nobody can wait
    yet for what ``wake`` sets, so that it makes nobody ready.
    """
    if not _has_one_thread(source):
        return False
    if is_constant_print(other):
        return is_wake(source, wake) or _is_new_task(source, wake)
    unrelated = not mentions(wake) & bound(other)
    return (
        unrelated
        and is_wake(source, wake)
        and _is_new_task(source, other)
        and _is_fresh(pair, wake)
    )


def _is_turn_of_nobody(source: PythonSource, pair: Neighbours, statement: ast.stmt) -> bool:
    """Whether it is ``await asyncio.sleep(0)``, and there is nobody else on the loop.

    A stream that is left may be closed by a task of the loop's own. So there
    is one at most, and the statement is in it, before its clean-up.
    """
    match statement:
        case ast.Expr(
            value=ast.Await(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id="asyncio"), attr="sleep"),
                    args=[ast.Constant(value=0)],
                    keywords=[],
                )
            )
        ):
            pass
        case _:
            return False
    streams = [n for n in ast.walk(source.tree) if isinstance(n, ast.AsyncFunctionDef)]
    streams = [n for n in streams if any(isinstance(each, ast.Yield) for each in ast.walk(n))]
    made = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call)]
    made = [n for n in made if name_called(n) in {stream.name for stream in streams}]
    is_in_it = not streams or (streams == [pair.scope] and len(made) == 1)
    cleans = {id(n) for t in around(pair) if isinstance(t, ast.Try) for n in _clean_up(t)}
    is_alone = _has_one_thread(source) and not mentioned(source.tree) & _MORE_TASKS
    return is_alone and is_in_it and id(statement) not in cleans


def _clean_up(node: ast.Try) -> Iterator[ast.AST]:
    for part in (*node.handlers, *node.finalbody):
        yield from ast.walk(part)


def _has_one_thread(source: PythonSource) -> bool:
    defined = {
        n.name
        for n in ast.walk(source.tree)
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    hidden = _WAKES | {"create_task", "print"}
    return imported_by(source.tree) <= _LOOP_MODULES and not (
        mentioned(source.tree) & _NO_LOOP_ALONE or defined & hidden
    )


def is_wake(source: PythonSource, statement: ast.stmt) -> bool:
    """``event.set()``, ``task.cancel()`` or ``queue.put_nowait(1)``, into a queue without bound."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=of, attr=name), args=args, keywords=[]) as call
        ) if name in _WAKES:
            is_path = all(isinstance(n, PATH) for n in ast.walk(of))
            is_told = all(isinstance(each, ast.Constant | ast.Name) for each in args)
            queues = (n for n in ast.walk(source.tree) if isinstance(n, ast.Call))
            bounded = any(n.args or n.keywords for n in queues if _called(n).endswith("Queue"))
            may_fail = bounded or mentioned(source.tree) & {"PriorityQueue", "shutdown"}
            return is_path and is_told and not (name_called(call) == "put_nowait" and may_fail)
        case _:
            return False


def _called(call: ast.Call) -> str:
    """What is called: of ``Queue[int]()`` as of ``asyncio.Queue()`` it is ``Queue``."""
    func = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _is_new_task(source: PythonSource, statement: ast.stmt) -> bool:
    """``task = asyncio.create_task(work(1))``, of an async function of this module."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name()], value=ast.Call() as call)
            | ast.Expr(value=ast.Call() as call)
        ):
            pass
        case _:
            return False
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="asyncio"), attr="create_task"),
            args=[ast.Call(func=ast.Name(id=name), args=args, keywords=[])],
            keywords=[],
        ):
            plain = all(isinstance(each, ast.Constant | ast.Name) for each in args)
            return plain and name in coroutines(source.tree)
        case _:
            return False


def _is_fresh(pair: Neighbours, wake: ast.stmt) -> bool:
    """Whether what is woken by was made in this block, and no other task had a turn since."""
    assert isinstance(wake, ast.Expr)  # noqa: S101 - a wake
    assert isinstance(wake.value, ast.Call)  # noqa: S101 - a wake
    owner = wake.value.func.value if isinstance(wake.value.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return False
    for statement in reversed(pair.block[: pair.block.index(pair.one)]):
        if any(isinstance(node, _TURNS) for node in ast.walk(statement)):
            return False
        if isinstance(statement, ast.Assign | ast.AnnAssign) and owner.id in bound(statement):
            value = statement.value
            makes = value is not None and name_called(value) in {"Event", "Queue"}
            return makes and isinstance(pair.scope, ast.AsyncFunctionDef)
    return False
