"""What a worker keeps of one call, and does for it: it builds, runs, judges, and tells."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

from harness.bench.exploring import count_strategy, explore_program, why_uncontrolled
from harness.bench.lab import open_lab
from harness.bench.making import Maker
from harness.bench.options import Options
from harness.bench.planning import SidePlan, Work, make_work
from harness.bench.proving import TracesSearch
from harness.bench.recording import Recorder
from harness.bench.subject import Request
from harness.bench.trial import Trial
from harness.bench.verifying import further_requests
from harness.bench.witnessing import Witnessing
from harness.cluster.lots import Call, Lot, LotDone, LotKind, Offer, Part, PartDone, SideTold
from harness.cluster.toolchains import identity_of
from harness.judging.shown import Shown
from harness.judging.tally import Tally
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust, find_all
from harness.machine.working_places import locked
from harness.record import RunRecord
from harness.record.bounds import KEPT_BROKEN, KEPT_SOUND
from harness.schedules.names import parse_schedule
from harness.values.errors import HarnessError, ToolchainMissing
from harness.values.report import RunEvent, RunFinished
from harness.values.toolchain import Toolchain

MOST_WORKS = 512
"""Sides that a worker keeps ready; those that were not used for longest are made ready again."""

_Example = tuple[int, str]


def own_offer() -> Offer:
    """What this machine has; asking starts each interpreter and compiler."""
    defaults: list[Toolchain] = []
    for find in (default_python, default_rust):
        with contextlib.suppress(ToolchainMissing):
            defaults.append(find())
    return Offer(toolchains=find_all().toolchains, defaults=tuple(defaults))


class Station:
    """One worker's part in one call. Several threads may do lots at once.

    ``corpora`` is where the corpora of the call lie here; ``state`` is for builds, and may be
    shared with other workers of this machine.
    """

    def __init__(self, call: Call, offer: Offer, corpora: Sequence[Path], state: Path) -> None:
        self.call = call
        self.offer = offer
        self.stop = threading.Event()
        self._corpora = tuple(corpora)
        # One job: the cluster gives a worker as many lots at a time as it has threads.
        self._options = replace(call.options, state=state, jobs=1, progress=Options().progress)
        self._own = {identity_of(each): each for each in offer.toolchains}
        """This machine's toolchains, by what a lot names them with."""
        self._works: OrderedDict[tuple[str, _Example], Work] = OrderedDict()
        self._building = threading.Lock()

    def do(self, lot: Lot, worker: str = "") -> LotDone:
        """Do what the lot asks for; whatever goes wrong is told, and nothing is raised."""
        started = time.monotonic()
        try:
            works, build_seconds = self._ready(lot)
            faults: list[str] = []
            ends = started + build_seconds + lot.seconds
            parts = tuple(
                self._do(lot, part, works[part.example], ends, faults) for part in lot.parts
            )
        except HarnessError as error:
            return LotDone(lot=lot, worker=worker, error=str(error))
        # An exception would go back to the client pickled, if that is possible at all, and
        # dask would take it for the lot's answer.
        except Exception:  # noqa: BLE001 - it is ours, and is told where somebody reads it
            return LotDone(lot=lot, worker=worker, faults=(traceback.format_exc(),))
        return LotDone(
            lot=lot,
            worker=worker,
            parts=parts,
            seconds=time.monotonic() - started,
            build_seconds=build_seconds,
            faults=tuple(faults),
        )

    # --- made ready -----------------------------------------------------------------

    def _ready(self, lot: Lot) -> tuple[Mapping[_Example, Work], float]:
        """The sides of the lot, built together where they were not yet; and how long that took."""
        toolchain = self._own_of(lot.toolchain)
        label = f"{toolchain.side.value} {toolchain.label}"
        examples = tuple(dict.fromkeys(part.example for part in lot.parts))
        # One at a time: cargo locks the target directory anyhow, and a second lot that
        # needs the same side is to find it built.
        with self._building:
            ready = {
                each: self._works[label, each] for each in examples if (label, each) in self._works
            }
            missing = [each for each in examples if each not in ready]
            started = time.monotonic()
            if missing:
                ready |= self._build(missing, toolchain)
            for each in examples:
                self._works[label, each] = ready[each]
                # The last that was used stands last: what is dropped is what
                # nobody has asked for longest.
                self._works.move_to_end((label, each))
            while len(self._works) > MOST_WORKS:
                self._works.popitem(last=False)
        return ready, time.monotonic() - started if missing else 0.0

    def _own_of(self, asked: Toolchain) -> Toolchain:
        """What is called so here; it goes by the label and the cores that the call knows."""
        own = self._own[identity_of(asked)]
        return replace(own, label=asked.label, cores=asked.cores)

    def _build(self, examples: Sequence[_Example], toolchain: Toolchain) -> dict[_Example, Work]:
        """Read and build these examples with one lab; raises HarnessError."""
        specs = {each: load_spec(self._corpora[each[0]] / each[1]) for each in examples}
        with locked(self._options.state):  # other workers may build for other examples
            lab = open_lab(tuple(specs.values()), (toolchain,), self._options)
        plans = {each: SidePlan(spec=spec, toolchain=toolchain) for each, spec in specs.items()}
        return {each: make_work(plan, lab, self._options) for each, plan in plans.items()}

    # --- done -----------------------------------------------------------------------

    def _do(self, lot: Lot, part: Part, known: Work, ends: float, faults: list[str]) -> PartDone:
        """Do one part by a trial of its own; tracebacks of ours are added to ``faults``."""
        side = SideTold(
            skip=known.plan.skip, build_findings=known.build_findings, notes=known.notes
        )
        planned = next((t for t in known.trials if _name_of(t) == part.program), None)
        if planned is None:
            return PartDone(part=part, side=side, reached=part.stop)
        kept = _Gathered()
        trial = Trial(
            subject=planned.subject,
            budget=self.call.budget or planned.budget,
            stop=self.stop,
            recorder=Recorder(kept),
        )
        match lot.kind:
            case LotKind.TRACES:
                done = self._run_traces(part, trial, known, faults)
            case LotKind.VERIFY:
                done = self._verify(part, trial, known, faults)
            case LotKind.FURTHER:
                done = self._look_further(part, trial, known, faults)
            case LotKind.EXPLORE:
                done = self._explore(part, trial, known, ends)
            case LotKind.SEARCH:
                done = self._search(part, trial, known)
        notes = done.side.notes or side.notes
        return replace(done, side=replace(side, notes=notes), records=tuple(kept.records))

    def _run_traces(self, part: Part, trial: Trial, known: Work, faults: list[str]) -> PartDone:
        """One run of each trace, where that can be done and is worth it."""
        if part.program not in known.searches:
            return PartDone(part=part, side=SideTold(notes=known.notes))
        maker = Maker(lambda _: None)
        searches = {part.program: self._traces_of(trial)}
        work = replace(known, trials=[trial], runs=[], searches=searches)
        maker.search(work, trial, self.stop.is_set)
        faults += maker.faults
        return PartDone(
            part=part,
            side=SideTold(notes=work.notes),
            shown=Shown.of(trial.tally),
            searched=next(iter(work.searched), None),
        )

    def _verify(self, part: Part, trial: Trial, known: Work, faults: list[str]) -> PartDone:
        """The other runs of a verification: those that could show something new."""
        within = [r for r in _until(part.stop, trial.requests()) if r.index >= part.start]
        wanted = [r for r in within if not (part.is_searched and r.schedule.is_controlled)]
        done = self._make(part, trial, known, wanted, faults)
        return replace(done, asked=done.asked + len(within) - len(wanted))

    def _look_further(self, part: Part, trial: Trial, known: Work, faults: list[str]) -> PartDone:
        """Runs beyond the budget, while they and the earlier ones leave something unseen."""
        count = _Count()
        maker = Maker(count)
        work = replace(known, trials=[trial], runs=[], searches={})
        if part.program in known.searches and not part.is_searched:
            work.searches[part.program] = self._as_it_was_left(trial, known)

        def unseen() -> frozenset[str]:
            return frozenset() if self.stop.is_set() else _unseen(part.before, trial.tally)

        further = Witnessing(maker=maker, work=work, trial=trial, unseen=unseen)
        further.run(further_requests(trial, self._options, made=part.start))
        faults += maker.faults
        done = _done(part, trial, work, count, asked=further.asked)
        return replace(done, searched=next(iter(work.searched), None))

    def _as_it_was_left(self, trial: Trial, known: Work) -> TracesSearch:
        """A search as it stands where it was left early, maybe by another worker.

        What that has shown is counted: it is made once more for its states alone.
        """
        search = self._traces_of(trial)
        again = Trial(subject=trial.subject, budget=trial.budget, stop=self.stop)
        work = replace(known, trials=[again], runs=[], searches={_name_of(again): search})
        Maker(lambda _: None).search(work, again, self.stop.is_set)
        return search

    def _traces_of(self, trial: Trial) -> TracesSearch:
        return TracesSearch.of(trial.subject, lines_commute=not self._options.every_line)

    def _make(
        self,
        part: Part,
        trial: Trial,
        known: Work,
        requests: Iterable[Request],
        faults: list[str],
    ) -> PartDone:
        """Make these runs of one program; gives what they came to."""
        count = _Count()
        maker = Maker(count)
        work = replace(known, trials=[trial], runs=[])
        asked = 0
        for request in requests:
            asked += 1
            is_made = maker.gives_up(work, trial, request) or maker.make(work, trial, request)
            if not is_made:
                break
        faults += maker.faults
        return _done(part, trial, work, count, asked=asked)

    def _explore(self, part: Part, trial: Trial, known: Work, ends: float) -> PartDone:
        """Drawn schedules, as far as the time goes."""
        side = SideTold(notes=known.notes)
        if why := why_uncontrolled(known, trial.subject):
            return PartDone(part=part, side=side, reached=part.stop, uncontrolled=why)
        budget = trial.budget.part(part.start, part.stop)
        reached, strategies = part.start, dict[str, Counter[str]]()
        drawn = trial.requests(budget, first=part.stop - budget.schedules)
        for judged in trial.run(requests=(r for r in drawn if r.index >= part.start)):
            reached = judged.request.index + 1
            count_strategy(strategies, judged)
            if time.monotonic() >= ends or (self.call.until_failure and trial.tally.findings):
                break
        return PartDone(
            part=part,
            side=side,
            reached=reached,
            asked=reached - part.start,
            shown=Shown.of(trial.tally),
            strategies=strategies,
        )

    def _search(self, part: Part, trial: Trial, known: Work) -> PartDone:
        """All that a systematic search asks for: which schedules there are, its own runs tell."""
        ends = self.stop if self.call.until_failure else None
        found = explore_program(
            known,
            trial,
            self.call.bound,
            ends,
            reduces=self.call.reduces,
            lines_commute=not self._options.every_line,
        )
        return PartDone(
            part=part,
            side=SideTold(notes=known.notes),
            reached=part.stop,
            shown=Shown.of(trial.tally),
            exploration=found,
        )


