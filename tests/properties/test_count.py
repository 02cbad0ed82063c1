"""count: how many lines there are."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.driver import read_claim, refusal

EVENTS = 'tick = "tick {i:d} of {who:w}"\nstop = "stop"'

TICKS = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=12)


def transcript(ticks: list[tuple[int, str]]) -> str:
    """One line for each tick."""
    return "".join(f"tick {number} of {who}\n" for number, who in ticks)


@given(ticks=TICKS, least=st.integers(0, 6), most=st.integers(0, 6))
def test_a_count_agrees_with_counting(ticks: list[tuple[int, str]], least: int, most: int) -> None:
    """A bounded count holds exactly when the number of lines lies within the bounds."""
    least, most = sorted((least, most))
    claim = read_claim(EVENTS, f'count = {{ of = "tick", at-least = {least}, at-most = {most} }}')
    assert (least <= len(ticks) <= most) == (claim.violation(transcript(ticks)) is None)


@given(ticks=TICKS, exact=st.integers(0, 4))
def test_a_count_for_each_key_agrees_with_counting_each(
    ticks: list[tuple[int, str]], exact: int
) -> None:
    """With ``same`` the lines of each key are counted by themselves."""
    claim = read_claim(EVENTS, f'count = {{ of = "tick", is = {exact}, same = "who" }}')
    counts = Counter(who for _, who in ticks)
    holds = all(count == exact for count in counts.values())
    assert holds == (claim.violation(transcript(ticks)) is None)


def test_a_line_too_many_is_the_one_that_is_marked() -> None:
    """The first line over the bound is the violation, and is numbered."""
    claim = read_claim(EVENTS, 'count = { of = ["tick", "stop"], at-most = 1 }')
    violation = claim.violation("stop\ntick 1 of a\nstop\n")
    assert violation is not None
    assert "one tick or stop line too many" == violation.message
    assert "at most 1 tick or stop" == violation.expected
    assert [2] == [mark.line for mark in violation.marks]


def test_a_selector_counts_only_its_lines() -> None:
    """Lines with another value of the field do not count."""
    claim = read_claim(EVENTS, 'count = { of = "tick[who=a]", is = 1 }')
    assert claim.violation("tick 1 of a\ntick 2 of b\n") is None
    assert claim.violation("tick 1 of b\n") is not None


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{ of = [], is = 1 }", "count.of: expected at least one event"),
        ('{ of = "tick" }', 'count: expected "is", "at-least" or "at-most"'),
        ('{ of = "tick", is = -1 }', "count.is: expected a number from 0 on, found -1"),
        ('{ of = "tick", is = 1, at-most = 2 }', 'count.is: give either "is" or bounds, not both'),
        (
            '{ of = "tick", at-least = 3, at-most = 2 }',
            "count.at-least: no count is at least 3 and at most 2",
        ),
        (
            '{ of = "tick", at-least = 0 }',
            "count.at-least: nothing can break this: every count is at least 0",
        ),
        (
            '{ of = "tick", at-least = 1, same = "who" }',
            'count: nothing can break this: a "who" that is seen is seen at least once',
        ),
        (
            '{ of = ["tick[i=1]", "tick[who=a]"], is = 1 }',
            'count.of: "tick[i=1]" and "tick[who=a]" would count the same line twice',
        ),
        (
            '{ of = "tack", is = 1 }',
            ('count.of: there is no event "tack" (did you mean "tick"?); '
            'declared are "tick", "stop"'),
        ),
        (
            '{ of = "tick", is = 1, same = "wo" }',
            ('count.same: event "tick" has no field "wo" (did you mean "who"?); '
            'it has "i", "who"'),
        ),
    ],
)  # fmt: skip
def test_a_senseless_count_is_refused(rule: str, message: str) -> None:
    """What no trace could break or fulfil, or what does not exist, does not load."""
    assert message == refusal(EVENTS, f"count = {rule}")
