"""Mutants of good runs: each changes one thing, and is called by what it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from harness.language.properties.compile_error import CompileError, Error
from harness.proof.audit.build_mutants import build_mutants
from harness.proof.audit.ending_mutants import ending_mutants
from harness.proof.audit.excuses import excuse_for
from harness.proof.audit.line_mutants import line_mutants
from harness.proof.audit.mutants import Good, TraceMutant, good_of
from harness.values.program import Side
from harness.values.run import TimedOut
from harness.values.toolchain import Diagnostic, Place, Refused
from tests.audit.driver import claims_of_side, good_run, run_of, spec_named, write_spec

STEPS = "step 1\nstep 2\nstep 3\ndone\n"

LANES = """\
step  = "{who:w} step {i:d}"
light = { pattern = "light {colour}", words = { colour = ["red", "green"] } }
spent = "spent {seconds:f}"

[always.steps]
why    = "each counts for itself"
values = { of = "step.i", are = "1..=2", same = "who" }

[always.then-light]
why   = "all have ended by then"
order = { chain = ["step", "light"] }

[always.light]
why   = "it is shown once, and the time is told once"
count = { of = ["light", "spent"], is = 2 }
"""
LANES_RUN = "a step 1\nb step 1\na step 2\nb step 2\nlight red\nspent 0.5\n"


def texts_of(mutant: TraceMutant) -> list[str]:
    """The lines that a mutant prints."""
    return mutant.run.stdout.decode().splitlines()


def named(good: Good, name: str) -> list[list[str]]:
    """The lines of each mutant of that name."""
    return [texts_of(mutant) for mutant in line_mutants(good) if mutant.name == name]


@pytest.fixture
def good() -> Good:
    """A good run of the sound spec."""
    return good_run(spec_named("sound"), STEPS)


@pytest.fixture
def lanes(tmp_path: Path) -> Good:
    """A good run of a spec with keys, words and times."""
    return good_run(write_spec(tmp_path, LANES), LANES_RUN)


def test_lines_are_dropped_at_both_ends_and_in_the_middle(good: Good) -> None:
    """Of many lines of an event the first, one in the middle and the last are dropped."""
    assert [
        ["step 2", "step 3", "done"],
        ["step 1", "step 3", "done"],
        ["step 1", "step 2", "done"],
    ] == named(good, "drop step")


def test_lines_are_doubled_in_their_place_and_at_the_end(good: Good) -> None:
    """A line may come twice at once, or again after everything else."""
    assert [["step 1", "step 2", "step 3", "done", "done"]] == named(good, "double done")
    assert ["step 1", "step 2", "step 3", "done", "step 1"] == named(good, "append step")[0]


def test_numbers_change_by_little_and_by_much(good: Good) -> None:
    """A check of bounds alone would miss the one, a check of the last digit the other."""
    assert ["step 2", "step 2", "step 3", "done"] == named(good, "add one to step.i")[0]
    assert ["step 1000004", "step 2", "step 3", "done"] == named(good, "add much to step.i")[0]


def test_a_field_takes_the_value_of_another_line(lanes: Good) -> None:
    """One is taken for another, as when a key is mixed up."""
    assert "b step 1" == named(lanes, "confuse step.who")[0][0]


def test_words_and_times_change_too(lanes: Good) -> None:
    """A word becomes another of its list, or no such word; a decimal number grows."""
    assert ["light green"] == [mutant[4] for mutant in named(lanes, "change light.colour")]
    assert "ax step 1" == named(lanes, "change step.who")[0][0]
    longer = named(lanes, "add much to spent.seconds")
    assert ["spent 1000003.5"] == [mutant[5] for mutant in longer]


def test_ordered_lines_change_places(good: Good) -> None:
    """The last of a stage with the first of the next, and the ends of the chain."""
    assert [
        ["step 1", "step 2", "done", "step 3"],
        ["step 1", "step 2", "done", "step 3"],
        ["done", "step 2", "step 3", "step 1"],
    ] == named(good, "swap step/done")


def test_a_run_is_cut_off_emptied_and_said_twice(good: Good) -> None:
    """The output as a whole is changed as well."""
    assert [["step 1", "step 2"], ["step 1", "step 2", "step 3"]] == named(good, "truncate output")
    assert [[]] == named(good, "empty output")
    assert [STEPS.split() * 2] == [" ".join(m).split() for m in named(good, "double output")]


def test_every_line_mutant_differs_from_the_run(good: Good) -> None:
    """No mutant is the run itself."""
    assert STEPS.encode() not in {mutant.run.stdout for mutant in line_mutants(good)}


# --- endings ----------------------------------------------------------------------

PANIC = (
    "\nthread 'main' panicked at src/main.rs:7:5:\nattempt to divide by zero\n"
    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
)
TRACEBACK = (
    "Exception in thread Thread-1:\nTraceback (most recent call last):\n"
    '  File "main.py", line 4, in mean\n    return total / count\n'
    "ZeroDivisionError: division by zero\n"
)


def endings_of(stderr: str, code: int) -> dict[str, TraceMutant]:
    """The mutants, by name, of how a run ended and what it said on stderr."""
    claims = claims_of_side(spec_named("sound"))
    good = good_of(claims, run_of(STEPS, stderr=stderr, code=code))
    return {mutant.name: mutant for mutant in ending_mutants(good)}


def test_a_panic_changes_in_every_part() -> None:
    """Message, thread and place are changed one by one, and the report is dropped and doubled."""
    mutants = endings_of(PANIC, 101)
    assert (
        PANIC.replace("attempt to divide by zero", "quite another matter")
        == mutants["change panic message"].run.stderr.decode()
    )
    assert "thread 'other' panicked" in mutants["change thread"].run.stderr.decode()
    assert "src/main.rs:1:5" in mutants["change place"].run.stderr.decode()
    assert b"" == mutants["drop stderr"].run.stderr
    assert 2 * PANIC.encode() == mutants["double stderr"].run.stderr


def test_a_traceback_changes_in_every_part() -> None:
    """The same for Python, with the exception's type."""
    mutants = endings_of(TRACEBACK, 0)
    assert "OtherError: division by zero" in mutants["change exception type"].run.stderr.decode()
    assert "in thread Other-9:" in mutants["change thread"].run.stderr.decode()
    assert 'File "main.py", line 1' in mutants["change place"].run.stderr.decode()


