"""values: what a field holds, from line to line."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.driver import Claim, read_claim, refusal

EVENTS = 'tick = "{who:w} ticks {i:d}"\nsay = { pattern = "say {word}", words = { word = ["a"] } }'
NUMBERS = st.lists(st.integers(0, 4), max_size=6)


def claim_of(comparison: str) -> Claim:
    """A claim about the numbers of the ticks."""
    return read_claim(EVENTS, f'values = {{ of = "tick.i", {comparison} }}')


def holds(claim: Claim, numbers: list[int]) -> bool:
    """Whether the claim holds of ticks with these numbers."""
    return claim.violation("".join(f"x ticks {number}\n" for number in numbers)) is None


@given(found=NUMBERS, listed=st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_values_agree_with_lists(found: list[int], listed: list[int]) -> None:
    """Each way to compare agrees with the comparison of whole lists."""
    assert (found == listed) == holds(claim_of(f"are = {listed}"), found)
    assert (found == listed[: len(found)]) == holds(claim_of(f"prefix-of = {listed}"), found)
    same = sorted(found) == sorted(listed)
    assert same == holds(claim_of(f"permutation-of = {listed}"), found)
    assert (set(found) <= set(listed)) == holds(claim_of(f"among = {listed}"), found)


@given(found=NUMBERS, start=st.integers(0, 2), size=st.integers(1, 4))
def test_a_range_is_the_list_of_its_numbers(found: list[int], start: int, size: int) -> None:
    """A range claims the same as the list that it stands for."""
    numbers = list(range(start, start + size))
    for way in ("are", "prefix-of", "permutation-of", "among"):
        for text in (f"{start}..{start + size}", f"{start}..={start + size - 1}"):
            by_list = holds(claim_of(f"{way} = {numbers}"), found)
            assert by_list == holds(claim_of(f'{way} = "{text}"'), found)


@given(found=NUMBERS)
def test_increasing_and_distinct_agree_with_pairs(found: list[int]) -> None:
    """A sequence increases if each neighbour does, and is distinct if no value comes twice."""
    increasing = all(one < other for one, other in pairwise(found))
    assert increasing == holds(claim_of("increasing = true"), found)
    assert (len(set(found)) == len(found)) == holds(claim_of("distinct = true"), found)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=8))
def test_values_of_each_key_are_compared_by_themselves(ticks: list[tuple[str, int]]) -> None:
    """With ``same``, each key has a sequence of its own."""
    claim = claim_of('prefix-of = "0..3", same = "who"')
    by_key = defaultdict(list)
    for who, number in ticks:
        by_key[who].append(number)
    expected = all(numbers == [0, 1, 2][: len(numbers)] for numbers in by_key.values())
    lines = "".join(f"{who} ticks {number}\n" for who, number in ticks)
    assert expected == (claim.violation(lines) is None)


def test_a_wrong_value_is_marked_with_what_should_stand_there() -> None:
    """The violation names the line, the value and the one that was expected."""
    violation = claim_of('are = "0..3"').violation("x ticks 0\nx ticks 2\n")
    assert violation is not None
    assert "tick.i is 2 where it cannot be" == violation.message
    assert ("1", "2") == (violation.expected, violation.found)
    assert [(2, "i = 2")] == [(mark.line, mark.note) for mark in violation.marks]


def test_a_repeated_value_points_at_the_first_one_too() -> None:
    """Both lines with the same value are marked."""
    violation = claim_of("distinct = true").violation("x ticks 4\nx ticks 5\nx ticks 4\n")
    assert violation is not None
    assert [(1, "4 first"), (3, "i = 4")] == [(mark.line, mark.note) for mark in violation.marks]


def test_a_permutation_of_a_great_range_costs_nothing_in_advance() -> None:
    """Only values that have come are kept, and only a few missing ones are named."""
    violation = claim_of('permutation-of = "0..1000000000000"').violation("x ticks 7\n")
    assert violation is not None
    assert "the end, without 0, 1, 2, 3, 4 and more" == violation.found


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            '{ of = "tick.i" }',
            (
                'values: expected exactly one of "are", "prefix-of", "permutation-of", "among", '
                '"increasing", "distinct"'
            ),
        ),
        (
            '{ of = "tick.i", increasing = false }',
            "values.increasing: expected true; leave the key away instead",
        ),
        (
            '{ of = "tick.i", distinct = true, same = "i" }',
            'values.same: "i" is always the same for the same "i"',
        ),
        (
            '{ of = "say.word", among = ["a"] }',
            'values.among: nothing can break this: "say.word" is one of "a" already',
        ),
        (
            '{ of = "say.word", are = ["b"] }',
            'values.are: "say.word" is one of "a", never \'b\'',
        ),
        (
            '{ of = "tick", are = [1] }',
            "values.of: expected a field, such as \"worker.i\", found the text 'tick'",
        ),
    ],
)
def test_senseless_values_are_refused(rule: str, message: str) -> None:
    """What no trace could break or fulfil does not load."""
    assert message == refusal(EVENTS, f"values = {rule}")
