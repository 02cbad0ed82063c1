"""A Python source with its syntax tree: which nodes may be changed, and where they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from harness.language.python_syntax import parsed
from harness.proof.mutants.mutant import TIMED, Replacement

Located: TypeAlias = ast.expr | ast.stmt
Scope: TypeAlias = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_NEVER_CHANGED = ("annotation", "returns", "type_comment", "decorator_list")


@dataclass(slots=True)
class PythonSource:
    """A source and its tree. The tree counts columns in bytes of UTF-8, we in characters."""

    text: str
    tree: ast.Module = field(init=False)
    _starts: list[int] = field(init=False)
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read the text."""
        self.tree = parsed(self.text)
        self._lines = self.text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """Where a 1-based line and a column in bytes are, in characters from the start."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def span(self, node: Located) -> tuple[int, int]:
        """Where ``node`` stands."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def text_of(self, node: Located) -> str:
        """The source of ``node``."""
        return self.text[slice(*self.span(node))]

    def replaced(self, node: Located, text: str) -> Replacement:
        """``text`` in the place of ``node``."""
        return Replacement(*self.span(node), text)

    def line_start(self, line: int) -> int:
        """Where a 1-based line begins."""
        return self._starts[line - 1]

    def line(self, line: int) -> str:
        """A 1-based line."""
        return self._lines[line - 1]

    def nodes(self) -> Iterator[ast.AST]:
        """Every node that may be changed, from the top down."""
        return changeable(self.tree)

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Every list of statements, those of the module first."""
        return (block for node in self.nodes() for block in _blocks_of(node))

    def blocks_in_scopes(self) -> Iterator[tuple[Scope, list[ast.stmt]]]:
        """Every list of statements, with the module, class or function whose names it binds."""
        return _blocks_below(self.tree, self.tree)


def _blocks_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements that stand in a node itself."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block


def _blocks_below(node: ast.AST, scope: Scope) -> Iterator[tuple[Scope, list[ast.stmt]]]:
    """All blocks in a node, each with the function, class or module whose names it has."""
    inner = node if isinstance(node, Scope) else scope
    for block in _blocks_of(node):
        yield inner, block
    for child in ast.iter_child_nodes(node):
        yield from _blocks_below(child, inner)


def changeable(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and what is in it, but for annotations, times and what f-strings hold.

    Where the expressions of an f-string stand is not known before Python 3.12.
    """
    yield node
    for name, value in ast.iter_fields(node):
        if name in _NEVER_CHANGED:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(child):
                yield from changeable(child)


def _is_left_alone(node: ast.AST) -> bool:
    """Whether nothing within is changed.

    Texts with fields, and how long something is waited for.
    """
    match node:
        case ast.JoinedStr():
            return True
        case ast.Call():
            return name_called(node) in TIMED
        case ast.keyword(arg="timeout"):
            return True
        case _:
            return False


def is_main_guard(node: ast.AST) -> bool:
    """Whether it is the ``if __name__ == "__main__":`` of a script."""
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case _:
            return False


def name_called(node: ast.expr) -> str:
    """``join`` of ``thread.join()``, ``print`` of ``print()``; nothing if it is no plain call."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
        case _:
            return ""


def is_docstring(node: ast.stmt) -> bool:
    """Whether it is a text that stands alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mentioned(tree: ast.AST) -> set[str]:
    """Every name, attribute and keyword in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.keyword(arg=str(name)):
                found.add(name)
    return found


def imported_by(tree: ast.Module) -> set[str]:
    """The modules that it imports from, by their whole names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
            case ast.ImportFrom(module=module):
                found.add(module or "")
    return found


def holds(source: PythonSource, node: Located, at: int) -> bool:
    """Whether the character at ``at`` is in ``node``."""
    start, end = source.span(node)
    return start <= at < end
