"""Do a search of all schedules and the default budget say the same of random small programs?

A program is a few letters for main and for each thread: ``u`` adds to a total
and ``l`` does so under a lock, ``x`` and ``y`` take two locks, in either
order; ``p`` prints a line, ``s`` sleeps; ``r`` makes ready and notifies,
``w`` waits for that once and ``W`` in a loop; ``c`` sends, and of main ``g``
receives and ``j`` joins.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.bench.options import DEFAULT_SCHEDULES
from harness.bench.proving import TracesSearch
from harness.machine.toolchains import default_python, default_rust
from harness.schedules.dpor import Branch, ReducedSearch, without_attempts
from harness.schedules.names import STAY, Schedule
from harness.schedules.probing import Probing
from harness.schedules.record import Record
from harness.schedules.rotation import mixed_rotation
from harness.schedules.search import Search, departures_of
from harness.values.program import Side
from harness.values.run import Exited
from tests.bench.programs import Program
from tests.bench.workbench import Outcome, Workbench, make_workbench

PROGRAMS = int(os.environ.get("BENCH_PROGRAMS", "500"))
FIRST = int(os.environ.get("BENCH_FIRST", "0"))
MOST_SCHEDULES = int(os.environ.get("BENCH_SCHEDULES", "1500"))


def random_program(side: Side, seed: int) -> Program:
    """The program of that number, the same whenever it is asked for."""
    chance = random.Random(seed)
    workers = ["".join(_worker(chance)) for _ in range(chance.choice((1, 1, 1, 2)))]
    main = _main(chance, "".join(workers))
    return Program(side=side, file="small", arguments=(main, *workers), granularity="sync")


def _worker(chance: random.Random) -> Iterator[str]:
    for _ in range(chance.choice((1, 1, 2))):
        yield chance.choice("uulxypsrcwW")


def _main(chance: random.Random, theirs: str) -> str:
    """What fits the threads, so that most end: a join or a sleep, and what they wait for."""
    own = [chance.choice("ulxyp")] if chance.random() < 0.6 else []
    own += ["r"] if set(theirs) & set("wW") and chance.random() < 0.8 else []
    own += [chance.choice("wW")] if "r" in theirs and chance.random() < 0.8 else []
    own += ["g"] * theirs.count("c")
    chance.shuffle(own)
    return "".join((*own, "s" if chance.random() < 0.25 else "j"))


def failure_of(outcome: Outcome) -> str:
    """How a run failed: ``bad``, ``Deadlocked``; empty if it did not.

    Main says what it thinks on a line, before or after those of its threads.
    """
    if outcome.ending == Exited(0) and "good" in outcome.stdout.split("\n"):
        return ""
    return "bad" if outcome.ending == Exited(0) else type(outcome.ending).__name__


@dataclass(slots=True)
class Found:
    """What runs have shown: the outputs, and the ways to fail, each with how far it is to it."""

    outputs: set[str] = field(default_factory=set)
    failures: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count a run in."""
        self.outputs.add(f"{outcome.stdout!r} {failure_of(outcome)}")
        if (failure := failure_of(outcome)) and outcome.record is not None:
            self.failures.setdefault(failure, []).append(_distance(outcome.record))


def _distance(record: Record) -> tuple[int, int]:
    """How many unforced departures a run has, and how many of them are for nothing."""
    forced = {decision.number for decision in record.decisions if decision.forced}
    departures = departures_of(record)
    hand_overs = sum(each.kind.value == 0 and each.at not in forced for each in departures)
    spurious = len(record.spurious) + len(record.weak)
    return hand_overs + len(record.fired) + spurious, spurious


def by_traces(bench: Workbench, program: Program, found: Found) -> ReducedSearch:
    """What the search of traces shows with which a verification begins, as far as it goes there."""
    search = ReducedSearch(is_native=bench.toolchain.side is Side.RUST)
    begun = TracesSearch(search)
    while begun.is_worth_it(DEFAULT_SCHEDULES) and (branch := search.next()) is not None:
        outcome = bench.run(program, branch.schedule, candidates=True, touches=branch.request)
        search.add(outcome.record)
        if outcome.record is not None and outcome.record.end != "asleep":
            found.add(replace(outcome, record=without_attempts(outcome.record)))
    return search


def by_default(bench: Workbench, program: Program, seed: int = 0) -> Found:
    """What a verification shows: one run of each trace where those are few, else schedules, too."""
    found = Found()
    if by_traces(bench, program, found).is_complete:
        return found

    def run(schedule: Schedule) -> Record | None:
        return bench.run(program, schedule, candidates=True).record

    def tell() -> Record | None:
        return bench.run(program, STAY, touches=Branch().request).record

    probing = Probing(run, tell=tell if program.side is Side.RUST else None)
    for planned in mixed_rotation(DEFAULT_SCHEDULES, seed):
        schedule = probing.resolved(planned)
        outcome = bench.run(program, schedule, candidates=schedule != planned)
        if schedule != planned:
            probing.add(schedule, outcome.record)
        found.add(outcome)
    return found


def by_search(bench: Workbench, program: Program, most: int) -> tuple[Search, Found]:
    """What a search shows that has come to its end, or to so many schedules.

    Those with the fewest preemptions come first: it has run all that have no more than
    ``search.reached``.
    """
    search, found = Search(), Found()
    while search.tried < most and (schedule := search.next()) is not None:
        outcome = bench.run(program, schedule, candidates=True)
        search.add(outcome.record)
        found.add(outcome)
    return search, found


def disagreements(search: Search, searched: Found, drawn: Found) -> Iterator[str]:
    """What one has found and the other has not, of what both can find."""
    bound, reached = search.bound, search.reached
    for failure, distances in drawn.failures.items():
        within = any(
            spurious <= bound.spurious and (reached is None or unforced <= reached)
            for unforced, spurious in distances
        )
        if not search.flaws and within and failure not in searched.failures:
            yield f"{failure}: found by the default budget, not by a complete search"
    for failure in searched.failures.keys() - drawn.failures.keys():
        yield f"{failure}: found by a search, not by the default budget"
    if search.is_complete:
        for output in drawn.outputs - searched.outputs:
            if not any(
                spurious > bound.spurious for d in drawn.failures.values() for _, spurious in d
            ):
                yield f"{output}: printed, but in no run of a complete search"


def report(programs: int = PROGRAMS, most: int = MOST_SCHEDULES) -> None:
    """Print what each side's programs come to, and every disagreement."""
    for toolchain in (default_rust(), default_python()):
        bench = make_workbench(toolchain)
        if isinstance(bench, str):
            print(f"agreement: {toolchain.title} cannot be controlled: {bench}")
            continue
        ends: Counter[str] = Counter()
        differ = 0
        for seed in range(FIRST, FIRST + programs):
            program = random_program(toolchain.side, seed)
            search, searched = by_search(bench, program, most)
            drawn = by_default(bench, program)
            ends[_end_of(search)] += 1
            ends["failing"] += bool(searched.failures or drawn.failures)
            for difference in disagreements(search, searched, drawn):
                differ += 1
                print(f"agreement: {program.name} ({seed}): {difference}", flush=True)
        told = ", ".join(f"{number} {end}" for end, number in sorted(ends.items()))
        print(f"agreement: {toolchain.title}: {programs} programs, {told}; "
              f"{differ} disagreements", flush=True)  # fmt: skip


def _end_of(search: Search) -> str:
    if search.flaws:
        return f"not complete ({'; '.join(search.flaws)})"
    reached = search.reached
    return "complete" if reached is None else f"complete with {reached} preemptions"
