"""One run of each trace of a program: where that can be done, what holds of them holds always.

A search makes runs for as long as it covers what the program does and there is budget. Whoever asks
for it takes the judged runs; only the search itself says what may be claimed at its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from harness.bench.execution import HarnessFault, Misfit
from harness.bench.line_orders import who_minds
from harness.bench.subject import Executed, Request, Subject
from harness.bench.trial import Judged, Trial
from harness.judging.judge import Judgement
from harness.language.python_words import untold_words
from harness.language.rust_words import untold_words as untold_rust_words
from harness.machine.cargo.manifests import has_dependencies
from harness.machine.toolchains import why_untried
from harness.machine.toolchains.versions import numbers
from harness.schedules.dpor import ReducedSearch, schedule_of, without_attempts
from harness.schedules.names import STAY, Schedule
from harness.values.program import Side
from harness.values.report import Searched
from harness.values.run import Run

FOLLOWED_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14), (3, 15))
"""Versions of CPython, with the GIL, of which it is known what their instructions touch: the
``operands.py`` of their runtime says where those find what they work on."""

MOST_TIMES = 8
"""So many times the schedules of a budget a search may take that seems to be at its end by then."""

MOST_TIMES_IN_PYTHON = 2
"""The same of a Python program, a run of which costs many times as much while it is followed."""


@dataclass(slots=True, kw_only=True)
class Proving:
    """The search for one run of each trace of one program.

    ``take`` is given each judged run. A run that only shows that it had been made already is none.
    """

    trial: Trial
    search: ReducedSearch
    take: Callable[[Judged], None]
    schedule: Schedule = STAY
    """Of the run that is being made, or was made last."""
    _last: tuple[Run, Judgement] | None = None
    """The last run that broke nothing; it is kept once it is known whether others follow."""

    def run(self, has_budget: Callable[[], bool]) -> None:
        """Make runs as long as the search covers what the program does, and there is budget."""
        while has_budget() and self.step():
            pass
        self.close()

    def close(self) -> None:
        """Keep what the last run showed, as it was the last; after it no other is made."""
        search = self.search
        if self._last is not None:
            is_proof = search.is_complete and not self.trial.tally.findings
            self.trial.keep_searched(*self._last, search.traces if is_proof else 0)
            self._last = None

    def step(self) -> bool:
        """Run the next trace; false if there is none, or nothing could be claimed any more.

        A run that goes wrong by our fault leaves its trace unexplored: nothing is claimed then.
        """
        if self.search.uncovered or self.trial.stop.is_set():
            return False
        branch = self.search.next()
        if branch is None:
            return False
        self.schedule = branch.schedule
        request = Request(
            subject=self.trial.subject,
            schedule=branch.schedule,
            index=self.search.traces,
            candidates=True,
            touches=branch.request,
        )
        try:
            executed = self.trial.execute(request)
        except HarnessFault:
            self.search.add(None)
            return True
        if executed is None:
            self.search.note_flaw("it was ended early")
            return False
        self._add(request, executed)
        return True

    def _add(self, request: Request, executed: Executed) -> None:
        """Tell the search of a run, and judge that."""
        self.search.add(executed.record)
        if self.search.lines_commute and (who := self._who_minds(executed)):
            self.search.mind_lines(who)
        # One that ended asleep was cut off where all that could follow has
        # been tried: it shows no whole run.
        elif executed.record is None or executed.record.end != "asleep":
            self.take(self._judged(request, executed))

    def _who_minds(self, executed: Executed) -> str:
        """What could tell another order of the run's lines; empty if nothing can."""
        record = executed.record
        if record is None or not record.told:
            return ""
        claims = self.trial.subject.claims
        return who_minds(claims, executed.run.stdout, record, self.search)

    def _judged(self, request: Request, executed: Executed) -> Judged:
        """What a run shows. A failure counts once the run's schedule alone shows it, too."""
        record = executed.record
        if record is not None and request.toolchain.side is Side.RUST:
            # Attempts are decisions only while steps are told: without them the schedule's
            # numbers are those of any other run.
            record = without_attempts(record)
        schedule = schedule_of(record) if record else request.schedule
        request = replace(request, schedule=schedule, touches="")
        run = replace(executed.run, schedule=str(schedule))
        judgement = self.trial.judging.judge(run)
        judged = Judged(request=request, run=run, judgement=judgement, record=record)
        if not judgement.findings:
            if self._last is not None:
                self.trial.keep_searched(*self._last)
            self._last = run, judgement
            return judged
        try:
            again = self.trial.make(request)
        except Misfit:
            again = None
        if again is not None and again.judgement.findings:
            return again
        self.search.note_flaw("a failure did not come again under its schedule")
        apart = replace(judgement, findings=(), unconfirmed=judgement.findings)
        return replace(judged, judgement=apart)


def search_of(subject: Subject, *, spurious: int = 1, lines_commute: bool = True) -> ReducedSearch:
    """A search of a program's traces that has not begun, with what is known against it.

    Lines of different threads commute until a property is met that could tell their order.
    """
    search = ReducedSearch(
        early=subject.lets_time_be,
        spurious=spurious,
        lines_commute=lines_commute,
        is_native=subject.toolchain.side is Side.RUST,
    )
    search.cannot_cover(_untold(subject))
    if untried := why_untried(subject.toolchain):
        search.note_flaw(untried)
    return search


@dataclass(slots=True)
class TracesSearch:
    """The search that a verification begins with; ``ended`` is set once it makes no further run.

    It is left as soon as nothing could be claimed at its end, or that is too far away.
    """

    search: ReducedSearch
    most_times: int = MOST_TIMES
    ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, subject: Subject, *, lines_commute: bool) -> TracesSearch:
        """That of a program, before its first run."""
        is_python = subject.toolchain.side is Side.PYTHON
        return cls(
            search_of(subject, lines_commute=lines_commute),
            most_times=MOST_TIMES_IN_PYTHON if is_python else MOST_TIMES,
        )

    def is_worth_it(self, schedules: int) -> bool:
        """Whether to go on: it has but begun, or is soon at its end."""
        search = self.search
        if search.flaws or search.uncovered:
            return False
        most = self.most_times * schedules
        is_begun = search.tried < self.most_times * schedules // MOST_TIMES
        return is_begun or (search.tried < most and search.expected <= most)

    def told(self, program: str) -> Searched:
        """What it came to."""
        search = self.search
        return Searched(
            program=program,
            traces=search.traces,
            steps=search.points,
            over=search.over,
            lines_commute=search.lines_commute,
        )


def _untold(subject: Subject) -> Iterator[str]:
    """What the source of a program may do of which no step tells."""
    if subject.toolchain.side is Side.PYTHON:
        is_followed = numbers(subject.toolchain.version)[:2] in FOLLOWED_PYTHONS
        if not (is_followed and subject.toolchain.has_gil):
            yield subject.toolchain.title
        yield from untold_words(subject.claims.source)
        return
    spec = subject.claims.spec
    yield from untold_rust_words(spec)
    if has_dependencies(spec.directory):
        yield "other crates"