def _name_of(trial: Trial) -> str:
    return trial.subject.claims.program.name


def _until(stop: int, requests: Iterable[Request]) -> Iterator[Request]:
    return takewhile(lambda request: request.index < stop, requests)


def _unseen(before: Shown | None, tally: Tally) -> frozenset[str]:
    """What some run must show and none has, by name; nothing once something has gone wrong."""
    whole = Tally(claims=tally.claims, toolchain=tally.toolchain)
    if before is not None:
        whole.add_all(before)
    whole.add_all(tally)
    return frozenset() if whole.findings else frozenset(p.name for p in whole.unwitnessed)


def _done(part: Part, trial: Trial, work: Work, count: _Count, *, asked: int) -> PartDone:
    """What came of a part of whose runs so many were asked for."""
    return PartDone(
        part=part,
        side=SideTold(notes=work.notes),
        reached=part.stop,
        asked=asked,
        bad=count.bad,
        shown=Shown.of(trial.tally),
    )


@dataclass(slots=True)
class _Count:
    """Counts the runs that showed something."""

    bad: int = 0

    def __call__(self, event: RunEvent) -> None:
        """Take what is told of a run."""
        self.bad += isinstance(event, RunFinished) and not event.ok


@dataclass(slots=True)
class _Gathered:
    """Records of runs, to be sent: the output only of those that may be kept.

    The store keeps one of each kind, and no more than so many: what it would drop is not sent.
    """

    records: list[RunRecord] = field(default_factory=list)
    _kinds: set[tuple[str, tuple[str, ...], bool]] = field(default_factory=set)

    def record(self, record: RunRecord) -> None:
        """Take one run."""
        kind = record.signature, record.broke, parse_schedule(record.schedule).is_controlled
        is_new = kind not in self._kinds and len(self._kinds) < KEPT_SOUND + KEPT_BROKEN
        self.records.append(record if is_new else replace(record, recording=None))
        if is_new:
            self._kinds.add(kind)
