"""How much of what is possible controlled runs come to, and how evenly.

Main prints 5 lines while a thread prints 10: 3,003 interleavings. As many
even draws as there are runs would come to an expected number of them, and no
sample of that size lies nearer to even than such draws do: both are printed
beside what each strategy gives. The pair of 3 and 4 is searched to its end.
"""

from __future__ import annotations

import os
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import comb

from harness.machine.toolchains import default_python, default_rust
from harness.schedules.names import PLAIN, Schedule
from harness.schedules.search import Search
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from tests.bench.bugs import STRATEGIES
from tests.bench.programs import Program, pair
from tests.bench.workbench import Outcome, Workbench, make_workbench

RUNS = int(os.environ.get("BENCH_RUNS", "2000"))
SAMPLED = (5, 10)
SEARCHED = (3, 4)
EVEN_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Spread:
    """How a sample lies over so many equally likely outcomes.

    ``distance`` is the total-variation distance to the even distribution,
    from 0 to 1; ``chi_square`` is Pearson's statistic over its degrees of
    freedom, which is about 1 for even draws.
    """

    distinct: float
    distance: float
    chi_square: float

    def __str__(self) -> str:
        """Three columns."""
        return f"{self.distinct:>10,.0f} {self.distance:>10.3f} {self.chi_square:>12.2f}"


def spread_of(counts: Iterable[int], outcomes: int) -> Spread:
    """The spread of a sample, given how often each outcome that it has was seen."""
    seen = tuple(counts)
    even = sum(seen) / outcomes
    unseen = outcomes - len(seen)
    distance = sum(abs(count - even) for count in seen) + unseen * even
    squares = sum((count - even) ** 2 for count in seen) + unseen * even**2
    return Spread(len(seen), distance / sum(seen) / 2, squares / even / (outcomes - 1))


def even_spread(draws: int, outcomes: int) -> Spread:
    """The mean spread of samples that are really even."""
    rng = random.Random(0)
    spreads = [
        spread_of(Counter(rng.choices(range(outcomes), k=draws)).values(), outcomes)
        for _ in range(EVEN_SAMPLES)
    ]
    return Spread(
        outcomes * (1 - (1 - 1 / outcomes) ** draws),
        statistics.fmean(spread.distance for spread in spreads),
        statistics.fmean(spread.chi_square for spread in spreads),
    )


def interleaving(outcome: Outcome) -> str:
    """Whose each line is, by its first letter; ends the benchmark if a line was lost."""
    lines = outcome.stdout.splitlines()
    return "".join(line[0].upper() for line in lines)


def sample(bench: Workbench, program: Program, schedules: Iterable[Schedule]) -> Spread:
    """How these runs of a pair spread over its interleavings."""
    orders = Counter(interleaving(outcome) for outcome in bench.run_all(program, schedules))
    _check(program, orders)
    return spread_of(orders.values(), possible(program))


def possible(program: Program) -> int:
    """How many interleavings a pair has."""
    main, worker = map(int, program.arguments)
    return comb(main + worker, main)


def _check(program: Program, orders: Iterable[str]) -> None:
    """End the benchmark if what was printed is no interleaving of the pair's lines."""
    main, worker = map(int, program.arguments)
    for order in orders:
        if (order.count("M"), len(order)) != (main, main + worker):
            raise SystemExit(f"{program.name}: no interleaving: {order!r}")


def search(bench: Workbench, program: Program) -> tuple[int, Search]:
    """Search a pair to its end: how many interleavings came, and the search.

    Points are where threads meet and where they write; more of them would come
    to the same interleavings by more schedules.
    """
    program = replace(program, granularity="sync")
    finder = Search()
    orders = set()
    while (schedule := finder.next()) is not None:
        outcome = bench.run(program, schedule)
        if outcome.record is None:
            raise SystemExit(f"{program.name} under {schedule}: {outcome}")
        finder.add(outcome.record)
        orders.add(interleaving(outcome))
    _check(program, orders)
    return len(orders), finder


def report_samples(bench: Workbench, program: Program, runs: int) -> None:
    """Print a line for each strategy, even draws first and plain runs last."""
    print(f"coverage: {program.name} ({bench.toolchain.title}), {runs:,} runs, "
          f"{possible(program):,} interleavings")  # fmt: skip
    print(f"{'':<12}{'distinct':>10} {'distance':>10} {'chi²/df':>12}")
    print(f"{'even draws':<12}{even_spread(runs, possible(program))}")
    for name, rotation in STRATEGIES.items():
        print(f"{name:<12}{sample(bench, program, rotation(runs, 0))}", flush=True)
    print(f"{'plain':<12}{sample(bench, program, [PLAIN] * runs)}", flush=True)


def report_search(bench: Workbench, program: Program) -> None:
    """Print how the systematic search ended."""
    found, finder = search(bench, program)
    ended = "complete" if finder.is_complete else "not complete"
    print(f"coverage: {program.name} ({bench.toolchain.title}), systematically: {found} of "
          f"{possible(program)}, {ended}, {finder.tried:,} schedules", flush=True)  # fmt: skip


def report(runs: int = RUNS, searched: tuple[int, int] = SEARCHED) -> None:
    """Print the tables of both sides."""
    for side, default in _DEFAULTS.items():
        bench = make_workbench(default())
        if isinstance(bench, str):
            print(f"coverage: {side.value} cannot be controlled: {bench}")
            continue
        report_samples(bench, pair(side, *SAMPLED), runs)
        report_search(bench, pair(side, *searched))


_DEFAULTS: dict[Side, Callable[[], Toolchain]] = {
    Side.RUST: default_rust,
    Side.PYTHON: default_python,
}
