"""What is shown of a failing schedule: the smallest that fails, lanes, places, the scope."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness.bench.budget import budget_of
from harness.bench.execution import HarnessFault, Misfit, execute
from harness.bench.explaining import scope_of
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import make_work, plan_sides
from harness.bench.subject import Estimates, Request
from harness.bench.trial import Trial
from harness.bench.verifying import verify
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_python, default_rust
from harness.schedules.names import Schedule, Strategy, parse_schedule
from harness.schedules.search import departing, departures_of
from harness.values.errors import ExitCode
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Report
from harness.values.run import Deadlocked
from harness.values.toolchain import Toolchain
from tests.test_cli_processes import run_harness

CORPUS = Path(__file__).parents[1] / "fixtures" / "scheduled"
STATE = Path(__file__).parents[2] / ".harness" / "fixtures"
OPTIONS = Options(runs=1, schedules=24, extra_runs=0, extra_schedules=0, jobs=2, state=STATE)


@pytest.fixture(scope="module")
def toolchains() -> tuple[Toolchain, ...]:
    """The interpreter and the compiler that a bare call uses."""
    return default_python(), default_rust()


@pytest.fixture(scope="module")
def report(toolchains: tuple[Toolchain, ...]) -> Report:
    """One verification of the corpus."""
    return verify(load_all(find_examples((CORPUS,))), toolchains, OPTIONS, lambda _: None)


@pytest.fixture(scope="module")
def requests(toolchains: tuple[Toolchain, ...]) -> dict[tuple[str, Side], Request]:
    """A controlled request for each program."""
    specs = load_all(find_examples((CORPUS,)))
    lab = open_lab(specs, toolchains, OPTIONS)
    works = [make_work(plan, lab, OPTIONS) for plan in plan_sides(specs, toolchains, OPTIONS)]
    return {
        (work.plan.spec.name, work.plan.side): request
        for work in works
        for request in work.requests
        if request.schedule.is_controlled
    }


def trial_of(request: Request) -> Trial:
    """A new trial of the program."""
    return Trial(subject=request.subject, budget=budget_of(OPTIONS))


def freed(request: Request) -> Request:
    """The same run on an interpreter without a GIL."""
    subject = request.subject
    toolchain = replace(subject.toolchain, has_gil=False)
    return replace(request, subject=replace(subject, toolchain=toolchain))


def finding_on(report: Report, name: str, side: Side, prop: str) -> Finding:
    """The finding of that name on one side of one example."""
    verdict = next(v for v in report.verdicts if (v.example, v.side) == (f"races/{name}", side))
    return next(finding for finding in verdict.findings if finding.property == prop)


def test_what_fails_is_what_the_corpus_is_there_for(report: Report) -> None:
    """Each program fails as it is meant to, under control only, and nothing of ours does."""
    assert () == report.faults
    expected = {
        ("races/bytecode-race", Side.PYTHON): {"nothing-lost"},
        ("races/opposite-locks", Side.PYTHON): {"no-deadlock"},
        ("races/opposite-locks", Side.RUST): {"no-deadlock"},
        ("races/sleep-as-order", Side.PYTHON): {"worker-first"},
        ("races/sleep-as-order", Side.RUST): {"worker-first"},
    }
    actual = {
        (v.example, v.side): {finding.property for finding in v.findings}
        for v in report.verdicts
        if v.findings
    }
    assert expected == actual


@pytest.mark.parametrize(
    ("side", "waits"),
    [
        (
            Side.PYTHON,
            (
                "threads 1 and 2 wait for each other",
                r"main waits.*: join at main\.py:19",
                r"thread 1 waits for the lock that thread 2 holds: lock at main\.py:8",
                r"thread 2 waits for the lock that thread 1 holds: lock at main\.py:8",
            ),
        ),
        (
            Side.RUST,
            (
                "threads 1 and 2 wait for each other",
                r"main waits: scope at src/main\.rs:12",
                r"thread 1 waits for the lock that thread 2 holds: Mutex::lock at src/main\.rs:6",
                r"thread 2 waits for the lock that thread 1 holds: Mutex::lock at src/main\.rs:6",
            ),
        ),
    ],
)
def test_a_deadlock_says_where_each_thread_waits(
    report: Report, side: Side, waits: tuple[str, ...]
) -> None:
    """Both sides: what it waits for, and the line of the program."""
    found = finding_on(report, "opposite-locks", side, "no-deadlock").violation.found
    assert re.fullmatch("\n".join(waits), found), found


@pytest.mark.parametrize("side", Side)
def test_a_deadlock_of_two_locks_takes_one_hand_over(report: Report, side: Side) -> None:
    """It is reduced to the fewest departures there can be: one thread is stopped between locks."""
    finding = finding_on(report, "opposite-locks", side, "no-deadlock")
    schedule = parse_schedule(_schedule_of(finding))
    assert Strategy.SWITCH is schedule.strategy
    assert finding.switches is not None
    assert 1 <= finding.switches <= 2
    assert len(schedule.switches) == finding.switches


@pytest.mark.parametrize("side", Side)
def test_an_early_timeout_is_part_of_the_small_schedule(report: Report, side: Side) -> None:
    """A sleep that orders nothing is told by one timeout that fires early, and by no hand-over."""
    finding = finding_on(report, "sleep-as-order", side, "worker-first")
    schedule = parse_schedule(_schedule_of(finding))
    assert "early" in finding.schedule  # drawn, or tried by a probe
    assert len(schedule.early_steps) >= 1
    assert any(row.early for row in finding.lanes)
    assert 'timing = "strict"' in finding.scope
    assert ["main", "worker"] == [row.text for row in finding.lanes]


@pytest.mark.parametrize("name", ["opposite-locks", "sleep-as-order"])
@pytest.mark.parametrize("side", Side)
def test_the_command_shown_shows_it_again(report: Report, name: str, side: Side) -> None:
    """What is typed from the report breaks the same property in its one run."""
    prop = "no-deadlock" if name == "opposite-locks" else "worker-first"
    finding = finding_on(report, name, side, prop)
    _, *command = shlex.split(finding.reproduce)
    again = run_harness(*command, "--state-dir", str(STATE))
    assert ExitCode.FAILED == again.returncode, again.stderr
    assert re.search(rf"^  {prop}($| )", again.stdout, re.MULTILINE), again.stdout


@pytest.mark.parametrize("name", ["opposite-locks", "sleep-as-order"])
@pytest.mark.parametrize("side", Side)
def test_any_run_is_its_departures(
    requests: dict[tuple[str, Side], Request], name: str, side: Side
) -> None:
    """A seeded run, early timeouts and all, is the same run as the ``switch:`` read off it."""
    request = requests[name, side]
    estimates = Estimates()
    for seed in range(12):
        for strategy in (Strategy.RANDOM, Strategy.WEIGHTED):
            seeded = Schedule(strategy=strategy, seed=seed, early=True)
            first = execute(estimates.prepare(replace(request, schedule=seeded), execute))
            assert first is not None
            assert first.record is not None
            listed = departing(departures_of(first.record))
            again = execute(replace(request, schedule=listed))
            assert again is not None
            assert first.record == again.record
            assert first.run.stdout == again.run.stdout


def test_a_controlled_run_keeps_its_record(requests: dict[tuple[str, Side], Request]) -> None:
    """The text that the scheduler leaves goes with the run: the lanes are drawn from it."""
    executed = execute(requests["opposite-locks", Side.RUST])
    assert executed is not None
    assert executed.run.log.startswith("schedule 2\n")
    assert executed.run.log.splitlines()[-1].startswith("end ")
    plain = execute(replace(requests["sleep-as-order", Side.PYTHON], schedule=Schedule(
        strategy=Strategy.PLAIN)))  # fmt: skip
    assert plain is not None
    assert plain.run.log == ""


def test_what_does_not_fit_is_told_apart_from_what_there_is_not(
    requests: dict[tuple[str, Side], Request],
) -> None:
    """A listed hand-over to a thread that cannot run is the user's; a name of ours is our fault."""
    request = requests["opposite-locks", Side.RUST]
    with pytest.raises(Misfit, match=r'the schedule "switch:0>9" does not fit the program$'):
        trial_of(request).make(replace(request, schedule=parse_schedule("switch:0>9")))
    unknown = Schedule(strategy=Strategy.PCT, seed=1, depth=0)
    request = requests["opposite-locks", Side.PYTHON]
    with pytest.raises(HarnessFault, match='"pct0:1" does not fit the program; '):
        trial_of(request).make(replace(request, schedule=unknown))


