"""Orders that a spec leaves open, and that came one way only: perhaps a property is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from harness.proof.audit.excuses import OPEN_ORDER
from harness.proof.audit.results import MutationResult, OpenOrder
from harness.values.finding import Line
from harness.values.program import Program

Pair = tuple[str, str]

MIN_RUNS = 4
"""In fewer runs an order says nothing."""


@dataclass(slots=True)
class Orders:
    """Which events came wholly before which, run by run."""

    together: Counter[frozenset[str]] = field(default_factory=Counter)
    in_order: Counter[Pair] = field(default_factory=Counter)

    def add(self, lines: Sequence[Line]) -> None:
        """Take note of one more run."""
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for position, line in enumerate(lines):
            if line.event is not None:
                first.setdefault(line.event, position)
                last[line.event] = position
        # In how many runs both came: an order that holds in all of these
        # is constant, in fewer it is not.
        self.together.update(frozenset(pair) for pair in combinations(first, 2))
        self.in_order.update(
            (one, other)
            for one, end in last.items()
            for other, begin in first.items()
            if end < begin
        )

    def constant(self) -> Iterator[tuple[Pair, int]]:
        """The pairs of which the one came before the other whenever both came, and how often."""
        for pair, runs in self.in_order.items():
            if runs >= MIN_RUNS and runs == self.together[frozenset(pair)]:
                yield pair, runs


def open_orders(
    program: Program, orders: Orders, mutations: Iterable[MutationResult]
) -> Iterator[OpenOrder]:
    """The constant orders of a program of which a trace with the other one is accepted."""
    own = (m for m in mutations if (m.side, m.program) == (program.side, program.name))
    accepted = {m.name for m in own if m.allowed.get(OPEN_ORDER) and not m.killed}
    for (earlier, later), runs in orders.constant():
        if f"swap {earlier}/{later}" in accepted:
            yield OpenOrder(
                side=program.side, program=program.name, earlier=earlier, later=later, runs=runs
            )
