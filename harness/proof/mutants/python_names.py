"""Which names a statement of Python binds, and which it cannot do without."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from harness.proof.mutants.python_source import Scope

_Inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def first_bound(scope: Scope, statement: ast.stmt) -> set[str]:
    """The names that mean nothing in ``scope`` before ``statement``, which binds them.

    Before is further up in the source, in whatever branch.
    """
    known: set[str] = set()
    if not isinstance(scope, ast.Module | ast.ClassDef):
        arguments = scope.args
        known.update(each.arg for each in ast.walk(arguments) if isinstance(each, ast.arg))
    for node in _own(scope):
        if isinstance(node, ast.Global | ast.Nonlocal):
            known.update(node.names)
        elif getattr(node, "lineno", statement.lineno) < statement.lineno:
            known.update(_binds(node))
    return bound(statement) - known


def bound(statement: ast.stmt) -> set[str]:
    """The names that ``statement`` binds where it stands, in whatever part of it."""
    nodes = (statement, *_own(statement))
    return {name for node in nodes for name in _binds(node)}


def needed(statement: ast.stmt) -> set[str]:
    """The names that ``statement`` uses and has not bound itself by then.

    What a loop or a ``with`` binds in its first line is there in its body.
    """
    heads, body = _parts(statement)
    loaded = set().union(*map(_loaded, heads))
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        loaded.add(statement.target.id)
    here = {name for head in heads for node in (head, *_own(head)) for name in _binds(node)}
    for inner in body:
        loaded |= needed(inner) - here
        here |= bound(inner)
    return loaded


def _parts(statement: ast.stmt) -> tuple[list[ast.AST], list[ast.stmt]]:
    """The statements in ``statement`` in order, and what else there is in it."""
    heads: list[ast.AST] = []
    body: list[ast.stmt] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            body.append(child)
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            body += child.body
            heads += (c for c in ast.iter_child_nodes(child) if not isinstance(c, ast.stmt))
        else:
            heads.append(child)
    return heads, body


def _loaded(part: ast.AST) -> set[str]:
    """The names that it uses, but for those that only its comprehensions know."""
    nodes = list(ast.walk(part))
    targets = (node.target for node in nodes if isinstance(node, ast.comprehension))
    inner = {name for target in targets for node in ast.walk(target) for name in _binds(node)}
    used = (node for node in nodes if isinstance(node, ast.Name))
    return {node.id for node in used if isinstance(node.ctx, ast.Load)} - inner


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What is in ``node`` and of the same scope: not what its functions and comprehensions bind."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _Inner | _Comprehension):
            yield from _own(child)


def _binds(node: ast.AST) -> Iterator[str]:
    """The names that a node gives a value to."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
