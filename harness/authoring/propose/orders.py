"""Candidates for what comes before what: of whole events, of parts of them, for each key."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import permutations

from harness.authoring.propose.candidates import Candidate, Stream, View
from harness.values.finding import Line
from harness.values.program import Scope

_SUPPORT = 0.2
"""The share of runs that must show both ends of an order before it is proposed."""
_TIMES = 3
"""In so many runs an order must have been seen that is not always so."""
_LONGEST_CHAINS = 12
_MOST_STREAMS = 24

Pair = tuple[Stream, Stream]


def order_candidates(view: View) -> Iterator[Candidate]:
    """Every order between streams that held wherever both of them came."""
    streams = _streams(view)
    pairs = [pair for pair in permutations(streams, 2) if _apart(*pair)]
    whole = [pair for pair in pairs if _holds(view, pair, first=False)]
    for chain in _chains(whole):
        yield _order([str(stream) for stream in chain])
    for pair in pairs:
        if pair in whole:
            yield _order([str(stream) for stream in pair])
        elif _holds(view, pair, first=True) and not any(stream.field for stream in pair):
            yield _order([str(stream) for stream in pair], first=True)
    yield from _first_and_last(view)
    yield from _per_key(view, pairs)


def _streams(view: View) -> tuple[Stream, ...]:
    streams = view.streams()
    return streams if len(streams) <= _MOST_STREAMS else tuple(map(Stream, view.events))


def _apart(one: Stream, other: Stream) -> bool:
    """Whether no line is in both."""
    if one.event != other.event:
        return True
    return bool(one.field) and one.field == other.field and one.value != other.value


def _order(chain: Sequence[object], **more: object) -> Candidate:
    return Candidate(family="order", body={"chain": list(chain), **more})


def _holds(view: View, pair: Pair, *, first: bool) -> bool:
    """Whether one stream came before the other in each run that has both, and enough runs have.

    ``first``: only its first line has to.
    """
    seen = 0
    for run in view.runs:
        befores, afters = (view.of(run, stream) for stream in pair)
        if befores and afters:
            seen += 1
            last = befores[0] if first else befores[-1]
            if last.number > afters[0].number:
                return False
    return seen >= max(1, _SUPPORT * len(view.runs))


def _chains(pairs: Sequence[Pair]) -> list[tuple[Stream, ...]]:
    """The longest chains of which each link holds, longest first."""
    after: dict[Stream, list[Stream]] = {}
    for before, later in pairs:
        after.setdefault(before, []).append(later)
    starts = [stream for stream in after if not any(stream in later for later in after.values())]
    found = [chain for start in starts for chain in _walks((start,), after)]
    return sorted((c for c in found if len(c) > 2), key=len, reverse=True)[:_LONGEST_CHAINS]


def _walks(
    walk: tuple[Stream, ...], after: Mapping[Stream, Sequence[Stream]]
) -> Iterator[tuple[Stream, ...]]:
    """The walks that only take direct steps: nothing lies between two links."""
    following = after.get(walk[-1], ())
    direct = [s for s in following if not any(s in after.get(other, ()) for other in following)]
    steps = [s for s in direct if all(_apart(s, earlier) for earlier in walk)]
    if not steps or len(walk) > 6:
        yield walk
    for step in steps[:3]:
        yield from _walks((*walk, step), after)


def _first_and_last(view: View) -> Iterator[Candidate]:
    """One event before all others, or after them."""
    for event in view.events:
        others = [other for other in view.events if other != event]
        if len(others) > 1:
            yield _order([[event], others])
            yield _order([others, [event]])


# --- for each key -------------------------------------------------------------------


def _per_key(view: View, pairs: Sequence[Pair]) -> Iterator[Candidate]:
    """Orders that hold for each value of a field that both lines have, and chains of such."""
    linked: dict[str, list[Pair]] = {}
    for one, other in pairs:
        for name, index in view.fields(one.event):
            if name == one.field:
                continue
            for twin, position in view.fields(other.event):
                if twin == other.field or not _keyed(view, (one, other), (index, position)):
                    continue
                if name == twin:
                    linked.setdefault(name, []).append((one, other))
                    yield _order([str(one), str(other)], same=name)
                elif one.event != other.event:
                    same = [f"{one.event}.{name}", f"{other.event}.{twin}"]
                    yield _order([str(one), str(other)], same=same)
    for name, links in linked.items():
        for chain in _chains(links):
            yield _order([str(stream) for stream in chain], same=name)


def _keyed(view: View, pair: Pair, places: tuple[int, int]) -> bool:
    """Whether for each key every line of the first came before every line of the second."""
    seen = 0
    for run in view.runs:
        lasts = _by_key(view.of(run, pair[0]), places[0], latest=True)
        firsts = _by_key(view.of(run, pair[1]), places[1], latest=False)
        shared = lasts.keys() & firsts.keys()
        if any(lasts[key] > firsts[key] for key in shared):
            return False
        seen += bool(shared)
    return seen >= max(1, _SUPPORT * len(view.runs))


def _by_key(lines: Sequence[Line], place: int, *, latest: bool) -> dict[Hashable, int]:
    """The number of the first (or ``latest``) line with each value of a field."""
    numbers: dict[Hashable, int] = {}
    for line in lines:
        if latest or line.fields[place] not in numbers:
            numbers[line.fields[place]] = line.number
    return numbers


# --- what may happen ----------------------------------------------------------------


def overlap_candidates(view: View) -> Iterator[Candidate]:
    """Streams that interleave in some run, or come one before the other in some run only."""
    streams = _streams(view)
    for place, one in enumerate(streams):
        for other in streams[place + 1 :]:
            if _apart(one, other) and bool(one.field) == bool(other.field):
                body = {"of": [str(one), str(other)]}
                yield Candidate(family="overlap", body=body, scope=Scope.SOME_RUN)
    whole = [Stream(event) for event in view.events]
    for pair in (*permutations(whole, 2), *permutations(_lasts(view), 2), *_parts(streams)):
        if _apart(*pair) and _comes_in_both_orders(view, pair):
            body = {"chain": [str(stream) for stream in pair]}
            yield Candidate(family="order", body=body, scope=Scope.SOME_RUN)


def _parts(streams: Sequence[Stream]) -> Iterator[Pair]:
    """The parts of one event, in either order."""
    for one, other in permutations([stream for stream in streams if stream.field], 2):
        if one.event == other.event:
            yield one, other


def _comes_in_both_orders(view: View, pair: Pair) -> bool:
    """Whether some runs show all of the first before all of the second, and some do not."""
    before = 0
    both = 0
    for run in view.runs:
        firsts, seconds = (view.of(run, stream) for stream in pair)
        if firsts and seconds:
            both += 1
            before += firsts[-1].number < seconds[0].number
    return _TIMES <= before < both


def _lasts(view: View) -> list[Stream]:
    """The line of each event that has the greatest number: mostly its last."""
    lasts: list[Stream] = []
    for event in view.events:
        for name, index in view.fields(event):
            values = {line.fields[index] for r in view.runs for line in r if line.event == event}
            if len(values) > 1 and all(isinstance(value, int) for value in values):
                lasts.append(Stream(event, name, max(values, key=int)))
    return lasts
