"""speed: ratios of what a program has measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.base import Facts
from harness.values.program import Scope
from tests.properties.driver import read_claim, refusal

EVENTS = 'one = "one: {s:f} s"\ntwo = "two: {s:f} s"\nname = "name: {w:w}"'


@given(first=st.integers(0, 40), second=st.integers(1, 40), bound=st.integers(1, 8))
def test_a_ratio_agrees_with_a_division(first: int, second: int, bound: int) -> None:
    """The first over the second has to be on the right side of the bound."""
    lines = f"one: {first}.0 s\ntwo: {second}.0 s\n"
    for key, expected in (("least", first / second >= bound), ("most", first / second <= bound)):
        rule = f'speed = {{ ratio = ["one.s", "two.s"], at-{key} = {bound} }}'
        assert expected == (read_claim(EVENTS, rule).violation(lines) is None)


@pytest.mark.parametrize(
    ("ratio", "lines", "found"),
    [
        ('["one.s", "two.s"]', "one: 3.0 s\ntwo: 2.0 s\n", "1.5 (3 / 2)"),
        ('["sum(one.s)", "two.s"]', "one: 3.0 s\none: 1.0 s\ntwo: 4.0 s\n", "1 (4 / 4)"),
        ('["one.s", "two.s"]', "one: 3.0 s\none: 3.0 s\ntwo: 1.0 s\n", "printed 2 times, not once"),
        ('["sum(one.s)", "two.s"]', "two: 1.0 s\n", "never printed"),
        ('["one.s", "two.s"]', "one: 3.0 s\ntwo: 0.0 s\n", "3 / 0"),
        ('["one.s", "two.s"]', "one: 9e999 s\ntwo: 9e999 s\n", "nan (inf / inf)"),
    ],
)
def test_a_violation_shows_how_the_ratio_came_about(ratio: str, lines: str, found: str) -> None:
    """Both durations are shown, or why there is no ratio."""
    violation = read_claim(EVENTS, f"speed = {{ ratio = {ratio}, at-least = 2 }}").violation(lines)
    assert violation is not None
    assert found == violation.found


def test_processor_time_is_divided_by_elapsed_time() -> None:
    """``cpu/wall`` needs nothing that is printed."""
    claim = read_claim(EVENTS, 'speed = { of = "cpu/wall", at-most = 1.2 }')
    assert claim.violation("", Facts(cpu_seconds=1.1, wall_seconds=1.0)) is None
    violation = claim.violation("", Facts(cpu_seconds=2.0, wall_seconds=1.0))
    assert violation is not None
    assert ("cpu/wall at most 1.2", "2 (2 / 1)") == (violation.expected, violation.found)


def test_lower_bounds_are_of_some_run_and_upper_bounds_of_every_run() -> None:
    """A busy machine slows any run down, but speeds none up."""
    least = read_claim(EVENTS, 'speed = { of = "cpu/wall", at-least = 1.2 }').rule
    most = read_claim(EVENTS, 'speed = { of = "cpu/wall", at-most = 1.2 }').rule
    assert ((Scope.SOME_RUN,), (Scope.EVERY_RUN,)) == (least.allowed_scopes, most.allowed_scopes)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{ at-least = 1 }", ': expected either "ratio" or of = "cpu/wall"'),
        (
            '{ of = "cpu/wall", ratio = ["one.s", "two.s"], at-least = 1 }',
            ': expected either "ratio" or of = "cpu/wall"',
        ),
        (
            '{ of = "wall", at-least = 1 }',
            '.of: expected one of "cpu/wall", found "wall" (did you mean "cpu/wall"?)',
        ),
        (
            '{ of = "cpu/wall" }',
            (
                ': expected either "at-least" (sometimes) or "at-most" (always); '
                "for both, write two properties"
            ),
        ),
        (
            '{ of = "cpu/wall", at-least = 1, at-most = 2 }',
            (
                ': expected either "at-least" (sometimes) or "at-most" (always); '
                "for both, write two properties"
            ),
        ),
        (
            '{ of = "cpu/wall", at-least = 0 }',
            ".at-least: expected a number above 0, found 0",
        ),
        ('{ ratio = ["one.s"], at-least = 1 }', ".ratio: expected two fields, found 1"),
        (
            '{ ratio = ["one.s", "sum(one.s)"], at-least = 1 }',
            '.ratio: "one.s" to itself is always the same',
        ),
        (
            '{ ratio = ["one.s", "name.w"], at-least = 1 }',
            '.ratio: "name.w" is a text, which measures nothing',
        ),
    ],
)
def test_a_senseless_speed_is_refused(rule: str, message: str) -> None:
    """What is no ratio, or has no bound that can be broken, does not load."""
    assert f"speed{message}" == refusal(EVENTS, f"speed = {rule}")
