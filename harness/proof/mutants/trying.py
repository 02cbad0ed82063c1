"""Build mutants, run them under many schedules, and see whether the spec can tell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.bench.budget import Mix
from harness.bench.options import Options
from harness.bench.subject import is_timed
from harness.language.declarations import Spec
from harness.machine.pool import in_parallel
from harness.machine.toolchains import below_floors, cannot_run
from harness.machine.working_places import own_place
from harness.proof.mutants.accepted import Accepted
from harness.proof.mutants.fates import Fate, MutationReport, TriedMutant
from harness.proof.mutants.making import mutants_of, variant_of, why_unread
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.originals import Original, run_originals
from harness.proof.mutants.stale import stale_explanations
from harness.proof.mutants.verdicts import try_mutant
from harness.proof.yard import Yard, open_yard
from harness.values.program import Side
from harness.values.toolchain import Toolchain

Tell = Callable[[TriedMutant], None]

DEFAULT_RUNS = 8
"""Plain runs of each mutant at most."""

DEFAULT_SCHEDULES = 80
"""Controlled runs of each mutant at most: as most are killed early, only those that live pay."""


def try_mutants(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell = lambda _: None,
    *,
    most: int | None = None,
) -> MutationReport:
    """Make, build and run the mutants of ``specs``, and say what became of each.

    The first run that breaks the spec is the last. ``most`` bounds the mutants of each program,
    evenly chosen. ``toolchains`` holds one for each side; both are needed even where the
    mutants are of one side only, since the sides are compared. ``tell`` is
    called for each trial as it ends, from one thread at a time. Other calls
    with the same ``state`` may go on meanwhile. Raises HarnessError if nothing
    can be built at all.
    """
    with own_place(options.state, "mutants") as place:
        return _try_in(place, specs, toolchains, options, tell, most)


def _try_in(
    place: Path,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    most: int | None,
) -> MutationReport:
    """All mutants of the examples, built together below ``place`` and tried in parallel."""
    started = time.monotonic()
    left_out = below_floors(specs, toolchains)
    specs = [spec for spec in specs if spec.id not in left_out]
    chosen = {spec.id: _choose(spec, options.sides, most) for spec in specs}
    variants = (variant_of(spec, mutant) for spec in specs for mutant in chosen[spec.id])
    yard = open_yard(place, specs, variants, toolchains, options, Mix.IN_TURN)
    options.progress.stage("running the programs as they are")
    originals = {spec.id: run_originals(spec, yard) for spec in specs}
    cases = [_Case(mutant, originals[spec.id]) for spec in specs for mutant in chosen[spec.id]]
    accepted = {spec.id: Accepted(spec) for spec in specs}
    trials = tuple(_try_all(cases, accepted, yard, options, tell))
    return MutationReport(
        trials=trials,
        digests={spec.id: spec.full_digest for spec in specs},
        stale=stale_explanations(specs, trials),
        broken=_broken(originals),
        unread=dict(_unread(specs, yard, options)),
        left_out=left_out,
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A mutant, and what it is held against."""

    mutant: Mutant
    original: Original

    @property
    def wants_the_machine(self) -> bool:
        """Whether the speed of its program is judged: nothing else may run then."""
        baseline = self.original.baselines.get((self.mutant.side, self.mutant.program))
        return baseline is not None and is_timed(baseline.tally.claims)


def _choose(spec: Spec, sides: Collection[Side], most: int | None) -> tuple[Mutant, ...]:
    """The mutants of an example that are tried: of each program so many at most."""
    by_program: dict[tuple[Side, str], list[Mutant]] = {}
    for mutant in mutants_of(spec):
        if mutant.side in sides:
            by_program.setdefault((mutant.side, mutant.program), []).append(mutant)
    return tuple(m for group in by_program.values() for m in _evenly(group, most))


def _evenly(mutants: list[Mutant], most: int | None) -> list[Mutant]:
    """So many of them, spread over the whole program, and the same each time."""
    if most is None or len(mutants) <= most:
        return mutants
    # Not drawn: whoever mends a spec for one that lives wants to meet it again.
    return [mutants[number * len(mutants) // most] for number in range(most)]


def _unread(specs: Iterable[Spec], yard: Yard, options: Options) -> Iterator[tuple[str, str]]:
    """The programs of which no mutants can be made here, and why."""
    for spec in specs:
        for program in spec.programs:
            is_meant = program.side in options.sides
            if not is_meant or cannot_run(program, yard.toolchains[program.side]):
                continue
            if reason := why_unread(spec, program):
                yield str(spec.directory / program.path), reason


def _broken(originals: Mapping[str, Original]) -> dict[str, tuple[str, ...]]:
    """What the unbroken programs break already: no mutant of them is said to be killed by that."""
    return {
        f"{example} ({side.value})": tuple(sorted(names))
        for example, original in originals.items()
        for side in Side
        if (names := original.broken_on(side))
    }


def _try_all(
    cases: Sequence[_Case],
    accepted: Mapping[str, Accepted],
    yard: Yard,
    options: Options,
    tell: Tell,
) -> list[TriedMutant]:
    """Try each case, several at once where that spoils no time that is judged."""
    lock = threading.Lock()
    options.progress.begin("mutant", len(cases))

    def attempt(case: _Case) -> TriedMutant:
        trial = try_mutant(yard, case.mutant, case.original)
        trial = _explained(trial, accepted[case.original.spec.id])
        with lock:
            tell(trial)
        options.progress.advance(f"{case.mutant.example} · {case.mutant.side.value}")
        return trial

    together = [case for case in cases if not case.wants_the_machine]
    tried = in_parallel(attempt, together, jobs=options.jobs, name="mutants", stop=yard.stop)
    # Those whose speed is judged come after all others, one by one; all in the order of the cases.
    each = iter(tried)
    return [attempt(case) if case.wants_the_machine else next(each) for case in cases]


def _explained(trial: TriedMutant, accepted: Accepted) -> TriedMutant:
    """The trial; if the mutant lives and a variant of the spec says why, as explained."""
    if trial.fate in (Fate.SURVIVED, Fate.UNKNOWN):
        control = accepted.of(trial.mutant)
        if control is not None:
            return replace(trial, fate=Fate.EXPLAINED, reason=control.why)
    return trial
