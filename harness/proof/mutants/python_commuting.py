"""The rules by which two neighbouring statements of Python commute: either order is the same.

One of the two does nothing that anybody else could see: it only makes
something for its own function, or it lets others go on, which cannot do so
before both are done, be it that all share one thread, or that they want the
lock.
"""

from __future__ import annotations

import ast

from harness.proof.mutants.python_names import bound, first_bound
from harness.proof.mutants.python_neighbours import (
    INNER,
    PATH,
    Neighbours,
    around,
    deleted,
    imports,
    is_look,
    is_print,
    is_within,
    mentions,
    of_the_same_scope,
)
from harness.proof.mutants.python_silence import silence_of
from harness.proof.mutants.python_source import PythonSource, Scope, mentioned, name_called
from harness.proof.mutants.python_turns import is_wake, why_in_one_turn

_OWN_ONLY = "it only makes what nobody else knows, so nobody could see when"
_OWN_COUNT = "it counts for itself, and what is printed does not depend on the number"
_UNDER_LOCK = "who is notified goes on only when the lock is free, which is after both"

_LOOPS = ast.For | ast.AsyncFor | ast.While

_LOOKS_WITHIN = frozenset({
    "locals", "globals", "vars", "eval", "exec", "gc", "weakref", "getrefcount", "_getframe",
    "settrace", "setprofile", "inspect", "traceback", "tracemalloc", "get_objects", "all_tasks",
    "current_thread", "active_count", "enumerate", "excepthook", "get_name", "getName",
    "ExceptionGroup", "suppress", "__exit__", "__del__", "__setattr__", "__getattr__", "property",
})  # fmt: skip
"""What may look into a function, at what there is, or what hides what a plain statement does."""


def why_they_commute(source: PythonSource, pair: Neighbours) -> str:
    """Why no run could tell the two orders apart; empty if no rule shows it."""
    if mentioned(source.tree) & _LOOKS_WITHIN:
        return ""
    for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
        if _is_own(source, pair, one, other):
            return _OWN_ONLY
        if _counts(pair, one) and is_print(other) and not mentions(other) & bound(one):
            return _OWN_COUNT
        if why := why_in_one_turn(source, pair, one, other):
            return why
        if _notifies_under_lock(source, pair, one, other):
            return _UNDER_LOCK
    return ""


# --- something of one's own -----------------------------------------------------------


def _is_own(source: PythonSource, pair: Neighbours, maker: ast.stmt, other: ast.stmt) -> bool:
    """Whether ``maker`` binds new names to new things, and ``other`` cannot know of them.

    The names are bound for the first time and not in a loop, so that nothing
    is dropped by it. Outside of any ``try``, nobody sees whether it has been
    done when ``other`` fails.
    """
    silence = silence_of(source, maker)
    if silence is None or silence.names - first_bound(pair.scope, maker):
        return False
    changed = bound(other) | deleted(other) | _unsteady(source, pair.scope)
    if (
        (mentions(other) | bound(other)) & silence.names
        or silence.needs & changed
        or is_within(pair, _LOOPS)
    ):
        return False
    if is_within(pair, ast.Try) or not _is_for_this_function(source, pair, silence.names, other):
        return False
    if silence.threads and not _makes_all_threads(source, pair, other):
        return False
    # A coroutine that nobody awaits is told of: `other` must come to its end.
    return not silence.warns or is_print(other) or is_wake(source, other)


def _is_for_this_function(
    source: PythonSource, pair: Neighbours, names: frozenset[str], other: ast.stmt
) -> bool:
    """Whether no other function knows the names, or there is nobody yet who would use them."""
    scope = pair.scope
    if isinstance(scope, ast.ClassDef):
        return False
    # A generator looks when it is asked, as a function does when it is called.
    later = INNER | ast.GeneratorExp
    inner = (n for part in scope.body for n in ast.walk(part) if isinstance(n, later))
    if not isinstance(scope, ast.Module) and not names & set().union(*map(mentioned, inner)):
        return True
    # Both only make something, and so has all that was done before.
    before = [s for s in scope.body if s.lineno < pair.one.lineno]
    quiet = (ast.Import, ast.ImportFrom, ast.Nonlocal, ast.Global, *INNER.__args__)
    made = (s for s in (*before, other) if not isinstance(s, quiet) and not _is_text(s))
    return all(silence_of(source, statement) is not None for statement in made)


