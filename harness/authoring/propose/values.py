"""Candidates for what a field holds, and for how many lines there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from harness.authoring.propose.candidates import Candidate, Stream, View
from harness.values.finding import Line
from harness.values.program import Scope, Value

_MOST_VALUES = 12
_OFTEN = 0.25
"""The share of runs in which a bound has to be reached before it is taken for one."""
_TIMES = 5
"""How often each value must have come before the list of them is taken to be whole."""


def values_candidates(view: View) -> Iterator[Candidate]:
    """What every field held: together, and for each value of another field of its event."""
    for event in view.events:
        for name, index in view.fields(event):
            runs = [[line.fields[index] for line in view.of(r, Stream(event))] for r in view.runs]
            yield from _of_sequences(f"{event}.{name}", [run for run in runs if run])
            for other, key in view.fields(event):
                if other != name:
                    groups = [g for r in view.runs for g in _grouped(view, r, event, index, key)]
                    yield from _of_sequences(f"{event}.{name}", groups, same=other)


def _grouped(
    view: View, run: Sequence[Line], event: str, index: int, key: int
) -> list[list[Value]]:
    """The values of a field in a run, apart for each value of another, in the order of lines."""
    groups: dict[Value, list[Value]] = {}
    for line in view.of(run, Stream(event)):
        groups.setdefault(line.fields[key], []).append(line.fields[index])
    return list(groups.values())


def _of_sequences(
    of: str, sequences: Sequence[Sequence[Value]], same: str = ""
) -> Iterator[Candidate]:
    """What may hold of all these sequences, by the longest of them.

    The strictest comes first; ``choosing`` leaves out what another implies.
    """
    if not sequences:
        return
    more = {"same": same} if same else {}
    longest = max(sequences, key=len)
    yield Candidate(family="values", body={"of": of, "are": numbers_text(longest), **more})
    if len(longest) > 1:
        ordered = numbers_text(sorted(longest, key=_order))
        yield Candidate(family="values", body={"of": of, "permutation-of": ordered, **more})
        yield Candidate(
            family="values", body={"of": of, "prefix-of": numbers_text(longest), **more}
        )
        yield Candidate(family="values", body={"of": of, "distinct": True, **more})
        if isinstance(longest[0], int):
            yield Candidate(family="values", body={"of": of, "increasing": True, **more})
    counts = Counter(chain.from_iterable(sequences))
    if len(counts) <= _MOST_VALUES and min(counts.values()) >= _TIMES:
        among = numbers_text(sorted(counts, key=_order))
        yield Candidate(family="values", body={"of": of, "among": among, **more})


def _order(value: Value) -> tuple[bool, float, str]:
    is_text = isinstance(value, str)
    return is_text, 0.0 if is_text else float(value), str(value)


def numbers_text(values: Sequence[Value]) -> str | list[Value]:
    """The values as a spec writes them: a range where they are one, else a list."""
    if len(values) < 2 or not all(isinstance(value, int) for value in values):
        return list(values)
    first, last = int(values[0]), int(values[-1])
    if list(values) != list(range(first, last + 1)):
        return list(values)
    return f"{first}..{last + 1}" if first == 0 else f"{first}..={last}"


# --- counts -------------------------------------------------------------------------


def count_candidates(view: View) -> Iterator[Candidate]:
    """How many lines of each event there were, of several together, and for each key."""
    counts = {event: [len(view.of(r, Stream(event))) for r in view.runs] for event in view.events}
    for event, numbers in counts.items():
        yield from _bounds(event, numbers)
        yield from _per_key(view, (event,))
    varying = [event for event, numbers in counts.items() if len(set(numbers)) > 1]
    for size in (2, 3):
        for group in combinations(varying, size):
            total = sum(counts[event][0] for event in group)
            yield _count(list(group), {"is": total})
    for group in combinations(view.events, 2):
        yield from _per_key(view, group)
    yield from _exact_lines(view)


def _count(of: str | list[str], bound: dict[str, object], same: str = "") -> Candidate:
    more = {"same": same} if same else {}
    return Candidate(family="count", body={"of": of, **bound, **more})


def _bounds(event: str, numbers: Sequence[int]) -> Iterator[Candidate]:
    """How many lines of an event there may be, where the bound is met often enough to be one."""
    least, most = min(numbers), max(numbers)
    if least == most:
        yield _count(event, {"is": most})
        return
    often = Counter(numbers)
    if least > 0 and often[least] >= _OFTEN * len(numbers):
        yield _count(event, {"at-least": least})
    if often[most] >= _OFTEN * len(numbers):
        yield _count(event, {"at-most": most})
    fewer = Candidate(family="count", body={"of": event, "at-most": most - 1}, scope=Scope.SOME_RUN)
    if most > 1:
        yield fewer


def _per_key(view: View, events: Sequence[str]) -> Iterator[Candidate]:
    """How many lines there are of each value of a field, where it is the same number for all."""
    for name, _ in view.fields(events[0]):
        places = [view.position(event, name) for event in events]
        if -1 in places:
            continue
        found = Counter(
            line.fields[place]
            for line in view.runs[0]
            for event, place in zip(events, places, strict=True)
            if line.event == event
        )
        if len(found) > 1 and len(set(found.values())) == 1:
            of = events[0] if len(events) == 1 else list(events)
            yield _count(of, {"is": next(iter(found.values()))}, same=name)


def _exact_lines(view: View) -> Iterator[Candidate]:
    """Which values of two or more fields came together, each as often as it did."""
    for event in view.events:
        fields = list(view.fields(event))
        for size in range(2, min(len(fields), 3) + 1):
            for chosen in combinations(fields, size):
                yield from _exactly(view, event, chosen)


def _exactly(view: View, event: str, chosen: tuple[tuple[str, int], ...]) -> Iterator[Candidate]:
    """How many lines there are of each combination of values, where that is the same for all."""
    lines = view.of(view.runs[0], Stream(event))
    rows = Counter(tuple((name, line.fields[index]) for name, index in chosen) for line in lines)
    if not 1 < len(rows) <= _MOST_VALUES:
        return
    selectors = [
        f"{event}[{','.join(f'{name}={value}' for name, value in row)}]" for row in sorted(rows)
    ]
    if len(set(rows.values())) == 1:
        yield _count(selectors, {"is": sum(rows.values())})
