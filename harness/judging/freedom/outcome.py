"""The automata of outcomes: what a run has come to so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.judging.freedom.atoms import Atom, State
from harness.language.properties.outcomes import Outcomes
from harness.values.program import Value


@dataclass(frozen=True, slots=True, eq=False)
class GradedAtom(Atom):
    """An outcome of fields, each printed once: ``values`` gives what a letter says of which."""

    mask: int
    rule: Outcomes
    values: Mapping[int, tuple[tuple[int, Value], ...]]

    def limited(self, given: int) -> int:
        """All."""
        del given
        return self.mask

    @property
    def start(self) -> tuple[Value | None, ...]:
        """Nothing printed."""
        return (None,) * len(self.rule.of)

    def step(self, state: tuple[Value | None, ...], letter: int) -> State | None:
        """The values of the letter, where nothing has been printed yet."""
        after = list(state)
        for position, value in self.values[letter]:
            if after[position] is not None:
                return None
            after[position] = value
        return tuple(after)

    def accepts(self, state: tuple[Value | None, ...]) -> bool:
        """Whether all is printed, and the outcome is not forbidden."""
        return None not in state and _is_allowed(self.rule, state)

    def owed(self, state: tuple[Value | None, ...]) -> tuple[int, ...]:
        """The letters that print what is missing."""
        return tuple(
            sum(
                1 << letter
                for letter, values in self.values.items()
                if any(at == position for at, _ in values)
            )
            for position, value in enumerate(state)
            if value is None
        )


@dataclass(frozen=True, slots=True, eq=False)
class Appearing(Atom):
    """An outcome that is the order in which events first come, each under its name."""

    mask: int
    rule: Outcomes
    names: Mapping[int, str]

    start: ClassVar[tuple[str, ...]] = ()

    def step(self, state: tuple[str, ...], letter: int) -> State | None:
        """What comes first is noted, nothing is refused."""
        name = self.names[letter]
        return state if name in state else (*state, name)

    def accepts(self, state: tuple[str, ...]) -> bool:
        """Whether that order is not forbidden."""
        return _is_allowed(self.rule, state)


def _is_allowed(rule: Outcomes, outcome: tuple[Any, ...]) -> bool:
    entry = rule.entry_of(outcome)
    return entry is not None and entry.grade != "forbidden"
