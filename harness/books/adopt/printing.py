"""Whether a text can have been printed by a program at all, by its own prints. Pure.

The claim that it cannot holds for whatever the threads do: a text is refused only if it is no
sequence, in any order and number, of the pieces that the program's prints write. What a piece holds
beside its literal text is taken for anything. Where a program may write in some other way, nothing
is claimed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

from harness.language.python_syntax import parsed
from harness.proof.mutants.rust_tokens import Token, TokenKind, tokens_of
from harness.values.program import Side

_MODULES = frozenset(
    ("__future__", "asyncio", "collections", "concurrent", "dataclasses", "functools", "itertools",
     "math", "queue", "random", "threading", "time", "typing")
)  # fmt: skip
"""Modules that print nothing by themselves."""

_OTHER_WAYS = frozenset(("exec", "eval", "input", "open", "__import__", "breakpoint", "help"))
_OTHER_WORDS = frozenset(
    ("stdout", "stderr", "dbg", "eprintln", "eprint", "include", "unsafe", "extern", "Command",
     "macro_rules", "writeln", "mod")
)  # fmt: skip
_REPORT = re.compile(r"^(?:Traceback |Exception |\w*Error\b|.*panicked at |Fatal )", re.MULTILINE)
_LONGEST_NUMBER = 340


class _OpenError(Exception):
    """The program may write what its prints do not tell."""


class _Anything:
    """Stands for any text."""


_ANY = _Anything()
_Part = str | re.Pattern[str] | _Anything
_Piece = tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """No print of the program gives this line of the text, counted from 1."""

    line: int
    text: str


def impossible_by_prints(side: Side, source: str, printed: str) -> Impossible | None:
    """The line that no prints of the program can have given; ``None`` if none is known.

    A book's block ends its last line, whether the program has or not.
    """
    if _REPORT.search(printed):
        return None  # what goes to stderr is not all told by prints
    try:
        pieces = list(_python_pieces(source) if side is Side.PYTHON else _rust_pieces(source))
    except (_OpenError, SyntaxError, ValueError):
        return None
    farthest = _reached(printed, pieces)
    if farthest == len(printed) or _reached(printed[:-1], pieces) == len(printed) - 1:
        return None
    line = printed.count("\n", 0, farthest) + 1
    return Impossible(line, printed.split("\n")[line - 1])


def _reached(text: str, pieces: Sequence[_Piece]) -> int:
    """How far pieces in any order and number can make up the beginning of ``text``."""
    reached, waiting = {0}, {0}
    while waiting:
        ends = set().union(*(_ends(text, waiting, piece) for piece in pieces)) - reached
        reached |= ends
        waiting = ends
    return max(reached)


def _ends(text: str, starts: set[int], piece: _Piece) -> set[int]:
    """Where a piece of output can end that begins at one of these places."""
    ends = starts
    for part in piece:
        if not ends:
            return ends
        if isinstance(part, str):
            ends = {start + len(part) for start in ends if text.startswith(part, start)}
        elif isinstance(part, _Anything):
            ends = set(range(min(ends), len(text) + 1))
        else:
            ends = {end for start in ends for end in _matched(text, start, part)}
    return ends


def _matched(text: str, start: int, pattern: re.Pattern[str]) -> Iterator[int]:
    """Where a number can end that begins there.

    Each length is tried, as what follows may begin alike.
    """
    for end in range(start + 1, min(len(text), start + _LONGEST_NUMBER) + 1):
        if pattern.fullmatch(text, start, end):
            yield end


# --- Python ----------------------------------------------------------------------------


def _python_pieces(source: str) -> Iterator[_Piece]:
    """What each print writes: every argument by itself, for others may write in between."""
    tree = parsed(source)
    calls = set()
    for node in ast.walk(tree):
        _see_that_it_prints_only(node)
        match node:
            case ast.Call(func=ast.Name(id="print") as name):
                calls.add(name)
                yield from _of_print(node)
    names = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "print")
    if any(name not in calls for name in names):
        raise _OpenError  # handed on, or another function of that name


def _see_that_it_prints_only(node: ast.AST) -> None:
    """Raise _OpenError for what may print in a way that is not looked at."""
    modules: Iterable[str] = ()
    match node:
        case ast.Import(names=names):
            modules = (alias.name for alias in names)
        case ast.ImportFrom(module=module):
            modules = (module or ".",)
        case ast.Name(id=name) if name in _OTHER_WAYS:
            raise _OpenError
        case ast.FunctionDef(name=name) if name in ("__format__", "print"):
            raise _OpenError
        case ast.arg(arg="print"):
            raise _OpenError
        case ast.Attribute(attr=name) if name.startswith("print") or name == "modules":
            raise _OpenError
    if any(module.partition(".")[0] not in _MODULES for module in modules):
        raise _OpenError


def _of_print(call: ast.Call) -> Iterator[_Piece]:
    """The pieces that one ``print`` writes; raises _OpenError where its arguments do not say."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if not given.keys() <= {"sep", "end", "flush"}:
        raise _OpenError
    for argument in call.args:
        yield (_ANY,) if isinstance(argument, ast.Starred) else tuple(_parts(argument))
    if len(call.args) != 1:
        yield tuple(_parts(given["sep"])) if "sep" in given else (" ",)
    yield tuple(_parts(given["end"])) if "end" in given else ("\n",)


