"""Where the blocks of a Rust source are, and the statements in them.

There is no parser here: a brace opens a block of code after certain words and
marks, and a statement ends at its semicolon or after its closing brace. What
is taken wrongly makes a mutant that rustc refuses, nothing worse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.proof.mutants.rust_tokens import RustSource

_HEADS = frozenset({"fn", "if", "else", "while", "for", "loop", "unsafe", "match", "->"})
_ITEMS = frozenset({"impl", "struct", "enum", "trait", "mod", "union", "extern", "macro_rules"})
_BLOCK_LIKE = frozenset({"if", "while", "for", "loop", "unsafe", "match", "{"})
_GOES_ON = frozenset({"else", ".", "?"})
_OPENING = frozenset("([{")
_DECLARES = _ITEMS | {"fn", "use", "const", "static", "type", "pub"}


@dataclass(frozen=True, slots=True)
class Statement:
    """The tokens from ``first`` to ``last``, the semicolon among them, if it has one."""

    first: int
    last: int
    has_semicolon: bool


def blocks(source: RustSource) -> Iterator[tuple[int, int]]:
    """The blocks of code: the indexes of their braces, outer ones first."""
    yield from _blocks_between(source, 0, len(source.tokens))


def _blocks_between(source: RustSource, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The blocks of code between two tokens, outer ones first.

    Braces of literals and patterns are none.
    """
    head = ""
    for index in source.level(first, end):
        text = source.at(index)
        if text in _OPENING and index in source.pair:
            close = source.pair[index]
            if text == "{":
                if _opens_code(source, index, first, head):
                    yield index, close
                head = ""
            yield from _blocks_between(source, index + 1, close)
        elif text == ";":
            head = ""
        elif text in _HEADS or text in _ITEMS:
            head = head or text


def _opens_code(source: RustSource, brace: int, first: int, head: str) -> bool:
    """Whether the brace opens a block of code.

    It does after a head such as ``if``, a closure's parameters or an arm's
    arrow, and where a statement begins.
    """
    if head:
        return head in _HEADS and head != "match"
    before = source.at(brace - 1)
    return before in {"|", "||", "=>", ";", "}"} or (brace == first and before == "{")


def statements(source: RustSource, block: tuple[int, int]) -> Iterator[Statement]:
    """The statements of a block in order; a bare expression at its end is none."""
    opening, closing = block
    start = opening + 1
    for index in source.level(start, closing):
        if index < start:
            continue
        if source.at(index) == ";":
            yield Statement(start, index, has_semicolon=True)
            start = index + 1
        elif source.at(index) == "{" and source.at(start) in _BLOCK_LIKE:
            end = source.pair.get(index, closing)
            if source.at(end + 1) not in _GOES_ON | {";"}:
                yield Statement(start, end, has_semicolon=False)
                start = end + 1


def is_declaration(source: RustSource, statement: Statement) -> bool:
    """Whether it declares something whose place does not matter."""
    return source.at(statement.first) in _DECLARES


def binds(source: RustSource, statement: Statement) -> bool:
    """Whether it is a ``let``."""
    return source.at(statement.first) == "let"
