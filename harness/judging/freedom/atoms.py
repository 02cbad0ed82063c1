"""What properties say of an order of lines, taken to pieces: small automata over letters.

An atom knows a few letters and takes no notice of others. Its states are
small values that never change, so that many orders which have come to the same
state can be reckoned as one. These are written from the meaning of the
declarations, apart from the monitors: a test holds the two against each other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

State: TypeAlias = Hashable


class Atom(ABC):
    """One automaton. ``mask`` is the set of the letters that it takes notice of.

    Letters are numbers, sets of them integers with a bit for each. States are hashable values
    and compared by ``==``: equal states have equal futures, which is what lets orders be counted
    without being listed. ``closed`` and ``owed`` may say less than is true (nothing), never
    more: they only cut off what leads nowhere.
    """

    mask: int
    start: ClassVar[Any] = 0

    def limited(self, given: int) -> int:
        """The set of the letters that it lets come only so often, if those ``given`` do."""
        del given
        return 0

    @abstractmethod
    def step(self, state: Any, letter: int) -> State | None:
        """The state after one of its letters; ``None`` if the letter may not come there."""

    def accepts(self, state: Any) -> bool:
        """Whether a run may end there."""
        del state
        return True

    def closed(self, state: Any) -> int:
        """The set of its letters that can never come again."""
        del state
        return 0

    def owed(self, state: Any) -> tuple[int, ...]:
        """Sets of letters, of each of which one at least has still to come."""
        del state
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class TallyAtom(Atom):
    """At least ``least`` and at most ``most`` of the letters; ``None``: any number."""

    mask: int
    least: int
    most: int | None

    def limited(self, given: int) -> int:
        """All, if there is an upper bound."""
        del given
        return 0 if self.most is None else self.mask

    def step(self, state: int, letter: int) -> State | None:
        """One more."""
        del letter
        if self.most is None:
            return min(state + 1, self.least)
        return state + 1 if state < self.most else None

    def accepts(self, state: int) -> bool:
        """Whether there are enough."""
        return state >= self.least

    def closed(self, state: int) -> int:
        """All, once there are as many as may be."""
        return self.mask if state == self.most else 0

    def owed(self, state: int) -> tuple[int, ...]:
        """One more, while there are too few."""
        return (self.mask,) if state < self.least else ()


@dataclass(frozen=True, slots=True, eq=False)
class OnceBegun(Atom):
    """All of the ``parts``, or no letter at all: what is asked of each key that comes."""

    mask: int
    parts: tuple[Atom, ...]

    @property
    def start(self) -> tuple[State, ...]:
        """Nothing has come."""
        return tuple(part.start for part in self.parts)

    def limited(self, given: int) -> int:
        """What any of the parts limits."""
        limited = 0
        for part in self.parts:
            limited |= part.limited(given)
        return limited

    def step(self, state: tuple[State, ...], letter: int) -> State | None:
        """Every part takes its letters."""
        after = [
            part.step(one, letter) if part.mask >> letter & 1 else one
            for part, one in zip(self.parts, state, strict=True)
        ]
        return None if None in after else tuple(after)

    def accepts(self, state: tuple[State, ...]) -> bool:
        """Whether nothing has come, or all that must."""
        return state == self.start or all(
            part.accepts(one) for part, one in zip(self.parts, state, strict=True)
        )

    def closed(self, state: tuple[State, ...]) -> int:
        """What any of the parts has closed."""
        closed = 0
        for part, one in zip(self.parts, state, strict=True):
            closed |= part.closed(one)
        return closed

    def owed(self, state: tuple[State, ...]) -> tuple[int, ...]:
        """What the parts still ask for, once something has come."""
        if state == self.start:
            return ()
        pairs = zip(self.parts, state, strict=True)
        return tuple(mask for part, one in pairs for mask in part.owed(one))


@dataclass(frozen=True, slots=True, eq=False)
class SequenceAtom(Atom):
    """One letter out of each set, in this order; all of them if ``whole``."""

    mask: int
    positions: tuple[int, ...]
    whole: bool

    def limited(self, given: int) -> int:
        """All."""
        del given
        return self.mask

    def step(self, state: int, letter: int) -> State | None:
        """The next position takes the letter, or nothing does."""
        if state < len(self.positions) and self.positions[state] >> letter & 1:
            return state + 1
        return None

    def accepts(self, state: int) -> bool:
        """Whether the end has been reached."""
        return not self.whole or state == len(self.positions)

    def closed(self, state: int) -> int:
        """What no later position takes."""
        later = 0
        for position in self.positions[state:]:
            later |= position
        return self.mask & ~later

    def owed(self, state: int) -> tuple[int, ...]:
        """What every later position takes."""
        return self.positions[state:] if self.whole else ()


@dataclass(frozen=True, slots=True, eq=False)
class Rising(Atom):
    """Each letter is of a higher rank than the one before."""

    mask: int
    ranks: Mapping[int, int]

    start: ClassVar[int] = -1

    def limited(self, given: int) -> int:
        """All."""
        del given
        return self.mask

    def step(self, state: int, letter: int) -> State | None:
        """Upwards only."""
        rank = self.ranks[letter]
        return rank if rank > state else None

    def closed(self, state: int) -> int:
        """What is not higher."""
        mask = 0
        for letter, rank in self.ranks.items():
            mask |= (rank <= state) << letter
        return mask


@dataclass(frozen=True, slots=True, eq=False)
class ChainAtom(Atom):
    """All letters of a stage come before all of the stages after it."""

    mask: int
    stages: tuple[int, ...]

    def step(self, state: int, letter: int) -> State | None:
        """On to the letter's stage, never back."""
        stage = _index_of(self.stages, letter)
        return stage if stage >= state else None

    def closed(self, state: int) -> int:
        """The stages that lie behind."""
        mask = 0
        for stage in self.stages[:state]:
            mask |= stage
        return mask


@dataclass(frozen=True, slots=True, eq=False)
class FirstsChain(Atom):
    """The first letter of a stage comes before the first of the next; the state counts stages."""

    mask: int
    stages: tuple[int, ...]

    def step(self, state: int, letter: int) -> State | None:
        """A stage that is reached stays so; the one after it may be reached next."""
        stage = _index_of(self.stages, letter)
        return max(state, stage + 1) if stage <= state else None


def _index_of(stages: tuple[int, ...], letter: int) -> int:
    return next(index for index, stage in enumerate(stages) if stage >> letter & 1)


@dataclass(frozen=True, slots=True, eq=False)
class Overlapping(Atom):
    """Neither of two streams lies wholly before the other: one, the other, the first again."""

    mask: int
    one: int

    start: ClassVar[tuple[bool, ...]] = ()

    def step(self, state: tuple[bool, ...], letter: int) -> State | None:
        """The streams in the order of their appearance, as far as it matters."""
        stream = bool(self.one >> letter & 1)
        return state if len(state) == 3 or state[-1:] == (stream,) else (*state, stream)

    def accepts(self, state: tuple[bool, ...]) -> bool:
        """Whether one came between lines of the other."""
        return len(state) == 3