def _parts(node: ast.expr) -> Iterator[_Part]:
    """The text that an expression comes to, as far as it says."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Constant(value=int(number)):
            yield str(number)
        case ast.JoinedStr(values=values):
            for value in values:
                yield from _parts(value)
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
            yield _of_spec(spec)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            yield from _of_template(text)
        case _:
            yield _ANY


def _of_template(text: str) -> Iterator[_Part]:
    """Literals, and between them whatever the fields may hold."""
    for literal, name, spec, _ in Formatter().parse(text):
        yield literal
        if name is not None:
            yield _of_spec(spec or "")


def _of_spec(spec: str) -> _Part:
    """What a number looks like that is written so; anything, for other specs."""
    if found := re.fullmatch(r"\.(\d+)f", spec):
        decimals = rf"\.\d{{{found[1]}}}" if int(found[1]) else ""
        number = rf"(?:\d+{decimals}|inf|nan)"
        return re.compile(rf"-?{number}(?:[+-]{number}j)?")  # a complex number is written so, too
    if spec == "d":
        return re.compile(r"-?\d+")
    return _ANY


# --- Rust ------------------------------------------------------------------------------


def _rust_pieces(source: str) -> Iterator[_Piece]:
    """What each ``print!`` and ``println!`` writes: whole, since it holds stdout meanwhile."""
    spaces = (TokenKind.SPACE, TokenKind.COMMENT)
    tokens = [token for token in tokens_of(source) if token.kind not in spaces]
    for number, token in enumerate(tokens):
        if token.kind is not TokenKind.WORD:
            continue
        is_macro = [each.text for each in tokens[number + 1 : number + 2]] == ["!"]
        if token.text in _OTHER_WORDS or (token.text == "write" and is_macro):
            raise _OpenError
        if is_macro and token.text in ("print", "println"):
            yield _of_macro(token.text, tokens[number + 3 : number + 4])


def _of_macro(name: str, following: Sequence[Token]) -> _Piece:
    """What ``print!`` or ``println!`` writes; raises _OpenError where it has no template."""
    end = ("\n",) if name == "println" else ()
    if not following or following[0].text == ")":
        return end
    if following[0].kind is not TokenKind.STRING:
        raise _OpenError
    return (*_of_template(_unquoted(following[0].text)), *end)


def _unquoted(literal: str) -> str:
    """The text of a string literal; raises ``_OpenError`` for one with escapes of other kinds."""
    if literal.startswith("r"):
        return literal[1:].strip("#")[1:-1]
    text = re.sub(r"\\\n\s*", "", literal[1:-1])
    if re.search(r"\\[^nt\"'\\]", text):
        raise _OpenError
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)
