"""From judgements to a verdict: outcomes, what was seen how often, and what does not apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.commands.reporting import exit_code_of
from harness.judging.builds import judge_builds
from harness.judging.judge import judge_run
from harness.judging.shown import MAX_WAYS
from harness.judging.tally import Tally
from harness.judging.verdict import conclude, judge_across
from harness.language.spec import load_spec
from harness.reports.styled import plain
from harness.reports.text import explanation_lines
from harness.values.errors import ExitCode
from harness.values.program import Program, Side
from harness.values.report import Outcome, PropertyResult, Report, Verdict
from harness.values.run import Ending, Exited, NotStarted, TimedOut
from harness.values.toolchain import Built, Diagnostic, NotBuilt, Place, Refused
from tests.claiming import claims_of, run_of

ROOT = Path(__file__).parents[1]

SPEC = """
[events]
step = "step {i:d}"
[always.in-turn]
why    = "in turn"
values = { of = "step.i", prefix-of = "1..=3" }
[sometimes.goes-far]
why   = "some run does"
count = { of = "step", at-least = 2 }
"""

RACE = """
[events]
total = "total {n:d}"
[always.both-results]
why      = "a race"
outcomes = { of = "total.n", are = [
    { is = 2, acceptable = "both counted" },
    { is = 1, sometimes = "one was lost" },
] }
"""


def tally_of(spec: str, *runs: tuple[str, Ending], side: Side = Side.RUST) -> Tally:
    """The tally of runs that printed and ended like this."""
    tally = Tally(claims=claims_of(spec, side))
    for stdout, ending in runs:
        run = run_of(tally.claims, stdout, ending=ending)
        tally.add(judge_run(tally.claims, run), 0.5)
    return tally


def verdict_of(tally: Tally) -> Verdict:
    """The verdict on a side that has one program."""
    spec, side = tally.claims.spec, tally.claims.program.side
    across = judge_across(spec, side, [tally])
    return conclude(spec, side, "any", [tally], across=across)


OK, END = Exited(0), TimedOut(1.0)


@pytest.mark.parametrize(
    ("runs", "outcome"),
    [
        ([("step 1\nstep 2\n", OK)], Outcome.PASSED),
        ([("step 1\n", OK)], Outcome.INCONCLUSIVE),
        ([("step 1\n", OK), ("step 1\nstep 2\n", OK)], Outcome.PASSED),
        ([("step 2\n", OK)], Outcome.FAILED),
        ([("step 1\nstep 2\n", END)], Outcome.TIMED_OUT),
        ([("step 1\nstep 2\n", OK), ("step 1\n", END)], Outcome.TIMED_OUT),
        ([("step 2\n", END)], Outcome.FAILED),
        ([("", NotStarted("gone"))], Outcome.ERRORED),
        ([("step 1\n", END), ("", NotStarted("gone"))], Outcome.ERRORED),
        ([("step 2\n", OK), ("", NotStarted("gone"))], Outcome.FAILED),
    ],
)
def test_the_outcome_is_the_worst_that_is_known(
    runs: list[tuple[str, Ending]], outcome: Outcome
) -> None:
    """What is refuted comes before what cannot be told, that before time, that before unseen."""
    assert outcome is verdict_of(tally_of(SPEC, *runs)).outcome


def test_a_property_of_some_run_counts_its_witnesses() -> None:
    """One witness is enough, and all are counted."""
    runs = [("step 1\n", OK), ("step 1\nstep 2\n", OK), ("step 1\nstep 2\n", OK)]
    verdict = verdict_of(tally_of(SPEC, *runs))
    result = PropertyResult(
        name="goes-far",
        family="count",
        status="held",
        runs=3,
        witnesses=2,
        plain_runs=3,
        plain_witnesses=2,
    )
    assert result == verdict.properties[1]


def test_what_was_not_seen_says_what_came_instead() -> None:
    """An unseen property has the runs that did not show it, and what the last one had."""
    verdict = verdict_of(tally_of(SPEC, ("step 1\n", OK), ("step 1\n", OK)))
    assert "goes-far: not seen in 2 runs; in the last: 1, wanted: at least 2 step" == verdict.reason


def test_a_required_outcome_that_never_came_is_not_refuted() -> None:
    """Further runs may still show it: the verdict is inconclusive, and the tally waits."""
    tally = tally_of(RACE, ("total 2\n", OK))
    assert ["both-results"] == [prop.name for prop in tally.unwitnessed]
    assert Outcome.INCONCLUSIVE is verdict_of(tally).outcome
    seen = tally_of(RACE, ("total 2\n", OK), ("total 1\n", OK))
    assert ((), Outcome.PASSED) == (seen.unwitnessed, verdict_of(seen).outcome)


def test_what_came_how_often_is_told() -> None:
    """Each graded outcome stands in the verdict with its count."""
    verdict = verdict_of(tally_of(RACE, ("total 2\n", OK), ("total 1\n", OK), ("total 2\n", OK)))
    assert [("2", 2), ("1", 1)] == [(seen.outcome, seen.count) for seen in verdict.observations]


def test_a_run_that_was_cut_off_is_no_outcome() -> None:
    """What a run had printed when it was ended is not among its results."""
    verdict = verdict_of(tally_of(RACE, ("total 2\n", OK), ("total 1\n", END)))
    assert [("2", 1), ("1", 0)] == [(seen.outcome, seen.count) for seen in verdict.observations]


def test_findings_that_say_the_same_are_counted() -> None:
    """Of like findings the first is kept with the number of runs that have it."""
    tally = tally_of(SPEC, *[("step 2\nodd\nodd\n", OK)] * 3)
    assert [("in-turn", 3), ("known-lines", 3)] == [
        (finding.property, finding.occurrences) for finding in tally.findings.values()
    ]


def test_findings_that_all_differ_do_not_pile_up() -> None:
    """A property that breaks with another message in each run is kept in a few ways only."""
    tally = tally_of(SPEC, *[(f"step {n}\n", OK) for n in range(10, 110)])
    found = list(tally.findings.values())
    assert ({"in-turn"}, MAX_WAYS + 1, 100) == (
        {finding.property for finding in found},
        len(found),
        sum(finding.occurrences for finding in found),
    )


def test_numbers_add_up() -> None:
    """Runs, seconds and distinct interleavings are those of the tally."""
    runs = [("step 1\n", OK), ("step 1\n", OK), ("step 1\nstep 2\n", OK)]
    verdict = verdict_of(tally_of(SPEC, *runs))
    assert (3, 2, 1.5) == (verdict.runs, verdict.interleavings, verdict.seconds)


def test_what_steered_runs_have_shown_is_counted_apart() -> None:
    """Of runs, interleavings, findings, witnesses and outcomes; only what is plain is natural."""
    tally = tally_of(SPEC, ("step 1\n", OK), ("step 1\n", OK))
    for stdout in ("step 1\nstep 2\n", "step 1\n", "step 2\n"):
        judgement = judge_run(tally.claims, run_of(tally.claims, stdout, ending=OK))
        tally.add(judgement, 0.5, is_steered=True)
    verdict = verdict_of(tally)
    assert (5, 2) == (verdict.runs, verdict.plain_runs)
    assert (1, 3) == (verdict.plain_interleavings, verdict.steered_interleavings)
    (finding,) = verdict.findings
    assert (1, 5) == (finding.occurrences, finding.runs)
    assert (0, 2) == (finding.plain_occurrences, finding.plain_runs)
    (far,) = (each for each in verdict.properties if each.name == "goes-far")
    assert (2, 0) == (far.plain_runs, far.plain_witnesses)
    assert far.witnesses > 0
    assert "[in 0 of 2 plain runs and 1 of 3 steered ones" in plain(explanation_lines(verdict))


def test_what_was_not_seen_says_how_many_of_the_runs_were_steered() -> None:
    """Only where some were; a missed witness is told with the runs that it was looked for in."""
    tally = tally_of(SPEC, ("step 1\n", OK))
    judgement = judge_run(tally.claims, run_of(tally.claims, "step 1\n", ending=OK))
    tally.add(judgement, 0.5, is_steered=True)
    assert "goes-far: not seen in 1 plain and 1 steered run" in verdict_of(tally).reason


def test_an_outcome_is_counted_in_plain_runs_and_in_all() -> None:
    """One that only a steered run came to has come in no plain one."""
    tally = tally_of(RACE, ("total 2\n", OK))
    judgement = judge_run(tally.claims, run_of(tally.claims, "total 1\n", ending=OK))
    tally.add(judgement, 0.5, is_steered=True)
    seen = {each.outcome: (each.plain, each.count) for each in verdict_of(tally).observations}
    assert {"2": (1, 1), "1": (0, 1)} == seen


def test_findings_are_counted_among_the_runs_of_their_own_program() -> None:
    """A program that fails in each of its runs does so however many runs its twins had."""
    failing = tally_of(SPEC, *[("step 2\n", OK)] * 2)
    twin = tally_of(SPEC, *[("step 1\nstep 2\n", OK)] * 5)
    verdict = conclude(failing.claims.spec, Side.RUST, "any", [failing, twin])
    assert [(2, 2)] == [(f.occurrences, f.runs) for f in verdict.findings]
    assert "[in 2 of 2 runs, first under plain]" in plain(explanation_lines(verdict))
    assert 7 == verdict.runs


def test_a_property_that_does_not_apply_says_why() -> None:
    """Where a condition is not met the result is neither held nor broken."""
    tally = tally_of(SPEC, ("step 1\nstep 2\n", OK))
    spec = tally.claims.spec
    unmet = {"goes-far": "needs 4 cores; there are 2"}
    verdict = conclude(spec, Side.RUST, "any", [tally], unmet=unmet)
    result = verdict.properties[1]
    assert ("not-applicable", unmet["goes-far"]) == (result.status, result.reason)


# --- builds ---------------------------------------------------------------------

FIXTURES = ROOT / "tests" / "fixtures" / "failing" / "builds"
AT_PRINTLN = Place(file="src/main.rs", line=4, text="    println!(more);")


def findings_of(name: str, build: Built | Refused | NotBuilt) -> list[tuple[str, str]]:
    """The findings about the main program of a fixture that was built like this."""
    spec = load_spec(FIXTURES / name)
    program = spec.program(Side.RUST, "main")
    assert isinstance(program, Program)
    found = judge_builds(spec, [(program, build)], "any", {}, {"main": ""})
    return [(finding.property, finding.violation.message) for finding in found]


REFUSED = Refused(diagnostics=(Diagnostic(message="m", code="E0382", place=AT_PRINTLN),))
OTHER = replace(REFUSED, diagnostics=(replace(REFUSED.diagnostics[0], code="E0499"),))
GONE = NotBuilt(reason="cargo gave up")


@pytest.mark.parametrize(
    ("name", "build", "expected"),
    [
        ("does-not-compile", Built(command=("x",)), []),
        ("does-not-compile", REFUSED, [("builds", "src/main.rs does not compile")]),
        ("does-not-compile", GONE, [("builds", "src/main.rs was not built")]),
        ("broken-twin", REFUSED, []),
        ("broken-twin", OTHER, [("is-refused", "the compiler gives another error")]),
        (
            "broken-twin",
            Built(command=("x",)),
            [("is-refused", "it compiles, though the compiler should refuse it")],
        ),
        ("broken-twin", GONE, [("builds", "src/main.rs was not built")]),
    ],
)
def test_a_build_is_held_against_what_the_spec_says(
    name: str, build: Built | Refused | NotBuilt, expected: list[tuple[str, str]]
) -> None:
    """A program compiles, unless the spec says that it is refused: then just as it says."""
    assert expected == findings_of(name, build)


def test_a_refusal_that_does_not_apply_is_not_said_to_hold() -> None:
    """A compile error for another compiler is not applicable, rather than held."""
    spec = load_spec(FIXTURES / "broken-twin")
    unmet = {"is-refused": "holds for Rust >=9; this is 1.95.0"}
    verdict = conclude(spec, Side.RUST, "any", [], unmet=unmet)
    statuses = {result.name: result.status for result in verdict.properties}
    assert "not-applicable" == statuses["is-refused"]


# --- exit codes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.PASSED, ExitCode.OK),
        (Outcome.SKIPPED, ExitCode.OK),
        (Outcome.INCONCLUSIVE, ExitCode.OK),
        (Outcome.FAILED, ExitCode.FAILED),
        (Outcome.TIMED_OUT, ExitCode.FAILED),
        (Outcome.ERRORED, ExitCode.FAILED),
    ],
)
def test_the_exit_code_follows_the_outcomes(outcome: Outcome, code: ExitCode) -> None:
    """What is bad gives 1; what was skipped or not seen does not; a fault of ours gives 70."""
    verdict = Verdict(example="topic/name", side=Side.RUST, toolchain="any", outcome=outcome)
    report = Report(verdicts=(verdict,))
    assert (code, ExitCode.FAULT) == (
        exit_code_of(report),
        exit_code_of(replace(report, faults=("a slip",))),
    )
