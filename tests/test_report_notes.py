"""How runs were made, said once for all sides that it is true of."""

from __future__ import annotations

from harness.reports.markdown import markdown
from harness.reports.notes import notes_in_words
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict


def verdict(example: str, *notes: str, side: Side = Side.PYTHON, label: str = "3.11") -> Verdict:
    """A verdict with these notes."""
    return Verdict(example=example, side=side, toolchain=label, outcome=Outcome.PASSED, notes=notes)


def test_a_note_names_its_examples_and_toolchains() -> None:
    """One line for all that it is true of, in the order of the report."""
    report = Report(
        verdicts=(
            verdict("gil/a", "plain runs only"),
            verdict("gil/a", "plain runs only", side=Side.RUST, label="stable"),
            verdict("gil/b"),
            verdict("gil/c", "plain runs only", "holding.py is not run"),
            verdict("gil/d"),
        )
    )
    expected = (
        "gil/a, gil/c (python 3.11, rust stable): plain runs only",
        "gil/c (python 3.11): holding.py is not run",
    )
    assert expected == notes_in_words(report)


def test_what_is_true_of_everything_is_said_of_everything() -> None:
    """With an interpreter that cannot be controlled, each of its sides says so; one line does."""
    report = Report(
        verdicts=tuple(
            each
            for name in ("a", "b", "c", "d")
            for each in (verdict(name, "no control", label="pypy3.9"), verdict(name))
        )
    )
    assert ("all examples (python pypy3.9): no control",) == notes_in_words(report)


def test_of_many_examples_three_are_named() -> None:
    """The others are counted."""
    noted = tuple(verdict(name, "plain runs only") for name in "abcde")
    report = Report(verdicts=(*noted, verdict("f")))
    assert ("a, b, c and 2 more (python 3.11): plain runs only",) == notes_in_words(report)


def test_notes_of_the_whole_report_come_last_and_in_the_summary() -> None:
    """The summary of a CI run has them all."""
    report = Report(verdicts=(verdict("a", "plain runs only"),), notes=("the store is full",))
    assert ("a (python 3.11): plain runs only", "the store is full") == notes_in_words(report)
    assert "- `a (python 3.11): plain runs only`\n- `the store is full`\n" in markdown(report)
