"""From the text of a relation to its expression: strictly what it may hold, and no more.

The text is first read word by word, since a spec's names (``reader-enters.who``,
``part[who=2].value``) are no names of Python's. What is left is the notation
of Python's arithmetic, which the standard library's ``ast`` parses, and of
which each node is either known here or refused. Nothing is ever executed.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, TypeGuard

from harness.language.patterns import FieldKind
from harness.language.properties.expressions import (
    MAX_BITS,
    Absolute,
    Arithmetic,
    Comparison,
    Connected,
    Constant,
    Negative,
    Not,
    Operand,
    Size,
    Term,
    Truth,
    Type,
)
from harness.language.properties.selectors import (
    Events,
    FieldRef,
    Selector,
    parse_field,
    parse_selector,
)
from harness.language.python_syntax import parsed
from harness.language.tables import Table
from harness.values.words import listed, nearest

MAX_LENGTH = 1000
"""Characters of an expression."""

MAX_DEPTH = 40
"""Levels of an expression; what is nested deeper is no relation that a person reads."""

OVER_FIELDS = ("sum", "min", "max", "len", "first", "last", "sorted", "set")
FUNCTIONS = (*OVER_FIELDS, "abs", "count")
_CONNECTING = ("and", "or", "not")

_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')"""
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|count\s*\((?P<counted>[^()]*)\)"
    r"|(?P<field>[A-Za-z][\w-]*(?:\[[^\]]*\])?\.[A-Za-z_]\w*)"
    r"|(?P<word>[^\W\d]\w*)"
)
_PLACEHOLDER = re.compile(r"of_(\d+)")
_QUOTED_OR_NAME = re.compile(rf"""("[^"]*"|'[^']*')|{_PLACEHOLDER.pattern}""")
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "and",
    ast.Or: "or",
}
_LISTS = {"sorted": (Type.NUMBERS, Type.TEXTS), "set": (Type.NUMBER_SET, Type.TEXT_SET)}

Source: TypeAlias = FieldRef | Selector
"""What a term gathers from: a field of lines, or the lines themselves."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed relation; ``sources`` are, by slot, what its terms gather from, and how."""

    text: str
    truth: Truth
    sources: tuple[tuple[str, Source], ...]