def test_the_ending_changes() -> None:
    """Another exit code, a signal, a hang, a process left behind, noise, and no line break."""
    mutants = endings_of("", 0)
    assert {
        "change exit code",
        "change ending to a hang",
        "change ending to SIGABRT",
        "stray stderr",
        "stray process",
        "drop last line break",
    } == set(mutants)
    assert TimedOut(1.0, idle=True) == mutants["change ending to a hang"].run.ending


def test_a_refusal_changes_in_what_is_asked_of_it() -> None:
    """Code and place of each error; one more, one less, none; never what is not asked."""
    place = Place(file="src/main.rs", line=3, text="let x = y;")
    refused = Refused(diagnostics=(Diagnostic(message="no y", code="E0425", place=place),))
    rule = CompileError(errors=(Error(code="E0425", at="let x"),), mended="mended")
    mutants = list(build_mutants(refused, rule))
    assert [
        "let it compile",
        "drop all errors",
        "change the error code",
        "move the error",
        "add an error",
    ] == [mutant.name for mutant in mutants]
    assert all(rule.judge_build(mutant.build, "\n\nlet x = y;\n") for mutant in mutants)


# --- what is no mutant ------------------------------------------------------------


def excuse(good: Good, stdout: str, operation: str = "swap", subject: str = "x/y") -> str:
    """Why that output is no mutant of the good run, if it is none."""
    mutant = TraceMutant(operation=operation, subject=subject, run=run_of(stdout))
    return excuse_for(good, mutant, ())


def test_what_the_declared_order_leaves_open_is_no_mutant(lanes: Good) -> None:
    """Lines of different keys may change places."""
    swapped = "b step 1\na step 1\na step 2\nb step 2\nlight red\nspent 0.5\n"
    assert "an order that the spec leaves open" == excuse(lanes, swapped)


