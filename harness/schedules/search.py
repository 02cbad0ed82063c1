"""Explicit schedules: read one off a run, or enumerate them all.

Both work with ``switch:`` schedules: the default rule (stay on the current
thread; if it cannot go on, the lowest-numbered that can) and the decisions
that depart from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import Decision, Record

Switches = tuple[tuple[int, int], ...]
"""Pairs (decision number, thread number), in the order of the decisions."""

Departure = tuple[int, int] | int
"""Where a run departs from the default rule: a pair as above, or a step of an early timeout."""


def default_choice(decision: Decision) -> int:
    """Whom the default rule lets go on."""
    if not decision.forced:
        return decision.current
    others = [thread for thread in decision.runnable if thread != decision.current]
    return min(others or decision.runnable)


def departures_of(record: Record) -> tuple[Departure, ...]:
    """Where a run departed from the default rule, in the order in which it did."""
    hand_overs = [
        (d.number, (d.number, d.chosen)) for d in record.decisions if d.chosen != default_choice(d)
    ]
    early = [(fired.decision, fired.step) for fired in record.fired]
    ordered: list[tuple[int, Departure]] = [*early, *hand_overs]
    return tuple(departure for _, departure in sorted(ordered, key=lambda pair: pair[0]))


def departing(departures: Iterable[Departure]) -> Schedule:
    """The schedule that departs from the default rule just so."""
    listed = tuple(departures)
    return Schedule(
        strategy=Strategy.SWITCH,
        switches=tuple(item for item in listed if isinstance(item, tuple)),
        early_steps=tuple(item for item in listed if isinstance(item, int)),
    )


@dataclass(slots=True)
class Search:
    """Every schedule with at most ``preemptions`` forced hand-overs (all of them, if ``None``).

    A depth-first search over decisions (as in CHESS, Musuvathi and Qadeer,
    2007). ``next`` gives a schedule to be run; ``add`` takes its record.
    ``is_complete`` holds once every schedule within the bound has been run:
    only then may completeness be claimed.
    """

    preemptions: int | None = None
    _stack: list[tuple[Switches, int]] | None = None
    _current: tuple[Switches, int] | None = None
    tried: int = 0

    def next(self) -> Schedule | None:
        """The next schedule, or ``None`` if there is no further one."""
        if self._stack is None:
            self._stack = [((), 0)]
        if not self._stack:
            return None
        self._current = self._stack.pop()
        self.tried += 1
        return departing(self._current[0])

    def add(self, record: Record) -> None:
        """Take the record of the schedule that ``next`` gave last: its decisions lead further."""
        if self._current is None or self._stack is None:
            raise AssertionError("a record without a schedule")
        switches, used = self._current
        start = switches[-1][0] + 1 if switches else 0
        for decision in record.decisions[start:]:
            for thread in decision.runnable:
                if thread == decision.chosen:
                    continue
                cost = used + (not decision.forced)
                if self.preemptions is None or cost <= self.preemptions:
                    self._stack.append(((*switches, (decision.number, thread)), cost))
        self._current = None

    @property
    def is_complete(self) -> bool:
        """Whether every schedule within the bound has been run."""
        return self._stack == [] and self._current is None

    @property
    def left(self) -> int:
        """How many schedules are known and have not been run yet."""
        return len(self._stack or ())
