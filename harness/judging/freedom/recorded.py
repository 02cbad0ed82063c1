"""The other orders of a recorded run's lines that the declarations allow.

Lines, their number and what they hold stay as they were; what the properties
of every run say of their order holds of each of these. So a monitor that
refuses one is at odds with what was declared.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import reduce

from harness.judging.claims import Claims
from harness.judging.freedom.atoms import TallyAtom
from harness.judging.freedom.counting import draw, parts_of, shuffled
from harness.judging.freedom.declared import all_atoms, is_covered
from harness.judging.freedom.letters import Alphabet, Letter
from harness.values.finding import Line
from harness.values.program import Scope


class Reinterleavings:
    """All allowed orders of the lines of one run that violated nothing.

    ``uncovered`` names properties whose verdict on another order is not known
    beforehand: those that ask for the first or the last of some values.
    Raises ValueError for a run with a line that is no event.
    """

    def __init__(self, claims: Claims, lines: Sequence[Line]) -> None:
        self._texts: dict[Letter, list[str]] = {}
        for line in lines:
            if line.event is None:
                raise ValueError(f"line {line.number} is no event, so it has no place in an order")
            self._texts.setdefault(Letter(line.event, line.fields), []).append(line.text)
        self._letters = tuple(self._texts)
        alphabet = Alphabet(self._letters)
        events = frozenset(pattern.event for pattern in claims.stdout.patterns)
        properties = claims.of_scope(Scope.EVERY_RUN)
        self.uncovered = tuple(p.name for p in properties if not is_covered(p.rule, events))
        atoms = all_atoms([prop.rule for prop in properties], alphabet, events)
        self._parts = parts_of((*atoms, *self._tallies()), (1 << len(self._letters)) - 1)

    def _tallies(self) -> list[TallyAtom]:
        """Each line as often as it was recorded."""
        times = [len(self._texts[letter]) for letter in self._letters]
        return [TallyAtom(1 << number, least, least) for number, least in enumerate(times)]

    def count(self) -> int | None:
        """How many there are, the recorded one among them; ``None`` if they cannot be counted."""
        lengths = [part.lengths for part in self._parts]
        known = [each for each in lengths if each is not None]
        if len(known) < len(lengths):
            return None
        return sum(reduce(shuffled, known, {0: 1}).values())

    def draw(self, rng: random.Random) -> tuple[str, ...] | None:
        """The lines in one of these orders, at random; ``None`` if none was found.

        Each is as likely as any other where they can be counted.
        """
        order = draw(self._parts, rng)
        if order is None:
            return None
        texts = {letter: iter(found) for letter, found in self._texts.items()}
        return tuple(next(texts[self._letters[number]]) for number in order)
