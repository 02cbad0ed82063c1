"""What C++20 allows of a litmus test, by enumerating executions: the standard's text, made sets.

It knows nothing of how our runtime comes to its values, which is why it can judge them. A test is
written as ``tests/schedules/rust/litmus.rs`` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product

_ACQUIRE = frozenset({"acq", "ar", "sc"})
_RELEASE = frozenset({"rel", "ar", "sc"})
_ON_FAILURE = {"sc": "sc", "ar": "acq", "acq": "acq"}
_UPDATES = "UXC"

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Event:
    """One operation; ``kind`` is its letter, ``I`` that of the value at the start."""

    number: int
    thread: int
    kind: str
    word: str = ""
    order: str = "rlx"
    values: tuple[int, ...] = (0,)


def read_test(text: str) -> tuple[list[Event], list[list[int]]]:
    """The events, those of the start last, and which each thread has in its order."""
    events: list[Event] = []
    threads: list[list[int]] = []
    for thread, operations in enumerate(text.split("|")):
        threads.append([])
        for operation in operations.split(","):
            kind = operation[0]
            word = "" if kind == "F" else operation[1]
            digits = [letter for letter in operation if letter.isdigit()]
            order = operation[1 + len(word) + len(digits) :]
            values = tuple(map(int, digits)) or (0,)
            threads[-1].append(len(events))
            events.append(Event(len(events), thread, kind, word, order, values))
    for word in sorted({event.word for event in events if event.word}):
        events.append(Event(len(events), -1, "I", word))
    return events, threads


class Relation:
    """A transitive relation between the first ``size`` numbers."""

    def __init__(self, pairs: Iterable[Pair], size: int) -> None:
        """The closure of the pairs."""
        self._reach = [0] * size
        for one, other in pairs:
            self._reach[one] |= 1 << other
        for middle in range(size):
            for start in range(size):
                if self._reach[start] >> middle & 1:
                    self._reach[start] |= self._reach[middle]

    def __contains__(self, pair: Pair) -> bool:
        """Whether it holds of the two."""
        return bool(self._reach[pair[0]] >> pair[1] & 1)

    @property
    def is_order(self) -> bool:
        """Whether it leads nowhere back to itself."""
        return not any(row >> number & 1 for number, row in enumerate(self._reach))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What each read reads from, and what comes of it.

    ``written`` holds for each write its value (``None``: a compare that failed), ``orders`` what
    each event asks for after that, ``before`` the program's own order.
    """

    events: list[Event]
    sources: Mapping[int, int]
    written: Mapping[int, int | None]
    before: Relation

    @property
    def updates(self) -> frozenset[int]:
        """The read-and-writes that wrote."""
        of = (e.number for e in self.events if e.kind in _UPDATES)
        return frozenset(number for number in of if self.written[number] is not None)

    def order(self, number: int) -> str:
        """What the event asks for: a compare that failed is a load."""
        event = self.events[number]
        if event.kind == "C" and self.written[number] is None:
            return _ON_FAILURE.get(event.order, "rlx")
        return event.order


def allowed(text: str) -> dict[str, bool]:
    """Each outcome that is allowed, and whether it needs no load of what is stored later."""
    events, threads = read_test(text)
    start = [e.number for e in events if e.kind == "I"]
    program = [
        (row[i], row[j]) for row in threads for i in range(len(row)) for j in range(i + 1, len(row))
    ]
    program += [(one, e.number) for one in start for e in events if e.thread >= 0]
    found: dict[str, bool] = {}
    for sources in _all_sources(events):
        written = _written(events, sources)
        if written is None:
            continue
        candidate = Candidate(events, sources, written, Relation(program, len(events)))
        reads_from = [(source, read) for read, source in sources.items()]
        reachable = Relation([*program, *reads_from], len(events)).is_order
        for stores in _modification_orders(candidate):
            if _is_consistent(candidate, stores, program):
                outcome = _outcome(candidate, threads, stores)
                found[outcome] = found.get(outcome, False) or reachable
    return found


def _all_sources(events: list[Event]) -> Iterator[dict[int, int]]:
    reads = [e for e in events if e.kind in "R" + _UPDATES]
    choices = [
        [e.number for e in events if e.word == read.word and e.kind != "R" and e is not read]
        for read in reads
    ]
    for chosen in product(*choices):
        yield {read.number: source for read, source in zip(reads, chosen, strict=True)}


def _written(events: list[Event], sources: Mapping[int, int]) -> dict[int, int | None] | None:
    """The value of each write; ``None`` if there is no such execution."""

    def value_of(number: int, depth: int = 0) -> int | None:
        event = events[number]
        if event.kind in "IWX":
            return event.values[0]
        if depth > len(events):
            raise LookupError
        read = value_of(sources[number], depth + 1)
        if read is None:
            raise LookupError
        if event.kind == "U":
            return read + event.values[0]
        return event.values[1] if read == event.values[0] else None

    try:
        written = {e.number: value_of(e.number) for e in events if e.word and e.kind != "R"}
    except LookupError:
        return None
    return None if any(written[source] is None for source in sources.values()) else written


