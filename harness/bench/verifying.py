"""Plan, build, run, judge, tell: what ``harness verify`` does, step by step."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from harness.bench.agenda import Agenda
from harness.bench.budget import Mix
from harness.bench.lab import Lab
from harness.bench.making import Maker, Tell, by_example, is_needless
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides, prepare
from harness.bench.recording import Recorder, open_recorder
from harness.bench.subject import Request
from harness.bench.trial import Trial
from harness.bench.witnessing import Witnessing
from harness.language.declarations import Spec
from harness.machine.cores import PARTS, SharedCores
from harness.machine.pool import in_parallel
from harness.machine.process import has_terminals
from harness.machine.process.linux import TELLS_OF_THREADS
from harness.record.verdicts import save_verdicts
from harness.values.messages import say
from harness.values.report import Planned, Report, Verdict
from harness.values.toolchain import Toolchain


def verify(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
    lab: Lab | None = None,
) -> Report:
    """Build and run both sides of every example, and judge what they print.

    ``tell`` is called for each event as it happens, from one thread at a
    time. With a ``lab`` for the same toolchains and options nothing is built
    again. Raises HarnessError if nothing can be built at all,
    and KeyboardInterrupt after every process has been ended.
    """
    started = time.monotonic()
    lab = lab or prepare(specs, toolchains, options, tell)
    stop = stop or threading.Event()
    with open_recorder(options.state) as recorder:
        works = [
            make_work(plan, lab, options, stop=stop, recorder=recorder)
            for plan in plan_sides(specs, toolchains, options)
        ]
        tell(Planned(examples=len(specs), sides=len(works), runs=sum(work.left for work in works)))
        verification = _Verification(works, options, tell, stop)
        verdicts = verification.run()
    return report_of(
        specs,
        toolchains,
        options,
        verdicts=verdicts,
        faults=verification.faults,
        recorder=recorder,
        seconds=time.monotonic() - started,
        build_seconds=lab.seconds,
    )


def report_of(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    *,
    verdicts: tuple[Verdict, ...],
    faults: tuple[str, ...],
    recorder: Recorder,
    seconds: float,
    build_seconds: float,
) -> Report:
    """The report on a verification that has come to these verdicts, which are kept from now on."""
    return Report(
        verdicts=verdicts,
        toolchains=tuple(toolchains),
        faults=faults,
        notes=(*recorder.notes, *_kept(specs, verdicts, options), *_lacking()),
        seconds=seconds,
        build_seconds=build_seconds,
        seed=options.seed,
        runs_requested=options.runs,
    )


def _kept(specs: Sequence[Spec], verdicts: Iterable[Verdict], options: Options) -> Iterator[str]:
    """Keep what was concluded, for pages that show the pairs; nothing else needs it."""
    if options.only:
        return  # a part of the runs concludes nothing of the pair
    try:
        save_verdicts(options.state, specs, verdicts)
    except OSError as error:
        yield say("note.no-verdicts", reason=error.strerror or str(error))


def _lacking() -> Iterator[str]:
    """What this system has not, and what that means for all runs."""
    if not TELLS_OF_THREADS:
        yield say("note.no-strays")
    if not has_terminals():
        yield say("note.no-terminals")


_Pull = tuple[list[Work], Work, Trial, Request | None]
"""One run of one program, or the search of its traces: of which side, among all of its example."""


class _Verification:
    """The runs of one call, made by a few threads that pull from one list."""

    def __init__(
        self, works: Sequence[Work], options: Options, tell: Tell, stop: threading.Event
    ) -> None:
        self._works = works
        self._options = options
        self._maker = Maker(tell)
        self._stop = stop
        self._cores = SharedCores(options.jobs)
        self._begun: dict[int, threading.Event] = {}

    @property
    def faults(self) -> tuple[str, ...]:
        """The tracebacks of what went wrong by our own fault."""
        return tuple(self._maker.faults)

    def run(self) -> tuple[Verdict, ...]:
        """Make all runs; the verdicts come in the order of the plan."""
        groups = by_example(self._works)
        self._maker.failed = any(work.build_findings for work in self._works)
        for group in groups:
            self._maker.conclude_if_done(group)
        self._in_parallel(
            (group, work, *item) for group in groups for work in group for item in _items(work)
        )
        for group in groups:
            # Only now: any run of the budget may still have shown it.
            self._look_further(group)
            self._maker.conclude(group)
        return self._maker.concluded(self._works)

    def _in_parallel(self, items: Iterator[_Pull]) -> None:
        """Make what there is to do, in threads that pull from one list.

        So the runs of one side go on while another's are judged, and none waits for a slow one,
        nor for the end of another's search.
        """
        agenda = Agenda(items, self._events_before)
        threads = self._options.jobs * (PARTS if self._options.packs else 1)
        in_parallel(self._pull, [agenda] * threads, jobs=threads, name="runner", stop=self._stop)

    def _pull(self, agenda: Agenda[_Pull]) -> None:
        """Do one thing after another until there is none, or all is over."""
        for pull in agenda:
            try:
                with self._cores.having(self._parts_for(pull)):
                    goes_on = self._do(pull)
            finally:
                self._begun[id(pull[2])].set()
                agenda.look_again()
            if not goes_on:
                return

    def _do(self, pull: _Pull) -> bool:
        """Do one thing; whether there is more to do."""
        group, work, trial, request = pull
        if request is None:
            # Though all may be over: others wait for the end of the search.
            self._maker.search(work, trial, lambda: self._is_over)
            return True
        if self._is_over:
            return False
        wanted = not is_needless(work, request) and not self._maker.gives_up(work, trial, request)
        if wanted and not self._maker.make(work, trial, request):
            return False
        with self._maker.lock:
            work.left -= 1
            self._maker.conclude_if_done(group)
        return True

    def _parts_for(self, pull: _Pull) -> int:
        """How much of a core it takes: without packing all of one, whatever it does there."""
        _, _, trial, request = pull
        return trial.parts_for(request.schedule) if request and self._options.packs else PARTS

    def _events_before(self, pull: _Pull) -> tuple[threading.Event, ...]:
        """What has to come before it.

        The end of the first run of a program, which is made alone; and that of the search for its
        traces, which may make a controlled run needless.
        """
        _, work, trial, request = pull
        begun = self._begun.get(id(trial))
        if begun is None:  # this is the first
            self._begun[id(trial)] = threading.Event()
            return ()
        searching = work.searches.get(trial.subject.claims.program.name)
        if searching and request and request.schedule.is_controlled:
            return begun, searching.ended
        return (begun,)

    @property
    def _is_over(self) -> bool:
        """Whether no further run is to be started."""
        return self._stop.is_set() or (self._maker.failed and self._options.fail_fast)

    def _look_further(self, group: list[Work]) -> None:
        """Give properties of some run that nobody has seen yet more runs, alone on the machine."""
        for work in group:
            for trial in work.trials:
                if not self._maker.is_concluded(work) and not self._options.only:
                    self._try_for_witnesses(work, trial)

    def _try_for_witnesses(self, work: Work, trial: Trial) -> None:
        """Make further runs of a program until each property of some run has been seen.

        Or until a finding comes, or as many as there may be have been made.
        """

        def unseen() -> frozenset[str]:
            if self._stop.is_set() or trial.tally.findings:
                return frozenset()
            return frozenset(prop.name for prop in trial.tally.unwitnessed)

        made = sum(other is trial for other, _ in work.runs)
        further = Witnessing(maker=self._maker, work=work, trial=trial, unseen=unseen)
        further.run(further_requests(trial, self._options, made=made))


def _items(work: Work) -> Iterator[tuple[Trial, Request | None]]:
    """What is to be done of a side: a plain run of each program, the searches, the other runs.

    Searches take longest; and the first run of a program is made alone.
    """
    plain = [run for run in work.runs if run[1].schedule.is_natural]
    first = {id(trial): request for trial, request in reversed(plain)}
    yield from ((trial, first[id(trial)]) for trial in work.trials if id(trial) in first)
    for trial in work.trials:
        if trial.subject.claims.program.name in work.searches:
            yield trial, None
    yield from ((trial, run) for trial, run in work.runs if run is not first.get(id(trial)))


def further_requests(trial: Trial, options: Options, *, made: int) -> Iterator[Request]:
    """Plain runs and controlled schedules in turn, beyond the ``made`` ones of the budget."""
    beyond = trial.budget.beyond(options.extra_runs, options.extra_schedules)
    return trial.requests(replace(beyond, mix=Mix.DRAWN_IN_TURN), first=made)
