"""What may be proposed: a property as a spec would write it, and the views it is mined from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.language.declarations import Property
from harness.language.patterns import FieldKind, Pattern
from harness.language.properties.base import Rule
from harness.language.properties.registry import FAMILIES
from harness.language.tables import Source, Table
from harness.values.errors import SpecError
from harness.values.finding import Line
from harness.values.program import Scope, Value

_NOWHERE = Source(Path("proposal"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A property that may hold: ``body`` is the table of its ``family``."""

    family: str
    body: Mapping[str, Any]
    scope: Scope = Scope.EVERY_RUN
    when: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for candidates that say the same."""
        return json.dumps([self.family, self.scope.value, self.body, self.when], sort_keys=True)


def rule_of(candidate: Candidate, patterns: Mapping[str, Pattern]) -> Rule | None:
    """The rule that the candidate is, or ``None`` if a spec would be refused for it."""
    table = Table(_NOWHERE, candidate.family, dict(candidate.body))
    try:
        rule = FAMILIES[candidate.family].parse(table, patterns)
        table.finish()
    except SpecError:
        return None
    return rule if candidate.scope in rule.allowed_scopes else None


def property_of(name: str, candidate: Candidate, rule: Rule) -> Property:
    """The property that the candidate is, for judging runs by it."""
    return Property(
        name=name, why="proposed", family=candidate.family, rule=rule, scope=candidate.scope
    )


@dataclass(frozen=True, slots=True)
class Stream:
    """The lines of an event: all, or those where a field has a value."""

    event: str
    field: str = ""
    value: Value = ""

    def __str__(self) -> str:
        """The selector that a spec would write."""
        return f"{self.event}[{self.field}={self.value}]" if self.field else self.event


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What some runs of one program printed; lines that are no event are left out."""

    patterns: Mapping[str, Pattern]
    runs: Sequence[Sequence[Line]]

    @property
    def events(self) -> tuple[str, ...]:
        """The events that were seen, in the order of the spec."""
        seen = {line.event for run in self.runs for line in run}
        return tuple(event for event in self.patterns if event in seen)

    def fields(self, event: str) -> Iterator[tuple[str, int]]:
        """The fields that can be told apart exactly, by name and position."""
        for index, each in enumerate(self.patterns[event].fields):
            if each.kind is not FieldKind.DECIMAL:
                yield each.name, index

    def position(self, event: str, name: str) -> int:
        """Where the field stands among the event's; -1 if it has none of that name."""
        names = self.patterns[event].names
        return names.index(name) if name in names else -1

    def of(self, run: Sequence[Line], stream: Stream) -> list[Line]:
        """The lines of the stream in a run."""
        lines = [line for line in run if line.event == stream.event]
        if not stream.field:
            return lines
        index = self.position(stream.event, stream.field)
        return [line for line in lines if line.fields[index] == stream.value]

    def streams(self, most: int = 4) -> tuple[Stream, ...]:
        """All events, and their parts by the value of a field that has no more than ``most``."""
        found: list[Stream] = []
        for event in self.events:
            found.append(Stream(event))
            for name, index in self.fields(event):
                values = {
                    line.fields[index] for r in self.runs for line in r if line.event == event
                }
                if 2 <= len(values) <= most and all(_is_plain(value) for value in values):
                    found += (Stream(event, name, value) for value in sorted(values, key=repr))
        return tuple(found)


def _is_plain(value: Value) -> bool:
    """Whether a selector can name the value."""
    return isinstance(value, int) or (isinstance(value, str) and value.isidentifier())
