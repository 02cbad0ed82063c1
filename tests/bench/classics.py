"""How many schedules of the default budget it takes to show each planted bug, beside the peers.

And in how many runs a search of traces comes to its end. What a peer takes was measured once, on
the same program written for it: loom 0.7 and the depth-first search of shuttle in Rust,
interleave-test, frontrun (DPOR), ploom and detangle on CPython 3.13. ``classics-kept`` keeps the
figures in docs/classics.json, of which docs/schedules.md has a table.
"""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.bench.options import DEFAULT_SCHEDULES
from harness.machine.toolchains import default_python, default_rust
from harness.schedules.dpor import Branch, ReducedSearch
from harness.schedules.names import STAY, Schedule, Strategy
from harness.schedules.probing import Probing
from harness.schedules.record import Record
from harness.schedules.rotation import mixed_rotation
from harness.schedules.serving import serving
from harness.values.program import Side
from harness.values.run import Exited
from tests.bench.programs import BUGS, LATE_BUGS, Bug, Program, of_tasks, pair
from tests.bench.workbench import Outcome, Workbench, make_workbench

SEEDS = int(os.environ.get("BENCH_SEEDS", "20"))
STARTS = 10
KEPT = Path("docs/classics.json")

PEERS = {
    ("python", "deadlock of three locks"): ("interleave-test", 3),
    ("python", "order of two ready tasks"): ("detangle", 2),
    ("python", "deadlock of tasks, lock order"): ("detangle", 4),
}
"""The best peer of which it is known how many schedules it takes to show a bug."""

TASK_BUGS = tuple(
    Bug(name=name, program=of_tasks(file, order))
    for name, file, order in (
        ("order of two ready tasks", "two_ready", "free"),
        ("deadlock of tasks, lock order", "lock_order", "free"),
        ("the same behind timers", "lock_order_timed", "fifo"),
    )
)
"""Those of asyncio fail by how they end, whatever they print."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A program of which each trace is run, with what peers run until they are at the end."""

    name: str
    program: Program
    peers: Mapping[str, int]


def _rust(argument: str) -> Program:
    return Program(side=Side.RUST, file="traces", arguments=(argument,))


def _python(argument: str) -> Program:
    return Program(side=Side.PYTHON, file="bug_lost_update", arguments=("call", argument))


WHOLES = (
    Whole("lost update, 2 × 1", _rust("lost-update-1"), {"loom": 90, "shuttle": 69}),
    Whole("lost update, 2 × 2", _rust("lost-update-2"), {"loom": 1_080, "shuttle": 923}),
    Whole("lost update, 2 × 3", _rust("lost-update-3"), {"loom": 19_134, "shuttle": 12_869}),
    Whole("3 + 4 lines", _rust("lines"), {"loom": 77, "shuttle": 546}),
    Whole("4 + 5 lines", _rust("more-lines"), {"loom": 294, "shuttle": 2_046}),
    Whole("lost update, 2 × 1", _python("1"), {"frontrun": 6, "ploom": 69}),
    Whole("lost update, 2 × 2", _python("2"), {"frontrun": 70}),
    Whole("3 + 4 lines", pair(Side.PYTHON, 3, 4), {"frontrun": 3_003, "ploom": 56}),
)


def needed(
    bench: Workbench,
    program: Program,
    seeds: int,
    *,
    strategies: tuple[Strategy, ...] = tuple(Strategy),
) -> list[int | None]:
    """For each seed the number of the first schedule of these that shows the bug, if one does."""

    def run(schedule: Schedule) -> Record | None:
        return bench.run(program, schedule, candidates=True).record

    def tell() -> Record | None:
        return bench.run(program, STAY, touches=Branch().request).record

    probing = Probing(run, tell=tell if program.side is Side.RUST else None)
    shown: dict[Schedule, bool] = {}

    def is_shown(planned: Schedule) -> bool:
        schedule = probing.resolved(planned)
        if schedule not in shown:
            outcome = bench.run(program, schedule, candidates=schedule != planned)
            shown[schedule] = not _is_good(program, outcome)
            if schedule != planned:
                probing.add(schedule, outcome.record)
        return shown[schedule]

    def first(seed: int) -> int | None:
        schedules = mixed_rotation(DEFAULT_SCHEDULES, seed * DEFAULT_SCHEDULES)
        mine = ((n, each) for n, each in enumerate(schedules, 1) if each.strategy in strategies)
        return next((n for n, planned in mine if is_shown(planned)), None)

    return [first(seed) for seed in range(seeds)]


