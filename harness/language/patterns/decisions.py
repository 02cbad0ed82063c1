"""What can be decided about patterns exactly: overlap and ambiguity.

Two patterns match a common line when the product of their automata reaches
acceptance; a pattern is ambiguous when the product of its automaton with
itself does so on two different paths (Book, Even, Greibach and Ott,
"Ambiguity in graphs and expressions", 1971).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, assert_never

from harness.language.patterns.automata import ElementAutomaton, alphabet_of, automaton_of
from harness.language.patterns.notation import Element, Field, FieldKind, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from harness.language.patterns.matching import Pattern

_Node = TypeVar("_Node", bound="Hashable")


def overlap(one: Pattern, other: Pattern) -> str | None:
    """Return a shortest line that both patterns match, or ``None`` if there is none.

    Exact for lines whose integers have no more digits than
    ``matching.MAX_DIGITS``, which a shortest witness never exceeds.
    """
    if not one.elements or not other.elements:
        # No field and no literal is empty: the empty line has one pattern.
        return "" if one.elements == other.elements else None
    if _differ_at_the_ends(one.elements, other.elements):
        return None
    alphabet = alphabet_of((*one.elements, *other.elements))
    left = automaton_of(one.elements, alphabet)
    right = automaton_of(other.elements, alphabet)

    def steps(pair: tuple[int, int]) -> Iterator[tuple[str, tuple[int, int]]]:
        mine, theirs = left.moves[pair[0]], right.moves[pair[1]]
        # Through the shorter of two tables: a literal has one move where
        # a text has the whole alphabet.
        for char in mine if len(mine) <= len(theirs) else theirs:
            for a in mine.get(char, ()):
                for b in theirs.get(char, ()):
                    yield char, (a, b)

    path = _shortest(
        (0, 0), steps, lambda pair: pair[0] in left.accepting and pair[1] in right.accepting
    )
    return None if path is None else "".join(char for _, char in path)


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A line that a pattern can read in two ways, and what each way gives the fields."""

    line: str
    readings: tuple[dict[str, str], dict[str, str]]


def ambiguity(elements: Sequence[Element]) -> Ambiguity | None:
    """Return a shortest line that can be read in two ways, or ``None`` if there is none.

    Where there is none, a backtracking matcher comes to each state at each
    position at most once: were there two ways to come to it, the rest of the
    line could be read after both. So matching takes linear time.
    """
    if _is_plainly_unambiguous(elements):
        return None
    whole = automaton_of(elements, alphabet_of(elements))

    def steps(node: tuple[int, int, bool]) -> Iterator[tuple[str, tuple[int, int, bool]]]:
        first, second, parted = node
        for char, targets in whole.moves[first].items():
            for a in targets:
                for b in whole.moves[second].get(char, ()):
                    # Pairs are unordered until they part: the other half of the
                    # product is the mirror of this.
                    if parted or a <= b:
                        yield char, (a, b, parted or a != b)

    path = _shortest(
        # Both have to accept after the same characters, and have to have
        # been in different states once.
        (0, 0, False),
        steps,
        lambda n: n[2] and n[0] in whole.accepting and n[1] in whole.accepting,
    )
    if path is None:
        return None
    return Ambiguity(
        "".join(char for _, char in path),
        (
            _reading((whole.owners[node[0]], char) for node, char in path),
            _reading((whole.owners[node[1]], char) for node, char in path),
        ),
    )


def _is_plainly_unambiguous(elements: Sequence[Element]) -> bool:
    """Whether each field but the last ends at a character that it cannot hold.

    Then reading from the left never has a choice, and of the last field both
    ends are known. Nearly every pattern is of this kind.
    """
    positions = [index for index, element in enumerate(elements) if isinstance(element, Field)]
    return all(_ends_at(elements[index], elements[index + 1]) for index in positions[:-1])


def _ends_at(element: Element, following: Element) -> bool:
    """Whether what follows a field begins with a character that the field cannot hold."""
    if not isinstance(following, Literal) or not isinstance(element, Field):
        return False
    first = following.text[0]
    match element.kind:
        case FieldKind.TEXT:
            return True
        case FieldKind.INTEGER | FieldKind.DECIMAL | FieldKind.WORD:
            return not (first in "+-._" or (first.isascii() and first.isalnum()))
        case FieldKind.CHOICE:
            return not any(first in word for word in element.words)
        case _:
            assert_never(element.kind)


def _reading(owned: Iterable[tuple[ElementAutomaton, str]]) -> dict[str, str]:
    """Return the text of each field, from the part that took each character."""
    texts: dict[str, str] = {}
    stops: dict[str, str] = {}
    for part, char in owned:
        if isinstance(part.element, Field):
            name = part.element.name
            texts[name] = texts.get(name, "") + char
            stops[name] = part.stop
    return {name: text.removesuffix(stops[name]) for name, text in texts.items()}


def _shortest(
    start: _Node,
    steps: Callable[[_Node], Iterable[tuple[str, _Node]]],
    is_goal: Callable[[_Node], bool],
) -> list[tuple[_Node, str]] | None:
    """Return a shortest path to a goal as (node left, character read), breadth first."""
    came: dict[_Node, tuple[_Node, str] | None] = {start: None}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for char, target in steps(node):
            if target in came:
                continue
            came[target] = (node, char)
            if is_goal(target):
                return _path(came, target)
            queue.append(target)
    return None


def _path(came: dict[_Node, tuple[_Node, str] | None], goal: _Node) -> list[tuple[_Node, str]]:
    """Return the steps that led to ``goal``, first to last."""
    steps = []
    step = came[goal]
    while step is not None:
        steps.append(step)
        step = came[step[0]]
    return steps[::-1]


def _differ_at_the_ends(one: Sequence[Element], other: Sequence[Element]) -> bool:
    """Whether leading or trailing literals already rule out a common line."""
    first, second = one[0], other[0]
    if isinstance(first, Literal) and isinstance(second, Literal):
        a, b = first.text, second.text
        if not a.startswith(b) and not b.startswith(a):
            return True
    first, second = one[-1], other[-1]
    if isinstance(first, Literal) and isinstance(second, Literal):
        a, b = first.text, second.text
        return not a.endswith(b) and not b.endswith(a)
    return False