def _unsteady(source: PythonSource, scope: Scope) -> set[str]:
    """The names that somebody else may bind anew meanwhile: shared ones, and those of others."""
    nodes = list(ast.walk(source.tree))
    shared = {name for n in nodes if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}
    stored = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    args = [n.arg for n in nodes if isinstance(n, ast.arg)]
    own = {n.id for n in of_the_same_scope(scope) if isinstance(n, ast.Name)}
    often = {name for name in stored if [*stored, *args].count(name) > 1}
    return shared | (often if isinstance(scope, ast.Module) else often - own)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _makes_all_threads(source: PythonSource, pair: Neighbours, other: ast.stmt) -> bool:
    """Whether threads are made by this block alone, and none by ``other``.

    Who has no name gets a number for it. What a function of another module
    does is not known.
    """
    imported = {name for n in ast.walk(source.tree) for name in imports(n)}
    defined = {n.name for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef)}
    for call in (n for n in ast.walk(other) if isinstance(n, ast.Call)):
        is_known = isinstance(call.func, ast.Attribute) and not mentions(call.func) & imported
        if not is_known and name_called(call) not in defined | {"print", "range", "len"} - imported:
            return False
    here = {id(n) for part in pair.block if part is not other for n in ast.walk(part)}
    calls = (n for n in ast.walk(source.tree) if isinstance(n, ast.Call))
    made = [n for n in calls if name_called(n) in {"Thread", "Timer"}]
    inner = (n for part in pair.block for n in ast.walk(part) if isinstance(n, INNER))
    hidden = {id(n) for each in inner for n in ast.walk(each)}
    return all(id(n) in here and id(n) not in hidden for n in made)


def _counts(pair: Neighbours, statement: ast.stmt) -> bool:
    """``done += 1``, of a whole number of this function that no other one knows."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub(), value=by):
            scope = pair.scope
            if isinstance(scope, ast.Module | ast.ClassDef) or is_within(pair, ast.Try):
                return False
            inner = (n for part in scope.body for n in ast.walk(part) if isinstance(n, INNER))
            shared = (ast.Nonlocal, ast.Global)
            told = any(isinstance(n, shared) for n in ast.walk(scope))
            is_own = not told and name not in set().union(*map(mentioned, inner))
            return is_own and _is_whole(by) and _is_always_whole(scope, name)
        case _:
            return False


def _is_whole(value: ast.expr | None) -> bool:
    """A number that stands there, or a length."""
    match value:
        case ast.Constant(value=int()):
            return True
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name()]):
            return True
        case _:
            return False


def _is_always_whole(scope: Scope, name: str) -> bool:
    """Whether the name is never bound but to numbers, or changed but by them."""
    binds, known = 0, 0
    for node in ast.walk(scope):
        match node:
            case ast.Name(id=found, ctx=ast.Store()) if found == name:
                binds += 1
            case (
                ast.Assign(targets=[ast.Name(id=found)], value=value)
                | ast.AnnAssign(target=ast.Name(id=found), value=value)
                | ast.AugAssign(target=ast.Name(id=found), value=value)
            ) if found == name:
                known += _is_whole(value)
            case (
                ast.arg(arg=found)
                | ast.MatchAs(name=found)
                | ast.MatchStar(name=found)
                | ast.ExceptHandler(name=found)
            ) if found == name:
                return False
    return binds == known > 0


# --- under a lock -----------------------------------------------------------------------


def _notifies_under_lock(
    source: PythonSource, pair: Neighbours, notify: ast.stmt, other: ast.stmt
) -> bool:
    """Whether ``condition.notify()`` and a print, or a change, are both done with its lock held.

    Whoever waits for the condition needs the lock to go on, whether it was
    notified or its time is up.
    """
    match notify:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=owner, attr="notify" | "notify_all"), keywords=[]
            )
        ):
            name = source.text_of(owner)
        case _:
            return False
    defined = {n.name for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef)}
    hidden = {"notify", "notify_all", "print", "__str__", "__repr__", "__format__"}
    if defined & hidden or "release" in mentioned(source.tree):
        return False
    withs = [n for n in around(pair) if isinstance(n, ast.With)]
    held = {source.text_of(item.context_expr) for node in withs for item in node.items}
    if set().union(*map(bound, withs)) & mentions(notify):
        return False
    return name in held and (is_look(other) or _is_change(source, other, name))


def _is_change(source: PythonSource, statement: ast.stmt, name: str) -> bool:
    """``readers -= 1``, or the like of an attribute, without a call; and not of the condition."""
    match statement:
        case ast.AugAssign(target=target) | ast.Assign(targets=[target]):
            is_path = all(isinstance(n, PATH) for n in ast.walk(target))
            calls = any(isinstance(n, ast.Call | ast.Await) for n in ast.walk(statement))
            return is_path and not calls and not name.startswith(source.text_of(target))
        case _:
            return False
