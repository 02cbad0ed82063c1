"""What the harness does by default finds every planted bug, and none in their mended twins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.schedules.names import PLAIN, Schedule, parse_schedule
from harness.schedules.rotation import controlled_rotation
from harness.values.program import Side
from tests.bench.bugs import Power, first_shown, measure, power_of, shown
from tests.bench.classics import needed
from tests.bench.programs import BUGS, PYTHON_BUGS, Bug, Program
from tests.bench.workbench import Workbench

BenchOf = Callable[[Side], Workbench]
SCHEDULES = controlled_rotation(200)
ONLY_PROBED = ("an order by sleeps, behind a queue",)
"""It takes several sleeps that end early, and somebody who is passed over meanwhile."""

MISSING_JOIN = next(bug for bug in PYTHON_BUGS if bug.name == "missing join")


def _title(bug: Bug) -> str:
    return f"{bug.program.side.value}: {bug.name}"


@pytest.mark.parametrize("bug", BUGS, ids=_title)
def test_the_default_rotation_finds_the_bug(bench_of: BenchOf, bug: Bug) -> None:
    """Within 200 schedules that are drawn, none of them chosen for the bug.

    Or by the default budget, with its probes, where chance alone cannot be counted on.
    """
    bench = bench_of(bug.program.side)
    if bug.name in ONLY_PROBED:
        assert needed(bench, bug.program, 1) != [None]
    else:
        assert first_shown(bench, bug.program, SCHEDULES) is not None


@pytest.mark.parametrize("bug", BUGS, ids=_title)
def test_the_mended_twin_is_sound(bench_of: BenchOf, bug: Bug) -> None:
    """The same schedules show nothing once the bug is mended."""
    bench = bench_of(bug.program.side)
    assert [] == shown(bench, bug.mended, SCHEDULES)
    if bug.name in ONLY_PROBED:
        assert [None] == needed(bench, bug.mended, 1)


def test_a_plain_run_that_hangs_is_cut_off_and_counts(bench_of: BenchOf) -> None:
    """A deadlock needs no scheduler to be seen, only to be met."""
    hangs = Program(side=Side.PYTHON, file="deadlocks", arguments=("twice",))
    assert [1] == shown(bench_of(Side.PYTHON), hangs, [PLAIN])


def test_the_first_schedule_that_shows_a_bug_is_counted_from_one(bench_of: BenchOf) -> None:
    """Schedules after the first that shows it change nothing."""
    bench = bench_of(Side.PYTHON)
    pair = [parse_schedule("switch:"), parse_schedule("switch:0>1")]
    program = MISSING_JOIN.program
    assert (1, 2) == (first_shown(bench, program, pair), first_shown(bench, program, pair[::-1]))
    assert first_shown(bench, program, pair[1:]) is None


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("switch:", Power(1, 1.0, 3)), ("switch:0>1", Power(None, 0.0, 3))],
)
def test_the_power_of_a_strategy(bench_of: BenchOf, schedule: str, expected: Power) -> None:
    """One that always shows the bug needs one schedule, one that never does has no number."""

    def rotation(number: int, _seed: int) -> tuple[Schedule, ...]:
        return (parse_schedule(schedule),) * number

    bench = bench_of(Side.PYTHON)
    assert expected == power_of(bench, MISSING_JOIN.program, rotation, starts=2, cap=3)


def test_a_power_is_told_as_needed_and_share() -> None:
    """What was not found within the cap is told by the cap."""
    assert ("2.5 (12 %)", ">40 (0 %)") == (str(Power(2.5, 0.125, 40)), str(Power(None, 0.0, 40)))


def test_a_row_has_a_cell_for_each_strategy_the_twin_and_the_plain_runs(bench_of: BenchOf) -> None:
    """The mended twin's cell is nought; a program that always hangs shows in every plain run."""
    bug = next(bug for bug in BUGS if bug.program.file == "bug_channel_closed")
    cells = list(measure(bench_of(Side.PYTHON), bug, plain=2, starts=1, cap=2))
    assert (9, "0") == (len(cells), cells[-2])
