"""Patterns for the lines of programs whose spec has none.

Numbers become fields; lines that then read the same are one event. Two such
events that differ in one word only become one event with a field for that
word, as long as no line can then be two events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from harness.language.patterns import PatternError, compile_pattern, overlap
from harness.values.program import EventSpec

_PIECE = re.compile(
    r"(?P<decimal>-?\d+\.\d+)|(?P<integer>-?\d+)|(?P<word>[^\W\d]\w*)|(?P<other>.)", re.DOTALL
)
_NO_NAME = re.compile(r"[^a-z0-9]+")
_KINDS = {"decimal": "f", "integer": "d", "any": "w"}
_LEAST_LITERAL = 2
"""So many letters at least must a pattern keep when one of its words becomes a field."""

Piece = tuple[str, str]
"""What it is (a literal, a number, any word), and its text, empty for what differs."""

Shape = tuple[Piece, ...]


def learn_events(lines: Iterable[str], taken: Iterable[str] = ()) -> tuple[EventSpec, ...]:
    """Events such that each of ``lines`` is just one of them.

    They come in the order of their first lines; that of the empty line, if
    there is one, comes last. Numbers that could be read in two ways stay as
    they are. None has a name that is ``taken``.
    """
    distinct = dict.fromkeys(lines)
    shapes = _sound_shapes([line for line in distinct if line])
    while (merged := _merge(shapes)) is not None:
        shapes = merged
    names = dict.fromkeys(taken, 1)
    events = [_event(shape, names) for shape in shapes]
    if "" in distinct:
        events.append(EventSpec(name=_unique("blank", names), pattern=""))
    return tuple(events)


def _shape(line: str) -> Shape:
    """The pieces of a line by kind; of what may become a field only the kind."""
    return tuple(
        (found.lastgroup or "", "" if found.lastgroup in _KINDS else found[0])
        for found in _PIECE.finditer(line)
    )


def _sound_shapes(lines: Sequence[str]) -> list[Shape]:
    """A shape for each line, such that no line has two; where that fails the line is its own."""
    literal: set[str] = set()
    while True:
        found = {line: _literal(line) if line in literal else _shape(line) for line in lines}
        shapes = list(dict.fromkeys(found.values()))
        bad = {shape for shape in shapes if not _is_sound([shape])}
        if not bad:
            pairs = combinations(shapes, 2)
            bad = {shape for pair in pairs if not _is_sound(pair) for shape in pair}
        unread = {line for line, shape in found.items() if shape in bad} - literal
        if not unread:
            return shapes
        literal |= unread


def _literal(line: str) -> Shape:
    """A line that is only ever itself; its words still make its name."""
    found = _PIECE.finditer(line)
    return tuple(("word" if each.lastgroup == "word" else "other", each[0]) for each in found)


def _merge(shapes: Sequence[Shape]) -> list[Shape] | None:
    """The shapes with two of them made one; ``None`` if no two can be."""
    for one, other in combinations(shapes, 2):
        general = _generalised(one, other)
        if general is None:
            continue
        rest = [shape for shape in shapes if shape not in (one, other, general)]
        place = shapes.index(one)
        kept = [*(s for s in shapes[:place] if s in rest), general]
        kept += [shape for shape in rest if shape not in kept]
        if _is_sound(kept):
            return kept
    return None


def _generalised(one: Shape, other: Shape) -> Shape | None:
    """What both are where they differ in one word, and enough is left to know them by."""
    if len(one) != len(other):
        return None
    places = [n for n, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(places) != 1 or {one[places[0]][0], other[places[0]][0]} - {"word", "any"}:
        return None
    general = (*one[: places[0]], ("any", ""), *one[places[0] + 1 :])
    letters = sum(len(text) for kind, text in general if kind == "word")
    fields = sum(kind in _KINDS for kind, _ in general)
    return general if letters >= _LEAST_LITERAL and fields <= len(general) // 2 else None


def _is_sound(shapes: Sequence[Shape]) -> bool:
    """Whether a spec would take these as its events."""
    try:
        names: dict[str, int] = {}
        patterns = [compile_pattern(_event(shape, names)) for shape in shapes]
        return not any(overlap(*pair) is not None for pair in combinations(patterns, 2))
    except PatternError:
        return False


def _event(shape: Shape, names: dict[str, int]) -> EventSpec:
    """An event by the first three words of its lines, behind ``line-`` if they begin otherwise."""
    words = [text.lower() for kind, text in shape if kind == "word" and text.isascii()]
    name = _NO_NAME.sub("-", " ".join(words[:3])).strip("-")
    name = name if name[:1].isalpha() else f"line-{name}".strip("-")
    return EventSpec(name=_unique(name, names), pattern=_pattern(shape))


def _unique(name: str, names: dict[str, int]) -> str:
    """The name, with a number if it is taken."""
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else f"{name}-{names[name]}"


def _pattern(shape: Shape) -> str:
    """The pattern of a shape, each field named by the word before it."""
    used: dict[str, int] = {}
    parts: list[str] = []
    word = ""
    for kind, text in shape:
        if kind in _KINDS:
            name = _field_name(kind, word, used)
            parts.append(f"{{{name}:{_KINDS[kind]}}}")
        else:
            parts.append(text.replace("{", "{{").replace("}", "}}"))
            word = text.lower() if kind == "word" else word
    return "".join(parts)


def _field_name(kind: str, before: str, used: dict[str, int]) -> str:
    """The word before the field, or what it is."""
    plain = {"decimal": "amount", "integer": "n", "any": "word"}[kind]
    name = before if kind == "integer" and before.isascii() and before.isidentifier() else plain
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}{used[name]}"