def _modification_orders(candidate: Candidate) -> Iterator[dict[str, tuple[int, ...]]]:
    start = {e.word: e.number for e in candidate.events if e.kind == "I"}
    writes: dict[str, list[int]] = {word: [] for word in start}
    for number, value in candidate.written.items():
        event = candidate.events[number]
        if value is not None and event.kind != "I":
            writes[event.word].append(number)
    for chosen in product(*(permutations(of) for of in writes.values())):
        stores = {word: (start[word], *row) for word, row in zip(writes, chosen, strict=True)}
        places = {write: at for row in stores.values() for at, write in enumerate(row)}
        sources = candidate.sources
        if all(places[each] == places[sources[each]] + 1 for each in candidate.updates):
            yield stores


def _is_consistent(
    candidate: Candidate, stores: Mapping[str, tuple[int, ...]], program: list[Pair]
) -> bool:
    size = len(candidate.events)
    synchronised = list(_synchronised(candidate))
    happens = Relation([*program, *synchronised], size)
    coherence = Relation(_coherence(candidate, stores), size)
    if not happens.is_order or not coherence.is_order:
        return False
    pairs = list(product(range(size), repeat=2))
    if any((a, b) in happens and (b, a) in coherence for a, b in pairs):
        return False
    return _has_total_order(candidate, happens, coherence)


def _coherence(candidate: Candidate, stores: Mapping[str, tuple[int, ...]]) -> Iterator[Pair]:
    for row in stores.values():
        yield from ((row[i], row[j]) for i in range(len(row)) for j in range(i + 1, len(row)))
    for read, source in candidate.sources.items():
        row = stores[candidate.events[read].word]
        yield source, read
        yield from ((read, later) for later in row[row.index(source) + 1 :] if later != read)


def _synchronised(candidate: Candidate) -> Iterator[Pair]:
    """Releases, with those that acquire what they, or a sequence that they head, have stored."""
    fences = [e for e in candidate.events if e.kind == "F"]
    for read, source in candidate.sources.items():
        heads = [source]
        while heads[-1] in candidate.updates:
            heads.append(candidate.sources[heads[-1]])
        releases = [
            h for h in heads if candidate.events[h].kind != "I" and candidate.order(h) in _RELEASE
        ]
        releases += [
            fence.number
            for fence in fences
            for head in heads
            if fence.order in _RELEASE
            and fence.thread == candidate.events[head].thread
            and (fence.number, head) in candidate.before
        ]
        acquires = [read] if candidate.order(read) in _ACQUIRE else []
        acquires += [
            fence.number
            for fence in fences
            if fence.order in _ACQUIRE
            and fence.thread == candidate.events[read].thread
            and (read, fence.number) in candidate.before
        ]
        yield from ((one, other) for one in releases for other in acquires if one != other)


def _has_total_order(candidate: Candidate, happens: Relation, coherence: Relation) -> bool:
    """Whether the sequentially consistent events can stand in one order ([atomics.order])."""
    events = candidate.events
    strict = [e.number for e in events if e.thread >= 0 and candidate.order(e.number) == "sc"]
    fences = [number for number in strict if events[number].kind == "F"]
    strongly = _strongly_before(candidate, happens) if strict else Relation((), len(events))
    order = {(a, b) for a in strict for b in strict if (a, b) in strongly}
    for a, b in product(range(len(events)), repeat=2):
        if a != b and (a, b) in coherence:
            firsts = [a] * (a in strict) + [f for f in fences if (f, a) in happens]
            lasts = [b] * (b in strict) + [f for f in fences if (b, f) in happens]
            order |= set(product(firsts, lasts))
    return Relation(order, len(events)).is_order


def _strongly_before(candidate: Candidate, happens: Relation) -> Relation:
    """Strongly happens before: the program's order, and what it has around what happens before."""
    size, before = len(candidate.events), candidate.before
    pairs: list[Pair] = [(a, b) for a in range(size) for b in range(size)]
    strong = [pair for pair in pairs if pair in before]
    strong += [
        (a, b)
        for a, b in _synchronised(candidate)
        if candidate.order(a) == candidate.order(b) == "sc"
        and "F" not in (candidate.events[a].kind, candidate.events[b].kind)
    ]
    # a before something that happens before something that is before d
    reached = [
        (a, c) for a, c in pairs if any((a, b) in before and (b, c) in happens for b in range(size))
    ]
    strong += [(a, d) for a, c in reached for d in range(size) if (c, d) in before]
    return Relation(strong, size)


def _outcome(
    candidate: Candidate, threads: list[list[int]], stores: Mapping[str, tuple[int, ...]]
) -> str:
    read = {number: candidate.written[source] for number, source in candidate.sources.items()}
    rows = ("".join(str(read[number]) for number in row if number in read) for row in threads)
    last = (str(candidate.written[row[-1]]) for _, row in sorted(stores.items()))
    return "|".join((*rows, "".join(last)))
