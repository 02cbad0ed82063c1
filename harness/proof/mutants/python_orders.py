"""The rules that show that no run can tell which of two Python statements came first.

What a run may print depends on the scheduler as well, which may let any time
pass between two steps. So two orders are one if every trace of the first is a
trace of the second under some schedule, and the other way round.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from harness.proof.mutants.mutant import TIMED, swap
from harness.proof.mutants.python_commuting import why_they_commute
from harness.proof.mutants.python_neighbours import Neighbours
from harness.proof.mutants.python_pools import has_thread_for_each
from harness.proof.mutants.python_silence import MAKERS
from harness.proof.mutants.python_source import PythonSource, mentioned, name_called

_MADE_ONLY = "to make it does nothing that anybody could see"
_STARTED_ANYWAY = "who is started first need not be the first to go on"
_WAITED_FOR_ANYWAY = "both are waited for before anything else is done"
_ANY_PAUSE = "a pause may take any time, so what comes after it may come as late before it"

_TELL_THREADS = frozenset({
    "current_thread", "get_ident", "get_native_id", "active_count", "enumerate", "is_alive",
    "main_thread", "initializer", "settrace", "eval", "exec", "globals", "getattr",
})  # fmt: skip
"""What tells threads apart, or how many there are, beside what they do; or hides a name."""

_CLOCKS = frozenset({
    "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "time_ns", "process_time",
    "thread_time", "timeout", "Timer", "wait_for", "datetime", "times",
})  # fmt: skip
"""What tells how much time has passed; ``time`` itself is one where it is called."""

_MAY_GIVE_UP = frozenset({"wait", "join", "acquire", "get", "put"})
"""Methods that may be told how long to wait, without the word ``timeout``."""


def why_order_is_nothing(source: PythonSource, mutated: str) -> str:
    """Why the statements that have changed places may stand in either order; empty if unknown."""
    swapped = _find(source, mutated)
    if swapped is None:
        return ""
    both = (swapped.one, swapped.other)
    if _only_makes(source, swapped, *both) or _only_makes(source, swapped, *reversed(both)):
        return _MADE_ONLY
    if not mentioned(source.tree) & _TELL_THREADS:
        if all(_is_of_thread(source, each, "start") for each in both):
            return _STARTED_ANYWAY
        if all(_submits(each) and has_thread_for_each(source, each) for each in both):
            return _STARTED_ANYWAY
    if all(_is_of_thread(source, each, "join") for each in both):
        return _WAITED_FOR_ANYWAY
    if any(map(_is_pause, both)) and not _tells_time(source):
        return _ANY_PAUSE
    return why_they_commute(source, swapped)


def _find(source: PythonSource, mutated: str) -> Neighbours | None:
    """The neighbours whose change of places is what was done."""
    for scope, block in source.blocks_in_scopes():
        for one, other in pairwise(block):
            change = swap(source.text, source.span(one), source.span(other))
            if change.apply(source.text) == mutated:
                return Neighbours(scope, block, one, other)
    return None


# --- making something ----------------------------------------------------------------


def _only_makes(
    source: PythonSource, swapped: Neighbours, maker: ast.stmt, other: ast.stmt
) -> bool:
    """Whether ``maker`` binds a new lock or the like, and ``other`` does no more than bind, too.

    What they bind is seen by no other thread yet, and neither needs the other.
    """
    new, known = (_bound(source, swapped, each) for each in (maker, other))
    if not new or not known or new == known:
        return False
    is_needed = new in _texts(source, other) or known in _texts(source, maker)
    defined = {
        n.name for n in ast.walk(source.tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)
    }
    makes = _has_maker(maker) and not defined & MAKERS
    return makes and not is_needed and all(map(_is_plain, map(_value, (maker, other))))


def _bound(source: PythonSource, swapped: Neighbours, statement: ast.stmt) -> str:
    """The variable that it binds, or the attribute of an object that is being made."""
    match statement:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target, value=ast.expr()):
            pass
        case _:
            return ""
    scope = swapped.scope
    shared = (ast.Global, ast.Nonlocal)
    if isinstance(target, ast.Name) and not any(isinstance(n, shared) for n in ast.walk(scope)):
        return target.id
    is_new = isinstance(scope, ast.FunctionDef) and scope.name == "__init__"
    is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
    plain = not mentioned(source.tree) & {"__setattr__", "property", "setter", "__getattr__"}
    return source.text_of(target) if is_new and is_own and plain else ""


def _value(statement: ast.stmt) -> ast.expr:
    """What a statement binds to a name."""
    assert isinstance(statement, ast.Assign | ast.AnnAssign)  # noqa: S101 - it binds
    assert statement.value is not None  # noqa: S101 - a value
    return statement.value


def _texts(source: PythonSource, statement: ast.stmt) -> set[str]:
    nodes = ast.walk(_value(statement))
    return {source.text_of(n) for n in nodes if isinstance(n, ast.Name | ast.Attribute)}


def _has_maker(statement: ast.stmt) -> bool:
    """Whether what is bound is made by something of which the order may matter."""
    return any(
        name_called(n) in MAKERS for n in ast.walk(_value(statement)) if isinstance(n, ast.expr)
    )


def _is_plain(value: ast.expr) -> bool:
    """Whether it is made of constants, names and new locks alone."""
    match value:
        case ast.Constant() | ast.Name():
            return True
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(map(_is_plain, parts))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and _is_plain(key) for key in keys) and all(
                map(_is_plain, values)
            )
        case ast.Call(args=args, keywords=keywords) if name_called(value) in MAKERS:
            return all(map(_is_plain, (*args, *(each.value for each in keywords))))
        case _:
            return False


# --- threads and jobs ----------------------------------------------------------------


def _is_of_thread(source: PythonSource, statement: ast.stmt, method: str) -> bool:
    """``thread.start()`` or ``thread.join()``, of a variable that is never but a thread."""
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=thread), attr=name), args=[], keywords=[]
            )
        ) if name == method:
            bound = [
                getattr(source_node, "value", None)
                for source_node in ast.walk(source.tree)
                if isinstance(source_node, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == thread for t in source_node.targets)
            ]
            return bool(bound) and all(
                isinstance(value, ast.Call) and name_called(value) == "Thread" for value in bound
            )
        case _:
            return False


def _submits(statement: ast.stmt) -> bool:
    """``job = pool.submit(f, 1)``, or the same without a name, with nothing else called in it."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name()], value=ast.Call() as call)
            | ast.Expr(value=ast.Call() as call)
        ) if name_called(call) == "submit":
            parts = (*call.args, *(each.value for each in call.keywords))
            return not any(isinstance(n, ast.Call) for part in parts for n in ast.walk(part))
        case _:
            return False


# --- pauses --------------------------------------------------------------------------


def _is_pause(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and name_called(statement.value) in TIMED


def _tells_time(source: PythonSource) -> bool:
    """Whether anything in it depends on how long something takes: a clock, or a limit of time."""
    calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    return bool(mentioned(source.tree) & _CLOCKS) or any(
        name_called(call) == "time" or (call.args and name_called(call) in _MAY_GIVE_UP)
        for call in calls
    )
