"""The likeliest schedules first: a search with few departures that does not wait for chance.

Most bugs take one or two hand-overs, if they come where they matter (Musuvathi
and Qadeer, 2007): a thread that has just begun to use what it shares is
stopped, and the others run as far as they can. A seeded strategy comes to just
those schedules by luck only; here they are tried one by one, off the record of
the plainest run.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from harness.schedules.controlled import REACH
from harness.schedules.likeliest import (
    FIRST,
    FRONT,
    after_sleeps,
    further_options,
    in_turn,
    likeliest_first,
    place_by_place,
)
from harness.schedules.names import STAY, Schedule, Strategy
from harness.schedules.record import Record
from harness.schedules.search import (
    Departure,
    Kind,
    Option,
    departing,
    departures_of,
    hand_over,
    options_of,
)
from harness.schedules.torn import torn

LINKS = 2
"""So many links of chains are tried after each further beginning of one."""

STOPPED = 6
"""At so many of its first points a thread is stopped that another schedule has go first."""

MOST_TORN = 8
"""So many hand-overs between two accesses are tried before others: they are to leave room."""

SHORT = 2_000
"""Steps of a run that is asked what each of them touches: a long one would say too much."""

SLEPT = 1_000_000
"""Nanoseconds of virtual time by which a run is known to have slept, or waited with a limit.

Readings of a clock take some, too.
"""

SLEEPLESS_EVERY = 3
"""Of a program that sleeps, every so many probes after the first few end every sleep at once."""

ASKED = 6
"""Probes whose records tell whether the program ever waits for what may come for nothing."""

ASKED_FOR_OLDER = 12
"""Probes whose records tell whether a value could ever be older.