@pytest.mark.parametrize(
    "stdout",
    [
        "a step 2\nb step 1\na step 1\nb step 2\nlight red\nspent 0.5\n",
        "a step 1\nb step 1\na step 2\nlight red\nb step 2\nspent 0.5\n",
    ],
)
def test_what_the_declared_order_forbids_is_a_mutant(lanes: Good, stdout: str) -> None:
    """Neither values in turn nor a chain may be broken."""
    assert "" == excuse(lanes, stdout)


def test_an_order_is_not_left_open_where_nothing_reads_the_lines() -> None:
    """That lines are only counted does not say that they may come in any order."""
    good = good_run(spec_named("only-counts"), STEPS)
    assert "" == excuse(good, "step 2\nstep 1\nstep 3\ndone\n")


def test_a_value_that_is_one_of_those_declared_is_no_mutant(tmp_path: Path) -> None:
    """Where the spec lists what may come, a small change may come; a large one may not."""
    spec = write_spec(
        tmp_path,
        'total = "total {n:d}"\n[always.total]\nwhy = "a race"\n'
        'relation = { holds = "2 <= total.n <= 6" }\n',
    )
    good = good_run(spec, "total 2\n")
    assert "total leaves it open" == excuse(good, "total 3\n", "add one to", "total.n")
    assert "" == excuse(good, "total 1000005\n", "add much to", "total.n")


def test_a_number_of_lines_that_is_left_open_is_no_mutant(tmp_path: Path) -> None:
    """A prefix may be shorter, and a count with bounds may vary."""
    spec = write_spec(
        tmp_path,
        'step = "step {i:d}"\n[always.prefix]\nwhy = "it may be cut off"\n'
        'values = { of = "step.i", prefix-of = "1..=3" }\n',
    )
    good = good_run(spec, "step 1\nstep 2\n")
    assert "prefix leaves it open" == excuse(good, "step 1\n", "drop", "step")
    assert "" == excuse(good, "step 1\nstep 1\n", "double", "step")


REPORTS = """\
step = "step {i:d}"
[always.in-turn]
why    = "one loop counts"
values = { of = "step.i", are = "1..=3" }
[always.fails]
why    = "for the test"
ending = { code = 101, reports = [{ panic = "{what}" }] }
"""


def test_what_is_changed_beside_the_lines_is_no_order(tmp_path: Path) -> None:
    """Lines that are all in their places are no order that the spec might leave open."""
    claims = claims_of_side(write_spec(tmp_path, REPORTS))
    good = good_of(claims, run_of("step 1\nstep 2\nstep 3\n", stderr=PANIC, code=101))
    assert {""} == {excuse_for(good, mutant, ()) for mutant in ending_mutants(good)}


def test_an_ending_that_may_come_is_no_mutant(tmp_path: Path) -> None:
    """Only where it is among the outcomes that are graded, and not as forbidden."""
    grades = {"exit 0": "acceptable", "hang": "sometimes", "exit 3": "forbidden"}
    entries = ", ".join(
        f'{{ is = "{ending}", {grade} = "a race" }}' for ending, grade in grades.items()
    )
    spec = write_spec(
        tmp_path,
        'step = "step {i:d}"\n[always.one-step]\nwhy = "it steps"\n'
        'count = { of = "step", is = 1 }\n[always.a-race]\nwhy = "luck"\n'
        f'outcomes = {{ of = "ending", are = [{entries}] }}\n',
    )
    good = good_run(spec, "step 1\n")
    excuses = {mutant.name: excuse_for(good, mutant, ()) for mutant in ending_mutants(good)}
    assert {"change ending to a hang": "a-race allows this ending, too"} == {
        name: reason for name, reason in excuses.items() if reason
    }


@pytest.mark.parametrize(("last_line", "expected"), [("cut", True), ("whole", False)])
def test_a_last_line_that_may_be_cut_is_excused(
    tmp_path: Path, last_line: Literal["whole", "cut"], expected: bool
) -> None:
    """The line break alone; and in Rust, which prints a line at once, not even that."""
    spec = replace(write_spec(tmp_path, LANES), last_line=last_line)
    for side in Side:
        good = good_run(spec, LANES_RUN, side)
        (cut,) = (m for m in ending_mutants(good) if m.name == "drop last line break")
        excused = excuse_for(good, cut, ()) == "the spec lets the last line be cut"
        assert excused is (expected and side is Side.PYTHON)
