"""The automaton of sections: who is between an enter and a leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from harness.judging.freedom.atoms import Atom, State
from harness.values.program import Value


@dataclass(frozen=True, slots=True)
class Move:
    """What a letter does to sections: ``who`` goes into a kind of section, or out of it."""

    kind: int
    enters: bool
    who: Value | None = None


Inside: TypeAlias = "tuple[frozenset[Value] | int, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Within(Atom):
    """Who is inside, in each of one or two kinds that exclude one another.

    ``most`` and ``reaches`` are of the first kind. The state is who is inside
    of each kind (how many, where nobody has a name), and the most so far.
    """

    mask: int
    moves: Mapping[int, Move]
    kinds: int
    most: int | None
    reaches: int | None
    must_leave: bool
    has_names: bool

    @property
    def start(self) -> tuple[Inside, int]:
        """Nobody anywhere."""
        nobody: frozenset[Value] | int = frozenset() if self.has_names else 0
        return (nobody,) * self.kinds, 0

    def limited(self, given: int) -> int:
        """The leaves of those whose enters are limited; and the other way, if all must leave."""
        limited = 0
        for kind in range(self.kinds):
            enters, leaves = (self._all(kind, enters=enters) for enters in (True, False))
            if not enters & ~given:
                limited |= leaves
            if self.must_leave and not leaves & ~given:
                limited |= enters
        return limited

    def _all(self, kind: int, *, enters: bool) -> int:
        """The set of all enters, or all leaves, of one kind."""
        return sum(
            1 << letter
            for letter, move in self.moves.items()
            if move.kind == kind and move.enters == enters
        )

    def step(self, state: tuple[Inside, int], letter: int) -> State | None:
        """In, or out."""
        inside, reached = state
        move = self.moves[letter]
        changed = self._in(inside, move) if move.enters else _out(inside, move)
        if changed is None:
            return None
        after = (*inside[: move.kind], changed, *inside[move.kind + 1 :])
        if self.reaches is not None:
            reached = min(self.reaches, max(reached, _number(after[0])))
        return after, reached

    def _in(self, inside: Inside, move: Move) -> frozenset[Value] | int | None:
        """Who is inside of the kind then; ``None`` if nobody may go in, or that one not twice."""
        here = inside[move.kind]
        if move.kind == 0 and _number(here) == self.most:
            return None
        if any(_number(other) for kind, other in enumerate(inside) if kind != move.kind):
            return None
        if isinstance(here, int):
            return here + 1
        return None if move.who is None or move.who in here else here | {move.who}

    def accepts(self, state: tuple[Inside, int]) -> bool:
        """Whether all who must have left, and enough were inside once."""
        inside, reached = state
        return not (self.must_leave and any(map(_number, inside))) and (
            self.reaches is None or reached >= self.reaches
        )

    def owed(self, state: tuple[Inside, int]) -> tuple[int, ...]:
        """The leave of everybody who is inside."""
        if not self.must_leave:
            return ()
        return tuple(
            self._leaves(kind, who)
            for kind, here in enumerate(state[0])
            for who in (here if isinstance(here, frozenset) else [None] * bool(here))
        )

    def _leaves(self, kind: int, who: Value | None) -> int:
        """The set of letters by which that one leaves."""
        leave = Move(kind, enters=False, who=who)
        return sum(1 << letter for letter, move in self.moves.items() if move == leave)


def _number(here: frozenset[Value] | int) -> int:
    """How many are inside."""
    return here if isinstance(here, int) else len(here)


def _out(inside: Inside, move: Move) -> frozenset[Value] | int | None:
    """Who is inside of the kind then; ``None`` if that one was not."""
    here = inside[move.kind]
    if isinstance(here, int):
        return here - 1 if here else None
    return here - {move.who} if move.who in here else None
