"""Explicit schedules: read one off a run, or enumerate them all.

Both work with ``switch:`` schedules: the default rule (stay on the current
thread; if it cannot go on, the lowest-numbered that can; nothing comes for
nothing) and the departures from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import (
    ALONE,
    RANDOM,
    RESTED,
    UNFOLLOWED,
    Candidates,
    Decision,
    Record,
)


class Kind(IntEnum):
    """How a run may depart from the default rule; those of one step come in this order."""

    HAND_OVER = 0
    EARLY = 1
    SPURIOUS = 2
    WEAK = 3
    OLD = 4


@dataclass(frozen=True, slots=True, order=True)
class Departure:
    """Where a run departs from the default rule.

    ``at`` is the number of a decision, for a hand-over to ``thread``, and
    else a step: at it the timeout or the wait of ``thread`` ends, its weak
    exchange fails, or it reads (or stores) a value so many stores ``back`` from the newest.
    """

    kind: Kind
    at: int
    thread: int
    back: int = 0


def hand_over(decision: int, thread: int) -> Departure:
    """The departure that has ``thread`` go on at a decision."""
    return Departure(Kind.HAND_OVER, decision, thread)


Position = tuple[int, int, Kind, int]
"""Where something stands in a run: decision, step within its reach, kind, thread."""

_START: Position = (-1, -1, Kind.HAND_OVER, -1)


def default_choice(decision: Decision) -> int:
    """Whom the default rule lets go on."""
    if not decision.forced:
        return decision.current
    others = [thread for thread in decision.runnable if thread != decision.current]
    return min(others or decision.runnable)


def departures_of(record: Record) -> tuple[Departure, ...]:
    """Where a run departed from the default rule, in the order in which it did."""
    return tuple(departure for _, departure in sorted(_departed(record)))


def _departed(record: Record) -> Iterator[tuple[Position, Departure]]:
    """Each departure with its position, by kind.

    Hand-overs first, whatever came before them in the run.
    """
    for d in record.decisions:
        if d.chosen != default_choice(d):
            yield _place_of(d), hand_over(d.number, d.chosen)
    fired = (record.fired, record.spurious, record.weak)
    for kind, entries in zip((Kind.EARLY, Kind.SPURIOUS, Kind.WEAK), fired, strict=True):
        for entry in entries:
            position = (entry.decision, entry.step, kind, entry.thread)
            yield position, Departure(kind, entry.step, entry.thread)
    for old in record.old:
        # An older value is no candidate of the other three: it has a number, how far back it lies.
        position = (old.decision, old.step, Kind.OLD, old.thread)
        yield position, Departure(Kind.OLD, old.step, old.thread, old.back)


def place_of(record: Record, departures: tuple[Departure, ...]) -> Position:
    """Where the last of these departures of a run stands in it."""
    if not departures:
        return _START
    return next(position for position, each in _departed(record) if each == departures[-1])


def departures_before(record: Record, number: int) -> tuple[Departure, ...]:
    """Those departures of a run that come before the decision of that number."""
    return tuple(each for position, each in sorted(_departed(record)) if position[0] < number)


def _place_of(decision: Decision) -> Position:
    """Before anything that may come within the decision's own step: -1 is less than each step."""
    return decision.number, -1, Kind.HAND_OVER, -1


