"""Which sides are run with which toolchains, and what there is to do for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.building import Builds
from harness.bench.controllable import Controllable, is_timed
from harness.bench.execution import Request
from harness.bench.options import Options
from harness.judging.claims import Claims, make_claims
from harness.judging.verdict import Tally, judge_builds
from harness.language.control_texts import judge_controls
from harness.language.declarations import Property, Spec
from harness.machine.toolchains import cannot_run, caution_of, condition_unmet, is_below_floor
from harness.schedules.names import Schedule, Strategy
from harness.schedules.rotation import mixed_rotation, plain_rotation, yield_rotation
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.toolchain import Built, Toolchain


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
    """One side under way: its tallies grow as its runs come in.

    ``unmet`` names the properties that do not apply, each with the reason.
    ``left`` counts the runs that are still to be made, ``notes`` say what a
    reader of the verdict should know of how they were made.
    """

    plan: SidePlan
    unmet: Mapping[str, str] = field(default_factory=dict)
    build_findings: tuple[Finding, ...] = ()
    tallies: list[Tally] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    left: int = 0

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


def make_work(plan: SidePlan, builds: Builds, controllable: Controllable, options: Options) -> Work:
    """What there is to do for one side: its claims, and the runs of each program."""
    work = Work(plan=replace(plan, skip=plan.skip or builds.lacking(plan.spec, plan.side)))
    if work.plan.skip:
        return work
    spec, toolchain = plan.spec, plan.toolchain
    asked_for = [p for p in spec.programs_of(plan.side) if _is_asked_for(p, options)]
    programs = [p for p in asked_for if not cannot_run(p, toolchain)]
    built = [(program, builds.of(spec, program, toolchain)) for program in programs]
    sources = {program.name: _source_of(spec, program) for program in programs}
    work.unmet = unmet_of(spec, toolchain)
    work.notes = tuple(_left_out(asked_for, toolchain))
    if caution := caution_of(toolchain):
        work.add_note(caution)
    work.build_findings = (
        *judge_builds(spec, built, toolchain.label, work.unmet, sources),
        *judge_controls(spec, programs, sources, toolchain.label),
    )
    for program, build in built:
        if isinstance(build, Built) and not spec.is_refused(program):
            _add_program(work, claims_of(spec, program, toolchain), build, controllable, options)
    work.left = len(work.requests)
    return work


def _add_program(
    work: Work, claims: Claims, build: Built, controllable: Controllable, options: Options
) -> None:
    toolchain = work.plan.toolchain
    work.tallies.append(Tally(claims=claims, toolchain=toolchain.label))
    reason = _not_controlled(claims, toolchain, controllable, options)
    steered = controllable.build_of(claims.spec, claims.program, toolchain, build)
    yielding = controllable.yielding(build)
    for index, schedule in enumerate(_schedules(claims, reason, options)):
        chosen = _build_for(schedule, build, steered, yielding)
        if chosen is not None:
            work.requests.append(
                Request(
                    claims=claims,
                    toolchain=toolchain,
                    build=chosen,
                    schedule=schedule,
                    index=index,
                    plain=build,
                )
            )
    for note in _notes(claims, reason, controllable, options):
        work.add_note(note)


def _build_for(
    schedule: Schedule, plain: Built, steered: Built | None, yielding: Built | None
) -> Built | None:
    if schedule.strategy is Strategy.YIELD:
        return yielding
    return steered if schedule.is_controlled else plain


def _notes(
    claims: Claims, reason: str, controllable: Controllable, options: Options
) -> Iterator[str]:
    """What a reader of the verdict should know of how the runs were made."""
    asked = any(schedule.strategy is Strategy.YIELD for schedule in options.only)
    wanted = asked or (bool(reason) and not is_timed(claims))
    if wanted and isinstance(controllable.yields, str):
        yield controllable.yields
    if reason:
        yield controllable.runs_instead(reason, yields=wanted)


def _not_controlled(
    claims: Claims, toolchain: Toolchain, controllable: Controllable, options: Options
) -> str:
    """Why no controlled schedule is tried on a program; empty if they are."""
    if not options.schedules and not any(s.is_controlled for s in options.only):
        return ""
    if is_timed(claims):
        return say("control.timed")
    return controllable.reason(toolchain)


def _schedules(claims: Claims, reason: str, options: Options) -> Iterator[Schedule]:
    if options.only:
        yield from options.only
        return
    yield from plain_rotation(options.runs)
    if not reason:
        early = claims.spec.timing == "free"
        yield from mixed_rotation(options.schedules, options.seed, early=early)
    elif not is_timed(claims):
        yield from yield_rotation(options.schedules, options.seed)


def _is_asked_for(program: Program, options: Options) -> bool:
    return not options.programs or program.name in options.programs


def _left_out(programs: Iterable[Program], toolchain: Toolchain) -> Iterator[str]:
    """Which programs cannot run with this toolchain, and why."""
    for program in programs:
        if reason := cannot_run(program, toolchain):
            yield say("build.not-run", program=program.path, reason=reason)


def unmet_of(spec: Spec, toolchain: Toolchain) -> dict[str, str]:
    """The properties that do not apply under ``toolchain``, each with the reason."""
    reasons = ((prop.name, _why_unmet(spec, prop, toolchain)) for prop in spec.properties)
    return {name: reason for name, reason in reasons if reason}


def _why_unmet(spec: Spec, prop: Property, toolchain: Toolchain) -> str:
    """Why a property does not apply: it says so, or none of its programs can run."""
    covered = [p for p in spec.programs_of(toolchain.side) if prop.covers(p)]
    reasons = [condition_unmet(program.when, toolchain) for program in covered]
    unable = reasons[0] if reasons and all(reasons) else ""
    return _unmet_by(prop, toolchain) or unable


def _unmet_by(prop: Property, toolchain: Toolchain) -> str:
    if prop.rule.needs_processor_time and toolchain.os == "windows":
        return say("condition.processor-time")
    return condition_unmet(prop.when, toolchain)


def claims_of(spec: Spec, program: Program, toolchain: Toolchain) -> Claims:
    """What is claimed of ``program`` under ``toolchain``."""

    def unmet(prop: Property) -> str:
        return _unmet_by(prop, toolchain)

    return make_claims(spec, program, unmet=unmet, source=_source_of(spec, program))


def _source_of(spec: Spec, program: Program) -> str:
    return (spec.directory / program.path).read_text(encoding="utf-8-sig")
