"""The regular language of a pattern, as an automaton.

Each element is a small deterministic automaton (a text up to the next
literal is the one of Knuth, Morris and Pratt, stopped at the first
occurrence), and the pattern is their concatenation.

Characters that no pattern mentions behave alike within their class, so that
one of each class stands for all.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from harness.language.patterns.notation import Element, FieldKind, Literal, is_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS = string.digits
_LETTERS = string.ascii_lowercase + string.ascii_uppercase
_WORD = _LETTERS + _DIGITS + "_"
_SIGNS = "-+"
_OTHERS = " ~?!*#;@$%&"


@dataclass(slots=True)
class ElementAutomaton:
    """A deterministic automaton: state 0 starts; no move leads back to it.

    ``stop`` is the literal that a text was read up to and together with.
    """

    element: Element
    moves: list[dict[str, int]]
    accepting: set[int]
    stop: str = ""


@dataclass(slots=True)
class Automaton:
    """The concatenation of parts: states are numbered through, moves may fork."""

    moves: list[dict[str, tuple[int, ...]]] = field(default_factory=list)
    owners: list[ElementAutomaton] = field(default_factory=list)
    accepting: frozenset[int] = frozenset()


def alphabet_of(elements: Iterable[Element]) -> str:
    """Return every character that the elements tell apart, and one of each class of the rest."""
    named = set("-+.eE_")
    for element in elements:
        if isinstance(element, Literal):
            named.update(element.text)
        else:
            named.update(*element.words)
    for candidates in (_LETTERS, _DIGITS, chain(_OTHERS, map(chr, range(0xA1, 0x3000)))):
        named.update(next(([c] for c in candidates if c not in named), []))
    return "".join(sorted(named, key=lambda c: (c not in _WORD, c in "_-+.eE", c)))


def automaton_of(elements: Sequence[Element], alphabet: str) -> Automaton:
    """Return the concatenation of the elements' automata.

    No part accepts nothing, so that being able to go on with the next part is
    the same as having come to an accepting state of this one.
    """
    whole = Automaton()
    parts = _parts(elements, alphabet)
    offset = 0
    for part in parts:
        following = offset + len(part.moves)
        is_last = part is parts[-1]
        for moves in part.moves:
            whole.owners.append(part)
            whole.moves.append(
                {
                    char: (offset + to,)
                    if is_last or to not in part.accepting
                    # A fork: to stay in this part, or to have come to its end and
                    # so to the start of the next.
                    else (offset + to, following)
                    for char, to in moves.items()
                }
            )
        if is_last:
            whole.accepting = frozenset(offset + state for state in part.accepting)
        offset = following
    return whole


def _parts(elements: Sequence[Element], alphabet: str) -> list[ElementAutomaton]:
    """Return the automata of the elements; a text takes the literal after it with it."""
    parts: list[ElementAutomaton] = []
    taken = False
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        if taken:
            taken = False
        elif is_text(element) and isinstance(following, Literal):
            taken = True
            parts.append(_text_up_to(element, following.text, alphabet))
        else:
            parts.append(_part(element, alphabet))
    return parts


def _part(element: Element, alphabet: str) -> ElementAutomaton:
    """Return the automaton of an element that does not depend on what follows it."""
    if isinstance(element, Literal):
        return _trie(element, [element.text])
    match element.kind:
        case FieldKind.CHOICE:
            return _trie(element, element.words)
        case FieldKind.INTEGER:
            digits = _to(2, _DIGITS)
            return ElementAutomaton(element, [_to(1, "-") | digits, digits, digits], {2})
        case FieldKind.DECIMAL:
            return _decimal(element)
        case FieldKind.WORD:
            return ElementAutomaton(element, [_to(1, _WORD), _to(1, _WORD)], {1})
        case FieldKind.TEXT:
            return ElementAutomaton(element, [_to(1, alphabet), _to(1, alphabet)], {1})
        case _:
            assert_never(element.kind)


def _to(state: int, chars: Iterable[str]) -> dict[str, int]:
    """Return moves to ``state`` on each of the characters."""
    return dict.fromkeys(chars, state)


def _trie(element: Element, words: Iterable[str]) -> ElementAutomaton:
    """Return the automaton that accepts just these words."""
    part = ElementAutomaton(element, [{}], set())
    for word in words:
        state = 0
        for char in word:
            if char not in part.moves[state]:
                part.moves[state][char] = len(part.moves)
                part.moves.append({})
            state = part.moves[state][char]
        part.accepting.add(state)
    return part


def _decimal(element: Element) -> ElementAutomaton:
    """Return the automaton of sign, digits, fraction and exponent."""
    digits, exponent = _to(2, _DIGITS), _to(5, "eE")
    fraction, power = _to(4, _DIGITS), _to(7, _DIGITS)
    return ElementAutomaton(
        element,
        [
            _to(1, _SIGNS) | digits,
            digits,
            digits | {".": 3} | exponent,
            fraction,
            fraction | exponent,
            _to(6, _SIGNS) | power,
            power,
            power,
        ],
        {2, 4, 7},
    )


def _text_up_to(element: Element, stop: str, alphabet: str) -> ElementAutomaton:
    """Return the automaton of a non-empty text, and of the literal that ends it.

    States 0 to n-1 have read nothing but a prefix of the literal of length n,
    states n to 2n-1 end in such a prefix, and 2n has just read the literal.
    Reading the whole literal from the start would leave the text empty.
    """
    n = len(stop)
    ending = [{c: n + to for c, to in row.items()} for row in _occurrence(stop, alphabet)]
    fresh: list[dict[str, int]] = []
    for length in range(n):
        row = dict(ending[length])
        # To begin with the whole literal would leave the text empty: so such a
        # beginning has states of its own.
        del row[stop[length]]
        if length + 1 < n:
            row[stop[length]] = length + 1
        fresh.append(row)
    return ElementAutomaton(element, [*fresh, *ending, {}], {2 * n}, stop)


def _occurrence(word: str, alphabet: str) -> list[dict[str, int]]:
    """Return, for each length of prefix read, the moves on to the first occurrence of ``word``.

    Knuth, Morris and Pratt, "Fast pattern matching in strings", 1977.
    """
    rows: list[dict[str, int]] = []
    fallback = 0
    for length, char in enumerate(word):
        # What does not go on with the word is read as after its longest border: the row of that
        # prefix, which is shorter, and so is made already.
        row = dict.fromkeys(alphabet, 0) if length == 0 else dict(rows[fallback])
        if length:
            # Before this row's own move is written over it: where the
            # border goes with this character.
            fallback = row[char]
        row[char] = length + 1
        rows.append(row)
    return rows
