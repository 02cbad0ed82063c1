"""Which sides are run with which toolchains, and what there is to do for each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.budget import budget_of
from harness.bench.controllable import Controllable
from harness.bench.lab import Lab, open_lab
from harness.bench.options import Options
from harness.bench.proving import TracesSearch
from harness.bench.recording import Recorder
from harness.bench.subject import Request, unmet_of
from harness.bench.trial import Trial
from harness.judging.builds import judge_builds
from harness.judging.tally import Tally
from harness.language.control_texts import judge_controls
from harness.language.declarations import Spec
from harness.language.sources import source_of
from harness.machine.toolchains import cannot_run, caution_of, is_below_floor
from harness.schedules.names import Strategy
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.report import RunEvent, Searched
from harness.values.toolchain import Toolchain

MAX_TIMEOUTS = 3
"""Runs of one program that are waited for in vain: each takes the whole timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SidePlan:
    """One side of one example with one toolchain; ``skip`` is why it is not run, if it is not."""

    spec: Spec
    toolchain: Toolchain
    skip: str = ""

    @property
    def side(self) -> Side:
        """Which side it is."""
        return self.toolchain.side


@dataclass(slots=True, kw_only=True)
class Work:
    """One side under way: the trials of its programs, and their runs.

    ``unmet`` names the properties that do not apply, each with the reason.
    Of the runs that were ``asked`` for, ``left`` are still to be made; ``notes`` say what a
    reader of the verdict should know of how they were made. ``searches`` are, by program,
    those for one run of each trace; another machine may have made them, and tell of those that
    came to their end.
    """

    plan: SidePlan
    unmet: Mapping[str, str] = field(default_factory=dict)
    build_findings: tuple[Finding, ...] = ()
    trials: list[Trial] = field(default_factory=list)
    runs: list[tuple[Trial, Request]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    asked: int = 0
    left: int = 0
    searches: dict[str, TracesSearch] = field(default_factory=dict)
    searched_elsewhere: tuple[Searched, ...] = ()

    @property
    def tallies(self) -> list[Tally]:
        """What the programs have shown so far."""
        return [trial.tally for trial in self.trials]

    @property
    def searched(self) -> tuple[Searched, ...]:
        """The programs of which every trace has been run."""
        searches = self.searches.items()
        own = tuple(each.told(name) for name, each in searches if each.search.is_complete)
        return (*own, *self.searched_elsewhere)

    @property
    def requests(self) -> list[Request]:
        """The runs of all programs."""
        return [request for _, request in self.runs]

    def add_note(self, note: str) -> None:
        """Add a note, if it is not there yet."""
        if note not in self.notes:
            self.notes = (*self.notes, note)


def plan_sides(
    specs: Iterable[Spec], toolchains: Sequence[Toolchain], options: Options
) -> tuple[SidePlan, ...]:
    """Which sides are run with which toolchains, and which are skipped and why."""
    return tuple(
        SidePlan(spec=spec, toolchain=toolchain, skip=is_below_floor(spec, toolchain))
        for spec in specs
        for toolchain in toolchains
        if toolchain.side in options.sides and toolchain.side in spec.sides
    )


def prepare(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[RunEvent], None] = lambda _: None,
) -> Lab:
    """Build what is not skipped; raises HarnessError if nothing can be built at all."""
    plans = plan_sides(specs, toolchains, options)
    return open_lab([plan.spec for plan in plans if not plan.skip], toolchains, options, tell)


def make_work(
    plan: SidePlan,
    lab: Lab,
    options: Options,
    *,
    stop: threading.Event | None = None,
    recorder: Recorder | None = None,
) -> Work:
    """What there is to do for one side: the trial of each program, and its runs.

    They end once ``stop`` is set, and ``recorder`` keeps what they show.
    """
    work = Work(plan=replace(plan, skip=plan.skip or lab.lacking(plan.spec, plan.toolchain)))
    if work.plan.skip:
        return work
    spec, toolchain = plan.spec, plan.toolchain
    asked_for = [p for p in spec.programs_of(plan.side) if _is_asked_for(p, options)]
    programs = [p for p in asked_for if not cannot_run(p, toolchain)]
    sources = {program.name: source_of(spec, program) for program in programs}
    work.unmet = unmet_of(spec, toolchain)
    work.notes = tuple(_notes_of_side(spec, asked_for, toolchain))
    work.build_findings = _judged_before_runs(work, lab, programs, sources)
    budget = replace(budget_of(options), most_late=MAX_TIMEOUTS)
    for program in programs:
        subject = lab.subject(spec, program, toolchain, sources[program.name])
        if subject is not None:
            trial = Trial(
                subject=subject,
                budget=budget,
                stop=stop or threading.Event(),
                recorder=recorder,
            )
            _add_trial(work, trial, lines_commute=not options.every_line)
            for note in _notes(trial, lab.controllable):
                work.add_note(note)
    work.asked = work.left = len(work.runs)
    return work


def _judged_before_runs(
    work: Work, lab: Lab, programs: Sequence[Program], sources: Mapping[str, str]
) -> tuple[Finding, ...]:
    """What is wrong with the programs as they were built, and with their controls."""
    spec, toolchain = work.plan.spec, work.plan.toolchain
    built = [(program, lab.build_of(spec, program, toolchain)) for program in programs]
    return (
        *judge_builds(spec, built, toolchain.label, work.unmet, sources),
        *judge_controls(spec, programs, sources, toolchain.label),
    )


def _add_trial(work: Work, trial: Trial, *, lines_commute: bool) -> None:
    """Plan the runs of one program; where its budget has room for that, a search of its traces."""
    subject = trial.subject
    work.trials.append(trial)
    if trial.budget.searches and subject.is_controllable:
        search = TracesSearch.of(subject, lines_commute=lines_commute)
        work.searches[subject.claims.program.name] = search
    work.runs += ((trial, request) for request in trial.requests())


def _notes_of_side(spec: Spec, programs: Iterable[Program], toolchain: Toolchain) -> Iterator[str]:
    """What a reader of the verdict should know, whatever is run."""
    yield from _left_out(programs, toolchain)
    if caution := caution_of(toolchain):
        yield caution
    if spec.is_former:
        yield say("note.former")


def _notes(trial: Trial, controllable: Controllable) -> Iterator[str]:
    """What a reader of the verdict should know of how the runs are made."""
    subject, budget = trial.subject, trial.budget
    reason = subject.uncontrolled if budget.wants_control else ""
    asked = any(schedule.strategy is Strategy.YIELD for schedule in budget.only)
    wanted = asked or (bool(reason) and not subject.is_timed)
    if wanted and isinstance(controllable.yields, str):
        yield controllable.yields
    if reason:
        yield controllable.runs_instead(reason, yields=wanted)
        if subject.seeks_races or subject.reads_old:
            yield say("note.no-races", reason=reason)
    elif subject.unfollowed and budget.wants_control:
        yield say("note.no-races", reason=subject.unfollowed)


def _is_asked_for(program: Program, options: Options) -> bool:
    """Whether the program is among those that were named, if any were."""
    return not options.programs or program.name in options.programs


def _left_out(programs: Iterable[Program], toolchain: Toolchain) -> Iterator[str]:
    """Which programs cannot run with this toolchain, and why."""
    for program in programs:
        if reason := cannot_run(program, toolchain):
            yield say("build.not-run", program=program.path, reason=reason)
