"""How many schedules it takes to find a bug in the order of asyncio's tasks, timers and events."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator

from harness.machine.toolchains import default_python
from harness.schedules.rotation import controlled_rotation
from harness.values.run import Exited
from tests.bench.programs import TASK_PROGRAMS, Program, of_tasks
from tests.bench.workbench import WORKERS, Workbench, make_workbench

ORDERS = ("fifo", "free")
STARTS = int(os.environ.get("BENCH_STARTS", "10"))
CAP = int(os.environ.get("BENCH_CAP", "60"))
TWIN_RUNS = int(os.environ.get("BENCH_TWIN_RUNS", "100"))

NEVER = float("inf")
ENOUGH = 2


def shown(bench: Workbench, program: Program, schedules: int, seed: int) -> Iterator[int]:
    """Which of the rotation's schedules, from 1, make the program fail or hang, as they are run."""
    waiting = controlled_rotation(schedules, seed)
    for start in range(0, schedules, WORKERS):
        batch = waiting[start : start + WORKERS]
        for number, outcome in enumerate(bench.run_all(program, batch), start + 1):
            if outcome.ending != Exited(0):
                yield number


def needed(bench: Workbench, program: Program, starts: int, cap: int) -> str:
    """The median of the first schedule that shows the bug, from several seeds on, and the range.

    No more seeds are tried where the first few show nothing.
    """
    numbers: list[float] = []
    for start in range(starts):
        numbers.append(next(shown(bench, program, cap, cap * start), NEVER))
        if numbers == [NEVER] * ENOUGH:
            break
    told = [f"{number:g}" if number < NEVER else f">{cap}" for number in sorted(numbers)]
    median = statistics.median(numbers)
    middle = f"{median:g}" if median < NEVER else f">{cap}"
    return middle if min(numbers) == NEVER else f"{middle} ({told[0]} to {told[-1]})"


def cells(bench: Workbench, name: str, starts: int, cap: int, twin_runs: int) -> Iterator[str]:
    """A program's row: schedules needed in each order of tasks; how many blame its twin."""
    for order in ORDERS:
        yield needed(bench, of_tasks(name, order), starts, cap)
    twins = (of_tasks(name, order, "ok") for order in ORDERS)
    yield str(sum(len(list(shown(bench, twin, twin_runs, 0))) for twin in twins))


def report(starts: int = STARTS, cap: int = CAP, twin_runs: int = TWIN_RUNS) -> None:
    """Print a table."""
    toolchain = default_python()
    bench = make_workbench(toolchain)
    if isinstance(bench, str):
        print(f"tasks: {toolchain.title} cannot be controlled: {bench}")
        return
    print(f"tasks: {toolchain.title}: schedules needed, median of {starts} starts (range); "
          f"twin: blamed by so many of {2 * twin_runs} runs")  # fmt: skip
    print(f"{'':<20}" + "".join(f"{name:>18}" for name in (*ORDERS, "twin")))
    for name in TASK_PROGRAMS:
        row = cells(bench, name, starts, cap, twin_runs)
        print(f"{name:<20}" + "".join(f"{cell:>18}" for cell in row), flush=True)
