"""The changes of a Rust program, found on its tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from harness.proof.mutants.mutant import (
    ALIKE,
    SYNCHRONISING,
    TIMED,
    Change,
    Operator,
    Replacement,
    change,
    swap,
)
from harness.proof.mutants.rust_statements import (
    Statement,
    binds,
    blocks,
    is_declaration,
    statements,
)
from harness.proof.mutants.rust_tokens import RustSource, TokenKind

_INTEGER = re.compile(r"(?P<digits>[0-9][0-9_]*)(?P<suffix>(?:[iu](?:8|16|32|64|128|size))?)$")
_PRINTS = frozenset({"println", "print", "eprintln", "eprint"})
_ENDS_EXPRESSION = frozenset({"{", ")", "]", "}", ",", ";", "=>", "="})
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_JOINS_CONDITIONS = frozenset({"&&", "||"})


def rust_changes(text: str) -> Iterator[Change]:
    """Every change of the source ``text``. Not all need compile."""
    source = RustSource(text)
    finders: tuple[Callable[[RustSource], Iterator[Change]], ...] = (
        _removed, _lowered, _smaller, _constants, _negated, _without_move, _swapped,
    )  # fmt: skip
    for find in finders:
        yield from find(source)


# --- statements ---------------------------------------------------------------------


def _removed(source: RustSource) -> Iterator[Change]:
    """A statement that prints, waits, lets go or holds a lock is forgotten."""
    for block in blocks(source):
        for statement in statements(source, block):
            operator = _why_removed(source, statement)
            if operator is not None:
                yield change(operator, _cut(source, statement))


def _why_removed(source: RustSource, statement: Statement) -> Operator | None:
    """The kind of change that leaving out a statement would be; ``None``: it is not left out."""
    first = source.at(statement.first)
    # The value of a block: without it the block has another type.
    if not statement.has_semicolon:
        return None
    if first in _PRINTS and source.at(statement.first + 1) == "!":
        return Operator.DROP_PRINT
    synchronises = _synchronises(source, statement)
    if first == "let":
        # `let _guard = lock()` is there for its scope alone. A binding that is used
        # would not compile without its statement.
        is_guard = source.at(statement.first + 1).startswith("_")
        return Operator.UNLOCK if is_guard and synchronises else None
    is_call = source.is_kind(statement.first, TokenKind.WORD) and not _is_control(first)
    is_drop = first == "drop" and source.at(statement.first + 1) == "("
    return Operator.REMOVE_CALL if is_call and (synchronises or is_drop) else None


def _is_control(word: str) -> bool:
    return word in {"if", "while", "for", "loop", "match", "return", "break", "use", "const", "fn"}


def _synchronises(source: RustSource, statement: Statement) -> bool:
    return bool(_methods(source, statement))


def _methods(source: RustSource, statement: Statement) -> set[str]:
    """The synchronising methods that it calls, outside of any brackets."""
    return {
        source.at(index)
        for index in source.level(statement.first, statement.last)
        if source.at(index) in SYNCHRONISING
        and source.at(index - 1) in {".", "::"}
        and source.at(index + 1) == "("
    }


def _cut(source: RustSource, statement: Statement) -> Replacement:
    """Take the statement away: with its whole lines, if nothing else is on them."""
    start, end = source.span(statement.first, statement.last)
    line_start = source.text.rfind("\n", 0, start) + 1
    line_end = source.text.find("\n", end)
    before, after = source.text[line_start:start], source.text[end:line_end]
    if line_end >= 0 and not before.strip() and not after.strip():
        return Replacement(line_start, line_end + 1, "")
    return Replacement(start, end, "")


def _swapped(source: RustSource) -> Iterator[Change]:
    """Two neighbouring statements change places, unless nobody could tell."""
    for block in blocks(source):
        for one, other in pairwise(statements(source, block)):
            if _can_swap(source, one, other):
                spans = (source.span(s.first, s.last) for s in (one, other))
                yield swap(source.text, *spans)


def _can_swap(source: RustSource, one: Statement, other: Statement) -> bool:
    """Whether two statements in each other's place would be another program, as far as told."""
    if any(is_declaration(source, s) or _is_pause(source, s) for s in (one, other)):
        return False
    called = _methods(source, one), _methods(source, other)
    if called[0] == called[1] != set() and called[0] <= ALIKE:
        return False
    if all(_only_spawns(source, s) for s in (one, other)):
        return False
    return any(called) or not (binds(source, one) and binds(source, other))


