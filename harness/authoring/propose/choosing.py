"""The strongest of what held: what would have been caught by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.authoring.propose.candidates import property_of, rule_of
from harness.authoring.propose.gathering import Gathered, Place, Recorded
from harness.authoring.propose.mining import Mined, with_properties
from harness.judging.judge import judge_run
from harness.language.declarations import Property
from harness.proof.audit.ending_mutants import ending_mutants
from harness.proof.audit.line_mutants import line_mutants
from harness.proof.audit.mutants import good_of
from harness.values.program import Scope
from harness.values.run import Run

_GOOD_RUNS = 3
"""How many different good runs of each program are changed."""

_MOST_OF_SOME_RUN = 8

_FIRST = frozenset({"ending", "hang", "speed"})
"""Families that come first and stay: how the run ends decides whether anything else can be
judged, and no changed trace is slower than the good one."""

Mark = tuple[Place, int]
"""One changed trace, by its program and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A candidate that is worth proposing.

    ``caught`` counts the changed traces that break it, ``alone`` those that
    broke nothing that was chosen before it; ``of`` is how many there were.
    """

    mined: Mined
    caught: int = 0
    alone: int = 0
    of: int = 0


def choose(gathered: Gathered, mined: Sequence[Mined]) -> tuple[Chosen, ...]:
    """The strongest candidates, strongest first; what others imply is left out.

    Implied is what breaks for no changed trace for which nothing chosen
    breaks: the changes are those of the audit, so that this is tried and not
    proven.
    """
    every = [each for each in mined if each.candidate.scope is Scope.EVERY_RUN]
    kills, of = _kills(gathered, every)
    chosen = list(_greedily(every, kills, of))
    some = [each for each in mined if each.candidate.scope is Scope.SOME_RUN]
    return (*chosen, *_telling(some))


def _greedily(
    mined: Sequence[Mined], kills: Mapping[str, frozenset[Mark]], of: int
) -> Iterator[Chosen]:
    """Whoever breaks for most of what is left comes next; of equals the shortest."""
    left = {each.candidate.key: each for each in mined}
    covered: set[Mark] = set()

    def strength(key: str) -> tuple[bool, int, int, int, str]:
        is_first = left[key].candidate.family in _FIRST
        return is_first, len(kills[key] - covered), len(kills[key]), -len(key), key

    while left:
        key = max(left, key=strength)
        each = left.pop(key)
        new = kills[key] - covered
        if not new and each.candidate.family not in _FIRST:
            continue
        covered |= new
        yield Chosen(mined=each, caught=len(kills[key]), alone=len(new), of=of)


def _telling(mined: Sequence[Mined]) -> Iterator[Chosen]:
    """What happens in some run: the fullest sections, and a few of each family."""
    count = 0
    fullest: set[str] = set()
    for each in sorted(mined, key=_most_reached):
        body = each.candidate.body
        section = f"{body.get('enter')}-{body.get('leave')}-{each.places}"
        if each.candidate.family == "sections" and section in fullest:
            continue
        fullest.add(section if each.candidate.family == "sections" else "")
        count += 1
        if count <= _MOST_OF_SOME_RUN * len({place for m in mined for place in m.places}):
            yield Chosen(mined=each)


def _most_reached(mined: Mined) -> tuple[int, str]:
    reaches = mined.candidate.body.get("reaches", 0)
    return -int(reaches), mined.candidate.key


# --- changed traces -------------------------------------------------------------------


def _kills(gathered: Gathered, mined: Sequence[Mined]) -> tuple[Mapping[str, frozenset[Mark]], int]:
    """For each candidate the changed traces that break it, and how many there are in all."""
    kills: dict[str, set[Mark]] = {each.candidate.key: set() for each in mined}
    total = 0
    for place, recorded in gathered.recorded.items():
        here = [each for each in mined if place in each.places]
        properties = tuple(_properties(recorded, here))
        claims = with_properties(recorded.claims, properties)
        changed = changed_runs(recorded)
        total += len(changed)
        for number, run in enumerate(changed):
            for finding in judge_run(claims, run).findings:
                if finding.property in kills:
                    kills[finding.property].add((place, number))
    return {key: frozenset(marks) for key, marks in kills.items()}, total


def _properties(recorded: Recorded, mined: Sequence[Mined]) -> Iterator[Property]:
    """The candidates as properties; those that a spec would refuse are left out."""
    patterns = recorded.claims.by_event
    for each in mined:
        rule = rule_of(each.candidate, patterns)
        if rule is not None:
            yield property_of(each.candidate.key, each.candidate, rule)


def changed_runs(recorded: Recorded) -> tuple[Run, ...]:
    """Good runs in which one thing has been changed, as the audit changes them."""
    return tuple(
        mutant.run
        for run in different_runs(recorded)
        for good in (good_of(recorded.claims, run),)
        for mutant in (*line_mutants(good), *ending_mutants(good))
        if mutant.run != run
    )


def different_runs(recorded: Recorded) -> list[Run]:
    """A few runs that printed different texts."""
    return list({run.stdout: run for run in recorded.runs}.values())[:_GOOD_RUNS]
