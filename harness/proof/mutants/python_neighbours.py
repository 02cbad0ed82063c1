"""Two statements of Python in a row: what is around them, and what they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from harness.proof.mutants.python_source import Scope

INNER = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
PATH = (ast.Name, ast.Attribute, ast.expr_context)


class Neighbours(NamedTuple):
    """Two statements in a row of ``block``, whose names belong to ``scope``."""

    scope: Scope
    block: list[ast.stmt]
    one: ast.stmt
    other: ast.stmt


def is_look(statement: ast.stmt) -> bool:
    """``print`` of what can be had without a call."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    call = statement.value
    inside = [n for part in (*call.args, *call.keywords) for n in ast.walk(part)]
    acts = (ast.Call, ast.NamedExpr, ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom)
    return _is_print_call(call) and not any(isinstance(n, acts) for n in inside)


def _is_print_call(call: ast.expr) -> bool:
    return (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    )


def is_print(statement: ast.stmt) -> bool:
    """``print`` of constants, and of names in a text."""
    return is_look(statement) and not any(
        isinstance(node, ast.Attribute | ast.Subscript | ast.BinOp) for node in ast.walk(statement)
    )


def is_constant_print(statement: ast.stmt) -> bool:
    """``print`` of constants alone."""
    return is_print(statement) and mentions(statement) == {"print"}


def imports(node: ast.AST) -> Iterator[str]:
    """The names that an import binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)


def mentions(statement: ast.AST) -> set[str]:
    """The names in it, whatever is done with them."""
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}


def deleted(statement: ast.stmt) -> set[str]:
    """The names that it unbinds."""
    nodes = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
    return {n.id for n in nodes if isinstance(n.ctx, ast.Del)}


def is_within(pair: Neighbours, kind: type[ast.AST] | object) -> bool:
    """Whether the statements are in such a one of their own function."""
    return any(isinstance(node, kind) for node in around(pair))  # type: ignore[arg-type]


def around(pair: Neighbours) -> Iterator[ast.AST]:
    """The statements of the function that the two are inside of."""
    for node in ast.walk(pair.scope):
        if node is not pair.scope and isinstance(node, ast.stmt) and node is not pair.one:
            inside = {id(each) for each in of_the_same_scope(node)}
            if id(pair.one) in inside:
                yield node


def of_the_same_scope(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a node, but for the insides of functions and classes."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, INNER):
            yield from of_the_same_scope(child)
