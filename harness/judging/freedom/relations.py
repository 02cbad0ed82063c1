"""What a relation says of the order of lines: most of them nothing, since a sum has no order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from harness.language.properties.each import Each
from harness.language.properties.expressions import (
    Absolute,
    Arithmetic,
    Comparison,
    Connected,
    Constant,
    Negative,
    Operand,
    Size,
    Term,
    Truth,
    comparisons,
)
from harness.language.properties.relation import Relation
from harness.language.properties.selectors import FieldRef, Selector

Arithmetical: TypeAlias = "Relation | Each"
"""A rule that compares what is printed: of the whole run, or of each line."""

Key = tuple[str, int]
"""A field: its event and its position."""

LINES = -1
"""Stands in the place of a field for the number of lines."""

_ORDERED = frozenset({"first", "last"})
_ONLY = "only"


def single_fields(rule: Relation) -> Iterator[FieldRef]:
    """The fields that a line must give exactly once for the relation to hold."""
    if _is_conjunction(rule.holds.truth):
        for function, source in rule.holds.sources:
            if function == _ONLY and isinstance(source, FieldRef):
                yield source


def settled_fields(rule: Arithmetical, listed: frozenset[Key]) -> Iterator[Key]:
    """The fields that the relation sets equal to something, where nothing else lists them."""
    if not _is_conjunction(rule.holds.truth):
        return
    for comparison in comparisons(rule.holds.truth):
        if comparison.operators == ("==",):
            settled = _settled_by(rule, comparison, listed)
            if settled is not None:
                yield settled


def _settled_by(rule: Arithmetical, comparison: Comparison, listed: frozenset[Key]) -> Key | None:
    """The field alone on one side of ``==``, if its value follows from the other side."""
    for one, other in (comparison.sides, comparison.sides[::-1]):
        if isinstance(one, Term) and one.function == _ONLY:
            key = _key(rule, one)
            others = {_key(rule, term) for term in _terms(other)}
            if key is not None and key not in listed | others:
                return key
    return None


def is_indifferent(rule: Relation, listed: frozenset[Key] | None) -> bool:
    """Whether the order of lines cannot decide if the relation holds.

    So it is if it asks for no first and no last value, and if each field is
    ``listed`` in full, or settled by the relation. ``(event, LINES)`` in
    ``listed`` says that there is always the same number of its lines; ``None``
    that every line is known.
    """
    if any(function in _ORDERED for function, _ in rule.holds.sources):
        return False
    if listed is None:
        return True
    known = listed | frozenset(settled_fields(rule, listed))
    return all(_is_known(source, known) for _, source in rule.holds.sources)


def _is_known(source: FieldRef | Selector, known: frozenset[Key]) -> bool:
    """Whether a field's values, or the number of an event's lines, are the same in every order."""
    match source:
        case FieldRef(selector=selector, index=index):
            return not selector.where and (selector.event, index) in known
        case Selector():
            return not source.where and (source.event, LINES) in known


def _key(rule: Arithmetical, term: Term) -> Key | None:
    _, source = rule.holds.sources[term.slot]
    return _key_of(source) if isinstance(source, FieldRef) else None


def _key_of(ref: FieldRef) -> Key:
    return ref.selector.event, ref.index


def _is_conjunction(truth: Truth) -> bool:
    """Whether all comparisons have to hold: only then does one of them settle anything."""
    match truth:
        case Comparison():
            return True
        case Connected("and", parts):
            return all(isinstance(part, Comparison) for part in parts)
        case _:
            return False


def _terms(operand: Operand) -> Iterator[Term]:
    """All that is asked of fields within an operand."""
    match operand:
        case Term():
            yield operand
        case Size(of) | Negative(of) | Absolute(of):
            yield from _terms(of)
        case Arithmetic(_, left, right):
            yield from _terms(left)
            yield from _terms(right)
        case Constant():
            return
