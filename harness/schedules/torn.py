"""Where a hand-over lets another thread at a word between two accesses of it by one. Pure.

A thread reads a total, and adds to what it has read; between the two somebody
else must not add. Of the ways in which an access of another may come between
two of one's own, four are like no order in which nobody comes between (Lu,
Tucek, Qin and Zhou, "AVIO: detecting atomicity violations via access
interleaving invariants", 2006). Most points of a run are none of these: they
are within the library's locks and channels, where it does not matter who goes on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from harness.schedules.dependence import Kind, Touch
from harness.schedules.likeliest import in_turn
from harness.schedules.record import Record, Step
from harness.schedules.search import Departure, hand_over

_ACCESSES = {
    Kind.READ: "r",
    Kind.WRITE: "w",
    Kind.TAKE: "w",
    Kind.RELEASE: "w",
    Kind.ACQUIRE: "w",
}

_NO_ORDER = frozenset({"rwr", "wwr", "rww", "wrw"})
"""One's own access, that of another, and one's own again: what no order of the two would give."""


def torn(record: Record) -> Iterator[Departure]:
    """The hand-overs by which another thread may come between, those unlike one another first.

    The record is one that tells what each step touched. The other comes to what it does later in
    that run, up to where it would wait for the stopped thread: for a lock that this holds, or its
    end. Alike are those at one object between accesses of the same kinds, as the turns of a loop.
    """
    alike: dict[tuple[str, str], list[Departure]] = defaultdict(list)
    for object_, pair, departure in _between(record):
        alike[object_, pair].append(departure)
    yield from dict.fromkeys(in_turn(alike.values()))


def _between(record: Record) -> Iterator[tuple[str, str, Departure]]:
    """Each, in the order of the run, with the object and the accesses between which it comes."""
    numbers = _numbers(record)
    ahead = _Ahead(record)
    last: dict[tuple[int, str], str] = {}
    for step in record.told:
        raw = step.decision
        is_choice = raw is not None and not record.decisions[raw].forced
        for object_, own in _of(step):
            before, last[step.thread, object_] = last.get((step.thread, object_)), own
            if raw is None or not is_choice or before is None:
                continue
            for other in step.candidates:
                theirs = ahead.accesses(other, step.thread).get(object_, ())
                is_none = any(f"{before}{access}{own}" in _NO_ORDER for access in theirs)
                if other != step.thread and is_none:
                    yield object_, before + own, hand_over(numbers[raw], other)
        ahead.go_on(step)


def _numbers(record: Record) -> dict[int, int]:
    """What a decision is called where nothing is asked of steps.

    There whoever waits is not among those who may go on, and without another there is no decision.
    A thread that was chosen in vain is chosen there, too: it comes to where it waits.
    """
    candidates = {step.decision: step.candidates for step in record.told}
    led = (d.number for d in record.decisions if len(candidates.get(d.number, d.runnable)) > 1)
    return {decision: number for number, decision in enumerate(led)}


class _Ahead:
    """What each thread has still to do at a place in the run, and which locks it holds there."""

    def __init__(self, record: Record) -> None:
        self._steps: dict[int, list[Step]] = defaultdict(list)
        for step in record.told:
            self._steps[step.thread].append(step)
        self._done: Counter[int] = Counter()
        self._held: dict[int, frozenset[str]] = defaultdict(frozenset)
        self._known: dict[tuple[int, int, frozenset[Touch]], dict[str, set[str]]] = {}

    def accesses(self, other: int, stopped: int) -> dict[str, set[str]]:
        """How a thread accesses each object before it waits for the one that is stopped."""
        waits_for = {Touch(Kind.ACQUIRE, lock) for lock in self._held[stopped]}
        key = (other, self._done[other], frozenset((*waits_for, Touch(Kind.JOIN, str(stopped)))))
        if key not in self._known:
            self._known[key] = self._come_to(*key)
        return self._known[key]

    def _come_to(self, thread: int, done: int, waits_for: frozenset[Touch]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for step in self._steps[thread][done:]:
            if not waits_for.isdisjoint(step.touches):
                break
            for object_, access in _of(step):
                found[object_].add(access)
        return found

    def go_on(self, step: Step) -> None:
        """Count a step as done."""
        self._done[step.thread] += 1
        for touch in step.touches:
            if touch.kind is Kind.ACQUIRE:
                self._held[step.thread] |= {touch.object}
            elif touch.kind is Kind.RELEASE:
                self._held[step.thread] -= {touch.object}


def _of(step: Step) -> Iterator[tuple[str, str]]:
    """Each object that a step reads or changes, and which of the two."""
    for touch in step.touches:
        if touch.kind in _ACCESSES:
            yield touch.object, _ACCESSES[touch.kind]