Whoever has been left alone reads the newest, and the very first probes let one thread after the
other go to its end: it takes those that stop a thread that has stored something.
"""

Run = Callable[[Schedule], Record | None]
Departures = tuple[Departure, ...]


@dataclass(slots=True)
class Probing:
    """The probes of one program, by their numbers. Several threads may ask at once.

    Which schedule a number means depends on the program alone: where it takes
    the record of an earlier one that has not been given by ``add``, that is
    made by ``run``, once more if need be.
    """

    run: Run
    early: bool = True
    tell: Callable[[], Record | None] | None = None
    """Makes the plainest run once more, and has it tell what its steps touch; if it can be told."""
    _records: dict[Schedule, Record | None] = field(default_factory=dict)
    _has_waited: bool | None = None
    _has_older: bool | None = None
    _known: list[Schedule] = field(default_factory=list)
    _rest: Iterator[Schedule] | None = None
    _at_places: tuple[Departure, ...] | None = None
    _met: set[tuple[Kind, int]] = field(default_factory=set)
    """What could come for nothing so far, and to which thread."""
    _torn: frozenset[Departure] = frozenset()
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def schedule(self, number: int) -> Schedule:
        """The schedule of that number; a random one where there is no further probe."""
        # Held while runs are made, and taken again by what they lead to: which schedule a number
        # means must not depend on who asks first.
        with self._lock:
            if self._rest is None:
                self._rest = self._with_sleepless(map(departing, self._all()))
            while len(self._known) <= number:
                following = next(self._rest, None)
                if following is None:
                    return Schedule(strategy=Strategy.RANDOM, seed=number)
                self._known.append(following)
            return self._known[number]

    def at_place(self, number: int) -> Schedule | None:
        """The hand-over of that number, place by place; ``None`` where there is no further one.

        Those are left out that come among the first probes.
        """
        with self._lock:
            if self._at_places is None:
                plainest = self.record_of(STAY)
                found = place_by_place(plainest) if plainest is not None else ()
                first = {self.schedule(each) for each in range(FIRST)}
                self._at_places = tuple(
                    each for each in dict.fromkeys(found) if departing((each,)) not in first
                )
            if number < len(self._at_places):
                return departing((self._at_places[number],))
            return None

    def resolved(self, schedule: Schedule) -> Schedule:
        """The schedule that is really run for one of a plan.

        A probe, by its number or by place, becomes the ``switch:`` schedule that it means; and
        where a program never waits for what may come for nothing, ``/spurious``
        would change nothing, and is left out; so is ``/old`` where no value could be older.
        """
        if schedule.strategy is Strategy.PROBE:
            return self.schedule(schedule.seed)
        if schedule.strategy is Strategy.PLACE:
            found = self.at_place(schedule.seed)
            if found is None:
                return self.resolved(
                    schedule.instead or replace(schedule, strategy=Strategy.RANDOM)
                )
            return found
        if schedule.spurious and not self._waits():
            schedule = replace(schedule, spurious=False)
        if schedule.old and not self._goes_back():
            schedule = replace(schedule, old=False)
        return schedule

    def add(self, schedule: Schedule, record: Record | None) -> None:
        """Take the record of a run, so that it need not be made again.

        Called by whoever has made one, from any thread and without the lock: setting an item is
        atomic, and of two records of one schedule either will do.
        """
        # The first counts. One that was made again may differ, where it was beyond control; then
        # what follows from the first would no longer fit.
        if schedule not in self._records:
            self._records[schedule] = record and _beginning(record)

    def _waits(self) -> bool:
        """Whether something might have come for nothing in one of the first probes."""
        with self._lock:
            if self._has_waited is None:
                first = (self.record_of(self.schedule(number)) for number in range(ASKED))
                self._has_waited = any(map(_has_waited, first))
            return self._has_waited

    def _goes_back(self) -> bool:
        """Whether an atomic could have given an older value in one of the first probes."""
        with self._lock:
            if self._has_older is None:
                first = (self.record_of(self.schedule(number)) for number in range(ASKED_FOR_OLDER))
                self._has_older = any(map(_has_older, first))
            return self._has_older

    def record_of(self, schedule: Schedule) -> Record | None:
        """The record of that schedule's run."""
        if schedule not in self._records:
            self.add(schedule, self.run(schedule))
        return self._records[schedule]

    def _as_departed(self, departures: Departures) -> Record | None:
        """The record of a run that came to all of these; ``None`` if it did not.

        What is beyond control need not go the second time as it went the first.
        """
        record = self.record_of(departing(departures))
        if record is None or departures_of(record) != departures:
            return None
        return record

    def _with_sleepless(self, probes: Iterator[Schedule]) -> Iterator[Schedule]:
        """Each probe, and among those of a program that sleeps some that end every sleep at once.

        An order that sleeps alone keep takes several departures to break: each sleep between the
        two has to end early, and somebody to be passed over meanwhile. Where no sleep takes time,
        it takes one hand-over.
        """
        yield from islice(probes, FIRST)
        sleepless = self._sleepless()
        while True:
            yield from islice(sleepless, 1)
            several = tuple(islice(probes, SLEEPLESS_EVERY - 1))
            if not several:
                break
            yield from several
        yield from sleepless

    def _sleepless(self) -> Iterator[Schedule]:
        """The plainest schedule without sleeps, and with one hand-over once somebody has slept."""
        plainest = self.record_of(STAY)
        if not self.early or plainest is None or plainest.virtual_ns < SLEPT:
            return
        stay = replace(STAY, sleepless=True)
        record = self.record_of(stay)
        if record is None or not record.fired:
            return
        yield stay
        for departure in dict.fromkeys(after_sleeps(record)):
            yield replace(departing((departure,)), sleepless=True)

    def _all(self) -> Iterator[Departures]:
        """Each probe by its departures, without end as long as runs leave options.

        The plainest is first.
        """
        yield ()
        plainest = self.record_of(STAY)
        if plainest is None:
            return
        self._met.update((o.departure.kind, o.departure.thread) for o in options_of(plainest))
        self._torn = self._told_torn(plainest)
        tried: list[Departures] = []
        seen: set[Departures] = {()}
        for departures in chain(
            self._with_chains(plainest, self._options(plainest)),
            self._with_what_follows(self._further(tried)),
        ):
            if departures not in seen:
                seen.add(departures)
                tried.append(departures)
                yield departures

    def _told_torn(self, plainest: Record) -> frozenset[Departure]:
        """The first hand-overs that come between two accesses of one thread, of a short program."""
        if self.tell is None or plainest.steps > SHORT:
            return frozenset()
        told = self.tell()
        return frozenset(islice(torn(told), MOST_TORN)) if told is not None else frozenset()

    def _options(self, plainest: Record) -> Iterator[Option]:
        """The likeliest, but soon those by which another thread comes between two accesses."""
        options = list(likeliest_first(plainest, (), early=self.early))
        between = [option for option in options[FRONT:] if option.departure in self._torn]
        return iter(dict.fromkeys((*options[:FRONT], *between, *options)))

    def _with_chains(self, plainest: Record, options: Iterable[Option]) -> Iterator[Departures]:
        """Each option, and some time after it those schedules that it begins.

        Threads that do the same stop one another at the same point of each: that
        is how they come to wait in a ring. And where another thread goes first
        than the plainest schedule has it, it is then stopped in its turn.
        """
        waiting: deque[Iterator[Departures]] = deque()
        for number, option in enumerate(options):
            departures = (option.departure,)
            yield departures
            begun = self._begun_by(plainest, option)
            if 0 < number < FRONT:
                # At its very first point a thread has mostly done nothing yet; a little later it
                # may have taken a lock, and then the next one is to be stopped with it.
                yield from islice(begun, 1)
            elif option.departure not in self._torn:
                yield from self._links(waiting)
            waiting.append(begun)
            waiting.appendleft(self._for_nothing(departures))
        while waiting:
            yield from self._links(waiting)

    def _begun_by(self, plainest: Record, option: Option) -> Iterator[Departures]:
        """The schedules that this departure from the plainest run is the beginning of."""
        if option.departure.kind is not Kind.HAND_OVER:
            return self._favoured((option.departure,))
        goes_first = option.is_forced or _is_newborn(plainest, option.departure)
        begin = self._stopped if goes_first else self._chain
        return begin((option.departure,))

    def _for_nothing(self, departures: Departures) -> Iterator[Departures]:
        """What may come for nothing in this run, to a thread to which it could not before.

        It never waits so where it runs to its end at once: that takes a hand-over first. And one
        that sleeps before it waits has to be woken early first, or what it is to wait for is there.
        Each kind is tried once for a thread, so these are few.
        """
        record = self._as_departed(departures)
        if record is None:
            return
        for option in further_options(record, departures):
            kind, thread = option.departure.kind, option.departure.thread
            if kind is Kind.HAND_OVER or (kind is Kind.EARLY and not self.early):
                continue
            if (kind, thread) not in self._met:
                self._met.add((kind, thread))
                further = (*departures, option.departure)
                yield further
                yield from self._favoured_on(further)
                yield from self._for_nothing(further)

    def _favoured_on(self, departures: Departures) -> Iterator[Departures]:
        """With the one who has woken going on, and then what may come for nothing to it."""
        for favoured in self._favoured(departures):
            yield favoured
            yield from self._for_nothing(favoured)

    def _favoured(self, departures: Departures) -> Iterator[Departures]:
        """Whoever has come out of its wait for nothing goes on at once, if another would.

        Else somebody makes true what it waits for before it looks, and nobody misses the loop.
        """
        record = self._as_departed(departures)
        if record is None:
            return
        thread = departures[-1].thread
        came = [e.decision for e in (*record.spurious, *record.fired) if e.thread == thread]
        following = record.decisions[max(came) + 1 :][:1] if came else ()
        for decision in following:
            if decision.chosen != thread and thread in decision.runnable:
                yield (*departures, hand_over(decision.number, thread))

    @staticmethod
    def _links(waiting: deque[Iterator[Departures]]) -> Iterator[Departures]:
        """The next of the first few of these; each that has a further one goes to the end."""
        left = LINKS
        for _ in range(len(waiting)):
            begun = waiting.popleft()
            if (departures := next(begun, None)) is not None:
                yield departures
                waiting.append(begun)
                left -= 1
            if not left:
                return

    def _chain(self, departures: Departures) -> Iterator[Departures]:
        """With one link more each time, as long as there is a thread left for it."""
        while (record := self._as_departed(departures)) is not None:
            further = _next_link(record, departures)
            if further is None:
                return
            departures = (*departures, further)
            yield departures

    def _stopped(self, departures: Departures) -> Iterator[Departures]:
        """The thread that goes first is stopped at one of its own first points."""
        record = self._as_departed(departures)
        first = departures[-1].thread
        points = record.decisions[departures[-1].at + 1 :] if record else ()
        own = [each for each in points if each.current == first and not each.forced]
        for decision in own[:STOPPED]:
            others = [thread for thread in decision.runnable if thread != first]
            yield (*departures, hand_over(decision.number, min(others)))

    def _further(self, tried: list[Departures]) -> Iterator[Departures]:
        """Each schedule that has been tried, with one departure more; those with few first."""
        size = 1
        while level := [departures for departures in tried if len(departures) == size]:
            yield from in_turn(map(self._extended, level))
            size += 1

    def _with_what_follows(self, schedules: Iterable[Departures]) -> Iterator[Departures]:
        """Each, and one later what may come for nothing in its run alone: that is made by then."""
        before: Departures = ()
        for departures in schedules:
            yield departures
            if before:
                yield from self._for_nothing(before)
                yield from self._favoured_on(before)
            before = departures

    def _extended(self, departures: Departures) -> Iterator[Departures]:
        """A schedule with each further departure of its run, the likeliest first."""
        record = self._as_departed(departures)
        if record is None:
            return
        for option in likeliest_first(record, departures, early=self.early):
            yield (*departures, option.departure)


