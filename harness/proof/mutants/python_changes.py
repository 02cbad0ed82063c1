"""The changes of a Python program, found on its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from harness.proof.mutants.mutant import (
    SYNCHRONISING,
    Change,
    Operator,
    Replacement,
    change,
    swap,
)
from harness.proof.mutants.python_names import first_bound, needed
from harness.proof.mutants.python_source import (
    PythonSource,
    is_docstring,
    is_main_guard,
    name_called,
)

_OPPOSITES = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: ">=", ast.GtE: "<", ast.Gt: "<=", ast.LtE: ">",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_SIZED_BY = frozenset({"maxsize", "max_workers", "value", "parties"})
_STAY = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    ast.Global, ast.Nonlocal, ast.Pass,
)  # fmt: skip


def python_changes(text: str) -> Iterator[Change]:
    """Every change of the source ``text``; raises SyntaxError if that is no Python."""
    source = PythonSource(text)
    finders: tuple[Callable[[PythonSource], Iterator[Change]], ...] = (
        _removed_calls, _unlocked, _lowered, _constants, _negated, _swapped,
    )  # fmt: skip
    for find in finders:
        yield from find(source)


def _removed_calls(source: PythonSource) -> Iterator[Change]:
    """A call that stands alone is forgotten."""
    for node in source.nodes():
        if isinstance(node, ast.Expr):
            name = name_called(node.value)
            if name == "print":
                yield change(Operator.DROP_PRINT, source.replaced(node, "pass"))
            elif name in SYNCHRONISING and _is_method_call(node.value):
                yield change(Operator.REMOVE_CALL, source.replaced(node, "pass"))


def _is_method_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)


# --- with lock: ---------------------------------------------------------------------


def _unlocked(source: PythonSource) -> Iterator[Change]:
    """The body of a ``with`` that binds nothing is done without it."""
    for node in source.nodes():
        if isinstance(node, ast.With) and not (_binds(node) or _has_long_text(node.body)):
            yield change(Operator.UNLOCK, *_without_header(source, node))


def _binds(node: ast.With) -> bool:
    return any(item.optional_vars for item in node.items)


def _has_long_text(body: Iterable[ast.stmt]) -> bool:
    """Whether a text of several lines is in it: what its lines begin with is no indentation."""
    return any(
        isinstance(node, ast.Constant | ast.JoinedStr) and node.lineno != node.end_lineno
        for statement in body
        for node in ast.walk(statement)
    )


def _without_header(source: PythonSource, node: ast.With) -> Iterator[Replacement]:
    """A ``with`` taken away from around its body, whose lines move to the left."""
    first = node.body[0]
    yield Replacement(source.span(node)[0], source.span(first)[0], "")
    surplus = " " * (first.col_offset - node.col_offset)
    for line in range(first.lineno + 1, (node.end_lineno or first.lineno) + 1):
        if source.line(line).startswith(surplus):
            start = source.line_start(line)
            yield Replacement(start, start + len(surplus), "")


# --- numbers ------------------------------------------------------------------------


def _lowered(source: PythonSource) -> Iterator[Change]:
    """The bound of a range, or the size of something, is one less."""
    for node in source.nodes():
        for bound in _bounds(node):
            text = _one_less(source, bound)
            if text:
                yield change(Operator.LOWER_BOUND, source.replaced(bound, text))


def _bounds(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that say how many: of a range, of a thing's size, of a constant in capitals."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[bound] | [_, bound] | [_, bound, _]):
            yield bound
        case ast.Call(args=args, keywords=keywords):
            if name_called(node)[:1].isupper():
                yield from (arg for arg in args if _integer(arg) is not None)
            for keyword in keywords:
                if keyword.arg in _SIZED_BY and _integer(keyword.value) is not None:
                    yield keyword.value
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if name.isupper() and _integer(value) is not None:
                yield value


def _integer(node: ast.expr) -> int | None:
    """The number that stands there; of ``True``, which is one to Python as well, none."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _one_less(source: PythonSource, node: ast.expr) -> str:
    """The text of a bound that is smaller by one; empty for 0, of which there is no fewer."""
    number = _integer(node)
    if number is not None:
        return str(number - 1) if number > 0 else ""
    text = source.text_of(node)
    is_simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.BinOp)
    return f"{text} - 1" if is_simple else f"({text}) - 1"


def _constants(source: PythonSource) -> Iterator[Change]:
    """A whole number is one more; true is false."""
    for node in source.nodes():
        if isinstance(node, ast.Constant):
            match node.value:
                case bool():
                    text = str(not node.value)
                case int():
                    text = str(node.value + 1)
                case _:
                    continue
            yield change(Operator.CHANGE_CONSTANT, source.replaced(node, text))


# --- conditions ---------------------------------------------------------------------


def _negated(source: PythonSource) -> Iterator[Change]:
    """A condition is turned round, but for the one that every script has."""
    for node in source.nodes():
        if not is_main_guard(node):
            for test in _tests(node):
                yield change(Operator.NEGATE_CONDITION, source.replaced(test, _not(source, test)))


def _tests(node: ast.AST) -> list[ast.expr]:
    """The conditions of a statement or a comprehension."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.comprehension(ifs=ifs):
            return ifs
        case _:
            return []


def _not(source: PythonSource, test: ast.expr) -> str:
    """The opposite of a condition, as somebody would write it."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return source.text_of(operand)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return f"{_side(source, left)} {_OPPOSITES[type(operator)]} {_side(source, right)}"
        case _:
            return f"not ({source.text_of(test)})"


def _side(source: PythonSource, node: ast.expr) -> str:
    """One side of a comparison; the tree does not say whether it had parentheses."""
    text = source.text_of(node)
    return f"({text})" if isinstance(node, ast.NamedExpr | ast.BoolOp | ast.IfExp) else text


# --- order --------------------------------------------------------------------------


def _swapped(source: PythonSource) -> Iterator[Change]:
    """Two neighbouring statements change places, unless the second plainly needs the first.

    A name that means nothing yet ends the program by accident, and says
    nothing of a spec. Whether a run can tell the two orders apart is not
    asked here, but where mutants are shown to be equivalent.
    """
    for scope, block in source.blocks_in_scopes():
        for one, other in pairwise(block):
            if _stays(one) or _stays(other) or _depend(one, other):
                continue
            if not first_bound(scope, one) & needed(other):
                yield swap(source.text, source.span(one), source.span(other))


def _stays(node: ast.stmt) -> bool:
    return isinstance(node, _STAY) or is_docstring(node) or is_main_guard(node)


def _depend(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether the second needs the first, or nobody could tell which came first."""
    made = _names(one, ast.Store) if isinstance(one, ast.Assign | ast.AnnAssign) else set()
    if made & (_names(other, ast.Load) | _names(other, ast.Store)):
        return True
    return _only_binds(one) and _only_binds(other)


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """The names that are read, or set, within a node."""
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, context)
    }


def _only_binds(node: ast.stmt) -> bool:
    """Whether it binds what is there already: nothing is called, and nothing printed."""
    calls = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)
    is_binding = isinstance(node, ast.Assign | ast.AnnAssign)
    return is_binding and not any(isinstance(each, calls) for each in ast.walk(node))
