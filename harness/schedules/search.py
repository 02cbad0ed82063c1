"""Search among explicit schedules: make a failing one small, or enumerate them all.

Both work on ``switch:`` schedules: the default rule (stay on the current
thread; if it cannot go on, the lowest-numbered that can) and the decisions
that depart from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import Decision, Record

Switches = tuple[tuple[int, int], ...]
"""Pairs (decision number, thread number), in the order of the decisions."""

Try = Callable[[Schedule], Record | None]
"""Makes a run under a schedule; gives its record if it still fails in the same way."""


def switch_schedule(switches: Switches) -> Schedule:
    """The schedule that departs from the default rule at these decisions."""
    return Schedule(strategy=Strategy.SWITCH, switches=switches)


def default_choice(decision: Decision) -> int:
    """Whom the default rule lets go on."""
    if not decision.forced:
        return decision.current
    others = [thread for thread in decision.runnable if thread != decision.current]
    return min(others or decision.runnable)


def switches_of(record: Record) -> Switches:
    """Where a run departed from the default rule: the same run, as a ``switch:`` schedule."""
    return tuple((d.number, d.chosen) for d in record.decisions if d.chosen != default_choice(d))


@dataclass(frozen=True, slots=True)
class Reduced:
    """A smaller failing schedule, with the record of its run and how many runs it took to find."""

    schedule: Schedule
    record: Record
    tries: int


def reduce_schedule(record: Record, attempt: Try, *, budget: int) -> Reduced | None:
    """A failing schedule with as few departures as can be found within ``budget`` runs.

    Delta debugging (Zeller and Hildebrandt, 2002) over the departures; after
    each success the schedule is read off the new record again, since leaving
    one out renumbers those after it. ``None`` if the run cannot be made again
    as a ``switch:`` schedule at all (early timeouts are not in it).
    """
    best = attempt(switch_schedule(switches_of(record)))
    tries = 1
    if best is None:
        return None
    chunks = 2
    while tries < budget:
        current = switches_of(best)
        smaller = None
        for candidate in _without_chunks(current, chunks):
            if tries >= budget:
                break
            tries += 1
            smaller = attempt(switch_schedule(candidate))
            if smaller is not None and len(switches_of(smaller)) < len(current):
                break
            smaller = None
        if smaller is not None:
            best, chunks = smaller, max(2, chunks - 1)
        elif chunks >= len(current):
            break
        else:
            chunks = min(len(current), chunks * 2)
    return Reduced(switch_schedule(switches_of(best)), best, tries)


def _without_chunks(switches: Switches, chunks: int) -> Iterator[Switches]:
    """The departures with one of ``chunks`` parts left out, for each part."""
    size = max(1, -(-len(switches) // max(1, chunks)))
    for start in range(0, len(switches), size):
        yield switches[:start] + switches[start + size :]


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
        return switch_schedule(self._current[0])

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
