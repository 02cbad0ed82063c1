"""Make a failing schedule small: as few departures from plainly running on as still fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from harness.schedules.names import Schedule
from harness.schedules.probing import in_turn, likeliest_first
from harness.schedules.record import Record
from harness.schedules.search import Departure, Kind, departing, departures_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """What came of a run under a schedule.

    Its record, whether it failed in the same way, and whatever is to be kept of it.
    """

    record: Record
    fails: bool
    kept: T


Try = Callable[[Schedule], Tried[T] | None]
"""Makes a run under a schedule; gives nothing if that does not fit the program."""


@dataclass(frozen=True, slots=True)
class Reduced(Generic[T]):
    """A smaller failing schedule, what its run showed, and how many runs it took to find.

    ``departures`` are in the order in which they come.
    """

    departures: tuple[Departure, ...]
    kept: T
    tries: int

    @property
    def schedule(self) -> Schedule:
        """The schedule by its departures."""
        return departing(self.departures)


def reduce_schedule(record: Record, attempt: Try[T], *, budget: int) -> Reduced[T] | None:
    """A failing schedule with as few departures as can be found within ``budget`` runs.

    What can be left out of the run's own departures is left out; the rest of
    the budget goes into a search for a failing schedule that has fewer: all
    with one departure, then those with two, and so on, the likeliest first.
    What comes for nothing is only tried if the run at hand has such, too.
    ``None`` if that does not fail again as a ``switch:`` schedule.
    """
    own = departures_of(record)
    reduction = _Reduction(attempt, budget, frozenset({Kind.HAND_OVER, *(d.kind for d in own)}))
    first = reduction.fails(own)
    if first is None:
        return None
    best = reduction.leave_out(first, keep=budget // 2)
    while (other := reduction.search(fewer_than=_size(best))) is not None:
        best = reduction.leave_out(other)
    return Reduced(departures_of(best.record), best.kept, budget - reduction.left)


def _size(tried: Tried[T]) -> int:
    return len(departures_of(tried.record))


@dataclass(slots=True)
class _Reduction(Generic[T]):
    """``left`` is how many runs may still be made, ``kinds`` what a schedule may have in it."""

    attempt: Try[T]
    left: int
    kinds: frozenset[Kind]

    def try_out(self, departures: tuple[Departure, ...]) -> Tried[T] | None:
        if self.left <= 0:
            return None
        self.left -= 1
        return self.attempt(departing(departures))

    def fails(self, departures: tuple[Departure, ...]) -> Tried[T] | None:
        """The run that departs just so, if it fails."""
        tried = self.try_out(departures)
        return tried if tried is not None and tried.fails else None

    def leave_out(self, best: Tried[T], *, keep: int = 0) -> Tried[T]:
        """Delta debugging (Zeller and Hildebrandt, 2002) over the departures.

        After each success the schedule is read off the new record again,
        since leaving one out renumbers those after it. ``keep`` runs are left.
        """
        chunks = 2
        while self.left > keep:
            current = departures_of(best.record)
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
    ) -> Tried[T] | None:
        for candidate in _without_chunks(departures, chunks):
            if self.left <= keep:
                break
            smaller = self.fails(candidate)
            if smaller is not None and _size(smaller) < len(departures):
                return smaller
        return None

    def search(self, *, fewer_than: int) -> Tried[T] | None:
        """A failing run with fewer departures; those with the fewest are tried first."""
        plainest = self.try_out(()) if fewer_than else None
        if plainest is None or plainest.fails:
            return plainest
        level = [plainest]
        for _ in range(fewer_than - 1):
            following: list[Tried[T]] = []
            for departures in in_turn(map(self._extended, level)):
                tried = self.try_out(departures)
                if tried is not None and tried.fails and _size(tried) < fewer_than:
                    return tried
                if tried is not None and departures_of(tried.record) == departures:
                    following.append(tried)
                if self.left <= 0:
                    return None
            level = following
        return None

    def _extended(self, tried: Tried[T]) -> Iterator[tuple[Departure, ...]]:
        departures = departures_of(tried.record)
        for option in likeliest_first(tried.record, departures):
            if option.departure.kind in self.kinds:
                yield (*departures, option.departure)


def _without_chunks(
    departures: tuple[Departure, ...], chunks: int
) -> Iterator[tuple[Departure, ...]]:
    """The departures with one of ``chunks`` parts left out, for each part."""
    size = max(1, -(-len(departures) // max(1, chunks)))
    for start in range(0, len(departures), size):
        yield departures[:start] + departures[start + size :]
