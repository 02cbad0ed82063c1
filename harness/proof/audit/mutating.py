"""All mutants of an example's good traces, judged: what each of its checks catches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness.judging.trace import split_lines
from harness.language.declarations import Property, Spec
from harness.language.properties.compile_error import CompileError
from harness.proof.audit.build_mutants import BuildMutant, build_mutants
from harness.proof.audit.ending_mutants import ending_mutants, idle_mutant
from harness.proof.audit.excuses import excuse_for
from harness.proof.audit.judging import Court, court_for
from harness.proof.audit.line_mutants import event_mutants, line_mutants
from harness.proof.audit.mutants import Good, TraceMutant, good_of
from harness.proof.audit.recording import Recording
from harness.proof.audit.results import MutationResult
from harness.values.program import Program
from harness.values.toolchain import Build, Refused

MAX_SHOWN_LINES = 40


@dataclass(slots=True)
class _MutationCount:
    """What became of the mutants of one name so far."""

    mutants: int = 0
    killed: int = 0
    killed_by: Counter[str] = field(default_factory=Counter)
    unwitnessed: set[str] = field(default_factory=set)
    allowed: Counter[str] = field(default_factory=Counter)
    survivor: TraceMutant | None = None


def mutate_runs(spec: Spec, recordings: Sequence[Recording]) -> Iterator[MutationResult]:
    """Judge every mutant of every good trace; one result for each program and kind of mutation."""
    for recording in recordings:
        court = court_for(spec, recording, recordings)
        goods = [good_of(recording.claims, run) for run in recording.traces]
        counts = _count(court, goods)
        for name, mutant in _denied(court, recording):
            counts.setdefault(mutant.name, _MutationCount()).unwitnessed.add(name)
        program = recording.claims.program
        yield from (_result(spec, program, name, count) for name, count in counts.items())


def _count(court: Court, goods: Sequence[Good]) -> dict[str, _MutationCount]:
    """What became of all mutants of these runs, by their names."""
    counts: dict[str, _MutationCount] = {}
    known = [good.texts for good in goods]
    for good in goods:
        # What the run itself does not show, none of its mutants is blamed for not showing.
        missed = court.judge(good.run).unwitnessed
        aside = good_of(good.claims, good.run, "stderr")
        for mutant in (*line_mutants(good), *ending_mutants(good)):
            # A change that changes nothing (two equal lines in each other's place) is no mutant.
            if mutant.run != good.run:
                count = counts.setdefault(mutant.name, _MutationCount())
                count.unwitnessed |= _judge(court, good, mutant, known, count) - missed
        for mutant in event_mutants(aside):
            if mutant.run != good.run:
                count = counts.setdefault(mutant.name, _MutationCount())
                count.unwitnessed |= _judge(court, aside, mutant, (), count) - missed
    return counts


def _judge(
    court: Court,
    good: Good,
    mutant: TraceMutant,
    known: Iterable[tuple[str, ...]],
    count: _MutationCount,
) -> frozenset[str]:
    """Count what becomes of one mutant; gives the some-run properties that it does not show."""
    killers = court.judge(mutant.run)
    count.mutants += 1
    count.killed_by.update(killers.refused_by)
    if killers.refused_by:
        count.killed += 1
    elif excuse := excuse_for(good, mutant, known):
        count.allowed[excuse] += 1
    elif count.survivor is None:
        count.survivor = mutant
    return killers.unwitnessed


def _denied(court: Court, recording: Recording) -> Iterator[tuple[str, TraceMutant]]:
    """For each some-run property the first mutant of a run that shows it which does not."""
    for name, run in recording.witnesses.items():
        good = good_of(recording.claims, run)
        for mutant in (*line_mutants(good), *ending_mutants(good), idle_mutant(good)):
            if name in court.judge(mutant.run).unwitnessed:
                yield name, mutant
                break


def _result(spec: Spec, program: Program, name: str, count: _MutationCount) -> MutationResult:
    """The result of one kind of mutation, with the first that nobody has refused or excused."""
    result = MutationResult(
        name=name,
        side=program.side,
        program=program.name,
        mutants=count.mutants,
        killed=count.killed,
        allowed=dict(count.allowed),
        killed_by=dict(count.killed_by),
        unwitnessed=frozenset(count.unwitnessed),
    )
    if count.survivor is None:
        return result
    run, stream = count.survivor.run, count.survivor.stream
    texts, _ = split_lines(run.stdout if stream == "stdout" else run.stderr)
    return replace(
        result,
        trace=tuple(texts[:MAX_SHOWN_LINES]),
        changed=count.survivor.changed,
        excuse=declared_excuse(spec, program, name),
    )


def declared_excuse(spec: Spec, program: Program, name: str) -> str:
    """Why the spec says that a mutation survives, if it does."""
    return next(
        (
            survivor.why
            for survivor in spec.survivors
            if survivor.mutation == name and survivor.is_about(program.side, program.name)
        ),
        "",
    )


# --- builds -----------------------------------------------------------------------


def mutate_builds(
    spec: Spec, builds: Iterable[tuple[Program, Build, str]]
) -> Iterator[MutationResult]:
    """Judge the mutants of what the compiler said; each program comes with its build and text."""
    for program, build, source in builds:
        for prop in spec.properties:
            if isinstance(build, Refused) and prop.covers(program):
                yield from _mutate_build(spec, program, prop, build, source)


def _mutate_build(
    spec: Spec, program: Program, prop: Property, build: Refused, source: str
) -> Iterator[MutationResult]:
    """The mutants of one build, judged by one property that says how it is refused."""
    if not isinstance(prop.rule, CompileError):
        return
    mutants: dict[str, list[BuildMutant]] = {}
    for mutant in build_mutants(build, prop.rule):
        mutants.setdefault(mutant.name, []).append(mutant)
    for name, same in mutants.items():
        killed = sum(bool(prop.rule.judge_build(m.build, source)) for m in same)
        yield MutationResult(
            name=name,
            side=program.side,
            program=program.name,
            mutants=len(same),
            killed=killed,
            killed_by={prop.name: killed} if killed else {},
            excuse=declared_excuse(spec, program, name) if killed < len(same) else "",
        )
