"""The default budget shows each planted bug, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.bench.options import DEFAULT_SCHEDULES
from harness.values.program import Side
from tests.bench.classics import needed, rows
from tests.bench.programs import BUGS, Bug
from tests.bench.workbench import Workbench

BenchOf = Callable[[Side], Workbench]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.program.side.value}: {bug.name}")
def test_the_default_budget_shows_every_bug_at_every_seed(bench_of: BenchOf, bug: Bug) -> None:
    """Two of the seeds that ``python -m tests.bench classics`` tries."""
    found = needed(bench_of(bug.program.side), bug.program, 2)
    assert all(number is not None and number <= DEFAULT_SCHEDULES for number in found)


def test_a_ring_of_three_locks_takes_nine_schedules_at_most(bench_of: BenchOf) -> None:
    """In Python, where random choice alone takes about ten, and the rotation took 27."""
    ring = next(b for b in BUGS if b.name == "deadlock of three locks" and b.program.file != "bugs")
    (found,) = needed(bench_of(Side.PYTHON), ring.program, 1)
    assert found is not None
    assert found <= 9
    (row,) = rows(bench_of(Side.PYTHON), (ring,), 1)
    assert row.endswith("1 of 1  interleave-test 3")
