"""Run the programs of the zoo under many schedules, and say what is wrong with control."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness.bench.execution import execute
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides
from harness.bench.subject import Executed, Request
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.discovery import find_directories, load_all
from harness.schedules.record import Record
from harness.values.run import TimedOut
from harness.values.toolchain import Toolchain

ZOO = Path(__file__).parent
CORPORA = tuple(ZOO / name for name in ("python", "rust", "packages"))
WORKERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much each program is tried; every so many schedules one is made again."""

    schedules: int = 100
    plain: int = 5
    seed: int = 0
    again_every: int = 10


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of one program with one toolchain.

    ``wrong`` holds what was said against it: in plain runs, or in controlled
    ones that were fully controlled. ``unconfirmed`` is what runs show that were
    not, and that no plain run shows: nothing that a user is told as a finding.
    """

    name: str
    toolchain: str
    runs: int = 0
    controlled: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    unconfirmed: Counter[str] = field(default_factory=Counter)
    hangs: list[str] = field(default_factory=list)
    loose: Counter[str] = field(default_factory=Counter)
    loose_runs: int = 0
    made_again: int = 0
    differ: list[str] = field(default_factory=list)
    not_replayed: int = 0
    skipped: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.skipped:
            return "skipped"
        if self.hangs:
            return "HANG"
        return "FALSE" if self.wrong or self.differ else "right"

    @property
    def is_fully_controlled(self) -> bool:
        """Whether it was controlled, and no run was beyond control in any way."""
        return self.controlled > 0 and self.loose_runs == 0

    @property
    def faults(self) -> tuple[str, ...]:
        """All that is wrong, each as a line."""
        return (
            *(f"{text} ({count} runs)" for text, count in self.wrong.items()),
            *(f"does not end under {schedule}" for schedule in self.hangs),
            *(f"{schedule} gives two different runs" for schedule in self.differ),
        )


def choose(words: Sequence[str] = (), corpora: Sequence[Path] = CORPORA) -> tuple[Spec, ...]:
    """The programs of the zoo; where there are words, those whose ``topic/name`` begins so."""
    directories = [
        each for corpus in corpora if corpus.is_dir() for each in find_directories(corpus)
    ]
    return load_all(
        each
        for each in directories
        if not words or f"{each.parent.name}/{each.name}".startswith(tuple(words))
    )


def run_zoo(
    specs: Sequence[Spec], toolchains: Sequence[Toolchain], effort: Effort, state: Path
) -> Iterator[Found]:
    """Build all, then try one program after the other."""
    options = Options(
        runs=effort.plain, schedules=effort.schedules, seed=effort.seed, state=state, jobs=WORKERS
    )
    lab = open_lab(specs, toolchains, options)
    for plan in plan_sides(specs, toolchains, options):
        yield _try(make_work(plan, lab, options), effort)


def _try(work: Work, effort: Effort) -> Found:
    """All runs of one program, and some of the controlled ones twice."""
    start = time.monotonic()
    plan = work.plan
    found = Found(name=plan.spec.id, toolchain=plan.toolchain.title, skipped=plan.skip)
    found.wrong.update(str(finding.violation.message) for finding in work.build_findings)
    plain_faults: set[str] = set()
    lost: set[str] = set()
    make = partial(_make, lost=lost)
    with ThreadPoolExecutor(WORKERS) as pool:
        for request, outcome in pool.map(make, work.requests):
            _count(found, request, outcome, plain_faults, lost)
        again = _to_be_made_again(work, effort)
        for request, difference in pool.map(_compare, again):
            _count_again(found, request, difference)
    found.seconds = time.monotonic() - start
    return found


def _to_be_made_again(work: Work, effort: Effort) -> list[Request]:
    controlled = [request for request in work.requests if request.schedule.is_controlled]
    return controlled[:: effort.again_every]


def _make(request: Request, lost: set[str]) -> tuple[Request, Executed | str]:
    """The run, or what the harness itself failed with.

    ``lost`` takes what was beyond control in the runs that others are made by.
    """

    def execute_first(asked: Request) -> Executed | None:
        executed = execute(asked)
        if executed is not None and executed.record is not None:
            lost.update(may_differ(executed.record))
        return executed

    try:
        executed = execute(request.subject.estimates.prepare(request, execute_first))
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is the harness's own
        return request, f"a fault of the harness: {type(fault).__name__}: {fault}"
    return request, executed or "stopped"


def _compare(request: Request) -> tuple[Request, str]:
    """Make a run twice: ``same``, ``different``, or ``loose`` if it need not be the same."""
    try:
        prepared = request.subject.estimates.prepare(request, execute)
        runs = [execute(prepared), execute(prepared)]
    except Exception:  # noqa: BLE001 - whatever it is, it is the harness's own
        return request, "different"
    if any(run is None or (run.record and beyond_control(run.record)) for run in runs):
        return request, "loose"
    shown = {(run.record, run.run.stdout, run.run.stderr, run.run.ending) for run in runs if run}
    return request, "same" if len(shown) == 1 else "different"


def beyond_control(record: Record) -> tuple[str, ...]:
    """What of a run control could not follow, each as the record says it."""
    passed_over = (
        f"passed over: {each.call or 'no call'} at {each.place or '?'}" for each in record.loose
    )
    return (*record.uncontrolled, *passed_over)


def may_differ(record: Record) -> tuple[str, ...]:
    """What of a run may be another under a schedule that was made by it.

    asyncio keeps tasks in sets: their order goes by addresses, which no schedule decides.
    """
    return (*beyond_control(record), *record.notes)


def _count(
    found: Found,
    request: Request,
    outcome: Executed | str,
    plain_faults: set[str],
    lost: set[str],
) -> None:
    found.runs += 1
    found.controlled += request.schedule.is_controlled
    if isinstance(outcome, str):
        found.wrong[f"{' '.join(outcome.split())} under {request.schedule}"] += 1
        return
    reasons = beyond_control(outcome.record) if outcome.record else ()
    if outcome.record is not None and outcome.record.end == "mismatch":
        # A schedule need not fit if the run that it was made by was beyond control.
        reasons += tuple(f"in a first run, {reason}" for reason in sorted(lost))
    found.loose.update(set(reasons))
    found.loose_runs += bool(reasons)
    if isinstance(outcome.run.ending, TimedOut):
        found.hangs.append(str(request.schedule))
    for finding in judge_run(request.claims, outcome.run).findings:
        told = f"{finding.property}: {finding.violation.message}"
        if not request.schedule.is_controlled:
            plain_faults.add(finding.property)
        counts = bool(reasons) and finding.property not in plain_faults
        (found.unconfirmed if counts else found.wrong)[f"{told} [{request.schedule}]"] += 1


def _count_again(found: Found, request: Request, difference: str) -> None:
    found.made_again += 1
    found.not_replayed += difference == "loose"
    if difference == "different":
        found.differ.append(str(request.schedule))


@contextmanager
def busy_cores(count: int = 2) -> Iterator[None]:
    """Keep so many cores busy meanwhile."""
    context = multiprocessing.get_context("spawn")
    loops = [context.Process(target=_spin, daemon=True) for _ in range(count)]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.join()


def _spin() -> None:
    while True:
        pass


def line_of(found: Found) -> str:
    """What came of one program, in a line."""
    if found.skipped:
        return f"{found.verdict:8} {found.name:40} {found.toolchain:16} {found.skipped}"
    replayed = found.made_again - found.not_replayed - len(found.differ)
    again = f"{replayed}/{found.made_again} the same"
    if found.not_replayed:
        again += f", {found.not_replayed} said not to be"
    why = "; ".join(f"{reason} ({count})" for reason, count in found.loose.most_common(3))
    return (
        f"{found.verdict:8} {found.name:40} {found.toolchain:16} {found.runs:4} runs, "
        f"{found.loose_runs:3} loose, made again: {again}, {found.seconds:5.1f} s"
        f"{f'  {why}' if why else ''}"
    )


def summary_of(all_found: Iterable[Found]) -> str:
    """What came of them all."""
    tried = [found for found in all_found if not found.skipped]
    if not tried:
        return "no program was tried"
    full = sum(found.is_fully_controlled for found in tried)
    slowest = max(tried, key=lambda found: found.seconds)
    return "\n".join(
        (
            f"{len(tried)} programs, {sum(found.runs for found in tried):,} runs",
            f"false verdicts: {sum(bool(found.wrong) for found in tried)}",
            f"hangs: {sum(bool(found.hangs) for found in tried)}",
            f"other runs when made again: {sum(bool(found.differ) for found in tried)}",
            f"fully controlled: {full} of {len(tried)} ({100 * full / len(tried):.0f} %)",
            f"slowest: {slowest.name}, {slowest.seconds:.1f} s",
        )
    )
