"""Counts the orders of letters that a number of atoms allow, and draws one of them.

Atoms that have no letter in common, directly or through others, are reckoned
apart; the numbers of ways are multiplied, and with them the ways to shuffle
independent orders into one another. Each part is counted by walking through
the states that its atoms can be in together: orders that lead to one state
have one future. Where there are too many states, the number is estimated by
Knuth's method (Mathematics of Computation 29, 1975): random walks, each
weighted by the number of choices that it had.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import TypeAlias

from harness.judging.freedom.atoms import Atom, State
from harness.judging.freedom.letters import numbers_of

EFFORT = 200_000
"""Steps from state to state that one part may take before its number is estimated."""

TRIES = 200
"""Random walks for one order, where it cannot be drawn from a count."""

Joint: TypeAlias = tuple[State, ...]
Lengths: TypeAlias = dict[int, int]
"""For each length, how many orders of that length there are."""


class CountedPart:
    """Atoms that hang together through their letters."""

    def __init__(self, atoms: Sequence[Atom], letters: int) -> None:
        self.atoms = tuple(atoms)
        self.letters = tuple(numbers_of(letters))
        self._concerned = {
            letter: [slot for slot, atom in enumerate(atoms) if atom.mask >> letter & 1]
            for letter in self.letters
        }
        # By atom and not by joint state: there are far fewer states of
        # one atom than of all together.
        self._prospects: list[dict[State, tuple[int, tuple[int, ...]]]] = [{} for _ in atoms]

    @property
    def start(self) -> Joint:
        """Where every atom begins."""
        return tuple(atom.start for atom in self.atoms)

    def next(self, state: Joint) -> Iterator[tuple[int, Joint]]:
        """The letters that may come next, each with the state after it, dead ends left out."""
        for letter in self.letters:
            after = self._step(state, letter)
            if after is not None and self._is_alive(after):
                yield letter, after

    def _step(self, state: Joint, letter: int) -> Joint | None:
        """The joint state after one more line; ``None`` if some property forbids it there."""
        changed = list(state)
        for slot in self._concerned[letter]:
            after = self.atoms[slot].step(state[slot], letter)
            if after is None:
                return None
            changed[slot] = after
        return tuple(changed)

    def accepts(self, state: Joint) -> bool:
        """Whether a run may end there."""
        return all(atom.accepts(one) for atom, one in zip(self.atoms, state, strict=True))

    def _is_alive(self, state: Joint) -> bool:
        """Whether nothing that is owed can no longer come."""
        # Without this look ahead, states that lead nowhere would be counted on to their ends, and a
        # random walk that comes to one weighs nothing: where much is owed, hardly any would count.
        closed = 0
        owed: list[int] = []
        for slot, one in enumerate(state):
            shut, wanted = self._prospect(slot, one)
            closed |= shut
            owed += wanted
        return all(mask & ~closed for mask in owed)

    def _prospect(self, slot: int, state: State) -> tuple[int, tuple[int, ...]]:
        """What one atom's state forbids for good, and which letters it still owes.

        Kept by state.
        """
        known = self._prospects[slot]
        if state not in known:
            atom = self.atoms[slot]
            known[state] = atom.closed(state), atom.owed(state)
        return known[state]

    # --- exactly ----------------------------------------------------------------------

    @cached_property
    def lengths(self) -> Lengths | None:
        """How many orders of each length there are; ``None`` if that takes more than EFFORT."""
        found: Lengths = {}
        # By length, so that each state of a level has all its ways before it is gone on from; and
        # the number of ways by length is what shuffling with other parts asks for.
        level: dict[Joint, int] = {self.start: 1}
        length = steps = 0
        while level and steps <= EFFORT:
            total = sum(ways for state, ways in level.items() if self.accepts(state))
            if total:
                found[length] = total
            # Before the level is made, so that one level of millions is
            # not made to find it too many.
            steps += len(level) * len(self.letters)
            level = self._level_after(level)
            length += 1
        return None if level else found

    def _level_after(self, level: dict[Joint, int]) -> dict[Joint, int]:
        """How many ways lead to each state one line further.

        Dynamic programming over the length.
        """
        after: dict[Joint, int] = {}
        for state, ways in level.items():
            for _, reached in self.next(state):
                after[reached] = after.get(reached, 0) + ways
        return after

    # --- by chance ---------------------------------------------------------------------

    def walk(self, rng: random.Random) -> tuple[tuple[int, ...], int]:
        """A random order, and the number of choices on its way multiplied: 0 for a dead end."""
        # An order comes with a likelihood of one in its weight. So the weights of walks are, on
        # average, the number of orders, however unevenly these come.
        state, weight = self.start, 1
        order: list[int] = []
        while True:
            choices = list(self.next(state))
            ends = self.accepts(state)
            weight *= len(choices) + ends
            if not weight or rng.randrange(len(choices) + ends) == len(choices):
                return tuple(order), weight
            letter, state = rng.choice(choices)
            order.append(letter)

    @cached_property
    def _futures(self) -> dict[Joint, int]:
        """For each state how many orders lead from it to an end; made once, for drawing."""
        levels: list[dict[Joint, list[Joint]]] = []
        states: Iterable[Joint] = (self.start,)
        while states:
            levels.append({state: [after for _, after in self.next(state)] for state in states})
            states = dict.fromkeys(after for found in levels[-1].values() for after in found)
        futures: dict[Joint, int] = {}
        for level in reversed(levels):
            for state, found in level.items():
                futures[state] = self.accepts(state) + sum(futures[after] for after in found)
        return futures

    def draw(self, rng: random.Random) -> tuple[int, ...] | None:
        """One of the orders, each as likely as any other where they can be counted.

        ``None`` if there is none, or none was found.
        """
        if self.lengths is None:
            # Not even: an order with few choices on its way comes oftener than others. Whoever
            # draws here wants legal orders to try, and no sample.
            walks = (self.walk(rng) for _ in range(TRIES))
            return next((order for order, weight in walks if weight), None)
        return self._draw_counted(rng) if self.lengths else None

    def _draw_counted(self, rng: random.Random) -> tuple[int, ...]:
        """An order drawn uniformly.

        At each state a line goes on with a chance in proportion to how many orders follow.
        """
        state = self.start
        order: list[int] = []
        rest = rng.randrange(self._futures[state])
        while True:
            for letter, after in self.next(state):
                if rest < self._futures[after]:
                    order.append(letter)
                    state = after
                    break
                rest -= self._futures[after]
            else:
                # What is left over is the order that ends here.
                return tuple(order)


def parts_of(atoms: Iterable[Atom], letters: int) -> tuple[CountedPart, ...]:
    """The atoms in parts that have no letter in common.

    Only ``letters`` may come. An atom that takes notice of none of them makes
    a part of its own, which may be impossible.
    """
    groups: list[tuple[int, list[Atom]]] = [(1 << letter, []) for letter in numbers_of(letters)]
    for atom in atoms:
        mask, merged = atom.mask & letters, [atom]
        apart: list[tuple[int, list[Atom]]] = []
        for other_mask, others in groups:
            if mask & other_mask:
                mask |= other_mask
                merged = others + merged
            else:
                apart.append((other_mask, others))
        # A union of sets, done naively: there are some dozens of atoms.
        groups = [*apart, (mask, merged)]
    return tuple(CountedPart(found, mask) for mask, found in groups)


def shuffled(one: Lengths, other: Lengths) -> Lengths:
    """How many orders of each length two independent parts have together."""
    total: Lengths = {}
    for length, ways in one.items():
        for more, others in other.items():
            both = length + more
            # Of the places of the joint order any may be those of the first
            # part: so many ways to choose them.
            total[both] = total.get(both, 0) + ways * others * comb(both, length)
    return total


def draw(parts: Iterable[CountedPart], rng: random.Random) -> tuple[int, ...] | None:
    """An order of all the parts together; ``None`` if none was found."""
    orders = [part.draw(rng) for part in parts]
    found = [order for order in orders if order is not None]
    return _shuffle(found, rng) if len(found) == len(orders) else None


def _shuffle(orders: Iterable[Sequence[int]], rng: random.Random) -> tuple[int, ...]:
    """The orders shuffled into one another, every way as likely as any other."""
    # Whose turn it is, is drawn for all letters at once. To draw at each step among the parts that
    # are left would favour those shuffles in which a short part ends early.
    kept = [list(reversed(order)) for order in orders]
    turns = [number for number, order in enumerate(kept) for _ in order]
    rng.shuffle(turns)
    return tuple(kept[number].pop() for number in turns)


@dataclass(frozen=True, slots=True)
class SampledCount:
    """A number and its relative standard error."""

    value: int
    error: float


def estimate(
    known: Lengths, parts: Sequence[CountedPart], samples: int, rng: random.Random
) -> SampledCount | None:
    """About how many orders the parts allow, together with others counted exactly (``known``).

    ``None`` if every walk ended in a dead end.
    """
    weights = [_weight(known, [part.walk(rng) for part in parts]) for _ in range(samples)]
    total = sum(weights)
    if not total:
        return None
    # Whole numbers past the range of floats: only their shares are floats.
    shares = [weight * samples / total for weight in weights]
    variance = sum((share - 1) ** 2 for share in shares) / max(1, samples - 1)
    return SampledCount(total // samples, (variance / samples) ** 0.5)


def _weight(known: Lengths, walks: Sequence[tuple[tuple[int, ...], int]]) -> int:
    """By how many orders one drawn combination counts.

    Its own weight, times all shuffles of the parts.
    """
    ways, length = 1, 0
    for order, weight in walks:
        length += len(order)
        ways *= weight * comb(length, len(order))
    return ways * sum(found * comb(length + more, more) for more, found in known.items())
