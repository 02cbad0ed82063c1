"""Candidates for sections: how many are between an enter and a leave, and who keeps whom out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from harness.authoring.propose.candidates import Candidate, Stream, View
from harness.values.finding import Line
from harness.values.program import Scope

_OFTEN = 0.1
"""The share of runs that must be as full as the fullest before that is taken for the limit."""


@dataclass(frozen=True, slots=True)
class _Section:
    """An enter and a leave, and how full it was in each run."""

    enter: str
    leave: str
    who: str
    depths: tuple[int, ...]
    enters: int

    def body(self) -> Mapping[str, object]:
        """What a spec says of it."""
        return {"enter": self.enter, "leave": self.leave} | ({"who": self.who} if self.who else {})


def section_candidates(view: View) -> Iterator[Candidate]:
    """Every pair of events that opens and closes sections, with how many were inside."""
    sections = list(_sections(view))
    for section in sections:
        yield from _of_section(section)
    for one, other in permutations(sections, 2):
        events = {one.enter, one.leave, other.enter, other.leave}
        if len(events) == 4 and one.who == other.who:
            excluded = {"enter": other.enter, "leave": other.leave}
            most = max(one.depths)
            body = {**one.body(), "excludes": excluded}
            yield Candidate(family="sections", body={**body, "at-most": most})
            yield Candidate(family="sections", body=body)


def _of_section(section: _Section) -> Iterator[Candidate]:
    """What one kind of section suggests.

    The bound that is often reached, who leaves, how many at once.
    """
    most = max(section.depths)
    often = section.depths.count(most) >= _OFTEN * len(section.depths)
    if most < section.enters and often:
        yield Candidate(family="sections", body={**section.body(), "at-most": most})
    if section.who:
        yield Candidate(family="sections", body=section.body())
    if most > 1:
        for number in range(2, most + 1):
            body = {**section.body(), "reaches": number}
            yield Candidate(family="sections", body=body, scope=Scope.SOME_RUN)


def _sections(view: View) -> Iterator[_Section]:
    """Every two events that open and close sections in each run, by any field that may be whose."""
    for enter, leave in permutations(view.events, 2):
        names = [name for name, _ in view.fields(enter) if view.position(leave, name) >= 0]
        for name in ("", *names):
            depths = [_depth(view, run, (enter, leave), name) for run in view.runs]
            known = tuple(depth for depth in depths if depth is not None)
            if len(known) == len(depths) and max(known) > 0:
                enters = max(len(view.of(run, Stream(enter))) for run in view.runs)
                yield _Section(enter, leave, name, known, enters)


def _depth(view: View, run: Sequence[Line], events: tuple[str, str], who: str) -> int | None:
    """How many were inside at most; ``None`` if these lines do not open and close sections."""
    inside: list[object] = []
    deepest = 0
    for line in run:
        if line.event not in events:
            continue
        place = view.position(line.event, who)
        name = line.fields[place] if who else None
        if line.event == events[0]:
            if who and name in inside:
                return None
            inside.append(name)
            deepest = max(deepest, len(inside))
        elif name not in inside:
            return None
        else:
            inside.remove(name)
    return None if inside else deepest
