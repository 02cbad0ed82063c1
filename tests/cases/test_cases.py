"""Each case gets the right verdict with the default budget, and the words that its author needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Outcome, Verdict

CASES = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """Which side of which example, what is right of it, and what its report has to say."""

    name: str
    side: Side
    outcome: Outcome
    why: str
    says: Callable[[Verdict], bool] = lambda _: True
    seed: int = 0


def first(verdict: Verdict) -> Finding:
    """The finding that its reader sees first."""
    return verdict.findings[0]


def has_lanes_of(departures: int) -> Callable[[Verdict], bool]:
    """A small schedule is shown, with its lanes and the command that makes it again."""

    def says(verdict: Verdict) -> bool:
        found = first(verdict)
        is_small = found.switches is not None and found.switches <= departures
        return is_small and bool(found.lanes) and "--schedule" in found.reproduce

    return says


def tells_the_ring(verdict: Verdict) -> bool:
    """Who waits for whom and where: two threads, each with its place."""
    stands = [row.stands for row in first(verdict).lanes if row.stands]
    return sum("waits for thread" in each and "main." in each for each in stands) == 2


def is_woken_for_nothing(verdict: Verdict) -> bool:
    """The schedule that is shown wakes a thread for nothing."""
    return any("spurious" in found.schedule for found in verdict.findings)


def counts_its_own(verdict: Verdict) -> bool:
    """The runs are those of the program that failed, and not of its twins, of 20 or more each."""
    others = 2 * 20
    return all(
        0 < found.occurrences <= found.runs <= verdict.runs - others
        for found in verdict.findings
    )  # fmt: skip


PYTHON, RUST = Side.PYTHON, Side.RUST
PASSED, FAILED = Outcome.PASSED, Outcome.FAILED

ALL = (
    Case("python/datetime-is-real", PYTHON, PASSED, "all clocks agree"),
    Case("python/child-stdout-hangs", PYTHON, PASSED, "who reads a child's pipe lets others go on"),
    Case("python/flock-hangs", PYTHON, PASSED, "who waits for a file's lock lets others go on"),
    Case("python/lost-signal-alarm", PYTHON, PASSED, "an alarm comes by the clock of a sleep"),
    Case("python/sqlite-locked", PYTHON, PASSED, "a busy handler waits, the writer goes on"),
    Case("python/sleep-is-not-picklable", PYTHON, PASSED, "what pickles without control does"),
    Case("python/random-not-replayed", PYTHON, FAILED, "the claim is false; it is made again"),
    Case("python/lock-type", PYTHON, PASSED, "a lock is as without control"),
    Case("python/warm-len", PYTHON, PASSED, "no interpreter loses this update"),
    Case("python/close-not-a-point", PYTHON, FAILED, "every CPython loses this update"),
    Case("python/asyncio-one-order", PYTHON, FAILED, "connections come in any order"),
    Case("rust/dontwait", RUST, PASSED, "a call that may not block does not block"),
    Case("rust/raw-syscall", RUST, PASSED, "who is in a raw call lets others go on"),
    Case("rust/nested-chain", RUST, PASSED, "valid TOML is read"),
    Case("rust/blank-line", RUST, PASSED, "an empty line is a line"),
    Case("names/once_cell", RUST, PASSED, "an example may have the name of a crate"),
    Case("reports/silent-poller", PYTHON, PASSED, "who polls starves nobody"),
    Case("reports/recursive-read", RUST, FAILED, "a second read behind a writer", has_lanes_of(2)),
    Case(
        "reports/heartbeat", RUST, FAILED, "two wait for each other beside a third", tells_the_ring
    ),
    # Of six seeds five show it within the default budget, and 0 does not.
    Case("reports/heartbeat", PYTHON, FAILED, "the same", tells_the_ring, seed=1),
    Case("reports/spurious-wakeup", RUST, FAILED, "a wait without a loop", is_woken_for_nothing),
    Case("reports/spurious-wakeup", PYTHON, FAILED, "the same", is_woken_for_nothing),
    Case("reports/handler-lock", PYTHON, FAILED, "a handler takes the lock that is held"),
    Case("reports/cached-twice", PYTHON, FAILED, "a cache without a lock", counts_its_own),
)


@pytest.mark.parametrize("case", ALL, ids=[f"{case.name}-{case.side.value}" for case in ALL])
def test_a_case_gets_the_right_answer(case: Case, tmp_path: Path) -> None:
    """Its verdict, none of the harness's own faults, and its words."""
    if case.side is RUST and shutil.which("cargo") is None:
        pytest.skip("needs cargo")
    place = tmp_path / "corpus" / case.name
    shutil.copytree(CASES / case.name, place)
    toolchain = default_python() if case.side is PYTHON else default_rust()
    options = Options(sides=(case.side,), state=tmp_path / "state", seed=case.seed)
    report = verify([load_spec(place)], [toolchain], options, lambda _: None)
    (verdict,) = report.verdicts
    assert ((), case.outcome) == (report.faults, verdict.outcome), (case.why, verdict.findings)
    assert case.says(verdict), (verdict.notes, verdict.findings)
