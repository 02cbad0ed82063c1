"""What ``harness explore`` does where workers make the runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.bench.budget import Budget
from harness.bench.exploring import Exploration, exploration_of
from harness.bench.planning import SidePlan
from harness.bench.recording import Recorder
from harness.bench.subject import claims_of
from harness.cluster.calling import Corpora, done_lots, programs_of
from harness.cluster.connection import Cluster
from harness.cluster.journal import Journal
from harness.cluster.losing import lost_finding
from harness.cluster.lots import Lot, LotDone, LotKind, Part, PartDone
from harness.cluster.merging import InOrder
from harness.judging.tally import Tally
from harness.judging.verdict import conclude
from harness.values.finding import Finding
from harness.values.program import Program
from harness.values.report import Verdict

LOT_SCHEDULES = 240
"""Schedules of one lot: a whole batch, so that each worker draws no others than these."""

LOT_SECONDS = 5.0
"""What a lot may take: so much is lost with a worker. What it leaves goes out again."""

LOTS_AHEAD = 64
"""Lots of one program that may be done before an earlier one is."""


def explore_on(
    cluster: Cluster,
    journal: Journal,
    plans: Sequence[SidePlan],
    budget: Budget,
    tell: Callable[[Exploration], None],
    recorder: Recorder,
    *,
    kind: LotKind = LotKind.EXPLORE,
    until_failure: bool = False,
) -> tuple[tuple[Exploration, ...], tuple[Verdict, ...]]:
    """What an exploration here would find out, of schedules that the workers run.

    And the verdicts on sides that could not be built. The cluster has begun the call. Raises
    ClusterLost: what was done until then is in the journal.
    """
    corpora = Corpora.of(plan.spec for plan in plans)
    exploration = _Exploring(
        [
            _Program(plan, corpora.example(plan.spec), program, budget, kind)
            for plan in plans
            for program in programs_of(plan)
        ],
        tell,
        until_failure=until_failure,
    )
    for done in done_lots(cluster, journal, exploration.next_lot, recorder):
        exploration.take(done)
        if exploration.has_ended:
            break
    return exploration.conclude()


class _Program:
    """One program under way: what is out, what was done of it, and what that has shown."""

    def __init__(
        self,
        plan: SidePlan,
        example: tuple[int, str],
        program: Program,
        budget: Budget,
        kind: LotKind,
    ) -> None:
        self.plan = plan
        self.key = (example, program.name, plan.toolchain.side, plan.toolchain.label)
        self.build_findings: tuple[Finding, ...] = ()
        self.is_told = False
        self._example, self._name, self._budget, self._kind = example, program.name, budget, kind
        claims = claims_of(plan.spec, program, plan.toolchain)
        self._tally = Tally(claims=claims, toolchain=plan.toolchain.label)
        self._in_order = InOrder(self._merge)
        self._strategies: dict[str, Counter[str]] = {}
        self._next = 0
        """The first schedule of the budget that no lot has been made of."""
        self._rests: list[tuple[int, int]] = []
        """What lots left when their time was up, from and to, in order:
        given out before anything new."""
        self._out = 0
        """How many lots of it are out."""
        self._granted = 0.0
        """Seconds that those may take: as good as spent, until they are back."""
        self._spent = 0.0
        """Seconds that its runs have taken on all workers together, without builds."""
        self._uncontrolled = ""
        """Why it cannot be controlled on a worker: then nothing further is asked."""
        self._whole: Exploration | None = None
        """What a search found out, which one worker does from beginning to end."""

    def next_lot(self) -> Lot | None:
        """Another lot of it, if time, schedules and what is waited for leave one."""
        left = self._budget.seconds - self._spent - self._granted
        if self._is_known or left <= 0 or len(self._in_order.waiting) > LOTS_AHEAD:
            return None
        if self._rests:
            start, stop = self._rests.pop(0)
        elif self._next < self._budget.schedules:
            start, stop = self._next, self._budget.schedules
            if self._kind is LotKind.EXPLORE:
                stop = min(stop, start + LOT_SCHEDULES)
            self._next = stop
        else:
            return None
        seconds = min(LOT_SECONDS, left) if self._kind is LotKind.EXPLORE else left
        self._out += 1
        self._granted += seconds
        part = Part(example=self._example, program=self._name, start=start, stop=stop)
        return Lot(kind=self._kind, toolchain=self.plan.toolchain, parts=(part,), seconds=seconds)

    @property
    def _is_known(self) -> bool:
        """Whether no further lot could tell more."""
        return bool(self._uncontrolled or self._whole)

    def take(self, done: LotDone) -> None:
        """Take what came of one of its lots."""
        self._out -= 1
        self._granted -= done.lot.seconds
        self._spent += done.seconds - done.build_seconds
        for part in done.parts:
            self.build_findings = part.side.build_findings
            self._uncontrolled = part.uncontrolled
            self._whole = part.exploration
            if part.reached < part.part.stop:
                self._rests.append((part.reached, part.part.stop))
                self._rests.sort()
            # In the order of schedules: so the same is told, however many workers there are.
            self._in_order.add(part)
        if done.is_lost:
            self._tally.add_findings([lost_finding(self.plan.toolchain)])

    @property
    def has_failed(self) -> bool:
        """Whether anything that was done shows a failure, be it that it waits for what is not."""
        waiting = self._in_order.waiting.values()
        return bool(self._tally.findings or any(part.shown.findings for part in waiting))

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is out, and nothing more goes out."""
        has_more = bool(self._rests) or self._next < self._budget.schedules
        has_time = self._budget.seconds > self._spent
        return not self._out and (self._is_known or not (has_more and has_time))

    @property
    def is_absent(self) -> bool:
        """Whether there was no such program to be run."""
        return not (self._tally.runs or self._is_known or self._tally.findings)

    def _merge(self, done: PartDone) -> None:
        """Add what a part has shown; called in the order of runs, whatever came back first."""
        self._tally.add_all(done.shown)
        for name, seen in done.strategies.items():
            self._strategies.setdefault(name, Counter()).update(seen)

    def conclude(self) -> Exploration:
        """What was found out; what was done behind a gap counts now, too."""
        for start in sorted(self._in_order.waiting):
            self._merge(self._in_order.waiting.pop(start))
        if self._whole is not None:
            return self._whole
        found = exploration_of(self._tally, self._strategies, seconds=self._spent)
        return replace(found, skipped=self._uncontrolled)


