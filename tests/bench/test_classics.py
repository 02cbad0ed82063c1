"""The default budget shows each planted bug, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.bench.options import DEFAULT_SCHEDULES
from harness.schedules.names import STAY, Strategy
from harness.values.program import Side
from tests.bench.classics import needed, rows
from tests.bench.programs import BUGS, Bug, Program
from tests.bench.workbench import Workbench

BenchOf = Callable[[Side], Workbench]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.program.side.value}: {bug.name}")
def test_the_default_budget_shows_every_bug_at_every_seed(bench_of: BenchOf, bug: Bug) -> None:
    """Two of the seeds that ``python -m tests.bench classics`` tries."""
    found = needed(bench_of(bug.program.side), bug.program, 2)
    assert all(number is not None and number <= DEFAULT_SCHEDULES for number in found)


@pytest.mark.parametrize(
    ("side", "argument"),
    [
        (Side.RUST, "once"),
        (Side.RUST, "rounds"),
        (Side.RUST, "flag"),
        (Side.PYTHON, "clock"),
        (Side.PYTHON, "close"),
        (Side.PYTHON, "flag"),
    ],
)
def test_the_default_budget_shows_what_comes_late(
    bench_of: BenchOf, side: Side, argument: str
) -> None:
    """Some of those that ``python -m tests.bench late`` tries, by what depends on no seed."""
    bench = bench_of(side)
    program = Program(side=side, file="late", arguments=(argument,))
    (number,) = needed(bench, program, 1, strategies=(Strategy.PROBE, Strategy.PLACE))
    assert number is not None
    mended = replace(program, arguments=(argument, "fixed"))
    assert bench.run(mended, STAY).is_good


def test_a_ring_of_three_locks_takes_nine_schedules_at_most(bench_of: BenchOf) -> None:
    """In Python, where random choice alone takes about ten, and the rotation took 27."""
    ring = next(b for b in BUGS if b.name == "deadlock of three locks" and b.program.file != "bugs")
    (found,) = needed(bench_of(Side.PYTHON), ring.program, 1)
    assert found is not None
    assert found <= 9
    (row,) = rows(bench_of(Side.PYTHON), (ring,), 1)
    assert row.endswith("1 of 1  interleave-test 3")
