"""Make a failing schedule small: as few departures from plainly running on as still fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, starmap
from typing import Generic, TypeVar

from harness.schedules.likeliest import in_turn, likeliest_first
from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.search import Departure, Kind, departing, departures_of, hand_over

MERGED_DECISIONS = 1_000
"""Of how many decisions a run may be for its schedule to be written out decision by decision."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TriedSchedule(Generic[T]):
    """What came of a run under a schedule.

    Its record, whether it failed in the same way, and whatever is to be kept of it.
    """

    record: Record
    fails: bool
    kept: T


Try = Callable[[Schedule], TriedSchedule[T] | None]
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

    Most bugs take one: those schedules are tried first, the likeliest at the
    beginning. Else what can be left out of the run's own departures is left
    out, and the rest of the budget goes into a search for a failing schedule
    that has fewer, with two, three and so on: first where the run at hand
    departs, then anywhere. What comes for nothing is only tried if the run at
    hand has such, too. If that does not fail again as a ``switch:`` schedule (one
    can be too long, and no list says that every sleep ends at once), at most one
    departure is tried; ``None`` if none does it.
    """
    own = departures_of(record)
    # With other kinds of departures one might break the same property by another fault: a sleep in
    # the place of a join, told by an early timeout, where the run at hand had lost an update.
    reduction = _Reduction(attempt, budget, frozenset({Kind.HAND_OVER, *(d.kind for d in own)}))
    first = reduction.fails(own)
    if first is None:
        least = reduction.search(2, keep=budget // 2)
        if least is None:
            return None
        return Reduced(departures_of(least.record), least.kept, budget - reduction.left)
    # Where no single departure does it, what the run at hand has is all there is to go by, and half
    # of the runs are kept for that: leaving out, merging, and then the search for fewer.
    if (best := reduction.search(min(2, _size(first)), keep=budget // 2)) is None:
        best = reduction.leave_out(first, keep=budget // 4)
        best = reduction.merge(best, keep=budget // 4)
    while (other := reduction.search_near(best) or reduction.search(_size(best))) is not None:
        best = reduction.leave_out(other)
    return Reduced(departures_of(best.record), best.kept, budget - reduction.left)


def _size(tried: TriedSchedule[T]) -> int:
    """How many departures the run itself had, which need not be what its schedule names."""
    return len(departures_of(tried.record))


@dataclass(slots=True)
class _Reduction(Generic[T]):
    """``left`` is how many runs may still be made, ``kinds`` what a schedule may have in it."""

    attempt: Try[T]
    left: int
    kinds: frozenset[Kind]
    known: dict[tuple[Departure, ...], TriedSchedule[T] | None] = field(default_factory=dict)

    def try_out(self, departures: tuple[Departure, ...]) -> TriedSchedule[T] | None:
        """The run that departs just so; ``None`` if it does not fit, or no run is left to be made.

        No schedule is run twice: a controlled run gives the same again,
        so that what it gave is kept.
        """
        if departures not in self.known:
            if self.left <= 0:
                return None
            self.left -= 1
            self.known[departures] = self.attempt(departing(departures))
        return self.known[departures]

    def fails(self, departures: tuple[Departure, ...]) -> TriedSchedule[T] | None:
        """The run that departs just so, if it fails."""
        tried = self.try_out(departures)
        return tried if tried is not None and tried.fails else None

    def leave_out(self, best: TriedSchedule[T], *, keep: int = 0) -> TriedSchedule[T]:
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
    ) -> TriedSchedule[T] | None:
        """The first run with a part left out that fails with fewer departures."""
        for candidate in _without_chunks(departures, chunks):
            if self.left <= keep:
                break
            smaller = self.fails(candidate)
            # The size is that of the run and not that of the list: what a list names the run may do
            # by the default rule, and what it does not name may be forced to another thread now.
            if smaller is not None and _size(smaller) < len(departures):
                return smaller
        return None

    def merge(self, best: TriedSchedule[T], *, keep: int = 0) -> TriedSchedule[T]:
        """Stretches of one thread are brought together (Jalbert and Sen, 2010), while that helps.

        Where leaving departures out leads no further, since each depends on
        those before it, this still does. ``keep`` runs are left.
        """
        smaller: TriedSchedule[T] | None = best
        while smaller is not None:
            best = smaller
            smaller = self._with_a_merger(best, keep)
        return best

    def _with_a_merger(self, best: TriedSchedule[T], keep: int) -> TriedSchedule[T] | None:
        """The first run with two stretches merged that fails with fewer departures."""
        # The pairs of stretches are many, and each schedule that is tried has as
        # many entries as the run has decisions.
        if len(best.record.decisions) > MERGED_DECISIONS:
            return None
        for departures in _merged(best.record):
            if self.left <= keep:
                break
            smaller = self.fails(departures)
            if smaller is not None and _size(smaller) < _size(best):
                return smaller
        return None

    def search_near(self, best: TriedSchedule[T]) -> TriedSchedule[T] | None:
        """A failing run with fewer departures, all of them where a failing one departs."""
        places = frozenset(_places(best.record, departures_of(best.record)))
        return self.search(_size(best), places, keep=self.left // 2)

    def search(
        self, fewer_than: int, places: frozenset[_Place] | None = None, *, keep: int = 0
    ) -> TriedSchedule[T] | None:
        """A failing run with fewer departures; those with the fewest are tried first.

        If ``places`` are given, departures are made there only. ``keep`` runs are left.
        """
        # The plainest run leads: departures are made where it, or what it led to, had a choice.
        level = [self.try_out(())] if fewer_than else []
        for _ in range(fewer_than):
            following: list[TriedSchedule[T] | None] = []
            for tried in level:
                if tried is not None and tried.fails and _size(tried) < fewer_than:
                    return tried
            extended = in_turn(self._extended(tried, places) for tried in level if tried)
            for departures in extended:
                if self.left <= keep or len(departures) >= fewer_than:
                    return None
                tried = self.try_out(departures)
                if tried is not None and tried.fails and _size(tried) < fewer_than:
                    return tried
                following.append(tried)
            level = following
        return None

    def _extended(
        self, tried: TriedSchedule[T], places: frozenset[_Place] | None
    ) -> Iterator[tuple[Departure, ...]]:
        """The departures of a run with one more, the likeliest first.

        If ``places`` are given, one of those.
        """
        departures = departures_of(tried.record)
        options = [
            option.departure
            for option in likeliest_first(tried.record, departures)
            if option.departure.kind in self.kinds
        ]
        for departure, place in zip(options, _places(tried.record, options), strict=True):
            if places is None or place in places:
                yield (*departures, departure)


def _merged(record: Record) -> Iterator[tuple[Departure, ...]]:
    """Each way to bring two stretches of one thread together, as a list of all decisions.

    Others go on before the first of them, or after the second.
    """
    others = tuple(each for each in departures_of(record) if each.kind is not Kind.HAND_OVER)
    chosen = (decision.chosen for decision in record.decisions)
    stretches = [(thread, len(list(same))) for thread, same in groupby(chosen)]
    for at, (thread, _) in enumerate(stretches):
        later = (n for n in range(at + 2, len(stretches)) if stretches[n][0] == thread)
        following = next(later, None)
        if following is not None:
            between = stretches[at + 1 : following]
            pair = [stretches[at], stretches[following]]
            for middle in ([*pair, *between], [*between, *pair]):
                order = (*stretches[:at], *middle, *stretches[following + 1 :])
                threads = chain.from_iterable([each] * length for each, length in order)
                yield (*starmap(hand_over, enumerate(threads)), *others)


_Place = tuple[Kind, int, int]
"""Where a thread departs: how, who, and after how many decisions of its own."""


def _places(record: Record, departures: Iterable[Departure]) -> Iterator[_Place]:
    """Where each of the departures of a run is, in the order of ``departures``."""
    # How far each thread has come, since the numbers of decisions mean another place in each run:
    # a departure before them moves them all.
    done: Counter[int] = Counter()
    own = []
    for decision in record.decisions:
        own.append((Kind.HAND_OVER, decision.current, done[decision.current]))
        done[decision.current] += 1
    for departure in departures:
        if departure.kind is Kind.HAND_OVER:
            yield own[departure.at]
        else:
            # By the thread alone: its step has no number that means the same in another run.
            yield departure.kind, departure.thread, 0


def _without_chunks(
    departures: tuple[Departure, ...], chunks: int
) -> Iterator[tuple[Departure, ...]]:
    """The departures with one of ``chunks`` parts left out, for each part."""
    size = max(1, -(-len(departures) // max(1, chunks)))
    for start in range(0, len(departures), size):
        yield departures[:start] + departures[start + size :]
