"""``[events]``: what the lines of the output look like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from harness.language.patterns import Pattern, PatternError, compile_pattern
from harness.language.spec.names import is_name
from harness.language.tables import Table
from harness.values.program import EventSpec
from harness.values.words import kind_of

MAX_EVENTS = 100
"""Each is compared with each other; no example has a tenth of it."""


def parse_events(table: Table) -> Mapping[str, tuple[EventSpec, Pattern]]:
    """The events of a spec with their patterns, by name, in the order of the spec."""
    events = table.table("events", {})
    if len(events.keys) > MAX_EVENTS:
        table.fail("events", f"expected at most {MAX_EVENTS} events, found {len(events.keys)}")
    return {name: _parse_event(events, name) for name in events.keys}


def _parse_event(events: Table, name: str) -> tuple[EventSpec, Pattern]:
    """An event as a pattern alone, or as a table that has more to say of it."""
    if not is_name(name):
        events.fail(name, f'expected a name such as "worker" or "main-done", found "{name}"')
    value = events.take(name)
    if isinstance(value, str):
        line = events.source.line_of(events.at(name))
        event = EventSpec(name=name, pattern=value, line=line)
    elif not isinstance(value, Mapping):
        events.fail(name, f"expected a pattern, or a table that holds one, found {kind_of(value)}")
    else:
        event = _parse_table(Table(events.source, events.at(name), value), name)
    try:
        return event, compile_pattern(event)
    except PatternError as error:
        events.fail(name, str(error))


def _parse_table(table: Table, name: str) -> EventSpec:
    """An event that has a table of its own: for words of fields, or for stderr."""
    words = table.table("words", {})
    stream = table.choice("stream", ("stdout", "stderr"), "stdout")
    event = EventSpec(
        name=name,
        pattern=table.text("pattern", may_be_empty=True),
        stream=cast("Literal['stdout', 'stderr']", stream),
        words={field: words.texts(field) for field in words.keys},
        line=table.source.line_of(table.path),
    )
    table.finish()
    return event
