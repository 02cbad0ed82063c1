"""outcomes: the results that a racy program may have."""

from __future__ import annotations

import pytest

from harness.language.properties.base import Facts
from harness.values.program import Scope, Side
from harness.values.run import Deadlocked, Ending, Exited, OverLimit, Signalled, TimedOut
from tests.properties.driver import read_claim, refusal

EVENTS = (
    'total = "total: {value:d}"\n'
    'seen = "saw {x:d}, {y:d}"\n'
    'step = "{who:w} steps {i:d}"\n'
    'end = { pattern = "{how}", words = { how = ["won", "lost"] } }'
)
LOST = """outcomes = { of = "total.value", are = [
    { is = 6, sometimes = "none lost" },
    { is = "3..=5", interesting = "some lost" },
    { is = 0, forbidden = "all lost" },
] }"""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("total: 6\n", ""),
        ("total: 3\n", ""),
        ("total: 5\n", ""),
        ("total: 2\n", "the outcome 2 is not listed"),
        ("total: 0\n", "the outcome 0 is forbidden: all lost"),
        ("", "total.value is never printed, so there is no outcome"),
        ("total: 6\ntotal: 6\n", "total.value is printed twice, so it is no outcome"),
    ],
)
def test_an_outcome_has_to_be_listed_and_not_forbidden(lines: str, message: str) -> None:
    """Each run comes to one outcome, which is graded by the first entry that takes it."""
    violation = read_claim(EVENTS, LOST).violation(lines)
    assert message == (violation.message if violation else "")


def test_an_unlisted_outcome_is_shown_beside_those_that_are_listed() -> None:
    """The violation marks the line and lists what may come."""
    violation = read_claim(EVENTS, LOST).violation("total: 2\n")
    assert violation is not None
    assert ("6 or 3..=5", "2") == (violation.expected, violation.found)
    assert [(1, "value = 2")] == [(mark.line, mark.note) for mark in violation.marks]


def test_outcomes_are_counted_by_entry() -> None:
    """The table has a row for each entry, seen or not, and one for what is not listed."""
    claim = read_claim(EVENTS, LOST)
    runs = ["total: 6\n", "total: 3\n", "total: 4\n", "total: 9\n"]
    table = claim.rule.table_of(claim.across(Side.RUST, [], runs))
    assert [
        ("6", "sometimes", "none lost", 1),
        ("3..=5", "interesting", "some lost", 2),
        ("0", "forbidden", "all lost", 0),
        ("not listed", "forbidden", "an outcome that is not listed", 1),
    ] == list(table)


def test_what_comes_sometimes_has_to_be_seen_in_some_run() -> None:
    """Such an outcome that no run came to is a violation of all runs together."""
    claim = read_claim(EVENTS, LOST)
    assert [] == list(claim.rule.across(claim.across(Side.RUST, [], ["total: 3\n", "total: 6\n"])))
    (violation,) = claim.rule.across(claim.across(Side.RUST, ["total: 6\n"], ["total: 3\n"]))
    assert "no run came to 6, which some run must" == violation.message
    assert "none of 1 runs" == violation.found
    assert [] == list(claim.rule.across(claim.across(Side.RUST, ["total: 3\n"], [])))


def test_several_fields_make_one_outcome() -> None:
    """With a list of fields an entry gives one value for each, or any."""
    rule = """outcomes = { of = ["seen.x", "seen.y"], are = [
        { is = [0, 0], acceptable = "both early" },
        { is = ["1..=2", "any"], interesting = "x came first" },
    ] }"""
    claim = read_claim(EVENTS, rule)
    assert claim.violation("saw 0, 0\n") is None
    assert claim.violation("saw 2, 9\n") is None
    violation = claim.violation("saw 0, 1\n")
    assert violation is not None
    assert "the outcome 0, 1 is not listed" == violation.message


