"""Makes the runs of a verification, and concludes of them; what goes wrong is that example's alone.

A verification on this machine pulls runs from one list with a few threads; on a cluster each
worker makes those of a lot. Both make them, and conclude, here.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from harness.bench.doubts import unexplored
from harness.bench.execution import Unmade
from harness.bench.planning import Work
from harness.bench.proving import Proving
from harness.bench.subject import Request
from harness.bench.trial import Judged, Trial
from harness.judging.tally import Tally
from harness.judging.verdict import AcrossFindings, conclude, judge_across
from harness.schedules.names import Schedule
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.report import Outcome, RunEvent, RunFinished, SideFinished, Verdict

Tell = Callable[[RunEvent], None]


@dataclass(slots=True)
class _Went:
    """Whether something was raised meanwhile."""

    wrong: bool = False


@dataclass(slots=True)
class Maker:
    """Makes runs, and takes what they show; several threads may ask at once.

    ``tell`` is called from one thread at a time. ``failed`` says whether anything has; ``faults``
    are the tracebacks of ours.
    """

    tell: Tell
    lock: threading.RLock = field(default_factory=threading.RLock)
    failed: bool = False
    faults: list[str] = field(default_factory=list)
    _verdicts: dict[int, Verdict] = field(default_factory=dict)

    def gives_up(self, work: Work, trial: Trial, request: Request) -> bool:
        """Whether the run is not made, since others like it told nothing; then a note says so."""
        with self.lock:
            hopeless = trial.gives_up(request.schedule)
            if hopeless:
                work.add_note(hopeless)
        return bool(hopeless)

    def make(
        self,
        work: Work,
        trial: Trial,
        request: Request,
        seen: Callable[[Judged], None] | None = None,
    ) -> bool:
        """One run, judged; a fault of ours is kept as such, and the other examples go on.

        False if the harness was told to stop meanwhile: then nothing is known of the run. Else
        ``seen`` is given what it showed.
        """
        judged = None
        with self._keeping_faults(work, trial, lambda: request.schedule) as went:
            judged = trial.make(request)
        if went.wrong:
            return True
        if judged is None:
            return False
        self.take(work, trial, judged)
        if seen is not None:
            seen(judged)
        return True

    def take(self, work: Work, trial: Trial, judged: Judged) -> None:
        """Count one run, and tell of it."""
        with self.lock:
            self._take(work, trial, judged)
            self.tell(
                RunFinished(
                    example=work.plan.spec.id,
                    side=work.plan.side,
                    program=judged.request.claims.program.name,
                    toolchain=work.plan.toolchain.label,
                    ok=not judged.judgement.findings,
                )
            )

    def search(self, work: Work, trial: Trial, is_over: Callable[[], bool]) -> None:
        """Make one run of each trace of a program, where that is worth it and nothing is over.

        None is made of a program that has flooded: its first run may have, before the search.
        """
        schedules = trial.budget.schedules
        searching = work.searches[trial.subject.claims.program.name]

        def goes_on() -> bool:
            return not (is_over() or trial.tally.floods) and searching.is_worth_it(schedules)

        try:
            with self.proving(work, trial) as proving:
                proving.run(goes_on)
        finally:
            searching.ended.set()

    @contextmanager
    def proving(self, work: Work, trial: Trial) -> Iterator[Proving]:
        """The search of a program's traces, to be begun or gone on with, and closed at the end.

        What goes wrong while it runs ends it, and stands against the side.
        """
        searching = work.searches[trial.subject.claims.program.name]

        def take(judged: Judged) -> None:
            with self.lock:
                self._take(work, trial, judged)

        proving = Proving(trial=trial, search=searching.search, take=take)
        with self._keeping_faults(work, trial, lambda: proving.schedule):
            yield proving
            proving.close()

    @contextmanager
    def _keeping_faults(
        self, work: Work, trial: Trial, schedule: Callable[[], Schedule]
    ) -> Iterator[_Went]:
        """Have what is raised by a run under this schedule stand against the side, if anything."""
        went = _Went()
        try:
            yield went
        except Unmade as lost:
            went.wrong = True
            self._keep_finding(trial, schedule(), _unmade(work, lost))
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            went.wrong = True
            self._keep_finding(trial, schedule(), self._fault(work))

    def is_concluded(self, work: Work) -> bool:
        """Whether the verdict on a side is known, and was told."""
        return id(work) in self._verdicts

    def conclude_if_done(self, group: Sequence[Work]) -> None:
        """Tell the verdicts as soon as nothing more is wanted of the example's runs."""
        waiting = any(work.left for work in group)
        if not waiting and not any(tally.unwitnessed for w in group for tally in w.tallies):
            self.conclude(group)

    def conclude(self, group: Sequence[Work]) -> None:
        """Tell the verdicts on the sides of an example that were not told yet."""
        every = [tally for work in group for tally in work.tallies]
        for work in group:
            if self.is_concluded(work):
                continue
            verdict = self._verdict_of(work, every)
            self._verdicts[id(work)] = verdict
            self.failed = self.failed or verdict.outcome.is_bad
            self.tell(SideFinished(verdict=verdict))

    def concluded(self, works: Iterable[Work]) -> tuple[Verdict, ...]:
        """The verdicts on these sides, all of which are known."""
        return tuple(self._verdicts[id(work)] for work in works)

    def _take(self, work: Work, trial: Trial, judged: Judged) -> None:
        trial.take(judged)
        for note in (*judged.notes, *unexplored(judged.record)):
            work.add_note(note)
        if judged.record is not None and judged.record.uncontrolled:
            work.add_note(say("note.not-controlled", what=tuple(judged.record.uncontrolled)))
        self.failed = self.failed or bool(judged.judgement.findings)

    def _verdict_of(self, work: Work, every: Iterable[Tally]) -> Verdict:
        """The verdict on one side; ``every`` holds what all programs of its example have shown."""
        plan = work.plan
        if reason := why_skipped(work):
            return Verdict(
                example=plan.spec.id,
                side=plan.side,
                toolchain=plan.toolchain.label,
                outcome=Outcome.SKIPPED,
                reason=reason,
            )
        try:
            across = judge_across(plan.spec, plan.side, every, plan.toolchain.label)
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            across = AcrossFindings(findings=(self._fault(work),))
        verdict = conclude(
            plan.spec,
            plan.side,
            plan.toolchain.label,
            work.tallies,
            build_findings=work.build_findings,
            unmet=work.unmet,
            across=across,
            notes=work.notes,
        )
        searched = work.searched
        is_proved = verdict.outcome is Outcome.PASSED and bool(searched)
        return replace(
            verdict,
            searched=searched,
            is_proved=is_proved and len(searched) == len(work.trials),
        )

    def _keep_finding(self, trial: Trial, schedule: Schedule, finding: Finding) -> None:
        """Tell of a run that could not be judged."""
        program = trial.subject.claims.program.name
        with self.lock:
            trial.tally.add_findings([replace(finding, program=program, schedule=str(schedule))])
            self.failed = True

    def _fault(self, work: Work) -> Finding:
        """Keep the exception that is being handled, and give what the verdict says of it."""
        text = traceback.format_exc()
        with self.lock:
            self.faults.append(f"{work.plan.spec.id} ({work.plan.side.value}):\n{text}")
        return fault_finding(work, text)