def _is_good(program: Program, outcome: Outcome) -> bool:
    """Whether a run did not show its bug."""
    if program in {bug.program for bug in TASK_BUGS}:
        return outcome.ending == Exited(0)
    return outcome.is_good


def figures(bench: Workbench, bug: Bug, seeds: int = SEEDS) -> dict[str, object]:
    """At how many seeds a bug is found, after how many schedules; and its best peer."""
    found = needed(bench, bug.program, seeds)
    side = bug.program.side.value
    peer, peers = PEERS.get((side, bug.name), ("", None))
    return {
        "side": side,
        "bug": bug.name,
        "median": statistics.median(number or float("inf") for number in found[:STARTS]),
        "most": max((number or DEFAULT_SCHEDULES + 1 for number in found), default=0),
        "seen": sum(number is not None for number in found),
        "seeds": seeds,
        **({"peer": peer, "peer needs": peers} if peer else {}),
    }


def rows(bench: Workbench, bugs: tuple[Bug, ...] = BUGS, seeds: int = SEEDS) -> Iterator[str]:
    """A line for each bug of the side: at how many seeds it is found, after how many schedules."""
    for bug in bugs:
        if bug.program.side is bench.toolchain.side:
            row = figures(bench, bug, seeds)
            peer = f"{row['peer']} {row['peer needs']}" if "peer" in row else ""
            yield (
                f"{bug.name:<34} {row['median']:>6g} {row['most']:>6} {row['seen']:>3} "
                f"of {seeds}  {peer}"
            )


def runs_of_all(bench: Workbench, program: Program) -> int | None:
    """In how many runs a search of traces comes to its end, with every order of lines."""
    search = ReducedSearch(is_native=program.side is Side.RUST)
    while (branch := search.next()) is not None and not search.uncovered:
        outcome = bench.run(program, branch.schedule, candidates=True, touches=branch.request)
        search.add(outcome.record)
    return search.tried if search.is_complete else None


def keep(seeds: int = SEEDS) -> None:
    """Measure all of it and keep it for the documents."""
    kept: dict[str, object] = {"schedules": DEFAULT_SCHEDULES, "starts": STARTS}
    shown: list[object] = []
    wholes: list[object] = []
    titles: list[str] = []
    for toolchain in (default_rust(), default_python()):
        bench = make_workbench(toolchain)
        if isinstance(bench, str):
            raise SystemExit(f"classics: {toolchain.title} cannot be controlled: {bench}")
        titles.append(toolchain.title)
        side = toolchain.side
        with serving(1):
            bugs = (bug for bug in (*BUGS, *TASK_BUGS) if bug.program.side is side)
            shown.extend(figures(bench, bug, seeds) for bug in bugs)
            for whole in WHOLES:
                if whole.program.side is side:
                    runs = runs_of_all(bench, whole.program)
                    row = {"side": side.value, "program": whole.name, "runs": runs}
                    wholes.append({**row, "peers": dict(whole.peers)})
    kept |= {"toolchains": titles, "shown": shown, "whole": wholes}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def report_late(seeds: int = SEEDS) -> None:
    """The same of bugs that come late."""
    report(seeds, LATE_BUGS)


def report(seeds: int = SEEDS, bugs: tuple[Bug, ...] = BUGS) -> None:
    """Print a table for each side."""
    for toolchain in (default_rust(), default_python()):
        bench = make_workbench(toolchain)
        if isinstance(bench, str):
            print(f"classics: {toolchain.title} cannot be controlled: {bench}")
            continue
        print(f"classics: {toolchain.title}: schedules of the default {DEFAULT_SCHEDULES} needed: "
              f"median of {STARTS} starts, most, seeds that show it, best peer")  # fmt: skip
        with serving(1):
            for row in rows(bench, bugs, seeds):
                print(row, flush=True)
