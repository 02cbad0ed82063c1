"""Whether CPython's own tests of asyncio pass under control, as they do without.

``python -m tests.bench own-tests`` runs those of locks, queues, task groups and timeouts on each
CPython here that has them, plainly and under ``BENCH_SCHEDULES`` schedules of asyncio's own orders.
No timeout comes early in these: the tests use sleeps for order.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from harness.machine.toolchains.pythons import find_pythons
from harness.schedules.names import STAY, Schedule
from harness.schedules.rotation import controlled_rotation
from harness.values.run import Exited
from harness.values.toolchain import Toolchain
from tests.bench.programs import Program, of_tasks
from tests.bench.workbench import Workbench, make_workbench

MODULES = ("test_locks", "test_queues", "test_taskgroups", "test_timeouts")
PARTS = 4
SCHEDULES = int(os.environ.get("BENCH_SCHEDULES", "6"))
LABELS = os.environ.get("BENCH_PYTHON", "")


Results = tuple[int, frozenset[str]]
"""How many tests were run, and which of them did not pass."""


def results_of(printed: str) -> Results:
    """Read what the program prints."""
    ran, _, *failed = printed.splitlines()
    return int(ran.split()[1]), frozenset(failed)


def plainly(bench: Workbench, program: Program) -> Results:
    """As anybody runs them: these tests sleep in real time."""
    command = [str(bench.plain), str(program.source), *program.arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={})
    return results_of(done.stdout)


def controlled(bench: Workbench, program: Program, schedule: Schedule) -> Results:
    """Under a schedule; a run that does not come to its end has failed as a whole."""
    outcome = bench.run(program, schedule)
    if outcome.ending != Exited(0):
        return 0, frozenset({f"{outcome.ending}"})
    return results_of(outcome.stdout)


def has(results: Results) -> bool:
    """Whether this version has the module at all."""
    return not any(name.startswith("unittest.loader.") for name in results[1])


def tell(toolchain: Toolchain, schedules: Sequence[Schedule]) -> None:
    """Print, for each module, what was run and what failed under control only."""
    bench = make_workbench(toolchain)
    if isinstance(bench, str):
        print(f"own tests: {toolchain.title} cannot be controlled: {bench}")
        return
    for module in MODULES:
        tests, blamed = 0, Counter[str]()
        for part in range(PARTS):
            program = of_tasks("own_tests", "fifo", module, str(PARTS), str(part))
            if not has(results := plainly(bench, program)):
                break
            count, failed_plainly = results
            tests += count
            for schedule in schedules:
                same, failed = controlled(bench, program, schedule)
                blamed.update(failed - failed_plainly)
                blamed["another number of tests"] += same != count
        said = ", ".join(f"{name} ({times} ×)" for name, times in blamed.items() if times) or "none"
        print(f"own tests: {toolchain.title}: {module}: {tests} tests under {len(schedules)} "
              f"schedules; failed there only: {said}", flush=True)  # fmt: skip


def report() -> None:
    """Print a line for each interpreter and module."""
    punctual = (each for each in controlled_rotation(4 * SCHEDULES) if not each.early)
    schedules = [STAY, *islice(punctual, SCHEDULES - 1)]
    for toolchain in find_pythons()[0]:
        if LABELS and toolchain.label not in LABELS.split(","):
            continue
        if toolchain.implementation == "CPython" and toolchain.has_gil:
            tell(toolchain, schedules)
