"""Build mutants, run them under many schedules, and see whether the spec can tell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.bench.building import Builds, build_all
from harness.bench.controllable import Controllable, is_timed, make_controllable
from harness.bench.options import STATE_DIRECTORY, Options, allowed_cores
from harness.language.declarations import Spec
from harness.machine.pool import in_parallel
from harness.machine.toolchains import cannot_run
from harness.machine.working_places import own_place
from harness.proof.mutants.accepted import Accepted
from harness.proof.mutants.making import mutants_of, why_unread
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.originals import Original, run_originals
from harness.proof.mutants.scratch import Copy, copy_examples
from harness.proof.mutants.stale import stale_explanations
from harness.proof.mutants.subjects import Setting
from harness.proof.mutants.trials import Fate, MutationReport, Trial
from harness.proof.mutants.verdicts import try_mutant
from harness.values.program import Side
from harness.values.toolchain import Toolchain

Tell = Callable[[Trial], None]

DEFAULT_RUNS = 8
"""Plain runs of each mutant at most."""

DEFAULT_SCHEDULES = 80
"""Controlled runs of each mutant at most: as most are killed early, only those that live pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationOptions:
    """How much is spent on a mutant: ``runs`` left to the system and ``schedules`` controlled ones.

    The first run that breaks the spec is the last. ``most`` bounds the
    mutants of each program, evenly chosen.
    """

    runs: int = DEFAULT_RUNS
    schedules: int = DEFAULT_SCHEDULES
    jobs: int = field(default_factory=allowed_cores)
    seed: int = 0
    sides: tuple[Side, ...] = tuple(Side)
    most: int | None = None
    state: Path = STATE_DIRECTORY


def try_mutants(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: MutationOptions,
    tell: Tell = lambda _: None,
) -> MutationReport:
    """Make, build and run the mutants of ``specs``, and say what became of each.

    ``toolchains`` holds one for each side; both are needed even where the
    mutants are of one side only, since the sides are compared. ``tell`` is
    called for each trial as it ends, from one thread at a time. Other calls
    with the same ``state`` may go on meanwhile. Raises HarnessError if nothing
    can be built at all.
    """
    with own_place(options.state, "mutants") as place:
        return _try_in(place, specs, toolchains, options, tell)


def _try_in(
    place: Path,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: MutationOptions,
    tell: Tell,
) -> MutationReport:
    started = time.monotonic()
    chosen = {spec.id: _choose(spec, options) for spec in specs}
    copies = copy_examples(chosen, specs, place)
    setting = _build(copies, toolchains, options, place)
    originals = {copy.spec.id: run_originals(copy.spec, setting) for copy in copies}
    cases = [
        _Case(copy, mutant, originals[copy.spec.id])
        for copy in copies
        for mutant in chosen[copy.spec.id]
    ]
    trials = tuple(_try_all(cases, setting, options, tell))
    return MutationReport(
        trials=trials,
        digests={spec.id: spec.full_digest for spec in specs},
        stale=stale_explanations(specs, trials),
        broken=_broken(originals),
        unread=dict(_unread(specs, setting, options)),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A mutant, the copy that it stands in, and what it is held against."""

    copy: Copy
    mutant: Mutant
    original: Original

    @property
    def wants_the_machine(self) -> bool:
        """Whether the speed of its program is judged: nothing else may run then."""
        baseline = self.original.baselines.get((self.mutant.side, self.mutant.program))
        return baseline is not None and is_timed(baseline.tally.claims)


def _choose(spec: Spec, options: MutationOptions) -> tuple[Mutant, ...]:
    by_program: dict[tuple[Side, str], list[Mutant]] = {}
    for mutant in mutants_of(spec):
        if mutant.side in options.sides:
            by_program.setdefault((mutant.side, mutant.program), []).append(mutant)
    return tuple(m for group in by_program.values() for m in _evenly(group, options.most))


def _evenly(mutants: list[Mutant], most: int | None) -> list[Mutant]:
    if most is None or len(mutants) <= most:
        return mutants
    return [mutants[number * len(mutants) // most] for number in range(most)]


def _build(
    copies: Sequence[Copy], toolchains: Sequence[Toolchain], options: MutationOptions, place: Path
) -> Setting:
    building = Options(
        runs=options.runs,
        schedules=options.schedules,
        seed=options.seed,
        jobs=options.jobs,
        state=place,
    )
    specs = [copy.spec for copy in copies]
    builds: Builds = build_all(specs, toolchains, building, lambda _: None)
    controllable: Controllable = make_controllable(specs, toolchains, building)
    return Setting(
        toolchains={toolchain.side: toolchain for toolchain in toolchains},
        builds=builds,
        controllable=controllable,
        options=building,
    )


def _unread(
    specs: Iterable[Spec], setting: Setting, options: MutationOptions
) -> Iterator[tuple[str, str]]:
    for spec in specs:
        for program in spec.programs:
            is_meant = program.side in options.sides
            if not is_meant or cannot_run(program, setting.toolchains[program.side]):
                continue
            if reason := why_unread(spec, program):
                yield str(spec.directory / program.path), reason


def _broken(originals: Mapping[str, Original]) -> dict[str, tuple[str, ...]]:
    return {
        f"{example} ({side.value})": tuple(sorted(names))
        for example, original in originals.items()
        for side in Side
        if (names := original.broken_on(side))
    }


def _try_all(
    cases: Sequence[_Case], setting: Setting, options: MutationOptions, tell: Tell
) -> list[Trial]:
    """Try each case, several at once where that spoils no time that is judged."""
    lock = threading.Lock()

    def attempt(case: _Case) -> Trial:
        trial = _explained(
            try_mutant(case.copy, case.mutant, case.original, setting), case.copy.spec
        )
        with lock:
            tell(trial)
        return trial

    together = [case for case in cases if not case.wants_the_machine]
    tried = in_parallel(attempt, together, jobs=options.jobs, name="mutants", stop=setting.stop)
    each = iter(tried)
    return [attempt(case) if case.wants_the_machine else next(each) for case in cases]


def _explained(trial: Trial, spec: Spec) -> Trial:
    """The trial; if the mutant lives and a variant of the spec says why, as explained."""
    if trial.fate in (Fate.SURVIVED, Fate.UNKNOWN):
        control = Accepted(spec).of(trial.mutant)
        if control is not None:
            return replace(trial, fate=Fate.EXPLAINED, reason=control.why)
    return trial