def test_the_order_of_first_lines_can_be_the_outcome() -> None:
    """With a list of events the outcome is the order in which they first come."""
    rule = """outcomes = { of = ["step[who=a]", "step[who=b]"], are = [
        { is = ["step[who=a]", "step[who=b]"], acceptable = "a was first" },
        { is = ["step[who=a]"], interesting = "a was alone" },
    ] }"""
    claim = read_claim(EVENTS, rule)
    assert claim.violation("a steps 1\nb steps 1\na steps 2\n") is None
    assert claim.violation("a steps 1\n") is None
    violation = claim.violation("b steps 1\na steps 1\n")
    assert violation is not None
    assert "the outcome step[who=b], step[who=a] is not listed" == violation.message
    assert [1, 2] == [mark.line for mark in violation.marks]


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        (Exited(0), ""),
        (Deadlocked(), ""),
        (TimedOut(5.0, idle=True), ""),
        (Signalled("SIGABRT"), ""),
        (TimedOut(5.0), "the outcome timed out is not listed"),
        (Exited(101), "the outcome exit 101 is not listed"),
        (OverLimit("64 MiB of output"), ("the outcome over the limit of 64 MiB of output "
         "is not listed")),
    ],
)  # fmt: skip
def test_the_ending_can_be_the_outcome(ending: Ending, message: str) -> None:
    """A hang is a deadlock that was seen, or a program that is silent and idle."""
    rule = """outcomes = { of = "ending", are = [
        { is = "exit 0", acceptable = "a" },
        { is = "hang", interesting = "b" },
        { is = "signal SIGABRT", interesting = "c" },
    ] }"""
    claim = read_claim(EVENTS, rule)
    violation = claim.violation("", Facts(ending=ending))
    assert message == (violation.message if violation else "")
    assert claim.rule.replaces_ending


def test_grades_are_of_every_run() -> None:
    """What some run must show is graded ``sometimes`` instead."""
    assert (Scope.EVERY_RUN,) == read_claim(EVENTS, LOST).rule.allowed_scopes
    assert not read_claim(EVENTS, LOST).rule.replaces_ending


def entry(value: str, grade: str = "acceptable") -> str:
    """One entry of a table."""
    return f'{{ is = {value}, {grade} = "so" }}'


@pytest.mark.parametrize(
    ("of", "are", "message"),
    [
        ('"total.value"', "", "are: expected at least one outcome"),
        (
            '"total.value"',
            entry('"any"'),
            'are: nothing can break this: "any" outcome is allowed',
        ),
        (
            '"total.value"',
            entry('"1..5"') + ", " + entry("3"),
            'are[1]: "3" is never reached: "1..5" before it takes it',
        ),
        (
            '"total.value"',
            entry('"any"') + ", " + entry("3", "forbidden"),
            'are[1]: "3" is never reached: "any" before it takes it',
        ),
        (
            '["seen.x", "seen.y"]',
            entry('[1, "any"]') + ", " + entry('[1, "2..4"]'),
            'are[1]: "1, 2..4" is never reached: "1, any" before it takes it',
        ),
        (
            '["seen.x", "seen.y"]',
            entry("1"),
            "are[0].is: expected 2 values, one for each field, found 1",
        ),
        (
            '"total.value"',
            entry('"many"'),
            "are[0].is: \"total.value\" is a number, which 'many' is not",
        ),
        (
            '"total.value"',
            entry("true"),
            'are[0].is: expected a value, a range or "any", found a boolean',
        ),
        (
            '"total.value"',
            entry("1", "fine"),
            (
                'are[0]: expected one grade with its reason, such as acceptable = "…": one of '
                '"acceptable", "interesting", "sometimes", "forbidden"; found none'
            ),
        ),
        (
            '"end.how"',
            entry('"draw"'),
            'are[0].is: "end.how" is one of "won", "lost", never \'draw\'',
        ),
        (
            '"total"',
            entry("1"),
            (
                'of: expected a field, a list of fields or of events, or "ending", '
                "found the text 'total'"
            ),
        ),
        (
            '["total.value", "seen"]',
            entry("1"),
            'of: expected a field, a list of fields or of events, or "ending", found a list',
        ),
        ('["total.value", "total.value"]', entry("[1, 1]"), 'of: "total.value" is there twice'),
        (
            '["step", "step[i=1]"]',
            entry('["step"]'),
            'of: "step[i=1]" can be the same line as another',
        ),
        (
            '["step", "seen"]',
            entry('["sten"]'),
            'are[0].is: expected some of "step", "seen", found the text \'sten\'',
        ),
        (
            '["step", "seen"]',
            entry('["step", "step"]'),
            'are[0].is: "step" comes first only once',
        ),
        (
            '"ending"',
            entry('"exit 999"'),
            (
                'are[0].is: expected an ending, such as "exit 0", "signal SIGABRT" or "hang", '
                "found the text 'exit 999'"
            ),
        ),
    ],
)
def test_senseless_outcomes_are_refused(of: str, are: str, message: str) -> None:
    """What no run can come to, or every run does, does not load."""
    rule = f"outcomes = {{ of = {of}, are = [{are}] }}"
    assert f"outcomes.{message}" == refusal(EVENTS, rule)
