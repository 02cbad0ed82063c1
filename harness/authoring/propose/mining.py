"""From what the programs gave to what always held of it, and what sometimes did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.authoring.propose.candidates import Candidate, property_of, rule_of
from harness.authoring.propose.endings import (
    ending_candidates,
    outcome_candidates,
    relation_candidates,
    speed_candidates,
)
from harness.authoring.propose.gathering import Gathered, Place, Recorded
from harness.authoring.propose.orders import order_candidates, overlap_candidates
from harness.authoring.propose.sections import section_candidates
from harness.authoring.propose.values import count_candidates, values_candidates
from harness.judging.claims import Claims
from harness.judging.judge import judge_run
from harness.language.declarations import Property
from harness.values.program import Scope, Side
from harness.values.run import Run

_WITNESSES = 3
"""In so many runs at least must something have been seen that is said to happen in some run."""

_MUST_AGREE = frozenset({"order", "sections", "count", "relation"})
"""Families whose truth on one side only is taken for chance, if the other shows otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A candidate, and the programs of which it held in every run, or was seen in some."""

    candidate: Candidate
    places: tuple[Place, ...]


def mine(gathered: Gathered) -> tuple[Mined, ...]:
    """Everything that held of the programs, by program and for both sides where it did of both."""
    places: dict[str, list[Place]] = {}
    candidates: dict[str, Candidate] = {}
    for place, recorded in gathered.recorded.items():
        for candidate in _holding(recorded):
            candidates.setdefault(candidate.key, candidate)
            places.setdefault(candidate.key, []).append(place)
    return tuple(
        Mined(candidate=candidates[key], places=kept)
        for key, found in places.items()
        if (kept := tuple(_without_chance(gathered, candidates[key], found)))
    )


def _holding(recorded: Recorded) -> Iterator[Candidate]:
    """The candidates that the runs bear out, each once."""
    patterns = recorded.claims.by_event
    distinct = {candidate.key: candidate for candidate in _candidates(recorded)}
    rules = {key: rule_of(candidate, patterns) for key, candidate in distinct.items()}
    properties = tuple(
        property_of(key, distinct[key], rule) for key, rule in rules.items() if rule is not None
    )
    broken, witnessed = check(recorded.claims, properties, recorded.runs)
    for prop in properties:
        seen = witnessed[prop.name]
        is_some = prop.scope is Scope.SOME_RUN
        if (seen >= _WITNESSES) if is_some else prop.name not in broken:
            yield distinct[prop.name]


def _candidates(recorded: Recorded) -> Iterator[Candidate]:
    """What one program's runs suggest, family by family.

    Nothing has been checked against all runs yet. Speeds are mined from plain runs
    alone: under control time is virtual.
    """
    view = recorded.view
    plain = recorded.plain
    yield from ending_candidates(view, recorded.runs, recorded.claims.source)
    for find in (
        values_candidates, order_candidates, section_candidates, count_candidates,
        relation_candidates, outcome_candidates, overlap_candidates,
    ):  # fmt: skip
        yield from find(view)
    if plain:
        yield from speed_candidates(view, [run for run, _ in plain], [lines for _, lines in plain])


def check(
    claims: Claims, properties: Sequence[Property], runs: Sequence[Run]
) -> tuple[frozenset[str], Mapping[str, int]]:
    """Which properties some run broke, and in how many runs each some-run property was seen."""
    judging = with_properties(claims, properties)
    broken: set[str] = set()
    witnessed: Counter[str] = Counter()
    for run in runs:
        judgement = judge_run(judging, run)
        broken |= {finding.property for finding in judgement.findings}
        witnessed.update(judgement.witnessed)
    return frozenset(broken), witnessed


def with_properties(claims: Claims, properties: Sequence[Property]) -> Claims:
    """The claims with these properties for all that is said."""
    spec = replace(claims.spec, properties=tuple(properties))
    bound = frozenset(s.event for prop in properties for s in prop.rule.selectors())
    return replace(claims, spec=spec, properties=tuple(properties), bound=bound)


def _without_chance(
    gathered: Gathered, candidate: Candidate, found: Sequence[Place]
) -> Iterator[Place]:
    """The places without those whose other side did the same work, and showed otherwise."""
    for side, name in found:
        other = Side.RUST if side is Side.PYTHON else Side.PYTHON
        twin = gathered.recorded.get((other, name))
        is_alone = (other, name) not in found
        must_agree = candidate.family in _MUST_AGREE and candidate.scope is Scope.EVERY_RUN
        if not (must_agree and is_alone and twin is not None and _is_shown(candidate, twin)):
            yield side, name


def _is_shown(candidate: Candidate, twin: Recorded) -> bool:
    """Whether the lines that the candidate speaks of come on the other side too."""
    rule = rule_of(candidate, twin.claims.by_event)
    events = {selector.event for selector in rule.selectors()} if rule else set()
    return events <= set(twin.view.events)
