"""Proposals for what nothing else speaks of: a spec says something of each event and program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.authoring.propose.candidates import Candidate, Stream, rule_of
from harness.authoring.propose.choosing import Chosen
from harness.authoring.propose.gathering import Gathered, Place, Recorded
from harness.authoring.propose.mining import Mined
from harness.values.program import Scope


def unbound(gathered: Gathered, chosen: Iterable[Chosen]) -> Iterator[Mined]:
    """One property for each event, and each program, of which ``chosen`` says nothing."""
    bound = _bound(gathered, chosen)
    spoken = {event for events in bound.values() for event in events}
    for event in gathered.spec.events:
        if event.name not in spoken and not _is_seen(gathered, event.name):
            body = {"of": event.name, "is": 0}
            candidate = Candidate(family="count", body=body)
            yield Mined(candidate=candidate, places=tuple(gathered.recorded))
    for place, recorded in gathered.recorded.items():
        yield from _of_program(place, recorded, bound.get(place))


def _of_program(place: Place, recorded: Recorded, bound: set[str] | None) -> Iterator[Mined]:
    """Proposals that bind each event of a program that no property is about yet."""
    if bound is None and not recorded.view.events:
        candidate = Candidate(family="ending", body={"code": 0})
        yield Mined(candidate=candidate, places=(place,))
    for event in recorded.view.events:
        if event not in (bound or ()):
            yield Mined(candidate=_at_least(recorded, event), places=(place,))


def _at_least(recorded: Recorded, event: str) -> Candidate:
    """So many lines of the event came in every run; if none came in some, one in some run."""
    view = recorded.view
    least = min(len(view.of(run, Stream(event))) for run in view.runs)
    scope = Scope.EVERY_RUN if least else Scope.SOME_RUN
    return Candidate(family="count", body={"of": event, "at-least": least or 1}, scope=scope)


def _bound(gathered: Gathered, chosen: Iterable[Chosen]) -> dict[Place, set[str]]:
    """For each program that something is said of, the events that it speaks of."""
    found: dict[Place, set[str]] = {}
    for each in chosen:
        for place in each.mined.places:
            recorded = gathered.recorded.get(place)
            if recorded is not None:
                patterns = recorded.claims.by_event
                rule = rule_of(each.mined.candidate, patterns)
                events = {selector.event for selector in rule.selectors()} if rule else set()
                found.setdefault(place, set()).update(events)
    return found


def _is_seen(gathered: Gathered, event: str) -> bool:
    return any(event in recorded.view.events for recorded in gathered.recorded.values())