class _Exploring:
    """All programs of an exploration."""

    def __init__(
        self,
        programs: Sequence[_Program],
        tell: Callable[[Exploration], None],
        *,
        until_failure: bool,
    ) -> None:
        self._programs = {program.key: program for program in programs}
        self._tell = tell
        self._until_failure = until_failure
        self._found: list[Exploration] = []

    def next_lot(self) -> Lot | None:
        """One of the first program that has one."""
        waiting = (each for each in self._programs.values() if not each.is_told)
        return next((lot for each in waiting if (lot := each.next_lot()) is not None), None)

    @property
    def has_ended(self) -> bool:
        """Whether a failure has put an end to it all."""
        return self._until_failure and any(each.has_failed for each in self._programs.values())

    def take(self, done: LotDone) -> None:
        """Take what came of a lot; raises WorkerFault for a fault of ours."""
        if done.faults:
            raise WorkerFault(done.faults[0])
        toolchain, (part,) = done.lot.toolchain, done.lot.parts
        program = self._programs[part.example, part.program, toolchain.side, toolchain.label]
        program.take(done)
        if program.is_done:
            self._conclude(program)

    def _conclude(self, program: _Program) -> None:
        """Tell of a program, once nothing more of it is to come."""
        program.is_told = True
        if not program.is_absent:
            self._found.append(program.conclude())
            self._tell(self._found[-1])

    def conclude(self) -> tuple[tuple[Exploration, ...], tuple[Verdict, ...]]:
        """All that was found out, and the verdicts on what could not be built."""
        for program in self._programs.values():
            if not program.is_told:
                self._conclude(program)
        unbuilt: dict[tuple[str, str], Verdict] = {}
        for program in self._programs.values():
            plan = program.plan
            if any(each.property == "builds" for each in program.build_findings):
                label = plan.toolchain.label
                unbuilt[plan.spec.id, label] = conclude(
                    plan.spec, plan.side, label, (), build_findings=program.build_findings
                )
        return tuple(self._found), tuple(unbuilt.values())


class WorkerFault(Exception):
    """A fault of the harness in a worker, with its traceback."""
