"""In which order the further departures of a run are tried. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from operator import attrgetter
from typing import TypeVar

from harness.schedules.record import Decision, Fired, Record
from harness.schedules.search import (
    Departure,
    Kind,
    Option,
    hand_over,
    options_of,
    place_of,
)

T = TypeVar("T")

FIRST = 9
"""Probes before the first schedule that is drawn, or goes by place."""

FRONT = 3
"""Points of a thread that are tried in their order; those after them are tried spread out."""


def likeliest_first(
    record: Record, departures: tuple[Departure, ...], *, early: bool = True
) -> Iterator[Option]:
    """The further departures of a run that has had these, later than they, in a good order.

    Hand-overs come first from the thread that, of those that main has
    started, has its turn first; where a thread might be put in its place that
    has not begun yet, that one is.
    """
    options = further_options(record, departures)
    hand_overs = [o for o in options if o.departure.kind is Kind.HAND_OVER]
    likely = _first_choices(record)
    first = [o for o in hand_overs if not o.is_forced and o.departure in likely]
    rest = [o for o in hand_overs if not o.is_forced and o.departure not in likely]
    stretches: dict[int, list[Option]] = {}
    for option in first:
        stretches.setdefault(_from(record, option), []).append(option)
    # Main starts the others and waits for them: at its points there is nobody yet, or it touches
    # nothing that they share. So they are the last of the lanes.
    mains = stretches.pop(0, [])
    lanes = map(
        _front_then_spread,
        (
            *list(stretches.values())[1:],
            _of_kind(options, Kind.SPURIOUS),
            _of_kind(options, Kind.EARLY) if early else [],
            _of_kind(options, Kind.WEAK),
            _of_kind(options, Kind.OLD),
            [o for o in hand_overs if o.is_forced],
            mains,
        ),
    )
    own = iter(_front_then_spread(next(iter(stretches.values()), [])))
    # The first points of the thread that goes first come before all else; from there on each lane
    # gets the same share, whatever its length.
    yield from islice(own, FRONT)
    yield from in_turn((in_turn(lanes), own))
    yield from _front_then_spread(rest)


def place_by_place(record: Record) -> Iterator[Departure]:
    """The hand-overs of a run, so that none is at a place again before there was one at each.

    What comes late in a run, and once, is else one of many: most points are in loops, whose first
    turns show what any would. The run is one that tells its places; main's come after those of the
    threads that it has started.
    """
    likely = {each.at: each for each in _first_choices(record)}
    theirs, mains = _visits(record)
    for places in (theirs, mains):
        lanes = [dict.fromkeys(_at_place(visits, likely)) for visits in places.values()]
        yield from in_turn(lanes[at] for at in _bit_reversed(len(lanes)))


def after_sleeps(record: Record) -> Iterator[Departure]:
    """Hand-overs of a run without sleeps that show what an order owes to how long they take.

    Each is from a thread that sleeps, or that has slept and not waited since, to the
    highest-numbered that can go on. When that one sleeps next, all others are preferred to it: it
    sleeps for very long. Of each sleep one hand-over comes before any has a second.
    """
    for decision in in_turn(_once_slept(record, fired) for fired in record.fired):
        others = [thread for thread in decision.runnable if thread != decision.chosen]
        if others:
            yield hand_over(decision.number, max(others))


def _once_slept(record: Record, fired: Fired) -> list[Decision]:
    """Where to hand over from a thread that slept: at once, if it goes on as if it had not.

    If others have gone on meanwhile, late before its next wait: by then it has told what it slept
    for.
    """
    thread = fired.thread
    here, later = record.decisions[fired.decision :][:1], record.decisions[fired.decision + 1 :]

    def is_its_own(decision: Decision) -> bool:
        return decision.current == thread and not decision.forced

    if later and is_its_own(later[0]):
        return [*here, *_late_first(list(takewhile(is_its_own, later)))]
    back = (n for n, d in enumerate(later, 1) if d.chosen == thread and d.current != thread)
    return _late_first(list(takewhile(is_its_own, later[next(back, len(later)) :])))


def _late_first(stretch: list[Decision]) -> list[Decision]:
    """At three quarters of it, at half, at the end; then the others."""
    count = len(stretch)
    places = (count * 3 // 4, count // 2, count - 1, *range(count)) if count else ()
    return [stretch[place] for place in dict.fromkeys(places)]


_Visits = dict[str, list[list[Decision]]]
"""By place, each visit: the decisions of a thread from its coming there to its leaving."""


def _visits(record: Record) -> tuple[_Visits, _Visits]:
    """The decisions at known places that nothing forces: those of main come second."""
    places = dict(record.places)
    here: dict[int, str] = {}
    theirs: _Visits = {}
    mains: _Visits = {}
    for decision in record.decisions:
        place = places.get(decision.number)
        if place is not None:
            visits = (theirs if decision.current else mains).setdefault(place, [])
            if here.get(decision.current) != place or not visits:
                visits.append([])
            visits[-1].extend([decision] * (not decision.forced))
            here[decision.current] = place
    return _unforced(theirs), _unforced(mains)


def _unforced(places: _Visits) -> _Visits:
    kept = {place: [visit for visit in visits if visit] for place, visits in places.items()}
    return {place: visits for place, visits in kept.items() if visits}


def _at_place(visits: list[list[Decision]], likely: dict[int, Departure]) -> Iterator[Departure]:
    """The hand-overs of one place: of its first visit, its last, and then far from those before.

    On leaving first of all: then all is done that is done there, a lock taken or let go.
    """
    middle = visits[1:-1]
    order = (visits[0], visits[-1], *(middle[at] for at in _bit_reversed(len(middle))))
    for visit in order:
        yield likely[visit[-1].number]
        yield likely[visit[0].number]
        for decision in (visit[-1], *visit[:-1]):
            for thread in decision.runnable:
                if thread != decision.chosen:
                    yield hand_over(decision.number, thread)


def further_options(record: Record, departures: tuple[Departure, ...]) -> list[Option]:
    """The choices later than these departures of a run, in the order in which they come."""
    return sorted(options_of(record, place_of(record, departures)), key=attrgetter("position"))


def _from(record: Record, option: Option) -> int:
    """The thread that would have gone on in the place of which another does."""
    return record.decisions[option.departure.at].current


def _first_choices(record: Record) -> frozenset[Departure]:
    """For each decision the hand-over to try: to a thread that has not begun yet, if there is one.

    Those that have not begun often do the same, and one stands for all. Where they do not, each has
    its turn at main's points: the lowest later, for that is who goes on there where main waits.
    """
    begun = {0}
    found = []
    turn = 1
    for decision in record.decisions:
        begun.add(decision.current)
        others = [thread for thread in decision.runnable if thread != decision.chosen]
        fresh = [thread for thread in others if thread not in begun] or others
        is_main = not decision.current
        found.append(hand_over(decision.number, fresh[turn % len(fresh) if is_main else 0]))
        turn += is_main
    return frozenset(found)


def _of_kind(options: Iterable[Option], kind: Kind) -> list[Option]:
    """The departures of a kind: for each thread its first, then the others."""
    mine = [option for option in options if option.departure.kind is kind]
    by_thread = [
        _front_then_spread([o for o in mine if o.departure.thread == thread])
        for thread in dict.fromkeys(o.departure.thread for o in mine)
    ]
    return list(in_turn(by_thread))


def _front_then_spread(options: list[Option]) -> list[Option]:
    """The first few in their order; then alternately the next, and one far from those before."""
    # In a loop the next point is as good as the last one. Those far apart stand in different parts
    # of a thread's work, and a budget that ends early has then seen something of each.
    front, rest = options[:FRONT], options[FRONT:]
    spread = [rest[at] for at in _bit_reversed(len(rest))]
    order = front + [option for pair in zip(rest, spread, strict=True) for option in pair]
    return list(dict.fromkeys(order))


def _bit_reversed(count: int) -> Iterator[int]:
    """The numbers below ``count``, each far from those before it (van der Corput, 1935)."""
    width = max(1, (count - 1).bit_length())
    reversed_ = (int(f"{number:0{width}b}"[::-1], 2) for number in range(1 << width))
    return (number for number in reversed_ if number < count)


def in_turn(lanes: Iterable[Iterable[T]]) -> Iterator[T]:
    """The first of each, then the second of each, and so on."""
    waiting = deque(map(iter, lanes))
    while waiting:
        lane = waiting.popleft()
        for item in islice(lane, 1):
            yield item
            waiting.append(lane)
