"""Runs that are steered so that lines come in a wished order. Pure.

What some run must show is mostly an order of lines that few schedules bring, and none of those that
were drawn. A run that has come to all these lines, in another order, is near one that shows it: its
schedule is kept up to the first line that is not in its place, and there whoever is to write first
goes first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice, permutations

from harness.schedules.record import Record
from harness.schedules.search import Departure, departures_before, hand_over

MOST_LINES = 40
"""Of a run whose lines are put into other orders."""

MOST_ORDERS = 400
"""So many other orders of a run's lines are looked at."""

_FEW = 3
"""Threads of which each order is tried in which they write one after the other."""

Writers = tuple[int, ...]
"""Who writes the first line, the second, and so on: each writes its own lines in their order."""


def writers(record: Record, stdout: bytes) -> Writers:
    """Who wrote the pieces of a run's output; empty if that is not known of all of it.

    Or if they are no whole lines: what stands between the parts of a line is another order's.
    """
    pieces = [each for each in record.written if each.stream == "stdout"]
    if sum(each.size for each in pieces) != len(stdout):
        return ()
    is_whole = all(piece.endswith(b"\n") for piece in _cut(record, stdout))
    return tuple(each.thread for each in pieces) if is_whole else ()


def in_order(record: Record, stdout: bytes, wish: Writers) -> bytes:
    """What the run would have written had its threads written in that order."""
    lines: dict[int, list[bytes]] = {}
    for thread, piece in zip(writers(record, stdout), _cut(record, stdout), strict=True):
        lines.setdefault(thread, []).append(piece)
    own = {thread: iter(pieces) for thread, pieces in lines.items()}
    return b"".join(next(own[thread]) for thread in wish)


def _cut(record: Record, stdout: bytes) -> Iterator[bytes]:
    start = 0
    for each in record.written:
        if each.stream == "stdout":
            yield stdout[start : start + each.size]
            start += each.size


def other_orders(given: Writers, seed: int) -> Iterator[Writers]:
    """Other orders of the same lines, the nearest first; some that are drawn come last."""
    if len(given) > MOST_LINES:
        return
    seen = {given}
    for wish in islice(_orders(given, seed), MOST_ORDERS):
        if wish not in seen:
            seen.add(wish)
            yield wish


def _orders(given: Writers, seed: int) -> Iterator[Writers]:
    size = len(given)
    for distance in range(1, size):
        for start in range(size - distance):
            yield _moved(given, start, start + distance)
            yield _moved(given, start + distance, start)
        # A few one after the other are as near as one that goes far.
        if distance == 1:
            yield from _one_after_the_other(given)
    chance = random.Random(seed)  # noqa: S311 - it chooses among orders, and guards nothing
    while True:
        yield tuple(chance.sample(given, size))


def _moved(given: Writers, start: int, end: int) -> Writers:
    """With one line taken out and put in elsewhere."""
    rest = [*given[:start], *given[start + 1 :]]
    return (*rest[:end], given[start], *rest[end:])


def _one_after_the_other(given: Writers) -> Iterator[Writers]:
    """Each thread with all its lines, in each order of a few threads."""
    threads = list(dict.fromkeys(given))
    for order in permutations(threads) if len(threads) <= _FEW else (threads, threads[::-1]):
        yield tuple(thread for one in order for thread in given if thread == one)


def first_difference(given: Sequence[int], wish: Writers) -> int | None:
    """The first line that is not written by whom it is wished of; none if each is."""
    pairs = enumerate(zip(given, wish, strict=False))
    return next((at for at, (thread, wished) in pairs if thread != wished), None)


def steered(record: Record, wish: Writers) -> Iterator[tuple[Departure, ...]]:
    """Schedules by which the first line that is not as wished may be so, all before it as it is.

    The nearest to that line is first; where a lock is held that the other needs, the farthest.
    """
    pieces = [each for each in record.written if each.stream == "stdout"]
    at = first_difference([each.thread for each in pieces], wish)
    if at is None:
        return
    start = pieces[at - 1].decision if at else -1
    free = [
        decision
        for decision in record.decisions[start + 1 : pieces[at].decision + 1]
        if wish[at] in decision.runnable and decision.chosen != wish[at]
    ]
    for decision in dict.fromkeys((*free[-1:], *free[:1])):
        yield (*departures_before(record, decision.number), hand_over(decision.number, wish[at]))
