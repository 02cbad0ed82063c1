"""A subject: one program of one example on one toolchain, and how it is started."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from harness.bench.workplace import Workplace
from harness.judging.claims import Claims, make_claims
from harness.language.declarations import Property, Spec
from harness.language.sources import source_of
from harness.machine.process import Command
from harness.machine.toolchains import condition_unmet
from harness.record import RecordedProgram, subject_of
from harness.schedules.controlled import Estimate, estimate_of
from harness.schedules.dpor import Branch
from harness.schedules.names import PLAIN, STAY, Schedule, Strategy
from harness.schedules.probing import Probing
from harness.schedules.record import Record
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.run import Run
from harness.values.toolchain import Built, Toolchain

GO_BY_ESTIMATES = frozenset({Strategy.PCT, Strategy.WEIGHTED})


@dataclass(slots=True)
class Estimates:
    """What first runs told of one program, each made once; several threads may ask at once.

    Some strategies go by one run under the plainest schedule; a probe, by its
    number or by place, is one of the schedules that the first runs of a program lead to.
    """

    _probing: Probing | None = None
    _estimate: Estimate | None = None
    _is_estimated: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self, request: Request, execute: Execute) -> Request:
        """The request with the schedule that is really run, and what its strategy goes by."""
        if request.schedule.old and not request.subject.reads_old:
            request = replace(request, schedule=replace(request.schedule, old=False))
        asked = request.schedule
        is_probe = asked.strategy.is_numbered
        if is_probe or asked.spurious or asked.old:
            resolved = self._probes(request, execute).resolved(asked)
            request = replace(request, schedule=resolved, candidates=is_probe)
        if request.schedule.strategy not in GO_BY_ESTIMATES:
            return request
        return replace(request, estimate=self.estimated(request, execute))

    def learn(self, request: Request, executed: Executed | None) -> None:
        """Take what a run has shown, so that it need not be made again for its record."""
        if self._probing is not None and executed is not None and request.candidates:
            self._probing.add(request.schedule, executed.record)

    def estimated(self, request: Request, execute: Execute) -> Estimate | None:
        """What the run under the plainest schedule told; ``None`` if that left no record.

        Two that ask at once both make it, and learn the same.
        """
        with self._lock:
            is_known = self._is_estimated
        if not is_known:
            executed = execute(replace(request, schedule=STAY, candidates=True))
            record = executed.record if executed else None
            self._probes(request, execute).add(STAY, record)
            with self._lock:
                self._estimate = estimate_of(record) if record else None
                self._is_estimated = True
        return self._estimate

    def _probes(self, request: Request, execute: Execute) -> Probing:
        """The probes of the program, made when they are first asked for."""

        def run(schedule: Schedule) -> Record | None:
            executed = execute(replace(request, schedule=schedule, candidates=True, estimate=None))
            return executed.record if executed else None

        def tell() -> Record | None:
            executed = execute(
                replace(request, schedule=STAY, touches=Branch().request, estimate=None)
            )
            return executed.record if executed else None

        with self._lock:
            if self._probing is None:
                tells = request.toolchain.side is Side.RUST
                self._probing = Probing(
                    run, early=request.subject.lets_time_be, tell=tell if tells else None
                )
            return self._probing


@dataclass(eq=False, kw_only=True)
class Subject:
    """One program on one toolchain: what is claimed of it, and what is started for a run of it.

    ``plain`` is the program as a reader would start it, ``steered`` what is started to control it,
    ``yielding`` for random yields: each ``None`` where it cannot be had. ``uncontrolled`` says why
    no controlled schedule is worth trying, if so; ``seeks_races`` whether controlled runs look for
    accesses that nothing orders, ``reads_old`` whether its atomics may give older values there,
    ``unfollowed`` why neither can be, and ``options`` how a command asks for what is not done
    anyway. Two subjects are never equal: what is kept of a program is kept by its subject.
    """

    claims: Claims
    toolchain: Toolchain
    plain: Built | None
    steered: Built | None = None
    yielding: Built | None = None
    uncontrolled: str = ""
    seeks_races: bool = False
    reads_old: bool = False
    unfollowed: str = ""
    options: tuple[str, ...] = ()
    estimates: Estimates = field(default_factory=Estimates)
    commands: dict[float | None, tuple[Mapping[str, str], Command]] = field(default_factory=dict)
    """How controlled runs are started that have so long, and in which lasting environment."""
    workplace: Workplace = field(init=False)

    def __post_init__(self) -> None:
        """All runs of the program are made in the directory of its example."""
        self.workplace = Workplace(self.claims.spec.directory)

    @property
    def is_controllable(self) -> bool:
        """Whether its runs can be put under control."""
        return not self.uncontrolled and self.steered is not None

    @property
    def is_timed(self) -> bool:
        """Whether the program's speed is judged."""
        return is_timed(self.claims)

    @property
    def lets_time_be(self) -> bool:
        """Whether timeouts may fire at any time: then controlled runs try that early, too."""
        return self.claims.spec.timing == "free"

    @cached_property
    def evidence(self) -> RecordedProgram:
        """What the record of evidence keeps its runs under: digests, worked out once."""
        return subject_of(self.claims, self.toolchain)

    def claiming(self, spec: Spec) -> Subject:
        """The same program, ready as it is, of which something else is claimed."""
        claims = claims_of(spec, self.claims.program, self.toolchain, self.claims.source)
        return replace(self, claims=claims, commands={})

    def build_for(self, schedule: Schedule) -> Built | None:
        """What is started for a run under ``schedule``; ``None`` if that cannot be had."""
        if schedule.strategy is Strategy.YIELD:
            return self.yielding
        return self.steered if schedule.is_controlled else self.plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One run to be made; its subject can be started for the schedule.

    ``candidates`` asks for a record that also says what might have come for nothing, ``touches``
    for one that says what each step touched (see ``Branch.request``).
    """

    subject: Subject
    schedule: Schedule = PLAIN
    index: int = 0
    estimate: Estimate | None = None
    candidates: bool = False
    touches: str = ""

    @property
    def claims(self) -> Claims:
        """What is claimed of the program."""
        return self.subject.claims

    @property
    def toolchain(self) -> Toolchain:
        """What it is run with."""
        return self.subject.toolchain

    @property
    def build(self) -> Built:
        """What is started."""
        build = self.subject.build_for(self.schedule)
        assert build is not None  # noqa: S101 - a request is made only where there is one
        return build


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """A run, and the record that its controlled schedule left, if it had one."""

    run: Run
    record: Record | None = None


Execute = Callable[[Request], Executed | None]


# --- what is claimed ----------------------------------------------------------------


def claims_of(
    spec: Spec, program: Program, toolchain: Toolchain, source: str | None = None
) -> Claims:
    """What is claimed of ``program`` under ``toolchain``; its text is read if it is not given."""

    def unmet(prop: Property) -> str:
        return unmet_by(prop, toolchain)

    text = source_of(spec, program) if source is None else source
    return make_claims(spec, program, unmet=unmet, source=text)


def unmet_of(spec: Spec, toolchain: Toolchain) -> dict[str, str]:
    """The properties that do not apply under ``toolchain``, each with the reason."""
    reasons = ((prop.name, _why_unmet(spec, prop, toolchain)) for prop in spec.properties)
    return {name: reason for name, reason in reasons if reason}


def _why_unmet(spec: Spec, prop: Property, toolchain: Toolchain) -> str:
    """Why a property does not apply: it says so, or none of its programs can run."""
    covered = [p for p in spec.programs_of(toolchain.side) if prop.covers(p)]
    reasons = [condition_unmet(program.when, toolchain) for program in covered]
    unable = reasons[0] if reasons and all(reasons) else ""
    return unmet_by(prop, toolchain) or unable


def unmet_by(prop: Property, toolchain: Toolchain) -> str:
    """Why a property itself asks for another toolchain; empty if it does not."""
    if prop.rule.needs_processor_time and toolchain.os == "windows":
        return say("condition.processor-time")
    return condition_unmet(prop.when, toolchain)


def is_timed(claims: Claims) -> bool:
    """Whether the program's speed is judged: then virtual time would say nothing."""
    return any(
        prop.family == "speed" for prop in claims.spec.properties if prop.covers(claims.program)
    )
