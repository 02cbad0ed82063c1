"""How many schedules of the default budget it takes to show each planted bug, beside the peers.

The figures of the peers are those of their own reports on the same program:
of a ring of three locks in Python, interleave-test's.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator

from harness.bench.options import DEFAULT_SCHEDULES
from harness.machine.toolchains import default_python, default_rust
from harness.schedules.dpor import Branch
from harness.schedules.names import STAY, Schedule, Strategy
from harness.schedules.probing import Probing
from harness.schedules.record import Record
from harness.schedules.rotation import mixed_rotation
from harness.schedules.serving import serving
from harness.values.program import Side
from tests.bench.programs import BUGS, LATE_BUGS, Bug, Program
from tests.bench.workbench import Workbench, make_workbench

SEEDS = int(os.environ.get("BENCH_SEEDS", "20"))
STARTS = 10
PEERS = {("python", "deadlock of three locks"): "interleave-test 3"}


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
            shown[schedule] = not outcome.is_good
            if schedule != planned:
                probing.add(schedule, outcome.record)
        return shown[schedule]

    def first(seed: int) -> int | None:
        schedules = mixed_rotation(DEFAULT_SCHEDULES, seed * DEFAULT_SCHEDULES)
        mine = ((n, each) for n, each in enumerate(schedules, 1) if each.strategy in strategies)
        return next((n for n, planned in mine if is_shown(planned)), None)

    return [first(seed) for seed in range(seeds)]


def rows(bench: Workbench, bugs: tuple[Bug, ...] = BUGS, seeds: int = SEEDS) -> Iterator[str]:
    """A line for each bug of the side: at how many seeds it is found, after how many schedules."""
    for bug in bugs:
        if bug.program.side is bench.toolchain.side:
            found = needed(bench, bug.program, seeds)
            median = statistics.median(number or float("inf") for number in found[:STARTS])
            seen = sum(number is not None for number in found)
            worst = max((number or DEFAULT_SCHEDULES + 1 for number in found), default=0)
            peer = PEERS.get((bug.program.side.value, bug.name), "")
            yield f"{bug.name:<34} {median:>6g} {worst:>6} {seen:>3} of {seeds}  {peer}"


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
