"""The seeded corpora: each example goes wrong in one way, and gets exactly that verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import default_python, default_rust
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict
from harness.values.toolchain import Toolchain

FIXTURES = Path(__file__).parent / "fixtures"
STATE = Path(__file__).parents[1] / ".harness" / "fixtures"

PASSED = (Outcome.PASSED, ())

BOTH = {
    "claims/below-the-floor": (Outcome.SKIPPED, ()),
    "claims/condition-unmet": PASSED,
    "claims/forbidden-outcome": (Outcome.FAILED, ("no-update-lost",)),
    "claims/never-seen": (Outcome.INCONCLUSIVE, ()),
    "claims/required-outcome": (Outcome.INCONCLUSIVE, ()),
    "claims/shared-section": (Outcome.FAILED, ("one-at-a-time",)),
    "claims/sides-disagree": (Outcome.FAILED, ("same-total",)),
    "claims/unlisted-outcome": (Outcome.FAILED, ("one-or-two",)),
    "claims/wrong-sum": (Outcome.FAILED, ("adds-up",)),
    "endings/busy-for-ever": (Outcome.TIMED_OUT, ("ends-in-time",)),
    "endings/flood": (Outcome.FAILED, ("known-lines", "within-limits")),
    "endings/hang-that-ends": (Outcome.FAILED, ("hangs",)),
    "endings/hang-that-works": (Outcome.FAILED, ("hangs",)),
    "endings/hang-without-a-word": (Outcome.FAILED, ("hangs",)),
    "endings/killed": (Outcome.FAILED, ("exit-code",)),
    "endings/leaves-a-child": (Outcome.FAILED, ("no-strays",)),
    "endings/main-dies": (Outcome.FAILED, ("quiet-stderr", "exit-code")),
    "endings/other-ending": (Outcome.FAILED, ("gives-up",)),
    "endings/silent-for-ever": (Outcome.TIMED_OUT, ("ends-in-time",)),
    "endings/stderr-noise": (Outcome.FAILED, ("quiet-stderr",)),
    "endings/thread-dies": (Outcome.FAILED, ("quiet-stderr",)),
    "endings/wrong-and-endless": (Outcome.FAILED, ("in-turn", "ends-in-time")),
    "endings/wrong-exit-code": (Outcome.FAILED, ("exit-code",)),
    "lines/control-characters": (Outcome.FAILED, ("known-lines",)),
    "lines/empty-run": (Outcome.FAILED, ("some-output",)),
    "lines/enormous-line": (Outcome.FAILED, ("known-lines",)),
    "lines/invalid-utf8": (Outcome.FAILED, ("known-lines",)),
    "lines/no-last-newline": (Outcome.FAILED, ("whole-lines",)),
    "lines/unexpected-event": (Outcome.FAILED, ("expected-events",)),
    "lines/unknown-line": (Outcome.FAILED, ("known-lines",)),
    "lines/wrong-count": (Outcome.FAILED, ("three-steps",)),
    "lines/wrong-order": (Outcome.FAILED, ("begin-first",)),
    "lines/wrong-value": (Outcome.FAILED, ("in-turn",)),
}
"""What both sides come to: the outcome, and the names of the findings."""

APART = {
    "builds/broken-twin": (PASSED, (Outcome.ERRORED, ("builds",))),
    "builds/compiles-after-all": (PASSED, (Outcome.FAILED, ("is-refused",))),
    "builds/does-not-compile": (PASSED, (Outcome.ERRORED, ("builds",))),
    "builds/further-error": (PASSED, (Outcome.FAILED, ("is-refused",))),
    "builds/no-crate": (PASSED, (Outcome.ERRORED, ("builds",))),
    "builds/other-code": (PASSED, (Outcome.FAILED, ("is-refused",))),
    "builds/other-place": (PASSED, (Outcome.FAILED, ("is-refused",))),
    "endings/deaf-for-ever": ((Outcome.TIMED_OUT, ("ends-in-time",)), PASSED),
    "lines/torn-prints": (PASSED, (Outcome.FAILED, ("in-turn", "known-lines"))),
}
"""What the Python side and the Rust side come to, where that differs."""

EXPECTED = {
    **{name: (both, both) for name, both in BOTH.items()},
    **APART,
}


@pytest.fixture(scope="module")
def toolchains() -> tuple[Toolchain, ...]:
    """The interpreter and the compiler that a bare call uses."""
    return default_python(), default_rust()


def verify_corpus(name: str, toolchains: tuple[Toolchain, ...]) -> Report:
    """Verify one of the corpora with two plain runs of each program."""
    specs = load_all(find_examples((FIXTURES / name,)))
    options = Options(runs=2, schedules=0, extra_runs=2, jobs=2, state=STATE)
    return verify(specs, toolchains, options, lambda _: None)


@pytest.fixture(scope="module")
def report(toolchains: tuple[Toolchain, ...]) -> Report:
    """One verification of the failing corpus."""
    return verify_corpus("failing", toolchains)


def verdict_on(report: Report, example: str, side: Side) -> Verdict:
    """The verdict on one side of one example."""
    return next(v for v in report.verdicts if (v.example, v.side) == (example, side))


def finding_on(report: Report, example: str, side: Side) -> Finding:
    """The one finding on one side of one example."""
    (finding,) = verdict_on(report, example, side).findings
    return finding


def test_every_example_gets_exactly_its_verdict(report: Report) -> None:
    """Every seeded example comes to its outcome by its findings, and to no other."""
    actual = {
        (verdict.example, verdict.side): (
            verdict.outcome,
            tuple(finding.property for finding in verdict.findings),
        )
        for verdict in report.verdicts
    }
    expected = {
        (name, side): verdict
        for name, verdicts in EXPECTED.items()
        for side, verdict in zip((Side.PYTHON, Side.RUST), verdicts, strict=True)
    }
    assert expected == actual


def test_no_fault_of_the_harness_hides_among_the_failures(report: Report) -> None:
    """Whatever programs do, the harness itself has nothing to report of itself."""
    assert () == report.faults


def test_a_finding_counts_the_runs_that_show_it(report: Report) -> None:
    """A finding that came in each run counts them, however many lines it is about."""
    counted = [
        (finding.occurrences, finding.runs)
        for verdict in report.verdicts
        for finding in verdict.findings
        if finding.run_index is not None
    ]
    assert [] == [(found, runs) for found, runs in counted if found != runs]
    assert (2, 2) in counted  # of a flood one run is enough, if the other had not begun


def test_the_passing_corpus_passes(toolchains: tuple[Toolchain, ...]) -> None:
    """The examples that keep their word pass on both sides, a claimed deadlock among them."""
    report = verify_corpus("passing", toolchains)
    expected = {("basics/deadlock", side): (Outcome.PASSED, 2) for side in Side} | {
        ("basics/three-steps", side): (Outcome.PASSED, 2) for side in Side
    }
    actual = {(v.example, v.side): (v.outcome, v.runs) for v in report.verdicts}
    assert expected == actual


@pytest.mark.parametrize(
    ("example", "found"),
    [("endings/silent-for-ever", "silent and idle"), ("endings/busy-for-ever", "still busy")],
)
def test_a_timeout_says_what_the_program_was_doing(
    report: Report, example: str, found: str
) -> None:
    """A program that waits for ever is told from one that works for ever."""
    assert [found, found] == [finding_on(report, example, s).violation.found for s in Side]


def test_a_run_that_was_cut_off_does_not_hold_its_properties(report: Report) -> None:
    """Of a program that never ends it is not said that its claims held."""
    results = verdict_on(report, "endings/silent-for-ever", Side.PYTHON).properties
    assert [("in-turn", "not-seen", "no run came to its end")] == [
        (result.name, result.status, result.reason) for result in results
    ]


def test_a_condition_that_is_not_met_is_told_with_its_reason(report: Report) -> None:
    """A property that would fail is left out, with the reason, where it does not apply."""
    results = verdict_on(report, "claims/condition-unmet", Side.RUST).properties
    cores = default_python().cores
    assert [
        ("in-turn", "held", ""),
        ("four-steps-on-a-giant", "not-applicable", f"needs 1000 cores; there are {cores}"),
    ] == [(result.name, result.status, result.reason) for result in results]


def test_what_was_never_seen_got_its_extra_runs(report: Report) -> None:
    """A some-run property without a witness uses up its budget before it is inconclusive."""
    verdict = verdict_on(report, "claims/never-seen", Side.PYTHON)
    reason = "shows-a-fourth: not seen in 4 runs; in the last: 3, wanted: at least 4 step"
    assert (4, reason) == (verdict.runs, verdict.reason)


def test_torn_prints_are_mended_and_counted(report: Report) -> None:
    """Two Python lines printed into one another are two lines, and are counted as torn."""
    assert 2 == verdict_on(report, "lines/torn-prints", Side.PYTHON).torn_lines


def test_an_unknown_line_comes_with_its_nearest_miss(report: Report) -> None:
    """A line that is no event is told with the event it is nearest to, and where they differ."""
    finding = finding_on(report, "lines/unknown-line", Side.RUST)
    nearest = (
        'nearest: step = "step {i:d}"; differs at column 6: expected a whole number, found "four"'
    )
    assert ("'step four'", nearest) == (finding.violation.found, finding.nearest)


def test_bytes_that_are_no_text_are_kept_visible(report: Report) -> None:
    """Invalid UTF-8 stands in the finding as escapes."""
    finding = finding_on(report, "lines/invalid-utf8", Side.PYTHON)
    assert repr("step \\xff\\xfe") == finding.violation.found


def test_an_enormous_line_is_quoted_in_part(report: Report) -> None:
    """Of a line of a million characters a finding quotes a hundred, and says how long it is."""
    finding = finding_on(report, "lines/enormous-line", Side.RUST)
    assert f"'{'x' * 100}… (1000000 characters)'" == finding.violation.found
    assert 161 == max(len(line.text) for line in finding.excerpt.lines)


def test_a_flood_is_one_finding_about_its_lines(report: Report) -> None:
    """However many lines are no event, a run has one finding about them."""
    lines, limit = verdict_on(report, "endings/flood", Side.RUST).findings
    assert "and 1023 more" == lines.violation.found.splitlines()[-1]
    assert "the program went over 64 MiB of output" == limit.violation.message


def test_an_unexpected_panic_names_thread_place_and_message(report: Report) -> None:
    """A panic that nobody declared is summed up in one line."""
    finding = finding_on(report, "endings/thread-dies", Side.RUST)
    place = "failing/endings/thread-dies/src/main.rs:4"
    assert f"panic in <unnamed> at {place}: no such step" == finding.violation.found


def test_no_process_outlives_its_run(report: Report) -> None:
    """The child that a program leaves behind has been ended with the run."""
    assert Outcome.FAILED is verdict_on(report, "endings/leaves-a-child", Side.RUST).outcome
    assert [] == [line for line in command_lines() if line == b"sleep\x0060.125\x00"]


def command_lines() -> Iterator[bytes]:
    """The command line of every process of this machine."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield place.read_bytes()


def test_a_program_that_never_ends_is_not_waited_for_in_every_run(
    toolchains: tuple[Toolchain, ...],
) -> None:
    """After three runs that took the whole timeout no plain one is made, and that is said."""
    (directory,) = select(find_examples((FIXTURES / "failing",)), ("busy-for-ever",))
    options = Options(runs=12, schedules=0, extra_runs=0, jobs=1, state=STATE)
    report = verify(load_all([directory]), toolchains[:1], options, lambda _: None)
    (verdict,) = report.verdicts
    assert (Outcome.TIMED_OUT, 3) == (verdict.outcome, verdict.runs)
    assert ("no more plain runs after 3 that did not end in time",) == verdict.notes