def fault_finding(work: Work, text: str) -> Finding:
    """What a verdict says where a fault of ours, with that traceback, left a run unjudged."""
    return Finding(
        property="harness",
        why=say("harness.why"),
        violation=Violation(message=say("harness.fault"), found=text.splitlines()[-1]),
        side=work.plan.side,
        toolchain=work.plan.toolchain.label,
    )


def why_skipped(work: Work) -> str:
    """Why nothing can be concluded of a side; empty if something can.

    What has gone wrong already is told even if the verification was stopped;
    that nothing has, is not.
    """
    if work.plan.skip:
        return work.plan.skip
    if work.build_findings or any(tally.findings for tally in work.tallies):
        return ""
    if work.left:
        made = sum(tally.runs for tally in work.tallies)
        return say("skipped.stopped", made=made, of=work.asked)
    if work.tallies and not work.asked:
        if work.notes:
            return say("verdict.reasons", reasons=work.notes)
        return say("skipped.none-run")
    return ""


def is_needless(work: Work, request: Request) -> bool:
    """Whether a controlled run could show nothing that a search at its end has not shown."""
    searching = work.searches.get(request.claims.program.name)
    if searching is None or not request.schedule.is_controlled:
        return False
    return searching.search.is_complete


def by_example(works: Iterable[Work]) -> list[list[Work]]:
    """The sides of each example, with all toolchains, together."""
    groups: dict[str, list[Work]] = {}
    for work in works:
        groups.setdefault(work.plan.spec.id, []).append(work)
    return list(groups.values())


def _unmade(work: Work, lost: Unmade) -> Finding:
    """The finding that a run was lost by no fault of the harness.

    It stands against the side, under the rule that it broke.
    """
    return Finding(
        property=lost.rule,
        why=lost.why,
        violation=Violation(message=lost.message, expected=lost.expected, found=lost.found),
        side=work.plan.side,
        toolchain=work.plan.toolchain.label,
    )
