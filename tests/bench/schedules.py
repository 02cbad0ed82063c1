"""What controlled runs cost, and how much of a pair's 3,003 interleavings they come to."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from harness.bench.budget import Budget, Mix
from harness.bench.exploring import Exploration, explore
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import make_work, plan_sides
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import default_python, default_rust
from harness.values.program import Side


def explore_spawn(side: Side, schedules: int) -> Exploration:
    """So many controlled schedules of the pair that spawns one thread."""
    options = Options(schedules=1, sides=(side,), state=Path(".harness"))
    specs = load_all(select(find_examples([Path("examples")]), ("spawn",)))
    toolchains = (default_python() if side is Side.PYTHON else default_rust(),)
    lab = open_lab(specs, toolchains, options)
    works = [make_work(plan, lab, options) for plan in plan_sides(specs, toolchains, options)]
    budget = Budget(runs=0, schedules=schedules, mix=Mix.DRAWN, seconds=600)
    (found,) = explore(works, budget, lambda _: None, jobs=1)
    return replace(found)


def report() -> None:
    """Print the figures."""
    for side, schedules in ((Side.RUST, 200), (Side.PYTHON, 60)):
        started = time.perf_counter()
        found = explore_spawn(side, schedules)
        print(f"schedules: {schedules} of spawn ({side.value}) in {found.seconds:.2f} s, "
              f"{time.perf_counter() - started:.2f} s with building, "
              f"{found.interleavings} distinct interleavings")  # fmt: skip