def test_a_finding_says_on_which_interpreters_it_can_be(
    report: Report, requests: dict[tuple[str, Side], Request]
) -> None:
    """Between two bytecodes: only without the GIL. Where the GIL changes hands: on this one."""
    opcode = finding_on(report, "bytecode-race", Side.PYTHON, "nothing-lost").scope
    assert opcode.startswith("possible without the GIL: threads were switched at every bytecode")
    usual = finding_on(report, "opposite-locks", Side.PYTHON, "no-deadlock").scope
    assert usual.startswith("possible on CPython 3.")
    compiled = finding_on(report, "opposite-locks", Side.RUST, "no-deadlock").scope
    assert compiled == ""
    request = requests["bytecode-race", Side.PYTHON]
    assert scope_of(freed(request)).startswith("possible on CPython 3.")


def test_a_race_between_bytecodes_is_none_where_the_gil_changes_hands(
    requests: dict[tuple[str, Side], Request],
) -> None:
    """The same program under the same schedules loses nothing with the usual granularity."""
    assert {b"total 2\n"} == set(_usual_outputs(requests["bytecode-race", Side.PYTHON]))


def test_an_interpreter_without_a_gil_may_switch_at_every_bytecode(
    requests: dict[tuple[str, Side], Request],
) -> None:
    """There the race is one, whatever granularity the spec asks for."""
    free = freed(requests["bytecode-race", Side.PYTHON])
    assert {b"total 1\n", b"total 2\n"} == set(_usual_outputs(free))


def _usual_outputs(request: Request) -> Iterator[bytes]:
    """What a program prints under sixty schedules of the usual granularity."""
    spec = replace(request.claims.spec, granularity="gil")
    subject = replace(request.subject, claims=replace(request.claims, spec=spec))
    request = replace(request, subject=subject)
    for seed in range(60):
        schedule = Schedule(strategy=Strategy.RANDOM, seed=seed)
        executed = execute(replace(request, schedule=schedule))
        assert executed is not None
        yield executed.run.stdout


def test_the_same_deadlock_is_told_in_the_same_words(
    requests: dict[tuple[str, Side], Request],
) -> None:
    """Places are looked up again for a program that was built again, and cached otherwise."""
    request = replace(requests["opposite-locks", Side.RUST], schedule=parse_schedule("switch:"))
    endings = set()
    for seed in range(40):
        schedule = Schedule(strategy=Strategy.RANDOM, seed=seed)
        executed = execute(replace(request, schedule=schedule))
        assert executed is not None
        if isinstance(executed.run.ending, Deadlocked):
            endings.add(executed.run.ending)
    assert len(endings) == 1


def _schedule_of(finding: Finding) -> str:
    return finding.reproduce.rpartition("--schedule ")[2].strip("'")