def _beginning(record: Record) -> Record:
    """As much of a record as is ever looked at: a long run's would fill the memory."""
    return replace(
        record,
        decisions=record.decisions[:REACH],
        candidates=record.candidates[:REACH],
        written=(),
    )


def _has_waited(record: Record | None) -> bool:
    return record is not None and any(each.spurious or each.weak for each in record.candidates)


def _has_older(record: Record | None) -> bool:
    return record is not None and any(each.old for each in record.candidates)


def _is_newborn(record: Record, departure: Departure) -> bool:
    """Whether a hand-over is to a thread that could not have gone on before it."""
    return all(departure.thread not in d.runnable for d in record.decisions[: departure.at])


def _next_link(record: Record, departures: Departures) -> Departure | None:
    """Where the thread that was handed to last is as far as the first was: a hand-over from it."""
    first, last = departures[0], departures[-1]
    offset = _offset(record, first.at)
    own = [d for d in record.decisions[last.at + 1 :] if d.current == last.thread]
    if len(own) <= offset or own[offset].forced:
        return None
    number = own[offset].number
    others = (thread for thread in own[offset].runnable if thread != last.thread)
    fresh = [thread for thread in others if _is_fresh(record, thread, number)]
    return hand_over(number, fresh[0]) if fresh else None


def _offset(record: Record, number: int) -> int:
    """How many decisions a thread had come to before this one of its."""
    current = record.decisions[number].current
    return sum(d.current == current for d in record.decisions[:number])


def _is_fresh(record: Record, thread: int, before: int) -> bool:
    """Whether a thread had not come to a decision yet."""
    return thread != 0 and all(d.current != thread for d in record.decisions[:before])
