"""Go deep: as many controlled schedules as a budget allows, or every one of them."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from harness.bench.budget import Budget
from harness.bench.execution import HarnessFault
from harness.bench.planning import Work
from harness.bench.proving import Proving, search_of
from harness.bench.subject import Request, Subject
from harness.bench.trial import Judged, Trial
from harness.judging.tally import Tally, told_passed_over
from harness.language import python_words, rust_words
from harness.machine.pool import in_parallel
from harness.schedules.dpor import ReducedSearch
from harness.schedules.search import Bound, Search
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.run import PassedOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What was found out about one program.

    ``reduced`` is the search for one run of each trace, and ``search`` that for
    every schedule, where there were such: only if it is complete has everything
    within its bound been run. ``unconfirmed`` are
    findings of runs that control may have led astray, which no plain run shows;
    ``passed_over`` says what was beyond control.
    """

    example: str
    side: Side
    program: str
    toolchain: str
    runs: int
    seconds: float
    interleavings: int
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...] = ()
    search: Search | None = None
    reduced: ReducedSearch | None = None
    strategies: tuple[tuple[str, int, int], ...] = ()
    skipped: str = ""
    unconfirmed: tuple[Finding, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def explore(
    works: Iterable[Work],
    budget: Budget,
    tell: Callable[[Exploration], None],
    *,
    jobs: int,
    bound: Bound | None = None,
    until_failure: bool = False,
    reduces: bool = False,
    lines_commute: bool = True,
) -> tuple[Exploration, ...]:
    """Explore every program of ``works``, ``jobs`` of them at a time.

    With a ``bound`` every schedule within it is enumerated, as far as the budget goes; without
    one, the budget's schedules are run. A search that ``reduces`` makes one run of each trace
    instead, unless the program does what it does not cover: then every schedule is run after all.
    Of it ``lines_commute`` where nothing that is claimed could tell their order.
    ``until_failure``: the first finding ends them all.
    """
    stop, lock = threading.Event(), threading.Lock()

    def one(pair: tuple[Work, Trial]) -> Exploration:
        """One program, in a thread of its own; ``tell`` is called by one at a time."""
        work, planned = pair
        trial = Trial(subject=planned.subject, budget=budget, stop=stop, recorder=planned.recorder)
        ends = stop if until_failure else None
        found = explore_program(
            work, trial, bound, ends, reduces=reduces, lines_commute=lines_commute
        )
        with lock:
            tell(found)
        return found

    pairs = [(work, trial) for work in works for trial in work.trials]
    return tuple(in_parallel(one, pairs, jobs=jobs, name="explorer", stop=stop))


def explore_program(
    work: Work,
    trial: Trial,
    bound: Bound | None,
    ends: threading.Event | None,
    *,
    reduces: bool,
    lines_commute: bool = True,
) -> Exploration:
    """Explore one program; what it finds sets the event ``ends``, if there is one."""
    subject, log = trial.subject, _Progress(trial, ends=ends)
    if why := why_uncontrolled(work, subject):
        return log.conclude(skipped=why)
    reduced = None
    if bound is not None and reduces:
        reduced = search_of(subject, spurious=bound.spurious, lines_commute=lines_commute)
        Proving(trial=trial, search=reduced, take=log.take).run(lambda: log.has_budget)
        if log.has_ended or not reduced.uncovered:
            return log.conclude(reduced=reduced)
    if bound is not None:
        search = Search(replace(bound, early=subject.lets_time_be))
        search.deny(_unexplored(subject))
        _search(search, trial, log)
        return log.conclude(search=search, reduced=reduced)
    for judged in trial.run():
        log.add(judged)
        if log.has_ended:
            break
    return log.conclude()


def count_strategy(strategies: dict[str, Counter[str]], judged: Judged) -> None:
    """Count to which interleaving the run's strategy has come."""
    strategy = judged.run.schedule.partition(":")[0]
    strategies.setdefault(strategy, Counter())[judged.judgement.signature] += 1


def exploration_of(
    tally: Tally, strategies: Mapping[str, Counter[str]], *, seconds: float
) -> Exploration:
    """What the runs of a program have shown, whoever has made them."""
    claims = tally.claims
    return Exploration(
        example=claims.spec.id,
        side=claims.program.side,
        program=claims.program.name,
        toolchain=tally.toolchain,
        runs=tally.runs,
        seconds=seconds,
        interleavings=len(tally.signatures),
        findings=tuple(tally.findings.values()),
        unseen=tuple(prop.name for prop in tally.unwitnessed),
        strategies=tuple(
            (name, seen.total(), len(seen)) for name, seen in sorted(strategies.items())
        ),
        unconfirmed=tally.told_unconfirmed,
        passed_over=told_passed_over((tally,)),
    )


def why_uncontrolled(work: Work, subject: Subject) -> str:
    """Why the program cannot be explored; empty if it can."""
    if subject.is_controllable:
        return ""
    return "; ".join(work.notes) or "it cannot be controlled here"


_EVENT_LOOP = re.compile(r"^\s*(?:import|from)\s+(trio|curio|uvloop|gevent)\b", re.MULTILINE)
"""What takes tasks in an order of its own, and need not be noted by a runtime."""


def _unexplored(subject: Subject) -> Iterator[str]:
    """What the source of a program says that it uses, and no schedule decides."""
    if subject.toolchain.side is Side.PYTHON:
        yield from _EVENT_LOOP.findall(subject.claims.source)
        yield from python_words.inputs(subject.claims.source)
    else:
        yield from rust_words.inputs(subject.claims.spec)


def _search(search: Search, trial: Trial, log: _Progress) -> None:
    """Run what the search asks for: which schedules there are, earlier runs tell."""
    while log.has_budget:
        schedule = search.next()
        if schedule is None:
            return
        request = Request(
            subject=trial.subject, schedule=schedule, index=trial.tally.runs, candidates=True
        )
        try:
            judged = trial.make(request)
        except HarnessFault:
            if not search.flaws:
                raise
            judged = None  # what is not under control need not go as it went before
        else:
            if judged is None:
                return
            log.take(judged)
        search.add(judged.record if judged else None)


@dataclass(slots=True)
class _Progress:
    """What one exploration has shown so far."""

    trial: Trial
    started: float = field(default_factory=time.monotonic)
    strategies: dict[str, Counter[str]] = field(default_factory=dict)
    ends: threading.Event | None = None

    @property
    def has_ended(self) -> bool:
        """Whether a finding, here or elsewhere, has put an end to it."""
        return self.ends is not None and self.ends.is_set()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def has_budget(self) -> bool:
        """Whether there is time, and a schedule, left, and nobody has ended it all."""
        budget = self.trial.budget
        return (
            not self.has_ended
            and self.seconds < budget.seconds
            and self.trial.tally.runs < budget.schedules
        )

    def take(self, judged: Judged) -> None:
        """Count a run that a search has made."""
        self.trial.take(judged)
        self.add(judged)

    def add(self, judged: Judged) -> None:
        """Note which interleavings the run's strategy has come to."""
        count_strategy(self.strategies, judged)
        if self.ends is not None and self.trial.tally.findings:
            self.ends.set()

    def conclude(
        self,
        *,
        search: Search | None = None,
        reduced: ReducedSearch | None = None,
        skipped: str = "",
    ) -> Exploration:
        """What all runs of the program have come to, and the search that made them, if any."""
        found = exploration_of(self.trial.tally, self.strategies, seconds=self.seconds)
        return replace(found, search=search, reduced=reduced, skipped=skipped)
