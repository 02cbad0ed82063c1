"""Mutants of what was printed: lines dropped, doubled, swapped, cut off, or changed in a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from harness.language.patterns import Field, FieldKind, Pattern
from harness.language.properties.order import Order
from harness.language.properties.selectors import Selector
from harness.proof.audit.mutants import Good, TraceMutant, some_of, with_texts
from harness.values.program import Scope, Value

STRAY = "something that no program here would say"
_FAR = 1_000_003
"""Added to a number that may be a little different, but not by so much."""


def line_mutants(good: Good) -> Iterator[TraceMutant]:
    """All mutants of the lines of a good run."""
    yield from event_mutants(good)
    yield from _of_whole(good)


def event_mutants(good: Good) -> Iterator[TraceMutant]:
    """Those mutants that change an event, or where it stands; the only ones of stderr."""
    for event, indices in _events_of(good).items():
        for index in some_of(indices):
            yield from _of_line(good, event, index)
        yield from _within(good, event, indices)
    yield from _across_events(good)
    yield from _of_orders(good)


def _events_of(good: Good) -> Mapping[str, list[int]]:
    """At which positions each event's lines stand."""
    found: dict[str, list[int]] = {}
    for index, line in enumerate(good.lines):
        if line.event is not None:
            found.setdefault(line.event, []).append(index)
    return found


def _of_line(good: Good, event: str, index: int) -> Iterator[TraceMutant]:
    """One line dropped, doubled, split, or changed in each of its fields."""
    texts = good.texts
    before, text, after = texts[:index], texts[index], texts[index + 1 :]
    yield _mutant(good, "drop", event, (*before, *after), (index + 1,))
    yield _mutant(good, "double", event, (*before, text, text, *after), (index + 2,))
    yield _mutant(good, "append", event, (*texts, text), (len(texts) + 1,))
    if len(text) > 1:
        half = len(text) // 2
        halves = (text[:half], text[half:])
        yield _mutant(good, "split", event, (*before, *halves, *after), (index + 1, index + 2))
    for operation, name, changed in _field_changes(good, event, index):
        subject = f"{event}.{name}"
        yield _mutant(good, operation, subject, (*before, changed, *after), (index + 1,))


# --- fields ---------------------------------------------------------------------


def _field_changes(good: Good, event: str, index: int) -> Iterator[tuple[str, str, str]]:
    """Each other value of each field: the operation, the field's name, and the whole line."""
    pattern = _pattern_of(good, event)
    fields = good.lines[index].fields
    for position, field in enumerate(pattern.fields):
        changes = [*_other_values(field, fields[position]), *_confused(good, index, position)]
        for operation, value in changes:
            values = (*fields[:position], value, *fields[position + 1 :])
            text = _rendered(pattern, values)
            if text is not None and text != good.lines[index].text:
                yield operation, field.name, text


def _pattern_of(good: Good, event: str) -> Pattern:
    return next(pattern for pattern in good.claims.patterns if pattern.event == event)


def _rendered(pattern: Pattern, values: Sequence[Value]) -> str | None:
    """The line that holds these values; ``None`` where no line of the event can."""
    try:
        return pattern.render(values)
    except ValueError:
        return None


def _other_values(field: Field, value: Value) -> Iterator[tuple[str, Value]]:
    """A near and a far number, each other word: so a bound is told from a value."""
    match field.kind, value:
        case FieldKind.INTEGER, int():
            yield "add one to", value + 1
            yield "add much to", value + _FAR
        case FieldKind.DECIMAL, float() | int():
            yield "add much to", float(value) + _FAR
        case FieldKind.CHOICE, _:
            yield from (("change", word) for word in field.words if word != value)
        case _:
            yield "change", f"{value}x"


def _confused(good: Good, index: int, position: int) -> Iterator[tuple[str, Value]]:
    """The value that the field has in another line: a key taken for another."""
    line = good.lines[index]
    own = line.fields[position]
    others = (
        other.fields[position]
        for other in good.lines
        if other.event == line.event and other.fields[position] != own
    )
    first = next(others, None)
    if first is not None and not isinstance(first, float):
        yield "confuse", first


