"""Patterns: what an event's line looks like, in Python's own format notation.

``{i:d}`` is an integer, ``{t:f}`` a decimal number, ``{w:w}`` one word,
``{x}`` any text up to the next literal; ``{{`` and ``}}`` are literal braces.
A field may instead be restricted to a list of words. A pattern is anchored at
both ends, and every line can be read by it in one way at most.
"""

from harness.language.patterns.decisions import overlap
from harness.language.patterns.matching import Matcher, Pattern, compile_pattern
from harness.language.patterns.nearest import nearest_miss
from harness.language.patterns.notation import Field, FieldKind, Literal, PatternError

__all__ = [
    "Field",
    "FieldKind",
    "Literal",
    "Matcher",
    "Pattern",
    "PatternError",
    "compile_pattern",
    "nearest_miss",
    "overlap",
]
