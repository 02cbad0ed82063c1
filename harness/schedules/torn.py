"""Where a hand-over lets another thread at a word between two accesses of it by one. Pure.

A thread reads a total, and adds to what it has read; between the two somebody
else must not add. Of the ways in which an access of another may come between
two of one's own, four are like no order in which nobody comes between (Lu,
Tucek, Qin and Zhou, "AVIO: detecting atomicity violations via access
interleaving invariants", 2006). Most points of a run are none of these: they
are within the library's locks and channels, where it does not matter who goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from harness.schedules.dependence import Kind
from harness.schedules.dpor import without_attempts
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
    """The hand-overs by which another thread may come between, in the order of the run.

    The record is one that tells what each step touched. That the other may go on does not say
    that it comes to its access: it may have to wait for a lock first.
    """
    decisions = without_attempts(record).decisions
    numbers = _numbers(record)
    accesses = _accesses(record)
    last: dict[tuple[int, str], str] = {}
    found: set[Departure] = set()
    for step in record.told:
        decision = None if step.decision is None else decisions[numbers[step.decision]]
        for object_, own in _of(step):
            before, last[step.thread, object_] = last.get((step.thread, object_)), own
            if before is None or decision is None or decision.forced:
                continue
            for other in decision.runnable:
                ways = {f"{before}{theirs}{own}" for theirs in accesses[object_].get(other, ())}
                departure = hand_over(decision.number, other)
                if other != step.thread and ways & _NO_ORDER and departure not in found:
                    found.add(departure)
                    yield departure


def _numbers(record: Record) -> dict[int, int]:
    """What a decision is called where nothing is asked of steps: those without one do not count."""
    led = sorted({step.decision for step in record.told if step.decision is not None})
    return {decision: number for number, decision in enumerate(led)}


def _accesses(record: Record) -> dict[str, dict[int, set[str]]]:
    """How each thread accesses each object in the whole run."""
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for step in record.told:
        for object_, access in _of(step):
            found[object_][step.thread].add(access)
    return found


def _of(step: Step) -> Iterator[tuple[str, str]]:
    """Each object that a step reads or changes, and which of the two."""
    for touch in step.touches:
        if touch.kind in _ACCESSES:
            yield touch.object, _ACCESSES[touch.kind]
