"""The values of a relation: what an expression is, of which type, and what it comes to.

An expression is a small tree of our own, never Python's code: nothing is
evaluated but these nodes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeAlias, assert_never

from harness.values.messages import Message, say
from harness.values.program import Value

MAX_BITS = 10_000
"""Whole numbers of more bits are not computed: far past all that a program prints."""

MAX_SHOWN = 80
"""Characters of a text that a message shows."""

Result: TypeAlias = "int | float | str | tuple[Value, ...] | frozenset[Value]"
"""What an operand comes to."""


class Type(Enum):
    """What an operand comes to, as a person would call it."""

    NUMBER = "a number"
    TEXT = "a text"
    NUMBERS = "a list of numbers"
    TEXTS = "a list of texts"
    NUMBER_SET = "a set of numbers"
    TEXT_SET = "a set of texts"


class CannotTell(Exception):
    """The trace does not hold what the expression asks for; ``reason`` says what is missing."""

    def __init__(self, reason: Message) -> None:
        """With what is missing."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: Value


@dataclass(frozen=True, slots=True)
class Term:
    """What is gathered from the lines: ``function`` of the values of one field or event.

    ``of`` is that field or event as the spec writes it, and ``slot`` says
    which of the monitor's accumulators gathers it.
    """

    function: str
    of: str
    slot: int
    type: Type


@dataclass(frozen=True, slots=True)
class Size:
    """How many values a list or a set holds."""

    of: Term


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    of: Operand


