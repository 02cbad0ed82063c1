"""Go deep: as many controlled schedules as a budget allows, or every one of them."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.bench.execution import HarnessFault, Request
from harness.bench.making import Made, Maker
from harness.bench.planning import Work
from harness.judging.verdict import Tally, told_passed_over
from harness.machine.pool import in_parallel
from harness.schedules.names import Schedule, Strategy
from harness.schedules.rotation import controlled_rotation
from harness.schedules.search import Bound, Search
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.run import PassedOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far to go on each program: seconds, and schedules (of these strategies, if named).

    With ``systematic`` every schedule is enumerated that has no more than
    ``preemptions`` departures that nothing forces (any number, if ``None``),
    ``spurious`` of them wake-ups for nothing.
    """

    seconds: float = 60.0
    schedules: int = 1_000_000
    systematic: bool = False
    preemptions: int | None = None
    spurious: int = 1
    strategies: tuple[Strategy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What was found out about one program.

    ``search`` is the systematic search, where there was one: only if that is
    complete has every schedule within its bound been run. ``unconfirmed`` are
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
    strategies: tuple[tuple[str, int, int], ...] = ()
    skipped: str = ""
    unconfirmed: tuple[Finding, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def explore(
    works: Iterable[Work],
    maker: Maker,
    depth: Depth,
    tell: Callable[[Exploration], None],
    *,
    jobs: int,
) -> tuple[Exploration, ...]:
    """Explore every program of ``works``, ``jobs`` of them at a time."""
    pairs = [(work, tally) for work in works for tally in work.tallies]
    lock = threading.Lock()

    def one(pair: tuple[Work, Tally]) -> Exploration:
        found = _explore_program(*pair, maker, depth)
        with lock:
            tell(found)
        return found

    return tuple(in_parallel(one, pairs, jobs=jobs, name="explorer", stop=maker.stop))


def _explore_program(work: Work, tally: Tally, maker: Maker, depth: Depth) -> Exploration:
    request = next(
        (r for r in work.requests if r.claims is tally.claims and r.schedule.is_controlled), None
    )
    log = _Log(work, tally)
    if request is None:
        return log.conclude(skipped="; ".join(work.notes) or "it cannot be controlled here")
    if depth.systematic:
        early = request.claims.spec.timing == "free"
        search = Search(Bound(preemptions=depth.preemptions, early=early, spurious=depth.spurious))
        search.deny(_unexplored(request))
        _search(search, replace(request, candidates=True), maker, depth, log)
        return log.conclude(search=search)
    for schedule in _rotation(request, maker.options.seed, depth):
        if log.seconds >= depth.seconds or not log.add(maker.make(_with(request, schedule, log))):
            break
    return log.conclude()


_EVENT_LOOP = re.compile(
    r"^\s*(?:import|from)\s+(asyncio|trio|curio|uvloop|gevent)\b", re.MULTILINE
)
"""What takes tasks in an order of its own. A runtime notes it where something else loads it."""


def _unexplored(request: Request) -> Iterator[str]:
    """What the source of a program says that it uses, and no schedule decides."""
    if request.toolchain.side is Side.PYTHON:
        source = request.claims.spec.directory / request.claims.program.path
        yield from _EVENT_LOOP.findall(source.read_text(encoding="utf-8-sig", errors="replace"))


def _search(search: Search, request: Request, maker: Maker, depth: Depth, log: _Log) -> None:
    while log.seconds < depth.seconds and log.runs < depth.schedules:
        schedule = search.next()
        if schedule is None:
            return
        try:
            made = maker.make(_with(request, schedule, log))
        except HarnessFault:
            if not search.flaws:
                raise
            made = None  # what is not under control need not go as it went before
        else:
            if not log.add(made):
                return
        search.add(made.record if made else None)


def _with(request: Request, schedule: Schedule, log: _Log) -> Request:
    return replace(request, schedule=schedule, index=log.runs)


_BATCH = 240
"""Schedules that are planned at a time: whole rounds of the strategies."""


def _rotation(request: Request, seed: int, depth: Depth) -> Iterator[Schedule]:
    early = request.claims.spec.timing == "free"
    for start in range(0, depth.schedules, _BATCH):
        yield from controlled_rotation(
            min(_BATCH, depth.schedules - start),
            seed + start,
            early=early,
            strategies=depth.strategies,
        )


@dataclass(slots=True)
class _Log:
    """What one exploration has shown so far."""

    work: Work
    tally: Tally
    started: float = field(default_factory=time.monotonic)
    strategies: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def runs(self) -> int:
        return self.tally.runs

    def add(self, made: Made | None) -> bool:
        """Count a run; ``False`` if there was none, since the harness was told to stop."""
        if made is None:
            return False
        self.tally.add(made.judgement, made.run.wall_seconds, is_steered=True)
        strategy = made.run.schedule.partition(":")[0]
        self.strategies.setdefault(strategy, Counter())[made.judgement.signature] += 1
        return True

    def conclude(self, *, search: Search | None = None, skipped: str = "") -> Exploration:
        claims = self.tally.claims
        return Exploration(
            example=claims.spec.id,
            side=claims.program.side,
            program=claims.program.name,
            toolchain=self.work.plan.toolchain.label,
            runs=self.tally.runs,
            seconds=self.seconds,
            interleavings=len(self.tally.signatures),
            findings=tuple(self.tally.findings.values()),
            unseen=tuple(prop.name for prop in self.tally.unwitnessed),
            search=search,
            strategies=tuple(
                (name, seen.total(), len(seen)) for name, seen in sorted(self.strategies.items())
            ),
            skipped=skipped,
            unconfirmed=self.tally.told_unconfirmed,
            passed_over=told_passed_over((self.tally,)),
        )
