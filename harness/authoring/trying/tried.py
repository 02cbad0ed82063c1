"""A program is run plainly a few times, then under many schedules, and what differs is told.

What is wrong in any program (a deadlock, an uncaught exception, a panic, a data race) needs no
spec, and neither does that a schedule can make it print what no plain run prints.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.authoring.trying.usual import ANY, UsualLines, property_of, usual_of
from harness.bench.budget import Budget
from harness.bench.lab import open_lab
from harness.bench.options import DEFAULT_SCHEDULES, Options
from harness.bench.planning import make_work, plan_sides
from harness.bench.proving import Proving, TracesSearch
from harness.bench.subject import Request
from harness.bench.trial import Judged, Trial
from harness.judging.verdict import conclude
from harness.language.closed_rules import RULES
from harness.language.declarations import Spec
from harness.schedules.dpor import ReducedSearch
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.progress import Progress
from harness.values.report import Verdict
from harness.values.run import Run
from harness.values.toolchain import Toolchain

PLAIN_RUNS = 10
"""Plain runs that what is usual is learned from."""

_WHY = {"quiet-stderr": "try.why-reports", "exit-code": "try.why-exit"}
"""Rules of the closed world that speak of a spec, and what they say where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was found out about one program.

    The verdict's findings are all that is known; ``varying`` are the kinds of lines of which
    nothing was compared, ``uncontrolled`` is why there was no controlled run. ``search`` is that
    for one run of each trace: if it is complete, what was not found is not there.
    """

    verdict: Verdict
    varying: tuple[str, ...] = ()
    uncontrolled: str = ""
    search: ReducedSearch | None = None


def try_program(
    spec: Spec, toolchain: Toolchain, options: Options, budget: Budget, *, systematic: bool = False
) -> Tried:
    """Try the one program of ``spec``: plain runs first, then those of the budget.

    One run of each trace is made first, if they are few; if ``systematic``, however many there
    are, and nothing else. Raises HarnessError where nothing can be built at all.
    """
    opened = open_trial(spec, toolchain, replace(options, only=()))
    if isinstance(opened, Verdict):
        return Tried(verdict=opened)
    options.progress.begin("run", PLAIN_RUNS + budget.schedules)
    plain = tuple(_plain(opened, options))
    usual = usual_of(plain)
    spec = replace(spec, events=usual.events, properties=usual.properties)
    subject = opened.subject.claiming(spec)
    trial = Trial(subject=subject, budget=budget)
    judged = [_judged(trial, run) for run in plain]
    for each in judged:
        trial.take(each)
    uncontrolled = subject.uncontrolled if not subject.is_controllable else ""
    if all(each.judgement.findings for each in judged):
        uncontrolled = say("try.always-fails")
    searching = TracesSearch.of(trial.subject, lines_commute=not options.every_line)
    if not uncontrolled:
        _control(trial, searching, options.progress, systematic=systematic)
    verdict = conclude(spec, toolchain.side, toolchain.label, (trial.tally,))
    broken = {finding.property for finding in verdict.findings}
    verdict = replace(
        verdict,
        # What is wrong in any program comes before what is only not as in plain runs.
        findings=tuple(sorted(map(_renamed, verdict.findings), key=_only_differs)),
        observations=tuple(o for o in verdict.observations if o.property in broken),
        unconfirmed=tuple(map(_renamed, verdict.unconfirmed)),
    )
    return Tried(
        verdict=verdict,
        varying=usual.varying,
        uncontrolled=uncontrolled,
        search=searching.search,
    )


def _only_differs(finding: Finding) -> bool:
    return finding.property not in RULES


def _renamed(finding: Finding) -> Finding:
    """A finding of the closed world in words that suit where nobody has declared a line."""
    violation = finding.violation
    if finding.property in _WHY:
        finding = replace(finding, why=say(_WHY[finding.property]))
    if finding.property == "known-lines":
        violation = replace(violation, message=say("try.new-line"), expected="")
        return replace(
            finding, property="new line", why=say("try.why-new"), violation=violation, nearest=""
        )
    if violation.message == say("world.stderr-text"):
        violation = replace(violation, message=say("try.new-error"), expected="")
        return replace(finding, property="stderr", why=say("try.why-new"), violation=violation)
    return finding


def open_trial(spec: Spec, toolchain: Toolchain, options: Options) -> Trial | Verdict:
    """The trial of the one program of ``spec``, of which any line is known; or what is wrong.

    Raises HarnessError where nothing can be built at all.
    """
    options.progress.stage("building the program")
    lines = (ANY, replace(ANY, name="error", stream="stderr"))
    properties = tuple(property_of(event, UsualLines(event=event.name)) for event in lines)
    spec = replace(spec, events=lines, properties=properties)
    lab = open_lab((spec,), (toolchain,), options)
    (plan,) = plan_sides((spec,), (toolchain,), options)
    work = make_work(plan, lab, options)
    if work.trials:
        return work.trials[0]
    verdict = conclude(
        spec, plan.side, toolchain.label, (), build_findings=work.build_findings, notes=work.notes
    )
    return replace(verdict, reason=work.plan.skip)


def _plain(trial: Trial, options: Options) -> Iterator[Run]:
    """The plain runs; none after one that has come to no end."""
    budget = Budget(runs=PLAIN_RUNS, schedules=0, most_late=1)
    for judged in Trial(subject=trial.subject, budget=budget, explains=False).run():
        options.progress.advance(trial.subject.claims.spec.name)
        yield judged.run


def _judged(trial: Trial, run: Run) -> Judged:
    """A plain run that was made before anything was claimed."""
    request = Request(subject=trial.subject, index=run.index)
    return Judged(request=request, run=run, judgement=trial.judging.judge(run))


def _control(
    trial: Trial, searching: TracesSearch, progress: Progress, *, systematic: bool
) -> None:
    """Make and take the controlled runs: of each trace one, if they are few, or those drawn."""
    ends, most = time.monotonic() + trial.budget.seconds, trial.budget.schedules
    name = trial.subject.claims.spec.name

    def is_over() -> bool:
        return time.monotonic() >= ends

    def has_budget() -> bool:
        if systematic:
            return searching.search.traces < most and not is_over()
        return searching.is_worth_it(min(most, DEFAULT_SCHEDULES)) and not is_over()

    def take(judged: Judged) -> None:
        trial.take(judged)
        progress.advance(name)

    Proving(trial=trial, search=searching.search, take=take).run(has_budget)
    if not (systematic or searching.search.is_complete):
        for _ in trial.run(is_over):
            progress.advance(name)
