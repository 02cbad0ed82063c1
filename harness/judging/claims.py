"""What is claimed of one program under one toolchain, made ready for judging many runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.language.declarations import Property, Spec
from harness.language.patterns import Matcher, Pattern, compile_pattern
from harness.values.program import EventSpec, Program, Scope
from harness.values.run import has_said_enough

Unmet = Callable[[Property], str]
"""Says why a property does not apply here; empty if it does."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """All that is said of one program. What follows from that is worked out once: each run asks.

    ``properties`` apply here; ``left_out`` are those that do not, each with
    the reason. ``bound`` are the events that some property of this program
    speaks of: a line of any other is a finding.
    """

    spec: Spec
    program: Program
    properties: tuple[Property, ...]
    left_out: tuple[tuple[Property, str], ...]
    bound: frozenset[str]
    stdout: Matcher
    stderr: Matcher
    patterns: tuple[Pattern, ...]
    source: str

    @cached_property
    def says_how_it_ends(self) -> bool:
        """Whether some property replaces the presumption of exit code 0."""
        return any(prop.rule.replaces_ending for prop in self.properties)

    @cached_property
    def may_hang(self) -> bool:
        """Whether not ending is among the things that the spec speaks of."""
        return any(prop.rule.allows_hang for prop in self.properties)

    @cached_property
    def enough_lines(self) -> int | None:
        """After how many lines a run is stopped, if the program never ends."""
        bounds = (prop.rule.enough_lines for prop in self.properties)
        return max((bound for bound in bounds if bound is not None), default=None)

    @property
    def never_ends(self) -> bool:
        """Whether the program goes on until it is stopped, as the spec says."""
        return self.enough_lines is not None

    def has_said_enough(self, stdout: bytes) -> bool:
        """Whether this is why it was stopped: it never ends, and has printed as much as asked."""
        return has_said_enough(stdout, self.enough_lines)

    @cached_property
    def by_event(self) -> Mapping[str, Pattern]:
        """The patterns, each by its event."""
        return {pattern.event: pattern for pattern in self.patterns}

    @cached_property
    def wants_reports(self) -> bool:
        """Whether some property says which panics and exceptions are reported."""
        return any(prop.rule.replaces_reports for prop in self.properties)

    def has(self, prop: Property) -> bool:
        """Whether ``prop`` applies here."""
        return any(other is prop for other in self.properties)

    def of_scope(self, scope: Scope) -> tuple[Property, ...]:
        """The applicable properties of every run, or of some run."""
        return tuple(prop for prop in self.properties if prop.scope is scope)


def make_claims(spec: Spec, program: Program, *, unmet: Unmet, source: str = "") -> Claims:
    """What ``spec`` claims of ``program``; ``source`` is its text, for places in messages."""
    covering = [p for p in spec.properties if p.covers(program) and p.rule.judges(program)]
    reasons = [(prop, unmet(prop)) for prop in covering]
    patterns = tuple(compile_pattern(event) for event in spec.events)
    return Claims(
        spec=spec,
        program=program,
        properties=tuple(prop for prop, reason in reasons if not reason),
        left_out=tuple((prop, reason) for prop, reason in reasons if reason),
        bound=frozenset(s.event for prop in covering for s in prop.rule.selectors()),
        stdout=_matcher(spec.events, patterns, "stdout"),
        stderr=_matcher(spec.events, patterns, "stderr"),
        patterns=patterns,
        source=source,
    )


def _matcher(events: Iterable[EventSpec], patterns: Iterable[Pattern], stream: str) -> Matcher:
    pairs = zip(events, patterns, strict=True)
    return Matcher([pattern for event, pattern in pairs if event.stream == stream])