# --- order ----------------------------------------------------------------------


def _within(good: Good, event: str, indices: Sequence[int]) -> Iterator[TraceMutant]:
    """Two lines of one event that differ, in each other's place."""
    for one, other in some_pairs(indices):
        if good.lines[one].text != good.lines[other].text:
            yield _swapped(good, f"{event}/{event}", one, other)


def some_pairs(indices: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The first two neighbours, the last two, and the two ends."""
    if len(indices) < 2:
        return ()
    pairs = (
        (indices[0], indices[1]),
        (indices[-2], indices[-1]),
        (indices[0], indices[-1]),
    )
    return tuple(dict.fromkeys(pairs))


def _across_events(good: Good) -> Iterator[TraceMutant]:
    """Neighbours of different events, in each other's place; of each two events twice at most."""
    found: dict[tuple[str, str], list[int]] = {}
    for one, other in pairwise(range(len(good.lines))):
        events = (good.lines[one].event, good.lines[other].event)
        if events[0] is not None and events[1] is not None and events[0] != events[1]:
            found.setdefault((events[0], events[1]), []).append(one)
    for (before, after), indices in found.items():
        for one in dict.fromkeys((indices[0], indices[-1])):
            yield _swapped(good, f"{before}/{after}", one, one + 1)


def _of_orders(good: Good) -> Iterator[TraceMutant]:
    """For each declared order, lines of two of its stages in each other's place."""
    for prop in good.claims.of_scope(Scope.EVERY_RUN):
        if isinstance(prop.rule, Order):
            for one, other in _ordered_pairs(good, prop.rule):
                before, after = good.lines[one], good.lines[other]
                yield _swapped(good, f"{before.event}/{after.event}", one, other)


def _ordered_pairs(good: Good, rule: Order) -> Iterator[tuple[int, int]]:
    """The last line of a stage with the first of the next, and the first of all with the last."""
    stages = [_lines_of(good, stage) for stage in rule.chain]
    for earlier, later in pairwise(stages):
        if earlier and later:
            yield earlier[-1], later[0]
    if all(stages) and len(stages) > 1:
        yield stages[0][0], stages[-1][-1]


def _lines_of(good: Good, stage: Sequence[Selector]) -> list[int]:
    """At which positions the lines of a stage stand."""
    return [
        index
        for index, line in enumerate(good.lines)
        if any(s.event == line.event and s.takes(line.fields) for s in stage)
    ]


def _swapped(good: Good, subject: str, one: int, other: int) -> TraceMutant:
    """Two lines, by their positions, in each other's place."""
    texts = list(good.texts)
    texts[one], texts[other] = texts[other], texts[one]
    first, second = sorted((one + 1, other + 1))
    return _mutant(good, "swap", subject, texts, (first, second))


# --- the whole --------------------------------------------------------------------


def _of_whole(good: Good) -> Iterator[TraceMutant]:
    """The output with a line of nobody's, without any, cut off, and printed twice."""
    texts = good.texts
    yield _mutant(good, "stray", "line", (*texts, STRAY), (len(texts) + 1,))
    yield _mutant(good, "stray", "line", (STRAY, *texts), (1,))
    if not texts:
        return
    yield _mutant(good, "empty", "output", ())
    for kept in dict.fromkeys((len(texts) // 2, len(texts) - 1)):
        yield _mutant(good, "truncate", "output", texts[:kept], (kept,) if kept else ())
    yield _mutant(good, "double", "output", (*texts, *texts), (len(texts) + 1,))


def _mutant(
    good: Good, operation: str, subject: str, texts: Sequence[str], changed: tuple[int, ...] = ()
) -> TraceMutant:
    """A mutated trace; ``changed`` are the numbers of lines that are not as they were."""
    return TraceMutant(
        operation=operation,
        subject=subject,
        run=with_texts(good, texts),
        changed=changed,
        stream=good.stream,
    )