@dataclass(frozen=True, slots=True)
class Absolute:
    """The number without its sign."""

    of: Operand


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left operator right``."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first < second <= third``: one operator between each two; ``texts`` as written."""

    operators: tuple[str, ...]
    sides: tuple[Operand, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is true if its part is false."""

    of: Truth


@dataclass(frozen=True, slots=True)
class Connected:
    """``and`` or ``or``, from left to right, no further than needed."""

    operator: str
    parts: tuple[Truth, ...]


Operand: TypeAlias = Constant | Term | Size | Negative | Absolute | Arithmetic
"""What comes to a value, and is compared."""

Truth: TypeAlias = Comparison | Not | Connected
"""What comes to true or false."""

ARITHMETIC: dict[str, Callable[[float, float], object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class ValueOf(Protocol):
    """Gives what has been gathered for a term; raises CannotTell where there is nothing."""

    def __call__(self, term: Term, /) -> Result:
        """The value of ``term``."""


def is_true(node: Truth, gathered: ValueOf) -> bool:
    """Whether a truth holds; raises CannotTell where the trace or arithmetic has no answer."""
    match node:
        case Comparison():
            return all(
                COMPARISONS[sign](evaluate(left, gathered), evaluate(right, gathered))
                for sign, left, right in zip(
                    node.operators, node.sides, node.sides[1:], strict=False
                )
            )
        case Not(of):
            return not is_true(of, gathered)
        case Connected("and", parts):
            return all(is_true(part, gathered) for part in parts)
        case Connected(_, parts):
            return any(is_true(part, gathered) for part in parts)
        case _:
            assert_never(node)


def evaluate(node: Operand, gathered: ValueOf) -> Result:
    """What an operand comes to; raises CannotTell where the trace or arithmetic has no answer."""
    match node:
        case Constant(value):
            return value
        case Term():
            return gathered(node)
        case Size(of):
            return len(_many(gathered(of)))
        case Negative(of):
            return -_number(evaluate(of, gathered))
        case Absolute(of):
            return abs(_number(evaluate(of, gathered)))
        case Arithmetic(sign, left, right):
            return _compute(
                sign, _number(evaluate(left, gathered)), _number(evaluate(right, gathered))
            )
        case _:
            assert_never(node)


def _number(result: Result) -> int | float:
    """Raises TypeError: that it is a number, the parser has made sure."""
    if not isinstance(result, int | float):
        raise TypeError(f"{result!r} is no number")
    return result


def _many(result: Result) -> Sequence[Value] | frozenset[Value]:
    """The values of a list or a set.

    Raises TypeError for one value, which the parser lets nobody ask.
    """
    if not isinstance(result, tuple | frozenset):
        raise TypeError(f"{result!r} holds no values")
    return result


def _compute(sign: str, left: float, right: float) -> int | float:
    """One operation; raises CannotTell for what has no result, or one that would never be done."""
    if sign == "**":
        # Before it is reckoned: the number of digits is known, and to make them may take for ever.
        _refuse_great_power(left, right)
    try:
        result = ARITHMETIC[sign](left, right)
    except ZeroDivisionError as error:
        raise CannotTell(say("relation.by-zero", term=_term(left, sign, right))) from error
    except ArithmeticError as error:
        raise CannotTell(say("relation.too-large", term=_term(left, sign, right))) from error
    if not isinstance(result, int | float):
        # The root of a number below nought is complex in Python, and compares with nothing.
        raise CannotTell(say("relation.not-real", term=_term(left, sign, right)))
    if isinstance(result, int) and result.bit_length() > MAX_BITS:
        raise CannotTell(say("relation.too-large", term=_term(left, sign, right)))
    return result


def _term(left: float, sign: str, right: float) -> str:
    return f"{show(left)} {sign} {show(right)}"


def _refuse_great_power(base: float, exponent: float) -> None:
    """Refuse a power of whole numbers that would take long to compute, before it does."""
    if isinstance(base, int) and isinstance(exponent, int):
        bits = base.bit_length() * abs(exponent)
        if abs(base) > 1 and bits > MAX_BITS:
            raise CannotTell(say("relation.too-large", term=_term(base, "**", exponent)))


def comparisons(node: Truth) -> Iterator[Comparison]:
    """Every comparison in a truth, from left to right."""
    match node:
        case Comparison():
            yield node
        case Not(of):
            yield from comparisons(of)
        case Connected(_, parts):
            for part in parts:
                yield from comparisons(part)
        case _:
            assert_never(node)


def shown_sides(truth: Truth, gathered: ValueOf) -> str:
    """Each side of each comparison with what it comes to, once."""
    shown: dict[str, str] = {}
    for comparison in comparisons(truth):
        for side, text in zip(comparison.sides, comparison.texts, strict=True):
            if not isinstance(side, Constant):
                shown[text] = _shown_side(side, text, gathered)
    sides = tuple(shown.values())
    is_plain = not any(isinstance(side, Message) for side in sides)
    return ", ".join(sides) if is_plain else say("all-listed", items=sides)


def _shown_side(side: Operand, text: str, gathered: ValueOf) -> str:
    """One side of a comparison with its value, or with why it has none."""
    try:
        value = show(evaluate(side, gathered))
    except CannotTell as error:
        return say("relation.untold", side=text, reason=error.reason)
    if isinstance(value, Message):
        return say("relation.side", side=text, value=value)
    return f"{text} = {value}"


def show(result: Result) -> str:
    """A result in a few words; long lists and numbers are cut short."""
    match result:
        case int() if result.bit_length() > MAX_BITS:
            return say("relation.huge")
        case str():
            return f'"{result}"' if len(result) <= MAX_SHOWN else f'"{result[:MAX_SHOWN]}…"'
        case tuple():
            return f"[{_some(result)}]"
        case frozenset():
            return f"{{{_some(sorted(result, key=_sort_key))}}}"
        case _:
            return str(result)


def _sort_key(value: Value) -> tuple[str, Value]:
    """Numbers and texts apart, which cannot be compared."""
    return ("text" if isinstance(value, str) else "number", value)


def _some(values: Sequence[Value]) -> str:
    """The first ten of some values, and how many there are."""
    shown = ", ".join(map(str, values[:10]))
    return f"{shown}, … ({len(values)})" if len(values) > 10 else shown