@dataclass(slots=True)
class _Reader:
    """The state of reading one expression: what its names stand for.

    Where there is a ``line``, it is about each line of that by itself.
    """

    table: Table
    key: str
    events: Events
    line: Selector | None = None
    names: list[tuple[str, Source]] = field(default_factory=list)
    sources: list[tuple[str, Source]] = field(default_factory=list)
    source: str = ""

    def fail(self, message: str) -> NoReturn:
        """Refuse the expression; raises SpecError."""
        self.table.fail(self.key, message)

    # --- words

    def read(self, text: str) -> str:
        """The text with each field and counted event replaced by a name of Python's."""
        return _TOKEN.sub(self._replace if self.line is None else self._replace_in_line, text)

    def _replace_in_line(self, token: re.Match[str]) -> str:
        """Of an expression about one line: a bare word is a field of that line's event."""
        assert self.line is not None  # noqa: S101 - chosen so
        if token.lastgroup in ("text", "number") or token[0] in (*_CONNECTING, "abs"):
            return token[0]
        fields = self.events[self.line.event].names
        if token[0] not in fields:
            known = f"one of {listed(fields)}" if fields else "a field, and it has none"
            self.fail(
                f'"{token[0]}" is no field of "{self.line.event}"{nearest(token[0], fields)}; '
                f"expected {known}"
            )
        return self._name(token[0], FieldRef(self.line, token[0], fields.index(token[0])))

    def _replace(self, token: re.Match[str]) -> str:
        """Of one about a whole run.

        Fields are named with their event, which Python could not parse.
        """
        match token.lastgroup:
            case "field":
                return self._name(
                    token[0], parse_field(self.table, self.key, token[0], self.events)
                )
            case "counted":
                selector = parse_selector(self.table, self.key, token["counted"], self.events)
                return f"count({self._name(str(selector), selector)})"
            case "word" if token[0] not in (*FUNCTIONS, *_CONNECTING):
                known = (*FUNCTIONS, *self.events)
                self.fail(
                    f'"{token[0]}" means nothing here{nearest(token[0], known)}; expected a field '
                    f'such as "total.value", or one of {listed(FUNCTIONS)}'
                )
            case _:
                return token[0]

    def _name(self, text: str, source: Source) -> str:
        """A name of Python's that stands for what a field or an event gives.

        ``names`` keeps which.
        """
        self.names.append((text, source))
        return f"of_{len(self.names) - 1}"

    def original(self, node: ast.AST) -> str:
        """The part of the spec's text that a node was read from."""
        text = ast.get_source_segment(self.source, node) or ""
        return _QUOTED_OR_NAME.sub(lambda each: each[1] or self.names[int(each[2])][0], text)

    # --- nodes

    def truth(self, node: ast.expr, depth: int = 0) -> Truth:
        """A comparison, or several that are connected."""
        self._refuse_depth(depth)
        match node:
            case ast.BoolOp(op, values):
                parts = tuple(self.truth(value, depth + 1) for value in values)
                return Connected(_SIGNS[type(op)], parts)
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.truth(operand, depth + 1))
            case ast.Compare(left, ops, comparators):
                return self._comparison((left, *comparators), ops, depth)
            case _:
                self.fail(
                    f'expected a comparison, such as "a.x == b.y", found "{self.original(node)}"'
                )

    def _comparison(
        self, sides: tuple[ast.expr, ...], ops: list[ast.cmpop], depth: int
    ) -> Comparison:
        """A chain of comparisons, as Python has them: ``a < b <= c``."""
        typed = [self.value(side, depth + 1) for side in sides]
        texts = tuple(self.original(side) for side in sides)
        for i in range(len(ops)):
            self._refuse_unlike(typed[i][1], typed[i + 1][1], texts[i], texts[i + 1])
            if typed[i][0] == typed[i + 1][0]:
                self.fail(f'"{texts[i]}" is compared with itself')
        return Comparison(tuple(_SIGNS[type(op)] for op in ops), tuple(n for n, _ in typed), texts)

    def _refuse_unlike(self, one: Type, other: Type, text: str, other_text: str) -> None:
        """Fail where two things are compared that can never be equal."""
        if one is not other:
            self.fail(f'"{text}" is {one.value}, "{other_text}" is {other.value}')

    def value(self, node: ast.expr, depth: int) -> tuple[Operand, Type]:
        """Anything that is compared, and of which type it is."""
        self._refuse_depth(depth)
        match node:
            case ast.Constant(value) if _is_constant(value):
                return self._constant(value)
            case ast.Name(name) if _PLACEHOLDER.fullmatch(name):
                return self._term("only", node)
            case ast.UnaryOp(ast.USub(), operand):
                return Negative(self._number(operand, depth + 1)), Type.NUMBER
            case ast.BinOp(left, op, right) if type(op) in _SIGNS:
                left_node, right_node = (self._number(n, depth + 1) for n in (left, right))
                return Arithmetic(_SIGNS[type(op)], left_node, right_node), Type.NUMBER
            case ast.Call(ast.Name(name), [argument], []):
                return self._call(name, argument, depth + 1)
            case _:
                self.fail(
                    "expected numbers, texts, fields, arithmetic or one of "
                    f'{listed(FUNCTIONS)} with one argument, found "{self.original(node)}"'
                )

    def _constant(self, value: float | str) -> tuple[Operand, Type]:
        """A number or a text that stands in the expression itself."""
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            self.fail("a number of so many digits is never printed")
        return Constant(value), Type.TEXT if isinstance(value, str) else Type.NUMBER

    def _number(self, node: ast.expr, depth: int) -> Operand:
        """An operand that is a number; fails for a text, a list or a set."""
        value, kind = self.value(node, depth)
        if kind is not Type.NUMBER:
            self.fail(f'expected a number, found "{self.original(node)}", {kind.value}')
        return value

    def _call(self, function: str, argument: ast.expr, depth: int) -> tuple[Operand, Type]:
        """One of ``FUNCTIONS`` with its argument.

        Most take what a field holds in all lines, not a value.
        """
        if function == "abs":
            return Absolute(self._number(argument, depth)), Type.NUMBER
        if isinstance(argument, ast.Name) and _PLACEHOLDER.fullmatch(argument.id):
            return self._term(function, argument)
        if function == "len":
            many, _ = self.value(argument, depth)
            if isinstance(many, Term) and many.function in _LISTS:
                return Size(many), Type.NUMBER
        what = "an event" if function == "count" else "a field"
        self.fail(f'expected {what} inside {function}(), found "{self.original(argument)}"')

    def _term(self, function: str, name: ast.Name) -> tuple[Term, Type]:
        """What a function gives of a field.

        Gathered once, however often the expression asks for it.
        """
        text, source = self.names[int(name.id.removeprefix("of_"))]
        kind = self._type_of(function, source, text)
        if (function, source) not in self.sources:
            self.sources.append((function, source))
        return Term(function, text, self.sources.index((function, source)), kind), kind

    def _type_of(self, function: str, source: Source, text: str) -> Type:
        """The type of what a function gives; refuses to add texts."""
        if isinstance(source, Selector) or function == "len":
            return Type.NUMBER
        held = self.events[source.selector.event].fields[source.index].kind
        is_number = held in (FieldKind.INTEGER, FieldKind.DECIMAL)
        if function == "sum" and not is_number:
            self.fail(f'sum() adds numbers, and "{text}" is a text')
        if function in _LISTS:
            return _LISTS[function][not is_number]
        return Type.NUMBER if is_number else Type.TEXT

    def _refuse_depth(self, depth: int) -> None:
        """Fail before Python's own recursion would: a spec is a stranger's file."""
        if depth > MAX_DEPTH:
            self.fail(f"the expression is nested deeper than {MAX_DEPTH} levels")


def _is_constant(value: object) -> TypeGuard[int | float | str]:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def parse_expression(table: Table, key: str, text: str, events: Events) -> Expression:
    """Read a relation; raises SpecError for whatever is no comparison of what is printed."""
    return _parse_with(_Reader(table, key, events), text)


def parse_line_expression(
    table: Table, key: str, text: str, line: Selector, events: Events
) -> Expression:
    """Read what is true of each line by itself: its fields are called by their names alone."""
    return _parse_with(_Reader(table, key, events, line), text)


def _parse_with(reader: _Reader, text: str) -> Expression:
    """Read an expression by Python's own parser, and take only what is listed from its tree."""
    table, key = reader.table, reader.key
    if len(text) > MAX_LENGTH:
        table.fail(key, f"expected at most {MAX_LENGTH} characters, found {len(text)}")
    # A line break would end the expression for Python, but not for TOML.
    text = " ".join(text.splitlines()).strip()
    reader.source = reader.read(text)
    truth = reader.truth(_parse(reader))
    if not reader.sources:
        table.fail(key, "nothing can break this, or all can: no field is mentioned")
    return Expression(text, truth, tuple(reader.sources))


def _parse(reader: _Reader) -> ast.expr:
    """By Python's own parser, which evaluates nothing.

    What it may hold is a matter of ``truth``.
    """
    try:
        # Of ``1is``, say, Python warns on stderr that it will be no syntax some day.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parsed(reader.source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deeply"
        reader.fail(f"no valid expression: {reason}")
