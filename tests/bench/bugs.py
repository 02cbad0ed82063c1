"""How many schedules it takes to show a planted bug, strategy by strategy, beside plain runs."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from harness.machine.toolchains import default_python, default_rust
from harness.schedules.names import PLAIN, Schedule, Strategy
from harness.schedules.rotation import controlled_rotation
from tests.bench.programs import BUGS, Bug, Program
from tests.bench.workbench import WORKERS, Workbench, make_workbench

PLAIN_RUNS = int(os.environ.get("BENCH_PLAIN", "2000"))
CAP = int(os.environ.get("BENCH_CAP", "200"))
STARTS = int(os.environ.get("BENCH_STARTS", "5"))
ROTATION = "rotation"

Rotation = Callable[[int, int], tuple[Schedule, ...]]
"""So many schedules, from a seed on."""


def _of(strategy: Strategy, depth: int = 0) -> Rotation:
    def schedules(number: int, seed: int) -> tuple[Schedule, ...]:
        seeds = islice(count(seed), number)
        return tuple(Schedule(strategy=strategy, depth=depth, seed=one) for one in seeds)

    return schedules


STRATEGIES: dict[str, Rotation] = {
    "random": _of(Strategy.RANDOM),
    "sticky": _of(Strategy.STICKY),
    "pct1": _of(Strategy.PCT, 1),
    "pct2": _of(Strategy.PCT, 2),
    "pct3": _of(Strategy.PCT, 3),
    "weighted": _of(Strategy.WEIGHTED),
    ROTATION: controlled_rotation,
}
"""Each strategy by itself, and what the harness does by default."""


@dataclass(frozen=True, slots=True)
class Power:
    """How one strategy does on one bug.

    ``needed`` is the median, over several starting seeds, of the number of
    the first schedule that shows it (``None``: more than the cap); ``share``
    is the part of the first start's schedules that show it.
    """

    needed: float | None
    share: float
    cap: int

    def __str__(self) -> str:
        """``3 (41 %)``: needed, and share."""
        needed = f">{self.cap}" if self.needed is None else f"{self.needed:g}"
        return f"{needed} ({100 * self.share:.0f} %)"


def first_shown(bench: Workbench, program: Program, schedules: Iterable[Schedule]) -> int | None:
    """Which of the schedules, from 1, is the first to show the bug; no more are run than needed."""
    waiting = iter(schedules)
    done = 0
    while batch := list(islice(waiting, WORKERS)):
        for outcome in bench.run_all(program, batch):
            done += 1
            if not outcome.is_good:
                return done
    return None


def shown(bench: Workbench, program: Program, schedules: Iterable[Schedule]) -> list[int]:
    """Which of the schedules, from 1, show the bug; all of them are run."""
    outcomes = bench.run_all(program, schedules)
    return [number for number, outcome in enumerate(outcomes, 1) if not outcome.is_good]


def power_of(
    bench: Workbench, program: Program, rotation: Rotation, starts: int, cap: int
) -> Power:
    """How the strategy does; the starts' seeds are ``cap`` apart."""
    all_shown = shown(bench, program, rotation(cap, 0))
    needed = [
        all_shown[0] if all_shown else None,
        *(first_shown(bench, program, rotation(cap, cap * start)) for start in range(1, starts)),
    ]
    median = statistics.median(number or float("inf") for number in needed)
    return Power(None if median == float("inf") else median, len(all_shown) / cap, cap)


def measure(
    bench: Workbench, bug: Bug, *, plain: int = PLAIN_RUNS, starts: int = STARTS, cap: int = CAP
) -> Iterator[str]:
    """The cells of the bug's row: each strategy, the mended twin, the plain runs."""
    for rotation in STRATEGIES.values():
        yield str(power_of(bench, bug.program, rotation, starts, cap))
    yield f"{len(shown(bench, bug.mended, controlled_rotation(cap)))}"
    yield f"{len(shown(bench, bug.program, [PLAIN] * plain)):,}"


def _line(name: str, cells: Iterable[str]) -> str:
    return f"{name:<34}" + "".join(f"{cell:>12}" for cell in cells)


def report(plain: int = PLAIN_RUNS, starts: int = STARTS, cap: int = CAP) -> None:
    """Print a table for each side."""
    for toolchain in (default_rust(), default_python()):
        bench = make_workbench(toolchain)
        if isinstance(bench, str):
            print(f"bugs: {toolchain.title} cannot be controlled: {bench}")
            continue
        print(f"bugs: {toolchain.title}: schedules needed, median of {starts} starts "
              f"(share of {cap} that show it); mended: shown by {cap} of the rotation; "
              f"plain: shown by {plain:,} runs")  # fmt: skip
        print(_line("", (*STRATEGIES, "mended", "plain")))
        for bug in BUGS:
            if bug.program.side is toolchain.side:
                cells = measure(bench, bug, plain=plain, starts=starts, cap=cap)
                print(_line(bug.name, cells), flush=True)
