"""The rules that show a mutant of a Rust program to be equivalent."""

from __future__ import annotations

from harness.proof.mutants.mutant import Operator
from harness.proof.mutants.rust_commuting import why_they_commute
from harness.proof.mutants.rust_statements import Statement, binds, blocks, statements
from harness.proof.mutants.rust_tokens import RustSource, TokenKind

_OWNS_ANYWAY = "the closure hands all that it captures on by value, and so captures it alike"
_ENDS_ANYWAY = "the value is dropped where its block ends, which is here"
_NO_VALUES = frozenset({"self", "super", "crate", "move", "mut", "ref", "return", "break", "await"})


def why_rust_is_equal(operator: str, original: str, mutated: str, at: int) -> str:
    """Why the mutant, which differs from ``at`` on and compiles, does what its original does."""
    source = RustSource(original)
    match operator:
        case Operator.REMOVE_MOVE.value if _hands_on_all(source, at):
            return _OWNS_ANYWAY
        case Operator.REMOVE_CALL.value if _drops_last(source, at):
            return _ENDS_ANYWAY
        case Operator.SWAP_STATEMENTS.value:
            return why_they_commute(original, mutated)
        case _:
            return ""


def _hands_on_all(source: RustSource, at: int) -> bool:
    """Whether the closure at ``at`` is ``move || function(a, b)``, its arguments plain names.

    Or literals, or arrays of these.

    Without ``move`` the closure captures each name as its body uses it. What
    is not Copy is used up by the call, and so captured by value either way.
    What is Copy is borrowed instead of copied; while it is borrowed nobody
    changes it, for the mutant compiles, and a Copy type has neither a Cell
    inside nor anything to drop. So both closures do the same. The function
    must be one: a closure of that name would be captured, too.
    """
    first = _token_at(source, at)
    if source.at(first) != "move" or source.at(first + 1) != "||":
        return False
    opening = first + 2
    while source.is_kind(opening, TokenKind.WORD) and source.at(opening + 1) == "::":
        opening += 2
    opening += 1
    if source.at(opening) != "(" or not _is_function(source, opening - 1):
        return False
    closing = source.pair.get(opening, opening)
    ends = source.at(closing + 1) in {")", ",", ";"}
    return ends and _are_plain(source, opening + 1, closing)


def _is_function(source: RustSource, name: int) -> bool:
    """Whether the word is a path, or is declared by ``fn`` here and never means anything else."""
    word = source.at(name)
    if source.at(name - 1) == "::" or not source.is_kind(name, TokenKind.WORD):
        return source.is_kind(name, TokenKind.WORD)
    uses = [index for index in range(len(source.tokens)) if source.at(index) == word]
    is_declared = any(source.at(index - 1) == "fn" for index in uses)
    return is_declared and all(
        source.at(index + 1) == "(" or source.at(index - 1) == "fn" for index in uses
    )


def _are_plain(source: RustSource, first: int, end: int) -> bool:
    """Whether the tokens are names, literals and arrays of these, with commas between them."""
    level = list(source.level(first, end))
    for place, index in enumerate(level):
        if place % 2 == 0 and source.at(index) == "[":
            if not _are_plain(source, index + 1, source.pair.get(index, index)):
                return False
            continue
        is_comma = source.at(index) == ","
        is_literal = any(source.is_kind(index, k) for k in (TokenKind.NUMBER, TokenKind.STRING))
        is_name = source.is_kind(index, TokenKind.WORD) and source.at(index) not in _NO_VALUES
        if is_comma is (place % 2 == 0) or not (is_comma or is_literal or is_name):
            return False
    return True


def _token_at(source: RustSource, at: int) -> int:
    """The token that the first changed character is in, or the first after it."""
    return next((i for i, token in enumerate(source.tokens) if token.end > at), len(source.tokens))


def _drops_last(source: RustSource, at: int) -> bool:
    """Whether ``drop(x);`` is taken from the end of the block that x was last to be bound in.

    A block drops its variables in the reverse of the order in which they were
    bound. So x would be the first to go at the block's end, and that is the
    next thing to happen.
    """
    first = _token_at(source, at)
    for block in blocks(source):
        inside = list(statements(source, block))
        bound = [statement for statement in inside if binds(source, statement)]
        if bound and inside[-1].first == first and inside[-1].last + 1 == block[1]:
            return _is_drop_of(source, inside[-1], bound[-1])
    return False


def _is_drop_of(source: RustSource, drop: Statement, binding: Statement) -> bool:
    """Whether ``drop`` is ``drop(x);`` and ``binding`` is ``let x = …;``."""
    name = binding.first + 1
    name += source.at(name) == "mut"
    is_plain = source.is_kind(name, TokenKind.WORD) and source.at(name + 1) in {"=", ":"}
    whole = [source.at(index) for index in range(drop.first, drop.last + 1)]
    return is_plain and whole == ["drop", "(", source.at(name), ")", ";"]
