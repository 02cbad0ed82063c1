"""Make a failing schedule small: as few departures from plainly running on as still fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.search import Departure, Search, departing, departures_of

PREEMPTION_BOUNDS = (0, 1, 2)
"""Most bugs take one or two hand-overs that nothing forces (Musuvathi and Qadeer, 2007)."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a run under a schedule: its record, and whether it failed in the same way."""

    record: Record
    fails: bool


Try = Callable[[Schedule], Tried | None]
"""Makes a run under a schedule; gives nothing if that does not fit the program."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A smaller failing schedule, with the record of its run and how many runs it took to find."""

    schedule: Schedule
    record: Record
    tries: int


def reduce_schedule(record: Record, attempt: Try, *, budget: int) -> Reduced | None:
    """A failing schedule with as few departures as can be found within ``budget`` runs.

    What can be left out of the run's own departures is left out; the rest of
    the budget goes into a search, with few hand-overs, for a failing schedule
    that has fewer. ``None`` if the run does not fail again as a ``switch:``
    schedule.
    """
    reduction = _Reduction(attempt, budget)
    first = reduction.fails(departures_of(record))
    if first is None:
        return None
    best = reduction.leave_out(first, keep=budget // 2)
    other = reduction.search(fewer_than=len(departures_of(best)))
    if other is not None:
        best = reduction.leave_out(other)
    return Reduced(departing(departures_of(best)), best, budget - reduction.left)


@dataclass(slots=True)
class _Reduction:
    """``left`` is how many runs may still be made."""

    attempt: Try
    left: int

    def try_out(self, schedule: Schedule) -> Tried | None:
        self.left -= 1
        return self.attempt(schedule)

    def fails(self, departures: tuple[Departure, ...]) -> Record | None:
        """The record of the run that departs just so, if it fails."""
        tried = self.try_out(departing(departures))
        return tried.record if tried is not None and tried.fails else None

    def leave_out(self, best: Record, *, keep: int = 0) -> Record:
        """Delta debugging (Zeller and Hildebrandt, 2002) over the departures.

        After each success the schedule is read off the new record again,
        since leaving one out renumbers those after it. ``keep`` runs are left.
        """
        chunks = 2
        while self.left > keep:
            current = departures_of(best)
            smaller = self._without_a_chunk(current, chunks, keep)
            if smaller is not None:
                best, chunks = smaller, max(2, chunks - 1)
            elif chunks >= len(current):
                break
            else:
                chunks = min(len(current), chunks * 2)
        return best

    def _without_a_chunk(
        self, departures: tuple[Departure, ...], chunks: int, keep: int
    ) -> Record | None:
        for candidate in _without_chunks(departures, chunks):
            if self.left <= keep:
                break
            smaller = self.fails(candidate)
            if smaller is not None and len(departures_of(smaller)) < len(departures):
                return smaller
        return None

    def search(self, *, fewer_than: int) -> Record | None:
        """A failing run with fewer departures, those with the fewest hand-overs first."""
        for bound in PREEMPTION_BOUNDS:
            if fewer_than <= 1:
                return None
            search = Search(bound)
            while self.left > 0 and (schedule := search.next()) is not None:
                tried = self.try_out(schedule)
                if tried is None:
                    continue
                if tried.fails and len(departures_of(tried.record)) < fewer_than:
                    return tried.record
                search.add(tried.record)
        return None


def _without_chunks(
    departures: tuple[Departure, ...], chunks: int
) -> Iterator[tuple[Departure, ...]]:
    """The departures with one of ``chunks`` parts left out, for each part."""
    size = max(1, -(-len(departures) // max(1, chunks)))
    for start in range(0, len(departures), size):
        yield departures[:start] + departures[start + size :]