def _only_spawns(source: RustSource, statement: Statement) -> bool:
    """Whether it does nothing but start threads, once or in a loop, and bind what they take."""
    methods = _methods(source, statement)
    if methods or source.at(statement.first) != "for":
        return methods == {"spawn"}
    opening = source.pair.get(statement.last, statement.last)
    inside = list(statements(source, (opening, statement.last)))
    bound = [s for s in inside if binds(source, s) and not _methods(source, s)]
    return len(inside) > len(bound) and all(s in bound or _only_spawns(source, s) for s in inside)


def _is_pause(source: RustSource, statement: Statement) -> bool:
    level = source.level(statement.first, statement.last)
    return any(source.at(i) in TIMED and source.at(i + 1) == "(" for i in level)


# --- numbers ------------------------------------------------------------------------


def _lowered(source: RustSource) -> Iterator[Change]:
    """The upper bound of a range is one less."""
    for index, token in enumerate(source.tokens):
        if token.text not in {"..", "..="} or source.at(index - 1) in {"{", ",", "("}:
            continue
        end = index + 1
        for end in source.level(index + 1, len(source.tokens)):
            if source.at(end) in _ENDS_EXPRESSION and source.at(end) != "(":
                break
        if end > index + 1:
            yield change(Operator.LOWER_BOUND, _one_less(source, index + 1, end - 1))


def _one_less(source: RustSource, first: int, last: int) -> Replacement:
    """A bound, from token to token, that is smaller by one."""
    start, end = source.span(first, last)
    text = source.text[start:end]
    return Replacement(start, end, _shifted(text, -1) or f"{text} - 1")


def _shifted(text: str, by: int) -> str:
    """A literal that is greater by ``by``; nothing if that is no whole number from 0 on."""
    found = _INTEGER.match(text)
    if not found or int(found["digits"]) + by < 0:
        return ""
    return f"{int(found['digits']) + by}{found['suffix']}"


def _smaller(source: RustSource) -> Iterator[Change]:
    """A number that is all of an argument, of a constant or of a length is one less."""
    for index in _numbers(source):
        neighbours = source.at(index - 1) + source.at(index + 1)
        text = _shifted(source.at(index), -1)
        if neighbours in {"()", ";]", "=;"} and text:
            yield change(Operator.LOWER_BOUND, _instead(source, index, text))


def _constants(source: RustSource) -> Iterator[Change]:
    """A whole number is one more; true is false."""
    for index in _numbers(source):
        if text := _shifted(source.at(index), 1):
            yield change(Operator.CHANGE_CONSTANT, _instead(source, index, text))
    for index, token in enumerate(source.tokens):
        if token.kind is TokenKind.WORD and token.text in {"true", "false"}:
            text = "false" if token.text == "true" else "true"
            yield change(Operator.CHANGE_CONSTANT, _instead(source, index, text))


def _numbers(source: RustSource) -> Iterator[int]:
    """The number literals, but for fields of tuples and times."""
    for index, token in enumerate(source.tokens):
        is_time = source.at(index - 1) == "(" and source.at(index - 2) in TIMED
        if token.kind is TokenKind.NUMBER and source.at(index - 1) != "." and not is_time:
            yield index


def _instead(source: RustSource, index: int, text: str) -> Replacement:
    return Replacement(*source.span(index, index), text)


# --- conditions and closures ----------------------------------------------------------


def _negated(source: RustSource) -> Iterator[Change]:
    """A condition is turned round."""
    for index, token in enumerate(source.tokens):
        if token.text not in {"if", "while"} or source.at(index + 1) == "let":
            continue
        marks = list(source.level(index + 1, len(source.tokens)))
        end = next((i for i in marks if source.at(i) in {"{", "=>"}), None)
        if end is not None and end > index + 1:
            inside = [i for i in marks if i < end]
            yield change(Operator.NEGATE_CONDITION, _opposite(source, inside, end - 1))


def _opposite(source: RustSource, marks: list[int], last: int) -> Replacement:
    """The opposite of a condition: its only comparison turned round, or all of it denied."""
    compared = [i for i in marks if source.at(i) in _OPPOSITES]
    joined = any(source.at(i) in _JOINS_CONDITIONS for i in marks)
    if len(compared) == 1 and not joined:
        return _instead(source, compared[0], _OPPOSITES[source.at(compared[0])])
    first = marks[0]
    start, end = source.span(first, last)
    if source.at(first) == "!" and not joined:
        return Replacement(start, source.tokens[first].end, "")
    return Replacement(start, end, f"!({source.text[start:end]})")


def _without_move(source: RustSource) -> Iterator[Change]:
    """A closure borrows what it took."""
    for index, token in enumerate(source.tokens):
        if token.text == "move" and source.at(index + 1) in {"|", "||"}:
            start, end = token.start, source.tokens[index + 1].start
            yield change(Operator.REMOVE_MOVE, Replacement(start, end, ""))