def departing(departures: Iterable[Departure]) -> Schedule:
    """The schedule that departs from the default rule just so."""
    listed = tuple(departures)

    def of(kind: Kind) -> Iterator[Departure]:
        return (departure for departure in listed if departure.kind is kind)

    return Schedule(
        strategy=Strategy.SWITCH,
        switches=tuple((each.at, each.thread) for each in of(Kind.HAND_OVER)),
        early_steps=tuple(each.at for each in of(Kind.EARLY)),
        spurious_wakes=tuple((each.at, each.thread) for each in of(Kind.SPURIOUS)),
        weak_steps=tuple(each.at for each in of(Kind.WEAK)),
        old_reads=tuple((each.at, each.back) for each in of(Kind.OLD)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a search enumerates.

    ``preemptions`` is how many departures that nothing forces a schedule may
    have (any number, if ``None``), ``spurious`` how many of them may be
    wake-ups and failures for nothing, or older values. That one is never unbounded: a loop
    around a wait may be woken for nothing for ever. ``early`` says whether
    timeouts may come early.
    """

    preemptions: int | None = None
    early: bool = True
    spurious: int = 1


@dataclass(frozen=True, slots=True)
class Option:
    """A further schedule that a run leads to: it has one more departure than the run had."""

    position: Position
    departure: Departure
    is_forced: bool

    @property
    def is_spurious(self) -> bool:
        """Whether something wakes or fails for nothing, or an older value is given."""
        return self.departure.kind in (Kind.SPURIOUS, Kind.WEAK, Kind.OLD)


def options_of(record: Record, after: Position = _START) -> Iterator[Option]:
    """Each other choice that there was in a run after a place, in no particular order."""
    for decision in record.decisions:
        if (place := _place_of(decision)) > after:
            for thread in decision.runnable:
                if thread != decision.chosen:
                    yield Option(place, hand_over(decision.number, thread), decision.forced)
    for candidates in record.candidates:
        yield from _options_at(candidates, after)


def _options_at(candidates: Candidates, after: Position) -> Iterator[Option]:
    """What may come for nothing, early or old at one step, after a position."""
    kinds = (candidates.early, candidates.spurious, candidates.weak)
    for kind, threads in zip((Kind.EARLY, Kind.SPURIOUS, Kind.WEAK), kinds, strict=True):
        for thread in threads:
            place = (candidates.decision, candidates.step, kind, thread)
            # Whoever has woken at this step already does not wake at it again.
            is_same = after[:2] == place[:2] and after[3] == thread
            if place > after and not is_same:
                # Never forced: the run had gone on without it.
                yield Option(place, Departure(kind, candidates.step, thread), is_forced=False)
    for thread, most in candidates.old:
        place = (candidates.decision, candidates.step, Kind.OLD, thread)
        for back in range(1, most + 1) if place > after else ():
            departure = Departure(Kind.OLD, candidates.step, thread, back)
            yield Option(place, departure, is_forced=False)


@dataclass(frozen=True, slots=True)
class _Node:
    """A schedule to be run: its parent's with one departure more; what it has of the bound."""

    parent: _Node | None = None
    option: Option | None = None
    preemptions: int = 0
    spurious: int = 0

    def with_option(self, option: Option) -> _Node:
        """The node of that schedule.

        It shares its departures with this one, so that a node costs
        little however long its schedule is.
        """
        return _Node(
            self,
            option,
            # As CHESS counts: where a thread cannot go on, any other may, at no cost. Else it would
            # use the bound up who goes on when one has ended, in which nobody is interrupted.
            self.preemptions + (not option.is_forced),
            self.spurious + option.is_spurious,
        )

    @property
    def departures(self) -> tuple[Departure, ...]:
        """All of them, from the root down: read off when the schedule is run, not kept."""
        found: list[Departure] = []
        node: _Node | None = self
        while node is not None and node.option is not None:
            found.append(node.option.departure)
            node = node.parent
        return tuple(reversed(found))


MOST_LEFT = 100_000
"""How many schedules are kept to be run, before those that lead to fewer come first."""


@dataclass(slots=True)
class Search:
    """Every schedule within ``bound``, once.

    Those with the fewest preemptions come first: most bugs take one or two
    (as in CHESS, Musuvathi and Qadeer, 2007). ``next`` gives a schedule to be
    run; ``add`` takes its record, or ``None`` if it left none. ``is_complete``
    holds once every schedule within the bound has been run, each of them to
    its end and under control: only then may completeness be claimed.
    ``flaws`` say why it cannot be.
    """

    bound: Bound = field(default_factory=Bound)
    tried: int = 0
    points: int = 0
    """The most choices that one run had."""
    has_spurious: bool = False
    has_old: bool = False
    """Whether an atomic could have given an older value."""
    has_loops: bool = False
    """Whether an event loop had a choice."""
    left: int = 1
    """How many schedules are known and have not been run yet."""
    _flaws: dict[str, None] = field(default_factory=dict)
    _stacks: dict[int, list[_Node]] = field(default_factory=lambda: {0: [_Node()]})
    _current: _Node | None = None

    def next(self) -> Schedule | None:
        """The next schedule, or ``None`` if there is no further one."""
        if not self.left:
            return None
        # Of those with the same number of preemptions the newest: so what is kept grows with the
        # length of a run, and not with the number of runs, as it would breadth first.
        waiting = (number for number, stack in self._stacks.items() if stack)
        self._current = self._stacks[(min if self.left < MOST_LEFT else max)(waiting)].pop()
        self.left -= 1
        self.tried += 1
        return departing(self._current.departures)

    def add(self, record: Record | None) -> None:
        """Take the record of the schedule that ``next`` gave last: its choices lead further."""
        node, self._current = self._current, None
        if node is None:
            # ``next`` and ``add`` take turns: whoever runs several at once needs a search for each.
            raise AssertionError("a record without a schedule")
        self._flaws.update(dict.fromkeys(flaws_of(record, early=self.bound.early)))
        if record is None:
            return
        self.has_loops = self.has_loops or any(each.kind for each in record.decisions)
        self.points = max(self.points, len(record.decisions) + len(record.candidates))
        if departures_of(record) != node.departures:
            # A program that is not the same by the same schedule: from here
            # on nobody knows what was run.
            self._flaws["a schedule did not lead where it had led before"] = None
            return
        # Only what comes later than the last departure: a set of departures then has one way to it,
        # and no schedule comes twice though none is remembered.
        last = node.option.position if node.option else _START
        for option in options_of(record, last):
            if self._is_within(following := node.with_option(option), option):
                self.has_spurious = self.has_spurious or option.is_spurious
                self.has_old = self.has_old or option.departure.kind is Kind.OLD
                self._stacks.setdefault(following.preemptions, []).append(following)
                self.left += 1

    def _is_within(self, node: _Node, option: Option) -> bool:
        """Whether a schedule keeps the bound; ``option`` is its last departure."""
        bound = self.bound
        return (
            (bound.preemptions is None or node.preemptions <= bound.preemptions)
            and node.spurious <= bound.spurious
            and (bound.early or option.departure.kind is not Kind.EARLY)
        )

    def deny(self, notes: Iterable[str]) -> None:
        """Let nothing be claimed, since what these notes stand for is not explored."""
        self._flaws.update((_told(note), None) for note in notes)

    @property
    def flaws(self) -> tuple[str, ...]:
        """Why completeness may not be claimed, though there may be no schedule left."""
        return tuple(self._flaws)

    @property
    def reached(self) -> int | None:
        """The preemptions up to which every schedule has been run; ``None``: with any number.

        Negative, if not even those without one have been. Says nothing if there are flaws.
        """
        if not self.left:
            return self.bound.preemptions
        return min(number for number, stack in self._stacks.items() if stack) - 1

    @property
    def is_complete(self) -> bool:
        """Whether every schedule within the bound has been run, under control, to its end."""
        return not self.left and self._current is None and not self._flaws


NOTES = {
    "asyncio": "task orders were not explored: the record does not say what asyncio did",
    "other-loop": "task orders were not explored: an event loop is not asyncio's own",
    "task-sets": "task orders were not explored: asyncio took several from a set",
    ALONE: "a thread that was alone met nothing for nothing, and no older value",
    "clock": "the program reads a clock, and one course of it was tried",
    "hashes": "the program goes by hashes, sets or addresses, which no schedule decides",
    RANDOM: "the program draws random numbers, and one stream of them was tried",
    UNFOLLOWED: "memory was not followed to the end of a run",
    RESTED: "a thread that spun was passed over until another had changed something",
}
"""What the notes of a runtime mean for a search."""


def _told(note: str) -> str:
    """A note in words; what is not in the table is the name of a library."""
    return NOTES.get(note, f"task orders were not explored: {note} has one of its own")


def flaws_of(record: Record | None, *, early: bool = True) -> Iterator[str]:
    """Why a search that has this run in it may not be called complete."""
    if record is None:
        yield "a run was cut off"
        return
    if record.end == "bound":
        yield "a run met its bound of steps"
    if record.end in ("mismatch", "refused"):
        yield "a schedule did not fit the program"
    for loose in record.loose:
        where = f" at {loose.place}" if loose.place else ""
        yield f"a run left control ({loose.call or 'a thread that went on by itself'}{where})"
    for reason in record.uncontrolled:
        yield f"a run left control ({reason})"
    yield from map(_told, record.notes)
    if not record.tells_candidates:
        kinds = "early timeouts and " if early else ""
        yield f"{kinds}wake-ups for nothing are not explored here"
